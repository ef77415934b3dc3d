"""Lines of a time and a frame, and the times in them."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cancelnorm import normalise
from cancelnorm.logs.formats import pick
from cancelnorm.logs.options import Options
from cancelnorm.logs.text import TEXT
from cancelnorm.logs.timestamped import TIMESTAMPED
from cancelnorm.logs.timestamps import ns
from tests.logs.captured import LOGS, faults, found, leaks, records

TARDIS = (LOGS / "tardis.log").read_bytes()
FRAME = b'{"e":"executionReport","i":1}'
BINANCE = Options(venue="binance")
NOW = 1_700_000_000_123_456_789


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("1700000000.123456789", NOW),
        (Decimal("1700000000.123456789"), NOW),
        (1700000000.25, 1_700_000_000_250_000_000),
        ("1700000000123.456789", NOW),
        ("1700000000123456", 1_700_000_000_123_456_000),
        (NOW, NOW),
        ("1.7e9", 1_700_000_000_000_000_000),
        (0, 0),
        ("2023-11-14T22:13:20.123456789Z", NOW),
        ("2023-11-14 22:13:20,123", 1_700_000_000_123_000_000),
        ("2023-11-14T22:13:20.1234567891234+00:00", NOW),
        ("2023-11-14T23:43:20+0130", 1_700_000_000_000_000_000),
        ("2023-11-14 22:13:20 UTC", 1_700_000_000_000_000_000),
        ("1969-12-31T23:59:59.25Z", -750_000_000),
    ],
)
def test_times(value: object, expected: int) -> None:
    """The unit shows in the size, no digit is lost, and without a zone it is UTC."""
    assert ns(value) == expected


@pytest.mark.parametrize(
    "value",
    [
        "",
        "soon",
        "-1",
        "nan",
        "1_000",
        "１７０００００００００",
        "2023-13-01T00:00:00Z",
        "2023-11-14T25:00:00Z",
        "9999-01-01T00:00:00Z",
        "0001-01-01T00:00:00Z",
        "99999999999",
        1e300,
        float("nan"),
        True,
        None,
        [1],
        b"1",
    ],
)
def test_what_is_no_time(value: object) -> None:
    """Neither is what 64 bits do not hold."""
    assert ns(value) is None


@given(st.integers(10**17, 2**63 - 1), st.sampled_from([0, 3, 6, 9]))
def test_units_round_trip(moment: int, digits: int) -> None:
    """A time is the same in ns, µs, ms and s."""
    assert ns(format(Decimal(moment).scaleb(-digits), "f")) == moment


@given(st.datetimes(datetime(1970, 1, 1), datetime(2262, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001  # the zone is UTC
def test_iso_round_trip(moment: datetime) -> None:
    """What Python writes is read to the microsecond."""
    since = moment - datetime(1970, 1, 1, tzinfo=UTC)
    expected = ((since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds) * 1_000
    assert ns(moment.isoformat()) == ns(moment.isoformat(" ")) == expected


@given(st.text() | st.floats() | st.integers() | st.decimals())
def test_any_time(value: object) -> None:
    """Nothing raises, and what is found fits 64 bits."""
    found_ns = ns(value)
    assert found_ns is None or -(2**63) <= found_ns < 2**63


@pytest.mark.parametrize(
    "before",
    [
        b"1700000000123456789 ",
        b"1700000000123456789\t",
        b"1700000000123456789,",
        b"1700000000.123456789: ",
        b"  1700000000123.456789 ; ",
        b"2023-11-14T22:13:20.123456789Z ",
        b"2023-11-14 22:13:20.123456789 ",
        b"2023-11-14T22:13:20.123456789+00:00,",
        b'"2023-11-14T22:13:20.123456789Z" ',
        b"2023-11-14 22:13:20.123456789 UTC ",
    ],
)
@pytest.mark.parametrize("end", [b"\n", b"\r\n", b""])
def test_separators(before: bytes, end: bytes) -> None:
    """A time and a frame, however they are kept apart."""
    line = before + FRAME + end
    assert TIMESTAMPED.fits(line)
    [record] = records(TIMESTAMPED, line, BINANCE)
    assert (record.payload, record.received_ns) == (FRAME, NOW)


def test_tardis() -> None:
    """Seven digits of a second; a request is no record, and its answer knows what was asked."""
    assert pick(TARDIS, Options()) is TIMESTAMPED
    _, pushed, answered = records(TIMESTAMPED, TARDIS)
    assert (pushed.venue, pushed.received_ns) == ("binance", 1_793_700_003_215_000_200)
    assert (answered.endpoint, answered.source) == ("ws order.cancel", "log:4")
    assert (answered.sent_ns, answered.received_ns) == (1_793_700_005_250_001_000, 1_793_700_005_261_788_400)
    assert [str(normalise(record).events[0].outcome) for record in (pushed, answered)] == ["canceled"] * 2
    assert not leaks(found(TIMESTAMPED, TARDIS))


def test_hftbacktest() -> None:
    """Nanoseconds."""
    data = (LOGS / "hftbacktest.log").read_bytes()
    assert pick(data, Options()) is TIMESTAMPED
    assert [record.received_ns for record in records(TIMESTAMPED, data)] == [
        1_793_700_003_215_000_211,
        1_793_700_004_215_000_877,
    ]


def test_bad_lines_cost_themselves_only() -> None:
    """Also the first, as a log that was rotated has it; blank lines are no lines."""
    data = b'79 {"e":\xff\n\nnoise\n1700000000 ' + FRAME + b"\n17000000"
    assert TIMESTAMPED.fits(b"noise\n1700000000 " + FRAME)
    things = found(TIMESTAMPED, data, BINANCE)
    assert [getattr(thing, "source", None) for thing in things] == ["log:1", "log:3", "log:4", "log:5"]
    assert faults(TIMESTAMPED, data, BINANCE) == [
        "log:3: line: expected a timestamp and a JSON frame",
        "log:5: line: expected a timestamp and a JSON frame",
    ]


def test_nothing_says_which_venue() -> None:
    """The fault says what to do."""
    assert faults(TIMESTAMPED, b'1700000000 {"zz":1}') == ["log:1: line: unknown venue; name it with --venue"]


@pytest.mark.parametrize("head", [b"", b"{}", b"1700000000", b"soon {}", b"1" + b" " * 200_000 + b"x"])
def test_what_does_not_fit(head: bytes) -> None:
    """A log of something else, told without going over it again and again."""
    assert not TIMESTAMPED.fits(head)


@given(st.binary())
def test_any_bytes(data: bytes) -> None:
    """No bytes raise, and none of what is wrong is quoted."""
    for fault in faults(TIMESTAMPED, b"1700000000 " + FRAME + b"\n" + data, BINANCE):
        assert fault.endswith("expected a timestamp and a JSON frame")


@pytest.mark.parametrize("first", ["200", "400", "17", "1", "20261126"])
def test_a_count_is_no_time(first: str) -> None:
    """A program prints a status, or the number of a line, and the body of an answer: that is text without a time."""
    line = b'%b {"code":-2011,"msg":"Unknown order sent."}\n'
    assert pick(line % first.encode() * 3, BINANCE) is TEXT
    assert [record.received_ns for record in records(TEXT, line % first.encode(), BINANCE)] == [None]
    assert pick(line % b"1700000000" * 3, BINANCE) is TIMESTAMPED
