"""The pages for contributors are true: the venue of their example works as it stands, and so do their commands."""

import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import msgspec
import pytest

from cancelnorm.testing import LAWS
from tests.samples import Sample

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / ".github" / "CONTRIBUTING.md").read_text(encoding="utf-8")
SAMPLES_PAGE = (ROOT / "samples" / "README.md").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
COPIED = (".github", "README.md", "cancelnorm", "pyproject.toml", "samples", "tests", "typings")


def blocks(page: str, kind: str) -> list[str]:
    """The blocks of a kind."""
    return re.findall(rf"```{kind}\n(.*?)```", page, flags=re.DOTALL)


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the repository with the venue of the example, and nothing else changed."""
    folder = tmp_path_factory.mktemp("clone")
    for name in COPIED:
        if (ROOT / name).is_dir():
            # With what is compiled; other workers may be writing some of it, under such names.
            shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("*.pyc.*"))
        else:
            shutil.copy(ROOT / name, folder / name)
    for code in blocks(PAGE, "python"):
        name, _, text = code.removeprefix("# ").partition("\n")
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    [log] = blocks(PAGE, "json")
    (folder / "acme.jsonl").write_text(log, encoding="utf-8")
    return folder


def run(command: str, folder: Path) -> str:
    """Run a command with this Python; it has to succeed."""
    settings = {name: text for name, text in os.environ.items() if not name.startswith("PYTEST_")}
    arguments = [sys.executable, *shlex.split(command)[1:]]
    ran = subprocess.run(
        arguments,
        cwd=folder,
        env={**settings, "HYPOTHESIS_PROFILE": "dev"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, f"{command}\n{ran.stdout}\n{ran.stderr}"
    return ran.stdout


def test_a_venue_edits_no_file(clone: Path) -> None:
    """The venue of the example passes the laws and the tests of samples, and comes into the README by itself."""
    [commands] = [block.splitlines() for block in blocks(PAGE, "sh") if "tests.samples add" in block]
    assert len(commands) == 7
    for command in commands:
        printed = run(command, clone)
        if " add " in command:
            assert "It is read as:" in printed
            sample = clone / "samples" / f"{command.split()[-1]}.json"
            text = sample.read_text(encoding="utf-8")
            sample.write_text(text.replace('"about": ""', '"about": "An example."'), encoding="utf-8")
        if "pytest" in command:
            assert re.search(r"[1-9][0-9]* passed", printed)
    # Tests of each module and of each pair of venues have been run: those that name the venue.
    # Each law has held for it: one is enough to see that a module of another distribution has them.
    rest = "apart or every and not every_field"
    printed = run(f"python -m pytest -v tests/venues tests/test_acme.py -k '{rest}'", clone)
    [law] = [law.name for law in LAWS if "every" in law.name]
    assert f"tests/test_acme.py::test_laws[{law}-acme] PASSED" in printed
    assert "tests/venues/" in printed
    assert "| acme | spot | `DELETE /v1/orders` |" in (clone / "README.md").read_text(encoding="utf-8")


def test_the_example_is_typed_and_formatted(clone: Path) -> None:
    """The code of the example passes mypy and ruff."""
    run("python -m mypy cancelnorm/venues/acme", clone)
    run("python -m ruff check cancelnorm/venues/acme", clone)
    run("python -m ruff format --check cancelnorm/venues/acme", clone)


def test_scripts_work_without_hatch() -> None:
    """Each script of Hatch is in the table, beside the same commands without Hatch."""
    listed = dict(re.findall(r"\| `hatch run (\w+)` \| `(.*?)` \|", PAGE))
    for name, script in PROJECT["tool"]["hatch"]["envs"]["default"]["scripts"].items():
        commands = [script] if isinstance(script, str) else script
        assert listed[name].endswith(" && ".join(line.removesuffix(" {args}") for line in commands))


def test_keys_of_a_sample() -> None:
    """The page on samples lists every key, and its example is a sample."""
    table = SAMPLES_PAGE.partition("| key | is |\n")[2].partition("\n\n")[0]
    keys = [key for row in table.splitlines()[1:] for key in re.findall(r"`(\w+)`", row.split("|")[1])]
    assert keys == list(Sample.__struct_fields__)
    [example] = blocks(SAMPLES_PAGE, "json")
    sample = msgspec.json.decode(example, type=Sample)
    assert sample.snapshot()


def test_samples_are_found() -> None:
    """The searches of the page on samples find some."""
    searches = blocks(SAMPLES_PAGE, "sh")[0].splitlines()
    assert len(searches) == 3
    for search in searches:
        assert subprocess.run(search, shell=True, cwd=ROOT, capture_output=True, check=True).stdout
