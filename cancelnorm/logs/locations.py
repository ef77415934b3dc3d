"""Locations: the sources of records, ``file:line``, and what they name."""

import re
from typing import Final, NamedTuple

from cancelnorm.caching import cached

__all__ = ["Locations", "SourceLine", "source_line"]


class Locations:
    """Sources of records that are no lines: ``file:line`` of the line on which a record begins.

    Further records on the same line are numbered: the second is ``file:line#2``.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._line = 0
        self._number = 0

    def at(self, line: int) -> str:
        """Source of the next record."""
        self._number = self._number + 1 if line == self._line else 1
        self._line = line
        return f"{self._name}:{line}#{self._number}" if self._number > 1 else f"{self._name}:{line}"


class SourceLine(NamedTuple):
    """File and line of a source, if it names them."""

    file: str | None
    line: int | None


_SOURCE: Final = re.compile(r"(.*):([0-9]{1,18})(?:#[0-9]{1,18})?", re.DOTALL)


@cached(256)
def source_line(source: str | None) -> SourceLine:
    """Split a source, ``file:line`` or ``file:line#n``; a source without a line is a file."""
    if source is None:
        return SourceLine(None, None)
    if match := _SOURCE.fullmatch(source):
        return SourceLine(match[1], int(match[2]))
    return SourceLine(source, None)
