"""Members with a secret, in a text of any notation: where they begin, and where their values end."""

import re
from collections.abc import Iterable
from typing import Final

from cancelnorm.secret_names import FIRST, SIGN, START, WORDS, Login, begins

__all__ = ["LENGTH", "QUOTE", "SPACE", "member_pattern", "without_members"]

QUOTE: Final = r"\\{0,15}[\"']"  # of a text within a text
SPACE: Final = r"(?>(?:\s++|\\{1,15}[nrt])*)"
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
    last = "|".join((SIGN, *declared))
    named = (
        rf"(?:[\w .-]{{0,40}}?{begins(*FIRST, *declared)}(?:(?:{WORDS})[\w .-]{{0,40}}+|{START}(?:{last}))"
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
        end = _value_end(text, start, mark)
        pieces += (text[at:start], _masked(text[start:end], mark, mask))
        at = end
    return "".join((*pieces, text[at:]))


_OPENING: Final = re.compile(QUOTE)
# The rest of a text that Python broke over several lines.
_MORE: Final = re.compile(rf"\s++b?({QUOTE})(?![\s,:)}}\]])")
_SLICE: Final = re.compile(r"\[\][\w.]{1,40}(?=\{)")  # as Go prints it: ``[]string{"…"}``
_BARE: Final = re.compile(r"[^\s,}\]]*")
_YAML: Final = re.compile(r"[^\r\n,}]*")  # has spaces where the name has no quotes


def _value_end(text: str, at: int, mark: str) -> int:
    """The end of the value that begins here; ``mark`` is a quote as it is escaped around it."""
    if sliced := _SLICE.match(text, at):
        at = sliced.end()
    if text[at : at + 1] in ("[", "{"):
        return _enclosed_end(text, at, mark or '"')
    if opening := _OPENING.match(text, at):
        end = _text_end(text, opening.end(), opening[0])
        while more := _MORE.match(text, end):
            end = _text_end(text, more.end(), more[1])
        return end
    bare = (_BARE if mark else _YAML).match(text, at)
    return bare.end() if bare else at


def _text_end(text: str, at: int, mark: str) -> int:
    """The end of a quoted text; the end of everything if it is truncated.

    In a text within texts, each of which doubled the backslashes, the closing quote has as many backslashes
    before it as the opening one, behind any number of the text's own, which are twice as many and two.
    """
    escapes, quote = len(mark) - 1, mark[-1]
    start = at
    while (end := text.find(quote, at)) >= 0:
        before = end - start - len(text[start:end].rstrip("\\"))
        if before % (2 * escapes + 2) == escapes:
            return end + 1
        at = start = end + 1
    return len(text)


def _enclosed_end(text: str, at: int, mark: str) -> int:
    """The end of an object or an array; brackets in its texts do not count."""
    depth = 0
    token = re.compile(rf"{re.escape(mark)}|[\[\]{{}}]")
    while found := token.search(text, at):
        at = found.end()
        if found[0] == mark:
            at = _text_end(text, at, mark)
        elif found[0] in ("[", "{"):
            depth += 1
        else:
            depth -= 1
            if not depth:
                return at
    return len(text)


def _masked(value: str, mark: str, mask: str) -> str:
    """The mask in place of a value, quoted as that was; an empty value needs none."""
    opening = _OPENING.match(value)
    if opening is None:
        return value if value in ("", "null") else f"{mark}{mask}{mark}"
    quote = opening[0]
    closed = len(value) >= 2 * len(quote) and value.endswith(quote)
    if closed and len(value) == 2 * len(quote):
        return value
    return f"{quote}{mask}{quote if closed else ''}"
