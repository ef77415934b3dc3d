"""Rules for the clocks of one record."""

from collections.abc import Callable, Sequence
from typing import Final

from cancelnorm.check.finding import Finding
from cancelnorm.check.order_finding import order_finding
from cancelnorm.record import Record
from cancelnorm.schema import CancelEvent, Evidence

__all__ = ["clocks_agree", "inspect_clocks"]

_TOLERANCE_NS: Final = 1_000_000_000  # normal difference between the clocks of two machines
_EARLIEST_NS: Final = 10**17  # 1973; a smaller number has fewer than 18 digits, so its unit is not ns
_UNBOUNDED_NS: Final = 10**19


def clocks_agree(sent: int | None, received: int | None, least: int | None, greatest: int | None) -> bool:
    """Whether the recorder's clocks are plausible and the venue's times, if any, between them."""
    if sent is not None and (
        sent < _EARLIEST_NS
        or (received is not None and received < sent)
        or (least is not None and least < sent - _TOLERANCE_NS)
    ):
        return False
    return received is None or (
        received >= _EARLIEST_NS and (greatest is None or greatest <= received + _TOLERANCE_NS)
    )


def inspect_clocks(events: Sequence[CancelEvent], record: Record, emit: Callable[[Finding], None]) -> None:
    """Compare the recorder's clocks with each other and with the venue's."""
    sent, received = record.sent_ns, record.received_ns
    first = events[0]
    times = [ns for event in events for ns in (event.event_ns, event.response_ns) if ns is not None]
    if clocks_agree(sent, received, min(times, default=None), max(times, default=None)):
        return
    if (sent is not None and sent < _EARLIEST_NS) or (received is not None and received < _EARLIEST_NS):
        _wrong_unit(record, first, emit)
        return
    if sent is not None and received is not None and received < sent:
        message = f"the answer was received {_length(sent - received)} before the request was sent"
        emit(order_finding("time-outside-window", message, first, received))
    latest = _UNBOUNDED_NS if received is None else received + _TOLERANCE_NS
    earliest = 0 if sent is None else sent - _TOLERANCE_NS
    # Orders canceled together usually share their times, so one finding stands for all of them.
    event_ns, response_ns = first.event_ns, first.response_ns
    others = [e for e in events if e.event_ns != event_ns or e.response_ns != response_ns]
    for event in (first, *others):
        if fault := _fault(event, earliest, latest):
            message, _, at = fault
            message += _zone_hint(received if at > latest else sent, at)
            emit(order_finding("time-outside-window", message, event, at))
            return


_HALF_HOUR_NS: Final = 1_800_000_000_000
_NEAR_NS: Final = 30_000_000_000
_MOST_HALF_HOURS: Final = 28  # of UTC+14


def _zone_hint(clock: int | None, at: int) -> str:
    """Suggest the time zone of a recorder whose clock is off by hours, as one without a zone in its times is."""
    offset = 0 if clock is None else clock - at
    halves = (offset + _HALF_HOUR_NS // 2) // _HALF_HOUR_NS
    if not 0 < abs(halves) <= _MOST_HALF_HOURS or abs(offset - halves * _HALF_HOUR_NS) > _NEAR_NS:
        return ""
    hours, half = divmod(abs(halves), 2)
    zone = f"{'-' if halves < 0 else '+'}{hours:02}:{half * 30:02}"
    return f"; if the recorder's times are those of a zone, read the log with --tz {zone}"


def _wrong_unit(record: Record, event: CancelEvent, emit: Callable[[Finding], None]) -> None:
    """Report a recorder's clock that is not in nanoseconds."""
    for name, value in (("sent_ns", record.sent_ns), ("received_ns", record.received_ns)):
        if value is not None and value < _EARLIEST_NS:
            unit = _UNITS.get(len(str(value)), "not an epoch time")
            emit(order_finding("wrong-clock-unit", f"{name} is {value}, which is {unit}", event, value))


_UNITS: Final = {10: "in seconds", 13: "in milliseconds", 16: "in microseconds"}


def _fault(event: CancelEvent, earliest: int, latest: int) -> tuple[str, CancelEvent, int] | None:
    """First of the venue's times outside the window between sending and receiving, as message, event and time.

    Only a final report must be later than the request: an order that was already closed correctly has an
    earlier time.
    """
    at, answered = event.event_ns, event.response_ns
    if at is not None and at > latest:
        return (
            f"the engine's time is {_length(at - latest + _TOLERANCE_NS)} after the answer was received",
            event,
            at,
        )
    if at is not None and at < earliest and event.evidence is Evidence.FINAL_REPORT:
        length = _length(earliest + _TOLERANCE_NS - at)
        return f"the engine's time is {length} before the request was sent", event, at
    if answered is not None and answered > latest:
        length = _length(answered - latest + _TOLERANCE_NS)
        return f"the venue answered {length} after the answer was received", event, answered
    if answered is not None and answered < earliest:
        length = _length(earliest + _TOLERANCE_NS - answered)
        return f"the venue answered {length} before the request was sent", event, answered
    return None


def _length(ns: int) -> str:
    """Duration in the largest suitable unit."""
    for size, unit in _LENGTHS:
        if ns >= 2 * size:
            return f"{ns // size} {unit}"
    return f"{ns} ns"


_LENGTHS: Final = (
    (86_400 * 10**9, "days"),
    (3_600 * 10**9, "hours"),
    (60 * 10**9, "minutes"),
    (10**9, "seconds"),
    (10**6, "ms"),
    (10**3, "µs"),
)
