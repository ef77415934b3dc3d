"""The command ``latency``."""

import sys
from collections.abc import Sequence
from typing import Unpack

import click

from cancelnorm.cli import options
from cancelnorm.cli.settings import project_settings
from cancelnorm.cli.terminal import job

__all__ = ["latency"]

_FORMATS = ("text", "json")


@click.command(
    help="""Show how long cancels took, by venue, endpoint and leg of the way.

    PATH is a log file, a folder of logs, a URL, or - for standard input.

    Round trips are measured by the recorder's clock alone. The legs to the venue and back need the venue's too, which
    is ahead or behind: how far is estimated from the round trips, with bounds, and subtracted. Give the logs of one
    recorder at a time: those of two machines have two clocks.

    Exit code 0: all records were understood. 1: a record was refused. 2: the command failed, or no record has times.
    """
)
@options.paths
@click.option(
    "--offset",
    metavar="TIME",
    help="How far the venue's clock is ahead of the recorder's, if that is known: 0ms, 37ms, -2ms.",
)
@click.option(
    "--window",
    metavar="TIME",
    default="10m",
    show_default=True,
    help="Longest time for which the venue's clock is taken to be equally far ahead.",
)
@click.option(
    "--picture",
    metavar="FILE",
    type=options.FILE,
    help="Draw the distributions: .png or .svg; takes the extra picture.",
)
@options.output_format(_FORMATS)
@options.output
@options.drift
@options.reading
@options.exclude
@options.config
@options.quiet
@options.jobs
@job()
def latency(
    paths: Sequence[str],
    offset: str | None,
    window: str,
    picture: str | None,
    output_format: str,
    output: str | None,
    drift: str | None,
    exclude: Sequence[str],
    config: str | None,
    jobs: int | None,
    *,
    quiet: bool,
    **reading: Unpack[options.Reading],
) -> None:
    """Write the latencies."""
    from cancelnorm.cli.jobs import cores
    from cancelnorm.cli.latency import LatencyRun, offset_in, picture_form, window_in
    from cancelnorm.cli.output import refuse_to_overwrite
    from cancelnorm.cli.reading import all_files, tell_passed_over

    project = project_settings(config)
    form = options.choice(output_format, _FORMATS, "--output-format")
    drawn = None if picture is None else picture_form(picture)
    window_ns = window_in(window)
    offset_ns = None if offset is None else offset_in(offset)
    read_as = options.reading_options(project, reading)
    left_out = options.excluded(project, exclude)
    if not quiet:
        tell_passed_over(paths, left_out)
    files = all_files(paths, left_out)
    refuse_to_overwrite(files, output or "-", picture)
    run = LatencyRun(
        files,
        read_as,
        options.Drift(drift or project.drift or "collect").value,
        jobs or project.jobs or cores(),
        form,
        window_ns,
        offset_ns,
        output,
        picture,
        drawn,
        quiet,
    )
    sys.exit(run.run())
