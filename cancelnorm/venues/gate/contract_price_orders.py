"""Gate price orders of contracts: orders that are placed when a price is reached."""

from collections.abc import Callable
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final, Literal

from msgspec import UNSET, Raw, UnsetType

from cancelnorm.eventmap import Absent, EventMap, Said, Verdict, by_words, constant, made, number, text
from cancelnorm.reader.scalars import (
    DecimalNumber,
    Int,
    NumberOrEmpty,
    Prose,
    number_or_empty,
)
from cancelnorm.reader.structs import Exact
from cancelnorm.request import RequestKeys
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
from cancelnorm.venue import endpoint, endpoints
from cancelnorm.venues.gate.contract_orders import client_of, positive, product_of, side_of
from cancelnorm.venues.gate.endings import CONTRADICTED, UNDOCUMENTED, show_cancels
from cancelnorm.venues.gate.messages import (
    CONTRACT_TRIGGER_IDS,
    DOCS,
    ERRORS,
    SETTLES,
    TAKEN,
    all_shown,
    epoch_ns,
    one_shown,
)
from cancelnorm.venues.gate.spot_orders import post_only_of, time_in_force_of

# --- What Gate sends ---


class Initial(Exact):
    """The order that is placed."""

    contract: str
    size: DecimalNumber | UnsetType = UNSET  # 0 closes the position
    price: NumberOrEmpty | UnsetType = UNSET  # 0 for a market order
    tif: Literal["gtc", "ioc", "poc", "fok"] | UnsetType = UNSET
    text: str | UnsetType = UNSET
    iceberg: DecimalNumber | UnsetType = UNSET
    is_close: bool | UnsetType = UNSET
    is_reduce_only: bool | UnsetType = UNSET
    close: bool | UnsetType = UNSET  # as requests spell is_close
    reduce_only: bool | UnsetType = UNSET  # as requests spell is_reduce_only
    auto_size: str | UnsetType = UNSET
    amount: str | UnsetType = UNSET  # a size in base units, since 2025


class ContractTrigger(Exact):
    """The price that places the order."""

    strategy_type: Int | UnsetType = UNSET
    price_type: Int | UnsetType = UNSET
    price: NumberOrEmpty | UnsetType = UNSET
    rule: Int | UnsetType = UNSET
    expiration: Int | UnsetType = UNSET  # seconds


class StopTrigger(Exact):
    """A stop beside the trigger."""

    rule: Int | UnsetType = UNSET
    trigger_price: NumberOrEmpty | UnsetType = UNSET
    order_price: NumberOrEmpty | UnsetType = UNSET


class ContractPriceOrder(Exact):
    """A price order, as it is shown in the answer to its cancel, to a query, and by a stream."""

    initial: Initial
    trigger: ContractTrigger
    id: Int
    status: Literal["open", "finished", "inactive", "invalid"]
    create_time: DecimalNumber  # documented in seconds, recorded in microseconds
    finish_time: DecimalNumber | UnsetType = UNSET
    finish_as: str | UnsetType = UNSET  # cancelled, succeeded, failed, expired
    user: Int | UnsetType = UNSET
    trade_id: Int | UnsetType = UNSET  # 0 for none
    reason: Prose | UnsetType = UNSET
    order_type: str | UnsetType = UNSET
    me_order_id: Int | UnsetType = UNSET
    is_stop_order: bool | UnsetType = UNSET
    stop_trigger: StopTrigger | UnsetType = UNSET
    # Recorded in 2026-01.
    id_string: str | UnsetType = UNSET
    trade_id_string: str | UnsetType = UNSET
    me_order_id_string: str | UnsetType = UNSET
    trigger_time: NumberOrEmpty | UnsetType = UNSET
    in_dual_mode: bool | UnsetType = UNSET
    parent_id: Int | UnsetType = UNSET
    name: str | UnsetType = UNSET
    pos_margin_mode: str | UnsetType = UNSET


# --- What it means ---


def _closed(status: OrderStatus | None) -> Verdict:
    return Verdict(Outcome.REJECTED, Evidence.TERMINAL_STATUS, Reason.ALREADY_CLOSED, status)


_ENDS: Final = MappingProxyType(
    {
        "cancelled": Verdict(
            Outcome.CANCELED, Evidence.TERMINAL_STATUS, None, OrderStatus.CANCELED, Initiator.USER
        ),
        "expired": Verdict(
            Outcome.CANCELED, Evidence.TERMINAL_STATUS, None, OrderStatus.EXPIRED, Initiator.EXPIRY
        ),
        "succeeded": _closed(OrderStatus.TRIGGERED),
        "failed": _closed(OrderStatus.REJECTED),
    }
)
_STATES: Final = MappingProxyType(
    {
        "open": TAKEN._replace(status=OrderStatus.UNTRIGGERED),
        "inactive": TAKEN,
        "invalid": _closed(None),
    }
)
QUIET: Final = ("succeeded", "failed")
QUIET_STATES: Final = ("open", "inactive", "invalid")
_UNSAID: Final = Verdict(Outcome.UNKNOWN, Evidence.LISTED)
_UNDOCUMENTED: Final = _UNSAID._replace(note=UNDOCUMENTED)
_CONTRADICTED: Final = _UNSAID._replace(note=CONTRADICTED)


def answered(status: str, finish_as: str | UnsetType) -> Verdict:
    """The verdict of a price order in the answer to its cancel, by ``finish_as``, else by its status."""
    if not finish_as:
        return _STATES.get(status, _UNSAID)
    return _CONTRADICTED if status == "open" else _ENDS.get(finish_as, _UNDOCUMENTED)


def shown(evidence: Evidence) -> Callable[[str, str | UnsetType], Verdict | None]:
    """The verdict of one that is shown elsewhere; None where it is about no cancel.

    Without ``finish_as`` nothing tells how one has finished.
    """

    def judge(status: str, finish_as: str | UnsetType) -> Verdict | None:
        if finish_as in QUIET or (not finish_as and status in QUIET_STATES):
            return None
        found = answered(status, finish_as)
        return found._replace(evidence=evidence) if found.outcome is Outcome.CANCELED else found

    return judge


def contract_price_order_map(struct: type[ContractPriceOrder], said: Said) -> EventMap:
    """The map of price orders of contracts, whose nested objects stay in ``extra`` as a whole."""
    order = ContractPriceOrder
    return EventMap(
        struct,
        said,
        absent=Absent.ZERO,
        also=(order.trigger, order.initial),
        symbol=made(_symbol, order.initial),
        order_id=number(order.id),
        client_order_id=made(_client_id, order.initial),
        product=made(_product, order.initial),
        raw_initiator=text(order.finish_as, none=("", *QUIET)),
        side=made(_side, order.initial),
        order_type=made(_order_type, order.initial),
        time_in_force=made(_time_in_force, order.initial),
        post_only=made(_post_only, order.initial),
        price=made(_price, order.initial),
        quantity=made(_quantity, order.initial),
        quantity_unit=constant(QuantityUnit.CONTRACTS),
        reduce_only=made(_reduce_only, order.initial),
        trigger_price=made(_trigger_price, order.trigger),
        message=text(order.reason),
        created_ns=made(epoch_ns, order.create_time),
        event_ns=made(epoch_ns, order.finish_time),
    )


def _symbol(initial: Initial) -> str | None:
    return initial.contract or None


def _client_id(initial: Initial) -> str | None:
    return client_of(initial.text)


def _product(initial: Initial) -> Product | None:
    return product_of(initial.contract)


def _side(initial: Initial) -> Side | None:
    return None if initial.size is UNSET else side_of(initial.size)


def _order_type(initial: Initial) -> OrderType | None:
    if initial.price is UNSET:
        return None
    return OrderType.TRIGGER_MARKET if _decimal(initial.price) is None else OrderType.TRIGGER_LIMIT


def _time_in_force(initial: Initial) -> TimeInForce | None:
    return time_in_force_of(initial.tif)


def _post_only(initial: Initial) -> bool | None:
    return post_only_of(initial.tif)


def _price(initial: Initial) -> Decimal | None:
    return None if initial.price is UNSET else _decimal(initial.price)


def _quantity(initial: Initial) -> Decimal | None:
    return positive(initial.size)


def _reduce_only(initial: Initial) -> bool | None:
    return None if initial.is_reduce_only is UNSET else initial.is_reduce_only


def _trigger_price(trigger: ContractTrigger) -> Decimal | None:
    return None if trigger.price is UNSET else _decimal(trigger.price)


def _decimal(sent: Raw) -> Decimal | None:
    """A number; None where it is zero or nothing."""
    text = number_or_empty(sent)
    return Decimal(text) or None if text else None


CANCELED: Final = contract_price_order_map(
    ContractPriceOrder,
    by_words(
        answered,
        ContractPriceOrder.status,
        ContractPriceOrder.finish_as,
        raw_status=ContractPriceOrder.status,
    ),
)
cancel: Final = one_shown(CANCELED)
cancel_all: Final = all_shown(CANCELED)


def is_shared(raw: Any) -> bool:
    """Whether other requests are answered alike: with anything but price orders that were canceled."""
    return not show_cancels(raw, _is_canceled)


def _is_canceled(raw: Any) -> bool:
    is_order = isinstance(raw, ContractPriceOrder)
    return is_order and answered(raw.status, raw.finish_as).outcome is Outcome.CANCELED


# --- Endpoints ---

KEYS: Final = RequestKeys(symbol=("contract",), order_id=("order_id",), product=("settle",), products=SETTLES)
ENDPOINTS: Final = endpoints(
    endpoint(
        "DELETE /api/v4/futures/{settle}/price_orders/{order_id}",
        ContractPriceOrder,
        cancel,
        page="cancel-a-single-auto-order",
    ),
    endpoint(
        "DELETE /api/v4/futures/{settle}/price_orders",
        list[ContractPriceOrder],
        cancel_all,
        page="cancel-all-auto-orders",
    ),
    endpoint(
        "DELETE /api/v4/delivery/{settle}/price_orders/{order_id}",
        ContractPriceOrder,
        cancel,
        page="cancel-a-single-auto-order-2",
    ),
    endpoint(
        "DELETE /api/v4/delivery/{settle}/price_orders",
        list[ContractPriceOrder],
        cancel_all,
        page="cancel-all-auto-orders-2",
    ),
    product=None,
    request=KEYS,
    errors=ERRORS,
    is_shared=is_shared,
    ids=CONTRACT_TRIGGER_IDS,
    docs=DOCS,
)
