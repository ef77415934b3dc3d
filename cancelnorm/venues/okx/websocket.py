"""OKX WebSocket trade operations: what they answer to a cancel; the same rows as over REST.

Since 2026-04 requests name the instrument by a number, ``instIdCode``: nothing tells the symbol then.
"""

from typing import Final, Literal

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
    RefusalCode,
    SocketRefused,
    SocketReply,
    answered,
    refused,
)
from cancelnorm.venues.okx.orders import ROW, CancelRow
from cancelnorm.venues.okx.spread import SPREAD_KEYS, SPREAD_ROW, SpreadRow

# --- What OKX sends ---


class SocketOrders(SocketReply):
    """The answer to a cancel of one order, or of several."""

    op: Literal["cancel-order", "batch-cancel-orders"]
    data: list[CancelRow]


class SocketMass(SocketReply):
    """The answer to a cancel of all orders of a family of options, or of spreads."""

    op: Literal["mass-cancel", "sprd-mass-cancel"]
    data: list[MassRow]


class SocketAlgos(SocketReply):
    """The answer to a cancel of algo orders; not documented."""

    op: Literal["cancel-algos"]
    data: list[AlgoRow]


class SocketSpread(SocketReply):
    """The answer to a cancel of a spread."""

    op: Literal["sprd-cancel-order"]
    data: list[SpreadRow]


class OrdersRefused(SocketRefused):
    """The refusal of a cancel of orders that leaves ``data`` out."""

    op: Literal["cancel-order", "batch-cancel-orders"]


class MassRefused(SocketRefused):
    """The same of all orders of a family of options, or of spreads."""

    op: Literal["mass-cancel", "sprd-mass-cancel"]


class AlgosRefused(SocketRefused):
    """The same of algo orders."""

    op: Literal["cancel-algos"]


class SpreadRefused(SocketRefused):
    """The same of a spread."""

    op: Literal["sprd-cancel-order"]


class SocketError(Camel):
    """An error of a connection: the only answer to a frame that was not understood, which ``msg`` may repeat."""

    event: Literal["error"]
    code: RefusalCode
    msg: Prose
    conn_id: str | UnsetType = UNSET  # since 2023-10
    id: str | UnsetType = UNSET  # of a subscription, as it seems, alone


# --- What it means ---


def cancel(raw: SocketOrders, call: Call) -> Normalised:
    """Map the answer to a cancel of one order, or of several."""
    return answered(raw, raw.data, ROW, call)


def cancel_algos(raw: SocketAlgos, call: Call) -> Normalised:
    """Map the answer to a cancel of algo orders."""
    return answered(raw, raw.data, ALGO, call)


def cancel_spread(raw: SocketSpread, call: Call) -> Normalised:
    """Map the answer to a cancel of a spread."""
    return answered(raw, raw.data, SPREAD_ROW, call, SPREAD)


def error(raw: SocketError, call: Call) -> Normalised:
    """Map an error of a connection: it says neither what it answers nor by an id to which request.

    Where its text repeats a cancel, that was refused; else it may be about anything.
    """
    call.request_id = raw.id or None
    verdict = verdict_of(CODES, raw.code, raw.msg)
    if is_about_anything(raw):
        verdict = verdict._replace(outcome=OPEN.outcome, evidence=OPEN.evidence)
    said: dict[str, str] = {"event": raw.event} if call.endpoint.name != f"ws {raw.event}" else {}
    if raw.conn_id:
        said["connId"] = raw.conn_id
    return call.result([call.failed(verdict, code=raw.code or None, message=raw.msg)], extra=said)


def is_about_anything(raw: SocketError) -> bool:
    """Whether an error of a connection does not say that it is about a cancel."""
    return "cancel" not in raw.msg.casefold()


MASS_REFUSED: Final = Errors(MassRefused, refused)
SPREAD_REFUSED: Final = Errors(SpreadRefused, lambda raw, call: refused(raw, call, SPREAD))

# --- Endpoints ---

ENDPOINTS: Final = endpoints(
    endpoint("ws cancel-order", SocketOrders, cancel, page="order-book-trading-trade-ws-cancel-order"),
    endpoint(
        "ws batch-cancel-orders",
        SocketOrders,
        cancel,
        page="order-book-trading-trade-ws-cancel-multiple-orders",
    ),
    endpoint(
        "ws mass-cancel",
        SocketMass,
        mass_cancel,
        page="order-book-trading-trade-ws-mass-cancel-order",
        product=Product.OPTION,
        request=FAMILY_KEYS,
        errors=MASS_REFUSED,
    ),
    endpoint(
        "ws cancel-algos",
        SocketAlgos,
        cancel_algos,
        page="order-book-trading-algo-trading-post-cancel-algo-order",
        request=ALGO_KEYS,
        errors=Errors(AlgosRefused, refused),
        ids=ALGO_IDS,
    ),
    endpoint(
        "ws sprd-cancel-order",
        SocketSpread,
        cancel_spread,
        page="spread-trading-websocket-trade-api-ws-cancel-order",
        product=Product.SPREAD,
        request=SPREAD_KEYS,
        errors=SPREAD_REFUSED,
        ids=SPREAD_IDS,
    ),
    endpoint(
        "ws sprd-mass-cancel",
        SocketMass,
        mass_cancel,
        page="spread-trading-websocket-trade-api-ws-cancel-all-orders",
        product=Product.SPREAD,
        request=SPREAD_SCOPE,
        errors=MASS_REFUSED,
        ids=SPREAD_IDS,
    ),
    endpoint(
        "ws error", SocketError, error, page="overview-websocket", errors=None, is_shared=is_about_anything
    ),
    product=None,
    request=KEYS,
    errors=Errors(OrdersRefused, refused),
    ids=IDS,
    docs=DOCS,
    skips=True,
)
