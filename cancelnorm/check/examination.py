"""The examination of consecutive records, each by itself: what is found is kept with its position."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final, Literal, Protocol

from msgspec import Struct, field

from cancelnorm.answer import data_of
from cancelnorm.assumptions import Assumptions
from cancelnorm.check.catalogue import RULES
from cancelnorm.check.common_errors import CommonErrors
from cancelnorm.check.finding import AlikeFindings, AlikeRuns, Finding
from cancelnorm.check.judgement import LeftOut, Refused, Skipped, judge, part_of
from cancelnorm.check.observations import Observations, observations, shown, with_shown
from cancelnorm.check.place import Places
from cancelnorm.check.plain_lines import Assumed, PlainLines, PlainLinesReader
from cancelnorm.check.record_rules import inspect, inspect_secrets, note_finding
from cancelnorm.check.refusals import UnreadLines
from cancelnorm.check.repeated import Again, Repeated, RepeatedAnswers
from cancelnorm.check.selection import Selection
from cancelnorm.check.statistics import Summary
from cancelnorm.check.unusual_events import unusual_events
from cancelnorm.check.unusual_lines import UnusualLine
from cancelnorm.logs import Batch, Block, Lines, Unreadable
from cancelnorm.record import Record
from cancelnorm.schema import CancelEvent, Normalised, Note

__all__ = ["BatchResult", "Collector", "Settings", "examine", "examine_batch"]

_ALL: Final = frozenset(RULES)


class Collector(Protocol):
    """Gathers the events of a batch in the form of an output."""

    def add(
        self, item: Record | Unreadable, part: Normalised | Refused, whole: Normalised | Skipped | Refused, /
    ) -> None:
        """Take a record that is selected; ``part`` has its selected events, ``whole`` all of them."""

    def pass_over(self, record: Record, /) -> None:
        """Take a frame that is not about a cancel."""

    def taken(self) -> list[Any]:
        """Give all that was gathered, in pieces that can be pickled."""


class Settings(Struct, frozen=True):
    """Settings of a check; ``rules`` are codes.

    ``excerpts`` are made of all findings, or of the first 250 of each group in a batch. With ``columns``,
    findings have the columns of their values, unless they compare two records.
    """

    rules: frozenset[str] = _ALL
    drift: Literal["collect", "refuse"] = "collect"
    excerpts: Literal["none", "first", "all"] = "none"
    columns: bool = False
    events: Callable[[], Collector] | None = None  # None: events are not kept
    selection: Selection | None = None  # None: all events


class BatchResult(Struct):
    """Result of checking a run of consecutive records; positions are counted within the run.

    Findings that are alike have the position of the first. The summary has no findings yet: which of them are
    reported is decided by those who read them in sequence.
    """

    summary: Summary = field(default_factory=Summary)
    findings: list[tuple[int, Finding | AlikeFindings]] = field(default_factory=list)
    observations: list[tuple[int, Observations]] = field(default_factory=list)
    refused: list[tuple[int, Finding | AlikeFindings]] = field(default_factory=list)
    events: list[Any] = field(default_factory=list)  # as the collector gave them
    left_out: int = 0  # records without a selected event
    untimed: int = 0  # those of them without a time, if times are selected


def examine_batch(batch: Batch, settings: Settings) -> BatchResult:
    """Examine the records of a batch; plain lines are taken many at a time, unless their events are wanted."""
    examination = _Examination(settings)
    takes_lines = settings.events is None and settings.selection is None and batch.dialect is None
    for part in batch.parts:
        if not (takes_lines and isinstance(part, Block) and examination.add_block(part)):
            for item in batch.items_in(part):
                examination.add(item.found, item.raw)
    return examination.end()


def examine(items: Iterable[Record | Unreadable], settings: Settings) -> BatchResult:
    """Normalise records and check each one; ``in_sequence`` applies the rules for several records."""
    examination = _Examination(settings)
    for item in items:
        examination.add(item)
    return examination.end()


class _Examination:
    """The examination of a run of consecutive records."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._result = BatchResult()
        self._summary = self._result.summary
        self._collector = settings.events() if settings.events else None
        self._places = Places(settings.excerpts, columns=settings.columns)
        self._plain_lines = PlainLinesReader()
        self._repeated = RepeatedAnswers(self._summary)
        self._assumptions = Assumptions()
        self._common = CommonErrors()
        self._unread = UnreadLines()
        self._alike, self._alike_refused = AlikeRuns(), AlikeRuns()
        self._refused: Refused
        self._position = 0

    def end(self) -> BatchResult:
        """The result for all that was added."""
        self._repeated.count()
        if self._collector:
            self._result.events = self._collector.taken()
        return self._result

    def add_block(self, block: Block) -> bool:
        """Examine the records of a block; false where a line of it is no object with the keys of a record."""
        read = self._plain_lines.read_block(block)
        if read is None:
            return False
        lines, parts = read
        for found in parts:
            if isinstance(found, PlainLines):
                self._add_plain(lines, found)
            else:
                self._add_line(lines, found)
        return True

    def _add_line(self, lines: Lines, at: int) -> None:
        """Examine the record of a line, unless an earlier one was like it."""
        line = lines.lines[at]
        found = self._repeated.find(line)
        if found is None:
            self.add(lines.record(at), self._line(lines, at))
        elif isinstance(found, Again):
            self._add_again(found, lines, at)
        else:
            result, item = self._result, lines.record(at)
            if isinstance(item, Unreadable):
                self.add(item, self._line(lines, at))
                return
            before = len(result.findings), len(result.observations)
            judged = self.add(item, self._line(lines, at))
            record = Repeated(
                data_of(item),
                judged if isinstance(judged, Normalised) else None,
                judged.frame if isinstance(judged, Skipped) else None,
                judged.finding if isinstance(judged, Refused) else None,
                [finding for _, finding in result.findings[before[0] :] if isinstance(finding, Finding)],
                result.observations[-1][1] if len(result.observations) > before[1] else None,
                item.is_unanswered,
            )
            self._repeated.keep(found, line, record)

    def _add_again(self, again: Again, lines: Lines, at: int) -> None:
        """Take over what was found of a record that a line equals, but perhaps for its request or its error."""
        result, position, source = self._result, self._position, lines.source(at)
        self._position += 1
        known = again.record
        if known.seen is not None and (seen := known.observations(lines.lines[at], source, again.target)):
            result.observations.append((position, seen))
        found, refused = known.found(again.told), known.refused
        if known.seen is None and not (self._places.are_wanted and known.payload is not None):
            if refused is not None and (alike := self._alike_refused.add(position, (refused,), source)):
                result.refused.append((position, alike))
            if found and (alike := self._alike.add(position, found, source)):
                result.findings.append((position, alike))
            return
        own = [finding.again(source) for finding in found]
        if refused is not None:
            with_place = (new for new, old in zip(own, found, strict=True) if old is refused)
            result.refused.append((position, next(with_place, None) or refused.again(source)))
        if own and known.payload is not None:
            raw = bytes(lines.lines[at].payload)
            self._places.put(own, known.payload if raw[:1] == b'"' else raw, self._line(lines, at))
        result.findings += [(position, finding) for finding in own]

    def _add_plain(self, lines: Lines, plain: PlainLines) -> None:
        """Count plain lines, and inspect the unusual ones."""
        self._summary.add_lines(plain)
        self._result.observations += [(self._position + at, seen) for at, seen in plain.observations]
        if plain.assumed is not None:
            self._add_assumed(lines, plain, plain.assumed)
        else:
            for line in plain.unusual:
                self._add_unusual(lines, plain, line, ())
        self._position += plain.size

    def _add_unusual(
        self, lines: Lines, plain: PlainLines, unusual: UnusualLine, notes: tuple[Note, ...]
    ) -> None:
        """Inspect an unusual line among plain ones."""
        at, record, events, of_rules, _ = unusual
        found: list[Finding] = []
        if events:
            inspect(Normalised(events, notes), of_rules, record, found.append)
        else:
            inspect_secrets(record, found.append)
        if found:
            self._keep(found, record, self._position + at, self._line(lines, plain.first + at))

    def _add_assumed(self, lines: Lines, plain: PlainLines, assumed: Assumed) -> None:
        """Say of plain lines what their endpoint was taken for, and inspect the unusual ones."""
        unusual = {line.at: line for line in plain.unusual}
        note, symbols, order_ids = assumed
        for at, (symbol, order_id) in enumerate(zip(symbols, order_ids, strict=True)):
            if at in unusual:
                self._add_unusual(lines, plain, unusual[at], (note,))
                continue
            i = plain.first + at
            found = note_finding(note, lines.source(i), plain.venue, plain.endpoint, symbol, str(order_id))
            self._keep_of(bytes(lines.lines[i].payload), (found,), self._position + at, self._line(lines, i))

    def _line(self, lines: Lines, at: int) -> bytes | None:
        """The bytes of a line, if findings have columns."""
        return lines.raw(at) if self._settings.columns else None

    def add(
        self, item: Record | Unreadable, line: bytes | None = None
    ) -> Normalised | Skipped | Refused | LeftOut | None:
        """Examine a record, and the line it was read from; return what it was taken for."""
        settings, result, position = self._settings, self._result, self._position
        if isinstance(item, Unreadable) and settings.selection is None:
            self._refuse(item)
            return None
        self._position += 1
        found: list[Finding] = []
        self._assumptions.begin()
        whole = judge(item, settings.drift, self._assumptions)
        met = self._assumptions.met
        if met is not None and self._add_common(met, whole, item, position, line):
            return whole
        judged, rest = part_of(whole, item, settings.selection)
        if rest is not None and (seen := observations(rest, unusual_events(rest.events))):
            # It may settle what was asked before. A finding without source is not reported.
            result.observations.append((position, seen.without_source()))
        match judged:
            case LeftOut(is_untimed):
                result.left_out += 1
                result.untimed += is_untimed
            case Normalised() as normalised:
                unusual = unusual_events(normalised.events)
                if isinstance(item, Record):
                    _count(normalised, unusual, item, self._summary)
                    inspect(normalised, unusual, item, found.append)
                if seen := with_shown(observations(normalised, unusual), normalised, item):
                    result.observations.append((position, seen))
                if self._collector:
                    self._collector.add(item, normalised, whole)
            case Skipped(frame):
                self._summary.skip(frame)
                if isinstance(item, Record):
                    self._skip(item, found)
            case Refused(finding) as refused:
                self._summary.refused += 1
                result.refused.append((position, finding))
                found.append(finding)
                if self._collector:
                    self._collector.add(item, refused, whole)
                if isinstance(item, Record):
                    inspect_secrets(item, found.append)
        if found:
            self._keep(found, item, position, line)
        if met is not None and isinstance(judged, Normalised) and isinstance(item, Record):
            self._common.keep(met, judged, item, found)
        return judged

    def _add_common(
        self,
        met: object,
        result: Normalised | Skipped | Refused,
        item: Record | Unreadable,
        position: int,
        line: bytes | None,
    ) -> bool:
        """Examine an error that means the same as one that was examined; false if there is more to examine."""
        if self._settings.selection is not None or self._collector is not None:
            return False
        if not isinstance(result, Normalised) or not isinstance(item, Record):
            return False
        found = self._common.found(met, result, item)
        if found is None:
            return False
        self._summary.add(result, result.events)
        self._keep(found, item, position, line)
        return True

    def _refuse(self, item: Unreadable) -> None:
        """Examine what is no record."""
        self._summary.refused += 1
        if (found := self._unread.add(self._position, item)) is not None:
            self._result.refused.append((self._position, found))
            if found.findings[0].rule.code in self._settings.rules:
                self._result.findings.append((self._position, found))
            self._refused = Refused(found.findings[0])
        if self._collector:
            self._collector.add(item, self._refused, self._refused)
        self._position += 1

    def _skip(self, record: Record, found: list[Finding]) -> None:
        """Examine a frame that is not about a cancel."""
        if self._settings.selection is None:
            inspect_secrets(record, found.append)
        if self._collector:
            self._collector.pass_over(record)
        if seen := shown(record):
            self._result.observations.append((self._position - 1, seen))

    def _keep(
        self, found: Iterable[Finding], item: Record | Unreadable, position: int, line: bytes | None
    ) -> None:
        """Keep the findings on a record that are selected, with excerpts and columns if they are wanted."""
        if isinstance(item, Record):
            payload = item.payload
            is_json = isinstance(payload, str) and payload[:1] in ("{", "[")
            self._keep_of(payload if is_json else data_of(item), found, position, line)
        else:
            self._keep_of(None, found, position, line)

    def _keep_of(
        self, payload: bytes | str | None, found: Iterable[Finding], position: int, line: bytes | None
    ) -> None:
        """The same of findings on a payload; None if there is none."""
        selected = [finding for finding in found if finding.rule.code in self._settings.rules]
        if selected and payload is not None:
            self._places.put(selected, payload, line)
        self._result.findings.extend([(position, finding) for finding in selected])


def _count(result: Normalised, unusual: Sequence[CancelEvent], record: Record, summary: Summary) -> None:
    """Count an understood record, or a request without an answer."""
    if record.is_unanswered:
        summary.add_unanswered(result)
    else:
        summary.add(result, unusual)
