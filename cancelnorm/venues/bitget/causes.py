"""Bitget orders as they are shown: what a status and ``cancelReason`` say about a cancel. Both are open lists."""

from collections.abc import Callable
from functools import partial
from types import MappingProxyType
from typing import Final

from cancelnorm.caching import cached
from cancelnorm.eventmap import Verdict
from cancelnorm.schema import Evidence, Initiator, OrderStatus, Outcome

__all__ = ["CANCELED", "QUIET", "causes"]

CANCELED: Final = ("cancelled", "canceled")
"""Spot, margin, plan orders and the unified account have the first spelling, futures have the second."""

QUIET: Final = frozenset(
    (
        *("live", "new", "init", "partially_filled", "filled", "reject"),
        # Plan and strategy orders. What one has triggered may have been refused: that is no cancel.
        *("not_trigger", "pending", "executing", "executed", "fail_execute", "failed"),
    )
)
"""Statuses that say nothing about a cancel."""

# https://www.bitget.com/api-doc/spot/trade/Get-Order-Info; the venue has no page that lists all of them.
_INITIATORS: Final = MappingProxyType(
    {
        "": None,
        "normal_cancel": Initiator.USER,  # also of a cancel of all orders, and of a cancel-replace
        "stp_cancel": Initiator.SELF_TRADE_PREVENTION,
    }
)
_UNDOCUMENTED_REASON: Final = ("unknown-value", "the cancelReason beside it is not documented")
_UNDOCUMENTED: Final = Verdict(
    Outcome.UNKNOWN, Evidence.LISTED, note=("unknown-value", "the status is not documented")
)


def causes(evidence: Evidence) -> Callable[..., Verdict | None]:
    """The verdict by the status and the ``cancelReason`` of an order; None for one that is about no cancel.

    ``evidence`` is what the end of an order rests on where it is shown.
    """
    cause = cached(1_024)(partial(_cause, evidence))

    def judge(status: str, reason: object = None) -> Verdict | None:
        return None if status in QUIET else cause(status, str(reason or ""))

    return judge


def _cause(evidence: Evidence, status: str, reason: str) -> Verdict:
    if status not in CANCELED:
        return _UNDOCUMENTED
    note = None if reason in _INITIATORS else _UNDOCUMENTED_REASON
    return Verdict(Outcome.CANCELED, evidence, None, OrderStatus.CANCELED, _INITIATORS.get(reason), note=note)
