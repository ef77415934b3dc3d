"""One record as the format ``records`` has it: an object with its keys, and what is wrong with one."""

import json
import re
from collections.abc import Mapping
from typing import Any, Final, Literal

from msgspec import Raw, Struct, ValidationError
from msgspec.json import Decoder

from cancelnorm import venues
from cancelnorm.caching import cached
from cancelnorm.logs.item import Unreadable
from cancelnorm.logs.secrets import safe_account
from cancelnorm.masking import MASK
from cancelnorm.reader.exact import walk
from cancelnorm.reader.mismatch import Mismatch
from cancelnorm.reader.nesting import TOO_DEEP, is_too_deep
from cancelnorm.reader.scalars import Int
from cancelnorm.reader.types import node_of
from cancelnorm.record import Pairing, Record, Request
from cancelnorm.secret_names import secret_keys

__all__ = ["KEYS", "LINES", "Line", "is_record", "malformed", "read_record", "record_of"]


class Line(Struct, frozen=True, forbid_unknown_fields=True):
    """The keys of a record, which have not been looked into."""

    venue: str
    payload: Raw
    endpoint: str | None = None
    status: Int | None = None
    request: dict[str, Any] | list[dict[str, Any]] | None = None
    sent_ns: Int | None = None
    received_ns: Int | None = None
    dialect: Literal["quoted-numbers"] | None = None
    account: str | None = None
    pairing: Pairing | None = None
    docs: Any = None  # of a sample: where its shape is documented
    about: Any = None  # of a sample: what it shows


LINES: Final = Decoder(Line)
"""The decoder of a record."""
_object: Final = Decoder(dict[str, Raw])
_text: Final = Decoder(str)
KEYS: Final = frozenset(Line.__struct_fields__)
"""Those of a record."""


def is_record(line: bytes) -> bool:
    """Tell whether a line is an object with the keys of a record."""
    try:
        keys = _object.decode(line).keys()
    except (ValueError, RecursionError):
        return False
    return {"venue", "payload"} <= keys and keys <= KEYS


def read_record(data: bytes, source: str) -> Record | Unreadable:
    """Read one record; its payload has the bytes of the line."""
    try:
        return record_of(LINES.decode(data), source)
    except ValidationError as error:
        path, reason = _misfit(str(error))
        return Unreadable(source, path, reason)
    except Mismatch as fault:
        return Unreadable(source, fault.path, fault.found)
    except (ValueError, RecursionError):
        return Unreadable(source, "line", malformed(data))


def record_of(line: Line, source: str) -> Record:
    """Build the record; its payload has the bytes of the line, or is the text of a string.

    Raises:
        ValueError: The string is no Unicode, or the parameters are nested too deeply (Mismatch).
    """
    raw = bytes(line.payload)
    if is_too_deep(line.request):
        raise Mismatch("request", "parameters", TOO_DEEP)
    request, secrets = _masked(line.request) if line.request else (line.request, ())
    record = Record(
        _text.decode(raw) if raw[:1] == b'"' else raw,
        venues.canonical(line.venue),
        line.endpoint,
        line.status,
        request,
        line.sent_ns,
        line.received_ns,
        source,
        line.dialect,
        secrets,
        safe_account(line.account),
        line.pairing,
    )
    return venues.in_quotes(venues.placed(record))


def _masked(request: dict[str, Any] | list[dict[str, Any]]) -> tuple[Request, tuple[str, ...]]:
    """The parameters with secrets masked, and the paths of these."""
    if isinstance(request, dict):
        hidden = _hidden(request)
        if not hidden:
            return request, ()
        return _without(request, hidden), tuple(f"request.{key}" for key in request if key in hidden)
    rows = [(row, _hidden(row)) for row in request]
    secrets = (f"request[{i}].{key}" for i, (row, hidden) in enumerate(rows) for key in row if key in hidden)
    return [_without(row, hidden) for row, hidden in rows], tuple(secrets)


@cached(1_024)
def _secret_keys(keys: tuple[str, ...]) -> frozenset[str]:
    return secret_keys(keys)


def _hidden(row: Mapping[str, Any]) -> frozenset[str]:
    """The keys of secrets; most requests of a log have the same keys."""
    return _secret_keys(tuple(row))


def _without(row: Mapping[str, Any], hidden: frozenset[str]) -> dict[str, Any]:
    return {key: MASK if key in hidden else value for key, value in row.items()}


_NAMED: Final = (
    "venue, endpoint, status, request, sent_ns, received_ns, dialect, account, pairing and payload"
)
_KEY_FAULT: Final = re.compile(r"Object (contains unknown|missing required) field `(.*)`", re.DOTALL)
_TYPES: Final = {
    "int": "an integer",
    "str": "a string",
    "bool": "true or false",
    "float": "a number with a fraction",
    "object": "an object",
    "array": "an array",
    "null": "null",
}


def _misfit(fault: str) -> tuple[str, str]:
    """Translate a fault that msgspec found in a line to the key and the reason."""
    if match := _KEY_FAULT.match(fault):
        key = match[2] if re.fullmatch(r"[\w-]{1,64}", match[2], re.ASCII) else json.dumps(match[2][:64])
        fault = "this key is unknown" if match[1] == "contains unknown" else "this key is required"
        return key, f"{fault}; the keys of a record are {_NAMED}"
    what, _, path = fault.partition(" - at `$")
    what = re.sub("`([a-z |]+)`", lambda match: _one_of(match[1].split(" | ")), what)
    what = re.sub("an integer [<>]= .*", "a 64-bit integer", what)
    what = (
        what.replace("Expected", "expected")
        .replace("Number out of range", "a number that is too large")
        .replace("got", "found")
        .replace("Invalid enum value", "unknown value")
    )
    return path.removeprefix(".").removesuffix("`") or "line", what


def _one_of(types: list[str]) -> str:
    *most, last = (_TYPES[name] for name in types)
    return f"{', '.join(most)} or {last}" if most else last


def malformed(data: bytes) -> str:
    """Explain why data is not JSON."""
    try:
        walk(data, node_of(Any), refuse=True)
    except Mismatch as fault:
        return f"not JSON: {fault.found.replace('JSON that', 'it')}"
    return "not JSON"
