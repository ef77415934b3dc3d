"""Requests and answers in the lines that the languages of ccxt print, in all its versions."""

import re
from collections.abc import Callable, Iterator
from datetime import tzinfo
from typing import Final, NamedTuple

from cancelnorm.logs.item import Unreadable
from cancelnorm.logs.limits import too_long
from cancelnorm.logs.timestamps import ns

__all__ = ["Blocks", "Failed", "Printed", "failed"]


class Printed(NamedTuple):
    """A request, or an answer, which has a status; ``headers`` is a table as the language prints it."""

    method: str
    url: str
    body: str
    is_logged: bool  # by Python's logger
    line: int
    exchange: str | None = None
    status: int | None = None
    headers: str = ""
    at: int | None = None
    raw: bytes | None = None  # the line, if it is a single one


class Failed(NamedTuple):
    """A line with the exception of a request that was not answered; ``is_timeout`` if it says so.

    It ``is_lost`` if no answer came at all. One that was answered by a server on the way has a ``status`` and what
    the line has of the ``body``.
    """

    method: str
    url: str
    exchange: str
    is_timeout: bool
    is_lost: bool
    line: int
    raw: bytes
    status: int | None = None
    body: str = ""


_DICT: Final = r"\{(?:'(?:[^'\\]|\\.)*+'|\"(?:[^\"\\]|\\.)*+\"|[^'\"{}])*+\}"
_PYTHON: Final = re.compile(
    r"fetch (?:Request|Response): (?P<exchange>[a-z]\w*+) (?P<method>[A-Z]++) (?P<url>\S++)"
    r"(?: (?P<status>\d{3}))? Re(?:quest|sponse)Headers: "
)
_CUT_PYTHON: Final = re.compile(r"fetch Request: (?P<exchange>[a-z]\w*+) (?P<method>[A-Z]++) (?P<url>\S++) ")
_BODY: Final = re.compile(r" Re(?:quest|sponse)Body: ?")
_OLD_PYTHON: Final = re.compile(
    r"Re(?:quest|sponse): (?P<method>[A-Z]{3,7}) (?P<url>https?://\S++)(?: (?P<status>\d{3}))?"
    rf" (?:(?P<asked>{_DICT}|None) )(?P<body>.*)",
    re.DOTALL,
)
_LOGGED: Final = re.compile(r", (?:Request: (?=[{N])|Response: (?P<status>\d{3}) (?=\{))")
_REQUESTED: Final = re.compile(r"(?:\W|^)(?P<method>[A-Z]{3,7}) (?P<url>https?://\S++)$")
_ASKED: Final = re.compile(rf"(?P<asked>{_DICT}|None) ?(?P<body>.*)", re.DOTALL)
_STATUS: Final = re.compile(r"[0-9]{3}")
_LONGEST_URL: Final = 8_192
_STARTS: Final = ("fetch Request:", "fetch Response:", "handleRestResponse:", "fetch:", "Array")
_KINDS: Final = (
    *("RequestTimeout", "NetworkError", "ExchangeNotAvailable", "ExchangeError", "OnMaintenance"),
    *("DDoSProtection", "RateLimitExceeded", "AuthenticationError", "PermissionDenied", "AccountSuspended"),
    *("BadRequest", "BadResponse", "NullResponse", "OperationFailed", "OperationRejected"),
)
_FAILED: Final = re.compile(
    rf"\b(?P<kind>{'|'.join(_KINDS)})\b(?:[:('\" ]{{1,4}}|\. Message: )"  # the second of Freqtrade
    r"(?P<exchange>[a-z]\w*) (?P<method>[A-Z]{3,7}) (?P<url>https?://[^\s'\")]+)"
    r"(?: (?P<status>[1-5][0-9]{2})(?: [A-Z][\w '-]{0,60}?)?(?=[ '\")\r]*$|\s*[<{\[])\s*(?P<body>.*))?",
    re.DOTALL,
)
_CLOCK: Final = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?")
_ASKED_OF: Final = re.compile(r"\s*[a-z]\w* [A-Z]+(?: |$)")  # an exchange and a method
# A console has the name of the file and the number of its line before what is printed.
_JAVASCRIPT: Final = re.compile(
    r"(?:[\w.-]{1,60}\.js:\d{1,6} )?(?:fetch Request|handleRestResponse|fetch): *"
)
_PART: Final = re.compile(r" {4}\[\d+\] => ?(.*)")  # of a table in PHP


class Blocks:
    """The requests and answers in the lines of one log, each a line or several."""

    def __init__(self, source_of: Callable[[int], str], zone: tzinfo, max_bytes: int) -> None:
        self._source_of = source_of  # a line, by its number
        self._zone = zone
        self._max_bytes = max_bytes
        self._open: _Block | None = None
        self._size = 0  # of the lines of the one that is open

    @property
    def is_open(self) -> bool:
        """Whether the lines before have begun a request or an answer."""
        return self._open is not None

    def takes(self, line: bytes) -> bool:
        """Tell whether a line may belong to a request or an answer; False is certain."""
        if self._open is not None:
            return True
        brace = line.find(b"{")  # nothing in an object tells
        end = brace if brace >= 0 else len(line)
        return (
            line.find(b"Response", 0, end) >= 0
            or line.find(b"Request", 0, end) >= 0
            or line.startswith((b"fetch:", b"Array"))
            or line.rstrip().endswith(b" fetch:")
        )

    def take(self, number: int, line: bytes) -> tuple[list[Printed | Unreadable], bool]:
        """Take the next line: what ends in it or before it, and whether the line belongs to any of these."""
        text = line.decode("utf-8", "surrogateescape").rstrip("\r")
        done: list[Printed | Unreadable] = []
        if self._open is not None and text and _starts(text):
            self._open.is_followed = True
            done += self.end()
        if self._open is None:
            self._open = self._begun(text, number, line)
            self._size = len(line)
            if self._open is None:
                return done, False
        elif self._size + len(line) > self._max_bytes:
            done.append(Unreadable(self._source_of(self._open.number), "line", too_long(self._max_bytes)))
            self._open = None
            return done, True
        else:
            self._size += len(line)
            self._open.add(text)
        if self._open.is_over:
            done += self.end()
        return done, True

    def end(self) -> list[Printed | Unreadable]:
        """Close what is open, because the log or a line of it ends."""
        block, self._open = self._open, None
        return [] if block is None else list(block.result(self._source_of))

    def drop(self) -> None:
        """Forget what is open, because a line of it is missing."""
        self._open = None

    def _begun(self, text: str, number: int, line: bytes) -> "_Block | None":
        if text == "Array":
            return _Block("php", text, number, self._zone)
        if _JAVASCRIPT.fullmatch(text):
            return _Block("js", text, number, self._zone)
        match = _python(text)
        return None if match is None else _Block("python", text, number, self._zone, line, match)


def failed(text: str, number: int, line: bytes) -> Failed | None:
    """The exception of a request without an answer in a line; None if there is none."""
    match = _FAILED.search(text) if "http" in text else None
    if match is None:
        return None
    is_timeout = match["kind"] == "RequestTimeout"
    is_lost = is_timeout or match["kind"] == "NetworkError"
    status = int(match["status"]) if match["status"] else None
    body = (match["body"] or "").rstrip("'\") \r")
    url = match["url"].replace("&amp;", "&")  # of a page or a chat
    return Failed(match["method"], url, match["exchange"], is_timeout, is_lost, number, line, status, body)


def _starts(text: str) -> bool:
    """Tell whether a line begins a request, an answer or a line with a time, which ends the one before it."""
    if text.startswith(_STARTS) or _JAVASCRIPT.fullmatch(text) or _CLOCK.match(text) is not None:
        return True
    return _OLD_PYTHON.match(text) is not None or _LOGGED.search(text) is not None


def _python(text: str) -> dict[str, str | None] | None:
    """The parts of a request or an answer that Python prints or logs in one line."""
    at = text.find("fetch Re")
    if at >= 0:
        head = _PYTHON.match(text, at) or _CUT_PYTHON.match(text, at)
        if head is None:
            return None
        body = _BODY.search(text, head.end() - 1)
        end, start = body.span() if body else (len(text), len(text))  # the line is cut
        shown = {"lead": text[:at], "headers": text[head.end() : end], "body": text[start:]}
        return {"status": None, **head.groupdict(), **shown}
    if match := _OLD_PYTHON.fullmatch(text):
        return match.groupdict()
    marker = _LOGGED.search(text)
    if marker is None:
        return None
    start = max(0, marker.start() - _LONGEST_URL)
    head = _REQUESTED.search(text, text.rfind(" http", start, marker.start()) - 8, marker.start())
    if head is None:
        return None
    asked = _ASKED.match(text, marker.end())
    if asked is None:
        return None
    return {**head.groupdict(), "lead": text[: head.start()], "status": marker["status"], **asked.groupdict()}


class _Block:
    """A request or an answer whose lines are collected."""

    def __init__(
        self,
        language: str,
        text: str,
        number: int,
        zone: tzinfo,
        raw: bytes | None = None,
        match: dict[str, str | None] | None = None,
    ) -> None:
        self.is_over = False
        self.is_followed = False  # by another one, so that its last line is whole
        self._language = language
        self.number = number
        self._zone = zone
        self._raw = raw
        self._match = match
        self._lines = [text]
        self._body: list[str] | None = None
        if match is not None:
            self._add_body(match["body"] or "")

    def add(self, text: str) -> None:
        """Take the next line."""
        if self._language == "php":
            self._lines.append(text)
            # A table of the program itself is dropped at once.
            self.is_over = text == ")" or (len(self._lines) == 3 and " => fetch Re" not in text)
        elif self._body is not None:
            self._raw = None
            self._add_body(text)
        elif text.strip() in ("RequestBody:", "ResponseBody:"):
            self._body = []
        else:
            self._lines.append(text)
            if len(self._lines) == 2 and _ASKED_OF.match(text) is None:
                self.is_over = True  # the program's own line
            elif self._is_after_headers(text):
                self._body = []

    def _is_after_headers(self, text: str) -> bool:
        """Tell whether a body follows: until 2021, JavaScript printed it right behind the headers."""
        is_old = len(self._lines) > 3 and self._lines[2].strip() in ("Request:", "Response:")
        return is_old and text.rstrip()[-1:] == "}"

    def _add_body(self, text: str) -> None:
        self._body = self._body or []
        self._body.append(text)
        self.is_over = _is_whole(self._body[0], text)

    def result(self, source_of: Callable[[int], str]) -> Iterator[Printed | Unreadable]:
        """Yield the request or the answer; nothing for a table of the program.

        A request that is cut behind its URL has no body, one that is cut before is nothing.
        """
        found = {"php": self._php, "js": self._js, "python": self._python}[self._language]()
        if found is not None:
            yield found
        elif "Response:" in self._lines[2 if self._language == "php" and len(self._lines) > 2 else 0]:
            yield Unreadable(source_of(self.number), "line", "incomplete answer")

    def _python(self) -> Printed | None:
        if self._match is None or self._body is None:
            return None
        found = self._match
        clock = _CLOCK.search(found.get("lead") or "")
        return Printed(
            found["method"] or "",
            found["url"] or "",
            _text(self._body),
            "asked" in found and "lead" in found,
            self.number,
            found.get("exchange"),
            int(found["status"]) if found["status"] else None,
            found.get("headers") or found.get("asked") or "",
            ns(clock[0], self._zone) if clock else None,
            self._raw,
        )

    def _js(self) -> Printed | None:
        words = self._lines[1].split() if len(self._lines) > 1 else []
        is_whole = len(self._lines) >= 3 or self.is_followed
        is_cut = self._body is None and (self._is_answer or not is_whole)
        if is_cut or len(words) < 3 + self._is_answer:
            return None
        return self._printed(words, "\n".join(self._lines[2:]), _text(self._body or []))

    def _php(self) -> Printed | None:
        parts = [(at, m[1]) for at, line in enumerate(self._lines) if (m := _PART.match(line))]
        rows = (at for at, text in parts if text in ("RequestBody:", "ResponseBody:"))
        body = next(rows, None) if self._lines[-1] == ")" else None
        is_cut = body is None and (self._is_answer or len(parts) < 5)
        words = [text.strip() for _, text in parts[1:5]]
        if is_cut or len(words) < 3:
            return None
        shown = [] if body is None else self._lines[body + 1 : -1]
        lines = [(m[1] if (m := _PART.match(line)) else line) for line in shown]
        return self._printed(words, "\n".join(self._lines[5:body]), _text(lines))

    @property
    def _is_answer(self) -> bool:
        return re.search("fetch(?: Request)?:", "".join(self._lines[:3])) is None

    def _printed(self, words: list[str], headers: str, body: str) -> Printed | None:
        exchange, method, url, *status = words
        is_answer = self._is_answer
        if is_answer and not (status and _STATUS.fullmatch(status[0])):
            return None
        code = int(status[0]) if is_answer else None
        return Printed(method, url, body, False, self.number, exchange, code, headers)


def _text(lines: list[str]) -> str:
    return "\n".join(lines).strip()


def _is_whole(first: str, last: str) -> bool:
    """Tell whether a body with this first line ends in that last line: JSON at its bracket, HTML at its tag."""
    match first.lstrip()[:1]:
        case "<":
            return "</html>" in last.lower()
        case "{" | "[":
            return not last.strip() or (last.rstrip()[-1:] if last is first else last[:1]) in ("}", "]")
        case _:
            return True
