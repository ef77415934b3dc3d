"""The findings that are shown one by one: the gravest get most room, and every place gets some."""

import re
from typing import Final

from cancelnorm.check.finding import Finding, Severity
from cancelnorm.check.statistics import Place

__all__ = ["Kept"]

_FINDINGS: Final = 600  # some 500 KB of page where all have excerpts; more than there are places
_PLACES: Final = 500
_INDICES: Final = re.compile(r"\[[0-9]+\]")
_SHARES: Final = {Severity.ERROR: 4, Severity.WARNING: 2, Severity.INFO: 1}


class Kept:
    """The first findings of each place; the more findings and places there are, the fewer of each."""

    def __init__(self) -> None:
        self.places: dict[Place, list[Finding]] = {}
        self._room = _FINDINGS
        self._count = 0

    def add(self, finding: Finding) -> None:
        """Keep a finding if its place has room."""
        place = self._place(finding)
        kept = self.places.setdefault(place, [])
        if len(kept) < self._share(finding.severity):
            kept.append(finding)
            self._count += 1
            while self._count > _FINDINGS and self._room > 1:  # one of each place stays
                self._shrink()

    def _place(self, finding: Finding) -> Place:
        """What a finding has in common with others, as a summary counts it."""
        path = _INDICES.sub("[*]", finding.path)
        place = Place(finding.rule.code, finding.venue or "", finding.endpoint or "", path)
        if place in self.places or len(self.places) < _PLACES:
            return place
        return Place(place.code, "", "", "elsewhere")

    def _share(self, severity: Severity) -> int:
        return max(self._room * _SHARES[severity] // _SHARES[Severity.ERROR], 1)

    def _shrink(self) -> None:
        """Halve the room of every place."""
        self._room //= 2
        for kept in self.places.values():
            del kept[self._share(kept[0].severity) :]
        self._count = sum(map(len, self.places.values()))
