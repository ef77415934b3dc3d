"""The command ``explain``."""

import re
from pathlib import Path
from typing import Annotated, Final

import typer

from cancelnorm import logs
from cancelnorm.check import Selection, judge, part_of
from cancelnorm.cli.options import (
    Config,
    DialectOption,
    Endpoint,
    FormatName,
    Hosts,
    Maps,
    Orders,
    Since,
    TimeZone,
    Until,
    Venue,
    reading_options,
)
from cancelnorm.cli.settings import project_settings
from cancelnorm.cli.terminal import complain, job, say, stop
from cancelnorm.record import Record
from cancelnorm.schema import Normalised

__all__ = ["explain"]

_SHOWN_ROWS: Final = 400


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
    orders: Orders = None,
    since: Since = None,
    until: Until = None,
    config: Config = None,
    dialect: DialectOption = None,
    form: FormatName = None,
    maps: Maps = None,
    venue: Venue = None,
    endpoint: Endpoint = None,
    hosts: Hosts = None,
    tz: TimeZone = None,
) -> None:
    """Show one record field by field, or the field mapping of an endpoint."""
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
    options = reading_options(
        project, form=form, maps=maps, venue=venue, endpoint=endpoint, dialect=dialect, hosts=hosts, tz=tz
    )
    record = _pick(path, options, selection(orders, since, until, options.zone))
    if isinstance(record, logs.Unreadable):
        raise stop(brief(unreadable(record.source, record.path, record.reason)), 1)
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


def _pick(path: str, options: logs.Options, wanted: Selection | None) -> Record | logs.Unreadable:
    """Find the record at a path; the first selected record if the path has no line."""
    name, line = path, None
    if (match := re.fullmatch(r"(.+):([0-9]+(?:#[0-9]+)?)", path, re.DOTALL)) and not Path(path).exists():
        name, line = match[1], match[2]
    if name != "-" and Path(name).is_dir():
        raise stop(f"{name}: is a folder; expected a record, as FILE or FILE:LINE")
    last = None
    logs.files(name)  # raises if the file does not exist
    for item in logs.records(name, options):
        if wanted is not None and not isinstance(part_of(judge(item), item, wanted)[0], Normalised):
            continue
        if line is None and last is not None:
            complain(f"cancelnorm: {name} has more records; use {name}:LINE to explain another one")
            return last
        if line is not None and _line_of(item) == line:
            return item
        last = item
    if last is None:
        raise stop(f"{name}: {'contains no records' if wanted is None else 'no record is selected'}")
    if line is not None:
        raise stop(f"{name}: no record at line {line}; the last one is at line {_line_of(last)}")
    return last


def _line_of(item: Record | logs.Unreadable) -> str:
    """Line of a record, with its number if it is not the first of that line."""
    return (item.source or "").rpartition(":")[2]
