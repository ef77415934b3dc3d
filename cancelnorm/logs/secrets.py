"""Where in a line something secret stands, outside its payload; named by place, never shown."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Final

import msgspec
from msgspec import Raw

from cancelnorm.logs.json_path import Steps
from cancelnorm.masking import is_secret

__all__ = ["secret_places"]

# Where none of these is in a value, nothing in it is named like a secret.
_HINTS: Final = (b"key", b"sign", b"secret", b"pass", b"cookie", b"author", b"token")
_NOTHING: Final = (b"null", b'""', b'"[redacted]"')
_MAX_DEPTH: Final = 8
_PAIR: Final = 2
_object: Final = msgspec.json.Decoder(dict[str, Raw]).decode
_array: Final = msgspec.json.Decoder(list[Raw]).decode


def secret_places(line: Mapping[str, Raw], payload: Steps) -> Iterator[str]:
    """Name the places where a line has a secret; what stands at ``payload`` is not looked into."""
    return _in_object(line, "", payload, 1)


def _in_object(members: Mapping[str, Raw], place: str, payload: Steps, depth: int) -> Iterator[str]:
    for key, raw in members.items():
        there = f"{place}{key[:64]}"
        if payload[:1] == (key,):
            if len(payload) > 1:
                yield from _inside(bytes(raw), there, payload[1:], depth)
        elif not _is_secret(key):
            yield from _inside(bytes(raw), there, (), depth)
        elif bytes(raw) not in _NOTHING:
            yield there


def _inside(data: bytes, place: str, payload: Steps, depth: int) -> Iterator[str]:
    if depth == _MAX_DEPTH or data[:1] not in (b"{", b"[") or not (payload or _has_hint(data)):
        return
    if data[:1] == b"{":
        members = _object(data)
        if "value" in members and (name := _secret_name(members.get("name"))):  # headers as HAR has them
            yield f"{place}.{name}"
        yield from _in_object(members, f"{place}.", payload, depth + 1)
        return
    items = _array(data)
    if len(items) == _PAIR and (name := _secret_name(items[0])):  # a header and its value
        yield f"{place}.{name}"
    for i, raw in enumerate(items):
        if payload != (i,):
            within = payload[1:] if payload[:1] == (i,) else ()
            yield from _inside(bytes(raw), f"{place}[{i}]", within, depth + 1)


def _has_hint(data: bytes) -> bool:
    lowered = data.lower()
    return any(hint in lowered for hint in _HINTS)


def _secret_name(raw: Raw | None) -> str | None:
    """A text that names a secret, and is short enough to be a name."""
    if raw is None or bytes(raw)[:1] != b'"':
        return None
    name = msgspec.json.decode(raw, type=str)
    return name if len(name) <= _MAX_NAME and _is_secret(name) else None


_MAX_NAME: Final = 40


@lru_cache(maxsize=4_096)
def _is_secret(key: str) -> bool:
    return is_secret(key)
