"""Bybit REST: what it answers to a cancel."""

from types import MappingProxyType
from typing import ClassVar, Final, Literal

from msgspec import UNSET, UnsetType, field

from cancelnorm.endpoint import Call, Errors
from cancelnorm.eventmap import Verdict
from cancelnorm.reader.scalars import Epoch, Prose, ns_of
from cancelnorm.reader.structs import Camel, Exact
from cancelnorm.record import OBJECT
from cancelnorm.request import RequestKeys, Target
from cancelnorm.schema import EventKind, Evidence, Normalised, Outcome, Product, Reason, Scope
from cancelnorm.venue import endpoint, endpoints
from cancelnorm.venues.bybit.messages import (
    CANCEL_ERRORS,
    IDS,
    KEYS,
    LISTED,
    OPEN,
    OPENED,
    SCOPE_KEYS,
    TAKEN,
    Answer,
    Empty,
    OrderName,
    Refused,
    TakenBatch,
    Verdicts,
    bare,
    batch_events,
    envelope,
    is_shared,
    is_shared_refusal,
    named,
    opened,
    refused,
    taken,
)

# --- What Bybit sends ---


class CancelTaken(Answer):
    """The acknowledgement of a cancel of one order."""

    result: OrderName


class TakenOrders(Exact):
    """The orders that a cancel-all took; of more than 500 futures orders 500 at random."""

    orders: list[OrderName] | None = field(name="list")
    # Absent for inverse on unified accounts 1.0, for linear and inverse on classic ones, and in early 2023.
    success: Literal["0", "1"] | UnsetType = UNSET


class TakenScope(Exact):
    """All that a cancel-all of spot said in 2023."""

    success: Literal["0", "1"]


class CancelAllTaken(Answer):
    """The acknowledgement of a cancel-all, which may still say that it failed."""

    result: TakenOrders | TakenScope


class UnnamedOrders(Exact):
    """Place of the orders in a refusal: usually nothing."""

    orders: list[OrderName] | UnsetType | None = field(name="list", default=UNSET)
    success: str | UnsetType = UNSET


class CancelAllRefused(Refused):
    """The refusal of a cancel-all."""

    result: UnnamedOrders | list[Empty] | UnsetType | None = UNSET


class CancelBatchTaken(Camel):
    """The acknowledgement of a batch; what it says of each order is in ``ret_ext_info``."""

    ret_code: Literal[0]
    ret_msg: Prose
    result: TakenBatch
    ret_ext_info: Verdicts | Prose | None
    time: Epoch


class CancelBatchRefused(Refused):
    """The refusal of a batch as a whole."""

    result: TakenBatch | list[Empty] | UnsetType | None = UNSET


class NoResult(Exact):
    """The result of an answer that has none."""

    bare: ClassVar = True


class TimerTaken(Camel):
    """The acknowledgement of a dead-man switch, as documented: without the envelope of the others."""

    bare: ClassVar = True
    ret_code: Literal[0]
    ret_msg: Prose


class EnvelopedTimerTaken(Answer):
    """The same in the envelope of the others."""

    result: NoResult | None


class TimerRefused(Refused):
    """The refusal of a dead-man switch."""

    result: NoResult | list[Empty] | UnsetType | None = UNSET


# --- What it means ---

_ENVELOPE: Final = 5  # keys; a payload with as many colons as it should have keys has none twice
BY_FLAG: Final = MappingProxyType(
    {
        UNSET: TAKEN,
        "1": TAKEN,
        "0": Verdict(Outcome.REJECTED, Evidence.SUCCESS_FLAG, Reason.OTHER),
    }
)


def cancel(raw: CancelTaken, call: Call) -> Normalised:
    """Map the acknowledgement of a cancel of one order: its end is not known."""
    opened(raw, call)
    call.is_whole = call.colons == _ENVELOPE + 2
    return call.result(taken(raw.result, call, "$.result"), extra=envelope(raw.ret_msg, raw.ret_ext_info))


def cancel_all(raw: CancelAllTaken, call: Call) -> Normalised:
    """Map the acknowledgement of a cancel of all orders of a scope.

    Without orders the event is about the scope, and pending too: nothing documented says that an empty
    list means that nothing was open. Where ``success`` is not 1 the orders named are open.
    """
    opened(raw, call)
    success = raw.result.success
    verdict = BY_FLAG.get(success, OPEN)
    orders = (raw.result.orders or []) if isinstance(raw.result, TakenOrders) else []
    asked = _asked(success, call)
    by_name = LISTED if verdict is TAKEN else OPENED
    events = named(by_name.events(orders, call, "$.result.list[{}]"), asked, call)
    if events and verdict is not TAKEN:
        call.note("contradiction", "$.result.success", "orders are named beside a failure", success)
    if not events or verdict is not TAKEN:
        extra = {"success": success} if verdict is OPEN else None
        whole = call.event(
            EventKind.SCOPE, verdict, asked, path="$.result", scope=scope_of(asked, call), extra=extra
        )
        events.insert(0, whole)
    return call.result(events, extra=envelope(raw.ret_msg, raw.ret_ext_info))


def _asked(success: str | UnsetType, call: Call) -> Target:
    """The scope that the request names.

    By base coin a classic account canceled linear and inverse orders alike, and did not send ``success``.
    """
    asked = call.target
    if success is UNSET and asked.symbol is None and _parameter(call, "baseCoin"):
        return asked._replace(product=None)
    return asked


def scope_of(asked: Target, call: Call) -> Scope | None:
    """What a cancel of all orders covers; there is no word of ours for all that are settled in one coin."""
    if asked.symbol:
        return Scope.SYMBOL
    if _parameter(call, "baseCoin"):
        return Scope.UNDERLYING
    if _parameter(call, "settleCoin") or not call.record.request:
        return None
    return Scope.PRODUCT if asked.product or call.endpoint.product else None


def _parameter(call: Call, name: str) -> object:
    request = call.record.request
    return request.get(name) if isinstance(request, OBJECT) else None


def cancel_batch(raw: CancelBatchTaken, call: Call) -> Normalised:
    """Map the acknowledgement of a batch: each order with the verdict at its place."""
    call.response_ns = ns_of(raw.time)
    rows, info = raw.result.rows, raw.ret_ext_info
    if rows and isinstance(info, Verdicts) and info.rows:
        call.is_whole = call.colons == _ENVELOPE + 2 + 4 * len(rows) + 2 * len(info.rows)
    events = batch_events(rows or [], info, call, "$.result.list[{}]")
    return call.result(events, extra=envelope(raw.ret_msg, raw.ret_ext_info))


def batch_refused(raw: CancelBatchRefused, call: Call) -> Normalised:
    """Map the refusal of a batch as a whole."""
    return refused(raw, call, (raw.result.rows or []) if isinstance(raw.result, TakenBatch) else [])


def timer(raw: TimerTaken | EnvelopedTimerTaken, call: Call) -> Normalised:
    """Map the setting of a dead-man switch; it takes effect some ten seconds later."""
    info: object = None
    if isinstance(raw, EnvelopedTimerTaken):
        opened(raw, call)
        info = raw.ret_ext_info
    scope = Scope.PRODUCT if call.target.product else None
    whose = bare(call) if isinstance(raw, TimerTaken) else None
    event = whose or call.event(EventKind.TIMER, TAKEN, call.target, scope=scope)
    return call.result([event], extra=envelope(raw.ret_msg, info))


ALL_ERRORS: Final = Errors(CancelAllRefused, lambda raw, call: refused(raw, call, result=raw.result))

# --- Endpoints ---

ENDPOINTS: Final = endpoints(
    endpoint("POST /v5/order/cancel", CancelTaken, cancel, page="cancel-order"),
    endpoint(
        "POST /v5/order/cancel-all",
        CancelAllTaken,
        cancel_all,
        page="cancel-all",
        request=SCOPE_KEYS,
        errors=ALL_ERRORS,
        is_shared=is_shared_refusal,
    ),
    endpoint(
        "POST /v5/order/cancel-batch",
        CancelBatchTaken,
        cancel_batch,
        page="batch-cancel",
        errors=Errors(CancelBatchRefused, batch_refused),
    ),
    endpoint(
        "POST /v5/order/disconnected-cancel-all",
        TimerTaken | EnvelopedTimerTaken,
        timer,
        page="dcp",
        # DERIVATIVES are linear and inverse.
        request=RequestKeys(product=("product",), products={"SPOT": Product.SPOT, "OPTIONS": Product.OPTION}),
        errors=Errors(TimerRefused, refused),
    ),
    product=None,
    request=KEYS,
    errors=CANCEL_ERRORS,
    is_shared=is_shared,
    ids=IDS,
    docs="https://bybit-exchange.github.io/docs/v5/order/",
)
