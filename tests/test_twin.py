"""``read`` and ``check`` in a pipeline, without the command line."""

from collections.abc import Iterator
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cancelnorm import Record
from cancelnorm.check import Finding, History, Settings, UnknownRuleError, check, examine, in_sequence
from cancelnorm.check.statistics import Summary
from cancelnorm.logs import Unreadable, read
from tests.samples import FOLDER, SAMPLES

DAY = FOLDER / "logs" / "day.jsonl"
RECORDS = [sample.record() for sample in SAMPLES.values()]


def test_findings_come_in_order() -> None:
    """Those on a record come with it, those that take all records at the end."""
    found = list(check(read(DAY)))
    assert [(f.rule.name, (f.source or "").rpartition(":")[2]) for f in found] == [
        ("secret-in-log", "2"),
        ("partial-batch", "4"),
        ("phantom-row", "5"),
        ("overfilled", "6"),
        ("payload-refused", "7"),
        ("unknown-field", "8"),
        ("unknown-fate", "9"),
        ("unreadable-line", "11"),
        ("never-confirmed", "4"),
    ]


def test_rules_are_chosen_at_once() -> None:
    """A rule that there is not is refused before anything is read."""
    records = iter(RECORDS)
    with pytest.raises(UnknownRuleError, match="overfiled"):
        check(records, rules=["overfiled"])
    assert next(records) is RECORDS[0]


def test_findings_come_before_the_end() -> None:
    """Nothing is read that is not needed."""

    def endless() -> Iterator[Record | Unreadable]:
        while True:
            yield Unreadable("x:1", "line", "not JSON")

    assert next(iter(check(endless()))).rule.name == "unreadable-line"


def test_excerpts_are_asked_for() -> None:
    """They show what is meant."""
    [finding] = check(read(DAY), rules=["unknown-field"], excerpts="all")
    assert finding.excerpt is not None
    assert finding.excerpt.marked == '"venueFlag":true'
    [bare] = check(read(DAY), rules=["unknown-field"])
    assert bare.excerpt is None


@given(st.lists(st.sampled_from(RECORDS), max_size=30), st.lists(st.integers(0, 30), max_size=4))
def test_parts_come_together(records: list[Record], cuts: list[int]) -> None:
    """However a log is cut, findings and counts are the same, and every record is counted once."""
    bounds = [0, *sorted(min(cut, len(records)) for cut in cuts), len(records)]
    whole = examined([records])
    parts = examined([records[a:b] for a, b in pairwise(bounds)])
    assert parts == whole
    findings, summary = whole
    assert summary.records == len(records) == summary.understood + summary.skipped.total() + summary.refused
    assert sum(summary.severities.values()) == len(findings)
    assert sum(group.count for group in summary.groups.values()) == len(findings)


def examined(parts: list[list[Record]]) -> tuple[list[Finding], Summary]:
    """Findings and counts of records that are examined in parts."""
    settings, sequence, summary = Settings(), History(), Summary()
    findings: list[Finding] = []
    for records in parts:
        part = examine(records, settings)
        for finding in in_sequence(part, sequence, settings):
            findings.append(finding)
            summary.find(finding)
        summary.merge(part.summary)
    return findings, summary
