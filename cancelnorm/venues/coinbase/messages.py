"""Coinbase messages that all endpoints share: errors, and the words for orders."""

from collections.abc import Sequence
from types import MappingProxyType
from typing import Any, ClassVar, Final

from msgspec import UNSET, UnsetType

from cancelnorm.endpoint import Call, Errors, IdSpace
from cancelnorm.eventmap import Verdict, rejected, verdict_of
from cancelnorm.prose import prose
from cancelnorm.reader.scalars import Prose
from cancelnorm.reader.structs import Exact
from cancelnorm.request import RequestKeys
from cancelnorm.schema import (
    CancelEvent,
    Evidence,
    Initiator,
    Normalised,
    OrderStatus,
    OrderType,
    Outcome,
    Product,
    QuantityUnit,
    Reason,
    Side,
    TimeInForce,
)
from cancelnorm.venues.coinbase.codes import STATUSES, WORDS

# --- What Coinbase sends ---


class ApiError(Exact):
    """A failure of any request."""

    bare: ClassVar = True
    error: str
    error_details: Prose | UnsetType = UNSET  # mostly the same text as the message
    message: Prose | UnsetType = UNSET
    error_description: Prose | UnsetType = UNSET  # of logins, instead of both
    preview_failure_reason: str | UnsetType = UNSET


class OldError(Exact):
    """One error, as the older endpoints of Coinbase have it."""

    id: str
    message: Prose
    url: Prose | UnsetType = UNSET  # a page about it


class OldErrors(Exact):
    """A failure before it came to Advanced Trade: of a login, or of a limit of requests."""

    bare: ClassVar = True
    errors: list[OldError]


# --- What it means ---

DOCS: Final = "https://docs.cdp.coinbase.com/api-reference/advanced-trade-api/rest-api/orders/"
IDS: Final = IdSpace("coinbase", by_symbol=False)
KEYS: Final = RequestKeys(symbol=("product_id",), order_id=("order_id",), order_ids=("order_ids",))

TAKEN: Final = Verdict(Outcome.PENDING, Evidence.ACKNOWLEDGED, status=OrderStatus.PENDING_CANCEL)
OPEN: Final = Verdict(Outcome.UNKNOWN, Evidence.NONE)
_NEW_WORD: Final = Verdict(
    Outcome.UNKNOWN, Evidence.LISTED, note=("unknown-value", "the status is not documented")
)

QUIET: Final = frozenset(
    # The placement of an order that failed was refused: that is no cancel.
    ("PENDING", "QUEUED", "OPEN", "EDIT_QUEUED", "FILLED", "FAILED", "UNKNOWN_ORDER_STATUS")
)
"""Statuses of orders that say nothing about a cancel."""

SIDES: Final = MappingProxyType({"BUY": Side.BUY, "SELL": Side.SELL})
# Queries spell them in capitals, the stream as people do.
ORDER_TYPES: Final = MappingProxyType(
    {
        **dict.fromkeys(("LIMIT", "Limit"), OrderType.LIMIT),
        **dict.fromkeys(("MARKET", "Market"), OrderType.MARKET),
        **dict.fromkeys(("STOP_LIMIT", "Stop Limit"), OrderType.STOP_LIMIT),
        **dict.fromkeys(("STOP", "Stop"), OrderType.STOP_MARKET),
    }
)
TIMES_IN_FORCE: Final = MappingProxyType(
    {
        "GOOD_UNTIL_CANCELLED": TimeInForce.GTC,
        "IMMEDIATE_OR_CANCEL": TimeInForce.IOC,
        "FILL_OR_KILL": TimeInForce.FOK,
    }
)
NO_TIME: Final = ("0001-01-01T00:00:00Z",)
NO_TIME_IN_FORCE: Final = ("UNKNOWN_TIME_IN_FORCE",)
NO_TRIGGER: Final = ("INVALID_ORDER_TYPE", "UNKNOWN_TRIGGER_STATUS")
NO_PRODUCT: Final = ("UNKNOWN_PRODUCT_TYPE",)


def end_of(status: str, evidence: Evidence) -> Verdict | None:
    """The verdict by the status of an order; None for one that is about no cancel.

    ``evidence`` is what the end of an order rests on where it is shown.
    """
    match status:
        case "CANCELLED":
            return Verdict(Outcome.CANCELED, evidence, status=OrderStatus.CANCELED)
        case "EXPIRED":
            return Verdict(Outcome.CANCELED, evidence, status=OrderStatus.EXPIRED, initiator=Initiator.EXPIRY)
        case "CANCEL_QUEUED":
            return TAKEN
    return None if status in QUIET else _NEW_WORD


def is_canceling(status: str, pending_cancel: bool) -> bool:
    """Whether a query shows an order that has not ended, and of which a cancel is under way."""
    return pending_cancel and status in QUIET and status not in ("FILLED", "FAILED")


def product_of(kind: str | UnsetType, name: str | UnsetType) -> Product | None:
    """The market of an order; until 2023 only the name of the product tells, and then all were spot."""
    match kind:
        case "SPOT":
            return Product.SPOT
        case "FUTURE":
            return Product.LINEAR  # margined and settled in dollars
    return Product.SPOT if kind is UNSET and name and name.count("-") == 1 else None


def unit_of(kind: str | UnsetType, name: str | UnsetType) -> QuantityUnit | None:
    """The unit of an order's quantities; perpetuals of the international exchange are not sized in contracts."""
    match product_of(kind, name):
        case Product.SPOT:
            return QuantityUnit.BASE
        case Product.LINEAR:
            return QuantityUnit.BASE if name and name.endswith("-INTX") else QuantityUnit.CONTRACTS
    return None


def refused(raw: ApiError | OldErrors, call: Call) -> Normalised:
    """Map a failure: the request was refused as a whole."""
    if isinstance(raw, OldErrors):
        return _refused(raw.errors, call)
    texts = {
        key: text
        for key in ("message", "error_details", "error_description")
        if (text := getattr(raw, key)) is not UNSET
    }
    told = [*dict.fromkeys(texts.values())]
    said = told[0] if told else ""
    verdict = _said(raw.error, " ".join(told), call)
    extra: dict[str, Any] = {key: prose(text) for key, text in texts.items() if text != said}
    if raw.preview_failure_reason:
        extra["preview_failure_reason"] = raw.preview_failure_reason
    return call.result(
        [call.failed(verdict, code=raw.error or None, message=said or None, extra=extra or None)]
    )


def _said(word: str, text: str, call: Call) -> Verdict:
    """What an error says: its word, and the HTTP status beside a word that is new."""
    status = call.record.status
    if status is not None and status in STATUSES and word not in WORDS:
        return verdict_of(STATUSES, status, text, status)
    return verdict_of(WORDS, word, text, status)


def _refused(errors: Sequence[OldError], call: Call) -> Normalised:
    """Map the errors of older endpoints; there is mostly one."""
    if not errors:
        call.note("empty-list", "$.errors", "a failure without an error")
        return call.result([call.failed(rejected(Reason.OTHER))])
    return call.result([_event_of(error, i, call) for i, error in enumerate(errors)])


def _event_of(error: OldError, i: int, call: Call) -> CancelEvent:
    verdict = _said(error.id, error.message, call)
    return call.failed(
        verdict,
        index=i,
        path=f"$.errors[{i}]",
        code=error.id or None,
        message=error.message or None,
        extra={"url": prose(error.url)} if error.url else None,
    )


ERRORS: Final = Errors(ApiError | OldErrors, refused)
QUERY_ERRORS: Final = Errors(ApiError | OldErrors, refused, of_query=lambda _: True)
