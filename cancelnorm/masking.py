"""Masking of secrets in a text of any kind."""

import re
from collections.abc import Iterable
from functools import cache
from typing import Final, NamedTuple

from cancelnorm.caching import cached
from cancelnorm.credentials import CREDENTIAL_HINTS, may_show_credential, without_credentials
from cancelnorm.name_escapes import has_escape, may_have_escape, unescaped
from cancelnorm.secret_members import LENGTH, member_pattern, without_members
from cancelnorm.secret_mentions import without_mentions
from cancelnorm.secret_names import (
    FIRST,
    KEY,
    NUMBER,
    OF_KEYS,
    SHORT,
    START,
    begins,
    declarations,
    known_names,
    may_end_name,
)
from cancelnorm.secret_values import OPENS, QUOTE, SPACE, lines_end, opened_end

__all__ = [
    "MASK",
    "fingerprint",
    "id_without_secrets",
    "may_show_secret",
    "may_show_secret_but_for_digits",
    "without_secrets",
]

MASK: Final = "[redacted]"


def fingerprint(secret: str) -> str:
    """Replace a secret by a text that is the same for the same secret and reveals nothing else."""
    from hashlib import sha256  # loads OpenSSL, which most never need

    return f"[redacted {sha256(secret.encode()).hexdigest()[:8]}]"


_ESCAPED_QUOTE: Final = r"(?:&(?:quot|#34|#x22);|\\{1,15}+u0022)"
_COLON: Final = rf"{_ESCAPED_QUOTE}\s*+(?::|\\{{1,15}}+u003a)\s*+{_ESCAPED_QUOTE}"
_PERCENT: Final = "%(?:25){0,3}"
# Separators of a name and its value, besides a colon: ``=``, ``] => `` as PHP prints it, HTML tags, also as they are
# escaped in a URL, in HTML and in the JSON of Gson. The white space before it has been taken, and is given back by no
# pattern: otherwise it would be scanned once for each of its parts.
_SEPARATORS: Final = (
    r"=(?!>)|(?::[\w\\:]{1,80}+\s*+)?(?:\]\s*+)?=>|\[|\\{1,15}+u003d"
    rf"|\((?=\s*+\w?{QUOTE})"
    rf"|[\"']\s++value=|{QUOTE};s:[0-9]{{1,9}}:"
    rf"|{_PERCENT}3d|(?:{_PERCENT}22)?(?:{_PERCENT}20|\+){{0,4}}{_PERCENT}3a|{_COLON}"
    r"|(?>(?:</?[^<>]{0,80}+>\s*+){1,4})(?:<!\[CDATA\[)?"
    r"|(?:(?<=\s)[\w-]{1,40}+=[\"'][^<>]{0,80}+)?(?<=[\w\"'])>(?:<!\[CDATA\[)?"
)
_SEPARATOR: Final = rf"(?::=(?!>)|(?:-{{1,2}}|(?<=-))>|[\u2192\u21d2]|{_SEPARATORS})"
# Behind the end of a value, if that is the name of another one: the quote was an apostrophe, or stands around both.
_ANOTHER: Final = r"(?:(?:(?<=[=:])|(?<=[=:] ))\\{0,15}[\"'](?=\w)[^\"'\\]++){0,8}+"
# A colon behind a name, whose closing quote may be escaped; a reader of CSV may have left its backslash alone.
_NAME_COLON: Final = rf"(?:{QUOTE}\s*+|\\{{1,15}})?:(?!=)"
_HEADER: Final = re.compile(
    begins("x-", "api", "access", "set", "cookie", "authorization")
    + r"(?P<head>(?:x-[\w-]{3,44}+(?:(?<=key)|(?<=sign))|(?:api|access)-(?:key|sign|passphrase)"
    rf"|(?:(?:set-)?cookies?|authorization){NUMBER})"
    rf"\s*+(?:{_NAME_COLON}|{_SEPARATOR})\s*+)(?!null\b)"
    rf"(?:(?P<open>{OPENS})|(?P<quote>\w{{0,20}}\(?{QUOTE})(?![\s,:}}\]])[^\"'\\\r\n]++"
    rf"|[^\r\n\"'\\]++(?>(?:(?:\\{{0,15}}\"[^\"\\\r\n]*+\\{{0,15}}\"[^\"\\\r\n;,]*+;"
    rf"|(?<=\w=)(?:{QUOTE})[\w./+=%:~-]++{QUOTE}(?!\s*+[:}}\]]))[^\r\n\"'\\]*+)*))",
    re.IGNORECASE,
)
_REST: Final = re.compile(r"[^\r\n\"'\\]*+")  # of a header behind brackets
# The user and the password in a URL, also as PHP writes it in JSON, and where doubled slashes were made one.
_USER_INFO: Final = re.compile(r"(?<=[A-Za-z0-9]:)((?:\\{0,3}/){1,2})[^\s/?#@\"'<>\\]{1,400}(?=@)")
# The same within the query of another URL.
_QUOTED_USER_INFO: Final = re.compile(
    rf"({_PERCENT}3a(?:{_PERCENT}2f){{2}})[^\s/?#@&\"'<>\\]{{1,400}}?(?={_PERCENT}40)", re.IGNORECASE
)
# A key or a signature without a name: nothing else is as long without a break.
_LONGEST_WORD: Final = 60
_LONG: Final = re.compile(rf"[A-Za-z0-9]{{{_LONGEST_WORD},}}")
# Such a word has ten characters in a row among every sixth of the text, which are found ten times as fast.
_STEP: Final = 6
_LONG_SAMPLE: Final = re.compile(rf"[A-Za-z0-9]{{{_LONGEST_WORD // _STEP}}}")
# What stands before ``KEY`` in the name of a secret, unless that has another hint; in ASCII and lower case.
_NAMED_KEY: Final = re.compile(
    r"(?:api|access|encryption|signing|master|wallet)[-_ ]?key|x-[\w-]{0,50}key", re.ASCII
)
_SEPARATES: Final = re.compile(
    r"[=:\[(\\%<>&\u2192\u21d2]"
)  # one of these is in anything between a name and its value
_PAIRED_SIGN: Final = re.compile(
    rf"{begins('secret', 'sign', 'passphrase')}(?<![\w-])(?<!:[\"'])(?<!: [\"'])(?<!:\\[\"'])(?<!: \\[\"'])"
    # ``"API secret"`` is a name of its own, perhaps itself beside ``key``.
    rf"(?:(?<!\w )(?:secret|sign|passphrase){QUOTE}|(?:secret|sign|passphrase)\]?)\s*+"
    r"(?:[:=,]|(?:\]\s*+)?=>)",
    re.IGNORECASE,
)


class _Named(NamedTuple):
    """How secrets are named, besides words that name one anywhere."""

    separator: str
    keys: str
    short: str  # words that do so before a separator, or a colon and a space
    at_colon: str  # words that do so before any colon
    is_mentioned: bool  # whether words do so in a sentence or a table


_IN_TEXT: Final = _Named(
    _SEPARATOR,
    OF_KEYS,
    rf"{START}(?:sign|{SHORT}{NUMBER}(?!\w))|mnemonic|passcode|seed[-_ ]?phrase",
    rf"(?:secret|private[-_ ]?key|pass(?:phrase|code|word|wd)|mnemonic)\w{{0,20}}+\s*+{_NAME_COLON}",
    is_mentioned=True,
)
# A user may call an order ``secret:1``, ``pin: 1234`` or ``sign->2``.
_IN_ID: Final = _Named(
    f"(?:{_SEPARATORS})",
    "(?:api|access|private|secret)[-_ ]?key",
    rf"{START}(?:sign|(?:sig|hmac|pass|pwd)(?!\w))",
    "(?!)",
    is_mentioned=False,
)


class _Rules(NamedTuple):
    """What is in a text that shows a secret: general hints, together with the declarations of venues."""

    words: tuple[
        str, ...
    ]  # a text without any of them in lower case, nor ``KEY`` or a long word, shows no secret
    words_with_zeros: tuple[str, ...]  # those of them that have digits, with zeros in their place
    texts: tuple[tuple[str, re.Pattern[str]], ...]


@cache
def _rules() -> _Rules:
    texts = declarations().texts
    shown = (*known_names().hints, *CREDENTIAL_HINTS, *map(_lowered, texts))
    words = _shortest(hint for hint in shown if hint != KEY)
    return _Rules(
        words=words,
        words_with_zeros=tuple(re.sub("[1-9]", "0", word) for word in words if re.search("[1-9]", word)),
        texts=tuple(
            (word, re.compile(rf"({re.escape(word)})(?:{pattern})", re.DOTALL))
            for word, pattern in texts.items()
        ),
    )


@cache
def _with_values(named: _Named, *exact: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Patterns of members and of parameters that hold a secret, also of those with one of the exact names.

    They take long to compile, and most runs have no text that needs them.
    """
    declared = known_names().declared
    return member_pattern(declared, declarations().logins, *exact), _assigned(named, declared, *exact)


def _shortest(hints: Iterable[str]) -> tuple[str, ...]:
    """The hints that contain no other one."""
    found: list[str] = []
    for hint in sorted(hints, key=len):
        if not any(known in hint for known in found):
            found.append(hint)
    return tuple(found)


def _assigned(named: _Named, declared: tuple[str, ...], *exact: str) -> re.Pattern[str]:
    """A parameter, or an element of XML or of a form, with its value.

    A client order id may begin with ``sign:``, so after short words a colon counts only where something
    separates the value from it.
    """
    names = (
        *(f"{START if name.isalnum() else ''}{name}" for name in declared),
        *(rf"(?<![\w-]){name}" for name in exact),
    )
    own = "".join(rf"|{name}{NUMBER}\s*+(?:{_NAME_COLON}|{named.separator})" for name in names)
    return re.compile(
        rf"{begins(*FIRST, *declared, *exact)}"
        rf"(?P<head>(?:(?:{named.keys}(?: id)?(?![-_ ]?(?:name|label)\b)"
        r"|(?:api|access)[-_ ]?sign|api[-_ ]signature|signature)"
        rf"[\w-]{{0,20}}+\s*+(?:{named.separator}|{_NAME_COLON}(?![\w\\:\"]{{1,80}}+\]\s*+=>))"
        rf"|{named.at_colon}"
        rf"|{START}auth(?!\w)\s*+{named.separator}(?!\s*+(?:\w{{0,20}}\(?\\{{0,15}}[\"']|\w{{1,10}}://))"
        rf"|(?-i:(?<=[{{ ])(?:A(?:PI|pi))?(?:Secret|Token|Passphrase|Password)\w{{0,20}}+:)"
        rf"|(?:{named.short}|secret|private[-_ ]?key|credential|token|pass(?:phrase|word|wd))[\w-]{{0,20}}+\s*+"
        rf"(?:{_NAME_COLON}(?=[\s\"'\[]|\w{{1,3}}[\"'])|{named.separator}){own}){SPACE})"
        rf"(?:(?P<open>{OPENS})|(?:{LENGTH}|\w{{0,20}}\(?)(?P<quote>\\{{0,15}}[\"'])(?![\s,:}}\]])[^\"'\\]++{_ANOTHER}"
        r"|(?!null\b)(?:\[|(?:(?<=[=:])|(?<=[=:] ))<(?=[^<>\s]{1,200}>))?(?:[^\s\[\]&,;}\"'<\\]|\\{1,15}/)++\]?)",
        re.IGNORECASE,
    )


def without_secrets(text: str) -> str:
    """Mask every secret in a text: the values of members, headers and parameters that are named like one.

    The text may be anything from a word to a line of a log, whole or truncated. So the form of a value beside
    its name decides, and in doubt it is masked.
    """
    return _masked(text, _IN_TEXT)


def id_without_secrets(text: str) -> str:
    """Mask every secret in the id of an order: words that a user may have chosen for it name none."""
    return _masked(text, _IN_ID)


def _masked(text: str, named: _Named) -> str:
    masked = _without_secrets(text, named)
    if (plain := unescaped(masked)) != masked and (again := _without_secrets(plain, named)) != plain:
        return again
    return masked


def _without_secrets(text: str, named: _Named) -> str:
    """The same, where no name is escaped."""
    rules = _rules()
    for word, pattern in rules.texts:
        if word in text:
            text = pattern.sub(rf"\1{MASK}", text)
    if not may_show_secret(text):
        return text
    # In a text in which ``sign`` or ``secret`` is a name, ``key`` names a secret too.
    member, assigned = _with_values(named, "key") if _PAIRED_SIGN.search(text) else _with_values(named)
    if "@" in text:
        text = _USER_INFO.sub(rf"\1{MASK}", text)
    text = without_credentials(text, MASK)
    if named.is_mentioned:
        text = without_mentions(text, MASK)
    if "%" in text:
        text = _QUOTED_USER_INFO.sub(rf"\1{MASK}", text)
    text = without_members(text, member, MASK)
    if _SEPARATES.search(text):
        text = _without_values(_without_values(text, _HEADER), assigned)
    return _LONG.sub(MASK, text) if _has_long_word(text) else text


def may_show_secret(text: str) -> bool:
    """Tell whether a text, or any part of it, may have a secret to mask; False is certain."""
    if _has_long_word(text) or may_show_credential(text) or has_escape(text) or "%40" in text:
        return True
    lowered = _lowered(text)
    if _has_word(lowered, _rules().words) or may_end_name(lowered):
        return True
    return KEY in lowered and _NAMED_KEY.search(lowered) is not None


def _lowered(text: str) -> str:
    """A text in lower case, in which every letter that ``IGNORECASE`` takes for one of ASCII is this one."""
    if text.isascii():
        return text.lower()
    return text.replace("\u0130", "i").lower().replace("\u0131", "i").replace("\u017f", "s")


def _has_long_word(text: str) -> bool:
    """Whether a text has a word so long that it is a key or a signature."""
    if len(text) < _LONGEST_WORD or _LONG_SAMPLE.search(text[::_STEP]) is None:
        return False
    return _LONG.search(text) is not None


def _has_word(lowered: str, words: Iterable[str]) -> bool:
    """Whether one of some words is in a text, both in lower case."""
    for word in words:  # noqa: SIM110  # a generator would take as long as the search
        if word in lowered:
            return True
    return False


def may_show_secret_but_for_digits(text: str) -> bool:
    """The same, whatever the digits in the text are: kept for texts of which many differ in nothing else."""
    if not text.isascii():
        return may_show_secret(text)
    return _may_show_secret_with_zeros(text.encode().translate(_ZEROS))  # bytes are translated faster


@cached(4_096)
def _may_show_secret_with_zeros(data: bytes) -> bool:
    text = data.decode()
    return (
        may_show_secret(text) or may_have_escape(text) or _has_word(text.lower(), _rules().words_with_zeros)
    )


_ZEROS: Final = bytes.maketrans(b"123456789", b"0" * 9)


def _without_values(text: str, pattern: re.Pattern[str]) -> str:
    """A text in which values are masked that stand behind their names without quotes."""
    pieces: list[str] = []
    at = 0
    while match := pattern.search(text, at):
        name, head, end = match.start(), match["head"], match.end()
        value = end if match["open"] is not None else match.end("head")
        if match["open"] is not None:
            end = opened_end(text, name, end)
            if pattern is _HEADER and (rest := _REST.match(text, end)):
                end = rest.end()
        end = max(end, lines_end(text, name, value))
        pieces += (text[at:name], _masked_value(head, match["quote"] or "", text[value:end]))
        at = end
    return "".join((*pieces, text[at:]))


def _masked_value(head: str, quote: str, value: str) -> str:
    """The name and the mask; ``[redacted]`` within brackets has one pair of them."""
    if head.endswith("["):
        return f"{head}redacted{']' if ']' in value else ''}"
    return f"{head}{quote}{MASK}"
