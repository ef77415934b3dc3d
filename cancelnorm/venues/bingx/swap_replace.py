"""BingX perpetual cancel-replace: two halves in one answer, of which the first one is the cancel."""

from collections.abc import Callable, Mapping
from typing import Any, Final, Literal

import msgspec
from msgspec import UNSET, Struct, UnsetType, field
from msgspec.structs import replace

from cancelnorm.codec import Codec, Target, failure, rejected, unknown, verdict_of
from cancelnorm.masking import without_secrets
from cancelnorm.reader.fast import checked
from cancelnorm.reader.scalars import DecimalNumber, Int, Table
from cancelnorm.reader.types import Kind
from cancelnorm.record import Record
from cancelnorm.schema import CancelEvent, EventKind, Evidence, Normalised, Note, Outcome, Product, Reason
from cancelnorm.venues.bingx.answers import answer, refused, unsaid
from cancelnorm.venues.bingx.codes import SWAP, TEXTS
from cancelnorm.venues.bingx.contracts import (
    PositionSide,
    ReplacedOrder,
    Type,
    facts,
    is_blank,
    order_event,
)
from cancelnorm.venues.bingx.orders import completed, id_text, rounded_notes
from cancelnorm.venues.bingx.replace import replace_target
from cancelnorm.venues.bingx.spot import ApiError, Reply, refusal

__all__ = ["CODECS"]

# --- What BingX sends ---


class NewOrder(Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """The new order as it was asked for, with its id."""

    order_id: Int | str  # 0: none was placed
    symbol: str
    position_side: Literal[PositionSide, ""]
    side: Literal["BUY", "SELL", ""]
    type: Literal[Type, ""]
    price: DecimalNumber
    quantity: DecimalNumber
    stop_price: DecimalNumber
    working_type: str | UnsetType = UNSET
    client_order_id: str | UnsetType = UNSET  # since 2025
    client_order_id_2024: str | UnsetType = field(name="clientOrderID", default=UNSET)  # until 2025
    time_in_force: str | UnsetType = UNSET
    price_rate: DecimalNumber | UnsetType = UNSET
    stop_loss: str | UnsetType = UNSET  # JSON in a text, or ""
    take_profit: str | UnsetType = UNSET
    reduce_only: bool | UnsetType = UNSET


class _Halves(Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """What became of both halves of a cancel-replace."""

    cancel_result: Literal["true", "false"]
    cancel_msg: str
    cancel_response: ReplacedOrder | None
    replace_result: Literal["true", "false"]
    new_order_response: NewOrder | None


class Replacement(_Halves, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """A cancel-replace by itself."""

    replace_msg: str


class BatchReplacement(_Halves, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """A cancel-replace of a batch."""

    replace_msg: str = field(name="ReplaceMsg")


class ReplaceReply(Reply, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """A cancel-replace. The code is 0 even where the cancel failed."""

    data: Replacement


class BatchReplaceReply(Reply, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """Several cancel-replaces, in the order of the request."""

    data: list[BatchReplacement] | None


# --- What it means ---

_RESULTS: Final[Table[str, bool]] = Table(true=True, false=False)


def normalise_replace(raw: ReplaceReply | ApiError, record: Record, codec: Codec) -> Normalised:
    """Map the answer to a cancel-replace; what became of the new order is in the event's ``extra``."""
    if isinstance(raw, ApiError):
        return _failed(raw, record, codec)
    notes: list[Note] = []
    event = _old_order(raw.data, codec.target(record), record, codec, notes, "$.data")
    return answer(raw, [event], notes, ())


def normalise_batch_replace(raw: BatchReplaceReply | ApiError, record: Record, codec: Codec) -> Normalised:
    """Map the answer to several cancel-replaces.

    A row that names no order is completed from its place in the request, if there is a row for each.
    """
    if isinstance(raw, ApiError):
        return _failed(raw, record, codec)
    rows = raw.data or []
    asked = [replace_target(part) for part in _parts(record.request or {})]
    notes: list[Note] = []
    if asked and len(asked) != len(rows):
        message = f"the request has {len(asked)} orders, the answer {len(rows)}"
        notes.append(Note("length-mismatch", "$.data", message, len(rows)))
    targets = asked if len(asked) == len(rows) else [Target()] * len(rows)
    events = [
        replace(_old_order(row, target, record, codec, notes, f"$.data[{index}]"), index=index)
        for index, (row, target) in enumerate(zip(rows, targets, strict=True))
    ]
    return answer(raw, events or [unsaid(record, codec)], notes, ())


def _old_order(
    raw: Replacement | BatchReplacement,
    target: Target,
    record: Record,
    codec: Codec,
    notes: list[Note],
    at: str,
) -> CancelEvent:
    """The event of the old order; what became of the new one is in its ``extra``."""
    event = completed(_shown(raw, record, codec, notes, f"{at}.cancelResponse"), target)
    outcome, evidence, reason = _verdict(raw, event, notes, at)
    new, extra = raw.new_order_response, {**(event.extra or {})}
    if _RESULTS[raw.cancel_result] is None:
        extra["cancelResult"] = raw.cancel_result
    extra["replaceResult"] = raw.replace_result
    word = "ReplaceMsg" if isinstance(raw, BatchReplacement) else "replaceMsg"
    extra[word] = without_secrets(raw.replace_msg)
    extra["newOrderResponse"] = facts(checked(new)) if isinstance(new, NewOrder) else None
    return replace(
        event,
        kind=EventKind.ORDER if event.order_id or event.client_order_id else EventKind.REQUEST,
        outcome=outcome,
        evidence=evidence,
        reason=reason,
        message=without_secrets(raw.cancel_msg) or None,
        extra=extra,
    )


def _verdict(
    raw: Replacement | BatchReplacement, event: CancelEvent, notes: list[Note], at: str
) -> tuple[Outcome, Evidence, Reason | None]:
    """How far the cancel got. Its result says so; the status is mostly that of before."""
    at = f"{at}.cancelResponse.status"
    gone = _RESULTS[raw.cancel_result]
    if gone is None:
        return Outcome.UNKNOWN, Evidence.NONE, Reason.OTHER
    if not gone:
        outcome, reason = verdict_of(TEXTS, 0, raw.cancel_msg)
        return outcome, Evidence.SUCCESS_FLAG if outcome is Outcome.REJECTED else Evidence.NONE, reason
    if event.outcome is Outcome.REJECTED:
        notes.append(Note("contradiction", at, "an order called canceled ended otherwise", event.raw_status))
        return event.outcome, event.evidence, event.reason
    if event.outcome is Outcome.PENDING:
        notes.append(Note("stale-status", at, "an order called canceled is shown alive", event.raw_status))
    return Outcome.CANCELED, Evidence.SUCCESS_FLAG, None


def _shown(raw: _Halves, record: Record, codec: Codec, notes: list[Note], at: str) -> CancelEvent:
    """What is shown of the old order; it goes by the ids that the request had where it has none itself."""
    order = raw.cancel_response
    if order is None or is_blank(facts(checked(order))):
        return unsaid(record, codec)
    event = order_event(order, record, codec, taken=Evidence.SUCCESS_FLAG)
    notes += rounded_notes(order.order_id, f"{at}.orderId")
    if event.order_id is None:
        notes.append(Note("phantom-row", at, "an order without an id", facts(order)))
    order_id, client_order_id = id_text(order.cancel_order_id), order.cancel_client_order_id or None
    if order_id and event.order_id not in (None, order_id):
        message = "two ids for one order"
        notes.append(Note("contradiction", f"{at}.cancelOrderId", message, order.cancel_order_id))
    extra = {**(event.extra or {}), **facts(order, ("cancel_order_id", "cancel_client_order_id"))}
    return replace(
        event,
        order_id=event.order_id or order_id,
        client_order_id=event.client_order_id or client_order_id,
        extra=extra or None,
    )


def _failed(raw: ApiError, record: Record, codec: Codec) -> Normalised:
    """Map a request that failed as a whole.

    The cancel comes first: a code that is not about it may be about the new order, and leaves the old one
    open.
    """
    if verdict_of(SWAP, raw.code, raw.msg, record.status) != rejected(Reason.OTHER):
        return refused(raw, record, codec)
    event = failure(codec, record, unknown(Reason.OTHER), code=str(raw.code), message=raw.msg or None)
    return refusal(raw, event)


def _parts(request: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The parts of a batch: a list, or JSON of one in a text."""
    parts = request.get("batchOrders")
    if isinstance(parts, str):
        try:
            parts = msgspec.json.decode(parts)
        except (ValueError, RecursionError):
            return []
    if not isinstance(parts, list | tuple) or not all(isinstance(part, Mapping) for part in parts):
        return []
    return list(parts)


def batch_replace_target(request: Mapping[str, Any]) -> Target:
    """The order that the parameters of a batch want gone, where it is one."""
    parts = _parts(request)
    return replace_target(parts[0]) if len(parts) == 1 else Target()


# --- Registration ---

_DOCS: Final = "https://bingx-api.github.io/docs/#/en-us/swapV2/trade-api.html"


def _codec(
    path: str,
    reply: Kind,
    normalise: Callable[[Any, Record, Codec], Normalised],
    target: Callable[[Mapping[str, Any]], Target],
) -> Codec:
    endpoint = f"POST /openApi/swap/v1/trade/{path}"
    shape = reply | ApiError
    return Codec("bingx", endpoint, shape, normalise, product=Product.LINEAR, target=target, docs=_DOCS)


CODECS: Final = (
    _codec("cancelReplace", ReplaceReply, normalise_replace, replace_target),
    _codec("batchCancelReplace", BatchReplaceReply, normalise_batch_replace, batch_replace_target),
)
