"""Masking of secrets in a text of any kind."""

import re
from collections.abc import Iterable
from functools import cache
from typing import Final, NamedTuple

from cancelnorm.caching import cached
from cancelnorm.credentials import CREDENTIAL_HINTS, may_show_credential, without_credentials
from cancelnorm.secret_members import LENGTH, QUOTE, SPACE, member_pattern, without_members
from cancelnorm.secret_names import FIRST, KEY, START, begins, declarations, known_names

__all__ = ["MASK", "fingerprint", "may_show_secret", "may_show_secret_but_for_digits", "without_secrets"]

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
_SEPARATOR: Final = (
    r"(?:=(?!>)|(?::[\w\\:]{1,80}+\s*+)?(?:\]\s*+)?=>|\[|\\{1,15}+u003d"
    rf"|[\"']\s++value=|{QUOTE};s:[0-9]{{1,9}}:"
    rf"|{_PERCENT}3d|(?:{_PERCENT}22)?(?:{_PERCENT}20|\+){{0,4}}{_PERCENT}3a|{_COLON}"
    r"|(?>(?:</?[^<>]{0,80}+>\s*+){1,4})(?:<!\[CDATA\[)?"
    r"|(?:(?<=\s)[\w-]{1,40}+=[\"'][^<>]{0,80}+)?(?<=[\w\"'])>(?:<!\[CDATA\[)?)"
)
# Behind the end of a value, if that is the name of another one: the quote was an apostrophe, or stands around both.
_ANOTHER: Final = r"(?:(?:(?<=[=:])|(?<=[=:] ))\\{0,15}[\"'](?=\w)[^\"'\\]++){0,8}+"
# A colon behind a name, whose closing quote may be escaped; a reader of CSV may have left its backslash alone.
_NAME_COLON: Final = rf"(?:{QUOTE}\s*+|\\{{1,15}})?:"
# Pairs or values in quotes that stand in brackets, of which each may be in brackets of its own.
_GROUP: Final = r"(?:\{|\[(?=\s*+b?\\{0,15}[\"']))(?:[^\[\]{}]|[\[{][^\[\]{}]*+[\]}])*+[\]}]"
_HEADER: Final = re.compile(
    begins("x-", "api", "access", "set", "cookie", "authorization")
    + r"((?:x-[\w-]{3,44}+(?:(?<=key)|(?<=sign))|(?:api|access)-(?:key|sign|passphrase)|(?:set-)?cookies?"
    r"|authorization)"
    rf"\s*+(?:{_NAME_COLON}|{_SEPARATOR})\s*+)(?!null\b)"
    r"(?:(?P<quote>\\{0,15}[\"'])(?![\s,:}\]])[^\"'\\\r\n]++"
    rf"|{_GROUP}[^\r\n\"'\\]*+|[^\r\n\"'\\]++(?>(?:(?:\\{{0,15}}\"[^\"\\\r\n]*+\\{{0,15}}\"[^\"\\\r\n;,]*+;"
    rf"|(?<=\w=)(?:{QUOTE})[\w./+=%:~-]++{QUOTE}(?!\s*+[:}}\]]))[^\r\n\"'\\]*+)*))",
    re.IGNORECASE,
)
# The user and the password in a URL, also as PHP writes it in JSON, and where doubled slashes were made one.
_USER_INFO: Final = re.compile(r"(?<=[A-Za-z0-9]:)((?:\\{0,3}/){1,2})[^\s/?#@\"'<>\\]{1,400}(?=@)")
# The same within the query of another URL.
_QUOTED_USER_INFO: Final = re.compile(
    rf"({_PERCENT}3a(?:{_PERCENT}2f){{2}})[^\s/?#@&\"'<>\\]{{1,400}}?(?={_PERCENT}40)", re.IGNORECASE
)
_ADDRESSES: Final = (":/", ":\\/", "3a%2")
# A key or a signature without a name: nothing else is as long without a break.
_LONGEST_WORD: Final = 60
_LONG: Final = re.compile(rf"[A-Za-z0-9]{{{_LONGEST_WORD},}}")
# Such a word has ten characters in a row among every sixth of the text, which are found ten times as fast.
_STEP: Final = 6
_LONG_SAMPLE: Final = re.compile(rf"[A-Za-z0-9]{{{_LONGEST_WORD // _STEP}}}")
# A letter, a digit, ``_`` or ``-`` of a name, as JSON may escape it.
_ESCAPED: Final = re.compile(r"\\{1,15}u00(2d|3[0-9]|4[1-9a-f]|5[0-9af]|6[1-9a-f]|7[0-9a])", re.IGNORECASE)
_ESCAPE: Final = "\\u00"
# What stands before ``KEY`` in the name of a secret, unless that has another hint; in ASCII and lower case.
_NAMED_KEY: Final = re.compile(r"(?:api|access)[-_ ]?key|x-[\w-]{0,50}key", re.ASCII)
_SEPARATES: Final = re.compile(r"[=:\[\\%<>&]")  # one of these is in anything between a name and its value
_PAIRED_SIGN: Final = re.compile(
    rf"{begins('secret', 'sign', 'passphrase')}(?<![\w-])(?<!:[\"'])(?<!: [\"'])(?<!:\\[\"'])(?<!: \\[\"'])"
    rf"(?:secret|sign|passphrase)(?:{QUOTE}|\])?\s*+"
    r"(?:[:=,]|(?:\]\s*+)?=>)",
    re.IGNORECASE,
)


class _Rules(NamedTuple):
    """What is in a text that shows a secret: general hints, together with the declarations of venues."""

    hint: re.Pattern[str]  # a text without a match, and without a long word, shows no secret
    words: tuple[str, ...]  # the same for ASCII, where it is faster to look for each, but for ``KEY``
    words_with_zeros: tuple[str, ...]  # those of them that have digits, with zeros in their place
    texts: tuple[tuple[str, re.Pattern[str]], ...]


@cache
def _rules() -> _Rules:
    texts = declarations().texts
    shown = (
        *(*known_names().hints, *_ADDRESSES, _ESCAPE, *CREDENTIAL_HINTS),
        *(word.lower() for word in texts),
    )
    words = _shortest(hint for hint in shown if hint != KEY) if all(map(str.isascii, shown)) else ("",)
    return _Rules(
        hint=re.compile("|".join(map(re.escape, shown)), re.IGNORECASE),
        words=words,
        words_with_zeros=tuple(re.sub("[1-9]", "0", word) for word in words if re.search("[1-9]", word)),
        texts=tuple(
            (word, re.compile(rf"({re.escape(word)})(?:{pattern})", re.DOTALL))
            for word, pattern in texts.items()
        ),
    )


@cache
def _with_values(*exact: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Patterns of members and of parameters that hold a secret, also of those with one of the exact names.

    They take long to compile, and most runs have no text that needs them.
    """
    declared = known_names().declared
    return member_pattern(declared, declarations().logins, *exact), _assigned(declared, *exact)


def _shortest(hints: Iterable[str]) -> tuple[str, ...]:
    """The hints that contain no other one."""
    found: list[str] = []
    for hint in sorted(hints, key=len):
        if not any(known in hint for known in found):
            found.append(hint)
    return tuple(found)


def _assigned(declared: tuple[str, ...], *exact: str) -> re.Pattern[str]:
    """A parameter, or an element of XML or of a form, with its value.

    A client order id may begin with ``sign:``, so after short words a colon counts only where something
    separates the value from it.
    """
    names = (
        *(f"{START if name.isalnum() else ''}{name}" for name in declared),
        *(rf"(?<![\w-]){name}" for name in exact),
    )
    own = "".join(rf"|{name}\s*+(?:{_NAME_COLON}|{_SEPARATOR})" for name in names)
    return re.compile(
        rf"{begins(*FIRST, *declared, *exact)}"
        rf"(?P<head>(?:(?:(?:api|access)[-_ ]?(?:key(?![-_ ]?(?:name|label)\b)|sign)|api[-_ ]signature|signature)"
        rf"[\w-]{{0,20}}+\s*+(?:{_SEPARATOR}|{_NAME_COLON}(?![\w\\:\"]{{1,80}}+\]\s*+=>))"
        rf"|(?:secret|private)[-_ ]?key\s*+{_NAME_COLON}"
        rf"|{START}auth(?!\w)\s*+{_SEPARATOR}(?!\s*+(?:\w{{0,20}}\(?\\{{0,15}}[\"']|\w{{1,10}}://))"
        rf"|(?-i:(?<=[{{ ])(?:A(?:PI|pi))?(?:Secret|Token|Passphrase|Password)\w{{0,20}}+:)"
        rf"|(?:{START}(?:sign|(?:sig|hmac|pass|pwd)(?!\w))|secret|private[-_ ]?key|credential|token|passphrase"
        rf"|password|passwd)[\w-]{{0,20}}+\s*+(?:{_NAME_COLON}(?=[\s\"'\[])|{_SEPARATOR}){own}){SPACE})"
        rf"(?:(?:{LENGTH}|\w{{0,20}}\(?)(?P<quote>\\{{0,15}}[\"'])(?![\s,:}}\]])[^\"'\\]++{_ANOTHER}"
        rf"|{_GROUP}"
        r"|(?!null\b)\[?(?:[^\s\[\]&,;}\"'<\\]|\\{1,15}/)++\]?)",
        re.IGNORECASE,
    )


def without_secrets(text: str) -> str:
    """Mask every secret in a text: the values of members, headers and parameters that are named like one.

    The text may be anything from a word to a line of a log, whole or truncated. So the form of a value beside
    its name decides, and in doubt it is masked.
    """
    if _ESCAPE in text and (plain := _ESCAPED.sub(_unescaped, text)) != text:
        masked = without_secrets(plain)
        return text if masked == plain else masked
    rules = _rules()
    for word, pattern in rules.texts:
        if word in text:
            text = pattern.sub(rf"\1{MASK}", text)
    if not may_show_secret(text):
        return text
    # In a text in which ``sign`` or ``secret`` is a name, ``key`` names a secret too.
    member, assigned = _with_values("key") if _PAIRED_SIGN.search(text) else _with_values()
    if "@" in text:
        text = _USER_INFO.sub(rf"\1{MASK}", text)
    text = without_credentials(text, MASK)
    if "%" in text:
        text = _QUOTED_USER_INFO.sub(rf"\1{MASK}", text)
    text = without_members(text, member, MASK)
    if _SEPARATES.search(text):
        text = assigned.sub(_masked_value, _HEADER.sub(_masked_header, text))
    return _LONG.sub(MASK, text) if _has_long_word(text) else text


def _unescaped(match: re.Match[str]) -> str:
    return chr(int(match[1], 16))


def may_show_secret(text: str) -> bool:
    """Tell whether a text, or any part of it, may have a secret to mask; False is certain."""
    if _has_long_word(text) or may_show_credential(text):
        return True
    rules = _rules()
    if not text.isascii():
        return rules.hint.search(text) is not None
    lowered = text.lower()
    return _has_word(lowered, rules.words) or (KEY in lowered and _NAMED_KEY.search(lowered) is not None)


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
    return may_show_secret(text) or _has_word(text.lower(), _rules().words_with_zeros)


_ZEROS: Final = bytes.maketrans(b"123456789", b"0" * 9)


def _masked_header(match: re.Match[str]) -> str:
    return f"{match[1]}{match['quote'] or ''}{MASK}"


def _masked_value(match: re.Match[str]) -> str:
    head = match["head"]
    if head.endswith("["):
        return f"{head}redacted{']' if match[0].endswith(']') else ''}"
    return f"{head}{match['quote'] or ''}{MASK}"
