"""The README is true: its code runs, its outputs are real, its tables are those of the code."""

import contextlib
import io
import re
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest

from cancelnorm import Record, logs, normalise, venues

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
    assert "&& .venv/bin/cancelnorm check samples\n" in README
    ran = subprocess.run(
        [sys.executable, "-m", "cancelnorm", "check", "samples"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    assert f"```text\n{ran.stdout}```" in README


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
    for command in ("normalise", "check", "explain", "venues", "schema"):
        assert f"`cancelnorm {command}" in README
        assert command in ran.stdout
