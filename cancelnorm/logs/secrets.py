"""Secrets in a line of a log, outside its payload."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

import msgspec
from msgspec import Raw

from cancelnorm.caching import cached
from cancelnorm.logs.json_path import Steps
from cancelnorm.logs.part_names import USUAL_STEPS
from cancelnorm.masking import fingerprint, without_secrets
from cancelnorm.secret_names import is_secret, may_name_secret, secret_beside, secret_keys

__all__ = ["safe_account", "secret_paths"]

# No value, or what people and SDKs put in its place.
_NOTHING: Final = re.compile(rb'null|"(?:\[redacted\]|[*xX]{1,200}|<[\w -]{1,40}>|\.\.\.|omittedFromError)?"')
# A session tells connections apart; like any other, its id is shown nowhere, but is nothing to mend in a log.
_SESSIONS: Final = frozenset(names[0] for names in USUAL_STEPS["connection"])
_MAX_DEPTH: Final = 8
_PAIR: Final = 2
_object: Final = msgspec.json.Decoder(dict[str, Raw]).decode
_array: Final = msgspec.json.Decoder(list[Raw]).decode


@cached(1_024)
def safe_account(account: str | None) -> str | None:
    """The name of an account; a fingerprint if it contains a key, so that accounts are still told apart."""
    if not account:
        return None
    return account if without_secrets(account) == account else fingerprint(account)


def secret_paths(line: Mapping[str, Raw], payload: Steps) -> Iterator[str]:
    """List the paths of secrets in a line; the value at ``payload`` is left out."""
    return _in_object(line, "", payload, 1)


def _in_object(members: Mapping[str, Raw], path: str, payload: Steps, depth: int) -> Iterator[str]:
    hidden = secret_keys(members)
    for key, raw in members.items():
        inner = f"{path}{key[:64]}"
        if payload[:1] == (key,):
            if len(payload) > 1:
                yield from _inside(bytes(raw), inner, payload[1:], depth)
        elif key not in hidden:
            yield from _inside(bytes(raw), inner, (), depth)
        elif key not in _SESSIONS and _NOTHING.fullmatch(bytes(raw)) is None:
            yield inner


def _inside(data: bytes, path: str, payload: Steps, depth: int) -> Iterator[str]:
    if depth == _MAX_DEPTH or data[:1] not in (b"{", b"[") or not (payload or may_name_secret(data)):
        return
    try:
        found = _object(data) if data[:1] == b"{" else _array(data)
    except (ValueError, RecursionError):  # what cannot be read is refused, if it is read at all
        return
    if isinstance(found, dict):
        if name := secret_beside(found, _text_of):
            yield f"{path}.{name}"
        yield from _in_object(found, f"{path}.", payload, depth + 1)
        return
    if len(found) == _PAIR and (name := _secret_name(found[0])):  # a header and its value
        yield f"{path}.{name}"
    for i, raw in enumerate(found):
        if payload != (i,):
            within = payload[1:] if payload[:1] == (i,) else ()
            yield from _inside(bytes(raw), f"{path}[{i}]", within, depth + 1)


def _secret_name(raw: Raw) -> str | None:
    """A text that names a secret and is short enough to be a name."""
    name = _text_of(raw)
    return name if name is not None and len(name) <= _MAX_NAME and is_secret(name) else None


def _text_of(raw: Raw) -> str | None:
    """A text; None for any other value, and for one that is not UTF-8."""
    try:
        return None if bytes(raw)[:1] != b'"' else msgspec.json.decode(raw, type=str)
    except ValueError:
        return None


_MAX_NAME: Final = 40
