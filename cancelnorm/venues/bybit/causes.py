"""Bybit orders as they are shown: what status, ``cancelType`` and ``rejectReason`` say together about a cancel.

All three are open lists of words: Bybit adds some every year, and some were never documented.
"""

from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import Final

from msgspec import Raw, UnsetType

from cancelnorm.caching import cached
from cancelnorm.eventmap import Verdict
from cancelnorm.reader.scalars import decimal_of, number_text
from cancelnorm.schema import Evidence, Initiator, OrderStatus, Outcome, Reason

UNSAID: Final = frozenset(("", "UNKNOWN"))
"""What ``cancelType`` is where nobody tried to cancel."""

# https://bybit-exchange.github.io/docs/v5/enum#orderstatus
_ALIVE: Final[dict[str, OrderStatus | None]] = {
    "New": OrderStatus.NEW,
    "PartiallyFilled": OrderStatus.PARTIALLY_FILLED,
    "Untriggered": OrderStatus.UNTRIGGERED,
    "UnTriggered": OrderStatus.UNTRIGGERED,  # contract v3
    "Triggered": OrderStatus.TRIGGERED,
    "Created": OrderStatus.PENDING_NEW,  # until 2023
    "Active": None,  # until 2023: a conditional order, triggered
}
_ENDED: Final = {
    "Cancelled": OrderStatus.CANCELED,  # with fills or without
    "PartiallyFilledCanceled": OrderStatus.CANCELED,  # spot; one l
    "Deactivated": OrderStatus.CANCELED,  # before it was triggered
    "Rejected": OrderStatus.REJECTED,  # with fills: the rest was taken off the book
}

QUIET: Final = frozenset((*_ALIVE, "Filled"))
"""Statuses that say nothing about a cancel."""

# https://bybit-exchange.github.io/docs/v5/enum#canceltype; of both lists what says who it was.
_CANCEL_TYPES: Final = {
    "CancelByUser": Initiator.USER,
    "CancelByReduceOnly": Initiator.RISK,
    "CancelByPrepareLiq": Initiator.LIQUIDATION,
    "CancelAllBeforeLiq": Initiator.LIQUIDATION,
    "CancelByPrepareAdl": Initiator.LIQUIDATION,
    "CancelAllBeforeAdl": Initiator.LIQUIDATION,
    "CancelByAdmin": Initiator.VENUE,
    "CancelByAccountBlocking": Initiator.VENUE,
    "CancelBySettle": Initiator.VENUE,
    "CancelByDelivery": Initiator.VENUE,
    "CancelByCrossReachMaxTradeNum": Initiator.VENUE,  # the engine's limit of trades per match
    "CancelByTpSlTsClear": Initiator.RISK,  # its position is closed
    "CancelByPzSideCh": Initiator.RISK,  # its position changed sides; not documented
    "CancelBySmp": Initiator.SELF_TRADE_PREVENTION,
    "cancelBySmp": Initiator.SELF_TRADE_PREVENTION,  # as the changelog once spelled it
    "CancelByCrossSelfMuch": Initiator.SELF_TRADE_PREVENTION,  # the venue's own spelling
    "CancelByDCP": Initiator.TIMER,
    "CancelByRebalance": Initiator.EXPIRY,  # spread: its price left the band
    "CancelByOCOTpCanceledBySlTriggered": Initiator.LIST_SIBLING,
    "CancelByOCOSlCanceledByTpTriggered": Initiator.LIST_SIBLING,
    "CancelByCannotAffordOrderCost": Initiator.RISK,
    "CancelByPmTrialMmOverEquity": Initiator.RISK,
    "CancelByMmpTriggered": Initiator.RISK,
}

# https://bybit-exchange.github.io/docs/v5/enum#rejectreason
_REASONS: Final = {
    "EC_PerCancelRequest": Initiator.USER,  # how every cancel of spot ends; no error
    "EC_PostOnlyWillTakeLiquidity": Initiator.EXPIRY,
    "EC_NoImmediateQtyToFill": Initiator.EXPIRY,
    "EC_NoEnoughQtyToFill": Initiator.EXPIRY,
    "EC_CancelForNoFullFill": Initiator.EXPIRY,
    "EC_CancelByOrderValueZero": Initiator.EXPIRY,  # what is left is worth nothing
    "EC_CancelByMatchValueZero": Initiator.EXPIRY,
    "EC_ReachRiskPriceLimit": Initiator.EXPIRY,
    "EC_ReachMarketPriceLimit": Initiator.EXPIRY,
    "EC_BySelfMatch": Initiator.SELF_TRADE_PREVENTION,
    "EC_StopBySelfMatch": Initiator.SELF_TRADE_PREVENTION,
    "EC_CancelByMMP": Initiator.RISK,
    "EC_ReachMaxTradeNum": Initiator.VENUE,
    "EC_LoadOrderCancel": Initiator.VENUE,
    "EC_InvalidSymbolStatus": Initiator.VENUE,
    "EC_SecurityStatusFail": Initiator.VENUE,
    "EC_CancelReplaceOrder": Initiator.AMEND,
}
# Why a cancel came to nothing.
_REFUSALS: Final = {
    "EC_OrigClOrdIDDoesNotExist": Reason.NOT_FOUND_OR_CLOSED,
    "EC_OrderNotExist": Reason.NOT_FOUND_OR_CLOSED,
    "EC_TooLateToCancel": Reason.ALREADY_CLOSED,
    "EC_InCallAuctionStatus": Reason.MARKET_STATE,
}

UNSAID_REASONS: Final = frozenset(("", "UNKNOWN", "EC_NoError", "NoError", *_REFUSALS))
"""What ``rejectReason`` is where it does not say who or what took the order off the book."""

_UNDOCUMENTED: Final = ("unknown-value", "the order's status is not documented")
_SHOWN_ALIVE: Final = ("stale-status", "an order with a cancelType is shown alive")


def is_about_cancel(status: str, cancel_type: str, filled: bool) -> bool:
    """Whether an order as it is shown says anything about a cancel.

    An order that was rejected without a fill has never been on the book. An order that filled, and any live
    one, is about a cancel only where ``cancelType`` says that there was one. A status that is not known may
    be anything.
    """
    if cancel_type not in UNSAID:
        return True
    if status == "Rejected":
        return filled
    return status not in QUIET


def left(quantity: str | Raw | UnsetType, status: str) -> Decimal | None:
    """What is left of an order; zero says so of a filled one alone, as others get it when they end, filled or not."""
    if not quantity:
        return None
    found = decimal_of(number_text(quantity) if isinstance(quantity, Raw) else quantity)
    return found if found or status == "Filled" else None


def causes(evidence: Evidence) -> Callable[[str, str, str, str], Verdict | None]:
    """The verdict by status, ``cancelType``, ``rejectReason`` and filled quantity of an order.

    ``evidence`` is what the end of an order rests on where it is shown. An order that is not about a cancel
    has no verdict.
    """
    cause = cached(4_096)(partial(_cause, evidence))

    def judge(status: str, cancel_type: str, reject_reason: str, filled: str) -> Verdict | None:
        is_filled = status == "Rejected" and bool(filled.strip("0.-"))  # asked of no other
        return cause(status, cancel_type, reject_reason, is_filled)

    return judge


def _cause(
    evidence: Evidence, status: str, cancel_type: str, reject_reason: str, filled: bool
) -> Verdict | None:
    """The verdict by an order's words.

    ``CancelByUser`` alone proves nothing: where a fill wins against a cancel, the order is shown filled a
    second time, with that ``cancelType``.
    """
    if not is_about_cancel(status, cancel_type, filled):
        return None
    initiator = _CANCEL_TYPES.get(cancel_type) or _REASONS.get(reject_reason)
    refused = _REFUSALS.get(reject_reason)
    rejected = (Outcome.REJECTED, evidence)
    code = None if refused is None else reject_reason
    if status == "Rejected" and refused is not None and not filled:
        closed = Reason.ALREADY_CLOSED if refused is Reason.NOT_FOUND_OR_CLOSED else refused
        return Verdict(*rejected, closed, OrderStatus.REJECTED, code=code)
    if status in _ENDED:
        return Verdict(Outcome.CANCELED, evidence, None, _ENDED[status], initiator)
    if status == "Filled":
        return Verdict(*rejected, Reason.ALREADY_FILLED, OrderStatus.FILLED, code=code)
    if status == "PendingCancel":
        return Verdict(Outcome.PENDING, Evidence.ACKNOWLEDGED, None, OrderStatus.PENDING_CANCEL, initiator)
    unsure = (Outcome.UNKNOWN, Evidence.LISTED)
    if status not in _ALIVE:
        return Verdict(*unsure, initiator=initiator, note=_UNDOCUMENTED)
    if refused is not None:
        return Verdict(*rejected, refused, _ALIVE[status], code=code)
    return Verdict(*unsure, None, _ALIVE[status], initiator, note=_SHOWN_ALIVE)
