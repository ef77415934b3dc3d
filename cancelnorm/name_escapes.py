"""Escapes of letters, digits and hyphens, in which JSON, Python, HTML, URLs and shells may write a name.

None of these has to be escaped anywhere; where one is, what a text says is looked for without its escapes.
"""

import re
from typing import Final

__all__ = ["has_escape", "may_have_escape", "unescaped"]

# A letter, a digit, ``_`` or ``-``, by its number.
_HEX: Final = "(?:2d|3[0-9]|4[1-9a-f]|5[0-9af]|6[1-9a-f]|7[0-9a])"
_DECIMAL: Final = "(?:45|4[89]|5[0-7]|6[5-9]|[78][0-9]|90|95|9[7-9]|1[01][0-9]|12[0-2])"
_OCTAL: Final = "(?:055|06[0-7]|07[01]|1(?:0[1-7]|[12][0-7]|3[0-27]|4[1-7]|[56][0-7]|7[0-2]))"
_ESCAPED: Final = re.compile(
    rf"\\{{1,15}}+(?:(?:u00|x|U000000)(?P<code>{_HEX})|u\{{0{{0,4}}(?P<braces>{_HEX})\}}|(?P<octal>{_OCTAL}))"
    rf"|&(?:amp;){{0,3}}\#(?:0{{0,5}}(?P<decimal>{_DECIMAL})|x0{{0,5}}(?P<entity>{_HEX}));"
    rf"|%(?:25){{0,3}}(?P<percent>{_HEX})",
    re.IGNORECASE,
)
_MOST_LAYERS: Final = 4


def has_escape(text: str) -> bool:
    """Whether a letter, a digit or a hyphen of a text is escaped."""
    return may_have_escape(text) and _ESCAPED.search(text) is not None


def may_have_escape(text: str) -> bool:
    """The same, for certain only if not; whatever the digits in the text are."""
    return "%" in text or "\\" in text or "&" in text


def unescaped(text: str) -> str:
    """A text without such escapes, also where they are escaped themselves."""
    for _ in range(_MOST_LAYERS):
        if not may_have_escape(text) or (plain := _ESCAPED.sub(_character, text)) == text:
            break
        text = plain
    return text


def _character(match: re.Match[str]) -> str:
    if octal := match["octal"]:
        return chr(int(octal, 8))
    if decimal := match["decimal"]:
        return chr(int(decimal))
    return chr(int(match["code"] or match["braces"] or match["entity"] or match["percent"], 16))
