"""Lines of JSON without a part of a record, and what is said of them."""

import re
from collections.abc import Mapping
from typing import Final

from msgspec import Raw

from cancelnorm.logs.json_path import shown
from cancelnorm.logs.log_stores import entries_in
from cancelnorm.logs.part_names import usual_steps

__all__ = ["mute", "not_found"]

_MOST_HINTS: Final = 3
_HOLDS: Final = re.compile(rb'"[^{\[]*+[{\[]')


def mute(members: Mapping[str, Raw]) -> str | None:
    """Why there is no payload in an object whose keys alone tell; None for any other."""
    if not _is_mute(members) or entries_in(members) is not None:
        return None
    return not_found("payload", members)


def _is_mute(line: Mapping[str, Raw]) -> bool:
    """Tell whether a line has no key of a payload, a URL or an endpoint, and no object in it, which may have them."""
    usual = usual_steps(line)
    if usual["payload"] or usual["url"] or usual["endpoint"]:
        return False
    for raw in line.values():  # noqa: SIM110  # a generator would take as long again
        if bytes(raw)[:1] == b"{":
            return False
    return True


def not_found(part: str, line: Mapping[str, Raw]) -> str:
    """Explain that a line has none of the usual keys of a part."""
    hint = " " + " or ".join(f"{part}={path}" for path in _hints(line)) if part == "payload" else ""
    return f"not found among the keys {', '.join(line)[:200]}; set its path with --map{hint}".rstrip()


def _hints(line: Mapping[str, Raw]) -> list[str]:
    """Paths at which an object, an array or a text with one stands."""
    found: list[str] = []
    for key, raw in line.items():
        data = bytes(raw)
        if data[:1] in (b"{", b"[") or _HOLDS.match(data):
            found.append(shown((key,)))
            if len(found) == _MOST_HINTS:
                break
    return found
