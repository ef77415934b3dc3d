"""Texts of a log that would be obeyed, and secrets where nobody expects them, in every output."""

import json
import re
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from cancelnorm.report import WRITERS
from tests.cli.conftest import CANCELED, PENDING, REJECTED, Run
from tests.cli.inside import run_inside

Log = Callable[..., str]
EVIL = (
    "\x1b]0;t\x07\x9b31m\u202eevil\u2066\u2028line\u2029<script>alert(1)</script><img src=x>\n::error file=a::pwn\r\n"
    "##[error]x]]>&amp;`code`|[bold]b[/bold]**md**[l](javascript:x)\x00\x7f\ufeff\u200b\x85{{7*7}}%0A::warning::y"
)
QUOTED = json.dumps(EVIL, ensure_ascii=False)[1:-1]
COMMANDS = [
    *(("check", "--output-format", form) for form in WRITERS),
    ("check", "--quiet"),
    ("check", "--statistics"),
    ("normalise",),
    ("normalise", "--unreadable"),
    ("story",),
    ("story", "--order", "4711"),
    ("story", "--output-format", "jsonl"),
    ("story", "--output-format", "html"),
    *(("explain", "--all", str(line)) for line in (2, 4, 8, 10, 14, 15, 16)),  # one of each kind
]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Run ``cancelnorm`` in an empty folder."""
    return partial(run_inside, folder=tmp_path)


def lines(text: str) -> list[str]:
    """Lines with a text in every place that a recorder or a venue could put it."""
    canceled = [
        CANCELED.replace(*pair)
        for pair in (
            ("mine-1", text),
            ("LTCBTC", text),
            ('"CANCELED"', f'"{text}"'),
            ('"side":"BUY"', f'"side":"BUY","{text}":{{"{text}":["{text}"]}}'),
            ('"2.00000000"', f'"{text}"'),
            ("4711", f'"{text}"'),
            ('"binance"', f'"{text}"'),
            ("DELETE /api/v3/order", text),
            ('"status":200', f'"status":"{text}"'),
            (
                '"status":200',
                f'"account":"{text}","request":{{"symbol":"{text}","origClientOrderId":"{text}"}}',
            ),
            ('"venue"', f'"{text}":1,"venue"'),
        )
    ]
    return [
        *canceled,
        REJECTED.replace("Unknown order sent.", text),
        REJECTED.replace("-2011", f'"{text}"'),
        PENDING.replace("c6f0", text).replace('"OK"', f'"{text}"'),
        f'{{"venue":"binance","payload":{{"e":"{text}","E":1}}}}',
        text.replace("\\n", " "),
    ]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_nothing_is_obeyed(run: Run, log: Log, command: tuple[str, ...]) -> None:
    """Neither a terminal nor a build server nor a browser runs what a log, or the name of its file, says."""
    name = log(*lines(QUOTED), name="::error::\x1b[2J\u202e##[error]<img src=x>.jsonl")
    if command[0] == "explain":
        command, name = command[:-1], f"{name}:{command[-1]}"
    ran = run(*command, name)
    assert ran.out or ran.err
    ours = "::error file=" if "github" in command else "<b>no command</b>"
    for line in f"{ran.out}\n{ran.err}".split("\n"):
        assert line.isprintable()
        assert not re.match(r"\s*::", line) or line.startswith((ours, "::warning file=", "::notice file="))
        assert line.startswith("::") or "##[" not in line
    if "html" in command or "junit" in command:
        assert "<script>alert" not in ran.out
        assert "<img" not in ran.out


@pytest.mark.parametrize("written", ["--events", "--baseline"])
def test_nothing_is_obeyed_in_a_file(run: Run, log: Log, tmp_path: Path, written: str) -> None:
    """Files of JSON have one line for each entry, and nothing that a terminal obeys."""
    more = ("--write-baseline",) if written == "--baseline" else ()
    run("check", written, "written", *more, log(*lines(QUOTED)))
    text = (tmp_path / "written").read_text("utf-8")
    assert "evil" in text
    assert all(line.isprintable() for line in text.split("\n"))


KEY = "xK9planted7QxK9planted7QxK9planted7QxK9plante"
WITH_IDS = {"normalise", "jsonl"}  # whose output is for programs, and has ids as they are
SECRETS = f"apiKey={KEY} https://me:{KEY}@api.binance.com/x?signature={KEY}"


@pytest.mark.parametrize(
    "command", [command for command in COMMANDS if not WITH_IDS & {*command}], ids=" ".join
)
def test_secrets_are_masked(run: Run, log: Log, command: tuple[str, ...]) -> None:
    """A key is masked anywhere, also in the name of a frame and of a file."""
    name = log(*lines(SECRETS), name=f"order?apiKey={KEY}&signature={KEY}.jsonl")
    if command[0] == "explain":
        command, name = command[:-1], f"{name}:{command[-1]}"
    ran = run(*command, name)
    assert ran.out or ran.err
    assert KEY not in ran.out + ran.err


def test_secrets_in_quarantine_and_baseline(run: Run, log: Log, tmp_path: Path) -> None:
    """A baseline has none; a quarantine has none if it is redacted."""
    name = log(*lines(SECRETS), name=f"signature={KEY}.jsonl")
    run("check", "--redact", "--quarantine", "q", "--baseline", "b", "--write-baseline", name)
    for file in ("q", "b"):
        text = (tmp_path / file).read_text("utf-8")
        assert "redacted" in text
        assert KEY not in text
