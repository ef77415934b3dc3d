"""OKX WebSocket trade operations: what they answer to a cancel; the same rows as over REST.

Since 2026-04 requests name the instrument by a number, ``instIdCode``: nothing tells the symbol then.
"""

from typing import Any, Final, Literal

from msgspec import UNSET, UnsetType

from cancelnorm.endpoint import Call, Errors
from cancelnorm.eventmap import verdict_of
from cancelnorm.reader.scalars import Prose
from cancelnorm.reader.structs import Camel
from cancelnorm.schema import Normalised, Product
from cancelnorm.venue import endpoint, endpoints
from cancelnorm.venues.okx.algos import ALGO, ALGO_IDS, ALGO_KEYS, AlgoRow
from cancelnorm.venues.okx.bulk import FAMILY_KEYS, SPREAD_IDS, SPREAD_SCOPE, MassRow, mass_cancel
from cancelnorm.venues.okx.codes import CODES, SPREAD
from cancelnorm.venues.okx.messages import (
    DOCS,
    IDS,
    KEYS,
    OPEN,
    SAYS_CANCEL,
    RefusalCode,
    SocketRefused,
    SocketReply,
    answered,
    refused,
)
from cancelnorm.venues.okx.orders import ROW, CancelRow
from cancelnorm.venues.okx.spread import SPREAD_KEYS, SPREAD_ROW, SpreadRow

# --- What OKX sends ---


class SocketOrder(SocketReply):
    """The answer to a cancel of one order."""

    op: Literal["cancel-order"]
    data: list[CancelRow]


class SocketOrders(SocketReply):
    """The answer to a cancel of several orders."""

    op: Literal["batch-cancel-orders"]
    data: list[CancelRow]


class SocketMass(SocketReply):
    """The answer to a cancel of all orders of a family of options."""

    op: Literal["mass-cancel"]
    data: list[MassRow]


class SocketAlgos(SocketReply):
    """The answer to a cancel of algo orders; not documented."""

    op: Literal["cancel-algos"]
    data: list[AlgoRow]


class SocketSpread(SocketReply):
    """The answer to a cancel of a spread."""

    op: Literal["sprd-cancel-order"]
    data: list[SpreadRow]


class SocketSpreads(SocketReply):
    """The answer to a cancel of all spreads."""

    op: Literal["sprd-mass-cancel"]
    data: list[MassRow]


class OrderRefused(SocketRefused):
    """The refusal of a cancel of one order that leaves ``data`` out."""

    op: Literal["cancel-order"]


class OrdersRefused(SocketRefused):
    """The same of several orders."""

    op: Literal["batch-cancel-orders"]


class MassRefused(SocketRefused):
    """The same of all orders of a family of options."""

    op: Literal["mass-cancel"]


class AlgosRefused(SocketRefused):
    """The same of algo orders."""

    op: Literal["cancel-algos"]


class SpreadRefused(SocketRefused):
    """The same of a spread."""

    op: Literal["sprd-cancel-order"]


class SpreadsRefused(SocketRefused):
    """The same of all spreads."""

    op: Literal["sprd-mass-cancel"]


class SocketError(Camel):
    """An error of a connection: the only answer to a frame that was not understood, which ``msg`` may repeat."""

    event: Literal["error"]
    code: RefusalCode
    msg: Prose
    conn_id: str | UnsetType = UNSET  # since 2023-10
    id: str | UnsetType = UNSET  # of a subscription, as it seems, alone


class RequestError(SocketError):
    """The same with the id of a request: what it answers, where that is in the log."""

    id: str


# --- What it means ---

_ERROR: Final = "ws error"


def cancel(raw: SocketOrder | SocketOrders, call: Call) -> Normalised:
    """Map the answer to a cancel of one order, or of several."""
    return answered(raw, raw.data, ROW, call)


def cancel_algos(raw: SocketAlgos, call: Call) -> Normalised:
    """Map the answer to a cancel of algo orders."""
    return answered(raw, raw.data, ALGO, call)


def cancel_spread(raw: SocketSpread, call: Call) -> Normalised:
    """Map the answer to a cancel of a spread."""
    return answered(raw, raw.data, SPREAD_ROW, call, SPREAD)


def error(raw: SocketError, call: Call) -> Normalised:
    """Map an error of a connection.

    It says what it answers only by the id of a request, or where its text repeats a cancel; else it may be about
    anything.
    """
    call.request_id = raw.id or None
    verdict = verdict_of(CODES, raw.code, raw.msg)
    if is_about_anything(raw) and (call.record.endpoint is None or call.endpoint.name == _ERROR):
        verdict = verdict._replace(outcome=OPEN.outcome, evidence=OPEN.evidence)
    said: dict[str, str] = {"event": raw.event} if f"ws {raw.event}" != _ERROR else {}
    if raw.conn_id:
        said["connId"] = raw.conn_id
    return call.result([call.failed(verdict, code=raw.code or None, message=raw.msg)], extra=said)


def is_about_anything(raw: Any) -> bool:
    """Whether an error of a connection does not say that it is about a cancel."""
    return isinstance(raw, SocketError) and SAYS_CANCEL not in raw.msg.casefold()


def failed(raw: SocketRefused | RequestError, call: Call) -> Normalised:
    """Map what refuses an operation: an answer without rows, or an error that has its id."""
    return error(raw, call) if isinstance(raw, RequestError) else refused(raw, call)


def spread_failed(raw: SocketRefused | RequestError, call: Call) -> Normalised:
    """Do the same of a spread."""
    return error(raw, call) if isinstance(raw, RequestError) else refused(raw, call, SPREAD)


# --- Endpoints ---

ENDPOINTS: Final = endpoints(
    endpoint("ws cancel-order", SocketOrder, cancel, page="order-book-trading-trade-ws-cancel-order"),
    endpoint(
        "ws batch-cancel-orders",
        SocketOrders,
        cancel,
        page="order-book-trading-trade-ws-cancel-multiple-orders",
        errors=Errors(OrdersRefused | RequestError, failed),
    ),
    endpoint(
        "ws mass-cancel",
        SocketMass,
        mass_cancel,
        page="order-book-trading-trade-ws-mass-cancel-order",
        product=Product.OPTION,
        request=FAMILY_KEYS,
        errors=Errors(MassRefused | RequestError, failed),
    ),
    endpoint(
        "ws cancel-algos",
        SocketAlgos,
        cancel_algos,
        page="order-book-trading-algo-trading-post-cancel-algo-order",
        request=ALGO_KEYS,
        errors=Errors(AlgosRefused | RequestError, failed),
        ids=ALGO_IDS,
    ),
    endpoint(
        "ws sprd-cancel-order",
        SocketSpread,
        cancel_spread,
        page="spread-trading-websocket-trade-api-ws-cancel-order",
        product=Product.SPREAD,
        request=SPREAD_KEYS,
        errors=Errors(SpreadRefused | RequestError, spread_failed),
        ids=SPREAD_IDS,
    ),
    endpoint(
        "ws sprd-mass-cancel",
        SocketSpreads,
        mass_cancel,
        page="spread-trading-websocket-trade-api-ws-cancel-all-orders",
        product=Product.SPREAD,
        request=SPREAD_SCOPE,
        errors=Errors(SpreadsRefused | RequestError, spread_failed),
        ids=SPREAD_IDS,
    ),
    endpoint(_ERROR, SocketError, error, page="overview-websocket", errors=None),
    product=None,
    request=KEYS,
    errors=Errors(OrderRefused | RequestError, failed),
    is_shared=is_about_anything,
    ids=IDS,
    docs=DOCS,
    skips=True,
)
