"""Code quality reports: the shape that GitLab documents, and fingerprints."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from cancelnorm.check import Finding, Severity
from cancelnorm.escapes import printable
from cancelnorm.logs import source_line
from cancelnorm.report.gitlab import GitLab
from tests.report.findings import FINDINGS, REFUSED, findings, summary_of, write

# https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
_LINE = {"type": "integer", "minimum": 1}
_POSITION = {"type": "object", "required": ["line"], "properties": {"line": _LINE, "column": _LINE}}
SCHEMA = Draft202012Validator(
    {
        "type": "array",
        "items": {
            "type": "object",
            "required": ["description", "check_name", "fingerprint", "location", "severity"],
            "properties": {
                "description": {"type": "string"},
                "check_name": {"type": "string"},
                "fingerprint": {"type": "string", "pattern": "^[0-9a-f]{32}$"},
                "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
                "location": {
                    "type": "object",
                    "required": ["path"],
                    "properties": {"path": {"type": "string", "minLength": 1, "pattern": r"^(?!\./)"}},
                    "oneOf": [
                        {
                            "required": ["lines"],
                            "properties": {"lines": {"required": ["begin"], "properties": {"begin": _LINE}}},
                        },
                        {
                            "required": ["positions"],
                            "properties": {
                                "positions": {
                                    "required": ["begin", "end"],
                                    "properties": {"begin": _POSITION, "end": _POSITION},
                                }
                            },
                        },
                    ],
                },
            },
        },
    }
)
SEVERITIES = {Severity.ERROR: "critical", Severity.WARNING: "minor", Severity.INFO: "info"}


def report(found: tuple[Finding, ...] | list[Finding]) -> list[dict[str, Any]]:
    """A parsed report, validated against the schema."""
    parts: list[str] = []
    write(GitLab(parts.append), found, summary_of(found))
    issues: list[dict[str, Any]] = json.loads("".join(parts))
    SCHEMA.validate(issues)
    return issues


@given(st.lists(findings, max_size=4))
def test_findings_are_read_back(found: list[Finding]) -> None:
    """Each finding is an issue, in order, on one printable line."""
    issues = report(found)
    assert len(issues) == len(found)
    for issue, finding in zip(issues, found, strict=True):
        assert issue["severity"] == SEVERITIES[finding.severity]
        assert issue["check_name"].startswith(finding.rule.code)
        assert printable(finding.message) in issue["description"]
        assert issue["description"].isprintable()
        location = issue["location"]
        begin = location["lines"]["begin"] if "lines" in location else location["positions"]["begin"]["line"]
        assert begin == max(source_line(finding.source).line or 1, 1)


def test_fingerprints() -> None:
    """The same finding on two lines is two issues; each is the same in the next report."""
    found = [Finding(REFUSED, "a", f"./x.jsonl:{line}") for line in (1, 2)]
    first, second = (issue["fingerprint"] for issue in report(found))
    assert first != second
    assert [issue["fingerprint"] for issue in report(found)] == [first, second]
    assert {issue["location"]["path"] for issue in report(found)} == {"x.jsonl"}


def test_no_findings() -> None:
    """A report without findings is an empty array."""
    assert report([]) == []
    assert len(report(FINDINGS)) == len(FINDINGS)
