"""Binance futures and options streams: the engine's report of every change of an order.

USDⓈ-M, COIN-M, portfolio margin and, since 2026-01, options push the same event.
"""

from typing import Any, Final, Literal

from msgspec import UNSET, Struct, UnsetType, field

from cancelnorm.codec import EXACT, Codec, rounded_note
from cancelnorm.reader.scalars import DECIMALS, EPOCHS, NONZERO, DecimalText, Epoch, Int, Table
from cancelnorm.record import Record
from cancelnorm.schema import (
    CancelEvent,
    EventKind,
    Evidence,
    Identity,
    Initiator,
    Normalised,
    Note,
    OrderStatus,
    Outcome,
    Product,
)
from cancelnorm.venues.binance.frames import skip, stream_name
from cancelnorm.venues.binance.futures import (
    SIDES,
    TIMES_IN_FORCE,
    TYPES,
    PositionSide,
    PriceMatch,
    SelfTradePrevention,
    TimeInForceWord,
    WorkingType,
    columns_of,
)
from cancelnorm.venues.binance.stream import no_target

__all__ = ["CODECS", "Pushed", "PushedType", "product_of", "said"]

# --- What Binance sends ---

PushedType = Literal[
    "LIMIT",
    "MARKET",
    "STOP",
    "STOP_MARKET",
    "TAKE_PROFIT",
    "TAKE_PROFIT_MARKET",
    "TRAILING_STOP_MARKET",
    "LIQUIDATION",
    "ADL",
    "INSURANCE_FUND",
]


class Update(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """A change of an order; an upper-case letter is another field than a lower-case.

    Of its execution types only those are here that take an order off the book.
    """

    symbol: str = field(name="s")
    client_order_id: str = field(name="c")  # the order's own, also in a cancel
    side: Literal["BUY", "SELL"] = field(name="S")
    type: PushedType = field(name="o")
    time_in_force: TimeInForceWord = field(name="f")
    quantity: DecimalText = field(name="q")  # base units; contracts in COIN-M and options
    price: DecimalText = field(name="p")
    average_price: DecimalText = field(name="ap")
    execution: Literal["CANCELED", "EXPIRED"] = field(name="x")
    status: Literal[
        "NEW",
        "PARTIALLY_FILLED",
        "FILLED",
        "CANCELED",
        "PENDING_CANCEL",
        "REJECTED",
        "EXPIRED",
        "EXPIRED_IN_MATCH",
        "CANCELLED",  # the options' spelling elsewhere
        "NEW_INSURANCE",  # until 2023-01-04
        "NEW_ADL",  # until 2023-01-04
    ] = field(name="X")
    order_id: Int = field(name="i")
    last_quantity: DecimalText = field(name="l")
    filled_quantity: DecimalText = field(name="z")  # as quantity
    last_price: DecimalText = field(name="L")
    commission_asset: str | UnsetType = field(name="N", default=UNSET)  # often only where there is one
    commission: DecimalText | UnsetType = field(name="n", default=UNSET)  # as N
    trade_time: Epoch = field(name="T")
    trade_id: Int = field(name="t")  # 0: no trade
    bid_notional: DecimalText = field(name="b")
    ask_notional: DecimalText = field(name="a")
    is_maker: bool = field(name="m")
    reduce_only: bool = field(name="R")
    orig_type: PushedType = field(name="ot")
    realized_profit: DecimalText = field(name="rp")
    self_trade_prevention: SelfTradePrevention | UnsetType = field(
        name="V", default=UNSET
    )  # since 2023-09, in COIN-M since 2024-10-11


class FuturesUpdate(Update, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """A change of a futures order."""

    stop_price: DecimalText = field(name="sp")
    working_type: WorkingType = field(name="wt")
    position_side: PositionSide = field(name="ps")
    close_position: bool | UnsetType = field(
        name="cp", default=UNSET
    )  # in old logs of conditional orders only
    price_protect: bool | UnsetType = field(name="pP", default=UNSET)  # not in the oldest logs
    activation_price: DecimalText | UnsetType = field(name="AP", default=UNSET)  # of a trailing stop
    callback_rate: DecimalText | UnsetType = field(name="cr", default=UNSET)  # of a trailing stop
    ignored_si: Int | UnsetType = field(name="si", default=UNSET)
    ignored_ss: Int | UnsetType = field(name="ss", default=UNSET)
    price_match: PriceMatch | UnsetType = field(name="pm", default=UNSET)  # as V
    good_till_date: Int | UnsetType = field(name="gtd", default=UNSET)  # USDⓈ-M, since 2023-09; 0: not GTD
    margin_asset: str | UnsetType = field(name="ma", default=UNSET)  # COIN-M
    # Why an order expired: since 2025-10-23, in COIN-M since 2025-12-10.
    expiry_reason: Literal["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11"] | UnsetType = field(
        name="er", default=UNSET
    )
    modify_id: str | UnsetType = field(name="M", default=UNSET)  # announced for amended orders, 2026-07


class Pushed(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What stands around every event."""

    e: str
    event_time: Epoch = field(name="E")
    transaction_time: Epoch = field(name="T")
    account_alias: str | UnsetType = field(name="i", default=UNSET)  # COIN-M and portfolio margin
    business: Literal["UM", "CM"] | UnsetType = field(name="fs", default=UNSET)  # portfolio margin


class OrderUpdate(Pushed, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``ORDER_TRADE_UPDATE``."""

    e: Literal["ORDER_TRADE_UPDATE"]
    order: FuturesUpdate | Update = field(name="o")


class SocketUpdate(Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """An event of a subscription; as on the spot WebSocket API, should futures follow it."""

    subscription_id: Int | UnsetType = UNSET
    event: OrderUpdate


class StreamUpdate(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An event that came over a combined stream."""

    stream: str
    data: OrderUpdate


# --- What it means ---

_STATUSES: Final[Table[str, OrderStatus]] = Table(
    NEW=OrderStatus.NEW,
    NEW_INSURANCE=OrderStatus.NEW,
    NEW_ADL=OrderStatus.NEW,
    PARTIALLY_FILLED=OrderStatus.PARTIALLY_FILLED,
    FILLED=OrderStatus.FILLED,
    CANCELED=OrderStatus.CANCELED,
    CANCELLED=OrderStatus.CANCELED,
    PENDING_CANCEL=OrderStatus.PENDING_CANCEL,
    REJECTED=OrderStatus.REJECTED,
    EXPIRED=OrderStatus.EXPIRED,
    EXPIRED_IN_MATCH=OrderStatus.EXPIRED,
)
_GONE: Final = (OrderStatus.CANCELED, OrderStatus.EXPIRED)
_REASONS: Final[Table[str | UnsetType, Initiator]] = Table(
    {
        "1": Initiator.SELF_TRADE_PREVENTION,
        "2": Initiator.EXPIRY,  # the rest of an IOC order
        "3": Initiator.SELF_TRADE_PREVENTION,  # of an IOC order: it is what kept it from filling
        "4": Initiator.RISK,  # reduce-only, knocked out: it would have opened a position
        "5": Initiator.LIQUIDATION,
        "6": Initiator.RISK,  # GTE: the position it was to close is closed
        "7": Initiator.VENUE,  # the symbol was delisted
        "8": Initiator.LIST_SIBLING,  # a stop was triggered, and this order is the other one of the two
        "9": Initiator.EXPIRY,  # the rest of a market order
        "10": Initiator.EXPIRY,  # FOK
        "11": Initiator.EXPIRY,  # post only
    }
)
# Binance's own orders: a liquidation, an automatic deleveraging.
_SYSTEM_IDS: Final = ("autoclose-", "adl_autoclose")
_WITH_HOME: Final = frozenset(
    {
        "symbol",
        "client_order_id",
        "quantity",
        "price",
        "status",
        "order_id",
        "filled_quantity",
        "trade_time",
        "self_trade_prevention",
        "stop_price",
    }
)

_TOLD: Final = _WITH_HOME | {"side", "type", "time_in_force", "orig_type"}
# Zero, false, empty, the text "0" of an expiry reason.
_NOTHING: Final = frozenset({0, "", "0", UNSET})


def normalise_update(
    raw: OrderUpdate | SocketUpdate | StreamUpdate, record: Record, codec: Codec
) -> Normalised:
    """Map an event, whatever its envelope."""
    notes: list[Note] = []
    if isinstance(raw, OrderUpdate):
        event = update_event(raw, record, codec, notes, "$")
        return Normalised((event,), tuple(notes), extra=said(raw, raw.order.trade_time))
    if isinstance(raw, StreamUpdate):
        event = update_event(raw.data, record, codec, notes, "$.data")
        outer = said(raw.data, raw.data.order.trade_time) or {}
        return Normalised((event,), tuple(notes), extra={"stream": stream_name(raw.stream)} | outer)
    event = update_event(raw.event, record, codec, notes, "$.event")
    outer = said(raw.event, raw.event.order.trade_time) or {}
    if raw.subscription_id is not UNSET:
        outer["subscriptionId"] = raw.subscription_id
    return Normalised((event,), tuple(notes), extra=outer or None)


def said(raw: Pushed, event_time: int | None) -> dict[str, Any] | None:
    """What stands around an event, less what its events say; ``event_time`` is the order's own."""
    EPOCHS[raw.transaction_time]
    values = {
        "e": raw.e if raw.e not in ("ORDER_TRADE_UPDATE", "ALGO_UPDATE") else UNSET,
        "T": raw.transaction_time if raw.transaction_time != event_time else UNSET,
        "i": raw.account_alias,
        "fs": raw.business,
    }
    return {key: value for key, value in values.items() if value is not UNSET} or None


def product_of(raw: Pushed, update: Struct) -> Product | None:
    """The market an event is of.

    Portfolio margin says so. COIN-M puts an account's alias around every event and a margin asset in it, and
    USDⓈ-M neither; options leave out most of what a futures order has.
    """
    if raw.business is not UNSET:
        return {"UM": Product.LINEAR, "CM": Product.INVERSE}.get(raw.business)
    if not isinstance(update, FuturesUpdate) and isinstance(update, Update):
        return Product.OPTION
    if raw.account_alias is not UNSET or getattr(update, "margin_asset", UNSET) is not UNSET:
        return Product.INVERSE
    return Product.LINEAR


def update_event(raw: OrderUpdate, record: Record, codec: Codec, notes: list[Note], at: str) -> CancelEvent:
    """The event of a change; ``at`` is where it stands. Positional and in two parts, as in ``orders``."""
    update = raw.order
    outcome, evidence = _verdict(update, at, notes)
    if update.order_id > EXACT and (note := rounded_note(update.order_id, f"{at}.o.i")):
        notes.append(note)
    prevention = update.self_trade_prevention
    identified = (
        codec.venue,
        product_of(raw, update),
        codec.endpoint,
        EventKind.ORDER,
        0,
        update.symbol or None,
        str(update.order_id),
        update.client_order_id or None,
        None,  # cancel_id
        None,  # list_id
        None,  # list_client_id
        None,  # contingency
        Identity.RESPONSE,
        outcome,
        evidence,
        None,  # reason
        None,  # code
        None,  # message
        _STATUSES[update.status],
    )
    described = (
        update.status,
        SIDES[update.side],
        TYPES[update.type],
        TIMES_IN_FORCE[update.time_in_force],
        NONZERO[update.price],
        NONZERO[update.stop_price] if isinstance(update, FuturesUpdate) else None,
        NONZERO[update.quantity],  # zero where the order closes a position
        DECIMALS[update.filled_quantity],
        None,  # display_quantity
        None,  # quote_quantity
        None,  # filled_quote
        None if prevention is UNSET else prevention,
        _initiator(update) if outcome is Outcome.CANCELED else None,
        EPOCHS[update.trade_time],
        EPOCHS[raw.event_time],
        record.sent_ns,
        record.received_ns,
        None,  # request_id
        record.source,
        _extra(update),
    )
    return CancelEvent(*(identified + described))


def _verdict(update: Update, at: str, notes: list[Note]) -> tuple[Outcome, Evidence]:
    """How far the order got off the book."""
    status = _STATUSES[update.status]
    if update.execution in ("CANCELED", "EXPIRED"):
        if status in _GONE:
            return Outcome.CANCELED, Evidence.FINAL_REPORT
        if status is OrderStatus.PENDING_CANCEL:
            return Outcome.PENDING, Evidence.ACKNOWLEDGED
        if status is not None:
            is_closed = status in (OrderStatus.FILLED, OrderStatus.REJECTED)
            message = f"a report of execution type {update.execution} shows this"
            code = "contradiction" if is_closed else "stale-status"
            notes.append(Note(code, f"{at}.o.X", message, update.status))
            return Outcome.UNKNOWN, Evidence.LISTED
    return Outcome.UNKNOWN, Evidence.NONE


def _initiator(update: Update) -> Initiator | None:
    """What took the order off the book; a cancel by a countdown is told like a cancel by its owner."""
    execution: str = update.execution
    if execution == "CANCELED":
        is_system = update.client_order_id.startswith(_SYSTEM_IDS)
        return Initiator.LIQUIDATION if is_system else Initiator.USER
    if execution != "EXPIRED":
        return None
    if update.status == "EXPIRED_IN_MATCH":  # says so since 2023-09, and reasons are given since 2025-10
        return Initiator.SELF_TRADE_PREVENTION
    return _REASONS[update.expiry_reason] if isinstance(update, FuturesUpdate) else None


def _extra(update: Update) -> dict[str, Any]:
    """The fields that have no home in the event, and the words we do not know, under the venue's letters.

    Left out is what is zero, false or empty, and the original type where it is the type.
    """
    columns = columns_of(type(update), _TOLD)
    extra = {
        letter: value
        for letter, value in zip(columns.keys, columns.values(update), strict=True)
        if value not in _NOTHING
    }
    texts = zip(columns.decimal_keys, columns.decimals(update), strict=True)
    extra |= {letter: text for letter, text in texts if NONZERO[text] is not None}
    if update.orig_type != update.type:
        extra["ot"] = update.orig_type
    if SIDES[update.side] is None:
        extra["S"] = update.side
    if TYPES[update.type] is None:
        extra["o"] = update.type
    if TIMES_IN_FORCE[update.time_in_force] is None:
        extra["f"] = update.time_in_force
    return extra


# --- Registration ---

_DOCS: Final = (
    "https://developers.binance.com/docs/derivatives/usds-margined-futures/user-data-streams/"
    "Event-Order-Update"
)

CODECS: Final = (
    Codec(
        "binance",
        "stream ORDER_TRADE_UPDATE",
        OrderUpdate | SocketUpdate | StreamUpdate,
        normalise_update,
        product=None,
        target=no_target,
        docs=_DOCS,
        skip=skip,
    ),
)
