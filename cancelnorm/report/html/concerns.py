"""Orders that need attention, by what speaks for it: what it means, and what to do."""

from typing import Final

from msgspec import Struct

from cancelnorm.check.finding import Severity
from cancelnorm.report.attention import Attention, Concern, OrderFacts

__all__ = ["ShownConcern", "shown_concerns"]

_OPEN: Final = 5  # orders that are not folded


def shown_concerns(attention: Attention) -> list["ShownConcern"]:
    """All concerns, the most severe first."""
    return [_concern(concern, attention) for concern in Concern if attention.counts[concern]]


class ShownConcern(Struct, frozen=True):
    """The orders that need attention for one reason: what it means, those that are open, and those that are folded."""

    name: str
    severity: Severity
    count: int
    meaning: str
    todo: str
    open: list[OrderFacts]
    folded: list[OrderFacts]
    more: int


_CONCERNS: Final = {
    Concern.FILLED: (
        Severity.ERROR,
        "One statement says that the order was canceled, and another that it filled.",
        "Look the order up at the venue, and correct the position if it filled.",
    ),
    Concern.CONTRADICTION: (
        Severity.WARNING,
        "Two statements about the order cannot both be true.",
        "Compare the two lines of the log; the verdict rests on the stronger evidence.",
    ),
    Concern.UNRESOLVED: (
        Severity.WARNING,
        "A cancel was requested, and nothing in the log says how the order ended: it may be on the book or filled.",
        "Look the order up at the venue. Record the stream of orders, or query each order after its cancel.",
    ),
}


def _concern(concern: Concern, attention: Attention) -> ShownConcern:
    severity, meaning, todo = _CONCERNS[concern]
    shown, count = attention.shown[concern], attention.counts[concern]
    return ShownConcern(
        concern, severity, count, meaning, todo, shown[:_OPEN], shown[_OPEN:], count - len(shown)
    )
