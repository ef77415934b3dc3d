"""``cancelnorm check``: project settings, progress bar, masking and remote logs."""

import json
import os
import pty
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from cancelnorm import venues
from cancelnorm.check import check
from cancelnorm.logs import read
from tests.cli.conftest import CANCELED, NOTED, REFUSED, Run
from tests.samples import FOLDER

Log = Callable[..., str]
DAY = str(FOLDER / "logs" / "day.jsonl")
BARE = '{"code":-2011,"msg":"Unknown order sent."}'


def test_the_library_finds_what_the_command_finds(run: Run) -> None:
    """The library and the command give the same findings in the same order; the command adds columns."""
    *lines, _ = run("check", DAY, "--output-format", "concise").out.splitlines()
    assert any(re.search(r"jsonl:\d+:\d+: ", line) for line in lines)
    lines = [re.sub(r"(jsonl:\d+):\d+: ", r"\1: ", line) for line in lines]
    found = [
        f"{f.source}: {f.path}: {f.rule.code} {f.rule.severity} {f.rule.name}: {f.message}"
        for f in check(read(DAY))
    ]
    assert len(found) > 5
    assert [line.split(" (see ")[0] for line in lines] == found


@pytest.mark.parametrize("command", ["check", "normalise"])
def test_the_longest_record(run: Run, tmp_path: Path, command: str) -> None:
    """A limit is an option or a setting, in bytes or with a unit; the option counts."""
    (tmp_path / "log.jsonl").write_text(
        f"{CANCELED}\n" + CANCELED.replace('"off-1"', f'"{"x" * 2_000}"'), "utf-8"
    )

    def refused(*args: str) -> str:
        ran = run(command, "log.jsonl", *args)
        return "".join(re.findall(r"longer than .*", ran.out + ran.err))

    assert refused() == ""
    assert refused("--max-record", "1K") == "longer than 1 KiB, the limit of --max-record"
    (tmp_path / "pyproject.toml").write_text('[tool.cancelnorm]\nmax-record = "1000"\n')
    assert refused() == "longer than 1000 bytes, the limit of --max-record"
    assert refused("--max-record", "1M") == ""


@pytest.mark.parametrize("size", ["", "0", "-1", "1.5M", "big", "1T"])
def test_no_length_of_a_record(run: Run, size: str) -> None:
    """The message says what is expected, before anything is read."""
    ran = run("check", DAY, "--max-record", size)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("cancelnorm: --max-record: expected ")


# --- Project settings ---


def test_hosts_of_a_project(run: Run, tmp_path: Path) -> None:
    """They name the venue behind a proxy, and the option adds to them."""
    line = '{"url":"http://%s/x/api/v3/order","method":"DELETE","status":400,"response":%s}\n'
    (tmp_path / "log.jsonl").write_text(line % ("proxy.local:8080", BARE) + line % ("other.local", BARE))
    assert "2 records = 0 understood + 0 skipped + 2 refused" in run("check", "log.jsonl").out
    (tmp_path / "pyproject.toml").write_text('[tool.cancelnorm.hosts]\n"proxy.local" = "binance"\n')
    assert "2 records = 1 understood + 0 skipped + 1 refused" in run("check", "log.jsonl").out
    ran = run("check", "log.jsonl", "--host", "other.local=Binance Futures", "--output-format", "concise")
    assert "2 records = 2 understood + 0 skipped + 0 refused" in ran.out


@pytest.mark.parametrize("host", ["proxy.local", "proxy.local=bitstamp", "=binance"])
def test_a_host_of_no_venue(run: Run, host: str) -> None:
    """The message says what is expected."""
    ran = run("check", DAY, "--host", host)
    assert ran.code == 2
    assert f"expected HOST=VENUE; the venues are {', '.join(venues.names())}" in ran.err


def test_a_host_of_no_venue_in_a_project(run: Run, tmp_path: Path) -> None:
    """The message names it."""
    (tmp_path / "pyproject.toml").write_text('[tool.cancelnorm.hosts]\n"proxy.local" = "bitstamp"\n')
    assert "hosts: proxy.local: 'bitstamp' is not one of binance" in run("check", DAY).err


@pytest.mark.parametrize("table", [b"a = " + b"9" * 5_000, b"a = " + b"[" * 5_000, b'a = "\xff"', b"a ="])
def test_settings_that_are_no_toml(run: Run, tmp_path: Path, table: bytes) -> None:
    """The command stops, and names the file."""
    (tmp_path / "pyproject.toml").write_bytes(b"[tool.cancelnorm]\n" + table)
    ran = run("check", DAY)
    assert ran.code == 2
    assert ran.err.startswith(f"cancelnorm: {tmp_path / 'pyproject.toml'}: not valid TOML: ")


def test_a_baseline_without_a_name(run: Run, tmp_path: Path) -> None:
    """No file can have a NUL in its name."""
    (tmp_path / "pyproject.toml").write_text('[tool.cancelnorm]\nbaseline = "a\\u0000b"\n')
    assert run("check", DAY).err.endswith("baseline: expected the name of a file\n")


def test_settings_of_a_folder_above(run: Run, log: Log, tmp_path: Path) -> None:
    """The nearest table applies; a pyproject.toml without one does not end the search."""
    (tmp_path / "pyproject.toml").write_text('[tool.cancelnorm]\nselect = ["CN4"]\nseverity = "info"\n')
    (tmp_path / "part").mkdir()
    (tmp_path / "part" / "pyproject.toml").write_text('[project]\nname = "part"\n')
    log(NOTED, REFUSED)
    code = "import os, sys; os.chdir('part'); from cancelnorm.__main__ import main; sys.exit(main())"
    assert run("check", "../day.jsonl", code=code).code == 0
    assert run("check", "../day.jsonl", "--select", "CN1", code=code).code == 1
    (tmp_path / "part" / "pyproject.toml").write_text("tool = 3\n")
    assert run("check", "../day.jsonl", code=code).code == 0


def test_settings_of_the_log(run: Run, log: Log, tmp_path: Path) -> None:
    """The log's format can be set too, and the command line takes precedence."""
    name = log(f'{{"answer":{BARE}}}')
    assert run("check", name).code == 1
    (tmp_path / "pyproject.toml").write_text(
        '[tool.cancelnorm]\nformat = "jsonl"\nvenue = "binance"\nendpoint = "DELETE /api/v3/order"\n'
        'map = {payload = "$.answer"}\njobs = 1\n'
    )
    ran = run("check", name)
    assert (ran.code, ran.err) == (0, "")
    assert "1 record = 1 understood" in ran.out
    assert "no venue 'bitstamp'" in run("check", name, "--venue", "bitstamp").err
    assert run("check", name, "--map", "payload=$.other").code == 1


def test_a_time_zone(run: Run, tmp_path: Path) -> None:
    """It is that of times without one; the command line takes precedence over the settings."""
    frame = '{"retCode":110001,"retMsg":"gone","result":{},"retExtInfo":{},"time":1795704214044}'
    (tmp_path / "bot.log").write_text(f"2026-11-26 22:00:30,5 INFO bot: recv {frame}\n")

    def received(*options: str) -> int:
        return int(json.loads(run("normalise", "bot.log", *options).out)["received_ns"])

    utc = received()
    assert utc - received("--tz", "+09:00") == 9 * 3_600 * 10**9
    (tmp_path / "pyproject.toml").write_text('[tool.cancelnorm]\ntz = "Asia/Tokyo"\n')
    assert utc - received() == 9 * 3_600 * 10**9
    assert received("--tz", "UTC") == utc
    unknown = "unknown time zone 'Mars'; examples: UTC, Asia/Tokyo, +09:00"
    assert run("check", "bot.log", "--tz", "Mars") == (2, "", f"cancelnorm: {unknown}\n")


def test_lines_of_text_are_counted(run: Run, tmp_path: Path) -> None:
    """They are beside the records, in every total."""
    (tmp_path / "bot.log").write_text(
        "hello\nposition {'a': 1}\nrecv {'code': -2011, 'msg': 'Unknown order sent.'}\n"
    )
    ran = run("check", "bot.log", "--venue", "binance", "--endpoint", "DELETE /api/v3/order")
    assert ran.out.endswith(
        "1 record = 1 understood + 0 skipped + 0 refused; 1 event; 0 errors, 0 warnings, 0 infos; 2 lines of text\n"
    )


def test_settings_of_drift_and_dialect(run: Run, log: Log, tmp_path: Path) -> None:
    """Project settings act like command-line options."""
    noted = log(NOTED)
    quoted = log(
        '{"venue":"binance","endpoint":"DELETE /api/v3/order","payload":{"code":"-2011","msg":"?"}}',
        name="quoted.jsonl",
    )
    assert (run("check", noted).code, run("check", quoted).code) == (0, 1)
    (tmp_path / "pyproject.toml").write_text(
        '[tool.cancelnorm]\ndrift = "refuse"\ndialect = "quoted-numbers"\n'
    )
    assert (run("check", noted).code, run("check", quoted).code) == (1, 0)
    assert run("check", noted, "--drift", "collect").code == 0


@pytest.mark.parametrize(
    "text",
    [
        "[tool]\ncancelnorm = 3\n",
        "[tool.cancelnorm]\nseverity = 'fatal'\n",
        "[tool.cancelnorm]\ndrift = 'x'\n",
        "[tool.cancelnorm]\ndialect = 'x'\n",
        "[tool.cancelnorm]\noutput-format = 'pdf'\n",
        "[tool.cancelnorm]\nformat = 'x'\n",
        "[tool.cancelnorm]\nselect = ['CN999']\n",
        "[tool.cancelnorm]\nmap = {payload = 3}\n",
        "[tool.cancelnorm]\njobs = -1\n",
        "[tool.cancelnorm]\ntz = 'Mars'\n",
    ],
)
def test_wrong_settings(run: Run, log: Log, tmp_path: Path, text: str) -> None:
    """Any invalid setting gives a one-line message, also for a log that takes several processes."""
    (tmp_path / "pyproject.toml").write_text(text)
    code, out, err = run("check", log(*[CANCELED] * 6_000))
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert err.startswith("cancelnorm: ")


# --- Masking and progress ---


def test_redact(run: Run, log: Log, tmp_path: Path) -> None:
    """The quarantine contains signatures unless ``--redact`` is given; the findings are the same."""
    signed = REFUSED.replace('"payload"', '"request":{"symbol":"LTCBTC","signature":"5EC2E7"},"payload"')
    name = log(signed)
    plain = run("check", name, "--quarantine", "plain")
    masked = run("check", name, "--quarantine", "masked", "--redact")
    assert plain == masked
    assert "5EC2E7" not in plain.out
    assert signed.encode() in (tmp_path / "plain").read_bytes()
    apart = (tmp_path / "masked").read_bytes()
    assert b"5EC2E7" not in apart
    assert b"LTCBTC" in apart
    again = run("check", "masked", "--select", "CN001", "--output-format", "concise")
    assert "$.price: CN001 error payload-refused: expected a plain decimal, found '1_000'" in again.out


def test_progress_on_a_terminal(log: Log, tmp_path: Path) -> None:
    """Progress goes to standard error; standard output is unchanged."""
    name = log(*[CANCELED] * 6_000)
    command = [sys.executable, "-m", "cancelnorm", "check", name, "--output-format", "concise", "--jobs", "1"]
    plain = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False)
    ours, theirs = pty.openpty()
    env = {**os.environ, "TERM": "xterm"}
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=theirs, env=env) as process:
        os.close(theirs)
        assert process.stdout is not None
        out = process.stdout.read()
        shown = os.read(ours, 1 << 16)
    os.close(ours)
    assert (process.returncode, out) == (plain.returncode, plain.stdout)
    assert plain.stderr == b""
    assert b"checking" in shown


# --- Logs at a URL ---


def test_a_log_at_an_address(run: Run, log: Log, tmp_path: Path) -> None:
    """A URL is read like a file, and secrets in it are not shown."""
    name = log(CANCELED, REFUSED)
    local = run("check", name, "--output-format", "concise")
    url = f"file://{tmp_path / name}"
    assert run("check", url, "--output-format", "concise").out == local.out.replace(name, url)
    code = (
        "import sys, fsspec; from cancelnorm.__main__ import main; "
        f"fsspec.filesystem('memory').pipe('/a/day.jsonl', open({name!r}, 'rb').read()); sys.exit(main())"
    )
    ran = run("check", "memory://a/day.jsonl", "--output-format", "concise", code=code)
    assert ran == local._replace(out=local.out.replace(name, "memory://a/day.jsonl"))
    gone = run("check", "memory://a/other.jsonl?signature=5EC2E7", code=code)
    assert (gone.code, "5EC2E7" in gone.err + gone.out, "Traceback" in gone.err) == (2, False, False)
