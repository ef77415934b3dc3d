"""Order latency for hftbacktest: laws on any records, then examples; the backtest itself is in ``tests/engines``."""

import pickle
import subprocess
import sys
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from cancelnorm import CancelEvent, Normalised, Outcome, Reason, UnknownEndpointError, events
from cancelnorm.latency import Unmeasured
from tests.latency.test_records import CANCEL, REFUSAL

np = pytest.importorskip("numpy")

from cancelnorm.replay.hftbacktest import (  # noqa: E402  # skipped where numpy is missing
    DTYPE,
    LeftOut,
    NoLatencyError,
    Unusable,
    order_latency,
    write_latency,
)

MS = 1_000_000
LIMITED = replace(REFUSAL, reason=Reason.RATE_LIMITED)
NOT_FOUND = replace(REFUSAL, reason=Reason.NOT_FOUND)
PUSHED = replace(CANCEL, endpoint="stream executionReport", sent_ns=None)
QUERIED = replace(CANCEL, endpoint="GET /api/v3/order")


def sent(at_ns: int, event: CancelEvent = CANCEL, engine_ns: int = 4, received_ns: int = 9) -> Normalised:
    """A record whose request was sent at a time; the others are counted from it."""
    return Normalised(
        (
            replace(
                event,
                sent_ns=None if event.sent_ns is None else at_ns,
                event_ns=None if event.event_ns is None else at_ns + engine_ns,
                response_ns=None if event.response_ns is None else at_ns + engine_ns + 3,
                received_ns=None if event.received_ns is None else at_ns + received_ns,
            ),
        )
    )


def rows(array: Any) -> list[tuple[int, int, int]]:
    """The three times of each row; the fourth column is empty."""
    assert [row[3] for row in array.tolist()] == [0] * len(array)
    return [row[:3] for row in array.tolist()]


def made(found: Sequence[Normalised], **options: Any) -> tuple[list[tuple[int, int, int]], LeftOut]:
    """Rows, which may be none, and what is left out."""
    try:
        array, left_out = order_latency(found, **options)
    except NoLatencyError as error:
        return [], error.left_out
    return rows(array), left_out


kinds = st.sampled_from(
    [
        CANCEL,
        CANCEL,
        CANCEL,
        LIMITED,
        NOT_FOUND,
        PUSHED,
        QUERIED,
        replace(CANCEL, sent_ns=None),
        replace(CANCEL, received_ns=None),
        replace(CANCEL, event_ns=None),
        replace(CANCEL, outcome=Outcome.UNKNOWN, reason=Reason.TIMEOUT),
    ]
)
records = st.lists(
    st.builds(sent, st.integers(-20, 400), kinds, st.integers(-9, 60), st.integers(-3, 50)), max_size=30
)
offsets = st.none() | st.integers(-20, 20)
clocks = st.sampled_from(["engine", "engine or gateway"])

# --- Laws ---


@given(records, offsets, clocks)
def test_nothing_is_left_out_in_silence(found: list[Normalised], offset_ns: int | None, clock: Any) -> None:
    """Rows and what is left out are all records."""
    array, left_out = made(found, offset_ns=offset_ns, clock=clock)
    assert len(array) + left_out.total() == len(found)
    assert all(count > 0 for count in left_out.values())


@given(records, offsets, clocks)
def test_hftbacktest_can_take_it(found: list[Normalised], offset_ns: int | None, clock: Any) -> None:
    """Layout, order and times are what it takes for granted and never checks."""
    try:
        array, _ = order_latency(found, offset_ns=offset_ns, clock=clock)
    except NoLatencyError:
        return
    assert (array.dtype, array.dtype.itemsize, array.ndim) == (DTYPE, 32, 1)
    assert array.flags["C_CONTIGUOUS"]
    assert array.flags["OWNDATA"]
    found_rows = rows(array)
    assert found_rows
    assert all(0 < req <= exch <= resp for req, exch, resp in found_rows if exch)
    assert all(before[0] < after[0] for before, after in pairwise(found_rows))
    arrivals = [exch for _, exch, _ in found_rows if exch]
    assert arrivals == sorted(arrivals)
    assert found_rows[0][1]
    assert found_rows[-1][1]


@given(records, st.permutations(range(30)))
def test_the_order_of_the_records_does_not_matter(found: list[Normalised], order: Sequence[int]) -> None:
    """Requests of different times give the same rows in any order."""
    distinct = list({result.events[0].sent_ns: result for result in found}.values())
    shuffled = [distinct[place] for place in order if place < len(distinct)]
    assert made(shuffled) == made(distinct)


# --- Examples ---


def test_rows_are_the_recorded_times() -> None:
    """Sorted by the time of the request."""
    array, left_out = order_latency([sent(300), sent(100), sent(200)], offset_ns=0)
    assert rows(array) == [(100, 104, 109), (200, 204, 209), (300, 304, 309)]
    assert left_out == LeftOut()


def test_the_offset_comes_off_first() -> None:
    """A venue's clock that is far ahead gives the same rows, given the offset or with the estimated one."""
    ahead = [sent(n * 100, engine_ns=37_004) for n in range(1, 4)]
    array, left_out = order_latency(ahead, offset_ns=37_000)
    assert rows(array) == [(100, 104, 109), (200, 204, 209), (300, 304, 309)]
    assert left_out.engine_offsets is None
    array, left_out = order_latency(ahead)
    assert rows(array) == [(100, 104, 109), (200, 204, 209), (300, 304, 309)]
    assert left_out.engine_offsets is not None
    assert [window.middle_ns for window in left_out.engine_offsets.windows] == [37_000]
    with pytest.raises(NoLatencyError, match="3 outside"):
        order_latency(ahead, offset_ns=0)


def test_one_answer_about_many_orders_is_one_row() -> None:
    """A hundred orders are one round trip, also as events of a log."""
    batch = [replace(CANCEL, index=index, order_id=str(index)) for index in range(100)]
    array, left_out = order_latency(batch, offset_ns=0)
    assert rows(array) == [(1_000, 1_004, 1_009)]
    assert left_out.total() == 0


def test_an_overloaded_venue() -> None:
    """It is a refusal to hftbacktest, but for the first and the last, which would never be answered."""
    found = [
        sent(100, LIMITED),
        sent(200),
        sent(300, LIMITED),
        sent(400),
        sent(500, LIMITED),
        sent(600, LIMITED),
    ]
    array, left_out = order_latency(found, offset_ns=0)
    assert rows(array) == [(200, 204, 209), (300, 0, 309), (400, 404, 409)]
    assert left_out == {Unusable.OVERLOADED_AT_AN_END: 3}


def test_times_that_do_not_grow() -> None:
    """Latency is interpolated between rows, so a request stands once and arrives in its turn."""
    found = [sent(100, received_ns=90), sent(100), sent(110, engine_ns=60, received_ns=70), sent(120)]
    array, left_out = order_latency(found, offset_ns=0)
    assert rows(array) == [(100, 104, 190), (110, 170, 180)]
    assert left_out == {Unusable.SAME_REQUEST_TIME: 1, Unusable.OVERTAKEN: 1}


def test_the_gateways_clock() -> None:
    """It stands in where it is asked for, is counted, and has an offset of its own."""
    found = [sent(100), sent(200, NOT_FOUND), sent(300)]
    array, left_out = order_latency(found, offset_ns=0)
    assert rows(array) == [(100, 104, 109), (300, 304, 309)]
    assert (left_out, left_out.gateway_rows) == ({Unusable.NO_ENGINE_TIME: 1}, 0)
    array, left_out = order_latency(found, clock="engine or gateway", offset_ns=0)
    assert rows(array) == [(100, 104, 109), (200, 207, 209), (300, 304, 309)]
    assert (left_out, left_out.gateway_rows) == ({}, 1)
    _, left_out = order_latency(found, clock="engine or gateway")
    assert left_out.engine_offsets is not None
    assert left_out.gateway_offsets is not None
    assert [window.trips for window in left_out.engine_offsets.windows] == [2]
    assert [window.trips for window in left_out.gateway_offsets.windows] == [1]


def test_what_is_no_row() -> None:
    """Each record that is left out has its reason."""
    found = [
        sent(100),
        sent(200, PUSHED),
        sent(300, QUERIED),
        sent(400, replace(CANCEL, sent_ns=None)),
        sent(500, replace(CANCEL, received_ns=None)),
        sent(600, replace(CANCEL, venue="bybit", endpoint="POST /v5/order/cancel")),
        sent(-100),
        sent(2**63),
        sent(700, engine_ns=-1),
        sent(800, NOT_FOUND),
        sent(900, replace(REFUSAL, outcome=Outcome.UNKNOWN, reason=Reason.TIMEOUT)),
    ]
    array, left_out = order_latency(found, venue="binance", offset_ns=0)
    assert rows(array) == [(100, 104, 109)]
    assert left_out == {
        Unusable.STREAM: 1,
        Unmeasured.QUERY: 1,
        Unmeasured.NO_SENT_TIME: 1,
        Unmeasured.NO_RECEIVED_TIME: 1,
        Unusable.OTHER_VENUE: 1,
        Unmeasured.OUT_OF_RANGE: 2,
        Unusable.OUTSIDE: 1,
        Unusable.NO_ENGINE_TIME: 1,
        Unmeasured.UNKNOWN: 1,
    }


def test_several_venues() -> None:
    """Their clocks differ, so one must be chosen."""
    found = [*events("samples/logs/orders.jsonl")]
    with pytest.raises(ValueError, match="venue: choose one of binance, bingx, bybit, whose clocks differ"):
        order_latency(found)
    array, left_out = order_latency(found, venue="binance", offset_ns=0)
    assert rows(array) == [(1793700002000000000, 1793700002012000000, 1793700002023000000)]
    assert len(array) + left_out.total() == 7
    for alias in ("Binance", "binanceusdm"):
        again, _ = order_latency(found, venue=alias, offset_ns=0)
        assert rows(again) == rows(array)
    with pytest.raises(UnknownEndpointError, match=r"no venue 'binanse'.*binance"):
        order_latency(found, venue="binanse")


@pytest.mark.parametrize(
    ("found", "message"),
    [
        ([], "no records"),
        ([sent(100, replace(CANCEL, sent_ns=None, received_ns=None))] * 2, "2 no_sent_time"),
        ([sent(100, NOT_FOUND), sent(200, PUSHED)], "1 stream, 1 no_engine_time"),
        ([sent(100, LIMITED)], "1 overloaded_at_an_end"),
    ],
)
def test_no_row_at_all(found: list[Normalised], message: str) -> None:
    """The error says why, rather than that hftbacktest panics."""
    with pytest.raises(NoLatencyError) as caught:
        order_latency(found)
    assert str(caught.value) == f"no answer to a cancel with the times that a latency takes: {message}"
    again = pickle.loads(pickle.dumps(caught.value))
    assert (str(again), again.left_out) == (str(caught.value), caught.value.left_out)


def test_an_unknown_clock() -> None:
    """It is refused before anything is read."""
    wrong: Any = "gateway"
    with pytest.raises(ValueError, match="clock: expected engine or 'engine or gateway', found 'gateway'"):
        order_latency([], clock=wrong)


def test_without_numpy() -> None:
    """A line names the extra; nothing else of the package needs it."""
    code = "import sys; sys.modules['numpy'] = None; import cancelnorm.replay, cancelnorm.latency; "
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stderr) == (0, "")
    code += "import cancelnorm.replay.hftbacktest"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert ran.returncode == 1
    assert ran.stderr.endswith("takes numpy: pip install 'cancelnorm[hftbacktest]'\n")


def test_a_file(tmp_path: Path) -> None:
    """It has the array under the key that hftbacktest reads, and takes the place of an older one."""
    array, _ = order_latency([sent(100), sent(200)], offset_ns=0)
    path = tmp_path / "latency.npz"
    path.write_bytes(b"older")
    write_latency(path, array)
    with np.load(path) as stored:
        assert stored.files == ["data"]
        assert stored["data"].dtype == DTYPE
        assert rows(stored["data"]) == rows(array)
    assert [file.name for file in tmp_path.iterdir()] == ["latency.npz"]


def test_a_file_that_cannot_be_written(tmp_path: Path) -> None:
    """Nothing is left behind, and what was there stays."""
    array, _ = order_latency([sent(100)], offset_ns=0)
    with pytest.raises(ValueError, match=r"ends in \.npz"):
        write_latency(tmp_path / "latency.npy", array)
    for wrong in (array[:0], array.tolist(), array.view("i8"), array[["req_ts", "exch_ts", "resp_ts"]]):
        with pytest.raises(ValueError, match="the array that order_latency makes"):
            write_latency(tmp_path / "latency.npz", wrong)
    with pytest.raises(FileNotFoundError):
        write_latency(tmp_path / "none" / "latency.npz", array)
    (tmp_path / "folder.npz").mkdir()
    with pytest.raises(OSError, match=r"folder\.npz"):
        write_latency(tmp_path / "folder.npz", array)
    assert [file.name for file in tmp_path.iterdir()] == ["folder.npz"]
