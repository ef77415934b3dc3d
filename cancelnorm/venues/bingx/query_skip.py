"""BingX's answers to questions about orders: which of them show no order that is about a cancel."""

from collections.abc import Callable, Collection, Sequence
from typing import Final

import msgspec
from msgspec import Struct

# --- What BingX sends ---


class _Shown(Struct, rename="camel", gc=False):
    """Fields that say whether an order is about a cancel."""

    status: str = ""
    order_status: str = ""


class _Data(_Shown, rename={"order_status": "orderStatus", "rows": "list"}):
    """An order, or what holds one or several."""

    order: _Shown | None = None
    orders: list[_Shown] | None = None
    rows: list[_Shown] | None = None


class _Answer(Struct, gc=False):
    """An answer to a query."""

    data: _Data | list[_Shown] | None = None

    @property
    def shown(self) -> Sequence[_Shown]:
        """The orders in it."""
        match self.data:
            case None:
                return ()
            case list(rows):
                return rows
            case data:
                rows = [*(data.orders or ()), *(data.rows or ()), *filter(None, (data.order,))]
                return rows or ((data,) if data.status or data.order_status else ())


# --- What it means ---

_decode: Final = msgspec.json.Decoder(_Answer).decode


def skip_quiet(words: Collection[str]) -> Callable[[bytes], str | None]:
    """Function that recognises answers without a cancel: each order has a status that is one of some words.

    ``""`` among them is an order without a status.
    """
    quiet = frozenset(words)

    def skip(data: bytes) -> str | None:
        """Say what an answer shows; None for one that may be about a cancel."""
        try:
            orders = _decode(data).shown
        except (ValueError, RecursionError):
            return None
        statuses = {order.status or order.order_status for order in orders}
        return "orders without a cancel" if statuses and statuses <= quiet else None

    return skip
