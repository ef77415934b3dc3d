"""Events in the order of time, printed as they are due."""

import re
import sys
from collections.abc import Iterator
from itertools import chain
from typing import Final, NamedTuple

from cancelnorm.check import Refused, Selection
from cancelnorm.cli.terminal import complain, stop
from cancelnorm.errors import cited
from cancelnorm.event_json import encode_masked
from cancelnorm.logs import Options, Unreadable, records, window
from cancelnorm.record import Record
from cancelnorm.replay import Merged, between, pace
from cancelnorm.report import brief, counted

__all__ = ["duration_ns", "entered", "play", "tell"]

_DURATION: Final = re.compile(r"([0-9]{1,9})(ns|us|ms|s|m|h)", re.ASCII)
_UNITS: Final = {
    "ns": 1,
    "us": 1_000,
    "ms": 1_000_000,
    "s": 1_000_000_000,
    "m": 60_000_000_000,
    "h": 3_600_000_000_000,
}


def duration_ns(text: str, option: str = "--window") -> int:
    """Nanoseconds of an option."""
    match = _DURATION.fullmatch(text)
    if match is None:
        raise stop(
            f"{option}: {cited(text)} is not a time; expected a number and a unit, such as 100ms, 2s or 1m"
        )
    return int(match[1]) * _UNITS[match[2]]


def entered(file: str, read_as: Options, wanted: Selection | None) -> Iterator[Record | Unreadable]:
    """The records of a file from a minute before the selected time to a minute after it."""
    since_ns, until_ns = (wanted.since_ns, wanted.until_ns) if wanted else (None, None)
    parts = window(
        file,
        since_ns,
        until_ns,
        format=read_as.format,
        paths=read_as.paths,
        max_record_bytes=read_as.max_record_bytes,
    )
    return chain.from_iterable(records(part, read_as) for part in parts)


class Played(NamedTuple):
    """The numbers of events that were printed, and of refused records."""

    printed: int
    refused: int


def play(merged: Merged, wanted: Selection | None, speed: float | None) -> Played:
    """Print the events, each when it is due if there is a speed."""
    printed = refused = 0
    since_ns, until_ns = (wanted.since_ns, wanted.until_ns) if wanted else (None, None)
    found = between(merged, since_ns, until_ns)
    for due in found if speed is None else pace(found, speed=speed):
        item = due.event
        if isinstance(item, Refused):
            refused += 1
            sys.stdout.buffer.flush()  # in this order also where both go to one file
            complain(brief(item.finding))
        elif not (wanted and wanted.orders) or wanted.orders & {item.order_id, item.client_order_id}:
            printed += 1
            sys.stdout.buffer.write(b"%b\n" % encode_masked(item))
            if speed is not None:
                sys.stdout.buffer.flush()
    sys.stdout.buffer.flush()
    return Played(printed, refused)


def tell(merged: Merged, selected: int | None) -> None:
    """Say by which clocks events were put in order, what could not be, and how many were ``selected`` of them."""
    if not merged.bases:
        complain("cancelnorm: no events found")
        return
    parts = [f"{count:,} {basis.value}" for basis, count in merged.bases.items() if basis is not None]
    if not parts:
        complain("cancelnorm: no event has a time on this clock")
    if without := merged.bases[None]:
        parts.append(f"{without:,} without a time")
    said = [f"{counted(merged.bases.total(), 'event')} in the order of time: {', '.join(parts)}"]
    if merged.late:
        said.append(f"{merged.late:,} too late (see --window)")
    if merged.dropped:
        said.append(f"{merged.dropped:,} left out")
    if selected is not None:
        said.append(f"{selected:,} selected")
    complain(f"cancelnorm: {'; '.join(said)}")
