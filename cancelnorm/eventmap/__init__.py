"""EventMap: which field of a venue's struct is which field of the canonical event, said once per struct."""

from cancelnorm.eventmap.columns import (
    Said,
    always,
    amount,
    by_code,
    by_status,
    by_words,
    constant,
    first,
    flag,
    made,
    number,
    text,
    time,
    word,
)
from cancelnorm.eventmap.map import PASSED_OVER, EventMap, maps_of
from cancelnorm.eventmap.plan import Absent
from cancelnorm.verdict import NOTHING_OPEN, Code, CodeTable, Verdict, rejected, unknown, verdict_of

__all__ = [
    "NOTHING_OPEN",
    "PASSED_OVER",
    "Absent",
    "Code",
    "CodeTable",
    "EventMap",
    "Said",
    "Verdict",
    "always",
    "amount",
    "by_code",
    "by_status",
    "by_words",
    "constant",
    "first",
    "flag",
    "made",
    "maps_of",
    "number",
    "rejected",
    "text",
    "time",
    "unknown",
    "verdict_of",
    "word",
]
