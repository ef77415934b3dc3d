"""Bybit v5 REST: what it answers to a cancel."""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar, Final, Literal

from msgspec import UNSET, Struct, UnsetType, field
from msgspec.structs import replace

from cancelnorm.codec import Codec, Target
from cancelnorm.reader.scalars import EPOCHS, Epoch
from cancelnorm.reader.types import Kind
from cancelnorm.record import Record
from cancelnorm.schema import EventKind, Evidence, Normalised, Note, Outcome, Product, Reason
from cancelnorm.venues.bybit.orders import (
    LISTED,
    OPEN,
    TAKEN,
    BatchRow,
    Empty,
    Nothing,
    OrderName,
    Refused,
    Told,
    Verdicts,
    batch_events,
    envelope,
    order_events,
    refusal,
    shortened,
    verdicts_of,
    whole_event,
)
from cancelnorm.venues.bybit.request import asked_product, batch_target, completed, order_target, scope_target

__all__ = ["CODECS"]

# --- What Bybit sends ---


class CancelTaken(Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True, gc=False):
    """The acknowledgement of a cancel of one order."""

    ret_code: Literal[0]
    ret_msg: str  # "OK", "success", "SUCCESS" or ""
    result: OrderName
    ret_ext_info: Nothing
    time: Epoch  # when the gateway answered


class Unnamed(Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True, gc=False):
    """What stands for the order in a refusal: nothing, or ids that are empty."""

    order_id: str | UnsetType = UNSET
    order_link_id: str | UnsetType = UNSET


class CancelRefused(Refused, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True, gc=False):
    """The refusal of a cancel of one order."""

    result: Unnamed | list[Empty] | UnsetType | None = UNSET


class TakenOrders(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """The orders that a cancel-all took; of more than 500 futures orders 500 at random."""

    orders: list[OrderName] | None = field(name="list")
    # Absent for inverse on unified accounts 1.0, for linear and inverse on classic ones, and in early 2023.
    success: Literal["0", "1"] | UnsetType = UNSET


class TakenScope(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """All that a cancel-all of spot said in 2023."""

    success: Literal["0", "1"]


class CancelAllTaken(Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True, gc=False):
    """The acknowledgement of a cancel-all, which may still say that it failed."""

    ret_code: Literal[0]
    ret_msg: str
    result: TakenOrders | TakenScope
    ret_ext_info: Nothing
    time: Epoch


class UnnamedOrders(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """What stands for the orders in a refusal: usually nothing."""

    orders: list[OrderName] | UnsetType | None = field(name="list", default=UNSET)
    success: str | UnsetType = UNSET


class CancelAllRefused(
    Refused, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True, gc=False
):
    """The refusal of a cancel-all."""

    result: UnnamedOrders | list[Empty] | UnsetType | None = UNSET


class TakenBatch(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """The orders of a batch, in the order of the request; ``{}`` where none was looked at."""

    rows: list[BatchRow] | UnsetType | None = field(name="list", default=UNSET)


class CancelBatchTaken(
    Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True, gc=False
):
    """The acknowledgement of a batch; what it says of each order is in ``ret_ext_info``."""

    ret_code: Literal[0]
    ret_msg: str
    result: TakenBatch
    ret_ext_info: Verdicts | str | None
    time: Epoch


class CancelBatchRefused(
    Refused, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True, gc=False
):
    """The refusal of a batch as a whole."""

    result: TakenBatch | list[Empty] | UnsetType | None = UNSET


class NoResult(Struct, frozen=True, forbid_unknown_fields=True, gc=False):
    """The result of an answer that has none."""

    bare: ClassVar = True


class TimerTaken(Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True, gc=False):
    """The acknowledgement of a dead-man switch, as documented: without the envelope of the others."""

    bare: ClassVar = True
    ret_code: Literal[0]
    ret_msg: str


class EnvelopedTimerTaken(
    Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True, gc=False
):
    """The same in the envelope of the others."""

    ret_code: Literal[0]
    ret_msg: str
    result: NoResult | None
    ret_ext_info: Nothing
    time: Epoch


class TimerRefused(Refused, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True, gc=False):
    """The refusal of a dead-man switch."""

    result: NoResult | list[Empty] | UnsetType | None = UNSET


# --- What it means ---

_FLAGS: Final[dict[str, Told]] = {
    "1": TAKEN,
    "0": (Outcome.REJECTED, Evidence.SUCCESS_FLAG, Reason.OTHER, None, None),
}
_TIMERS: Final = {"SPOT": Product.SPOT, "OPTIONS": Product.OPTION}  # DERIVATIVES are linear and inverse


def normalise_cancel(raw: CancelTaken | CancelRefused, record: Record, codec: Codec) -> Normalised:
    """Map the answer to a cancel of one order: it was taken, its end is not known."""
    notes: list[Note] = []
    if isinstance(raw, CancelRefused):
        return _named_refusal(raw, refusal(raw, (), None, record, codec, notes), record, codec)
    response_ns = EPOCHS[raw.time]
    (event,) = order_events([raw.result], TAKEN, None, None, response_ns, record, codec)
    if record.request:
        event = completed(event, codec.target(record), asked_product(record), "$.result", notes)
    if event.order_id is None and event.client_order_id is None:
        notes.append(Note("phantom-row", "$.result", "an acknowledgement that names no order"))
        event = whole_event(EventKind.REQUEST, TAKEN, event.product, response_ns, record, codec)
    return Normalised((event,), tuple(notes), extra=shortened(envelope(raw.ret_msg, raw.ret_ext_info)))


def normalise_cancel_all(raw: CancelAllTaken | CancelAllRefused, record: Record, codec: Codec) -> Normalised:
    """Map the answer to a cancel of all orders of a scope.

    Without orders the event is about the scope, and pending too: nothing documented says that an empty
    list means that nothing was open. Where ``success`` is not 1 the orders named are open.
    """
    notes: list[Note] = []
    if isinstance(raw, CancelAllRefused):
        return refusal(raw, (), raw.result, record, codec, notes)
    response_ns = EPOCHS[raw.time]
    success = raw.result.success
    told = TAKEN if success is UNSET else _FLAGS.get(success, OPEN)
    product = _scope_product(success, record)
    symbol = codec.target(record).symbol
    each = LISTED if told is TAKEN else OPEN
    events = order_events(_named(raw.result, notes), each, product, symbol, response_ns, record, codec)
    if events and told is not TAKEN:
        notes.append(Note("contradiction", "$.result.success", "orders are named beside a failure", success))
    if not events or told is not TAKEN:
        scope = whole_event(EventKind.SCOPE, told, product, response_ns, record, codec)
        events.insert(0, replace(scope, extra={"success": success}) if told is OPEN else scope)
    return Normalised(tuple(events), tuple(notes), extra=shortened(envelope(raw.ret_msg, raw.ret_ext_info)))


def normalise_cancel_batch(
    raw: CancelBatchTaken | CancelBatchRefused, record: Record, codec: Codec
) -> Normalised:
    """Map the answer to a batch: each order with the verdict at its place."""
    notes: list[Note] = []
    rows = (raw.result.rows or []) if isinstance(raw.result, TakenBatch) else []
    if isinstance(raw, CancelBatchRefused):
        return refusal(raw, rows, None, record, codec, notes)
    verdicts = verdicts_of(raw.ret_ext_info)
    events = batch_events(rows, verdicts, EPOCHS[raw.time], record, codec, notes)
    return Normalised(tuple(events), tuple(notes), extra=shortened(envelope(raw.ret_msg, raw.ret_ext_info)))


def normalise_timer(
    raw: TimerTaken | EnvelopedTimerTaken | TimerRefused, record: Record, codec: Codec
) -> Normalised:
    """Map the answer to the setting of a dead-man switch; it takes effect some ten seconds later."""
    if isinstance(raw, TimerRefused):
        return refusal(raw, (), None, record, codec, [])
    product = _TIMERS.get(str(record.request.get("product"))) if record.request else None
    time, info = (raw.time, raw.ret_ext_info) if isinstance(raw, EnvelopedTimerTaken) else (UNSET, None)
    event = whole_event(EventKind.TIMER, TAKEN, product, EPOCHS[time], record, codec)
    return Normalised((event,), extra=shortened(envelope(raw.ret_msg, info)))


def _named_refusal(raw: CancelRefused, said: Normalised, record: Record, codec: Codec) -> Normalised:
    """A refusal with the order that its ``result`` names, where it names one after all."""
    result = raw.result
    if not isinstance(result, Unnamed) or not (result.order_id or result.order_link_id):
        return said
    name = OrderName(order_id=result.order_id or "", order_link_id=result.order_link_id or "")
    notes = list(said.notes)
    unnamed, *others = said.events
    told = unnamed.outcome, unnamed.evidence, unnamed.reason, unnamed.code, unnamed.message
    (event,) = order_events([name], told, None, None, unnamed.response_ns, record, codec)
    event = completed(event, codec.target(record), asked_product(record), "$.result", notes)
    return Normalised((event, *others), tuple(notes), extra=said.extra)


def _named(result: TakenOrders | TakenScope, notes: list[Note]) -> list[OrderName]:
    """The orders that a cancel-all names; a row without any id is none."""
    orders = (result.orders or []) if isinstance(result, TakenOrders) else []
    named = [order for order in orders if order.order_id or order.order_link_id]
    if len(named) < len(orders):
        notes += [
            Note("phantom-row", f"$.result.list[{place}]", "a row that names no order")
            for place, order in enumerate(orders)
            if not (order.order_id or order.order_link_id)
        ]
    return named


def _scope_product(success: str | UnsetType, record: Record) -> Product | None:
    """The product of the orders that a cancel-all names.

    By base coin a classic account canceled linear and inverse orders alike, and did not send ``success``.
    """
    request = record.request or {}
    if success is UNSET and request.get("baseCoin") and not request.get("symbol"):
        return None
    return asked_product(record)


# --- Registration ---


def _codec(
    path: str,
    page: str,
    shape: Kind,
    normalise: Callable[[Any, Record, Codec], Normalised],
    target: Callable[[Mapping[str, Any]], Target],
) -> Codec:
    docs = f"https://bybit-exchange.github.io/docs/v5/order/{page}"
    return Codec("bybit", f"POST /v5/order/{path}", shape, normalise, product=None, target=target, docs=docs)


def _no_target(_: Mapping[str, Any]) -> Target:
    return Target()


CODECS: Final = (
    _codec("cancel", "cancel-order", CancelTaken | CancelRefused, normalise_cancel, order_target),
    _codec("cancel-all", "cancel-all", CancelAllTaken | CancelAllRefused, normalise_cancel_all, scope_target),
    _codec(
        "cancel-batch",
        "batch-cancel",
        CancelBatchTaken | CancelBatchRefused,
        normalise_cancel_batch,
        batch_target,
    ),
    _codec(
        "disconnected-cancel-all",
        "dcp",
        TimerTaken | EnvelopedTimerTaken | TimerRefused,
        normalise_timer,
        _no_target,
    ),
)
