"""Coinbase Exchange feed: the channel level3, whose frames are arrays of texts.

``["done", product, sequence, order id, time]`` says that an order left the book, and not whether it was canceled or
filled.
"""

from collections.abc import Sequence
from typing import Any, Final

from cancelnorm.endpoint import Call
from cancelnorm.schema import EventKind, Normalised, Product
from cancelnorm.venue import endpoint, endpoints
from cancelnorm.venues.coinbase_exchange.messages import FEED_DOCS, IDS, OPEN, ns_of_time

# --- What it means ---

_DONE: Final = "done"
_CELLS: Final = 5


def row(raw: Sequence[str], call: Call) -> Normalised:
    """Map a row: an order that left the book, by a cancel or by a fill."""
    if len(raw) != _CELLS or raw[0] != _DONE:
        call.note("unknown-value", "$", "no row of an order that is done", list(raw))
        return call.result([call.failed(OPEN)], extra={"row": list(raw)})
    _, symbol, sequence, order_id, time = raw
    event_ns = ns_of_time(time)
    extra: dict[str, Any] = {"sequence": sequence} if sequence else {}
    if event_ns is None and time:
        extra["time"] = time
    event = call.event(
        EventKind.ORDER if order_id else EventKind.REQUEST,
        OPEN,
        path="$",
        symbol=symbol or None,
        order_id=order_id or None,
        event_ns=event_ns,
        extra=extra or None,
    )
    return call.result([event])


# --- Endpoints ---

ENDPOINTS: Final = endpoints(
    endpoint("stream level3", list[str], row),
    product=Product.SPOT,
    ids=IDS,
    docs=FEED_DOCS,
    skips=True,
)
