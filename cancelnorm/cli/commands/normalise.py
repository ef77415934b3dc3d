"""The command ``normalise``."""

import sys
from collections.abc import Sequence
from typing import Unpack

import click

from cancelnorm.cli import options
from cancelnorm.cli.settings import project_settings
from cancelnorm.cli.terminal import job

__all__ = ["normalise"]


@click.command(
    help="""Print events as JSON, one per line.

    PATH is a log file, a folder of logs, a URL, or - for standard input.

    Refused records are reported on standard error, as file:line: path: message.

    Exit code 0: all records were understood. 1: a record was refused. 2: the command failed.
    """
)
@options.paths
@options.orders
@options.since
@options.until
@options.drift
@options.reading
@options.exclude
@options.config
@options.quiet
@click.option("--output", "-o", metavar="FILE", type=options.FILE, help="Write to this file, all or nothing.")
@options.quarantine
@options.redact
@options.jobs
@click.option(
    "--unreadable", is_flag=True, help="Write an event with outcome unknown for each refused answer."
)
@job()
def normalise(
    paths: Sequence[str],
    orders: Sequence[str],
    since: str | None,
    until: str | None,
    drift: str | None,
    exclude: Sequence[str],
    config: str | None,
    output: str | None,
    quarantine: str | None,
    jobs: int | None,
    *,
    quiet: bool,
    redact: bool,
    unreadable: bool,
    **reading: Unpack[options.Reading],
) -> None:
    """Write the events."""
    from functools import partial

    from cancelnorm.cli.event_output import lines
    from cancelnorm.cli.jobs import cores
    from cancelnorm.cli.normalise import Normalisation
    from cancelnorm.cli.output import refuse_to_overwrite
    from cancelnorm.cli.reading import all_files, tell_passed_over
    from cancelnorm.cli.selection import selection

    project = project_settings(config)
    read_as = options.reading_options(project, reading)
    left_out = options.excluded(project, exclude)
    if not quiet:
        tell_passed_over(paths, left_out)
    files = all_files(paths, left_out)
    options.check_redact(quarantine, redact=redact)
    refuse_to_overwrite(files, output or "-", quarantine)
    run = Normalisation(
        files,
        read_as,
        options.Drift(drift or project.drift or "collect").value,
        jobs or project.jobs or cores(),
        partial(lines, output=output, unreadable=unreadable),
        "normalising",
        output,
        quarantine,
        redact,
        quiet,
        selection(orders, since, until, read_as.zone),
    )
    sys.exit(run.run())
