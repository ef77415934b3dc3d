"""Binance spot REST: what it answers to a cancel."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from msgspec import UNSET

from cancelnorm.codec import Codec, Target, failure, verdict_of
from cancelnorm.kinds import Kind
from cancelnorm.record import Record
from cancelnorm.schema import Normalised, Note, Product
from cancelnorm.venues.binance.codes import SPOT
from cancelnorm.venues.binance.orders import (
    ApiError,
    CanceledOrder,
    CanceledOrderList,
    cancel_target,
    one_report,
    report_events,
)
from cancelnorm.venues.binance.replace import ReplaceError, Replacement, replace_events, replace_target

__all__ = ["CODECS"]

# --- What Binance sends ---

# A cancel of one leg cancels its list. The WebSocket API's page says that the answer is then the list, the
# REST page says nothing, and the two are declared equal: both forms are read.
Canceled = CanceledOrder | CanceledOrderList | ApiError

# Nothing open is error -2011 and not an empty array.
AllCanceled = list[CanceledOrder | CanceledOrderList] | ApiError

ListCanceled = CanceledOrderList | ApiError

Replaced = Replacement | ReplaceError

# --- What it means ---


def normalise_cancel(
    raw: CanceledOrder | CanceledOrderList | ApiError, record: Record, codec: Codec
) -> Normalised:
    """Map the answer to a cancel of one order or of one list."""
    if isinstance(raw, ApiError):
        return _error(raw, record, codec)
    notes: list[Note] = []
    return Normalised(tuple(one_report(raw, record, codec, notes)), tuple(notes))


def normalise_cancel_all(
    raw: list[CanceledOrder | CanceledOrderList] | ApiError, record: Record, codec: Codec
) -> Normalised:
    """Map the answer to a cancel of all orders of a symbol."""
    if isinstance(raw, ApiError):
        return _error(raw, record, codec)
    notes: list[Note] = []
    return Normalised(tuple(report_events(raw, record, codec, notes)), tuple(notes))


def normalise_replace(raw: Replacement | ReplaceError | ApiError, record: Record, codec: Codec) -> Normalised:
    """Map the answer to a cancel-replace; the code of its failure as a whole is in ``Normalised.extra``."""
    notes: list[Note] = []
    if isinstance(raw, ApiError):
        return _error(raw, record, codec)
    if isinstance(raw, ReplaceError):
        events = replace_events(raw.data, record, codec, notes, at="$.data")
        return Normalised(tuple(events), tuple(notes), extra={"code": raw.code, "msg": raw.msg})
    return Normalised(tuple(replace_events(raw, record, codec, notes)), tuple(notes))


def _error(raw: ApiError | ReplaceError, record: Record, codec: Codec) -> Normalised:
    verdict = verdict_of(SPOT, raw.code, raw.msg, record.status)
    return Normalised((failure(codec, record, verdict, code=str(raw.code), message=raw.msg or None),))


# --- Registration ---

_DOCS: Final = "https://developers.binance.com/docs/binance-spot-api-docs/rest-api/trading-endpoints"


def _codec(
    endpoint: str,
    shape: Kind,
    normalise: Callable[[Any, Record, Codec], Normalised],
    target: Callable[[Mapping[str, Any]], Target] = cancel_target,
) -> Codec:
    return Codec("binance", endpoint, shape, normalise, product=Product.SPOT, target=target, docs=_DOCS)


CODECS: Final = (
    _codec("DELETE /api/v3/order", Canceled, normalise_cancel),
    _codec("DELETE /api/v3/openOrders", AllCanceled, normalise_cancel_all),
    _codec("DELETE /api/v3/orderList", ListCanceled, normalise_cancel),
    _codec("POST /api/v3/order/cancelReplace", Replaced, normalise_replace, replace_target),
)
