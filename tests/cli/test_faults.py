"""Faults from outside: full disks, strange inputs and outputs, closed streams, permissions.

Whatever happens, the command ends, and leaves no process and no partial file.
"""

import gzip
import json
import os
import resource
import socket
import stat
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.cli.conftest import CANCELED, OUTPUTS, REFUSED, Run
from tests.cli.processes import PATIENCE

Log = Callable[..., str]


# --- Full disks ---


def test_a_file_that_may_not_grow(log: Log, tmp_path: Path) -> None:
    """As on a full disk, old outputs stay as they were and no partial one is left."""
    names = ("report", "events", "apart")
    for name in names:
        (tmp_path / name).write_text("old")
    args = ("check", log(*[CANCELED, REFUSED] * 500), *OUTPUTS)
    done = subprocess.run(
        [sys.executable, "-m", "cancelnorm", *args],
        cwd=tmp_path,
        capture_output=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (4_096, 4_096)),
    )
    assert (done.returncode, done.stdout, done.stderr) == (2, b"", b"cancelnorm: file too large\n")
    assert [(tmp_path / name).read_text() for name in names] == ["old"] * 3
    assert len(list(tmp_path.iterdir())) == 4


def test_outputs_appear_together(run: Run, log: Log, tmp_path: Path) -> None:
    """If the last bytes of one find no space, the others stay as they were."""
    (tmp_path / "apart").write_text("old")
    ran = run(
        "check", log(CANCELED, REFUSED), "-o", "report", "--events", "/dev/full", "--quarantine", "apart"
    )
    assert ran == (2, "", "cancelnorm: no space left on device\n")
    assert (tmp_path / "apart").read_text() == "old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["apart", "day.jsonl"]


@pytest.mark.parametrize("args", [("normalise", "day.jsonl"), ("rules",), ("venues",), ("--help",)])
def test_no_space_for_standard_output(log: Log, tmp_path: Path, args: tuple[str, ...]) -> None:
    """One line says so, and the command fails."""
    log(CANCELED)
    command = [sys.executable, "-m", "cancelnorm", *args]
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(command, cwd=tmp_path, stdout=full, stderr=subprocess.PIPE, check=False)
    assert (done.returncode, done.stderr) == (2, b"cancelnorm: no space left on device\n")


def test_no_space_for_messages(log: Log, tmp_path: Path) -> None:
    """Messages that cannot be written change neither the events nor the exit code."""
    command = [sys.executable, "-m", "cancelnorm", "normalise", log(CANCELED, REFUSED, CANCELED)]
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=full, check=False)
    assert (done.returncode, done.stdout.count(b"\n")) == (1, 2)


# --- Closed streams ---


@pytest.mark.parametrize(
    ("args", "code", "message"),
    [
        ("normalise - <&-", 2, "cancelnorm: <stdin>: bad file descriptor"),
        ("normalise day.jsonl >&-", 2, "cancelnorm: bad file descriptor"),
        ("rules >&-", 2, "cancelnorm: bad file descriptor"),
        ("normalise nothing.jsonl 2>&-", 2, ""),
        ("check day.jsonl -q -o out <&- >&- 2>&-", 0, ""),
        ("normalise day.jsonl -o out <&- >&-", 0, ""),
    ],
)
def test_closed_streams(log: Log, tmp_path: Path, args: str, code: int, message: str) -> None:
    """A closed stream is an error only for a command that needs it, and no file is taken for it."""
    log(CANCELED)
    done = subprocess.run(
        ["sh", "-c", f'exec "$0" -m cancelnorm {args}', sys.executable],
        cwd=tmp_path,
        capture_output=True,
        check=False,
    )
    assert done.returncode == code
    assert done.stdout == b""
    assert done.stderr.decode().partition("\n")[0] == message
    if "-o out" in args:
        assert "old" not in (tmp_path / "out").read_text()


# --- Faulty inputs ---


def test_counts_add_up(run: Run, log: Log, tmp_path: Path) -> None:
    """Whatever is wrong with some files, every record of the others is counted once."""
    skipped = '{"venue":"binance","payload":{"e":"balanceUpdate","E":1,"a":"BTC","d":"0.5","T":1}}'
    request = '{"id":1,"method":"order.cancel","params":{"symbol":"X","orderId":1}}'
    names = [
        log(CANCELED, "garbage", REFUSED, skipped, name="a.jsonl"),
        log(request, name="b.jsonl"),
        log(*[CANCELED] * 100, name="c.jsonl"),
    ]
    (tmp_path / "c.jsonl.gz").write_bytes(gzip.compress((tmp_path / "c.jsonl").read_bytes())[:-9])
    (tmp_path / "d.jsonl").symlink_to("/proc/self/mem")
    (tmp_path / "e.jsonl").mkdir()
    (tmp_path / "e.jsonl" / "f.jsonl").write_bytes((tmp_path / "c.jsonl").read_bytes()[:-5])
    paths = (*names, "c.jsonl.gz", "d.jsonl", "e.jsonl")
    ran = run("check", *paths, "--venue", "binance", "--output-format", "json", "--events", "events")
    assert (ran.code, ran.err.splitlines()[-1]) == (2, "cancelnorm: 1 file could not be read")
    counts = json.loads(ran.out)["summary"]
    assert counts["records"] == sum(
        counts[word] for word in ("understood", "skipped", "refused", "unanswered")
    )
    assert (counts["skipped"], counts["refused"], counts["unanswered"]) == (1, 4, 1)
    assert counts["understood"] == 300
    assert (tmp_path / "events").read_bytes().count(b"\n") == sum(row["count"] for row in counts["events"])


# --- Outputs onto inputs, streams, pipes and folders ---


@pytest.fixture
def shell(tmp_path: Path) -> Callable[[str], tuple[int, str, str]]:
    """Run a line of bash, in which ``cancelnorm`` is the command."""

    def run(line: str) -> tuple[int, str, str]:
        done = subprocess.run(
            ["bash", "-c", f'cancelnorm() {{ "$PYTHON" -m cancelnorm "$@"; }}; {line}'],
            cwd=tmp_path,
            env={**os.environ, "PYTHON": sys.executable},
            capture_output=True,
            check=False,
            timeout=PATIENCE,
        )
        return done.returncode, done.stdout.decode(), done.stderr.decode()

    return run


Shell = Callable[[str], tuple[int, str, str]]


@pytest.mark.parametrize(
    "line",
    [
        "ln day.jsonl hard; cancelnorm normalise day.jsonl -o hard",
        "ln -s day.jsonl soft; cancelnorm normalise day.jsonl --quarantine soft",
        'cancelnorm normalise day.jsonl -o "$PWD/./day.jsonl"',
        "ln -s . here; cancelnorm check here/day.jsonl --events day.jsonl",
        "cancelnorm normalise - -o day.jsonl < day.jsonl",
        "cancelnorm normalise day.jsonl >> day.jsonl",
        "cancelnorm check day.jsonl -o /dev/stdout >> day.jsonl",
        "cancelnorm normalise - < day.jsonl >> day.jsonl",
        "cancelnorm check . --events day.jsonl",
    ],
)
def test_an_input_is_no_output(log: Log, tmp_path: Path, shell: Shell, line: str) -> None:
    """A file that is read is not written, whatever it is called."""
    log(CANCELED)
    code, out, err = shell(line)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert err.endswith(": is an input file; refusing to overwrite it\n")
    assert (tmp_path / "day.jsonl").read_text() == f"{CANCELED}\n"


def test_an_archive_is_no_output(log: Log, tmp_path: Path, run: Run) -> None:
    """Nor is the archive of a log."""
    with ZipFile(tmp_path / "day.zip", "w") as archive:
        archive.write(tmp_path / log(CANCELED), "day.jsonl")
    for path in ("day.zip", "day.zip/day.jsonl"):
        ran = run("normalise", path, "-o", "day.zip")
        assert (ran.code, ran.out) == (2, "")
        assert ran.err == "cancelnorm: day.zip: is an input file; refusing to overwrite it\n"


@pytest.mark.parametrize(
    "outputs",
    [
        "--events x --quarantine ./x",
        "--events x -o y",  # y is a link to x
        "--events -",
        "--events /dev/stdout -o -",
        "--events /dev/fd/1",
        "--events x > x",
    ],
)
def test_two_outputs_are_two_files(log: Log, shell: Shell, outputs: str) -> None:
    """No output is mixed with or replaced by another one."""
    log(CANCELED)
    assert shell(f"ln -s x y; cancelnorm check day.jsonl {outputs}") == (
        2,
        "",
        "cancelnorm: two outputs have the same path\n",
    )


def test_an_open_file_is_written_on(log: Log, shell: Shell) -> None:
    """A name of an open file stands for it as it is: it is neither truncated nor replaced."""
    log(CANCELED)
    for name, number in (("/dev/stdout", 1), ("/dev/stderr", 2), ("/dev/fd/7", 7), ("/proc/self/fd/7", 7)):
        line = f"(echo head; cancelnorm normalise day.jsonl -o {name}; echo tail) {number}> out"
        line = line.replace("echo", f"echo >&{number}")
        code, _, err = shell(f"{line}; cut -c1-5 out; cat out | wc -l >&2")
        assert (code, err.strip()) == (0, "3")


@pytest.mark.parametrize(
    ("output", "reason"),
    [
        ("folder", "folder: is a directory"),
        ("loop", "loop: too many levels of symbolic links"),
        ("socket", "socket: no such device or address"),
        ("day.jsonl/x", "day.jsonl/x: not a directory"),
        ("name-" * 60, f"{'name-' * 60}: file name too long"),
    ],
)
def test_an_output_that_is_no_file(run: Run, log: Log, tmp_path: Path, output: str, reason: str) -> None:
    """One line says why it cannot be written."""
    (tmp_path / "folder").mkdir()
    (tmp_path / "loop").symlink_to("loop")
    with socket.socket(socket.AF_UNIX) as sock, pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path)
        sock.bind("socket")
    before = sorted(tmp_path.iterdir())
    assert run("normalise", log(CANCELED), "-o", output) == (2, "", f"cancelnorm: {reason}\n")
    assert sorted(tmp_path.iterdir()) == sorted([*before, tmp_path / "day.jsonl"])


def test_pipes(log: Log, shell: Shell) -> None:
    """A pipe is read from its first byte on, and written to."""
    log(*[CANCELED] * 300)
    assert shell("cancelnorm normalise <(cat day.jsonl) | wc -l") == (0, "300\n", "")
    assert shell("mkfifo p; cat day.jsonl > p & cancelnorm normalise p | wc -l") == (0, "300\n", "")
    assert shell("wc -l < p & cancelnorm normalise day.jsonl -o p; wait") == (0, "300\n", "")


# --- Permissions ---


def mode(path: Path) -> int:
    """Permissions of a file."""
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.parametrize(
    ("source", "umask", "expected"),
    [
        (0o600, 0o022, 0o600),
        (0o640, 0o022, 0o640),
        (0o644, 0o022, 0o644),
        (0o644, 0o077, 0o600),
        (0o400, 0o022, 0o600),  # the next run may write it again
    ],
)
def test_outputs_are_as_private_as_the_log(
    log: Log, tmp_path: Path, source: int, umask: int, expected: int
) -> None:
    """Nobody may read an output who may not read the log; the quarantine and the events hold parts of it."""
    names = ("report", "events", "apart")
    (tmp_path / log(CANCELED, REFUSED)).chmod(source)
    log(CANCELED, name="public.jsonl")
    subprocess.run(
        [sys.executable, "-m", "cancelnorm", "check", "public.jsonl", "day.jsonl", *OUTPUTS],
        cwd=tmp_path,
        umask=umask,
        check=False,
    )
    assert [mode(tmp_path / name) for name in names] == [expected] * 3


def test_an_old_output_keeps_its_permissions(run: Run, log: Log, tmp_path: Path) -> None:
    """Whoever made it readable, or kept it private, knows why."""
    name = log(CANCELED)
    for permissions in (0o600, 0o644, 0o660):
        (tmp_path / "events").touch()
        (tmp_path / "events").chmod(permissions)
        assert run("normalise", name, "-o", "events").code == 0
        assert mode(tmp_path / "events") == permissions


def test_another_group_is_others(run: Run, log: Log, tmp_path: Path) -> None:
    """Members of the output's group may read it only if they may read the log."""
    other = next((group for group in (*os.getgroups(), 12345) if group != os.getegid()), 12345)
    path = tmp_path / log(CANCELED)
    try:
        os.chown(path, -1, other)
    except PermissionError:
        pytest.skip("takes a second group")
    for source, expected in ((0o640, 0o600), (0o644, 0o644)):
        path.chmod(source)
        assert run("normalise", "day.jsonl", "-o", f"events-{source}").code == 0
        assert mode(tmp_path / f"events-{source}") == expected


@pytest.fixture
def bound() -> list[str]:
    """Command before another one that makes file permissions bind it, also if it is root's."""
    if os.geteuid():
        return []
    command = ["setpriv", "--bounding-set", "-dac_override,-dac_read_search"]
    with suppress(FileNotFoundError):
        if not subprocess.run([*command, "true"], capture_output=True, check=False).returncode:
            return command
    pytest.skip("file permissions do not bind root")


def test_permissions_bind(log: Log, tmp_path: Path, bound: list[str]) -> None:
    """A protected file or folder is neither written nor passed over in silence, and stops no other one."""
    names = [log(CANCELED, name=f"logs/{name}.jsonl") for name in ("a", "b", "c", "closed/d")]
    (tmp_path / names[1]).chmod(0)
    (tmp_path / "old").write_text("old")
    (tmp_path / "old").chmod(0o444)
    folder = tmp_path / "logs" / "closed"
    folder.chmod(0o555)

    def run(*args: str) -> tuple[int, int, list[str]]:
        command = [*bound, sys.executable, "-m", "cancelnorm", "normalise", *args]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout.count("\n"), done.stderr.splitlines()

    assert run(names[0], "-o", "old") == (2, 0, ["cancelnorm: old: permission denied"])
    assert (tmp_path / "old").read_text() == "old"
    output = "logs/closed/out"
    assert run(names[0], "-o", output) == (2, 0, [f"cancelnorm: {output}: permission denied"])
    folder.chmod(0)
    try:
        unread = [f"cancelnorm: logs/{name}: permission denied" for name in ("closed", "b.jsonl")]
        assert run("logs") == (2, 2, [*unread, "cancelnorm: 2 files could not be read"])
    finally:
        folder.chmod(0o755)
