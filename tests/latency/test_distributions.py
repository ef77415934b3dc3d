"""Distributions of latency: laws, then examples."""

import pickle
from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from cancelnorm.latency import Distribution, Leg, Measurements, Push, RoundTrip, Unmeasured, offsets

MS = 1_000_000
SECOND = 1_000 * MS
ENDPOINT = ("binance", "DELETE /api/v3/order")
STREAM = ("binance", "stream executionReport")


def trip(sent: int, there: int, back: int, ahead: int = 0) -> RoundTrip:
    """A round trip at a venue whose clock is ahead."""
    return RoundTrip(*ENDPOINT, sent, sent + there + back, sent + there + ahead, None, is_overloaded=False)


times = st.integers(0, 5_000 * SECOND)
delays = st.integers(0, 900 * MS)
names = st.sampled_from([ENDPOINT, STREAM, ("bybit", "POST /v5/order/cancel")])
trips = st.builds(
    lambda name, sent, there, back, engine: RoundTrip(
        name[0], name[1], sent, sent + there + back, engine, None, is_overloaded=False
    ),
    names,
    times,
    delays,
    delays,
    st.none() | times,
)
pushes = st.builds(
    lambda name, engine, delay: Push(name[0], name[1], engine, engine + delay), names, times, delays
)
records = st.lists(trips | pushes | st.sampled_from(Unmeasured), max_size=40)


def gathered(found: Sequence[RoundTrip | Push | Unmeasured]) -> Measurements:
    """The times of records."""
    measurements = Measurements()
    for record in found:
        measurements.add(record)
    return measurements


# --- Laws ---


@given(records, records)
def test_parts_of_a_log_are_joined(
    some: list[RoundTrip | Push | Unmeasured], more: list[RoundTrip | Push | Unmeasured]
) -> None:
    """However a log is divided, and after a journey from another process."""
    joined = gathered(some)
    joined.merge(pickle.loads(pickle.dumps(gathered(more))))
    whole = gathered([*some, *more])
    assert joined.records == whole.records == len(some) + len(more)
    assert joined.unmeasured == whole.unmeasured
    assert joined.latencies() == whole.latencies()


@given(records, st.none() | st.integers(-SECOND, SECOND))
def test_every_record_is_counted(found: list[RoundTrip | Push | Unmeasured], offset_ns: int | None) -> None:
    """A duration is never negative; each measured record is in a distribution or impossible."""
    measurements = gathered(found)
    latencies = measurements.latencies(offset_ns)
    for one in latencies.distributions:
        assert one.durations[0] >= 0
        assert list(one.durations) == sorted(one.durations)
    counts = {(one.venue, one.endpoint, one.leg): one.count for one in latencies.distributions}
    for name in {record[:2] for record in found if not isinstance(record, Unmeasured)}:
        mine = [record for record in found if not isinstance(record, Unmeasured) and record[:2] == name]
        assert counts.get((*name, Leg.ROUND_TRIP), 0) == sum(isinstance(each, RoundTrip) for each in mine)
        timed = sum(isinstance(each, Push) or each.engine_ns is not None for each in mine)
        there, news = (counts.get((*name, leg), 0) for leg in (Leg.THERE, Leg.NEWS))
        assert there == counts.get((*name, Leg.BACK), 0)
        assert there + news + latencies.impossible[name] == timed


@given(st.lists(st.tuples(times, delays, delays), min_size=1, max_size=30), st.integers(-SECOND, SECOND))
def test_legs_are_as_exact_as_it_is_said(travels: list[tuple[int, int, int]], ahead: int) -> None:
    """The mean of a leg is off by no more than the error, and the legs add up to the round trips."""
    measurements = gathered([trip(*each, ahead) for each in travels])
    found = {one.leg: one for one in measurements.latencies(window_ns=10_000 * SECOND).distributions}
    assert sum(found[Leg.THERE].durations) + sum(found[Leg.BACK].durations) == sum(
        found[Leg.ROUND_TRIP].durations
    )
    error = found[Leg.THERE].error_ns
    assert error is not None
    off = sum(found[Leg.THERE].durations) - sum(there for _, there, _ in travels)
    assert abs(off) <= (error + 1) * len(travels)
    assert found[Leg.ROUND_TRIP].error_ns is None


@given(st.lists(st.integers(0, 1_000), min_size=1, max_size=300), st.integers(1, 100))
def test_a_quantile_is_the_least_that_so_many_do_not_exceed(durations: list[int], percent: int) -> None:
    """By counting."""
    found = Distribution(*ENDPOINT, Leg.ROUND_TRIP, sorted(durations)).quantile(percent / 100)
    assert found in durations
    assert sum(each <= found for each in durations) * 100 >= percent * len(durations)
    assert sum(each < found for each in durations) * 100 < percent * len(durations)


# --- Examples ---


def test_legs() -> None:
    """The offset is estimated from all endpoints of a venue, and holds for its streams."""
    found: list[RoundTrip | Push | Unmeasured] = [
        *(trip(n * SECOND, 4 * MS, 4 * MS, 37 * MS) for n in range(5)),
        Push(*STREAM, SECOND + 37 * MS, SECOND + 6 * MS),
    ]
    latencies = gathered(found).latencies()
    assert [(one.endpoint, one.leg, one.count, one.quantile(0.5)) for one in latencies.distributions] == [
        (ENDPOINT[1], Leg.THERE, 5, 3_500_000),
        (ENDPOINT[1], Leg.BACK, 5, 4_500_000),
        (ENDPOINT[1], Leg.ROUND_TRIP, 5, 8 * MS),
        (STREAM[1], Leg.NEWS, 1, 6_500_000),
    ]
    assert [one.error_ns for one in latencies.distributions] == [4_500_000, 4_500_000, None, 4_500_000]


def test_an_offset_that_is_given() -> None:
    """Nothing is estimated, and what it makes impossible is counted."""
    measurements = gathered([trip(0, 4, 5), trip(100, 4, 5, 37), Push(*STREAM, 9, 8)])
    latencies = measurements.latencies(0)
    assert [(one.leg, one.count, one.is_corrected, one.error_ns) for one in latencies.distributions] == [
        (Leg.THERE, 1, True, None),
        (Leg.BACK, 1, True, None),
        (Leg.ROUND_TRIP, 2, None, None),
    ]
    assert latencies.offsets == {}
    assert latencies.impossible == {ENDPOINT: 1, STREAM: 1}


def test_a_stream_alone() -> None:
    """Nothing tells the offset, so the duration is as recorded, and it is said."""
    [news] = gathered([Push(*STREAM, 100, 109)]).latencies().distributions
    assert (news.leg, news.durations[0], news.is_corrected, news.error_ns) == (Leg.NEWS, 9, False, None)


def test_answers_without_a_time_of_the_venue() -> None:
    """They have a round trip and no other leg, rather than one of zero."""
    refused = RoundTrip(*ENDPOINT, 100, 109, None, 105, is_overloaded=False)
    latencies = gathered([refused]).latencies()
    assert [(one.leg, one.durations[0]) for one in latencies.distributions] == [(Leg.ROUND_TRIP, 9)]
    assert latencies.offsets == {}


def test_nothing_at_all() -> None:
    """There is no distribution without a record that has times."""
    measurements = gathered([Unmeasured.QUERY, Unmeasured.NO_SENT_TIME])
    assert measurements.latencies().distributions == []
    assert measurements.records == 2


def test_the_offsets_are_those_of_the_trips() -> None:
    """With the window that is asked for."""
    found = [trip(n * SECOND, 4 * MS, 5 * MS, n * MS // 20) for n in range(100)]
    expected = offsets([(each.sent_ns, each.received_ns, each.engine_ns or 0) for each in found], 20 * SECOND)
    assert gathered(found).latencies(window_ns=20 * SECOND).offsets == {"binance": expected}
