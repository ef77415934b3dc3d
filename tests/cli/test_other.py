"""The command line: help, lists, schema, extras and secrets."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import jsonschema
import pytest

from cancelnorm import CancelEvent, decode, encode, normalise, venues
from cancelnorm.event_json import json_schema
from cancelnorm.schema import SCHEMA_VERSION
from tests.batches import each_sample
from tests.cli.conftest import CANCELED, REJECTED, Run
from tests.samples import FOLDER, SAMPLES

Log = Callable[..., str]


def test_help(run: Run) -> None:
    """Without a command, and with --help, the commands are listed."""
    code, out, _ = run("--help")
    assert code == 0
    assert [line.split()[0] for line in out.partition("Commands:\n")[2].splitlines()] == [
        "normalise",
        "convert",
        "check",
        "story",
        "rules",
        "rule",
        "explain",
        "replay",
        "latency",
        "venues",
        "schema",
    ]


def test_version(run: Run) -> None:
    """The version is that of the package."""
    for option in ("--version", "-V"):
        code, out, _ = run(option)
        assert code == 0
        assert out.startswith("cancelnorm 0.")


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("--venue", "binanse"), "no venue 'binanse'; did you mean binance?"),
        (
            ("--venue", "binance", "--endpoint", "DELETE /api/v3/ordr"),
            "binance has no 'DELETE /api/v3/ordr'; it has DELETE /api/v3/order, ",
        ),
        (
            ("--endpoint", "DELETE /api/v3/ordr"),
            "no venue has 'DELETE /api/v3/ordr'; did you mean DELETE /api",
        ),
        (("--format", "hra"), "--format: 'hra' is unknown; did you mean har, array?"),
    ],
)
@pytest.mark.parametrize("command", ["check", "normalise", "explain"])
def test_unknown_names(run: Run, log: Log, command: str, args: tuple[str, ...], message: str) -> None:
    """An unknown venue, endpoint or format is reported before any line is read."""
    code, out, err = run(command, log("x"), *args)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert err.startswith(f"cancelnorm: {message}")


@pytest.mark.parametrize(
    ("words", "incomplete", "found"),
    [
        ("cancelnorm ch", "ch", "check"),
        ("cancelnorm check --venue bi", "bi", "binance"),
        ("cancelnorm normalise --format cc", "cc", "ccxt"),
        ("cancelnorm check --output-format sa", "sa", "sarif"),
        ("cancelnorm check --select CN10", "CN10", "CN101"),
    ],
)
def test_shell_completion(run: Run, words: str, incomplete: str, found: str) -> None:
    """A shell completes commands, venues, formats and rules."""
    env = {
        "_CANCELNORM_COMPLETE": "bash_complete",
        "COMP_WORDS": words,
        "COMP_CWORD": str(len(words.split()) - 1),
    }
    code = "import sys; sys.argv[0] = 'cancelnorm'; from cancelnorm.__main__ import main; sys.exit(main())"
    ran = run(code=code, env=env)
    words_found = [line.removeprefix("plain,") for line in ran.out.splitlines()]
    assert found in words_found
    assert all(word.startswith(incomplete) for word in words_found)


@pytest.mark.parametrize("shell", ["bash", "fish", "zsh"])
def test_completion_script(run: Run, shell: str) -> None:
    """The script for a shell registers the completion of the command."""
    code, out, err = run("--show-completion", shell)
    assert (code, err) == (0, "")
    assert f"_CANCELNORM_COMPLETE={shell}_complete" in out


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("chekc",), "No such command 'chekc'"),
        (("check",), "Missing argument 'PATH...'"),
        (("check", "x", "--jbos", "2"), "No such option"),
        (("check", "x", "--jobs", "0"), "0 is not in the range x>=1"),
        (("check", "x", "--drift", "y"), "'y' is not one of 'collect', 'refuse'"),
    ],
)
def test_wrong_usage(run: Run, args: tuple[str, ...], message: str) -> None:
    """A command or an option that does not exist is named beside the usage of the command."""
    code, out, err = run(*args)
    assert (code, out) == (2, "")
    assert re.match(r"Usage: (python -m [\w.]*)?cancelnorm ", err)
    assert message in err


def test_venues(run: Run) -> None:
    """Every endpoint of every venue is listed, with the date from which on it is read."""
    code, out, err = run("venues")
    assert (code, err) == (0, "")
    header, *rows = out.splitlines()
    assert header.split() == ["venue", "product", "endpoint", "since"]
    name, since = header.index("endpoint"), header.index("since")
    assert [(row.split()[0], row[name:since].rstrip(), row[since:].rstrip()) for row in rows] == [
        (endpoint.venue, endpoint.name, endpoint.since or "")
        for venue in venues.every().values()
        for endpoint in venue.endpoints.values()
    ]


# --- The schema ---


def test_schema(run: Run) -> None:
    """The schema is JSON, and valid itself."""
    code, out, _ = run("schema")
    assert code == 0
    schema = json.loads(out)
    assert schema == json_schema()
    assert schema["$id"] == f"urn:cancelnorm:cancel-event:{SCHEMA_VERSION}"
    jsonschema.Draft202012Validator.check_schema(schema)
    event = schema["$defs"]["CancelEvent"]
    assert list(event["properties"]) == list(CancelEvent.__struct_fields__)
    assert event["required"] == list(CancelEvent.__struct_fields__)
    assert all(field["description"] for field in event["properties"].values())


VALIDATOR = jsonschema.Draft202012Validator(json_schema())


@each_sample
def test_events_have_the_schema(name: str) -> None:
    """The encoded events of every sample match the schema and decode to the same events."""
    for event in normalise(SAMPLES[name].record("file:1")).events:
        line = encode(event)
        VALIDATOR.validate(json.loads(line))
        assert repr(decode(line)) == repr(event)


# --- Extras ---


def without(module: str) -> str:
    """A program that runs ``cancelnorm`` without a module."""
    return (
        f"import sys; sys.modules[{module!r}] = None; from cancelnorm.__main__ import main; sys.exit(main())"
    )


def test_without_click(run: Run) -> None:
    """One line names the extra to install."""
    for missing in ("click", "rich", "rich.console"):
        assert run("venues", code=without(missing)) == (
            2,
            "",
            "cancelnorm: the command line is an extra: pip install 'cancelnorm[cli]'\n",
        )


def test_without_zstandard(run: Run, log: Log) -> None:
    """A zstd log cannot be read; the others are."""
    code = (
        "import sys; sys.modules['zstandard'] = None; from cancelnorm.__main__ import main; sys.exit(main())"
    )
    ran = run("check", "-", log(CANCELED), code=code, stdin=b"\x28\xb5\x2f\xfd....")
    assert ran.code == 2
    assert ran.err == (
        "cancelnorm: <stdin>: this is zstd; it takes pip install 'cancelnorm[zstd]'\n"
        "cancelnorm: 1 file could not be read\n"
    )
    assert "1 record = 1 understood" in ran.out


# --- Secrets ---


@pytest.mark.parametrize("command", ["check", "normalise", "explain"])
def test_secrets_are_not_shown(run: Run, log: Log, command: str) -> None:
    """No secret of a request, header, URL or added field appears in any output."""
    request = (
        '"request":{"symbol":"LTCBTC","orderId":4,"apiKey":"SECRET","signature":"SECRET","h":["SECRET"]}'
    )
    added = (
        '"side":"BUY","listenKey":"SECRET","x":{"Authorization":"SECRET","Cookie":"SECRET","sign":"SECRET"}'
    )
    lines = [
        CANCELED.replace('"status":200', request).replace('"side":"BUY"', added),
        REJECTED.replace('"request":{', '"request":{"secret":"SECRET","recvWindow":"SECRET",'),
        CANCELED.replace("/order", "/order?signature=SECRET"),
        CANCELED.replace("/order", "/nope?signature=SECRET"),
        CANCELED.replace('"status":200', '"headers":{"X-MBX-APIKEY":"SECRET"}'),
        CANCELED.replace('"status":200', '"request":"SECRET"'),
        CANCELED.replace('"status":200', '"status":"SECRET"'),
        CANCELED[:-1] + ',"SECRET',
    ]
    name = log(*lines)
    for path in [f"{name}:{i}" for i in range(1, len(lines) + 1)] if command == "explain" else [name]:
        for options in ([], ["--drift", "refuse"]) if command != "explain" else ([],):
            ran = run(command, *options, path)
            assert ran.code in (0, 1)
            assert ran.out + ran.err
            assert "SECRET" not in ran.out + ran.err


def test_an_output_is_utf_8(run: Run, log: Log) -> None:
    """What is piped is UTF-8 whatever the locale, so that programs read the same bytes everywhere."""
    name = log(CANCELED.replace("LTCBTC", "龙"))
    for setting in ({"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}, {"PYTHONIOENCODING": "utf-16"}):
        ran = run("explain", name, env=setting)
        assert ran.code == 0
        assert "order 4711 on 龙: canceled" in ran.out
        assert json.loads(run("normalise", name, env=setting).out)["symbol"] == "龙"


def test_a_terminal_without_unicode(tmp_path: Path, log: Log) -> None:
    """A terminal gets its own encoding; characters outside of it are escaped."""
    name = log(CANCELED.replace("LTCBTC", "龙"))
    terminal, end = os.openpty()
    ran = subprocess.Popen(
        [sys.executable, "-m", "cancelnorm", "explain", name],
        cwd=tmp_path,
        stdout=end,
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
    )
    os.close(end)
    shown = b""
    with suppress(OSError):  # Linux reports the end as an error
        while data := os.read(terminal, 1 << 16):
            shown += data
    os.close(terminal)
    assert ran.wait() == 0
    assert b"order 4711 on \\u9f99: canceled" in shown


def test_a_folder_says_what_it_passes_over(run: Run, tmp_path: Path) -> None:
    """Files that are not read are named, the first ten of many."""
    folder = tmp_path / "logs"
    folder.mkdir()
    (folder / "day.jsonl").write_bytes((FOLDER / "logs" / "day.jsonl").read_bytes())
    (folder / "bot_stdout.txt").write_text("hello\n")
    assert run("check", "logs").err == (
        "cancelnorm: 1 file passed over: logs/bot_stdout.txt (no known format)\n"
    )
    for number in range(12):
        (folder / f"{number}.txt").touch()
    err = run("normalise", "logs").err
    assert err.startswith("cancelnorm: 13 files passed over: logs/0.txt (empty), ")
    assert "(empty), and 3 more\n" in err
    assert run("check", "logs", "--exclude", "*.txt").err == ""
    assert "passed over" not in run("normalise", "logs", "--quiet").err
