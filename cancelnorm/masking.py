"""What must not be shown, and how it is masked wherever it stands."""

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from hashlib import sha256
from typing import Final

__all__ = [
    "MASK",
    "fingerprint",
    "is_named_secret",
    "is_secret",
    "names_secret",
    "secret_names_from",
    "without_secrets",
]

MASK: Final = "[redacted]"

_WORDS: Final = r"api[-_]?key|secret|signature|passphrase|password|listen[-_]?key|cookie|authorization|token"
_SECRET: Final = re.compile(rf"{_WORDS}|^(?:x-bapi-)?sign$", re.IGNORECASE)
_NAME: Final = re.compile(r"[\w-]{2,40}")


def secret_names_from(provider: Callable[[], Iterable[str]]) -> None:
    """Tell where the names of headers and parameters come from that hold a secret at some venue."""
    global _provider  # set once, at import
    _provider = provider


def _no_names() -> Iterable[str]:
    return ()


_provider: Callable[[], Iterable[str]] = _no_names


@cache
def _declared() -> frozenset[str]:
    return frozenset(name.casefold() for name in _provider())


def is_secret(name: str) -> bool:
    """Whether a field of this name may hold something that must not be shown."""
    return _SECRET.search(name) is not None or name.casefold() in _declared()


def names_secret(value: object) -> bool:
    """Whether a value is the name of a secret, as a header has it in ``["cookie", "…"]``."""
    return isinstance(value, str) and _NAME.fullmatch(value) is not None and is_secret(value)


def is_named_secret(members: Mapping[str, object]) -> bool:
    """Whether the ``value`` of an object is a secret, as a header is in HAR: ``{"name": "cookie", …}``."""
    return "value" in members and names_secret(members.get("name"))


def fingerprint(secret: str) -> str:
    """A text in a secret's place: the same for the same secret, and of no use to anyone else."""
    return f"[redacted {sha256(secret.encode()).hexdigest()[:8]}]"


# --- In a text ---

# A text that has none of these shows no secret.
_HINT: Final = re.compile(
    r"key|sign|secret|pass|cookie|auth|token|origin_string|[A-Za-z0-9]{60}", re.IGNORECASE
)
_QUOTE: Final = r"\\{0,15}[\"']"  # of a text within a text
_NAMED: Final = rf"(?:[\w .-]{{0,40}}?(?:{_WORDS})[\w .-]{{0,40}}|(?:x-bapi-)?sign)"
_MEMBER: Final = re.compile(
    # A member of an object, the first of a pair in an array or a tuple, a header as HAR has it, or what logs
    # in to a WebSocket of Bybit.
    rf"(?:(?P<mark>{_QUOTE}){_NAMED}(?P=mark)\s*(?::|=>)"
    rf"|[\[(]\s*b?(?P<first>{_QUOTE}){_NAMED}(?P=first)\s*,"
    rf"|(?P<listed>{_QUOTE})name(?P=listed)\s*:\s*(?P=listed){_NAMED}(?P=listed)\s*,"
    r"\s*(?P=listed)value(?P=listed)\s*:"
    rf"|(?P<login>{_QUOTE})op(?P=login)\s*:\s*(?P=login)auth(?P=login)[^\[\]{{}}]{{0,80}}?"
    r"(?P=login)args(?P=login)\s*:)\s*(?:b(?=[\"']))?",
    re.IGNORECASE,
)
# How a value is set off from its name, but for a colon: ``=``, ``] => `` as PHP prints it, tags of HTML.
_SEPARATOR: Final = (
    r"(?:=(?!>)|\]?\s*=>|\[|%3d|&quot;\s*:\s*&quot;|[\"']\s+value="
    r"|(?:</?[^<>]{0,80}>\s*){1,4}|(?:\s+[\w-]+=[\"'][^<>]{0,80})?(?<=[\w\"'])>)"
)
_HEADER: Final = re.compile(
    rf"((?:x-[\w-]{{0,40}}(?:key|sign)|(?:set-)?cookie|authorization)\s*(?::|{_SEPARATOR})\s*)"
    r"(?:(?P<quote>\\{0,15}[\"'])(?![\s,:}\]])[^\"'\\\r\n]++"
    r"|[^\r\n\"'\\]++(?:\\{0,15}\"[^\"\\\r\n]*+\\{0,15}\"[^\"\\\r\n;,]*+;[^\r\n\"'\\]*+)*+)",
    re.IGNORECASE,
)
# A parameter, an element of XML or of a form, or what a venue says in its messages. A client order id may
# begin with ``sign:``, so after short words a colon counts only where something is set off by it.
_ASSIGNED: Final = re.compile(
    r"(?P<signed>origin_string\[).*?(?:\](?=\\{0,15}\")|\Z)"
    r"|(?P<head>(?:(?:api[-_ ]?(?:key|signature)|signature|listen[-_ ]?key)[\w-]{0,20}\s*"
    rf"(?::|{_SEPARATOR})"
    r"|(?:\bsign|secret|token|passphrase|password)[\w-]{0,20}\s*"
    rf"(?::(?=[\s\"'\[])|{_SEPARATOR}))\s*)"
    r"(?:\w{0,20}\(?(?P<quote>\\{0,15}[\"'])(?![\s,:}\]])[^\"'\\]++"
    r"|\[?(?:[^\s\[\]&,;}\"'<\\]|\\{1,15}/)++\]?)",
    re.IGNORECASE | re.DOTALL,
)
# A listen key or a signature by itself: nothing else is as long without a break.
_LONG: Final = re.compile(r"[A-Za-z0-9]{60,}")


def without_secrets(text: str) -> str:
    """Mask every secret that a text shows: the values of members, headers and parameters named like one.

    For texts of any kind, from a word to a line of a log, whole or cut off; so it goes by how a value looks
    beside its name, and rather masks too much. Bybit's message about a wrong signature repeats the signed
    text, which begins with the API key; a listen key stands in an address without a name.
    """
    if not _HINT.search(text):
        return text
    text = _HEADER.sub(_masked, _without_members(text))
    return _LONG.sub(MASK, _ASSIGNED.sub(_assigned, text))


def _masked(match: re.Match[str]) -> str:
    return f"{match[1]}{match['quote'] or ''}{MASK}"


def _assigned(match: re.Match[str]) -> str:
    head = match["signed"] or match["head"]
    if head.endswith("["):
        return f"{head}redacted{']' if match['signed'] or match[0].endswith(']') else ''}"
    return f"{head}{match['quote'] or ''}{MASK}"


def _without_members(text: str) -> str:
    """Mask the values of members, texts and whole objects alike."""
    pieces: list[str] = []
    at = 0
    while match := _MEMBER.search(text, at):
        start = match.end()
        mark = match["mark"] or match["first"] or match["listed"] or match["login"]
        end = _value_end(text, start, mark)
        pieces += (text[at:start], _mask_of(text[start:end], mark))
        at = end
    return "".join((*pieces, text[at:]))


_OPENING: Final = re.compile(_QUOTE)
_BARE: Final = re.compile(r"[^\s,}\]]*")


def _value_end(text: str, at: int, mark: str) -> int:
    """Where a value ends that begins here; ``mark`` is what quotes look like around it."""
    if text[at : at + 1] in ("[", "{"):
        return _enclosed_end(text, at, mark)
    if opening := _OPENING.match(text, at):
        return _text_end(text, opening.end(), opening[0])
    bare = _BARE.match(text, at)
    return bare.end() if bare else at


def _text_end(text: str, at: int, mark: str) -> int:
    """Where a text in quotes ends, or all where it was cut off.

    In a text within texts, each of which doubled the backslashes, a quote that closes it has as many before
    it as the one that opened it, behind any number of its own, which are twice as many and two.
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
    """Where an object or an array ends, past the brackets in its texts."""
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
    """What stands in a value's place, quoted as it was; nothing in the place of nothing."""
    opening = _OPENING.match(value)
    if opening is None:
        return value if value in ("", "null") else f"{mark}{MASK}{mark}"
    quote = opening[0]
    closed = len(value) >= 2 * len(quote) and value.endswith(quote)
    if closed and len(value) == 2 * len(quote):
        return value
    return f"{quote}{MASK}{quote if closed else ''}"
