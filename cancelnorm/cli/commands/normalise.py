"""The command ``normalise``."""

from typing import Annotated

import typer

from cancelnorm.cli.options import (
    Config,
    DialectOption,
    Drift,
    DriftOption,
    Endpoint,
    Exclude,
    FormatName,
    Hosts,
    Jobs,
    Maps,
    Orders,
    Paths,
    Quarantine,
    Quiet,
    Redact,
    Since,
    TimeZone,
    Until,
    Venue,
    excluded,
    reading_options,
)
from cancelnorm.cli.settings import project_settings
from cancelnorm.cli.terminal import job

__all__ = ["normalise"]


@job()
def normalise(
    paths: Paths,
    orders: Orders = None,
    since: Since = None,
    until: Until = None,
    drift: DriftOption = None,
    dialect: DialectOption = None,
    form: FormatName = None,
    maps: Maps = None,
    venue: Venue = None,
    endpoint: Endpoint = None,
    hosts: Hosts = None,
    tz: TimeZone = None,
    exclude: Exclude = None,
    config: Config = None,
    quiet: Quiet = False,
    output: Annotated[
        str | None, typer.Option("--output", "-o", metavar="FILE", help="Write to this file, all or nothing.")
    ] = None,
    quarantine: Quarantine = None,
    redact: Redact = False,
    jobs: Jobs = None,
    unreadable: Annotated[
        bool,
        typer.Option("--unreadable", help="Write an event with outcome unknown for each refused answer."),
    ] = False,
) -> None:
    """Print events as JSON, one per line.

    Refused records are reported on standard error, as file:line: path: message.

    Exit code 0: all records were understood. 1: a record was refused. 2: the command failed.
    """
    from cancelnorm.cli.jobs import cores
    from cancelnorm.cli.normalise import Normalisation
    from cancelnorm.cli.output import refuse_to_overwrite
    from cancelnorm.cli.reading import all_files, tell_passed_over
    from cancelnorm.cli.selection import selection

    project = project_settings(config)
    options = reading_options(
        project, form=form, maps=maps, venue=venue, endpoint=endpoint, dialect=dialect, hosts=hosts, tz=tz
    )
    left_out = excluded(project, exclude)
    if not quiet:
        tell_passed_over(paths, left_out)
    files = all_files(paths, left_out)
    refuse_to_overwrite(files, output, quarantine)
    run = Normalisation(
        files,
        options,
        Drift(drift or project.drift or "collect").value,
        jobs or project.jobs or cores(),
        output,
        quarantine,
        unreadable,
        redact,
        quiet,
        selection(orders, since, until, options.zone),
    )
    raise typer.Exit(run.run())
