"""Members with a secret, in a text of any notation: where they begin, and where their values end."""

import re
from collections.abc import Iterable
from typing import Final

from cancelnorm.secret_names import FIRST, LAST, NUMBER, START, WORDS, Login, begins
from cancelnorm.secret_values import QUOTE, SPACE, masked, value_end

__all__ = ["LENGTH", "member_pattern", "without_members"]

LENGTH: Final = r"string\([0-9]{1,9}\) (?=\\{0,15}\")"  # as PHP dumps a text
# A quote with all backslashes before it, which are scanned once, or with none.
_MARK: Final = r"(?:(?<!\\)\\{1,15}+[\"']|[\"'])"
# What separates a name in quotes from its value: a colon, ``=>``, ``] =``, and what PHP has: ``:Class":private] =>``,
# ``;s:64:``.
_BESIDE: Final = r"(?::[\w\\:\"]{1,80}+\]\s*+=>|\]\s*+=>?+(?!=)|\s*+(?::|=>)|;s:[0-9]{1,9}:)"
_NAME_KEY: Final = "(?:name|key|k|header|field)"
_VALUE_KEY: Final = "(?:values?|v)"
# Up to two members may be between the name and the value: a type, a description.
_LISTED: Final = (
    r"(?P=listed)\s*+,\s*+(?:(?P=listed)\w{1,20}+(?P=listed)\s*+:\s*+(?:(?P=listed)[^\"'\\]{0,80}+(?P=listed)"
    rf"|\w{{1,20}}+)\s*+,\s*+){{0,2}}?(?P=listed){_VALUE_KEY}(?P=listed)\s*+:"
)
_LISTED_BACKWARDS: Final = (
    rf"(?P<valued>{_MARK}){_VALUE_KEY}(?P=valued)\s*+:(?=\s*+(?P=valued)[^\"'\\]{{1,600}}+(?P=valued)\s*+,"
    rf"\s*+(?P=valued){_NAME_KEY}(?P=valued)\s*+:\s*+(?P=valued)NAMED(?P=valued))"
)
_LOGIN: Final = (
    r"(?P<MARK>QUOTE)OPERATION(?P=MARK)\s*+:\s*+(?P=MARK)WORD(?P=MARK)[^\[\]{}]{0,80}?"
    r"(?P=MARK)PARAMETERS(?P=MARK)\s*+:"
)
_LOGIN_BACKWARDS: Final = (
    r"(?P<MARK>QUOTE)PARAMETERS(?P=MARK)\s*+:(?=\s*+\[[^\[\]]{0,600}+\]\s*+,[^\[\]{}]{0,80}?"
    r"(?P=MARK)OPERATION(?P=MARK)\s*+:\s*+(?P=MARK)WORD(?P=MARK))"
)


def member_pattern(declared: tuple[str, ...], logins: Iterable[Login], *exact: str) -> re.Pattern[str]:
    """The beginning of a member up to its value; its only group is the quote, escaped as it is there.

    A member of an object, the first of a pair in an array or a tuple, a header in HAR, or the parameters of
    a login, which stand behind or before its operation.
    """
    last = "|".join((LAST, *declared))
    named = (
        rf"(?:[\w .-]{{0,40}}?{begins(*FIRST, *declared)}(?:(?:{WORDS})[\w .-]{{0,40}}+|{START}(?:{last}){NUMBER})"
        rf"{'|'.join(('', *exact))})"
    )
    forms = [
        rf"(?P<mark>{_MARK}){named}(?P=mark){_BESIDE}",
        rf"[\[(,]\s*+b?(?P<first>{QUOTE}){named}(?P=first)\s*+,",
        rf"(?P<listed>{_MARK}){_NAME_KEY}(?P=listed)\s*+:\s*+(?P=listed){named}{_LISTED}",
        _LISTED_BACKWARDS.replace("NAMED", named),
        rf"(?<![\w-])name[ \t]*+:[ \t]*+(?P<yaml>{_MARK}|){named}(?P=yaml)[ \t]*+(?:,|[\r\n]++)[ \t]*+value[ \t]*+:",
    ]
    for number, login in enumerate(logins):
        operation, word, parameters = ("|".join(map(re.escape, keys)) for keys in login)
        for mark, form in ((f"after{number}", _LOGIN), (f"before{number}", _LOGIN_BACKWARDS)):
            forms.append(
                form.replace("QUOTE", _MARK)
                .replace("MARK", mark)
                .replace("OPERATION", f"(?:{operation})")
                .replace("WORD", f"(?:{word})")
                .replace("PARAMETERS", f"(?:{parameters})")
            )
    opens = r"(?=[\"'\\\[(,]|(?-i:[nN][aA][mM][eE]))"
    return re.compile(
        rf"{opens}(?:{'|'.join(forms)}){SPACE}(?:(?:\((?=b?[\"']))?b?(?=[\"'])|{LENGTH})?", re.IGNORECASE
    )


def without_members(text: str, member: re.Pattern[str], mask: str) -> str:
    """Put a mask in the place of the values of members: texts, numbers and whole objects alike."""
    pieces: list[str] = []
    at = 0
    while match := member.search(text, at):
        start = match.end()
        mark = match[match.lastindex or 0]
        end = value_end(text, match.start(), start, mark)
        pieces += (text[at:start], masked(text[start:end], mark, mask))
        at = end
    return "".join((*pieces, text[at:]))
