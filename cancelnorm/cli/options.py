"""Options that several commands share, and the settings that result from them."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from cancelnorm import logs, venues
from cancelnorm.api import find_endpoint, find_venue
from cancelnorm.check import RULES
from cancelnorm.cli.patterns import anchored
from cancelnorm.cli.settings import ProjectSettings
from cancelnorm.cli.terminal import near_names, stop
from cancelnorm.errors import UnknownEndpointError

__all__ = [
    "Config",
    "Dialect",
    "DialectOption",
    "Drift",
    "DriftOption",
    "Endpoint",
    "Exclude",
    "FormatName",
    "Hosts",
    "Jobs",
    "Maps",
    "Orders",
    "Paths",
    "Quarantine",
    "Quiet",
    "Redact",
    "Since",
    "TimeZone",
    "Until",
    "Venue",
    "choice",
    "excluded",
    "reading_options",
    "rule_names",
]


class Drift(StrEnum):
    """Treatment of fields and values that a venue added."""

    COLLECT = "collect"
    REFUSE = "refuse"


class Dialect(StrEnum):
    """Change that a recorder made to the payloads."""

    QUOTED_NUMBERS = "quoted-numbers"


_FORMATS = tuple(form.name for form in logs.FORMATS)

Paths = Annotated[
    list[str], typer.Argument(metavar="PATH", help="Log file, folder of logs, URL, or - for standard input.")
]
DialectOption = Annotated[
    Dialect | None,
    typer.Option("--dialect", help="Change made by the recorder; ccxt puts all numbers in quotes."),
]
DriftOption = Annotated[
    Drift | None,
    typer.Option("--drift", help="Note additions to a venue's answers (collect), or refuse the record."),
]
FormatName = Annotated[
    str | None,
    typer.Option(
        "--format",
        metavar="NAME",
        help=f"Format of the log; detected from its content by default. One of {', '.join(_FORMATS)}.",
        autocompletion=lambda: list(_FORMATS),
    ),
]
Config = Annotated[
    str | None,
    typer.Option(
        "--config",
        metavar="FILE",
        help="TOML file with a table [tool.cancelnorm]; by default the nearest pyproject.toml that has one.",
    ),
]
Exclude = Annotated[
    list[str] | None,
    typer.Option(
        "--exclude",
        metavar="PATTERN",
        help="Do not read these files and folders of a folder: *.bak.jsonl, old/*.",
    ),
]
Jobs = Annotated[
    int | None,
    typer.Option("--jobs", "-j", min=1, metavar="N", help="Processes; default: number of cores."),
]
Quarantine = Annotated[
    str | None,
    typer.Option(
        "--quarantine", metavar="FILE", help="Write every refused line to this file, with its finding."
    ),
]
Redact = Annotated[bool, typer.Option("--redact", help="Mask secrets in the quarantine file.")]
Orders = Annotated[
    list[str] | None,
    typer.Option("--order", metavar="ID", help="Only events of this order, by order id or client order id."),
]
Since = Annotated[
    str | None,
    typer.Option("--since", metavar="TIME", help="Only events from this time on: ISO 8601 or epoch."),
]
Until = Annotated[str | None, typer.Option("--until", metavar="TIME", help="Only events before this time.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Write findings and errors only.")]
Maps = Annotated[
    list[str] | None,
    typer.Option(
        "--map",
        metavar="KEY=PATH",
        help="JSON path of a value in each line: payload=$.response.body; also venue, endpoint, url, method, "
        "status, request, sent, received, account, connection, direction, source, offset.",
    ),
]
Venue = Annotated[
    str | None,
    typer.Option(
        "--venue",
        metavar="NAME",
        help="Venue of lines that name none.",
        autocompletion=lambda: list(venues.names()),
    ),
]
Hosts = Annotated[
    list[str] | None,
    typer.Option(
        "--host", metavar="HOST=VENUE", help="Venue behind a host that is not its own, such as a proxy."
    ),
]
TimeZone = Annotated[
    str | None,
    typer.Option(
        "--tz", metavar="ZONE", help="Time zone of times without one: Asia/Tokyo or +09:00; default: UTC."
    ),
]
Endpoint = Annotated[
    str | None, typer.Option("--endpoint", metavar="NAME", help="Endpoint of lines that name none.")
]


def excluded(project: ProjectSettings, patterns: Iterable[str] | None) -> list[str]:
    """Patterns of files to leave out, from the command line, or else from the project's settings."""
    if patterns is None:
        return project.exclude or []
    return [anchored(pattern, Path.cwd()) for pattern in patterns]


def rule_names() -> list[str]:
    """Codes and names of the rules, for completion."""
    return [*RULES, *(rule.name for rule in RULES.values())]


def reading_options(
    project: ProjectSettings,
    *,
    form: str | None,
    maps: Iterable[str] | None,
    venue: str | None,
    endpoint: str | None,
    dialect: Dialect | None,
    hosts: Iterable[str] | None,
    tz: str | None,
) -> logs.Options:
    """Reading options from the command line, or else from the project's settings."""
    form = form or project.format
    venue = venue or project.venue
    endpoint = endpoint or project.endpoint
    tz = tz or project.tz
    if form is not None:
        choice(form, _FORMATS, "--format")
    if tz is not None:
        logs.zone_of(tz)  # raises UnknownZoneError before any line is read
    _check_names(venue, endpoint)
    return logs.Options(
        form,
        _paths(maps) or project.map or {},
        venue,
        endpoint,
        None if (found := dialect or project.dialect) is None else Dialect(found).value,
        tuple({**(project.hosts or {}), **dict(map(_hosted, hosts or ()))}.items()),
        tz,
    )


def _paths(maps: Iterable[str] | None) -> Mapping[str, str]:
    paths = {}
    for text in maps or ():
        key, equals, path = text.partition("=")
        if not equals:
            raise stop(f"--map {text}: expected KEY=PATH")
        paths[key] = path
    return paths


def _hosted(text: str) -> tuple[str, str]:
    """Host and venue of ``--host``."""
    host, equals, venue = text.rpartition("=")
    if not equals or not host or venues.find(venue) is None:
        raise stop(f"--host {text}: expected HOST=VENUE; the venues are {', '.join(venues.names())}")
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
    raise stop(f"no venue has {missing[0].endpoint!r}; {near_names(endpoint, near)}")


W = TypeVar("W", bound=str)


def choice(word: str, known: Iterable[W], option: str) -> W:
    """The known word that equals ``word``; stops if there is none."""
    known = tuple(known)
    for one in known:
        if one == word:
            return one
    raise stop(f"{option}: {word!r} is unknown; {near_names(word, known)}")
