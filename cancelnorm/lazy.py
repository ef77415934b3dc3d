"""Lazy values: made when they are first asked for, and then the same object for every thread; and lazy lists.

Threads that ask at the same time may each make one; the first that is kept counts for all, and nothing of the
others is ever seen. No lock is held meanwhile: a thread never waits for what another one imports, and a forked
process never inherits a lock that nobody will release.
"""

from collections.abc import Callable, Iterable, Iterator
from functools import cache, wraps
from typing import Any, Generic, ParamSpec, Self, TypeVar, overload

__all__ = ["LazyList", "LazyParts", "lazy", "lazy_property"]

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


class LazyList:
    """A list of known length, made when someone first looks into it; of one thread.

    It is no ``MutableSequence``, because to ask whether something is an instance of an abstract class takes long.
    """

    __slots__ = ("_count", "_made")

    def __init__(self, count: int) -> None:
        self._count = count
        self._made: list[Any] | None = None

    def make(self) -> list[Any]:
        """Make the list."""
        raise NotImplementedError

    @property
    def is_made(self) -> bool:
        """Whether someone looked into it, and may have changed it."""
        return self._made is not None

    @property
    def _items(self) -> list[Any]:
        if self._made is None:
            self._made = self.make()
        return self._made

    def __len__(self) -> int:
        return self._count if self._made is None else len(self._made)

    def __iter__(self) -> Iterator[Any]:
        return iter(self._items)

    def __getitem__(self, at: Any) -> Any:
        return self._items[at]

    def __setitem__(self, at: Any, value: Any) -> None:
        self._items[at] = value

    def __delitem__(self, at: Any) -> None:
        del self._items[at]

    def insert(self, index: int, value: Any) -> None:
        """Insert an item, as a list does."""
        self._items.insert(index, value)

    def append(self, value: Any) -> None:
        """Add an item at the end."""
        self._items.append(value)

    def extend(self, values: Iterable[Any]) -> None:
        """Add items at the end."""
        self._items.extend(values)

    def __add__(self, more: Iterable[Any]) -> Any:
        return [*self, *more]

    def __iadd__(self, more: Iterable[Any]) -> Any:
        added = list(more)
        if not added:
            return self
        parts = LazyParts()
        parts += self
        parts += added
        return parts

    def __radd__(self, others: Iterable[Any]) -> list[Any]:
        return [*others, *self]


class LazyParts(LazyList):
    """Lists that were added one after the other, lazy ones among them."""

    __slots__ = ("parts",)

    def __init__(self) -> None:
        super().__init__(0)
        self.parts: list[LazyList | list[Any]] = []

    def __iadd__(self, more: Iterable[Any]) -> Self:
        if self.is_made:
            self._items.extend(more)
            return self
        part = more if isinstance(more, LazyList) and not more.is_made else list(more)
        if part:
            self.parts.append(part)
            self._count += len(part)
        return self

    def make(self) -> list[Any]:
        """Make the list of all."""
        return [item for part in self.parts for item in part]
