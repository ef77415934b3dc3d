"""Frames and answers about something else: what each is said to be, and what of it decides that.

Each field is left out, null, or has another value. Words that the modules ``skip``, ``fills`` and ``topics`` of the
venue know are tried where a word tells anything.
"""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final

import msgspec

from cancelnorm import CancelNormError, NotACancel, Record, normalise, venues
from cancelnorm.venue import Shown
from tests.samples import FOLDER
from tests.strategies import changed, without

__all__ = ["FRAMES", "Frame", "frames"]


class Frame(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A recorded frame or answer that is not about a cancel."""

    docs: str
    about: str
    venue: str
    endpoint: str | None = None
    payload: msgspec.Raw

    @property
    def body(self) -> bytes:
        """What the venue sent: a text stands for a message that is not JSON."""
        sent = bytes(self.payload)
        return msgspec.json.decode(sent, type=str).encode() if sent.startswith(b'"') else sent

    @property
    def json(self) -> bytes:
        """What the venue sent, as JSON if it can be."""
        return venues.every()[self.venue].as_json(self.body)


FRAMES: Final = {
    f"{path.parent.name}/{path.stem}": msgspec.json.decode(path.read_bytes(), type=Frame)
    for path in sorted((FOLDER / "skipped").glob("*/*.json"))
}
"""All of them, by name, like ``binance/balance``."""

_Said = tuple[str, tuple[Shown, ...]]
_OTHERS: Final[dict[type, tuple[Any, ...]]] = {
    str: ("", "x", None, 7),
    int: (0, 1, 7, None, "x"),
    float: (0, 1.5, None, "x"),
    bool: (True, False, None, "x"),
    list: ([], None, "x"),
    dict: ({}, None, "x"),
    type(None): (0, "x", False),
}
"""Values to try, by the class of what a frame has."""


def frames(venue: str) -> Iterator[str]:
    """Each frame of a venue: what it is, the orders that it shows, and the fields by which either is told."""
    known: set[str] = set()
    for name, frame in FRAMES.items():
        if frame.venue != venue:
            continue
        before = _said(frame, frame.json)
        yield name.partition("/")[2]
        yield f"  {before[0]}"
        yield from (f"  shows {_order(order)}" for order in before[1])
        if frame.json[:1] in (b"{", b"["):
            yield from (f"    {line}" for line in _told(frame, before))
            lines = [f"    {line}" for line in _words_told(frame, before)]
            yield from (line for line in lines if line not in known)
            known |= set(lines)


def _told(frame: Frame, before: _Said) -> Iterator[str]:
    """What is said instead when a field is left out or has another value, for the fields where anything is."""
    tree: Any = msgspec.json.decode(frame.json)
    for steps, at, value in _fields(tree, (), "$"):
        others = [each for each in _OTHERS[type(value)] if each != value]
        told = {"absent": _difference(before, _said(frame, msgspec.json.encode(without(tree, steps))))}
        told |= {_text(each): _instead(frame, before, tree, steps, each) for each in others}
        yield from _grouped(at, told, "")


def _words_told(frame: Frame, before: _Said) -> Iterator[str]:
    """What is said instead for a word that is known, where one that is not changes what is said."""
    tree: Any = msgspec.json.decode(frame.json)
    for steps, at, value in _fields(tree, (), "$"):
        if isinstance(value, str) and (unknown := _instead(frame, before, tree, steps, "x")):
            words = _words(frame.venue)
            yield from _grouped(
                at, {_text(word): _instead(frame, before, tree, steps, word) for word in words}, unknown
            )


def _grouped(at: str, told: dict[str, str], unknown: str) -> Iterator[str]:
    """The values of a field of which something is said that is not said of any; together where it is the same."""
    groups: dict[str, list[str]] = {}
    for what, said in told.items():
        groups.setdefault(said, []).append(what)
    for said, whats in groups.items():
        if said not in ("", unknown):
            yield f"{at} {', '.join(whats)}: {said}"


def _instead(frame: Frame, before: _Said, tree: Any, steps: tuple[str | int, ...], value: Any) -> str:
    """What is said when a field has another value, for which ``…`` stands."""
    after = _said(frame, msgspec.json.encode(changed(tree, steps, value)))
    return _difference(before, after, value)


def _text(value: Any) -> str:
    return msgspec.json.encode(value).decode()


def _fields(
    tree: Any, steps: tuple[str | int, ...], at: str
) -> Iterator[tuple[tuple[str | int, ...], str, Any]]:
    """The fields of the objects in a tree, and of the first row of each array."""
    parts: list[tuple[str | int, str, Any]] = []
    if isinstance(tree, dict):
        parts = [(key, f"{at}.{key}", value) for key, value in tree.items()]
    elif isinstance(tree, list):
        parts = [(0, f"{at}[0]", value) for value in tree[:1]]
    for step, place, value in parts:
        yield (*steps, step), place, value
        yield from _fields(value, (*steps, step), place)


def _said(frame: Frame, body: bytes) -> _Said:
    """What a frame is said to be, and the orders that it shows."""
    try:
        events = normalise(Record(body, frame.venue, frame.endpoint)).events
        what = ", ".join(dict.fromkeys(f"{event.endpoint} {event.kind} {event.outcome}" for event in events))
    except NotACancel as error:
        what = error.frame
    except CancelNormError as error:
        what = type(error).__name__
    return what, tuple(venues.every()[frame.venue].shows(body))


def _difference(before: _Said, after: _Said, value: Any = None) -> str:
    """What is said after a change but was not before; nothing where it is the same."""
    parts = [after[0]] if after[0] != before[0] else []
    if len(before[1]) != len(after[1]):
        parts.append(f"shows {'; '.join(map(_order, after[1])) or 'nothing'}")
    else:
        for old, new in zip(before[1], after[1], strict=True):
            parts += [
                f"shows {name} {'…' if value and found == value else found}"
                for name, found in new._asdict().items()
                if found != getattr(old, name)
            ]
    return ", ".join(dict.fromkeys(parts))


def _order(order: Shown) -> str:
    """An order that is shown."""
    client = f", client id {order.client_order_id}" if order.client_order_id else ""
    end = "filled" if order.is_filled else "closed" if order.is_closed else "not filled"
    state = "goes on" if order.goes_on else "does not say whether it goes on"
    named = f"{order.endpoint} {order.symbol} {order.order_id}{client}"
    return f"{named}: {end}, {state}, {order.filled_quantity} filled, at {order.event_ns}"


@cache
def _words(venue: str) -> tuple[str, ...]:
    """The words in the modules of a venue that say what a frame is."""
    found = {
        str(node.value)
        for path in (Path(venues.__file__).parent / venue).glob("*.py")
        if path.stem.endswith(("skip", "fills", "topics"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and " " not in node.value
    }
    return tuple(sorted(found - {"", "x"}))
