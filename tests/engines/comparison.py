"""Comparison of rows that come in any order."""

from pathlib import PurePath
from typing import Any

Rows = list[dict[str, Any]]


def in_order(rows: Rows) -> Rows:
    """Rows in the order of the logs: by file and line, then as they came."""
    return sorted(rows, key=lambda row: (*_place(row["source"]), row["index"], str(row["path"])))


def of_lines(rows: Rows) -> Rows:
    """Rows as they are where a line does not know its number: with the name of the file alone."""
    found = [row | {"record": None, "source": _name(row["source"])} for row in rows]
    return sorted(found, key=lambda row: [str(value) for value in row.values()])


def _place(source: str) -> tuple[str, int]:
    file, _, line = source.rpartition(":")
    return file, int(line)


def _name(source: str) -> str:
    """The name of a file in a source, which may end with a line."""
    name = PurePath(source).name
    return name.rpartition(":")[0] or name
