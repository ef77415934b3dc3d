"""``cancelnorm check``: outputs, termination and parallel runs."""

import gzip
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from cancelnorm.report import WRITERS
from tests.cli.conftest import CANCELED, INTERRUPTIBLE, NOTED, PENDING, REFUSED, REJECTED, Run
from tests.samples import FOLDER

Log = Callable[..., str]
DAY = str(FOLDER / "logs" / "day.jsonl")


@pytest.fixture
def long_log(tmp_path: Path) -> list[str]:
    """Megabytes in several files: valid, unexpected and invalid lines; compressed, truncated and unreadable files."""
    lines = []
    for i in range(3_000):
        lines.append(CANCELED.replace("4711", str(900_000 + i % 2_900)))
        if i % 40 == 0:
            lines += [PENDING.replace("c6f0", f"0f3a1c52-6be1-4b7c-9d35-{i:012}"), NOTED, "garbage", REFUSED]
    data = "\n".join(lines).encode() + b"\n"
    (tmp_path / "a.jsonl").write_bytes(data)
    (tmp_path / "b.jsonl.gz").write_bytes(gzip.compress(data, 1))
    (tmp_path / "c.jsonl.gz").write_bytes(gzip.compress(data, 1)[:-30_000])
    (tmp_path / "d.jsonl").symlink_to("/proc/self/mem")
    (tmp_path / "e.jsonl").write_bytes(data)
    return ["a.jsonl", "b.jsonl.gz", "c.jsonl.gz", "d.jsonl", "e.jsonl"]


COMMAND = re.compile(rb"<dt>Command</dt><dd><code>cancelnorm check [^<]*</code></dd>")


@pytest.mark.parametrize("name", ["concise", "text", "jsonl", "html"])
def test_any_number_of_processes(run: Run, long_log: list[str], tmp_path: Path, name: str) -> None:
    """Reports, events and quarantine are byte-identical for any number of processes, but for the command itself."""
    written = []
    for jobs in ("1", "2", "3"):
        outputs = [f"{kind}.{jobs}" for kind in ("report", "events", "quarantine")]
        ran = run(
            *("check", *long_log, "--jobs", jobs, "--output-format", name, "-o", outputs[0]),
            *("--events", outputs[1], "--quarantine", outputs[2]),
        )
        assert ran.code == 2  # one file cannot be read
        assert ran.err.endswith("cancelnorm: 1 file could not be read\n")
        written.append([COMMAND.sub(b"", (tmp_path / output).read_bytes()) for output in outputs])
    assert written[0] == written[1] == written[2]
    report, events, quarantine = written[0]
    assert len(report) > 1_000
    assert events.count(b"\n") > 9_000
    assert quarantine.count(b"\ngarbage\n") > 200


@pytest.mark.parametrize("name", sorted(WRITERS))
def test_every_format(run: Run, name: str, tmp_path: Path) -> None:
    """Every format works on standard output and in a file, where a page tells another command."""
    code, out, err = run("check", DAY, "--output-format", name)
    assert (code, err) == (1, "")
    assert "CN201" in out or "overfilled" in out
    assert run("check", DAY, "--output-format", name, "-o", "report").out == ""
    assert COMMAND.sub(b"", (tmp_path / "report").read_bytes()) == COMMAND.sub(b"", out.encode())


def test_no_such_format(run: Run, log: Log) -> None:
    """An unknown format is rejected with the list of formats."""
    code, out, err = run("check", "--output-format", "pdf", log(CANCELED))
    assert (code, out) == (2, "")
    assert err.startswith("cancelnorm: --output-format: 'pdf' is unknown; ")


def test_severity(run: Run, log: Log) -> None:
    """The severity option changes the exit code and nothing else."""
    name = log(CANCELED, NOTED)
    found = {level: run("check", name, "--severity", level) for level in ("error", "warning", "info")}
    assert {level: ran.code for level, ran in found.items()} == {"error": 0, "warning": 1, "info": 1}
    assert len({ran.out for ran in found.values()}) == 1
    assert run("check", name, "--severity", "fatal").code == 2


def test_select_and_ignore(run: Run, log: Log) -> None:
    """Codes, code prefixes and names select rules; unknown ones are rejected with the nearest."""
    name = log(CANCELED, NOTED, REFUSED)
    assert "CN101" in run("check", name, "--select", "CN1,payload-refused", "--output-format", "concise").out
    only = run("check", name, "--select", "CN1", "--output-format", "concise")
    assert only.code == 0
    assert "CN001" not in only.out
    assert "1 refused" in only.out
    assert "CN101" not in run("check", name, "--ignore", "unknown-field", "--output-format", "concise").out
    code, out, err = run("check", name, "--ignore", "unknown-feild")
    assert (code, out) == (2, "")
    assert "unknown rule 'unknown-feild'" in err
    assert "unknown-field" in err


def test_project_settings(run: Run, log: Log, tmp_path: Path) -> None:
    """A project sets options, the command line takes precedence, and errors are one line."""
    settings = tmp_path / "pyproject.toml"
    name = log(CANCELED, NOTED)
    settings.write_text(
        '[tool.cancelnorm]\nseverity = "warning"\noutput-format = "concise"\nignore = ["CN6,CN5"]\n'
    )
    ran = run("check", name)
    assert ran.code == 1
    column = NOTED.index('"new"') + 1
    assert ran.out.startswith(f"day.jsonl:2:{column}: $.new: CN101 warning unknown-field: ")
    assert "CN601" not in ran.out
    assert run("check", name, "--severity", "error", "--ignore", "CN1").code == 0
    for text, word in (
        ('[tool.cancelnorm]\nselekt = ["CN1"]\n', "has no option 'selekt'; did you mean select?"),
        ("[tool.cancelnorm]\njobs = 'x'\n", "jobs: expected an integer, found a string"),
        ("[tool.cancelnorm]\njobs = 0\n", "jobs: expected an integer of 1 or more"),
        ("[tool.cancelnorm]\nselect = 'CN1'\n", "select: expected an array of strings, found a string"),
        (
            "[tool.cancelnorm]\nignore = ['CN999']\n",
            "pyproject.toml: [tool.cancelnorm]: unknown rule 'CN999'",
        ),
        ("[tool.cancelnorm]\nseverity = 'grave'\n", "severity: 'grave' is not one of info, warning, error"),
        ("[tool]\ncancelnorm = 1\n", "pyproject.toml: [tool.cancelnorm]: expected a table, found an integer"),
        ("[tool.cancelnorm\n", "not valid TOML"),
    ):
        settings.write_text(text)
        ran = run("check", name)
        assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)
        assert word in ran.err


def test_a_project_may_look_for_nothing(run: Run, log: Log, tmp_path: Path) -> None:
    """An empty selection means no rules, not all rules."""
    (tmp_path / "pyproject.toml").write_text("[tool.cancelnorm]\nselect = []\n")
    name = log(CANCELED, NOTED)
    assert run("check", name, "--severity", "info", "--output-format", "jsonl")[:2] == (0, "")
    assert run("check", name, "--severity", "info", "--select", "ALL").code == 1


# --- Events and quarantine ---


def test_events_are_those_of_normalise(run: Run, tmp_path: Path) -> None:
    """The events of ``check`` are those of ``normalise``."""
    assert run("check", DAY, "--events", "events.jsonl").code == 1
    assert run("normalise", DAY, "-o", "normalised.jsonl").code == 1
    events = (tmp_path / "events.jsonl").read_bytes()
    assert events == (tmp_path / "normalised.jsonl").read_bytes()
    assert events.count(b"\n") == 12


@pytest.mark.parametrize(
    "name", ["day.jsonl", "cut.har", "cryptofeed-ws.log", "unread.jsonl", "cut.jsonl.gz", "zeros.log"]
)
def test_quarantine(run: Run, tmp_path: Path, name: str) -> None:
    """The quarantine contains refused lines verbatim; checking it again gives the same findings."""
    (tmp_path / "cut.jsonl.gz").write_bytes(gzip.compress(Path(DAY).read_bytes() * 9)[:-90])
    (tmp_path / "cut.har").write_bytes((FOLDER / "logs" / "browser.har").read_bytes()[:-90])
    (tmp_path / "unread.jsonl").write_bytes(
        b'{"when":1,"wire":{"way":"in"}}\n{"when":2,"wire":{"way":"out"}}\n'
    )
    (tmp_path / "zeros.log").write_bytes(b'1700000000 {"\x00}\n\xff\xfe {}\n1700000000.5 {"oops\n')
    path = name if (tmp_path / name).exists() else str(FOLDER / "logs" / name)
    first = refused(run("check", path, "--output-format", "jsonl", "--quarantine", "apart"))
    assert first
    again = refused(run("check", "apart", "--output-format", "jsonl", "--quarantine", "twice"))
    assert again == first
    assert refused(run("check", "twice", "--output-format", "jsonl")) == first
    if name == "zeros.log":
        apart = (tmp_path / "apart").read_bytes()
        assert b"\n\xff\xfe {}\n" in apart
        assert b'\n1700000000.5 {"oops\n' in apart


def refused(ran: tuple[int, str, str]) -> list[tuple[str, str, str]]:
    """Findings on refused lines, without their sources."""
    findings = [json.loads(line) for line in ran[1].splitlines()]
    return [(f["code"], f["path"], f["message"]) for f in findings if f["code"] < "CN007"]


def test_outputs_are_not_mixed_up(run: Run, log: Log) -> None:
    """Neither a log nor another output is overwritten."""
    name = log(CANCELED)
    for args in (("--events", name), ("--events", "x", "--quarantine", "x"), ("-o", name)):
        code, out, err = run("check", name, *args)
        assert (code, out) == (2, "")
        assert "refusing to overwrite it" in err or "have the same path" in err


# --- Termination ---


@pytest.mark.parametrize(
    ("number", "code", "word"), [(signal.SIGINT, 130, "interrupted"), (signal.SIGTERM, 143, "terminated")]
)
def test_stopped(tmp_path: Path, number: int, code: int, word: str) -> None:
    """An interrupted check leaves one line, no partial file and no process."""
    reading, writing = os.pipe()
    command = [sys.executable, "-c", INTERRUPTIBLE, "check", "-", "--jobs", "2", "-o", "r", "--events", "e"]
    with subprocess.Popen(
        command, cwd=tmp_path, stdin=reading, stderr=subprocess.PIPE, start_new_session=True
    ) as process:
        os.close(reading)
        with os.fdopen(writing, "wb") as log:
            # Enough input to start the processes, which then wait for more.
            log.write(f"{CANCELED}\n".encode() * 40_000)
            log.flush()
            assert not (tmp_path / "r").exists()
            os.killpg(process.pid, number)
            assert process.stderr is not None
            # The read ends when every process has closed standard error.
            assert process.stderr.read() == f"cancelnorm: {word}\n".encode()
        assert process.wait() == code
    assert not list(tmp_path.iterdir())


def test_a_full_disk(run: Run) -> None:
    """A full disk is reported in one line."""
    assert run("check", DAY, "-o", "/dev/full")[::2] == (2, "cancelnorm: no space left on device\n")
    assert run("check", DAY, "--events", "/dev/full")[::2] == (2, "cancelnorm: no space left on device\n")


def test_closed_pipe(log: Log, tmp_path: Path) -> None:
    """``| head`` ends the command like any other of a pipeline: quietly, with the code of SIGPIPE."""
    name = log(*[NOTED] * 20_000)
    command = [sys.executable, "-m", "cancelnorm", "check", name, "--output-format", "concise", "--jobs", "2"]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert b"CN101" in process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait() == 141


def test_after_a_cut_off_file_the_next_is_read(run: Run, log: Log, tmp_path: Path) -> None:
    """The records before the damage are counted, and its position is reported."""
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(f"{CANCELED}\n{REJECTED}\n".encode() * 50)[:-9])
    ran = run("check", "a.jsonl.gz", log(PENDING, name="b.jsonl"), "--output-format", "concise")
    assert "a.jsonl.gz:101: file: CN005 error damaged-file: gzip data is truncated after byte " in ran.out
    assert "102 records = 101 understood + 0 skipped + 1 refused; 101 events; " in ran.out


@pytest.mark.parametrize(
    ("missing", "args", "extra"),
    [
        ("yaml", ("check", str(FOLDER / "logs" / "vcr" / "cancel.yaml")), "formats"),
        ("fsspec", ("check", "memory://x"), "remote"),
        ("jinja2", ("check", DAY, "--output-format", "html"), "html"),
        ("vl_convert", ("check", DAY, "--output-format", "html"), "html"),
    ],
)
def test_without_an_extra(run: Run, missing: str, args: tuple[str, ...], extra: str) -> None:
    """One line names the missing extra."""
    code = (
        f"import sys; sys.modules['{missing}'] = None; from cancelnorm.__main__ import main; sys.exit(main())"
    )
    ran = run(*args, code=code)
    assert ran.code == 2
    assert f"pip install 'cancelnorm[{extra}]'" in ran.err
    assert "Traceback" not in ran.err


def test_no_progress_without_a_terminal(run: Run) -> None:
    """Without a terminal, standard error stays empty."""
    assert run("check", DAY, "--severity", "error").err == ""


def test_unanswered_requests_of_a_long_log(run: Run, tmp_path: Path) -> None:
    """They are paired before the log is divided, so they are the same for any number of processes."""
    lines = []
    for number in range(12_000):
        lines.append(
            f'{{"id":{number},"method":"order.cancel","params":{{"symbol":"X","orderId":{number}}}}}'
        )
        if number % 5:
            lines.append(
                f'{{"id":{number},"status":400,"error":{{"code":-2011,"msg":"Unknown order sent."}}}}'
            )
    (tmp_path / "frames.jsonl").write_text("\n".join(lines))
    found = [
        run("check", "frames.jsonl", "--venue", "binance", "--output-format", "json", "--jobs", jobs)
        for jobs in ("1", "2", "3")
    ]
    assert found[0] == found[1] == found[2]
    counts = json.loads(found[0].out)["summary"]
    assert (counts["understood"], counts["unanswered"], counts["records"]) == (9_600, 2_400, 12_000)
    assert counts["rules"] == {"CN406": 2_400}
