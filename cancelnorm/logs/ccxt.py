"""The format ``ccxt``: requests and answers that ccxt prints in verbose mode, or logs at DEBUG level."""

import ast
import re
from collections.abc import Iterator
from typing import Final, Literal, NamedTuple

import msgspec
from msgspec.structs import replace

from cancelnorm import venues
from cancelnorm.logs.ccxt_lines import Failed, Frame, Printed, printed
from cancelnorm.logs.http import Answer, from_bytes_literal, header_secrets, record_of, unanswered
from cancelnorm.logs.source import Format, Item, Options, Source, Unreadable
from cancelnorm.logs.urls import locate
from cancelnorm.logs.websocket import Frames
from cancelnorm.record import Record

__all__ = ["CCXT"]

_SIGN: Final = re.compile(
    rb"^(?:fetch Re(?:quest|sponse): ?(?:[a-z]\w* [A-Z]+ https?://|\r?$)"  # Python, JavaScript
    rb"|handleRestResponse:\s*$"  # JavaScript
    rb"|    \[0\] => fetch Re(?:quest|sponse):"  # PHP
    rb"|.*\b[A-Z]{3,7} https?://\S+, (?:Request: \{|Response: \d{3} \{)"  # Python's logger
    rb"|[^{\n]*\bRequestTimeout[:(' ]{1,3}[a-z]\w* [A-Z]{3,7} https?://)",  # an exception
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
        elif isinstance(part, Failed):
            conversation.fail(part, f"{source.name}:{part.line}")
        elif part.status is None:
            conversation.ask(part, f"{source.name}:{part.line}")
        else:
            yield from conversation.answer(part, f"{source.name}:{part.line}")
        yield from conversation.left()
    yield from conversation.unanswered()


CCXT: Final = Format("ccxt", "verbose output and DEBUG logs of ccxt", fits, read)


class _Waiting(NamedTuple):
    """A request without an answer; ``is_shared`` if an answer came that may be its own or another's."""

    location: str
    request: Printed
    is_shared: bool = False


class _Conversation:
    """The requests of one log that wait for an answer.

    Two that wait at the same URL cannot be distinguished, so neither is paired with an answer.
    """

    def __init__(self, options: Options) -> None:
        self._options = options
        self._frames = Frames(options)
        self._connected: dict[str | None, None] = {}  # venues
        self._waiting: dict[tuple[str, str], list[_Waiting]] = {}
        self._settled: dict[tuple[str, str], None] = {}  # the last ones that were answered, or failed
        self._left: list[Item] = []
        self._last: Printed | None = None

    def ask(self, request: Printed, location: str) -> None:
        """Remember a request."""
        key = (request.method, request.url)
        recent = self._waiting.pop(key, [])
        while recent and request.line - recent[0].request.line >= _WAITING:
            self._give_up(recent.pop(0))
        if not (recent and _is_same(recent[-1].request, request)):
            recent.append(_Waiting(location, request))
        self._waiting[key] = recent
        while len(self._waiting) > _WAITING:
            for waiting in self._waiting.pop(next(iter(self._waiting))):
                self._give_up(waiting)

    def answer(self, part: Printed, location: str) -> Iterator[Item]:
        """Yield the record of an answer; one that was both printed and logged counts once."""
        last, self._last = self._last, part
        if last is not None and _is_same(last, part) and last.status == part.status:
            return
        key = (part.method, part.url)
        self._settle(key)
        waiting = self._waiting.pop(key, [])
        is_shared = len(waiting) > 1 or (bool(waiting) and waiting[0].is_shared)
        asked = waiting[0].request if waiting and not is_shared else None
        if is_shared:
            self._give_up(waiting[0])
        if len(waiting) > 1:
            self._waiting[key] = [old._replace(is_shared=True) for old in waiting[1:]]
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
        if is_shared and isinstance(record, Record):
            record = replace(record, pairing="shared_id")
        # An answer of an exchange that is no venue is not reported as unreadable.
        if record is not None and (venue or isinstance(record, Record) or not part.exchange):
            yield Item(record, part.raw)

    def fail(self, part: Failed, location: str) -> None:
        """Take the exception of a request that was not answered; the program may print it more than once."""
        key = (part.method, part.url)
        waiting = self._waiting.pop(key, [])
        for old in waiting:
            self._give_up(old, "timeout" if part.is_timeout else "no_answer")
        if part.is_timeout and not waiting and key not in self._settled:
            request = Printed(part.method, part.url, "", False, part.line, part.exchange, raw=part.raw)
            self._give_up(_Waiting(location, request), "timeout")
        self._settle(key)

    def left(self) -> list[Item]:
        """Take the requests that were given up since the last call."""
        left, self._left = self._left, []
        return [*left, *self._frames.left()]

    def unanswered(self) -> Iterator[Item]:
        """Yield the requests that are without an answer at the end."""
        for waiting in self._waiting.values():
            for old in waiting:
                self._give_up(old)
        yield from self.left()
        yield from self._frames.unanswered()

    def _settle(self, key: tuple[str, str]) -> None:
        self._settled[key] = None
        if len(self._settled) > _WAITING:
            del self._settled[next(iter(self._settled))]

    def _give_up(self, waiting: _Waiting, pairing: Literal["no_answer", "timeout"] = "no_answer") -> None:
        """Keep the record of a request without an answer, if it may cancel orders."""
        request = waiting.request
        venue = venues.find(request.exchange) if request.exchange else None
        answer = Answer(
            source=waiting.location,
            url=request.url.encode("utf-8", "replace").decode(),
            payload=b"",
            method=request.method,
            sent=None if request.body in _NOTHING else request.body,
            secrets=_secrets(request.headers),
            sent_ns=request.at,
            venue=None if venue is None else venue.name,
        )
        record = unanswered(answer, self._options, pairing)
        if record is not None:
            self._left.append(Item(record, request.raw))

    def frame(self, frame: Frame, location: str) -> Iterator[Item]:
        """Take a line of ccxt.pro about a WebSocket."""
        match frame.word:
            case "connecting":
                address = locate(None, frame.text, hosts=self._options.hosts)
                self._connected[address.venue if address else None] = None
            case "sending":
                if (sent := _as_json(frame.text)) is not None:
                    self._frames.send(sent, frame.at, self._venue(), source=location, raw=frame.raw)
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
