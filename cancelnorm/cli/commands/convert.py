"""The command ``convert``."""

import sys
from typing import Unpack

import click

from cancelnorm.cli import options
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
def convert(output: str, *, partition: bool, sort: bool, **given: Unpack[options.Writing]) -> None:
    """Write the table."""
    from functools import partial

    from cancelnorm.cli.event_output import partitions, table
    from cancelnorm.cli.normalise import normalisation

    opening = partial(partitions if partition else table, output=output, is_sorted=sort)
    sys.exit(normalisation(given, opening, "converting", output, is_table=True).run())
