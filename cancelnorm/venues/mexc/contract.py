"""MEXC contracts over REST: what they answer to a cancel, and to an amendment that puts another order in its place."""

from typing import Any, Final

from msgspec import UNSET, UnsetType
from msgspec.structs import replace

from cancelnorm.completion import completed
from cancelnorm.endpoint import Call
from cancelnorm.eventmap import EventMap, Verdict, always, by_code, made, number, text
from cancelnorm.reader.scalars import Epoch, Int, Prose, identifier, ns_of
from cancelnorm.reader.structs import Camel
from cancelnorm.request import RequestKeys, Target
from cancelnorm.schema import CancelEvent, EventKind, Evidence, Normalised, Outcome
from cancelnorm.venue import endpoint, endpoints
from cancelnorm.venues.mexc.codes import CONTRACT
from cancelnorm.venues.mexc.contract_messages import (
    DOCS,
    ERRORS,
    KEYS,
    NO_ID,
    OPEN,
    ORDER_IDS,
    PLAN_IDS,
    STOP_IDS,
    TRACK_IDS,
    Acknowledged,
    Done,
    Head,
    accepted,
    answered_alike,
    envelope,
    named,
    product_of,
    taken,
)
from cancelnorm.venues.mexc.messages import TAKEN

# --- What MEXC sends ---


class CancelRow(Camel):
    """Result of the cancel of one order of several; with success all of them may have failed."""

    # An integer beyond 2^53, in quotes elsewhere; it may be 0 or missing where there is no such order.
    order_id: Int | str | UnsetType | None = UNSET
    error_code: Int  # 0: taken
    error_msg: Prose


class CancelAnswer(Head):
    """The answer to a cancel of orders by their ids."""

    data: list[CancelRow] | None


class Named(Camel):
    """An order whose cancel was taken, as the request named it."""

    symbol: str
    external_oid: str


class NamedAnswer(Head):
    """The answer to a cancel of one order by its client id: rows on newer pages of the documentation."""

    data: list[CancelRow] | Named | None


class NewOrder(Camel):
    """The order that an amendment put in the place of another, as placements name theirs since 2026-04."""

    order_id: Int | str
    ts: Epoch


class ChangeAnswer(Head):
    """The answer to an amendment of an order, which gets another id."""

    data: Int | str | NewOrder | None


# --- What it means ---

STOP_KEYS: Final = RequestKeys(
    symbol=("symbol",),
    order_id=("stopPlanOrderId",),
    product=("symbol",),
    product_of=product_of,
    rows=("orders",),
)
TRACK_KEYS: Final = RequestKeys(
    symbol=("symbol",), order_id=("trackOrderId",), product=("symbol",), product_of=product_of
)

# The engine cancels later, and the stream says when.
FLAGGED: Final = Verdict(Outcome.PENDING, Evidence.SUCCESS_FLAG, code="0")
ROW: Final = EventMap(
    CancelRow,
    by_code(CancelRow.error_code, CancelRow.error_msg, CONTRACT, taken=FLAGGED),
    order_id=number(CancelRow.order_id, none=NO_ID),
)
_NONE: Final = (*NO_ID, None, UNSET)
NAMED: Final = EventMap(
    Named,
    always(TAKEN._replace(code="0")),
    symbol=text(Named.symbol),
    product=made(product_of, Named.symbol),
    client_order_id=text(Named.external_oid),
)


def cancel(raw: CancelAnswer | Done, call: Call) -> Normalised:
    """Map the answer to a cancel of several orders: each row has a verdict, whatever ``code`` says of all."""
    if isinstance(raw, Done) or raw.data is None:
        return _acknowledged(raw, call)
    said = envelope(raw, call)
    return call.result(_rows(raw.data, call), extra=said)


def cancel_named(raw: NamedAnswer | Done, call: Call) -> Normalised:
    """Map the answer to a cancel of one order by its client id."""
    if isinstance(raw, Done) or raw.data is None:
        return _acknowledged(raw, call)
    said = envelope(raw, call)
    if isinstance(raw.data, list):
        return call.result(_rows(raw.data, call), extra=said)
    event = NAMED.event(raw.data, call, "$.data")
    if not raw.success:
        event = replace(event, outcome=OPEN.outcome, evidence=OPEN.evidence)
    return call.result([_told(completed(event, call.target, call, "$.data"))], extra=said)


def change(raw: ChangeAnswer | Done, call: Call) -> Normalised:
    """Map the answer to an amendment: the old order gives way to the one that the answer names."""
    if isinstance(raw, Done) or raw.data is None:
        return _acknowledged(raw, call)
    said = envelope(raw, call)
    new = raw.data
    if isinstance(new, NewOrder):
        call.response_ns = ns_of(new.ts)
        new = new.order_id
    placed = None if new in NO_ID else identifier(new)
    if placed is None:
        call.note("phantom-row", "$.data", "an amendment that names no order", new)
    verdict = FLAGGED if raw.success else taken(raw)
    return call.result([call.failed(verdict, replaced_by=placed)], extra=said)


def _acknowledged(raw: Head, call: Call) -> Normalised:
    """Map an answer that leaves out what became of the orders that the request names."""
    said = envelope(raw, call)
    return call.result(named(raw, call) or [call.failed(taken(raw))], extra=said)


def _rows(rows: list[CancelRow], call: Call) -> list[CancelEvent]:
    """The events of rows, each completed by the order of the request that it is about.

    A row names its order by its id; a request that named it otherwise has it at the same place.
    """
    if not rows:
        call.note("empty-list", "$.data", "a success without rows")
    events = ROW.events(rows, call, "$.data[{}]")
    if not call.record.request and rows and all(row.order_id not in _NONE for row in rows):
        return events
    targets = call.targets
    if rows and not _say_the_same(events, targets):
        asked = call.by_position(_comparable(events, targets), "$.data")
        if asked:
            events = [_at_place(*pair, call, i) for i, pair in enumerate(zip(events, asked, strict=True))]
    left = call.unnamed(events).values()
    if left:
        call.unanswered(events, "$.data")
        rest = enumerate(left, start=len(events))
        events = [*events, *(call.event(EventKind.ORDER, OPEN, target, index=i) for i, target in rest)]
    return [_told(event) for event in events] or [call.failed(OPEN)]


def _say_the_same(events: list[CancelEvent], asked: list[Target]) -> bool:
    """Whether every row names its order, and the orders of the request have nothing but their ids to add."""
    return all(event.order_id for event in events) and all(
        target.order_id and target.symbol is None for target in asked
    )


def _comparable(events: list[CancelEvent], asked: list[Target]) -> list[tuple[str | None, str | None]]:
    """The ids of rows, without those of a row whose order the request names by its client id."""
    rows: list[tuple[str | None, str | None]] = [(event.order_id, None) for event in events]
    return [
        (None, None) if i < len(asked) and asked[i].order_id is None else row for i, row in enumerate(rows)
    ]


def _at_place(event: CancelEvent, asked: Target, call: Call, i: int) -> CancelEvent:
    """An event completed by the order at its place, with the client id by which that was named."""
    event = completed(event, asked, call, f"$.data[{i}]")
    if asked.client_order_id is None or event.client_order_id is not None or asked.order_id is not None:
        return event
    filled = {*(event.from_request or ()), "client_order_id"}
    names = tuple([name for name in CancelEvent.__struct_fields__ if name in filled])
    return replace(event, client_order_id=asked.client_order_id, from_request=names)


def _told(event: CancelEvent) -> CancelEvent:
    """The event of a row, which is about the request where nothing names its order."""
    if event.order_id is None and event.client_order_id is None:
        return replace(event, kind=EventKind.REQUEST)
    return event


def is_shared(raw: Any) -> bool:
    """Whether placements, amendments and settings are answered alike: but for the echo of a client id all are."""
    return not isinstance(getattr(raw, "data", None), Named)


# --- Endpoints ---

_TRADING: Final = f"{DOCS}account-and-trading-endpoints#"

ENDPOINTS: Final = (
    *endpoints(
        endpoint("POST /api/v1/private/order/cancel", CancelAnswer | Done, cancel, page="cancel-orders"),
        endpoint(
            "POST /api/v1/private/order/batch_cancel_with_external",
            CancelAnswer | Done,
            cancel,
            page="batch-cancel-by-external-order-id",
        ),
        endpoint(
            "POST /api/v1/private/order/cancel_with_external",
            NamedAnswer | Done,
            cancel_named,
            page="cancel-by-external-order-id",
        ),
        endpoint(
            "POST /api/v1/private/order/cancel_all",
            Acknowledged,
            accepted,
            page="cancel-all-orders-under-a-contract",
        ),
        endpoint(
            "POST /api/v1/private/order/change_limit_order",
            ChangeAnswer | Done,
            change,
            page="modify-order-price--quantity",
        ),
        product=None,
        request=KEYS,
        errors=ERRORS,
        is_shared=is_shared,
        ids=ORDER_IDS,
        docs=_TRADING,
    ),
    *endpoints(
        endpoint(
            "POST /api/v1/private/planorder/cancel",
            Acknowledged,
            accepted,
            page="cancel-planned-ordersmaintenance",
        ),
        endpoint(
            "POST /api/v1/private/planorder/cancel_all",
            Acknowledged,
            accepted,
            page="cancel-all-planned-ordersmaintenance",
        ),
        product=None,
        request=KEYS,
        errors=ERRORS,
        is_shared=answered_alike,
        ids=PLAN_IDS,
        docs=_TRADING,
    ),
    *endpoints(
        endpoint(
            "POST /api/v1/private/stoporder/cancel",
            Acknowledged,
            accepted,
            page="cancel-tpsl-planned-ordersmaintenance",
        ),
        endpoint(
            "POST /api/v1/private/stoporder/cancel_all",
            Acknowledged,
            accepted,
            page="cancel-all-tpsl-planned-ordersmaintenance",
        ),
        product=None,
        request=STOP_KEYS,
        errors=ERRORS,
        is_shared=answered_alike,
        ids=STOP_IDS,
        docs=_TRADING,
    ),
    *endpoints(
        endpoint(
            "POST /api/v1/private/trackorder/cancel", Acknowledged, accepted, page="cancel-trailing-order"
        ),
        product=None,
        request=TRACK_KEYS,
        errors=ERRORS,
        is_shared=answered_alike,
        ids=TRACK_IDS,
        docs=_TRADING,
    ),
)
