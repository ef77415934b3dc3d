"""The request of an answer that an exception quotes, by the exception before it, as Python prints chained ones."""

from typing import Final, NamedTuple

from cancelnorm.logs.told import TRACEBACK

__all__ = ["Cause", "Causes"]

_BLANKS: Final = 3  # lines from an exception to the line that says what it led to


class Cause(NamedTuple):
    """An error that names the URL of a request and the status of its answer, and not the answer itself."""

    url: str
    status: int
    line: int


class Causes:
    """The last such error of one log."""

    def __init__(self) -> None:
        self._last: Cause | None = None
        self._chained_at: int | None = None  # the line which says that it led to the next exception

    def add(self, cause: Cause) -> None:
        """Note an error whose request the log does not have elsewhere."""
        self._last, self._chained_at = cause, None

    def chain(self, line: int) -> None:
        """Note that the next exception was raised because of the one right before."""
        is_near = self._last is not None and 0 < line - self._last.line <= _BLANKS
        self._chained_at = line if is_near else None

    def take(self, line: int) -> Cause | None:
        """The error because of which the exception in a line was raised, if it was; once."""
        cause, at = self._last, self._chained_at
        self._last = self._chained_at = None
        return cause if at is not None and line - at <= TRACEBACK else None
