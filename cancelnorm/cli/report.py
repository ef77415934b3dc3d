"""Report of a run: the findings that are neither ignored nor known, counted and written."""

from msgspec import Struct

from cancelnorm.check import Baseline, Finding
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
    needs_source: bool = False  # a finding without source is about a record outside the selection

    def add(self, finding: Finding) -> None:
        """Count and write a finding, unless it is ignored or known."""
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
