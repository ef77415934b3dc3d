"""BingX spot cancel-replace: two halves in one answer, of which the first one is the cancel."""

import re
from typing import Any, Final

from cancelnorm.completion import completed
from cancelnorm.endpoint import Call, Errors
from cancelnorm.eventmap import Verdict, by_words, number, text, unknown
from cancelnorm.reader.fast import builtins_of, checked
from cancelnorm.reader.scalars import Int, Prose
from cancelnorm.reader.structs import Camel
from cancelnorm.schema import CancelEvent, Evidence, Normalised, Outcome, Product, Reason
from cancelnorm.venue import endpoint, endpoints
from cancelnorm.venues.bingx.codes import SPOT, verdict_by_code, verdict_by_text
from cancelnorm.venues.bingx.messages import (
    IDS,
    REPLACE_KEYS,
    ApiError,
    Reply,
    answered,
    is_blank,
    note_phantom,
    open_unless_told,
    refused,
    replaced_if_canceled,
    verdicts,
)
from cancelnorm.venues.bingx.spot import (
    ORDER,
    STATUSES,
    CanceledOrder,
    DatedOrder,
    ZeroOrder,
    note_client_ids,
)

# --- What BingX sends ---


class Step(Camel):
    """Result of one half of a cancel-replace."""

    code: Int
    msg: Prose
    result: bool


class Replacement(Camel):
    """Results of both halves of a cancel-replace; the documentation's table lists an order instead."""

    cancel_result: Step
    open_result: Step
    order_open_response: DatedOrder | ZeroOrder
    order_cancel_response: CanceledOrder | ZeroOrder


class ReplaceReply(Reply):
    """A cancel-replace. The code is 0 even where the cancel failed."""

    data: Replacement


# --- What it means ---

_SHOWN: Final = verdicts(STATUSES, Evidence.LISTED)
_UNSHOWN: Final = Verdict(Outcome.UNKNOWN, Evidence.NONE)


def _judge(status: str, code: int, msg: str, result: bool) -> Verdict:  # as sent
    """How far the cancel got: its result says so, but for a status that is the order's last."""
    order = _SHOWN.get(status, _UNSHOWN)
    if code == 0 and result:
        said = Verdict(Outcome.CANCELED, Evidence.SUCCESS_FLAG)
    else:
        said = verdict_by_code(SPOT, code, msg) if code else verdict_by_text(msg)
        if said.outcome is Outcome.UNKNOWN or code == 0 or result:
            said = unknown(said.reason or Reason.OTHER)
    if said.outcome is Outcome.REJECTED:
        return said._replace(status=order.status)
    if order.evidence is Evidence.TERMINAL_STATUS:
        return order
    return said._replace(status=order.status, note=order.note)


_OLD: Final = ORDER.extended(
    CanceledOrder,
    by_words(_judge, CanceledOrder.status, Step.code, Step.msg, Step.result, raw_status=CanceledOrder.status),
    given=("replaced_by", "extra"),
    code=number(Step.code, none=(0,)),
    message=text(Step.msg),
)


def replace(raw: ReplaceReply, call: Call) -> Normalised:
    """Map the answer to a cancel-replace; what became of the new order is in the event's ``extra``."""
    step, new = raw.data.cancel_result, raw.data.order_open_response
    if step.result != (step.code == 0):
        message = "the code and the result of the cancel contradict each other"
        call.note("contradiction", "$.data.cancelResult.result", message, step.result)
    opened = builtins_of(checked(new))
    is_absent = isinstance(new, ZeroOrder) and is_blank(opened)
    placed = str(new.order_id) or None if isinstance(new, DatedOrder) else None
    extra = {
        "openResult": builtins_of(raw.data.open_result),
        "orderOpenResponse": None if is_absent else opened,
    }
    event = replaced_if_canceled(_old_order(raw.data, call, placed, extra))
    return answered(raw, call, [completed(event, call.target)])


def _old_order(raw: Replacement, call: Call, placed: str | None, extra: dict[str, Any]) -> CancelEvent:
    step, order = raw.cancel_result, raw.order_cancel_response
    at = "$.data.orderCancelResponse"
    if isinstance(order, CanceledOrder):
        event = _OLD.event(order, call, at, given=(placed, extra), other=step)
        note_client_ids([event], call)
        return event
    verdict = _judge("", step.code, step.msg, step.result)
    if verdict.outcome is not Outcome.REJECTED or not is_blank(builtins_of(checked(order))):
        note_phantom(order, call, at)
    return call.failed(
        verdict,
        code=str(step.code) if step.code else None,
        message=step.msg,
        replaced_by=placed,
        extra=extra,
    )


# Behind the words on the new order: "…, and the previous cancel order request result:false, order not exist"
TOLD: Final = re.compile(r"cancel order request result:\s*(true|false)(.*)", re.IGNORECASE | re.DOTALL)


def _failed(raw: ApiError, call: Call) -> Normalised:
    """Map a request that failed as a whole.

    Its text may say what became of the cancel before the new order failed: with ``result:true`` the old order
    is gone, whatever the code says.
    """
    told = TOLD.search(raw.msg)
    if told is None:
        verdict = open_unless_told(verdict_by_code(SPOT, raw.code, raw.msg, call.record.status))
    elif told[1].casefold() == "true":
        verdict = Verdict(Outcome.CANCELED, Evidence.SUCCESS_FLAG)
    else:
        verdict = verdict_by_text(told[2])
    return refused(raw, call, verdict)


# --- Endpoints ---

ENDPOINTS: Final = endpoints(
    endpoint("POST /openApi/spot/v1/trade/order/cancelReplace", ReplaceReply, replace),
    product=Product.SPOT,
    request=REPLACE_KEYS,
    errors=Errors(ApiError, _failed),
    ids=IDS,
    since="2024-02-04",
    docs="https://bingx-api.github.io/docs/#/en-us/spot/trade-api.html",
)
