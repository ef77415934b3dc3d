"""Agreement: what endpoints that answer the same payload say alike."""

from collections.abc import Sequence
from operator import attrgetter
from typing import Final

from msgspec.structs import replace

from cancelnorm.endpoint import left_open
from cancelnorm.errors import AmbiguousPayloadError
from cancelnorm.record import Record
from cancelnorm.schema import CancelEvent, Normalised, Outcome
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
    whole = [_whole(event) for event in result.events] if rest else []
    rest = [other for other in rest if [_whole(event) for event in other.events] != whole]
    told = [_told(event) for event in result.events] if rest else []
    if any([_told(event) for event in other.events] != told for other in rest):
        raise AmbiguousPayloadError([(venue.name, name) for name in names], source=record.source)
    if rest and (unsaid := _unsaid(result, rest)):
        result = replace(result, events=tuple([replace(event, **unsaid) for event in result.events]))
    if is_open or any(_outcomes(other) != _outcomes(result) for other in rest):
        return left_open(result)
    return _least_evident(result, rest) if rest else result


_OF_ENDPOINT: Final = ("product", "quantity_unit", "scope")
_OF_CANCEL: Final = ("endpoint", "outcome", "evidence")
_of_endpoint: Final = attrgetter(*_OF_ENDPOINT)
_whole: Final = attrgetter(*(name for name in CancelEvent.__struct_fields__ if name != "endpoint"))
_told: Final = attrgetter(
    *(name for name in CancelEvent.__struct_fields__ if name not in (*_OF_ENDPOINT, *_OF_CANCEL))
)
"""What an event says, apart from the endpoint it was told at and what follows from that."""


def _outcomes(result: Normalised) -> list[Outcome]:
    return [event.outcome for event in result.events]


def _least_evident(result: Normalised, others: Sequence[Normalised]) -> Normalised:
    """The same on the least evidence of all: a query shows the end of an order as its cancel does."""
    rows = zip(result.events, *(other.events for other in others), strict=True)
    found = [(event, min(each.evidence for each in (event, *more))) for event, *more in rows]
    if all(event.evidence is least for event, least in found):
        return result
    return replace(result, events=tuple([replace(event, evidence=least) for event, least in found]))


def _unsaid(result: Normalised, others: Sequence[Normalised]) -> dict[str, None]:
    """What a payload does not say that is answered alike at endpoints of several products."""
    own = [_of_endpoint(event) for event in result.events]
    unlike: set[str] = set()
    for other in others:
        for one, event in zip(own, other.events, strict=True):
            if (two := _of_endpoint(event)) != one:
                unlike.update(name for name, a, b in zip(_OF_ENDPOINT, one, two, strict=True) if a != b)
    return dict.fromkeys(unlike)
