"""Errors, one class for each question that a caller asks.

CancelNormError
├── NotACancel              is the payload about a cancellation at all?
├── PayloadError            does the payload match the endpoint?
├── UnknownEndpointError    do the venue and the endpoint exist?
└── AmbiguousPayloadError   which endpoint did this come from?
"""

from collections.abc import Sequence
from typing import Any, Final

from cancelnorm.escapes import quoted
from cancelnorm.masking import without_secrets
from cancelnorm.schema import CancelEvent

__all__ = [
    "AmbiguousPayloadError",
    "CancelNormError",
    "NotACancel",
    "PayloadError",
    "UnknownEndpointError",
    "cited",
    "few_of",
    "require_word",
]


def cited(word: str) -> str:
    """A word that a caller or a log gave, in quotes and without secrets."""
    return quoted(without_secrets(word))


def require_word(name: str, found: object, words: Sequence[str]) -> None:
    """Raise ValueError if what a caller gave under a name is none of these words."""
    if found not in words:
        *others, last = [quoted(word) if " " in word else word for word in words]
        expected = f"{', '.join(others)} or {last}" if others else last
        raise ValueError(f"{name}: expected {expected}, found {cited(str(found))}")


class CancelNormError(Exception):
    """Base of all errors of this library; every error can be pickled without loss."""

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle all attributes; by default Python calls the class with ``args``, which some classes do not accept."""
        return _restored, (type(self), self.args, vars(self))


def _restored(
    cls: type[CancelNormError], args: tuple[Any, ...], attributes: dict[str, Any]
) -> CancelNormError:
    """Rebuild a pickled error."""
    error = cls.__new__(cls, *args)
    vars(error).update(attributes)
    return error


class NotACancel(CancelNormError):
    """A known frame that is not about a cancellation.

    The class has no ``__init__``: most frames of a recording are of this kind, and it would double their cost.
    """

    @property
    def frame(self) -> str:
        """Kind of the frame."""
        return str(self.args[0])

    @property
    def source(self) -> str | None:
        """``file:line`` of the record."""
        return None if self.args[1] is None else str(self.args[1])

    def __str__(self) -> str:
        prefix = f"{self.source}: " if self.source else ""
        return f"{prefix}not about a cancel: {self.frame}"


class PayloadError(CancelNormError):
    """A payload that does not match its endpoint.

    ``path`` is the JSON path of the fault; ``expected`` and ``found`` describe the expected and the actual
    value. ``event`` can be stored in place of the unreadable events: the venue answered, so the order may be
    gone.
    """

    def __init__(
        self,
        path: str,
        expected: str,
        found: str,
        *,
        source: str | None,
        event: CancelEvent,
    ) -> None:
        super().__init__(path, expected, found)
        self.source = source
        self.path = path
        self.expected = expected
        self.found = found
        self.event = event

    def __str__(self) -> str:
        prefix = f"{self.source}: {self.path}" if self.source else self.path
        return f"{prefix}: expected {self.expected}, found {self.found}"


class UnknownEndpointError(CancelNormError):
    """An unsupported venue or endpoint; ``known`` holds the nearest supported ones."""

    def __init__(self, venue: str, endpoint: str | None, known: Sequence[str]) -> None:
        # A recorded URL may contain a key and a signature, usually in its query string.
        venue = without_secrets(venue)
        endpoint = None if endpoint is None else without_secrets(endpoint.partition("?")[0])
        super().__init__(venue, endpoint, tuple(known))
        self.venue = venue
        self.endpoint = endpoint
        self.known = tuple(known)

    def __str__(self) -> str:
        known = few_of(self.known)
        if self.endpoint is None:
            near = f"; did you mean {known}?" if known else ", nor one with a name like it"
            return f"no venue {quoted(self.venue)}{near}"
        return f"{self.venue} has no {quoted(self.endpoint)}; it has {known}"


_MOST_NAMES: Final = 5  # shown in a message


def few_of(names: Sequence[str], separator: str = ", ") -> str:
    """Some names between separators; of many, the first, and the number of the others."""
    more = len(names) - _MOST_NAMES
    return f"{', '.join(names[:_MOST_NAMES])} and {more} more" if more > 0 else separator.join(names)


class AmbiguousPayloadError(CancelNormError):
    """A payload that matches several endpoints with different meanings."""

    def __init__(self, candidates: Sequence[tuple[str, str]], *, source: str | None) -> None:
        super().__init__(tuple(candidates))
        self.source = source
        self.candidates = tuple(candidates)

    def __str__(self) -> str:
        prefix = f"{self.source}: " if self.source else ""
        names = few_of([f"{venue} {endpoint}" for venue, endpoint in self.candidates])
        return f"{prefix}could come from {names}"
