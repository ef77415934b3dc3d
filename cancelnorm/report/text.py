"""Findings as a summary for people: the most severe first, then counts."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from typing import Final

from cancelnorm.check.finding import Finding, Severity
from cancelnorm.check.statistics import Group, GroupKey, Summary
from cancelnorm.escapes import printable
from cancelnorm.report.lines import brief, counted, message_of, total
from cancelnorm.report.ranking import ranked
from cancelnorm.report.run import Run
from cancelnorm.report.text_columns import aligned
from cancelnorm.report.writers import MOST_ALIKE
from cancelnorm.schema import Outcome

__all__ = ["Text"]

_ERRORS: Final = MOST_ALIKE["text"]  # errors printed one by one
_LOCATIONS: Final = 5  # locations shown for each rule
_EXAMPLES: Final = 3  # findings shown for each location
_FRAMES: Final = 5  # kinds of skipped frames shown with their number
_NAMES: Final = 20  # and more of which only the name is shown


class Text:
    """Writer of the first errors as they occur; at the end, of all findings by rule and location, and the counts.

    The output stays short for any log.
    """

    def __init__(self, write: Callable[[str], object]) -> None:
        self._write = write
        self._errors = 0  # that were written

    def begin(self, _run: Run) -> None:
        """Write nothing: there is no header."""

    def add(self, finding: Finding) -> None:
        """Write an error, if it is one of the first."""
        if finding.severity is Severity.ERROR and self._errors < _ERRORS:
            self._errors += 1
            self._write(f"{brief(finding)}\n")

    def end(self, summary: Summary) -> None:
        """Write the grouped findings, the skipped frames, the outcomes and the total."""
        more = summary.severities[Severity.ERROR] - self._errors
        if more > 0:
            self._write(f"... and {counted(more, 'more error')}\n")
        if self._errors:
            self._write("\n")
        for lines in (*_rules(summary), _skipped(summary), _outcomes(summary)):
            if lines:
                self._write("\n".join((*lines, "", "")))
        self._write(f"{total(summary)}\n")


def _rules(summary: Summary) -> Iterator[list[str]]:
    """Lines for each rule; with examples unless every finding was printed already."""
    for found in ranked(summary):
        rule = found.rule
        shown = rule.severity is Severity.ERROR and summary.severities[Severity.ERROR] <= _ERRORS
        yield [
            f"{rule.severity} {rule.code} {rule.name}: {counted(found.count, 'finding')}",
            f"  {printable(rule.why)}",
            f"  {printable(rule.todo)}",
            *_locations(found.locations, examples=0 if shown else _EXAMPLES),
        ]


def _locations(locations: list[tuple[GroupKey, Group]], *, examples: int) -> Iterator[str]:
    """Lines for the locations of a rule's findings, each with its first findings."""
    for key, group in locations[:_LOCATIONS]:
        location = " ".join(text for text in (key.venue, key.endpoint, key.path) if text)
        yield f"{group.count:>9,}  {printable(location)}"
        messages: defaultdict[str, list[str]] = defaultdict(list)
        for finding in group.examples[:examples]:
            messages[message_of(finding)].append(finding.source or finding.path)
        for message, sources in messages.items():
            yield f"           {printable(', '.join(dict.fromkeys(sources)))}: {message}"
    if rest := locations[_LOCATIONS:]:
        count = sum(group.count for _, group in rest)
        yield f"{count:>9,}  at {counted(len(rest), 'other location')}"


def _skipped(summary: Summary) -> list[str]:
    """Lines for the skipped frames, by kind."""
    if not summary.skipped:
        return []
    frames = summary.skipped.most_common()
    lines = [f"{count:>9,}  {printable(frame)}" for frame, count in frames[:_FRAMES]]
    if rest := frames[_FRAMES:]:
        names = ", ".join(printable(frame) for frame, _ in rest[:_NAMES])
        lines.append(f"{sum(count for _, count in rest):>9,}  of {counted(len(rest), 'other kind')}")
        lines.append(f"           {names}{', ...' if len(rest) > _NAMES else ''}")
    return ["skipped, not about a cancel", *lines]


def _outcomes(summary: Summary) -> list[str]:
    """Table of events by venue and outcome, totals last."""
    counts: Counter[tuple[str, Outcome]] = Counter()
    for verdict, count in summary.verdicts.items():
        counts[verdict.venue, verdict.outcome] += count
    if not counts:
        return []
    outcomes = [outcome for outcome in Outcome if any(other is outcome for _, other in counts)]
    venues = sorted({venue for venue, _ in counts})
    rows = {printable(venue): [counts[venue, outcome] for outcome in outcomes] for venue in venues}
    if len(rows) > 1:
        rows["all"] = [sum(column) for column in zip(*rows.values(), strict=True)]
    body = [(venue, *(f"{n:,}" for n in (*row, sum(row)))) for venue, row in rows.items()]
    return list(aligned([("venue", *outcomes, "events"), *body]))
