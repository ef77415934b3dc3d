"""Orders that need attention, as a page shows them."""

from collections import Counter
from enum import StrEnum
from typing import NamedTuple

from msgspec import Struct, field

__all__ = ["Attention", "Concern", "OrderFacts", "StoryFact"]


class Concern(StrEnum):
    """Why an order needs attention."""

    FILLED = "filled although canceled"
    CONTRADICTION = "contradiction"
    UNRESOLVED = "asked and never resolved"


class StoryFact(NamedTuple):
    """A fact of a story: its time and whose clock that is, if it has one, and its line of the log."""

    time: str
    clock: str
    text: str
    source: str


class OrderFacts(NamedTuple):
    """An order that needs attention."""

    name: str
    about: str
    verdict: str
    contradictions: list[str]
    facts: list[StoryFact]


class Attention(Struct):
    """Numbers of all orders and of those that need attention, and the first of these with their facts."""

    orders: int = 0
    counts: Counter[Concern] = field(default_factory=Counter)
    shown: dict[Concern, list[OrderFacts]] = field(default_factory=lambda: {each: [] for each in Concern})
