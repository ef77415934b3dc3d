"""Short reports: findings alone, and the number of findings of each rule."""

import json
from collections import Counter
from collections.abc import Callable
from typing import Final

from cancelnorm.check import RULES, Finding
from cancelnorm.check.statistics import Summary
from cancelnorm.report import WRITERS, Run, Writer

__all__ = ["STATISTICS", "without_totals"]


class _RuleCounts:
    """Writer of the number of findings of each rule, the most frequent first."""

    def __init__(self, write: Callable[[str], object]) -> None:
        self._write = write

    def begin(self, _run: Run) -> None:
        """Write nothing: there is no header."""

    def add(self, _finding: Finding) -> None:
        """Write nothing: the summary has the counts."""

    def end(self, summary: Summary) -> None:
        """Write a line for each rule with findings."""
        for code, count in _counts(summary):
            rule = RULES[code]
            self._write(f"{count:>9,}  {code}  {rule.severity:<7}  {rule.name}\n")


class _RuleCountsJson(_RuleCounts):
    """The same as a JSON array."""

    def end(self, summary: Summary) -> None:
        """Write an object for each rule with findings."""
        rows = [
            {"code": code, "name": RULES[code].name, "severity": RULES[code].severity, "count": count}
            for code, count in _counts(summary)
        ]
        self._write(f"{json.dumps(rows, indent=2)}\n")


def _counts(summary: Summary) -> list[tuple[str, int]]:
    """Codes of rules with the number of their findings, the most frequent first."""
    counts: Counter[str] = Counter()
    for key, group in summary.groups.items():
        counts[key.code] += group.count
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


STATISTICS: Final = {"text": _RuleCounts, "json": _RuleCountsJson}
"""Form → writer of the number of findings of each rule."""


class _WithoutTotals:
    """Writer of findings as another one writes them, without its footer."""

    def __init__(self, writer: Writer) -> None:
        self.begin = writer.begin
        self.add = writer.add

    def end(self, _summary: Summary) -> None:
        """Write nothing."""


_QUIET: Final = {"text": "concise", "concise": "concise", "full": "full"}


def without_totals(output_format: str, write: Callable[[str], object]) -> Writer:
    """Writer of a format for ``--quiet``: for people, findings alone; programs get what they always get."""
    if output_format in _QUIET:
        return _WithoutTotals(WRITERS[_QUIET[output_format]](write))
    return WRITERS[output_format](write)
