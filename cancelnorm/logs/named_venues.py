"""The venue that words before an object name, and whether the object is its own."""

from cancelnorm import answering, recognition, venues
from cancelnorm.logs.text_words import Words

__all__ = ["NamedVenue"]


class NamedVenue:
    """The venue that the words before an object name, if they name one.

    An exception quotes its venue. Other words may be about another than the one that sent an object, so they count
    for nothing if the object is exactly an answer of others, and not of that venue.
    """

    def __init__(self, said: Words, data: bytes) -> None:
        self._said = said
        self._data = data
        others = () if said.venue is None or said.is_exception else recognition.takers(data)
        self._is_contradicted = bool(others) and not any(map(self._is_named, others))

    def _is_named(self, sender: str) -> bool:
        """Tell whether a sender is the venue, or another API of it."""
        return f"{sender}_".startswith(f"{self._said.venue}_")

    @property
    def likely(self) -> str | None:
        """The venue, if nothing speaks against it."""
        return None if self._is_contradicted else self._said.venue

    @property
    def alone(self) -> str | None:
        """The venue, unless others have its name with a word behind it, as other APIs of one have."""
        others = (name for name in venues.names() if name != self._said.venue)
        return None if any(map(self._is_named, others)) else self._said.venue

    def allows(self, sender: str, venue: str | None) -> bool:
        """Tell whether a sender may have sent the object, whose connection has a venue or is unknown."""
        if self._said.venue is None or venue not in (None, self._said.venue):
            return True
        if self._is_named(sender) and not self._is_contradicted:
            return True
        return answering.takes(venues.every()[sender], self._data)

    def senders(self) -> tuple[str, ...]:
        """The venue, where an exception quotes an object, or one that was received is like an answer of it."""
        venue = venues.find(self.likely or "")
        if venue is None or not (self._said.is_exception or self._said.direction == "received"):
            return ()
        is_like = self._said.is_exception or bool(answering.possible(venue, self._data))
        return (venue.name,) if is_like else ()
