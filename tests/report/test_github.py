"""Workflow commands, parsed as the runner of GitHub Actions parses them."""

import re

from hypothesis import given

from cancelnorm.check import Finding, Severity
from cancelnorm.check.statistics import Summary
from cancelnorm.escapes import printable
from cancelnorm.logs import source_line
from cancelnorm.report.github import GitHub
from tests.report.findings import FINDINGS, findings, write

LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def command(finding: Finding) -> tuple[str, dict[str, str], str]:
    """A command parsed like the runner does: name, properties and message."""
    parts: list[str] = []
    write(GitHub(parts.append), [finding], Summary())
    written, total, end = "".join(parts).split("\n")
    assert total.startswith("0 records")
    assert not end
    match = re.fullmatch(r"::([a-z]+) (.*?)::(.*)", written)
    assert match
    pairs = (pair.split("=", 1) for pair in match[2].split(","))
    return match[1], {key: unescaped(value) for key, value in pairs}, unescaped(match[3])


def unescaped(text: str) -> str:
    """A text as decoded by the runner."""
    for code, char in (("%3A", ":"), ("%2C", ","), ("%0D", "\r"), ("%0A", "\n"), ("%25", "%")):
        text = text.replace(code, char)
    return text


@given(findings)
def test_commands_are_read_back(finding: Finding) -> None:
    """No text of a log ends a command, starts another one or changes its properties."""
    name, properties, message = command(finding)
    file, line = source_line(finding.source)
    expected = {"title": f"{finding.rule.code} {finding.rule.name}"}
    if file is not None:
        expected["file"] = printable(file)
    if line is not None:
        expected["line"] = str(line)
    if line is not None and finding.columns is not None:
        expected["col"], expected["endColumn"] = map(str, finding.columns)
    assert (name, properties) == (LEVELS[finding.severity], expected)
    what, todo = message.split("\n")
    assert what.startswith(printable(f"{finding.path}: {finding.message}"))
    assert todo == printable(finding.rule.todo)


def test_other_record() -> None:
    """A finding on two records names the other one."""
    assert command(FINDINGS[1])[2].startswith("$[3].executedQty: filled 2.0 of 1.0 (see logs/day.jsonl:2)\n")
