"""``cancelnorm check --baseline``: only new findings are reported."""

import json
from collections.abc import Callable
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.cli.conftest import CANCELED, NOTED, REFUSED, Run
from tests.samples import FOLDER

Log = Callable[..., str]
OPTIONS = ("--output-format", "concise", "--baseline", "known.json")


def write(run: Run, *paths: str) -> None:
    """Write a baseline of all findings."""
    ran = run("check", *paths, *OPTIONS, "--write-baseline")
    assert ran.code == 0
    assert ran.err.startswith("cancelnorm: known.json: ")


def found(run: Run, *paths: str) -> list[str]:
    """Codes of the findings that are new."""
    *lines, _ = run("check", *paths, *OPTIONS).out.splitlines()
    return [line.split(": ")[2].split()[0] for line in lines]


@pytest.mark.parametrize("name", ["day.jsonl", "browser.har", "unread.jsonl"])
def test_nothing_is_new_in_the_same_log(run: Run, name: str, tmp_path: Path) -> None:
    """All findings are known afterwards, so the exit code is 0."""
    (tmp_path / "unread.jsonl").write_bytes(
        b'{"when":1,"wire":{"way":"in"}}\n{"when":2,"wire":{"way":"out"}}\n'
    )
    path = name if (tmp_path / name).exists() else str(FOLDER / "logs" / name)
    assert run("check", path).code == 1
    write(run, path)
    ran = run("check", path, *OPTIONS)
    assert (ran.code, ran.out.count("\n")) == (0, 1)
    assert "0 errors, 0 warnings, 0 infos\n" in ran.out
    assert " of the baseline left out\n" in ran.err


def test_lines_may_move(run: Run, log: Log) -> None:
    """A known finding is known at any line, with any index; a new one is reported."""
    write(run, log(NOTED, REFUSED, "garbage"))
    assert found(run, log("", CANCELED, "garbage", "", REFUSED, NOTED), "--ignore", "CN6") == []
    assert found(run, log(NOTED.replace("4711", "4712"), REFUSED, "garbage")) == ["CN101"]
    assert found(run, log(NOTED.replace('"new"', '"newer"'), REFUSED, "garbage")) == ["CN101"]


def test_records_may_share_a_line(run: Run, tmp_path: Path) -> None:
    """The file of a finding is the same whether its record is the only one of its line or not."""
    recording = json.loads((FOLDER / "logs" / "browser.har").read_text("utf-8"))
    for entry in recording["log"]["entries"]:
        entry["response"]["content"]["text"] = "garbage"
    (tmp_path / "browser.har").write_text(json.dumps(recording), "utf-8")
    write(run, "browser.har")
    assert ":1#2" in run("check", "browser.har", "--output-format", "concise").out
    (tmp_path / "browser.har").write_text(json.dumps(recording, indent=1), "utf-8")
    assert found(run, "browser.har") == []


def test_more_of_the_same_are_new(run: Run, log: Log) -> None:
    """A finding that names no order is known as often as it occurred in its file."""
    write(run, log("garbage", CANCELED, "rubbish"))
    assert found(run, log("rubbish", "garbage", CANCELED)) == []
    assert found(run, log("rubbish", "garbage", CANCELED, "waste")) == ["CN004"]
    assert found(run, log("rubbish", CANCELED, name="other.jsonl")) == ["CN004"]


def test_files_are_relative_to_the_baseline(run: Run, log: Log, tmp_path: Path) -> None:
    """The baseline means the same in any current folder, also for files in an archive."""
    name = log("garbage", CANCELED, name="logs/a.jsonl")
    with ZipFile(tmp_path / "logs" / "day.zip", "w") as archive:
        archive.write(tmp_path / name, "b.jsonl")
    write(run, name, "logs/day.zip")
    code = "import os, sys; os.chdir('logs'); from cancelnorm.__main__ import main; sys.exit(main())"
    assert run("check", "a.jsonl", "day.zip", "--baseline", "../known.json", code=code).code == 0
    (tmp_path / "pyproject.toml").write_text('[tool.cancelnorm]\nbaseline = "known.json"\n')
    assert run("check", "a.jsonl", code=code).code == 0


def test_what_does_not_occur_any_more(run: Run, log: Log) -> None:
    """The run says that the baseline can be renewed."""
    write(run, log("garbage", CANCELED))
    ran = run("check", log(CANCELED), *OPTIONS)
    assert ran.err == ("cancelnorm: 1 finding of the baseline did not occur; --write-baseline renews it\n")


def test_the_file(run: Run, log: Log, tmp_path: Path) -> None:
    """One entry a line, sorted, with counts; no message, value or line."""
    write(run, log(NOTED, NOTED, "garbage"), "--ignore", "CN6")
    text = (tmp_path / "known.json").read_text()
    assert json.loads(text)["version"] == 1
    assert text.splitlines()[1:-1] == [
        '{"rule":"CN004","path":"line","file":"day.jsonl"},',
        (
            '{"rule":"CN101","venue":"binance","endpoint":"DELETE /api/v3/order","path":"$.new","order":"4711",'
            '"count":2}'
        ),
    ]


NOT_ONE = "known.json: not a baseline: "


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[]", NOT_ONE),
        ("{", NOT_ONE),
        (
            '{"cancelnorm":"baseline","version":2,"findings":[]}',
            "known.json: not a baseline: expected version 1",
        ),
        *(
            (f'{{"cancelnorm":"baseline","version":1,"findings":[{{"rule":"CN101",{member}}}]}}', NOT_ONE)
            for member in (
                *(f'"{key}":null' for key in ("venue", "endpoint", "path", "order", "file", "count")),
                *('"count":"1"', '"rule":null', '"new":1'),
            )
        ),
        ('{"cancelnorm":"baseline","version":1,"findings":[{"count":1}]}', NOT_ONE),
        ('{"cancelnorm":"baseline","version":1,"findings":null}', NOT_ONE),
        ('{"cancelnorm":"baseline","version":null,"findings":[]}', NOT_ONE),
        ('{"cancelnorm":null,"version":1,"findings":[]}', NOT_ONE),
        ('{"cancelnorm":"baseline","version":1}', NOT_ONE),
        ('{"cancelnorm":"baseline","version":1,"findings":[],"new":1}', NOT_ONE),
        (None, "known.json: no such file; --write-baseline writes it"),
    ],
)
def test_not_a_baseline(run: Run, log: Log, tmp_path: Path, text: str | None, message: str) -> None:
    """One line states the reason."""
    if text is not None:
        (tmp_path / "known.json").write_text(text)
    ran = run("check", log(CANCELED), *OPTIONS)
    assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert ran.err.startswith(f"cancelnorm: {message}")


def test_a_baseline_needs_a_file(run: Run, log: Log) -> None:
    """``--write-baseline`` alone is a usage error, and a log is not overwritten."""
    name = log(CANCELED)
    assert run("check", name, "--write-baseline")[::2] == (
        2,
        "cancelnorm: --write-baseline: name the file with --baseline FILE\n",
    )
    assert "refusing to overwrite" in run("check", name, "--baseline", name, "--write-baseline").err
