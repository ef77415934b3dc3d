"""The request of an answer that an exception quotes, by the exception before it, as Python prints chained ones."""

import re
from typing import Final, NamedTuple

from cancelnorm.logs.pairing import Channel
from cancelnorm.logs.told import TRACEBACK

__all__ = ["Cause", "Causes"]

_BLANKS: Final = 3  # lines from an exception to the line that says what it led to
_INDENTED: Final = (b" ", b"\t", b"")  # as the lines of a stack, or empty ones
_STACK: Final = b"Traceback"
# The name of an exception at the beginning of a line, as Python prints it, and what may be that of a venue.
_NAME: Final = re.compile(rb"(?:(?:[a-z_]\w{0,60}\.){1,8}[A-Z]\w{1,60}|[A-Z][a-z]{1,30}[A-Z]\w{1,60}): [a-z]")


class Cause(NamedTuple):
    """An error that names the URL of a request and the status of its answer, and not the answer itself."""

    url: str
    status: int
    line: int
    channel: Channel


class Causes:
    """The last such error of one log."""

    def __init__(self) -> None:
        self._last: Cause | None = None
        self._raised_at: int | None = None  # the line of the exception that it led to, or zero before that
        self._chained_at = 0

    @property
    def are_open(self) -> bool:
        """Whether the next line may be of an exception that one led to."""
        return self._last is not None and self._raised_at is not None

    def add(self, cause: Cause) -> None:
        """Note an error whose request the log does not have elsewhere."""
        self._last, self._raised_at = cause, None

    def chain(self, line: int) -> None:
        """Note a line which says that the exception right before led to the next one."""
        is_near = self._last is not None and 0 < line - self._last.line <= _BLANKS
        self._raised_at, self._chained_at = 0 if is_near else None, line

    def read(self, number: int, line: bytes) -> None:
        """Take a line: the exception is the first one behind the stack."""
        if self._raised_at is None:
            return
        is_late = number - self._chained_at > TRACEBACK
        if not is_late and (line[:1] in _INDENTED or line.startswith(_STACK)):
            return
        self._raised_at = None if is_late or self._raised_at or _NAME.match(line) is None else number

    def take(self, line: int, channel: Channel) -> Cause | None:
        """The error because of which the exception in a line was raised, if it was; once."""
        cause, at = self._last, self._raised_at
        self._last = self._raised_at = None
        return cause if cause is not None and at == line and cause.channel.may_be(channel) else None
