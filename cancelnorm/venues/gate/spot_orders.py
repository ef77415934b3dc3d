"""Gate spot orders as they are shown: over REST, over the WebSocket API and by streams alike."""

from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final, Literal

from msgspec import UNSET, UnsetType

from cancelnorm.eventmap import Absent, EventMap, Said, amount, constant, made, text, word
from cancelnorm.reader.scalars import DecimalNumber, DecimalOrEmpty, DecimalText, decimal_of
from cancelnorm.reader.structs import Exact
from cancelnorm.schema import OrderType, QuantityUnit, Side, TimeInForce
from cancelnorm.venues.gate.endings import UNSAID
from cancelnorm.venues.gate.messages import ACCOUNTS, NOTHING, client_id, first_ns

# --- What Gate sends ---


class Protection(Exact):
    """A take-profit or stop-loss order that is placed when its order fills."""

    trigger_price: str | UnsetType = UNSET
    order_price: str | UnsetType = UNSET


class AnySpotOrder(Exact):
    """Fields of all orders of spot. With ``action_mode`` RESULT, and over the WebSocket API, there are no fees."""

    id: str
    text: str  # the client's id begins with t-; else where the order comes from
    currency_pair: str
    # All but two of the stream.
    type: Literal[
        "limit",
        "market",
        "limit_repay",
        "market_repay",
        "limit_borrow",
        "market_borrow",
        "limit_borrow_repay",
    ]
    account: str
    side: Literal["buy", "sell"]
    amount: DecimalText  # base units; of market buys quote units
    price: DecimalText  # zero for a market order
    left: DecimalText  # what is not filled, in the same units
    filled_total: DecimalText  # quote units
    create_time: DecimalNumber | UnsetType = UNSET  # seconds, in quotes
    update_time: DecimalNumber | UnsetType = UNSET
    # Integers over REST and texts in streams, where some have decimals; one old client has texts over REST, too.
    create_time_ms: DecimalNumber | UnsetType = UNSET
    update_time_ms: DecimalNumber | UnsetType = UNSET
    time_in_force: Literal["gtc", "ioc", "poc", "fok"] | UnsetType = UNSET
    iceberg: DecimalOrEmpty | UnsetType = UNSET  # "0" for none
    filled_amount: DecimalOrEmpty | UnsetType = UNSET  # since 2024-03
    fill_price: str | UnsetType = UNSET  # no price, but ``filled_total`` again
    avg_deal_price: DecimalOrEmpty | UnsetType = UNSET  # since 2022-12
    finish_as: str | UnsetType = UNSET  # since 2023
    amend_text: str | UnsetType = UNSET  # since 2023-03
    biz_info: str | UnsetType = UNSET  # since 2023
    stp_id: int | UnsetType = UNSET  # since 2023-03
    stp_act: str | UnsetType = UNSET  # since 2023-03
    fee: str | UnsetType = UNSET
    fee_currency: str | UnsetType = UNSET
    point_fee: str | UnsetType = UNSET
    gt_fee: str | UnsetType = UNSET
    gt_maker_fee: str | UnsetType = UNSET
    gt_taker_fee: str | UnsetType = UNSET
    gt_discount: bool | UnsetType = UNSET
    rebated_fee: str | UnsetType = UNSET
    rebated_fee_currency: str | UnsetType = UNSET
    fee_discount: str | UnsetType = UNSET  # since 2025
    auto_borrow: bool | UnsetType = UNSET  # margin
    auto_repay: bool | UnsetType = UNSET  # margin
    action_mode: str | UnsetType = UNSET  # documented of requests
    slippage: str | UnsetType = UNSET  # since 2025
    stop_loss: Protection | UnsetType = UNSET  # since 2025
    stop_profit: Protection | UnsetType = UNSET  # since 2025


class SpotOrder(AnySpotOrder):
    """An order over REST and over the WebSocket API."""

    status: Literal["open", "closed", "cancelled"]  # closed is filled


# --- What it means ---

SIDES: Final = MappingProxyType({"buy": Side.BUY, "sell": Side.SELL})
TIMES_IN_FORCE: Final = MappingProxyType(
    {"gtc": TimeInForce.GTC, "ioc": TimeInForce.IOC, "fok": TimeInForce.FOK}
)
POST_ONLY: Final = MappingProxyType({"gtc": False, "ioc": False, "fok": False, "poc": True})
_NONE: Final = ("-",)


def spot_map(struct: type[AnySpotOrder], said: Said, **more: Any) -> EventMap:
    """The map of orders of spot; ``more`` is what a struct has of its own."""
    sizing = (AnySpotOrder.type, AnySpotOrder.side)
    shown = EventMap(
        struct,
        said,
        absent=Absent.ZERO,
        # Without milliseconds seconds are the time of an event; beside them they may say something else.
        also=(AnySpotOrder.account, AnySpotOrder.type, AnySpotOrder.create_time, AnySpotOrder.update_time),
        without={
            AnySpotOrder.account: ("spot",),
            AnySpotOrder.type: ("limit", "market"),
            AnySpotOrder.amend_text: _NONE,
            AnySpotOrder.biz_info: _NONE,
        },
        repeats={AnySpotOrder.fill_price: AnySpotOrder.filled_total},
        symbol=text(AnySpotOrder.currency_pair),
        order_id=text(AnySpotOrder.id),
        client_order_id=made(client_id, AnySpotOrder.text),
        product=made(ACCOUNTS.get, AnySpotOrder.account),
        raw_initiator=text(AnySpotOrder.finish_as, none=UNSAID),
        side=word(AnySpotOrder.side, SIDES),
        order_type=made(_order_type, AnySpotOrder.type, AnySpotOrder.time_in_force),
        time_in_force=made(TIMES_IN_FORCE.get, AnySpotOrder.time_in_force),
        post_only=word(AnySpotOrder.time_in_force, POST_ONLY),
        price=amount(AnySpotOrder.price, zero_is_none=True),
        average_price=amount(AnySpotOrder.avg_deal_price, zero_is_none=True),
        quantity=made(in_base, AnySpotOrder.amount, *sizing),
        quote_quantity=made(in_quote, AnySpotOrder.amount, *sizing),
        remaining_quantity=made(_left_in_base, AnySpotOrder.left, *sizing),
        filled_quantity=amount(AnySpotOrder.filled_amount),
        filled_quote=amount(AnySpotOrder.filled_total),
        display_quantity=amount(AnySpotOrder.iceberg, zero_is_none=True),
        quantity_unit=constant(QuantityUnit.BASE),
        self_trade_prevention=text(AnySpotOrder.stp_act, none=_NONE),
        created_ns=made(first_ns, AnySpotOrder.create_time_ms, AnySpotOrder.create_time, none=NOTHING),
        event_ns=made(first_ns, AnySpotOrder.update_time_ms, AnySpotOrder.update_time, none=NOTHING),
    )
    return shown.extended(struct, **more) if more else shown


def time_in_force_of(word: str | UnsetType) -> TimeInForce | None:
    """The time in force that a word means, where there is one."""
    return None if word is UNSET else TIMES_IN_FORCE.get(word)


def post_only_of(word: str | UnsetType) -> bool | None:
    """Whether the same word says that an order is post-only."""
    return None if word is UNSET else POST_ONLY.get(word)


def _order_type(kind: str, time_in_force: str | UnsetType) -> OrderType | None:
    if kind.startswith("limit"):
        return OrderType.LIMIT_MAKER if time_in_force == "poc" else OrderType.LIMIT
    return OrderType.MARKET if kind.startswith("market") else None


def is_by_value(kind: str, side: str) -> bool:
    """Whether an order is sized in quote units."""
    return kind.startswith("market") and side == "buy"


def in_base(size: str, kind: str, side: str) -> Decimal | None:
    """The size of an order in base units, where it has one."""
    found = decimal_of(size) if size else None
    return None if is_by_value(kind, side) else found


def in_quote(size: str, kind: str, side: str) -> Decimal | None:
    """The same in quote units."""
    return decimal_of(size) if size and is_by_value(kind, side) else None


def _left_in_base(size: str, kind: str, side: str) -> Decimal | None:
    """What is left in base units; nothing is nothing in any unit."""
    found = decimal_of(size)
    return None if found and is_by_value(kind, side) else found
