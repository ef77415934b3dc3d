"""Kraken orders as they are shown: what a status, or the type of an execution, says about a cancel, and who did it."""

import re
from types import MappingProxyType
from typing import Final

from cancelnorm.caching import cached
from cancelnorm.eventmap import Verdict
from cancelnorm.schema import Evidence, Initiator, OrderStatus, Outcome

__all__ = ["ENDED", "QUIET", "QUIET_EXECUTIONS", "ended", "initiator_of"]

QUIET: Final = frozenset(("", "pending", "open", "closed"))
"""Statuses of orders that go on or have filled, and of those of which a frame says something else."""

QUIET_EXECUTIONS: Final = frozenset(
    ("pending_new", "new", "trade", "filled", "amended", "restated", "status", "iceberg_refill")
)
"""Executions that cancel nothing."""

ENDED: Final = MappingProxyType({"canceled": OrderStatus.CANCELED, "expired": OrderStatus.EXPIRED})

# One text is recorded, ``User requested``; the list is not published.
_INITIATORS: Final = MappingProxyType(
    {
        "user requested": Initiator.USER,
        "replaced": Initiator.AMEND,
        "edit": Initiator.AMEND,
        "expire": Initiator.EXPIRY,
        "liquidat": Initiator.LIQUIDATION,
        "margin": Initiator.RISK,
        "funds": Initiator.RISK,
    }
)
# How a word of the reason begins: there is an ``edit`` in ``credit``, too.
_NAMED: Final = tuple((re.compile(rf"\b{part}"), initiator) for part, initiator in _INITIATORS.items())


@cached(1_024)
def initiator_of(reason: str) -> Initiator | None:
    """Who or what a reason names; None where that is not said or not known."""
    text = reason.casefold()
    return next((initiator for part, initiator in _NAMED if part.search(text)), None)


def ended(
    evidence: Evidence,
    word: str,
    reason: object,
    quiet: frozenset[str] = QUIET,
    note: tuple[str, str] | None = None,
) -> Verdict | None:
    """The verdict of an order that is shown, with a note on a word that is not known; None where it is about no cancel.

    Without ``note``, it is noted elsewhere.
    """
    if word in quiet:
        return None
    return _ended(evidence, word, str(reason or ""), note)


@cached(1_024)
def _ended(evidence: Evidence, word: str, reason: str, note: tuple[str, str] | None) -> Verdict:
    status = ENDED.get(word)
    if status is None:
        return Verdict(Outcome.UNKNOWN, Evidence.LISTED, note=note)
    initiator = initiator_of(reason)
    if initiator is None and status is OrderStatus.EXPIRED:
        initiator = Initiator.EXPIRY
    return Verdict(Outcome.CANCELED, evidence, status=status, initiator=initiator)
