"""Selection of the findings shown one by one: severe ones get more room, and every group gets some."""

from typing import Final

from cancelnorm.check.finding import Finding, Severity
from cancelnorm.check.place import FIRST_OF_A_GROUP
from cancelnorm.check.statistics import GroupKey, group_key

__all__ = ["ShownFindings"]

_FINDINGS: Final = 600  # about 500 KB of page if all have excerpts; more than the number of groups
_GROUPS: Final = 500
_SHARES: Final = {Severity.ERROR: 4, Severity.WARNING: 2, Severity.INFO: 1}


class ShownFindings:
    """The first findings of each group, at most 250; the more there are in all, the fewer of each group."""

    def __init__(self) -> None:
        self.groups: dict[GroupKey, list[Finding]] = {}
        self._room = FIRST_OF_A_GROUP
        self._count = 0

    def add(self, finding: Finding) -> None:
        """Keep a finding if its group has room."""
        key = self._key(finding)
        group = self.groups.setdefault(key, [])
        if len(group) < self._share(finding.severity):
            finding.settle()
            group.append(finding)
            self._count += 1
            while self._count > _FINDINGS and self._room > 1:  # each group keeps at least one
                self._shrink()

    def _key(self, finding: Finding) -> GroupKey:
        """Key of the group that a summary counts a finding in."""
        key = group_key(finding)
        if key in self.groups or len(self.groups) < _GROUPS:
            return key
        return GroupKey(key.code, "", "", "elsewhere")

    def _share(self, severity: Severity) -> int:
        return max(self._room * _SHARES[severity] // _SHARES[Severity.ERROR], 1)

    def _shrink(self) -> None:
        """Halve the room of every group."""
        self._room //= 2
        for group in self.groups.values():
            del group[self._share(group[0].severity) :]
        self._count = sum(map(len, self.groups.values()))
