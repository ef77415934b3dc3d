"""Binance user data stream of spot and margin: what it says of an order list as a whole."""

from typing import Any, Final, Literal

import msgspec
from msgspec import UNSET, Struct, UnsetType, field

from cancelnorm.codec import Codec, rounded_note
from cancelnorm.reader.scalars import EPOCHS, Epoch, Int
from cancelnorm.record import Record
from cancelnorm.schema import CancelEvent, EventKind, Evidence, Identity, Normalised, Note, Outcome, Reason
from cancelnorm.venues.binance.frames import skip, stream_name
from cancelnorm.venues.binance.stream import REFUSALS, no_target

__all__ = ["CODECS"]

# --- What Binance sends ---


class ListedOrder(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """A leg of an order list."""

    symbol: str = field(name="s")
    order_id: Int = field(name="i")
    client_order_id: str = field(name="c")  # the order's own


class ListStatus(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``listStatus``: a list is done, or what was asked of it is refused.

    A list that was placed (``EXEC_STARTED``) or whose leg has another id (``UPDATED``) is not about a cancel.
    """

    e: Literal["listStatus"]
    event_time: Epoch = field(name="E")
    symbol: str = field(name="s")
    order_list_id: Int = field(name="g")  # 0 is an id
    contingency_type: Literal["OCO", "OTO"] = field(name="c")  # OTOCO, OPO and OPOCO lists say OTO
    list_status_type: Literal["ALL_DONE", "RESPONSE"] = field(name="l")
    list_order_status: Literal["ALL_DONE", "EXECUTING", "REJECT", "CANCELING"] = field(name="L")
    reject_reason: str = field(name="r")
    list_client_order_id: str = field(name="C")
    transact_time: Epoch = field(name="T")
    orders: list[ListedOrder] = field(name="O")


class SocketStatus(Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """A status that came over the WebSocket API, since 2024-12."""

    subscription_id: Int | UnsetType = UNSET  # since 2025-08-12
    event: ListStatus


class StreamStatus(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A status that came over a combined stream, until 2026-02-20."""

    stream: str
    data: ListStatus


# --- What it means ---

Verdict = tuple[Outcome, Evidence, Reason | None]

_VERDICTS: Final[dict[str, Verdict]] = {
    # Each leg is canceled, filled or expired. Only the legs' own reports say which.
    "ALL_DONE": (Outcome.UNKNOWN, Evidence.LISTED, Reason.ALREADY_CLOSED),
    "CANCELING": (Outcome.PENDING, Evidence.LISTED, None),
}
_UNSURE: Final[Verdict] = (Outcome.UNKNOWN, Evidence.LISTED, None)


def normalise_status(
    raw: ListStatus | SocketStatus | StreamStatus, record: Record, codec: Codec
) -> Normalised:
    """Map a status, whatever its envelope."""
    if isinstance(raw, ListStatus):
        return _status(raw, record, codec, "$", None)
    if isinstance(raw, StreamStatus):
        return _status(raw.data, record, codec, "$.data", {"stream": stream_name(raw.stream)})
    number = raw.subscription_id
    extra: dict[str, Any] | None = None if number is UNSET else {"subscriptionId": number}
    return _status(raw.event, record, codec, "$.event", extra)


def _status(
    raw: ListStatus, record: Record, codec: Codec, at: str, envelope: dict[str, Any] | None
) -> Normalised:
    """One event a leg; one ``scope`` event for a list without legs, and for a refusal.

    What was refused may have been the cancel of the list or its placement. Either way nothing was canceled.
    """
    if raw.list_order_status == "REJECT" or not raw.orders:
        return Normalised((_event(raw, None, 0, record, codec),), extra=envelope)
    events = (_event(raw, leg, i, record, codec) for i, leg in enumerate(raw.orders))
    ids = ((leg.order_id, f"{at}.O[{i}].i") for i, leg in enumerate(raw.orders))
    notes = [note for order_id, place in ids if (note := rounded_note(order_id, place))]
    if any(leg.symbol != raw.symbol for leg in raw.orders):
        message = "the list and a leg have different symbols"
        notes.append(Note("leg-mismatch", f"{at}.s", message, raw.symbol))
    return Normalised(tuple(events), tuple(notes), extra=envelope)


def _event(raw: ListStatus, leg: ListedOrder | None, index: int, record: Record, codec: Codec) -> CancelEvent:
    """The event of a leg, or of the list."""
    is_refused = raw.list_order_status == "REJECT"
    extra: dict[str, Any] = {"l": raw.list_status_type, "L": raw.list_order_status}
    if is_refused:
        verdict: Verdict = Outcome.REJECTED, Evidence.SUCCESS_FLAG, _refusal(raw.reject_reason)
        if raw.orders:
            extra["O"] = msgspec.to_builtins(raw.orders)
    else:
        verdict = _VERDICTS.get(raw.list_order_status, _UNSURE)
        if raw.reject_reason != "NONE":
            extra["r"] = raw.reject_reason
    outcome, evidence, reason = verdict
    return CancelEvent(
        venue=codec.venue,
        product=codec.product,
        endpoint=codec.endpoint,
        kind=EventKind.SCOPE if leg is None else EventKind.ORDER,
        index=index,
        symbol=(raw.symbol if leg is None else leg.symbol) or None,
        order_id=None if leg is None else str(leg.order_id),
        client_order_id=None if leg is None else leg.client_order_id or None,
        list_id=None if raw.order_list_id == -1 else str(raw.order_list_id),
        list_client_id=raw.list_client_order_id or None,
        contingency=raw.contingency_type,
        identity=Identity.RESPONSE,
        outcome=outcome,
        evidence=evidence,
        reason=reason,
        code=raw.reject_reason or None if is_refused else None,
        event_ns=EPOCHS[raw.transact_time],
        response_ns=EPOCHS[raw.event_time],
        sent_ns=record.sent_ns,
        received_ns=record.received_ns,
        source=record.source,
        extra=extra,
    )


def _refusal(reason: str) -> Reason:
    return REFUSALS[reason] or Reason.OTHER


# --- Registration ---

_DOCS: Final = "https://developers.binance.com/docs/binance-spot-api-docs/user-data-stream#order-update"

CODECS: Final = (
    Codec(
        "binance",
        "stream listStatus",
        ListStatus | SocketStatus | StreamStatus,
        normalise_status,
        product=None,
        target=no_target,
        docs=_DOCS,
        skip=skip,
    ),
)
