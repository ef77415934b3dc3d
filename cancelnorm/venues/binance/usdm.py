"""Binance USDⓈ-M futures: what they answer to a cancel, over REST and WebSocket."""

from typing import Final

from msgspec import UNSET, UnsetType

from cancelnorm.eventmap import amount, constant
from cancelnorm.reader.scalars import DecimalText, Int
from cancelnorm.schema import Product, QuantityUnit
from cancelnorm.venue import endpoint, endpoints
from cancelnorm.venues.binance.conditional import (
    ALGO_ERRORS,
    AlgoAcknowledged,
    AlgoOrder,
    AlgoReply,
    cancel_algo,
    cancel_algo_reply,
)
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


class LinearOrder(PlacedOrder):
    """The report of a canceled USDⓈ-M order."""

    cum_quote: DecimalText | UnsetType = UNSET  # quote units; until 2026-06
    good_till_date: Int | UnsetType = UNSET  # epoch; since 2023-09-05; 0: not GTD


class AmendedOrder(LinearOrder):
    """The report of an amended USDⓈ-M order."""


class AmendmentReply(Envelope):
    """An amendment of an order."""

    result: AmendedOrder


class OrderReply(Envelope):
    """A cancel of an order."""

    result: LinearOrder


# --- What it means ---

LINEAR: Final = PLACED.extended(
    LinearOrder, filled_quote=amount(LinearOrder.cum_quote), quantity_unit=constant(QuantityUnit.BASE)
)
AMENDED_LINEAR: Final = LINEAR.extended(AmendedOrder, AMENDED)

# --- Endpoints ---

ENDPOINTS: Final = endpoints(
    endpoint(
        "DELETE /fapi/v1/order", LinearOrder, one_by(LINEAR), plain=LINEAR, page="rest-api/Cancel-Order"
    ),
    endpoint(
        "DELETE /fapi/v1/allOpenOrders",
        AllDone,
        all_done,
        page="rest-api/Cancel-All-Open-Orders",
        since="2019-12-12",
    ),
    endpoint(
        "DELETE /fapi/v1/batchOrders",
        list[LinearOrder | ApiError],
        rows_by(LINEAR),
        page="rest-api/Cancel-Multiple-Orders",
        since="2019-12-12",
    ),
    endpoint(
        "POST /fapi/v1/countdownCancelAll",
        Countdown,
        one_by(COUNTDOWN),
        page="rest-api/Auto-Cancel-All-Open-Orders",
        since="2020-05-11",
    ),
    endpoint(
        "DELETE /fapi/v1/algoOrder",
        AlgoAcknowledged | AlgoOrder,
        cancel_algo,
        errors=ALGO_ERRORS,
        ids=ALGO_IDS,
        page="rest-api/Cancel-Algo-Order",
        since="2025-12-02",
    ),
    endpoint(
        "DELETE /fapi/v1/algoOpenOrders",
        AllDone,
        all_done,
        ids=ALGO_IDS,
        page="rest-api/Cancel-All-Algo-Open-Orders",
        since="2025-12-02",
    ),
    endpoint(
        "ws-fapi algoOrder.cancel",
        AlgoReply,
        cancel_algo_reply,
        errors=SOCKET_ERRORS,
        ids=ALGO_IDS,
        page="websocket-api/Cancel-Algo-Order",
        since="2025-12-02",
    ),
    endpoint(
        "ws-fapi order.cancel",
        OrderReply,
        replied_by(LINEAR),
        errors=SOCKET_ERRORS,
        page="websocket-api/Cancel-Order",
        since="2024-04-01",
    ),
    endpoint(
        "PUT /fapi/v1/order",
        AmendedOrder,
        one_by(AMENDED_LINEAR),
        skips=skip_amended,
        page="rest-api/Modify-Order",
        since="2023-05-05",
    ),
    endpoint(
        "PUT /fapi/v1/batchOrders",
        list[AmendedOrder | ApiError],
        amended_rows_by(AMENDED_LINEAR),
        skips=skip_amended,
        page="rest-api/Modify-Multiple-Orders",
        since="2023-05-05",
    ),
    endpoint(
        "ws-fapi order.modify",
        AmendmentReply,
        replied_by(AMENDED_LINEAR),
        skips=skip_amended,
        errors=SOCKET_ERRORS,
        page="websocket-api/Modify-Order",
        since="2024-04-01",
    ),
    product=Product.LINEAR,
    request=KEYS,
    errors=ERRORS,
    ids=FUTURES_IDS,
    is_shared=is_shared,
    docs="https://developers.binance.com/docs/derivatives/usds-margined-futures/trade/",
)
