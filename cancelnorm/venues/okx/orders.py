"""OKX orders: what REST answers to a cancel of one or of several."""

from typing import Final

from msgspec import UNSET, UnsetType

from cancelnorm.endpoint import Call
from cancelnorm.eventmap import Absent, EventMap, by_code, text, time
from cancelnorm.reader.scalars import EpochText, Prose
from cancelnorm.reader.structs import Camel
from cancelnorm.schema import EventKind, Normalised
from cancelnorm.venue import endpoint, endpoints
from cancelnorm.venues.okx.codes import CODES
from cancelnorm.venues.okx.messages import DOCS, ERRORS, IDS, KEYS, TAKEN, Envelope, answered, is_shared

# --- What OKX sends ---


class CancelRow(Camel):
    """Result of the cancel of one order; both ids may be empty where it failed."""

    ord_id: str
    cl_ord_id: str  # "" where the order has none
    s_code: str
    s_msg: Prose
    ts: EpochText | UnsetType = UNSET  # when the engine was done with the request; since 2024-01
    tag: str | UnsetType = UNSET  # of placements; nobody has recorded it here
    sub_code: str | UnsetType = UNSET  # the same, since 2026-01


class CancelAnswer(Envelope):
    """The answer to a cancel of one order, or of several."""

    data: list[CancelRow]


# --- What it means ---

ROW: Final = EventMap(
    CancelRow,
    by_code(CancelRow.s_code, CancelRow.s_msg, CODES, taken=TAKEN, good=("0",)),
    absent=Absent.EMPTY,
    unnamed=EventKind.REQUEST,
    order_id=text(CancelRow.ord_id),
    client_order_id=text(CancelRow.cl_ord_id),
    event_ns=time(CancelRow.ts),
)


def cancel(raw: CancelAnswer, call: Call) -> Normalised:
    """Map the answer to a cancel of one order, or of several: each row has a verdict of its own.

    Its time is that of the acknowledgement. When an order is gone, a stream or a query says.
    """
    return answered(raw, raw.data, ROW, call)


# --- Endpoints ---

ENDPOINTS: Final = endpoints(
    endpoint("POST /api/v5/trade/cancel-order", CancelAnswer, cancel, page="cancel-order"),
    endpoint("POST /api/v5/trade/cancel-batch-orders", CancelAnswer, cancel, page="cancel-multiple-orders"),
    product=None,
    request=KEYS,
    errors=ERRORS,
    is_shared=is_shared,
    ids=IDS,
    docs=f"{DOCS}order-book-trading-trade-post-",
)
