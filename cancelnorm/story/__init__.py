"""Stories: one verdict for each order, from all events about it.

``fold(events)`` gives the story of each order, and ``Story.verdict()`` says what became of the order. Neither the order
of the events, nor their grouping, nor repetition matters, so that parts of a log may be folded anywhere and joined with
``merge``.
"""

from cancelnorm.story.claims import Claim, Fate, Moment, Said, claim_of
from cancelnorm.story.fills import fills_beside, fills_of
from cancelnorm.story.fold import WINDOW, Gathering, Stories, fold, is_attempt, is_pushed, is_query, stream
from cancelnorm.story.links import MARGIN_NS, ListKey
from cancelnorm.story.state import Amount, Attempt, Named, StoryKey, Taker
from cancelnorm.story.verdict import Contradiction, Dispute, OrderVerdict, Story

__all__ = [
    "MARGIN_NS",
    "WINDOW",
    "Amount",
    "Attempt",
    "Claim",
    "Contradiction",
    "Dispute",
    "Fate",
    "Gathering",
    "ListKey",
    "Moment",
    "Named",
    "OrderVerdict",
    "Said",
    "Stories",
    "Story",
    "StoryKey",
    "Taker",
    "claim_of",
    "fills_beside",
    "fills_of",
    "fold",
    "is_attempt",
    "is_pushed",
    "is_query",
    "stream",
]
