"""Data for the page's template."""

from collections import Counter, defaultdict
from datetime import UTC, datetime
from typing import Any, Final

from msgspec import Struct

from cancelnorm.check.finding import Finding, Rule, Severity
from cancelnorm.check.statistics import LEGS, GroupKey, Latency, Summary
from cancelnorm.report.html import charts
from cancelnorm.report.html.shown_findings import ShownFindings
from cancelnorm.report.sentences import printable
from cancelnorm.schema import Evidence, Outcome

__all__ = ["view"]

_ROWS: Final = 40
_LABEL: Final = 24


class TableRow(Struct, frozen=True):
    """Row of a table: label, counts in the order of the columns, and their sum."""

    label: str
    counts: list[int]
    total: int


class ShownGroup(Struct, frozen=True):
    """A group of findings: their number, and those that are shown."""

    key: GroupKey
    count: int
    shown: list[Finding]


class RuleFindings(Struct, frozen=True):
    """Findings of one rule, the largest groups first."""

    rule: Rule
    count: int
    groups: list[ShownGroup]


class LatencyRow(Struct, frozen=True):
    """Latency of a venue's cancels between two clocks."""

    venue: str
    leg: str
    latency: Latency
    quantiles: list[str]


def view(summary: Summary, shown: ShownFindings) -> dict[str, Any]:
    """Variables of the template."""
    events = summary.events
    outcomes = [o for o in Outcome if any(other is o for _, _, other in events)]
    found = _rule_findings(summary, shown)
    latency_rows, spans = _latency_rows(summary)
    drawn = charts.bars(summary.timeline)
    starts = sorted({start for start, _ in drawn.bins})
    return {
        "summary": summary,
        "severities": list(reversed(Severity)),
        "outcomes": outcomes,
        "sums": Counter({o: sum(n for key, n in events.items() if key[2] is o) for o in outcomes}),
        "venues": _venues(summary, outcomes),
        "found": found,
        "shown": sum(len(group.shown) for one in found for group in one.groups),
        "found_venues": sorted({f.venue or "" for one in found for group in one.groups for f in group.shown}),
        "timeline": charts.timeline(drawn) if drawn.bins else None,
        "drawn": drawn,
        "width": _width(drawn.width),
        "times": [_time(starts[0]), _time(starts[-1] + drawn.width)] if starts else [],
        "timeless": events.total() - summary.timeline.bins.total() + drawn.undated,
        "latency_rows": latency_rows,
        "latency": charts.latencies(spans) if spans else None,
        "evidence": _evidence(summary, outcomes),
        "reasons": summary.reasons.most_common(_ROWS),
        "more_reasons": max(len(summary.reasons) - _ROWS, 0),
        "skipped": summary.skipped.most_common(_ROWS),
        "more_skipped": sum(n for _, n in summary.skipped.most_common()[_ROWS:]),
    }


def _rule_findings(summary: Summary, shown: ShownFindings) -> list[RuleFindings]:
    """Findings by rule, the most severe first, then the most frequent."""
    by_group: defaultdict[GroupKey, list[Finding]] = defaultdict(list)
    for key, findings in shown.groups.items():
        known = key if key in summary.groups else GroupKey(key.code, "", "", "elsewhere")
        by_group[known] += findings
    groups: defaultdict[str, list[ShownGroup]] = defaultdict(list)
    for key, group in summary.groups.items():
        groups[key.code].append(ShownGroup(key, group.count, by_group[key]))
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
        if ns:
            spans.append(charts.Span(f"{_short(venue)}, {leg}", *ns))
    return rows, spans


def _short(text: str) -> str:
    text = printable(text)
    return text if len(text) <= _LABEL else f"{text[:_LABEL]}…"


def _duration(ns: int) -> str:
    """A duration with three significant digits."""
    for unit, size in (("s", 1e9), ("ms", 1e6), ("µs", 1e3)):
        if ns >= size:
            value = ns / size
            return f"{value:,.0f} {unit}" if value >= 100 else f"{value:.3g} {unit}"
    return f"{ns} ns"


def _width(seconds: int) -> str:
    for unit, size in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if seconds % size == 0:
            return f"{seconds // size:,} {unit}{'' if seconds == size else 's'}"
    return f"{seconds:,} second{'' if seconds == 1 else 's'}"


def _time(seconds: int) -> str:
    return datetime.fromtimestamp(min(seconds, 253_402_300_799), UTC).strftime("%Y-%m-%d %H:%M:%S")
