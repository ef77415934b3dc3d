"""Bybit v5 orders: the names and verdicts that every transport shares, and how they are put together.

Code 0 says that a request was taken, never that an order is gone.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Final, Literal

from msgspec import UNSET, Struct, UnsetType, field, to_builtins
from msgspec.structs import replace

from cancelnorm.codec import Codec, Verdict, failure, verdict_of
from cancelnorm.masking import without_secrets
from cancelnorm.reader.exact import redacted
from cancelnorm.reader.scalars import EPOCHS, Epoch, Failed, Int
from cancelnorm.record import Record
from cancelnorm.schema import (
    CancelEvent,
    EventKind,
    Evidence,
    Identity,
    Normalised,
    Note,
    Outcome,
    Product,
    Reason,
)
from cancelnorm.venues.bybit.codes import V5
from cancelnorm.venues.bybit.request import PRODUCTS, asked_orders, asked_product, asked_target, completed

__all__ = [
    "LISTED",
    "OPEN",
    "TAKEN",
    "BatchRow",
    "Empty",
    "Nothing",
    "OrderName",
    "Refused",
    "Told",
    "Verdicts",
    "batch_events",
    "envelope",
    "order_events",
    "refusal",
    "shortened",
    "verdicts_of",
    "whole_event",
]

# --- What Bybit sends ---


class Empty(Struct, frozen=True, forbid_unknown_fields=True, gc=False):
    """An object with nothing in it."""


class OrderName(Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True, gc=False):
    """An order whose cancel was taken."""

    order_id: str  # a UUID, for spot 19 digits
    order_link_id: str  # "" where the order has none


class BatchRow(Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True, gc=False):
    """An order of a batch, taken or not."""

    category: Literal["linear", "inverse", "spot", "option"]
    symbol: str
    order_id: str  # "" where the order was named by orderLinkId and not found
    order_link_id: str


class RowVerdict(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """What became of the order at the same place of the batch."""

    code: Int  # 0: taken
    msg: str


class Verdicts(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """One verdict per order of a batch; ``{}`` where there are none."""

    rows: list[RowVerdict] | UnsetType | None = field(name="list", default=UNSET)


# null and "" were recorded in place of {}.
Nothing = Empty | str | None


class Refused(Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True, gc=False):
    """What every refusal says beside its ``result``; gateways leave out most of it."""

    ret_code: Failed
    ret_msg: str  # "" where only ``ret_ext_info`` has the reason
    ret_ext_info: Verdicts | str | UnsetType | None = UNSET
    ret_ext_map: dict[str, str] | UnsetType = UNSET  # 2022, in place of ``ret_ext_info``
    time: Epoch | UnsetType = UNSET


# --- What it means ---

Told = tuple[Outcome, Evidence, Reason | None, str | None, str | None]
"""What is said of an order: outcome, evidence, reason, code, message. Plain tuples are the fastest."""

TAKEN: Final[Told] = (Outcome.PENDING, Evidence.ACKNOWLEDGED, None, None, None)
LISTED: Final[Told] = (Outcome.PENDING, Evidence.LISTED, None, None, None)
OPEN: Final[Told] = (Outcome.UNKNOWN, Evidence.NONE, None, None, None)

# Looking up a member of an enum costs more than reading a row.
_ORDER: Final = EventKind.ORDER
_NAMED: Final = Identity.RESPONSE


def order_events(
    orders: Sequence[OrderName],
    told: Told,
    product: Product | None,
    symbol: str | None,
    response_ns: int | None,
    record: Record,
    codec: Codec,
) -> list[CancelEvent]:
    """One event an order, all told the same; product and symbol are those of the request, where known."""
    venue, endpoint, kind = codec.venue, codec.endpoint, EventKind.ORDER
    sent_ns, received_ns, source = record.sent_ns, record.received_ns, record.source
    outcome, evidence, reason, code, message = told
    identity = Identity.REQUEST if product or symbol else Identity.RESPONSE
    return [
        CancelEvent(
            venue,
            product,
            endpoint,
            kind,
            index,
            symbol,
            order.order_id or None,
            order.order_link_id or None,
            None,  # cancel_id
            None,  # list_id
            None,  # list_client_id
            None,  # contingency
            identity,
            outcome,
            evidence,
            reason,
            code,
            message,
            response_ns=response_ns,
            sent_ns=sent_ns,
            received_ns=received_ns,
            source=source,
        )
        for index, order in enumerate(orders)
    ]


def whole_event(
    kind: EventKind,
    told: Told,
    product: Product | None,
    response_ns: int | None,
    record: Record,
    codec: Codec,
) -> CancelEvent:
    """The event of an answer that names no order; its symbol is the one the request asked for."""
    outcome, evidence, reason, code, message = told
    symbol = codec.target(record).symbol
    return CancelEvent(
        venue=codec.venue,
        product=product,
        endpoint=codec.endpoint,
        kind=kind,
        symbol=symbol,
        identity=Identity.REQUEST if product or symbol else None,
        outcome=outcome,
        evidence=evidence,
        reason=reason,
        code=code,
        message=message,
        response_ns=response_ns,
        sent_ns=record.sent_ns,
        received_ns=record.received_ns,
        source=record.source,
    )


# --- Batches ---


def batch_events(
    rows: Sequence[BatchRow],
    verdicts: Sequence[RowVerdict],
    response_ns: int | None,
    record: Record,
    codec: Codec,
    notes: list[Note],
) -> list[CancelEvent]:
    """One event an order of a batch, joined with the verdict at its place.

    Where there are more orders than verdicts or fewer, nobody can say which verdict is whose: all orders
    are open. Where the answer names no order, it is about those of the request.
    """
    size = len(rows) or len(asked_orders(record))
    if size and size == len(verdicts):
        return _told_events(rows, _told(verdicts, record.status), response_ns, record, codec, notes)
    message = f"{len(verdicts)} verdicts on {size} orders"
    notes.append(Note("length-mismatch", "$.retExtInfo.list", message, to_builtins(verdicts)))
    if size:
        return _told_events(rows, [OPEN] * size, response_ns, record, codec, notes)
    return [whole_event(EventKind.SCOPE, OPEN, asked_product(record), response_ns, record, codec)]


def verdicts_of(info: Verdicts | str | UnsetType | None) -> list[RowVerdict]:
    """The verdicts of a batch; none where something else stands in their place."""
    return (info.rows or []) if isinstance(info, Verdicts) else []


def envelope(message: str, info: object) -> dict[str, Any]:
    """What the envelope of an answer says beside the code; None where something else stands there."""
    info = without_secrets(info) if isinstance(info, str) else None
    return {"retMsg": without_secrets(message), "retExtInfo": info}


def shortened(said: dict[str, Any]) -> dict[str, Any] | None:
    """What is said, without what is empty; None where nothing is."""
    return {key: value for key, value in said.items() if value} or None


def _told(verdicts: Iterable[RowVerdict], status: int | None) -> list[Told]:
    """What verdicts say of their orders."""
    pending, acknowledged = TAKEN[:2]
    return [
        _failed(verdict.code, verdict.msg, status)
        if verdict.code
        else (pending, acknowledged, None, None, without_secrets(verdict.msg) or None)
        for verdict in verdicts
    ]


def _failed(code: int, message: str, status: int | None) -> Told:
    """What a code other than 0 says."""
    outcome, reason = verdict_of(V5, code, message, status)
    evidence = Evidence.SUCCESS_FLAG if outcome is Outcome.REJECTED else Evidence.NONE
    return outcome, evidence, reason, str(code), without_secrets(message) or None


def _told_events(
    rows: Sequence[BatchRow],
    told: Sequence[Told],
    response_ns: int | None,
    record: Record,
    codec: Codec,
    notes: list[Note],
) -> list[CancelEvent]:
    """One event an order of a batch: named by its row, completed from its place in the request."""
    asked = asked_orders(record)
    if not rows:
        product = asked_product(record)
        events = [whole_event(EventKind.ORDER, t, product, response_ns, record, codec) for t in told]
        events = [replace(event, index=index) for index, event in enumerate(events)]
        odd = list(range(len(events)))
    else:
        events = _row_events(rows, told, response_ns, record, codec)
        odd = [event.index for event in events if not (event.product and event.symbol and event.order_id)]
    if asked and len(asked) != len(events):
        message = f"{len(events)} orders for {len(asked)} in the request: nothing is taken from there"
        notes.append(Note("length-mismatch", "$.result.list", message))
        asked = ()
    for index in odd:
        event = events[index]
        if rows and event.product is None:
            event = replace(event, extra={"category": rows[index].category})
        if asked:
            event = completed(event, asked_target(asked[index]), None, f"$.result.list[{index}]", notes)
        events[index] = event
    return events


def _row_events(
    rows: Sequence[BatchRow], told: Sequence[Told], response_ns: int | None, record: Record, codec: Codec
) -> list[CancelEvent]:
    """One event a row of a batch.

    The hot path: most is passed by position, and the call stays under 30 arguments, above which Python packs
    them into a list first.
    """
    venue, endpoint, kind, identity = codec.venue, codec.endpoint, _ORDER, _NAMED
    sent_ns, received_ns, source = record.sent_ns, record.received_ns, record.source
    products = PRODUCTS
    events: list[CancelEvent] = []
    for row, (outcome, evidence, reason, code, message) in zip(rows, told, strict=True):
        events.append(
            CancelEvent(
                venue,
                products[row.category],
                endpoint,
                kind,
                len(events),
                row.symbol or None,
                row.order_id or None,
                row.order_link_id or None,
                None,  # cancel_id
                None,  # list_id
                None,  # list_client_id
                None,  # contingency
                identity,
                outcome,
                evidence,
                reason,
                code,
                message,
                response_ns=response_ns,
                sent_ns=sent_ns,
                received_ns=received_ns,
                source=source,
            )
        )
    return events


# --- Refusals ---


def refusal(
    raw: Refused, rows: Sequence[BatchRow], result: object, record: Record, codec: Codec, notes: list[Note]
) -> Normalised:
    """Map the refusal of a request as a whole; ``rows`` are the orders its ``result`` names, usually none.

    Where there is a verdict for each order, it says more than the code of the whole, which is then extra.
    """
    response_ns = EPOCHS[raw.time]
    verdicts = verdicts_of(raw.ret_ext_info)
    extra = _left_over(raw, None if rows else result)
    if verdicts and len(verdicts) == (len(rows) or len(asked_orders(record))):
        told = [_disbelieved(t, i, notes) for i, t in enumerate(_told(verdicts, record.status))]
        events = _told_events(rows, told, response_ns, record, codec, notes)
        extra = {"retCode": raw.ret_code, "retMsg": without_secrets(raw.ret_msg), **extra}
        return Normalised(tuple(events), tuple(notes), extra=extra)
    if verdicts:
        extra["retExtInfo"] = redacted(to_builtins(raw.ret_ext_info))
    whole = _failed(raw.ret_code, raw.ret_msg, record.status)
    if rows:
        events = _told_events(rows, [whole] * len(rows), response_ns, record, codec, notes)
    else:
        events = [_refused_event(whole, response_ns, record, codec)]
    return Normalised(tuple(events), tuple(notes), extra=extra or None)


def _left_over(raw: Refused, result: object) -> dict[str, Any]:
    """What a refusal says beside code, text and verdicts; usually nothing."""
    extra: dict[str, Any] = {}
    if raw.ret_ext_map:
        extra["retExtMap"] = raw.ret_ext_map
    if isinstance(raw.ret_ext_info, str) and raw.ret_ext_info:
        extra["retExtInfo"] = without_secrets(raw.ret_ext_info)
    said = to_builtins(result) if isinstance(result, Struct) else {}
    if any(said.values()):
        extra["result"] = said
    return extra


def _disbelieved(told: Told, place: int, notes: list[Note]) -> Told:
    """What a verdict says within a refusal: that an order was taken cannot be believed there."""
    if told[0] is not Outcome.PENDING:
        return told
    message = "the request was refused, this order of it was not"
    notes.append(Note("contradiction", f"$.retExtInfo.list[{place}].code", message, 0))
    return *OPEN[:4], told[4]


def _refused_event(told: Told, response_ns: int | None, record: Record, codec: Codec) -> CancelEvent:
    """The event of a refusal; which order it is about, only the request knows."""
    outcome, _, reason, code, message = told
    verdict = Verdict(outcome, reason or Reason.OTHER)
    event = failure(codec, record, verdict, code=code, message=message, response_ns=response_ns)
    product = asked_product(record)
    return replace(event, product=product, identity=Identity.REQUEST) if product else event
