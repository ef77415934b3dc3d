"""The format ``ccxt``: requests and answers that ccxt prints in verbose mode, or logs at DEBUG level."""

import ast
import re
from collections.abc import Iterator
from typing import Final, NamedTuple

import msgspec

from cancelnorm import venues
from cancelnorm.logs.ccxt_lines import Frame, Printed, printed
from cancelnorm.logs.http import Answer, from_bytes_literal, header_secrets, record_of
from cancelnorm.logs.source import Format, Item, Options, Source, Unreadable
from cancelnorm.logs.urls import locate
from cancelnorm.logs.websocket import Frames
from cancelnorm.record import Record

__all__ = ["CCXT"]

_SIGN: Final = re.compile(
    rb"^(?:fetch Re(?:quest|sponse): ?(?:[a-z]\w* [A-Z]+ https?://|\r?$)"  # Python, JavaScript
    rb"|handleRestResponse:\s*$"  # JavaScript
    rb"|    \[0\] => fetch Re(?:quest|sponse):"  # PHP
    rb"|.*\b[A-Z]{3,7} https?://\S+, (?:Request: \{|Response: \d{3} \{))",  # Python's logger
    re.MULTILINE,
)
_NAME: Final = re.compile(r"[\"'\[]?([\w-]+)[\"'\]]?\s*(?::|=>)\s*[\"']?([^\"',\n}]*)")
_NOTHING: Final = ("None", "undefined", "")  # an absent body, in each of the languages
_WAITING: Final = 1_000  # number of requests kept, and of lines that one is kept for


def fits(head: bytes) -> bool:
    """Tell whether a log has a request or an answer as ccxt prints it in one of its languages."""
    return _SIGN.search(head) is not None


def read(source: Source, options: Options) -> Iterator[Item]:
    """Read the answers; the source is the first line of one. Other lines of the program are ignored."""
    conversation = _Conversation(options)
    for part in printed(source):
        if isinstance(part, Unreadable):
            yield Item(part)
        elif isinstance(part, Frame):
            yield from conversation.frame(part, f"{source.name}:{part.line}")
        elif part.status is None:
            conversation.ask(part)
        else:
            yield from conversation.answer(part, f"{source.name}:{part.line}")


CCXT: Final = Format("ccxt", "verbose output and DEBUG logs of ccxt", fits, read)


class _Waiting(NamedTuple):
    """A request without an answer; None for one of several that cannot be distinguished."""

    line: int
    request: Printed | None


class _Conversation:
    """The requests of one log that wait for an answer.

    Two that wait at the same URL cannot be distinguished, so neither is paired with an answer.
    """

    def __init__(self, options: Options) -> None:
        self._options = options
        self._frames = Frames(options)
        self._connected: dict[str | None, None] = {}  # venues
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
        answer = Answer(
            source=location,
            url=part.url.encode("utf-8", "replace").decode(),
            payload=part.body.encode("utf-8", "surrogateescape"),
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

    def frame(self, frame: Frame, location: str) -> Iterator[Item]:
        """Take a line of ccxt.pro about a WebSocket."""
        match frame.word:
            case "connecting":
                address = locate(None, frame.text)
                self._connected[address.venue if address else None] = None
            case "sending":
                if (sent := _as_json(frame.text)) is not None:
                    self._frames.send(sent, frame.at, self._venue())
            case _:
                data = from_bytes_literal(frame.text) or frame.text.encode("utf-8", "surrogateescape")
                found = self._frames.receive(data, frame.at, self._venue(), location)
                if found is not None:
                    yield Item(found, frame.raw)

    def _venue(self) -> str | None:
        """The venue of all connections; a frame does not name the one that it came over."""
        return next(iter(self._connected)) if len(self._connected) == 1 else None


def _is_same(one: Printed, other: Printed) -> bool:
    """Tell whether the same request or answer was printed once and logged once."""
    return one.is_logged != other.is_logged and one[:3] == other[:3]


def _secrets(headers: str) -> tuple[str, ...]:
    """List the headers that hold a secret, in a table as any of the languages prints it."""
    return tuple(dict.fromkeys(header_secrets(_NAME.findall(headers))))


def _as_json(shown: str) -> bytes | None:
    """The JSON of a frame that Python printed as a dict."""
    try:
        return msgspec.json.encode(ast.literal_eval(shown))
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return None
