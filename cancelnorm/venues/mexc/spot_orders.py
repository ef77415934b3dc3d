"""MEXC spot orders as all its answers show them: words, types, and what a status says."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal

from msgspec import UnsetType

from cancelnorm.endpoint import IdSpace
from cancelnorm.eventmap import Verdict
from cancelnorm.reader.scalars import Int
from cancelnorm.request import RequestKeys
from cancelnorm.schema import Evidence, OrderStatus, OrderType, Outcome, Reason, TimeInForce

# --- What MEXC sends ---

OrderId = Int | str
"""``C02__`` and 20 digits; ``C01__`` in 2023, 18 digits or 32 hexadecimal ones before; a number in documentation."""

Status = Literal["NEW", "PARTIALLY_FILLED", "FILLED", "CANCELED", "PARTIALLY_CANCELED"]
Type = Literal["LIMIT", "MARKET", "LIMIT_MAKER", "IMMEDIATE_OR_CANCEL", "FILL_OR_KILL"]
TimeInForceWord = Literal["GTC", "IOC", "FOK"]

# --- What it means ---

IDS: Final = IdSpace("mexc:spot", by_symbol=False)
KEYS: Final = RequestKeys(
    symbol=("symbol",),
    order_id=("orderId",),
    client_order_id=("origClientOrderId",),
    cancel_client_order_id=("newClientOrderId",),
)
NO_LIST: Final = (-1, "-1")

STATUSES: Final = MappingProxyType(
    {
        "NEW": OrderStatus.NEW,
        "PARTIALLY_FILLED": OrderStatus.PARTIALLY_FILLED,
        "FILLED": OrderStatus.FILLED,
        "CANCELED": OrderStatus.CANCELED,  # before anything was filled
        "PARTIALLY_CANCELED": OrderStatus.CANCELED,  # after a part was
        # In a client's table alone.
        "PENDING": OrderStatus.PENDING_NEW,
        "PENDING_CANCEL": OrderStatus.PENDING_CANCEL,
        "REJECTED": OrderStatus.REJECTED,
        "EXPIRED": OrderStatus.EXPIRED,
    }
)
TYPES: Final = MappingProxyType(
    {
        "LIMIT": OrderType.LIMIT,
        "MARKET": OrderType.MARKET,
        "LIMIT_MAKER": OrderType.LIMIT_MAKER,
        "IMMEDIATE_OR_CANCEL": OrderType.LIMIT,
        "FILL_OR_KILL": OrderType.LIMIT,
    }
)
POST_ONLY: Final = MappingProxyType({word: word == "LIMIT_MAKER" for word in TYPES})
TIMES_IN_FORCE: Final = MappingProxyType(
    {"GTC": TimeInForce.GTC, "IOC": TimeInForce.IOC, "FOK": TimeInForce.FOK}
)
_BY_TYPE: Final = MappingProxyType({"IMMEDIATE_OR_CANCEL": TimeInForce.IOC, "FILL_OR_KILL": TimeInForce.FOK})


def _differ(word: str | UnsetType | None, order_type: str) -> bool:
    """Whether a type says how long an order stays on the book, and the word for that says something else."""
    by_type = _BY_TYPE.get(order_type)
    return bool(word and by_type and TIMES_IN_FORCE.get(word) is not by_type)


def time_in_force_by_type(order_type: str) -> TimeInForce | None:
    """How long an order stays on the book, where its type says so."""
    return _BY_TYPE.get(order_type)


def time_in_force(word: str | UnsetType | None, order_type: str) -> TimeInForce | None:
    """The same, where a word says so or the type does; nothing where they contradict each other."""
    if not word:
        return _BY_TYPE.get(order_type)
    return None if _differ(word, order_type) else TIMES_IN_FORCE.get(word)


def type_of(order_type: str, word: str | UnsetType | None) -> OrderType | None:
    """The type of an order; nothing where a word contradicts it."""
    return None if _differ(word, order_type) else TYPES.get(order_type)


_ENDED: Final = MappingProxyType(
    {
        OrderStatus.FILLED: Reason.ALREADY_FILLED,
        OrderStatus.REJECTED: Reason.ALREADY_CLOSED,
        OrderStatus.EXPIRED: Reason.ALREADY_CLOSED,
    }
)


def _answered(status: OrderStatus, taken: Evidence) -> Verdict:
    """The verdict on an order whose cancel was taken, by the status in the answer."""
    if status is OrderStatus.CANCELED:
        return Verdict(Outcome.CANCELED, Evidence.TERMINAL_STATUS, None, status)
    if reason := _ENDED.get(status):
        return Verdict(Outcome.REJECTED, Evidence.TERMINAL_STATUS, reason, status)
    return Verdict(Outcome.PENDING, taken, None, status)


def answers(taken: Evidence) -> Mapping[str, Verdict]:
    """The verdicts on an order whose cancel was taken.

    The order is mostly shown as it was before the cancel, so that NEW is the usual word for success, and no
    contradiction. Only a terminal status is proof.
    """
    return MappingProxyType({word: _answered(status, taken) for word, status in STATUSES.items()})


def own_id(original: str | UnsetType | None, client: str | UnsetType | None) -> str | None:
    """The client id of the order; one that stands alone is taken for it."""
    return original or client or None


def cancel_id(original: str | UnsetType | None, client: str | UnsetType | None) -> str | None:
    """The client id of the cancel, which stands beside that of the order."""
    return (client or None) if original else None
