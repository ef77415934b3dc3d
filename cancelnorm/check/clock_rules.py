"""Rules over the clocks of one record."""

from collections.abc import Callable, Sequence
from typing import Final

from cancelnorm.check.finding import Finding
from cancelnorm.check.order_finding import order_finding
from cancelnorm.record import Record
from cancelnorm.schema import CancelEvent, Evidence

__all__ = ["inspect_clocks"]

_SLACK_NS: Final = 1_000_000_000  # clocks of two machines may differ by as much and mean nothing
_LEAST_NS: Final = 10**17  # 1973; what is less has fewer than 18 digits and is of another unit
_ALWAYS: Final = 10**19


def inspect_clocks(events: Sequence[CancelEvent], record: Record, emit: Callable[[Finding], None]) -> None:
    """Hold the recorder's clocks against each other and against the venue's."""
    sent, received = record.sent_ns, record.received_ns
    first = events[0]
    if (sent is not None and sent < _LEAST_NS) or (received is not None and received < _LEAST_NS):
        _wrong_unit(record, first, emit)
        return
    if sent is not None and received is not None and received < sent:
        message = f"it was received {_length(sent - received)} before it was sent"
        emit(order_finding("time-outside-window", message, first, received))
    latest = _ALWAYS if received is None else received + _SLACK_NS
    earliest = 0 if sent is None else sent - _SLACK_NS
    # Orders canceled together mostly share their times. If one is off, so are mostly all.
    event_ns, response_ns = first.event_ns, first.response_ns
    others = [e for e in events if e.event_ns != event_ns or e.response_ns != response_ns]
    for event in (first, *others):
        if fault := _fault(event, earliest, latest):
            emit(order_finding("time-outside-window", *fault))
            return


def _wrong_unit(record: Record, event: CancelEvent, emit: Callable[[Finding], None]) -> None:
    """A recorder's clock that is not in nanoseconds."""
    for name, value in (("sent_ns", record.sent_ns), ("received_ns", record.received_ns)):
        if value is not None and value < _LEAST_NS:
            unit = _UNITS.get(len(str(value)), "not a time")
            emit(order_finding("wrong-clock-unit", f"{name} is {value}, which is {unit}", event, value))


_UNITS: Final = {10: "in seconds", 13: "in milliseconds", 16: "in microseconds"}


def _fault(event: CancelEvent, earliest: int, latest: int) -> tuple[str, CancelEvent, int] | None:
    """The first of the venue's times that does not lie between sending and receiving, in words.

    Only the report of the cancel itself is made after sending; an order that had gone before has an
    earlier time, and is right to.
    """
    at, answered = event.event_ns, event.response_ns
    if at is not None and at > latest:
        return (
            f"the venue's engine did it {_length(at - latest + _SLACK_NS)} after it was received",
            event,
            at,
        )
    if at is not None and at < earliest and event.evidence is Evidence.FINAL_REPORT:
        return f"the venue's engine did it {_length(earliest + _SLACK_NS - at)} before it was sent", event, at
    if answered is not None and answered > latest:
        length = _length(answered - latest + _SLACK_NS)
        return f"the venue answered {length} after it was received", event, answered
    if answered is not None and answered < earliest:
        length = _length(earliest + _SLACK_NS - answered)
        return f"the venue answered {length} before it was sent", event, answered
    return None


def _length(ns: int) -> str:
    """A duration in the unit that people would use."""
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
