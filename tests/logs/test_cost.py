"""The cost of reading, checking and masking grows as the input does, whatever that is; costs are counted, not timed."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from cancelnorm import CancelNormError, Record, identify, normalise, parse
from cancelnorm.check import Settings, examine_batch
from cancelnorm.escapes import printable, printable_json
from cancelnorm.logs import FORMAT_NAMES, Options, batches
from cancelnorm.masking import fingerprint, may_show_secret, without_secrets
from cancelnorm.secret_names import is_secret, secret_keys
from tests.adversarial import (
    CONTEXTS,
    NAMED,
    NAMELESS,
    OPEN,
    PIECES,
    RECURRING,
    REFUSED,
    TINY,
    Input,
    inputs,
    open_requests,
    readers_of,
    tiny_records,
)
from tests.costs import cost, scans_counted

SIZE = 4_096
MOST = 2.6
"""How many times the cost of an input that of one twice as long is at most; it is 4 where each pair of parts costs."""
FREE = 3_000
"""What does not depend on the input."""
EACH = 10
"""Inputs for each reader of its own places, and of others; the benchmark takes all."""
SETTINGS = Settings(excerpts="first", columns=True)


@pytest.fixture(scope="module", autouse=True)
def _scans() -> Iterator[None]:
    with scans_counted():
        yield


def assert_linear(run: Callable[[bytes], object], kind: Input) -> None:
    """Run on an input and on one that is twice as long."""
    small, great = kind.data(SIZE), kind.data(SIZE * 2)
    run(small)  # the first call builds tables
    run(great)
    one, other = cost(lambda: run(small)), cost(lambda: run(great))
    assert other <= MOST * one + FREE, f"{kind}: {one} at {len(small)} bytes, {other} at {len(great)}"


def some(reader: str) -> list[Input]:
    """The inputs that a reader is for, every so many of them."""
    found = [
        kind
        for kind in inputs()
        if reader in readers_of(kind) and (kind.context != "alone" or reader != "masker")
    ]
    own = [kind for kind in found if kind.context.partition(":")[0] == reader]
    others = [kind for kind in found if kind not in own]
    return [*own[:: len(own) // EACH + 1], *others[:: len(others) // EACH + 1]]


def reading(path: Path, reader: str) -> Callable[[bytes], None]:
    """Reading and checking a log, as what it looks like or as a format."""
    options = Options(format=None if reader == "detected" else reader)

    def run(data: bytes) -> None:
        path.write_bytes(data)
        for batch in batches(str(path), options):
            examine_batch(batch, SETTINGS)

    return run


@pytest.mark.parametrize("reader", ["detected", *FORMAT_NAMES])
def test_reading(reader: str, tmp_path: Path) -> None:
    """A log is read and checked in linear time, as what it looks like and as any format."""
    for kind in some(reader):
        assert_linear(reading(tmp_path / "input.log", reader), kind)


@pytest.mark.parametrize("context", ["jsonl: object", "text: Python"])
def test_every_piece_in_an_object(context: str, tmp_path: Path) -> None:
    """Whatever is repeated in an object of a line of text, the time is linear."""
    for piece in PIECES:
        assert_linear(reading(tmp_path / "input.log", "text"), Input(context, piece, is_one_line=True))


@pytest.mark.parametrize("context", CONTEXTS)
def test_masking(context: str) -> None:
    """A text is masked in linear time, and so is what is made of it for a terminal."""

    def run(data: bytes) -> None:
        text = data.decode("utf-8", "surrogateescape")
        without_secrets(text)
        may_show_secret(text)
        is_secret(text)
        secret_keys([text])
        printable(text)
        with suppress(UnicodeEncodeError):
            fingerprint(text)
        with suppress(UnicodeDecodeError):
            printable_json(data)

    for piece in [*PIECES][len(context) % 5 :: 5]:
        assert_linear(run, Input(context, piece, is_one_line=True))


PLACES = ("alone", "in quotes", "records: payload", "secret object", "jsonl: object", "array")


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("status", [None, 502])
def test_normalising(place: str, status: int | None) -> None:
    """A payload is normalised, parsed and identified in linear time, with an endpoint and without."""

    def run(data: bytes) -> None:
        for venue, endpoint in (("binance", "DELETE /api/v3/openOrders"), ("bybit", None)):
            record = Record(data, venue, endpoint, status)
            for call in (normalise, parse):
                with suppress(CancelNormError):
                    call(record)
        identify(data, status=status)

    for piece in [*PIECES][len(place) % 7 :: 7]:
        assert_linear(run, Input(place, piece, is_one_line=True))


def cost_of_a_record(path: Path, line: str) -> float:
    """The cost of each of some tiny records that were not met before, when those before them have built tables."""
    costs = []
    for start in (100_000, 200_000):
        path.write_bytes(tiny_records(line, SIZE, start))
        costs.append(cost(lambda: checked(path)) / path.read_bytes().count(b"\n"))
    return costs[1]


def checked(path: Path) -> None:
    """Read and check a log."""
    for batch in batches(str(path), Options()):
        examine_batch(batch, SETTINGS)


TIMES = {
    **dict.fromkeys(NAMELESS, 10),  # as many as have unlike maps, of about a hundred endpoints
    **dict.fromkeys(RECURRING, 2),
    **dict.fromkeys(REFUSED, 4),
}
"""How many times the cost of an error with its endpoint that of other tiny records is, at most."""


@pytest.mark.parametrize("name", TIMES)
def test_tiny_records(name: str, tmp_path: Path) -> None:
    """A record costs little whatever it is; one without endpoint not as much as all of its candidates."""
    path = tmp_path / "input.log"
    least, found = (cost_of_a_record(path, line) for line in (NAMED, TINY[name]))
    assert found <= TIMES[name] * least, f"{name}: {found:.0f}, an error with its endpoint: {least:.0f}"


@pytest.mark.parametrize("is_mixed", [False, True], ids=["behind", "mixed"])
@pytest.mark.parametrize("name", OPEN)
def test_open_requests(name: str, is_mixed: bool, tmp_path: Path) -> None:
    """An answer that may be any one's of the requests that wait is not held against each of them."""
    path = tmp_path / "input.log"

    def cost_of(count: int) -> float:
        path.write_bytes(open_requests(name, count, is_mixed=is_mixed))
        return cost(lambda: checked(path))

    cost_of(20)  # builds tables
    one, other = cost_of(100), cost_of(200)
    assert other <= MOST * one, f"{one} for 100, {other} for 200"
