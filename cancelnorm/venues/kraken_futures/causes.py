"""Kraken Futures' reasons for what became of an order: which are a cancel, and who canceled.

The stream writes them in lower case, queries in capitals and with other endings.
"""

from types import MappingProxyType
from typing import Final

from cancelnorm.eventmap import Verdict
from cancelnorm.schema import Evidence, Initiator, OrderStatus, Outcome

__all__ = ["QUIET", "REASONS", "REASONS_OF_QUERIES", "is_quiet", "verdict_for"]

_CANCELED: Final = OrderStatus.CANCELED
_EXPIRED: Final = OrderStatus.EXPIRED

# https://docs.kraken.com/api/docs/futures-api/websocket/open_orders_verbose
REASONS: Final = MappingProxyType(
    {
        "cancelled_by_user": (_CANCELED, Initiator.USER),
        "cancelled_by_admin": (_CANCELED, Initiator.VENUE),
        "market_inactive": (_CANCELED, Initiator.VENUE),
        "dead_man_switch": (_CANCELED, Initiator.TIMER),
        "contract_expired": (_EXPIRED, Initiator.EXPIRY),
        "not_enough_margin": (_CANCELED, Initiator.RISK),
        "would_not_reduce_position": (_CANCELED, Initiator.RISK),
        "liquidation": (_CANCELED, Initiator.LIQUIDATION),
        "would_execute_self": (_CANCELED, Initiator.SELF_TRADE_PREVENTION),
        # These never rested on the book: their own terms forbade to fill them, or to fill them at once.
        "ioc_order_failed_because_it_would_not_be_executed": (_EXPIRED, Initiator.EXPIRY),
        "post_order_failed_because_it_would_filled": (OrderStatus.REJECTED, Initiator.EXPIRY),
        "post_order_failed_because_it_would_be_filled": (OrderStatus.REJECTED, Initiator.EXPIRY),
    }
)
"""The reason of an order's removal → its status, and who removed it."""

QUIET: Final = frozenset(
    (
        "new_placed_order_by_user",
        "edited_by_user",
        "stop_order_triggered",  # the stop order leaves, a limit order arrives
        "limit_order_from_stop",
        "full_fill",
        "partial_fill",
        "order_for_edit_not_found",
    )
)
"""Reasons that are about no cancel: with the first two of fills an order is removed, too."""


def is_quiet(reason: str, is_cancel: bool | None) -> bool:
    """Whether a frame of the stream is about no cancel; a liquidation removes orders and changes others."""
    return reason in QUIET or (reason == "liquidation" and is_cancel is False)


# https://docs.kraken.com/api/docs/futures-api/trading/get-order-status
REASONS_OF_QUERIES: Final = MappingProxyType(
    {
        "CANCELLED_BY_USER": (_CANCELED, Initiator.USER),
        "CANCELLED_BY_ADMIN": (_CANCELED, Initiator.VENUE),
        "MARKET_INACTIVE": (_CANCELED, Initiator.VENUE),
        "TRAILING_STOP_CANCELLED_AND_REPLACED_BY_ADMIN": (_CANCELED, Initiator.VENUE),
        "DEAD_MAN_SWITCH": (_CANCELED, Initiator.TIMER),
        "CONTRACT_EXPIRED": (_EXPIRED, Initiator.EXPIRY),
        "EXPIRED": (_EXPIRED, Initiator.EXPIRY),
        "NOT_ENOUGH_MARGIN": (_CANCELED, Initiator.RISK),
        "WOULD_NOT_REDUCE_POSITION": (_CANCELED, Initiator.RISK),
        "WOULD_EXECUTE_SELF_REASON": (_CANCELED, Initiator.SELF_TRADE_PREVENTION),
        "IOC_WOULD_NOT_EXECUTE_REASON": (_EXPIRED, Initiator.EXPIRY),
        "POST_WOULD_EXECUTE_REASON": (OrderStatus.REJECTED, Initiator.EXPIRY),
    }
)
"""The same of a query, beside the status of a canceled order."""


def verdict_for(cause: tuple[OrderStatus, Initiator], evidence: Evidence) -> Verdict:
    """The verdict of an order that was canceled for a reason."""
    status, initiator = cause
    return Verdict(Outcome.CANCELED, evidence, status=status, initiator=initiator)
