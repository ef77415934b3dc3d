"""Counts of a run: records, outcomes, findings, times and latencies, in bounded memory."""

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from typing import Final, NamedTuple

from msgspec import Struct, field

from cancelnorm.check.finding import AlikeFindings, Finding, Severity
from cancelnorm.check.plain_lines import PlainLines
from cancelnorm.schema import CancelEvent, EventKind, Evidence, Normalised, Outcome

__all__ = ["LEGS", "YEAR_10000", "Group", "GroupKey", "Latency", "Summary", "Timeline", "group_key"]

YEAR_10000: Final = 253_402_300_800
"""The end of the calendar in seconds since the epoch, which times of a clock in a wrong unit exceed."""

_MAX_GROUPS: Final = 500
_EXAMPLES: Final = 3
_NS_PER_S: Final = 1_000_000_000

LEGS: Final = ("sent to engine", "engine to received", "sent to received")
"""Segments of a cancel's latency, named by the clocks at their ends."""


class Timeline(Struct):
    """Number of events of each outcome over time.

    ``bins`` maps (start of the bin in seconds since the epoch, outcome) to the number of events. ``width`` is
    the length of a bin in seconds. It grows when there are more than a few thousand bins; each width divides
    the next, so the result does not depend on the order of merges. ``first`` and ``last`` are the seconds of the
    first and the last event, those outside the calendar left out.
    """

    width: int = 1
    bins: Counter[tuple[int, Outcome]] = field(default_factory=Counter)
    first: int | None = None
    last: int | None = None

    def add(self, seconds: int, outcome: Outcome, count: int = 1) -> None:
        """Count events at a second since the epoch."""
        if 0 <= seconds < YEAR_10000:
            self._reach(seconds)
        self._count(seconds, outcome, count)

    def _reach(self, seconds: int) -> None:
        if self.first is None or seconds < self.first:
            self.first = seconds
        if self.last is None or seconds > self.last:
            self.last = seconds

    def _count(self, seconds: int, outcome: Outcome, count: int) -> None:
        self.bins[seconds - seconds % self.width, outcome] += count
        if len(self.bins) > _MAX_BINS:
            self._coarsen()

    def merge(self, other: "Timeline") -> None:
        """Add the counts of another one."""
        while self.width < other.width:
            self._widen()
        for seconds in (other.first, other.last):
            if seconds is not None:
                self._reach(seconds)
        for (start, outcome), count in other.bins.items():
            self._count(start, outcome, count)

    def _coarsen(self) -> None:
        while len(self.bins) > _MAX_BINS and self.width != _WIDTHS[-1]:
            self._widen()

    def _widen(self) -> None:
        self.width = _WIDTHS[_WIDTHS.index(self.width) + 1]
        bins: Counter[tuple[int, Outcome]] = Counter()
        for (start, outcome), count in self.bins.items():
            bins[start - start % self.width, outcome] += count
        self.bins = bins


_MAX_BINS: Final = 4_096
_WIDTHS: Final = (1, 5, 15, 60, 300, 900, 3_600, 21_600, 86_400, 2_592_000, 31_104_000, 3_110_400_000)


class Latency(Struct):
    """Distribution of durations in bins of about 10% relative width; least and greatest are exact.

    Negative durations, which come from clocks that disagree, are counted separately.
    """

    count: int = 0
    negative: int = 0
    least_ns: int | None = None
    greatest_ns: int | None = None
    bins: Counter[int] = field(default_factory=Counter)

    def add(self, durations: Sequence[int]) -> None:
        """Count durations."""
        least, greatest = min(durations), max(durations)
        self.count += len(durations)
        self._extend_range(least)
        self._extend_range(greatest)
        if least < 0:
            self.negative += sum(ns < 0 for ns in durations)
            durations = [ns for ns in durations if ns >= 0]
        self.bins.update(
            [ns >> shift << shift if (shift := ns.bit_length() - 4) > 0 else ns for ns in durations]
        )

    def _extend_range(self, ns: int) -> None:
        """Extend the range from least to greatest."""
        if self.least_ns is None or ns < self.least_ns:
            self.least_ns = ns
        if self.greatest_ns is None or ns > self.greatest_ns:
            self.greatest_ns = ns

    def merge(self, other: "Latency") -> None:
        """Add the counts of another one."""
        self.count += other.count
        self.negative += other.negative
        for ns in (other.least_ns, other.greatest_ns):
            if ns is not None:
                self._extend_range(ns)
        self.bins.update(other.bins)

    def quantile(self, share: float) -> int | None:
        """Quantile of the non-negative durations in ns, accurate to about 10%."""
        rest = share * self.bins.total()
        for start in sorted(self.bins):
            rest -= self.bins[start]
            if rest <= 0:
                return max(start, self.least_ns or 0)
        return None


def _second(event: CancelEvent) -> int | None:
    """Time of an event in seconds since the epoch, by the venue's clock if it has one."""
    ns = event.event_ns or event.response_ns or event.received_ns or event.sent_ns
    return None if ns is None else ns // _NS_PER_S


def _engine_of(first: CancelEvent) -> int | None:
    """The engine's time of a record with such a first event, from which latencies are measured."""
    is_report = first.evidence is Evidence.FINAL_REPORT and first.kind is EventKind.ORDER
    return first.event_ns if is_report else None


class GroupKey(Struct, frozen=True):
    """Key for grouping findings: rule, venue, endpoint and path, with ``[*]`` for any index."""

    code: str
    venue: str
    endpoint: str
    path: str


def group_key(finding: Finding) -> GroupKey:
    """Key of the group of a finding."""
    return GroupKey(finding.rule.code, finding.venue or "", finding.endpoint or "", finding.path_shape)


class VerdictKey(NamedTuple):
    """Key for counting events."""

    venue: str
    endpoint: str
    outcome: Outcome
    evidence: Evidence


class Group(Struct):
    """Findings with the same key: their number and the first few."""

    count: int = 0
    examples: list[Finding] = field(default_factory=list)


class Summary(Struct):
    """All counts of a run; ``merge`` adds those of the next batch."""

    files: int = 0
    understood: int = 0
    refused: int = 0
    unanswered: int = 0
    skipped: Counter[str] = field(default_factory=Counter)  # frame → records
    text_lines: int = 0  # lines of logs that hold no record
    verdicts: Counter[VerdictKey] = field(default_factory=Counter)
    reasons: Counter[tuple[str, str, str]] = field(default_factory=Counter)  # venue, reason, venue's code
    severities: Counter[Severity] = field(default_factory=Counter)
    groups: dict[GroupKey, Group] = field(default_factory=dict)
    timeline: Timeline = field(default_factory=Timeline)
    latencies: dict[tuple[str, str], Latency] = field(default_factory=dict)  # venue, one of LEGS

    @property
    def records(self) -> int:
        """Number of records read: understood, skipped, refused, and requests without an answer."""
        return self.understood + self.skipped.total() + self.refused + self.unanswered

    @property
    def events(self) -> Counter[tuple[str, str, Outcome]]:
        """Events by venue, endpoint and outcome."""
        found: Counter[tuple[str, str, Outcome]] = Counter()
        for verdict, count in self.verdicts.items():
            found[verdict.venue, verdict.endpoint, verdict.outcome] += count
        return found

    @property
    def evidence(self) -> Counter[tuple[Outcome, Evidence]]:
        """Events by outcome and evidence."""
        found: Counter[tuple[Outcome, Evidence]] = Counter()
        for verdict, count in self.verdicts.items():
            found[verdict.outcome, verdict.evidence] += count
        return found

    def skip(self, frame: str, count: int = 1) -> None:
        """Count frames that are not about a cancel."""
        if frame not in self.skipped and len(self.skipped) >= _MAX_GROUPS:
            frame = "other"
        self.skipped[frame] += count

    def add_unanswered(self, result: Normalised) -> None:
        """Count a request without an answer and its events."""
        self.unanswered += 1
        self._count_each(result.events)

    def add(self, result: Normalised, unusual: Sequence[CancelEvent]) -> None:
        """Count an understood record and its events; those that are not ``unusual`` are plain cancels."""
        self.understood += 1
        first = result.events[0]
        plain: Sequence[CancelEvent] = result.events
        if len(unusual) == len(plain):
            plain = ()
        elif unusual:
            others = set(map(id, unusual))
            plain = [event for event in plain if id(event) not in others]
        if plain:
            seconds = {_second(plain[0]): 1} if len(plain) == 1 else Counter(map(_second, plain))
            self._add_plain(first.venue, first.endpoint, seconds)
        self._count_each(unusual)
        if first.sent_ns is not None or first.received_ns is not None:
            self._measure(first.venue, (first.sent_ns,), (_engine_of(first),), (first.received_ns,))

    def add_lines(self, lines: PlainLines) -> None:
        """Count plain lines and their orders."""
        self.understood += lines.size
        self._add_plain(lines.venue, lines.endpoint, lines.seconds)
        if lines.unusual:
            self._count_each([event for line in lines.unusual for event in line.others])
        self._measure(lines.venue, lines.sent, lines.engine, lines.received)

    def _add_plain(
        self, venue: str, endpoint: str, seconds: Mapping[int, int] | Mapping[int | None, int]
    ) -> None:
        """Count plain cancels by the second since the epoch; None for those without a time."""
        verdict = VerdictKey(venue, endpoint, Outcome.CANCELED, Evidence.FINAL_REPORT)
        for second, count in seconds.items():
            self.verdicts[verdict] += count
            if second is not None:
                self.timeline.add(second, Outcome.CANCELED, count)

    def add_again(
        self,
        result: Normalised,
        sent: Sequence[int | None],
        received: Sequence[int | None],
        *,
        is_unanswered: bool,
    ) -> None:
        """Count records that equal one but for these clocks, of which each has one entry for each record."""
        count, first = len(sent), result.events[0]
        clocks = [late or early for late, early in zip(received, sent, strict=True)]
        by_clock = Counter(at // _NS_PER_S for at in clocks if at is not None)
        for event in result.events:
            own = event.event_ns or event.response_ns
            self._count(event, count, {own // _NS_PER_S: count} if own else by_clock)
        if is_unanswered:
            self.unanswered += count
            return
        self.understood += count
        self._measure(first.venue, sent, [_engine_of(first)] * count, received)

    def _count_each(self, events: Sequence[CancelEvent]) -> None:
        """Count events, many of which are alike and of the same second."""
        alike: dict[Hashable, list[CancelEvent]] = {}
        for event in events:
            key = (
                event.venue,
                event.endpoint,
                event.outcome,
                event.evidence,
                event.reason,
                event.code,
                _second(event),
            )
            alike.setdefault(key, []).append(event)
        for some in alike.values():
            second = _second(some[0])
            self._count(some[0], len(some), {} if second is None else {second: len(some)})

    def _count(self, event: CancelEvent, count: int, seconds: Mapping[int, int]) -> None:
        """Count events that are alike, by the second since the epoch as far as they have a time."""
        outcome = event.outcome
        self.verdicts[VerdictKey(event.venue, event.endpoint, outcome, event.evidence)] += count
        if event.reason is not None:
            self._reason((event.venue, event.reason.value, event.code or ""), count)
        for second, number in seconds.items():
            self.timeline.add(second, outcome, number)

    def _reason(self, key: tuple[str, str, str], count: int) -> None:
        if key not in self.reasons and len(self.reasons) >= _MAX_GROUPS:
            key = (key[0], key[1], "other")
        self.reasons[key] += count

    def _measure(
        self,
        venue: str,
        sent: Sequence[int | None],
        engine: Sequence[int | None],
        received: Sequence[int | None],
    ) -> None:
        """Record the latencies of cancels, from the clocks of each record; None where there is none."""
        for leg, starts, ends in zip(LEGS, (sent, engine, sent), (engine, received, received), strict=True):
            found = [
                end - start
                for start, end in zip(starts, ends, strict=True)
                if start is not None and end is not None
            ]
            if found:
                self._latency((venue, leg)).add(found)

    def _latency(self, key: tuple[str, str]) -> Latency:
        latency = self.latencies.get(key)
        if latency is None:
            latency = self.latencies[key] = Latency()
        return latency

    def find(self, finding: Finding) -> None:
        """Count a finding."""
        self.severities[finding.severity] += 1
        group = self._group(group_key(finding))
        group.count += 1
        if len(group.examples) < _EXAMPLES:
            finding.settle()
            group.examples.append(finding)

    def find_alike(self, found: AlikeFindings) -> None:
        """Count findings that are alike."""
        for finding in found.findings:
            self.severities[finding.severity] += len(found.sources)
            group = self._group(group_key(finding))
            group.count += len(found.sources)
            if more := found.sources[: _EXAMPLES - len(group.examples)]:
                group.examples += map(finding.again, more)

    def _group(self, key: GroupKey) -> Group:
        """The group of a key; that of others where there are too many."""
        group = self.groups.get(key)
        if group is None and len(self.groups) >= _MAX_GROUPS:
            key = GroupKey(key.code, "", "", "elsewhere")
            group = self.groups.get(key)
        if group is None:
            group = self.groups[key] = Group()
        return group

    def merge(self, other: "Summary") -> None:
        """Add the counts of the next batch of the run."""
        self.files += other.files
        self.understood += other.understood
        self.refused += other.refused
        self.unanswered += other.unanswered
        self.text_lines += other.text_lines
        for frame, count in other.skipped.items():
            self.skip(frame, count)
        self.verdicts.update(other.verdicts)
        for reason, count in other.reasons.items():
            self._reason(reason, count)
        self.severities.update(other.severities)
        for key, more in other.groups.items():
            group = self._group(key)
            group.count += more.count
            group.examples += more.examples[: _EXAMPLES - len(group.examples)]
        self.timeline.merge(other.timeline)
        for leg, latency in other.latencies.items():
            self._latency(leg).merge(latency)
