"""Report of a run: the findings that are neither ignored nor known, counted and written."""

from itertools import islice

from msgspec import Struct

from cancelnorm.check import AlikeFindings, Baseline, Finding
from cancelnorm.check.statistics import Summary
from cancelnorm.cli.patterns import FileRules
from cancelnorm.report import Writer

__all__ = ["Report"]


class Report(Struct):
    """Receives all findings of a run in order; ``known`` findings are only counted, in ``known_findings``.

    ``recorded``, a new baseline, gets every finding that is not ignored.
    """

    summary: Summary
    writer: Writer
    rules: frozenset[str]
    file_rules: FileRules
    known: Baseline | None = None
    recorded: Baseline | None = None
    known_findings: int = 0
    most_alike: int | None = None  # that the writer needs, of findings that are alike; None for all
    needs_source: bool = False  # a finding without source is about a record outside the selection

    def add(self, found: Finding | AlikeFindings) -> None:
        """Count and write a finding, or each of some that are alike, unless it is ignored or known."""
        if isinstance(found, Finding):
            self._add(found)
        elif self.file_rules.rules or self.recorded is not None or self.known is not None:
            for finding in found.each():
                self._add(finding)
        else:  # they are of the rules: no others are found in a single record
            self.summary.find_alike(found)
            most = None if self.most_alike is None else self.most_alike * len(found.findings)
            for finding in islice(found.each(), most):
                self.writer.add(finding)

    def _add(self, finding: Finding) -> None:
        if finding.rule.code not in self.rules or self.file_rules.ignores(finding):
            return
        if self.needs_source and finding.source is None:
            return
        if self.recorded is not None:
            self.recorded.add(finding)
        if self.known is not None and self.known.take(finding):
            self.known_findings += 1
            return
        self.summary.find(finding)
        self.writer.add(finding)
