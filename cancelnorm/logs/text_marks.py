"""Signs that a line without an object has something of a request or an answer; most lines of a log have none."""

import re
from typing import Final

__all__ = ["MARKS", "is_silent", "may_lose", "may_say_words"]

_SHORT: Final = 256  # bytes of a line in which one search for all marks is faster than one for each


class _Marks:
    """Some texts, one of which a line has to have."""

    def __init__(self, *marks: bytes) -> None:
        self.all = marks
        self._search = re.compile(b"|".join(map(re.escape, marks))).search

    def __add__(self, other: "_Marks") -> "_Marks":
        return _Marks(*self.all, *other.all)

    def are_in(self, line: bytes) -> bool:
        """Tell whether a line has one of them."""
        if len(line) < _SHORT:
            return self._search(line) is not None
        return any(map(line.__contains__, self.all))


_WORDS: Final = _Marks(
    *(b"://", b"HTTP/", b"DELETE", b"GET", b"PATCH", b"POST", b"PUT"),  # the methods with a path alone
    *(b"ode", b"tatus", b"STATUS", b"Error", b" error", b"ailed", b"label: ", "码".encode()),
    *(b" Gateway", b"navailable", b"Too Many", b"HTTP response"),  # of a page of a server on the way
    b"HTTP request",  # of .NET
    b"(4",  # the status of an error that Python prints as a tuple
)
_WAITED: Final = _Marks(
    *(b"imed out", b"imeout", b"TIMEDOUT", b"deadline exceeded"),
    *(b"hang up", b"ECONN", b"EPIPE", b"EAI_AGAIN", b"ENOTFOUND", b"roken pipe", b"EOF"),
    *(b"onnection reset", b"onnection aborted", b"onnection refused", b"Max retries", b"isconnected"),
)
_OF_OTHER_LINES: Final = (
    _Marks(  # of what goes over several lines, or of what a terminal or a page put into a line
        *(b"Request", b"Response", b"fetch:", b"Array", b"bove exception", b"--> END", b"curl", b" P "),
        *(b"\x1b[", b"&", b"< TEXT", b"< CONT"),
        b"[]",  # an answer that has nothing
        *(b"<html", b"<HTML", b"<!doctype", b"<!DOCTYPE"),  # a page in the place of an answer
    )
)
_CANCEL: Final = re.compile(rb"cancel", re.IGNORECASE)
_ANY: Final = _WORDS + _WAITED + _OF_OTHER_LINES
MARKS: Final = _ANY.all
"""What a line has, one of these at least, if it says something beside the objects in it."""


def may_say_words(line: bytes) -> bool:
    """Tell whether the words of a line may be those of a request, an answer or an error; False is certain."""
    return _WORDS.are_in(line)


def may_lose(line: bytes) -> bool:
    """Tell whether a line may say that a request waited in vain; False is certain."""
    return _WAITED.are_in(line)


def is_silent(line: bytes) -> bool:
    """Tell whether a line says nothing but in the objects in it, if it is none of several that belong together.

    True is certain.
    """
    return not _ANY.are_in(line) and (b"{" not in line or _CANCEL.search(line) is None)
