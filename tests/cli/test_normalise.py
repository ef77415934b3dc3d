"""``cancelnorm normalise``: events as JSON lines on standard output or in a file."""

import bz2
import gzip
import json
import lzma
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard

from tests.cli.conftest import CANCELED, INTERRUPTIBLE, NOTED, PENDING, REFUSED, Run

Log = Callable[..., str]

EVENT = (
    '{"venue":"binance","product":"spot","endpoint":"DELETE /api/v3/order","kind":"order","index":0,"path":"$",'
    '"symbol":"LTCBTC","order_id":"4711","client_order_id":"mine-1","cancel_client_order_id":"off-1",'
    '"outcome":"canceled","evidence":"final_report","status":"canceled","raw_status":"CANCELED",'
    '"side":"buy","order_type":"limit","time_in_force":"gtc","post_only":false,"price":"2.00000000",'
    '"quantity":"1.00000000","filled_quantity":"0.00000000","quantity_unit":"base","quote_quantity":null,'
    '"filled_quote":"0.00000000","self_trade_prevention":null,"event_ns":1684804350068000000,'
    '"sent_ns":null,"received_ns":null,"source":"day.jsonl:%d","response_ns":null,"request_id":null,'
    '"account":null,"reason":null,"code":null,"message":null,"initiator":null,"raw_initiator":null,'
    '"scope":null,"from_request":null,"list_id":null,"list_client_id":null,"contingency":null,'
    '"replaced_by":null,"position_side":null,"reduce_only":null,"trigger_price":null,"average_price":null,'
    '"remaining_quantity":null,"display_quantity":null,"affected_orders":null,"created_ns":null,'
    '"retry_after_ns":null,"extra":null}\n'
)


def unpack_zstd(data: bytes) -> bytes:
    """Decompress a frame whose size may not be known."""
    return zstandard.ZstdDecompressor().decompressobj().decompress(data)


def test_events_are_lines(run: Run, log: Log) -> None:
    """Each line is an event with every field; numbers keep the digits sent."""
    assert run("normalise", log(CANCELED, CANCELED)) == (0, EVENT % 1 + EVENT % 2, "")


def test_problems_go_to_standard_error(run: Run, log: Log) -> None:
    """A refused record gives a line on standard error and exit code 1; the run continues."""
    assert run("normalise", log(CANCELED, REFUSED, "x", CANCELED)) == (
        1,
        EVENT % 1 + EVENT % 4,
        (
            "day.jsonl:2: $.price: expected a plain decimal, found '1_000'\n"
            "day.jsonl:3: line: not JSON: invalid character (byte 0)\n"
        ),
    )


def test_a_refused_answer_may_be_an_event(run: Run, log: Log) -> None:
    """With ``--unreadable`` a refused answer becomes an event."""
    code, out, _ = run("normalise", "--unreadable", log(REFUSED, "x"))
    assert code == 1
    assert {key: value for key, value in json.loads(out).items() if value is not None} == {
        "venue": "binance",
        "product": "spot",
        "endpoint": "DELETE /api/v3/order",
        "kind": "request",
        "index": 0,
        "outcome": "unknown",
        "evidence": "none",
        "reason": "unreadable",
        "source": "day.jsonl:1",
    }


def test_notes_are_pointed_to(run: Run, log: Log) -> None:
    """Additions cause no failure; one line reports their number."""
    code, out, err = run("normalise", log(NOTED))
    assert (code, out.count("\n")) == (0, 1)
    assert err == "cancelnorm: 1 note; run cancelnorm check to list them\n"
    assert run("normalise", "--drift", "refuse", log(NOTED)) == (
        1,
        "",
        "day.jsonl:1: $.new: expected no such field, found 1\n",
    )


# --- To a file ---


def test_output(run: Run, log: Log, tmp_path: Path) -> None:
    """The file is replaced once it is complete, even if a record was refused."""
    (tmp_path / "events.jsonl").write_text("old")
    (tmp_path / "events.jsonl").chmod(0o640)
    code, out, _ = run("normalise", log(CANCELED, "x"), "-o", "events.jsonl")
    assert (code, out) == (1, "")
    assert (tmp_path / "events.jsonl").read_text() == EVENT % 1
    assert (tmp_path / "events.jsonl").stat().st_mode & 0o777 == 0o640
    assert sorted(path.name for path in tmp_path.iterdir()) == ["day.jsonl", "events.jsonl"]


def test_output_through_a_link(run: Run, log: Log, tmp_path: Path) -> None:
    """Output through a link writes its target and keeps the link."""
    (tmp_path / "link").symlink_to("target")
    assert run("normalise", log(CANCELED), "-o", "link").code == 0
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "target").read_text() == EVENT % 1


def test_no_half_output(run: Run, log: Log, tmp_path: Path) -> None:
    """A failed command leaves the old file and no partial one."""
    (tmp_path / "events.jsonl").write_text("old")
    name = log(CANCELED)
    (tmp_path / "bad.jsonl").symlink_to("/proc/self/mem")
    assert run("normalise", name, "bad.jsonl", "-o", "events.jsonl").code == 2
    assert run("normalise", log("", name="empty.jsonl"), "-o", "events.jsonl").code == 2
    assert (tmp_path / "events.jsonl").read_text() == "old"
    assert not list(tmp_path.glob(".*"))


@pytest.mark.parametrize(
    ("signal", "code", "word"), [("INT", 130, "interrupted"), ("TERM", 143, "terminated")]
)
def test_stopped(tmp_path: Path, signal: str, code: int, word: str) -> None:
    """Ctrl-C and SIGTERM leave one line and no partial file."""
    command = [sys.executable, "-c", INTERRUPTIBLE, "normalise", "-", "-o", "events.jsonl"]
    with subprocess.Popen(command, cwd=tmp_path, stdin=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stderr is not None
        process.stdin.write(f"x\n{CANCELED}\n".encode())
        process.stdin.flush()
        assert process.stderr.readline() == b"<stdin>:1: line: not JSON: invalid character (byte 0)\n"
        assert [path.name for path in tmp_path.iterdir()] == [f".events.jsonl.{process.pid}.part"]
        process.send_signal(getattr(__import__("signal"), f"SIG{signal}"))
        assert process.stderr.read() == f"cancelnorm: {word}\n".encode()
        assert process.wait() == code
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("output", "message"),
    [
        ("day.jsonl", "day.jsonl: is an input file; refusing to overwrite it"),
        (".", ".: is a directory"),
        ("no/such.jsonl", "{cwd}/no: no such folder"),
        ("/dev/full", "no space left on device"),
    ],
)
def test_output_that_cannot_be_written(run: Run, log: Log, tmp_path: Path, output: str, message: str) -> None:
    """One line states the reason, and the exit code is 2."""
    message = f"cancelnorm: {message.format(cwd=tmp_path.resolve())}\n"
    assert run("normalise", log(CANCELED), "-o", output) == (2, "", message)
    assert (tmp_path / "day.jsonl").read_text() == f"{CANCELED}\n"


def test_a_device_is_not_replaced(run: Run, log: Log) -> None:
    """A device or pipe is written to, not replaced."""
    assert run("normalise", log(CANCELED), "-o", "/dev/stdout") == (0, EVENT % 1, "")
    assert run("normalise", log(PENDING), "-o", "/dev/null") == (0, "", "")
    assert Path("/dev/null").is_char_device()


def test_closed_pipe(log: Log, tmp_path: Path) -> None:
    """``| head`` ends the command like any other of a pipeline: quietly, with the code of SIGPIPE."""
    name = log(*[CANCELED] * 2_000)
    command = [sys.executable, "-m", "cancelnorm", "normalise", name]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline() == (EVENT % 1).encode()
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait() == 141


@pytest.mark.parametrize(
    ("suffix", "unpack"),
    [
        (".gz", gzip.decompress),
        (".xz", lzma.decompress),
        (".zst", unpack_zstd),
        (".GZ", gzip.decompress),
        (".bz2", bz2.decompress),
    ],
)
def test_compressed_output(
    run: Run, log: Log, tmp_path: Path, suffix: str, unpack: Callable[[bytes], bytes]
) -> None:
    """The name of an output says how it is compressed; the same run gives the same bytes."""
    name = log(CANCELED, REFUSED, CANCELED)
    plain = run("check", name, "-o", "report", "--events", "events", "--quarantine", "apart")
    for turn in ("a", "b"):
        outputs = [f"{turn}{kind}{suffix}" for kind in ("report", "events", "apart")]
        ran = run("check", name, "-o", outputs[0], "--events", outputs[1], "--quarantine", outputs[2])
        assert ran == plain
        for output in outputs:
            content = (tmp_path / output[1 : -len(suffix)]).read_bytes()
            assert unpack((tmp_path / output).read_bytes()) == content
            assert (tmp_path / output).read_bytes() == (tmp_path / f"a{output[1:]}").read_bytes()
    assert run("normalise", name, "-o", f"events{suffix}").code == 1
    assert unpack((tmp_path / f"events{suffix}").read_bytes()).decode() == EVENT % 1 + EVENT % 3


def test_compressed_output_without_its_library(run: Run, log: Log, tmp_path: Path) -> None:
    """One line names the extra, and nothing is left behind."""
    code = (
        "import sys; sys.modules['zstandard'] = None; from cancelnorm.__main__ import main; sys.exit(main())"
    )
    ran = run("normalise", log(CANCELED), "-o", "events.zst", code=code)
    assert (ran.code, ran.err) == (
        2,
        "cancelnorm: events.zst: this is zstd; it takes pip install 'cancelnorm[zstd]'\n",
    )
    assert [path.name for path in tmp_path.iterdir()] == ["day.jsonl"]


def test_any_number_of_processes(run: Run, log: Log, tmp_path: Path) -> None:
    """Events, messages and quarantine are the same for any number of processes."""
    lines = [CANCELED, REFUSED, NOTED, *[CANCELED.replace("4711", str(i)) for i in range(8_000)]]
    name = log(*lines, *lines[:200])
    ran = [
        (run("normalise", name, "-o", jobs, "--quarantine", f"apart{jobs}", "--jobs", jobs))
        for jobs in ("1", "2")
    ]
    assert ran[0] == ran[1]
    assert ran[0].code == 1
    assert ran[0].err.endswith("cancelnorm: 2 notes; run cancelnorm check to list them\n")
    assert (tmp_path / "1").read_bytes().count(b"\n") == 8_201
    for kind in ("", "apart"):
        assert (tmp_path / f"{kind}1").read_bytes() == (tmp_path / f"{kind}2").read_bytes()


def test_quarantine(run: Run, log: Log, tmp_path: Path) -> None:
    """Refused lines are kept apart, as ``check`` keeps them."""
    signed = REFUSED.replace('"payload"', '"request":{"symbol":"LTCBTC","signature":"5EC2E7"},"payload"')
    name = log(CANCELED, signed, "garbage")
    for options in ((), ("--redact",)):
        assert run("normalise", name, "--quarantine", "apart", *options).code == 1
        assert run("check", name, "--quarantine", "known", *options).code == 1
        assert (tmp_path / "apart").read_bytes() == (tmp_path / "known").read_bytes()
    assert "refusing to overwrite" in run("normalise", name, "--quarantine", name).err
