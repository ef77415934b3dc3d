"""Events as sentences for one line of a terminal."""

from decimal import Decimal
from typing import Final

import msgspec

from cancelnorm.escapes import printable
from cancelnorm.masking import without_secrets
from cancelnorm.reader.scalars import exact
from cancelnorm.schema import CancelEvent, EventKind, Evidence, Outcome, Reason

__all__ = ["EVIDENCE", "REASONS", "headline", "shown"]

_IDS: Final = frozenset({"order_id", "client_order_id"})
_encode: Final = msgspec.json.Encoder().encode

_SUBJECT: Final = 300  # characters

_OUTCOMES: Final = {
    Outcome.CANCELED: "canceled",
    Outcome.REDUCED: "reduced, part of the order is off the book",
    Outcome.PENDING: "not confirmed yet",
    Outcome.REJECTED: "not canceled by this request",
    Outcome.UNKNOWN: "fate unknown",
}
REASONS: Final = {
    Reason.NOT_FOUND: "there is no such order",
    Reason.ALREADY_CANCELED: "it was already canceled",
    Reason.ALREADY_FILLED: "it had already filled",
    Reason.ALREADY_CLOSED: "it was already closed",
    Reason.NOT_FOUND_OR_CLOSED: "there is no such order or it was already closed",
    Reason.CANCEL_IN_PROGRESS: "a cancel is already in progress",
    Reason.NOT_CANCELABLE: "it cannot be canceled",
    Reason.RESTRICTED: "a restriction in the request, or a firewall, prevented it",
    Reason.INVALID_REQUEST: "the request was invalid",
    Reason.DUPLICATE_REQUEST: "the request is a duplicate",
    Reason.RATE_LIMITED: "there were too many requests",
    Reason.CLOCK_SKEW: "the request's timestamp was out of range",
    Reason.AUTH: "authentication failed",
    Reason.PERMISSION: "the account lacks permission",
    Reason.MARKET_STATE: "the market does not currently allow it",
    Reason.VENUE_UNAVAILABLE: "the venue was unavailable",
    Reason.TIMEOUT: "the venue did not answer in time",
    Reason.NO_ANSWER: "the log tells no answer to the request",
    Reason.UNREADABLE: "the answer could not be read",
    Reason.OTHER: "the venue gave another reason",
}
EVIDENCE: Final = {
    Evidence.NONE: "no statement about the order itself",
    Evidence.ACKNOWLEDGED: "the venue accepted the request",
    Evidence.COUNTED: "the venue reported a number of orders",
    Evidence.LISTED: "according to the venue's list",
    Evidence.SUCCESS_FLAG: "according to a code or flag",
    Evidence.TERMINAL_STATUS: "according to the order's last status",
    Evidence.FINAL_REPORT: "reported by the matching engine",
}


def headline(event: CancelEvent) -> str:
    """An event in one sentence: subject, outcome, reason and evidence."""
    verdict = _OUTCOMES[event.outcome]
    if event.reason is Reason.NOT_FOUND and event.kind is EventKind.SCOPE:
        verdict += ", because there was nothing to cancel"
    elif event.reason is not None:
        verdict += f", because {REASONS[event.reason]}"
    answer = " ".join(text for text in (event.code, event.message) if text)
    quoted = f" ({shown(answer, 160)})" if answer else ""
    return f"{_subject(event)}: {verdict}; {EVIDENCE[event.evidence]}{quoted}"


def _subject(event: CancelEvent) -> str:
    """Subject of an event."""
    match event.kind:
        case EventKind.ORDER:
            name = event.order_id or f"with client id {event.client_order_id}"
            subject = f"order {name}"
        case EventKind.SCOPE:
            subject = "all orders in the request's scope"
        case EventKind.TIMER:
            subject = "the dead-man switch"
        case EventKind.REQUEST:
            subject = "the request"
    if event.symbol:
        subject += f" on {event.symbol}"
    if event.list_id:
        subject += f" in list {event.list_id}"
    if _is_named_by_request(event):
        subject += " (identified by the request)"
    return shown(subject, _SUBJECT)


def _is_named_by_request(event: CancelEvent) -> bool:
    """Whether only the request identifies the order or the scope."""
    named = event.from_request or ()
    return bool(named) and (event.kind is not EventKind.ORDER or not _IDS.isdisjoint(named))


def shown(value: object, width: int) -> str:
    """A canonical value as text of at most ``width`` characters."""
    match value:
        case None:
            text = ""
        case Decimal():
            text = exact(value)
        case str() if value:
            text = str(value)
        case _:
            text = _encode(value).decode()
    text = printable(without_secrets(text))
    return text if len(text) <= width else f"{text[: width - 3]}..."
