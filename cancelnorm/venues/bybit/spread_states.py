"""Bybit v5 spread trading: combinations and their legs as they are shown, by stream and history."""

from collections.abc import Sequence
from typing import Final, Literal

from msgspec import UNSET, Struct, UnsetType, field
from msgspec.structs import replace

from cancelnorm.codec import Codec
from cancelnorm.reader.scalars import (
    DECIMALS,
    EPOCH_TEXTS,
    EPOCHS,
    DecimalOrEmpty,
    DecimalText,
    Epoch,
    EpochText,
    Table,
)
from cancelnorm.record import Record
from cancelnorm.schema import (
    CancelEvent,
    EventKind,
    Evidence,
    Identity,
    Normalised,
    Note,
    OrderType,
    Product,
)
from cancelnorm.venues.bybit.causes import cause_of, is_about_cancel
from cancelnorm.venues.bybit.frames import skip
from cancelnorm.venues.bybit.orders import Nothing, envelope, shortened
from cancelnorm.venues.bybit.queries import QueryRefused, query_refusal
from cancelnorm.venues.bybit.request import order_target
from cancelnorm.venues.bybit.states import (
    SIDES,
    TIMES_IN_FORCE,
    cause_notes,
    left_over,
    no_target,
    other_note,
    said_of_none,
    without_home,
)

__all__ = ["CODECS"]

# --- What Bybit sends ---


class SpreadState(Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True, gc=False):
    """A combination or one of its legs as it stands; of a combination much is ``""``."""

    category: Literal["combination", "spot_leg", "future_leg"]
    symbol: str  # of a combination like SOLUSDT_SOL/USDT
    parent_order_id: str  # the combination of a leg
    order_id: str
    order_link_id: str
    side: Literal["Buy", "Sell"]
    order_status: str
    cancel_type: str
    reject_reason: str
    time_in_force: Literal["GTC", "IOC", "FOK", "PostOnly"]
    price: DecimalOrEmpty  # of a combination the difference, negative or zero as it may be
    qty: DecimalText
    avg_price: str
    leaves_qty: str
    leaves_value: str
    cum_exec_qty: DecimalText
    cum_exec_value: DecimalOrEmpty
    cum_exec_fee: str
    order_type: Literal["Limit", "Market", "UNKNOWN"]
    is_leverage: str
    created_time: str
    updated_time: EpochText
    fee_currency: str
    create_type: str
    closed_pnl: str
    cum_fee_detail: dict[str, str] | UnsetType = UNSET  # since 2025-09-18


class SpreadFrame(Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True, gc=False):
    """What changed."""

    topic: Literal["spread.order"]
    id: str
    creation_time: Epoch
    data: list[SpreadState]


class PastSpread(Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True, gc=False):
    """A combination in the history, which names things differently."""

    symbol: str
    order_type: Literal["Limit", "Market", "UNKNOWN"]
    order_link_id: str
    order_id: str
    contract_type: str
    order_status: str  # Rejected, Cancelled, Filled
    created_at: str
    price: DecimalOrEmpty
    leg2_symbol: str
    order_qty: str  # the same as ``qty``
    order_price: str | UnsetType = UNSET  # the same as ``price``, announced to go
    time_in_force: Literal["GTC", "IOC", "FOK", "PostOnly"]
    base_coin: str
    updated_at: EpochText
    side: Literal["Buy", "Sell"]
    leg2_side: str
    leaves_qty: str
    leg1_side: str
    settle_coin: str
    cum_exec_qty: DecimalText
    qty: DecimalText
    leg1_order_id: str
    leg2_order_id: str
    leg2_prod_type: str
    leg1_prod_type: str
    leg1_symbol: str
    cxl_rej_reason: str | UnsetType = UNSET  # not in the examples of early 2025
    cum_fee_detail: dict[str, str] | UnsetType = UNSET  # since 2025-09-18


class PastSpreads(Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True, gc=False):
    """A page of combinations."""

    next_page_cursor: str | None
    orders: list[PastSpread] | None = field(name="list")


class HistoryShown(Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True, gc=False):
    """The answer to a query."""

    ret_code: Literal[0]
    ret_msg: str  # "Success"
    result: PastSpreads
    ret_ext_info: Nothing
    time: Epoch


# --- What it means ---

_PRODUCTS: Final[Table[str, Product]] = Table(
    combination=Product.SPREAD,
    spot_leg=Product.SPOT,
    future_leg=Product.LINEAR,  # perpetuals and futures settled in USDT or USDC are all there are
)
_TYPES: Final[Table[str, OrderType]] = Table(Limit=OrderType.LIMIT, Market=OrderType.MARKET)


def normalise_orders(raw: SpreadFrame, record: Record, codec: Codec) -> Normalised:
    """Map a frame: the combinations and legs in it that are about a cancel.

    A leg's ``list_id`` is the order of its combination.
    """
    notes: list[Note] = []
    response_ns = EPOCHS[raw.creation_time]
    events = [
        _with_leg(event, raw.data[event.index])
        for event in _events(raw.data, "$.data", response_ns, record, codec, notes)
    ]
    if not events:
        notes.append(Note("empty-list", "$.data", "no order in it is about a cancel"))
        events = [said_of_none(response_ns, None, record, codec)]
    topic: str = raw.topic
    extra = {"id": raw.id} | ({} if topic == "spread.order" else {"topic": topic})
    return Normalised(tuple(events), tuple(notes), extra=extra)


def normalise_history(raw: HistoryShown | QueryRefused, record: Record, codec: Codec) -> Normalised:
    """Map the answer to a query: the combinations in it that are about a cancel."""
    if isinstance(raw, QueryRefused):
        return query_refusal(raw, record, codec)
    notes: list[Note] = []
    response_ns, at = EPOCHS[raw.time], "$.result.list"
    events = _events(raw.result.orders or [], at, response_ns, record, codec, notes)
    if not events:
        notes.append(Note("empty-list", at, "no order in it is about a cancel"))
        events = [said_of_none(response_ns, Product.SPREAD, record, codec)]
    said = {
        **envelope(raw.ret_msg, raw.ret_ext_info),
        "nextPageCursor": raw.result.next_page_cursor,
    }
    return Normalised(tuple(events), tuple(notes), extra=shortened(said))


def _events(
    states: Sequence[SpreadState | PastSpread],
    at: str,
    response_ns: int | None,
    record: Record,
    codec: Codec,
    notes: list[Note],
) -> list[CancelEvent]:
    """One event an order that is about a cancel, one note any other; ``at`` is the path of the orders."""
    events = []
    for index, raw in enumerate(states):
        event = _event(index, raw, f"{at}[{index}]", response_ns, record, codec, notes)
        if event is not None:
            events.append(event)
    return events


_AT_HOME: Final = frozenset(
    (
        "category",
        "symbol",
        "parent_order_id",
        "order_id",
        "order_link_id",
        "side",
        "order_status",
        "price",
        "qty",
        "cum_exec_qty",
        "cum_exec_value",
        "order_type",
        "time_in_force",
        "updated_time",
        "updated_at",
    )
)


def _event(
    index: int,
    raw: SpreadState | PastSpread,
    at: str,
    response_ns: int | None,
    record: Record,
    codec: Codec,
    notes: list[Note],
) -> CancelEvent | None:
    """The event of one order, or none and a note."""
    if isinstance(raw, SpreadState):
        cancel_type, reject_reason = raw.cancel_type, raw.reject_reason
        seen, event_ns = Evidence.FINAL_REPORT, EPOCH_TEXTS[raw.updated_time]
    else:
        cancel_type, reject_reason = "", raw.cxl_rej_reason or ""
        seen, event_ns = Evidence.TERMINAL_STATUS, EPOCH_TEXTS[raw.updated_at]
    status, filled, quantity = raw.order_status, DECIMALS[raw.cum_exec_qty], DECIMALS[raw.qty]
    price = DECIMALS[raw.price] if raw.price else None
    if not is_about_cancel(status, cancel_type, bool(filled)):
        notes.append(other_note(raw, at))
        return None
    cause = cause_of(status, cancel_type, reject_reason, bool(filled), seen)
    if cause.odd:
        notes.extend(cause_notes(cause, status, f"{at}.orderStatus"))
    extra = left_over(raw, without_home(type(raw), _AT_HOME))
    order_type = _TYPES[raw.order_type]
    if SIDES[raw.side] is None:
        extra["side"] = raw.side
    if order_type is None:
        extra["orderType"] = raw.order_type
    if raw.time_in_force not in ("GTC", "IOC", "FOK"):
        extra["timeInForce"] = raw.time_in_force
    if order_type is OrderType.LIMIT and raw.time_in_force == "PostOnly":
        order_type = OrderType.LIMIT_MAKER
    return CancelEvent(
        venue=codec.venue,
        product=Product.SPREAD,
        endpoint=codec.endpoint,
        kind=EventKind.ORDER,
        index=index,
        symbol=raw.symbol or None,
        order_id=raw.order_id or None,
        client_order_id=raw.order_link_id or None,
        identity=Identity.RESPONSE,
        outcome=cause.outcome,
        evidence=cause.evidence,
        reason=cause.reason,
        code=cause.code,
        status=cause.status,
        raw_status=status or None,
        side=SIDES[raw.side],
        order_type=order_type,
        time_in_force=TIMES_IN_FORCE[raw.time_in_force],
        price=price,
        quantity=quantity,
        filled_quantity=filled,
        initiator=cause.initiator,
        event_ns=event_ns,
        response_ns=response_ns,
        sent_ns=record.sent_ns,
        received_ns=record.received_ns,
        source=record.source,
        extra=extra or None,
    )


def _with_leg(event: CancelEvent, raw: SpreadState) -> CancelEvent:
    """The event with what only the stream says: the product of a leg, its combination, its value."""
    return replace(
        event,
        product=_PRODUCTS[raw.category],
        list_id=raw.parent_order_id or None,
        filled_quote=DECIMALS[raw.cum_exec_value] if raw.cum_exec_value else None,
        extra={**(event.extra or {}), "category": raw.category},
    )


# --- Registration ---

_DOCS: Final = "https://bybit-exchange.github.io/docs/v5/spread"

CODECS: Final = (
    Codec(
        "bybit",
        "GET /v5/spread/order/history",
        HistoryShown | QueryRefused,
        normalise_history,
        product=Product.SPREAD,
        target=order_target,
        docs=f"{_DOCS}/trade/order-history",
        skip=skip,
    ),
    Codec(
        "bybit",
        "stream spread.order",
        SpreadFrame,
        normalise_orders,
        product=Product.SPREAD,
        target=no_target,
        docs=f"{_DOCS}/websocket/private/order",
        skip=skip,
    ),
)
