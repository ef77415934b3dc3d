"""Sources merged by a clock: laws on any events, then examples."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import count, islice, pairwise
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from cancelnorm import CancelEvent, EventKind, Evidence, Outcome
from cancelnorm.replay import Due, LateEventError, UntimedEventError, merge
from cancelnorm.schema import TimeBasis

EVENT = CancelEvent(
    venue="binance",
    product=None,
    endpoint="stream executionReport",
    kind=EventKind.ORDER,
    outcome=Outcome.CANCELED,
    evidence=Evidence.FINAL_REPORT,
)
CLOCKS = ("received", "event", "response", "sent")
Clock = Literal["received", "event", "response", "sent"]


def received(*times: int | None, name: str = "a") -> list[CancelEvent]:
    """Events of a recorder, each named by its place."""
    return [replace(EVENT, received_ns=ns, source=f"{name}:{n}") for n, ns in enumerate(times)]


def places(found: Sequence[Due]) -> list[str | None]:
    """The places of events in the order in which they came."""
    return [due.event.source for due in found if isinstance(due.event, CancelEvent)]


times = st.none() | st.integers(0, 30)
events = st.builds(
    lambda clocks, index, at: replace(
        EVENT,
        event_ns=clocks[0],
        response_ns=clocks[1],
        received_ns=clocks[2],
        sent_ns=clocks[3],
        index=index,
        source=at,
    ),
    st.tuples(times, times, times, times),
    st.integers(0, 2),
    st.sampled_from([None, "a:1", "a:2"]),
)
sources = st.lists(st.lists(events, max_size=8), max_size=4)
clocks = st.sampled_from(CLOCKS)
windows = st.integers(0, 12)

# --- Laws ---


@given(sources, clocks, windows)
def test_time_never_goes_back(logs: list[list[CancelEvent]], clock: Clock, window_ns: int) -> None:
    """And who has no time at all has none made up."""
    found = [due.time_ns for due in merge(*logs, clock=clock, window_ns=window_ns)]
    known = [ns for ns in found if ns is not None]
    assert known == sorted(known)
    assert found[len(found) - len(known) :] == known


@given(sources, clocks, windows)
def test_nothing_is_lost(logs: list[list[CancelEvent]], clock: Clock, window_ns: int) -> None:
    """Every event comes out once."""
    found = merge(*logs, clock=clock, window_ns=window_ns)
    assert Counter(map(id, (due.event for due in found))) == Counter(id(one) for log in logs for one in log)


@given(sources, clocks, windows, st.sampled_from(["hold", "drop"]), st.sampled_from(["keep", "drop"]))
def test_counts_add_up(
    logs: list[list[CancelEvent]],
    clock: Clock,
    window_ns: int,
    missing: Literal["hold", "drop"],
    late: Literal["keep", "drop"],
) -> None:
    """What came out and what was dropped is what went in; each by the clock that it has."""
    found = merge(*logs, clock=clock, window_ns=window_ns, missing=missing, late=late)
    given = list(found)
    assert len(given) + found.dropped == found.bases.total() == sum(map(len, logs))
    untimed = found.bases[None] if missing == "drop" else 0
    assert found.dropped == untimed + (found.late if late == "drop" else 0)


@given(sources, st.sampled_from(["event", "response", "sent"]))
def test_merging_in_steps_is_merging_at_once(
    logs: list[list[CancelEvent]], clock: Literal["event", "response", "sent"]
) -> None:
    """However the work is divided, the sequence is the same, if each source is in order.

    Not so when answers are received: what two answers are is known in their own source only.
    """
    ordered = [[due.event for due in merge(log, clock=clock, window_ns=31)] for log in logs]
    whole = [id(due.event) for due in merge(*ordered, clock=clock)]
    first = [due.event for due in merge(*ordered[:2], clock=clock)]
    assert [id(due.event) for due in merge(first, *ordered[2:], clock=clock)] == whole


@given(st.lists(st.integers(0, 30), max_size=12))
def test_a_window_as_wide_as_the_disorder_puts_all_in_order(found: list[int]) -> None:
    """Equal times keep their order."""
    log = received(*found)
    merged = merge(log, window_ns=31)
    assert [due.event for due in merged] == sorted(log, key=lambda event: event.received_ns or 0)
    assert merged.late == 0


@given(sources, windows)
def test_an_event_without_a_time_follows_its_predecessor(
    logs: list[list[CancelEvent]], window_ns: int
) -> None:
    """Wherever its predecessor went."""
    for log in logs:
        given = [due.event for due in merge(log, clock="sent", window_ns=window_ns)]
        order = {id(event): place for place, event in enumerate(given)}
        for before, event in pairwise(log):
            if event.sent_ns is None:
                assert order[id(event)] == order[id(before)] + 1


@given(sources)
def test_the_future_is_not_told(logs: list[list[CancelEvent]]) -> None:
    """A request was sent before anything about its answer could be known."""
    for clock in ("received", "event"):
        assert all(due.basis is not TimeBasis.SENT for due in merge(*logs, clock=clock))


# --- Examples ---


def test_the_order_of_equal_times_is_that_of_the_sources() -> None:
    """Then that within a source."""
    found = list(merge(received(1, 5, 5), received(5, 5, 9, name="b")))
    assert places(found) == ["a:0", "a:1", "a:2", "b:0", "b:1", "b:2"]


def test_the_clock_that_was_used_is_told() -> None:
    """In the order of the README."""
    log = [
        replace(EVENT, received_ns=1, response_ns=2, event_ns=3),
        replace(EVENT, response_ns=2, event_ns=1),
        replace(EVENT, event_ns=3, sent_ns=1),
        replace(EVENT, sent_ns=4),
    ]
    found = merge(log)
    assert [(due.time_ns, due.basis) for due in found] == [
        (1, TimeBasis.RECEIVED),
        (2, TimeBasis.RESPONSE),
        (3, TimeBasis.EVENT),
        (3, None),
    ]
    assert found.bases == {
        TimeBasis.RECEIVED: 1,
        TimeBasis.RESPONSE: 1,
        TimeBasis.EVENT: 1,
        None: 1,
    }


def test_orders_of_an_answer_are_known_together() -> None:
    """When the last of them was canceled, for the answer cannot have come before; the engine's clock keeps each."""
    answer = [replace(EVENT, source="a:1", index=n, event_ns=ns) for n, ns in enumerate((10, 30, 20))]
    after = replace(EVENT, source="a:2", event_ns=40)
    assert [due.time_ns for due in merge([*answer, after])] == [30, 30, 30, 40]
    assert [due.time_ns for due in merge([*answer, after], clock="event", window_ns=50)] == [10, 20, 30, 40]


def test_what_is_too_late_is_given_now_and_counted() -> None:
    """A late event does not turn the time back."""
    found = merge(received(10, 30, 25, 5, 40), window_ns=10)
    given = list(found)
    assert [due.time_ns for due in given] == [10, 10, 25, 30, 40]
    assert places(given) == ["a:0", "a:3", "a:2", "a:1", "a:4"]
    assert found.late == 1


def test_errors_name_the_event() -> None:
    """By its place in the log."""
    with pytest.raises(LateEventError, match="a:1: 5 ns before its predecessor"):
        list(merge(received(10, 5), late="error"))
    with pytest.raises(UntimedEventError, match="a:1: no time"):
        list(merge(received(10, None), missing="error"))


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"missing": "skip"}, "missing: expected hold, drop or error, found 'skip'"),
        ({"late": "hold"}, "late: expected keep, drop or error, found 'hold'"),
        ({"clock": "arrival"}, "'arrival' is not a valid Clock"),
        ({"window_ns": -1}, "window_ns: expected 0 or more, found -1"),
    ],
)
def test_unknown_words_are_refused(wrong: dict[str, object], message: str) -> None:
    """Before anything is read."""
    with pytest.raises(ValueError, match=message):
        merge([EVENT], **wrong)  # type: ignore[arg-type]


def test_no_source_is_read_further_than_it_has_to() -> None:
    """So a log that is still written can be one."""

    def endless() -> Iterator[CancelEvent]:
        for ns in count():
            yield replace(EVENT, received_ns=ns)

    assert [due.time_ns for due in islice(merge(endless(), endless()), 5)] == [0, 0, 1, 1, 2]


def test_no_sources() -> None:
    """Nothing of nothing."""
    assert list(merge()) == list(merge([], [])) == []
