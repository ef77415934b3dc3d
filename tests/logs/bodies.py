"""The bodies of requests in lines of their own: what is taken for one, in every order of lines."""

from collections.abc import Iterator, Sequence
from itertools import product
from typing import Any, Final

from cancelnorm.logs.ccxt_lines import Printed
from cancelnorm.logs.request_bodies import RequestBodies
from tests.logs.neighbours import of_texts, shown

__all__ = ["bodies"]

_URL: Final = "https://api.bybit.com/v5/order/cancel"


def bodies() -> Iterator[str]:
    """What is taken of lines behind a request, and of each sequence of requests, bodies and ends."""
    yield from of_texts("body in a line", _body, _LINES)
    said: dict[str, list[str]] = {}
    for names in product(_STEPS, repeat=3):
        said.setdefault(_sequence(("ask", *names)), []).append(" ".join(names))
    for names in product(_REQUESTS, ("form", "ids", "object")):
        said.setdefault(_sequence(names), []).append(f"first {' '.join(names)}")
    yield "behind a request:"
    yield from (f"  {found}: {', '.join(sequences)}" for found, sequences in said.items())


class _Conversation:
    """What takes any body, in the place of a conversation."""

    def __init__(self) -> None:
        self.bodies: list[str] = []

    def takes(self, _: Printed, body: str) -> bool:
        return "{" not in body

    def complete(self, request: Printed, body: str) -> None:
        self.bodies.append(f"{request.line} {body}")


def _asked(line: int, url: str = _URL, method: str = "POST", body: str = "") -> Printed:
    return Printed(method, url, body, False, line)


def _body(text: str) -> Any:
    conversation = _Conversation()
    found = RequestBodies(conversation)  # type: ignore[arg-type]
    found.begin(_asked(1), "INFO bot 12: ")
    taken = [found.takes_line(number, line) for number, line in enumerate(text.split("\n"), 2)]
    found.end()
    return taken, conversation.bodies


_STEPS: Final = ("ask", "ask far", "ask farther", "form", "far", "farther", "ids", "other", "object", "end")
_REQUESTS: Final = ("ask", "query", "whole", "get")
_WORDS: Final = "22:00:30 INFO bot 12: "


def _sequence(names: Sequence[str]) -> str:
    """Whether each line is taken, whether a body may follow it, and the bodies that requests were given."""
    conversation = _Conversation()
    found = RequestBodies(conversation)  # type: ignore[arg-type]
    number, marks = 0, []
    for name in names:
        number += 40 if name.endswith("far") else 41 if name.endswith("farther") else 1
        taken = False
        match name:
            case "ask" | "ask far" | "ask farther":
                found.begin(_asked(number), _WORDS)
            case "query":
                found.begin(_asked(number, f"{_URL}?a=1"), _WORDS)
            case "whole":
                found.begin(_asked(number, body="a=1"), _WORDS)
            case "get":
                found.begin(_asked(number, method="GET"), _WORDS)
            case "end":
                found.end()
            case "object":
                taken = found.takes(number, "22:00:31 INFO bot 7: ", "{}")
            case _:
                text = {"ids": "['7a1', '7a2']", "other": "a=1"}.get(name, f"n={number}")
                before = "other " if name == "other" else _WORDS
                taken = found.takes_line(number, f"{before}{text}")
        marks.append("+" if taken else "." if found.is_open else "-")
    found.end()
    return f"{''.join(marks)} {shown(conversation.bodies)}"


_LINES: Final = (
    "INFO bot 13: a=1&b=2",
    "body: symbol=BTCUSDT&orderId=7a1\nINFO bot 1: ['7a1', '7a2']",
    'other: a=1\nPARAMS [7, 8]"\nfoo',
    f"INFO bot 7: {_URL} a=1",
)
