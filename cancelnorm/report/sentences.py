"""Events and errors in sentences, fit for one line of a terminal."""

import json
from decimal import Decimal
from typing import Final

import msgspec

from cancelnorm.masking import without_secrets
from cancelnorm.reader.scalars import exact
from cancelnorm.schema import CancelEvent, EventKind, Evidence, Outcome, Reason

__all__ = ["headline", "printable", "shown"]

_IDS: Final = frozenset({"order_id", "client_order_id"})
_encode: Final = msgspec.json.Encoder().encode

_OUTCOMES: Final = {
    Outcome.CANCELED: "canceled",
    Outcome.REDUCED: "reduced, part of it is off the book",
    Outcome.PENDING: "not confirmed yet",
    Outcome.REJECTED: "not canceled by this request",
    Outcome.UNKNOWN: "fate unknown",
}
_REASONS: Final = {
    Reason.NOT_FOUND: "there is no such order",
    Reason.ALREADY_CANCELED: "it had been canceled",
    Reason.ALREADY_FILLED: "it had filled",
    Reason.ALREADY_CLOSED: "it had been closed",
    Reason.NOT_FOUND_OR_CLOSED: "there is no such order or it had been closed",
    Reason.CANCEL_IN_PROGRESS: "a cancel is under way",
    Reason.NOT_CANCELABLE: "it cannot be canceled",
    Reason.RESTRICTED: "the request's own restriction forbade it",
    Reason.INVALID_REQUEST: "the request was invalid",
    Reason.DUPLICATE_REQUEST: "the request had been made before",
    Reason.RATE_LIMITED: "there were too many requests",
    Reason.CLOCK_SKEW: "the request's clock was off",
    Reason.AUTH: "the request did not prove who sent it",
    Reason.PERMISSION: "the request was not allowed",
    Reason.MARKET_STATE: "the market does not allow it now",
    Reason.VENUE_UNAVAILABLE: "the venue was not available",
    Reason.TIMEOUT: "the venue did not answer in time",
    Reason.UNREADABLE: "the answer could not be read",
    Reason.OTHER: "the venue has a reason of its own",
}
_EVIDENCE: Final = {
    Evidence.NONE: "no word on the order itself",
    Evidence.ACKNOWLEDGED: "the venue took the request",
    Evidence.COUNTED: "the venue gave a number of orders",
    Evidence.LISTED: "the venue's list says so",
    Evidence.SUCCESS_FLAG: "a code or a flag says so",
    Evidence.TERMINAL_STATUS: "the order's last status says so",
    Evidence.FINAL_REPORT: "the matching engine reports it",
}


def headline(event: CancelEvent) -> str:
    """Say in one sentence what became of the cancel, why, and how far that is certain."""
    verdict = _OUTCOMES[event.outcome]
    if event.reason is Reason.NOT_FOUND and event.kind is EventKind.SCOPE:
        verdict += ", because there was nothing to cancel"
    elif event.reason is not None:
        verdict += f", because {_REASONS[event.reason]}"
    said = " ".join(part for part in (event.code, event.message) if part)
    quoted = f" ({shown(said, 160)})" if said else ""
    return f"{_subject(event)}: {verdict}; {_EVIDENCE[event.evidence]}{quoted}"


def _subject(event: CancelEvent) -> str:
    """Say what an event is about."""
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
    return printable(f"{subject} (named by the request)" if _is_named_by_request(event) else subject)


def _is_named_by_request(event: CancelEvent) -> bool:
    """Whether only the request says which order, or which scope, an event is about."""
    named = event.from_request or ()
    return bool(named) and (event.kind is not EventKind.ORDER or not _IDS.isdisjoint(named))


def printable(text: str) -> str:
    """Text for one line of a terminal: what cannot be seen, or would steer the terminal, is escaped."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else json.dumps(c)[1:-1] if c < "\x7f" else _escaped(c) for c in text)


def _escaped(char: str) -> str:
    return f"\\u{ord(char):04x}" if ord(char) <= 0xFFFF else f"\\U{ord(char):08x}"


def shown(value: object, width: int) -> str:
    """A canonical value as text, in at most ``width`` characters."""
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
