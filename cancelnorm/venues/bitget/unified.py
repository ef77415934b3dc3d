"""Bitget's unified account (v3) REST: what it answers to a cancel.

A row that failed stands among those that were taken, and differs only by its code.
"""

from typing import Final

from msgspec import UNSET, UnsetType, field

from cancelnorm.endpoint import Call
from cancelnorm.eventmap import EventMap, Verdict, by_words, text
from cancelnorm.reader.scalars import Prose
from cancelnorm.reader.structs import Exact
from cancelnorm.schema import EventKind, Initiator, Normalised
from cancelnorm.venue import endpoint, endpoints
from cancelnorm.venues.bitget.codes import GOOD
from cancelnorm.venues.bitget.messages import (
    DOCS,
    ERRORS,
    IDS,
    KEYS,
    OPEN,
    SCOPE_KEYS,
    SEEN,
    TAKEN,
    CancelAnswer,
    Envelope,
    OrderName,
    cancel,
    envelope,
    is_shared,
    judge,
    refused,
    rows_answered,
)

# --- What Bitget sends ---


class BatchRow(OrderName):
    """An order of several; one with a code was not taken."""

    code: str | UnsetType | None = UNSET  # not with a success over REST; "0" over WebSocket
    msg: Prose | UnsetType | None = UNSET


class BatchAnswer(Envelope):
    """The answer to a cancel of several orders."""

    data: list[BatchRow] | None


class Orders(Exact):
    """The orders that a cancel of all found, taken or not."""

    rows: list[BatchRow] | None = field(name="list")


class AllAnswer(Envelope):
    """The answer to a cancel of all orders."""

    data: Orders | None


class StrategyAnswer(Envelope):
    """The answer to a cancel of a strategy order: nothing but the code, also where it was taken."""

    data: None


class TimerAnswer(Envelope):
    """The answer to the setting of the dead-man switch."""

    data: str | None  # success


# --- What it means ---


def row_verdict(code: object, message: object) -> Verdict:
    """The verdict on an order by the code of its row, which one that was taken has not."""
    if code in (GOOD, "0") or not (code or message):
        return SEEN
    return judge(code, message)


ROW: Final = EventMap(
    BatchRow,
    by_words(row_verdict, BatchRow.code, BatchRow.msg),
    unnamed=EventKind.REQUEST,
    order_id=text(BatchRow.order_id),
    client_order_id=text(BatchRow.client_oid),
    code=text(BatchRow.code),
    message=text(BatchRow.msg),
)


def cancel_batch(raw: BatchAnswer, call: Call) -> Normalised:
    """Map the answer to a cancel of several orders."""
    if not raw.data:
        return refused(raw, call)
    said = envelope(raw, call)
    return rows_answered(raw, raw.data, ROW.events(raw.data, call, "$.data[{}]"), call, said)


def cancel_all(raw: AllAnswer, call: Call) -> Normalised:
    """Map the answer to a cancel of all orders of a scope."""
    if raw.data is None:
        return refused(raw, call)
    said, rows = envelope(raw, call), raw.data.rows or []
    return rows_answered(raw, rows, ROW.events(rows, call, "$.data.list[{}]"), call, said)


def cancel_strategy(raw: StrategyAnswer, call: Call) -> Normalised:
    """Map the answer to a cancel of a strategy order, which the request names."""
    if raw.code != GOOD:
        return refused(raw, call)
    said = envelope(raw, call)
    return call.result([call.failed(TAKEN)], extra=said)


def timer(raw: TimerAnswer, call: Call) -> Normalised:
    """Map the answer to the setting of the dead-man switch; with ``countdown`` 0 it was turned off."""
    if raw.data is None or raw.code != GOOD:
        return refused(raw, call, extra=None if raw.data is None else {"data": raw.data})
    said = envelope(raw, call)
    if raw.data == "success":
        event = call.event(EventKind.TIMER, TAKEN._replace(initiator=Initiator.TIMER))
    else:
        event = call.event(EventKind.TIMER, OPEN, code=raw.code, extra={"data": raw.data})
    return call.result([event], extra=said)


# --- Endpoints ---

ENDPOINTS: Final = endpoints(
    endpoint("POST /api/v3/trade/cancel-order", CancelAnswer, cancel, page="trade/Cancel-Order"),
    endpoint("POST /api/v3/trade/cancel-batch", BatchAnswer, cancel_batch, page="trade/Batch-Cancel"),
    endpoint(
        "POST /api/v3/trade/cancel-symbol-order",
        AllAnswer,
        cancel_all,
        page="trade/Cancel-All-Order",
        request=SCOPE_KEYS,
    ),
    endpoint(
        "POST /api/v3/trade/cancel-strategy-order",
        StrategyAnswer,
        cancel_strategy,
        page="strategy/Cancel-Strategy-Order",
    ),
    endpoint(
        "POST /api/v3/trade/countdown-cancel-all", TimerAnswer, timer, page="trade/CountDown-Cancel-All"
    ),
    # Tokenised stocks.
    endpoint("POST /api/v3/trade/cancel-reality-order", CancelAnswer, cancel, page="trade/Cancel-Order"),
    endpoint("POST /api/v3/stockplus/trade/cancel-order", CancelAnswer, cancel, page="trade/Cancel-Order"),
    product=None,
    request=KEYS,
    errors=ERRORS,
    is_shared=is_shared,
    ids=IDS,
    docs=f"{DOCS}uta/",
)
