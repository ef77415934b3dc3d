"""Small logs made of the samples, and what the rules find in them."""

import json
from collections.abc import Iterable
from typing import Any

from msgspec.structs import replace

from cancelnorm import CancelNormError, NotACancel, Record, normalise
from cancelnorm.check import Finding, History, inspect, observations, refusal, unusual_events
from tests.samples import SAMPLES


def sample(name: str, source: str = "log:1", **parts: Any) -> Record:
    """A sample's record, with other parts."""
    return replace(SAMPLES[name].record(source), **parts)


def edited(name: str, *changes: tuple[str, Any], source: str = "log:1", **parts: Any) -> Record:
    """A sample's record with fields of its payload set, each by its path like ``0.orderId``."""
    record = sample(name, source, **parts)
    tree = json.loads(record.payload)
    for path, value in changes:
        *way, last = (int(part) if part.isdigit() else part for part in path.split("."))
        node = tree
        for part in way:
            node = node[part]
        node[last] = value
    return replace(record, payload=json.dumps(tree, separators=(",", ":")).encode())


def found(records: Iterable[Record]) -> list[Finding]:
    """All that the rules find in a log."""
    findings: list[Finding] = []
    sequence = History()
    for record in records:
        try:
            result = normalise(record)
        except NotACancel:
            continue
        except CancelNormError as error:
            findings.append(refusal(error, record))
            continue
        unusual = unusual_events(result.events)
        inspect(result, unusual, record, findings.append)
        if seen := observations(result, unusual):
            sequence.see(seen, findings.append)
    sequence.end(findings.append)
    return findings


def names(records: Iterable[Record]) -> set[str]:
    """The names of the rules that find something."""
    return {finding.rule.name for finding in found(records)}
