"""Deribit orders as every method and every stream shows them, and what their states say of a cancel."""

import re
from collections.abc import Callable
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final, Literal

from msgspec import UNSET, Raw, UnsetType

from cancelnorm.caching import cached
from cancelnorm.eventmap import (
    Absent,
    EventMap,
    Verdict,
    amount,
    by_words,
    first,
    flag,
    made,
    text,
    time,
    word,
)
from cancelnorm.reader.scalars import (
    DecimalNumber,
    Epoch,
    Int,
    NumberOrWord,
    decimal_of,
    ns_of,
    number_or_word,
)
from cancelnorm.reader.structs import Exact
from cancelnorm.schema import (
    Evidence,
    Initiator,
    OrderStatus,
    OrderType,
    Outcome,
    Product,
    QuantityUnit,
    Reason,
    Side,
    TimeInForce,
)

# --- What Deribit sends ---

Kind = Literal[
    "limit",
    "market",
    "stop_limit",
    "stop_market",
    "take_limit",
    "take_market",
    "trailing_stop",
    "market_limit",
]


class Order(Exact):
    """An order; since 2024 each of a key's eras is there in recordings, and the keys come in any order."""

    order_id: str  # digits for books of BTC, else with a prefix: ETH-49960097702, USDC-SLMB-19641
    instrument_name: str
    direction: Literal["buy", "sell"]
    order_state: str  # open, untriggered, triggered, filled, cancelled, rejected
    order_type: Kind
    time_in_force: Literal["good_til_cancelled", "good_til_day", "fill_or_kill", "immediate_or_cancel"]
    price: NumberOrWord  # "market_price" of orders without one
    label: str  # the client's, not unique; "" where there is none
    post_only: bool
    api: bool  # false also of orders that came over FIX
    creation_timestamp: Epoch
    last_update_timestamp: Epoch  # of a canceled order, when it was canceled
    amount: DecimalNumber | UnsetType = UNSET  # US dollars of inverse contracts, else base units
    contracts: DecimalNumber | UnsetType = UNSET  # the same in contracts; since 2022
    filled_amount: DecimalNumber | UnsetType = UNSET  # not there while an order waits for its trigger
    average_price: DecimalNumber | UnsetType = UNSET  # likewise
    cancel_reason: str | UnsetType = UNSET  # since 2022
    web: bool | UnsetType = UNSET
    mobile: bool | UnsetType = UNSET
    replaced: bool | UnsetType = UNSET  # it was edited
    auto_replaced: bool | UnsetType = UNSET
    reduce_only: bool | UnsetType = UNSET  # not of spot
    is_liquidation: bool | UnsetType = UNSET  # not of spot
    is_rebalance: bool | UnsetType = UNSET  # of spot
    risk_reducing: bool | UnsetType = UNSET
    reject_post_only: bool | UnsetType = UNSET
    block_trade: bool | UnsetType = UNSET
    app_name: str | UnsetType = UNSET
    original_order_type: str | UnsetType = UNSET  # market_limit
    user_id: Int | UnsetType = UNSET  # of the account; not documented, since 2025-12
    max_show: DecimalNumber | UnsetType = UNSET  # until 2025-06
    display_amount: DecimalNumber | UnsetType = UNSET  # the same of icebergs, since 2025-06-10
    refresh_amount: DecimalNumber | UnsetType = UNSET  # likewise
    profit_loss: DecimalNumber | UnsetType = UNSET  # until 2022
    commission: DecimalNumber | UnsetType = UNSET  # until 2022
    # Of orders with a trigger.
    trigger: str | UnsetType = UNSET  # index_price, mark_price, last_price
    trigger_price: DecimalNumber | UnsetType = UNSET
    stop_price: DecimalNumber | UnsetType = UNSET  # the same, until 2021
    trigger_offset: DecimalNumber | UnsetType = UNSET
    trigger_reference_price: DecimalNumber | UnsetType = UNSET
    triggered: bool | UnsetType = UNSET
    trigger_order_id: str | UnsetType = UNSET  # of the order that was triggered and became this one
    stop_order_id: str | UnsetType = UNSET  # the same, until 2021
    # Of linked orders.
    oco_ref: str | UnsetType = UNSET
    oto_order_ids: list[str] | UnsetType = UNSET
    primary_order_id: str | UnsetType = UNSET
    is_secondary_oto: bool | UnsetType = UNSET
    is_primary_otoco: bool | UnsetType = UNSET
    trigger_fill_condition: str | UnsetType = UNSET  # first_hit, complete_fill, incremental
    # Of quotes, and of other orders under market-maker protection.
    mmp: bool | UnsetType = UNSET
    mmp_group: str | UnsetType = UNSET
    mmp_cancelled: bool | UnsetType = UNSET
    quote: bool | UnsetType = UNSET
    quote_id: str | UnsetType = UNSET
    quote_set_id: str | UnsetType = UNSET
    # Of options that are priced in other terms.
    advanced: str | UnsetType = UNSET  # usd, implv
    usd: DecimalNumber | UnsetType = UNSET
    implv: DecimalNumber | UnsetType = UNSET


# --- What it means: words ---

_BASE: Final = r"[A-Z0-9]+"
_EXPIRY: Final = r"[0-9]{1,2}[A-Z]{3}[0-9]{2}"
_PRODUCTS: Final = (
    (re.compile(rf"{_BASE}(?:_{_BASE})?-{_EXPIRY}-[0-9d]+-[CP]", re.ASCII), Product.OPTION),
    (re.compile(rf"{_BASE}(?:_{_BASE})?-[A-Z]+-[A-Z0-9d-]+_[A-Z0-9d_]+", re.ASCII), Product.SPREAD),
    (re.compile(rf"{_BASE}_{_BASE}-(?:PERPETUAL|{_EXPIRY})", re.ASCII), Product.LINEAR),
    (re.compile(rf"{_BASE}-(?:PERPETUAL|{_EXPIRY})", re.ASCII), Product.INVERSE),
    (re.compile(rf"{_BASE}_{_BASE}", re.ASCII), Product.SPOT),
)
_LONGEST: Final = 64


@cached(1_024)
def product_of(instrument: str) -> Product | None:
    """The product of an instrument, by its name: BTC-PERPETUAL, ETH_USDC-25MAR27, XRP_USDC-30JUN27-0d625-C, ETH_BTC."""
    if len(instrument) > _LONGEST:
        return None
    return next((product for pattern, product in _PRODUCTS if pattern.fullmatch(instrument)), None)


_UNITS: Final = {
    Product.INVERSE: QuantityUnit.QUOTE,  # US dollars
    Product.LINEAR: QuantityUnit.BASE,
    Product.OPTION: QuantityUnit.BASE,
    Product.SPOT: QuantityUnit.BASE,
}


def unit_of(instrument: str) -> QuantityUnit | None:
    """The unit of the amount of an order."""
    product = product_of(instrument)
    return None if product is None else _UNITS.get(product)


SIDES: Final = MappingProxyType({"buy": Side.BUY, "sell": Side.SELL})
TIMES_IN_FORCE: Final = MappingProxyType(
    {
        "good_til_cancelled": TimeInForce.GTC,
        "immediate_or_cancel": TimeInForce.IOC,
        "fill_or_kill": TimeInForce.FOK,
    }
)
TYPES: Final = MappingProxyType(
    {
        "limit": OrderType.LIMIT,
        "market": OrderType.MARKET,
        "stop_limit": OrderType.STOP_LIMIT,
        "stop_market": OrderType.STOP_MARKET,
        "take_limit": OrderType.TAKE_PROFIT_LIMIT,
        "take_market": OrderType.TAKE_PROFIT_MARKET,
    }
)


def order_type(kind: str, post_only: bool | UnsetType | None) -> OrderType | None:
    """The type of an order; a trailing stop is none of ours."""
    if kind == "limit" and post_only:
        return OrderType.LIMIT_MAKER
    return TYPES.get(kind)


def price_of(sent: Raw) -> Decimal | None:
    """The price of an order; None where a word says that it has none. That of a combo may be zero, or less."""
    said = number_or_word(sent)
    return None if said[:1].isalpha() else decimal_of(said)


def ended_ns(updated: int, state: str) -> int | None:
    """When an order was canceled; one that waits for its trigger is shown as it was before its cancel."""
    return None if state == "untriggered" else ns_of(updated)


# https://docs.deribit.com/api-reference/trading/private-get_order_state
CAUSES: Final = MappingProxyType(
    {
        "user_request": Initiator.USER,  # also by the site, over FIX, or with all others
        "autoliquidation": Initiator.LIQUIDATION,
        "cancel_on_disconnect": Initiator.TIMER,
        "risk_mitigation": Initiator.RISK,
        "pme_risk_reduction": Initiator.RISK,
        "pme_account_locked": Initiator.RISK,
        "position_locked": Initiator.RISK,
        "mmp_trigger": Initiator.RISK,
        "mmp_config_curtailment": Initiator.RISK,
        "edit_post_only_reject": Initiator.AMEND,
        "oco_other_closed": Initiator.LIST_SIBLING,
        "oto_primary_closed": Initiator.LIST_SIBLING,
        "settlement": Initiator.EXPIRY,
    }
)
_STATUSES: Final = MappingProxyType(
    {
        "open": OrderStatus.NEW,
        "untriggered": OrderStatus.UNTRIGGERED,
        "triggered": OrderStatus.TRIGGERED,
        "filled": OrderStatus.FILLED,
        "rejected": OrderStatus.REJECTED,
    }
)
QUIET: Final = frozenset(_STATUSES)
"""States of orders that go on, or have ended otherwise."""
QUIET_RFQ: Final = ("open", "filled", "expired", "created")
"""The same of requests for quotes, and of quotes."""
_UNDOCUMENTED: Final = Verdict(
    Outcome.UNKNOWN, Evidence.NONE, note=("unknown-value", "a state that is not documented")
)
_ASKED: Final = Verdict(Outcome.CANCELED, Evidence.SUCCESS_FLAG)
_ENDED: Final = Verdict(Outcome.REJECTED, Evidence.TERMINAL_STATUS)
_ENDS: Final = MappingProxyType({"filled": Reason.ALREADY_FILLED, "rejected": Reason.ALREADY_CLOSED})
"""What an order was before its cancel came."""


def is_quiet_entry(state: str) -> bool:
    """Whether the state of an entry of a history says nothing of a cancel; a rejection may add why."""
    return state in ("new", "triggered") or state.partition(":")[0] == "rejected"


# --- What it means: orders ---

Judge = Callable[[str, str | UnsetType], Verdict | None]


def shown(evidence: Evidence) -> Judge:
    """Function that gives the verdict of an order that is shown unasked, or to who asks for its state."""
    canceled = Verdict(Outcome.CANCELED, evidence, status=OrderStatus.CANCELED)

    def judge(state: str, cause: str | UnsetType) -> Verdict | None:
        if state == "cancelled":
            return canceled._replace(initiator=CAUSES.get(cause or ""))
        return None if state in QUIET else _UNDOCUMENTED

    return judge


_final: Final = shown(Evidence.FINAL_REPORT)


def asked(state: str, cause: str | UnsetType) -> Verdict:
    """The verdict of an order in the answer to its cancel.

    The documentation shows an order with a trigger in the state that it had before.
    """
    if state == "untriggered":
        return _ASKED._replace(initiator=CAUSES.get(cause or ""))
    status = _STATUSES.get(state)
    if (reason := _ENDS.get(state)) is not None:
        return _ENDED._replace(reason=reason, status=status)
    return _final(state, cause) or Verdict(Outcome.UNKNOWN, Evidence.NONE, status=status)


def order_map(judge: Judge, **settings: Any) -> EventMap:
    """The map of orders."""
    shown_order = EventMap(
        Order,
        by_words(judge, Order.order_state, Order.cancel_reason, raw_status=Order.order_state),
        absent=Absent.ZERO,
        product=made(product_of, Order.instrument_name),
        symbol=text(Order.instrument_name),
        order_id=text(Order.order_id),
        client_order_id=text(Order.label),
        raw_initiator=text(Order.cancel_reason),
        side=word(Order.direction, SIDES),
        order_type=made(order_type, Order.order_type, Order.post_only),
        time_in_force=word(Order.time_in_force, TIMES_IN_FORCE),
        post_only=flag(Order.post_only),
        reduce_only=flag(Order.reduce_only),
        price=made(price_of, Order.price),
        average_price=amount(Order.average_price, zero_is_none=True),
        quantity=amount(Order.amount),
        filled_quantity=amount(Order.filled_amount),
        display_quantity=first(amount(Order.display_amount), amount(Order.max_show)),
        quantity_unit=made(unit_of, Order.instrument_name),
        trigger_price=first(
            amount(Order.trigger_price, zero_is_none=True), amount(Order.stop_price, zero_is_none=True)
        ),
        list_id=first(text(Order.oco_ref), text(Order.primary_order_id)),
        created_ns=time(Order.creation_timestamp),
        event_ns=made(ended_ns, Order.last_update_timestamp, Order.order_state),
    )
    return shown_order.extended(Order, **settings) if settings else shown_order
