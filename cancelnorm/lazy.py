"""Lazy values: made when they are first asked for, and then the same object for every thread.

Threads that ask at the same time may each make one; the first that is kept counts for all, and nothing of the
others is ever seen. No lock is held meanwhile: a thread never waits for what another one imports, and a forked
process never inherits a lock that nobody will release.
"""

from collections.abc import Callable
from functools import cache, wraps
from typing import Any, Generic, ParamSpec, Self, TypeVar, overload

__all__ = ["lazy", "lazy_property"]

P = ParamSpec("P")
T = TypeVar("T")


def lazy(make: Callable[P, T]) -> Callable[P, T]:
    """Keep what a function gives for the same positional arguments, as ``functools.cache`` does.

    That one may give two threads an object each, which must not happen where objects are told apart by identity.
    """
    kept: dict[tuple[Any, ...], T] = {}

    @wraps(make)
    def first(*args: Any) -> T:
        return kept.setdefault(args, make(*args))  # type: ignore[call-arg]  # it takes no keywords

    found: Callable[..., T] = cache(first)  # as fast as ``cache`` from the second time on
    return found


class lazy_property(Generic[T]):  # noqa: N801  # as ``cached_property``, which takes a lock in Python 3.11
    """An attribute of an object that threads share, made by a method."""

    def __init__(self, make: Callable[[Any], T]) -> None:
        self._make = make
        self.__doc__ = make.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    @overload
    def __get__(self, instance: None, owner: type) -> Self: ...
    @overload
    def __get__(self, instance: object, owner: type) -> T: ...
    def __get__(self, instance: object, owner: type) -> Self | T:
        """Give what is in the object from the second time on, without coming here."""
        if instance is None:
            return self
        kept: T = vars(instance).setdefault(self._name, self._make(instance))
        return kept
