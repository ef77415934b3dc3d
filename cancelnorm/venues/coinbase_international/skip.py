"""Coinbase International's answers: which of them have nothing to say about a cancel.

Nothing about orders is pushed but over FIX. Only the few words that tell are read.
"""

from collections.abc import Sequence
from typing import Final

from msgspec import Struct
from msgspec.json import Decoder

from cancelnorm.venue import Shown
from cancelnorm.venues.coinbase_international.messages import status_of


class _Order(Struct, gc=False):
    """What of an order says whether it is about a cancel; fills have a status, too."""

    event_type: str = ""
    order_status: str = ""


class _Answer(_Order, gc=False):
    """An order, or a list."""

    results: list[_Order] | None = None


_answer: Final = Decoder(_Answer).decode


def skip(data: bytes) -> str | None:
    """Say what a payload is that has nothing to say about a cancel; None for one that may have."""
    try:
        found = _answer(data)
    except (ValueError, RecursionError):
        return None
    if found.results is None:
        return "an order without a cancel" if _is_quiet(found) else None
    return "orders without a cancel" if all(map(_is_quiet, found.results)) else None


def _is_quiet(order: _Order) -> bool:
    return status_of(order.event_type, order.order_status) is not None


def shows(_: bytes) -> Sequence[Shown]:
    """Tell the orders that a frame shows: no frame shows any."""
    return ()
