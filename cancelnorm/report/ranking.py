"""Findings of a run by rule and location, in the order in which people read them."""

from collections import defaultdict

from msgspec import Struct

from cancelnorm.check.finding import Rule
from cancelnorm.check.statistics import Group, GroupKey, Summary

__all__ = ["RankedRule", "ranked"]


class RankedRule(Struct, frozen=True):
    """Findings of one rule by location, the most frequent first."""

    rule: Rule
    count: int
    locations: list[tuple[GroupKey, Group]]


def ranked(summary: Summary) -> list[RankedRule]:
    """Findings by rule, the most severe first, then the most frequent."""
    by_rule: defaultdict[str, list[tuple[GroupKey, Group]]] = defaultdict(list)
    for key, group in summary.groups.items():
        by_rule[key.code].append((key, group))
    found = [
        RankedRule(groups[0][1].examples[0].rule, sum(group.count for _, group in groups), groups)
        for groups in by_rule.values()
    ]
    for one in found:
        one.locations.sort(key=lambda item: -item[1].count)
    return sorted(found, key=lambda one: (-one.rule.severity.rank, -one.count, one.rule.code))
