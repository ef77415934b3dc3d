"""``cancelnorm rules`` and ``cancelnorm rule``."""

import json

import pytest

from cancelnorm.check import RULES, rule_example
from tests.cli.conftest import Run


def test_rules(run: Run) -> None:
    """Each rule has a line with code, name and severity, then why it matters and what to do."""
    code, out, err = run("rules")
    assert (code, err) == (0, "")
    lines = [
        line
        for rule in RULES.values()
        for line in (f"{rule.code} {rule.name} ({rule.severity})", f"  {rule.why}", f"  {rule.todo}")
    ]
    assert out.splitlines() == lines


def test_rules_as_json(run: Run) -> None:
    """The catalogue is an array of objects."""
    code, out, _ = run("rules", "--output-format", "json")
    assert code == 0
    rows = json.loads(out)
    assert [row["code"] for row in rows] == list(RULES)
    assert rows[0].keys() == {"code", "name", "severity", "why", "todo"}


def test_rules_as_markdown(run: Run) -> None:
    """The catalogue is a table, one row a rule."""
    code, out, _ = run("rules", "--output-format", "markdown")
    assert code == 0
    head, line, *rows = out.splitlines()
    assert (head, line) == ("| rule | severity | why | what to do |", "|---|---|---|---|")
    assert len(rows) == len(RULES)


def test_rule(run: Run) -> None:
    """A rule is shown with a log that violates it, the finding, and a log that does not."""
    example = rule_example("CN101")
    assert example is not None
    for name in ("CN101", "unknown-field"):
        assert run("rule", name) == (
            0,
            (
                "CN101 unknown-field (warning)\n"
                "  the venue added a field whose meaning is not known\n"
                "  read the venue's changelog\n"
                "\n"
                f"bad\n  {example.bad.read_text()}"
                "  -> line 1: $.brandNew: expected no such field, found 1\n"
                "\n"
                f"good\n  {example.good.read_text()}"
            ),
            "",
        )


def test_a_rule_without_example(run: Run) -> None:
    """A rule that only another distribution's venue can violate has no example."""
    code, out, _ = run("rule", "CN010")
    assert code == 0
    assert out.endswith("\nNo example: no venue of this distribution can violate this rule.\n")


@pytest.mark.parametrize("name", ["CN999", "unknown-feild"])
def test_no_such_rule(run: Run, name: str) -> None:
    """An unknown rule is rejected with the nearest names."""
    code, out, err = run("rule", name)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert err.startswith(f"cancelnorm: unknown rule '{name}'; did you mean ")
