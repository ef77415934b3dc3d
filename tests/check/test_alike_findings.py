"""Law: of consecutive records with the same findings, the same is said as of each by itself."""

from functools import partial
from io import BytesIO
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cancelnorm.arrow.log_rows import LogRows
from cancelnorm.check import (
    AlikeFindings,
    BatchResult,
    Finding,
    History,
    Settings,
    examine,
    examine_batch,
    in_sequence,
    together_in_sequence,
)
from cancelnorm.check.statistics import Summary
from cancelnorm.cli.event_lines import EventLines
from cancelnorm.cli.normalise import convert, convert_by_column
from cancelnorm.cli.patterns import FileRules
from cancelnorm.cli.quarantine import write_refused
from cancelnorm.cli.report import Report
from cancelnorm.event_json import encode_masked
from cancelnorm.logs import Batch, Block
from cancelnorm.report import MOST_ALIKE, WRITERS, Run, brief, briefs

_ANSWER: Final = b'{"venue":"binance","endpoint":"DELETE /api/v3/order","payload":{"code":-2011,"msg":"x"}}'
_LINES: Final = st.sampled_from(
    [
        _ANSWER,
        b"a",
        b"[]",
        b"\xff",
        b'{"venue":1}',
        b'{"venue":"nowhere","payload":{}}',
        b'{"venue":"nowhere","payload":{},"request":{"apiKey":"abcdefghijklmnop"}}',
        b'{"venue":"binance","payload":{"code":-2011,"msg":"x"}}',
        b'{"venue":"binance","payload":{"code":-1007,"msg":"x"}}',
        b'{"venue":"binance","payload":{"code":-1007,"msg":"y"}}',
        b'{"venue":"binance","payload":{"code":-1003,"msg":"x"}}',
        b'{"venue":"bybit","payload":{},"apiKey=abcdefghijklmnop":1}',
        b'{"venue":"bybit","payload":{},"request":{"a":%b}}' % (b"[" * 80 + b"]" * 80),
    ]
)
_NAMES: Final = st.sampled_from(["day.jsonl", "a b::c\u202e.jsonl", "\udcff.jsonl"])
_SETTINGS: Final = st.sampled_from(
    [Settings(), Settings(rules=frozenset({"CN101"})), Settings(excerpts="all", columns=True)]
)


@st.composite
def batches(draw: st.DrawFn) -> Batch:
    """A few lines, each of them once or several times."""
    runs = draw(st.lists(st.tuples(_LINES, st.sampled_from([1, 1, 2, 5, 30])), min_size=1, max_size=6))
    data = b"".join((line + b"\n") * count for line, count in runs)
    return Batch("records", [Block(draw(_NAMES), 7, data)])


@given(batches(), _SETTINGS)
def test_findings(batch: Batch, settings: Settings) -> None:
    """All findings in their order, and the counts."""
    whole, history = examine_batch(batch, settings), History()
    counts, expected = Summary(), list[Finding]()
    for item in batch.items():
        one = examine((item.found,), settings)
        counts.merge(one.summary)
        expected += in_sequence(one, history, settings)
    assert whole.summary == counts
    found = list(in_sequence(whole, History(), settings))
    assert list(map(_told, found)) == list(map(_told, expected))


_AT: Final = b'{"venue":"%b","payload":{}}\n'


@pytest.mark.parametrize("count", [1, 2, 30])
def test_findings_on_consecutive_lines_come_together(count: int) -> None:
    """They are as many entries however many lines have them, and new ones behind lines that have others."""
    same, other, unread = _AT % b"nowhere", _AT % b"elsewhere", b'{"venue":1}\n'
    for runs in ([same], [unread], [same, other, same]):
        batch = Batch("records", [Block("day.jsonl", 1, b"".join(line * count for line in runs))])
        result = examine_batch(batch, Settings())
        sizes = [len(found.sources) for _, found in result.refused if isinstance(found, AlikeFindings)]
        single = [found for _, found in result.refused if isinstance(found, Finding)]
        assert sum(sizes) + len(single) == len(runs) * count
        assert len(result.refused) <= len(runs) + len({*runs})
        assert len(result.findings) <= len(runs) + len({*runs})


def _told(finding: Finding) -> str:
    return f"{brief(finding)} {finding.source!r} {finding.rule} {finding.venue} {finding.excerpt} {finding.value!r}"


@given(batches(), st.sampled_from([*WRITERS]))
def test_reports(batch: Batch, name: str) -> None:
    """The report, in every format."""
    assert _report(batch, name, is_together=True) == _report(batch, name, is_together=False)


def _report(batch: Batch, name: str, *, is_together: bool) -> tuple[Summary, list[str]]:
    settings, written = Settings(), list[str]()
    summary, writer = Summary(), WRITERS[name](written.append)
    most = MOST_ALIKE.get(name) if is_together else None
    report = Report(summary, writer, settings.rules, FileRules({}), most_alike=most)
    writer.begin(Run())
    found = (together_in_sequence if is_together else in_sequence)(
        examine_batch(batch, settings), History(), settings
    )
    for finding in found:
        report.add(finding)
    writer.end(summary)
    return summary, written


@given(batches(), st.booleans())
def test_refused_lines(batch: Batch, redact: bool) -> None:
    """What ``normalise`` says of them, its quarantine, and that of a check."""
    result = convert(batch, "collect", partial(EventLines, encode_masked))
    told = [
        line
        for _, found in result.refused
        for line in (briefs(found) if isinstance(found, AlikeFindings) else [brief(found)])
    ]
    one_by_one: list[str] = []
    quarantine, lines, checked = BytesIO(), BytesIO(), BytesIO()
    for item in batch.items():
        one = examine((item.found,), Settings())
        alone = Batch("records", [item])
        one_by_one += map(brief, _findings(one))
        write_refused(alone, one, lines, redact=redact)
    write_refused(batch, result, quarantine, redact=redact)
    write_refused(batch, examine_batch(batch, Settings()), checked, redact=redact)
    assert told == one_by_one
    assert result.refusals == len(told)
    assert quarantine.getvalue() == lines.getvalue() == checked.getvalue()


def _findings(result: BatchResult) -> list[Finding]:
    return [
        each
        for _, found in result.refused
        for each in (found.each() if isinstance(found, AlikeFindings) else [found])
    ]


@given(batches())
def test_tables(batch: Batch) -> None:
    """The rows of a table, made by column and by row."""
    by_column, by_row = convert_by_column(batch, "collect", LogRows), convert(batch, "collect", LogRows)
    rows = [[row for rows in result.collected for row in rows.to_pylist()] for result in (by_column, by_row)]
    assert rows[0] == rows[1]
    assert by_column.refused == by_row.refused
