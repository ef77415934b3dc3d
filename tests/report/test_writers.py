"""Reports of every form: what they look like, and what holds for all of them."""

import json
from importlib import metadata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from syrupy.assertion import SnapshotAssertion

from cancelnorm.check import Excerpt, Finding, Severity
from cancelnorm.check.statistics import Summary
from cancelnorm.report import finding_json, finding_schema, printable
from cancelnorm.report.findings import source_line
from cancelnorm.report.sarif import Sarif
from cancelnorm.report.text_columns import aligned, width
from cancelnorm.report.writers import WRITERS
from tests.report.findings import FINDINGS, OVERFILLED, REFUSED, RULES, findings, summary_of, texts, write

FORMS = ("text", "full", "concise", "json", "jsonl", "junit", "github")
LINES = ("text", "full", "concise", "github")


def report(form: str, found: tuple[Finding, ...] | list[Finding], summary: Summary | None = None) -> str:
    """All that a form's writer writes."""
    parts: list[str] = []
    write(WRITERS[form](parts.append), found, summary or summary_of(found))
    return "".join(parts)


@pytest.mark.parametrize("form", FORMS)
def test_report(form: str, snapshot: SnapshotAssertion) -> None:
    """The form of each report is what users and other programs rely on."""
    version = metadata.version("cancelnorm")
    assert report(form, FINDINGS).replace(f'"version":"{version}"', '"version":"VERSION"') == snapshot


def test_sarif_report(snapshot: SnapshotAssertion) -> None:
    """SARIF lists the rules it is given, whether they found something or not."""
    parts: list[str] = []
    write(Sarif(parts.append, rules=RULES), FINDINGS, summary_of(FINDINGS))
    log = json.loads("".join(parts))
    assert log["runs"][0]["tool"]["driver"].pop("version") == metadata.version("cancelnorm")
    assert log == snapshot


@pytest.mark.parametrize("form", LINES)
def test_nothing_found(form: str) -> None:
    """Where nothing was found the counts are all there is."""
    assert report(form, [], Summary(files=1, understood=1)) == (
        "1 record = 1 understood + 0 skipped + 0 refused; 0 events; 0 errors, 0 warnings, 0 infos\n"
    )


@pytest.mark.parametrize("form", LINES)
@given(found=st.lists(findings, max_size=4))
def test_lines_steer_no_terminal(form: str, found: list[Finding]) -> None:
    """Whatever stands in a log, each line of a report for people can be seen as it is."""
    for line in report(form, found).split("\n"):
        assert line.isprintable()


@pytest.mark.parametrize("form", WRITERS)
@settings(max_examples=40)  # a page with its charts takes a tenth of a second
@given(found=st.lists(findings, min_size=1, max_size=4))
def test_reports_are_utf8(form: str, found: list[Finding]) -> None:
    """Every report can be written to a file, whatever the files it is about are called."""
    assert report(form, found).encode()


def test_many_findings_make_a_short_text() -> None:
    """The text says how many there are, and shows a few of them."""
    found = [
        Finding(
            REFUSED, f"message {i}", f"day.jsonl:{i}", f"$.field{i % 40}", "binance", "DELETE /api/v3/order"
        )
        for i in range(2_000)
    ]
    lines = report("text", found).splitlines()
    assert len(lines) < 60
    assert lines[19:22] == ["day.jsonl:19: $.field19: message 19", "... and 1,980 more errors", ""]
    assert "    1,750  at 35 other places" in lines
    assert lines[-1].endswith("2,000 errors, 0 warnings, 0 infos")


def test_text_puts_the_gravest_first() -> None:
    """Whatever order things are found in, errors come before warnings before infos."""
    text = report("text", FINDINGS[::-1])
    places = [text.index(f"\n{severity} CN") for severity in reversed(Severity)]
    assert places == sorted(places)


def test_examples_of_one_record() -> None:
    """What was found several times in a record names the record once."""
    found = [Finding(OVERFILLED, "filled 2 of 1", "day.jsonl:7", f"$[{i}].executedQty") for i in range(3)]
    assert report("text", found, summary_of(found)).splitlines()[3:5] == [
        "        3  $[*].executedQty",
        "           day.jsonl:7: filled 2 of 1",
    ]


def test_frames_of_many_kinds() -> None:
    """Of the skipped frames the most frequent kinds are named."""
    summary = Summary()
    summary.skipped.update({f"kind {i}": i for i in range(1, 9)})
    assert report("text", [], summary).splitlines()[:7] == [
        "skipped, not about a cancel",
        "        8  kind 8",
        "        7  kind 7",
        "        6  kind 6",
        "        5  kind 5",
        "        4  kind 4",
        "        6  of 3 other kinds",
    ]


@given(found=findings)
def test_finding_as_json(found: Finding) -> None:
    """A finding as JSON is one visible line, fits the schema, and lacks what is not known."""
    line = finding_json(found).decode()
    assert line.isprintable()
    written = json.loads(line)
    Draft202012Validator(finding_schema()).validate(written)
    assert None not in written.values()
    for name in ("venue", "endpoint", "symbol", "order_id", "source"):
        assert (name in written) == (getattr(found, name) is not None)


@given(st.text(max_size=20))
def test_text_in_json_is_lossless(text: str) -> None:
    """What is escaped in JSON reads back as it was."""
    assert json.loads(finding_json(Finding(REFUSED, text)))["message"] == text


def test_schema_is_a_schema() -> None:
    """The schema of a finding is valid itself and refuses what is no finding."""
    Draft202012Validator.check_schema(finding_schema())
    assert not Draft202012Validator(finding_schema()).is_valid({"code": "CN001"})


@given(st.lists(findings, max_size=5))
def test_document_has_what_the_lines_have(found: list[Finding]) -> None:
    """The JSON document holds the same findings as the JSON lines, and counts all of them."""
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
        ("two\nlines:4", ("two\nlines", 4)),
    ],
)
def test_spot(source: str | None, expected: tuple[str | None, int | None]) -> None:
    """A source is a file and a line, as far as it names them."""
    assert source_line(source) == expected


@pytest.mark.parametrize(("text", "columns"), [("abc", 3), ("币安", 4), ("é", 1), ("e\u0301", 1), ("", 0)])
def test_width(text: str, columns: int) -> None:
    """Wide characters take two columns, and those that are drawn over others none."""
    assert width(text) == columns


def test_tables_are_aligned() -> None:
    """Names stand to the left and numbers to the right, whatever they are written in."""
    assert list(aligned([("venue", "events"), ("币安", "1,000"), ("binance", "2")])) == [
        "venue    events",
        "币安      1,000",
        "binance       2",
    ]


@given(texts, texts)
def test_carets_stand_under_what_is_meant(before: str, marked: str) -> None:
    """The carets begin where the marked part begins, and are as many as it is wide."""
    found = Finding(REFUSED, "odd", excerpt=Excerpt(before, marked, "after"))
    shown, carets = report("full", [found]).splitlines()[1:3]
    assert shown == f"  | {printable(before)}{printable(marked)}after"
    if marked:
        assert carets == f"  | {' ' * width(printable(before))}{'^' * max(width(printable(marked)), 1)}"
    else:
        assert "^" not in carets
