"""Bytes to a JSON value with every number as it was sent, and the keys that are there twice."""

import json
import zlib
from collections.abc import Iterator
from typing import Any, Final

import msgspec
from msgspec import Raw

from cancelnorm.reader.mismatch import Mismatch, Number, member_path
from cancelnorm.reader.nesting import TOO_DEEP, is_too_deep
from cancelnorm.schema import Note

__all__ = ["NESTED", "duplicates", "keys_in", "malformed", "tree_of"]

_decode: Final = msgspec.json.Decoder(float_hook=Number).decode
NESTED: Final = (dict, list)


def tree_of(data: bytes | Raw, within: str | None = None) -> Any:
    """Bytes → JSON value as the exact reader walks it; a number that is no integer keeps its text.

    ``within`` is the path of the object that it stands in. Raises ValueError where it is no JSON, Mismatch where
    brackets are nested too deeply.
    """
    try:
        tree = _decode(data)
    except RecursionError as error:
        raise Mismatch("$", "JSON", TOO_DEEP) from error
    if isinstance(tree, NESTED):
        above = 0 if within is None else 1 + within.count(".") + within.count("[")
        if is_too_deep(tree, above):
            raise Mismatch("$", "JSON", TOO_DEEP)
    return tree


def keys_in(value: Any) -> int:
    """How many keys an object or array has, with all that is in it; none in anything else."""
    if type(value) not in NESTED:
        return 0
    count = 0
    if type(value) is dict:
        count = len(value)
        value = value.values()
    for part in value:
        if type(part) in NESTED:
            count += keys_in(part)
    return count


def malformed(data: bytes, fault: str) -> str:
    """Why bytes are no JSON, in words that help."""
    text = data.lstrip()
    if not text:
        return "an empty body"
    if data.startswith(b"\xef\xbb\xbf"):
        return "a byte order mark before the payload"
    if (compression := _compression_of(data)) is not None:
        return f"{compression}; decompress it first"
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in data[:4]:
        return "UTF-16 or UTF-32"
    if text.startswith(b"<"):
        return "HTML or XML"
    if "truncated" in fault:
        return f"JSON that ends after {len(data)} bytes"
    if fault.startswith("Integer value out of range"):
        return "a number of too many digits"
    fault = fault.removeprefix("JSON is malformed: ")
    return f"no {fault.removeprefix('expected ')}" if fault.startswith("expected ") else fault


_COMPRESSIONS: Final = {
    b"\x1f\x8b": "gzip",
    b"\x28\xb5\x2f\xfd": "zstd",
    b"BZh": "bzip2",
    b"\xfd7zXZ": "xz",
}
"""What compressed bytes begin with."""


def _compression_of(data: bytes) -> str | None:
    """How bytes are compressed, as frames of some venues are on the wire; None if they are not."""
    found = next((name for head, name in _COMPRESSIONS.items() if data.startswith(head)), None)
    if found is None and data.startswith(b"x"):
        try:
            return "zlib" if zlib.decompressobj().decompress(data, 1) else None
        except zlib.error:
            return None
    return found


class _Pairs(list[tuple[str, Any]]):
    """An object with all its keys, also those that come twice."""

    def values(self) -> Iterator[Any]:
        """All values, as those of a dict."""
        return (value for _, value in self)


def _duplicates(value: Any, at: str) -> Iterator[Note]:
    """A note for every key that comes twice and says the same; Mismatch where it does not."""
    if isinstance(value, _Pairs):
        seen: dict[str, Any] = {}
        for key, part in value:
            if key in seen:
                if repr(seen[key]) != repr(part):
                    raise Mismatch(member_path(at, key), "one value", "the same key with different values")
                yield Note(
                    "duplicate-key", member_path(at, key), "the key is there twice with the same value"
                )
            seen[key] = part
            yield from _duplicates(part, member_path(at, key))
    elif isinstance(value, list):
        for i, part in enumerate(value):
            yield from _duplicates(part, f"{at}[{i}]")


def duplicates(data: bytes) -> list[Note]:
    """List the keys that are there twice and say the same; Mismatch where they contradict each other.

    The same where one of the values, which no tree has, is nested too deeply.
    """
    try:
        tree = json.loads(data, object_pairs_hook=_Pairs, parse_float=Number)
    except RecursionError as error:
        raise Mismatch("$", "JSON", TOO_DEEP) from error
    if is_too_deep(tree):
        raise Mismatch("$", "JSON", TOO_DEEP)
    return list(_duplicates(tree, "$"))
