"""Results that are kept for texts of a log, which may be of any length: those of long ones are not kept."""

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Final, ParamSpec, TypeVar

__all__ = ["LONGEST_KEPT", "cached"]

LONGEST_KEPT: Final = 2_048
"""Characters of the arguments, in all, up to which a result is kept."""

P = ParamSpec("P")
R = TypeVar("R")


def cached(maxsize: int) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Keep the last results of a function, so that they take a bounded memory."""

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        kept: Callable[P, R] = lru_cache(maxsize)(function)  # type: ignore[assignment]  # it takes what is hashable

        @wraps(function)
        def call(*args: P.args, **kwargs: P.kwargs) -> R:
            is_short = sum(map(_length, args)) <= LONGEST_KEPT
            return kept(*args, **kwargs) if is_short else function(*args, **kwargs)

        return call

    return decorate


def _length(argument: object) -> int:
    """The characters of a text, or of the texts in a tuple."""
    if isinstance(argument, str | bytes):
        return len(argument)
    return sum(map(_length, argument)) if isinstance(argument, tuple) else 0
