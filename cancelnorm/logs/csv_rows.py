"""The format ``csv``: a table with a payload column; the others are what keys are in ``jsonl``."""

import csv
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

import msgspec
from msgspec import Raw

from cancelnorm.logs.item import Item, Unreadable
from cancelnorm.logs.jsonl import LineReader
from cancelnorm.logs.options import Options
from cancelnorm.logs.part_names import column_names, usual_steps
from cancelnorm.logs.source import Format, Source
from cancelnorm.logs.time_order import oldest_first

__all__ = ["CSV"]

_SEPARATORS: Final = (",", ";", "\t", "|")
_COLUMN: Final = re.compile(r"\ufeff?(?:#|[A-Za-z_@][\w .@-]{0,63})(?:[\[(][\w :+-]{1,20}[\])])?")
_RULE: Final = re.compile(r"\s*(?:[-+]+|\([0-9]+ rows?\))\s*")  # what psql draws
_FEWEST: Final = 2
_compact: Final = msgspec.json.Encoder().encode


def fits(head: bytes) -> bool:
    """Tell whether the first line has names of columns, and one of them is a usual name of the payload."""
    return _columns(head) is not None


def _columns(head: bytes) -> tuple[str, list[str]] | None:
    """The separator and the names of the columns; None if the first line does not have them.

    Names that are spelled in another way than usual tell too little: the next line has to be a row of as many fields.
    """
    first, _, rest = head.lstrip().partition(b"\n")
    line = first.decode("utf-8", "replace").strip()
    for separator in _SEPARATORS:
        names = [name.strip().strip('"') for name in line.split(separator)]
        if len(names) < _FEWEST or not all(map(_COLUMN.fullmatch, names)):
            continue
        if usual_steps(names)["payload"]:
            return separator, names
        usual = column_names(names)
        if usual_steps(usual)["payload"] and len(_first_row(rest, separator)) == len(names):
            return separator, usual
    return None


def _first_row(data: bytes, separator: str) -> list[str]:
    """The fields of the first row; none if there is none."""
    lines = data.decode("utf-8", "replace").splitlines(keepends=True)
    try:
        return next(csv.reader(lines, delimiter=separator), [])
    except csv.Error:
        return []


def read(source: Source, options: Options) -> Iterator[Item]:
    """Read the rows; a quoted field may go over several lines, and the source has the number of the last."""
    found = _columns(source.head)
    if found is None:
        yield Item(Unreadable(f"{source.name}:1", "file", "the first line has no names of columns"))
        return
    separator, names = found
    csv.field_size_limit(source.max_record_bytes)
    reader = LineReader(source.name, options, source.passed)
    rows = _rows(source, separator, names)
    if not source.is_live:
        rows = oldest_first(rows, lambda row: row.members, lambda row: row.size, options.zone)
    number = 0  # that never falls, also where the last row is read first
    for row in rows:
        number = max(number + 1, row.line)
        if row.fault is not None:
            yield Item(Unreadable(f"{source.name}:{row.line}", "line", row.fault))
            continue
        yield from reader.members(number, f"{source.name}:{row.line}", row.members, None)
        yield from reader.left()
        source.text_lines = reader.text_lines
    yield from reader.end()


class _Row(NamedTuple):
    """A row: the number of its last line, and its fields by the names of their columns, or why it has none."""

    line: int
    members: Mapping[str, Raw]
    size: int
    fault: str | None = None


def _rows(source: Source, separator: str, names: Sequence[str]) -> Iterator[_Row]:
    """The rows behind the names of the columns, without those that are empty."""
    lines = _Lines(source)
    rows = csv.reader(lines, delimiter=separator)
    has_header = False
    while True:
        lines.row_bytes = 0
        try:
            row = next(rows, None)
        except _TooLong:
            yield _Row(lines.number, {}, 0, source.too_long)
            has_header = True
            continue
        except csv.Error:
            yield _Row(lines.number, {}, 0, "not a row of CSV")
            has_header = True
            continue
        if row is None:
            return
        if not has_header:
            has_header = bool(row)
            continue
        if len(row) == 1 and _RULE.fullmatch(row[0]):
            continue
        members = {name: Raw(_encode(field)) for name, field in zip(names, row, strict=False) if field}
        if members:
            yield _Row(lines.number, members, lines.row_bytes)


class _TooLong(Exception):
    """A line, or a row over several lines, is too long."""


class _Lines(Iterator[str]):
    """The lines of a table; after a row that is too long, the next line begins another one."""

    def __init__(self, source: Source) -> None:
        self.number = 0  # of the last line
        self.row_bytes = 0  # of the lines since a row began
        self._lines = source.all_lines()
        self._max_bytes = source.max_record_bytes

    def __next__(self) -> str:
        self.number, line = next(self._lines)
        if line is None:
            raise _TooLong
        self.row_bytes += len(line)
        if self.row_bytes > self._max_bytes:
            raise _TooLong
        return line.decode("utf-8", "surrogateescape") + "\n"


def _encode(field: str) -> bytes:
    """The JSON of a field; bytes that are not UTF-8 stay, so that a payload with them is refused."""
    try:
        return _compact(field)
    except UnicodeEncodeError:
        return json.dumps(field, ensure_ascii=False).encode("utf-8", "surrogateescape")


CSV: Final = Format("csv", "a table with a payload column", fits, read)
