"""Conversations over HTTP in text: requests and answers that ccxt and other programs print."""

import re
from collections import deque
from collections.abc import Iterator
from typing import Final, NamedTuple

from cancelnorm import venues
from cancelnorm.logs.ccxt_lines import Printed
from cancelnorm.logs.http import Answer, header_secrets, record_of
from cancelnorm.logs.source import Item, Options
from cancelnorm.record import Record

__all__ = ["Conversation"]

_NAME: Final = re.compile(r"(?<![\w-])([\w-]++)[\"'\]]?\s*+(?::|=>)\s*+[\"']?([^\"',\n}]*+)")
_NOTHING: Final = ("None", "undefined", "")  # an absent body, in each of the languages
_WAITING: Final = 1_000  # number of requests kept, and of lines that one is kept for
_REMEMBERED: Final = 16  # answers that an exception may repeat


class _Waiting(NamedTuple):
    """A request without an answer; None for one of several that cannot be distinguished."""

    line: int
    request: Printed | None


class Conversation:
    """The requests of one log that wait for an answer.

    Two that wait at the same URL cannot be distinguished, so neither is paired with an answer.
    """

    def __init__(self, options: Options) -> None:
        self._options = options
        self._bodies: deque[bytes] = deque(maxlen=_REMEMBERED)
        self._waiting: dict[tuple[str, str], list[_Waiting]] = {}
        self._last: Printed | None = None

    def ask(self, request: Printed) -> None:
        """Remember a request."""
        key = (request.method, request.url)
        recent = [old for old in self._waiting.pop(key, ()) if request.line - old.line < _WAITING]
        if not (recent and recent[-1].request and _is_same(recent[-1].request, request)):
            recent.append(_Waiting(request.line, request))
        self._waiting[key] = recent
        while len(self._waiting) > _WAITING:
            del self._waiting[next(iter(self._waiting))]

    def answer(self, part: Printed, location: str) -> Iterator[Item]:
        """Yield the record of an answer; one that was both printed and logged counts once."""
        last, self._last = self._last, part
        if last is not None and _is_same(last, part) and last.status == part.status:
            return
        waiting = self._waiting.pop((part.method, part.url), [])
        asked = waiting[0].request if len(waiting) == 1 else None
        if len(waiting) > 1:
            self._waiting[part.method, part.url] = [_Waiting(old.line, None) for old in waiting[1:]]
        venue = venues.find(part.exchange) if part.exchange else None
        body = part.body.encode("utf-8", "surrogateescape")
        self._bodies.append(body)
        answer = Answer(
            source=location,
            url=part.url.encode("utf-8", "replace").decode(),
            payload=body,
            method=part.method,
            status=part.status,
            sent=asked.body if asked and asked.body not in _NOTHING else None,
            secrets=_secrets(part.headers + (asked.headers if asked else "")),
            sent_ns=asked.at if asked else None,
            received_ns=part.at,
            venue=None if venue is None else venue.name,
        )
        record = record_of(answer, self._options)
        # An answer of an exchange that is no venue is not reported as unreadable.
        if record is not None and (venue or isinstance(record, Record) or not part.exchange):
            yield Item(record, part.raw)

    def failed(self, error: Printed, asked: Printed | None, location: str) -> Iterator[Item]:
        """Yield the record of an answer that only an error repeats; ``asked`` is its request if that is known."""
        if asked is not None:
            error = error._replace(method=asked.method, url=asked.url)
        method = next((m for m, url in self._waiting if url == error.url and error.method in ("", m)), None)
        if method is not None:
            error = error._replace(method=method)
        elif asked is not None:
            self.ask(asked)
        yield from self.answer(error, location)

    def waiting(self, line: int) -> Printed | None:
        """The only request that waits for an answer at a line of the log; None if there are several or none."""
        if not self._waiting:
            return None
        for key in [key for key, old in self._waiting.items() if line - old[-1].line >= _WAITING]:
            del self._waiting[key]
        if len(self._waiting) != 1:
            return None
        requests = next(iter(self._waiting.values()))
        return requests[0].request if len(requests) == 1 else None

    def is_repeated(self, body: bytes) -> bool:
        """Tell whether an exception repeats an answer that was printed before."""
        return body in self._bodies


def _is_same(one: Printed, other: Printed) -> bool:
    """Tell whether the same request or answer was printed once and logged once."""
    return one.is_logged != other.is_logged and one[:3] == other[:3]


def _secrets(headers: str) -> tuple[str, ...]:
    """List the headers that hold a secret, in a table as any of the languages prints it."""
    return tuple(dict.fromkeys(header_secrets(_NAME.findall(headers))))
