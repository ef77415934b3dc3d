"""Messages of HTTP over several lines: request lines with their headers, and status lines.

So ``curl -v``, HTTPie, Python's ``http.client`` at debug level, wire logs of Java, Resty of Go and others print them,
with or without something before each line.
"""

import re
from typing import Final, NamedTuple

from cancelnorm.logs.ccxt_lines import Printed
from cancelnorm.logs.pairing import Channel
from cancelnorm.logs.text_log import Around, TextLog
from cancelnorm.logs.timestamps import leading

__all__ = ["Transcript"]

_BEFORE: Final = r"(?P<before>(?:[^{}/]|/(?!/)){0,200}?(?<![\w/]))"  # no URL
_METHOD: Final = r"(?P<method>DELETE|GET|PATCH|POST|PUT) +(?P<path>/\S*) +HTTP/[0-9.]+"
_ASKED: Final = re.compile(rf"{_BEFORE}{_METHOD}(?:\[\\r\]\[\\n\])?[\"'`]?\s*")
# The whole of a message in quotes, as Python, Go and Rust print it.
_SENT: Final = re.compile(
    rf"(?P<before>.{{0,200}}?b?(?P<quote>[\"'`])){_METHOD}\\r\\n"
    r"(?P<headers>(?:(?!(?P=quote))[^\\]|\\.)*+)(?P=quote)\s*"
)
_NO_BREAK: Final = re.compile(r"\\(?=[\"'\\])")  # before a quote in a quoted text
_ANSWERED: Final = re.compile(rf"{_BEFORE}HTTP/[0-9.]+ (?P<status>[1-5][0-9]{{2}})\b[^{{/]{{0,100}}")
# A form and, right behind it, an answer, as in a stream of TCP.
_BEHIND_FORM: Final = re.compile(r"(?P<form>\w{1,40}=[^\s{}]{1,4000}?)(?=HTTP/1\.[01] [1-5][0-9]{2}\b)")
# Of headers; a line of a program may begin with a word and a colon, too.
_HEADER: Final = re.compile(
    r"\s*(?::|\w+-[\w-]*+ *:|(?:accept|age|connection|cookie|date|expires|host|key|nonce|origin|pragma|referer|server"
    r"|sign|te|timestamp|upgrade|vary|via) *:|headers?\b)",
    re.IGNORECASE,
)
_PLAIN_HEADER: Final = re.compile(r"[A-Za-z][A-Za-z-]{1,60}: ?[^{]*$")
_OF_PROGRAM: Final = re.compile(r"\b(?:DELETE|GET|PATCH|POST|PUT)\b|HTTP/")  # a line of its own
_HOST: Final = re.compile(r"(?:^|[^\w-])host *: *([\w.-]+(?::[0-9]+)?)", re.IGNORECASE | re.MULTILINE)
_HANDSHAKE: Final = "sec-websocket-"
_MARK: Final = b"HTTP/"
_EITHER: Final = re.compile(rb"HTTP/[0-9.]{1,3} [1-5][0-9]{2}\b|(?:DELETE|GET|PATCH|POST|PUT) +/")
_PARTS: Final = re.compile(r"[0-9]+|[^0-9]+")
_OF_CURL: Final = ">"  # before each line of a request
# That a transfer of curl is over; it may have several at a time.
_OVER: Final = re.compile(rb"left intact|[Cc]losing connection|timed out|curl: \([0-9]")
_KNOWN: Final = 1_000  # lines with requests
_MOST: Final = 100  # headers of a request


class _Open(NamedTuple):
    """A request whose headers are to come: its line, what that said of its connection, and the words before it."""

    number: int
    line: bytes
    around: Around | None
    channel: Channel
    before: str
    method: str
    path: str


class Transcript:
    """The reader of these lines of one log; bodies are in lines of their own, and read as any other."""

    def __init__(self, log: TextLog) -> None:
        self._log = log
        self._open: _Open | None = None
        self._headers: list[str] = []
        self._asked: tuple[str, str] | None = None  # method and URL of the request without an answer
        self._of_curl: Printed | None = None  # the last request of curl
        self._is_over = False  # its transfer
        self._known: dict[int, None] = {}  # lines with requests, each of one message

    @property
    def is_open(self) -> bool:
        """Whether the next line may be a header of a request."""
        return self._open is not None

    def take(self, number: int, line: bytes) -> bool:
        """Take a line if it is one of them."""
        if self._open is None and _MARK not in line:
            self._is_over |= self._of_curl is not None and _OVER.search(line) is not None
            return False
        text = line.decode("utf-8", "surrogateescape").rstrip()
        if self._open is not None and self._takes_header(text):
            return True
        if _MARK not in line or _EITHER.search(line) is None:
            return False
        if found := _ASKED.fullmatch(text):
            log, self._headers = self._log, []
            self._open = _Open(
                number, line, log.around, log.channel(), *found.group("before", "method", "path")
            )
            return True
        if found := _SENT.fullmatch(text):
            headers, _, body = found["headers"].partition(r"\r\n\r\n")
            self._headers = headers.split(r"\r\n")
            self._ask(number, found["before"], found["method"], found["path"], _NO_BREAK.sub("", body))
            return True
        if found := _BEHIND_FORM.match(text):
            self._log.bodies.takes_line(number, found["form"])
            text = text[found.end() :]
        if found := _ANSWERED.fullmatch(text):
            self._log.bodies.end()
            asked, self._asked = self._asked, None
            self._is_over |= found["status"][0] == "3"  # where it goes, it is another request
            return self._log.conversation.statuses.begin_near(
                asked, int(found["status"]), number, self._log.channel()
            )
        return False

    def end(self, channel: Channel | None = None) -> None:
        """Take the end of the log, or a line of a connection that is none of a message."""
        if self._open is not None and (channel is None or self._open.channel.may_be(channel)):
            self._end(self._open)

    def _takes_header(self, text: str) -> bool:
        """Take a header of the open request; any other line ends it, and only an empty one is a part of it.

        What stands before the request line stands before each header, or before none, where a logger wrote the whole
        message as one text.
        """
        if self._open is None:
            return False
        lead = _like(self._open.before).match(text)
        inner = text if lead is None else text[lead.end() :]
        is_of_message = lead is not None or (_PLAIN_HEADER.match(text) and not _OF_PROGRAM.search(text))
        is_its = self._open.channel.may_be(self._log.channel())
        if is_its and is_of_message and len(self._headers) < _MOST and _HEADER.match(inner):
            self._headers.append(inner)
            return True
        self._end(self._open)
        return is_its and not inner.strip("\"'[]\\rn ")

    def _end(self, asked: _Open) -> None:
        """Take the end of the headers of a request, which is of the connection of its own line."""
        self._open = None
        with self._log.inside(asked.around, asked.line):
            self._ask(asked.number, asked.before, asked.method, asked.path)

    def _ask(self, number: int, before: str, method: str, path: str, body: str = "") -> None:
        """Keep a request whose headers are known, and whose body is, unless it is in a later line."""
        headers = "\n".join(self._headers)
        host = _HOST.search(headers)
        if _HANDSHAKE in headers.casefold():
            self._asked = None
            if host is not None:
                self._log.connect(f"wss://{host[1]}{path}")
            return
        self._asked = method, f"https://{host[1]}{path}" if host is not None else path
        at = leading(before, self._log.zone)
        request = Printed(*self._asked, body, False, number, headers=headers, at=at[0])
        if at[1].strip() == _OF_CURL and self._of_curl is not None:
            self._log.bodies.end()
            if self._is_over:
                self._log.conversation.give_up(self._of_curl)
        lines = self._log.conversation.lines_at(method, request.url)
        line = next((each for each in lines if each not in self._known), None)
        if line is None:
            self._log.ask(request)
        else:  # the command line has told it, or one of the program
            self._log.bodies.end()
            request = request._replace(line=line)
            if body:
                self._log.conversation.complete(request, body)
        if at[1].strip() == _OF_CURL:
            self._of_curl, self._is_over = request, False
        self._known[request.line] = None
        if len(self._known) > _KNOWN:
            del self._known[next(iter(self._known))]
        self._log.bodies.begin(request, at[1])


def _like(before: str) -> re.Pattern[str]:
    """What is before each line of a message: the same as before its first one, with other digits, as of a time."""
    parts = _PARTS.findall(before.rstrip())
    return re.compile("".join("[0-9]+" if part[0].isdigit() else re.escape(part) for part in parts))
