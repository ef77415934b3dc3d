"""Order hashes: what the sequence rules know orders by.

A hash is the same in every process and has at most 63 bits, so that many are sent as an array. Consecutive ids have
consecutive hashes, which keeps them close together in memory.
"""

from collections.abc import Sequence
from hashlib import blake2b
from typing import Final

import msgspec

from cancelnorm.caching import cached
from cancelnorm.endpoint import IdSpace
from cancelnorm.schema import CancelEvent

__all__ = ["LIMIT", "first_hash", "hash_of", "hashes_of", "order_number"]

_BITS: Final = 62
LIMIT: Final = 1 << _BITS
"""The number from which on an order id is no number but a text like any other."""

_DIGITS: Final = len(str(LIMIT))


def hash_of(space: IdSpace, event: CancelEvent, order_id: str) -> int:
    """Hash of an event's order: its account, its id and the id's scope."""
    return first_hash(space, event.symbol, event.account) + order_number(order_id)


def hashes_of(events: Sequence[CancelEvent], ids: Sequence[str], listed: str, space: IdSpace) -> list[int]:
    """Hashes of the orders of many events at once; ``listed`` are the ids, separated by commas."""
    if len(ids) > 1 and (not space.by_symbol or len({event.symbol for event in events}) == 1):
        numbers = _numbers_in(listed)
        if numbers:
            first = first_hash(space, events[0].symbol, events[0].account)
            return [first + number for number in numbers]
    return [hash_of(space, event, order_id) for event, order_id in zip(events, ids, strict=True)]


@cached(4_096)
def first_hash(space: IdSpace, symbol: str | None, account: str | None) -> int:
    """Hash of order 0 of a symbol and an account."""
    return _digest("\0".join((space.name, symbol or "" if space.by_symbol else "", account or "")))


def order_number(order_id: str) -> int:
    """The number that an order id is, or one that stands for it."""
    return int(order_id) if _is_number(order_id) else _digest(order_id)


def _numbers_in(listed: str) -> list[int] | None:
    """Comma-separated order ids as numbers; None unless each of them satisfies ``_is_number``."""
    try:
        numbers = _numbers(f"[{listed}]") if listed.replace(",", "").isdecimal() else []
    except ValueError:
        return None
    return numbers if numbers and max(numbers) < LIMIT else None


def _is_number(order_id: str) -> bool:
    """Whether an order id is a canonical decimal number below the limit."""
    is_decimal = order_id.isdecimal() and order_id.isascii() and len(order_id) <= _DIGITS
    return is_decimal and (order_id[0] != "0" or order_id == "0") and int(order_id) < LIMIT


_numbers: Final = msgspec.json.Decoder(list[int]).decode


def _digest(text: str) -> int:
    digest = blake2b(text.encode(errors="surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big") & (LIMIT - 1)
