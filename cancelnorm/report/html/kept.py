"""The findings that are shown one by one: the gravest get most room, and every group gets some."""

import re
from typing import Final

from cancelnorm.check.finding import Finding, Severity
from cancelnorm.check.statistics import GroupKey

__all__ = ["Kept"]

_FINDINGS: Final = 600  # some 500 KB of page where all have excerpts; more than there are groups
_GROUPS: Final = 500
_INDICES: Final = re.compile(r"\[[0-9]+\]")
_SHARES: Final = {Severity.ERROR: 4, Severity.WARNING: 2, Severity.INFO: 1}


class Kept:
    """The first findings of each group; the more findings and groups there are, the fewer of each."""

    def __init__(self) -> None:
        self.groups: dict[GroupKey, list[Finding]] = {}
        self._room = _FINDINGS
        self._count = 0

    def add(self, finding: Finding) -> None:
        """Keep a finding if its group has room."""
        key = self._key(finding)
        kept = self.groups.setdefault(key, [])
        if len(kept) < self._share(finding.severity):
            kept.append(finding)
            self._count += 1
            while self._count > _FINDINGS and self._room > 1:  # one of each group stays
                self._shrink()

    def _key(self, finding: Finding) -> GroupKey:
        """Key of the group in which a summary counts a finding."""
        path = _INDICES.sub("[*]", finding.path)
        key = GroupKey(finding.rule.code, finding.venue or "", finding.endpoint or "", path)
        if key in self.groups or len(self.groups) < _GROUPS:
            return key
        return GroupKey(key.code, "", "", "elsewhere")

    def _share(self, severity: Severity) -> int:
        return max(self._room * _SHARES[severity] // _SHARES[Severity.ERROR], 1)

    def _shrink(self) -> None:
        """Halve the room of every group."""
        self._room //= 2
        for kept in self.groups.values():
            del kept[self._share(kept[0].severity) :]
        self._count = sum(map(len, self.groups.values()))
