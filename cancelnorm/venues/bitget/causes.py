"""Bitget orders as they are shown: what a status and ``cancelReason`` say about a cancel. Both are open lists."""

from collections.abc import Callable, Mapping
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
        *("partially_fill", "partial_fill"),  # so in queries of margin orders
        # Plan and strategy orders. What one has triggered may have been refused: that is no cancel.
        *("not_trigger", "pending", "executing", "executed", "fail_execute", "fail_trigger"),
        *("submitting", "success", "failed"),
    )
)
"""Statuses that say nothing about a cancel."""

# https://www.bitget.com/api-doc/uta/enum
_INITIATORS: Final[Mapping[str, Initiator | None]] = MappingProxyType(
    {
        "": None,
        "normal_cancel": Initiator.USER,  # also of a cancel of all orders, and of a cancel-replace
        "modify_limit_order": Initiator.AMEND,
        "stp_cancel": Initiator.SELF_TRADE_PREVENTION,
        "self_trade_cancel": Initiator.SELF_TRADE_PREVENTION,
        # The order's own terms.
        "fok_not_full_cancel": Initiator.EXPIRY,
        "ioc_not_full_cancel": Initiator.EXPIRY,
        "post_only_fill_cancel": Initiator.EXPIRY,  # it would have taken
        "limit_price_exceed_cancel": Initiator.EXPIRY,
        "slippage_cancel": Initiator.EXPIRY,
        "trade_count_too_small": Initiator.EXPIRY,  # too little is left to trade
        "trade_max_deal_size_cancel": Initiator.EXPIRY,  # it matched too many orders
        "trade_too_many_times_cancel": Initiator.EXPIRY,  # the same, or a limit of its account
        # The position, and the account.
        "burst_cancel": Initiator.LIQUIDATION,
        "penetrate_cancel": Initiator.LIQUIDATION,
        "adl_cancel": Initiator.LIQUIDATION,
        "delegated_risk_order_cancel": Initiator.RISK,
        "back_contract_cancel": Initiator.RISK,  # its position was reversed
        # The market.
        "delivery_order_cancel": Initiator.VENUE,
        "call_auction_cancel": Initiator.VENUE,
        # Whose condition, and which of the traders, is not said.
        "tpsl_plan_cancel": None,
        "trader_order_cancel": None,
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
