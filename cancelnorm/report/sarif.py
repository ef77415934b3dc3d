"""Findings as SARIF 2.1.0, for code scanning and editors.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import PurePath, PureWindowsPath
from typing import Any, Final
from urllib.parse import quote

from cancelnorm.check.catalogue import RULES
from cancelnorm.check.finding import Finding, Rule, Severity
from cancelnorm.check.statistics import Summary
from cancelnorm.logs import source_line
from cancelnorm.report.findings import encoded, fingerprint, summary_counts
from cancelnorm.report.run import Run
from cancelnorm.schema import SCHEMA_VERSION
from cancelnorm.version import __version__

__all__ = ["Sarif", "uri"]

_SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_HOME: Final = "urn:cancelnorm"
_LEVELS: Final = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_DRIVE: Final = re.compile(r"[A-Za-z]:[\\/]|\\\\[^\\]")
_ADDRESS: Final = re.compile(r"[a-z][a-z0-9+.-]+://")


class Sarif:
    """Writer of one run: the rules, a result for each finding, and the counts as properties."""

    def __init__(self, write: Callable[[str], object], *, rules: Mapping[str, Rule] = RULES) -> None:
        self._write = write
        self._rules = rules
        self._indices = {code: i for i, code in enumerate(rules)}
        self._comma = ""
        self._run = Run()

    def begin(self, run: Run) -> None:
        """Write the start of the run, with the tool and its rules."""
        self._run = run
        driver = {
            "name": "cancelnorm",
            "version": __version__,
            "semanticVersion": __version__,
            "informationUri": _HOME,
            "rules": [_rule(rule) for rule in self._rules.values()],
        }
        head = encoded({"$schema": _SCHEMA, "version": "2.1.0"}).removesuffix("}")
        tool = encoded({"driver": driver})
        self._write(f'{head},"runs":[{{"tool":{tool},"columnKind":"unicodeCodePoints","results":[')

    def add(self, finding: Finding) -> None:
        """Write a result."""
        result = _result(finding, self._indices.get(finding.rule.code))
        self._write(f"{self._comma}\n{encoded(result)}")
        self._comma = ","

    def end(self, summary: Summary) -> None:
        """Write the counts and close the run."""
        unread = [{"level": "error", "message": {"text": reason}} for reason in self._run.unread]
        invocation: dict[str, Any] = {"executionSuccessful": not unread}
        if unread:
            invocation["toolExecutionNotifications"] = unread
        tail = {"invocations": [invocation], "properties": _counts(summary)}
        self._write(f"\n],{encoded(tail).removeprefix('{')}]}}\n")


def _counts(summary: Summary) -> dict[str, Any]:
    """Counts of a run, and the version of the schema of its events."""
    return {"schema_version": SCHEMA_VERSION, **summary_counts(summary)}


def _rule(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.code,
        "name": rule.name,
        "shortDescription": {"text": rule.name.replace("-", " ")},
        "fullDescription": {"text": rule.why},
        "help": {"text": rule.todo},
        "helpUri": f"{_HOME}:rule:{rule.code}",
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
    }


def _result(finding: Finding, index: int | None) -> dict[str, Any]:
    """A finding as a SARIF result."""
    location: dict[str, Any] = {"logicalLocations": [{"fullyQualifiedName": finding.path, "kind": "value"}]}
    if finding.source is not None:
        location["physicalLocation"] = _physical(finding.source, finding)
    result: dict[str, Any] = {
        "ruleId": finding.rule.code,
        "level": _LEVELS[finding.severity],
        "message": {"text": finding.message},
        "locations": [location],
        "partialFingerprints": {"cancelnorm/v1": fingerprint(finding)},
        "properties": _properties(finding),
    }
    if index is not None:
        result["ruleIndex"] = index
    if finding.related is not None:
        other = {
            "physicalLocation": _physical(finding.related, None),
            "message": {"text": "the other record"},
        }
        result["relatedLocations"] = [other]
    return result


def _physical(source: str, finding: Finding | None) -> dict[str, Any]:
    """A physical location in SARIF: file, line and excerpt."""
    file, line = source_line(source)
    location: dict[str, Any] = {"artifactLocation": {"uri": uri(file or source)}}
    if line:  # lines count from 1
        location["region"] = {"startLine": line}
        if finding is not None and finding.columns is not None:
            location["region"]["startColumn"], location["region"]["endColumn"] = finding.columns
        if finding is not None and (piece := finding.excerpt) is not None:
            location["region"]["snippet"] = {"text": piece.before + piece.marked + piece.after}
    return location


@lru_cache(maxsize=1_024)
def uri(file: str) -> str:
    """A file name as a percent-encoded URI reference; relative names stay relative."""
    if _ADDRESS.match(file):
        return quote(file, safe="%/:?#[]@!$&'()*+,;=", errors="surrogateescape")
    path: PurePath = PureWindowsPath(file)
    if not (_DRIVE.match(file) and path.is_absolute()):
        path = PurePath(file)
    return path.as_uri() if path.is_absolute() else quote(path.as_posix(), errors="surrogateescape")


def _properties(finding: Finding) -> dict[str, Any]:
    """Properties of a finding for which SARIF has no field."""
    known = {
        "name": finding.rule.name,
        "venue": finding.venue,
        "endpoint": finding.endpoint,
        "symbol": finding.symbol,
        "order_id": finding.order_id,
        "value": finding.value,
    }
    return {name: value for name, value in known.items() if value is not None}
