"""OKX trading bots: cancels of an order of a signal bot, and of the order that closes a grid's position."""

from typing import Any, Final

from msgspec import UNSET, UnsetType

from cancelnorm.endpoint import Call, IdSpace
from cancelnorm.eventmap import Absent, EventMap, always, by_code, text
from cancelnorm.reader.scalars import Prose
from cancelnorm.reader.structs import Camel
from cancelnorm.request import RequestKeys
from cancelnorm.schema import EventKind, Normalised
from cancelnorm.venue import endpoint, endpoints
from cancelnorm.venues.okx.codes import CODES
from cancelnorm.venues.okx.messages import (
    DOCS,
    ERRORS,
    KEYS,
    TAKEN,
    Envelope,
    answered,
    joined,
    listed,
    refused,
)

# --- What OKX sends ---


class SignalRow(Camel):
    """Result of the cancel of an order of a signal bot."""

    signal_ord_id: str
    s_code: str
    s_msg: Prose


class SignalAnswer(Envelope):
    """The answer to a cancel of an order of a signal bot."""

    data: list[SignalRow]


class GridRow(Camel):
    """The order that closes the position of a grid, whose cancel was accepted; it has no code of its own."""

    algo_id: str  # the grid
    ord_id: str
    algo_cl_ord_id: str | UnsetType = UNSET
    tag: str | UnsetType = UNSET


class GridAnswer(Envelope):
    """The answer to a cancel of the order that closes the position of a grid."""

    data: list[GridRow]


# --- What it means ---

SIGNAL: Final = EventMap(
    SignalRow,
    by_code(SignalRow.s_code, SignalRow.s_msg, CODES, taken=TAKEN, good=("0",)),
    unnamed=EventKind.REQUEST,
    order_id=text(SignalRow.signal_ord_id),
)
GRID: Final = EventMap(
    GridRow,
    always(TAKEN),
    absent=Absent.EMPTY,
    unnamed=EventKind.REQUEST,
    order_id=text(GridRow.ord_id),
    list_id=text(GridRow.algo_id),
    list_client_id=text(GridRow.algo_cl_ord_id),
)


def cancel_signal(raw: SignalAnswer, call: Call) -> Normalised:
    """Map the answer to a cancel of an order of a signal bot."""
    return answered(raw, raw.data, SIGNAL, call)


def cancel_close(raw: GridAnswer, call: Call) -> Normalised:
    """Map the answer to a cancel of the order that closes the position of a grid."""
    if not raw.data:
        return refused(raw, call)
    events, said = listed(raw, raw.data, GRID, call)
    return call.result(joined(events, call), extra=said)


def is_shared(raw: Any) -> bool:
    """Whether an answer, without its request, may be to anything else as well, such as to a bot that was changed."""
    rows = getattr(raw, "data", ())
    return not rows or isinstance(raw, GridAnswer)


# --- Endpoints ---

ENDPOINTS: Final = endpoints(
    endpoint(
        "POST /api/v5/tradingBot/signal/cancel-sub-order",
        SignalAnswer,
        cancel_signal,
        page="signal-bot-trading-post-cancel-sub-order",
        request=RequestKeys(
            symbol=("instId",),
            order_id=("signalOrdId",),
            list_id=("algoId",),
            product=("instId",),
            product_of=KEYS.product_of,
        ),
        ids=IdSpace("okx signal", by_symbol=False),
    ),
    endpoint(
        "POST /api/v5/tradingBot/grid/cancel-close-order",
        GridAnswer,
        cancel_close,
        page="grid-trading-post-cancel-close-position-order-for-contract-grid",
        request=RequestKeys(order_id=("ordId",), list_id=("algoId",)),
    ),
    product=None,
    errors=ERRORS,
    is_shared=is_shared,
    docs=f"{DOCS}order-book-trading-",
    ids=IdSpace("okx", by_symbol=False),
)
