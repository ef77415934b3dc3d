"""The command ``story``."""

import sys
from collections.abc import Sequence
from typing import Unpack

import click

from cancelnorm.cli import options
from cancelnorm.cli.settings import project_settings
from cancelnorm.cli.terminal import job, stop

__all__ = ["story"]

_FORMATS = ("text", "json", "jsonl", "html", "parquet")


@click.command(
    help="""Show what became of each order, or the history of one.

    PATH is a log file, a folder of logs, a URL, or - for standard input.

    A line is an order, with all that answers, queries and streams say of it. It is marked with ! if a cancel was
    requested and nothing says how the order ended, or if what is said of it contradicts itself.

    Exit code 0: all records were understood. 1: a record was refused. 2: the command failed.
    """
)
@options.paths
@click.option(
    "--order",
    "orders",
    multiple=True,
    metavar="ID",
    help="The history of this order, by order id or client order id.",
)
@click.option(
    "--unresolved", is_flag=True, help="Only orders of which a cancel was requested and no end is known."
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
def story(
    paths: Sequence[str],
    orders: Sequence[str],
    output_format: str,
    output: str | None,
    drift: str | None,
    exclude: Sequence[str],
    config: str | None,
    jobs: int | None,
    *,
    unresolved: bool,
    quiet: bool,
    **reading: Unpack[options.Reading],
) -> None:
    """Write the stories."""
    from cancelnorm.cli.jobs import cores
    from cancelnorm.cli.output import refuse_to_overwrite
    from cancelnorm.cli.reading import all_files, tell_passed_over
    from cancelnorm.cli.story import StoryRun

    project = project_settings(config)
    form = options.choice(output_format, _FORMATS, "--output-format")
    if form == "parquet" and output in (None, "-"):
        raise stop("--output-format parquet: a table is no text; name a file with -o FILE")
    read_as = options.reading_options(project, reading)
    left_out = options.excluded(project, exclude)
    if not quiet:
        tell_passed_over(paths, left_out)
    files = all_files(paths, left_out)
    refuse_to_overwrite(files, output or "-")
    run = StoryRun(
        files,
        read_as,
        options.Drift(drift or project.drift or "collect").value,
        jobs or project.jobs or cores(),
        form,
        frozenset(orders),
        unresolved,
        output,
        quiet,
    )
    sys.exit(run.run())
