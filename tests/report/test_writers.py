"""Reports in every format: snapshots and laws."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from syrupy.assertion import SnapshotAssertion

from cancelnorm.check import Excerpt, Finding, KnownPlace, Severity
from cancelnorm.check.statistics import Summary
from cancelnorm.logs import source_line
from cancelnorm.report import printable
from cancelnorm.report.findings import finding_json, finding_schema
from cancelnorm.report.sarif import Sarif
from cancelnorm.report.text_columns import aligned, width
from cancelnorm.report.writers import WRITERS
from cancelnorm.version import __version__
from tests.report.findings import FINDINGS, OVERFILLED, REFUSED, RULES, findings, summary_of, texts, write

FORMS = ("text", "full", "concise", "json", "jsonl", "junit", "github", "gitlab", "markdown")
LINES = ("text", "full", "concise", "github")


def report(form: str, found: tuple[Finding, ...] | list[Finding], summary: Summary | None = None) -> str:
    """Output of a format's writer."""
    parts: list[str] = []
    write(WRITERS[form](parts.append), found, summary or summary_of(found))
    return "".join(parts)


@pytest.mark.parametrize("form", FORMS)
def test_report(form: str, snapshot: SnapshotAssertion) -> None:
    """Users and other programs rely on the exact output."""
    assert report(form, FINDINGS).replace(f'"version":"{__version__}"', '"version":"VERSION"') == snapshot


def test_sarif_report(snapshot: SnapshotAssertion) -> None:
    """SARIF lists all given rules, with or without findings."""
    parts: list[str] = []
    write(Sarif(parts.append, rules=RULES), FINDINGS, summary_of(FINDINGS))
    log = json.loads("".join(parts))
    for key in ("version", "semanticVersion"):
        assert log["runs"][0]["tool"]["driver"].pop(key) == __version__
    assert log == snapshot


@pytest.mark.parametrize("form", LINES)
def test_nothing_found(form: str) -> None:
    """A report without findings consists of the counts."""
    assert report(form, [], Summary(files=1, understood=1)) == (
        "1 record = 1 understood + 0 skipped + 0 refused; 0 events; 0 errors, 0 warnings, 0 infos\n"
    )


@pytest.mark.parametrize("form", LINES)
@given(found=st.lists(findings, max_size=4))
def test_lines_steer_no_terminal(form: str, found: list[Finding]) -> None:
    """Each line of a report for people is printable, whatever the log contains."""
    for line in report(form, found).split("\n"):
        assert line.isprintable()


@pytest.mark.parametrize("form", WRITERS)
@settings(max_examples=40)  # a page with its charts takes a tenth of a second
@given(found=st.lists(findings, min_size=1, max_size=4))
def test_reports_are_utf8(form: str, found: list[Finding]) -> None:
    """Every report can be encoded as UTF-8, whatever the names of the files."""
    assert report(form, found).encode()


def test_many_findings_make_a_short_text() -> None:
    """The text report shows the number of findings and a few of them."""
    found = [
        Finding(
            REFUSED, f"message {i}", f"day.jsonl:{i}", f"$.field{i % 40}", "binance", "DELETE /api/v3/order"
        )
        for i in range(2_000)
    ]
    lines = report("text", found).splitlines()
    assert len(lines) < 60
    assert lines[19:22] == ["day.jsonl:19: $.field19: message 19", "... and 1,980 more errors", ""]
    assert "    1,750  at 35 other locations" in lines
    assert lines[-1].endswith("2,000 errors, 0 warnings, 0 infos")


def test_text_puts_the_most_severe_first() -> None:
    """Errors come before warnings and infos, in whatever order they were found."""
    text = report("text", FINDINGS[::-1])
    positions = [text.index(f"\n{severity} CN") for severity in reversed(Severity)]
    assert positions == sorted(positions)


def test_examples_of_one_record() -> None:
    """Several equal findings of one record name the record once."""
    found = [Finding(OVERFILLED, "filled 2 of 1", "day.jsonl:7", f"$[{i}].executedQty") for i in range(3)]
    assert report("text", found, summary_of(found)).splitlines()[3:5] == [
        "        3  $[*].executedQty",
        "           day.jsonl:7: filled 2 of 1",
    ]


def test_frames_of_many_kinds() -> None:
    """The most frequent kinds of skipped frames are listed."""
    summary = Summary()
    summary.skipped.update({f"kind {i}": i for i in range(1, 9)})
    assert report("text", [], summary).splitlines()[:8] == [
        "skipped, not about a cancel",
        "        8  kind 8",
        "        7  kind 7",
        "        6  kind 6",
        "        5  kind 5",
        "        4  kind 4",
        "        6  of 3 other kinds",
        "           kind 3, kind 2, kind 1",
    ]


@given(found=findings)
def test_finding_as_json(found: Finding) -> None:
    """An encoded finding is one printable line, matches the schema and omits unknown fields."""
    line = finding_json(found).decode()
    assert line.isprintable()
    written = json.loads(line)
    Draft202012Validator(finding_schema()).validate(written)
    assert None not in written.values()
    for name in ("venue", "endpoint", "symbol", "order_id", "source"):
        assert (name in written) == (getattr(found, name) is not None)


@given(st.text(max_size=20))
def test_text_in_json_is_lossless(text: str) -> None:
    """Escaped text in JSON decodes to the original."""
    assert json.loads(finding_json(Finding(REFUSED, text)))["message"] == text


def test_schema_is_a_schema() -> None:
    """The schema of a finding is valid and rejects other objects."""
    Draft202012Validator.check_schema(finding_schema())
    assert not Draft202012Validator(finding_schema()).is_valid({"code": "CN001"})


@given(st.lists(findings, max_size=5))
def test_document_has_what_the_lines_have(found: list[Finding]) -> None:
    """The JSON document contains the findings of the JSON lines and counts all of them."""
    document = json.loads(report("json", found))
    assert document["findings"] == [json.loads(line) for line in report("jsonl", found).splitlines()]
    assert sum(document["summary"]["findings"].values()) == len(found)
    assert sum(document["summary"]["rules"].values()) == len(found)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (None, (None, None)),
        ("day.jsonl:17", ("day.jsonl", 17)),
        ("C:\\logs\\day.jsonl:17", ("C:\\logs\\day.jsonl", 17)),
        ("C:\\logs\\day.jsonl", ("C:\\logs\\day.jsonl", None)),
        ("a:b:3", ("a:b", 3)),
        ("day.har:1#2", ("day.har", 1)),
        ("two\nlines:4", ("two\nlines", 4)),
    ],
)
def test_source_line(source: str | None, expected: tuple[str | None, int | None]) -> None:
    """A source is split into file and line, if it has them."""
    assert source_line(source) == expected


@pytest.mark.parametrize(("text", "columns"), [("abc", 3), ("币安", 4), ("é", 1), ("e\u0301", 1), ("", 0)])
def test_width(text: str, columns: int) -> None:
    """Wide characters take two columns, and combining ones none."""
    assert width(text) == columns


def test_tables_are_aligned() -> None:
    """Names are left-aligned and numbers right-aligned, in any script."""
    assert list(aligned([("venue", "events"), ("币安", "1,000"), ("binance", "2")])) == [
        "venue    events",
        "币安      1,000",
        "binance       2",
    ]


@given(texts, texts)
def test_carets_underline_the_marked_part(before: str, marked: str) -> None:
    """The carets start at the marked part and have its width."""
    found = Finding(REFUSED, "unexpected", place=KnownPlace(Excerpt(before, marked, "after")))
    shown, carets = report("full", [found]).splitlines()[1:3]
    assert shown == f"  | {printable(before)}{printable(marked)}after"
    if marked:
        assert carets == f"  | {' ' * width(printable(before))}{'^' * max(width(printable(marked)), 1)}"
    else:
        assert "^" not in carets
