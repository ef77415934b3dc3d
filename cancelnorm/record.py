"""One recorded answer: the payload and everything known about where it came from."""

from collections.abc import Mapping, Sequence
from types import NoneType
from typing import Any, Final, Literal

import msgspec
from msgspec.structs import force_setattr

__all__ = ["Record", "Request"]

Request = Mapping[str, Any] | Sequence[Mapping[str, Any]]
"""Parameters of a request under the venue's own names; a list of them where its body is an array."""


class Record(msgspec.Struct, frozen=True):
    """What a venue answered, and what the recorder knows about it.

    ``payload`` is the body as received. ``endpoint`` is the name the venue's documentation gives it
    (``DELETE /api/v3/order``, ``ws order.cancel``); None asks for it to be identified. ``status`` is the
    HTTP status. ``request`` holds the request's parameters under the venue's own names, or a list of them
    where the body is an array: it fills ids that an answer does not carry. Clocks are nanoseconds since the
    epoch, UTC. ``dialect`` names a change that the recorder made to the payload: ``quoted-numbers`` has
    integers in quotes, as ccxt logs have them. ``account`` tells recordings of several accounts apart.
    """

    payload: bytes | str
    venue: str
    endpoint: str | None = None
    status: int | None = None
    request: Request | None = None
    sent_ns: int | None = None
    received_ns: int | None = None
    source: str | None = None  # ``file:line``
    dialect: Literal["quoted-numbers"] | None = None
    secrets: tuple[str, ...] = ()  # where in the log something secret stood, as ``request.signature``
    account: str | None = None

    def __post_init__(self) -> None:
        """Refuse what would be misread later: a caller's mistake is a TypeError, here and at once."""
        payload: object = self.payload
        if isinstance(payload, bytearray | memoryview):
            force_setattr(self, "payload", bytes(payload))
        for name, kinds in _KINDS:
            if not isinstance(getattr(self, name), kinds):
                found = type(getattr(self, name)).__name__
                wanted = " or ".join("None" if kind is NoneType else kind.__name__ for kind in kinds)
                raise TypeError(f"Record.{name} must be {wanted}, not {found}")


_KINDS: Final[tuple[tuple[str, tuple[type, ...]], ...]] = (
    ("payload", (bytes, str)),
    ("venue", (str,)),
    ("endpoint", (str, NoneType)),
    ("status", (int, NoneType)),
    ("request", (Mapping, list, tuple, NoneType)),
    ("sent_ns", (int, NoneType)),
    ("received_ns", (int, NoneType)),
    ("source", (str, NoneType)),
    ("account", (str, NoneType)),
)
