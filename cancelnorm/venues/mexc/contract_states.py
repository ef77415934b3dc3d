"""MEXC contract orders as they are shown: what ``state`` and ``errorCode`` say about a cancel.

Three kinds of orders have three codings of ``state``: a canceled order is 4, a canceled trigger order 2, and a
canceled trailing order 4. ``errorCode`` has numbers of its own, which are none of the codes of an answer.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from msgspec import Raw

from cancelnorm.eventmap import Verdict
from cancelnorm.reader.scalars import Unreadable, decimal_of, number_text
from cancelnorm.schema import Evidence, Initiator, OrderStatus, Outcome

__all__ = [
    "ORDER_QUIET",
    "TRACK_ENDS",
    "TRACK_QUIET",
    "TRIGGER_ENDS",
    "TRIGGER_QUIET",
    "Judge",
    "is_quiet",
    "order_end",
    "trigger_end",
]

_FILLED: Final = 3
_CANCELED: Final = 4
ORDER_QUIET: Final = frozenset((1, 2, _FILLED, 5))
"""States of an order that say nothing about a cancel: not sent yet, open, filled, and refused by the engine."""

TRIGGER_ENDS: Final = MappingProxyType({2: OrderStatus.CANCELED, 4: OrderStatus.EXPIRED})
TRIGGER_QUIET: Final = frozenset((1, 3, 5))
"""States of a plan order, and of a take-profit or stop-loss order: it waits, it was executed, that failed.

4 is an order that is no longer valid: one page of the documentation calls it expired, another invalid.
"""

TRACK_ENDS: Final = MappingProxyType({4: OrderStatus.CANCELED})
TRACK_QUIET: Final = frozenset((0, 1, 2, 3))
"""States of a trailing order: not active, active, executed, and failed."""

# https://www.mexc.com/api-docs/futures/websocket-api#errorcode; the list is open
_INITIATORS: Final[Mapping[int, Initiator | None]] = MappingProxyType(
    {
        0: Initiator.USER,
        # Refusals, mostly with state 5.
        1: Initiator.VENUE,  # a parameter
        2: Initiator.RISK,  # balance
        3: Initiator.RISK,  # no position
        4: Initiator.RISK,  # a position that is too small
        7: Initiator.RISK,  # the risk limit
        9: Initiator.VENUE,  # the position mode
        11: Initiator.VENUE,  # the contract is not enabled
        22: Initiator.VENUE,  # an order id that is there already
        23: Initiator.VENUE,  # a client id that is there already
        # Cancels.
        5: Initiator.LIQUIDATION,  # of the position
        6: Initiator.LIQUIDATION,  # of the order
        8: Initiator.VENUE,  # the system
        10: Initiator.RISK,  # reduce-only
        12: Initiator.VENUE,  # delivery
        13: Initiator.LIQUIDATION,  # of the position
        14: Initiator.LIQUIDATION,  # auto-deleveraging
        15: Initiator.VENUE,  # a user who is barred
        16: Initiator.RISK,  # funding
        17: Initiator.RISK,  # the margin of the position changed
        18: Initiator.EXPIRY,  # immediate or cancel
        19: Initiator.EXPIRY,  # fill or kill
        20: Initiator.EXPIRY,  # post-only
        21: Initiator.EXPIRY,  # market
        999: None,  # other
    }
)
_UNDOCUMENTED_CAUSE: Final = ("unknown-value", "the errorCode beside it is not documented")
_UNDOCUMENTED: Final = Verdict(
    Outcome.UNKNOWN, Evidence.LISTED, note=("unknown-value", "the state is not documented")
)
_CUT: Final = ("contradiction", "completed, but part of it was not filled")

Judge = Callable[..., Verdict | None]


def is_quiet(state: int, filled: Raw, size: Raw) -> bool:
    """Whether an order says nothing about a cancel, by its state, what was filled, and its size."""
    return state in ORDER_QUIET and not (state == _FILLED and _is_cut(filled, size))


def _is_cut(filled: Raw, size: Raw) -> bool:
    """Whether less of an order was filled than its size; not where either is no number."""
    try:
        return decimal_of(number_text(filled)) < decimal_of(number_text(size))
    except Unreadable:
        return False


def _initiator(cause: int) -> tuple[Initiator | None, tuple[str, str] | None]:
    """Who an ``errorCode`` names, and a note where it is not documented."""
    return _INITIATORS.get(cause), None if cause in _INITIATORS else _UNDOCUMENTED_CAUSE


def order_end(evidence: Evidence) -> Judge:
    """The verdict by state, ``errorCode``, what was filled and the size of an order; None for one of no cancel.

    ``evidence`` is what the end of an order rests on where it is shown.
    """

    @lru_cache(maxsize=1_024)
    def end(state: int, cause: int) -> Verdict:
        initiator, note = _initiator(cause)
        if state == _FILLED:  # a client has seen orders that end so, without a word of who ended them
            initiator, note = None, _CUT
        elif state != _CANCELED:
            return _UNDOCUMENTED
        return Verdict(Outcome.CANCELED, evidence, None, OrderStatus.CANCELED, initiator, note=note)

    def judge(state: int, cause: int, filled: Raw, size: Raw) -> Verdict | None:
        return None if is_quiet(state, filled, size) else end(state, cause)

    return judge


def trigger_end(evidence: Evidence, ends: Mapping[int, OrderStatus], quiet: frozenset[int]) -> Judge:
    """The same of an order that waits for its trigger, by its state and its ``errorCode``, if it has one.

    Code 0 does not say who canceled it: it is about what was to be placed.
    """

    @lru_cache(maxsize=1_024)
    def end(state: int, cause: int) -> Verdict:
        status = ends.get(state)
        if status is None:
            return _UNDOCUMENTED
        initiator, note = _initiator(cause) if cause else (None, None)
        return Verdict(Outcome.CANCELED, evidence, None, status, initiator, note=note)

    def judge(state: int, cause: object = None) -> Verdict | None:
        return None if state in quiet else end(state, cause if isinstance(cause, int) else 0)

    return judge
