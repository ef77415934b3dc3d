"""Requests, answers and frames in the lines that the languages of ccxt print."""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from cancelnorm.logs.source import MAX_LINE_BYTES, Source, Unreadable
from cancelnorm.logs.timestamps import ns

__all__ = ["Failed", "Frame", "Printed", "printed"]


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


class Frame(NamedTuple):
    """A line of ccxt.pro about a WebSocket: ``connecting`` to an address, ``sending`` or ``message``."""

    word: str
    text: str
    at: int | None
    line: int
    raw: bytes


class Failed(NamedTuple):
    """A line with the exception of a request that was not answered; ``is_timeout`` if it says so."""

    method: str
    url: str
    exchange: str
    is_timeout: bool
    line: int
    raw: bytes


_DICT: Final = r"\{(?:'(?:[^'\\]|\\.)*+'|\"(?:[^\"\\]|\\.)*+\"|[^'\"{}])*+\}"
_PYTHON: Final = re.compile(
    r"(?P<lead>.*?)fetch (?:Request|Response): (?P<exchange>[a-z]\w*) (?P<method>[A-Z]+) (?P<url>\S+)"
    r"(?: (?P<status>\d{3}))?"
    r" Re(?:quest|sponse)Headers: (?P<headers>.*?) Re(?:quest|sponse)Body: ?(?P<body>.*)",
    re.DOTALL,
)
_LOGGED: Final = re.compile(
    r"(?P<lead>.*?)\b(?P<method>[A-Z]{3,7}) (?P<url>https?://\S+), "
    rf"(?:Request: (?P<asked>{_DICT}|None)|Response: (?P<status>\d{{3}}) (?P<headers>{_DICT})) ?(?P<body>.*)",
    re.DOTALL,
)
_START: Final = re.compile(
    r"fetch Re(?:quest|sponse):|handleRestResponse:|Array$|.*, (?:Request: [{N]|Response: \d{3} \{)"
)
_FRAME: Final = re.compile(
    r"(?P<time>\d{4}-\d\d-\d\dT[\d:.]+Z) (?:(?P<word>sending|message) (?P<text>.+)"
    r"|connecting to (?P<url>wss?://\S+).*)",
    re.DOTALL,
)
_FAILED: Final = re.compile(
    r"\b(?P<kind>RequestTimeout|NetworkError|ExchangeNotAvailable|ExchangeError)\b[:('\" ]{1,4}"
    r"(?P<exchange>[a-z]\w*) (?P<method>[A-Z]{3,7}) (?P<url>https?://[^\s'\")]+)"
)
_CLOCK: Final = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?")
_PART: Final = re.compile(r" {4}\[\d+\] => ?(.*)")  # of a table in PHP


def printed(source: Source) -> Iterator[Printed | Failed | Frame | Unreadable]:
    """Find requests, answers, failures and frames, in the order of the log; other lines are ignored."""
    open_: _Block | None = None
    for number, line in source.all_lines():
        if line is None:
            open_ = None
            reason = f"longer than {MAX_LINE_BYTES >> 20} MiB"
            yield Unreadable(f"{source.name}:{number}", "line", reason)
            continue
        text = line.decode("utf-8", "surrogateescape").rstrip("\r")
        if open_ is not None and _starts(text):
            yield from open_.result(source.name)
            open_ = None
        if open_ is None:
            if (frame := _FRAME.fullmatch(text)) is not None:
                yield _frame(frame, number, line)
                continue
            if "http" in text and (match := _FAILED.search(text)) is not None:
                yield _failed(match, number, line)
                continue
            open_ = _begun(text, number, line)
        else:
            open_.add(text)
        if open_ is not None and open_.is_over:
            yield from open_.result(source.name)
            open_ = None
    if open_ is not None and not source.damage:
        yield from open_.result(source.name)


def _frame(match: re.Match[str], number: int, line: bytes) -> Frame:
    return Frame(
        match["word"] or "connecting", match["text"] or match["url"], ns(match["time"]), number, line
    )


def _failed(match: re.Match[str], number: int, line: bytes) -> Failed:
    is_timeout = match["kind"] == "RequestTimeout"
    return Failed(match["method"], match["url"], match["exchange"], is_timeout, number, line)


def _starts(text: str) -> bool:
    """Tell whether a line begins a request or an answer, which ends the one before it."""
    return ("Re" in text or text == "Array") and _START.match(text) is not None


def _begun(text: str, number: int, line: bytes) -> "_Block | None":
    if text == "Array":
        return _Block("php", text, number)
    if text.rstrip() in ("fetch Request:", "handleRestResponse:"):
        return _Block("js", text, number)
    if ("Request: " in text or "Response: " in text) and (match := _PYTHON.fullmatch(text)):
        return _Block("python", text, number, line, match)
    if (", Request: " in text or ", Response: " in text) and (match := _LOGGED.fullmatch(text)):
        return _Block("python", text, number, line, match)
    return None


class _Block:
    """A request or an answer whose lines are collected."""

    def __init__(
        self,
        language: str,
        text: str,
        number: int,
        raw: bytes | None = None,
        match: re.Match[str] | None = None,
    ) -> None:
        self.is_over = False
        self._language = language
        self._number = number
        self._raw = raw
        self._match = match
        self._lines = [text]
        self._body: list[str] | None = None
        if match is not None:
            self._add_body(match["body"])

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

    def _add_body(self, text: str) -> None:
        self._body = self._body or []
        self._body.append(text)
        self.is_over = _is_whole(self._body[0], text)

    def result(self, name: str) -> Iterator[Printed | Unreadable]:
        """Yield the request or the answer; nothing for a table of the program, or an incomplete request."""
        found = {"php": self._php, "js": self._js, "python": self._python}[self._language]()
        if found is not None:
            yield found
        elif "Response:" in self._lines[2 if self._language == "php" and len(self._lines) > 2 else 0]:
            yield Unreadable(f"{name}:{self._number}", "line", "incomplete answer")

    def _python(self) -> Printed | None:
        if self._match is None or self._body is None:
            return None
        found = self._match.groupdict()
        clock = _CLOCK.search(found["lead"])
        return Printed(
            found["method"],
            found["url"],
            _text(self._body),
            "exchange" not in found,
            self._number,
            found.get("exchange"),
            int(found["status"]) if found["status"] else None,
            found.get("headers") or found.get("asked") or "",
            ns(clock[0]) if clock else None,
            self._raw,
        )

    def _js(self) -> Printed | None:
        words = self._lines[1].split() if len(self._lines) > 1 else []
        is_answer = "Response" in self._lines[0]
        if self._body is None or len(words) < 3 + is_answer:
            return None
        return self._printed(words, "\n".join(self._lines[2:]), _text(self._body))

    def _php(self) -> Printed | None:
        parts = [(at, m[1]) for at, line in enumerate(self._lines) if (m := _PART.match(line))]
        body = next((at for at, text in parts if text in ("RequestBody:", "ResponseBody:")), None)
        if body is None or self._lines[-1] != ")":
            return None
        words = [text.strip() for _, text in parts[1:5]]
        shown = [(m[1] if (m := _PART.match(line)) else line) for line in self._lines[body + 1 : -1]]
        return self._printed(words, "\n".join(self._lines[5:body]), _text(shown))

    def _printed(self, words: list[str], headers: str, body: str) -> Printed | None:
        exchange, method, url, *status = words
        is_answer = "fetch Request:" not in "".join(self._lines[:3])
        if is_answer and not (status and status[0].isdecimal()):
            return None
        code = int(status[0]) if is_answer else None
        return Printed(method, url, body, False, self._number, exchange, code, headers)


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
