"""The command ``replay``."""

import sys
from collections.abc import Sequence
from typing import Any, Literal, Unpack

import click

from cancelnorm.cli import options
from cancelnorm.cli.settings import project_settings
from cancelnorm.cli.terminal import job

__all__ = ["replay"]


def _speed(_context: click.Context, _parameter: click.Parameter, value: float | None) -> float | None:
    if value is not None and not 0 < value < float("inf"):
        raise click.BadParameter("expected more than 0")
    return value


@click.command(
    help="""Print the events of several logs in the order of time, as JSON, one per line.

    PATH is a log file, a folder of logs, a URL, or - for standard input. Each file is a source of its own, so the logs
    of two venues, or of requests and streams, are put together as a program saw them.

    Refused records are reported on standard error when they are due.

    Exit code 0: all records were understood. 1: a record was refused. 2: the command failed.
    """
)
@options.paths
@click.option(
    "--clock",
    type=click.Choice(["received", "event", "response", "sent"]),
    default="received",
    show_default=True,
    help="Clock that puts events in order: when they could be known (received), when it was so (event), when the "
    "venue answered, or when the request was sent.",
)
@click.option(
    "--speed",
    type=float,
    metavar="X",
    callback=_speed,
    help="Print each event when it is due, X times as fast as it was recorded; default: all at once.",
)
@click.option(
    "--window",
    metavar="TIME",
    help="Put in order what is out of order in a file by up to this time: 100ms, 2s.",
)
@click.option(
    "--late",
    type=click.Choice(["keep", "drop", "error"]),
    default="keep",
    show_default=True,
    help="What becomes of an event that is later than that: printed when it comes, left out, or an error.",
)
@click.option(
    "--missing",
    type=click.Choice(["hold", "drop", "error"]),
    default="hold",
    show_default=True,
    help="What becomes of an event without a time: kept behind its predecessor, left out, or an error.",
)
@options.orders
@options.since
@options.until
@click.option(
    "--seek",
    is_flag=True,
    help="Enter the logs at --since instead of reading all of them: for logs in the order of receipt. What is out of "
    "order by more than a minute may be missed.",
)
@options.drift
@options.reading
@options.exclude
@options.config
@options.quiet
@job()
def replay(
    paths: Sequence[str],
    clock: Any,
    speed: float | None,
    window: str | None,
    late: Any,
    missing: Any,
    orders: Sequence[str],
    since: str | None,
    until: str | None,
    drift: str | None,
    exclude: Sequence[str],
    config: str | None,
    *,
    seek: bool,
    quiet: bool,
    **reading: Unpack[options.Reading],
) -> None:
    """Print the events."""
    from cancelnorm.cli.reading import all_files, tell_passed_over
    from cancelnorm.cli.replay import duration_ns, entered, play, tell
    from cancelnorm.cli.selection import selection
    from cancelnorm.logs import records
    from cancelnorm.pipeline import Events
    from cancelnorm.replay import merge

    project = project_settings(config)
    read_as = options.reading_options(project, reading)
    left_out = options.excluded(project, exclude)
    wanted = selection(orders, since, until, read_as.zone)
    window_ns = duration_ns(window) if window is not None else 0
    if not quiet:
        tell_passed_over(paths, left_out)
    additions: Literal["collect", "refuse"] = options.Drift(drift or project.drift or "collect").value
    found = all_files(paths, left_out)
    logs = [entered(file, read_as, wanted) if seek else records(file, read_as) for file in found]
    sources = [Events(log, additions) for log in logs]
    merged = merge(*sources, clock=clock, missing=missing, late=late, window_ns=window_ns)
    played = play(merged, wanted, speed)
    if not quiet:
        tell(merged, played.printed if wanted else None)
    sys.exit(1 if played.refused else 0)
