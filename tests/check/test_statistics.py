"""Counts do not depend on the batches of a run, and stay bounded."""

from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from msgspec.structs import replace

from cancelnorm import normalise
from cancelnorm.check import RULES, Finding, Skipped, judge, unusual_events
from cancelnorm.check.distributions import Latency, Timeline
from cancelnorm.check.statistics import GroupKey, Summary
from cancelnorm.schema import Evidence, Normalised, Outcome, Reason
from tests.samples import SAMPLES

JUDGED = [judge(sample.record()) for sample in SAMPLES.values()]
RULE = RULES["CN201"]
REFUSED = normalise(SAMPLES["binance/delete-order-unknown-order"].record())
FOUND = [Finding(RULE, f"{i}", f"a:{i}", path) for i in range(4) for path in ("$.a", "$.b[0]", "$.b[7].c")]

Step = Normalised | Skipped | Finding
steps = st.lists(st.sampled_from([*(j for j in JUDGED if isinstance(j, Normalised | Skipped)), *FOUND]))
cuts = st.lists(st.integers(0, 40), max_size=4)


def counted(run: list[Step]) -> Summary:
    """Count everything into one."""
    summary = Summary(files=1)
    for step in run:
        match step:
            case Normalised():
                summary.add(step, unusual_events(step.events))
            case Skipped(what):
                summary.skip(what)
            case Finding():
                summary.find(step)
    return summary


@given(steps, cuts)
def test_parts_make_the_whole(run: list[Step], at: list[int]) -> None:
    """Merging the batches of a run in order gives the counts and examples of the whole."""
    bounds = [0, *sorted(min(cut, len(run)) for cut in at), len(run)]
    merged = Summary()
    for start, end in pairwise(bounds):
        merged.merge(counted(run[start:end]))
    whole = counted(run)
    assert merged.files == len(bounds) - 1
    merged.files = whole.files
    assert merged == whole


def test_indices_are_one_place() -> None:
    """Rows of an answer share a group, which keeps its first few findings."""
    summary = Summary()
    for i in range(9):
        summary.find(Finding(RULE, "m", f"a:{i}", f"$.rows[{i}].qty"))
    [(place, group)] = summary.groups.items()
    assert place == GroupKey("CN201", "", "", "$.rows[*].qty")
    assert (group.count, [finding.source for finding in group.examples]) == (9, ["a:0", "a:1", "a:2"])


def test_events_of_an_answer_are_counted_as_events_of_several() -> None:
    """Whatever they differ in."""
    [event] = normalise(SAMPLES["binance/delete-order-unknown-order"].record()).events
    events = [event, event] + [
        replace(event, **{name: value})
        for name, value in (
            ("venue", "bybit"),
            ("endpoint", "DELETE /nope"),
            ("outcome", Outcome.UNKNOWN),
            ("evidence", Evidence.NONE),
            ("reason", Reason.OTHER),
            ("code", "7"),
            ("received_ns", 1_763_000_000_000_000_000),
        )
    ]
    whole, apart = Summary(), Summary()
    whole.add(Normalised(tuple(events)), events)
    for each in events:
        apart.add(Normalised((each,)), [each])
    for name in ("verdicts", "reasons", "timeline"):
        assert getattr(whole, name) == getattr(apart, name)


@given(st.integers(0, 700), st.integers(0, 700))
@example(501, 501)
def test_no_number_of_places_makes_it_grow(first: int, second: int) -> None:
    """Groups beyond the limit are counted together, and no count is lost."""
    summary, part = Summary(), Summary()
    for i in range(first):
        summary.find(Finding(RULE, "m", path=f"$.a{i}"))
        summary.skip(f"a{i}")
    for i in range(second):
        part.find(Finding(RULE, "m", path=f"$.b{i}"))
        part.skip(f"b{i}")
    summary.merge(part)
    assert len(summary.groups) <= 501
    assert len(summary.skipped) <= 501
    assert sum(group.count for group in summary.groups.values()) == first + second
    assert summary.records == summary.skipped.total() == first + second


@given(st.integers(0, 700), st.integers(0, 700))
@example(501, 501)
def test_no_number_of_codes_makes_it_grow(first: int, second: int) -> None:
    """Codes beyond the limit are counted together, each with its venue and its reason."""
    event = REFUSED.events[0]
    summary, part = Summary(), Summary()
    for many, of_them, venue in ((first, summary, "binance"), (second, part, "bybit")):
        for i in range(many):
            events = (replace(event, venue=venue, code=f"{i}"),)
            of_them.add(Normalised(events), events)
    summary.merge(part)
    assert len(summary.reasons) <= 502
    assert {key[1] for key in summary.reasons} <= {event.reason}
    assert {key[2] for key in summary.reasons if not key[2].isdigit()} <= {"other"}
    counts = [
        sum(n for key, n in summary.reasons.items() if key[0] == venue) for venue in ("binance", "bybit")
    ]
    assert counts == [first, second]


moments = st.lists(st.tuples(st.integers(-(10**10), 10**10), st.sampled_from(Outcome)), max_size=60)


@given(moments, st.integers(0, 6_060), st.integers(0, 6_000), st.integers(1, 400_000))
@example([], 4_200, 4_300, 1)
@example([], 0, 4_097, 1)
@example([(0, Outcome.CANCELED)], 1, 4_096, 7)
def test_timeline(found: list[tuple[int, Outcome]], cut: int, many: int, apart: int) -> None:
    """Bins and range do not depend on the order of events, and the number of bins is bounded."""
    found = [*found, *((i * apart, Outcome.CANCELED) for i in range(many))]
    whole, left, right = Timeline(), Timeline(), Timeline()
    for line, part in ((whole, found), (left, found[cut:]), (right, found[:cut])):
        for second, outcome in part:
            line.add(second, outcome)
            assert len(line.bins) <= 4_096
    left.merge(right)
    assert left == whole
    assert whole.bins.total() == len(found)
    known = [second for second, _ in found if second >= 0]
    assert (whole.first, whole.last) == (min(known, default=None), max(known, default=None))
    assert all(start % whole.width == 0 for start, _ in whole.bins)


WIDTHS = (1, 5, 15, 60, 300, 900, 3_600, 21_600, 86_400, 2_592_000, 31_104_000)


@pytest.mark.parametrize(("width", "next_width"), list(pairwise(WIDTHS)))
def test_bins_are_no_wider_than_needed(width: int, next_width: int) -> None:
    """Seconds, as long as there are no more than 4,096; then the least width that makes them so few."""
    line = Timeline()
    for i in range(4_096):
        line.add(i * width, Outcome.CANCELED)
    assert line.width == 1
    line.add(4_096 * width, Outcome.CANCELED)
    assert line.width == next_width


durations = st.lists(st.integers(-(10**12), 10**15), min_size=1)


@given(durations, st.integers(0, 50), st.sampled_from([0.01, 0.5, 0.99, 1.0]))
def test_latency(found: list[int], cut: int, share: float) -> None:
    """Least and greatest are exact, quantiles are within a ninth, negatives are counted separately."""
    whole, left, right = Latency(), Latency(), Latency()
    for ns in found:
        whole.add([ns])
    for latency, part in ((left, found[cut:]), (right, found[:cut])):
        if part:
            latency.add(part)
    left.merge(right)
    assert left == whole
    assert (whole.count, whole.least_ns, whole.greatest_ns) == (len(found), min(found), max(found))
    usable = sorted(ns for ns in found if ns >= 0)
    assert whole.negative == len(found) - len(usable)
    quantile = whole.quantile(share)
    if not usable:
        assert quantile is None
    else:
        assert quantile is not None
        assert any(quantile <= ns <= quantile * 9 / 8 for ns in usable)
        assert sum(ns <= quantile * 9 / 8 for ns in usable) >= share * len(usable) - 1e-6
