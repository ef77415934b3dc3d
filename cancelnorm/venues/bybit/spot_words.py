"""Bybit spot before v5 (until 2023): its words, and what they say about a cancel. v1 and v3 have the same."""

from collections.abc import Callable
from decimal import Decimal
from types import MappingProxyType
from typing import Final

from cancelnorm.eventmap import Verdict
from cancelnorm.reader.scalars import decimal_of
from cancelnorm.schema import Evidence, OrderStatus, OrderType, Outcome, Reason, Side, TimeInForce
from cancelnorm.venues.bybit.messages import TAKEN

SIDES: Final = MappingProxyType({"BUY": Side.BUY, "SELL": Side.SELL, "Buy": Side.BUY, "Sell": Side.SELL})
TIMES_IN_FORCE: Final = MappingProxyType(
    {"GTC": TimeInForce.GTC, "IOC": TimeInForce.IOC, "FOK": TimeInForce.FOK}
)
TYPES: Final = MappingProxyType(
    {
        "LIMIT": OrderType.LIMIT,
        "LIMIT_MAKER": OrderType.LIMIT_MAKER,
        "MARKET": OrderType.MARKET,
        "MARKET_OF_BASE": OrderType.MARKET,
        "MARKET_OF_QUOTE": OrderType.MARKET,
    }
)
POST_ONLY: Final = MappingProxyType({word: word == "LIMIT_MAKER" for word in TYPES})
CONDITIONAL_TYPES: Final = MappingProxyType(
    {
        "LIMIT": OrderType.TRIGGER_LIMIT,
        "MARKET": OrderType.TRIGGER_MARKET,
        "MARKET_OF_BASE": OrderType.TRIGGER_MARKET,
        "MARKET_OF_QUOTE": OrderType.TRIGGER_MARKET,
    }
)
"""The same of orders that wait for a trigger."""

# https://github.com/bybit-exchange/docs-legacy/blob/master/source/includes/spot/v3/_enums.md
ALIVE: Final = MappingProxyType(
    {
        "NEW": OrderStatus.NEW,
        "PARTIALLY_FILLED": OrderStatus.PARTIALLY_FILLED,
        "PENDING_NEW": OrderStatus.PENDING_NEW,
        "FILLED": OrderStatus.FILLED,
        "REJECTED": OrderStatus.REJECTED,
        # Of conditional orders.
        "ORDER_NEW": OrderStatus.UNTRIGGERED,
        "ORDER_FILLED": OrderStatus.TRIGGERED,
        "ORDER_FAILED": OrderStatus.REJECTED,  # when it was triggered
    }
)
"""Statuses that say nothing about a cancel."""

_GONE: Final = frozenset(
    (
        "CANCELED",
        "PARTIALLY_FILLED_CANCELED",
        "PARTIALLY_FILLED_CANCELLED",  # as the table spells it
        "ORDER_CANCELED",
    )
)


def shown_by(evidence: Evidence) -> Callable[[str], Verdict | None]:
    """The verdict by the status of an order that is shown; ``evidence`` is what its end rests on."""

    def shown(status: str) -> Verdict | None:
        if status in ALIVE:
            return None
        if status in _GONE:
            return Verdict(Outcome.CANCELED, evidence, None, OrderStatus.CANCELED)
        if status == "PENDING_CANCEL":
            return Verdict(Outcome.PENDING, Evidence.ACKNOWLEDGED, None, OrderStatus.PENDING_CANCEL)
        note = ("unknown-value", "the order's status is not documented")
        return Verdict(Outcome.UNKNOWN, Evidence.LISTED, note=note)

    return shown


def answered(status: str) -> Verdict:
    """The verdict on an order in the answer to its cancel, which mostly shows it as it stood before."""
    if status in _GONE:
        return Verdict(Outcome.CANCELED, Evidence.TERMINAL_STATUS, None, OrderStatus.CANCELED)
    if status == "FILLED":
        return Verdict(Outcome.REJECTED, Evidence.TERMINAL_STATUS, Reason.ALREADY_FILLED, OrderStatus.FILLED)
    if status == "PENDING_CANCEL":
        return TAKEN._replace(status=OrderStatus.PENDING_CANCEL)
    if status in ("REJECTED", "ORDER_FAILED"):
        return Verdict(
            Outcome.REJECTED, Evidence.TERMINAL_STATUS, Reason.ALREADY_CLOSED, OrderStatus.REJECTED
        )
    return TAKEN._replace(status=ALIVE.get(status))


def _is_by_value(kind: str, side: str) -> bool:
    """Whether an order is sized in quote units: a market order to buy. The stream has a type for it."""
    return kind == "MARKET_OF_QUOTE" or (kind == "MARKET" and side.upper() == "BUY")


def size(sent: str, kind: str, side: str) -> Decimal | None:
    """The quantity of an order in base units."""
    return None if _is_by_value(kind, side) else decimal_of(sent)


def value(sent: str, kind: str, side: str) -> Decimal | None:
    """The quantity of an order in quote units."""
    return decimal_of(sent) if _is_by_value(kind, side) else None
