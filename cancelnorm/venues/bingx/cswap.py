"""BingX perpetuals with coin margin: what they answer to a cancel."""

from typing import Final

from msgspec import UNSET, UnsetType

from cancelnorm.endpoint import Call
from cancelnorm.eventmap import constant
from cancelnorm.reader.scalars import Epoch, Int, Prose, ns_of
from cancelnorm.reader.structs import Camel, Exact
from cancelnorm.schema import Normalised, Product, QuantityUnit
from cancelnorm.venue import endpoint, endpoints
from cancelnorm.venues.bingx import contracts
from cancelnorm.venues.bingx.contracts import ContractOrder, NoOrder, all_rows, judge, none_open, one_order
from cancelnorm.venues.bingx.messages import IDS, KEYS, SWAP_ERRORS, LongId, Reply, answered, failure_map

# --- What BingX sends ---


class CancelReply(contracts.CancelReply):
    """A cancel of one order."""

    timestamp: Epoch | UnsetType = UNSET  # of the answer; documented for all open orders


class FailedCancel(Camel):
    """An open order that was not canceled with the others; its keys are unlike the linear ones'."""

    order_id: LongId | str  # in quotes
    code: Int
    msg: Prose


class OpenOrders(Exact):
    """Result for all open orders. What is sent where none were open is not documented."""

    success: list[ContractOrder | NoOrder] | None
    failed: list[FailedCancel] | UnsetType | None = UNSET  # left out in the instructions of 2026


class OpenOrdersReply(Reply):
    """A cancel of all open orders of a symbol."""

    data: OpenOrders
    timestamp: Epoch | UnsetType = UNSET  # of the answer


# --- What it means ---

_ORDER: Final = contracts.ORDER.extended(ContractOrder, quantity_unit=constant(QuantityUnit.CONTRACTS))
_LISTED: Final = contracts.LISTED.extended(ContractOrder, quantity_unit=constant(QuantityUnit.CONTRACTS))
_FAILED: Final = failure_map(
    FailedCancel, judge, FailedCancel.msg, FailedCancel.order_id, code=FailedCancel.code
)


def _opened(raw: CancelReply | OpenOrdersReply, call: Call) -> None:
    """Take from an envelope what its events need."""
    if raw.timestamp is not UNSET:
        call.response_ns = ns_of(raw.timestamp)


def cancel(raw: CancelReply, call: Call) -> Normalised:
    """Map the answer to a cancel of one order."""
    _opened(raw, call)
    return one_order(raw, call, _ORDER)


def cancel_open(raw: OpenOrdersReply, call: Call) -> Normalised:
    """Map the answer to a cancel of all open orders."""
    _opened(raw, call)
    events = all_rows(raw.data.success, _LISTED, raw.data.failed, _FAILED, call)
    return answered(raw, call, events or [none_open(raw.data.success, call)])


# --- Endpoints ---

ENDPOINTS: Final = endpoints(
    endpoint("DELETE /openApi/cswap/v1/trade/cancelOrder", CancelReply, cancel),
    # The documentation says POST, the client libraries send DELETE.
    endpoint("DELETE /openApi/cswap/v1/trade/allOpenOrders", OpenOrdersReply, cancel_open),
    endpoint("POST /openApi/cswap/v1/trade/allOpenOrders", OpenOrdersReply, cancel_open),
    product=Product.INVERSE,
    request=KEYS,
    errors=SWAP_ERRORS,
    ids=IDS,
    since="2024-06-13",
    docs="https://bingx-api.github.io/docs/#/en-us/cswap/trade-api.html",
)
