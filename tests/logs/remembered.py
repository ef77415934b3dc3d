"""What is remembered of requests: of those that waited too long, of statuses before bodies, and of .NET's exchanges."""

from collections.abc import Callable, Iterator, Sequence
from itertools import product
from typing import Any, Final

from cancelnorm.logs.begun import Begun
from cancelnorm.logs.ccxt_lines import Printed
from cancelnorm.logs.dotnet import Exchanges
from cancelnorm.logs.late import Late
from cancelnorm.logs.options import Options
from cancelnorm.logs.pairing import Channel
from cancelnorm.logs.request_place import Place, may_answer, place_of
from cancelnorm.logs.told import Told
from cancelnorm.logs.waiting import Waiting, key_of
from tests.logs.neighbours import shown

__all__ = ["remembered"]

_URL: Final = "https://api.bybit.com/v5/order/cancel"
_OTHER: Final = "https://api.binance.com/api/v3/order"
_ANY: Final = Channel()
_ONE: Final = Channel("connection 1")
_TWO: Final = Channel("connection 2")
_SECOND: Final = 1_000_000_000


def remembered() -> Iterator[str]:
    """What is said behind each sequence of steps."""
    yield from _sequences("late", _LATE, _late, ("add1",))
    yield from _sequences("begun", _BEGUN, _begun, ())
    yield from _sequences("exchanges", _EXCHANGES, _exchanges, ("start",))


def _sequences(
    title: str, steps: Sequence[str], function: Callable[[Sequence[str]], str], before: Sequence[str]
) -> Iterator[str]:
    said: dict[str, list[str]] = {}
    for names in product(steps, repeat=3):
        said.setdefault(function([*before, *names]), []).append(",".join(names))
    yield f"{' '.join([title, *before])}:"
    yield from (f"  {found}: {' '.join(which)}" for found, which in said.items())


def _asked(line: int, url: str = _URL, method: str = "POST", at: int | None = None) -> Printed:
    return Printed(method, url, "", False, line, at=at)


def _place(asked: Printed) -> Place | None:
    return place_of(asked, Options())


# --- Requests that waited too long ---

_LATE: Final = ("add1", "add2", "other", "take", "take1", "take2", "at-other", "hour")


def _late(names: Sequence[str]) -> str:
    """Whether each answer may be that of a late request, and the venues of those that are left."""
    late, marks, at = Late(), [], 0
    for number, name in enumerate(names):
        at += (3_601 if name == "hour" else 1) * _SECOND
        match name:
            case "add1" | "add2" | "other":
                asked = _asked(number, _OTHER if name == "other" else _URL, at=at)
                channel = {"add1": _ONE, "add2": _TWO}.get(name, _ANY)
                late.add(Waiting(asked, "a.log:1", channel, _place(asked), False))
                marks.append("")
            case "hour":
                marks.append("")
            case _:
                url = _OTHER if name == "at-other" else _URL
                channel = {"take1": _ONE, "take2": _TWO}.get(name, _ANY)
                marks.append("+" if late.take(key_of("POST", url), channel, at) else "-")
    left = sorted({place[0].name for place in late.places(at)})
    return f"{''.join(marks) or '.'} {shown(left)}"


# --- Statuses before bodies ---

_BEGUN: Final = (
    "status1",
    "status2",
    "stray",
    "stray1",
    "unknown",
    "body",
    "body1",
    "far",
    "farther",
    "gone",
    "ask",
)
_GONE: Final = b'{"retCode":110001,"retMsg":"gone","result":{},"retExtInfo":{},"time":1795730430200}'


def _begun(names: Sequence[str]) -> str:
    """Whether each body belongs to the status of a request that the log does not have; and those it may belong to."""
    begun, line = Begun(), 0
    requests = {
        "status1": Waiting(_asked(1), "a.log:1", _ONE, _place(_asked(1)), False),
        "status2": Waiting(_asked(2, _OTHER), "a.log:2", _TWO, _place(_asked(2, _OTHER)), False),
    }
    marks: list[Any] = []
    for name in names:
        line += {"far": 40, "farther": 41}.get(name, 1)
        match name:
            case "status1" | "status2":
                begun.add(requests[name], line)
            case "stray" | "stray1":
                begun.add_stray(_place(_asked(line)), line, _ONE if name == "stray1" else _ANY)
            case "unknown":
                begun.add_stray(None, line, _ANY)
            case "gone":
                begun.remove(requests["status1"])
            case "ask":
                begun.forget_strays()
            case _:
                senders = {place for place in begun.stray_places() if may_answer(place, _GONE, is_near=True)}
                is_stray = begun.is_stray(line, senders, _TWO if name == "body1" else _ANY)
                known = [key for key, each in requests.items() if each in begun.at(line)]
                marks.append(["stray" if is_stray else "", *known])
    has = [key for key, each in requests.items() if begun.has(each.key)]
    return f"{shown(marks)} {shown(has)}"


# --- Exchanges of .NET ---

_EXCHANGES: Final = ("start", "start2", "send", "send2", "received", "end", "failed", "far")


class _Conversation:
    """What notes the requests that are given up or sent again, in the place of a conversation."""

    def __init__(self) -> None:
        self.told = Told()
        self.notes: list[str] = []

    def give_up(self, request: Printed) -> None:
        self.notes.append(f"{request.line} given up")

    def send_again(self, request: Printed) -> bool:
        self.notes.append(f"{request.line} again")
        return request.line % 2 == 1


def _exchanges(names: Sequence[str]) -> str:
    """Whether each line is one of an exchange that has begun, and what becomes of requests."""
    conversation = _Conversation()
    found = Exchanges(conversation)  # type: ignore[arg-type]
    marks = []
    for number, name in enumerate(names, 1):
        asked = _asked(number + 100 * (name == "far"), _OTHER if name.endswith("2") else _URL)
        match name:
            case "start" | "start2" | "far":
                is_of_it = found.is_sent("Start processing HTTP request ", asked)
            case "send" | "send2":
                is_of_it = found.is_sent("Sending HTTP request ", asked)
            case "received":
                is_of_it = found.is_end("Received HTTP response headers after 9ms - 200")
            case "end":
                is_of_it = found.is_end("End processing HTTP request after 9ms - 200")
            case _:
                is_of_it = found.is_end("HTTP request failed after 9ms")
        marks.append("+" if is_of_it else "-")
    return f"{''.join(marks)} {', '.join(conversation.notes)}"
