"""The command ``explain``."""

import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final, Unpack

import click

from cancelnorm import logs
from cancelnorm.check import Selection, judge, part_of
from cancelnorm.cli import options
from cancelnorm.cli.settings import project_settings
from cancelnorm.cli.terminal import complain, job, say, stop
from cancelnorm.record import Record
from cancelnorm.schema import Normalised

__all__ = ["explain"]

_SHOWN_ROWS: Final = 400
_FEWEST_ROWS: Final = 2  # of a long payload
# Each row takes reading the payload anew: bytes that are read in all, and those that reading a note is as much work as.
_MOST_BYTES: Final = 12_000_000
_BYTES_OF_NOTE: Final = 500


@click.command(
    context_settings={"ignore_unknown_options": True},  # ``-:2`` is not an option
    help="""Show one record, or an endpoint's mapping, field by field.

    PATH is a log file, or - for standard input; LINE is the number of a line in it.
    """,
)
@click.argument("path", metavar="PATH[:LINE]", required=False, type=options.FILE)
@click.option(
    "--fields",
    nargs=2,
    metavar="VENUE ENDPOINT",
    help="Show the canonical fields for each key of an endpoint's answer.",
)
@click.option(
    "--all",
    "everything",
    is_flag=True,
    help=f"Show more than {_SHOWN_ROWS} values, or than a few of a long payload.",
)
@options.orders
@options.since
@options.until
@options.config
@options.reading
@job()
def explain(
    path: str | None,
    fields: tuple[str, str] | None,
    orders: Sequence[str],
    since: str | None,
    until: str | None,
    config: str | None,
    *,
    everything: bool,
    **reading: Unpack[options.Reading],
) -> None:
    """Show the fields."""
    from cancelnorm.api import normalise
    from cancelnorm.check import refusal, unreadable
    from cancelnorm.cli.explain import show_fields, show_head, show_rows
    from cancelnorm.cli.selection import selection
    from cancelnorm.errors import CancelNormError
    from cancelnorm.provenance import field_tables, trace
    from cancelnorm.report import brief

    if fields is not None:
        show_fields(*fields, field_tables(*fields))
        return
    if path is None:
        raise stop("expected a record, as FILE or FILE:LINE, or --fields VENUE ENDPOINT")
    project = project_settings(config)
    read_as = options.reading_options(project, reading)
    record = _pick(path, read_as, selection(orders, since, until, read_as.zone))
    if isinstance(record, logs.Unreadable):
        raise stop(brief(unreadable(record.source, record.path, record.reason)), 1)
    try:
        result = normalise(record)
        most = None if everything else _most_rows(record, result)
        rows = trace(record, limit=None if most is None else most + 1)
    except CancelNormError as error:
        complain(brief(refusal(error, record)))
        sys.exit(1)
    show_head(record, result, everything=everything)
    show_rows(rows[:most], len(result.events))
    if most is not None and len(rows) > most:
        say("\nMore values were omitted; use --all to show them.")


def _most_rows(record: Record, result: Normalised) -> int:
    """How many values are shown, so that it takes no long time."""
    work = len(record.payload) + _BYTES_OF_NOTE * len(result.notes)
    return min(_SHOWN_ROWS, max(_FEWEST_ROWS, _MOST_BYTES // max(work, 1)))


def _pick(path: str, read_as: logs.Options, wanted: Selection | None) -> Record | logs.Unreadable:
    """Find the record at a path; the first selected record if the path has no line."""
    name, line = path, None
    if (match := re.fullmatch(r"(.+):([0-9]+(?:#[0-9]+)?)", path, re.DOTALL)) and not Path(path).exists():
        name, line = match[1], match[2]
    shown = logs.shown_name(name)
    if name != "-" and Path(name).is_dir():
        raise stop(f"{shown}: is a folder; expected a record, as FILE or FILE:LINE")
    last = None
    logs.files(name)  # raises if the file does not exist
    for item in logs.records(name, read_as):
        if wanted is not None and not isinstance(part_of(judge(item), item, wanted)[0], Normalised):
            continue
        if line is None and last is not None:
            complain(f"cancelnorm: {shown} has more records; use {shown}:LINE to explain another one")
            return last
        if line is not None and _line_of(item) == line:
            return item
        last = item
    if last is None:
        raise stop(f"{shown}: {'contains no records' if wanted is None else 'no record is selected'}")
    if line is not None:
        raise stop(f"{shown}: no record at line {line}; the last one is at line {_line_of(last)}")
    return last


def _line_of(item: Record | logs.Unreadable) -> str:
    """Line of a record, with its number if it is not the first of that line."""
    return (item.source or "").rpartition(":")[2]
