"""OKX algo orders: triggers, take-profits and stop-losses, trailing stops, icebergs, TWAP: their cancels over REST.

A pair of take-profit and stop-loss is canceled as a whole.
"""

from typing import Any, Final

from msgspec import UNSET, UnsetType

from cancelnorm.endpoint import Call, IdSpace
from cancelnorm.eventmap import Absent, EventMap, by_code, text
from cancelnorm.reader.scalars import Prose
from cancelnorm.reader.structs import Camel
from cancelnorm.request import RequestKeys
from cancelnorm.schema import EventKind, Normalised
from cancelnorm.venue import endpoint, endpoints
from cancelnorm.venues.okx.codes import CODES
from cancelnorm.venues.okx.messages import DOCS, ERRORS, KEYS, SAYS_CANCEL, TAKEN, Envelope, answered

# --- What OKX sends ---


class AlgoRow(Camel):
    """Result of the cancel of one algo order; it has no time."""

    algo_id: str
    s_code: str
    s_msg: Prose
    # Deprecated, mostly "".
    cl_ord_id: str | UnsetType = UNSET
    algo_cl_ord_id: str | UnsetType = UNSET
    tag: str | UnsetType = UNSET


class AlgosAnswer(Envelope):
    """The answer to a cancel of several algo orders."""

    data: list[AlgoRow]


# --- What it means ---

ALGO_IDS: Final = IdSpace("okx algo", by_symbol=False)
ALGO_KEYS: Final = RequestKeys(
    symbol=("instId",),
    order_id=("algoId",),
    client_order_id=("algoClOrdId",),
    product=("instId",),
    product_of=KEYS.product_of,
    wrapper=("args",),
)
ALGO: Final = EventMap(
    AlgoRow,
    by_code(AlgoRow.s_code, AlgoRow.s_msg, CODES, taken=TAKEN, good=("0",)),
    absent=Absent.EMPTY,
    unnamed=EventKind.REQUEST,
    order_id=text(AlgoRow.algo_id),
    client_order_id=text(AlgoRow.algo_cl_ord_id),
)


def cancel(raw: AlgosAnswer, call: Call) -> Normalised:
    """Map the answer to a cancel of several algo orders."""
    return answered(raw, raw.data, ALGO, call)


def is_shared(raw: Any) -> bool:
    """Whether an answer, without its request, may be to new algo orders: rows tell only by the texts of failures."""
    texts = (raw.msg, *(row.s_msg for row in getattr(raw, "data", ())))
    return not any(SAYS_CANCEL in text.casefold() for text in texts)


# --- Endpoints ---

ENDPOINTS: Final = endpoints(
    endpoint("POST /api/v5/trade/cancel-algos", AlgosAnswer, cancel),
    # Icebergs, TWAP and trailing stops, until the documentation dropped it in 2025; clients still call it.
    endpoint("POST /api/v5/trade/cancel-advance-algos", AlgosAnswer, cancel),
    product=None,
    request=ALGO_KEYS,
    errors=ERRORS,
    is_shared=is_shared,
    ids=ALGO_IDS,
    docs=f"{DOCS}order-book-trading-algo-trading-post-cancel-algo-order",
)
