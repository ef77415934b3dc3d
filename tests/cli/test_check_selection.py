"""``cancelnorm check``: which files are read, which findings are reported, and how briefly."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from tests.cli.conftest import CANCELED, NOTED, REFUSED, REJECTED, Run

Log = Callable[..., str]
CONCISE = ("--output-format", "concise")
ROOT = Path(__file__).parents[2]


def codes(out: str) -> list[str]:
    """Codes of the findings in a concise report."""
    return [line.split(": ")[2].split()[0] for line in out.splitlines() if ": CN" in line]


@pytest.fixture
def logs(log: Log) -> None:
    """A folder of logs with one finding each."""
    for name in ("a.jsonl", "b.bak.jsonl", "old/c.jsonl", "old/deep/d.jsonl"):
        log(NOTED if "/" in name else REFUSED, name=f"logs/{name}")


# --- Files ---


@pytest.mark.parametrize(
    ("patterns", "left"),
    [
        ([], ["a.jsonl", "b.bak.jsonl", "old/c.jsonl", "old/deep/d.jsonl"]),
        (["*.bak.jsonl"], ["a.jsonl", "old/c.jsonl", "old/deep/d.jsonl"]),
        (["old"], ["a.jsonl", "b.bak.jsonl"]),
        (["deep", "logs/a*"], ["b.bak.jsonl", "old/c.jsonl"]),
        (["logs/old/"], ["a.jsonl", "b.bak.jsonl"]),
        (["logs"], ["a.jsonl", "b.bak.jsonl", "old/c.jsonl", "old/deep/d.jsonl"]),
    ],
)
@pytest.mark.usefixtures("logs")
def test_exclude(run: Run, tmp_path: Path, patterns: list[str], left: list[str]) -> None:
    """Files and folders below a folder are left out by name or path, by option and by setting."""
    options = [text for pattern in patterns for text in ("--exclude", pattern)]
    by_option = run("check", "logs", *CONCISE, *options, "--ignore", "CN6")
    assert [line.split(":")[0] for line in by_option.out.splitlines()[:-1]] == [
        f"logs/{name}" for name in left
    ]
    (tmp_path / "pyproject.toml").write_text(f"[tool.cancelnorm]\nexclude = {json.dumps(patterns)}\n")
    assert run("check", "logs", *CONCISE, "--ignore", "CN6") == by_option
    assert run("normalise", "logs").out.count("\n") == sum(name.startswith("old") for name in left)


@pytest.mark.usefixtures("logs")
def test_a_named_file_is_read(run: Run) -> None:
    """A file named directly is not excluded; a folder of which nothing is left is an error."""
    assert run("check", "logs/a.jsonl", "--exclude", "a.jsonl").code == 1
    assert run("check", "logs/old", "--exclude", "*.jsonl").code == 2


# --- Rules ---


def test_extend_select(run: Run, log: Log, tmp_path: Path) -> None:
    """Rules are added to those that the project selects."""
    name = log(CANCELED, NOTED, REFUSED)
    (tmp_path / "pyproject.toml").write_text('[tool.cancelnorm]\nselect = ["CN0"]\n')
    assert codes(run("check", name, *CONCISE).out) == ["CN001"]
    assert codes(run("check", name, *CONCISE, "--extend-select", "CN1").out) == ["CN101", "CN001"]
    (tmp_path / "pyproject.toml").write_text(
        '[tool.cancelnorm]\nselect = ["CN0"]\nextend-select = ["CN101"]\n'
    )
    assert codes(run("check", name, *CONCISE).out) == ["CN101", "CN001"]
    assert codes(run("check", name, *CONCISE, "--ignore", "CN1").out) == ["CN001"]


@pytest.mark.usefixtures("logs")
def test_per_file_ignores(run: Run, tmp_path: Path) -> None:
    """Rules are switched off for files by name or path; the others keep them."""
    everything = run("check", "logs", *CONCISE, "--ignore", "CN6")
    assert codes(everything.out) == ["CN001", "CN001", "CN101", "CN101"]
    ran = run(
        *("check", "logs", *CONCISE, "--ignore", "CN6", "--per-file-ignores", "*.bak.jsonl:CN0"),
        *("--per-file-ignores", "logs/old/deep/*:unknown-field,CN5"),
    )
    assert codes(ran.out) == ["CN001", "CN101"]
    assert "1 error, 1 warning, 0 infos" in ran.out
    (tmp_path / "pyproject.toml").write_text(
        '[tool.cancelnorm.per-file-ignores]\n"*.bak.jsonl" = ["CN0"]\n'
        '"logs/old/deep/*" = ["unknown-field,CN5"]\n'
    )
    assert run("check", "logs", *CONCISE, "--ignore", "CN6") == ran
    code = "import os, sys; os.chdir('logs'); from cancelnorm.__main__ import main; sys.exit(main())"
    inside = run("check", ".", *CONCISE, "--ignore", "CN6", code=code)
    assert codes(inside.out) == ["CN001", "CN101"]


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("--per-file-ignores", "CN1"), "--per-file-ignores 'CN1': expected PATTERN:RULES"),
        (("--per-file-ignores", "*:CN77"), "unknown rule 'CN77'; did you mean "),
        (("--extend-select", "CN77"), "unknown rule 'CN77'; did you mean "),
        (("--config", "none.toml"), "none.toml: no such file or directory"),
        (("--config", "empty.toml"), "empty.toml: has no table [tool.cancelnorm]"),
        (
            ("--statistics", "--output-format", "sarif"),
            "--statistics: expected --output-format text or json, found sarif",
        ),
    ],
)
def test_wrong_options(run: Run, log: Log, tmp_path: Path, args: tuple[str, ...], message: str) -> None:
    """One line states the reason before anything is read."""
    (tmp_path / "empty.toml").write_text("")
    code, out, err = run("check", log("x"), *args)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert err.startswith(f"cancelnorm: {message}")


def test_config(run: Run, log: Log, tmp_path: Path) -> None:
    """A settings file that is named replaces the one that would be found."""
    name = log(NOTED)
    (tmp_path / "pyproject.toml").write_text('[tool.cancelnorm]\nseverity = "warning"\n')
    (tmp_path / "ci").mkdir()
    (tmp_path / "ci" / "strict.toml").write_text('[tool.cancelnorm]\ndrift = "refuse"\n')
    assert codes(run("check", name, *CONCISE, "--config", "ci/strict.toml").out) == ["CN001"]
    assert run("normalise", name, "--config", "ci/strict.toml").code == 1
    assert run("explain", name, "--config", "ci/strict.toml").code == 0


# --- Brief reports ---


def test_exit_zero(run: Run, log: Log) -> None:
    """Findings do not fail; a run that could not be done does."""
    name = log(REFUSED)
    plain = run("check", name)
    assert plain.code == 1
    assert run("check", name, "--exit-zero") == plain._replace(code=0)
    assert run("check", "nope.jsonl", "--exit-zero").code == 2


def test_quiet(run: Run, log: Log) -> None:
    """Findings alone, one a line; nothing at all if there are none."""
    assert run("check", log(CANCELED, REJECTED), "-q") == (0, "", "")
    assert run("check", log(CANCELED, REFUSED), "--quiet") == (
        1,
        ("day.jsonl:2:210: $.price: CN001 error payload-refused: expected a plain decimal, found '1_000'\n"),
        "",
    )
    assert (
        json.loads(run("check", log(REFUSED), "-q", "--output-format", "json").out)["summary"]["refused"] == 1
    )
    full = run("check", log(REFUSED), "-q", "--output-format", "full").out
    assert full.startswith("day.jsonl:1: $.price: CN001 error ")
    assert "understood" not in full
    assert run("normalise", log(NOTED), "-q").err == ""


def test_statistics(run: Run, log: Log) -> None:
    """The number of findings of each rule, the most frequent first."""
    name = log(NOTED, NOTED, NOTED, REFUSED)
    assert run("check", name, "--statistics", "--ignore", "CN5") == (
        1,
        (
            "        3  CN101  warning  unknown-field\n"
            "        2  CN601  warning  canceled-twice\n"
            "        1  CN001  error    payload-refused\n"
        ),
        "",
    )
    rows = json.loads(run("check", name, "--statistics", "--output-format", "json").out)
    assert rows[0] == {"code": "CN101", "name": "unknown-field", "severity": "warning", "count": 3}
    assert run("check", log(CANCELED), "--statistics").out == ""


# --- pre-commit ---


def test_hook(run: Run, log: Log) -> None:
    """The hook runs a command that exists, on files that are logs."""
    [hook] = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    program, *args = hook["entry"].split()
    assert program == "cancelnorm"
    assert run(*args, log(CANCELED)).code == 0
    assert run(*args, log(CANCELED), log(REFUSED, name="b.jsonl")).code == 1
