"""BingX pushed order reports: what of them is a cancel."""

from typing import Any, Final, Literal

from msgspec import UNSET, Struct, UnsetType

from cancelnorm.codec import Codec
from cancelnorm.reader.fast import checked
from cancelnorm.reader.scalars import (
    DECIMALS,
    EPOCHS,
    NONZERO,
    DecimalNumber,
    Epoch,
    Int,
    Table,
    identifier,
    number_text,
)
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
    OrderType,
    Outcome,
    Product,
    Reason,
)
from cancelnorm.venues.bingx import contracts, orders
from cancelnorm.venues.bingx.contracts import SIDES, facts
from cancelnorm.venues.bingx.frames import skip
from cancelnorm.venues.bingx.orders import id_text, rounded_notes
from cancelnorm.venues.bingx.spot import cancel_target

__all__ = ["CODECS"]

# --- What BingX sends ---

# Other statuses are reports about something else, and skipped. The occasion says less: perpetuals have
# pushed TRADE for an order that was new.
LastStatus = Literal["CANCELED", "EXPIRED"]
Occasion = Literal["NEW", "CANCELED", "CALCULATED", "EXPIRED", "TRADE"]


class SpotReport(
    Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    gc=False,
    rename={
        "event": "e",
        "event_time": "E",
        "symbol": "s",
        "side": "S",
        "type": "o",
        "quantity": "q",
        "price": "p",
        "occasion": "x",
        "status": "X",
        "order_id": "i",
        "last_quantity": "l",
        "filled_quantity": "z",
        "last_price": "L",
        "fee": "n",
        "client_order_id": "C",
        "fee_asset": "N",
        "trade_time": "T",
        "trade_id": "t",
        "creation_time": "O",
        "filled_quote": "Z",
        "last_quote": "Y",
        "quote_quantity": "Q",
        "is_maker": "m",
    },
):
    """A spot order. Numbers are numbers, in the documentation's tables texts."""

    event: Literal["executionReport"]
    event_time: Epoch
    symbol: str
    side: Literal["BUY", "SELL"]
    type: orders.Type
    quantity: DecimalNumber  # base units
    price: DecimalNumber
    occasion: Occasion
    status: LastStatus
    order_id: Int | str  # an integer, recorded in quotes too
    last_quantity: DecimalNumber
    filled_quantity: DecimalNumber  # base units
    last_price: DecimalNumber
    fee: DecimalNumber
    client_order_id: str | UnsetType = UNSET  # since 2024
    fee_asset: str
    trade_time: Int  # of the last trade; 0: none
    trade_id: Int  # of the last trade; 0 or -1: none
    creation_time: Int
    filled_quote: DecimalNumber
    last_quote: DecimalNumber
    quote_quantity: DecimalNumber  # 0: the order was sized in base units
    is_maker: bool | UnsetType = UNSET
    # In the demonstration of 2025 and without an explanation there.
    u: Int | str | UnsetType = UNSET
    U: Int | str | UnsetType = UNSET
    mu: str | UnsetType = UNSET
    A: str | UnsetType = UNSET
    ws: Int | UnsetType = UNSET


class SpotFrame(Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """A pushed spot order."""

    code: Literal[0] | UnsetType = UNSET  # since 2023
    data_type: Literal["spot.executionReport"]
    data: SpotReport


class ContractReport(
    Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    gc=False,
    rename={
        "symbol": "s",
        "client_order_id": "c",
        "order_id": "i",
        "side": "S",
        "type": "o",
        "quantity": "q",
        "price": "p",
        "trigger_price": "sp",
        "average_price": "ap",
        "occasion": "x",
        "status": "X",
        "fee_asset": "N",
        "fee": "n",
        "trade_time": "T",
        "working_type": "wt",
        "position_side": "ps",
        "realized_profit": "rp",
        "filled_quantity": "z",
        "stop_guaranteed": "sg",
        "trigger_order_id": "ti",
        "reduce_only": "ro",
    },
):
    """A perpetual order. Numbers are texts."""

    symbol: str
    client_order_id: str  # in lower case; "": none
    order_id: Int | str  # an integer, recorded in quotes too
    side: Literal["BUY", "SELL"]
    type: contracts.Type
    quantity: DecimalNumber  # base units, or contracts if coin-margined
    price: DecimalNumber
    trigger_price: DecimalNumber | UnsetType = UNSET  # since 2024
    average_price: DecimalNumber
    occasion: Occasion
    status: LastStatus
    fee_asset: str
    fee: DecimalNumber
    trade_time: Int | UnsetType = UNSET  # 0: none
    working_type: str
    position_side: contracts.PositionSide
    realized_profit: DecimalNumber
    filled_quantity: DecimalNumber  # base units, or contracts if coin-margined
    stop_guaranteed: bool | str | UnsetType = UNSET  # since 2024-03-19; "false"
    trigger_order_id: Int | UnsetType = UNSET  # since 2025
    reduce_only: bool | UnsetType = UNSET  # since 2025
    td: Int | UnsetType = UNSET  # since 2025
    tv: str | UnsetType = UNSET  # since 2025


class ContractFrame(
    Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    rename={"event": "e", "event_time": "E", "time": "T", "order": "o"},
):
    """A pushed perpetual order; linear and coin-margined ones are alike."""

    event: Literal["ORDER_TRADE_UPDATE", "TRADE_UPDATE"]  # the second in the documentation of 2025
    event_time: Epoch
    time: Int | UnsetType = UNSET  # linear, since 2025
    order: ContractReport


# --- What it means ---

_STATUSES: Final[Table[str, OrderStatus]] = Table(
    CANCELED=OrderStatus.CANCELED,
    CANCELLED=OrderStatus.CANCELED,  # as the same order is spelled over REST
    EXPIRED=OrderStatus.EXPIRED,
    # Only beside an occasion that says otherwise.
    NEW=OrderStatus.NEW,
    PENDING=OrderStatus.NEW,
    PARTIALLY_FILLED=OrderStatus.PARTIALLY_FILLED,
    FILLED=OrderStatus.FILLED,
)
_NAMES: Final = frozenset({"executionReport", "spot.executionReport"})
_ENDED: Final = frozenset({OrderStatus.CANCELED, OrderStatus.EXPIRED})


def normalise_spot(raw: SpotFrame, record: Record, codec: Codec) -> Normalised:
    """Map the report of a spot order that was canceled."""
    extra = facts(raw.data, _SPOT_HOMELESS)
    if raw.data.event not in _NAMES:
        extra["e"] = raw.data.event
    if raw.data_type not in _NAMES:
        extra["dataType"] = raw.data_type
    return _reported(
        raw.data,
        record,
        codec,
        extra,
        at="$.data",
        product=codec.product,
        order_type=orders.TYPES[raw.data.type],
        event_time=raw.data.event_time,
        quote_quantity=NONZERO[number_text(raw.data.quote_quantity)],
        filled_quote=DECIMALS[number_text(raw.data.filled_quote)],
    )


def normalise_contract(raw: ContractFrame, record: Record, codec: Codec) -> Normalised:
    """Map the report of a perpetual order that was canceled; its product shows in its symbol."""
    order = raw.order
    extra = facts(order, _CONTRACT_HOMELESS)
    if raw.event != "ORDER_TRADE_UPDATE":
        extra["e"] = raw.event
    trigger = order.trigger_price
    result = _reported(
        order,
        record,
        codec,
        extra,
        at="$.o",
        product=_product(order.symbol),
        order_type=contracts.TYPES[order.type],
        event_time=raw.event_time,
        trigger_price=None if trigger is UNSET else NONZERO[number_text(trigger)],
    )
    if not raw.time:
        return result
    return Normalised(result.events, result.notes, extra={"T": raw.time})


def _product(symbol: str) -> Product | None:
    """``BTC-USD`` is margined in its coin, ``BTC-USDT`` and ``BTC-USDC`` are not."""
    if symbol.endswith("-USD"):
        return Product.INVERSE
    return Product.LINEAR if symbol.endswith(("-USDT", "-USDC")) else None


_SPOT_HOMELESS: Final = (
    "last_quantity",
    "last_price",
    "fee",
    "fee_asset",
    "trade_time",
    "trade_id",
    "creation_time",
    "last_quote",
    "is_maker",
    "u",
    "U",
    "mu",
    "A",
    "ws",
)
_CONTRACT_HOMELESS: Final = (
    "average_price",
    "fee_asset",
    "fee",
    "trade_time",
    "working_type",
    "position_side",
    "realized_profit",
    "stop_guaranteed",
    "trigger_order_id",
    "reduce_only",
    "td",
    "tv",
)


def _reported(
    raw: SpotReport | ContractReport,
    record: Record,
    codec: Codec,
    extra: dict[str, Any],
    *,
    at: str,
    product: Product | None,
    order_type: OrderType | None,
    event_time: int,
    **more: Any,
) -> Normalised:
    """The event of a report; it does not say who canceled the order or why.

    No time is the cancel's. ``E`` is when the report was made, up to a fifth of a second after what it
    reports; ``T`` is the last trade's, and 0 where there was none.
    """
    checked(raw)
    status, occasion = _STATUSES[raw.status], _STATUSES[raw.occasion]
    notes = [*rounded_notes(raw.order_id, f"{at}.i")]
    outcome, evidence, reason = Outcome.CANCELED, Evidence.FINAL_REPORT, None
    if status not in _ENDED:
        if status is OrderStatus.FILLED:
            outcome, reason = Outcome.REJECTED, Reason.ALREADY_FILLED
        elif occasion not in _ENDED:
            outcome, evidence = Outcome.UNKNOWN, Evidence.NONE
        if status is not None:
            message = "occasion and status contradict each other"
            notes.append(Note("contradiction", f"{at}.X", message, raw.status))
    if raw.occasion != raw.status:
        extra["x"] = raw.occasion
    if SIDES[raw.side] is None:
        extra["S"] = raw.side
    if order_type is None:
        extra["o"] = raw.type
    event = CancelEvent(
        venue=codec.venue,
        product=product,
        endpoint=codec.endpoint,
        kind=EventKind.ORDER,
        symbol=raw.symbol or None,
        order_id=id_text(raw.order_id),
        client_order_id=raw.client_order_id or None,
        identity=Identity.RESPONSE,
        outcome=outcome,
        evidence=evidence,
        reason=reason,
        status=status,
        raw_status=identifier(raw.status),
        side=SIDES[raw.side],
        order_type=order_type,
        price=NONZERO[number_text(raw.price)],
        quantity=NONZERO[number_text(raw.quantity)],
        filled_quantity=DECIMALS[number_text(raw.filled_quantity)],
        initiator=Initiator.EXPIRY if OrderStatus.EXPIRED in (status, occasion) else None,
        response_ns=EPOCHS[event_time],
        sent_ns=record.sent_ns,
        received_ns=record.received_ns,
        source=record.source,
        extra=extra or None,
        **more,
    )
    return Normalised((event,), tuple(notes))


# --- Registration ---

CODECS: Final = (
    Codec(
        "bingx",
        "stream spot.executionReport",
        SpotFrame,
        normalise_spot,
        product=Product.SPOT,
        target=cancel_target,
        skip=skip,
        docs="https://bingx-api.github.io/docs/#/en-us/spot/socket/account.html",
    ),
    Codec(
        "bingx",
        "stream ORDER_TRADE_UPDATE",
        ContractFrame,
        normalise_contract,
        product=None,
        target=cancel_target,
        skip=skip,
        docs="https://bingx-api.github.io/docs/#/en-us/swapV2/socket/account.html",
    ),
)
