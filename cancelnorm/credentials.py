"""Credentials that are recognised without a name: private keys, JSON web tokens and the values of HTTP headers.

Every pattern begins at a fixed text and repeats only what cannot be given back, so the time is linear in the text.
"""

import re
from base64 import b64decode
from typing import Final

__all__ = ["CREDENTIAL_HINTS", "may_show_credential", "without_credentials"]

CREDENTIAL_HINTS: Final = (
    "private",
    "eyj",
    "basic",
    "bearer",
    "/services/t",
    "/webhooks/",
    "curl",
    *("akia", "xox", "/ws/"),
)
"""A text without any of these, in lower case, and without a word that names a secret, holds none but a long word."""

_SPACE: Final = r"(?:[ +]|%(?:25)?20)"
# https://www.rfc-editor.org/rfc/rfc7468; headers within an encrypted key have single hyphens
_BEGIN: Final = "-----BEGIN"
_PRIVATE_KEY: Final = re.compile(
    rf"({_BEGIN}{_SPACE}(?:[A-Z0-9]{{1,20}}{_SPACE}){{0,3}}PRIVATE{_SPACE}KEY(?:{_SPACE}BLOCK)?-----)"
    r"(?:[^-\"'<>{}]|-(?!----))++"
)
# A header of JSON in base64, then the claims and the signature: https://www.rfc-editor.org/rfc/rfc7519
_WEB_TOKEN: Final = re.compile(r"(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{8,2000}+\.[A-Za-z0-9_.-]++")
# A line of a private key whose first line is elsewhere.
_ENCODED_LINE: Final = re.compile(r"(?=[^/])[A-Za-z0-9+/]{60,}={0,2}\s*")
_SCHEME: Final = re.compile(
    rf"(?<![A-Za-z])(?P<scheme>basic|bearer)(?P<space>\s{{1,4}}|{_SPACE})(?P<value>[\w+/=.~-]{{8,4000}}+)",
    re.IGNORECASE | re.ASCII,
)
# The token of a bot, and the address of a webhook, by which a trading bot tells its owner what it does:
# https://core.telegram.org/bots/api https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks
_BOT: Final = re.compile(r"(?<![0-9])([0-9]{6,12}(?::|%3[aA]))AA[\w-]{30,}+", re.ASCII)
_MAY_BE_BOT: Final = re.compile(r"[0-9](?::|%3[aA])AA[\w-]{30}", re.ASCII)
_WEBHOOK: Final = re.compile(
    r"(/services/T[0-9A-Z]{1,30}+/B[0-9A-Z]{1,30}+/|/webhooks/[\w-]{1,30}+/)[\w/-]{8,}+", re.ASCII
)
_CURL: Final = re.compile(
    r"(?<![\w-])((?:-u|--user|-b|--cookie)[ =]{1,4})(?:(?P<quote>[\"'])[^\"']++|(?=[\w.@-]{0,64}[:=])[^\s\"']++)"
)
_COOKIE: Final = re.compile(r"(<Cookie [^\s=<>]{1,100}+=)[^\s<>]++")  # as Python shows it
# Keys of Amazon and of Slack say that they are:
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
# https://docs.slack.dev/authentication/tokens
_PREFIXED: Final = re.compile(
    r"(?<![A-Za-z0-9])(?:AKIA[A-Z2-7]{16}(?![A-Za-z0-9])|xox[abeprs]-[A-Za-z0-9-]{10,}+)"
)
# A key in the path of a stream; the names of streams themselves are words, symbols and numbers with signs between them.
_LISTENED: Final = re.compile(
    r"(/ws/)(?=[a-z0-9]{0,80}[A-Z])(?=[A-Z0-9]{0,80}[a-z])(?=[A-Za-z]{0,80}[0-9])"
    r"[A-Za-z0-9]{16,}+(?![@.\w-])"
)
# A key or a signature in base64, with its padding or a plus: no id has these, and no path that is as long.
_ENCODED: Final = re.compile(
    r"(?<![A-Za-z0-9+/])(?=[A-Za-z0-9+/]{40})(?=[A-Za-z+/]{0,40}[0-9])(?=[A-Z0-9+/]{0,40}[a-z])(?=[a-z0-9+/]{0,40}[A-Z])"
    r"(?:[A-Za-z0-9+/]{40,}+={1,2}(?![A-Za-z0-9+/=])|(?=[A-Za-z0-9/]{0,200}\+)[A-Za-z0-9+/]{60,}+)"
)
_MAY_BE_ENCODED: Final = re.compile(r"(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{40,}+")
# A user and a password before a host that has a dot or a port, without the scheme of a URL.
_LOGIN: Final = re.compile(
    r"(?<![\w.+:@/-])(?!(?:mailto|e?mail|xmpp|sips?|from|to|cc|contact):)([A-Za-z][\w.+-]{0,63}:)"
    r"[^\s/?#@:\"'<>\\,;&=()\[\]{}]{1,200}(?=@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]|:[0-9]))"
)
_MAY_BE_LOGIN: Final = re.compile(r"@[A-Za-z0-9-]{1,63}[.:]")
_LIKE_A_WORD: Final = re.compile(r"[A-Za-z]{1,19}(?:-[A-Za-z]{1,19}){0,3}\.?")


def without_credentials(text: str, mask: str) -> str:
    """Put a mask in the place of every credential in a text."""
    if _ENCODED_LINE.fullmatch(text):
        return mask
    if _BEGIN in text:
        text = _PRIVATE_KEY.sub(rf"\1{mask}", text)
    if "eyJ" in text:
        text = _WEB_TOKEN.sub(mask, text)
    text = _COOKIE.sub(rf"\1{mask}", _BOT.sub(rf"\1{mask}", text))
    if "/services/" in text or "/webhooks/" in text:
        text = _WEBHOOK.sub(rf"\1{mask}", text)
    if "AKIA" in text or "xox" in text:
        text = _PREFIXED.sub(mask, text)
    if "/ws/" in text:
        text = _LISTENED.sub(rf"\1{mask}", text)
    if "curl" in text:
        text = _CURL.sub(lambda match: f"{match[1]}{match['quote'] or ''}{mask}", text)
    if _may_be_encoded(text):
        text = _ENCODED.sub(mask, text)
    if "@" in text:
        text = _LOGIN.sub(rf"\1{mask}", text)
    lowered = text.lower()
    if "basic" in lowered or "bearer" in lowered:
        text = _SCHEME.sub(lambda match: _masked(match, mask), text)
    return text


def may_show_credential(text: str) -> bool:
    """Tell whether a text, or any part of it, may have a credential that no word of ``CREDENTIAL_HINTS`` is in.

    That is one in base64, one before a host, or the token of a bot. False is certain.
    """
    if "@" in text and ":" in text and (":/" in text or ":\\/" in text or _MAY_BE_LOGIN.search(text)):
        return True
    return _may_be_encoded(text) or ("AA" in text and _MAY_BE_BOT.search(text) is not None)


def _may_be_encoded(text: str) -> bool:
    return ("=" in text or "+" in text) and _MAY_BE_ENCODED.search(text) is not None


def _masked(match: re.Match[str], mask: str) -> str:
    """The value of a header without its credential; ``Basic authentication`` is none."""
    value = match["value"]
    if _LIKE_A_WORD.fullmatch(value) and not (match["scheme"].lower() == "basic" and _is_login(value)):
        return match[0]
    return f"{match['scheme']}{match['space']}{mask}"


def _is_login(value: str) -> bool:
    """Whether a text is a user and a password in base64."""
    try:
        return b":" in b64decode(value.rstrip(".") + "=" * (-len(value) % 4))
    except ValueError:
        return False
