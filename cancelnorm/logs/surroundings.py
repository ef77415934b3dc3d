"""The surroundings of answers in a document: the time and the venue that an object or a row tells of what is in it."""

import re
from collections.abc import Mapping, Sequence
from typing import Final

import msgspec
from msgspec import Raw

from cancelnorm import venues
from cancelnorm.logs.part_names import MESSAGE_TIMES, usual_steps
from cancelnorm.logs.timestamps import EARLIEST_NS, ns
from cancelnorm.venue import Venue

__all__ = ["VENUE", "is_envelope", "named", "told_in", "told_in_row"]

Members = Mapping[str, Raw]

VENUE: Final = "venue"
"""The key of the venue in a line of a logger."""
_TIME: Final = "timestamp"
_text: Final = msgspec.json.Decoder(str).decode

_OF_VENUES: Final = re.compile(
    r"(?:[a-z]{3,5}[_-]?)?code|errno|jsonrpc|topic|ch|op|arg|success|e", re.IGNORECASE
)
"""Keys of what exchanges put around a payload; in that of another exchange, nothing is a known venue's."""
_OF_QUEUES: Final = "partition"  # of Kafka, whose topics are no venue's


def is_envelope(members: Members) -> bool:
    """Tell whether an object is what an exchange puts around a payload."""
    return _OF_QUEUES not in members and any(map(_OF_VENUES.fullmatch, members))


def told_in(members: Members) -> dict[str, Raw]:
    """The time and the venue in an object."""
    usual = usual_steps(members)
    names = (
        *(path[0] for path in usual["received"] if len(path) == 1),
        *(n for n in MESSAGE_TIMES if n in members),
    )
    told = {}
    for name in names:
        if isinstance(name, str) and (found := _moment(members[name])) is not None:
            told[_TIME] = found
            break
    for name, *others in usual[VENUE]:
        if isinstance(name, str) and not others and (found := _venue(members[name])) is not None:
            told[VENUE] = found
            break
    return told


def told_in_row(items: Sequence[Raw]) -> dict[str, Raw]:
    """The time and the venue that are alone in an array with an object or a text behind them."""
    told: dict[str, Raw] = {}
    for item in items:
        if (found := _venue(item)) is not None:
            told.setdefault(VENUE, found)
        elif (found := _moment(item)) is not None:
            told.setdefault(_TIME, found)
    return told


def named(told: Members) -> Venue | None:
    """The venue that is told."""
    return venues.find(_text(told[VENUE])) if VENUE in told else None


def _venue(value: Raw) -> Raw | None:
    """The name of a venue that is known."""
    data = bytes(value)
    return value if data[:1] == b'"' and len(data) < 40 and venues.find(_text(value)) is not None else None


def _moment(value: Raw) -> Raw | None:
    """A time, as a number or a text."""
    if bytes(value)[:1] not in b'"0123456789':
        return None
    moment = ns(msgspec.json.decode(value))
    return value if moment is not None and moment >= EARLIEST_NS else None
