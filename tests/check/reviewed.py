"""Every word that a check says of the rules' examples, of the samples and of the sample logs, and all its counts.

One text each in ``tests/check/reviewed``. ``python -m tests.reviewed`` writes them; read the difference
before it is committed.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from enum import Enum
from functools import partial
from itertools import permutations, product
from pathlib import Path
from typing import Any, Final

import msgspec
from msgspec.structs import replace

from cancelnorm import Record, normalise
from cancelnorm.check import RULES, Finding, History, Selection, Settings, examine, in_sequence, rule_example
from cancelnorm.check.statistics import Summary
from cancelnorm.logs import Unreadable, read
from cancelnorm.report import brief
from tests.check.cases import selections
from tests.sample_logs import LOG_FILES
from tests.samples import FOLDER as SAMPLE_FOLDER
from tests.samples import SAMPLES
from tests.strategies import VENUES
from tests.texts import Texts, write

__all__ = ["FOLDER", "TEXTS"]

FOLDER: Final = Path(__file__).with_name("reviewed")


def rules() -> Iterator[str]:
    """The catalogue."""
    for rule in RULES.values():
        yield f"{rule.code} {rule.name} {rule.severity}"
        yield f"  {rule.why}"
        yield f"  {rule.todo}"


def examples() -> Iterator[str]:
    """What is found in both examples of each rule."""
    for code in RULES:
        if example := rule_example(code):
            for path in map(Path, map(str, example)):
                yield path.name
                yield from _checked(read(path), path.parent)


def samples(venue: str) -> Iterator[str]:
    """What is found in each sample of a venue, with the excerpts."""
    for name, sample in SAMPLES.items():
        if sample.venue != venue:
            continue
        lines = list(_checked([sample.record(name)], None))
        if lines:
            yield name
            yield from lines


def logs() -> Iterator[str]:
    """What is found in each log, and what is counted."""
    folder = SAMPLE_FOLDER / "logs"
    for path in sorted(each for each in folder.glob("*") if each.is_file()):
        yield path.name
        yield from _checked(read(path), folder, counts=True)


def _checked(
    records: Iterable[Record | Unreadable], folder: Path | None, *, counts: bool = False
) -> Iterator[str]:
    """The findings on some records, one a line; sources are told below a folder."""
    settings, sequence, summary = Settings(excerpts="all"), History(), Summary()
    for record in records:
        result = examine((record,), settings)
        for finding in in_sequence(result, sequence, settings):
            summary.find(finding)
            yield _line(finding, folder)
        summary.merge(result.summary)
    last: list[Finding] = []
    sequence.end(last.append)
    yield from (_line(finding, folder) for finding in last)
    if counts:
        yield from _counted(summary)


def _line(finding: Finding, folder: Path | None) -> str:
    said = {
        name: getattr(finding, name)
        for name in (*finding.__struct_fields__, "excerpt", "columns")
        if name not in ("rule", "place") and getattr(finding, name) is not None
    }
    if (excerpt := said.pop("excerpt", None)) is not None:
        said["excerpt"] = f"{excerpt.before}«{excerpt.marked}»{excerpt.after}"
    text = msgspec.json.encode(said).decode()
    return f"  {finding.rule.code} {text if folder is None else text.replace(f'{folder}/', '')}"


def _counted(summary: Summary) -> Iterator[str]:
    for name in (*summary.__struct_fields__, "records", "events", "evidence"):
        value = getattr(summary, name)
        if name == "groups":
            value = {msgspec.structs.astuple(key): group.count for key, group in value.items()}
        yield from (f"  {name}{line}" for line in _plain(value))


def _plain(value: Any) -> Iterator[str]:
    """A count, or the counts of a table, one a line."""
    if isinstance(value, msgspec.Struct):
        for name in value.__struct_fields__:
            yield from (f".{name}{line}" for line in _plain(getattr(value, name)))
    elif isinstance(value, Mapping):
        for key, part in value.items():
            parts = key if isinstance(key, tuple) else (key,)
            title = " ".join(str(each.value if isinstance(each, Enum) else each) for each in parts)
            yield from (f" {title}{line}" for line in _plain(part))
    else:
        yield f": {value}"


def selected() -> Iterator[str]:
    """What is found in a part of each log, and how many records are left out."""
    for path in LOG_FILES:
        items = list(read(path))
        for selection in selections(items):
            if selection is None:
                continue
            settings, history, found = Settings(selection=selection), History(), list[Finding]()
            result = examine(items, settings)
            found += in_sequence(result, history, settings)
            history.end(found.append)
            part = {name: value for name, value in _fields(selection) if value}
            yield f"{path.name} {part}: {result.left_out} left out, {result.untimed} of them without a time"
            told = [f"  {each.rule.name} {brief(each)}" for each in found if each.source is not None]
            yield from (text.replace(f"{path.parent}/", "") for text in told)


def _fields(selection: Selection) -> Iterator[tuple[str, object]]:
    for name in selection.__struct_fields__:
        value = getattr(selection, name)
        yield name, sorted(value) if isinstance(value, frozenset) else value


# --- Kinds of records ---

_MS: Final = 10**6
_SECOND: Final = 10**9
_HALF_HOUR: Final = 1_800 * _SECOND
_LENGTHS: Final = (
    *(0, 1, 1_999, 2_000, 2 * _MS - 1, 2 * _MS, _SECOND, _SECOND + 1, 2 * _SECOND - 1, 2 * _SECOND),
    *(119 * _SECOND, 120 * _SECOND, 2 * 3_600 * _SECOND - 1, 2 * 86_400 * _SECOND),
    *(_HALF_HOUR - 30 * _SECOND - 1, _HALF_HOUR - 30 * _SECOND, _HALF_HOUR, _HALF_HOUR + 30 * _SECOND + 1),
    *(2 * _HALF_HOUR, 11 * _HALF_HOUR, 28 * _HALF_HOUR, 29 * _HALF_HOUR),
)
"""Lengths at which a message changes, and on both sides of the differences that are normal."""
_TIMED: Final = (
    "binance/delete-order",
    "binance/delete-fapi-order-filled",
    "bybit/post-v5-order-cancel",
)


def clocks() -> Iterator[str]:
    """What is found where the recorder's clock is apart from the venue's, or in another unit."""
    for name in _TIMED:
        record = SAMPLES[name].record("log:1")
        first = normalise(record).events[0]
        at = first.event_ns or first.response_ns or 0
        for length in sorted({*_LENGTHS, *(-length for length in _LENGTHS)}):
            for times in ({"sent_ns": at + length}, {"received_ns": at + length}):
                yield from _found(f"{name} {next(iter(times))} {length:+}", replace(record, **times))
            both = {"sent_ns": at, "received_ns": at + length}
            yield from _found(f"{name} received {length:+} after it was sent", replace(record, **both))
        for digits in range(1, 19):
            number = int("9" * digits)
            yield from _found(f"{name} sent_ns {number}", replace(record, sent_ns=number, received_ns=number))


_AMOUNTS: Final = ("0.00", "1.0", "2.00", "-1.0")
_STATUSES: Final = ("CANCELED", "NEW", "PARTIALLY_FILLED", "FILLED", "EXPIRED", "PENDING_CANCEL")


def quantities() -> Iterator[str]:
    """What is found in an order of any status and any quantities."""
    record = SAMPLES["binance/delete-order"].record("log:1")
    tree = msgspec.json.decode(record.payload)
    for status, quantity, filled, quote in product(_STATUSES, _AMOUNTS[:3], _AMOUNTS, _AMOUNTS[:2]):
        told = {"status": status, "origQty": quantity, "executedQty": filled, "cummulativeQuoteQty": quote}
        payload = msgspec.json.encode({**tree, "orderId": 42710000001, **told})
        yield from _found(" ".join(told.values()), replace(record, payload=payload))


_STORY: Final = (
    "binance/delete-fapi-order",
    "binance/delete-fapi-order-filled",
    "binance/delete-fapi-order-new",
    "binance/delete-fapi-order-expired",
    "binance/delete-fapi-order-unknown-order",
    "binance/delete-fapi-order-timeout-408",
    "binance/stream-order-trade-update",
    "binance/stream-order-trade-update-expired-8",
    "binance/get-fapi-order",
)


def stories() -> Iterator[str]:
    """What is found in up to three records about one order, in any order."""
    told = {name.removeprefix("binance/"): name for name in _STORY}
    for parts in [*product(told, repeat=2), *permutations(list(told)[:5], 3)]:
        records = [_of_one_order(told[part], i) for i, part in enumerate(parts, 1)]
        yield from _found(", ".join(parts), *records)


def _of_one_order(name: str, line: int) -> Record:
    """A sample as if it were about one order of them all."""
    record = SAMPLES[name].record(f"log:{line}")
    ids = {"orderId", "i"}

    def renamed(value: Any) -> Any:
        if isinstance(value, dict):
            return {
                key: 42710000001 if key in ids else "BTCUSDT" if key in ("symbol", "s") else renamed(part)
                for key, part in value.items()
            }
        return value

    payload = msgspec.json.encode(renamed(msgspec.json.decode(record.payload)))
    request = {"symbol": "BTCUSDT", "orderId": 42710000001}
    return replace(record, payload=payload, request=request if "delete" in name else None)


def _found(title: str, *records: Record) -> Iterator[str]:
    """What is found, in short; nothing where nothing is."""
    settings, sequence = Settings(), History()
    found = [
        finding
        for record in records
        for finding in in_sequence(examine((record,), settings), sequence, settings)
    ]
    sequence.end(found.append)
    if found:
        yield title
    for finding in found:
        yield f"  {finding.rule.name} {finding.source} {finding.related} {finding.path}: {finding.message}"


TEXTS: Final[Texts] = {
    "rules": rules,
    "examples": examples,
    **{f"samples/{venue}": partial(samples, venue) for venue in VENUES},
    "logs": logs,
    "selected": selected,
    "clocks": clocks,
    "quantities": quantities,
    "stories": stories,
}


def main(venues: Collection[str]) -> None:
    """Write the texts: all, or those of some venues."""
    write(FOLDER, {k: v for k, v in TEXTS.items() if not venues or k.rpartition("/")[2] in venues})
