"""Names of secrets: those that anyone gives to a secret, and those that venues declare."""

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache, lru_cache
from importlib import import_module
from typing import Any, Final, NamedTuple

from cancelnorm.caching import LONGEST_KEPT
from cancelnorm.name_escapes import has_escape, unescaped

__all__ = [
    "FIRST",
    "KEY",
    "LAST",
    "NUMBER",
    "OF_KEYS",
    "SHORT",
    "START",
    "WORDS",
    "KnownNames",
    "Login",
    "Secrets",
    "begins",
    "declarations",
    "hidden_keys",
    "is_secret",
    "known_names",
    "may_be_hidden_beside",
    "may_end_name",
    "may_name_secret",
    "names_secret",
    "secret_beside",
    "secret_keys",
]


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


@cache
def declarations() -> Secrets:
    """The secrets that all venues declare."""
    # Loaded for the first name or text that is checked; a layer below the venues cannot import them.
    declared: Secrets = import_module("cancelnorm.venues").secrets()
    return declared


# --- Parts of patterns ---

OF_KEYS: Final = "(?:api|access|encryption|hmac|master|private|secret|sign(?:ing)?|wallet)[-_ ]?key"
# A field with one of these in its name holds a secret, except for the name or label of a key.
WORDS: Final = (
    rf"{OF_KEYS}(?![-_ ]?(?:name|label)\b)|(?:api|access)[-_ ]?sign"
    r"|private[-_ ]?key|secret|signature|passphrase|passcode|password|passwd|cookie|authorization|credential|token"
    r"|mnemonic|seed[-_ ]?phrase"
)
# The beginning of a word, also in camelCase.
START: Final = r"(?:(?<![a-z])|(?-i:(?<=[a-z])(?=[A-Z])))"
# As the last word of a name, which may be numbered.
SHORT: Final = "(?:sign?|hmac|pass|pwd|pin|t?otp|seed|sid|jwt|session[-_ ]?id)"
NUMBER: Final = "(?:[-_]?[0-9]{1,2}(?![0-9a-z]))?"
LAST: Final = f"(?:{SHORT}|auth)"
FIRST: Final = (
    *("api", "access", "private", "secret", "signature", "passphrase", "password", "passwd", "cookie"),
    *("authorization", "credential", "token", "sign", "sig", "hmac", "auth", "pass", "pwd", "encryption"),
    *("master", "wallet", "mnemonic", "seed", "pin", "totp", "otp", "sid", "jwt", "session"),
)
"""Words with which the name of a secret begins, but for those that venues declare."""

_FOLDED: Final = {
    "i": "iI\u0130\u0131",
    "k": "kK\u212a",
    "s": "sS\u017f",
}  # what ``IGNORECASE`` takes for a letter


def begins(*words: str) -> str:
    """A pattern that looks whether any of some words, or its first three letters, begins here.

    In a pattern that ignores case, each place of a text is compared with every word; with this before them, most are
    passed over in a fraction of the time.
    """
    begun = dict.fromkeys(word.partition("[")[0][:3].lower() for word in words)
    forms = (
        "".join(f"[{_FOLDED.get(c, c + c.upper())}]" if c.isalpha() else c for c in each) for each in begun
    )
    return f"(?=(?-i:{'|'.join(forms)}))"


# --- Names ---

KEY: Final = "key"
_HINTS: Final = (
    *(KEY, "sig", "secret", "pass", "pwd", "cookie", "auth", "token", "credential", "hmac", "mnemonic"),
    *("otp", "seed", "jwt", "session"),
)
# Parts of many words, which count where no letter follows: ``sid`` is in ``side``.
_ENDING: Final = re.compile("(?:pin|sid)(?![a-z])")
_NAME: Final = re.compile(r"[\w.-]{2,40}")
_LONGEST_ESCAPED: Final = 400
_GENERAL: Final = re.compile(rf"{WORDS}|{START}{LAST}{NUMBER}\Z", re.IGNORECASE)
_WORD: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")


class KnownNames(NamedTuple):
    """The general names together with those that venues declare."""

    pattern: re.Pattern[str]
    hints: tuple[str, ...]  # a text without one of these, in lower case, has no such name
    encoded: tuple[bytes, ...]
    declared: tuple[str, ...]  # patterns of the names that only venues know


@cache
def known_names() -> KnownNames:
    """Compile the names of secrets."""
    secrets = declarations()
    own = [name for name in secrets.names if not _GENERAL.search(name)]
    declared = tuple("[-_ ]?".join(map(re.escape, _words(name))) for name in own)
    hints = (
        *_HINTS,
        *(max(_words(name), key=len).lower() for name in own),
        *(word.lower() for login in secrets.logins for word in login.words),
    )
    return KnownNames(
        pattern=re.compile(
            rf"{begins(*FIRST, *declared)}(?:{WORDS}|{START}(?:{'|'.join((LAST, *declared))}){NUMBER}\Z)",
            re.IGNORECASE,
        ),
        hints=hints,
        encoded=tuple(hint.encode() for hint in hints),
        declared=declared,
    )


def _words(name: str) -> list[str]:
    """The words of a name, which other programs write with other separators and in another case."""
    return _WORD.findall(name) or [name]


def is_secret(name: str) -> bool:
    """Tell whether a field of this name may hold something that must not be shown."""
    return (_is_secret if len(name) <= LONGEST_KEPT else _is_secret.__wrapped__)(name)


@lru_cache(maxsize=4_096)
def _is_secret(name: str) -> bool:
    return known_names().pattern.search(unescaped(name)) is not None


def secret_keys(keys: Iterable[str]) -> frozenset[str]:
    """The keys of an object that hold a secret; beside a ``secret``, ``sign`` or ``passphrase``, ``key`` is one too."""
    keys = frozenset(keys)
    found = frozenset(filter(is_secret, keys))
    if any(key.casefold() in ("secret", "sign", "passphrase") for key in found):
        found |= {key for key in keys if key.casefold() == KEY}
    return found


def names_secret(value: object) -> bool:
    """Tell whether a value is the name of a secret, as a header is in ``["cookie", "…"]``."""
    if not isinstance(value, str) or len(value) > _LONGEST_ESCAPED:
        return False
    name = unescaped(value)
    return _NAME.fullmatch(name) is not None and is_secret(name)


def hidden_keys(
    members: Mapping[str, Any], text: Callable[[Any], object] = lambda value: value
) -> frozenset[str]:
    """The keys of an object that hold a secret, by their own name or by what stands beside them.

    A header in HAR, in Postman and in traces is an object that names it: ``{"name": "cookie", "value": …}``,
    ``{"key": …, "value": …}``. ``text`` gives the text of a member.
    """
    hidden = secret_keys(members)
    return hidden if secret_beside(members, text) is None else hidden | _VALUE_KEYS.intersection(members)


def may_be_hidden_beside(key: str) -> bool:
    """Tell whether a member with a key that names no secret may hold one, by what stands beside it."""
    return key.casefold() == KEY or key in _VALUE_KEYS


_NAME_KEYS: Final = ("name", "Name", "key", "Key", "k", "header", "field")
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
    if any(hint in lowered for hint in known_names().encoded):
        return True
    text = lowered.decode("latin-1")
    return may_end_name(text) or has_escape(text)


def may_end_name(lowered: str) -> bool:
    """Tell whether a text in lower case may have a name that ends with a short word that is part of many others."""
    return ("sid" in lowered or "pin" in lowered) and _ENDING.search(lowered) is not None
