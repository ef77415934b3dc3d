"""Rules over recorded answers: what is wrong in a log, where, and why."""

from cancelnorm.check.catalogue import RULES, UnknownRuleError, select
from cancelnorm.check.finding import Excerpt, Finding, Rule, Severity
from cancelnorm.check.history import History
from cancelnorm.check.observations import Observations, observations
from cancelnorm.check.record_rules import inspect, inspect_secrets
from cancelnorm.check.refusals import refusal, unreadable
from cancelnorm.check.run import Part, Refused, Settings, Skipped, check, examine, in_sequence, judge
from cancelnorm.check.unusual_events import unusual_events

__all__ = [
    "RULES",
    "Excerpt",
    "Finding",
    "History",
    "Observations",
    "Part",
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
    "observations",
    "refusal",
    "select",
    "unreadable",
    "unusual_events",
]
