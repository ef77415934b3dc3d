"""Binance COIN-M futures: what they answer to a cancel, over REST and WebSocket."""

from typing import Final

from msgspec import UNSET, UnsetType

from cancelnorm.eventmap import constant
from cancelnorm.reader.scalars import DecimalText
from cancelnorm.schema import Product, QuantityUnit
from cancelnorm.venue import endpoint, endpoints
from cancelnorm.venues.binance.conditional import ALGO_ERRORS, AlgoAcknowledged, cancel_algo
from cancelnorm.venues.binance.futures import ALGO_IDS, AMENDED, FUTURES_IDS, KEYS, PLACED, PlacedOrder
from cancelnorm.venues.binance.futures_answers import (
    COUNTDOWN,
    ERRORS,
    SOCKET_ERRORS,
    AllDone,
    Countdown,
    all_done,
    amended_rows_by,
    is_shared,
    one_by,
    replied_by,
    rows_by,
)
from cancelnorm.venues.binance.messages import ApiError
from cancelnorm.venues.binance.query_skip import skip_amended
from cancelnorm.venues.binance.websocket import Envelope

# --- What Binance sends ---


class BatchedOrder(PlacedOrder):
    """The report of a canceled COIN-M order in a batch."""

    pair: str | UnsetType = UNSET  # not in the examples of batches before 2026-01
    cum_base: DecimalText | UnsetType = UNSET  # base units; until 2026-06


class InverseOrder(BatchedOrder):
    """The report of a canceled COIN-M order."""

    pair: str


class AmendedOrder(InverseOrder):
    """The report of an amended COIN-M order."""


class AmendedBatchedOrder(BatchedOrder):
    """The report of an amended COIN-M order in a batch."""


class AmendmentReply(Envelope):
    """An amendment of an order."""

    result: AmendedOrder


class OrderReply(Envelope):
    """A cancel of an order."""

    result: InverseOrder


class Acknowledged(AlgoAcknowledged):
    """A cancel of a conditional order that was taken; conditional orders moved here on 2026-06-30."""


# --- What it means ---

BATCHED: Final = PLACED.extended(BatchedOrder, quantity_unit=constant(QuantityUnit.CONTRACTS))
INVERSE: Final = BATCHED.extended(InverseOrder)
AMENDED_INVERSE: Final = INVERSE.extended(AmendedOrder, AMENDED)
AMENDED_BATCHED: Final = BATCHED.extended(AmendedBatchedOrder, AMENDED)

# --- Endpoints ---

ENDPOINTS: Final = endpoints(
    endpoint(
        "DELETE /dapi/v1/order", InverseOrder, one_by(INVERSE), plain=INVERSE, page="rest-api/Cancel-Order"
    ),
    endpoint("DELETE /dapi/v1/allOpenOrders", AllDone, all_done, page="rest-api/Cancel-All-Open-Orders"),
    endpoint(
        "DELETE /dapi/v1/batchOrders",
        list[BatchedOrder | ApiError],
        rows_by(BATCHED),
        page="rest-api/Cancel-Multiple-Orders",
    ),
    endpoint(
        "POST /dapi/v1/countdownCancelAll",
        Countdown,
        one_by(COUNTDOWN),
        page="rest-api/Auto-Cancel-All-Open-Orders",
    ),
    endpoint(
        "DELETE /dapi/v1/algoOrder",
        Acknowledged,
        cancel_algo,
        errors=ALGO_ERRORS,
        ids=ALGO_IDS,
        page="rest-api/Cancel-Algo-Order",
        since="2026-06-30",
    ),
    endpoint(
        "DELETE /dapi/v1/algoOpenOrders",
        AllDone,
        all_done,
        ids=ALGO_IDS,
        page="rest-api/Cancel-All-Algo-Open-Orders",
        since="2026-06-30",
    ),
    endpoint(
        "ws-dapi order.cancel",
        OrderReply,
        replied_by(INVERSE),
        errors=SOCKET_ERRORS,
        page="websocket-api/Cancel-Order",
        since="2025-02-25",
    ),
    endpoint(
        "PUT /dapi/v1/order",
        AmendedOrder,
        one_by(AMENDED_INVERSE),
        skips=skip_amended,
        page="rest-api/Modify-Order",
    ),
    endpoint(
        "PUT /dapi/v1/batchOrders",
        list[AmendedBatchedOrder | ApiError],
        amended_rows_by(AMENDED_BATCHED),
        skips=skip_amended,
        page="rest-api/Modify-Multiple-Orders",
    ),
    endpoint(
        "ws-dapi order.modify",
        AmendmentReply,
        replied_by(AMENDED_INVERSE),
        skips=skip_amended,
        errors=SOCKET_ERRORS,
        page="websocket-api/Modify-Order",
        since="2025-02-25",
    ),
    product=Product.INVERSE,
    request=KEYS,
    errors=ERRORS,
    ids=FUTURES_IDS,
    is_shared=is_shared,
    docs="https://developers.binance.com/docs/derivatives/coin-margined-futures/trade/",
)
