"""Rules for recorded answers, and the findings that they report."""

from cancelnorm.check.baseline import Baseline, BaselineError
from cancelnorm.check.catalogue import RULES, UnknownRuleError, select
from cancelnorm.check.examination import BatchResult, Collector, Settings, examine, examine_batch
from cancelnorm.check.finding import AlikeFindings, Excerpt, Finding, KnownPlace, Rule, Severity
from cancelnorm.check.history import History
from cancelnorm.check.judgement import Fault, LeftOut, Refused, Skipped, judge, part_of
from cancelnorm.check.observations import Observations, observations, shown, with_shown
from cancelnorm.check.record_rules import inspect, inspect_secrets
from cancelnorm.check.refusals import UnreadLines, refusal, unreadable
from cancelnorm.check.rule_examples import RuleExample, rule_example
from cancelnorm.check.run import check, in_sequence, together_in_sequence
from cancelnorm.check.selection import Selection
from cancelnorm.check.unusual_events import unusual_events

__all__ = [
    "RULES",
    "AlikeFindings",
    "Baseline",
    "BaselineError",
    "BatchResult",
    "Collector",
    "Excerpt",
    "Fault",
    "Finding",
    "History",
    "KnownPlace",
    "LeftOut",
    "Observations",
    "Refused",
    "Rule",
    "RuleExample",
    "Selection",
    "Settings",
    "Severity",
    "Skipped",
    "UnknownRuleError",
    "UnreadLines",
    "check",
    "examine",
    "examine_batch",
    "in_sequence",
    "inspect",
    "inspect_secrets",
    "judge",
    "observations",
    "part_of",
    "refusal",
    "rule_example",
    "select",
    "shown",
    "together_in_sequence",
    "unreadable",
    "unusual_events",
    "with_shown",
]
