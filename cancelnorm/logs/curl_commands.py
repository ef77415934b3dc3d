"""Commands of curl that go over several lines, as shells and browsers write them."""

import re
from typing import Final

__all__ = ["Commands"]

_CONTINUED: Final = (b"\\", b"\\\r")
_BODIES: Final = (b"{", b"[")  # what begins so is an answer, and no option of curl
_DATA: Final = re.compile(rb"\s(?:-d|--data(?:-[a-z]{1,20})?)[ =]{0,4}\\\r?$")  # which are in the next line
_CURL: Final = re.compile(rb"\bcurl\s")
_MOST_LINES: Final = 40


class Commands:
    """The command of which the lines so far were read."""

    def __init__(self) -> None:
        self._lines: list[tuple[int, bytes]] = []

    @property
    def is_open(self) -> bool:
        """Whether the next line may go on with a command."""
        return bool(self._lines)

    def is_over(self, line: bytes) -> bool:
        """Tell whether a line is what the command answered, although its last line goes on."""
        return self.is_open and line[:1] in _BODIES and not _DATA.search(self._lines[-1][1])

    def takes(self, line: bytes) -> bool:
        """Tell whether a line is one of a command."""
        return self.is_open or (line.endswith(_CONTINUED) and _CURL.search(line) is not None)

    def add(self, number: int, line: bytes) -> bool:
        """Add a line of a command; return whether that goes on."""
        self._lines.append((number, line))
        return line.endswith(_CONTINUED) and len(self._lines) < _MOST_LINES

    def take(self) -> tuple[int, bytes]:
        """The number of the first line of the command, and all of them."""
        lines, self._lines = self._lines, []
        return lines[0][0], b"\n".join(line for _, line in lines)

    def drop(self) -> int:
        """Forget the command; return how many lines it had."""
        lines, self._lines = self._lines, []
        return len(lines)
