"""From records to findings: each record is checked by itself and in sequence."""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Final, Literal, NamedTuple

from msgspec import Struct, field
from msgspec.structs import replace

from cancelnorm import venues
from cancelnorm.api import normalise
from cancelnorm.check.catalogue import RULES, select
from cancelnorm.check.excerpt import excerpt
from cancelnorm.check.finding import Finding
from cancelnorm.check.history import History
from cancelnorm.check.observations import Observations, living, observations
from cancelnorm.check.record_rules import inspect, inspect_secrets
from cancelnorm.check.refusals import refusal, unreadable
from cancelnorm.check.statistics import Summary
from cancelnorm.check.unusual_events import unusual_events
from cancelnorm.errors import CancelNormError, NotACancel, PayloadError, UnknownEndpointError
from cancelnorm.logs import Unreadable
from cancelnorm.masking import without_secrets
from cancelnorm.record import Record
from cancelnorm.schema import CancelEvent, Normalised

__all__ = ["BatchResult", "Refused", "Settings", "Skipped", "check", "examine", "in_sequence", "judge"]

_ALL: Final = frozenset(RULES)


class Settings(Struct, frozen=True):
    """Settings of a check; ``rules`` are codes."""

    rules: frozenset[str] = _ALL
    drift: Literal["collect", "refuse"] = "collect"
    excerpts: Literal["none", "all"] = "none"
    events: Callable[[CancelEvent], bytes] | None = None  # event encoder; None: events are not kept


class BatchResult(Struct):
    """Result of checking a run of consecutive records; positions are counted within the run."""

    summary: Summary = field(default_factory=Summary)
    findings: list[tuple[int, Finding]] = field(default_factory=list)
    observations: list[tuple[int, Observations]] = field(default_factory=list)
    refused: list[tuple[int, Finding]] = field(default_factory=list)
    events: list[bytes] = field(default_factory=list)


def check(
    records: Iterable[Record | Unreadable],
    *,
    rules: Iterable[str] = ("ALL",),
    drift: Literal["collect", "refuse"] = "collect",
    excerpts: Literal["none", "all"] = "none",
) -> Iterator[Finding]:
    """Yield the findings on records and on their sequence, in the order of the records.

    ``records`` come from ``read`` or any other source. ``rules`` selects by code (``CN201``), code prefix
    (``CN2``) or name (``overfilled``); anything else raises UnknownRuleError. A finding that compares two
    records follows the later one; findings that need the whole log come last. ``excerpts="all"`` adds an
    excerpt of the payload to at most 100 findings of each record. Memory use is constant: see ``History``.
    """
    return _check(records, Settings(select(rules), drift, excerpts))


def _check(records: Iterable[Record | Unreadable], settings: Settings) -> Iterator[Finding]:
    sequence = History()
    found: list[Finding] = []
    for item in records:
        yield from in_sequence(examine((item,), settings), sequence, settings)
    sequence.end(found.append)
    yield from (finding for finding in found if finding.rule.code in settings.rules)


class Refused(NamedTuple):
    """A refused record or line; ``event`` takes the place of a refused answer."""

    finding: Finding
    event: CancelEvent | None = None


class Skipped(NamedTuple):
    """A record that is not about a cancel; ``frame`` names its kind."""

    frame: str


def judge(
    item: Record | Unreadable, drift: Literal["collect", "refuse"] = "collect"
) -> Normalised | Skipped | Refused:
    """Normalise a record; a failure becomes a result, never an exception."""
    if isinstance(item, Unreadable):
        return Refused(unreadable(item.source, item.path, item.reason))
    try:
        return normalise(item, drift=drift)
    except NotACancel as error:
        return Skipped(error.frame)
    except UnknownEndpointError as error:
        if _is_unrelated(item):
            return Skipped(without_secrets(item.endpoint or ""))
        return Refused(refusal(error, item))
    except PayloadError as error:
        return Refused(refusal(error, item), error.event)
    except CancelNormError as error:
        return Refused(refusal(error, item))


_TRANSPORTS: Final = re.compile(r"(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS) /|ws[a-z-]* ", re.IGNORECASE)
_CANCELED: Final = re.compile(rb"cancell?ed[a-z_]*\"(?!\s*:)", re.IGNORECASE)


def _is_unrelated(record: Record) -> bool:
    """Whether a record is from an unknown endpoint that cancels nothing, as most endpoints do.

    It is a finding if the request may cancel orders, or if the answer shows something canceled.
    """
    name = record.endpoint or ""
    venue = venues.find(record.venue)
    if venue is None or _TRANSPORTS.match(name) is None or venue.may_cancel(name, record.request):
        return False
    payload = record.payload if isinstance(record.payload, bytes) else record.payload.encode(errors="replace")
    return _CANCELED.search(payload) is None


def examine(items: Iterable[Record | Unreadable], settings: Settings) -> BatchResult:
    """Normalise records and check each one; ``in_sequence`` applies the rules for several records."""
    result = BatchResult()
    summary = result.summary
    found: list[Finding] = []
    for position, item in enumerate(items):
        match judge(item, settings.drift):
            case Normalised() as normalised:
                unusual = unusual_events(normalised.events)
                if isinstance(item, Record) and item.is_unanswered:
                    summary.add_unanswered(normalised)
                else:
                    summary.add(normalised, unusual)
                if isinstance(item, Record):
                    inspect(normalised, unusual, item, found.append)
                if seen := observations(normalised, unusual):
                    result.observations.append((position, seen))
                if settings.events:
                    result.events.extend(b"%b\n" % settings.events(event) for event in normalised.events)
            case Skipped(frame):
                summary.skip(frame)
                if isinstance(item, Record):
                    inspect_secrets(item, found.append)
                    if seen := living(item):
                        result.observations.append((position, seen))
            case Refused(finding):
                summary.refused += 1
                result.refused.append((position, finding))
                found.append(finding)
                if isinstance(item, Record):
                    inspect_secrets(item, found.append)
        if found:
            _collect(found, item, position, result, settings)
            found.clear()
    return result


_MOST_EXCERPTS: Final = 100  # of one payload, because each excerpt scans the payload


def _collect(
    found: Iterable[Finding],
    item: Record | Unreadable,
    position: int,
    result: BatchResult,
    settings: Settings,
) -> None:
    """Add the findings of selected rules to the result."""
    selected = [finding for finding in found if finding.rule.code in settings.rules]
    if isinstance(item, Record) and item.payload and settings.excerpts == "all":
        first = selected[:_MOST_EXCERPTS]
        selected[: len(first)] = [replace(f, excerpt=excerpt(item.payload, f.path)) for f in first]
    for finding in selected:
        result.summary.find(finding)
        result.findings.append((position, finding))


def in_sequence(result: BatchResult, sequence: History, settings: Settings) -> Iterator[Finding]:
    """Compare records with earlier ones; yield all findings in the order of the records."""
    findings = iter(result.findings)
    waiting = next(findings, None)
    for position, seen in result.observations:
        while waiting and waiting[0] <= position:
            yield waiting[1]
            waiting = next(findings, None)
        found: list[Finding] = []
        sequence.see(seen, found.append)
        for finding in found:
            if finding.rule.code in settings.rules:
                result.summary.find(finding)
                yield finding
    if waiting:
        yield waiting[1]
    yield from (finding for _, finding in findings)
