"""The format ``csv``: a table with a payload column; the others are what keys are in ``jsonl``."""

import csv
import json
import re
from collections.abc import Iterator
from typing import Final

import msgspec
from msgspec import Raw

from cancelnorm.logs.jsonl import LineReader
from cancelnorm.logs.jsonl_fields import usual_steps
from cancelnorm.logs.source import MAX_LINE_BYTES, Format, Item, Options, Source, Unreadable

__all__ = ["CSV"]

_SEPARATORS: Final = (",", ";", "\t", "|")
_COLUMN: Final = re.compile(r"\ufeff?[A-Za-z_@][\w .@-]{0,63}")
_FEWEST: Final = 2
_compact: Final = msgspec.json.Encoder().encode


def fits(head: bytes) -> bool:
    """Tell whether the first line has names of columns, and one of them is a usual name of the payload."""
    return _columns(head) is not None


def _columns(head: bytes) -> tuple[str, list[str]] | None:
    """The separator and the names of the columns; None if the first line does not have them."""
    first = head.lstrip().partition(b"\n")[0].decode("utf-8", "replace").strip()
    for separator in _SEPARATORS:
        names = [name.strip().strip('"') for name in first.split(separator)]
        if (
            len(names) >= _FEWEST
            and all(map(_COLUMN.fullmatch, names))
            and usual_steps(tuple(names))["payload"]
        ):
            return separator, names
    return None


def read(source: Source, options: Options) -> Iterator[Item]:
    """Read the rows; a quoted field may go over several lines, and the source has the number of the last."""
    found = _columns(source.head)
    if found is None:
        yield Item(Unreadable(f"{source.name}:1", "file", "the first line has no names of columns"))
        return
    separator, names = found
    csv.field_size_limit(MAX_LINE_BYTES)
    reader = LineReader(source.name, options, source.passed)
    rows = csv.reader(_lines(source), delimiter=separator)
    is_header = True
    while True:
        try:
            row = next(rows, None)
        except csv.Error:
            yield Item(Unreadable(f"{source.name}:{rows.line_num}", "line", "not a row of CSV"))
            is_header = False
            continue
        if row is None:
            break
        if is_header:
            is_header = False
            continue
        members = {name: Raw(_encode(field)) for name, field in zip(names, row, strict=False) if field}
        if members:
            yield from reader.members(rows.line_num, f"{source.name}:{rows.line_num}", members, None)
            yield from reader.left()
            source.text_lines = reader.text_lines
    yield from reader.end()


def _lines(source: Source) -> Iterator[str]:
    for _, line in source.all_lines():
        yield "" if line is None else line.decode("utf-8", "surrogateescape") + "\n"


def _encode(field: str) -> bytes:
    """The JSON of a field; bytes that are not UTF-8 stay, so that a payload with them is refused."""
    try:
        return _compact(field)
    except UnicodeEncodeError:
        return json.dumps(field, ensure_ascii=False).encode("utf-8", "surrogateescape")


CSV: Final = Format("csv", "a table with a payload column", fits, read)
