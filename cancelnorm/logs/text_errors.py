"""Errors of official libraries, whose texts repeat the code and the message of an answer."""

import re
from functools import cache
from typing import Final, NamedTuple

import msgspec

from cancelnorm import venues
from cancelnorm.logs.urls import valid
from cancelnorm.venue import ErrorText

__all__ = ["ErrorAnswer", "error_in", "timed_out_in"]

_SEPARATOR: Final = re.compile(r" - |\| |(?:Error|ERROR|WARNING|error): |\] ")  # before a message in a line
_DIGITS: Final = re.compile(r"-?[0-9]{1,12}(?![0-9])")
_STATUSES: Final = range(100, 600)
_TIMED_OUT: Final = re.compile(r"[tT]imed out|Timeout(?:Error|Exception)?\b(?!\s*=)")
_HOST: Final = re.compile(r"\bhost='([\w.-]{1,250})'")  # of urllib3


class ErrorAnswer(NamedTuple):
    """What an error repeats of an answer: its body, or only its HTTP status."""

    venue: str
    body: bytes
    status: int | None


@cache
def _texts() -> tuple[tuple[str, ErrorText], ...]:
    return tuple((name, text) for name, venue in venues.every().items() for text in venue.error_texts)


def error_in(text: str) -> ErrorAnswer | None:
    """The answer that an error in a line repeats; None if there is none."""
    for venue, form in _texts():
        at = text.find(form.before_code)
        code = _DIGITS.match(text, at + len(form.before_code)) if at >= 0 else None
        if code is None:
            continue
        if form.after_code is not None:
            if not text.startswith(form.after_code, code.end()):
                continue
            message = text[code.end() + len(form.after_code) :].partition(form.end or "\n")[0]
        elif int(code[0]) in _STATUSES:
            return ErrorAnswer(venue, b"", int(code[0]))
        else:
            start = max((match.end() for match in _SEPARATOR.finditer(text, 0, at)), default=0)
            message = text[start:at]
        body = {form.code: int(code[0]), form.message: valid(message.strip())}
        return ErrorAnswer(venue, msgspec.json.encode(body), None)
    return None


def timed_out_in(text: str) -> str | None:
    """The host whose answer did not come in time; empty if the line does not name it, None if it is about else."""
    if _TIMED_OUT.search(text) is None:
        return None
    host = _HOST.search(text)
    return host[1] if host else ""
