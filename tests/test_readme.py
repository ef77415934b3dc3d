"""The README is true: its code runs, its outputs are real, its tables are those of the code."""

import contextlib
import io
import re
import subprocess
import sys
import tomllib
from itertools import pairwise
from pathlib import Path

import msgspec
import pytest

from cancelnorm import Record, logs, normalise, venues
from cancelnorm.check import RULES, Severity, select
from cancelnorm.cli.settings import ProjectSettings
from cancelnorm.report import WRITERS

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(python|sh|text|json)\n(.*?)```", README, flags=re.DOTALL)
EXAMPLES = [(code, output) for (kind, code), (_, output) in pairwise(BLOCKS) if kind == "python"]
assert EXAMPLES


def venues_table() -> str:
    """The table of venues and endpoints."""
    rows = [
        f"| {codec.venue} | {codec.product or 'by request'} | `{codec.endpoint}` |"
        for venue in venues.names()
        for codec in venues.codecs(venue).values()
    ]
    return "\n".join(["| venue | product | endpoint |", "|---|---|---|", *rows])


@pytest.mark.parametrize(("code", "output"), EXAMPLES)
def test_examples_run(code: str, output: str) -> None:
    """A block of Python prints the block below it."""
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(code, "README.md", "exec"), {})
    assert printed.getvalue() == output


def test_table_of_endpoints() -> None:
    """The table lists what is registered."""
    assert venues_table() in README


def test_output_of_check() -> None:
    """The output below the first command is what it prints."""
    assert "&& .venv/bin/cancelnorm check samples/logs/day.jsonl\n" in README
    assert f"```text\n{checked()}```" in README


def checked() -> str:
    """What the first command prints."""
    ran = subprocess.run(
        [sys.executable, "-m", "cancelnorm", "check", "samples/logs/day.jsonl"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode, ran.stderr) == (1, "")
    return ran.stdout


def formats_table() -> str:
    """The table of formats."""
    rows = [f"| `{form.name}` | {form.about} |" for form in logs.FORMATS]
    return "\n".join(["| format | is |", "|---|---|", *rows])


def rules_table() -> str:
    """The table of rules."""
    rows = [
        f"| {rule.code} `{rule.name}` | {rule.severity} | {rule.why} | {rule.todo} |"
        for rule in RULES.values()
    ]
    return "\n".join(["| rule | severity | why | what to do |", "|---|---|---|---|", *rows])


def test_tables() -> None:
    """The tables list what there is."""
    assert formats_table() in README
    assert rules_table() in README
    assert f"`--output-format` is one of {writers()};" in README


def writers() -> str:
    """The forms of a report, as a sentence names them."""
    *names, last = (f"`{name}`" for name in WRITERS)
    return f"{', '.join(names)} and {last}"


def test_settings() -> None:
    """The settings shown are such as a project may have."""
    [settings] = re.findall(r"```toml\n(.*?)```", README, flags=re.DOTALL)
    table = tomllib.loads(settings)["tool"]["cancelnorm"]
    assert msgspec.convert(table, ProjectSettings).ignore == ["documentation-example", "CN1"]
    assert select(table["ignore"])
    assert Severity(table["severity"])


def test_line_of_a_log(tmp_path: Path) -> None:
    """A line as described is read."""
    [line] = [block for kind, block in BLOCKS if kind == "json"]
    log = tmp_path / "day.jsonl"
    log.write_text(line, encoding="utf-8")
    [record] = logs.read(str(log))
    assert isinstance(record, Record)
    assert [event.order_id for event in normalise(record).events] == ["c6f055d9"]


def test_every_command_is_described() -> None:
    """The table of commands has every command."""
    ran = subprocess.run(
        [sys.executable, "-m", "cancelnorm", "--help"], capture_output=True, text=True, check=True
    )
    for command in ("normalise", "check", "rules", "explain", "venues", "schema"):
        assert f"`cancelnorm {command}" in README
        assert command in ran.stdout
