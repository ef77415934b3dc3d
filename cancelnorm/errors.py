"""Everything that can go wrong, one class per question a caller asks.

CancelNormError
├── NotACancel              is the payload about a cancellation at all?
├── PayloadError            is the payload what the endpoint answers?
├── UnknownEndpointError    is there such a venue and endpoint?
└── AmbiguousPayloadError   which endpoint did this come from?
"""

from collections.abc import Sequence
from typing import Any

from cancelnorm.masking import without_secrets
from cancelnorm.schema import CancelEvent

__all__ = ["AmbiguousPayloadError", "CancelNormError", "NotACancel", "PayloadError", "UnknownEndpointError"]


class CancelNormError(Exception):
    """Base of all errors of this library; each can be pickled without loss."""

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle the parts. Python would call the class with ``args`` alone, which not every class takes."""
        return _restored, (type(self), self.args, vars(self))


def _restored(kind: type[CancelNormError], args: tuple[Any, ...], parts: dict[str, Any]) -> CancelNormError:
    """An error that was pickled."""
    error = kind.__new__(kind, *args)
    vars(error).update(parts)
    return error


class NotACancel(CancelNormError):
    """A frame that is understood and has nothing to say about a cancellation.

    It has no ``__init__`` of its own: a recording is mostly such frames, and that would double their cost.
    """

    @property
    def what(self) -> str:
        """What the frame is."""
        return str(self.args[0])

    @property
    def source(self) -> str | None:
        """``file:line`` the record came from."""
        return None if self.args[1] is None else str(self.args[1])

    def __str__(self) -> str:
        place = f"{self.source}: " if self.source else ""
        return f"{place}not about a cancel: {self.what}"


class PayloadError(CancelNormError):
    """A payload that is not what its endpoint answers.

    ``path`` is the JSON path of the fault, ``expected`` and ``found`` say what should and what does stand
    there. ``event`` is ready to be stored in place of the events that could not be read: something was
    answered, the order may be gone.
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
        place = f"{self.source}: {self.path}" if self.source else self.path
        return f"{place}: expected {self.expected}, found {self.found}"


class UnknownEndpointError(CancelNormError):
    """A venue or an endpoint that has no codec; ``known`` are the nearest ones that have."""

    def __init__(self, venue: str, endpoint: str | None, known: Sequence[str]) -> None:
        # A recorded address may hold a key and a signature, mostly in its query string.
        venue = without_secrets(venue)
        endpoint = None if endpoint is None else without_secrets(endpoint.partition("?")[0])
        super().__init__(venue, endpoint, tuple(known))
        self.venue = venue
        self.endpoint = endpoint
        self.known = tuple(known)

    def __str__(self) -> str:
        known = ", ".join(self.known)
        if self.endpoint is None:
            return f"no venue {self.venue!r}; there are {known}"
        return f"{self.venue} has no {self.endpoint!r}; it has {known}"


class AmbiguousPayloadError(CancelNormError):
    """A payload that several endpoints answer, with different meanings."""

    def __init__(self, candidates: Sequence[tuple[str, str]], *, source: str | None) -> None:
        super().__init__(tuple(candidates))
        self.source = source
        self.candidates = tuple(candidates)

    def __str__(self) -> str:
        place = f"{self.source}: " if self.source else ""
        names = ", ".join(f"{venue} {endpoint}" for venue, endpoint in self.candidates)
        return f"{place}could come from {names}"
