"""Findings as Markdown, for the summary of a job or a comment on a change.

https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#adding-a-job-summary
"""

import re
from collections.abc import Callable, Iterator
from typing import Final

from cancelnorm.check.finding import Finding, Severity
from cancelnorm.check.statistics import Summary
from cancelnorm.escapes import printable
from cancelnorm.report.lines import counted, location_of, message_of, total
from cancelnorm.report.ranking import RankedRule, ranked
from cancelnorm.report.run import Run

__all__ = ["Markdown"]

_RULES: Final = 30
_LOCATIONS: Final = 5  # shown for each rule; each shows its first findings
_WIDTH: Final = 300  # characters of a message; a comment on GitHub has at most 65,536
_BACKTICKS: Final = re.compile("`+")
# A hyphen within a word, an apostrophe, a comma or a semicolon is never markup.
_MARKUP: Final = re.compile(r"(?!(?<=[A-Za-z])-(?=[A-Za-z]))[^A-Za-z0-9 ',;]")


class Markdown:
    """Writer of a title, a table of rules, and the first findings of each, at the end of the run.

    The document fits into a comment for any log. Texts of the log stand in code spans, so none of them is markup,
    a link or a mention.
    """

    def __init__(self, write: Callable[[str], object]) -> None:
        self._write = write

    def begin(self, _run: Run) -> None:
        """Write nothing: the title has the counts."""

    def add(self, _finding: Finding) -> None:
        """Store nothing: the summary has the first findings of each rule and location."""

    def end(self, summary: Summary) -> None:
        """Write the document."""
        lines = [f"### cancelnorm: {_title(summary)}", "", total(summary), ""]
        rules = ranked(summary)
        shown = rules[:_RULES]
        if shown:
            lines += ["| severity | rule | findings | why it matters |", "| --- | --- | ---: | --- |"]
            lines += [_row(found) for found in shown]
            lines.append("")
        for found in shown:
            lines += _details(found)
        if rest := rules[_RULES:]:
            lines += [f"And {counted(sum(found.count for found in rest), 'finding')} of other rules.", ""]
        self._write("\n".join(lines))


def _title(summary: Summary) -> str:
    counts = [
        counted(summary.severities[severity], severity)
        for severity in reversed(Severity)
        if summary.severities[severity]
    ]
    return f"{', '.join(counts) or 'no findings'} in {counted(summary.records, 'record')}"


def _row(found: RankedRule) -> str:
    rule = found.rule
    return (
        f"| {rule.severity} | {_text(rule.code)} {_text(rule.name)} | {found.count:,} | {_text(rule.why)} |"
    )


def _details(found: RankedRule) -> Iterator[str]:
    """Folded findings of a rule; those of errors are open."""
    rule = found.rule
    is_open = " open" if rule.severity is Severity.ERROR else ""
    title = f"{_text(rule.code)} {_text(rule.name)}: {counted(found.count, 'finding')}"
    yield f"<details{is_open}><summary>{title}</summary>"
    yield ""
    yield f"{_text(rule.todo)}"
    yield ""
    shown = [finding for _, group in found.locations[:_LOCATIONS] for finding in group.examples]
    for finding in shown:
        yield f"- {_code(location_of(finding))}: {_code(message_of(finding))}"
    if more := found.count - len(shown):
        yield f"- and {more:,} more"
    yield ""
    yield "</details>"
    yield ""


def _text(text: str) -> str:
    """Text without markup: every character that could be some is written as its number."""
    return _MARKUP.sub(lambda match: f"&#{ord(match[0])};", printable(text))


def _code(text: str) -> str:
    """A code span: between more backticks than the text has in a row."""
    text = printable(text)
    if len(text) > _WIDTH:
        text = f"{text[: _WIDTH - 3]}..."
    if not text.strip():
        return _text(text)
    longest = max((len(ticks) for ticks in _BACKTICKS.findall(text)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if text.startswith(("`", " ")) or text.endswith(("`", " ")) else ""
    return f"{fence}{pad}{text}{pad}{fence}"
