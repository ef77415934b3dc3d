"""A recorded answer: the payload and its origin."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType, NoneType
from typing import Any, Final, Literal, get_args

import msgspec
from msgspec.structs import astuple, force_setattr

from cancelnorm.errors import require_word

__all__ = ["OBJECT", "Dialect", "Pairing", "Record", "Request"]

Request = Mapping[str, Any] | Sequence[Mapping[str, Any]]
"""Parameters of a request under the venue's own names; a list if the body is an array."""

OBJECT: Final = (dict, Mapping)
"""What ``isinstance`` takes for parameters with names: first what they mostly are, which it knows without asking."""


Dialect = Literal["quoted-numbers"]
"""A change that a recorder made to payloads."""

Pairing = Literal["no_answer", "timeout", "in_doubt", "shared_id"]
"""Why a request and its answer could not be paired."""

_DIALECTS: Final = get_args(Dialect)
_PAIRINGS: Final = get_args(Pairing)


class Record(msgspec.Struct, frozen=True):
    """A venue's answer and the recorder's information about it.

    ``payload`` is the body as received. ``endpoint`` is the endpoint's name in the venue's documentation
    (``DELETE /api/v3/order``, ``ws order.cancel``); with None the endpoint is identified from the payload.
    It may be a method with a path or a URL, whose parameters count as the request's.
    ``status`` is the HTTP status. ``request`` holds the request's parameters under the venue's own names, or a
    list of them if the body is an array; it supplies ids that the answer lacks. Clocks are nanoseconds since
    the epoch, UTC. ``dialect`` names a change that the recorder made to the payload: ``quoted-numbers`` means
    integers in quotes, as in ccxt logs. ``account`` distinguishes recordings of several accounts.

    ``pairing`` is None unless the request and the answer could not be paired. ``no_answer``, ``timeout`` and
    ``in_doubt`` mark a request without an answer, whose payload is empty; the log says of the second that it timed
    out, and has fewer answers that may be of the third, and name no request, than it has such requests.
    ``shared_id`` marks an answer whose id several open requests share, so that it was paired with none.
    """

    payload: bytes | str
    venue: str
    endpoint: str | None = None
    status: int | None = None
    request: Request | None = None
    sent_ns: int | None = None
    received_ns: int | None = None
    source: str | None = None  # ``file:line``
    dialect: Dialect | None = None
    secrets: tuple[str, ...] = ()  # locations of secrets in the log, such as ``request.signature``
    account: str | None = None
    pairing: Pairing | None = None

    @property
    def is_unanswered(self) -> bool:
        """Whether it is a request without an answer."""
        return self.pairing is not None and self.pairing != "shared_id"

    def __post_init__(self) -> None:
        """Raise TypeError for a field of the wrong type, and ValueError for a word, before it can be misread."""
        fault = _fault(tuple(map(type, astuple(self))))
        if fault is None:
            if self.dialect is not None:
                require_word("Record.dialect", self.dialect, _DIALECTS)
            if self.pairing is not None:
                require_word("Record.pairing", self.pairing, _PAIRINGS)
            return
        payload: object = self.payload
        if not isinstance(payload, bytearray | memoryview):
            raise TypeError(fault)
        force_setattr(self, "payload", bytes(payload))
        self.__post_init__()


_TYPES: Final[Mapping[str, tuple[type, ...]]] = MappingProxyType(
    {
        "payload": (bytes, str),
        "venue": (str,),
        "endpoint": (str, NoneType),
        "status": (int, NoneType),
        "request": (Mapping, list, tuple, NoneType),
        "sent_ns": (int, NoneType),
        "received_ns": (int, NoneType),
        "source": (str, NoneType),
        "dialect": (str, NoneType),
        "account": (str, NoneType),
        "pairing": (str, NoneType),
    }
)


@lru_cache(maxsize=1_024)
def _fault(types: tuple[type, ...]) -> str | None:
    """Fault of a record whose fields are of these types."""
    for name, found in zip(Record.__struct_fields__, types, strict=True):
        wanted = _TYPES.get(name, (object,))
        if not issubclass(found, wanted):
            names = " or ".join("None" if kind is NoneType else kind.__name__ for kind in wanted)
            return f"Record.{name} must be {names}, not {found.__name__}"
    return None
