"""Results that are kept for texts of a log, which may be of any length: those of long ones are not kept."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Final, ParamSpec, TypeVar

__all__ = ["LONGEST_KEPT", "cached"]

LONGEST_KEPT: Final = 2_048
"""Characters of the arguments, in all, up to which a result is kept."""

P = ParamSpec("P")
R = TypeVar("R")


def cached(maxsize: int) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Keep results of a function of positional arguments, no more than ``maxsize`` at a time.

    What is kept is found before the arguments are measured, because nearly all calls ask again. When it is full,
    all of it is forgotten.
    """

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        kept: dict[tuple[Any, ...], R] = {}

        @wraps(function)
        def call(*args: Any) -> R:
            found: R | object = kept.get(args, _NONE)
            if found is not _NONE:
                return found  # type: ignore[return-value]  # it is no other object
            result = function(*args)  # type: ignore[call-arg]  # it takes no keywords
            if _length(args) <= LONGEST_KEPT:
                if len(kept) >= maxsize:
                    kept.clear()
                kept[args] = result
            return result

        found: Callable[..., R] = call
        return found

    return decorate


def _length(arguments: tuple[object, ...]) -> int:
    """The characters of the texts in a tuple, and in those in it."""
    length = 0
    for each in arguments:
        if isinstance(each, _TEXTS):
            length += len(each)
        elif isinstance(each, tuple):
            length += _length(each)
    return length


_NONE: Final = object()
_TEXTS: Final = (str, bytes)
