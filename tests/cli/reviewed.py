"""What the command line says of the sample logs: reports, stories, histories, latencies, and of wrong use.

One text each in ``tests/cli/reviewed``. ``python -m tests.reviewed`` writes them; read the difference
before it is committed.
"""

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from itertools import product
from pathlib import Path
from typing import Final

import pytest
from msgspec.structs import replace

from cancelnorm import CancelNormError, EventKind, Evidence, Outcome, Reason, Record, normalise
from cancelnorm.check import RULES
from cancelnorm.cli import explain
from cancelnorm.latency import Measurements, measured
from cancelnorm.logs import read
from cancelnorm.report import WRITERS, github, headline, markdown
from cancelnorm.report import timeline as timeline_of
from cancelnorm.report.html import charts, view
from cancelnorm.report.latencies import milliseconds
from cancelnorm.report.lines import counted
from cancelnorm.report.picture import _spec
from cancelnorm.report.sentences import shown
from cancelnorm.report.stories import duration
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


def _said(*arguments: str) -> Iterator[str]:
    """A command line, its exit code and all that it prints."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COLUMNS", "120")
        ran = run_inside(*arguments, folder=_LOGS)
    yield f"$ cancelnorm {' '.join(arguments)} → {ran.code}"
    for text, mark in ((ran.out, " "), (ran.err, "!")):
        plain = _LOOKS.sub("", text.replace(__version__, "VERSION"))
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
    yield from _said("story", *_ALONE, "--order", "nothing", *_MANY)


def _orders(name: str) -> list[str]:
    """The orders that a log has stories of."""
    lines = run_inside("story", *_ALONE, name, folder=_LOGS).out.partition("\n\n")[0].splitlines()
    return [line[3:].split()[0] for line in lines[1:]]


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
}


def main() -> None:
    """Write the texts."""
    write(FOLDER, TEXTS)
