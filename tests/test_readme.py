"""The documents are true: their code runs, their outputs are real, their tables are those of the code."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from importlib.metadata import EntryPoint
from pathlib import Path

import msgspec
import pytest

import cancelnorm
from cancelnorm import CancelEvent, Evidence, Outcome, Record, logs, normalise
from cancelnorm.check import Severity, select
from cancelnorm.cli.settings import ProjectSettings
from cancelnorm.venues import GROUP
from cancelnorm.version import __version__
from tests import readme

ROOT = Path(__file__).parent.parent
README = readme.README.read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
BLOCKS = re.findall(r"```(\w+)\n(.*?)```", README, flags=re.DOTALL)


def blocks(kind: str) -> list[str]:
    """The blocks of a kind."""
    return [text for name, text in BLOCKS if name == kind]


def run(*arguments: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """Run a module with the code of this tree."""
    return subprocess.run(
        [sys.executable, "-m", *arguments],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )


def commands() -> list[str]:
    """The commands that the help lists."""
    text = run("cancelnorm", "--help").stdout.partition("Commands:\n")[2]
    return re.findall(r"^  (\w+) ", text, flags=re.MULTILINE)


# --- Generated parts ---


@pytest.mark.parametrize("document", readme.DOCUMENTS, ids=lambda path: path.name)
def test_generated_parts(document: Path) -> None:
    """Tables and outputs are what the code says now; ``python -m tests.readme`` writes them."""
    assert readme.updated(document, write=False) == []


def test_every_section_stands_in_a_document() -> None:
    """Each section that can be generated stands in one document, once."""
    found = [
        match["name"]
        for document in readme.DOCUMENTS
        for match in readme.SECTION.finditer(document.read_text(encoding="utf-8"))
    ]
    assert sorted(found) == sorted(readme.SECTIONS)


def test_what_differs_is_named_and_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """``--check`` names what differs and changes nothing; without it the document is put right."""
    text = (
        "<!-- generated: formats -->\n| old |\n<!-- end -->\n\nBetween.\n\n"
        "```python\nprint(1 + 1)\n```\n\n```text\n3\n```\n\n```python\nquiet = 1\n```\n"
    )
    document = tmp_path / "page.md"
    document.write_text(text, encoding="utf-8")
    assert readme.main(["--check"], [document]) == 1
    said = "page.md: output of the example at line 8\npage.md: formats\n"
    assert capsys.readouterr().out == f"{said}Write them with: python -m tests.readme\n"
    assert document.read_text(encoding="utf-8") == text
    assert readme.main([], [document]) == 0
    right = document.read_text(encoding="utf-8")
    assert right == text.replace("| old |\n", readme.formats()).replace("3\n```", "2\n```")
    capsys.readouterr()
    assert readme.main(["--check"], [document]) == 0
    assert capsys.readouterr().out == "Every generated part is up to date.\n"


# --- Blocks of the README ---


def test_every_block_is_run() -> None:
    """A block of Python is followed by its output; every other block has a test of its own below."""
    assert len(readme.EXAMPLE.findall(README)) == len(blocks("python"))
    assert len(blocks("text")) == len(blocks("python")) + 1  # the output of the first command
    others = [kind for kind, _ in BLOCKS if kind not in ("python", "text")]
    assert sorted(others) == ["json", "sh", "sh", "sh", "sh", "toml", "toml"]


def test_commands() -> None:
    """The output shown is the first command's; the second runs these tests, and the gate runs them with a browser."""
    check, tests, _, _ = blocks("sh")
    assert check.endswith("&& .venv/bin/cancelnorm check samples/logs/orders.jsonl\n")
    gate = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    [pattern] = re.findall(r'grep -E "(.*)" README\.md', gate)
    assert re.findall(pattern, README, flags=re.MULTILINE) == [tests.strip()]
    assert "\nexport BROWSER_TESTS=required\n" in gate


def test_options() -> None:
    """Every option of the command line that is named exists."""
    texts = [
        run("cancelnorm", *command, "--help").stdout for command in ([], *([name] for name in commands()))
    ]
    options = {option for text in texts for option in re.findall(r"--[a-z][a-z-]+", text)}
    named = set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", README))
    assert len(named) > 25
    assert named <= options


def test_links() -> None:
    """Every link leads to a heading or a file that is there."""
    headings = {line.lstrip("# ").lower().replace(" ", "-") for line in README.split("\n") if line[:1] == "#"}
    links = [link for link in re.findall(r"\]\(([^)]+)\)", README) if "://" not in link]
    assert len(links) > 5
    for link in links:
        assert link.removeprefix("#") in headings if link[0] == "#" else (ROOT / link).is_file()


def test_log_of_any_shape(tmp_path: Path) -> None:
    """The options of the example read a log that has an unusual shape."""
    *_, command = blocks("sh")
    shutil.copy(ROOT / "samples" / "logs" / "odd-shape.jsonl", tmp_path / "odd.jsonl")
    ran = run(*command.split(), cwd=tmp_path)
    assert ran.stderr == ""
    assert re.search(r"[1-9][0-9]* understood", ran.stdout)


def test_line_of_a_log(tmp_path: Path) -> None:
    """A line as described is read."""
    [line] = blocks("json")
    log = tmp_path / "day.jsonl"
    log.write_text(line, encoding="utf-8")
    [record] = logs.read(str(log))
    assert isinstance(record, Record)
    [event] = normalise(record).events
    assert (event.order_id, event.account) == ("c6f055d9", "desk-7")


def test_settings() -> None:
    """The settings are those that a project may have."""
    settings, _ = blocks("toml")
    table = tomllib.loads(settings)["tool"]["cancelnorm"]
    assert msgspec.convert(table, ProjectSettings).ignore == ["documentation-example", "CN1"]
    assert select(table["ignore"])
    assert Severity(table["severity"])


def test_entry_point() -> None:
    """The group is the one that is asked for, and the entry names an attribute of a module."""
    _, entry = blocks("toml")
    [(group, names)] = tomllib.loads(entry)["project"]["entry-points"].items()
    [(name, value)] = names.items()
    assert group == GROUP
    assert EntryPoint(name, value, group).attr == "VENUE"


# --- Tables written by hand ---


def rows(head: str) -> list[list[str]]:
    """The cells of the table below a head."""
    lines = README.partition(f"{head}\n")[2].lstrip(" ").partition("\n")[2].split("\n")
    table = [line.strip() for line in lines[: next(i for i, line in enumerate(lines) if "|" not in line)]]
    assert table
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table]


def test_every_command_is_described() -> None:
    """The table of commands has every command, and no other."""
    listed = [re.findall(r"`cancelnorm (\w+)", command)[0] for command, _ in rows("| command | does |")]
    assert sorted(listed) == sorted(commands())


def test_both_axes_are_described() -> None:
    """Outcomes and grades of evidence are all there, in their order."""
    assert [row[0] for row in rows("| outcome | the order |")] == [f"`{word}`" for word in Outcome]
    evidence = rows("| evidence, weakest first | the outcome rests on |")
    assert [row[0] for row in evidence] == [f"`{word}`" for word in Evidence]


def test_changelog() -> None:
    """The first entry is this version; each renamed attribute is gone, and its new name is there."""
    changelog = README.partition("## Changelog\n\n")[2]
    assert changelog.startswith(f"### {__version__}\n")
    for old, new in rows("  | old | new |"):
        assert "(computed)" in old or not hasattr(CancelEvent, old.strip("`"))
        name = re.findall(r"`(\w+)", new)[0]
        assert hasattr(CancelEvent, name) or name in cancelnorm.__all__
