"""Data for the page's template."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any, Final

from msgspec import Struct

from cancelnorm.check.distributions import Latency
from cancelnorm.check.finding import Finding, Rule, Severity
from cancelnorm.check.statistics import LEGS, GroupKey, Summary
from cancelnorm.escapes import printable
from cancelnorm.masking import without_secrets
from cancelnorm.report.html import charts
from cancelnorm.report.html.concerns import shown_concerns
from cancelnorm.report.html.shown_findings import ShownFindings
from cancelnorm.report.run import Run
from cancelnorm.schema import Evidence, Outcome
from cancelnorm.version import __version__

__all__ = ["rule_findings", "view"]

_ROWS: Final = 40
_LABEL: Final = 24
_OPEN: Final = 20  # findings of a rule that are not folded
_FEW: Final = 10  # fewer durations have no distribution to draw
_FEW_BARS: Final = 3
_SPANS: Final = 9  # drawn; the figures of more are folded
_FILES: Final = 5  # more are folded


class TableRow(Struct, frozen=True):
    """Row of a table: label, counts in the order of the columns, and their sum."""

    label: str
    counts: list[int]
    total: int


class ShownGroup(Struct, frozen=True):
    """A group of findings: their number, those that are shown, and the number of others, which is said below."""

    key: GroupKey
    count: int
    shown: list[Finding]
    more: int


class RuleFindings(Struct, frozen=True):
    """Findings of one rule, the largest groups first: those that are open, and those that are folded."""

    rule: Rule
    count: int
    groups: list[ShownGroup]

    @property
    def open(self) -> list[ShownGroup]:
        return list(_slice(self.groups, 0, _OPEN))

    @property
    def folded(self) -> list[ShownGroup]:
        return list(_slice(self.groups, _OPEN, sum(len(group.shown) for group in self.groups)))


def _slice(groups: Iterable[ShownGroup], start: int, end: int) -> Iterator[ShownGroup]:
    """Groups with the findings from ``start`` to ``end`` of all; the last part of a group tells how many are left."""
    at = 0
    for group in groups:
        shown = group.shown[max(start - at, 0) : max(end - at, 0)]
        at += len(group.shown)
        if shown:
            yield ShownGroup(group.key, group.count, shown, group.more if shown[-1] is group.shown[-1] else 0)


class LatencyRow(Struct, frozen=True):
    """Latency of a venue's cancels between two clocks."""

    venue: str
    leg: str
    latency: Latency
    quantiles: list[str]


def view(summary: Summary, shown: ShownFindings, run: Run) -> dict[str, Any]:
    """Variables of the template."""
    events = summary.events
    outcomes = [o for o in Outcome if any(other is o for _, _, other in events)]
    found = rule_findings(summary, shown)
    latency_rows, spans = _latency_rows(summary)
    line = summary.timeline
    drawn = charts.bars(line)
    starts = sorted({start for start, _ in drawn.bins})
    return {
        "summary": summary,
        "run": run,
        "inputs": [(file.name, _size(file.size_bytes), file.sha256) for file in run.inputs],
        "many_files": len(run.inputs) > _FILES,
        "version": __version__,
        "severities": list(reversed(Severity)),
        "outcomes": outcomes,
        "sums": Counter({o: sum(n for key, n in events.items() if key[2] is o) for o in outcomes}),
        "venues": _venues(summary, outcomes),
        "found": found,
        "orders": run.attention.orders,
        "concerns": shown_concerns(run.attention),
        "shown": sum(len(group.shown) for one in found for group in one.groups),
        "found_venues": sorted({f.venue or "" for one in found for group in one.groups for f in group.shown}),
        "timeline": charts.timeline(drawn) if len(starts) >= _FEW_BARS else None,
        "drawn": drawn,
        "width": _width(drawn.width),
        "times": [_time(second) for second in (line.first, line.last) if second is not None],
        "timeless": events.total() - line.bins.total() + drawn.undated,
        "latency_rows": latency_rows,
        "many_spans": len(spans) > _SPANS,
        "latency": charts.latencies(spans) if spans else None,
        "evidence": _evidence(summary, outcomes),
        "reasons": [
            ((venue, reason, without_secrets(code or "")), count)
            for (venue, reason, code), count in summary.reasons.most_common(_ROWS)
        ],
        "more_reasons": max(len(summary.reasons) - _ROWS, 0),
        "skipped": summary.skipped.most_common(_ROWS),
        "more_skipped": sum(n for _, n in summary.skipped.most_common()[_ROWS:]),
    }


def rule_findings(summary: Summary, shown: ShownFindings) -> list[RuleFindings]:
    """Findings by rule, the most severe first, then the most frequent."""
    by_group: defaultdict[GroupKey, list[Finding]] = defaultdict(list)
    for key, findings in shown.groups.items():
        known = key if key in summary.groups else GroupKey(key.code, "", "", "elsewhere")
        by_group[known] += findings
    groups: defaultdict[str, list[ShownGroup]] = defaultdict(list)
    for key, group in summary.groups.items():
        groups[key.code].append(ShownGroup(key, group.count, by_group[key], group.count - len(by_group[key])))
    found = [
        RuleFindings(
            summary.groups[found_groups[0].key].examples[0].rule,
            sum(group.count for group in found_groups),
            sorted(found_groups, key=lambda group: -group.count),
        )
        for found_groups in groups.values()
    ]
    return sorted(found, key=lambda one: (-one.rule.severity.rank, -one.count, one.rule.code))


def _venues(summary: Summary, outcomes: list[Outcome]) -> list[tuple[TableRow, list[TableRow]]]:
    """For each venue, its totals and a row for each endpoint, the most frequent first."""
    events = summary.events
    endpoints: defaultdict[str, set[str]] = defaultdict(set)
    for venue, endpoint, _ in events:
        endpoints[venue].add(endpoint)
    venues = []
    for venue in sorted(endpoints):
        rows = []
        for endpoint in sorted(endpoints[venue]):
            counts = [events[venue, endpoint, outcome] for outcome in outcomes]
            rows.append(TableRow(endpoint, counts, sum(counts)))
        sums = [sum(column) for column in zip(*(row.counts for row in rows), strict=True)]
        venues.append((TableRow(venue, sums, sum(sums)), sorted(rows, key=lambda row: -row.total)))
    return venues


def _evidence(summary: Summary, outcomes: list[Outcome]) -> list[TableRow]:
    """Row for each grade of evidence, the strongest first."""
    counts: Counter[tuple[Evidence, Outcome]] = Counter()
    for (outcome, evidence), n in summary.evidence.items():
        counts[evidence, outcome] += n
    rows = [
        (evidence, [counts[evidence, outcome] for outcome in outcomes]) for evidence in reversed(Evidence)
    ]
    return [TableRow(evidence.replace("_", " "), row, sum(row)) for evidence, row in rows if sum(row)]


def _latency_rows(summary: Summary) -> tuple[list[LatencyRow], list[charts.Span]]:
    rows, spans = [], []
    for (venue, leg), latency in sorted(
        summary.latencies.items(), key=lambda i: (i[0][0], LEGS.index(i[0][1]))
    ):
        values = [latency.quantile(share) for share in (0.1, 0.5, 0.9, 0.99)]
        ns = [value for value in values if value is not None]
        rows.append(LatencyRow(venue, leg, latency, [_duration(value) for value in ns[1:]]))
        if len(ns) == len(values) and latency.count >= _FEW:
            spans.append(charts.Span(f"{_short(venue)}, {leg}", *ns))
    return rows, spans


def _short(text: str) -> str:
    text = printable(text)
    return text if len(text) <= _LABEL else f"{text[:_LABEL]}…"


def _duration(ns: int) -> str:
    """A duration with three significant digits."""
    for unit, size in (("s", 1e9), ("ms", 1e6), ("µs", 1e3)):
        if ns >= size:
            return f"{_three_digits(ns / size)} {unit}"
    return f"{ns} ns"


def _size(size: int) -> str:
    """A size in bytes, and in a larger unit if that is shorter."""
    for unit, factor in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if size >= factor:
            return f"{size:,} bytes ({_three_digits(size / factor)} {unit})"
    return f"{size:,} byte{'' if size == 1 else 's'}"


def _three_digits(value: float) -> str:
    """A number with three significant digits, or all of those before the point."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def _width(seconds: int) -> str:
    for unit, size in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if seconds % size == 0:
            return f"{seconds // size:,} {unit}{'' if seconds == size else 's'}"
    return f"{seconds:,} second{'' if seconds == 1 else 's'}"


def _time(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%S")
