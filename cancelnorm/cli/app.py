"""The commands.

Exit codes: 0 everything was understood, 1 something was refused, 2 the job could not be done.
"""

import os
import re
import shutil
import signal
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from importlib import metadata
from io import TextIOWrapper
from pathlib import Path
from types import FrameType
from typing import Annotated, BinaryIO, Final, Literal, NamedTuple, NoReturn

import msgspec
import typer
from msgspec.structs import replace

from cancelnorm import logs, venues
from cancelnorm.cli.explain import show_head, show_rows
from cancelnorm.cli.terminal import complain, job, new_table, os_reason, say, show, stop
from cancelnorm.errors import CancelNormError, NotACancel, PayloadError
from cancelnorm.normalise import normalise
from cancelnorm.record import Record
from cancelnorm.report import Tally, event_json, event_schema, printable, problem
from cancelnorm.schema import CancelEvent, Normalised
from cancelnorm.trace import trace

__all__ = ["main"]

app = typer.Typer(
    name="cancelnorm",
    help="Say what an exchange really said about a cancellation.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


class Drift(StrEnum):
    """What becomes of a field or a word that a venue added."""

    COLLECT = "collect"
    REFUSE = "refuse"


class Dialect(StrEnum):
    """What a recorder changed in the payloads."""

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
    list[str], typer.Argument(metavar="PATH", help="A log, a folder of logs, or - for standard input.")
]
_Dialect = Annotated[
    Dialect | None, typer.Option(help="What the recorder changed; ccxt puts all numbers in quotes.")
]
_Drift = Annotated[Drift, typer.Option(help="Note what a venue added to its answers, or refuse the record.")]


def main() -> int:
    """Run the command line and give its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # not every terminal has Unicode
    signal.signal(signal.SIGTERM, _terminate)
    try:
        app()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 0
    return 0


def _terminate(_signal: int, _frame: FrameType | None) -> NoReturn:
    """End as an exception does, so that no half-written file stays behind."""
    raise stop("terminated", 143)


# --- What both commands that read everything do ---


class _Refused(NamedTuple):
    """What was refused, as a line; ``event`` stands for a refused answer, ``fatal`` for a file not read."""

    line: str
    event: CancelEvent | None = None
    fatal: bool = False


def _files(paths: Iterable[str]) -> list[str]:
    """All files to read; stops where there is none at a path."""
    found = []
    for path in paths:
        names = logs.files(path)
        if not names:
            raise stop(f"{path}: nothing to read: no .json, .jsonl or .ndjson, plain, .gz or .zst")
        found += names
    return found


def _results(
    files: Iterable[str], drift: Drift, dialect: Dialect | None
) -> Iterator[Normalised | NotACancel | _Refused]:
    """Normalise every record of every file."""
    mode: Literal["collect", "refuse"] = drift.value
    for item in _read(files):
        if isinstance(item, Record):
            try:
                record = item if dialect is None else replace(item, dialect=dialect.value)
                yield normalise(record, drift=mode)
            except NotACancel as frame:
                yield frame
            except PayloadError as error:
                yield _Refused(problem(error, item.source), error.event)
            except CancelNormError as error:
                yield _Refused(problem(error, item.source))
        elif isinstance(item, logs.Unreadable):
            yield _Refused(printable(str(item)))
        else:
            yield item


def _read(files: Iterable[str]) -> Iterator[Record | logs.Unreadable | _Refused]:
    """Read all files; one that cannot be opened does not keep the others from being read."""
    for name in files:
        try:
            yield from logs.read(name)
        except OSError as error:
            reason = os_reason(error)
            yield _Refused(f"cancelnorm: {reason if error.filename else f'{name}: {reason}'}", fatal=True)
        except logs.MissingZstdError as error:
            yield _Refused(f"cancelnorm: {error}", fatal=True)


class _Run:
    """What a run came to: its counts, and the exit code that follows from them."""

    def __init__(self) -> None:
        self.tally = Tally()
        self.unread = 0

    def refuse(self, refused: _Refused, say: Callable[[str], None]) -> None:
        """Count what was refused and say it; what was not read goes to standard error."""
        if refused.fatal:
            self.unread += 1
            complain(refused.line)
        else:
            self.tally.refuse(refused.line)
            say(refused.line)

    def end(self) -> None:
        """Stop where the job could not be done."""
        if self.unread:
            raise stop(f"{self.unread} of the files could not be read")
        if not self.tally.records:
            raise stop("nothing to read: no record in what was given")

    @property
    def exit_code(self) -> int:
        return 1 if self.tally.refused else 0


# --- normalise ---


@app.command("normalise")
@job()
def normalise_command(
    paths: _Paths,
    drift: _Drift = Drift.COLLECT,
    dialect: _Dialect = None,
    output: Annotated[
        str | None, typer.Option("--output", "-o", metavar="FILE", help="Write here, all or nothing.")
    ] = None,
    unreadable: Annotated[
        bool, typer.Option("--unreadable", help="Write an event of outcome unknown for a refused answer.")
    ] = False,
) -> None:
    """Print events as JSON, one a line.

    What is refused is reported on standard error, as file:line: path: message.

    Exit code 0: every record was understood. 1: something was refused. 2: the job could not be done.
    """
    files = _files(paths)
    if output and any(_same(name, output) for name in files):
        raise stop(f"{output}: this is read, it cannot be written too")
    run = _Run()
    with _written(output) as file:
        for item in _results(files, drift, dialect):
            if isinstance(item, NotACancel):
                run.tally.skipped += 1
            elif isinstance(item, Normalised):
                run.tally.add(item)
                file.writelines(b"%b\n" % event_json(event) for event in item.events)
            else:
                run.refuse(item, complain)
                if unreadable and item.event:
                    file.write(b"%b\n" % event_json(item.event))
        run.end()
    if run.tally.notes.count:
        complain(f"cancelnorm: {run.tally.total()}; cancelnorm check shows the notes")
    raise typer.Exit(run.exit_code)


@contextmanager
def _written(output: str | None) -> Iterator[BinaryIO]:
    """Give the file to write to: it takes its name when all is written, or is gone where something failed."""
    if output is None or output == "-":
        yield sys.stdout.buffer
        return
    path = Path(output)
    if path.exists() and not path.is_file():  # a device or a pipe cannot be replaced
        with path.open("wb") as file:
            yield file
        return
    target = path.resolve()
    if not target.parent.is_dir():
        raise stop(f"{target.parent}: no such folder")
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        with part.open("xb") as file:
            yield file
        if target.exists():
            shutil.copymode(target, part)
        part.replace(target)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def _same(name: str, output: str) -> bool:
    return name != "-" and Path(output).exists() and Path(output).samefile(name)


# --- check ---

_MANY: Final = 20  # problems that are read one by one; more are also shown by what they have in common


@app.command()
@job()
def check(paths: _Paths, drift: _Drift = Drift.COLLECT, dialect: _Dialect = None) -> None:
    """Say what was refused and why, and count the rest.

    Frames that are not about a cancel are counted and skipped.

    Exit code 0: every record was understood. 1: something was refused. 2: the job could not be done.
    """
    run = _Run()
    for item in _results(_files(paths), drift, dialect):
        if isinstance(item, NotACancel):
            run.tally.skipped += 1
        elif isinstance(item, Normalised):
            run.tally.add(item)
        else:
            run.refuse(item, say)
    if run.tally.records:
        _summarise(run.tally)
    run.end()
    raise typer.Exit(run.exit_code)


def _summarise(tally: Tally) -> None:
    """Print the counts, and the notes by what they say."""
    if tally.refused:
        say("")
    if tally.refused > _MANY:
        _write_lines(tally.most_refused(), "refused")
    if rows := tally.table():
        header, *body = rows
        table = new_table(*header[:1])
        for name in header[1:]:
            table.add_column(name, justify="right")
        for row in body:
            table.add_row(*row)
        show(table)
        say("")
    _write_lines(tally.noted(), "noted")
    say(tally.total())


def _write_lines(lines: list[str], title: str) -> None:
    if lines:
        say("\n".join((title, *lines, "")))


# --- explain ---

_SHOWN_ROWS: Final = 400


@app.command(context_settings={"ignore_unknown_options": True})  # ``-:2`` is none
@job()
def explain(
    path: Annotated[
        str, typer.Argument(metavar="PATH[:LINE]", help="A log and a line in it; - is standard input.")
    ],
    everything: Annotated[bool, typer.Option("--all", help=f"Show more than {_SHOWN_ROWS} values.")] = False,
) -> None:
    """Show one record field by field."""
    record = _pick(path)
    if isinstance(record, logs.Unreadable):
        raise stop(printable(str(record)), 1)
    try:
        result = normalise(record)
        rows = trace(record, limit=None if everything else _SHOWN_ROWS + 1)
    except CancelNormError as error:
        complain(problem(error, record.source))
        raise typer.Exit(1) from None
    show_head(record, result)
    show_rows(rows if everything else rows[:_SHOWN_ROWS], len(result.events))
    if not everything and len(rows) > _SHOWN_ROWS:
        say("\nThere is more; --all shows it.")


def _pick(path: str) -> Record | logs.Unreadable:
    """Find the record that a path names; the first one where it names no line."""
    name, line = path, None
    if (match := re.fullmatch(r"(.+):([0-9]+)", path, re.DOTALL)) and not Path(path).exists():
        name, line = match[1], int(match[2])
    if name != "-" and Path(name).is_dir():
        raise stop(f"{name}: this is a folder; explain takes one record, as FILE or FILE:LINE")
    last = None
    for item in logs.read(name):
        if line is None and last is not None:
            complain(f"cancelnorm: {name} has more records; {name}:LINE explains another")
            return last
        if line is not None and _line_of(item) == line:
            return item
        last = item
    if last is None:
        raise stop(f"{name}: nothing to read: no record in it")
    if line is not None:
        raise stop(f"{name}: there is no record at line {line}; the last is at line {_line_of(last)}")
    return last


def _line_of(item: Record | logs.Unreadable) -> int:
    return int((item.source or "").rpartition(":")[2])


# --- venues, schema ---


@app.command("venues")
@job()
def venues_command() -> None:
    """List the endpoints that are understood."""
    table = new_table("venue", "product", "endpoint")
    for venue in venues.names():
        for codec in venues.codecs(venue).values():
            table.add_row(venue, codec.product or "", codec.endpoint)
    show(table)


@app.command()
@job()
def schema() -> None:
    """Print the JSON Schema of an event."""
    text = msgspec.json.format(msgspec.json.encode(event_schema()), indent=2)
    say(text.decode())
