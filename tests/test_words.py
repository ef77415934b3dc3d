"""Words of which a caller chooses one: any other is refused before anything is read."""

from collections.abc import Callable
from typing import Any

import pyarrow as pa
import pytest

from cancelnorm import Record, events, normalise
from cancelnorm.arrow import normalise_batch, normalise_lines, normalise_log, to_batches
from cancelnorm.check import check
from cancelnorm.logs import read

CANCEL = Record(b"{}", "binance", "DELETE /api/v3/order", 200)
LOG = "samples/logs/orders.jsonl"
COLLECT: Any = "Collect"

TAKES_DRIFT: dict[str, Callable[[], object]] = {
    "normalise": lambda: normalise(CANCEL, drift=COLLECT),
    "events": lambda: events(LOG, drift=COLLECT),
    "check": lambda: check([], drift=COLLECT),
    "normalise_batch": lambda: normalise_batch(_rows("payload", "venue"), drift=COLLECT),
    "normalise_lines": lambda: normalise_lines(_rows("line"), drift=COLLECT),
    "normalise_log": lambda: normalise_log(LOG, drift=COLLECT),
}


def _rows(*names: str) -> Any:
    return pa.table({name: pa.array([], pa.string()) for name in names})


@pytest.mark.parametrize("name", TAKES_DRIFT)
def test_another_drift(name: str) -> None:
    """A typing error is not taken for the default."""
    with pytest.raises(ValueError, match=r"^drift: expected collect or refuse, found 'Collect'$"):
        TAKES_DRIFT[name]()


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda word: Record(b"", "binance", pairing=word),
            "Record.pairing: expected no_answer, timeout, in_doubt or ",
        ),
        (
            lambda word: Record(b"", "binance", dialect=word),
            "Record.dialect: expected quoted-numbers, found ",
        ),
        (lambda word: read(LOG, dialect=word), "dialect: expected quoted-numbers, found "),
        (lambda word: check([], excerpts=word), "excerpts: expected none or all, found "),
        (lambda word: to_batches([], times=word), "times: expected int or timestamp, found "),
    ],
)
@pytest.mark.parametrize("word", ["no-answer", "", "QUOTED-NUMBERS"])
def test_another_word(make: Callable[[Any], object], message: str, word: str) -> None:
    """The error names the words there are."""
    with pytest.raises(ValueError, match=message):
        make(word)


def test_a_word_of_another_type() -> None:
    """It is refused as other fields of a record are."""
    with pytest.raises(TypeError, match=r"^Record.dialect must be str or None, not int$"):
        Record(b"", "binance", dialect=1)  # type: ignore[arg-type]


def test_no_rows_at_a_time() -> None:
    """A batch of no rows would lose all."""
    with pytest.raises(ValueError, match="size: expected 1 or more, found 0"):
        to_batches([], size=0)
    with pytest.raises(ValueError, match="size: expected 1 or more, found -1"):
        normalise_log(LOG, size=-1)
