"""Order latency for hftbacktest, from recorded answers to cancels.

hftbacktest reads an array by its address and checks nothing: what is made here has its layout and its order. Keep a
reference to an array for as long as the backtest runs, or give it the path of a file that ``write_latency`` made.
"""

import os
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import suppress
from enum import StrEnum
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple

try:
    import numpy as np
except ModuleNotFoundError as error:
    reason = "cancelnorm.replay.hftbacktest takes numpy: pip install 'cancelnorm[hftbacktest]'"
    raise ModuleNotFoundError(reason, name="numpy") from error

from cancelnorm.api import find_venue
from cancelnorm.check import Refused
from cancelnorm.errors import CancelNormError, cited, require_word
from cancelnorm.latency import WINDOW_NS, Offsets, Push, RoundTrip, Unmeasured, measured_records, offsets
from cancelnorm.schema import CancelEvent, Normalised

__all__ = ["DTYPE", "LeftOut", "NoLatencyError", "Unusable", "order_latency", "write_latency"]

DTYPE: Final = np.dtype(
    [("req_ts", "i8"), ("exch_ts", "i8"), ("resp_ts", "i8"), ("_padding", "i8")], align=True
)
"""Layout of a row, 32 bytes: the request, its arrival at the matching engine, and the answer, in ns."""


class Unusable(StrEnum):
    """Reason that a measured record is no row."""

    STREAM = "stream"  # a message of a stream answers no request
    OTHER_VENUE = "other_venue"
    NO_ENGINE_TIME = "no_engine_time"  # the answer does not tell when a cancel was carried out
    OUTSIDE = "outside"  # the venue's time is before the request or after the answer
    SAME_REQUEST_TIME = "same_request_time"  # the request was sent at the time of the one before it
    OVERTAKEN = "overtaken"  # the request arrived before one that was sent earlier
    OVERLOADED_AT_AN_END = "overloaded_at_an_end"  # the venue turned the first or the last request away


class LeftOut(Counter[Unmeasured | Unusable]):
    """Number of records that are no row, by reason; with the rows, they are all records that were given.

    ``gateway_rows`` is the number of rows whose ``exch_ts`` is the gateway's time of the answer, ``engine_offsets``
    and ``gateway_offsets`` are what was subtracted from the times of these clocks; None if it was given.
    """

    gateway_rows: int = 0
    engine_offsets: Offsets | None = None
    gateway_offsets: Offsets | None = None


class NoLatencyError(CancelNormError):
    """There is no row that hftbacktest could take latency from; ``left_out`` says why."""

    def __init__(self, left_out: LeftOut) -> None:
        super().__init__(left_out)
        self.left_out = left_out

    def __str__(self) -> str:
        reasons = ", ".join(f"{count:,} {reason}" for reason, count in self.left_out.most_common())
        return f"no answer to a cancel with the times that a latency takes: {reasons or 'no records'}"


class _Row(NamedTuple):
    """A row in the making; ``venue_ns`` is None where the venue turned the request away."""

    sent_ns: int
    received_ns: int
    venue_ns: int | None
    is_gateway: bool


def order_latency(
    found: Iterable[CancelEvent | Refused | Normalised],
    *,
    venue: str | None = None,
    clock: Literal["engine", "engine or gateway"] = "engine",
    offset_ns: int | None = None,
    window_ns: int = WINDOW_NS,
) -> tuple[Any, LeftOut]:
    """Make an array for ``BacktestAsset.intp_order_latency`` from the answers to cancels.

    The array has the dtype ``DTYPE`` and the shape (rows,). A row is an answer, however many orders it is about, that
    has the recorder's times of both sides and the engine's time of a cancel. ``found`` are results of ``normalise``,
    or events as ``cancelnorm.events`` gives them, those of a record one after the other. With more than one venue in
    it, ``venue`` chooses one.

    ``exch_ts`` is on the recorder's clock: ``offset_ns`` is subtracted from the venue's times, or, if it is None, the
    offset that the round trips leave in windows of ``window_ns`` (see ``cancelnorm.latency.offsets``; the streams in
    ``found`` narrow it down). It is 0, which hftbacktest takes for a refusal, where the venue turned the request away
    because of its load or a rate limit. With ``engine or gateway``, an answer without the engine's time has the
    gateway's, which is later; it is counted.

    Raises NoLatencyError if there is no row, UnknownEndpointError for an unknown venue, and ValueError if there are
    several venues or a word is unknown.
    """
    require_word("clock", clock, ("engine", "engine or gateway"))
    chosen = None if venue is None else find_venue(venue).name
    left_out = LeftOut()
    trips: list[RoundTrip] = []
    pushes: list[Push] = []
    for record in measured_records(found):
        if isinstance(record, Unmeasured):
            left_out[record] += 1
        elif isinstance(record, Push):
            left_out[Unusable.STREAM] += 1
            pushes.append(record)
        elif chosen is not None and record.venue != chosen:
            left_out[Unusable.OTHER_VENUE] += 1
        else:
            trips.append(record)
    if len(names := sorted({trip.venue for trip in trips})) > 1:
        raise ValueError(f"venue: choose one of {', '.join(names)}, whose clocks differ")
    rows = _rows(trips, clock, left_out)
    if offset_ns is None:
        known = [(push.engine_ns, push.received_ns) for push in pushes if push.venue in names]
        rows = _estimated(rows, known, window_ns, left_out)
    else:
        rows = _shifted(rows, offset_ns, left_out)
    rows = _in_order(rows, left_out)
    if not rows:
        raise NoLatencyError(left_out)
    left_out.gateway_rows = sum(row.is_gateway for row in rows)
    array: Any = np.zeros(len(rows), DTYPE)
    array["req_ts"] = [row.sent_ns for row in rows]
    array["exch_ts"] = [row.venue_ns or 0 for row in rows]
    array["resp_ts"] = [row.received_ns for row in rows]
    return array, left_out


def _rows(trips: Iterable[RoundTrip], clock: str, left_out: LeftOut) -> list[_Row]:
    """Rows in the order of the requests, with the venue's times as they are."""
    rows = []
    for trip in trips:
        venue_ns, is_gateway = trip.engine_ns, False
        if venue_ns is None and not trip.is_overloaded:
            venue_ns, is_gateway = trip.response_ns, True
            if venue_ns is None or clock == "engine":
                left_out[Unusable.NO_ENGINE_TIME] += 1
                continue
        rows.append(_Row(trip.sent_ns, trip.received_ns, venue_ns, is_gateway))
    return sorted(rows, key=lambda row: row.sent_ns)


def _shifted(rows: Iterable[_Row], offset_ns: int, left_out: LeftOut) -> list[_Row]:
    """Rows with an offset subtracted from the venue's times."""
    shifted = []
    for row in rows:
        venue_ns = None if row.venue_ns is None else row.venue_ns - offset_ns
        if venue_ns is None or row.sent_ns <= venue_ns <= row.received_ns:
            shifted.append(row._replace(venue_ns=venue_ns))
        else:
            left_out[Unusable.OUTSIDE] += 1
    return shifted


def _estimated(
    rows: Sequence[_Row], pushes: Iterable[tuple[int, int]], window_ns: int, left_out: LeftOut
) -> list[_Row]:
    """Rows with the offset of its clock subtracted from each of the venue's times."""
    engine, gateway = (
        [
            (row.sent_ns, row.received_ns, row.venue_ns)
            for row in rows
            if row.venue_ns is not None and row.is_gateway is is_gateway
        ]
        for is_gateway in (False, True)
    )
    left_out.engine_offsets = offsets(engine, window_ns, pushes=pushes)
    left_out.gateway_offsets = offsets(gateway, window_ns)
    corrected = []
    for row in rows:
        if row.venue_ns is None:
            corrected.append(row)
            continue
        known = left_out.gateway_offsets if row.is_gateway else left_out.engine_offsets
        venue_ns = known.between(row.sent_ns, row.received_ns, row.venue_ns)
        if venue_ns is not None:
            corrected.append(row._replace(venue_ns=venue_ns))
        else:
            left_out[Unusable.OUTSIDE] += 1
    return corrected


def _in_order(rows: Iterable[_Row], left_out: LeftOut) -> list[_Row]:
    """Rows whose times grow as hftbacktest takes for granted; the first and the last are no refusals."""
    ordered: list[_Row] = []
    arrived = 0
    for row in rows:
        if ordered and row.sent_ns == ordered[-1].sent_ns:
            left_out[Unusable.SAME_REQUEST_TIME] += 1
        elif row.venue_ns is not None and row.venue_ns < arrived:
            left_out[Unusable.OVERTAKEN] += 1
        else:
            ordered.append(row)
            arrived = arrived if row.venue_ns is None else row.venue_ns
    answered = [place for place, row in enumerate(ordered) if row.venue_ns is not None]
    kept = ordered[answered[0] : answered[-1] + 1] if answered else []
    if len(ordered) > len(kept):
        left_out[Unusable.OVERLOADED_AT_AN_END] += len(ordered) - len(kept)
    return kept


def write_latency(path: str | os.PathLike[str], array: Any) -> None:
    """Write an array to an ``.npz`` file as hftbacktest reads it, all or nothing.

    Raises ValueError for a path that does not end in ``.npz`` or an array that ``order_latency`` has not made, and
    OSError if the file cannot be written.
    """
    target = Path(path)
    if target.suffix != ".npz":
        raise ValueError(f"{cited(str(target))}: hftbacktest takes the name of a file that ends in .npz")
    if getattr(array, "dtype", None) != DTYPE or array.ndim != 1 or not len(array):
        raise ValueError("expected the array that order_latency makes, with at least one row")
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        with part.open("wb") as file:
            np.savez_compressed(file, data=array)
        part.replace(target)
    finally:
        with suppress(FileNotFoundError):
            part.unlink()
