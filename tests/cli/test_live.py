"""Logs that are still written: results come before the next line does, and progress never mixes with them."""

import os
import pty
import re
import select
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.cli.conftest import CANCELED, NOTED, Run

Log = Callable[..., str]
PATIENCE = 60  # seconds; reached only by a failure


@contextmanager
def started(folder: Path, *args: str) -> Iterator[tuple[Callable[[str], None], Callable[[], str]]]:
    """A command that reads standard input; two functions, one writes lines to it and one reads a line of it."""
    command = [sys.executable, "-m", "cancelnorm", *args]
    with subprocess.Popen(
        command, cwd=folder, bufsize=0, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        stdin, stdout = process.stdin, process.stdout

        def write(text: str) -> None:
            stdin.write(text.encode())
            stdin.flush()

        def read() -> str:
            ready, _, _ = select.select([stdout], [], [], PATIENCE)
            assert ready
            return stdout.readline().decode()

        try:
            yield write, read
        finally:
            process.kill()


@pytest.mark.parametrize("jobs", ["1", "2"])
@pytest.mark.parametrize("form", ["concise", "jsonl", "full", "text"])
def test_findings_come_before_the_next_line(tmp_path: Path, form: str, jobs: str) -> None:
    """A finding is written as soon as its line has come, also after megabytes."""
    with started(tmp_path, "check", "-", "--output-format", form, "--jobs", jobs, "--ignore", "CN6") as (
        write,
        read,
    ):
        write(f"{CANCELED}\n")
        for number in range(2, 5):
            write("garbage\n")
            line = read()
            assert f"<stdin>:{number}" in line
            if form == "full":
                assert [read()[:3] for _ in range(3)] == ["  =", "  =", "\n"]
        write(f"{CANCELED}\n" * 4_000)
        write("garbage\n")
        assert "<stdin>:4005" in read()
        write("garbage\n")
        while "<stdin>:4006" not in (line := read()):
            assert form == "full"
            assert line


def test_events_come_before_the_next_line(tmp_path: Path) -> None:
    """Events too."""
    with started(tmp_path, "normalise", "-") as (write, read):
        for number in range(1, 4):
            write(f"{CANCELED}\n")
            assert f'"source":"<stdin>:{number}"' in read()


# --- On a terminal ---


def on_terminal(folder: Path, *args: str) -> str:
    """Everything that a command writes to a terminal which is its standard output and error."""
    pid, fd = pty.fork()
    if pid == 0:
        os.chdir(folder)
        env = {**os.environ, "TERM": "xterm-256color", "NO_COLOR": "1", "COLUMNS": "100"}
        os.execve(sys.executable, [sys.executable, "-m", "cancelnorm", *args], env)
    shown = b""
    try:
        while part := os.read(fd, 65_536):
            shown += part
    except OSError:  # raised when the program has ended
        pass
    os.close(fd)
    os.waitpid(pid, 0)
    return shown.decode()


def screen(shown: str) -> list[str]:
    """Lines that are left on a screen: the cursor goes up, lines are erased."""
    lines = [""]
    row = 0
    for token in re.findall(r"\x1b\[\??[0-9;]*[A-Za-z]|\r|\n|[^\x1b\r\n]+", shown):
        if token == "\n":
            row += 1
            lines += [""] * (row + 1 - len(lines))
        elif token == "\x1b[1A":
            row -= 1
        elif token == "\x1b[2K":
            lines[row] = ""
        elif token[0] not in "\r\x1b":
            lines[row] += token
    return lines


@pytest.mark.parametrize("form", ["concise", "text"])
def test_progress_never_mixes_with_findings(run: Run, log: Log, tmp_path: Path, form: str) -> None:
    """After the run, the screen shows the report and nothing else, whole lines in order."""
    lines = [NOTED if i % 2_000 == 0 else CANCELED for i in range(20_000)]
    lines[5_000] = lines[15_000] = "garbage"
    name = log(*lines)
    args = ("check", name, "--output-format", form, "--ignore", "CN6", "--jobs", "1")
    plain = run(*args)
    shown = on_terminal(tmp_path, *args)
    assert "checking" in shown
    assert screen(shown) == [*plain.out.splitlines(), ""]
    assert "checking" not in on_terminal(tmp_path, *args, "--quiet")


def test_no_progress_among_events(run: Run, log: Log, tmp_path: Path) -> None:
    """Events on a terminal are not mixed with progress; it is shown if they go to a file."""
    name = log(CANCELED, NOTED)
    plain = run("normalise", name)
    assert screen(on_terminal(tmp_path, "normalise", name)) == [*(plain.out + plain.err).splitlines(), ""]
    assert "normalising" in on_terminal(tmp_path, "normalise", name, "-o", "events")


def test_progress_never_mixes_with_refused_lines(run: Run, log: Log, tmp_path: Path) -> None:
    """Refused lines stand as they are, however long, where the progress bar was."""
    long = CANCELED.replace('"2.00000000"', f'"{"x" * 150}"')
    name = log(*[long if i % 200 == 0 else CANCELED for i in range(20_000)], name=f"{'day' * 40}.jsonl")
    args = ("normalise", name, "-o", "events", "--jobs", "1")
    plain = run(*args)
    shown = on_terminal(tmp_path, *args)
    assert "normalising" in shown
    left = screen(shown)
    assert [line for line in left if line] == plain.err.splitlines()
    assert left.count("") <= 2
