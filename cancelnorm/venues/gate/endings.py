"""Gate orders as they are shown: what their status, ``finish_as`` and what is left say about a cancel.

``finish_as`` decides: the status of a contract's order, ``finished``, is the same for a fill and for a cancel, and
the answer to a cancel may show an order that was filled before.
"""

from collections.abc import Callable
from decimal import Decimal
from enum import Enum
from types import MappingProxyType
from typing import Any, Final

from msgspec import UNSET, Raw, UnsetType

from cancelnorm.caching import cached
from cancelnorm.eventmap import Verdict
from cancelnorm.reader.scalars import number_text
from cancelnorm.schema import Evidence, Initiator, OrderStatus, Outcome, Reason

__all__ = [
    "CONTRADICTED",
    "STATUSES",
    "UNDOCUMENTED",
    "UNSAID",
    "End",
    "answered_end",
    "answered_spot_end",
    "end_of",
    "is_canceled",
    "is_zero",
    "show_cancels",
    "shown_end",
]


class End(Enum):
    """How far an order got."""

    ALIVE = "alive"
    FILLED = "filled"
    CANCELED = "canceled"
    ENDED = "filled or canceled"
    UNDECIDED = "not said, or said in two ways"


STATUSES: Final = MappingProxyType(
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
UNDOCUMENTED: Final = ("unknown-value", "the finish_as beside it is not documented")
CONTRADICTED: Final = ("contradiction", "the finish_as beside it says otherwise")


def end_of(status: str, finish_as: object, nothing_left: bool) -> End:
    """How far an order got, by its status, its ``finish_as``, and whether nothing of it is left."""
    by_status = STATUSES.get(status, End.UNDECIDED)
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
    note = CONTRADICTED if status in STATUSES else None  # another word is noted by who reads it
    return Verdict(Outcome.UNKNOWN, Evidence.LISTED, note=note)


def _canceled(evidence: Evidence, finish_as: object) -> Verdict:
    initiator = _INITIATORS.get(str(finish_as))
    is_known = initiator is not None or not finish_as or finish_as in ("-", "unknown")
    note = None if is_known else UNDOCUMENTED
    return Verdict(Outcome.CANCELED, evidence, None, OrderStatus.CANCELED, initiator, note=note)


@cached(1_024)
def _answered(status: str, finish_as: object, nothing_left: bool) -> Verdict:
    end = end_of(status, finish_as, nothing_left)
    if end is End.CANCELED:
        return _canceled(Evidence.FINAL_REPORT, finish_as)
    if end is End.FILLED:
        note = CONTRADICTED if status == "cancelled" else None
        filled = OrderStatus.FILLED
        return Verdict(Outcome.REJECTED, Evidence.TERMINAL_STATUS, Reason.ALREADY_FILLED, filled, note=note)
    return _ALIVE if end is End.ALIVE else _undecided(status)


_ALIVE: Final = Verdict(Outcome.PENDING, Evidence.ACKNOWLEDGED)


def answered_end(status: str, finish_as: object, left: Raw, size: Raw) -> Verdict:
    """The verdict of the answer to a cancel that shows an order of a contract."""
    found = _answered(status, finish_as or "", is_zero(left))
    if found is not _ALIVE or is_zero(size):
        return found
    is_new = left == size or Decimal(number_text(left)) == Decimal(number_text(size))
    return found._replace(status=OrderStatus.NEW if is_new else OrderStatus.PARTIALLY_FILLED)


def answered_spot_end(status: str, finish_as: object, filled: str | UnsetType = UNSET) -> Verdict:
    """The verdict of the answer to a cancel that shows an order of spot, whose status tells how it ended."""
    found = _answered(status, finish_as or "", True)
    if found is not _ALIVE or not filled:
        return found
    return found._replace(status=OrderStatus.NEW if is_zero(filled) else OrderStatus.PARTIALLY_FILLED)


def shown_end(evidence: Evidence) -> Callable[..., Verdict | None]:
    """The verdict of an order that is shown without being asked to cancel it; None where it is about no cancel.

    ``evidence`` is what the end of an order rests on where it is shown.
    """

    @cached(1_024)
    def judge(status: str, finish_as: object, nothing_left: bool) -> Verdict | None:
        end = end_of(status, finish_as, nothing_left)
        if end in (End.ALIVE, End.FILLED):
            return None
        return _canceled(evidence, finish_as) if end is End.CANCELED else _undecided(status)

    return lambda status, finish_as, left="0": judge(status, finish_as or "", is_zero(left))


def show_cancels(raw: Any, is_canceled: Callable[[Any], bool]) -> bool:
    """Whether an answer shows orders that all were canceled: they are, whatever was asked."""
    rows = raw if isinstance(raw, list) else [raw]
    return bool(rows) and all(map(is_canceled, rows))


def is_canceled(raw: Any) -> bool:
    """Whether what was read is an order that was canceled."""
    if getattr(raw, "label", None) or getattr(raw, "succeeded", None) is False:
        return False
    status, left = getattr(raw, "status", None), getattr(raw, "left", None)
    return left is not None and end_of(status or "", raw.finish_as or "", is_zero(left)) is End.CANCELED


def is_zero(number: str | Raw) -> bool:
    """Whether a number, in quotes or not, is zero."""
    text = number if isinstance(number, str) else str(number, "utf-8", "replace")
    digits = text.lstrip('"-')
    return not digits[:1] > "0" and not digits.partition("e")[0].strip('"0.')
