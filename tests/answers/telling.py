"""Answers in short, as reviewed texts tell what comes of them."""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

from cancelnorm import CancelEvent, CancelNormError, NotACancel, venues
from cancelnorm.schema import Normalised, Note
from tests.samples import SAMPLES

__all__ = ["few", "outcome_of", "sent", "short"]

_TOLD: Final = (
    *("endpoint", "kind", "scope", "outcome", "evidence", "reason", "code", "symbol", "order_id"),
    *("client_order_id", "list_id", "message"),
)


def outcome_of(make: Callable[[], Any]) -> Iterator[str]:
    """What comes of an answer: its notes and events, or why there are none."""
    try:
        result = make()
    except NotACancel as passed:
        yield f"  not a cancel: {passed}"
    except CancelNormError as error:
        yield f"  ✗ {short(str(error))}"
    else:
        if not isinstance(result, Normalised):
            yield f"  {short(repr(result))}"
            return
        yield from _noted(result.notes)
        yield from map(_event, result.events)
        if result.extra is not None:
            yield f"  {short(repr(result.extra))}"


def _noted(notes: Iterable[Note]) -> Iterator[str]:
    """The first two notes of each kind, and the number of the others."""
    counts = Counter[str]()
    for note in notes:
        counts[note.code] += 1
        if counts[note.code] <= 2:
            yield f"  {note.code} {note.path} {short(note.message)} {short(repr(note.value))}"
    yield from (f"  and {count - 2} more {code}" for code, count in counts.items() if count > 2)


def _event(event: CancelEvent) -> str:
    told = [str(value) for name in _TOLD if (value := getattr(event, name)) is not None]
    return f"  {event.index} {event.path} {short(' '.join(told))}"


def short(text: str) -> str:
    """A text without addresses, and without the end of what is long."""
    text = re.sub(r"<msgspec.Raw object at \w+>", "Raw", text)
    return text if len(text) <= 200 else f"{text[:160]} … ({len(text)})"


def sent(value: Any) -> bytes:
    """The payload of a JSON value."""
    return json.dumps(value, separators=(",", ":")).encode()


def few(count: int, is_wanted: Callable[[Any], bool]) -> Iterator[str]:
    """Samples of each venue, some from all over its names; those of messages that are not JSON are left out."""
    for venue in venues.names():
        found = [
            name
            for name, sample in SAMPLES.items()
            if sample.venue == venue and bytes(sample.payload)[:1] in (b"{", b"[") and is_wanted(sample)
        ]
        yield from found[:: max(1, len(found) // count)][:count]
