"""From records to findings: every record is held against the rules, by itself and in sequence."""

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
from cancelnorm.check.observations import Observations, observations
from cancelnorm.check.record_rules import inspect, inspect_secrets
from cancelnorm.check.refusals import refusal, unreadable
from cancelnorm.check.statistics import Summary
from cancelnorm.check.unusual_events import unusual_events
from cancelnorm.errors import CancelNormError, NotACancel, PayloadError, UnknownEndpointError
from cancelnorm.logs import Unreadable
from cancelnorm.masking import without_secrets
from cancelnorm.record import Record
from cancelnorm.schema import CancelEvent, Normalised

__all__ = ["Part", "Refused", "Settings", "Skipped", "check", "examine", "in_sequence", "judge"]

_ALL: Final = frozenset(RULES)


class Settings(Struct, frozen=True):
    """Settings of a check; ``rules`` are codes."""

    rules: frozenset[str] = _ALL
    drift: Literal["collect", "refuse"] = "collect"
    excerpts: Literal["none", "all"] = "none"
    events: Callable[[CancelEvent], bytes] | None = None  # how an event is written; None: it is not kept


class Part(Struct):
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
    """Say what is wrong with records, and with their sequence, one finding at a time, in their order.

    ``records`` come from ``read``, or from anywhere. ``rules`` selects by code (``CN201``), by the beginning
    of codes (``CN2``) or by name (``overfilled``); UnknownRuleError comes for anything else. A finding that
    takes two records comes with the later one, one that takes all of them at the end. ``excerpts="all"``
    adds to a finding the piece of the payload that it is about, to a hundred of a payload at most. Memory
    stays constant: see ``History``.
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
    """A record, or a line that is none, that was refused; ``event`` stands for an answer that was."""

    finding: Finding
    event: CancelEvent | None = None


class Skipped(NamedTuple):
    """A record that is not about a cancel, and what it is instead."""

    what: str


def judge(
    item: Record | Unreadable, drift: Literal["collect", "refuse"] = "collect"
) -> Normalised | Skipped | Refused:
    """Normalise what was read; never raises."""
    if isinstance(item, Unreadable):
        return Refused(unreadable(item.source, item.path, item.reason))
    try:
        return normalise(item, drift=drift)
    except NotACancel as frame:
        return Skipped(frame.what)
    except UnknownEndpointError as error:
        if _is_elsewhere(item):
            return Skipped(without_secrets(item.endpoint or ""))
        return Refused(refusal(error, item))
    except PayloadError as error:
        return Refused(refusal(error, item), error.event)
    except CancelNormError as error:
        return Refused(refusal(error, item))


_ELSEWHERE: Final = re.compile(r"(?:GET|POST|PUT|PATCH|HEAD|OPTIONS) /|ws[a-z-]* ", re.IGNORECASE)


def _is_elsewhere(record: Record) -> bool:
    """Whether a recording shows an answer of an endpoint that cancels nothing, as most are.

    A DELETE may cancel, and so may whatever has the word in its name: not to know those is a finding.
    """
    name = (record.endpoint or "").casefold()
    venue = venues.find(record.venue)
    if venue is None or "cancel" in name:
        return False
    if name.startswith("delete "):
        return any(word.casefold() in name for word in venue.other_deletes)
    return _ELSEWHERE.match(name) is not None


def examine(items: Iterable[Record | Unreadable], settings: Settings) -> Part:
    """Normalise records and hold each against the rules; what takes several records is left to be done."""
    part = Part()
    summary = part.summary
    found: list[Finding] = []
    for position, item in enumerate(items):
        match judge(item, settings.drift):
            case Normalised() as result:
                unusual = unusual_events(result.events)
                summary.add(result, unusual)
                if isinstance(item, Record):
                    inspect(result, unusual, item, found.append)
                if seen := observations(result, unusual):
                    part.observations.append((position, seen))
                if settings.events:
                    part.events.extend(b"%b\n" % settings.events(event) for event in result.events)
            case Skipped(what):
                summary.skip(what)
                if isinstance(item, Record):
                    inspect_secrets(item, found.append)
            case Refused(finding):
                summary.refused += 1
                part.refused.append((position, finding))
                found.append(finding)
                if isinstance(item, Record):
                    inspect_secrets(item, found.append)
        if found:
            _keep(found, item, position, part, settings)
            found.clear()
    return part


_MOST_EXCERPTS: Final = 100  # of one payload, each of which is looked through for each


def _keep(
    found: Iterable[Finding], item: Record | Unreadable, position: int, part: Part, settings: Settings
) -> None:
    """Keep the findings of the rules that were selected."""
    kept = [finding for finding in found if finding.rule.code in settings.rules]
    if isinstance(item, Record) and settings.excerpts == "all":
        shown = kept[:_MOST_EXCERPTS]
        kept[: len(shown)] = [replace(f, excerpt=excerpt(item.payload, f.path)) for f in shown]
    for finding in kept:
        part.summary.find(finding)
        part.findings.append((position, finding))


def in_sequence(part: Part, sequence: History, settings: Settings) -> Iterator[Finding]:
    """Hold records against those before them; give all findings on them in their order."""
    findings = iter(part.findings)
    waiting = next(findings, None)
    for position, seen in part.observations:
        while waiting and waiting[0] <= position:
            yield waiting[1]
            waiting = next(findings, None)
        found: list[Finding] = []
        sequence.see(seen, found.append)
        for finding in found:
            if finding.rule.code in settings.rules:
                part.summary.find(finding)
                yield finding
    if waiting:
        yield waiting[1]
    yield from (finding for _, finding in findings)
