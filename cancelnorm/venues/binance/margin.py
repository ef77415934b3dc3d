"""Binance margin REST: what it answers to a cancel, of a margin account and of a portfolio margin account.

The reports are those of spot, less what margin leaves out.
"""

from collections.abc import Callable, Sequence
from typing import Any, Final

from msgspec import UNSET, UnsetType
from msgspec.structs import replace

from cancelnorm.codec import Codec, failure, rounded_note, verdict_of
from cancelnorm.reader.scalars import Int
from cancelnorm.reader.types import Kind
from cancelnorm.record import Record
from cancelnorm.schema import CancelEvent, Normalised, Note, Product
from cancelnorm.venues.binance.codes import SPOT
from cancelnorm.venues.binance.lists import CanceledOrderList, one_report, report_events
from cancelnorm.venues.binance.orders import ApiError, CanceledOrder, request_target, status_notes

__all__ = ["CODECS"]

# --- What Binance sends ---


class MarginOrder(
    CanceledOrder, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True, gc=False
):
    """The report of a canceled order.

    No page shows ``transactTime`` or ``origQuoteOrderQty``, and decimals may come without trailing zeros.
    """

    # In quotes on the page of a single order, and an integer everywhere else.
    order_id: Int | str  # type: ignore[assignment]
    is_isolated: bool | UnsetType = UNSET  # not in the oldest recordings, not in portfolio margin


class MarginOrderList(
    CanceledOrderList, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True, gc=False
):
    """The report of a canceled order list; its legs do not repeat whether they are isolated."""

    is_isolated: bool | UnsetType = UNSET


# As in spot, a cancel of one leg may be answered with its list.
Canceled = MarginOrder | MarginOrderList | ApiError
AllCanceled = list[MarginOrder | MarginOrderList] | ApiError

# --- What it means ---


def normalise_cancel(
    raw: MarginOrder | MarginOrderList | ApiError, record: Record, codec: Codec
) -> Normalised:
    """Map the answer to a cancel of one order or of one list."""
    if isinstance(raw, ApiError):
        return _error(raw, record, codec)
    notes = status_notes(record.status, "$")
    events = _report(raw, record, codec, notes, "$", 0)
    return Normalised(tuple(events), tuple(notes))


def normalise_cancel_all(
    raw: list[MarginOrder | MarginOrderList] | ApiError, record: Record, codec: Codec
) -> Normalised:
    """Map the answer to a cancel of all orders of a symbol."""
    if isinstance(raw, ApiError):
        return _error(raw, record, codec)
    notes = status_notes(record.status, "$")
    events = [] if raw else report_events([], record, codec, notes, "$", None)
    for i, report in enumerate(raw):
        events += _report(report, record, codec, notes, f"$[{i}]", len(events))
    return Normalised(tuple(events), tuple(notes))


def _report(
    raw: MarginOrder | MarginOrderList, record: Record, codec: Codec, notes: list[Note], at: str, start: int
) -> Sequence[CancelEvent]:
    """The events of a report, as spot has them, with what only margin says."""
    events = one_report(raw, record, codec, notes, at, start, None)
    if isinstance(raw, CanceledOrder) and (note := _rounded(raw.order_id, f"{at}.orderId")):
        notes.append(note)
    if raw.is_isolated is not UNSET:
        said = {"isIsolated": raw.is_isolated}
        events = [replace(event, extra={**(event.extra or {}), **said}) for event in events]
    return [event if event.order_id else replace(event, order_id=None) for event in events]


def _rounded(order_id: Int | str, at: str) -> Note | None:
    """Note a rounded id in quotes: it was not read as a number, but may have been written as one."""
    is_number = isinstance(order_id, str) and order_id.isdecimal() and len(order_id) <= 19
    return rounded_note(order_id, at) if is_number else None


def _error(raw: ApiError, record: Record, codec: Codec) -> Normalised:
    verdict = verdict_of(SPOT, raw.code, raw.msg, record.status)
    return Normalised((failure(codec, record, verdict, code=str(raw.code), message=raw.msg or None),))


# --- Registration ---

_DOCS: Final = "https://developers.binance.com/docs/margin_trading/trade"
_PORTFOLIO_DOCS: Final = "https://developers.binance.com/docs/derivatives/portfolio-margin/trade"


def _codec(
    endpoint: str,
    shape: Kind,
    normalise: Callable[[Any, Record, Codec], Normalised],
    docs: str,
) -> Codec:
    return Codec(
        "binance", endpoint, shape, normalise, product=Product.MARGIN, target=request_target, docs=docs
    )


CODECS: Final = (
    _codec("DELETE /sapi/v1/margin/order", Canceled, normalise_cancel, _DOCS),
    _codec("DELETE /sapi/v1/margin/openOrders", AllCanceled, normalise_cancel_all, _DOCS),
    _codec("DELETE /sapi/v1/margin/orderList", Canceled, normalise_cancel, _DOCS),
    _codec("DELETE /papi/v1/margin/order", Canceled, normalise_cancel, _PORTFOLIO_DOCS),
    _codec("DELETE /papi/v1/margin/allOpenOrders", AllCanceled, normalise_cancel_all, _PORTFOLIO_DOCS),
    _codec("DELETE /papi/v1/margin/orderList", Canceled, normalise_cancel, _PORTFOLIO_DOCS),
)
