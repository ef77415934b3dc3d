"""Gate trailing and chase orders of perpetuals: what it answers to a request to stop them, since 2026.

Nobody has published a recording: the fields are those of the official libraries, which send all of them or some.
"""

from collections.abc import Sequence
from typing import Any, Final, Literal

from msgspec import UNSET, UnsetType

from cancelnorm.completion import all_completed
from cancelnorm.endpoint import Call, IdSpace
from cancelnorm.eventmap import (
    Absent,
    EventMap,
    Said,
    Verdict,
    amount,
    by_words,
    constant,
    flag,
    made,
    number,
    text,
)
from cancelnorm.reader.scalars import DecimalNumber, Int, NumberOrEmpty, Prose
from cancelnorm.reader.structs import Exact
from cancelnorm.request import RequestKeys
from cancelnorm.schema import CancelEvent, Evidence, Normalised, OrderStatus, Outcome, QuantityUnit, Reason
from cancelnorm.venue import endpoint, endpoints
from cancelnorm.venues.gate.contract_orders import client_of, positive, product_of, side_of
from cancelnorm.venues.gate.messages import (
    DOCS,
    ERRORS,
    SETTLES,
    TAKEN,
    answered_alike,
    epoch_ns,
    nothing_open,
)

# --- What Gate sends ---


class AutoOrder(Exact):
    """Fields of trailing and chase orders."""

    id: Int | str
    contract: str
    status: Literal["open", "finished"]
    amount: DecimalNumber  # contracts; negative to sell
    user: Int | str | UnsetType = UNSET
    user_id: Int | str | UnsetType = UNSET
    settle: str | UnsetType = UNSET
    text: str | UnsetType = UNSET
    reason: Prose | UnsetType = UNSET
    error_label: str | UnsetType = UNSET
    reduce_only: bool | UnsetType = UNSET
    price_type: Int | UnsetType = UNSET
    suborder_id: Int | str | UnsetType = UNSET  # the order that it placed; 0 for none
    create_time: DecimalNumber | UnsetType = UNSET  # seconds
    finish_time: DecimalNumber | UnsetType = UNSET
    updated_at: NumberOrEmpty | UnsetType = UNSET
    original_status: Int | UnsetType = UNSET
    status_code: str | UnsetType = UNSET
    side_label: str | UnsetType = UNSET
    position_side_output: str | UnsetType = UNSET
    is_dual_mode: bool | UnsetType = UNSET
    pos_margin_mode: str | UnsetType = UNSET
    position_mode: str | UnsetType = UNSET
    leverage: str | UnsetType = UNSET


class TrailOrder(AutoOrder):
    """A trailing order."""

    is_gte: bool | UnsetType = UNSET
    activation_price: NumberOrEmpty | UnsetType = UNSET  # 0 for none
    price_offset: str | UnsetType = UNSET  # a distance, or a share with %
    position_related: bool | UnsetType = UNSET
    created_at: NumberOrEmpty | UnsetType = UNSET
    activated_at: NumberOrEmpty | UnsetType = UNSET
    finished_at: NumberOrEmpty | UnsetType = UNSET
    active_time: NumberOrEmpty | UnsetType = UNSET
    suborder_text: str | UnsetType = UNSET
    trigger_price: NumberOrEmpty | UnsetType = UNSET
    extremum_price: NumberOrEmpty | UnsetType = UNSET
    created_at_precise: str | UnsetType = UNSET
    finished_at_precise: str | UnsetType = UNSET
    activated_at_precise: str | UnsetType = UNSET
    status_label: str | UnsetType = UNSET


class ChaseOrder(AutoOrder):
    """A chase order, whose limit order follows the book."""

    price_limit: NumberOrEmpty | UnsetType = UNSET
    fill_amount: DecimalNumber | UnsetType = UNSET
    average_fill_price: NumberOrEmpty | UnsetType = UNSET
    chase_price: NumberOrEmpty | UnsetType = UNSET
    interval_sec: Int | UnsetType = UNSET
    suborder_price: NumberOrEmpty | UnsetType = UNSET
    suborder_ongoing: bool | UnsetType = UNSET
    suborder_finish_as: str | UnsetType = UNSET
    price_gap_type: str | UnsetType = UNSET
    price_gap_value: str | UnsetType = UNSET
    create_time_precise: str | UnsetType = UNSET
    finish_time_precise: str | UnsetType = UNSET


class StoppedTrail(Exact):
    """The answer to a request to stop one trailing order."""

    order: TrailOrder


class StoppedTrails(Exact):
    """The answer to a request to stop all trailing orders."""

    orders: list[TrailOrder]


class StoppedChase(Exact):
    """The answer to a request to stop one chase order."""

    order: ChaseOrder


class StoppedChases(Exact):
    """The answer to a request to stop all chase orders."""

    orders: list[ChaseOrder]


# --- What it means ---

_GONE: Final = Verdict(Outcome.CANCELED, Evidence.TERMINAL_STATUS, status=OrderStatus.CANCELED)
_ALIVE: Final = TAKEN._replace(status=OrderStatus.NEW)
_UNSAID: Final = Verdict(Outcome.UNKNOWN, Evidence.LISTED)
_FILLED: Final = Verdict(
    Outcome.REJECTED, Evidence.TERMINAL_STATUS, Reason.ALREADY_FILLED, OrderStatus.FILLED
)


def _trail(status: str, placed: object) -> Verdict:
    """The verdict of a trailing order; one that has placed its order may have finished by that."""
    if status == "open":
        return _ALIVE
    return _GONE if status == "finished" and placed in (UNSET, 0, "0", "") else _UNSAID


def _chase(status: str, finish_as: object) -> Verdict:
    """The verdict of a chase order, which ends with a fill of its limit order or without."""
    if status == "open":
        return _ALIVE
    if status != "finished":
        return _UNSAID
    return _FILLED if finish_as == "filled" else _GONE


def _auto_map(struct: type[AutoOrder], said: Said, **more: Any) -> EventMap:
    """The map of trailing and of chase orders; ``more`` is what a struct has of its own."""
    return EventMap(
        struct,
        said,
        absent=Absent.ZERO,
        symbol=text(AutoOrder.contract),
        order_id=number(AutoOrder.id),
        client_order_id=made(client_of, AutoOrder.text),
        product=made(product_of, AutoOrder.contract),
        side=made(side_of, AutoOrder.amount),
        quantity=made(positive, AutoOrder.amount),
        quantity_unit=constant(QuantityUnit.CONTRACTS),
        message=text(AutoOrder.reason),
        created_ns=made(epoch_ns, AutoOrder.create_time),
        event_ns=made(epoch_ns, AutoOrder.finish_time),
        **more,
    )


TRAIL: Final = _auto_map(
    TrailOrder,
    by_words(_trail, TrailOrder.status, TrailOrder.suborder_id, raw_status=TrailOrder.status),
    also=(TrailOrder.suborder_id,),
    reduce_only=flag(TrailOrder.reduce_only),
    trigger_price=amount(TrailOrder.activation_price, zero_is_none=True),
)
CHASE: Final = _auto_map(
    ChaseOrder,
    by_words(_chase, ChaseOrder.status, ChaseOrder.suborder_finish_as, raw_status=ChaseOrder.status),
    also=(ChaseOrder.suborder_finish_as,),
    reduce_only=flag(ChaseOrder.reduce_only),
    price=amount(ChaseOrder.price_limit, zero_is_none=True),
    average_price=amount(ChaseOrder.average_fill_price, zero_is_none=True),
    filled_quantity=made(positive, ChaseOrder.fill_amount),
)


def trail(raw: StoppedTrail, call: Call) -> Normalised:
    """Map the answer to a request to stop one trailing order."""
    return call.result(all_completed([TRAIL.event(raw.order, call, "$.order")], call))


def trails(raw: StoppedTrails, call: Call) -> Normalised:
    """Map the answer to a request to stop all trailing orders."""
    return _all(raw.orders, TRAIL, call)


def chase(raw: StoppedChase, call: Call) -> Normalised:
    """Map the answer to a request to stop one chase order."""
    return call.result(all_completed([CHASE.event(raw.order, call, "$.order")], call))


def chases(raw: StoppedChases, call: Call) -> Normalised:
    """Map the answer to a request to stop all chase orders."""
    return _all(raw.orders, CHASE, call)


def _all(orders: Sequence[AutoOrder], each: EventMap, call: Call) -> Normalised:
    events: list[CancelEvent] = each.events(orders, call, "$.orders[{}]")
    return call.result(events) if orders else nothing_open(call)


# --- Endpoints ---

KEYS: Final = RequestKeys(
    symbol=("contract",),
    order_id=("id",),
    client_order_id=("text",),
    product=("settle",),
    products=SETTLES,
)

ENDPOINTS: Final = endpoints(
    endpoint(
        "POST /api/v4/futures/{settle}/autoorder/v1/trail/stop",
        StoppedTrail,
        trail,
        page="terminate-trail-order",
    ),
    endpoint(
        "POST /api/v4/futures/{settle}/autoorder/v1/trail/stop_all",
        StoppedTrails,
        trails,
        page="batch-terminate-trail-orders",
    ),
    endpoint(
        "POST /api/v4/futures/{settle}/autoorder/v1/chase/stop",
        StoppedChase,
        chase,
        page="stop-a-chase-order",
    ),
    endpoint(
        "POST /api/v4/futures/{settle}/autoorder/v1/chase/stop_all",
        StoppedChases,
        chases,
        page="stop-chase-orders-in-batch",
    ),
    product=None,
    request=KEYS,
    errors=ERRORS,
    is_shared=answered_alike,
    ids=IdSpace("gate auto orders", by_symbol=False),
    docs=DOCS,
)
