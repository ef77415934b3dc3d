"""The speed of one record of each kind at each venue, of samples whose texts do not repeat.

``python -m tests.benchmarks.records`` prints for every venue how many times ``orjson.loads`` of the same text one
answer takes, a row of a batch, a stream frame, and a frame that is skipped: the median and the worst. Words behind it
are venues; ``--each`` prints a line for every sample, too.
"""

import random
import re
import statistics
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any, NamedTuple

import orjson
from msgspec.structs import replace

from cancelnorm import CancelNormError, NotACancel, Outcome, Record, normalise, venues
from tests.benchmarks.__main__ import each, medians, minified
from tests.samples import FOLDER, SAMPLES

KINDS = ("one order", "with request", "batch row", "stream frame", "skipped frame")
COPIES = 200
ROWS = 20
"""Rows of a batch: as many as the smallest batch of a venue may have."""
ROUNDS = 9


class Measured(NamedTuple):
    """What a sample took, as a ratio to ``orjson.loads`` of its payload."""

    venue: str
    kind: str
    name: str
    ratio: float
    orjson_us: float


def main(names: list[str], *, shows_each: bool) -> None:
    """Print the tables."""
    found: list[Measured] = []
    for venue in names or venues.names():
        for kind, name, records in (*_answers(venue), *_skipped(venue)):
            payloads = [record.payload for record in records]
            took = medians(
                {"orjson": each(orjson.loads, payloads), "ours": each(_attempted, records)}, ROUNDS
            )
            ratio = took["ours"] / took["orjson"]
            found.append(Measured(venue, kind, name, ratio, took["orjson"] / len(records)))
            if shows_each:
                print(f"{ratio:6.2f} × {found[-1].orjson_us:6.2f} µs  {kind:13}  {name}", flush=True)
    print(f"| venue | {' | '.join(KINDS)} |\n|---{'|---' * len(KINDS)}|")
    for venue in dict.fromkeys(one.venue for one in found):
        cells = [_cell([one.ratio for one in found if (one.venue, one.kind) == (venue, k)]) for k in KINDS]
        print(f"| {venue} | {' | '.join(cells)} |")


def _cell(ratios: list[float]) -> str:
    return f"{statistics.median(ratios):.1f} (≤ {max(ratios):.1f})" if ratios else "–"


def _attempted(record: Record) -> None:
    try:
        normalise(record)
    except CancelNormError:
        return  # a ``suppress`` takes longer than many a frame


# --- What is measured ---


def _answers(venue: str) -> Iterator[tuple[str, str, list[Record]]]:
    """The samples of a venue of which an order was canceled, or its cancel accepted, without a note."""
    source = random.Random(7)
    for name, sample in SAMPLES.items():
        record = sample.record()
        if sample.venue != venue or sample.dialect or record.payload.lstrip()[:1] not in (b"{", b"["):
            continue
        result = normalise(record)
        if result.notes or any(e.outcome in (Outcome.REJECTED, Outcome.UNKNOWN) for e in result.events):
            continue
        record = replace(record, payload=minified(record.payload))
        bare = replace(record, request=None)
        if sample.endpoint.startswith("stream "):
            yield "stream frame", name, _fresh(bare, source)
        elif len(result.events) == 1:
            yield "one order", name, _fresh(bare, source)
            if record.request:
                yield "with request", name, _fresh(record, source)
        elif many := _batch(bare):
            yield "batch row", name, _fresh(many, source)


def _skipped(venue: str) -> Iterator[tuple[str, str, list[Record]]]:
    """The frames of a venue that are not about a cancel."""
    source = random.Random(7)
    for path in sorted(FOLDER.glob(f"skipped/{venue}/*.json")):
        frame = orjson.loads(path.read_bytes())
        if isinstance(frame["payload"], dict | list):
            record = Record(orjson.dumps(frame["payload"]), venue)
            with suppress(NotACancel):
                normalise(record)
                continue  # told by its endpoint alone
            yield "skipped frame", path.stem, _fresh(record, source)


def _batch(record: Record) -> Record | None:
    """The same with its rows repeated until there are many; None where there is no array of them."""
    payload = orjson.loads(record.payload)
    arrays = [rows for rows in _arrays(payload) if len(rows) > 1 and isinstance(rows[0], dict)]
    if not arrays:
        return None
    for rows in arrays:
        rows[:] = [rows[i % len(rows)] for i in range(ROWS)]
    return replace(record, payload=orjson.dumps(payload))


def _arrays(value: Any) -> Iterator[list[Any]]:
    """The outermost arrays with several rows, side by side."""
    if isinstance(value, list) and len(value) > 1:
        yield value
    else:
        parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
        for part in parts:
            yield from _arrays(part)


# --- Texts that do not repeat ---

_VALUE = re.compile(rb'"(?:[^"\\]|\\.)*":?|(?<=[:,\[])-?[0-9]+(?:\.[0-9]+)?(?=[,}\]])')
_TIME = re.compile(r"1[0-9]{9}(?:[0-9]{3}|[0-9]{6})?(?:\.[0-9]+)?")
_DECIMAL = re.compile(r"-?[0-9]+\.[0-9]+")
_NAME = re.compile(r"[A-Z0-9]+(?:[-_][A-Z0-9]+)+")
_FEWEST_DIGITS = 6  # of an id; a code has fewer
_FEWEST_OF_DECIMAL = 3  # a version of a protocol, as 2.0, has fewer


def _fresh(record: Record, source: random.Random) -> list[Record]:
    """Copies whose ids, times, prices and quantities are others each time, the same in the request as in the answer."""
    return [_copy(record, source) for _ in range(COPIES)]


def _copy(record: Record, source: random.Random) -> Record:
    known: dict[str, str] = {}

    def other(text: str) -> str:
        if text not in known:
            known[text] = _other(text, source)
        return known[text]

    def replaced(match: re.Match[bytes]) -> bytes:
        text = match[0].decode()
        if text[-1] == ":":  # a key
            return match[0]
        return (f'"{other(text[1:-1])}"' if text[0] == '"' else other(text)).encode()

    payload = _VALUE.sub(replaced, minified(record.payload))
    return replace(record, payload=payload, request=_renamed(record.request, other))


def _renamed(value: Any, other: Callable[[str], str]) -> Any:
    if isinstance(value, dict):
        return {key: _renamed(part, other) for key, part in value.items()}
    if isinstance(value, list):
        return [_renamed(part, other) for part in value]
    return other(value) if isinstance(value, str) else value


def _other(text: str, source: random.Random) -> str:
    """Another text of the same form: an id with other digits, a decimal of the same scale, a time near it."""
    if _TIME.fullmatch(text):
        return text[:7] + "".join(source.choice("123456789") if d.isdigit() else d for d in text[7:])
    digits = sum(char.isdigit() for char in text)
    if digits < (_FEWEST_OF_DECIMAL if _DECIMAL.fullmatch(text) else _FEWEST_DIGITS) or _NAME.fullmatch(text):
        return text
    return "".join(source.choice("123456789") if "0" < char <= "9" else char for char in text)


if __name__ == "__main__":
    main([word for word in sys.argv[1:] if word != "--each"], shows_each="--each" in sys.argv[1:])
