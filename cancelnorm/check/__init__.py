"""Rules for recorded answers, and the findings that they report."""

from cancelnorm.check.catalogue import RULES, UnknownRuleError, select
from cancelnorm.check.finding import Excerpt, Finding, Rule, Severity
from cancelnorm.check.history import History
from cancelnorm.check.observations import Observations, living, observations
from cancelnorm.check.record_rules import inspect, inspect_secrets
from cancelnorm.check.refusals import refusal, unreadable
from cancelnorm.check.run import BatchResult, Refused, Settings, Skipped, check, examine, in_sequence, judge
from cancelnorm.check.unusual_events import unusual_events

__all__ = [
    "RULES",
    "BatchResult",
    "Excerpt",
    "Finding",
    "History",
    "Observations",
    "Refused",
    "Rule",
    "Settings",
    "Severity",
    "Skipped",
    "UnknownRuleError",
    "check",
    "examine",
    "in_sequence",
    "inspect",
    "inspect_secrets",
    "judge",
    "living",
    "observations",
    "refusal",
    "select",
    "unreadable",
    "unusual_events",
]
