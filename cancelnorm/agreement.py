"""Agreement: what endpoints that answer the same payload say alike."""

from collections.abc import Iterable, Sequence
from itertools import compress
from operator import ne
from typing import Final

from msgspec.structs import astuple, replace

from cancelnorm.endpoint import left_open
from cancelnorm.errors import AmbiguousPayloadError
from cancelnorm.record import Record
from cancelnorm.schema import CancelEvent, Normalised
from cancelnorm.venue import Venue

__all__ = ["agreed"]


def agreed(
    results: Sequence[Normalised], names: Sequence[str], record: Record, venue: Venue, *, is_open: bool
) -> Normalised:
    """What results for the same payload say alike, under the endpoint of the first; ``names`` are those of all.

    It leaves open what became of a cancel if that ``is_open``, or where they differ in it. Raises
    AmbiguousPayloadError where they say different things of the order.
    """
    result, *rest = results
    unlike = _unlike_fields(result.events, rest) if rest else frozenset()
    if unlike - _OF_ENDPOINT - _OF_CANCEL:
        raise AmbiguousPayloadError([(venue.name, name) for name in names], source=record.source)
    if unsaid := dict.fromkeys(unlike & _OF_ENDPOINT):
        result = replace(result, events=tuple([replace(event, **unsaid) for event in result.events]))
    if is_open or "outcome" in unlike:
        notes = tuple([note for note in result.notes if note.code != _STALE])
        return left_open(replace(result, notes=notes))
    return _least_evident(result, rest) if "evidence" in unlike else result


_STALE: Final = (
    "stale-status"  # what the answer to a cancel alone says wrongly: an order that is placed is alive
)
_OF_ENDPOINT: Final = frozenset({"product", "quantity_unit", "scope"})
_OF_CANCEL: Final = frozenset({"endpoint", "outcome", "evidence"})
"""What follows from the endpoint that an event was told at; all the rest an event says apart from that."""


def _unlike_fields(events: Sequence[CancelEvent], others: Iterable[Normalised]) -> frozenset[str]:
    """The fields in which events differ from those of other results; all of them where their numbers do."""
    found: set[str] = set()
    told = [astuple(event) for event in events]
    for other in others:
        if len(other.events) != len(told):
            return frozenset(CancelEvent.__struct_fields__)
        for one, event in zip(told, other.events, strict=True):
            found.update(compress(CancelEvent.__struct_fields__, map(ne, one, astuple(event))))
    return frozenset(found)


def _least_evident(result: Normalised, others: Sequence[Normalised]) -> Normalised:
    """The same on the least evidence of all: a query shows the end of an order as its cancel does."""
    rows = zip(result.events, *(other.events for other in others), strict=True)
    found = [(event, min(each.evidence for each in (event, *more))) for event, *more in rows]
    return replace(result, events=tuple([replace(event, evidence=least) for event, least in found]))
