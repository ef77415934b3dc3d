"""Bybit copy trading before v5 (2022 and 2023): the cancel of an order, and orders as they were shown."""

from types import MappingProxyType
from typing import Final, Literal

from msgspec import UNSET, UnsetType, field

from cancelnorm.endpoint import Call
from cancelnorm.eventmap import Absent, EventMap, Verdict, amount, by_words, constant, made, text, time, word
from cancelnorm.reader.scalars import DecimalOrEmpty, DecimalText, Epoch, EpochText, Prose
from cancelnorm.reader.structs import Camel, Exact
from cancelnorm.schema import Evidence, Normalised, OrderType, Product, QuantityUnit
from cancelnorm.venue import endpoint, endpoints
from cancelnorm.venues.bybit.causes import QUIET as QUIET_STATUSES
from cancelnorm.venues.bybit.causes import causes, left
from cancelnorm.venues.bybit.messages import CANCEL_ERRORS, IDS, KEYS, OrderName, envelope, is_shared, taken
from cancelnorm.venues.bybit.queries import QUERY_ERRORS
from cancelnorm.venues.bybit.states import SIDES, frame_of, note_unshown
from cancelnorm.venues.bybit.states_before_v5 import POST_ONLY, TIMES_IN_FORCE

# --- What Bybit sends ---


class CopiedTaken(Camel):
    """The acknowledgement of a cancel of one order."""

    ret_code: Literal[0]
    ret_msg: Prose
    result: OrderName


class CopiedOrder(Camel):
    """An order of copy trading in a list."""

    order_id: str
    order_link_id: str
    symbol: str
    side: Literal["Buy", "Sell"]
    copy_trade_order_status: str
    price: DecimalOrEmpty
    qty: DecimalText  # base units
    time_in_force: str
    leaves_qty: DecimalOrEmpty
    leaves_value: str
    is_isolated: bool
    leverage: str
    cum_exec_value: DecimalOrEmpty
    cum_exec_fee: str
    take_profit: str | UnsetType = UNSET
    stop_loss: str | UnsetType = UNSET
    tp_trigger_by: str | UnsetType = UNSET
    sl_trigger_by: str | UnsetType = UNSET
    created_time: EpochText
    updated_time: EpochText


class CopiedOrders(Exact):
    """Orders; all that are open where none is asked for."""

    orders: list[CopiedOrder] | None = field(name="list")


class CopiedShown(Camel):
    """The answer to a query."""

    ret_code: Literal[0]
    ret_msg: Prose
    result: CopiedOrders


class StreamedCopiedOrder(Camel):
    """An order of copy trading in a frame."""

    order_id: str
    order_link_id: str
    symbol: str
    order_type: str
    price: DecimalOrEmpty
    qty: DecimalText  # base units
    side: Literal["Buy", "Sell"]
    position_idx: str
    cum_exec_fee: str
    cum_exec_value: DecimalOrEmpty
    last_exec_price: str
    cum_exec_qty: DecimalOrEmpty
    take_profit: str | UnsetType = UNSET
    stop_loss: str | UnsetType = UNSET
    tp_trigger_by: str | UnsetType = UNSET
    sl_trigger_by: str | UnsetType = UNSET
    create_time: Epoch
    update_time: Epoch
    copy_trade_order_status: str


class CopiedFrame(Exact):
    """Frame with changes; without a time of its own."""

    topic: Literal["copyTradeOrder"]
    data: list[StreamedCopiedOrder]


# --- What it means ---

_TYPES: Final = MappingProxyType({"Limit": OrderType.LIMIT, "Market": OrderType.MARKET})
_OPENED: Final = "OpenOrderFilled"  # the order that opened a position
_listed: Final = causes(Evidence.TERMINAL_STATUS)
_streamed: Final = causes(Evidence.FINAL_REPORT)

QUIET: Final = QUIET_STATUSES | {_OPENED}
"""Statuses that say nothing about a cancel."""


def _shown(status: str) -> Verdict | None:
    return None if status == _OPENED else _listed(status, "", "", "")


def _changed(status: str, filled: str) -> Verdict | None:
    return None if status == _OPENED else _streamed(status, "", "", filled)


LISTED: Final = EventMap(
    CopiedOrder,
    by_words(_shown, CopiedOrder.copy_trade_order_status, raw_status=CopiedOrder.copy_trade_order_status),
    absent=Absent.EMPTY,
    symbol=text(CopiedOrder.symbol),
    order_id=text(CopiedOrder.order_id),
    client_order_id=text(CopiedOrder.order_link_id),
    side=word(CopiedOrder.side, SIDES),
    time_in_force=word(CopiedOrder.time_in_force, TIMES_IN_FORCE),
    post_only=word(CopiedOrder.time_in_force, POST_ONLY),
    price=amount(CopiedOrder.price, zero_is_none=True),
    quantity=amount(CopiedOrder.qty),
    remaining_quantity=made(left, CopiedOrder.leaves_qty, CopiedOrder.copy_trade_order_status),
    quantity_unit=constant(QuantityUnit.BASE),
    filled_quote=amount(CopiedOrder.cum_exec_value),
    created_ns=time(CopiedOrder.created_time),
    event_ns=time(CopiedOrder.updated_time),
)
STREAMED: Final = EventMap(
    StreamedCopiedOrder,
    by_words(
        _changed,
        StreamedCopiedOrder.copy_trade_order_status,
        StreamedCopiedOrder.cum_exec_qty,
        raw_status=StreamedCopiedOrder.copy_trade_order_status,
    ),
    absent=Absent.EMPTY,
    symbol=text(StreamedCopiedOrder.symbol),
    order_id=text(StreamedCopiedOrder.order_id),
    client_order_id=text(StreamedCopiedOrder.order_link_id),
    side=word(StreamedCopiedOrder.side, SIDES),
    order_type=word(StreamedCopiedOrder.order_type, _TYPES),
    price=amount(StreamedCopiedOrder.price, zero_is_none=True),
    quantity=amount(StreamedCopiedOrder.qty),
    filled_quantity=amount(StreamedCopiedOrder.cum_exec_qty),
    quantity_unit=constant(QuantityUnit.BASE),
    filled_quote=amount(StreamedCopiedOrder.cum_exec_value),
    created_ns=time(StreamedCopiedOrder.create_time),
    event_ns=time(StreamedCopiedOrder.update_time),
)


def cancel(raw: CopiedTaken, call: Call) -> Normalised:
    """Map the acknowledgement of a cancel of one order: its end is not known."""
    return call.result(taken(raw.result, call, "$.result"), extra=envelope(raw.ret_msg, None))


def query(raw: CopiedShown, call: Call) -> Normalised:
    """Map the answer to a query: the orders in it that are about a cancel."""
    at = "$.result.list"
    orders = raw.result.orders or []
    events = LISTED.events(orders, call, f"{at}[{{}}]")
    note_unshown(((order.order_id, order.order_link_id) for order in orders), call, at)
    return call.result(call.or_unknown(events, at), extra=envelope(raw.ret_msg, None))


# --- Endpoints ---

ENDPOINTS: Final = endpoints(
    *(
        row
        for path in ("/contract/v3/private", "/derivatives/v3")  # the second until autumn 2022
        for row in (
            endpoint(
                f"POST {path}/copytrading/order/cancel",
                CopiedTaken,
                cancel,
                errors=CANCEL_ERRORS,
                is_shared=is_shared,
            ),
            endpoint(
                f"GET {path}/copytrading/order/list", CopiedShown, query, errors=QUERY_ERRORS, skips=True
            ),
        )
    ),
    endpoint("stream copyTradeOrder", CopiedFrame, frame_of(STREAMED), skips=True),
    product=Product.LINEAR,
    request=KEYS,
    ids=IDS,
    docs="https://github.com/bybit-exchange/docs-legacy/tree/master/source/includes/copy_trading",
)
