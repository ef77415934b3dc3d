"""Secrets that are named without a colon or an equals sign: in sentences, in tables and in options of a command."""

import re
from functools import cache
from typing import Final, NamedTuple

from cancelnorm.secret_names import FIRST, NUMBER, OF_KEYS, SHORT, START, begins, known_names

__all__ = ["patterns", "without_mentions"]

_OF_KEYS: Final = f"(?:{OF_KEYS}|listen[-_ ]?key)"
_CLEAR: Final = (
    rf"{_OF_KEYS}|(?:api|access)[-_ ]?sign|secret|signature|pass(?:phrase|code|wd|word)|credential|cookie"
    r"|authorization|mnemonic|(?<=[a-z][-_])(?:token|sign)(?![a-z])"
)
_LONG: Final = (
    *(
        "api",
        "access",
        "secret",
        "private",
        "listen",
        "encryption",
        "sign",
        "hmac",
        "master",
        "wallet",
        "pass",
    ),
    *("credential", "cookie", "authorization", "mnemonic", "token"),
)
_OPENS: Final = r"[\"'`\u201c(\[<]{0,2}"
_HAS_BOTH: Final = "(?=[A-Za-z+/=_-]{0,200}[0-9])(?=[0-9+/=_-]{0,200}[A-Za-z])"
_HAS_CASES: Final = "(?-i:(?=[a-z0-9+=_-]{0,200}[A-Z])(?=[A-Z0-9+=_-]{0,200}[a-z]))"
_NO_DATE: Final = r"(?![0-9]{4}-[0-9]{2}-[0-9]{2})"
_CELL: Final = r"[^\s|\u2502,;\"'`<>]"
# A number that is used once, or that is kept in mind.
_PIN: Final = re.compile(
    rf"(?=[optOPT])({START}(?:pin|t?otp|passcode)"
    rf"(?:(?: is| was)?[ :]{{1,3}}|\s{{0,40}}+[|\u2502,;]\s{{0,20}}+|(?:\t|\\{{1,15}}+t){{1,3}})"
    rf"{_OPENS})[0-9]{{4,8}}+(?![\w.])",
    re.IGNORECASE,
)
# The words that stand for the key of a wallet: https://github.com/bitcoin/bips/blob/master/bip-0039.mediawiki
_WORDS: Final = re.compile(
    r"(?=[mspMSP])((?:mnemonic|seed|passphrase)[\w -]{0,20}+[^\w\s]{0,3}+\s{0,3}+[\"'(\[]{0,2}+)"
    r"(?:[a-z]{3,8}(?: |, ?)){11,23}[a-z]{3,8}(?![a-z])",
    re.IGNORECASE,
)
_OPTION: Final = re.compile(
    rf"(?<![\w-])(--[\w-]{{0,20}}?(?:{_OF_KEYS}|secret|token|pass(?:phrase|code|wd|word)|signature|credential"
    rf"|cookie|authorization|mnemonic|(?<=-){SHORT}{NUMBER}(?![\w-]))[\w-]{{0,20}}\s{{1,4}})"
    r"(?P<quote>[\"']?)[^\s\"']++",
    re.IGNORECASE,
)


class _Patterns(NamedTuple):
    """Patterns of names, what is between, and values."""

    said: re.Pattern[str]
    tabled: re.Pattern[str]


@cache
def patterns() -> _Patterns:
    """Compile the patterns, in which the names that venues declare are, too."""
    declared = known_names().declared
    clear = "|".join((_CLEAR, *(f"{START}{name}{NUMBER}" for name in declared)))
    return _Patterns(
        # "API key abc…" in a sentence: a word with a digit and a letter. A token may be a coin, whose symbols are
        # short and in letters of one case.
        said=re.compile(
            rf"{begins(*_LONG, *declared)}(?:{clear}|(?P<token>token|{START}auth(?!\w)))"
            r"(?P<between>\w{0,20}+[\"'`)\]]?(?:(?: is| was| to|,? got)?(?:[ :]{1,3})"
            r"|\s{0,20}+(?:[,;\uff1a(]|\.{2,40}+:?)\s{0,20}+))"
            rf"(?P<opens>{_OPENS}){_NO_DATE}{_HAS_BOTH}"
            rf"(?:[A-Za-z0-9+/=_-]{{16,}}+|(?(token){_HAS_CASES})[A-Za-z0-9+=_-]{{8,15}}+(?![A-Za-z0-9+/=_-]))",
            re.IGNORECASE,
        ),
        # The cell beside it in a table.
        tabled=re.compile(
            rf"{begins(*FIRST, *_LONG, *declared)}(?:{clear}|{START}{SHORT}{NUMBER}(?!\w)|(?P<token>token))"
            r"(?P<between>\w{0,20}+[\"'`]?(?:\s{0,40}+[|\u2502]\s{0,20}+| {0,20}+(?:\t|\\{1,15}+t)\s{0,20}+))"
            rf"(?P<opens>{_OPENS}){_NO_DATE}(?=(?:(?![0-9]){_CELL}){{0,200}}[0-9])"
            rf"(?=(?:(?![a-z]){_CELL}){{0,200}}[a-z])"
            rf"(?:{_CELL}{{16,}}+|(?(token){_HAS_CASES}){_CELL}{{6,}}+)",
            re.IGNORECASE,
        ),
    )


def without_mentions(text: str, mask: str) -> str:
    """Put a mask in the place of every secret that is named so in a text."""
    text = patterns().said.sub(lambda match: _masked(match, mask), text)
    if "\t" in text or "\\t" in text or "|" in text or "\u2502" in text:
        text = patterns().tabled.sub(lambda match: _masked(match, mask), text)
    text = _WORDS.sub(rf"\1{mask}", _PIN.sub(rf"\1{mask}", text))
    return _OPTION.sub(rf"\1\g<quote>{mask}", text) if "--" in text else text


def _masked(match: re.Match[str], mask: str) -> str:
    """The name, what is between it and the value, and the mask."""
    return f"{match[0][: match.end('opens') - match.start()]}{mask}"
