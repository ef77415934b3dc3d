"""Kraken WebSocket API, v1 and v2: the answer to a frame that was not understood, whatever it was meant for."""

from typing import Any, ClassVar, Final, Literal

from msgspec import UNSET, UnsetType, field

from cancelnorm.endpoint import Call
from cancelnorm.reader.scalars import Int, Prose
from cancelnorm.reader.structs import Exact
from cancelnorm.request import RequestKeys
from cancelnorm.schema import Normalised
from cancelnorm.venue import endpoint, endpoints
from cancelnorm.venues.kraken.codes import code_of, error_verdict
from cancelnorm.venues.kraken.messages import IDS, ORDER_ID
from cancelnorm.venues.kraken.socket import Failed, failed

# --- What Kraken sends ---


class MethodError(Failed):
    """The answer of the WebSocket API v2."""

    method: Literal["error"]


class EventError(Exact):
    """The answer of the WebSocket API v1."""

    bare: ClassVar = True
    event: Literal["error"]
    error_message: Prose = field(name="errorMessage")
    status: Literal["error"] | UnsetType = UNSET
    reqid: Int | UnsetType = UNSET  # the request's


# --- What it means ---


def not_understood(raw: MethodError | EventError, call: Call) -> Normalised:
    """Map an error of a frame that was not understood."""
    if isinstance(raw, MethodError):
        return failed(raw, call)
    if raw.reqid is not UNSET:
        call.request_id = str(raw.reqid)
    words: tuple[tuple[str, str | UnsetType], ...] = (("event", raw.event), ("status", raw.status))
    said = {key: word for key, word in words if word not in (UNSET, "error")}
    verdict = error_verdict(raw.error_message)
    event = call.failed(verdict, code=code_of(raw.error_message) or None, message=raw.error_message)
    return call.result([event], extra=said)


def is_about_anything(raw: Any) -> bool:
    """Whether an answer does not say what it is about."""
    return isinstance(raw, MethodError | EventError)


# --- Endpoints ---

# Of a cancel or an edit in either version of the API.
FAILED_KEYS: Final = RequestKeys(
    order_id=("orderid",),
    order_ids=("order_id", "orders", "txid"),
    client_order_ids=("cl_ord_id",),
    order_pattern=ORDER_ID,
)

ENDPOINTS: Final = endpoints(
    endpoint("ws error", MethodError | EventError, not_understood, is_shared=is_about_anything),
    product=None,
    request=FAILED_KEYS,
    since="2024-05-19",
    skips=True,
    ids=IDS,
    docs="https://docs.kraken.com/exchange/api-reference/spot-websocket-v2/error",
)
