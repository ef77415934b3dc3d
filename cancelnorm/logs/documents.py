"""Documents and notations that hold answers, but not as they were sent: what each is, and how to get the answers."""

import re
from typing import Final

__all__ = ["advice_on"]

_ADVICE: Final = (
    (
        re.compile(rb'"_source"\s*+:\s*+\{\s*+"layers"\s*+:'),
        "packets as Wireshark lists them; save the text of their HTTP or WebSocket streams (Follow), and read that",
    ),
    (
        re.compile(rb"<items burpVersion="),
        "items of Burp; copy their requests and responses as text, or record the traffic as HAR",
    ),
    (
        re.compile(rb"\bmap\[\w++:|\{[A-Z]\w*+:[^\"'\s{}]*+ [A-Z]\w*+:"),
        "objects as Go prints them with %v, without quotes and exact numbers; log the JSON of them, or the body",
    ),
    (
        re.compile(rb"^ *+\[\w++\] => |\]=>\s*+(?:string|int|array)\(", re.MULTILINE),
        "objects as PHP's print_r or var_dump prints them; log the JSON of them (json_encode), or the body",
    ),
)


def advice_on(head: bytes) -> str | None:
    """What a log is of which nothing can be read, and what to do; None if it is none of these."""
    return next((advice for begins, advice in _ADVICE if begins.search(head)), None)
