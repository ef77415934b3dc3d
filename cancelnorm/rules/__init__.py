"""What is looked for in records and in their sequence."""

from cancelnorm.rules.catalogue import RULES, UnknownRuleError, select
from cancelnorm.rules.finding import Excerpt, Finding, Rule, Severity
from cancelnorm.rules.odd import odd_events
from cancelnorm.rules.refusals import refusal, unreadable
from cancelnorm.rules.sequence import Sequence, Sightings, sightings
from cancelnorm.rules.single import inspect, inspect_secrets

__all__ = [
    "RULES",
    "Excerpt",
    "Finding",
    "Rule",
    "Sequence",
    "Severity",
    "Sightings",
    "UnknownRuleError",
    "inspect",
    "inspect_secrets",
    "odd_events",
    "refusal",
    "select",
    "sightings",
    "unreadable",
]
