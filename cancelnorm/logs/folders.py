"""The logs in folders and archives, told by their names."""

import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final, NamedTuple

from cancelnorm.logs.archives import is_archive, members

__all__ = ["Listing", "listed", "may_be_other"]

# ``day.jsonl.gz``; ``bot.log.2`` and ``bot.log.2026-11-03.gz``, which were rotated; ``btcusdt.gz`` of hftbacktest.
_LOG: Final = re.compile(
    r"(?P<base>.+\.(?:jsonl?|ndjson|har|ya?ml|log|csv))(?:[.-](?P<turn>\d[\dTZ:+_.-]*))?(?:\.(?:gz|zst|xz|bz2))?"
    r"|[^.]+\.(?:gz|zst|xz|bz2)",
    re.IGNORECASE,
)
# Names that tables, settings and the state of a program have, too.
_COMMON: Final = re.compile(r".+\.(?:csv|json|ya?ml)(?:\.(?:gz|zst|xz|bz2))?", re.IGNORECASE)
_LONGEST_TURN: Final = 3  # of a counter; more digits are a date


class Listing(NamedTuple):
    """Names of files: those of logs, in the order in which they are read, and of others."""

    logs: list[str]
    others: list[str]


def listed(location: Path) -> Listing:
    """List the files in a folder or in an archive; hidden ones are left out.

    A folder that cannot be listed stands among the logs, for whoever reads them to report it.
    """
    if not location.is_dir():
        return _in_archive(location)
    unlisted: list[OSError] = []
    found = (
        Path(folder, name)
        for folder, _, names in os.walk(location, onerror=unlisted.append)
        for name in names
    )
    files = [file for file in found if not _is_hidden(file, location) and file.is_file()]
    logs = [str(error.filename) for error in unlisted if not _is_hidden(Path(error.filename), location)]
    others: list[str] = []
    for file in sorted(files, key=_turn):
        if file.suffix.lower() == ".zip" and is_archive(file):
            inner = _in_archive(file)
            logs += inner.logs
            others += inner.others
        else:
            (logs if _LOG.fullmatch(file.name) else others).append(str(file))
    return Listing(logs, sorted(others))


def _is_hidden(path: Path, folder: Path) -> bool:
    return any(part.startswith(".") for part in path.relative_to(folder).parts)


def may_be_other(name: str) -> bool:
    """Tell whether a file with the name of a log may as well be something else."""
    return _COMMON.fullmatch(Path(name).name) is not None


def _in_archive(archive: Path) -> Listing:
    """List the members of an archive.

    Beside a HAR, the others are bodies that it refers to. If no member has the name of a log, all are logs.
    """
    names = members(archive)
    if hars := [name for name in names if name.lower().endswith(".har")]:
        return Listing(_within(archive, hars), [])
    found = [name for name in names if _LOG.fullmatch(Path(name).name)]
    if not found:
        return Listing(_within(archive, names), [])
    logs = sorted(found, key=lambda name: _turn(Path(name)))
    return Listing(_within(archive, logs), _within(archive, (name for name in names if name not in found)))


def _within(archive: Path, names: Iterable[str]) -> list[str]:
    return [f"{archive}/{name}" for name in names]


def _turn(file: Path) -> tuple[tuple[str, ...], bool, int, str]:
    """The sort key of a log: rotated logs are older than the current one, a higher counter is older."""
    match = _LOG.fullmatch(file.name)
    if match is None or match["turn"] is None:
        return file.parts, True, 0, ""
    turn, base = match["turn"], file.with_name(match["base"])
    counts = turn.isdecimal() and len(turn) <= _LONGEST_TURN
    return base.parts, False, -int(turn) if counts else 0, turn
