"""BingX perpetuals with linear margin: what they answer to a cancel."""

from typing import Final

from msgspec import UNSET, UnsetType

from cancelnorm.endpoint import Call
from cancelnorm.eventmap import unknown
from cancelnorm.reader.scalars import Int, Prose
from cancelnorm.reader.structs import Camel, Exact
from cancelnorm.schema import Normalised, Product, Reason
from cancelnorm.venue import endpoint, endpoints
from cancelnorm.venues.bingx.contracts import (
    LISTED,
    ORDER,
    CancelReply,
    ContractOrder,
    NoOrder,
    all_rows,
    judge,
    none_open,
    one_order,
)
from cancelnorm.venues.bingx.messages import IDS, KEYS, SWAP_ERRORS, LongId, Reply, answered, failure_map
from cancelnorm.venues.bingx.timers import TimerReply, timer

# --- What BingX sends ---


class FailedCancel(Camel):
    """An order of a batch that was not canceled."""

    order_id: LongId | str
    client_order_id: str | UnsetType = UNSET  # documented in 2024 and not since
    error_code: Int
    error_message: Prose


class FailedOpenOrder(Camel):
    """An open order that was not canceled with the others."""

    order_id: LongId | str
    client_order_id: str | UnsetType = UNSET  # since 2023-07-29
    error_code: Int  # 80012; 109500 since October 2025
    error_message: Prose


class Batch(Exact):
    """Result of a batch."""

    success: list[ContractOrder | NoOrder] | None
    failed: list[FailedCancel] | None


class OpenOrders(Exact):
    """Result for all open orders. What is sent where none were open is not documented."""

    success: list[ContractOrder | NoOrder] | None
    failed: list[FailedOpenOrder] | None


class BatchReply(Reply):
    """A cancel of several orders; the code is 0 even where orders failed."""

    data: Batch


class OpenOrdersReply(Reply):
    """A cancel of all open orders of a symbol, or of all symbols where the request names none."""

    data: OpenOrders


# --- What it means ---

_FAILED: Final = failure_map(
    FailedCancel,
    judge,
    FailedCancel.error_message,
    FailedCancel.order_id,
    FailedCancel.client_order_id,
    FailedCancel.error_code,
)
_FAILED_OPEN: Final = failure_map(
    FailedOpenOrder,
    judge,
    FailedOpenOrder.error_message,
    FailedOpenOrder.order_id,
    FailedOpenOrder.client_order_id,
    FailedOpenOrder.error_code,
)


def cancel(raw: CancelReply, call: Call) -> Normalised:
    """Map the answer to a cancel of one order."""
    return one_order(raw, call, ORDER)


def cancel_batch(raw: BatchReply, call: Call) -> Normalised:
    """Map the answer to a cancel of several orders: those canceled, then those that failed."""
    events = all_rows(raw.data.success, LISTED, raw.data.failed, _FAILED, call)
    return answered(raw, call, events or [call.failed(unknown(Reason.OTHER))])


def cancel_open(raw: OpenOrdersReply, call: Call) -> Normalised:
    """Map the answer to a cancel of all open orders."""
    events = all_rows(raw.data.success, LISTED, raw.data.failed, _FAILED_OPEN, call)
    return answered(raw, call, events or [none_open(raw.data.success, call)])


# --- Endpoints ---

ENDPOINTS: Final = endpoints(
    endpoint("DELETE /openApi/swap/v2/trade/order", CancelReply, cancel),
    endpoint("DELETE /openApi/swap/v2/trade/batchOrders", BatchReply, cancel_batch),
    endpoint("DELETE /openApi/swap/v2/trade/allOpenOrders", OpenOrdersReply, cancel_open),
    endpoint("POST /openApi/swap/v2/trade/cancelAllAfter", TimerReply, timer, since="2024-03-14"),
    product=Product.LINEAR,
    request=KEYS,
    errors=SWAP_ERRORS,
    ids=IDS,
    docs="https://bingx-api.github.io/docs/#/en-us/swapV2/trade-api.html",
)
