"""Commands and their options.

Exit codes: 0 all records were understood, 1 a record was refused, 2 the command failed.
"""

import re
import signal
import sys
from collections.abc import Iterable
from enum import StrEnum
from importlib import metadata
from io import TextIOWrapper
from pathlib import Path
from types import FrameType
from typing import Annotated, Final, NoReturn, TypeVar

import msgspec
import typer
from rich.padding import Padding
from rich.text import Text

from cancelnorm import logs, venues
from cancelnorm.api import normalise
from cancelnorm.check import RULES, Settings, Severity, UnknownRuleError, refusal
from cancelnorm.check import select as select_rules
from cancelnorm.cli.check import Check
from cancelnorm.cli.explain import show_fields, show_head, show_rows
from cancelnorm.cli.jobs import cores
from cancelnorm.cli.normalise import write_events
from cancelnorm.cli.output import refuse_to_overwrite, written
from cancelnorm.cli.reading import all_files
from cancelnorm.cli.settings import ProjectSettings, project_settings, words
from cancelnorm.cli.terminal import complain, job, new_table, say, show, stop
from cancelnorm.errors import CancelNormError
from cancelnorm.event_json import encode, json_schema
from cancelnorm.provenance import field_tables, trace
from cancelnorm.record import Record
from cancelnorm.report import WITH_EXCERPTS, WRITERS, brief, printable

__all__ = ["main"]

app = typer.Typer(
    name="cancelnorm",
    help="Interpret and check recorded answers of exchanges to order cancellations.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


class Drift(StrEnum):
    """Treatment of fields and values that a venue added."""

    COLLECT = "collect"
    REFUSE = "refuse"


class Dialect(StrEnum):
    """Change that a recorder made to the payloads."""

    QUOTED_NUMBERS = "quoted-numbers"


@app.callback(invoke_without_command=True)
def _top(
    *,
    version: Annotated[bool, typer.Option("--version", help="Show the version and exit.")] = False,
) -> None:
    if version:
        say(f"cancelnorm {metadata.version('cancelnorm')}")
        raise typer.Exit


_Paths = Annotated[
    list[str], typer.Argument(metavar="PATH", help="Log file, folder of logs, URL, or - for standard input.")
]
_Dialect = Annotated[
    Dialect | None, typer.Option(help="Change made by the recorder; ccxt puts all numbers in quotes.")
]
_Drift = Annotated[
    Drift | None, typer.Option(help="Note additions to a venue's answers (collect), or refuse the record.")
]
_Format = Annotated[
    str | None,
    typer.Option(
        "--format",
        metavar="NAME",
        help="Format of the log; detected from its content by default. One of "
        + ", ".join(form.name for form in logs.FORMATS)
        + ".",
    ),
]
_Map = Annotated[
    list[str] | None,
    typer.Option(
        "--map",
        metavar="KEY=PATH",
        help="JSON path of a value in each line: payload=$.response.body; also venue, endpoint, url, method, "
        "status, request, sent, received, account, connection, direction, source, offset.",
    ),
]
_Hosts = Annotated[
    list[str] | None,
    typer.Option(
        "--host", metavar="HOST=VENUE", help="Venue behind a host that is not its own, such as a proxy."
    ),
]
_Venue = Annotated[str | None, typer.Option(metavar="NAME", help="Venue of lines that name none.")]
_Tz = Annotated[
    str | None,
    typer.Option(
        "--tz", metavar="ZONE", help="Time zone of times without one: Asia/Tokyo or +09:00; default: UTC."
    ),
]
_Endpoint = Annotated[str | None, typer.Option(metavar="NAME", help="Endpoint of lines that name none.")]


def main() -> int:
    """Run the command line and return its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # not every terminal supports Unicode
    signal.signal(signal.SIGTERM, _terminate)
    try:
        app()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 0
    return 0


def _terminate(_signal: int, _frame: FrameType | None) -> NoReturn:
    """Raise SystemExit, so that no partial file is left behind."""
    raise stop("terminated", 143)


def _options(
    project: ProjectSettings,
    form: str | None,
    maps: Iterable[str] | None,
    venue: str | None,
    endpoint: str | None,
    dialect: Dialect | None,
    hosts: Iterable[str] | None,
    tz: str | None,
) -> logs.Options:
    """Reading options from the command line, or else from the project's settings."""
    paths = dict(_mapped(text) for text in maps or ()) or project.map or {}
    return logs.Options(
        form or project.format,
        paths,
        venue or project.venue,
        endpoint or project.endpoint,
        _choice(Dialect, found).value if (found := dialect or project.dialect) else None,
        tuple({**(project.hosts or {}), **dict(map(_hosted, hosts or ()))}.items()),
        tz or project.tz,
    )


def _hosted(text: str) -> tuple[str, str]:
    host, equals, venue = text.rpartition("=")
    if not equals or not host or venues.find(venue) is None:
        raise stop(f"--host {text}: expected HOST=VENUE; the venues are {', '.join(venues.names())}")
    return host, venue


def _mapped(text: str) -> tuple[str, str]:
    key, equals, path = text.partition("=")
    if not equals:
        raise stop(f"--map {text}: expected KEY=PATH")
    return key, path


C = TypeVar("C", bound=StrEnum)


def _choice(kind: type[C], word: str) -> C:
    try:
        return kind(word)
    except ValueError:
        raise stop(f"{word!r} is not one of {', '.join(kind)}") from None


# --- normalise ---


@app.command("normalise")
@job()
def normalise_command(
    paths: _Paths,
    drift: _Drift = None,
    dialect: _Dialect = None,
    form: _Format = None,
    maps: _Map = None,
    venue: _Venue = None,
    endpoint: _Endpoint = None,
    hosts: _Hosts = None,
    tz: _Tz = None,
    output: Annotated[
        str | None, typer.Option("--output", "-o", metavar="FILE", help="Write to this file, all or nothing.")
    ] = None,
    unreadable: Annotated[
        bool,
        typer.Option("--unreadable", help="Write an event with outcome unknown for each refused answer."),
    ] = False,
) -> None:
    """Print events as JSON, one per line.

    Refused records are reported on standard error, as file:line: path: message.

    Exit code 0: all records were understood. 1: a record was refused. 2: the command failed.
    """
    project = project_settings(Path.cwd())
    options = _options(project, form, maps, venue, endpoint, dialect, hosts, tz)
    files = all_files(paths)
    refuse_to_overwrite(files, output)
    with written(output) as file:
        refused = write_events(
            files,
            options,
            _choice(Drift, drift or project.drift or "collect").value,
            file,
            unreadable=unreadable,
        )
    raise typer.Exit(1 if refused else 0)


# --- check ---


@app.command("check")
@job()
def check_command(
    paths: _Paths,
    output_format: Annotated[
        str | None, typer.Option(metavar="NAME", help=f"Report format: {', '.join(WRITERS)}.")
    ] = None,
    output: Annotated[
        str | None, typer.Option("--output", "-o", metavar="FILE", help="Write the report to this file.")
    ] = None,
    severity: Annotated[
        str | None,
        typer.Option(metavar="LEVEL", help="Exit with 1 from this level on: error, warning, info."),
    ] = None,
    select: Annotated[
        list[str] | None,
        typer.Option(metavar="RULES", help="Apply only these rules: codes, CN2, names, ALL."),
    ] = None,
    ignore: Annotated[
        list[str] | None, typer.Option(metavar="RULES", help="Do not apply these rules.")
    ] = None,
    events: Annotated[
        str | None, typer.Option(metavar="FILE", help="Also write the canonical events, one per line.")
    ] = None,
    quarantine: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="Write every refused line to this file, with its finding."),
    ] = None,
    redact: Annotated[bool, typer.Option("--redact", help="Mask secrets in the quarantine file.")] = False,
    jobs: Annotated[
        int | None,
        typer.Option("--jobs", "-j", min=1, metavar="N", help="Processes; default: number of cores."),
    ] = None,
    drift: _Drift = None,
    dialect: _Dialect = None,
    form: _Format = None,
    maps: _Map = None,
    venue: _Venue = None,
    endpoint: _Endpoint = None,
    hosts: _Hosts = None,
    tz: _Tz = None,
) -> None:
    """Check a log and report its contents and problems.

    Frames that are not about a cancel are counted and skipped.

    Exit code 0: no finding of severity error (see --severity). 1: at least one. 2: the command failed.
    """
    project = project_settings(Path.cwd())
    files = all_files(paths)
    refuse_to_overwrite(files, output, events, quarantine)
    name = output_format or project.output_format or "text"
    if name not in WRITERS:
        raise stop(f"unknown output format {name!r}; expected one of {', '.join(WRITERS)}")
    settings = Settings(
        _rules(project.select if select is None else select, project.ignore if ignore is None else ignore),
        _choice(Drift, drift or project.drift or "collect").value,
        "all" if name in WITH_EXCERPTS else "none",
        encode if events else None,
    )
    job = Check(
        files,
        _options(project, form, maps, venue, endpoint, dialect, hosts, tz),
        settings,
        name,
        _choice(Severity, severity or project.severity or "error"),
        jobs or project.jobs or cores(),
        output,
        events,
        quarantine,
        redact,
    )
    raise typer.Exit(job.run())


def _rules(selected: Iterable[str] | None, ignored: Iterable[str] | None) -> frozenset[str]:
    """Codes of the rules to apply; each text may hold several names, separated by commas."""
    selected = ["ALL"] if selected is None else selected
    try:
        return select_rules(words(selected)) - select_rules(words(ignored or []))
    except UnknownRuleError as error:
        raise stop(str(error)) from None


@app.command()
@job()
def rules() -> None:
    """List the rules, with explanations and remedies."""
    for rule in RULES.values():
        show(Text(f"{rule.code} {rule.name} ({rule.severity})", style="bold"))
        for line in (rule.why, rule.todo):
            show(Padding(Text(line), (0, 0, 0, 2)))


# --- explain ---

_SHOWN_ROWS: Final = 400


@app.command(context_settings={"ignore_unknown_options": True})  # ``-:2`` is not an option
@job()
def explain(
    path: Annotated[
        str | None,
        typer.Argument(metavar="PATH[:LINE]", help="Log file and line number; - is standard input."),
    ] = None,
    fields: Annotated[
        tuple[str, str] | None,
        typer.Option(
            metavar="VENUE ENDPOINT", help="Show the canonical fields for each key of an endpoint's answer."
        ),
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help=f"Show more than {_SHOWN_ROWS} values.")] = False,
    dialect: _Dialect = None,
    form: _Format = None,
    maps: _Map = None,
    venue: _Venue = None,
    endpoint: _Endpoint = None,
    hosts: _Hosts = None,
    tz: _Tz = None,
) -> None:
    """Show one record field by field, or the field mapping of an endpoint."""
    if fields is not None:
        show_fields(*fields, field_tables(*fields))
        return
    if path is None:
        raise stop("expected a record, as FILE or FILE:LINE, or --fields VENUE ENDPOINT")
    project = project_settings(Path.cwd())
    record = _pick(path, _options(project, form, maps, venue, endpoint, dialect, hosts, tz))
    if isinstance(record, logs.Unreadable):
        raise stop(printable(str(record)), 1)
    try:
        result = normalise(record)
        rows = trace(record, limit=None if everything else _SHOWN_ROWS + 1)
    except CancelNormError as error:
        complain(brief(refusal(error, record)))
        raise typer.Exit(1) from None
    show_head(record, result)
    show_rows(rows if everything else rows[:_SHOWN_ROWS], len(result.events))
    if not everything and len(rows) > _SHOWN_ROWS:
        say("\nMore values were omitted; use --all to show them.")


def _pick(path: str, options: logs.Options) -> Record | logs.Unreadable:
    """Find the record at a path; the first record if the path has no line."""
    name, line = path, None
    if (match := re.fullmatch(r"(.+):([0-9]+)", path, re.DOTALL)) and not Path(path).exists():
        name, line = match[1], int(match[2])
    if name != "-" and Path(name).is_dir():
        raise stop(f"{name}: is a folder; expected a record, as FILE or FILE:LINE")
    last = None
    logs.files(name)  # raises if the file does not exist
    for item in logs.records(name, options):
        if line is None and last is not None:
            complain(f"cancelnorm: {name} has more records; use {name}:LINE to explain another one")
            return last
        if line is not None and _line_of(item) == line:
            return item
        last = item
    if last is None:
        raise stop(f"{name}: contains no records")
    if line is not None:
        raise stop(f"{name}: no record at line {line}; the last one is at line {_line_of(last)}")
    return last


def _line_of(item: Record | logs.Unreadable) -> int:
    return int((item.source or "").rpartition(":")[2])


# --- venues, schema ---


@app.command("venues")
@job()
def venues_command() -> None:
    """List the supported endpoints; ``since`` is the date of the oldest answers that are read."""
    table = new_table("venue", "product", "endpoint", "since")
    for venue in venues.every().values():
        for endpoint in venue.endpoints.values():
            table.add_row(venue.name, endpoint.product or "", endpoint.name, endpoint.since or "")
    show(table)


@app.command()
@job()
def schema() -> None:
    """Print the JSON Schema of an event."""
    text = msgspec.json.format(msgspec.json.encode(json_schema()), indent=2)
    say(text.decode())
