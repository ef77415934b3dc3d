"""Keys of requests that are not remembered any more, in a set of a fixed size."""

from collections.abc import Iterator
from hashlib import blake2b
from typing import Final

__all__ = ["Dropped"]

_BITS: Final = 1 << 23  # 1 MiB: one key in a thousand is taken for a dropped one after 280,000 keys
_HASHES: Final = 3


class Dropped:
    """A Bloom filter: a key that was added is always found, and rarely one that was not."""

    def __init__(self) -> None:
        self._bits = bytearray()  # empty while there are no keys

    def __bool__(self) -> bool:
        return bool(self._bits)

    def add(self, key: bytes) -> None:
        """Add a key."""
        if not self._bits:
            self._bits = bytearray(_BITS >> 3)
        for at in _positions(key):
            self._bits[at >> 3] |= 1 << (at & 7)

    def __contains__(self, key: bytes) -> bool:
        bits = self._bits
        return bool(bits) and all(bits[at >> 3] >> (at & 7) & 1 for at in _positions(key))


def _positions(key: bytes) -> Iterator[int]:
    digest = blake2b(key, digest_size=4 * _HASHES).digest()
    return (int.from_bytes(digest[i : i + 4], "big") % _BITS for i in range(0, len(digest), 4))
