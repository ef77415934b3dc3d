"""The nesting of JSON: how deep it may be.

With the bound, code that recurses over values never reaches the limit of the interpreter, which depends on its
version and on the caller.
"""

from collections.abc import Iterable
from typing import Any, Final

__all__ = ["MAX_DEPTH", "TOO_DEEP", "is_too_deep"]

MAX_DEPTH: Final = 64
"""The objects and arrays that may stand in one another; venues send fewer than ten."""

TOO_DEEP: Final = "too many nested brackets"
"""The fault of what is deeper, for messages."""

_NESTED: Final = (dict, list)


def is_too_deep(value: Any, above: int = 0) -> bool:
    """Tell whether more than ``MAX_DEPTH`` objects and arrays stand in one another; ``above`` are those around."""
    level = [value] if isinstance(value, _NESTED) else []
    for _ in range(MAX_DEPTH - above):
        if not level:
            return False
        level = [part for each in level for part in _parts(each) if isinstance(part, _NESTED)]
    return bool(level)


def _parts(value: dict[str, Any] | list[Any]) -> Iterable[Any]:
    """What stands in an object or array; an object may be a list of pairs, which has ``values`` too."""
    return value.values() if hasattr(value, "values") else value
