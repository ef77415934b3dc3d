"""BingX perpetuals with coin margin: what they answer to a cancel."""

from collections.abc import Callable
from typing import Any, Final

from msgspec import UNSET, Struct, UnsetType

from cancelnorm.codec import Codec
from cancelnorm.reader.scalars import EPOCHS, Epoch, Int
from cancelnorm.reader.types import Kind
from cancelnorm.record import Record
from cancelnorm.schema import Normalised, Note, Product
from cancelnorm.venues.bingx.answers import answer, failed_event, listed_events, refused, unlisted
from cancelnorm.venues.bingx.contracts import ContractOrder, NoOrder
from cancelnorm.venues.bingx.spot import ApiError, Reply, cancel_target
from cancelnorm.venues.bingx.swap import Canceled, one_order

__all__ = ["CODECS"]

# --- What BingX sends ---


class _DatedReply(Reply, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """The frame of an answer that says success."""

    timestamp: Epoch | UnsetType = UNSET  # of the answer; documented for all open orders


class CoinCancelReply(_DatedReply, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """A cancel of one order."""

    data: Canceled


class FailedCoinCancel(
    Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True, gc=False
):
    """An open order that was not canceled with the others; its keys are unlike the linear ones'."""

    order_id: Int | str  # in quotes
    code: Int
    msg: str


class CoinOrders(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What became of all open orders. What is sent where none were open is not documented."""

    success: list[ContractOrder | NoOrder] | None
    failed: list[FailedCoinCancel] | UnsetType | None = UNSET  # left out in the instructions of 2026


class CoinOrdersReply(_DatedReply, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """A cancel of all open orders of a symbol."""

    data: CoinOrders


# --- What it means ---


def normalise_coin_cancel(raw: CoinCancelReply | ApiError, record: Record, codec: Codec) -> Normalised:
    """Map the answer to a cancel of one order."""
    if isinstance(raw, ApiError):
        return refused(raw, record, codec)
    return one_order(raw, raw.data.order, record, codec, response_ns=EPOCHS[raw.timestamp])


def normalise_coin_orders(raw: CoinOrdersReply | ApiError, record: Record, codec: Codec) -> Normalised:
    """Map the answer to a cancel of all open orders."""
    if isinstance(raw, ApiError):
        return refused(raw, record, codec)
    response_ns = EPOCHS[raw.timestamp]
    notes: list[Note] = []
    orders = raw.data.success or []
    events = [*listed_events(orders, record, codec, notes, response_ns=response_ns)]
    for index, row in enumerate(raw.data.failed or (), len(orders)):
        events.append(
            failed_event(
                record,
                codec,
                code=row.code,
                message=row.msg,
                order_id=row.order_id,
                client_order_id=None,
                index=index,
                response_ns=response_ns,
            )
        )
    return answer(raw, events or [unlisted(orders, record, codec, response_ns=response_ns)], notes, ())


# --- Registration ---

_DOCS: Final = "https://bingx-api.github.io/docs/#/en-us/cswap/trade-api.html"


def _codec(endpoint: str, reply: Kind, normalise: Callable[[Any, Record, Codec], Normalised]) -> Codec:
    shape = reply | ApiError
    return Codec(
        "bingx", endpoint, shape, normalise, product=Product.INVERSE, target=cancel_target, docs=_DOCS
    )


CODECS: Final = (
    _codec("DELETE /openApi/cswap/v1/trade/cancelOrder", CoinCancelReply, normalise_coin_cancel),
    # The documentation says POST, the client libraries send DELETE.
    _codec("DELETE /openApi/cswap/v1/trade/allOpenOrders", CoinOrdersReply, normalise_coin_orders),
    _codec("POST /openApi/cswap/v1/trade/allOpenOrders", CoinOrdersReply, normalise_coin_orders),
)
