"""Binance options: what they answer to a cancel. They have words of their own."""

from types import MappingProxyType
from typing import ClassVar, Final, Literal

from msgspec import UNSET, UnsetType

from cancelnorm.endpoint import Errors
from cancelnorm.eventmap import (
    EventMap,
    always,
    amount,
    by_status,
    constant,
    first,
    flag,
    number,
    text,
    time,
    word,
)
from cancelnorm.reader.scalars import DecimalText, Epoch, Int, Prose
from cancelnorm.reader.structs import Camel, Exact
from cancelnorm.schema import EventKind, Product, QuantityUnit, Scope
from cancelnorm.venue import endpoint, endpoints
from cancelnorm.venues.binance.codes import OPTIONS
from cancelnorm.venues.binance.futures import (
    FUTURES_IDS,
    KEYS,
    POST_ONLY,
    TAKEN,
    TIMES_IN_FORCE,
    TYPES,
    UNSURE,
    SelfTradePrevention,
    TimeInForceWord,
)
from cancelnorm.venues.binance.futures_answers import (
    MAINTENANCE,
    Maintenance,
    all_by_code,
    failed_by,
    is_shared,
    one_by,
    rows_by,
)
from cancelnorm.venues.binance.messages import OUTCOMES, SIDES, ApiError, ErrorCode

# --- What Binance sends ---


class OptionOrder(Camel):
    """The report of a canceled option order, alone or in a batch."""

    order_id: Int  # 19 digits
    symbol: str
    price: DecimalText
    quantity: DecimalText  # contracts
    executed_qty: DecimalText  # contracts
    fee: DecimalText | Int | UnsetType = UNSET  # until 2026-01-19; in batches again since 2026-07-14
    side: Literal["BUY", "SELL"]
    type: Literal["LIMIT", "MARKET"]
    time_in_force: TimeInForceWord
    reduce_only: bool
    post_only: bool | UnsetType = UNSET  # until 2026-01-19; not in batches
    create_date: Epoch | UnsetType = UNSET  # the documentation's name
    create_time: Epoch | UnsetType = UNSET  # the name that is sent
    update_time: Epoch
    # Two spellings: ACCEPTED and CANCELLED are the options' own, the others the futures'.
    status: Literal[
        "ACCEPTED", "REJECTED", "PARTIALLY_FILLED", "FILLED", "CANCELLED", "NEW", "CANCELED", "EXPIRED"
    ]
    avg_price: DecimalText
    source: str | UnsetType = UNSET
    client_order_id: str  # the order's own; may be empty
    price_scale: Int | UnsetType = UNSET  # in batches since 2026
    quantity_scale: Int | UnsetType = UNSET  # in batches since 2026
    option_side: Literal["CALL", "PUT"] | UnsetType = UNSET
    quote_asset: str | UnsetType = UNSET
    mmp: bool | UnsetType = UNSET  # market-maker protection
    self_trade_prevention_mode: SelfTradePrevention | UnsetType = UNSET  # since 2026-03-26


class OptionAnswer(Exact):
    """The answer to a cancel of everything, and every error.

    One shape, because 0 says success, as a number until 2026-03 and as text since.
    """

    bare: ClassVar = True
    code: Literal["0"] | ErrorCode
    msg: Prose
    data: Int | UnsetType = UNSET  # until 2026-01-19, by underlying


class OptionCountdown(Camel):
    """A dead-man switch that was set, or stopped."""

    underlying: str
    countdown_time: DecimalText | Int  # ms; at least 5000, or 0: stopped


# --- What it means ---


# ACCEPTED is what the documentation's example of a cancel says, and never what was recorded.
_OUTCOMES: Final = MappingProxyType(
    {**OUTCOMES, "CANCELLED": OUTCOMES["CANCELED"], "ACCEPTED": OUTCOMES["NEW"]}
)

OPTION: Final = EventMap(
    OptionOrder,
    by_status(OptionOrder.status, _OUTCOMES, UNSURE),
    # Post only was a flag, and is a time in force since; where both are there they may differ.
    also=(OptionOrder.time_in_force,),
    without={OptionOrder.time_in_force: ("GTC", "IOC", "FOK")},
    symbol=text(OptionOrder.symbol),
    order_id=number(OptionOrder.order_id),
    client_order_id=text(OptionOrder.client_order_id),
    side=word(OptionOrder.side, SIDES),
    order_type=word(OptionOrder.type, TYPES),
    time_in_force=word(OptionOrder.time_in_force, TIMES_IN_FORCE),
    post_only=first(flag(OptionOrder.post_only), word(OptionOrder.time_in_force, POST_ONLY)),
    reduce_only=flag(OptionOrder.reduce_only),
    price=amount(OptionOrder.price, zero_is_none=True),
    average_price=amount(OptionOrder.avg_price, zero_is_none=True),
    quantity=amount(OptionOrder.quantity, zero_is_none=True),
    filled_quantity=amount(OptionOrder.executed_qty),
    quantity_unit=constant(QuantityUnit.CONTRACTS),
    self_trade_prevention=text(OptionOrder.self_trade_prevention_mode),
    created_ns=first(time(OptionOrder.create_time), time(OptionOrder.create_date)),
    event_ns=time(OptionOrder.update_time),
)
# It was set, and has canceled nothing yet.
COUNTDOWN: Final = EventMap(
    OptionCountdown, always(TAKEN), kind=EventKind.TIMER, scope=constant(Scope.UNDERLYING)
)

# --- Endpoints ---

ENDPOINTS: Final = endpoints(
    endpoint("DELETE /eapi/v1/order", OptionOrder, one_by(OPTION), page="trade/Cancel-Option-Order"),
    endpoint(
        "DELETE /eapi/v1/batchOrders",
        list[OptionOrder | ApiError],
        rows_by(OPTION, OPTIONS),
        page="trade/Cancel-Multiple-Option-Orders",
    ),
    endpoint(
        "DELETE /eapi/v1/allOpenOrders",
        OptionAnswer,
        all_by_code(0, Scope.SYMBOL, OPTIONS),
        errors=MAINTENANCE,
        page="trade/Cancel-all-Option-orders-on-specific-symbol",
    ),
    endpoint(
        "DELETE /eapi/v1/allOpenOrdersByUnderlying",
        OptionAnswer,
        all_by_code(0, Scope.UNDERLYING, OPTIONS),
        errors=MAINTENANCE,
        page="trade/Cancel-All-Option-Orders-By-Underlying",
    ),
    endpoint(
        "POST /eapi/v1/countdownCancelAll",
        OptionCountdown,
        one_by(COUNTDOWN),
        page="market-maker-endpoints/Set-Auto-Cancel-All-Open-Orders-Config",
        since="2022-11-07",
    ),
    product=Product.OPTION,
    request=KEYS,
    errors=Errors(ApiError | Maintenance, failed_by(OPTIONS)),
    ids=FUTURES_IDS,
    is_shared=is_shared,
    docs="https://developers.binance.com/docs/derivatives/options-trading/",
)
