"""Bybit v5 REST: what it answers to a cancel."""

from collections.abc import Callable, Mapping, Sequence
from itertools import repeat
from typing import Any, Final, Literal

from msgspec import UNSET, Struct, UnsetType, field, to_builtins

from cancelnorm.codec import Codec, Target
from cancelnorm.kinds import Kind
from cancelnorm.record import Record
from cancelnorm.schema import EventKind, Evidence, Identity, Normalised, Note, Outcome, Product, Reason
from cancelnorm.venues.bybit.orders import (
    LISTED,
    OPEN,
    TAKEN,
    BatchRow,
    Empty,
    Named,
    Nothing,
    OrderName,
    Refused,
    Told,
    Verdicts,
    asked_batch,
    asked_order,
    asked_product,
    batch_events,
    batch_target,
    named_by,
    named_rows,
    order_events,
    order_target,
    refusal,
    scope_target,
    verdicts_of,
    whole_event,
)
from cancelnorm.wire import EPOCHS, Epoch

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


class TimerTaken(Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True, gc=False):
    """The acknowledgement of a dead-man switch, as documented: without the envelope of the others."""

    ret_code: Literal[0]
    ret_msg: str


class EnvelopedTimerTaken(
    Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True, gc=False
):
    """The same in the envelope of the others."""

    ret_code: Literal[0]
    ret_msg: str
    result: Empty | None
    ret_ext_info: Nothing
    time: Epoch


class TimerRefused(Refused, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True, gc=False):
    """The refusal of a dead-man switch."""

    result: Empty | list[Empty] | UnsetType | None = UNSET


# --- What it means ---

_FAILED: Final[Told] = (Outcome.REJECTED, Evidence.SUCCESS_FLAG, Reason.OTHER, None, None)
_TIMERS: Final = {"SPOT": Product.SPOT, "OPTIONS": Product.OPTION}  # DERIVATIVES are linear and inverse


def normalise_cancel(raw: CancelTaken | CancelRefused, record: Record, codec: Codec) -> Normalised:
    """Map the answer to a cancel of one order: it was taken, its end is not known."""
    notes: list[Note] = []
    asked = asked_order(record, codec)
    if isinstance(raw, CancelRefused):
        result = raw.result if isinstance(raw.result, Unnamed) else Unnamed()
        name = _name(result.order_id or None, result.order_link_id or None)
        named = [named_by(name, asked, "$.result", 0, notes)] if name[4] else []
        return refusal(raw, named, [asked] if codec.target(record).names_order else [], record, codec, notes)
    response_ns = EPOCHS[raw.time]
    name = _name(raw.result.order_id or None, raw.result.order_link_id or None)
    named = [named_by(name, asked, "$.result", 0, notes)]
    events = order_events(named, [TAKEN], response_ns, record, codec)
    if events[0].order_id is events[0].client_order_id is None:
        notes.append(Note("phantom-row", "$.result", "an acknowledgement that names no order"))
        events = (whole_event(EventKind.REQUEST, TAKEN, asked[0], response_ns, record, codec),)
    return Normalised(events, tuple(notes), extra=_envelope(raw.ret_msg, raw.ret_ext_info))


def normalise_cancel_all(raw: CancelAllTaken | CancelAllRefused, record: Record, codec: Codec) -> Normalised:
    """Map the answer to a cancel of all orders of a scope.

    Without orders the event is about the scope, and pending too: nothing documented says that an empty
    list means that nothing was open. Where ``success`` is not 1 the orders named are open.
    """
    notes: list[Note] = []
    if isinstance(raw, CancelAllRefused):
        said = refusal(raw, [], [], record, codec, notes)
        result = to_builtins(raw.result) if isinstance(raw.result, UnnamedOrders) else {}
        if not any(result.values()):
            return said
        return Normalised(said.events, said.notes, extra={**(said.extra or {}), "result": result})
    response_ns = EPOCHS[raw.time]
    orders = (raw.result.orders or []) if isinstance(raw.result, TakenOrders) else []
    success = raw.result.success
    product = _scope_product(success, record)
    named = _named_in_scope(orders, product, record, codec, notes)
    extra = _envelope(raw.ret_msg, raw.ret_ext_info)
    if success is UNSET or success == "1":
        events = order_events(named, repeat(LISTED), response_ns, record, codec)
        scope = () if events else (whole_event(EventKind.SCOPE, TAKEN, product, response_ns, record, codec),)
        return Normalised(scope + events, tuple(notes), extra=extra)
    if named:
        notes.append(Note("contradiction", "$.result.success", "orders are named beside a failure", success))
    told = _FAILED if success == "0" else OPEN
    scope = (whole_event(EventKind.SCOPE, told, product, response_ns, record, codec),)
    events = order_events(named, repeat(OPEN), response_ns, record, codec)
    return Normalised(scope + events, tuple(notes), extra=extra)


def normalise_cancel_batch(
    raw: CancelBatchTaken | CancelBatchRefused, record: Record, codec: Codec
) -> Normalised:
    """Map the answer to a batch: each order with the verdict at its place."""
    notes: list[Note] = []
    rows = (raw.result.rows or []) if isinstance(raw.result, TakenBatch) else []
    if isinstance(raw, CancelBatchRefused):
        named = named_rows(rows, record, notes)
        return refusal(raw, named, asked_batch(record), record, codec, notes)
    verdicts = verdicts_of(raw.ret_ext_info)
    events = batch_events(rows, verdicts, EPOCHS[raw.time], record, codec, notes)
    return Normalised(events, tuple(notes), extra=_envelope(raw.ret_msg, raw.ret_ext_info))


def normalise_timer(
    raw: TimerTaken | EnvelopedTimerTaken | TimerRefused, record: Record, codec: Codec
) -> Normalised:
    """Map the answer to the setting of a dead-man switch; it takes effect some ten seconds later."""
    if isinstance(raw, TimerRefused):
        return refusal(raw, [], [], record, codec, [])
    product = _TIMERS.get(str(record.request.get("product"))) if record.request else None
    time, info = (raw.time, raw.ret_ext_info) if isinstance(raw, EnvelopedTimerTaken) else (UNSET, None)
    event = whole_event(EventKind.TIMER, TAKEN, product, EPOCHS[time], record, codec)
    return Normalised((event,), extra=_envelope(raw.ret_msg, info))


def _name(order_id: str | None, client_order_id: str | None) -> Named:
    """An order of which only the ids are told."""
    identity = Identity.RESPONSE if order_id or client_order_id else None
    return None, None, order_id, client_order_id, identity, None


def _named_in_scope(
    orders: Sequence[OrderName], product: Product | None, record: Record, codec: Codec, notes: list[Note]
) -> list[Named]:
    """The orders that a cancel-all names; product and symbol are those of the request."""
    symbol = codec.target(record).symbol
    identity = Identity.REQUEST if product or symbol else Identity.RESPONSE
    named: list[Named] = []
    for i, order in enumerate(orders):
        if order.order_id or order.order_link_id:
            named.append(
                (product, symbol, order.order_id or None, order.order_link_id or None, identity, None)
            )
        else:
            notes.append(Note("phantom-row", f"$.result.list[{i}]", "a row that names no order"))
    return named


def _scope_product(success: str | UnsetType, record: Record) -> Product | None:
    """The product of the orders that a cancel-all names.

    By base coin a classic account canceled linear and inverse orders alike, and did not send ``success``.
    """
    request = record.request or {}
    if success is UNSET and request.get("baseCoin") and not request.get("symbol"):
        return None
    return asked_product(record)


def _envelope(message: str, info: Nothing | Verdicts) -> dict[str, Any] | None:
    """What the envelope of an acknowledgement says beside the code."""
    extra = {"retMsg": message, "retExtInfo": info if isinstance(info, str) else ""}
    return {key: text for key, text in extra.items() if text} or None


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
