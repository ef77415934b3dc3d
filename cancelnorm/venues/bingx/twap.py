"""BingX TWAP orders: a parent that places orders over time, and the answer to its cancel."""

from types import MappingProxyType
from typing import Final, Literal

from msgspec import UNSET, UnsetType

from cancelnorm.completion import all_completed
from cancelnorm.endpoint import Call
from cancelnorm.eventmap import (
    Absent,
    EventMap,
    Verdict,
    always,
    amount,
    by_status,
    constant,
    text,
    time,
    word,
)
from cancelnorm.reader.scalars import DecimalOrEmpty, Epoch, Int, ns_of
from cancelnorm.reader.structs import Camel
from cancelnorm.request import RequestKeys
from cancelnorm.schema import Evidence, Normalised, OrderStatus, Outcome, Product, QuantityUnit
from cancelnorm.venue import endpoint, endpoints
from cancelnorm.venues.bingx.contracts import POSITION_SIDES
from cancelnorm.venues.bingx.messages import IDS, SIDES, SWAP_ERRORS, TAKEN, Reply, answered, verdicts

# --- What BingX sends ---


class TwapOrder(Camel):
    """The parent as it is while its cancel has only been taken."""

    symbol: str
    main_order_id: str | UnsetType = UNSET  # in the documentation's table, not in its example
    side: Literal["BUY", "SELL"]
    position_side: Literal["LONG", "SHORT", "BOTH"]
    price_type: Literal["constant", "percentage"]
    price_variance: DecimalOrEmpty
    trigger_price: DecimalOrEmpty
    interval: Int  # seconds
    amount_per_order: DecimalOrEmpty  # base units
    total_amount: DecimalOrEmpty  # base units
    order_status: Literal[
        "New",
        "Running",
        "Canceling",
        "Cancelled",
        "Filled",
        "PartiallyFilled",
        "Pending",
        "PartiallyFilledAndResidueCancelled",
        "PartiallyFilledAndResidueFailed",
        "Failed",
    ]
    executed_qty: DecimalOrEmpty  # base units
    duration: Int  # seconds
    max_duration: Int  # seconds
    created_time: Epoch
    update_time: Epoch  # not known to be the cancel's


class TwapId(Camel):
    """The parent's id alone, in the venue's instructions of 2026."""

    main_order_id: str


class TwapReply(Reply):
    """A cancel of a TWAP order."""

    data: TwapOrder | TwapId
    timestamp: Epoch | UnsetType = UNSET  # of the answer


# --- What it means ---

KEYS: Final = RequestKeys(symbol=("symbol",), order_id=("mainOrderId",))
STATUSES: Final = MappingProxyType(
    {
        "New": OrderStatus.NEW,
        "Running": OrderStatus.NEW,
        "Canceling": OrderStatus.PENDING_CANCEL,
        "Cancelled": OrderStatus.CANCELED,
        "Filled": OrderStatus.FILLED,
        "PartiallyFilled": OrderStatus.PARTIALLY_FILLED,
        "Pending": OrderStatus.PENDING_NEW,
        "PartiallyFilledAndResidueCancelled": OrderStatus.CANCELED,
        "PartiallyFilledAndResidueFailed": OrderStatus.REJECTED,
        "Failed": OrderStatus.REJECTED,
    }
)

ORDER: Final = EventMap(
    TwapOrder,
    by_status(
        TwapOrder.order_status,
        # The documented answer shows the order Running: the request was taken, and no more is said.
        verdicts(STATUSES, Evidence.ACKNOWLEDGED, alive=None),
        Verdict(Outcome.UNKNOWN, Evidence.ACKNOWLEDGED),
    ),
    absent=Absent.ZERO,
    symbol=text(TwapOrder.symbol),
    order_id=text(TwapOrder.main_order_id),
    side=word(TwapOrder.side, SIDES),
    position_side=word(TwapOrder.position_side, POSITION_SIDES),
    trigger_price=amount(TwapOrder.trigger_price, zero_is_none=True),
    quantity=amount(TwapOrder.total_amount, zero_is_none=True),
    filled_quantity=amount(TwapOrder.executed_qty),
    quantity_unit=constant(QuantityUnit.BASE),
    created_ns=time(TwapOrder.created_time),
)
_ID: Final = EventMap(TwapId, always(TAKEN), order_id=text(TwapId.main_order_id))


def cancel(raw: TwapReply, call: Call) -> Normalised:
    """Map the answer to a cancel of a TWAP order."""
    if raw.timestamp is not UNSET:
        call.response_ns = ns_of(raw.timestamp)
    each = ORDER if isinstance(raw.data, TwapOrder) else _ID
    return answered(raw, call, all_completed(each.events([raw.data], call, "$.data"), call))


# --- Endpoints ---

ENDPOINTS: Final = endpoints(
    endpoint("POST /openApi/swap/v1/twap/cancelOrder", TwapReply, cancel),
    product=Product.LINEAR,
    request=KEYS,
    errors=SWAP_ERRORS,
    ids=IDS,
    since="2024-10-24",
    docs="https://bingx-api.github.io/docs/#/en-us/swapV2/trade-api.html",
)
