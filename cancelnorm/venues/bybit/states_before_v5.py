"""Bybit orders as they were shown in 2022 and 2023, by derivatives v3 and by contracts settled in USDC."""

from types import MappingProxyType
from typing import Any, Final, Literal

from msgspec import UNSET, UnsetType

from cancelnorm.eventmap import Absent, EventMap, Verdict, amount, by_words, first, made, text, word
from cancelnorm.reader.scalars import DecimalOrEmpty, DecimalText
from cancelnorm.reader.structs import Camel
from cancelnorm.schema import Evidence, OrderType, TimeInForce
from cancelnorm.venues.bybit.causes import UNSAID, UNSAID_REASONS, causes, left
from cancelnorm.venues.bybit.states import SIDES, order_type

# --- What Bybit sends ---


class OlderOrder(Camel):
    """An order as it stands. What is handed on as it was sent is plain text here."""

    symbol: str
    order_id: str
    order_link_id: str  # "" where the order has none
    side: Literal["Buy", "Sell"]
    order_type: str
    price: DecimalOrEmpty
    qty: DecimalText  # contracts of inverse ones and options, base units of the others
    time_in_force: str
    order_status: str
    cancel_type: str | UnsetType = UNSET  # USDC
    reject_reason: str | UnsetType = UNSET  # lists of closed orders
    stop_order_type: str | UnsetType = UNSET  # not in the stream of options
    leaves_qty: DecimalOrEmpty | UnsetType = UNSET  # unified: since summer 2022
    cum_exec_qty: DecimalOrEmpty | UnsetType = UNSET  # unified: since summer 2022
    cum_exec_value: DecimalOrEmpty | UnsetType = UNSET
    cum_exec_fee: str | UnsetType = UNSET
    trigger_price: DecimalOrEmpty | UnsetType = UNSET
    trigger_by: str | UnsetType = UNSET
    take_profit: str | UnsetType = UNSET
    stop_loss: str | UnsetType = UNSET
    tp_trigger_by: str | UnsetType = UNSET
    sl_trigger_by: str | UnsetType = UNSET
    base_price: str | UnsetType = UNSET
    close_on_trigger: bool | str | UnsetType = UNSET  # in quotes for USDC, and in unified frames until 2022


# --- What it means ---

TIMES_IN_FORCE: Final = MappingProxyType(
    {
        "GoodTillCancel": TimeInForce.GTC,
        "ImmediateOrCancel": TimeInForce.IOC,
        "FillOrKill": TimeInForce.FOK,
        "PostOnly": TimeInForce.GTC,
    }
)
POST_ONLY: Final = MappingProxyType({name: name == "PostOnly" for name in TIMES_IN_FORCE})


def older_type(kind: str, stop: str | UnsetType, time_in_force: str) -> OrderType | None:
    """The type of an order."""
    return order_type(kind, stop or "", time_in_force)


def older_map(struct: type[OlderOrder], evidence: Evidence, **columns: Any) -> EventMap:
    """The map of orders of one shape; ``columns`` are those that it has of its own."""
    judge = causes(evidence)

    def shown(
        status: str, cancel_type: str | UnsetType, reason: str | UnsetType, filled: str | UnsetType
    ) -> Verdict | None:
        return judge(status, cancel_type or "", reason or "", filled or "")

    return EventMap(
        struct,
        by_words(
            shown,
            OlderOrder.order_status,
            OlderOrder.cancel_type,
            OlderOrder.reject_reason,
            OlderOrder.cum_exec_qty,
            raw_status=OlderOrder.order_status,
        ),
        absent=Absent.EMPTY,
        also=(OlderOrder.reject_reason, OlderOrder.stop_order_type),
        symbol=text(OlderOrder.symbol),
        order_id=text(OlderOrder.order_id),
        client_order_id=text(OlderOrder.order_link_id),
        raw_initiator=first(
            text(OlderOrder.cancel_type, none=UNSAID),
            text(OlderOrder.reject_reason, none=UNSAID_REASONS),
        ),
        side=word(OlderOrder.side, SIDES),
        order_type=made(
            older_type, OlderOrder.order_type, OlderOrder.stop_order_type, OlderOrder.time_in_force
        ),
        time_in_force=word(OlderOrder.time_in_force, TIMES_IN_FORCE),
        post_only=word(OlderOrder.time_in_force, POST_ONLY),
        price=amount(OlderOrder.price, zero_is_none=True),
        trigger_price=amount(OlderOrder.trigger_price, zero_is_none=True),
        quantity=amount(OlderOrder.qty),
        filled_quantity=amount(OlderOrder.cum_exec_qty),
        remaining_quantity=made(left, OlderOrder.leaves_qty, OlderOrder.order_status),
        **columns,
    )
