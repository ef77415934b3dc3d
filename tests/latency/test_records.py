"""Records and the times that they measure."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from cancelnorm import (
    CancelEvent,
    EventKind,
    Evidence,
    Normalised,
    Outcome,
    Reason,
    Record,
    Refused,
    events,
    normalise,
)
from cancelnorm.latency import Push, RoundTrip, Unmeasured, measured, measured_records
from tests.story.events import EVENTS

CANCEL = CancelEvent(
    venue="binance",
    product=None,
    endpoint="DELETE /api/v3/order",
    kind=EventKind.ORDER,
    outcome=Outcome.CANCELED,
    evidence=Evidence.FINAL_REPORT,
    sent_ns=1_000,
    event_ns=1_004,
    response_ns=1_007,
    received_ns=1_009,
)
REFUSAL = replace(CANCEL, outcome=Outcome.REJECTED, event_ns=None)

# --- Laws ---


@given(st.lists(st.lists(st.sampled_from(EVENTS), min_size=1, max_size=4), max_size=8))
def test_every_record_is_measured_once(records: list[list[CancelEvent]]) -> None:
    """As results, or as the events of a log, in which a record's come one after the other."""
    results = [
        Normalised(
            tuple(
                replace(records[n][0], index=index, source=f"a:{n}", order_id=event.order_id)
                for index, event in enumerate(record)
            )
        )
        for n, record in enumerate(records)
    ]
    found = list(measured_records(results))
    assert len(found) == len(records)
    assert found == list(measured_records(event for result in results for event in result.events))
    assert found == [measured(result.events) for result in results]


# --- Examples ---


def test_a_round_trip() -> None:
    """It has the clocks of both sides."""
    assert measured([CANCEL]) == RoundTrip(
        "binance", "DELETE /api/v3/order", 1_000, 1_009, 1_004, 1_007, is_overloaded=False
    )


def test_an_answer_about_many_orders() -> None:
    """It is one trip, which has reached the engine when the last order is canceled; refused ones do not count."""
    batch = [
        replace(CANCEL, index=0, event_ns=1_003),
        replace(CANCEL, index=1, event_ns=1_005),
        replace(CANCEL, index=2, event_ns=None),
        replace(REFUSAL, index=3, event_ns=1_006),
        replace(CANCEL, index=4, event_ns=1_008, kind=EventKind.SCOPE),
    ]
    [trip] = measured_records(batch)
    assert isinstance(trip, RoundTrip)
    assert trip.engine_ns == 1_005


def test_a_scope_and_its_first_order_are_of_one_answer() -> None:
    """Both have the same index."""
    assert len(list(measured_records([replace(CANCEL, kind=EventKind.SCOPE), CANCEL]))) == 1
    assert len(list(measured_records([CANCEL, CANCEL]))) == 2
    assert len(list(measured_records([CANCEL, replace(CANCEL, index=1, received_ns=1_010)]))) == 2


def test_a_message_of_a_stream() -> None:
    """It tells when the cancel was and when it was known."""
    pushed = replace(CANCEL, endpoint="stream executionReport", sent_ns=None)
    assert measured([pushed]) == Push("binance", "stream executionReport", 1_004, 1_009)
    assert measured([replace(pushed, event_ns=None)]) == Unmeasured.NO_VENUE_TIME
    assert measured([replace(pushed, received_ns=None)]) == Unmeasured.NO_RECEIVED_TIME


@pytest.mark.parametrize(
    ("found", "reason"),
    [
        ([replace(CANCEL, endpoint="GET /api/v3/order")], Unmeasured.QUERY),
        ([replace(REFUSAL, outcome=Outcome.UNKNOWN, reason=Reason.NO_ANSWER)], Unmeasured.NO_ANSWER),
        ([replace(REFUSAL, outcome=Outcome.UNKNOWN, reason=Reason.UNREADABLE)], Unmeasured.UNREADABLE),
        ([replace(REFUSAL, outcome=Outcome.UNKNOWN, reason=Reason.TIMEOUT)], Unmeasured.UNKNOWN),
        ([replace(CANCEL, sent_ns=None)], Unmeasured.NO_SENT_TIME),
        ([replace(CANCEL, received_ns=None)], Unmeasured.NO_RECEIVED_TIME),
        ([replace(CANCEL, received_ns=999)], Unmeasured.RECEIVED_BEFORE_SENT),
        ([replace(CANCEL, sent_ns=0)], Unmeasured.OUT_OF_RANGE),
        ([replace(CANCEL, sent_ns=-5, received_ns=-3)], Unmeasured.OUT_OF_RANGE),
        ([replace(CANCEL, received_ns=2**63)], Unmeasured.OUT_OF_RANGE),
        ([replace(CANCEL, event_ns=9_999_999_999_999_000_000)], Unmeasured.OUT_OF_RANGE),
        ([replace(CANCEL, endpoint="stream executionReport", event_ns=2**63)], Unmeasured.OUT_OF_RANGE),
    ],
)
def test_what_measures_nothing(found: Sequence[CancelEvent], reason: Unmeasured) -> None:
    """Each has its reason, and no time is made up."""
    assert measured(found) == reason


@pytest.mark.parametrize("reason", Reason)
def test_overload(reason: Reason) -> None:
    """The venue turned the request away, unless it says that it was about the order or does not know."""
    trip = measured([replace(REFUSAL, reason=reason)])
    is_overloaded = reason in (Reason.RATE_LIMITED, Reason.VENUE_UNAVAILABLE)
    if isinstance(trip, RoundTrip):
        assert trip.is_overloaded is is_overloaded
        assert trip.engine_ns is None
    else:
        assert not is_overloaded
    part = [CANCEL, replace(REFUSAL, reason=Reason.RATE_LIMITED, index=1)]
    assert isinstance(mixed := measured(part), RoundTrip)
    assert not mixed.is_overloaded


def test_a_log() -> None:
    """Events of a log, and what cannot be read in it."""
    found = list(measured_records(events("samples/logs/orders.jsonl")))
    assert len(found) == 7
    assert sum(isinstance(each, RoundTrip) for each in found) == 5
    refused = list(events([Record(b"{", "binance", "DELETE /api/v3/order")]))
    assert [isinstance(each, Refused) for each in refused] == [True]
    assert list(measured_records(refused)) == [Unmeasured.UNREADABLE]


def test_a_timeout_of_the_venue() -> None:
    """Its answer does not say what happened, so it is none."""
    record = Record(
        b'{"code":-1007,"msg":"Timeout waiting for response from backend server. Send status unknown; '
        b'execution status unknown."}',
        "binance",
        "DELETE /api/v3/order",
        504,
        sent_ns=1,
        received_ns=9,
    )
    assert measured(normalise(record).events) == Unmeasured.UNKNOWN
