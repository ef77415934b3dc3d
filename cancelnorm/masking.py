"""Masking of secrets: which names hold one, and how they are hidden in a text of any kind."""

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache, lru_cache
from importlib import import_module
from typing import Any, Final, NamedTuple

from cancelnorm.caching import LONGEST_KEPT, cached
from cancelnorm.credentials import CREDENTIAL_HINTS, may_show_credential, without_credentials

__all__ = [
    "MASK",
    "Login",
    "Secrets",
    "fingerprint",
    "hidden_keys",
    "is_secret",
    "may_name_secret",
    "may_show_secret",
    "may_show_secret_but_for_digits",
    "names_secret",
    "secret_beside",
    "secret_keys",
    "without_secrets",
]

MASK: Final = "[redacted]"


class Login(NamedTuple):
    """A WebSocket frame whose parameters are secrets without names: ``{"op": "login", "args": [key, …]}``.

    ``operation`` and ``parameters`` are keys of the frame, ``words`` are the operations that log in.
    """

    operation: tuple[str, ...]
    words: tuple[str, ...]
    parameters: tuple[str, ...]


class Secrets(NamedTuple):
    """The secrets that venues declare.

    ``names`` are names of headers and parameters. ``texts`` maps a word of a message to a pattern: what the
    pattern matches right after the word is a secret.
    """

    names: tuple[str, ...] = ()
    texts: Mapping[str, str] = {}
    logins: tuple[Login, ...] = ()


# --- Names ---

# A field with one of these in its name holds a secret, except for the name or label of a key.
_WORDS: Final = (
    r"(?:api|access)[-_ ]?(?:key(?![-_ ]?(?:name|label)\b)|sign)|private[-_ ]?key|secret|signature|passphrase"
    r"|password|passwd|cookie|authorization|credential|token"
)
# The beginning of a word, also in camelCase.
_START: Final = r"(?:(?<![a-z])|(?-i:(?<=[a-z])(?=[A-Z])))"
_SIGN: Final = "(?:sign?|hmac|auth|pass|pwd)"  # as the last word of a name
_KEY: Final = "key"
# What it has before it in the name of a secret, unless that has another hint; in ASCII and lower case.
_NAMED_KEY: Final = re.compile(r"(?:api|access)[-_ ]?key|x-[\w-]{0,50}key", re.ASCII)
_HINTS: Final = (_KEY, "sig", "secret", "pass", "pwd", "cookie", "auth", "token", "credential", "hmac")
_NAME: Final = re.compile(r"[\w-]{2,40}")
_GENERAL: Final = re.compile(rf"{_WORDS}|{_START}{_SIGN}\Z", re.IGNORECASE)


def is_secret(name: str) -> bool:
    """Tell whether a field of this name may hold something that must not be shown."""
    return _is_secret(name) if len(name) <= LONGEST_KEPT else _rules().name.search(name) is not None


@lru_cache(maxsize=4_096)
def _is_secret(name: str) -> bool:
    return _rules().name.search(name) is not None


def secret_keys(keys: Iterable[str]) -> frozenset[str]:
    """The keys of an object that hold a secret; beside a ``secret``, ``sign`` or ``passphrase``, ``key`` is one too."""
    keys = frozenset(keys)
    found = frozenset(filter(is_secret, keys))
    if any(key.casefold() in ("secret", "sign", "passphrase") for key in found):
        found |= {key for key in keys if key.casefold() == "key"}
    return found


def names_secret(value: object) -> bool:
    """Tell whether a value is the name of a secret, as a header is in ``["cookie", "…"]``."""
    return isinstance(value, str) and _NAME.fullmatch(value) is not None and is_secret(value)


def hidden_keys(
    members: Mapping[str, Any], text: Callable[[Any], object] = lambda value: value
) -> frozenset[str]:
    """The keys of an object that hold a secret, by their own name or by what stands beside them.

    A header in HAR, in Postman and in traces is an object that names it: ``{"name": "cookie", "value": …}``,
    ``{"key": …, "value": …}``. ``text`` gives the text of a member.
    """
    hidden = secret_keys(members)
    return hidden if secret_beside(members, text) is None else hidden | _VALUE_KEYS.intersection(members)


_NAME_KEYS: Final = frozenset({"name", "Name", "key", "Key", "k", "header", "field"})
_VALUE_KEYS: Final = frozenset({"value", "Value", "values", "Values", "v"})


def secret_beside(members: Mapping[str, Any], text: Callable[[Any], object]) -> str | None:
    """The name of the secret whose value stands beside it in an object; None if there is none."""
    if _VALUE_KEYS.isdisjoint(members):
        return None
    names = (text(members[key]) for key in _NAME_KEYS if key in members)
    return next((str(name) for name in names if names_secret(name)), None)


def may_name_secret(data: bytes) -> bool:
    """Tell whether a text may contain the name of a secret; False is certain."""
    lowered = data.lower()
    return any(hint in lowered for hint in _rules().hints)


def fingerprint(secret: str) -> str:
    """Replace a secret by a text that is the same for the same secret and reveals nothing else."""
    from hashlib import sha256  # loads OpenSSL, which most never need

    return f"[redacted {sha256(secret.encode()).hexdigest()[:8]}]"


# --- Texts ---

_FOLDED: Final = {
    "i": "iI\u0130\u0131",
    "k": "kK\u212a",
    "s": "sS\u017f",
}  # what ``IGNORECASE`` takes for a letter


def _begins(*words: str) -> str:
    """A pattern that looks whether any of some words, or its first three letters, begins here.

    In a pattern that ignores case, each place of a text is compared with every word; with this before them, most are
    passed over in a fraction of the time.
    """
    begun = dict.fromkeys(word.partition("[")[0][:3].lower() for word in words)
    forms = (
        "".join(f"[{_FOLDED.get(c, c + c.upper())}]" if c.isalpha() else c for c in each) for each in begun
    )
    return f"(?=(?-i:{'|'.join(forms)}))"


_FIRST: Final = (
    *("api", "access", "private", "secret", "signature", "passphrase", "password", "passwd", "cookie"),
    *("authorization", "credential", "token", "sign", "sig", "hmac", "auth", "pass", "pwd"),
)
"""Words with which the name of a secret begins, but for those that venues declare."""


_QUOTE: Final = r"\\{0,15}[\"']"  # of a text within a text
_SPACE: Final = r"(?>(?:\s++|\\{1,15}[nrt])*)"
_ESCAPED_QUOTE: Final = r"(?:&(?:quot|#34|#x22);|\\{1,15}+u0022)"
_COLON: Final = rf"{_ESCAPED_QUOTE}\s*+(?::|\\{{1,15}}+u003a)\s*+{_ESCAPED_QUOTE}"
_PERCENT: Final = "%(?:25){0,3}"
# Separators of a name and its value, besides a colon: ``=``, ``] => `` as PHP prints it, HTML tags, also as they are
# escaped in a URL, in HTML and in the JSON of Gson. The white space before it has been taken, and is given back by no
# pattern: otherwise it would be scanned once for each of its parts.
_SEPARATOR: Final = (
    r"(?:=(?!>)|(?::[\w\\:]{1,80}+\s*+)?(?:\]\s*+)?=>|\[|\\{1,15}+u003d"
    rf"|[\"']\s++value=|{_QUOTE};s:[0-9]{{1,9}}:"
    rf"|{_PERCENT}3d|(?:{_PERCENT}22)?(?:{_PERCENT}20|\+){{0,4}}{_PERCENT}3a|{_COLON}"
    r"|(?>(?:</?[^<>]{0,80}+>\s*+){1,4})(?:<!\[CDATA\[)?"
    r"|(?:(?<=\s)[\w-]{1,40}+=[\"'][^<>]{0,80}+)?(?<=[\w\"'])>(?:<!\[CDATA\[)?)"
)
# A colon behind a name, whose closing quote may be escaped; a reader of CSV may have left its backslash alone.
# Behind the end of a value, if that is the name of another one: the quote was an apostrophe, or stands around both.
_ANOTHER: Final = r"(?:(?:(?<=[=:])|(?<=[=:] ))\\{0,15}[\"'](?=\w)[^\"'\\]++){0,8}+"
_NAME_COLON: Final = rf"(?:{_QUOTE}\s*+|\\{{1,15}})?:"
# Pairs or values in quotes that stand in brackets, of which each may be in brackets of its own.
_GROUP: Final = r"(?:\{|\[(?=\s*+b?\\{0,15}[\"']))(?:[^\[\]{}]|[\[{][^\[\]{}]*+[\]}])*+[\]}]"
_HEADER: Final = re.compile(
    _begins("x-", "api", "access", "set", "cookie", "authorization")
    + r"((?:x-[\w-]{3,44}+(?:(?<=key)|(?<=sign))|(?:api|access)-(?:key|sign|passphrase)|(?:set-)?cookies?"
    r"|authorization)"
    rf"\s*+(?:{_NAME_COLON}|{_SEPARATOR})\s*+)(?!null\b)"
    r"(?:(?P<quote>\\{0,15}[\"'])(?![\s,:}\]])[^\"'\\\r\n]++"
    rf"|{_GROUP}[^\r\n\"'\\]*+|[^\r\n\"'\\]++(?>(?:(?:\\{{0,15}}\"[^\"\\\r\n]*+\\{{0,15}}\"[^\"\\\r\n;,]*+;"
    rf"|(?<=\w=)(?:{_QUOTE})[\w./+=%:~-]++{_QUOTE}(?!\s*+[:}}\]]))[^\r\n\"'\\]*+)*))",
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
_SEPARATES: Final = re.compile(r"[=:\[\\%<>&]")  # one of these is in anything between a name and its value
_PAIRED_SIGN: Final = re.compile(
    rf"{_begins('secret', 'sign', 'passphrase')}(?<![\w-])(?:secret|sign|passphrase)(?:{_QUOTE}|\])?\s*+"
    r"(?:[:=,]|(?:\]\s*+)?=>)",
    re.IGNORECASE,
)


class _Rules(NamedTuple):
    """Compiled patterns: the general ones together with the declarations of venues."""

    name: re.Pattern[str]
    hints: tuple[bytes, ...]
    hint: re.Pattern[str]  # a text without a match, and without a long word, shows no secret
    words: tuple[str, ...]  # the same for ASCII, where it is faster to look for each, but for ``_KEY``
    words_with_zeros: tuple[str, ...]  # those of them that have digits, with zeros in their place
    texts: tuple[tuple[str, re.Pattern[str]], ...]
    declared: tuple[str, ...]  # patterns of the names that only venues know
    logins: tuple[Login, ...]


@cache
def _rules() -> _Rules:
    # Loaded for the first name or text that is checked; a layer below the venues cannot import them.
    secrets: Secrets = import_module("cancelnorm.venues").secrets()
    own = [name for name in secrets.names if not _GENERAL.search(name)]
    declared = tuple("[-_ ]?".join(map(re.escape, _words(name))) for name in own)
    hints = (
        *_HINTS,
        *(max(_words(name), key=len).lower() for name in own),
        *(word.lower() for login in secrets.logins for word in login.words),
    )
    shown = (*hints, *_ADDRESSES, _ESCAPE, *CREDENTIAL_HINTS, *(word.lower() for word in secrets.texts))
    words = _shortest(hint for hint in shown if hint != _KEY) if all(map(str.isascii, shown)) else ("",)
    return _Rules(
        name=re.compile(
            rf"{_begins(*_FIRST, *declared)}(?:{_WORDS}|{_START}(?:{'|'.join((_SIGN, *declared))})\Z)",
            re.IGNORECASE,
        ),
        hints=tuple(hint.encode() for hint in hints),
        hint=re.compile("|".join(map(re.escape, shown)), re.IGNORECASE),
        words=words,
        words_with_zeros=tuple(re.sub("[1-9]", "0", word) for word in words if re.search("[1-9]", word)),
        texts=tuple(
            (word, re.compile(rf"({re.escape(word)})(?:{pattern})", re.DOTALL))
            for word, pattern in secrets.texts.items()
        ),
        declared=declared,
        logins=secrets.logins,
    )


@cache
def _with_values(*exact: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Patterns of members and of parameters that hold a secret, also of those with one of the exact names.

    They take long to compile, and most runs have no text that needs them.
    """
    rules = _rules()
    return _member(rules.declared, rules.logins, *exact), _assigned(rules.declared, *exact)


def _shortest(hints: Iterable[str]) -> tuple[str, ...]:
    """The hints that contain no other one."""
    found: list[str] = []
    for hint in sorted(hints, key=len):
        if not any(known in hint for known in found):
            found.append(hint)
    return tuple(found)


_WORD: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")


def _words(name: str) -> list[str]:
    """The words of a name, which other programs write with other separators and in another case."""
    return _WORD.findall(name) or [name]


def _member(declared: tuple[str, ...], logins: Iterable[Login], *exact: str) -> re.Pattern[str]:
    """The beginning of a member up to its value; its only group is the quote, escaped as it is there.

    A member of an object, the first of a pair in an array or a tuple, a header in HAR, or the parameters of
    a login, which stand behind or before its operation.
    """
    last = "|".join((_SIGN, *declared))
    named = (
        rf"(?:[\w .-]{{0,40}}?{_begins(*_FIRST, *declared)}(?:(?:{_WORDS})[\w .-]{{0,40}}+|{_START}(?:{last}))"
        rf"{'|'.join(('', *exact))})"
    )
    forms = [
        rf"(?P<mark>{_MARK}){named}(?P=mark){_BESIDE}",
        rf"[\[(,]\s*+b?(?P<first>{_QUOTE}){named}(?P=first)\s*+,",
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
    begins = r"(?=[\"'\\\[(,]|(?-i:[nN][aA][mM][eE]))"
    return re.compile(
        rf"{begins}(?:{'|'.join(forms)}){_SPACE}(?:(?:\((?=b?[\"']))?b?(?=[\"'])|{_LENGTH})?", re.IGNORECASE
    )


_LENGTH: Final = r"string\([0-9]{1,9}\) (?=\\{0,15}\")"  # as PHP dumps a text
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


def _assigned(declared: tuple[str, ...], *exact: str) -> re.Pattern[str]:
    """A parameter, or an element of XML or of a form, with its value.

    A client order id may begin with ``sign:``, so after short words a colon counts only where something
    separates the value from it.
    """
    names = (
        *(f"{_START if name.isalnum() else ''}{name}" for name in declared),
        *(rf"(?<![\w-]){name}" for name in exact),
    )
    own = "".join(rf"|{name}\s*+(?:{_NAME_COLON}|{_SEPARATOR})" for name in names)
    return re.compile(
        rf"{_begins(*_FIRST, *declared, *exact)}"
        rf"(?P<head>(?:(?:(?:api|access)[-_ ]?(?:key(?![-_ ]?(?:name|label)\b)|sign)|api[-_ ]signature|signature)"
        rf"[\w-]{{0,20}}+\s*+(?:{_SEPARATOR}|{_NAME_COLON}(?![\w\\:\"]{{1,80}}+\]\s*+=>))"
        rf"|(?:secret|private)[-_ ]?key\s*+{_NAME_COLON}"
        rf"|{_START}auth(?!\w)\s*+{_SEPARATOR}(?!\s*+(?:\w{{0,20}}\(?\\{{0,15}}[\"']|\w{{1,10}}://))"
        rf"|(?-i:(?<=[{{ ])(?:A(?:PI|pi))?(?:Secret|Token|Passphrase|Password)\w{{0,20}}+:)"
        rf"|(?:{_START}(?:sign|(?:sig|hmac|pass|pwd)(?!\w))|secret|private[-_ ]?key|credential|token|passphrase"
        rf"|password|passwd)[\w-]{{0,20}}+\s*+(?:{_NAME_COLON}(?=[\s\"'\[])|{_SEPARATOR}){own}){_SPACE})"
        rf"(?:(?:{_LENGTH}|\w{{0,20}}\(?)(?P<quote>\\{{0,15}}[\"'])(?![\s,:}}\]])[^\"'\\]++{_ANOTHER}"
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
    text = _without_members(text, member)
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
    return _has_word(lowered, rules.words) or (_KEY in lowered and _NAMED_KEY.search(lowered) is not None)


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


def _without_members(text: str, member: re.Pattern[str]) -> str:
    """Mask the values of members: texts, numbers and whole objects alike."""
    pieces: list[str] = []
    at = 0
    while match := member.search(text, at):
        start = match.end()
        mark = match[match.lastindex or 0]
        end = _value_end(text, start, mark)
        pieces += (text[at:start], _mask_of(text[start:end], mark))
        at = end
    return "".join((*pieces, text[at:]))


_OPENING: Final = re.compile(_QUOTE)
# The rest of a text that Python broke over several lines.
_MORE: Final = re.compile(rf"\s++b?({_QUOTE})(?![\s,:)}}\]])")
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


def _mask_of(value: str, mark: str) -> str:
    """The mask of a value, quoted as it was; an empty value needs none."""
    opening = _OPENING.match(value)
    if opening is None:
        return value if value in ("", "null") else f"{mark}{MASK}{mark}"
    quote = opening[0]
    closed = len(value) >= 2 * len(quote) and value.endswith(quote)
    if closed and len(value) == 2 * len(quote):
        return value
    return f"{quote}{MASK}{quote if closed else ''}"
