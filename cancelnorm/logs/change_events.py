"""Changes of the rows of a database, as Debezium, Maxwell, Canal and MongoDB tell of them: what a row became."""

from collections.abc import Mapping
from typing import Final

import msgspec
from msgspec import Raw

from cancelnorm.logs.part_names import usual_steps
from cancelnorm.logs.tables import as_line

__all__ = ["rows_changed"]

Members = Mapping[str, Raw]

_PAYLOAD: Final = "payload"  # of Debezium, beside the schema
_DEBEZIUM: Final = frozenset({"op", "after"})
_BINLOG: Final = frozenset({"database", "table", "type", "data"})  # of Maxwell and of Canal
_DELETED: Final = (b'"d"', b'"delete"', b'"DELETE"')
_object: Final = msgspec.json.Decoder(dict[str, Raw]).decode
_objects: Final = msgspec.json.Decoder(list[dict[str, Raw]]).decode


def rows_changed(found: Members) -> list[Members] | None:
    """The rows that a change is about, each as a line of a logger has it; None if an object tells of no change.

    A row that is gone is none, nor is one whose payload was there before.
    """
    try:
        if "op" in found and "after" in found:
            return _rows(found, "op", "after", "before")
        if "schema" in found and _begins(found.get(_PAYLOAD), b"{"):
            changed = _object(found[_PAYLOAD])
            return _rows(changed, "op", "after", "before") if changed.keys() >= _DEBEZIUM else None
        if "table" in found and found.keys() >= _BINLOG:
            return _rows(found, "type", "data", "old", is_partial=True)
        if "fullDocument" in found and "operationType" in found:
            return _rows(found, "operationType", "fullDocument", "fullDocumentBeforeChange")
    except (ValueError, RecursionError):
        pass
    return None


def _rows(
    changed: Members, operation: str, new: str, old: str, *, is_partial: bool = False
) -> list[Members] | None:
    """The rows of a change, by the keys of the operation, of the rows after it and of those before it.

    Those before it are partial where they have the columns alone that changed.
    """
    if bytes(changed[operation]) in _DELETED or bytes(changed[new]) == b"null":
        return []
    if not (_begins(changed[new], b"{") or _begins(changed[new], b"[")):
        return None
    rows = _several(changed[new])
    before = (
        _several(changed[old]) if _begins(changed.get(old), b"{") or _begins(changed.get(old), b"[") else []
    )
    lines = [
        as_line(row)
        for place, row in enumerate(rows)
        if not _is_same(row, before[place : place + 1], is_partial)
    ]
    return lines if not lines or any(usual_steps(line)["payload"] for line in lines) else None


def _several(value: Raw) -> list[Members]:
    return list(_objects(value)) if _begins(value, b"[") else [_object(value)]


def _is_same(row: Members, before: list[Members], is_partial: bool) -> bool:
    """Tell whether a row has the payload that it had before."""
    names = [path[0] for path in usual_steps(row)["payload"] if isinstance(path[0], str)]
    if not before or not names or (not is_partial and before[0].keys().isdisjoint(names)):
        return False
    return all(before[0].get(name, row[name]) == row[name] for name in names)


def _begins(value: Raw | None, opening: bytes) -> bool:
    return value is not None and bytes(value)[:1] == opening
