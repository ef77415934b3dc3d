"""cancelnorm says what an exchange really said about a cancellation."""

from cancelnorm.api import identify, normalise, parse
from cancelnorm.check import Refused
from cancelnorm.errors import (
    AmbiguousPayloadError,
    CancelNormError,
    NotACancel,
    PayloadError,
    UnknownEndpointError,
)
from cancelnorm.event_json import decode, encode
from cancelnorm.ids import event_ids, order_key
from cancelnorm.pipeline import events
from cancelnorm.record import Record
from cancelnorm.schema import (
    CancelEvent,
    EventKind,
    Evidence,
    Initiator,
    Normalised,
    Note,
    OrderStatus,
    Outcome,
    Product,
    Reason,
)

__all__ = [
    "AmbiguousPayloadError",
    "CancelEvent",
    "CancelNormError",
    "EventKind",
    "Evidence",
    "Initiator",
    "Normalised",
    "NotACancel",
    "Note",
    "OrderStatus",
    "Outcome",
    "PayloadError",
    "Product",
    "Reason",
    "Record",
    "Refused",
    "UnknownEndpointError",
    "decode",
    "encode",
    "event_ids",
    "events",
    "identify",
    "normalise",
    "order_key",
    "parse",
]
