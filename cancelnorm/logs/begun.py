"""Answers of which the log has told the status, and whose body is in a later line."""

from collections.abc import Container, Iterable, Sequence
from typing import Final

from cancelnorm.logs.pairing import Channel
from cancelnorm.logs.request_place import Place
from cancelnorm.logs.waiting import Key, Waiting

__all__ = ["HEADERS", "Begun"]

HEADERS: Final = 40
"""Number of lines between the status of an answer and its body: the headers."""

_REMEMBERED: Final = 1_000


class Begun:
    """The requests that wait for the body of an answer whose status is known, with the lines of the statuses.

    Strays are the statuses, since the last request, of requests that the log does not have, at a known place.
    """

    def __init__(self) -> None:
        self._begun: list[tuple[Waiting, int]] = []
        self._keys: dict[Key, None] = {}  # those of the last statuses
        self._strays: list[tuple[Place, int, Channel]] = []

    def add_stray(self, place: Place | None, line: int, channel: Channel) -> None:
        """Note the status of an answer to a request that the log does not have."""
        self._strays = [each for each in self._strays if line - each[1] <= HEADERS]
        if place is not None:
            self._strays.append((place, line, channel))

    def forget_strays(self) -> None:
        """Forget the statuses before a request: the body of one would have come before."""
        self._strays.clear()

    def stray_places(self) -> Iterable[Place]:
        """The places of these statuses."""
        return (place for place, _, _ in self._strays)

    def is_stray(self, line: int, senders: Container[Place | None], channel: Channel) -> bool:
        """Tell whether a body that is of certain places belongs to the last such status, and to no other; once."""
        if not self._strays:
            return False
        place, at_line, other = self._strays[-1]
        if line - at_line > HEADERS or any(begun >= at_line for _, begun in self._begun):
            return False
        if not other.may_be(channel) or place not in senders:
            return False
        self._strays.pop()
        return True

    def has(self, key: Key) -> bool:
        """Tell whether the status of the last answer to a request was told before its body."""
        return key in self._keys

    def add(self, waiting: Waiting, line: int) -> None:
        """Note the status of an answer in a line."""
        self._keys[waiting.key] = None
        if len(self._keys) > _REMEMBERED:
            del self._keys[next(iter(self._keys))]
        self._pass_old(line)
        self._begun.append((waiting, line))

    def at(self, line: int) -> Sequence[Waiting]:
        """The requests whose body may be in a line."""
        return [each for each, _ in self.told(line)]

    def told(self, line: int) -> Sequence[tuple[Waiting, int]]:
        """The same, each with the line of its status."""
        self._pass_old(line)
        return self._begun

    def forget(self) -> None:
        """Forget the statuses before one that may be of several requests: a body behind it may be of any of these."""
        self._begun = []

    def remove(self, waiting: Waiting) -> None:
        """Remove a request whose body came."""
        self._begun = [(each, line) for each, line in self._begun if each is not waiting]

    def _pass_old(self, line: int) -> None:
        """Forget the answers whose body should have come before a line."""
        self._begun = [(each, at_line) for each, at_line in self._begun if line - at_line <= HEADERS]
