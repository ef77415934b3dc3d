"""OKX spread trading: cancels over REST, and spread orders as they are shown.

A leg that fails to settle takes its size off an order that goes on: such an order is reduced.
"""

from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import Any, Final, Literal

from msgspec import UNSET, UnsetType

from cancelnorm.endpoint import Call
from cancelnorm.eventmap import Absent, EventMap, Verdict, amount, by_code, by_words, made, text, time, word
from cancelnorm.reader.scalars import DecimalOrEmpty, EpochText, Prose, decimal_of
from cancelnorm.reader.structs import Camel
from cancelnorm.request import RequestKeys
from cancelnorm.schema import EventKind, Evidence, Normalised, Outcome, Product
from cancelnorm.venue import endpoint, endpoints
from cancelnorm.venues.okx.bulk import SPREAD_IDS
from cancelnorm.venues.okx.causes import ALIVE, causes, initiator_of
from cancelnorm.venues.okx.codes import CODES, SPREAD
from cancelnorm.venues.okx.messages import DOCS, SPREAD_ERRORS, TAKEN, Envelope, answered
from cancelnorm.venues.okx.queries import QUERY_ERRORS, is_no_answer, name_of, queried
from cancelnorm.venues.okx.states import ORDER_TYPES, POST_ONLY, SIDES, TIMES_IN_FORCE
from cancelnorm.venues.okx.stream import Arg, frame_of

# --- What OKX sends ---


class SpreadRow(Camel):
    """Result of the cancel of a spread order; other than an ordinary order's it has no time."""

    ord_id: str
    cl_ord_id: str  # "" where the order has none
    s_code: str
    s_msg: Prose


class SpreadAnswer(Envelope):
    """The answer to a cancel of one spread order."""

    data: list[SpreadRow]


class SpreadState(Camel):
    """A spread order as it stands: what is pending, what was canceled and what filled are its size together."""

    sprd_id: str
    ord_id: str
    cl_ord_id: str  # "" where the order has none
    state: str
    side: Literal["buy", "sell"]
    ord_type: Literal["market", "limit", "post_only", "ioc"]
    px: DecimalOrEmpty  # the difference of two prices, negative or zero as it may be
    sz: DecimalOrEmpty
    acc_fill_sz: DecimalOrEmpty
    pending_fill_sz: DecimalOrEmpty
    canceled_sz: DecimalOrEmpty  # off the book, by a cancel or a leg that failed to settle
    avg_px: DecimalOrEmpty
    u_time: EpochText
    c_time: EpochText
    pending_settle_sz: str | UnsetType = UNSET
    cancel_source: str | UnsetType = UNSET
    tag: str | UnsetType = UNSET
    fill_sz: str | UnsetType = UNSET
    fill_px: str | UnsetType = UNSET
    trade_id: str | UnsetType = UNSET


class StreamedSpread(SpreadState):
    """A spread order in a frame."""

    code: str | UnsetType = UNSET  # why a leg failed to settle; "0"
    msg: Prose | UnsetType = UNSET
    req_id: str | UnsetType = UNSET
    amend_result: str | UnsetType = UNSET


class SpreadsArg(Arg):
    """The channel of spread orders."""

    channel: Literal["sprd-orders"]
    sprd_id: str | UnsetType = UNSET


class SpreadsFrame(Camel):
    """Frame with changes."""

    arg: SpreadsArg
    data: list[StreamedSpread]


class SpreadsShown(Envelope):
    """The answer to a query."""

    data: list[SpreadState]


# --- What it means ---

SPREAD_KEYS: Final = RequestKeys(
    symbol=("sprdId",), order_id=("ordId",), client_order_id=("clOrdId",), wrapper=("args",)
)
SPREAD_ROW: Final = EventMap(
    SpreadRow,
    by_code(SpreadRow.s_code, SpreadRow.s_msg, SPREAD, taken=TAKEN, good=("0",)),
    unnamed=EventKind.REQUEST,
    order_id=text(SpreadRow.ord_id),
    client_order_id=text(SpreadRow.cl_ord_id),
)
# Without its request, a row may be that of any order, as those were until 2024.
_ANY_ROW: Final = SPREAD_ROW.extended(
    SpreadRow, by_code(SpreadRow.s_code, SpreadRow.s_msg, CODES, taken=TAKEN, good=("0",))
)


def cancel(raw: SpreadAnswer, call: Call) -> Normalised:
    """Map the answer to a cancel of one spread order."""
    by_row = _ANY_ROW if call.record.endpoint is None else SPREAD_ROW
    return answered(raw, raw.data, by_row, call, SPREAD)


def _reduced(evidence: Evidence) -> Callable[..., Verdict | None]:
    """The verdict on a spread order; one that goes on or has filled was reduced where some of it was canceled."""
    judge = causes(evidence)

    def judged(state: str, canceled: str, source: object = None, amended: object = None) -> Verdict | None:
        if state in ALIVE and canceled.strip("-0."):
            return Verdict(Outcome.REDUCED, evidence, None, ALIVE[state], initiator_of(source))
        return judge(state, source, amended)

    return judged


def _left(pending: str, state: str) -> Decimal | None:
    """What is left of an order; of one that was canceled nothing is pending, whatever has not filled."""
    return decimal_of(pending) if pending and state != "canceled" else None


def _shown(struct: type[SpreadState], evidence: Evidence, *also: Any) -> EventMap:
    words = (SpreadState.state, SpreadState.canceled_sz, SpreadState.cancel_source, *also)
    return EventMap(
        struct,
        by_words(_reduced(evidence), *words, raw_status=SpreadState.state),
        absent=Absent.ZERO,
        also=(SpreadState.canceled_sz, *also),
        symbol=text(SpreadState.sprd_id),
        order_id=text(SpreadState.ord_id),
        client_order_id=text(SpreadState.cl_ord_id),
        raw_initiator=text(SpreadState.cancel_source),
        side=word(SpreadState.side, SIDES),
        order_type=word(SpreadState.ord_type, ORDER_TYPES),
        time_in_force=made(TIMES_IN_FORCE.get, SpreadState.ord_type),
        post_only=word(SpreadState.ord_type, POST_ONLY),
        price=amount(SpreadState.px),
        average_price=amount(SpreadState.avg_px, zero_is_none=True),
        quantity=amount(SpreadState.sz),
        filled_quantity=amount(SpreadState.acc_fill_sz),
        remaining_quantity=made(_left, SpreadState.pending_fill_sz, SpreadState.state),
        created_ns=time(SpreadState.c_time),
        event_ns=time(SpreadState.u_time),
    )


PUSHED: Final = _shown(StreamedSpread, Evidence.FINAL_REPORT, StreamedSpread.amend_result)
SHOWN: Final = _shown(SpreadState, Evidence.TERMINAL_STATUS)


def query(raw: SpreadsShown, call: Call) -> Normalised:
    """Map the answer to a query: the spread orders in it that are about a cancel."""
    return queried(raw, raw.data, name_of, lambda: SHOWN.events(raw.data, call, "$.data[{}]"), call)


# --- Endpoints ---

_query: Final = partial(endpoint, errors=QUERY_ERRORS, is_shared=is_no_answer, skips=True)

ENDPOINTS: Final = endpoints(
    endpoint("POST /api/v5/sprd/cancel-order", SpreadAnswer, cancel, page="rest-api-cancel-order"),
    _query("GET /api/v5/sprd/order", SpreadsShown, query, page="rest-api-get-order-details"),
    _query("GET /api/v5/sprd/orders-pending", SpreadsShown, query, page="rest-api-get-active-orders"),
    _query("GET /api/v5/sprd/orders-history", SpreadsShown, query, page="rest-api-get-orders-last-21-days"),
    _query(
        "GET /api/v5/sprd/orders-history-archive",
        SpreadsShown,
        query,
        page="rest-api-get-orders-history-last-3-months",
    ),
    endpoint(
        "stream sprd-orders",
        SpreadsFrame,
        frame_of(PUSHED),
        page="websocket-private-channel-order-channel",
        request=RequestKeys(),
        errors=None,
        is_shared=None,
        skips=True,
    ),
    product=Product.SPREAD,
    request=SPREAD_KEYS,
    errors=SPREAD_ERRORS,
    is_shared=is_no_answer,
    ids=SPREAD_IDS,
    docs=f"{DOCS}spread-trading-",
)
