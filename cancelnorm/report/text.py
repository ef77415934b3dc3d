"""Findings for someone with a broken log and no patience: the gravest first, then counts."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from typing import Final

from msgspec import Struct

from cancelnorm.check.finding import Finding, Rule, Severity
from cancelnorm.check.statistics import Group, GroupKey, Summary
from cancelnorm.report.lines import brief, counted, total, what
from cancelnorm.report.sentences import printable
from cancelnorm.report.text_columns import aligned
from cancelnorm.schema import Outcome

__all__ = ["Text"]

_ERRORS: Final = 20  # errors that are read one by one
_PLACES: Final = 5  # places that are shown of a rule
_EXAMPLES: Final = 3  # findings that are shown of a place
_FRAMES: Final = 5  # kinds of skipped frames that are shown


class Text:
    """The first errors as they come; at the end all findings by rule and place, and the counts.

    What is written stays small, however long the log.
    """

    def __init__(self, write: Callable[[str], object]) -> None:
        self._write = write
        self._errors = 0

    def begin(self) -> None:
        """Nothing stands before the first error."""

    def add(self, finding: Finding) -> None:
        """Write an error, if it is one of the first."""
        if finding.severity is not Severity.ERROR:
            return
        self._errors += 1
        if self._errors <= _ERRORS:
            self._write(f"{brief(finding)}\n")

    def end(self, summary: Summary) -> None:
        """Write what was found by what it has in common, what was skipped, the outcomes and the total."""
        more = self._errors - _ERRORS
        if more > 0:
            self._write(f"... and {counted(more, 'more error')}\n")
        if self._errors:
            self._write("\n")
        for lines in (*_rules(summary), _skipped(summary), _outcomes(summary)):
            if lines:
                self._write("\n".join((*lines, "", "")))
        self._write(f"{total(summary)}\n")


class _Found(Struct, frozen=True):
    """All that one rule found, by place, the most frequent first."""

    rule: Rule
    count: int
    places: list[tuple[GroupKey, Group]]


def _ranked(summary: Summary) -> list[_Found]:
    """Findings by rule, the gravest first, then the most frequent."""
    places: defaultdict[str, list[tuple[GroupKey, Group]]] = defaultdict(list)
    for key, group in summary.groups.items():
        places[key.code].append((key, group))
    found = [
        _Found(groups[0][1].examples[0].rule, sum(group.count for _, group in groups), groups)
        for groups in places.values()
    ]
    for one in found:
        one.places.sort(key=lambda item: -item[1].count)
    return sorted(found, key=lambda one: (-one.rule.severity.rank, -one.count, one.rule.code))


def _rules(summary: Summary) -> Iterator[list[str]]:
    """A block of lines for each rule; examples only where not all of it was written one by one."""
    for found in _ranked(summary):
        rule = found.rule
        shown = rule.severity is Severity.ERROR and summary.severities[Severity.ERROR] <= _ERRORS
        yield [
            f"{rule.severity} {rule.code} {rule.name}: {counted(found.count, 'finding')}",
            f"  {printable(rule.why)}",
            f"  {printable(rule.todo)}",
            *_places(found.places, examples=0 if shown else _EXAMPLES),
        ]


def _places(places: list[tuple[GroupKey, Group]], *, examples: int) -> Iterator[str]:
    """Lines for the places at which a rule found something, each with its first findings."""
    for key, group in places[:_PLACES]:
        where = " ".join(part for part in (key.venue, key.endpoint, key.path) if part)
        yield f"{group.count:>9,}  {printable(where)}"
        messages: defaultdict[str, list[str]] = defaultdict(list)
        for finding in group.examples[:examples]:
            messages[what(finding)].append(finding.source or finding.path)
        for message, sources in messages.items():
            yield f"           {printable(', '.join(dict.fromkeys(sources)))}: {message}"
    if rest := places[_PLACES:]:
        count = sum(group.count for _, group in rest)
        yield f"{count:>9,}  at {counted(len(rest), 'other place')}"


def _skipped(summary: Summary) -> list[str]:
    """Lines for the frames that are not about a cancel, by what they are."""
    if not summary.skipped:
        return []
    kinds = summary.skipped.most_common()
    lines = [f"{count:>9,}  {printable(kind)}" for kind, count in kinds[:_FRAMES]]
    if rest := kinds[_FRAMES:]:
        lines.append(f"{sum(count for _, count in rest):>9,}  of {counted(len(rest), 'other kind')}")
    return ["skipped, not about a cancel", *lines]


def _outcomes(summary: Summary) -> list[str]:
    """A table of the events by venue and outcome, sums last."""
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
