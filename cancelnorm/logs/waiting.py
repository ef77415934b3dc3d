"""Requests over HTTP without an answer so far."""

from collections.abc import Iterator, Sequence
from typing import Final

from msgspec import Struct

from cancelnorm.logs.ccxt_lines import Printed
from cancelnorm.logs.pairing import Channel, without_port
from cancelnorm.logs.request_place import Place

__all__ = [
    "Key",
    "Requests",
    "Waiting",
    "are_distinct",
    "are_same",
    "is_too_old",
    "key_of",
]

Key = tuple[str, str]
"""The method and the URL of a request, without the port that is usual."""

_WAITING: Final = 1_000  # number of URLs with requests that are kept, and of lines that one is kept for
_LONGEST_NS: Final = 3_600_000_000_000  # no program waits for an answer for an hour


class Waiting(Struct, eq=False):
    """A request without an answer so far.

    ``is_certain`` if the program prints the answers of all requests in the same form. ``is_shared`` if an answer
    came that may be its own or another's, ``is_doubted`` if that one names no request at all. ``is_late`` if the
    program gave up waiting. ``status`` is that of its answer, where the log has it without the body.
    """

    request: Printed
    location: str
    channel: Channel
    place: Place | None
    is_certain: bool
    is_shared: bool = False
    is_doubted: bool = False
    is_late: bool = False
    status: int | None = None

    @property
    def key(self) -> Key:
        """Its method and URL."""
        return key_of(self.request.method, self.request.url)


def key_of(method: str, url: str) -> Key:
    """The key of a request."""
    return method, without_port(url)


def are_distinct(waiting: list[Waiting]) -> bool:
    """Tell whether requests ask for different things."""
    return any(each.request.body != waiting[0].request.body for each in waiting)


def are_same(one: Printed, other: Printed) -> bool:
    """Tell whether the same request or answer was printed once and logged once."""
    return one.is_logged != other.is_logged and one[:3] == other[:3]


def is_too_old(sent_ns: int | None, answered_ns: int | None) -> bool:
    """Tell whether a request was sent so long before an answer that the answer is not its own."""
    return sent_ns is not None and answered_ns is not None and answered_ns - sent_ns > _LONGEST_NS


class Requests:
    """The requests of a log that wait, by method and URL; what was last asked comes last."""

    def __init__(self) -> None:
        self._by_key: dict[Key, list[Waiting]] = {}
        self._known_places: set[Place | None] | None = set()
        self._next_look = 0  # the first line at which one may have waited too long

    def __iter__(self) -> Iterator[Waiting]:
        return (each for waiting in self._by_key.values() for each in waiting)

    def __contains__(self, key: Key) -> bool:
        return key in self._by_key

    def at(self, method: str, url: str) -> Sequence[Waiting]:
        """The requests at a URL, the oldest first."""
        return self._by_key.get(key_of(method, url), ())

    def places(self) -> set[Place | None]:
        """The venues and endpoints of all."""
        if self._known_places is None:
            self._known_places = {each.place for each in self}
        return self._known_places

    def add(self, waiting: Waiting) -> list[Waiting]:
        """Add a request that was not both printed and logged; return those that have waited too long."""
        key, request = waiting.key, waiting.request
        recent = self._by_key.pop(key, [])
        old = []
        while recent and request.line - recent[0].request.line >= _WAITING:
            old.append(recent.pop(0))
        if not (recent and are_same(recent[-1].request, request)):
            recent.append(waiting)
        self.keep(key, recent)
        while len(self._by_key) > _WAITING:
            old += self._by_key.pop(next(iter(self._by_key)))
        return old

    def complete(self, waiting: Waiting, request: Printed, place: Place | None) -> None:
        """Put a request with its body in the place of the same without, which may have told less of its place."""
        waiting.request, waiting.place = request, place
        self._known_places = None

    def take(self, key: Key, channel: Channel) -> tuple[list[Waiting], list[Waiting]]:
        """Take the requests at a URL: those of what may be one connection, and the others."""
        waiting = self._by_key.pop(key, [])
        self._known_places = None
        found = [each for each in waiting if each.channel.may_be(channel)]
        return found, [each for each in waiting if not each.channel.may_be(channel)]

    def keep(self, key: Key, waiting: list[Waiting]) -> None:
        """Put requests at a URL back that were taken, if there are any."""
        self._known_places = None
        if waiting:
            self._by_key[key] = waiting

    def remove(self, waiting: Waiting) -> None:
        """Remove a request that was answered."""
        key = waiting.key
        self.keep(key, [each for each in self._by_key.pop(key) if each is not waiting])

    def take_old(self, line: int) -> list[Waiting]:
        """Take the requests that have waited too long at a line of the log."""
        if line < self._next_look:
            return []
        old = [key for key, waiting in self._by_key.items() if line - waiting[-1].request.line >= _WAITING]
        found = [each for key in old for each in self._by_key.pop(key)]
        self._known_places = None
        oldest = min((waiting[-1].request.line for waiting in self._by_key.values()), default=line)
        self._next_look = oldest + _WAITING
        return found

    def take_all(self) -> list[Waiting]:
        """Take the requests that are left."""
        found = [*self]
        self._by_key.clear()
        self._known_places = None
        return found
