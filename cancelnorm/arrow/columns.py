"""Columns: the cells of many answers of one map as a record batch."""

from collections.abc import Sequence
from itertools import chain, repeat
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from cancelnorm.arrow.arrays import Unfit, arrays_of, repeated, unmasked
from cancelnorm.arrow.schema import EVENT_FIELDS, SCHEMA, EventField, Kind
from cancelnorm.endpoint import Endpoint
from cancelnorm.eventmap.cells import CellLoop
from cancelnorm.ids import position_bytes
from cancelnorm.schema import Evidence
from cancelnorm.verdict import Verdict

__all__ = ["Block", "Place"]

_BLOCK: Final = 256  # rows that are turned into columns at a time; more leave the processor's cache
_POSITIONS: Final = tuple(map(position_bytes, range(1_024)))
_FIELDS: Final = {field.name: field for field in EVENT_FIELDS}


Place = tuple[int, bytes, int, int]
"""Where events of an answer stand: its row in the input, its digest, the position of the first, how many."""


class Block:
    """Cells of one map and endpoint, of some answers of a batch; ``is_alone`` for one row each, read many at a time."""

    def __init__(self, loop: CellLoop, endpoint: Endpoint, *, is_alone: bool = False) -> None:
        self._loop = loop
        self._is_alone = is_alone
        self._endpoint = endpoint
        self._rows: list[tuple[Any, ...]] = []  # the last ones, which are not in the columns yet
        self._columns: list[list[Any]] = [[] for _ in loop.names]
        self._numbers: list[int] = []
        self._digests: list[bytes] = []
        self._starts: list[int] = []
        self._counts: list[int] = []

    def add(self, places: Sequence[Place], rows: list[tuple[Any, ...]]) -> None:
        """Add cells of rows that are in these places, one after the other."""
        numbers, digests, starts, counts = zip(*places, strict=True)
        self._take(rows)
        self._numbers += numbers
        self._digests += digests
        self._starts += starts
        self._counts += counts

    def _take(self, rows: list[tuple[Any, ...]]) -> None:
        """Take rows, and turn them into columns while they are in the processor's cache."""
        self._rows += rows
        if len(self._rows) >= _BLOCK:
            self._turn()

    def _turn(self) -> None:
        for i in range(0, len(self._rows), _BLOCK):
            for column, values in zip(
                self._columns, zip(*self._rows[i : i + _BLOCK], strict=True), strict=True
            ):
                column += values
        self._rows.clear()

    def batch(self, of_record: dict[str, pa.Array]) -> pa.RecordBatch:
        """The record batch of all; ``of_record`` are the columns of the input that events have from it."""
        self._turn()
        count = sum(self._counts)
        unfit = Unfit(count)
        records = pa.array(self._records(), pa.int32())
        columns = {name: column.take(records) for name, column in of_record.items()}
        whole = {
            "venue": self._endpoint.venue,
            "product": self._endpoint.product,
            "endpoint": self._endpoint.name,
        }
        constants = {name: whole[name] for name in self._loop.of_endpoint} | dict(self._loop.constants)
        for name, value in constants.items():
            columns |= _constants(name, value, count, unfit)
        for name, values in zip(self._loop.names, self._columns, strict=True):
            columns |= (
                self._verdicts(values) if name == "verdict" else arrays_of(_FIELDS[name], values, unfit)
            )
        if self._is_alone:
            columns["index"] = repeated(0, SCHEMA.field("index").type, count)
        columns |= {
            "record": records,
            "event_id": self._ids(),
            "order_key": self._keys(columns),
            "evidence_rank": _ranks(columns["evidence"]),
            "fault": pa.nulls(count, pa.string()),
            "unfit": unfit.column,
        }
        return pa.RecordBatch.from_arrays([columns[field.name] for field in SCHEMA], schema=SCHEMA)

    def _records(self) -> Sequence[int]:
        """The row of the input that each event comes from."""
        if self._counts.count(1) == len(self._counts):
            return self._numbers
        return list(chain.from_iterable(map(repeat, self._numbers, self._counts)))

    def _verdicts(self, verdicts: Sequence[Verdict]) -> dict[str, pa.Array]:
        """The columns of the fields that a verdict has; mostly all rows have the same one."""
        count, first = len(verdicts), verdicts[0]
        if first is verdicts[-1] and verdicts.count(first) == count:
            columns: dict[str, pa.Array] = {}
            for name in self._loop.of_verdict:
                columns |= _repeated(_FIELDS[name], getattr(first, name), count)
            return columns
        known = {id(verdict): verdict for verdict in verdicts}
        at = {key: i for i, key in enumerate(known)}
        rows = pa.array([at[id(verdict)] for verdict in verdicts], pa.int32())
        distinct = list(known.values())
        return {
            name: pa.array([getattr(verdict, name) for verdict in distinct], pa.string()).take(rows)
            for name in self._loop.of_verdict
        }

    def _ids(self) -> pa.Array:
        """The id of each event: the digest of its answer, and its position there."""
        ids = [
            digest + position
            for digest, start, count in zip(self._digests, self._starts, self._counts, strict=True)
            for position in _positions(start, count)
        ]
        return pa.array(ids, pa.binary())

    def _keys(self, columns: dict[str, pa.Array]) -> pa.Array:
        """The key of each order, as ``order_key`` gives it."""
        space = self._endpoint.ids
        order_ids = unmasked(columns["order_id"])
        if order_ids.null_count == len(order_ids):
            return order_ids
        symbols = columns["symbol"].fill_null("") if space.by_symbol else ""
        return pc.binary_join_element_wise(space.name, symbols, order_ids, "|")


def _positions(start: int, count: int) -> Sequence[bytes]:
    end = start + count
    if end <= len(_POSITIONS):
        return _POSITIONS[start:end]
    return [position_bytes(i) for i in range(start, end)]


def _constants(name: str, value: Any, count: int, unfit: Unfit) -> dict[str, pa.Array]:
    """The columns of a field that is the same in every row."""
    field = _FIELDS[name]
    if field.kind in (Kind.AMOUNT, Kind.OBJECT, Kind.NAMES) and value is not None:
        return arrays_of(field, [value] * count, unfit)
    return _repeated(field, value, count)


def _repeated(field: EventField, value: Any, count: int) -> dict[str, pa.Array]:
    found = {field.name: repeated(value, SCHEMA.field(field.name).type, count)}
    return found | ({field.scale: pa.nulls(count, pa.int8())} if field.kind is Kind.AMOUNT else {})


def _ranks(evidence: pa.Array) -> pa.Array:
    """The rank of each evidence."""
    words = evidence.dictionary_encode()
    ranks = pa.array([Evidence(word).rank for word in words.dictionary.to_pylist()], pa.int8())
    return ranks.take(words.indices)
