"""Patterns for files, as in settings: ``*.bak.jsonl`` anywhere, or ``archive/*`` in the folder of the settings."""

import glob
from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase
from pathlib import Path

from cancelnorm.check import Finding
from cancelnorm.logs import source_line

__all__ = ["FileRules", "anchored", "is_excluded"]


def anchored(pattern: str, folder: Path) -> str:
    """A pattern that means the same in any current folder; without a slash it is a name, which may be anywhere."""
    if "/" not in pattern:
        return pattern
    root = "" if pattern.startswith("/") else f"{glob.escape(folder.absolute().as_posix())}/"
    return f"{root}{pattern.rstrip('/')}"


def is_excluded(file: str, root: str, patterns: Iterable[str]) -> bool:
    """Whether a file below a folder, or a folder between the two, matches an anchored pattern."""
    below = Path(file).relative_to(root)
    paths = [below, *below.parents][:-1]
    absolute = Path(root).absolute()
    return any(
        fnmatchcase((absolute / path).as_posix() if "/" in pattern else path.name, pattern)
        for pattern in patterns
        for path in paths
    )


class FileRules:
    """Rules that are not applied to the files which match a pattern; rules are codes."""

    def __init__(self, rules: Mapping[str, frozenset[str]]) -> None:
        self.rules = rules
        self._known: dict[str, frozenset[str]] = {}

    def ignores(self, finding: Finding) -> bool:
        """Whether a finding's rule is not applied to its file."""
        if not self.rules:
            return False
        name = source_line(finding.source).file
        if name is None:
            return False
        if name not in self._known:
            self._known[name] = self._codes(name)
        return finding.rule.code in self._known[name]

    def _codes(self, name: str) -> frozenset[str]:
        """Codes that are ignored for a file."""
        path = Path(name)
        absolute = path.absolute().as_posix()
        found = (
            codes
            for pattern, codes in self.rules.items()
            if fnmatchcase(absolute if "/" in pattern else path.name, pattern)
        )
        return frozenset().union(*found)
