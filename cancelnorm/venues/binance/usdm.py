"""Binance USDⓈ-M futures: what they answer to a cancel, over REST and WebSocket."""

from collections.abc import Callable
from typing import Any, Final

from msgspec import UNSET, UnsetType

from cancelnorm.codec import Codec
from cancelnorm.reader.scalars import DecimalText, Int
from cancelnorm.reader.types import Kind
from cancelnorm.record import Record
from cancelnorm.schema import Normalised, Product
from cancelnorm.venues.binance.conditional import (
    AlgoAcknowledged,
    AlgoError,
    AlgoOrder,
    AlgoReply,
    normalise_algo,
    normalise_algo_reply,
)
from cancelnorm.venues.binance.futures import (
    Failure,
    Maintenance,
    PlacedOrder,
    normalise_order,
    normalise_order_reply,
    request_target,
)
from cancelnorm.venues.binance.futures_bulk import (
    AllDone,
    Countdown,
    normalise_batch,
    normalise_countdown,
    normalise_done,
)
from cancelnorm.venues.binance.orders import ApiError
from cancelnorm.venues.binance.websocket import Envelope, ErrorReply

__all__ = ["CODECS", "LinearOrder"]

# --- What Binance sends ---


class LinearOrder(
    PlacedOrder, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True, gc=False
):
    """The report of a canceled USDⓈ-M order."""

    cum_quote: DecimalText | UnsetType = UNSET  # quote units; until 2026-06
    good_till_date: Int | UnsetType = UNSET  # epoch; since 2023-09; 0: not GTD


class OrderReply(Envelope, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """A cancel of an order."""

    result: LinearOrder


# --- Registration ---

_DOCS: Final = "https://developers.binance.com/docs/derivatives/usds-margined-futures/trade/"


def _codec(
    endpoint: str, shape: Kind, normalise: Callable[[Any, Record, Codec], Normalised], page: str
) -> Codec:
    return Codec(
        "binance",
        endpoint,
        shape,
        normalise,
        product=Product.LINEAR,
        target=request_target,
        docs=_DOCS + page,
    )


CODECS: Final = (
    _codec("DELETE /fapi/v1/order", LinearOrder | Failure, normalise_order, "rest-api/Cancel-Order"),
    _codec(
        "DELETE /fapi/v1/allOpenOrders", AllDone | Failure, normalise_done, "rest-api/Cancel-All-Open-Orders"
    ),
    _codec(
        "DELETE /fapi/v1/batchOrders",
        list[LinearOrder | ApiError] | Failure,
        normalise_batch,
        "rest-api/Cancel-Multiple-Orders",
    ),
    _codec(
        "POST /fapi/v1/countdownCancelAll",
        Countdown | Failure,
        normalise_countdown,
        "rest-api/Auto-Cancel-All-Open-Orders",
    ),
    _codec(
        "DELETE /fapi/v1/algoOrder",
        AlgoAcknowledged | AlgoOrder | AlgoError | Maintenance,
        normalise_algo,
        "rest-api/Cancel-Algo-Order",
    ),
    _codec(
        "DELETE /fapi/v1/algoOpenOrders",
        AllDone | Failure,
        normalise_done,
        "rest-api/Cancel-All-Algo-Open-Orders",
    ),
    _codec(
        "ws-fapi algoOrder.cancel",
        AlgoReply | ErrorReply,
        normalise_algo_reply,
        "websocket-api/Cancel-Algo-Order",
    ),
    _codec(
        "ws-fapi order.cancel", OrderReply | ErrorReply, normalise_order_reply, "websocket-api/Cancel-Order"
    ),
)
