"""OKX orders as they are shown: what ``state`` and ``cancelSource`` say about a cancel. Both are open lists."""

from collections.abc import Callable
from functools import partial
from types import MappingProxyType
from typing import Final

from cancelnorm.caching import cached
from cancelnorm.eventmap import Verdict
from cancelnorm.schema import Evidence, Initiator, OrderStatus, Outcome

__all__ = ["ALIVE", "QUIET", "UNDOCUMENTED", "causes", "initiator_of"]

ALIVE: Final = MappingProxyType(
    {
        "live": OrderStatus.NEW,
        "partially_filled": OrderStatus.PARTIALLY_FILLED,
        "filled": OrderStatus.FILLED,
    }
)
QUIET: Final = frozenset(
    (
        *ALIVE,
        # Algo orders. What one has triggered may have been refused: that is no cancel.
        *("pause", "partially_effective", "effective", "order_failed", "partially_failed", "order_placed"),
        # Requests for quotes, and quotes.
        *("active", "pending_fill", "failed", "traded_away"),
    )
)
"""States that say nothing about a cancel."""

_CANCELED: Final = ("canceled", "mmp_canceled")

# https://www.okx.com/docs-v5/en/#order-book-trading-trade-ws-order-channel
_INITIATORS: Final[dict[str, Initiator | None]] = {
    "": None,
    "0": Initiator.VENUE,  # the system
    "1": Initiator.USER,
    "2": Initiator.RISK,  # pre-check of a reduce-only order: margin is insufficient
    "3": Initiator.LIQUIDATION,
    "4": Initiator.RISK,  # the borrowing limit
    "5": None,  # not documented
    "6": Initiator.LIQUIDATION,  # auto-deleveraging
    "7": Initiator.VENUE,  # delivery of a future
    "9": Initiator.RISK,  # insufficient balance after funding fees
    "10": Initiator.VENUE,  # an option expired
    "13": Initiator.EXPIRY,  # fill or kill
    "14": Initiator.EXPIRY,  # immediate or cancel
    "15": Initiator.EXPIRY,  # its price is out of limits
    "17": Initiator.RISK,  # its position was closed at market
    "20": Initiator.TIMER,
    "21": Initiator.RISK,  # the position of a take-profit or stop-loss order was closed
    "22": Initiator.RISK,  # a reduce-only order with a better price
    "23": Initiator.RISK,
    "27": Initiator.EXPIRY,  # prices of both sides differ by more than 5 %
    "31": Initiator.EXPIRY,  # a post-only order that would take
    "32": Initiator.SELF_TRADE_PREVENTION,
    "33": Initiator.EXPIRY,  # it matched too many orders
    "34": Initiator.RISK,  # spreads: a leg failed to settle for lack of margin
    "35": Initiator.RISK,  # spreads: another order took the margin
    "36": Initiator.LIST_SIBLING,  # the stop loss of its pair was triggered
    "37": Initiator.LIST_SIBLING,  # the stop loss of its pair was canceled
    "38": Initiator.USER,  # all orders under market-maker protection
    "39": Initiator.RISK,  # market-maker protection
    "42": Initiator.EXPIRY,  # a chase order came to its greatest distance
    "43": Initiator.EXPIRY,  # its price is on the wrong side of the index
    "44": Initiator.RISK,  # conversion took the balance
}
_UNDOCUMENTED_SOURCE: Final = ("unknown-value", "the cancelSource beside it is not documented")
UNDOCUMENTED: Final = Verdict(
    Outcome.UNKNOWN, Evidence.LISTED, note=("unknown-value", "the state is not documented")
)
_FAILED_AMEND: Final = "1"  # of ``amendResult``: an amendment failed, and canceled the order


def initiator_of(source: object) -> Initiator | None:
    """Who or what a ``cancelSource`` names; None where that is not said or not known."""
    return _INITIATORS.get(str(source or ""))


def causes(evidence: Evidence) -> Callable[..., Verdict | None]:
    """The verdict by state, ``cancelSource`` and ``amendResult`` of an order; None for one that is about no cancel.

    ``evidence`` is what the end of an order rests on where it is shown.
    """
    cause = cached(1_024)(partial(_cause, evidence))

    def judge(state: str, source: object = None, amend_result: object = None) -> Verdict | None:
        return None if state in QUIET else cause(state, source or "", amend_result == _FAILED_AMEND)

    return judge


def _cause(evidence: Evidence, state: str, source: object, failed_amend: bool) -> Verdict | None:
    if state not in _CANCELED:
        return UNDOCUMENTED
    initiator = initiator_of(source)
    if failed_amend and not source:
        initiator = Initiator.AMEND
    note = None if source in _INITIATORS else _UNDOCUMENTED_SOURCE
    return Verdict(Outcome.CANCELED, evidence, None, OrderStatus.CANCELED, initiator, note=note)
