"""Answers to placements: objects that words beside them, or in the line before, call the order that was placed."""

import re
from collections.abc import Iterable
from typing import Final

from cancelnorm.logs.cancel_at import is_open

__all__ = ["asks_to_place", "is_before_placed", "says_placed", "tells_no_end"]

_LONGEST: Final = 400  # bytes of words, the last ones
_MARK: Final = re.compile(rb"plac|creat|submit|order", re.IGNORECASE)
_PLACED: Final = re.compile(
    r"\b(?:plac(?:e|es|ed|ing)|creat(?:e|es|ed|ing)|submit(?:s|ted|ting)?)\s(?:[^\s:.(){}]{1,20}\s){0,3}"
    r"(?:orders?|buy|sell|stop-?loss|take-?profit)\b"
    r"|\borders?\s(?:(?:was|has|been|is|successfully|live)\s){0,3}(?:placed|created|submitted|placement)\b"
    r"|\b(?:market|limit|stop|oco|twap|iceberg|buy|sell)\sorders?\s(?:response|result|success|failed)\b"
    r"|\border\ssuccess\b"
    r"|\b(?:place|create|submit)_?(?:[a-z]{1,20}_)?orders?(?:_[a-z]{1,20})?(?:\(\))?:? (?:order )?"
    r"(?:failed|error|result|response)\b",
    re.IGNORECASE,
)
_PLACING: Final = re.compile(
    r"\b(?:plac(?:e|ing)|creat(?:e|ing)|submit(?:ting)?)\s(?:[^\s:.(){}]{1,20}\s){0,3}"
    r"(?:orders?|buy|sell|stop-?loss|take-?profit)\b",
    re.IGNORECASE,
)
# The parameters of one that is sent.
_SIDE: Final = re.compile(r"\bside[\"']?\s?[:=]\s?[\"']?(?:buy|sell)\b", re.IGNORECASE)
_SIZE: Final = re.compile(r"\b(?:quantity|qty|amount|size|sz)[\"']?\s?[:=]", re.IGNORECASE)
_KNOWN: Final = re.compile(r"(?<!client)(?:order|ord)_?id|orig_?client|status", re.IGNORECASE)
_SIDES: Final = (b"side", b"Side", b"SIDE")
_ANSWERED: Final = (
    b'"orderId"',
    b'"status"',
    b'"ordId"',
)  # in an order that a venue sent, as hardly a line has not
# What a program calls a cancel, or another end of an order, anywhere in a word.
_ENDED: Final = re.compile(
    r"abort|amend|cancel|clos(?:e|ing)|cxl|delet|edit|kill|modif|remov|replac|revok|storn|withdr|expir|reject",
    re.IGNORECASE,
)


def says_placed(words: bytes) -> bool:
    """Tell whether words beside an object call it the order that was placed, and say nothing of an end."""
    return _says(_PLACED, words)


def is_before_placed(line: bytes) -> bool:
    """Tell whether a line says that an order is being placed, or has the parameters of one, and none of an end."""
    return asks_to_place(line) or (b"{" not in line and _says(_PLACING, line))


def _says(what: re.Pattern[str], words: bytes) -> bool:
    end = words[-_LONGEST:]
    if _MARK.search(end) is None:
        return False
    text = end.decode("utf-8", "replace")
    return what.search(text) is not None and _ENDED.search(text) is None


def asks_to_place(data: bytes) -> bool:
    """Tell whether a line has the parameters of an order that is placed, and neither its id nor what became of it."""
    if not any(map(data.__contains__, _SIDES)) or any(map(data.__contains__, _ANSWERED)):
        return False
    line = data.decode("utf-8", "replace")
    return all(each.search(line) for each in (_SIDE, _SIZE)) and not (
        _KNOWN.search(line) or _ENDED.search(line)
    )


def tells_no_end(venues: Iterable[str], payload: bytes, words: bytes) -> bool:
    """Tell whether neither an answer of some venues nor the words beside it say of an order that it ended."""
    if _ENDED.search(words.decode("utf-8", "replace")):
        return False
    return all(is_open(venue, payload) for venue in venues)
