"""Bybit v5 spread trading: what it answers over REST to a cancel of combinations of two legs."""

from collections.abc import Callable, Mapping
from typing import Any, Final, Literal

from msgspec import UNSET, Struct
from msgspec.structs import replace

from cancelnorm.codec import Codec, Target
from cancelnorm.reader.scalars import EPOCHS, Epoch
from cancelnorm.reader.types import Kind
from cancelnorm.record import Record
from cancelnorm.schema import CancelEvent, EventKind, Identity, Normalised, Note, Product
from cancelnorm.venues.bybit.orders import (
    LISTED,
    TAKEN,
    Nothing,
    envelope,
    order_events,
    refusal,
    shortened,
    whole_event,
)
from cancelnorm.venues.bybit.request import completed, order_target, scope_target
from cancelnorm.venues.bybit.rest import CancelAllRefused, CancelRefused, CancelTaken, TakenOrders

__all__ = ["CODECS"]

# --- What Bybit sends ---


class CombinationsTaken(
    Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True, gc=False
):
    """The acknowledgement of a cancel of all combinations."""

    ret_code: Literal[0]
    ret_msg: str
    result: TakenOrders  # of which ``success`` is to be ignored
    ret_ext_info: Nothing
    time: Epoch


# --- What it means ---


def normalise_cancel(raw: CancelTaken | CancelRefused, record: Record, codec: Codec) -> Normalised:
    """Map the answer to a cancel of one combination: it was taken, its end is not known."""
    notes: list[Note] = []
    if isinstance(raw, CancelRefused):
        return refusal(raw, (), raw.result, record, codec, notes)
    response_ns = EPOCHS[raw.time]
    [event] = order_events([raw.result], TAKEN, None, None, response_ns, record, codec)
    event = replace(event, product=Product.SPREAD)
    if record.request:
        event = completed(event, codec.target(record), None, "$.result", notes)
    if event.order_id is None and event.client_order_id is None:
        notes.append(Note("phantom-row", "$.result", "an acknowledgement that names no order"))
        event = _unnamed(EventKind.REQUEST, response_ns, record, codec)
    return Normalised((event,), tuple(notes), extra=shortened(envelope(raw.ret_msg, raw.ret_ext_info)))


def normalise_cancel_all(
    raw: CombinationsTaken | CancelAllRefused, record: Record, codec: Codec
) -> Normalised:
    """Map the answer to a cancel of all combinations; ``success`` is handed on and not believed."""
    notes: list[Note] = []
    if isinstance(raw, CancelAllRefused):
        return refusal(raw, (), raw.result, record, codec, notes)
    response_ns, symbol = EPOCHS[raw.time], codec.target(record).symbol
    orders = raw.result.orders or []
    named = [order for order in orders if order.order_id or order.order_link_id]
    if len(named) < len(orders):
        message = f"{len(orders) - len(named)} rows that name no order"
        notes.append(Note("phantom-row", "$.result.list", message))
    events = order_events(named, LISTED, Product.SPREAD, symbol, response_ns, record, codec)
    if symbol is None:
        events = [replace(event, identity=Identity.RESPONSE) for event in events]
    if not events:
        events = [_unnamed(EventKind.SCOPE, response_ns, record, codec)]
    success = raw.result.success
    said = envelope(raw.ret_msg, raw.ret_ext_info) | ({} if success is UNSET else {"success": success})
    return Normalised(tuple(events), tuple(notes), extra=shortened(said))


def _unnamed(kind: EventKind, response_ns: int | None, record: Record, codec: Codec) -> CancelEvent:
    """The event of an acknowledgement that names no combination; the product is that of the endpoint."""
    event = whole_event(kind, TAKEN, Product.SPREAD, response_ns, record, codec)
    return replace(event, identity=Identity.REQUEST if event.symbol else None)


# --- Registration ---


def _codec(
    path: str,
    page: str,
    shape: Kind,
    normalise: Callable[[Any, Record, Codec], Normalised],
    target: Callable[[Mapping[str, Any]], Target],
) -> Codec:
    return Codec(
        "bybit",
        f"POST /v5/spread/order/{path}",
        shape,
        normalise,
        product=Product.SPREAD,
        target=target,
        docs=f"https://bybit-exchange.github.io/docs/v5/spread/trade/{page}",
    )


CODECS: Final = (
    _codec("cancel", "cancel-order", CancelTaken | CancelRefused, normalise_cancel, order_target),
    _codec(
        "cancel-all", "cancel-all", CombinationsTaken | CancelAllRefused, normalise_cancel_all, scope_target
    ),
)
