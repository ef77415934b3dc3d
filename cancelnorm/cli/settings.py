"""Settings of a project: ``[tool.cancelnorm]`` in its ``pyproject.toml``."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, Final

import msgspec

from cancelnorm import logs, venues
from cancelnorm.check import Severity, UnknownRuleError, select
from cancelnorm.cli.terminal import stop
from cancelnorm.report import WRITERS

__all__ = ["ProjectSettings", "project_settings", "words"]


class ProjectSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """Options that a project can set, under their command-line names."""

    select: list[str] | None = None
    ignore: list[str] | None = None
    severity: str | None = None
    drift: str | None = None
    dialect: str | None = None
    format: str | None = None
    map: Mapping[str, str] | None = None
    venue: str | None = None
    endpoint: str | None = None
    tz: str | None = None
    output_format: str | None = None
    hosts: Mapping[str, str] | None = None
    jobs: Annotated[int, msgspec.Meta(ge=1)] | None = None


def words(texts: Iterable[str]) -> list[str]:
    """Split comma-separated texts into words."""
    return [word.strip() for text in texts for word in text.split(",") if word.strip()]


_NAMES: Final = ProjectSettings.__struct_encode_fields__


def project_settings(folder: Path) -> ProjectSettings:
    """Read the settings from the nearest ``pyproject.toml`` in a folder or its parents.

    As with other tools, a file without the table is ignored.
    """
    for candidate in (folder, *folder.parents):
        path = candidate / "pyproject.toml"
        if path.is_file():
            try:
                tool = tomllib.loads(path.read_text(encoding="utf-8")).get("tool")
            except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
                raise stop(f"{path}: not valid TOML: {error}") from error
            if isinstance(tool, dict) and "cancelnorm" in tool:
                return _read(tool["cancelnorm"], path)
    return ProjectSettings()


def _read(table: Any, path: Path) -> ProjectSettings:
    location = f"{path}: [tool.cancelnorm]"
    for name in table if isinstance(table, dict) else ():
        if name not in _NAMES:
            near = get_close_matches(name, _NAMES) or _NAMES
            raise stop(f"{location} has no option {name!r}; did you mean {', '.join(near)}?")
    try:
        settings = msgspec.convert(table, ProjectSettings)
        select(words([*(settings.select or ()), *(settings.ignore or ())]))
    except msgspec.ValidationError as error:
        raise stop(f"{location}: {_plain(str(error))}") from error
    except UnknownRuleError as error:
        raise stop(f"{location}: {error}") from error
    for name, word, known in (
        ("severity", settings.severity, tuple(Severity)),
        ("drift", settings.drift, ("collect", "refuse")),
        ("format", settings.format, tuple(form.name for form in logs.FORMATS)),
        ("dialect", settings.dialect, ("quoted-numbers",)),
        ("output-format", settings.output_format, tuple(WRITERS)),
    ):
        if word is not None and word not in known:
            raise stop(f"{location}: {name}: {word!r} is not one of {', '.join(known)}")
    for host, name in (settings.hosts or {}).items():
        if venues.find(name) is None:
            raise stop(f"{location}: hosts: {host}: {name!r} is not one of {', '.join(venues.names())}")
    if settings.tz is not None:
        try:
            logs.zone_of(settings.tz)
        except logs.UnknownZoneError as error:
            raise stop(f"{location}: tz: {error}") from error
    return settings


_FAULT: Final = re.compile(
    r"Expected `(?P<wanted>.*?)`(?: >= (?P<least>[0-9]+))?(?:, got `(?P<found>.*?)`)?"
    r"(?: - at `\$\.?(?P<key>.*)`)?"
)


def _plain(fault: str) -> str:
    """A validation error of msgspec in TOML terms."""
    match = _FAULT.fullmatch(fault)
    if match is None:
        return fault
    found = f", found {_TYPES.get(match['found'], match['found'])}" if match["found"] else ""
    wanted = " or ".join(_TYPES.get(word, word) for word in match["wanted"].split(" | ") if word != "null")
    least = f" of {match['least']} or more" if match["least"] else ""
    return f"{match['key'] + ': ' if match['key'] else ''}expected {wanted}{least}{found}"


_TYPES: Final = {
    "int": "an integer",
    "str": "a string",
    "bool": "true or false",
    "float": "a number with a fraction",
    "object": "a table",
    "array": "an array of strings",
}
