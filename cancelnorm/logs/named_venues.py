"""The venue that words before an object name, and whether the object is its own."""

from collections.abc import Sequence

from cancelnorm import answering, recognition, venues
from cancelnorm.logs.frame_keys import Members
from cancelnorm.logs.text_words import Words

__all__ = ["NamedVenue"]


class NamedVenue:
    """The venue that the words before an object name, if they name one.

    An exception quotes its venue. Other words may be about another than the one that sent an object, so they count
    for nothing if the object is exactly an answer of others, and not of that venue.
    """

    def __init__(self, said: Words, data: bytes, members: Members) -> None:
        self._said = said
        self._data = data
        is_sure = said.venue is None or said.is_exception
        self._is_contradicted = not is_sure and self._has_others(members) and self._is_of_others()

    def _has_others(self, members: Members) -> bool:
        """Tell whether the keys of the object are those of an answer of others; an array has no members."""
        return not all(map(self._is_named, recognition.senders(members or self._data)[0]))

    def _is_of_others(self) -> bool:
        takers = recognition.takers(self._data)
        return bool(takers) and not any(map(self._is_named, takers))

    def _is_named(self, sender: str) -> bool:
        """Tell whether a sender is the venue, or another API of it."""
        return f"{sender}_".startswith(f"{self._said.venue}_")

    @property
    def likely(self) -> str | None:
        """The venue, if nothing speaks against it."""
        return None if self._is_contradicted else self._said.venue

    def allows(self, sender: str, venue: str | None) -> bool:
        """Tell whether a sender may have sent the object, whose connection has a venue or is unknown."""
        if self._said.venue is None or venue not in (None, self._said.venue):
            return True
        if self._is_named(sender) and not self._is_contradicted:
            return True
        return answering.takes(venues.every()[sender], self._data)

    def senders(self, others: Sequence[str]) -> tuple[str, ...]:
        """The venue, if an exception quotes the object or it is like an answer that was received; else all of them."""
        venue = venues.find(self._said.venue or "")
        if venue is None:
            return tuple(others)
        is_received = self._said.direction == "received" and bool(answering.possible(venue, self._data))
        is_own = self.likely is not None and (self._said.is_exception or is_received)
        return (venue.name,) if is_own else (venue.name, *others)
