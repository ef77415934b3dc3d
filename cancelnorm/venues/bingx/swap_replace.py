"""BingX perpetual cancel-replace: two halves in one answer, of which the first one is the cancel."""

from typing import Any, Final, Literal

from msgspec import UNSET, UnsetType, field

from cancelnorm.endpoint import Call, Errors
from cancelnorm.eventmap import Verdict, by_words, first, made, number, text, unknown, word
from cancelnorm.prose import prose
from cancelnorm.reader.fast import builtins_of, checked
from cancelnorm.reader.scalars import Int, NumberOrEmpty, Prose, identifier
from cancelnorm.reader.structs import Camel
from cancelnorm.request import Target
from cancelnorm.schema import CancelEvent, Evidence, Normalised, Outcome, Product, Reason
from cancelnorm.venue import endpoint, endpoints
from cancelnorm.venues.bingx.codes import SWAP, verdict_by_code, verdict_by_text
from cancelnorm.venues.bingx.contracts import (
    ORDER,
    POSITION_SIDES,
    STATUSES,
    TYPES,
    OrderFacts,
    PositionSide,
    Status,
    Type,
)
from cancelnorm.venues.bingx.messages import (
    IDS,
    NO_ID,
    REPLACE_KEYS,
    SIDES,
    ApiError,
    LongId,
    Reply,
    answered,
    completed_row,
    is_blank,
    ns_or_none,
    open_unless_told,
    refused,
    replaced_if_canceled,
    verdicts,
)

# --- What BingX sends ---


class ReplacedOrder(OrderFacts):
    """The old order of a cancel-replace as it was before: PENDING in all samples, whatever became of it.

    The servers write every field also where they have nothing to say, so each may be empty.
    """

    cancel_client_order_id: str  # as the request named the order
    cancel_order_id: LongId | str
    order_id: LongId | str
    side: Literal["BUY", "SELL", ""]
    position_side: Literal[PositionSide, ""]
    type: Literal[Type, ""]
    status: Literal[Status, ""]
    time: Int
    update_time: Int


class NewOrder(Camel):
    """The new order as it was asked for, with its id."""

    order_id: LongId | str  # 0: none was placed
    symbol: str
    position_side: Literal[PositionSide, ""]
    side: Literal["BUY", "SELL", ""]
    type: Literal[Type, ""]
    price: NumberOrEmpty
    quantity: NumberOrEmpty
    stop_price: NumberOrEmpty
    working_type: str | UnsetType = UNSET
    client_order_id: str | UnsetType = UNSET  # since 2025
    client_order_id_2024: str | UnsetType = field(name="clientOrderID", default=UNSET)  # until 2025
    time_in_force: str | UnsetType = UNSET
    price_rate: NumberOrEmpty | UnsetType = UNSET
    stop_loss: str | UnsetType = UNSET  # JSON in a text, or ""
    take_profit: str | UnsetType = UNSET
    reduce_only: bool | UnsetType = UNSET


class Halves(Camel):
    """Results of both halves of a cancel-replace."""

    cancel_result: Literal["true", "false"]
    cancel_msg: Prose
    cancel_response: ReplacedOrder | None
    replace_result: Literal["true", "false"]
    new_order_response: NewOrder | None


class Replacement(Halves):
    """A cancel-replace by itself."""

    replace_msg: Prose


class BatchReplacement(Halves):
    """A cancel-replace of a batch."""

    replace_msg: Prose = field(name="ReplaceMsg")


class ReplaceReply(Reply):
    """A cancel-replace. The code is 0 even where the cancel failed."""

    data: Replacement


class BatchReplaceReply(Reply):
    """Several cancel-replaces, in the order of the request."""

    data: list[BatchReplacement] | None


# --- What it means ---

_SHOWN: Final = verdicts(STATUSES, Evidence.LISTED)
_UNSHOWN: Final = Verdict(Outcome.UNKNOWN, Evidence.NONE)


def _judge(status: str, result: str, message: str) -> Verdict:
    """How far the cancel got: its result says so; the status is mostly that of before."""
    order = _SHOWN.get(status, _UNSHOWN)
    match result:
        case "true" if order.outcome is Outcome.REJECTED:
            return order
        case "true":
            return Verdict(Outcome.CANCELED, Evidence.SUCCESS_FLAG, None, order.status, note=order.note)
        case "false":
            return verdict_by_text(message)._replace(status=order.status)
    return unknown(Reason.OTHER)._replace(status=order.status)


_OLD: Final = ORDER.extended(
    ReplacedOrder,
    by_words(
        _judge,
        ReplacedOrder.status,
        Halves.cancel_result,
        Halves.cancel_msg,
        raw_status=ReplacedOrder.status,
    ),
    given=("replaced_by", "extra"),
    # The order goes by the ids that the request had where it has none itself.
    order_id=first(
        number(ReplacedOrder.order_id, none=NO_ID), number(ReplacedOrder.cancel_order_id, none=NO_ID)
    ),
    client_order_id=first(text(OrderFacts.client_order_id), text(ReplacedOrder.cancel_client_order_id)),
    message=text(Halves.cancel_msg),
    side=word(ReplacedOrder.side, SIDES),
    position_side=word(ReplacedOrder.position_side, POSITION_SIDES),
    order_type=word(ReplacedOrder.type, TYPES),
    created_ns=made(ns_or_none, ReplacedOrder.time),
)


def replace(raw: ReplaceReply, call: Call) -> Normalised:
    """Map the answer to a cancel-replace; what became of the new order is in the event's ``extra``."""
    event = replaced_if_canceled(_old_order(raw.data, call, "$.data"))
    return answered(raw, call, [completed_row(event, call.target)])


def replace_batch(raw: BatchReplaceReply, call: Call) -> Normalised:
    """Map the answer to several cancel-replaces.

    A row that names no order is completed from its place in the request, if there is a row for each.
    """
    events = [
        replaced_if_canceled(_old_order(row, call, f"$.data[{i}]", i)) for i, row in enumerate(raw.data or ())
    ]
    asked = call.by_position([(event.order_id, event.client_order_id) for event in events], "$.data")
    asked = asked or [Target()] * len(events)
    events = [completed_row(event, target) for event, target in zip(events, asked, strict=True)]
    return answered(raw, call, events or [call.failed(unknown(Reason.OTHER))])


def _old_order(raw: Replacement | BatchReplacement, call: Call, at: str, index: int = 0) -> CancelEvent:
    """The event of the old order; what became of the new one is in its ``extra``."""
    new, order = raw.new_order_response, raw.cancel_response
    extra: dict[str, Any] = {
        "replaceResult": raw.replace_result,
        "ReplaceMsg" if isinstance(raw, BatchReplacement) else "replaceMsg": prose(raw.replace_msg),
        "newOrderResponse": None if new is None else builtins_of(checked(new)),
    }
    if raw.cancel_result not in ("true", "false"):
        extra["cancelResult"] = raw.cancel_result
    placed = None if new is None or new.order_id in NO_ID else identifier(new.order_id)
    if order is None or (order.order_id in NO_ID and is_blank(builtins_of(checked(order)))):
        verdict, message = _judge("", raw.cancel_result, raw.cancel_msg), raw.cancel_msg
        return call.failed(
            verdict, Target(), index=index, path=at, message=message, replaced_by=placed, extra=extra
        )
    event = _OLD.event(order, call, f"{at}.cancelResponse", index=index, given=(placed, extra), other=raw)
    _note_ids(order, call, f"{at}.cancelResponse")
    return event


def _note_ids(order: ReplacedOrder, call: Call, at: str) -> None:
    own, other = identifier(order.order_id), identifier(order.cancel_order_id)
    if own in (None, "0"):
        call.note("phantom-row", at, "an order without an id", builtins_of(order))
    elif other not in (None, "0", own):
        call.note("contradiction", f"{at}.cancelOrderId", "two ids for one order", order.cancel_order_id)


def _failed(raw: ApiError, call: Call) -> Normalised:
    """Map a request that failed as a whole."""
    verdict = verdict_by_code(SWAP, raw.code, raw.msg, call.record.status)
    return refused(raw, call, open_unless_told(verdict))


# --- Endpoints ---

ENDPOINTS: Final = endpoints(
    endpoint("POST /openApi/swap/v1/trade/cancelReplace", ReplaceReply, replace),
    endpoint("POST /openApi/swap/v1/trade/batchCancelReplace", BatchReplaceReply, replace_batch),
    product=Product.LINEAR,
    request=REPLACE_KEYS,
    errors=Errors(ApiError, _failed),
    ids=IDS,
    since="2024-02-04",
    docs="https://bingx-api.github.io/docs/#/en-us/swapV2/trade-api.html",
)
