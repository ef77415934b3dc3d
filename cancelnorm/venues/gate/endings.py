"""Gate orders as they are shown: what their status, ``finish_as`` and what is left say about a cancel.

``finish_as`` decides: the status of a contract's order, ``finished``, is the same for a fill and for a cancel, and
the answer to a cancel may show an order that was filled before.
"""

from collections.abc import Callable
from enum import Enum
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from msgspec import Raw

from cancelnorm.eventmap import Verdict
from cancelnorm.schema import Evidence, Initiator, OrderStatus, Outcome, Reason

__all__ = ["UNSAID", "End", "answered_end", "end_of", "is_zero", "shown_end"]


class End(Enum):
    """How far an order got."""

    ALIVE = "alive"
    FILLED = "filled"
    CANCELED = "canceled"
    ENDED = "filled or canceled"
    UNDECIDED = "not said, or said in two ways"


_STATUSES: Final = MappingProxyType(
    {
        "open": End.ALIVE,
        "closed": End.FILLED,
        "cancelled": End.CANCELED,
        "finished": End.ENDED,  # of contracts
        # Events of the stream of spot orders.
        "put": End.ALIVE,
        "update": End.ALIVE,
        "finish": End.ENDED,
    }
)
_LIVE: Final = ("open", "_new", "_update")
UNSAID: Final = ("", "-", "filled", *_LIVE)
"""Values of ``finish_as`` that name no reason for a cancel."""

# https://www.gate.com/docs/developers/apiv4/en/#order, the same of contracts and options; the list is open
_INITIATORS: Final = MappingProxyType(
    {
        "cancelled": Initiator.USER,  # or the timer: they are not told apart
        "ioc": Initiator.EXPIRY,
        "poc": Initiator.EXPIRY,
        "fok": Initiator.EXPIRY,
        "stp": Initiator.SELF_TRADE_PREVENTION,
        # Spot.
        "small": Initiator.EXPIRY,
        "depth_not_enough": Initiator.EXPIRY,
        "trader_not_enough": Initiator.EXPIRY,
        "liquidate_cancelled": Initiator.LIQUIDATION,
        # Contracts and options.
        "liquidated": Initiator.LIQUIDATION,
        "auto_deleveraged": Initiator.LIQUIDATION,
        "reduce_only": Initiator.RISK,
        "reduce_out": Initiator.RISK,
        "position_closed": Initiator.RISK,
        "mmp_cancelled": Initiator.RISK,
    }
)
_UNDOCUMENTED: Final = ("unknown-value", "the finish_as beside it is not documented")
_CONTRADICTED: Final = ("contradiction", "the finish_as beside it says otherwise")


def end_of(status: str, finish_as: object, nothing_left: bool) -> End:
    """How far an order got, by its status, its ``finish_as``, and whether nothing of it is left."""
    by_status = _STATUSES.get(status, End.UNDECIDED)
    if finish_as == "filled":
        return End.UNDECIDED if by_status is End.ALIVE else End.FILLED
    if finish_as in _LIVE:
        return End.ALIVE if by_status is End.ALIVE else End.UNDECIDED
    if finish_as in _INITIATORS:
        return End.UNDECIDED if by_status is End.ALIVE else End.CANCELED
    if by_status is End.ENDED:
        # Without a word that tells, and in frames of spot until 2023: what is left of an order was not filled.
        return End.FILLED if nothing_left else End.CANCELED
    return by_status


def _undecided(status: str) -> Verdict:
    note = _CONTRADICTED if status in _STATUSES else None  # another word is noted by who reads it
    return Verdict(Outcome.UNKNOWN, Evidence.LISTED, note=note)


def _canceled(evidence: Evidence, finish_as: object) -> Verdict:
    initiator = _INITIATORS.get(str(finish_as))
    is_known = initiator is not None or not finish_as or finish_as in ("-", "unknown")
    note = None if is_known else _UNDOCUMENTED
    return Verdict(Outcome.CANCELED, evidence, None, OrderStatus.CANCELED, initiator, note=note)


@lru_cache(maxsize=1_024)
def _answered(status: str, finish_as: object, nothing_left: bool) -> Verdict:
    end = end_of(status, finish_as, nothing_left)
    if end is End.CANCELED:
        return _canceled(Evidence.FINAL_REPORT, finish_as)
    if end is End.FILLED:
        note = _CONTRADICTED if status == "cancelled" else None
        filled = OrderStatus.FILLED
        return Verdict(Outcome.REJECTED, Evidence.TERMINAL_STATUS, Reason.ALREADY_FILLED, filled, note=note)
    if end is End.ALIVE:
        return Verdict(Outcome.PENDING, Evidence.ACKNOWLEDGED, status=OrderStatus.NEW)
    return _undecided(status)


def answered_end(status: str, finish_as: object, left: str | Raw = "0") -> Verdict:
    """The verdict of the answer to a cancel that shows the order; of spot its status tells without what is left."""
    return _answered(status, finish_as or "", is_zero(left))


def shown_end(evidence: Evidence) -> Callable[..., Verdict | None]:
    """The verdict of an order that is shown without being asked to cancel it; None where it is about no cancel.

    ``evidence`` is what the end of an order rests on where it is shown.
    """

    @lru_cache(maxsize=1_024)
    def judge(status: str, finish_as: object, nothing_left: bool) -> Verdict | None:
        end = end_of(status, finish_as, nothing_left)
        if end in (End.ALIVE, End.FILLED):
            return None
        return _canceled(evidence, finish_as) if end is End.CANCELED else _undecided(status)

    return lambda status, finish_as, left="0": judge(status, finish_as or "", is_zero(left))


def is_zero(number: str | Raw) -> bool:
    """Whether a number, in quotes or not, is zero."""
    text = number if isinstance(number, str) else str(number, "utf-8", "replace")
    text = text.strip('"')
    if text[:1] > "0":
        return False
    return not text.partition("e")[0].strip("-0.")
