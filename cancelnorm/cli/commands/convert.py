"""The command ``convert``."""

import sys
from collections.abc import Sequence
from typing import Unpack

import click

from cancelnorm.cli import options
from cancelnorm.cli.settings import project_settings
from cancelnorm.cli.terminal import job

__all__ = ["convert"]


@click.command(
    help="""Write events as a table: Parquet, Arrow, CSV, JSON lines or DuckDB.

    PATH is a log file, a folder of logs, a URL, or - for standard input.

    A refused record is reported on standard error, and is a row that says why in the column fault.

    Exit code 0: all records were understood. 1: a record was refused. 2: the command failed.
    """
)
@options.paths
@click.option(
    "--output",
    "-o",
    metavar="FILE",
    type=options.FILE,
    required=True,
    help="Write to this file, all or nothing; its end tells the form: .parquet, .arrow, .csv, .jsonl, .duckdb.",
)
@click.option(
    "--partition",
    is_flag=True,
    help="Write a folder of Parquet files by venue and UTC date; files of the same logs are replaced.",
)
@click.option(
    "--sort",
    is_flag=True,
    help="Sort by the time of receipt, or else of the response, or else of the event.",
)
@options.orders
@options.since
@options.until
@options.drift
@options.reading
@options.exclude
@options.config
@options.quiet
@options.quarantine
@options.redact
@options.jobs
@job()
def convert(
    paths: Sequence[str],
    output: str,
    orders: Sequence[str],
    since: str | None,
    until: str | None,
    drift: str | None,
    exclude: Sequence[str],
    config: str | None,
    quarantine: str | None,
    jobs: int | None,
    *,
    partition: bool,
    sort: bool,
    quiet: bool,
    redact: bool,
    **reading: Unpack[options.Reading],
) -> None:
    """Write the table."""
    from functools import partial

    from cancelnorm.cli.event_output import partitions, table
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
    refuse_to_overwrite(files, output, quarantine)
    if partition:
        opening = partial(partitions, output=output, files=files, is_sorted=sort)
    else:
        opening = partial(table, output=output, is_sorted=sort)
    run = Normalisation(
        files,
        read_as,
        options.Drift(drift or project.drift or "collect").value,
        jobs or project.jobs or cores(),
        opening,
        "converting",
        output,
        quarantine,
        redact,
        quiet,
        selection(orders, since, until, read_as.zone),
        is_table=True,
    )
    sys.exit(run.run())
