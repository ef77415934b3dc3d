"""Small logs built from the samples, and the findings on them."""

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from msgspec.structs import replace

from cancelnorm import CancelEvent, CancelNormError, NotACancel, Record, normalise
from cancelnorm.check import (
    AlikeFindings,
    BatchResult,
    Finding,
    History,
    Selection,
    inspect,
    observations,
    refusal,
    shown,
    unusual_events,
    with_shown,
)
from cancelnorm.logs import Unreadable
from tests.samples import SAMPLES


def one_by_one(result: BatchResult) -> BatchResult:
    """The same result with findings that are alike each at its own position."""
    return replace(result, findings=_each(result.findings), refused=_each(result.refused))


def _each(found: Sequence[tuple[int, Finding | AlikeFindings]]) -> list[tuple[int, Finding | AlikeFindings]]:
    return [
        (position + i // len(each.findings), finding)
        if isinstance(each, AlikeFindings)
        else (position, finding)
        for position, each in found
        for i, finding in enumerate(each.each() if isinstance(each, AlikeFindings) else [each])
    ]


def sample(name: str, source: str = "log:1", **fields: Any) -> Record:
    """A sample's record with other fields."""
    return replace(SAMPLES[name].record(source), **fields)


def edited(name: str, *changes: tuple[str, Any], source: str = "log:1", **fields: Any) -> Record:
    """A sample's record with fields of its payload set, each by its path like ``0.orderId``."""
    record = sample(name, source, **fields)
    tree = json.loads(record.payload)
    for path, value in changes:
        *way, last = (int(part) if part.isdigit() else part for part in path.split("."))
        node = tree
        for part in way:
            node = node[part]
        node[last] = value
    return replace(record, payload=json.dumps(tree, separators=(",", ":")).encode())


def found(records: Iterable[Record]) -> list[Finding]:
    """Findings on a log."""
    findings: list[Finding] = []
    sequence = History()
    for record in records:
        try:
            result = normalise(record)
        except NotACancel:
            if seen := shown(record):
                sequence.see(seen, findings.append)
            continue
        except CancelNormError as error:
            findings.append(refusal(error, record))
            continue
        unusual = unusual_events(result.events)
        inspect(result, unusual, record, findings.append)
        if seen := with_shown(observations(result, unusual), result, record):
            sequence.see(seen, findings.append)
    sequence.end(findings.append)
    return findings


def names(records: Iterable[Record]) -> set[str]:
    """Names of the rules with findings."""
    return {finding.rule.name for finding in found(records)}


def events_of(records: Sequence[Record | Unreadable]) -> Iterator[CancelEvent]:
    """The events of a log."""
    for record in records:
        if isinstance(record, Record):
            try:
                yield from normalise(record).events
            except CancelNormError:
                continue


def selections(records: Sequence[Record | Unreadable]) -> Iterator[Selection | None]:
    """All; one order; and the times on each side of the middle one."""
    yield None
    if orders := [event.order_id for event in events_of(records) if event.order_id]:
        yield Selection(orders=frozenset({orders[len(orders) // 2]}))
    if times := sorted(event.time_ns for event in events_of(records) if event.time_ns):
        yield Selection(since_ns=times[len(times) // 2])
        yield Selection(until_ns=times[len(times) // 2])
