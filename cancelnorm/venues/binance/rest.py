"""Binance spot REST: what it answers to a cancel."""

from collections.abc import Callable
from typing import Any, Final

from msgspec import UnsetType

from cancelnorm.codec import Codec, failure, verdict_of
from cancelnorm.masking import without_secrets
from cancelnorm.reader.types import Kind
from cancelnorm.record import Record
from cancelnorm.schema import Normalised, Product
from cancelnorm.venues.binance.codes import SPOT
from cancelnorm.venues.binance.lists import CanceledOrderList, one_report, report_events
from cancelnorm.venues.binance.orders import (
    ApiError,
    CanceledOrder,
    asked_notes,
    request_target,
    status_notes,
)
from cancelnorm.venues.binance.replace import ReplaceError, Replacement, replace_events

__all__ = ["CODECS"]

# --- What Binance sends ---

# A cancel of one leg cancels its list. The WebSocket API's page says that the answer is then the list, the
# REST page says nothing, and the two are declared equal: both forms are read.
Canceled = CanceledOrder | CanceledOrderList | ApiError

# Nothing open is error -2011 and not an empty array.
AllCanceled = list[CanceledOrder | CanceledOrderList] | ApiError

Replaced = Replacement | ReplaceError

# --- What it means ---


def normalise_cancel(
    raw: CanceledOrder | CanceledOrderList | ApiError, record: Record, codec: Codec
) -> Normalised:
    """Map the answer to a cancel of one order or of one list."""
    if isinstance(raw, ApiError):
        return _error(raw, record, codec)
    notes = status_notes(record.status, "$")
    events = one_report(raw, record, codec, notes, "$", 0, None)
    if record.request:
        notes += asked_notes(events, record, codec, "$")
    return Normalised(tuple(events), tuple(notes)) if notes else Normalised(tuple(events))


def normalise_cancel_all(
    raw: list[CanceledOrder | CanceledOrderList] | ApiError, record: Record, codec: Codec
) -> Normalised:
    """Map the answer to a cancel of all orders of a symbol."""
    if isinstance(raw, ApiError):
        return _error(raw, record, codec)
    notes = status_notes(record.status, "$")
    return Normalised(tuple(report_events(raw, record, codec, notes, "$", None)), tuple(notes))


def normalise_replace(raw: Replacement | ReplaceError, record: Record, codec: Codec) -> Normalised:
    """Map the answer to a cancel-replace; the code of its failure as a whole is in ``Normalised.extra``."""
    status = record.status
    if isinstance(raw, Replacement):
        notes = status_notes(status, "$")
        events = replace_events(raw, record, codec, notes, "$", status=status, request_id=None)
        return Normalised(tuple(events), tuple(notes))
    if isinstance(raw.data, UnsetType):
        return _error(raw, record, codec)
    notes = []
    events = replace_events(raw.data, record, codec, notes, "$.data", status=status, request_id=None)
    return Normalised(tuple(events), tuple(notes), extra={"code": raw.code, "msg": without_secrets(raw.msg)})


def _error(raw: ApiError | ReplaceError, record: Record, codec: Codec) -> Normalised:
    verdict = verdict_of(SPOT, raw.code, raw.msg, record.status)
    return Normalised((failure(codec, record, verdict, code=str(raw.code), message=raw.msg or None),))


# --- Registration ---

_DOCS: Final = "https://developers.binance.com/docs/binance-spot-api-docs/rest-api/trading-endpoints"


def _codec(
    endpoint: str,
    shape: Kind,
    normalise: Callable[[Any, Record, Codec], Normalised],
) -> Codec:
    return Codec(
        "binance", endpoint, shape, normalise, product=Product.SPOT, target=request_target, docs=_DOCS
    )


CODECS: Final = (
    _codec("DELETE /api/v3/order", Canceled, normalise_cancel),
    _codec("DELETE /api/v3/openOrders", AllCanceled, normalise_cancel_all),
    _codec("DELETE /api/v3/orderList", Canceled, normalise_cancel),
    _codec("POST /api/v3/order/cancelReplace", Replaced, normalise_replace),
)
