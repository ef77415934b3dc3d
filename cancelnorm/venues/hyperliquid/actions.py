"""Hyperliquid actions: what a request may ask for, how it is answered, and what makes the events of the answer."""

from typing import Final, NamedTuple

from msgspec.structs import replace

from cancelnorm.endpoint import IdSpace
from cancelnorm.reader.types import Kind
from cancelnorm.request import RequestKeys
from cancelnorm.schema import EventKind, Initiator, Scope
from cancelnorm.venues.hyperliquid.messages import (
    IDS,
    REPLACING,
    TAKEN,
    TWAP_IDS,
    CancelAnswer,
    DefaultAnswer,
    OrderAnswer,
    Refused,
    Rows,
    TwapAnswer,
    canceled,
    default,
    not_replaced,
    product_of_asset,
    refused,
    replaced,
    timer_refused,
    twap_canceled,
)


class Action(NamedTuple):
    """What a request may ask for: the word for it, the shape of its answer, and what makes its events.

    ``keys`` are the names of its parameters, ``page`` is where it is documented.
    """

    name: str
    answer: Kind
    rows: Rows
    keys: RequestKeys
    page: str
    refused: Refused = refused
    ids: IdSpace = IDS


_ENVELOPE: Final = ("payload", "action")  # of the socket, and of both
_NO_KEYS: Final = RequestKeys(envelope=_ENVELOPE)
_ASSETS: Final = RequestKeys(product=("a", "asset"), product_of=product_of_asset, envelope=_ENVELOPE)
# A client id may stand in the place of an order id.
OID_KEYS: Final = RequestKeys(order_id=("oid",), client_prefix="0x", envelope=_ENVELOPE)
ACTIONS: Final = (
    Action(
        "cancel",
        CancelAnswer,
        canceled,
        replace(_ASSETS, order_id=("o",), rows=("cancels",)),
        "#cancel-order-s",
    ),
    Action(
        "cancelByCloid",
        CancelAnswer,
        canceled,
        replace(_ASSETS, client_order_id=("cloid",), rows=("cancels",)),
        "#cancel-order-s-by-cloid",
    ),
    Action(
        "twapCancel",
        TwapAnswer,
        twap_canceled,
        replace(_ASSETS, order_id=("t",)),
        "#cancel-a-twap-order",
        ids=TWAP_IDS,
    ),
    Action(
        "scheduleCancel",
        DefaultAnswer,
        default(TAKEN._replace(initiator=Initiator.TIMER), EventKind.TIMER, Scope.ACCOUNT),
        _NO_KEYS,
        "#schedule-cancel-dead-mans-switch",
        timer_refused,
    ),
    Action("modify", DefaultAnswer, default(REPLACING), OID_KEYS, "#modify-an-order", not_replaced),
    Action(
        "batchModify",
        OrderAnswer,
        replaced,
        replace(OID_KEYS, rows=("modifies",)),
        "#modify-multiple-orders",
        not_replaced,
    ),
    Action(
        "noop", DefaultAnswer, default(TAKEN, EventKind.REQUEST), _NO_KEYS, "#invalidate-pending-nonce-noop"
    ),
)
