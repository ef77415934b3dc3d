"""Files that hold a table of events: writers that take record batches."""

import csv
import os
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from errno import EIO
from io import StringIO
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, Protocol

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from cancelnorm.arrow.rows import from_batches
from cancelnorm.arrow.schema import EVENT_FIELDS, SCHEMA, Kind
from cancelnorm.escapes import printable, printable_json
from cancelnorm.event_json import encode
from cancelnorm.logs import Writable

__all__ = ["TABLES", "ArrowFile", "CsvFile", "DuckDbFile", "JsonFile", "ParquetFile", "Table"]

ROW_GROUP: Final = 65_536  # rows: small enough to skip what is outside a window, large enough to compress


class Table(Protocol):
    """A file of events that is being written."""

    def write(self, batch: pa.RecordBatch, name: str, /) -> None:
        """Add events of the log of a name."""

    def close(self) -> None:
        """Complete the file."""

    def abandon(self) -> None:
        """Let go of a file that will not be completed."""


# --- Parquet ---

# Ids, prices and times hardly repeat, and a dictionary of them only costs; sorted ids share their beginnings.
_BY_PREFIX: Final = ("event_id", "order_key", "order_id", "client_order_id", "cancel_client_order_id")
_BY_DIFFERENCE: Final = tuple(field.name for field in EVENT_FIELDS if field.kind is Kind.TIME)
_ENCODINGS: Final = dict.fromkeys(_BY_PREFIX, "DELTA_BYTE_ARRAY") | dict.fromkeys(
    _BY_DIFFERENCE, "DELTA_BINARY_PACKED"
)
_PLAIN: Final = frozenset({*_ENCODINGS, "extra", *(name for name in SCHEMA.names if name.endswith("price"))})


class ParquetFile:
    """Parquet, compressed with zstd, with statistics by which readers skip row groups and pages."""

    def __init__(self, file: Writable, schema: pa.Schema = SCHEMA) -> None:
        names = [name for name in schema.names if name not in _PLAIN]
        self._writer = pq.ParquetWriter(
            file,
            schema,
            compression="zstd",
            compression_level=3,
            use_dictionary=names,
            column_encoding=_ENCODINGS,
            write_page_index=True,
        )
        self._schema = schema
        self._held: list[pa.RecordBatch] = []
        self._rows = 0

    def write(self, batch: pa.RecordBatch, _name: str) -> None:
        """Hold events until there are enough for a row group."""
        self._held.append(batch)
        self._rows += batch.num_rows
        while self._rows >= ROW_GROUP:
            self._write_group()

    def _write_group(self) -> None:
        table = pa.Table.from_batches(self._held, self._schema)
        self._writer.write_table(table.slice(0, ROW_GROUP), row_group_size=ROW_GROUP)
        self._held = table.slice(ROW_GROUP).to_batches()
        self._rows = max(0, self._rows - ROW_GROUP)

    def close(self) -> None:
        """Write the last row group and the footer."""
        if self._rows:
            self._write_group()
        self._writer.close()

    def abandon(self) -> None:
        """Keep the writer from adding a footer when it is collected."""
        self._writer.is_open = False


# --- Arrow ---


class ArrowFile:
    """Arrow's own file format, compressed with zstd."""

    def __init__(self, file: Writable) -> None:
        options = pa.ipc.IpcWriteOptions(compression="zstd")
        self._writer = pa.ipc.new_file(file, SCHEMA, options=options)

    def write(self, batch: pa.RecordBatch, _name: str) -> None:
        """Write a batch."""
        self._writer.write_batch(batch)

    def close(self) -> None:
        """Write the footer."""
        self._writer.close()

    def abandon(self) -> None:
        """Do nothing: without a footer it is no file."""


# --- DuckDB ---

_DUCKDB_ROWS: Final = 122_880  # of a row group


class DuckDbFile:
    """A DuckDB database with the table ``events``; DuckDB makes the file itself.

    Each of DuckDB's row groups is a transaction, because one transaction for all would be held in memory.
    """

    def __init__(self, path: Path) -> None:
        import duckdb  # an extra

        self._error = duckdb.Error
        self._log = path.with_name(f"{path.name}.wal")  # which DuckDB leaves if a commit fails
        self._held: list[pa.RecordBatch] = []
        self._rows = 0
        with self._told():
            umask = os.umask(0o077)  # as other unfinished files, for its owner alone
            try:
                self._connection = duckdb.connect(str(path), config={"threads": 1})
            finally:
                os.umask(umask)
        self._run("create table events as from batch", pa.Table.from_batches([], SCHEMA))

    def write(self, batch: pa.RecordBatch, _name: str) -> None:
        """Hold events until there are enough for a row group."""
        self._held.append(batch)
        self._rows += batch.num_rows
        if self._rows >= _DUCKDB_ROWS:
            self._insert()

    def _insert(self) -> None:
        self._run("insert into events from batch", pa.Table.from_batches(self._held, SCHEMA))
        self._held, self._rows = [], 0

    def _run(self, statement: str, batch: pa.Table) -> None:
        self._connection.register("batch", batch)
        with self._told():
            self._connection.execute(statement)
            self._connection.execute("checkpoint")
        self._connection.unregister("batch")

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Tell a failure as that of a file, without the name of the unfinished one."""
        try:
            yield
        except self._error as error:
            raise OSError(EIO, str(error).splitlines()[0].rpartition(": ")[2]) from error

    def close(self) -> None:
        """Insert the rest, and leave one file."""
        self._insert()
        with self._told():
            self._connection.close()

    def abandon(self) -> None:
        """Leave no second file."""
        with suppress(self._error):
            self._connection.close()
        self._log.unlink(missing_ok=True)


# --- Text ---

_BESIDE: Final = ("event_id", "order_key", "evidence_rank", "fault")


def _rows(batch: pa.RecordBatch) -> Iterator[tuple[dict[str, Any], bytes]]:
    """The columns beside each event, and the event as JSON."""
    columns = [batch.column(name).to_pylist() for name in _BESIDE]
    for values, event in zip(zip(*columns, strict=True), from_batches([batch]), strict=True):
        identity, *others = values
        beside = [None if identity is None else identity.hex(), *others]
        yield dict(zip(_BESIDE, beside, strict=True)), encode(event)


class JsonFile:
    """JSON lines: an event as ``encode`` writes it, behind the columns that belong to no event."""

    def __init__(self, file: Writable) -> None:
        self._file = file

    def write(self, batch: pa.RecordBatch, _name: str) -> None:
        """Write a line for each event."""
        for beside, line in _rows(batch):
            fault = beside["fault"]
            beside["fault"] = None if fault is None else msgspec.Raw(fault.encode())
            self._file.write(printable_json(msgspec.json.encode(beside))[:-1] + b"," + line[1:] + b"\n")

    def close(self) -> None:
        """Do nothing: every line is complete."""

    def abandon(self) -> None:
        """Do nothing."""


class CsvFile:
    """CSV: numbers with the digits that were sent, objects and lists as JSON, nothing for null.

    Each row is one line, because characters that are not shown are escaped, line breaks included. A text that a
    spreadsheet would take for a formula, which may send data anywhere, has an apostrophe before it, and so has one
    that begins with an apostrophe: who takes the first one off a cell has the text.
    """

    def __init__(self, file: Writable) -> None:
        self._file = file
        self._write([(*_BESIDE, *(field.name for field in EVENT_FIELDS))])

    def write(self, batch: pa.RecordBatch, _name: str) -> None:
        """Write a row for each event."""
        self._write(
            [*map(_cell, beside.values()), *map(_cell, msgspec.json.decode(line).values())]
            for beside, line in _rows(batch)
        )

    def _write(self, rows: Any) -> None:
        text = StringIO(newline="")
        csv.writer(text, lineterminator="\n").writerows(rows)
        self._file.write(text.getvalue().encode())

    def close(self) -> None:
        """Do nothing: every row is complete."""

    def abandon(self) -> None:
        """Do nothing."""


# https://owasp.org/www-community/attacks/CSV_Injection; tabs and line breaks are escaped by a backslash.
_FORMULA: Final = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20", "'")
_NUMBER: Final = re.compile(r"-[0-9]+(?:\.[0-9]+)?", re.ASCII)


def _cell(value: Any) -> Any:
    """A value of JSON as text of a cell."""
    if isinstance(value, str):
        text = printable(value)
        is_formula = text.startswith(_FORMULA) and _NUMBER.fullmatch(text) is None
        return f"'{text}" if is_formula else text
    if isinstance(value, dict | list | bool):
        return printable_json(msgspec.json.encode(value)).decode()
    return value


TABLES: Final[Mapping[str, Callable[[Writable], Table]]] = MappingProxyType(
    {".parquet": ParquetFile, ".arrow": ArrowFile, ".csv": CsvFile, ".jsonl": JsonFile}
)
"""End of a file's name → its writer; a DuckDB file has one of its own, because DuckDB takes a path."""
