"""Options that several commands share, and the settings that result from them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Any, Final, TypedDict, TypeVar

import click
from click import Context, Parameter

from cancelnorm import logs, venues
from cancelnorm.api import find_endpoint, find_venue
from cancelnorm.check import RULES
from cancelnorm.cli.patterns import anchored
from cancelnorm.cli.settings import ProjectSettings
from cancelnorm.cli.terminal import near_names, stop
from cancelnorm.errors import UnknownEndpointError, cited

__all__ = [
    "FILE",
    "Dialect",
    "Drift",
    "Reading",
    "check_redact",
    "choice",
    "completed",
    "config",
    "drift",
    "exclude",
    "excluded",
    "jobs",
    "orders",
    "output",
    "output_format",
    "paths",
    "quarantine",
    "quiet",
    "reading",
    "reading_options",
    "redact",
    "rule_names",
    "since",
    "until",
]

Command = TypeVar("Command", bound=Callable[..., Any])
"""A function that becomes a command."""


class Drift(StrEnum):
    """Treatment of fields and values that a venue added."""

    COLLECT = "collect"
    REFUSE = "refuse"


class Dialect(StrEnum):
    """Change that a recorder made to the payloads."""

    QUOTED_NUMBERS = "quoted-numbers"


def completed(words: Callable[[], Iterable[str]]) -> Callable[[Context, Parameter, str], list[str]]:
    """Completion of an option by the words that begin as it does."""
    return lambda _context, _parameter, start: [word for word in words() if word.startswith(start)]


# A log or a file to write; whether it exists and can be read is found out later, as for a URL.
FILE: Final = click.Path(readable=False)

paths = click.argument("paths", metavar="PATH...", nargs=-1, required=True, type=FILE)

# --- How a log is read ---


class Reading(TypedDict):
    """Values of the options that ``reading`` adds."""

    dialect: str | None
    form: str | None
    maps: Sequence[str]
    venue: str | None
    endpoint: str | None
    hosts: Sequence[str]
    tz: str | None
    max_record: str | None


def reading(command: Command) -> Command:
    """Add the options that say how a log is read."""
    for option in reversed(_READING):
        command = option(command)
    return command


_READING: Final = (
    click.option(
        "--dialect",
        type=click.Choice([dialect.value for dialect in Dialect]),
        help="Change made by the recorder: integers in quotes, as ccxt parses them in JavaScript.",
    ),
    click.option(
        "--format",
        "form",
        metavar="NAME",
        help=f"Format of the log; detected from its content by default. One of {', '.join(logs.FORMAT_NAMES)}.",
        shell_complete=completed(lambda: logs.FORMAT_NAMES),
    ),
    click.option(
        "--map",
        "maps",
        multiple=True,
        metavar="KEY=PATH",
        help="JSON path of a value in each line: payload=$.response.body; also venue, endpoint, url, method, "
        "status, request, sent, received, account, connection, direction, source, offset.",
    ),
    click.option(
        "--venue",
        metavar="NAME",
        help="Venue of lines that name none.",
        shell_complete=completed(venues.names),
    ),
    click.option("--endpoint", metavar="NAME", help="Endpoint of lines that name none."),
    click.option(
        "--host",
        "hosts",
        multiple=True,
        metavar="HOST=VENUE",
        help="Venue behind a host that is not its own, such as a proxy.",
    ),
    click.option(
        "--tz",
        metavar="ZONE",
        help="Time zone of times without one: Asia/Tokyo or +09:00; default: UTC.",
    ),
    click.option(
        "--max-record",
        metavar="SIZE",
        help="Longest line, entry, payload or decompressed body that is read; longer ones are refused: 500K, 64M; "
        f"default: {logs.MAX_RECORD_BYTES >> 20}M.",
    ),
)

# --- Which events are wanted ---

orders = click.option(
    "--order",
    "orders",
    multiple=True,
    metavar="ID",
    help="Only events of this order, by order id or client order id.",
)
since = click.option("--since", metavar="TIME", help="Only events from this time on: ISO 8601 or epoch.")
until = click.option("--until", metavar="TIME", help="Only events before this time.")

# --- How a command runs ---

config = click.option(
    "--config",
    metavar="FILE",
    type=FILE,
    help="TOML file with a table [tool.cancelnorm]; by default the nearest pyproject.toml that has one.",
)
drift = click.option(
    "--drift",
    type=click.Choice([drift.value for drift in Drift]),
    help="Note additions to a venue's answers (collect), or refuse the record.",
)
exclude = click.option(
    "--exclude",
    multiple=True,
    metavar="PATTERN",
    help="Do not read these files and folders of a folder: *.bak.jsonl, old/*.",
)
jobs = click.option(
    "--jobs",
    "-j",
    type=click.IntRange(min=1),
    metavar="N",
    help="Processes; default: number of cores.",
)
quarantine = click.option(
    "--quarantine",
    metavar="FILE",
    type=FILE,
    help="Write every refused line to this file, with its finding.",
)
redact = click.option("--redact", is_flag=True, help="Mask secrets in the quarantine file.")
quiet = click.option("--quiet", "-q", is_flag=True, help="Write findings and errors only.")


# --- How results are written ---


def output_format(forms: Sequence[str]) -> Callable[[Command], Command]:
    """Add the option that says in which form a result is written; the first is the default."""
    return click.option(
        "--output-format",
        metavar="NAME",
        default=forms[0],
        help=f"Form of the output: {', '.join(forms)}.",
        shell_complete=completed(lambda: forms),
    )


output = click.option("--output", "-o", metavar="FILE", type=FILE, help="Write to this file, all or nothing.")


class Writing(Reading):
    """Values of the options that ``normalise`` and ``convert`` have in common."""

    paths: Sequence[str]
    orders: Sequence[str]
    since: str | None
    until: str | None
    drift: str | None
    exclude: Sequence[str]
    config: str | None
    quarantine: str | None
    jobs: int | None
    quiet: bool
    redact: bool


# --- What the options mean ---


def check_redact(quarantine: str | None, *, redact: bool) -> None:
    """Stop if there is no file in which secrets are to be masked."""
    if redact and quarantine is None:
        raise stop("--redact masks secrets in the quarantine file; name it with --quarantine FILE")


def excluded(project: ProjectSettings, patterns: Sequence[str]) -> list[str]:
    """Patterns of files to leave out, from the command line, or else from the project's settings."""
    if not patterns:
        return project.exclude or []
    return [anchored(pattern, Path.cwd()) for pattern in patterns]


def rule_names() -> list[str]:
    """Codes and names of the rules, for completion."""
    return [*RULES, *(rule.name for rule in RULES.values())]


def reading_options(project: ProjectSettings, given: Reading) -> logs.Options:
    """Reading options from the command line, or else from the project's settings."""
    form = given["form"] or project.format
    venue = given["venue"] or project.venue
    endpoint = given["endpoint"] or project.endpoint
    dialect = given["dialect"] or project.dialect
    tz = given["tz"] or project.tz
    max_record = _size(given["max_record"]) or project.max_record_bytes or logs.MAX_RECORD_BYTES
    if form is not None:
        choice(form, logs.FORMAT_NAMES, "--format")
    if tz is not None:
        logs.zone_of(tz)  # raises UnknownZoneError before any line is read
    _check_names(venue, endpoint)
    return logs.Options(
        form,
        _paths(given["maps"]) or project.map or {},
        venue,
        endpoint,
        None if dialect is None else Dialect(dialect).value,
        tuple({**(project.hosts or {}), **dict(map(_hosted, given["hosts"]))}.items()),
        tz,
        max_record,
    )


def _paths(maps: Iterable[str]) -> Mapping[str, str]:
    paths = {}
    for text in maps:
        key, equals, path = text.partition("=")
        if not equals:
            raise stop(f"--map {cited(text)}: expected KEY=PATH")
        paths[key] = path
    return paths


def _size(text: str | None) -> int | None:
    """Bytes of ``--max-record``."""
    try:
        return None if text is None else logs.bytes_of(text)
    except ValueError as error:
        raise stop(f"--max-record: {error}") from error


def _hosted(text: str) -> tuple[str, str]:
    """Host and venue of ``--host``."""
    host, equals, venue = text.rpartition("=")
    if not equals or not host or venues.find(venue) is None:
        raise stop(f"--host {cited(text)}: expected HOST=VENUE; the venues are {', '.join(venues.names())}")
    return host, venue


def _check_names(venue: str | None, endpoint: str | None) -> None:
    """Raise UnknownEndpointError for a venue or an endpoint that does not exist, before any line is read."""
    if venue is not None:
        find_venue(venue)
    if endpoint is None:
        return
    if venue is not None:
        find_endpoint(venue, endpoint)
        return
    missing: list[UnknownEndpointError] = []
    for name in venues.names():
        try:
            find_endpoint(name, endpoint)
        except UnknownEndpointError as error:
            missing.append(error)
        else:
            return
    near = dict.fromkeys(name for error in missing for name in error.known)
    raise stop(f"no venue has {cited(missing[0].endpoint or '')}; {near_names(endpoint, near)}")


W = TypeVar("W", bound=str)


def choice(word: str, known: Iterable[W], option: str) -> W:
    """The known word that equals ``word``; stops if there is none."""
    known = tuple(known)
    for one in known:
        if one == word:
            return one
    raise stop(f"{option}: {cited(word)} is unknown; {near_names(word, known)}")
