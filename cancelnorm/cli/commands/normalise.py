"""The command ``normalise``."""

import sys
from typing import Unpack

import click

from cancelnorm.cli import options
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
def normalise(output: str | None, *, unreadable: bool, **given: Unpack[options.Writing]) -> None:
    """Write the events."""
    from functools import partial

    from cancelnorm.cli.event_output import lines
    from cancelnorm.cli.normalise import normalisation

    opening = partial(lines, output=output, unreadable=unreadable)
    sys.exit(normalisation(given, opening, "normalising", output).run())
