"""Binance COIN-M futures: what they answer to a cancel, over REST and WebSocket."""

from collections.abc import Callable
from typing import Any, Final

from msgspec import UNSET, UnsetType

from cancelnorm.codec import Codec
from cancelnorm.reader.scalars import DecimalText
from cancelnorm.reader.types import Kind
from cancelnorm.record import Record
from cancelnorm.schema import Normalised, Product
from cancelnorm.venues.binance.conditional import AlgoAcknowledged, AlgoError, normalise_algo
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

__all__ = ["CODECS"]

# --- What Binance sends ---


class BatchedOrder(
    PlacedOrder, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True, gc=False
):
    """The report of a canceled COIN-M order in a batch."""

    pair: str | UnsetType = UNSET  # not in the examples of batches before 2026-01
    cum_base: DecimalText | UnsetType = UNSET  # base units; until 2026-06


class InverseOrder(
    BatchedOrder, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True, gc=False
):
    """The report of a canceled COIN-M order."""

    pair: str


class OrderReply(Envelope, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """A cancel of an order."""

    result: InverseOrder


class Acknowledged(
    AlgoAcknowledged, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True, gc=False
):
    """A cancel of a conditional order that was taken; conditional orders moved here on 2026-06-30."""


# --- Registration ---

_DOCS: Final = "https://developers.binance.com/docs/derivatives/coin-margined-futures/trade/"


def _codec(
    endpoint: str, shape: Kind, normalise: Callable[[Any, Record, Codec], Normalised], page: str
) -> Codec:
    return Codec(
        "binance",
        endpoint,
        shape,
        normalise,
        product=Product.INVERSE,
        target=request_target,
        docs=_DOCS + page,
    )


CODECS: Final = (
    _codec("DELETE /dapi/v1/order", InverseOrder | Failure, normalise_order, "rest-api/Cancel-Order"),
    _codec(
        "DELETE /dapi/v1/allOpenOrders",
        AllDone | Failure,
        normalise_done,
        "rest-api/Cancel-All-Open-Orders",
    ),
    _codec(
        "DELETE /dapi/v1/batchOrders",
        list[BatchedOrder | ApiError] | Failure,
        normalise_batch,
        "rest-api/Cancel-Multiple-Orders",
    ),
    _codec(
        "POST /dapi/v1/countdownCancelAll",
        Countdown | Failure,
        normalise_countdown,
        "rest-api/Auto-Cancel-All-Open-Orders",
    ),
    _codec(
        "DELETE /dapi/v1/algoOrder",
        Acknowledged | AlgoError | Maintenance,
        normalise_algo,
        "rest-api/Cancel-Algo-Order",
    ),
    _codec(
        "DELETE /dapi/v1/algoOpenOrders",
        AllDone | Failure,
        normalise_done,
        "rest-api/Cancel-All-Algo-Open-Orders",
    ),
    _codec(
        "ws-dapi order.cancel", OrderReply | ErrorReply, normalise_order_reply, "websocket-api/Cancel-Order"
    ),
)
