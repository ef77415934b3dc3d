"""Requests and statuses as ``curl -v`` prints them, line by line, and ``http.client`` of Python at debug level."""

import re
from typing import Final

from cancelnorm.logs.ccxt_lines import Printed
from cancelnorm.logs.text_log import TextLog

__all__ = ["Transcript"]

_METHOD: Final = r"(?P<method>DELETE|GET|PATCH|POST|PUT) (?P<path>/\S*) HTTP/[0-9.]+"
_ASKED: Final = re.compile(rf"> {_METHOD}\s*")
_SENT: Final = re.compile(rf"send: b'{_METHOD}\\r\\n(?P<headers>.*)'\s*")
_ANSWERED: Final = re.compile(r"(?:< |reply: ')HTTP/[0-9.]+ (?P<status>[1-5][0-9]{2})\b.*")
_HOST: Final = re.compile(r"^host: *(\S+)", re.IGNORECASE | re.MULTILINE)
_STARTS: Final = (b"> ", b"< ", b">", b"<", b"send: b'", b"reply: '")
_MOST: Final = 100  # headers of a request


class Transcript:
    """The reader of these lines of one log; bodies are in lines of their own, and read as any other."""

    def __init__(self, log: TextLog) -> None:
        self._log = log
        self._open: tuple[int, str, str] | None = (
            None  # line, method and path of a request with its headers to come
        )
        self._headers: list[str] = []
        self._asked: tuple[str, str] | None = None  # method and URL of the request without an answer

    def take(self, number: int, line: bytes) -> bool:
        """Take a line if it is one of them."""
        if not line.startswith(_STARTS):
            return False
        text = line.decode("utf-8", "surrogateescape").rstrip()
        if found := _ASKED.fullmatch(text):
            self._open, self._headers = (number, found["method"], found["path"]), []
            return True
        if self._open is not None and text[0] == ">":
            if text != ">" and len(self._headers) < _MOST:
                self._headers.append(text[2:])
            else:
                self._end()
            return True
        if found := _SENT.fullmatch(text):
            self._ask(number, found["method"], found["path"], found["headers"].replace(r"\r\n", "\n"))
            return True
        if found := _ANSWERED.fullmatch(text):
            self._end()
            if self._asked is None:
                return False
            self._log.conversation.begin(*self._asked, int(found["status"]), number, self._log.channel())
            self._asked = None
            return True
        return False

    def _end(self) -> None:
        """Take the end of the headers of a request."""
        if self._open is not None:
            self._ask(*self._open, "\n".join(self._headers))

    def _ask(self, number: int, method: str, path: str, headers: str) -> None:
        """Keep a request whose headers are known."""
        self._open = self._asked = None
        if host := _HOST.search(headers):
            self._asked = method, f"https://{host[1]}{path}"
            if self._log.conversation.method_at(self._asked[1]) != method:  # the command line has told it
                self._log.ask(Printed(*self._asked, "", False, number, headers=headers))
