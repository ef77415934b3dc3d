"""Findings as lines of text: one each, or with the place in the payload and what to do."""

from collections.abc import Callable, Iterator

from cancelnorm.check.finding import Excerpt, Finding, Severity
from cancelnorm.check.statistics import Summary
from cancelnorm.report.sentences import printable
from cancelnorm.report.text_columns import width

__all__ = ["Concise", "Full", "brief", "counted", "line", "place", "total", "what"]


def place(finding: Finding) -> str:
    """Location of a finding, as ``file:line: path``."""
    return printable(f"{finding.source}: {finding.path}" if finding.source else finding.path)


def brief(finding: Finding) -> str:
    """Say in one line what was refused, as ``file:line: path: message``."""
    return f"{place(finding)}: {what(finding)}"


def line(finding: Finding) -> str:
    """Say in one line what was found, as ``file:line: path: code severity name: message``."""
    rule = finding.rule
    return f"{place(finding)}: {printable(f'{rule.code} {rule.severity} {rule.name}')}: {what(finding)}"


def what(finding: Finding) -> str:
    """Say what was found, and where the other record is where it takes two."""
    see = f" (see {finding.related})" if finding.related else ""
    return printable(f"{finding.message}{see}")


def counted(count: int, noun: str) -> str:
    """A number of things."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def total(summary: Summary) -> str:
    """Say in one line how many records there were, what became of them, and what was found."""
    parts = (
        f"{summary.understood:,} understood",
        f"{summary.skipped.total():,} skipped",
        f"{summary.refused:,} refused",
    )
    grave = ", ".join(counted(summary.severities[severity], severity) for severity in reversed(Severity))
    events = counted(summary.events.total(), "event")
    return f"{counted(summary.records, 'record')} = {' + '.join(parts)}; {events}; {grave}"


class Concise:
    """One line a finding, then the total."""

    def __init__(self, write: Callable[[str], object]) -> None:
        self._write = write

    def begin(self) -> None:
        """Nothing stands before the first finding."""

    def add(self, finding: Finding) -> None:
        """Write a finding."""
        self._write(f"{line(finding)}\n")

    def end(self, summary: Summary) -> None:
        """Write the total."""
        self._write(f"{total(summary)}\n")


class Full:
    """Every finding with the place in the payload, why it matters and what to do; then the total."""

    def __init__(self, write: Callable[[str], object]) -> None:
        self._write = write

    def begin(self) -> None:
        """Nothing stands before the first finding."""

    def add(self, finding: Finding) -> None:
        """Write a finding and an empty line."""
        lines = [line(finding)]
        if finding.excerpt is not None:
            lines += _underlined(finding.excerpt)
        lines += [f"  = why: {printable(finding.rule.why)}", f"  = do:  {printable(finding.rule.todo)}"]
        self._write("\n".join((*lines, "", "")))

    def end(self, summary: Summary) -> None:
        """Write the total."""
        self._write(f"{total(summary)}\n")


def _underlined(excerpt: Excerpt) -> Iterator[str]:
    """A piece of a payload, and below it carets under the part that is meant."""
    before, marked, after = (printable(part) for part in (excerpt.before, excerpt.marked, excerpt.after))
    yield f"  | {before}{marked}{after}"
    if marked:
        yield f"  | {' ' * width(before)}{'^' * max(width(marked), 1)}"
