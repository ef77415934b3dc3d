"""Bodies of answers in lines of text that are no object: arrays of texts, a text behind its status, or a page."""

import re
from typing import Final

__all__ = ["plain_body", "said_behind"]

_TEXT: Final = rb"""(?:"[^"'\\\s]{1,200}+"|'[^"'\\\s]{1,200}+')"""  # Python prints it in single quotes
_TEXTS: Final = rb"\[\s*(?:" + _TEXT + rb"\s*(?:,\s*" + _TEXT + rb"\s*)*)?\]"
_BEHIND_STATUS: Final = rb"\b[1-5][0-9]{2}\b[\s:>=-]{1,8}(" + _TEXT + rb")"
_BODY: Final = re.compile(
    rb"(?:[\s>:](" + _TEXTS + rb"|<(?:!doctype\s+html|html)\b.*)|" + _BEHIND_STATUS + rb")\s*\Z",
    re.IGNORECASE | re.DOTALL,
)
# An answer that is no object, behind its request. The words of its status are one only if no body says otherwise: the
# server failed, or refuses for too many requests. Of another status the body may be in the next line.
_ARROW: Final = rb"\s*+(?:[-=]{1,3}>|<[-=]{1,3})\s*+"
_BEHIND: Final = re.compile(
    _ARROW
    + rb"(?:([1-5][0-9]{2})(?![\w:.])[\s:>=-]++("
    + _TEXTS
    + rb"|"
    + _TEXT
    + rb"|null|<(?i:!doctype\s+html|html)\b.*|[A-Z][a-z]++(?: [\w'/-]++){4,}[.!]?)"
    + rb"|(408|418|429|5[0-9]{2})((?:[ :-]++[A-Z][A-Za-z' -]{1,40}+)?))\s*\Z",
    re.DOTALL,
)


def said_behind(request: bytes) -> tuple[int, bytes] | None:
    """The status and the body of an answer that is no object, behind its request; None if there is none."""
    said = _BEHIND.match(request)
    return None if said is None else (int(said[1] or said[3]), _unquoted(said[2] or said[4]))


def plain_body(line: bytes) -> bytes | None:
    """The body at the end of a line that has no object: an array of texts, a text behind the status, or a page."""
    body = _BODY.search(line)
    if body is None:
        return None
    return _unquoted(body[1] or body[2])


def _unquoted(body: bytes) -> bytes:
    """An array of texts or a text as JSON has it; a page, or plain words, as they are."""
    return body.replace(b"'", b'"') if body[:1] in b"['" else body
