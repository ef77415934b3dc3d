"""Settings of a project: ``[tool.cancelnorm]`` in its ``pyproject.toml``."""

import os
import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from itertools import chain
from pathlib import Path
from typing import Annotated, Any, Final

import msgspec
from msgspec.structs import replace

from cancelnorm import logs, venues
from cancelnorm.check import Severity, UnknownRuleError, select
from cancelnorm.cli.patterns import anchored
from cancelnorm.cli.terminal import stop
from cancelnorm.errors import cited
from cancelnorm.masking import without_secrets
from cancelnorm.report import WRITERS

__all__ = ["ProjectSettings", "project_settings", "words"]


class ProjectSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """Options that a project can set, under their command-line names."""

    select: list[str] | None = None
    extend_select: list[str] | None = None
    ignore: list[str] | None = None
    per_file_ignores: Mapping[str, list[str]] | None = None
    exclude: list[str] | None = None
    severity: str | None = None
    drift: str | None = None
    dialect: str | None = None
    format: str | None = None
    map: Mapping[str, str] | None = None
    venue: str | None = None
    endpoint: str | None = None
    tz: str | None = None
    max_record: str | Annotated[int, msgspec.Meta(ge=1)] | None = None
    output_format: str | None = None
    baseline: str | None = None
    hosts: Mapping[str, str] | None = None
    jobs: Annotated[int, msgspec.Meta(ge=1)] | None = None

    @property
    def max_record_bytes(self) -> int | None:
        """Length of the longest record that is read; raises ValueError for a text that is no size."""
        return logs.bytes_of(self.max_record) if isinstance(self.max_record, str) else self.max_record


def words(texts: Iterable[str]) -> list[str]:
    """Split comma-separated texts into words."""
    return [word.strip() for text in texts for word in text.split(",") if word.strip()]


_NAMES: Final = ProjectSettings.__struct_encode_fields__


def project_settings(config: str | None) -> ProjectSettings:
    """Read the settings from a file, or else from the nearest ``pyproject.toml`` that has them.

    It is looked for in the current folder and its parents. As with other tools, one without the table is ignored.
    """
    if config is not None:
        table = _table(Path(config))
        if table is None:
            raise stop(f"{without_secrets(config)}: has no table [tool.cancelnorm]")
        return _read(table, Path(config))
    folder = Path.cwd()
    for candidate in (folder, *folder.parents):
        path = candidate / "pyproject.toml"
        if path.is_file() and (table := _table(path)) is not None:
            return _read(table, path)
    return ProjectSettings()


def _table(path: Path) -> Any:
    """The settings in a TOML file, not yet checked; None if it has none."""
    import tomllib  # most runs have no settings

    try:
        tool = tomllib.loads(path.read_text(encoding="utf-8")).get("tool")
    except (ValueError, RecursionError) as error:  # also integers of thousands of digits
        raise stop(without_secrets(f"{path}: not valid TOML: {error}")) from error
    return tool.get("cancelnorm") if isinstance(tool, dict) else None


def _read(table: Any, path: Path) -> ProjectSettings:
    location = f"{without_secrets(str(path))}: [tool.cancelnorm]"
    for name in table if isinstance(table, dict) else ():
        if name not in _NAMES:
            near = get_close_matches(name, _NAMES) or _NAMES
            raise stop(f"{location} has no option {cited(name)}; did you mean {', '.join(near)}?")
    try:
        settings = msgspec.convert(table, ProjectSettings)
        rules = (settings.select, settings.extend_select, settings.ignore)
        select(
            words(chain.from_iterable(chain(filter(None, rules), (settings.per_file_ignores or {}).values())))
        )
    except msgspec.ValidationError as error:
        raise stop(f"{location}: {without_secrets(_plain(str(error)))}") from error
    except UnknownRuleError as error:
        raise stop(f"{location}: {error}") from error
    for name, word, known in (
        ("severity", settings.severity, tuple(Severity)),
        ("drift", settings.drift, ("collect", "refuse")),
        ("format", settings.format, logs.FORMAT_NAMES),
        ("dialect", settings.dialect, ("quoted-numbers",)),
        ("output-format", settings.output_format, tuple(WRITERS)),
    ):
        if word is not None and word not in known:
            raise stop(f"{location}: {name}: {cited(word)} is not one of {', '.join(known)}")
    if "\0" in (settings.baseline or ""):
        raise stop(f"{location}: baseline: expected the name of a file")
    for host, name in (settings.hosts or {}).items():
        if venues.find(name) is None:
            shown = f"{without_secrets(host)}: {cited(name)}"
            raise stop(f"{location}: hosts: {shown} is not one of {', '.join(venues.names())}")
    if settings.tz is not None:
        try:
            logs.zone_of(settings.tz)
        except logs.UnknownZoneError as error:
            raise stop(f"{location}: tz: {error}") from error
    try:
        _ = settings.max_record_bytes
    except ValueError as error:
        raise stop(f"{location}: max-record: {error}") from error
    return _anchored(settings, path.parent)


def _anchored(settings: ProjectSettings, folder: Path) -> ProjectSettings:
    """The settings with files and patterns relative to the folder of the settings, not to the current one."""
    baseline = settings.baseline
    return replace(
        settings,
        baseline=None if baseline is None else os.path.relpath(folder / baseline),
        exclude=[anchored(pattern, folder) for pattern in settings.exclude or ()],
        per_file_ignores={
            anchored(pattern, folder): rules for pattern, rules in (settings.per_file_ignores or {}).items()
        },
    )


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
