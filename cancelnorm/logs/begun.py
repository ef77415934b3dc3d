"""Answers of which the log has told the status, and whose body is in a later line."""

from collections.abc import Sequence
from typing import Final

from cancelnorm.logs.waiting import Waiting

__all__ = ["HEADERS", "Begun"]

HEADERS: Final = 40
"""Number of lines between the status of an answer and its body: the headers."""


class Begun:
    """The requests that wait for the body of an answer whose status is known, with the lines of the statuses."""

    def __init__(self) -> None:
        self._begun: list[tuple[Waiting, int]] = []

    def add(self, waiting: Waiting, line: int) -> None:
        """Note the status of an answer in a line."""
        self._pass_old(line)
        self._begun.append((waiting, line))

    def at(self, line: int) -> Sequence[Waiting]:
        """The requests whose body may be in a line."""
        self._pass_old(line)
        return [each for each, _ in self._begun]

    def remove(self, waiting: Waiting) -> None:
        """Remove a request whose body came."""
        self._begun = [(each, line) for each, line in self._begun if each is not waiting]

    def _pass_old(self, line: int) -> None:
        """Forget the answers whose body should have come before a line."""
        self._begun = [(each, at_line) for each, at_line in self._begun if line - at_line <= HEADERS]
