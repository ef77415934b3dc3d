"""Latencies as text, as JSON and as a picture."""

import json
import struct
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cancelnorm.latency import Distribution, Leg, Measurements, Push, RoundTrip, Unmeasured
from cancelnorm.report.latencies import as_json, as_text, milliseconds
from cancelnorm.report.picture import draw

MS = 1_000_000
SECOND = 1_000 * MS

# lines are as wide as what is printed

TABLE = """\
venue    endpoint                leg               count      p50      p90      p99      max        ±
binance  DELETE /api/v3/order    request to venue      9  4.00 ms  4.00 ms  4.00 ms  4.00 ms  5.00 ms
                                 venue to answer       9  5.00 ms  5.50 ms  5.50 ms  5.50 ms  5.00 ms
                                 round trip           10  9.00 ms  9.50 ms  9.50 ms  9.50 ms
binance  stream executionReport  venue to stream       1  5.00 ms  5.00 ms  5.00 ms  5.00 ms  5.00 ms
bybit    stream order            venue to stream       1  7.00 ms  7.00 ms  7.00 ms  7.00 ms        ?

the venue's clock compared with the recorder's
  binance: 37.00 ms ahead, ±5.00 ms, from 9 round trips, 1 ignored as contradictory
  bybit: not known, no answer has both the recorder's times and the engine's

not measured
  12  queries, which cancel nothing
   3  not about a cancel
   1  times of the venue that no offset explains: binance DELETE /api/v3/order
"""


def measured() -> Measurements:
    """Times of some records, the venue's clock 37 ms ahead."""
    found = Measurements()
    for n in range(10):
        sent = n * SECOND
        engine = sent + 4 * MS + 37 * MS if n != 5 else sent - 3_600 * SECOND
        back = 5 * MS + n % 2 * MS // 2
        found.add(
            RoundTrip(
                "binance",
                "DELETE /api/v3/order",
                sent,
                sent + 4 * MS + back,
                engine,
                None,
                is_overloaded=False,
            )
        )
    found.add(Push("binance", "stream executionReport", SECOND + 37 * MS, SECOND + 5 * MS))
    found.add(Push("bybit", "stream order", SECOND, SECOND + 7 * MS))
    found.unmeasured[Unmeasured.QUERY] = 12
    found.skipped = 3
    return found


def test_text() -> None:
    """Quantiles, offsets with their error, and what is left out."""
    found = measured()
    assert "".join(f"{line.rstrip()}\n" for line in as_text(found, found.latencies())) == TABLE


def test_json() -> None:
    """The same, with times in ns and null where nothing is known."""
    found = measured()
    written = json.loads(as_json(found, found.latencies()))
    assert written["records"] == 27
    assert [(one["leg"], one["is_corrected"], one["error_ns"]) for one in written["latencies"]] == [
        ("request to venue", True, 5_000_000),
        ("venue to answer", True, 5_000_000),
        ("round trip", None, None),
        ("venue to stream", True, 5_000_000),
        ("venue to stream", False, None),
    ]
    assert written["offsets"]["binance"]["windows"] == [
        {"start_ns": 0, "end_ns": 9 * SECOND, "least_ns": 32 * MS, "greatest_ns": 42 * MS, "trips": 9}
    ]
    assert written["not_measured"] == {"query": 12, "not_a_cancel": 3}
    assert written["impossible"] == [{"venue": "binance", "endpoint": "DELETE /api/v3/order", "count": 1}]


@pytest.mark.parametrize(
    ("ahead", "text"),
    [
        ((37, 37), "37.00 ms ahead,"),
        ((30, 37), "30.00 ms to 37.00 ms ahead,"),
        ((-30, 37), "30.00 ms behind to 37.00 ms ahead,"),
        ((-30, -37), "30.00 ms to 37.00 ms behind,"),
        ((-37, -37), "37.00 ms behind,"),
    ],
)
def test_offsets_in_words(ahead: tuple[int, int], text: str) -> None:
    """A clock is ahead or behind, or one after the other."""
    found = Measurements()
    for n, ahead_ms in enumerate(ahead):
        sent = n * 3_600 * SECOND
        found.add(
            RoundTrip("binance", "x", sent, sent + 8, sent + 4 + ahead_ms * MS, None, is_overloaded=False)
        )
    assert any(line.startswith(f"  binance: {text}") for line in as_text(found, found.latencies()))


@pytest.mark.parametrize(
    ("ns", "text"),
    [
        (0, "0.00 ms"),
        (12_466_000, "12.47 ms"),
        (9_999 * MS, "9,999.00 ms"),
        (12 * SECOND, "12.0 s"),
        (36_000 * SECOND, "10.0 h"),
        (300 * 86_400 * SECOND, "300 d"),
    ],
)
def test_durations_are_short(ns: int, text: str) -> None:
    """So that they fit a column."""
    assert milliseconds(ns) == text


# --- Pictures ---

distributions = st.lists(
    st.builds(
        lambda name, leg, durations: Distribution("binance", name, leg, sorted(durations)),
        st.sampled_from(["GET /a", "DELETE /b & <c>", "x" * 200, "中文"]),
        st.sampled_from(Leg),
        st.lists(st.integers(0, 10**18) | st.integers(0, 10**8), min_size=1, max_size=50),
    ),
    min_size=1,
    max_size=20,
    unique_by=lambda one: (one.endpoint, one.leg),
)


def texts(svg: bytes) -> list[str]:
    """The texts of a picture."""
    found = ET.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")
    return [" ".join("".join(node.itertext()).split()) for node in found]


@settings(max_examples=max(20, settings().max_examples // 5))  # each draws a picture
@given(distributions)
def test_any_distribution_can_be_drawn(found: list[Distribution]) -> None:
    """Zeros, single durations and long names too; every row has its leg and its figures."""
    shown = texts(draw(found, "svg"))
    for one in found:
        assert one.leg.value in shown
        assert milliseconds(one.quantile(0.5)) in shown
    assert "NaN" not in "".join(shown)


def test_a_picture_of_many_endpoints() -> None:
    """Those with the most records, and how many there are besides."""
    found = [Distribution("binance", f"DELETE /{n}", Leg.ROUND_TRIP, [MS] * (n + 1)) for n in range(15)]
    shown = texts(draw(found, "svg"))
    assert [text for text in shown if text.startswith("binance")] == [
        f"binance DELETE /{n}" for n in range(3, 15)
    ]
    assert "Not shown: 3 endpoints with fewer records." in " ".join(shown)


def test_the_offset_is_told() -> None:
    """The picture says it, for it goes into reports by itself."""
    note = "The offset of bybit's clock is not known: legs to it and from it are as recorded."
    error = "The offset of binance's clock is estimated: legs to it and from it may be off by ±5.00 ms."
    found = measured().latencies().distributions
    assert f"{error}{note}" in " ".join(texts(draw(found, "svg")))
    assert note not in " ".join(texts(draw([one for one in found if one.venue == "binance"], "svg")))


def test_times_of_the_axis() -> None:
    """They are round, and few enough to read."""
    for longest, expected in (
        (90 * MS, ["5", "10", "20", "50", "100"]),
        (10**7 * MS, ["10", "100", "1,000"]),
    ):
        found = [Distribution("binance", "DELETE /a", Leg.ROUND_TRIP, [3 * MS, longest])]
        shown = texts(draw(found, "svg"))
        assert shown[: len(expected)] == expected
        assert "milliseconds" in shown


def test_png() -> None:
    """An image of a size that one can read, wider than high."""
    image = draw(measured().latencies().distributions, "png")
    assert image.startswith(b"\x89PNG\r\n")
    width, height = struct.unpack(">II", image[16:24])
    assert width > 1_500
    assert 400 < height < width
