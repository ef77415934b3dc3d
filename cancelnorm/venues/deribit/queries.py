"""Deribit: what it answers to a question about orders, where they were canceled.

An order that was canceled without a fill is forgotten after half an hour, so that one is not found says nothing.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

from msgspec import UNSET, UnsetType

from cancelnorm.endpoint import Call
from cancelnorm.eventmap import Absent, EventMap, Verdict, amount, by_words, flag, made, text, time, word
from cancelnorm.reader.scalars import DecimalNumber, Epoch, NumberOrEmpty, NumberOrWord
from cancelnorm.reader.structs import Exact
from cancelnorm.schema import CancelEvent, Evidence, Normalised, OrderStatus, Outcome
from cancelnorm.venue import endpoints
from cancelnorm.venues.deribit.cancel import OrderAnswer
from cancelnorm.venues.deribit.messages import (
    DOCS,
    IDS,
    KEYS,
    OPEN,
    QUERY_ERRORS,
    Demand,
    Envelope,
    answered,
    both,
    demanded,
    opened,
)
from cancelnorm.venues.deribit.orders import (
    SIDES,
    Order,
    is_quiet_entry,
    order_map,
    order_type,
    price_of,
    product_of,
    shown,
    unit_of,
)
from cancelnorm.venues.deribit.skip import quiet_query

# --- What Deribit sends ---


class OrdersAnswer(Envelope):
    """Orders."""

    result: list[Order] | Demand


class TriggerEntry(Exact):
    """Something that happened to an order with a trigger."""

    trigger_order_id: str
    order_id: str | UnsetType | None = UNSET  # of the order that it became
    order_state: str  # new, triggered, cancelled, rejected, rejected:<reason>
    request: str  # cancel, trigger:order, …
    instrument_name: str
    direction: str
    order_type: str
    amount: DecimalNumber
    price: NumberOrWord
    trigger: str  # index, index_price, …
    trigger_price: NumberOrEmpty | UnsetType = UNSET
    trigger_offset: NumberOrEmpty | UnsetType = UNSET
    offset: NumberOrEmpty | UnsetType = UNSET  # the same, as an example has it
    label: str | UnsetType | None = UNSET
    reduce_only: bool | UnsetType | None = UNSET
    post_only: bool | UnsetType | None = UNSET
    oco_ref: str | UnsetType | None = UNSET
    is_secondary_oto: bool | UnsetType = UNSET
    source: str | UnsetType | None = UNSET
    timestamp: Epoch
    last_update_timestamp: Epoch


class TriggerHistory(Exact):
    """A page of it."""

    entries: list[TriggerEntry]
    continuation: str | UnsetType | None = UNSET


class TriggerHistoryAnswer(Envelope):
    """What happened to orders with a trigger."""

    result: TriggerHistory | Demand


# --- What it means ---

QUERIED: Final = order_map(shown(Evidence.TERMINAL_STATUS))
_GONE: Final = Verdict(Outcome.CANCELED, Evidence.TERMINAL_STATUS, status=OrderStatus.CANCELED)


def _entry_verdict(state: str) -> Verdict | None:
    """The verdict of an entry; new, triggered and rejected ones are not about a cancel."""
    if state == "cancelled":
        return _GONE
    return None if is_quiet_entry(state) else OPEN


ENTRY: Final = EventMap(
    TriggerEntry,
    by_words(_entry_verdict, TriggerEntry.order_state, raw_status=TriggerEntry.order_state),
    absent=Absent.ZERO,
    product=made(product_of, TriggerEntry.instrument_name),
    symbol=text(TriggerEntry.instrument_name),
    order_id=text(TriggerEntry.trigger_order_id),
    client_order_id=text(TriggerEntry.label),
    side=word(TriggerEntry.direction, SIDES),
    order_type=made(order_type, TriggerEntry.order_type, TriggerEntry.post_only),
    post_only=flag(TriggerEntry.post_only),
    reduce_only=flag(TriggerEntry.reduce_only),
    price=made(price_of, TriggerEntry.price),
    quantity=amount(TriggerEntry.amount),
    quantity_unit=made(unit_of, TriggerEntry.instrument_name),
    trigger_price=amount(TriggerEntry.trigger_price, zero_is_none=True),
    list_id=text(TriggerEntry.oco_ref),
    created_ns=time(TriggerEntry.timestamp),
    event_ns=time(TriggerEntry.last_update_timestamp),
)


def order(raw: OrderAnswer, call: Call) -> Normalised:
    """Map the answer to a query of one order."""
    opened(raw, call)
    if isinstance(raw.result, Demand):
        return demanded(raw, raw.result, call)
    return _queried(raw, QUERIED.events([raw.result], call, "$.result"), call)


def orders(raw: OrdersAnswer, call: Call) -> Normalised:
    """Map the answer to a query: the orders in it that are about a cancel."""
    opened(raw, call)
    if isinstance(raw.result, Demand):
        return demanded(raw, raw.result, call)
    return _queried(raw, QUERIED.events(raw.result, call, "$.result[{}]"), call)


def trigger_history(raw: TriggerHistoryAnswer, call: Call) -> Normalised:
    """Map the answer to a query: the entries that are about a cancel."""
    opened(raw, call)
    if isinstance(raw.result, Demand):
        return demanded(raw, raw.result, call)
    events = ENTRY.events(raw.result.entries, call, "$.result.entries[{}]")
    page = raw.result.continuation
    return _queried(raw, events, call, {"continuation": page} if page else {})


def _queried(
    raw: Envelope, events: Sequence[CancelEvent], call: Call, extra: Mapping[str, str] = MappingProxyType({})
) -> Normalised:
    """The events of an answer; where it has none, nothing is known."""
    return answered(raw, call.or_unknown(events, "$.result"), call, extra)


# --- Endpoints ---

_LISTS: Final = (
    "private/get_order_state_by_label",
    "private/get_open_orders",
    "private/get_open_orders_by_currency",
    "private/get_open_orders_by_instrument",
    "private/get_open_orders_by_label",
    "private/get_order_history_by_currency",
    "private/get_order_history_by_instrument",
)

ENDPOINTS: Final = endpoints(
    *both("private/get_order_state", OrderAnswer, order),
    *[row for method in _LISTS for row in both(method, OrdersAnswer, orders)],
    *both("private/get_trigger_order_history", TriggerHistoryAnswer, trigger_history),
    product=None,
    request=KEYS,
    errors=QUERY_ERRORS,
    ids=IDS,
    docs=DOCS,
    skips=quiet_query,
)
