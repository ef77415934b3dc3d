"""Kraken orders as queries and the stream ``openOrders`` show them: objects under the id of each order."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final, Literal

from msgspec import UNSET, Raw, UnsetType

from cancelnorm.endpoint import Call
from cancelnorm.eventmap import Absent, EventMap, Said, amount, constant, first, made, text
from cancelnorm.reader.fast import builtins_of
from cancelnorm.reader.mismatch import member_path
from cancelnorm.reader.scalars import (
    ZEROS,
    DecimalNumber,
    Int,
    NumberOrEmpty,
    Unreadable,
    decimal_of,
    number_text,
)
from cancelnorm.reader.structs import Exact
from cancelnorm.schema import CancelEvent, OrderType, Product, QuantityUnit, Side, TimeInForce
from cancelnorm.venues.kraken.executions import ORDER_TYPES, SIDES, TIMES_IN_FORCE
from cancelnorm.venues.kraken.messages import ns_of_seconds

# --- What Kraken sends ---


Status = Literal["pending", "open", "closed", "canceled", "expired"]  # closed: filled


class Description(Exact):
    """What was ordered; prices may be relative, as ``+1.0000%``, and 0 stands for none."""

    pair: str | UnsetType = UNSET
    aclass: str | UnsetType = UNSET
    type: str | UnsetType = UNSET
    ordertype: str | UnsetType = UNSET
    price: str | UnsetType = UNSET  # the limit, or what sets off a stop
    price2: str | UnsetType | None = UNSET  # the limit of a stop
    leverage: str | UnsetType | None = UNSET  # none, or as 5:1
    order: str | UnsetType = UNSET  # all of it in words
    close: str | UnsetType | None = UNSET  # what is placed when it has filled
    position: str | UnsetType | None = UNSET


class Closing(Exact):
    """The order that is to close the position."""

    ordertype: str | UnsetType = UNSET
    price: NumberOrEmpty | UnsetType = UNSET
    price2: NumberOrEmpty | UnsetType = UNSET
    oflags: str | UnsetType = UNSET


class AnyOrder(Exact):
    """An order: in a frame the fields that changed. Numbers are in quotes, but for times in answers to queries."""

    refid: str | UnsetType | None = UNSET
    userref: Int | UnsetType | None = UNSET  # 0 and null for none
    cl_ord_id: str | UnsetType | None = UNSET
    status: Status | UnsetType = UNSET
    reason: str | UnsetType | None = UNSET
    cancel_reason: str | UnsetType | None = UNSET  # in frames
    opentm: NumberOrEmpty | UnsetType = UNSET  # seconds
    closetm: NumberOrEmpty | UnsetType = UNSET
    starttm: NumberOrEmpty | UnsetType = UNSET
    expiretm: NumberOrEmpty | UnsetType = UNSET
    lastupdated: NumberOrEmpty | UnsetType = UNSET  # in frames
    descr: Description | UnsetType = UNSET
    vol: DecimalNumber | UnsetType = UNSET
    vol_exec: DecimalNumber | UnsetType = UNSET
    cost: DecimalNumber | UnsetType = UNSET
    fee: DecimalNumber | UnsetType = UNSET
    avg_price: DecimalNumber | UnsetType = UNSET  # in frames
    price: DecimalNumber | UnsetType = UNSET  # the same elsewhere: of what was filled
    stopprice: DecimalNumber | UnsetType = UNSET
    limitprice: DecimalNumber | UnsetType = UNSET
    display_volume: DecimalNumber | UnsetType = UNSET
    display_volume_remain: DecimalNumber | UnsetType = UNSET
    misc: str | UnsetType = UNSET
    oflags: str | UnsetType = UNSET
    timeinforce: str | UnsetType = UNSET
    trigger: str | UnsetType = UNSET
    margin: bool | UnsetType = UNSET
    amended: bool | UnsetType = UNSET
    sender_sub_id: str | UnsetType | None = UNSET
    ratecount: Int | UnsetType = UNSET
    contingent: Closing | UnsetType | None = UNSET
    trades: list[str] | UnsetType = UNSET


# --- What it means ---


_ZEROS: Final = (Raw(b"0"), Raw(b'"0"'))


def state_map(struct: Any, said: Said) -> EventMap:
    """What the fields of an order mean; its id is the key under which it stands."""
    described = AnyOrder.descr
    return EventMap(
        struct,
        said,
        given=("order_id", "extra"),
        absent=Absent.EMPTY,
        without={AnyOrder.userref: (0,), AnyOrder.starttm: _ZEROS, AnyOrder.expiretm: _ZEROS},
        told=(AnyOrder.descr,),
        also=(AnyOrder.oflags,),
        client_order_id=text(AnyOrder.cl_ord_id),
        raw_initiator=first(text(AnyOrder.cancel_reason), text(AnyOrder.reason)),
        symbol=made(_symbol, described),
        side=made(_side, described),
        order_type=made(_order_type, described),
        product=made(_product, described),
        time_in_force=made(_time_in_force, AnyOrder.timeinforce),
        post_only=made(_is_post_only, AnyOrder.oflags),
        price=first(amount(AnyOrder.limitprice, zero_is_none=True), made(_limit, described)),
        trigger_price=first(amount(AnyOrder.stopprice, zero_is_none=True), made(_trigger, described)),
        average_price=first(
            amount(AnyOrder.avg_price, zero_is_none=True), amount(AnyOrder.price, zero_is_none=True)
        ),
        quantity=made(_quantity, AnyOrder.vol, AnyOrder.oflags),
        quote_quantity=made(_quote_quantity, AnyOrder.vol, AnyOrder.oflags),
        filled_quantity=amount(AnyOrder.vol_exec),
        filled_quote=amount(AnyOrder.cost),
        display_quantity=amount(AnyOrder.display_volume, zero_is_none=True),
        quantity_unit=constant(QuantityUnit.BASE),
        created_ns=made(ns_of_seconds, AnyOrder.opentm),
        event_ns=first(made(ns_of_seconds, AnyOrder.lastupdated), made(ns_of_seconds, AnyOrder.closetm)),
    )


def state_events(
    orders: Mapping[str, Any], each: EventMap, call: Call, path: str, start: int = 0
) -> list[CancelEvent]:
    """The events of the orders that are about a cancel, by their ids: an object has no order of its own."""
    events = []
    for i, (order_id, order) in enumerate(sorted(orders.items()), start=start):
        more = _beside(order.descr)
        event: Any = each.event(
            order, call, member_path(path, order_id), index=i, given=(order_id or None, more)
        )
        if event is not None:
            events.append(event)
    return events


def _is_by_value(flags: str | UnsetType) -> bool:
    return "viqc" in (flags or "").split(",")


def _quantity(volume: Raw | UnsetType, flags: str | UnsetType) -> Decimal | None:
    return None if volume is UNSET or _is_by_value(flags) else decimal_of(number_text(volume))


def _quote_quantity(volume: Raw | UnsetType, flags: str | UnsetType) -> Decimal | None:
    return decimal_of(number_text(volume)) if volume is not UNSET and _is_by_value(flags) else None


def _time_in_force(word: str | UnsetType) -> TimeInForce | None:
    return TIMES_IN_FORCE.get((word or "").upper())


def _is_post_only(flags: str | UnsetType) -> bool | None:
    return "post" in flags.split(",") if flags else None


_Described = Description | UnsetType
_NONE: Final = ("", "none", None, *ZEROS)
_STOPS: Final = ("stop-loss", "take-profit", "trailing-stop")


def _beside(described: _Described) -> dict[str, Any]:
    """What a description says that the event does not."""
    if described is UNSET:
        return {}
    words = builtins_of(described)
    told = {
        "pair": True,
        "type": described.type in SIDES,
        "ordertype": described.ordertype in _PLAIN_TYPES,
        "price": described.price in _NONE or _decimal(described.price) is not None,
        "price2": described.price2 in _NONE
        or (_is_stop(described) and _decimal(described.price2) is not None),
        "leverage": described.leverage in (*_NONE, UNSET),
    }
    rest = {key: value for key, value in words.items() if value not in ("", None) and not told.get(key)}
    return {"descr": rest} if rest else {}


_PLAIN_TYPES: Final = frozenset(kind for kind in ORDER_TYPES if kind != "iceberg" and "trail" not in kind)


def _is_stop(described: Description) -> bool:
    return str(described.ordertype or "").startswith(_STOPS)


def _symbol(described: _Described) -> str | None:
    return None if described is UNSET else described.pair or None


def _side(described: _Described) -> Side | None:
    return None if described is UNSET else SIDES.get(described.type or "")


def _order_type(described: _Described) -> OrderType | None:
    return None if described is UNSET else ORDER_TYPES.get(described.ordertype or "")


_UNLEVERED: Final = ("none", "0:1")  # the second in a frame of the documentation


def _product(described: _Described) -> Product | None:
    """The product: an order with leverage is of margin."""
    leverage = UNSET if described is UNSET else described.leverage
    if not leverage:
        return None
    return Product.SPOT if leverage in _UNLEVERED else Product.MARGIN


def _decimal(text: str | UnsetType | None) -> Decimal | None:
    """A price that is no share of another one."""
    if not text:
        return None
    try:
        return decimal_of(text) or None
    except Unreadable:
        return None


def _limit(described: _Described) -> Decimal | None:
    if described is UNSET:
        return None
    return _decimal(described.price2 if _is_stop(described) else described.price)


def _trigger(described: _Described) -> Decimal | None:
    return _decimal(described.price) if described is not UNSET and _is_stop(described) else None
