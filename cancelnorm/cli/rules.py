"""The ``rules`` and ``rule`` commands: the catalogue as text, JSON and Markdown, and one rule with its example."""

import json
from collections.abc import Iterable
from importlib.resources import as_file
from pathlib import Path

import msgspec
from rich.padding import Padding
from rich.text import Text

from cancelnorm import logs
from cancelnorm.check import Rule, check, rule_example
from cancelnorm.cli.display import show
from cancelnorm.cli.terminal import say
from cancelnorm.report import printable

__all__ = ["as_json", "as_markdown", "show_rule", "show_rules"]


def show_rules(rules: Iterable[Rule]) -> None:
    """Print rules with explanations and remedies."""
    for rule in rules:
        show(Text(f"{rule.code} {rule.name} ({rule.severity})", style="bold"))
        for line in (rule.why, rule.todo):
            show(Padding(Text(line), (0, 0, 0, 2)))


def as_json(rules: Iterable[Rule]) -> str:
    """Rules as a JSON array, one object each."""
    return json.dumps([msgspec.to_builtins(rule) for rule in rules], indent=2)


def as_markdown(rules: Iterable[Rule]) -> str:
    """Rules as a Markdown table."""
    rows = [(f"{rule.code} `{rule.name}`", rule.severity, rule.why, rule.todo) for rule in rules]
    lines = (f"| {' | '.join(row)} |" for row in rows)
    return "\n".join(("| rule | severity | why | what to do |", "|---|---|---|---|", *lines))


def show_rule(rule: Rule) -> None:
    """Print a rule, a log that violates it with the findings, and one that does not."""
    show_rules((rule,))
    example = rule_example(rule.code)
    if example is None:
        say("\nNo example: no venue of this distribution can violate this rule.")
        return
    for title, log in (("bad", example.bad), ("good", example.good)):
        show(Text(f"\n{title}", style="bold"))
        for line in log.read_text("utf-8").splitlines():
            show(Padding(Text(printable(line)), (0, 0, 0, 2)))
        with as_file(log) as path:
            for finding in check(logs.read(path), rules=(rule.code,)):
                show(Padding(Text(_reported(finding.source, finding.path, finding.message)), (0, 0, 0, 2)))


def _reported(source: str | None, path: str, message: str) -> str:
    """A finding on an example, by the line in it."""
    line = Path(source or "").name.rpartition(":")[2]
    return printable(f"-> line {line}: {path}: {message}")
