"""What the command line says of the sample logs: reports, stories, histories, latencies, and of wrong use.

One text each in ``tests/cli/reviewed``. ``python -m tests.reviewed`` writes them; read the difference
before it is committed.
"""

import gzip
import json
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from itertools import cycle, product
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import click
import pytest
from msgspec.structs import replace

from cancelnorm import CancelNormError, EventKind, Evidence, Outcome, Reason, Record, normalise
from cancelnorm.check import RULES, Finding, Severity
from cancelnorm.check.distributions import Timeline
from cancelnorm.check.statistics import Summary
from cancelnorm.cli import explain
from cancelnorm.cli.app import app
from cancelnorm.latency import Measurements, Unmeasured, measured
from cancelnorm.latency.offset import Offset, Offsets
from cancelnorm.logs import read
from cancelnorm.report import WRITERS, github, headline, markdown
from cancelnorm.report import latencies as latency_report
from cancelnorm.report import timeline as timeline_of
from cancelnorm.report.html import charts, view
from cancelnorm.report.html.shown_findings import ShownFindings
from cancelnorm.report.latencies import milliseconds
from cancelnorm.report.lines import counted
from cancelnorm.report.picture import _spec
from cancelnorm.report.run import Run
from cancelnorm.report.sentences import shown
from cancelnorm.report.stories import duration
from cancelnorm.report.text_columns import aligned, width
from cancelnorm.report.timeline import moment, timeline
from cancelnorm.version import __version__
from tests.cli.inside import run_inside
from tests.sample_logs import LOG_FILES
from tests.samples import SAMPLES
from tests.texts import Texts, write

__all__ = ["FOLDER", "TEXTS"]

FOLDER: Final = Path(__file__).with_name("reviewed")
_LOGS: Final = Path(__file__).parents[2] / "samples" / "logs"
_NAMES: Final = [path.relative_to(_LOGS).as_posix() for path in LOG_FILES]
_MANY: Final = ("day.jsonl", "okx.jsonl", "damaged-rows.jsonl", "cryptofeed-ws.log")
_ALONE: Final = ("-j", "1")
_LOOKS: Final = re.compile(
    r"<(style|script)\b(?![^>]*json).*?</\1>|<(meta) http-equiv[^\n]*", re.DOTALL
)  # of a page
_FLOAT: Final = re.compile(r"-?[0-9]+\.[0-9]+(?:e-?[0-9]+)?")
_STARTED: Final = re.compile(r"python -m [\w.]*cancelnorm")  # the program that has imported the command line


def _said(*arguments: str, folder: Path = _LOGS) -> Iterator[str]:
    """A command line, its exit code and all that it prints."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COLUMNS", "120")
        ran = run_inside(*arguments, folder=folder)
    yield f"$ cancelnorm {' '.join(arguments)} → {ran.code}"
    for text, mark in ((ran.out, " "), (ran.err, "!")):
        named = text.replace(__version__, "VERSION").replace(str(folder.resolve()), "FOLDER")
        plain = _LOOKS.sub("", named)
        lines = _STARTED.sub("cancelnorm", plain).splitlines()
        yield from (f"{mark} {_short(line)}".rstrip() for line in lines)


def _short(line: str) -> str:
    """A line without the middle of what is long, such as the payload in an example."""
    return line if len(line) <= 400 else f"{line[:300]} … {line[-60:]} ({len(line)})"


def reports() -> Iterator[str]:
    """The report on each log, and on some in every other format of text."""
    for name in _NAMES:
        yield from _said("check", *_ALONE, name)
    for form in WRITERS:
        if form not in ("html", "text"):
            yield from _said("check", *_ALONE, "--output-format", form, *_MANY)


def pages() -> Iterator[str]:
    """The reports and the orders of some logs as a page, without its looks."""
    yield from _said("check", *_ALONE, "--output-format", "html", *_MANY)
    for name in _MANY[:3]:
        yield from _said("story", *_ALONE, "--output-format", "html", name)


def choices() -> Iterator[str]:
    """The report where rules, severities, orders or times are chosen."""
    day = ("check", *_ALONE, "--output-format", "concise", "day.jsonl")
    for options in (
        *(("--statistics",), ("--exit-zero",), ("--quiet",), ("--drift", "refuse")),
        *(("--select", rules) for rules in ("CN2", "CN101,overfilled", "ALL", "none")),
        *(("--ignore", rules) for rules in ("CN1", "CN001,CN004,CN201", "ALL")),
        *(("--select", "CN2", option, "CN405") for option in ("--extend-select", "--ignore")),
        *(
            ("--per-file-ignores", rules)
            for rules in ("day.jsonl:CN201", "*.log:CN201", "*:ALL", "day.jsonl")
        ),
        *(("--order", order) for order in ("49120033906", "bot7-06", "nothing")),
        *((bound, "2026-07-02T13:47:10Z") for bound in ("--since", "--until")),
        ("--since", "2026-07-02T13:47:10Z", "--until", "2026-07-02T13:47:00Z"),
        ("--since", "yesterday"),
    ):
        yield from _said(*day, *options)
    for level in ("error", "warning", "info"):
        yield from _said("check", *_ALONE, "--statistics", "--severity", level, "okx.jsonl")
        yield from _said("check", *_ALONE, "--statistics", "--severity", level, "formats/print.log")
    yield from _said("check", *_ALONE, "--statistics", *_MANY)


def stories() -> Iterator[str]:
    """The orders of each log, and the history of those of some."""
    for name in _NAMES:
        yield from _said("story", *_ALONE, name)
    for name in _MANY:
        yield from _said("story", *_ALONE, "--unresolved", name)
        for order in _orders(name):
            yield from _said("story", *_ALONE, "--order", order, name)
    for form in ("json", "jsonl"):
        yield from _said("story", *_ALONE, "--output-format", form, "day.jsonl")
        for order in _orders("day.jsonl")[:2]:
            yield from _said("story", *_ALONE, "--output-format", form, "--order", order, "day.jsonl")
    for form in ("text", "json", "jsonl", "html"):
        several = [part for order in _orders("day.jsonl")[:3] for part in ("--order", order)]
        yield from _said("story", *_ALONE, "--output-format", form, *several, "day.jsonl")
    yield from _said("story", *_ALONE, "--order", "nothing", *_MANY)


def _orders(name: str) -> list[str]:
    """The orders that a log has stories of."""
    lines = run_inside("story", *_ALONE, "--output-format", "jsonl", name, folder=_LOGS).out.splitlines()
    told = [json.loads(line) for line in lines]
    return [one["order_id"] or one["client_order_ids"][0] for one in told]


def others() -> Iterator[str]:
    """Latencies, records that are explained, rules, and wrong use."""
    for name in ("day.jsonl", "okx.jsonl", "bot.jsonl", "browser.har"):
        yield from _said("latency", name)
        yield from _said("latency", "--output-format", "json", name)
    for line in range(1, 13):
        yield from _said("explain", f"day.jsonl:{line}")
    yield from _said("rules")
    for code in RULES:
        yield from _said("rule", code)
    for wrong in (
        *(("check",), ("check", "nothing.jsonl"), ("check", "day.jsonl", "--output-format", "pdf")),
        *(("story", "nothing.jsonl"), ("rule", "CN999"), ("rule", "overfiled"), ("explain", "day.jsonl")),
        *(("explain", "day.jsonl:99"), ("normalise", "vcr"), ("chek", "day.jsonl"), ("replay", "nothing")),
        *(("chek",), ("--nothing",), ("apiKey=0123456789abcdef0123456789abcdef",), ()),
    ):
        yield from _said(*wrong)


def sentences() -> Iterator[str]:
    """One event in a sentence, with each outcome, reason, evidence and kind, and with other names and answers."""
    [event] = normalise(SAMPLES["binance/delete-order-2024"].record()).events
    rejected = replace(event, outcome=Outcome.REJECTED, evidence=Evidence.SUCCESS_FLAG)
    nothing = replace(rejected, kind=EventKind.SCOPE, reason=Reason.NOT_FOUND)
    for of, field, values in (
        (event, "outcome", Outcome),
        (rejected, "reason", Reason),
        (event, "evidence", Evidence),
        (event, "kind", EventKind),
        (event, "order_id", (None, "7 " * 200)),
        (event, "symbol", (None,)),
        (event, "list_id", ("17",)),
        (event, "from_request", (("symbol",), ("order_id",))),
        (rejected, "code", ("-2011",)),
        (rejected, "message", ("signature=0123456789abcdef", "\x1b[31m", "gone " * 80)),
        (nothing, "from_request", (None, ("symbol",))),
    ):
        yield from (f"{field}: {headline(replace(of, **{field: value}))}" for value in values)


_TEXTS: Final = (
    "",
    "a",
    "é" * 20,
    "x" * 90,
    "a|b",
    "`a`",
    "<a>",
    "a\nb",
    "a%b",
    "a,b:c",
    "\x1b[1m",
    "\u202ea",
    "*a*",
)
_NUMBERS: Final = sorted(
    {
        number
        for digits in range(13)
        for number in (10**digits - 1, 10**digits, 10**digits + 1, 26 * 10**digits)
    }
    | {count * unit for count in (1, 2, 36) for unit in (60, 3_600, 86_400)}
    | {1 << 10, 1 << 20, 1 << 30, 86_399, 2**63 - 1}
)


def units() -> Iterator[str]:
    """What reports call a number, by its size, and how they show a text."""
    for show in (milliseconds, moment, duration, view._duration, view._size, view._width):
        yield f"{show.__module__} {show.__name__}: {', '.join(map(show, _NUMBERS))}"
    yield f"counted: {', '.join(counted(number, 'record') for number in _NUMBERS)}"
    for time in (view._time, charts._time_format):
        yield f"{time.__name__}: {', '.join(time(number) for number in _NUMBERS if number < 1 << 37)}"
    for put in (
        markdown._text,
        markdown._code,
        github._property,
        github._data,
        view._short,
        timeline_of._safe,
    ):
        yield f"{put.__module__} {put.__name__}: {[put(text) for text in _TEXTS]}"
    wide = ("e\u0301", "a\u200b", "a\u20dd", "漢", "Ａ", "ﾊ", "가", "🙂")
    yield f"width: {[(text, width(text)) for text in wide]}"
    yield f"aligned: {[*aligned([(one, two, 'c') for one, two in zip(wide, reversed(wide), strict=True)])]}"
    yield f"shown: {[shown(text, width) for text in _TEXTS for width in (1, 5, 80)]}"
    numbers = ([1], [1, 2], [1, 2, 3], [1, 3], [1, 2, 4, 5, 7])
    yield f"numbers: {[explain._numbers(each) for each in numbers]}"


def moments() -> Iterator[str]:
    """The history of an order of two events where all that is known of them was at the same time, or some of it."""
    [event] = normalise(SAMPLES["binance/delete-order-2024"].record()).events
    names = ("sent_ns", "event_ns", "response_ns", "received_ns")
    for one in product((None, 1_795_730_430_250_000_000), repeat=4):
        times = dict(zip(names, one, strict=True))
        yield f"{', '.join(name for name, ns in times.items() if ns) or 'no time'}:"
        pushed = {**times, "endpoint": "stream executionReport", "sent_ns": None}
        later = {name: ns and ns + 1_500_000 for name, ns in times.items()}
        for other in (times, pushed, later):
            found = [replace(event, **times), replace(event, outcome=Outcome.REJECTED, **other)]
            yield from (f"  {line}" for line in timeline(found))


def picture() -> Iterator[str]:
    """The description of a picture, from which Vega-Lite draws it."""
    found = Measurements()
    for record in (record for name in _MANY for record in read(_LOGS / name) if isinstance(record, Record)):
        with suppress(CancelNormError):
            found.add(measured(normalise(record).events))
    text = json.dumps(_spec(found.latencies().distributions), indent=1)
    yield from _FLOAT.sub(lambda each: f"{float(each[0]):.9g}", text).splitlines()


def drawings() -> Iterator[str]:
    """The descriptions of the charts of a page, of a run of any length and of short latencies."""
    outcomes = (Outcome.CANCELED, Outcome.REJECTED, Outcome.UNKNOWN)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(charts, "_chart", lambda spec: spec)
        for reach in _REACHES:
            line = Timeline()
            for i, part in enumerate((0, 3, 5, 11, 12)):
                line.add(1_783_000_000 + reach * part // 12, outcomes[i % 3], i + 1)
            line.add(-5, Outcome.CANCELED)
            drawn = charts.bars(line)
            spec: Any = charts.timeline(drawn)
            yield f"{reach} s: bars of {drawn.width} s, {drawn.undated} undated, {json.dumps(spec['encoding']['x'])}"
            yield from (f"  {json.dumps(row)}" for row in spec["data"]["values"])
        yield json.dumps(spec)
        rows = [
            charts.Span(name, 900, 5_000 * n, 10**6 * n, 10**9 * n) for n, name in enumerate(("a", "b"), 1)
        ]
        yield json.dumps(charts.latencies(rows))
    yield json.dumps(charts._CONFIG)


_REACHES: Final = sorted(
    {unit * n + more for unit in (60, 3_600, 86_400) for n in (1, 2, 15, 30, 119, 300) for more in (-1, 0, 1)}
    | {width * 120 + more for width in charts._WIDTHS for more in (-1, 0)}
)[:-1]


def rooms() -> Iterator[str]:
    """How many findings of each group a page shows, of few and of many; and how much of each a report writes."""
    finding = Finding(RULES["CN201"], "too much", "log:1", venue="binance")
    for groups, each in ((1, 300), (3, 300), (10, 200), (200, 10), (499, 3), (520, 2), (601, 1)):
        for severity in Severity:
            shown_findings = ShownFindings()
            rule = replace(finding.rule, severity=severity)
            for n in range(each):
                for group in range(groups):
                    one = replace(finding, rule=rule, endpoint=f"e{group}", source=f"log:{n + 1}")
                    shown_findings.add(one)
            sizes = Counter(len(found) for found in shown_findings.groups.values())
            last = [*shown_findings.groups][-1]
            yield f"{severity}, {groups} of {each}: {dict(sizes)}, last {last.venue!r} {last.endpoint!r} {last.path!r}"


def clocks() -> Iterator[str]:
    """What is said of the offset of a venue's clock."""
    minute, ms = 60 * 10**9, 10**6
    ranges = ((0, 0), (1, 3), (-3, -1), (-3, 1), (-1, 3), (5_000, 9_000), (-90_000_000, 20), (3, 1))
    for least, greatest in ranges:
        for more in ((), ((2, 4),), ((-9_000, -8_000), (2, 4))):
            windows = tuple(
                Offset(i * minute, (i + 1) * minute, low * ms, high * ms, 3 + i)
                for i, (low, high) in enumerate(((least, greatest), *more))
            )
            for crossings, doubtful in ((0, 0), (1, 0), (2_000, 1)):
                known = Offsets(windows, crossings, doubtful, ms)
                yield f"{least} to {greatest} and {list(more)}: {latency_report._offset(known)}"
    for unmeasured in Unmeasured:
        found = Measurements()
        for _ in range(2):
            found.add(unmeasured)
        found.skipped = 3
        yield f"{unmeasured.name}: {[*latency_report.as_text(found, found.latencies())]}"


def helps() -> Iterator[str]:
    """What each command says of itself, and the completions of its options."""
    yield from _said("--help")
    for command in _COMMANDS:
        yield from _said(command, "--help")
        yield from _said(command)
    context = click.Context(app)
    for name in app.list_commands(context):
        found = app.get_command(context, name)
        for option in () if found is None else found.params:
            for start in ("", "c", "CN2"):
                if words := [item.value for item in option.shell_complete(context, start)]:
                    yield f"{name} {option.name} {start!r}: {' '.join(words)}"


_COMMANDS: Final = (
    *(
        "check",
        "convert",
        "endpoints",
        "explain",
        "fields",
        "latency",
        "normalise",
        "replay",
        "rule",
        "rules",
    ),
    *("schema", "story", "venues"),
)
_SETTINGS: Final = (
    'select = ["CN2"]',
    'select = ["CN101", "overfilled"]\nextend-select = ["CN405"]',
    'ignore = ["CN001,CN004"]',
    'ignore = "CN001"',
    'select = ["CN999"]',
    'severity = "warning"',
    'severity = "worst"',
    'drift = "refuse"',
    'drift = "no"',
    'format = "records"',
    'format = "pdf"',
    'dialect = "quoted-numbers"',
    'dialect = "other"',
    'output-format = "concise"',
    'output-format = "pdf"',
    'tz = "Asia/Tokyo"',
    'tz = "Mars"',
    'max-record = "1K"',
    "max-record = 100",
    "max-record = 0",
    'max-record = "much"',
    "jobs = 0",
    'jobs = "2"',
    'hosts = {"proxy.example" = "binance"}',
    'hosts = {"proxy.example" = "nowhere"}',
    'hosts = ["a"]',
    'per-file-ignores = {"day.jsonl" = ["ALL"]}',
    'per-file-ignores = {"*.jsonl" = ["CN201"]}',
    'exclude = ["*.jsonl"]',
    'baseline = "known.json"',
    'baseline = "a\\u0000b"',
    'venue = "binance"',
    'endpoint = "DELETE /api/v3/order"',
    'map = {"payload" = "$.body"}',
    "sevrity = 1",
    "nothing = 1",
    "select = 1.5",
    "select = true",
    "select = [1]",
    "= 1",
)


def settings() -> Iterator[str]:
    """What becomes of a check with each setting of a project, right and wrong."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "day.jsonl").write_bytes((_LOGS / "day.jsonl").read_bytes())
        file = folder / "own.toml"
        for text in _SETTINGS:
            file.write_text(f"[tool.cancelnorm]\n{text}\n")
            yield text
            yield from _said(
                "check", *_ALONE, "-q", "--statistics", "--config", "own.toml", "day.jsonl", folder=folder
            )
        for text in ("", "[tool]", "tool = 1", "[tool]\ncancelnorm = 1"):
            file.write_text(text)
            yield repr(text)
            yield from _said(
                "check", *_ALONE, "-q", "--statistics", "--config", "own.toml", "day.jsonl", folder=folder
            )


def written() -> Iterator[str]:
    """What commands write into a folder, with every option that changes it."""
    for arguments in (
        *(
            ("normalise", *more)
            for more in ((), ("-o", "e.jsonl"), ("-q",), ("--unreadable",), ("--drift", "refuse"))
        ),
        *(("normalise", "--order", order) for order in ("49120033906", "nothing")),
        *(("normalise", bound, "2026-07-02T13:47:10Z") for bound in ("--since", "--until")),
        ("normalise", "--since", "2026-07-02T13:47:10Z", "--quarantine", "q.jsonl"),
        ("normalise", "--quarantine", "q.jsonl"),
        ("normalise", "--quarantine", "q.jsonl", "--redact", "-o", "e.jsonl"),
        *(
            ("normalise", *more)
            for more in (("--redact",), ("-o", "day.jsonl"), ("-o", "no/e.jsonl"), ("-o", "."))
        ),
        ("normalise", "-o", "e.jsonl", "--quarantine", "e.jsonl"),
        *(
            ("convert", *more)
            for more in (("-o", "e.jsonl"), ("-o", "e.csv", "--sort"), ("-o", "e.txt"), ("-o", "."))
        ),
        ("convert", "-o", "e.csv", "--order", "49120033906"),
        ("convert", "-o", "e.csv", "-q", "--quarantine", "q.jsonl"),
        ("convert", "-o", "e.jsonl", "--partition"),
        ("check", "--output-format", "concise", "--events", "e.jsonl", "--quarantine", "q.jsonl", "--redact"),
        ("check", "--output-format", "concise", "--baseline", "known.json", "--write-baseline"),
        ("check", "--output-format", "concise", "-o", "r.txt"),
        ("check", "--write-baseline"),
        *(
            ("replay", *more)
            for more in ((), ("-q",), ("--clock", "received"), ("--clock", "venue"), ("--clock", "x"))
        ),
        *(("replay", "--window", window) for window in ("10s", "1ms", "x", "1000m")),
        *(("replay", *more) for more in (("--late", "drop"), ("--late", "error"), ("--missing", "first"))),
        *(("replay", "--missing", word) for word in ("drop", "error", "x")),
        *(("replay", *more) for more in (("--seek",), ("--speed", "0"), ("--order", "1"))),
        *(("replay", bound, "2026-07-02T13:47:10Z") for bound in ("--since", "--until")),
        *(("latency", *more) for more in (("--offset", "-5ms"), ("--offset", "x"), ("--window", "1m"))),
        *(
            ("latency", *more)
            for more in (("--window", "0s"), ("--picture", "p.txt"), ("-q",), ("-o", "l.txt"))
        ),
        *(("latency", "--output-format", form) for form in ("json", "pdf")),
        *(("story", *more) for more in (("-o", "s.txt"), ("--unresolved", "-q"), ("--output-format", "pdf"))),
        *(
            ("explain", *more)
            for more in (("--order", "49120033906"), ("--order", "nothing"), ("--fields", "binance"))
        ),
    ):
        with TemporaryDirectory() as name:
            folder = Path(name)
            for log in ("day.jsonl", "damaged-rows.jsonl"):
                (folder / log).write_bytes((_LOGS / log).read_bytes())
            logs = ("day.jsonl",) if arguments[0] == "explain" else ("day.jsonl", "damaged-rows.jsonl")
            jobs = () if arguments[0] in ("replay", "explain") else _ALONE
            yield from _said(arguments[0], *jobs, *arguments[1:], *logs, folder=folder)
            for path in sorted(folder.rglob("*")):
                if path.is_dir() or path.name in ("day.jsonl", "damaged-rows.jsonl"):
                    continue
                yield f"{path.parent.relative_to(folder)}: {re.sub('^[0-9a-f]{16}', 'LOG', path.name)}"
                if path.suffix != ".parquet":
                    lines = path.read_text(encoding="utf-8", errors="backslashreplace").splitlines()
                    yield from (f"| {_short(line)}".rstrip() for line in lines)
    with TemporaryDirectory() as name:
        for command in ("check", "normalise", "story", "latency", "replay", "explain"):
            yield from _said(command, ".", folder=Path(name))
        order = json.loads(SAMPLES["binance/delete-order-2024"].record().payload)
        for more in (9, 10, 11):  # of 15 values each, and as many more: 399 to 401
            rows = [order | {"orderId": number} for number in range(25)]
            rows.append(order | {f"added{number}": number for number in range(more)})
            line = {"venue": "binance", "endpoint": "DELETE /api/v3/openOrders", "payload": rows}
            Path(name, "long.jsonl").write_text(json.dumps(line) + "\n", encoding="utf-8")
            lines = [*_said("explain", "long.jsonl:1", folder=Path(name))]
            yield f"{more} more: {len(lines)} lines, {lines[-1]}"
    for spec in ("DELETE /api/v3/order", "DELETE /api/v3/ordr", "x"):
        yield from _said("explain", "--fields", "binance", spec)
    for at in ("okx.jsonl:3", "okx.jsonl:0", "okx.jsonl:x", "browser.har:1", "vcr:1"):
        yield from _said("explain", "--all", at)


def unread() -> Iterator[str]:
    """How each report says that a file could not be read to its end."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "cut.jsonl.gz").write_bytes(
            gzip.compress((_LOGS / "day.jsonl").read_bytes(), mtime=0)[:-40]
        )
        (folder / "okx.jsonl").write_bytes((_LOGS / "okx.jsonl").read_bytes())
        for form in WRITERS:
            if form != "html":
                said = [
                    *_said(
                        "check", *_ALONE, "--output-format", form, "cut.jsonl.gz", "okx.jsonl", folder=folder
                    )
                ]
                yield from (said[0], *said[-12:])
        for form, writer in WRITERS.items():
            if form != "html":
                run, written_texts = Run(), list[str]()
                writing = writer(written_texts.append)
                writing.begin(run)
                run.unread = ["a.jsonl: input/output error", "b.jsonl: \x1b[31m"]
                writing.end(Summary())
                yield f"{form}: {_short(''.join(written_texts)[-400:].replace(__version__, 'VERSION'))!r}"
        for command in ("normalise", "latency", "story"):
            said = [*_said(command, *_ALONE, "cut.jsonl.gz", "okx.jsonl", folder=folder)]
            yield from (said[0], *said[-5:])


def limits() -> Iterator[str]:
    """How many findings, places and skipped records each report shows: its number of lines, and the last ones."""
    order = json.loads(SAMPLES["binance/delete-order-2024"].record().payload)
    with TemporaryDirectory() as name:
        folder = Path(name)
        for count in _COUNTS:
            lines = []
            for number, key in zip(range(count), cycle(order), strict=False):
                for endpoint, payload in (
                    ("DELETE /api/v3/order", {"orderId": number, "odd": {}}),
                    ("DELETE /api/v3/order", order | {key: {}}),
                    (f"GET /api/v3/thing{number}", {}),
                ):
                    lines.append(json.dumps({"venue": "binance", "endpoint": endpoint, "payload": payload}))
            (folder / "log.jsonl").write_text("\n".join(lines), encoding="utf-8")
            for form in WRITERS:
                if form not in ("html", "json", "jsonl"):
                    said = [*_said("check", *_ALONE, "--output-format", form, "log.jsonl", folder=folder)]
                    yield f"{count} {form}: {len(said)} lines"
                    last = 40 if form in ("text", "markdown") else 3
                    yield from (line if last > 3 else line[:120].rstrip() for line in said[-last:])


_COUNTS: Final = (2, 5, 6, 11, 25, 26, 50, 51)


TEXTS: Final[Texts] = {
    "reports": reports,
    "pages": pages,
    "choices": choices,
    "stories": stories,
    "others": others,
    "sentences": sentences,
    "units": units,
    "moments": moments,
    "picture": picture,
    "drawings": drawings,
    "rooms": rooms,
    "clocks": clocks,
    "helps": helps,
    "settings": settings,
    "written": written,
    "limits": limits,
    "unread": unread,
}


def main() -> None:
    """Write the texts."""
    write(FOLDER, TEXTS)
