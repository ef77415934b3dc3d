"""Errors in lines of text that have their request, or their message, in a line beside them."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from msgspec import Raw

from cancelnorm import venues
from cancelnorm.logs.ccxt_lines import Printed
from cancelnorm.logs.item import Item
from cancelnorm.logs.text_errors import answer_of, error_in, error_marks
from cancelnorm.logs.text_log import TextLog
from cancelnorm.logs.text_objects import objects_in
from cancelnorm.logs.text_printed import quoted_answer, scalar_in
from cancelnorm.logs.text_words import words
from cancelnorm.logs.timestamps import leading
from cancelnorm.logs.tried import Tried
from cancelnorm.logs.urls import locate
from cancelnorm.logs.websocket import Channel

__all__ = ["ErrorLines"]

_URLS: Final = ("url", "requestUrl")
_SECOND_NS: Final = 1_000_000_000
_STACK: Final = 40  # lines between the message of an error of Node.js and its code


class ErrorLines:
    """The reader of these errors of one log."""

    def __init__(self, log: TextLog) -> None:
        self._log = log
        self._error: tuple[Printed, Channel] | None = None  # in the line before, without its request
        self._raised: tuple[int, str] | None = None  # the last error of Node.js: its line and its message

    @property
    def is_waiting(self) -> bool:
        """Whether the next line may have the request of an error."""
        return self._error is not None

    def keep(self, error: Printed) -> None:
        """Keep an error until the next line is read."""
        self._error = error, self._log.channel()

    def note(self, number: int, message: str) -> None:
        """Note the message of an error whose code is in a later line."""
        self._raised = number, message

    def raised(
        self,
        error: Mapping[str, Raw],
        number: int,
        venue: str | None,
        at: int | None,
        line: bytes | None,
        tried: Tried | None,
    ) -> Iterable[Item] | None:
        """Read an error of Node.js that has the code of an answer; None if it has none.

        Its message is in it, or in the line before the stack.
        """
        if "code" not in error:
            return None
        code, message = scalar_in(error, "code"), scalar_in(error, "message", "msg")
        if message is None and self._raised is not None and number - self._raised[0] <= _STACK:
            message = self._raised[1]
        if code is None or message is None:
            return None
        url = scalar_in(error, *_URLS)
        address = None if url is None else locate(None, url, hosts=self._log.options.hosts)
        name = venue if url is None else address.venue if address is not None else None
        sender = venues.find(name or "")
        if sender is None:
            return None
        answer = answer_of(code, message, sender.name)
        log = self._log
        if answer is None or (url is None and log.is_of_other((sender.name,), answer.body, tried)):
            return None
        method = None if url is None else log.conversation.method_at(url) or log.method_at(url)
        # A URL alone, where placements may have the same, tells less than the code.
        part = quoted_answer(answer, None if method is None else url, number, at, line)
        part = part._replace(method=method or "")
        return log.conversation.quote(part, None, log.source(number), log.channel())

    def raises(self, number: int, line: bytes) -> bool:
        """Whether a line has an error of a library and, behind it, its request, which ``end`` reads."""
        if b"://" not in line or not any(mark in line for mark in error_marks()):
            return False
        asked = self._asked(number, line)
        text = line.decode("utf-8", "surrogateescape")
        error = (
            None
            if asked is None
            else error_in(leading(text.partition(asked.url)[0], self._log.zone)[1], lambda: None)
        )
        if error is None:
            return False
        self.keep(quoted_answer(error, None, number, leading(text, self._log.zone)[0], line))
        return True

    def end(self, number: int, line: bytes) -> tuple[list[Item], bool]:
        """Read the error of the line before; and whether this line has its request, and nothing more.

        A request that is later by more than a second was sent after the error.
        """
        asked = self._asked(number, line)
        at = self._log.leading(line.decode("utf-8", "surrogateescape"))[0]
        before = None if self._error is None else self._error[0].at
        if at is not None and before is not None and at - before > _SECOND_NS:
            asked = None
        return list(self.quoted(asked)), asked is not None

    def quoted(self, asked: Printed | None = None) -> Iterator[Item]:
        """Read the error of the line before, if there was one."""
        if self._error is not None:
            (error, channel), self._error = self._error, None
            yield from self._log.conversation.quote(error, asked, self._log.source(error.line), channel)

    def _asked(self, number: int, line: bytes) -> Printed | None:
        """The request in a line behind an error; None if the line is something else."""
        head, brace, _ = line.partition(b"{")
        beside = words(head.decode("utf-8", "surrogateescape"))
        if beside.direction != "sent" or beside.url is None:
            return None
        found = objects_in(line)[0] if brace else []
        body = found[0].json.decode("utf-8", "surrogateescape") if found else ""
        return Printed(beside.method or "", beside.url, body, False, number)
