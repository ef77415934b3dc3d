"""Requests, answers and failures over HTTP, made of what a line of text says of them."""

import re
from collections.abc import Mapping
from typing import Final

from msgspec import Raw

from cancelnorm.logs.ccxt_lines import Failed, Printed
from cancelnorm.logs.text_errors import ErrorAnswer, timed_out_in
from cancelnorm.logs.text_words import Words

__all__ = ["broken_answer", "failure_of", "is_timeout", "quoted_answer", "scalar_in"]

# The name of an exception right before its request, as ``ReadTimeout: POST https://...``.
_TIMED_OUT: Final = re.compile(
    r"Time(?:d[oO]|o)ut(?:Error|Exception)?: (?:DELETE|GET|PATCH|POST|PUT) https?://"
)


def broken_answer(
    url: Words,
    status: int | None,
    number: int,
    at: int | None,
    headers: str,
    raw: bytes | None,
    data: bytes | None,
) -> Printed | None:
    """The answer of which a broken object, a page or an empty array is the body; None if it is none."""
    if status is None or data is None:
        return None
    text = data.decode("utf-8", "surrogateescape")
    return Printed(url.method or "", url.url or "", text, False, number, None, status, headers, at, raw)


def is_timeout(raised: Words, text: str) -> bool:
    """Tell whether an exception without a status says that no answer came in time, by its name or in its text."""
    if raised.status is not None:
        return False
    return _TIMED_OUT.search(text) is not None or (raised.is_exception and timed_out_in(text) is not None)


def failure_of(raised: Words, method: str, url: str, number: int, line: bytes) -> Failed:
    """An exception of ccxt without its class, which has the status of an answer or tells of a timeout."""
    is_timeout = raised.status is None
    return Failed(method, url, raised.venue or "", is_timeout, is_timeout, number, line, raised.status)


def quoted_answer(
    error: ErrorAnswer, url: str | None, number: int, at: int | None, line: bytes | None
) -> Printed:
    """The answer that an error quotes."""
    return Printed("", url or "", error.body.decode(), False, number, error.venue, error.status, "", at, line)


def scalar_in(members: Mapping[str, Raw], *keys: str) -> str | None:
    """The first text or number that an object has under some keys."""
    for key in keys:
        if key in members:
            found = bytes(members[key])
            return None if found[:1] in b"{[" else found.decode("utf-8", "replace").strip('"')
    return None
