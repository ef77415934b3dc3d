"""JUnit reports: validity under the strictest schema, and content."""

from importlib import metadata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from cancelnorm.check import Finding, Severity
from cancelnorm.check.statistics import Summary
from cancelnorm.escapes import printable
from cancelnorm.logs import source_line
from cancelnorm.report.junit import JUnit
from cancelnorm.report.lines import line
from cancelnorm.report.run import Run
from cancelnorm.schema import Outcome
from tests.report.findings import FINDINGS, OVERFILLED, UNKNOWN, findings, summary_of, write

# The schema of the Ant task by Windy Road, which the package of another reader of these reports carries.
SCHEMA = etree.XMLSchema(
    etree.parse(
        str(metadata.distribution("ub-test-reports").locate_file("ub_test_reports/schemas/JUnit.xsd"))
    )
)


def report(
    found: tuple[Finding, ...] | list[Finding],
    summary: Summary | None = None,
    severity: Severity = Severity.WARNING,
) -> etree._Element:
    """A parsed report, validated against the schema."""
    parts: list[str] = []
    write(JUnit(parts.append), found, summary or summary_of(found), Run(severity))
    text = "".join(parts)
    assert text.isascii()
    document = etree.fromstring(text.encode())
    assert SCHEMA.validate(document), SCHEMA.error_log
    return document


@given(st.lists(findings, max_size=5))
def test_findings_are_read_back(found: list[Finding]) -> None:
    """Each finding is a line of its test's failure, or of the standard output if it is an info."""
    document = report(found)
    failures = [failure.text or "" for failure in document.iterfind(".//failure")]
    outs = [out.text or "" for out in document.iterfind(".//system-out")]
    for finding in found:
        texts = outs if finding.severity is Severity.INFO else failures
        assert any(line(finding) in text.split("\n") for text in texts)
        assert any(printable(finding.rule.todo) in text.split("\n") for text in texts)


@given(st.lists(findings, max_size=5))
def test_counts(found: list[Finding]) -> None:
    """A suite counts its tests and its failures, and suites are numbered from 0."""
    document = report(found)
    for number, suite in enumerate(document.iterfind("testsuite")):
        assert suite.get("id") == str(number)
        assert suite.get("tests") == str(len(list(suite.iterfind("testcase"))))
        assert suite.get("failures") == str(len(list(suite.iterfind("testcase/failure"))))
        assert suite.get("errors") == str(len(list(suite.iterfind("testcase/error"))))


def test_nothing_found() -> None:
    """A report is never empty, because build servers treat that as a failure."""
    document = report([], Summary())
    [case] = document.iterfind(".//testcase")
    assert (case.get("classname"), case.find("failure")) == ("cancelnorm", None)


@given(st.lists(findings, max_size=5), st.sampled_from(Severity))
def test_the_report_fails_if_the_command_does(found: list[Finding], severity: Severity) -> None:
    """Tests of findings below the threshold pass; each finding is a test all the same."""
    document = report(found, severity=severity)
    failed = [finding for finding in found if finding.severity >= severity]
    assert bool(list(document.iterfind(".//failure"))) == bool(failed)
    assert len(list(document.iterfind(".//testcase"))) == 1 + len(
        {(printable(source_line(f.source).file or "(no file)"), f.rule.code) for f in found}
    )


def test_files_that_could_not_be_read() -> None:
    """Each is an error of its own."""
    parts: list[str] = []
    write(JUnit(parts.append), [], Summary(), Run(unread=["a.jsonl: no \x1b", "b.jsonl: no"]))
    document = etree.fromstring("".join(parts).encode())
    assert SCHEMA.validate(document), SCHEMA.error_log
    errors = [error.get("message") for error in document.iterfind(".//error")]
    assert errors == ["a.jsonl: no \\u001b", "b.jsonl: no"]


def test_infos_do_not_fail() -> None:
    """An info is a passing test with its text, unless the command fails for it."""
    found = [Finding(UNKNOWN, "new")]
    [text, _] = (out.text or "" for out in report(found).iterfind(".//system-out"))
    assert "new" in text
    assert list(report(found).iterfind(".//failure")) == []
    assert len(list(report(found, severity=Severity.INFO).iterfind(".//failure"))) == 1


def test_the_time_is_that_of_the_log() -> None:
    """A report has the time of the first event, so it is reproducible."""
    assert {suite.get("timestamp") for suite in report(FINDINGS).iterfind("testsuite")} == {
        "2023-11-14T22:13:20"
    }


@pytest.mark.parametrize("seconds", [-1, 10**18, 253_402_300_800])
def test_times_beyond_all_dates(seconds: int) -> None:
    """A clock in a wrong unit does not affect the report's time."""
    summary = Summary()
    summary.timeline.add(seconds, Outcome.CANCELED)
    [suite] = report([], summary).iterfind("testsuite")
    assert suite.get("timestamp") == "1970-01-01T00:00:00"


def test_many_findings_of_a_rule() -> None:
    """The first findings of a rule in a file are shown and the others counted."""
    [failure] = report([Finding(OVERFILLED, f"number {i}", f"a.jsonl:{i}") for i in range(1_234)]).iterfind(
        ".//failure"
    )
    assert failure.get("message") == "1,234 warnings: More was filled than was ordered"
    assert (failure.text or "").split("\n")[9:] == [
        "a.jsonl:9: $: CN201 warning overfilled: number 9",
        "and 1,224 more",
        "Ask the venue for the order's trades",
    ]


def test_many_files() -> None:
    """Files beyond the limit share a suite."""
    suites = list(
        report([Finding(OVERFILLED, "x", f"{i}.jsonl:1") for i in range(5_010)]).iterfind("testsuite")
    )
    assert [suite.get("name") for suite in suites[4_999:]] == ["4999.jsonl", "(other files)", "cancelnorm"]
    [failure] = suites[5_000].iterfind(".//failure")
    assert (failure.get("message") or "").startswith("10 warnings")
