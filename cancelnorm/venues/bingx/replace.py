"""BingX spot cancel-replace: two halves in one answer, of which the first one is the cancel."""

import re
from collections.abc import Mapping
from typing import Any, Final

from msgspec import Struct
from msgspec.structs import replace

from cancelnorm.codec import Codec, Target, failure, rejected, unknown, verdict_of
from cancelnorm.masking import without_secrets
from cancelnorm.reader.fast import checked
from cancelnorm.reader.scalars import Int, identifier
from cancelnorm.record import Record
from cancelnorm.schema import CancelEvent, Evidence, Note, Outcome, Reason
from cancelnorm.venues.bingx.codes import SPOT, TEXTS
from cancelnorm.venues.bingx.orders import (
    CanceledOrder,
    DatedOrder,
    ZeroOrder,
    is_blank,
    order_event,
    order_notes,
    sent,
)

__all__ = ["Replacement", "replace_event", "replace_target", "told_event"]

# --- What BingX sends ---


class Step(Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """What became of one half of a cancel-replace."""

    code: Int
    msg: str
    result: bool


class Replacement(Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """What became of both halves of a cancel-replace; the documentation's table lists an order instead."""

    cancel_result: Step
    open_result: Step
    order_open_response: DatedOrder | ZeroOrder
    order_cancel_response: CanceledOrder | ZeroOrder


# --- What it means ---


def replace_event(
    raw: Replacement, record: Record, codec: Codec, notes: list[Note], *, at: str
) -> CancelEvent:
    """The event of the old order; what became of the new one is in its ``extra``."""
    event = _old_order(raw, record, codec, notes, at)
    opened, step = raw.order_open_response, raw.open_result
    is_absent = isinstance(opened, ZeroOrder) and is_blank(opened)
    extra = {
        "openResult": {"code": step.code, "msg": without_secrets(step.msg), "result": step.result},
        "orderOpenResponse": None if is_absent else sent(checked(opened)),
    }
    return replace(event, extra={**(event.extra or {}), **extra})


def _old_order(raw: Replacement, record: Record, codec: Codec, notes: list[Note], at: str) -> CancelEvent:
    step, order = raw.cancel_result, raw.order_cancel_response
    outcome, evidence, reason = _verdict(step)
    if step.result != (step.code == 0):
        message = "the code and the result of the cancel contradict each other"
        notes.append(Note("contradiction", f"{at}.cancelResult.result", message, step.result))
    if isinstance(order, ZeroOrder):
        if outcome is not Outcome.REJECTED or not is_blank(order):
            message = "an empty order, which names none"
            notes.append(Note("phantom-row", f"{at}.orderCancelResponse", message, sent(order)))
        event = failure(codec, record, unknown(Reason.OTHER), code=None, message=None)
    else:
        event = order_event(order, record, codec, taken=evidence)
        if outcome is not Outcome.REJECTED:
            notes += order_notes(order, event, f"{at}.orderCancelResponse")
            if event.evidence is Evidence.TERMINAL_STATUS:
                outcome, evidence, reason = event.outcome, event.evidence, event.reason
    return replace(
        event,
        outcome=outcome,
        evidence=evidence,
        reason=reason,
        code=str(step.code) if step.code else None,
        message=without_secrets(step.msg) or None,
    )


def _verdict(step: Step) -> tuple[Outcome, Evidence, Reason | None]:
    """What the result of the cancel says by itself."""
    if step.code == 0 and step.result:
        return Outcome.CANCELED, Evidence.SUCCESS_FLAG, None
    outcome, reason = verdict_of(SPOT if step.code else TEXTS, step.code, step.msg)
    if outcome is Outcome.UNKNOWN or step.code == 0 or step.result:
        return Outcome.UNKNOWN, Evidence.NONE, reason
    return outcome, Evidence.SUCCESS_FLAG, reason


# Behind the words on the new order: "…, and the previous cancel order request result:false, order not exist"
_TOLD: Final = re.compile(r"cancel order request result:\s*(true|false)(.*)", re.IGNORECASE | re.DOTALL)


def told_event(code: int, message: str, record: Record, codec: Codec) -> CancelEvent | None:
    """The event of an error whose text says what became of the cancel before the new order failed.

    With ``result:true`` the old order is gone, whatever the code says. None where the text does not tell; a
    code that is about the new order then leaves the old one open, since the cancel comes first.
    """
    told = _TOLD.search(message)
    if told is None:
        verdict = verdict_of(SPOT, code, message, record.status)
        if verdict != rejected(Reason.OTHER):
            return None
        return failure(codec, record, unknown(Reason.OTHER), code=str(code), message=message or None)
    if told[1].casefold() == "false":
        verdict = verdict_of(TEXTS, 0, told[2])
        return failure(codec, record, verdict, code=str(code), message=message)
    event = failure(
        codec, record, unknown(Reason.OTHER), code=str(code), message=message, evidence=Evidence.SUCCESS_FLAG
    )
    return replace(event, outcome=Outcome.CANCELED, reason=None)


def replace_target(request: Mapping[str, Any]) -> Target:
    """The order that the parameters of a cancel-replace want gone; the spelling is that of 2024."""
    client_id = request.get("cancelClientOrderID") or request.get("cancelClientOrderId")
    return Target(
        symbol=identifier(request.get("symbol")),
        order_id=identifier(request.get("cancelOrderId")),
        client_order_id=identifier(client_id),
    )
