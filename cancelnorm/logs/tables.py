"""Tables in JSON, as databases, consoles and pandas write them: the names of the columns apart, or a column at a time.

ClickHouse, Azure, Elasticsearch's SQL, InfluxDB, Metabase and Redash name the columns in one array and have the rows in
another; pandas does so, too, or keys each cell by the number of its row.
"""

from collections.abc import Iterator, Mapping
from typing import Final

import msgspec
from msgspec import Raw

from cancelnorm import recognition
from cancelnorm.logs.part_names import column_names, usual_steps

__all__ = ["as_line", "rows_in"]

Members = Mapping[str, Raw]

_AROUND: Final = ("tables", "results", "series", "query_result", "data", "result")
"""Keys under which a table stands, in an object or an array of several."""
_NAMES: Final = ("columns", "meta", "cols", "schema", "fields")
_NAMED: Final = frozenset(_NAMES)
_MARKS: Final = tuple(f'"{name}"'.encode() for name in _NAMES)
_FIELDS: Final = "fields"  # of a schema
_ROWS: Final = ("rows", "data", "values")
_DEEPEST: Final = 4
_object: Final = msgspec.json.Decoder(dict[str, Raw]).decode
_array: Final = msgspec.json.Decoder(list[Raw]).decode
_text: Final = msgspec.json.Decoder(str).decode


def rows_in(found: Members) -> list[Members] | None:
    """The rows of the tables in an object, each as a line of a logger has it; None if it has none with a payload.

    The columns may also be the fields of an answer.
    """
    try:
        rows = _rows(found)
    except (ValueError, RecursionError):
        return None
    if not rows:
        return None
    rows = [as_line(row) for row in rows]
    return rows if any(usual_steps(row)["payload"] for row in rows) else None


def _rows(found: Members) -> list[Members]:
    is_table = not _NAMED.isdisjoint(found)
    if is_table or any(_holds_names(found[key]) for key in _AROUND if key in found):
        return [row for table in _tables(found, 0) for row in table]
    return _by_number(found)


def _holds_names(value: Raw) -> bool:
    data = bytes(value)
    return data[:1] in (b"{", b"[") and any(mark in data for mark in _MARKS)


def as_line(row: Members) -> Members:
    """A row as a line of a logger has it: what the columns are called there, or the answer whose fields they are."""
    if recognition.is_sent(tuple(row)):
        return {"payload": Raw(msgspec.json.encode(row))}
    return dict(zip(column_names(tuple(row)), row.values(), strict=True))


def _tables(found: Members, depth: int) -> Iterator[list[Members]]:
    """The rows of an object that is a table, or of each one in it."""
    names = _columns(found)
    rows = next((found[key] for key in _ROWS if key in found and bytes(found[key])[:1] == b"["), None)
    if names and rows is not None:
        yield [_row(names, row) for row in _array(rows)]
        return
    if depth == _DEEPEST:
        return
    for key in _AROUND:
        raw = bytes(found[key]) if key in found else b""
        for inner in (Raw(raw),) if raw[:1] == b"{" else _array(raw) if raw[:1] == b"[" else ():
            if bytes(inner)[:1] == b"{":
                yield from _tables(_object(inner), depth + 1)


def _columns(found: Members) -> list[str]:
    """The names of the columns; none if an object does not list them."""
    for key in _NAMES:
        raw = found.get(key)
        if raw is not None and bytes(raw)[:1] == b"{":
            raw = _object(raw).get(_FIELDS)
        if raw is not None and bytes(raw)[:1] == b"[":
            return [_name(each) for each in _array(raw)]
    return []


def _name(column: Raw) -> str:
    """The name of a column, which may stand beside its type."""
    return _text(column if bytes(column)[:1] == b'"' else _object(column).get("name", column))


def _row(names: list[str], row: Raw) -> Members:
    """A row by the names of its columns: an array has the values in order, of which some may be missing."""
    return _object(row) if bytes(row)[:1] == b"{" else dict(zip(names, _array(row), strict=False))


def _by_number(found: Members) -> list[Members]:
    """The rows of a table of pandas whose keys, or those of whose columns, are the numbers of the rows."""
    for raw in found.values():
        if bytes(raw)[:1] != b"{":
            return []
    inner = {key: _object(raw) for key, raw in found.items()}
    if all(map(str.isdecimal, inner)):
        return list(inner.values())
    numbers = next(iter(inner.values()), {}).keys()
    if not numbers or not all(map(str.isdecimal, numbers)):
        return []
    if any(column.keys() != numbers for column in inner.values()):
        return []
    return [{name: column[number] for name, column in inner.items()} for number in numbers]
