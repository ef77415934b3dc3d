"""Counts of a run: records, outcomes, findings, times and latencies, in bounded memory."""

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from typing import Final, NamedTuple

from msgspec import Struct, field

from cancelnorm.check.distributions import Latency, Timeline
from cancelnorm.check.finding import AlikeFindings, Finding, Severity
from cancelnorm.check.plain_lines import PlainLines
from cancelnorm.schema import CancelEvent, EventKind, Evidence, Normalised, Outcome

__all__ = ["LEGS", "Group", "GroupKey", "Summary", "VerdictKey", "group_key"]


_MAX_GROUPS: Final = 500
_EXAMPLES: Final = 3
_NS_PER_S: Final = 1_000_000_000

LEGS: Final = ("sent to engine", "engine to received", "sent to received")
"""Segments of a cancel's latency, named by the clocks at their ends."""


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
