"""The command ``check``."""

import shlex
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Unpack

import click

from cancelnorm import logs
from cancelnorm.check import Settings, Severity
from cancelnorm.check import select as select_rules
from cancelnorm.cli import options
from cancelnorm.cli.patterns import anchored
from cancelnorm.cli.settings import ProjectSettings, project_settings, words
from cancelnorm.cli.summaries import STATISTICS
from cancelnorm.cli.terminal import job, stop
from cancelnorm.errors import cited
from cancelnorm.masking import without_secrets
from cancelnorm.report import EXCERPTS, WITH_COLUMNS, WITH_DIGESTS, WRITERS

__all__ = ["check"]


@click.command(
    help="""Check a log and report its contents and problems.

    PATH is a log file, a folder of logs, a URL, or - for standard input. Frames that are not about a cancel are
    counted and skipped.

    Exit code 0: no finding of severity error (see --severity). 1: at least one. 2: the command failed.
    """
)
@options.paths
@click.option(
    "--output-format",
    metavar="NAME",
    help=f"Report format: {', '.join(WRITERS)}.",
    shell_complete=options.completed(lambda: WRITERS),
)
@click.option("--output", "-o", metavar="FILE", type=options.FILE, help="Write the report to this file.")
@click.option(
    "--severity",
    metavar="LEVEL",
    help="Exit with 1 from this level on: error, warning, info.",
    shell_complete=options.completed(lambda: Severity),
)
@click.option(
    "--select",
    multiple=True,
    metavar="RULES",
    help="Apply only these rules: codes, CN2, names, ALL.",
    shell_complete=options.completed(options.rule_names),
)
@click.option(
    "--extend-select",
    multiple=True,
    metavar="RULES",
    help="Apply these rules beside those selected.",
    shell_complete=options.completed(options.rule_names),
)
@click.option(
    "--ignore",
    multiple=True,
    metavar="RULES",
    help="Do not apply these rules.",
    shell_complete=options.completed(options.rule_names),
)
@click.option(
    "--per-file-ignores",
    multiple=True,
    metavar="PATTERN:RULES",
    help="Do not apply these rules to these files: old/*:CN5,CN101.",
)
@options.exclude
@click.option("--statistics", is_flag=True, help="Write the number of findings of each rule only.")
@click.option(
    "--events", metavar="FILE", type=options.FILE, help="Also write the canonical events, one per line."
)
@options.quarantine
@click.option(
    "--baseline",
    metavar="FILE",
    type=options.FILE,
    help="Leave out the findings that are known from this file.",
)
@click.option("--write-baseline", is_flag=True, help="Write all findings to the file of --baseline.")
@click.option("--exit-zero", is_flag=True, help="Exit with 0 also if there are findings.")
@options.quiet
@options.config
@options.redact
@options.jobs
@options.orders
@options.since
@options.until
@options.drift
@options.reading
@job()
def check(
    paths: Sequence[str],
    output_format: str | None,
    output: str | None,
    severity: str | None,
    select: Sequence[str],
    extend_select: Sequence[str],
    ignore: Sequence[str],
    per_file_ignores: Sequence[str],
    exclude: Sequence[str],
    events: str | None,
    quarantine: str | None,
    baseline: str | None,
    config: str | None,
    jobs: int | None,
    orders: Sequence[str],
    since: str | None,
    until: str | None,
    drift: str | None,
    *,
    statistics: bool,
    write_baseline: bool,
    exit_zero: bool,
    quiet: bool,
    redact: bool,
    **reading: Unpack[options.Reading],
) -> None:
    """Run the check."""
    from cancelnorm.cli.check import Check
    from cancelnorm.cli.jobs import cores
    from cancelnorm.cli.output import refuse_to_overwrite
    from cancelnorm.cli.reading import all_files, tell_passed_over
    from cancelnorm.cli.selection import selection

    project = project_settings(config)
    name = options.choice(output_format or project.output_format or "text", WRITERS, "--output-format")
    if statistics and name not in STATISTICS:
        raise stop(f"--statistics: expected --output-format {' or '.join(STATISTICS)}, found {name}")
    level = options.choice(severity or project.severity or "error", Severity, "--severity")
    read_as = options.reading_options(project, reading)
    left_out = options.excluded(project, exclude)
    if not quiet:
        tell_passed_over(paths, left_out)
    files = all_files(paths, left_out)
    baseline = baseline or project.baseline
    options.check_redact(quarantine, redact=redact)
    if write_baseline and baseline is None:
        raise stop("--write-baseline: name the file with --baseline FILE")
    if select and not words(select):  # a project may look for nothing
        raise stop("--select names no rule; expected codes, names or ALL")
    refuse_to_overwrite(files, output or "-", events, quarantine, baseline)
    settings = Settings(
        _rules(
            select or project.select,
            extend_select or project.extend_select,
            ignore or project.ignore,
        ),
        options.Drift(drift or project.drift or "collect").value,
        EXCERPTS.get(name, "none"),
        name in WITH_COLUMNS or (quiet and name == "text"),  # which is then concise
        None,
        selection(orders, since, until, read_as.zone),
    )
    run = Check(
        files,
        read_as,
        settings,
        name,
        level,
        jobs or project.jobs or cores(),
        output,
        events,
        quarantine,
        redact,
        baseline,
        write_baseline,
        _file_rules(project, per_file_ignores),
        statistics,
        quiet,
        exit_zero,
        _command_line() if name in WITH_DIGESTS else None,
    )
    sys.exit(run.run())


def _command_line() -> str:
    """The command as it was given, without secrets: a URL may have a signature in its query."""
    shown = [logs.shown_name(word) for word in sys.argv[1:]]
    return without_secrets(shlex.join(["cancelnorm", *shown]))


def _rules(
    selected: Iterable[str] | None, more: Iterable[str] | None, ignored: Iterable[str] | None
) -> frozenset[str]:
    """Codes of the rules to apply; each text may hold several names, separated by commas."""
    selected = ["ALL"] if selected is None else words(selected)
    return select_rules([*selected, *words(more or ())]) - select_rules(words(ignored or ()))


def _file_rules(project: ProjectSettings, texts: Sequence[str]) -> Mapping[str, frozenset[str]]:
    """Codes of the rules not to apply, by pattern of files."""
    if not texts:
        return {
            pattern: select_rules(words(rules)) for pattern, rules in (project.per_file_ignores or {}).items()
        }
    found: dict[str, frozenset[str]] = {}
    for text in texts:
        pattern, colon, rules = text.rpartition(":")
        if not colon:
            raise stop(f"--per-file-ignores {cited(text)}: expected PATTERN:RULES")
        pattern = anchored(pattern, Path.cwd())
        found[pattern] = found.get(pattern, frozenset()) | select_rules(words([rules]))
    return found
