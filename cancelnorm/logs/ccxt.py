"""What ccxt says when it is verbose, or logs at DEBUG: requests and answers among a program's own lines."""

import ast
import re
from collections.abc import Iterator
from typing import Final, NamedTuple

import msgspec

from cancelnorm import venues
from cancelnorm.logs.ccxt_lines import Frame, Printed, printed
from cancelnorm.logs.frames import Frames, shown_bytes
from cancelnorm.logs.http import Answer, header_secrets, record_of
from cancelnorm.logs.source import Format, Item, Options, Source, Unreadable
from cancelnorm.logs.urls import locate
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
_NOTHING: Final = ("None", "undefined", "")  # how the languages show that there is no body
_WAITING: Final = 1_000  # requests, and lines that a request waits for its answer


def fits(head: bytes) -> bool:
    """Whether a log has a request or an answer as one of ccxt's languages prints it."""
    return _SIGN.search(head) is not None


def read(source: Source, options: Options) -> Iterator[Item]:
    """Read the answers; a source is the line where one begins. What ccxt did not print is passed over."""
    talk = _Talk(options)
    for part in printed(source):
        if isinstance(part, Unreadable):
            yield Item(part)
        elif isinstance(part, Frame):
            yield from talk.frame(part, f"{source.name}:{part.line}")
        elif part.status is None:
            talk.ask(part)
        else:
            yield from talk.answer(part, f"{source.name}:{part.line}")


CCXT: Final = Format("ccxt", "verbose output and DEBUG logs of ccxt", fits, read)


class _Waiting(NamedTuple):
    """A request that has no answer yet; None for one of several, which cannot be told apart any more."""

    line: int
    request: Printed | None


class _Talk:
    """What was asked and has no answer yet.

    Two requests that wait at the same address cannot be told apart, so their answers get neither.
    """

    def __init__(self, options: Options) -> None:
        self._options = options
        self._frames = Frames(options)
        self._hosts: dict[str | None, None] = {}
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

    def answer(self, part: Printed, place: str) -> Iterator[Item]:
        """Give the record of an answer; one that was both printed and logged is one."""
        last, self._last = self._last, part
        if last is not None and _is_same(last, part) and last.status == part.status:
            return
        waiting = self._waiting.pop((part.method, part.url), [])
        asked = waiting[0].request if len(waiting) == 1 else None
        if len(waiting) > 1:
            self._waiting[part.method, part.url] = [_Waiting(old.line, None) for old in waiting[1:]]
        answer = Answer(
            source=place,
            url=part.url.encode("utf-8", "replace").decode(),
            payload=part.body.encode("utf-8", "surrogateescape"),
            method=part.method,
            status=part.status,
            sent=asked.body if asked and asked.body not in _NOTHING else None,
            secrets=_secrets(part.headers + (asked.headers if asked else "")),
            sent_ns=asked.at if asked else None,
            received_ns=part.at,
            venue=_venue(part.exchange),
        )
        record = record_of(answer, self._options)
        if record is not None and (answer.venue or isinstance(record, Record) or not part.exchange):
            yield Item(record, part.raw)  # but for one of an exchange that is no venue of ours

    def frame(self, frame: Frame, place: str) -> Iterator[Item]:
        """Take what ccxt.pro said about a WebSocket."""
        match frame.word:
            case "connecting":
                address = locate(None, frame.text)
                self._hosts[address.venue if address else None] = None
            case "sending":
                if (sent := _as_json(frame.text)) is not None:
                    self._frames.send(sent, frame.at, self._host())
            case _:
                data = shown_bytes(frame.text) or frame.text.encode("utf-8", "surrogateescape")
                found = self._frames.receive(data, frame.at, self._host(), place)
                if found is not None:
                    yield Item(found, frame.raw)

    def _host(self) -> str | None:
        """The venue of all connections; a frame does not say which one it came over."""
        return next(iter(self._hosts)) if len(self._hosts) == 1 else None


def _is_same(one: Printed, other: Printed) -> bool:
    """Whether the same was printed by the one way and logged by the other."""
    return one.is_logged != other.is_logged and one[:3] == other[:3]


def _venue(exchange: str | None) -> str | None:
    """The venue of one of ccxt's exchanges, as binance is binanceusdm's."""
    return next((name for name in venues.names() if (exchange or "").startswith(name)), None)


def _secrets(headers: str) -> tuple[str, ...]:
    """Name the headers that hold something secret, in whatever way a language shows a table."""
    return tuple(dict.fromkeys(header_secrets(_NAME.findall(headers))))


def _as_json(shown: str) -> bytes | None:
    """A frame as Python shows it, as it was sent."""
    try:
        return msgspec.json.encode(ast.literal_eval(shown))
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return None
