"""The command ``check``."""

import shlex
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated

import typer

from cancelnorm import logs
from cancelnorm.check import Settings, Severity
from cancelnorm.check import select as select_rules
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
    choice,
    excluded,
    reading_options,
    rule_names,
)
from cancelnorm.cli.patterns import anchored
from cancelnorm.cli.settings import ProjectSettings, project_settings, words
from cancelnorm.cli.summaries import STATISTICS
from cancelnorm.cli.terminal import job, stop
from cancelnorm.event_json import encode
from cancelnorm.masking import without_secrets
from cancelnorm.report import EXCERPTS, WITH_COLUMNS, WRITERS

__all__ = ["check"]


@job()
def check(
    paths: Paths,
    output_format: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help=f"Report format: {', '.join(WRITERS)}.",
            autocompletion=lambda: list(WRITERS),
        ),
    ] = None,
    output: Annotated[
        str | None, typer.Option("--output", "-o", metavar="FILE", help="Write the report to this file.")
    ] = None,
    severity: Annotated[
        str | None,
        typer.Option(
            metavar="LEVEL",
            help="Exit with 1 from this level on: error, warning, info.",
            autocompletion=lambda: list(Severity),
        ),
    ] = None,
    select: Annotated[
        list[str] | None,
        typer.Option(
            metavar="RULES",
            help="Apply only these rules: codes, CN2, names, ALL.",
            autocompletion=rule_names,
        ),
    ] = None,
    extend_select: Annotated[
        list[str] | None,
        typer.Option(
            metavar="RULES", help="Apply these rules beside those selected.", autocompletion=rule_names
        ),
    ] = None,
    ignore: Annotated[
        list[str] | None,
        typer.Option(metavar="RULES", help="Do not apply these rules.", autocompletion=rule_names),
    ] = None,
    per_file_ignores: Annotated[
        list[str] | None,
        typer.Option(
            metavar="PATTERN:RULES", help="Do not apply these rules to these files: old/*:CN5,CN101."
        ),
    ] = None,
    exclude: Exclude = None,
    statistics: Annotated[
        bool, typer.Option("--statistics", help="Write the number of findings of each rule only.")
    ] = False,
    events: Annotated[
        str | None, typer.Option(metavar="FILE", help="Also write the canonical events, one per line.")
    ] = None,
    quarantine: Quarantine = None,
    baseline: Annotated[
        str | None, typer.Option(metavar="FILE", help="Leave out the findings that are known from this file.")
    ] = None,
    write_baseline: Annotated[
        bool, typer.Option("--write-baseline", help="Write all findings to the file of --baseline.")
    ] = False,
    exit_zero: Annotated[
        bool, typer.Option("--exit-zero", help="Exit with 0 also if there are findings.")
    ] = False,
    quiet: Quiet = False,
    config: Config = None,
    redact: Redact = False,
    jobs: Jobs = None,
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
) -> None:
    """Check a log and report its contents and problems.

    Frames that are not about a cancel are counted and skipped.

    Exit code 0: no finding of severity error (see --severity). 1: at least one. 2: the command failed.
    """
    from cancelnorm.cli.check import Check
    from cancelnorm.cli.jobs import cores
    from cancelnorm.cli.output import refuse_to_overwrite
    from cancelnorm.cli.reading import all_files, tell_passed_over
    from cancelnorm.cli.selection import selection

    project = project_settings(config)
    name = choice(output_format or project.output_format or "text", WRITERS, "--output-format")
    if statistics and name not in STATISTICS:
        raise stop(f"--statistics: expected --output-format {' or '.join(STATISTICS)}, found {name}")
    level = choice(severity or project.severity or "error", Severity, "--severity")
    options = reading_options(
        project, form=form, maps=maps, venue=venue, endpoint=endpoint, dialect=dialect, hosts=hosts, tz=tz
    )
    left_out = excluded(project, exclude)
    if not quiet:
        tell_passed_over(paths, left_out)
    files = all_files(paths, left_out)
    baseline = baseline or project.baseline
    if write_baseline and baseline is None:
        raise stop("--write-baseline: name the file with --baseline FILE")
    refuse_to_overwrite(files, output, events, quarantine, baseline)
    settings = Settings(
        _rules(
            project.select if select is None else select,
            project.extend_select if extend_select is None else extend_select,
            project.ignore if ignore is None else ignore,
        ),
        Drift(drift or project.drift or "collect").value,
        EXCERPTS.get(name, "none"),
        name in WITH_COLUMNS or (quiet and name == "text"),  # which is then concise
        encode if events else None,
        selection(orders, since, until, options.zone),
    )
    run = Check(
        files,
        options,
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
        _command_line(),
    )
    raise typer.Exit(run.run())


def _command_line() -> str:
    """The command as it was given, without secrets: a URL may have a signature in its query."""
    shown = [logs.shown_name(word) if logs.is_address(word) else word for word in sys.argv[1:]]
    return without_secrets(shlex.join(["cancelnorm", *shown]))


def _rules(
    selected: Iterable[str] | None, more: Iterable[str] | None, ignored: Iterable[str] | None
) -> frozenset[str]:
    """Codes of the rules to apply; each text may hold several names, separated by commas."""
    selected = ["ALL"] if selected is None else selected
    return select_rules(words([*selected, *(more or ())])) - select_rules(words(ignored or ()))


def _file_rules(project: ProjectSettings, texts: Iterable[str] | None) -> Mapping[str, frozenset[str]]:
    """Codes of the rules not to apply, by pattern of files."""
    if texts is None:
        return {
            pattern: select_rules(words(rules)) for pattern, rules in (project.per_file_ignores or {}).items()
        }
    found: dict[str, frozenset[str]] = {}
    for text in texts:
        pattern, colon, rules = text.rpartition(":")
        if not colon:
            raise stop(f"--per-file-ignores {text}: expected PATTERN:RULES")
        pattern = anchored(pattern, Path.cwd())
        found[pattern] = found.get(pattern, frozenset()) | select_rules(words([rules]))
    return found
