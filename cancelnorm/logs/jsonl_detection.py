"""Which lines of JSON hold a payload and something about it, as recorders and loggers write them."""

import json
import re
from collections.abc import Mapping
from typing import Final

import msgspec
from msgspec import Raw

from cancelnorm import recognition
from cancelnorm.logs.json_path import Steps, at
from cancelnorm.logs.log_stores import entries_in
from cancelnorm.logs.part_names import LOGGED, WRAPPERS, usual_steps

__all__ = [
    "fits",
    "has_fields",
    "is_mapped",
    "is_of_venue",
    "is_request",
    "is_text_alone",
    "is_wrapper",
    "wrapper_in",
]

_SNIFFED_LINES: Final = 10  # a rotated log begins in the middle of a line
_CONTEXT: Final = ("venue", "endpoint", "url", "status", "direction")
_AROUND: Final = (*_CONTEXT, "sent", "received")
# Of loggers and message queues; no venue has them.
_MARKS: Final = frozenset(
    {"level", "levelname", "log_level", "severity", "logger", "partition", "stream", "hostname"}
)
_FIELDS: Final = ("fields", "properties", "Properties", "State", "attributes", "context", "extra")
_MEMBER: Final = re.compile(r'[\s,]*("(?:[^"\\]|\\.)*")\s*:\s*')
_object: Final = msgspec.json.Decoder(dict[str, Raw]).decode
_scan: Final = json.JSONDecoder().raw_decode


def fits(head: bytes) -> bool:
    """Tell whether most of a log is objects, and some of them have a payload and something about it."""
    lines = head.lstrip().split(b"\n", _SNIFFED_LINES)
    if sum(line.lstrip()[:1] == b"{" for line in lines) * 2 < len([line for line in lines if line.strip()]):
        return False
    whole = lines[:_SNIFFED_LINES] if len(lines) > 1 else ()
    return any(map(is_mapped, whole)) or (len(lines) <= _SNIFFED_LINES and _begins_mapped(lines[-1]))


def is_mapped(line: bytes) -> bool:
    """Tell whether an object has a payload and something about it, and is no payload of any venue itself."""
    found = _members(line)
    if found is None or (is_of_venue(line) and not is_text_alone(found)):
        return False
    return is_wrapper(found) or entries_in(found) is not None or _is_around_fields(found)


def has_fields(found: Mapping[str, Raw]) -> bool:
    """Tell whether an object has others in which loggers write their fields."""
    return any(key in found for key in _FIELDS)


def _is_around_fields(found: Mapping[str, Raw]) -> bool:
    """Tell whether a logger wrote an object whose fields are in another one, as tracing of Rust has them."""
    try:
        is_logged = not _MARKS.isdisjoint(found) or _holds(found, usual_steps(found)["received"])
    except (ValueError, RecursionError):
        return False
    if not is_logged:
        return False
    inner = (_members(bytes(found[key])) for key in _FIELDS if key in found)
    return any(is_wrapper({**found, **members}) for members in inner if members is not None)


def wrapper_in(data: bytes) -> Mapping[str, Raw] | None:
    """The members of an object that a recorder wrote around a payload, and that no venue sends; None for any other."""
    found = _members(data)
    if found is None or not is_wrapper(found):
        return None
    return found if is_text_alone(found) or not is_of_venue(data) else None


def is_text_alone(found: Mapping[str, Raw]) -> bool:
    """Tell whether an object has nothing but a logger's text, in which a URL or an object stands."""
    if len(found) != 1:
        return False
    [(key, value)] = found.items()
    data = bytes(value)
    return key in LOGGED and data[:1] == b'"' and (b"://" in data or b'{\\"' in data)


def is_of_venue(data: bytes) -> bool:
    """Tell whether a payload is that of a venue."""
    return recognition.recognise(data) is not None or bool(recognition.takers(data))


def _members(line: bytes) -> Mapping[str, Raw] | None:
    """The members of an object; None if it is none, or not all of one."""
    try:
        return _object(line)
    except (ValueError, RecursionError):
        return None


def is_wrapper(found: Mapping[str, Raw]) -> bool:
    """Tell the same by the members of an object, whether a venue sends such an object or not."""
    if is_text_alone(found):
        return True
    parts = usual_steps(found)
    try:
        return _holds(found, parts["payload"]) and (
            not _MARKS.isdisjoint(found) or any(_holds(found, parts[part]) for part in _AROUND)
        )
    except (ValueError, RecursionError):  # an object inside it is broken
        return False


def is_request(found: Mapping[str, Raw]) -> bool:
    """Tell whether an object has the method and the URL of a request."""
    parts = usual_steps(found)
    try:
        return _holds(found, parts["method"]) and _holds(found, parts["url"])
    except (ValueError, RecursionError):  # an object inside it is broken
        return False


def _holds(line: Mapping[str, Raw], paths: tuple[Steps, ...]) -> bool:
    return any(at(line, path) is not None for path in paths)


def _begins_mapped(line: bytes) -> bool:
    """Tell the same by the beginning of a line; no venue wraps its answers as recorders do."""
    if not line.startswith(b"{"):
        return False
    if _members(line) is not None:
        return is_mapped(line)
    keys, end, text = [], 1, line.decode("utf-8", "replace")
    while match := _MEMBER.match(text, end):
        try:
            keys.append(json.loads(match[1], strict=False))
            end = _scan(text, match.end())[1]
        except (ValueError, RecursionError):
            break  # truncated or broken here
    parts = usual_steps(keys)
    return not WRAPPERS.isdisjoint(keys) or bool(parts["payload"] and any(parts[part] for part in _CONTEXT))
