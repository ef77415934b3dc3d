"""Whatever a sample, a file name, a setting or an argument contains: no output obeys it or repeats its secrets.

The laws plant one text at one position of one sample, and run one command on it.
"""

import csv
import json
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cancelnorm.masking import without_secrets
from cancelnorm.report import WRITERS
from tests.cli.conftest import CANCELED, REFUSED
from tests.cli.inside import Ran, run_inside
from tests.planted import FORMS, HIDDEN, SECRET, logs, named_secrets
from tests.sample_logs import LOG_FILES
from tests.samples import FOLDER

LOOKS_EMPTY: Final = re.compile("[\u034f\u115f\u2800\u3164\ufe0f\uffa0\U000e0101]")
COMMAND: Final = re.compile(r"\s*::|.*##(?:vso)?\[")
OURS: Final = re.compile(r"::(?:error|warning|notice) file=")


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("around", ["{}", "x {} y", '{{"a":{}}}', "caf\xe9 {}", "{} and apiKey=other"])
def test_every_form_is_masked(form: str, around: str) -> None:
    """A secret is found in each form, and its mask is not masked again."""
    shown = without_secrets(around.format(FORMS[form]))
    assert SECRET not in shown
    assert "elE3" not in shown
    assert without_secrets(shown) == shown


# --- What comes out ---

FILES: Final = ("--events", "e", "--quarantine", "q", "--redact")
COMMANDS: Final = (
    *(("check", "--output-format", form, *FILES) for form in WRITERS),
    ("check", "--quiet", "--drift", "refuse", *FILES),
    ("check", "--baseline", "b", "--write-baseline"),
    ("check", "--statistics"),
    ("normalise", "--quarantine", "q", "--redact"),
    ("normalise", "--unreadable"),
    ("convert", "-o", "e.jsonl", "--quarantine", "q", "--redact"),
    ("convert", "-o", "e.csv", "--sort"),
    ("explain",),
    ("explain", "--all"),
)
IDS: Final = (
    *("symbol", "order_id", "client_order_id", "cancel_client_order_id", "list_id", "list_client_id"),
    *("replaced_by", "request_id", "order_key"),
)
WRITTEN: Final = ("e", "e.jsonl", "e.csv", "q", "b")


def outputs(command: tuple[str, ...], log: str, name: str = "log.jsonl") -> dict[str, str]:
    """All texts that a command writes for a log: its output, its messages and its files."""
    with TemporaryDirectory() as folder:
        path = Path(folder)
        (path / name).write_bytes(f"{log}\n".encode(errors="surrogatepass"))
        ran = run_inside(*command, name, folder=path)
        files = {file: (path / file).read_text("utf-8") for file in WRITTEN if (path / file).exists()}
    return {"out": ran.out, "err": ran.err, **files}


def without_ids(file: str, text: str) -> str:
    """Events without ids, which stay as they are."""
    rows = csv.DictReader(text.splitlines()) if file == "e.csv" else map(json.loads, text.splitlines())
    return json.dumps([{key: value for key, value in row.items() if key not in IDS} for row in rows])


def assert_inert(text: str) -> None:
    """Nothing in a text is invisible, or a command to a terminal or a build server."""
    for line in text.split("\n"):
        assert line.isprintable()
        assert LOOKS_EMPTY.search(line) is None
        assert COMMAND.match(line) is None or OURS.match(line)


@given(logs(st.sampled_from(HIDDEN) | st.just("".join(HIDDEN))), st.sampled_from(COMMANDS))
def test_nothing_hidden_comes_out(log: str, command: tuple[str, ...]) -> None:
    """Every character that a terminal obeys or does not show is escaped, in every output but the lines set apart."""
    for file, text in outputs(command, log).items():
        assert_inert(text if file != "q" else text.split("\n")[0])


@given(logs(st.sampled_from(list(FORMS.values()))) | named_secrets(), st.sampled_from(COMMANDS))
def test_no_secret_comes_out(log: str, command: tuple[str, ...]) -> None:
    """No output repeats a secret, except for events whose id reads like one."""
    for file, text in outputs(command, log).items():
        is_events = file.partition(".")[0] == "e" or (file == "out" and command[0] == "normalise")
        assert SECRET not in (without_ids(file, text) if is_events else text)


CAPTURES: Final = {path.relative_to(FOLDER).as_posix(): path.read_text("utf-8") for path in LOG_FILES}
GAP: Final = re.compile(r"(?<=[ ,;|&\n])")
ONE_LINE: Final = [form for form in FORMS.values() if "\n" not in form]


@st.composite
def captures(draw: Callable[[Any], Any], text: st.SearchStrategy[str]) -> tuple[str, str]:
    """A log of any format, with a text between two of its words, whole or truncated, and its name."""
    name = draw(st.sampled_from(sorted(CAPTURES)))
    log = CAPTURES[name]
    at = draw(st.sampled_from([match.start() for match in GAP.finditer(log)]))
    new = draw(text)
    if draw(st.booleans()):
        new = json.dumps(new)[1:-1]
    end = draw(st.just(len(log)) | st.integers(at, len(log)))
    return f"{log[:at]}{new} {log[at:end]}", Path(name).name


@given(captures(st.sampled_from(ONE_LINE)), st.sampled_from(COMMANDS))
def test_no_secret_comes_out_of_a_log(capture: tuple[str, str], command: tuple[str, ...]) -> None:
    """Nor from a log of any other format, whole or damaged."""
    for file, text in outputs(command, *capture).items():
        is_events = file.partition(".")[0] == "e" or (file == "out" and command[0] == "normalise")
        assert SECRET not in (without_ids(file, text) if is_events else text)


@given(captures(st.sampled_from(HIDDEN)), st.sampled_from(COMMANDS))
def test_nothing_hidden_comes_out_of_a_log(capture: tuple[str, str], command: tuple[str, ...]) -> None:
    """Nothing that a terminal obeys comes out of such a log; lines are set apart as they are."""
    for file, text in outputs(command, *capture).items():
        if file != "q":
            assert_inert(text)


# --- Names, settings and arguments ---

EVIL: Final = "".join(text for text in HIDDEN if "\x00" not in text)
TEXTS: Final = {
    "hidden": EVIL,
    "secret": f"apiKey={SECRET}",
    "token": FORMS["a web token"],
    "surrogate": "\udcff",
}


def assert_harmless(ran: Ran) -> None:
    """Nothing that was planted comes out."""
    assert_inert(ran.out)
    assert_inert(ran.err)
    assert SECRET not in ran.out + ran.err


def args_with(text: str) -> list[tuple[str, ...]]:
    """Arguments of every command that contain a text."""
    options = (
        *("--output-format", "--drift", "--dialect", "--jobs", "--format", "--map", "--venue", "--endpoint"),
        *("--host", "--tz", "--select", "--ignore", "--per-file-ignores", "--since", "--until", "--severity"),
        *("--config", "--baseline", "--order", "--exclude", f"--{text}"),
    )
    return [
        (text,),
        (f"--{text}",),
        *(("check", option, text, "log.jsonl") for option in options),
        *(("check", "--map", f"payload={text}", "log.jsonl"), ("check", "--map", f"{text}=$.x", "log.jsonl")),
        *(("check", "--host", f"{text}=x", "log.jsonl"), ("check", "--host", f"{text}=binance", "log.jsonl")),
        ("check", "--venue", "binance", "--endpoint", text, "log.jsonl"),
        ("check", "--per-file-ignores", f"x:{text}", "log.jsonl"),
        ("check", "--since", "2026-01-01", "--until", text, "log.jsonl"),
        ("check", "--output", f"{text}/x", "log.jsonl"),
        ("check", "--baseline", text, "--write-baseline", "log.jsonl"),
        *(
            (command, text)
            for command in ("check", "normalise", "explain", "rule", "venues", "schema", "rules")
        ),
        ("check", f"zz://me:{text}@h/{text}?{text}"),
        ("explain", f"{text}:1"),
        ("explain", "log.jsonl", text),
        *(("explain", "--fields", "binance", text), ("explain", "--fields", text, "x")),
        *(("rules", "--output-format", text), ("--show-completion", text)),
        ("check", "--exclude", text, "--output-format", "html", "log.jsonl"),
    ]


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_arguments(tmp_path: Path, text: str) -> None:
    """A message that cites an argument escapes it, without its secrets."""
    (tmp_path / "log.jsonl").write_text(f"{CANCELED}\n{REFUSED}\n", "utf-8")
    for args in args_with(text):
        assert_harmless(run_inside(*args, folder=tmp_path))


SETTINGS: Final = (
    *(
        "select = [T]",
        "ignore = [T]",
        "T = 1",
        "T = 1\nT = 2",
        "T = {",
        "severity = T",
        "drift = T",
        "dialect = T",
    ),
    *(
        "format = T",
        "map = {T = T}",
        "map = {payload = T}",
        "venue = T",
        "endpoint = T",
        "tz = T",
        "jobs = T",
    ),
    *("output-format = T", "baseline = T", "hosts = {T = T}", "hosts = {T = 1}", "exclude = [T]", "map = T"),
    *("per-file-ignores = {T = [T]}", "per-file-ignores = {T = 1}", "select = T"),
)


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_settings(tmp_path: Path, text: str) -> None:
    """So does one that cites a setting, or a baseline."""
    (tmp_path / "log.jsonl").write_text(f"{CANCELED}\n{REFUSED}\n", "utf-8")
    quoted = json.dumps(text.encode(errors="replace").decode())
    for setting in SETTINGS:
        (tmp_path / "c.toml").write_text(f"[tool.cancelnorm]\n{setting.replace('T', quoted)}\n", "utf-8")
        for command in (("check",), ("normalise",), ("explain",)):
            assert_harmless(run_inside(*command, "--config", "c.toml", "log.jsonl", folder=tmp_path))
    start = '{"cancelnorm":"baseline","version":1,"findings":'
    for baseline in (
        quoted,
        f"{{{quoted}:1}}",
        f'{start}[{{"rule":{quoted},{quoted}:1}}]}}',
        f"{start}{quoted}}}",
    ):
        (tmp_path / "b.json").write_text(baseline, "utf-8")
        assert_harmless(run_inside("check", "--baseline", "b.json", "log.jsonl", folder=tmp_path))


@pytest.mark.parametrize("form", WRITERS)
@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_names_of_files(tmp_path: Path, text: str, form: str) -> None:
    """The name of a folder, of a file, of a member of an archive, and of one that is passed over."""
    name = text.replace("/", "")
    logs = tmp_path / "logs"
    (logs / f"d{name}").mkdir(parents=True)
    (logs / f"d{name}" / f"{name}.jsonl").write_text(f"{CANCELED}\n{REFUSED}\n", "utf-8")
    (logs / f"{name}.json").write_text("{}", "utf-8")
    (logs / f"{name}.jsonl.gz").write_bytes(b"\x1f\x8b\x08\x00xx")
    with zipfile.ZipFile(logs / "a.zip", "w") as archive:
        for member in (f"{name}.jsonl", f"{name}.bin"):
            archive.writestr(member.encode(errors="replace").decode(), f"{REFUSED}\n")
    assert_harmless(run_inside("check", "--output-format", form, "logs", folder=tmp_path))
    assert_harmless(run_inside("normalise", "logs", folder=tmp_path))


@pytest.mark.parametrize("form", WRITERS)
@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_mapped_sources(tmp_path: Path, text: str, form: str) -> None:
    """A source that the log names is masked and escaped like the name of a file."""
    line = {**json.loads(REFUSED), "from": text, "at": text}
    (tmp_path / "log.jsonl").write_text(f"{json.dumps(line)}\n", "utf-8")
    maps = (
        "--map",
        "source=$.from",
        "--map",
        "offset=$.at",
        "--map",
        "payload=$.payload",
        "--map",
        "account=$.at",
    )
    for command in (("check", "--output-format", form), ("explain",), ("normalise", "--unreadable")):
        assert_harmless(run_inside(*command, *maps, "log.jsonl", folder=tmp_path))


# --- Options of people ---


def test_an_empty_log_leaves_no_document_open(tmp_path: Path) -> None:
    """A document that was begun is completed, although there is nothing to report."""
    (tmp_path / "log.jsonl").write_text("\n", "utf-8")
    for form in ("json", "sarif", "gitlab"):
        ran = run_inside("check", "--output-format", form, "log.jsonl", folder=tmp_path)
        assert (ran.code, ran.err) == (2, "cancelnorm: no records found\n")
        assert isinstance(json.loads(ran.out), dict | list)


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("check", "--select", "", "log.jsonl"), "--select names no rule; expected codes, names or ALL"),
        (
            ("check", "--redact", "log.jsonl"),
            "--redact masks secrets in the quarantine file; name it with --quarantine FILE",
        ),
        (
            ("normalise", "--redact", "log.jsonl"),
            "--redact masks secrets in the quarantine file; name it with --quarantine FILE",
        ),
    ],
)
def test_options_without_effect(tmp_path: Path, args: tuple[str, ...], message: str) -> None:
    """An option that would do nothing is refused."""
    (tmp_path / "log.jsonl").write_text(f"{CANCELED}\n", "utf-8")
    assert run_inside(*args, folder=tmp_path) == (2, "", f"cancelnorm: {message}\n")


@pytest.mark.parametrize("command", [(), ("check",), ("explain",)], ids=" ".join)
def test_short_help(tmp_path: Path, command: tuple[str, ...]) -> None:
    """``-h`` is ``--help``."""
    ran = run_inside(*command, "-h", folder=tmp_path)
    assert ran == run_inside(*command, "--help", folder=tmp_path)
    assert ran.code == 0
