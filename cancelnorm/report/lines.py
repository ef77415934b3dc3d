"""Findings as lines of text: one line each, or with excerpt and remedy."""

from collections.abc import Callable, Iterable, Iterator
from itertools import cycle

from cancelnorm.check.finding import AlikeFindings, Excerpt, Finding, Severity
from cancelnorm.check.statistics import Summary
from cancelnorm.escapes import is_plain, printable
from cancelnorm.report.run import Run
from cancelnorm.report.text_columns import width

__all__ = ["Concise", "Full", "brief", "briefs", "counted", "line", "location_of", "message_of", "total"]


def location_of(finding: Finding) -> str:
    """Location of a finding, as ``file:line:column: path``; the column is left out if it is not known."""
    if not finding.source:
        return printable(finding.path)
    columns = finding.columns
    column = f":{columns[0]}" if columns else ""
    return printable(f"{finding.source}{column}: {finding.path}")


def brief(finding: Finding) -> str:
    """A finding in one line, as ``file:line: path: message``."""
    return f"{location_of(finding)}: {message_of(finding)}"


def briefs(found: AlikeFindings) -> Iterable[str]:
    """The same of each of the findings that are alike."""
    paths = [finding.path for finding in found.findings]
    places: Iterable[str] = [
        f"{source}: {path}" if source else path for source in found.sources for path in paths
    ]
    if not is_plain("".join(places)):
        places = map(printable, places)
    messages = cycle(map(message_of, found.findings))
    return [f"{place}: {message}" for place, message in zip(places, messages, strict=False)]


def line(finding: Finding) -> str:
    """A finding in one line, as ``file:line: path: code severity name: message``."""
    rule = finding.rule
    return f"{location_of(finding)}: {printable(f'{rule.code} {rule.severity} {rule.name}')}: {message_of(finding)}"


def message_of(finding: Finding) -> str:
    """Message of a finding, with the source of the other record if there is one."""
    see = f" (see {finding.related})" if finding.related else ""
    return printable(f"{finding.message}{see}")


def counted(count: int, noun: str) -> str:
    """A count with its noun, in the plural if needed."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def total(summary: Summary) -> str:
    """Records, events and findings of a run in one line."""
    records = (
        f"{summary.understood:,} understood",
        f"{summary.skipped.total():,} skipped",
        f"{summary.refused:,} refused",
        *([f"{summary.unanswered:,} unanswered"] if summary.unanswered else []),
    )
    findings = ", ".join(counted(summary.severities[severity], severity) for severity in reversed(Severity))
    events = counted(summary.events.total(), "event")
    text = f"; {counted(summary.text_lines, 'line')} of text" if summary.text_lines else ""
    return f"{counted(summary.records, 'record')} = {' + '.join(records)}; {events}; {findings}{text}"


class Concise:
    """Writer of one line per finding, then the total."""

    def __init__(self, write: Callable[[str], object]) -> None:
        self._write = write

    def begin(self, _run: Run) -> None:
        """Write nothing: there is no header."""

    def add(self, finding: Finding) -> None:
        """Write a finding."""
        self._write(f"{line(finding)}\n")

    def end(self, summary: Summary) -> None:
        """Write the total."""
        self._write(f"{total(summary)}\n")


class Full:
    """Writer of every finding with excerpt, explanation and remedy; then the total."""

    def __init__(self, write: Callable[[str], object]) -> None:
        self._write = write

    def begin(self, _run: Run) -> None:
        """Write nothing: there is no header."""

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
    """An excerpt, and a line of carets under its marked part."""
    before, marked, after = (printable(text) for text in (excerpt.before, excerpt.marked, excerpt.after))
    yield f"  | {before}{marked}{after}"
    if marked:
        yield f"  | {' ' * width(before)}{'^' * max(width(marked), 1)}"
