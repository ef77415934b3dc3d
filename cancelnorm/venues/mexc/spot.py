"""MEXC spot REST: what it answers to a cancel."""

from collections.abc import Mapping, Sequence
from functools import partial
from types import MappingProxyType
from typing import Annotated, Final, Literal

from msgspec import UNSET, Meta, UnsetType
from msgspec.structs import replace

from cancelnorm.completion import completed
from cancelnorm.endpoint import Call
from cancelnorm.eventmap import (
    NOTHING_OPEN,
    EventMap,
    Said,
    Verdict,
    amount,
    by_words,
    constant,
    made,
    number,
    text,
    time,
    word,
)
from cancelnorm.prose import prose
from cancelnorm.reader.scalars import DecimalText, Epoch, Int, Prose, ns_of
from cancelnorm.reader.structs import Camel
from cancelnorm.request import Target
from cancelnorm.schema import (
    CancelEvent,
    EventKind,
    Evidence,
    Normalised,
    Outcome,
    Product,
    QuantityUnit,
    Scope,
)
from cancelnorm.venue import endpoint, endpoints
from cancelnorm.venues.mexc.messages import SIDES, SPOT_ERRORS, TAKEN, refuses_anything
from cancelnorm.venues.mexc.spot_orders import (
    IDS,
    KEYS,
    NO_LIST,
    POST_ONLY,
    TYPES,
    OrderId,
    Status,
    TimeInForceWord,
    Type,
    answers,
    cancel_id,
    own_id,
    time_in_force,
    time_in_force_by_type,
    type_of,
)

# --- What MEXC sends ---


DocumentedId = Annotated[int, Meta(ge=1, le=999_999_999)] | Annotated[str, Meta(min_length=16, max_length=64)]
"""A short number, as only examples have it, or any real id. Real ids of the venue that was copied are between them."""


class CanceledOrder(Camel):
    """An order whose cancel was taken, as it was before, in recordings and in the documentation since 2026.

    Recordings of 2022 have no more than the required fields.
    """

    symbol: str
    order_id: OrderId
    order_list_id: Int | str | UnsetType = UNSET  # -1, also for the legs of a list
    orig_client_order_id: str | UnsetType | None = UNSET  # the order's own
    client_order_id: str | UnsetType | None = UNSET  # the cancel's, or the order's own where it stands alone
    price: DecimalText
    orig_qty: DecimalText  # base units
    executed_qty: DecimalText | UnsetType = UNSET  # base units; since 2024
    cummulative_quote_qty: DecimalText | UnsetType = (
        UNSET  # quote units; the venue's own spelling; since 2024
    )
    status: Status | UnsetType = UNSET  # since 2024
    type: Type
    side: Literal["BUY", "SELL"]
    stp_mode: str | UnsetType | None = UNSET  # of queries since 2025-09


class DocumentedOrder(Camel):
    """The same in the documentation until 2025, which copied another venue's; nobody has recorded it."""

    symbol: str
    orig_client_order_id: str
    order_id: DocumentedId
    client_order_id: str | None
    price: DecimalText
    orig_qty: DecimalText
    executed_qty: DecimalText
    cummulative_quote_qty: DecimalText
    status: Status
    time_in_force: TimeInForceWord | None
    type: Type
    side: Literal["BUY", "SELL"]


Canceled = CanceledOrder | DocumentedOrder


class MarginOrder(CanceledOrder):
    """An order of isolated margin, which was there in 2022 and 2023; always in an array."""

    order_list_id: Int | str
    is_isolated: bool
    is_working: bool
    time: Epoch
    update_time: Epoch  # before the cancel


class AllCanceled(Camel):
    """The orders of all symbols: no order is named. Since 2026."""

    code: Literal[200]
    msg: Prose  # "success"
    timestamp: Epoch
    data: UnsetType | None = (
        UNSET  # what answers to other requests have, such as those about a strategy group
    )


# --- What it means ---


def _judge(table: Mapping[str, Verdict], absent: Verdict, status: str | UnsetType) -> Verdict:
    """The verdict by a status that may be missing; one that is not known leaves it open."""
    if status is UNSET:
        return absent
    return table.get(status) or Verdict(Outcome.UNKNOWN, absent.evidence)


def said(status: str | UnsetType, taken: Evidence) -> Said:
    """How the status in an answer says what became of an order."""
    judge = partial(_judge, answers(taken), Verdict(Outcome.PENDING, taken))
    return by_words(judge, status, raw_status=status)


_NO_ID: Final = ("", None)
ORDER: Final = EventMap(
    CanceledOrder,
    said(CanceledOrder.status, Evidence.ACKNOWLEDGED),
    without={CanceledOrder.orig_client_order_id: _NO_ID, CanceledOrder.client_order_id: _NO_ID},
    symbol=text(CanceledOrder.symbol),
    order_id=number(CanceledOrder.order_id),
    client_order_id=made(own_id, CanceledOrder.orig_client_order_id, CanceledOrder.client_order_id),
    cancel_client_order_id=made(cancel_id, CanceledOrder.orig_client_order_id, CanceledOrder.client_order_id),
    list_id=number(CanceledOrder.order_list_id, none=NO_LIST),
    side=word(CanceledOrder.side, SIDES),
    order_type=word(CanceledOrder.type, TYPES),
    time_in_force=made(time_in_force_by_type, CanceledOrder.type),
    post_only=word(CanceledOrder.type, POST_ONLY),
    price=amount(CanceledOrder.price, zero_is_none=True),
    quantity=amount(CanceledOrder.orig_qty, zero_is_none=True),  # zero where it was sized in quote units
    filled_quantity=amount(CanceledOrder.executed_qty),
    quantity_unit=constant(QuantityUnit.BASE),
    filled_quote=amount(CanceledOrder.cummulative_quote_qty, negative_is_none=True),
    self_trade_prevention=text(CanceledOrder.stp_mode),
)
DOCUMENTED: Final = EventMap(
    DocumentedOrder,
    said(DocumentedOrder.status, Evidence.ACKNOWLEDGED),
    without={
        DocumentedOrder.orig_client_order_id: _NO_ID,
        DocumentedOrder.client_order_id: _NO_ID,
        DocumentedOrder.time_in_force: (None,),
    },
    symbol=text(DocumentedOrder.symbol),
    order_id=number(DocumentedOrder.order_id),
    client_order_id=made(own_id, DocumentedOrder.orig_client_order_id, DocumentedOrder.client_order_id),
    cancel_client_order_id=made(
        cancel_id, DocumentedOrder.orig_client_order_id, DocumentedOrder.client_order_id
    ),
    side=word(DocumentedOrder.side, SIDES),
    order_type=made(type_of, DocumentedOrder.type, DocumentedOrder.time_in_force),
    time_in_force=made(time_in_force, DocumentedOrder.time_in_force, DocumentedOrder.type),
    post_only=word(DocumentedOrder.type, POST_ONLY),
    price=amount(DocumentedOrder.price, zero_is_none=True),
    quantity=amount(DocumentedOrder.orig_qty, zero_is_none=True),
    filled_quantity=amount(DocumentedOrder.executed_qty),
    quantity_unit=constant(QuantityUnit.BASE),
    filled_quote=amount(DocumentedOrder.cummulative_quote_qty, negative_is_none=True),
)
_Maps = Mapping[type[Canceled], EventMap]
SINGLE: Final[_Maps] = MappingProxyType({CanceledOrder: ORDER, DocumentedOrder: DOCUMENTED})
LISTED: Final[_Maps] = MappingProxyType(
    {
        CanceledOrder: ORDER.extended(CanceledOrder, said(CanceledOrder.status, Evidence.LISTED)),
        DocumentedOrder: DOCUMENTED.extended(DocumentedOrder, said(DocumentedOrder.status, Evidence.LISTED)),
    }
)
_UNSURE: Final = Verdict(Outcome.UNKNOWN, Evidence.NONE)
_MARGIN: Final = ORDER.extended(
    MarginOrder, said(MarginOrder.status, Evidence.LISTED), created_ns=time(MarginOrder.time)
)


def _map_of(order: Canceled, maps: _Maps) -> EventMap:
    return maps[DocumentedOrder if isinstance(order, DocumentedOrder) else CanceledOrder]


def note_failed_status(call: Call) -> None:
    """Note an HTTP status of failure that comes with orders; these are believed."""
    status = call.record.status
    if status is not None and status >= 400:
        call.note("contradiction", "$", f"an order under the status {status}", status)


def cancel(raw: Canceled, call: Call) -> Normalised:
    """Map the answer to a cancel of one order."""
    note_failed_status(call)
    events = _map_of(raw, SINGLE).events([raw], call, "$")
    return call.result(one_answered(events, call, "$"))


def one_answered(events: list[CancelEvent], call: Call, at: str) -> list[CancelEvent]:
    """The event of an answer about one order, with what its request says."""
    if not call.record.request:
        return [event if named(event) else of_request(event) for event in events]
    return [_completed(event, call, at) for event in events]


def named(event: CancelEvent) -> bool:
    """Whether an event names its order."""
    return event.order_id is not None or event.client_order_id is not None


def of_request(event: CancelEvent) -> CancelEvent:
    """An event that names no order: it is about the request."""
    return replace(event, kind=EventKind.REQUEST)


def _completed(event: CancelEvent, call: Call, at: str) -> CancelEvent:
    """The event of one order with what its request says.

    A client id that stands alone is the cancel's where the request gave the cancel this one, or named the order by
    another. The order of the answer is that of the request also where one names it by its id and one by the client's.
    """
    asked, client_id = call.target, event.client_order_id
    own = asked.client_order_id
    is_lone = client_id is not None and event.cancel_client_order_id is None
    if is_lone and (client_id == asked.cancel_client_order_id or own not in (None, client_id)):
        event = replace(event, client_order_id=None, cancel_client_order_id=client_id)
    event = completed(event, asked, call, at)
    if own is not None and event.client_order_id is None and asked.order_id is None:
        event = replace(
            event, client_order_id=own, from_request=(*(event.from_request or ()), "client_order_id")
        )
    return event if named(event) else of_request(event)


def cancel_open(raw: Sequence[Canceled], call: Call) -> Normalised:
    """Map the answer to a cancel of all open orders of one symbol, or of up to five; legs of lists stand alone."""
    note_failed_status(call)
    if not raw:
        return call.result(none_open(call))
    documented = [isinstance(order, DocumentedOrder) for order in raw]
    if any(documented):
        rows = enumerate(raw)
        events = [_map_of(order, LISTED).event(order, call, f"$[{i}]", index=i) for i, order in rows]
    else:
        events = LISTED[CanceledOrder].events(raw, call, "$[{}]")
    return call.result(rows_named(events))


def rows_named(events: list[CancelEvent]) -> list[CancelEvent]:
    """The events of rows; those that name no order are about the request."""
    return events if all(map(named, events)) else [e if named(e) else of_request(e) for e in events]


def none_open(call: Call) -> list[CancelEvent]:
    """The events of an empty list: nothing was open of any symbol that the request names."""
    symbols = (call.target.symbol or "").split(",")
    if len(symbols) == 1:
        return [call.scoped(NOTHING_OPEN)]
    return [
        call.event(EventKind.SCOPE, NOTHING_OPEN, Target(symbol=symbol), index=i, scope=Scope.SYMBOL)
        for i, symbol in enumerate(filter(None, symbols))
    ]


def margin_one(raw: Sequence[MarginOrder], call: Call) -> Normalised:
    """Map the answer to a cancel of one order in isolated margin: an array of it."""
    note_failed_status(call)
    if len(raw) != 1:
        call.note(
            "length-mismatch", "$", "the answer about one order is an array of another length", len(raw)
        )
        return call.result(rows_named(_MARGIN.events(raw, call, "$[{}]")) or [call.failed(_UNSURE)])
    return call.result(one_answered(_MARGIN.events(raw, call, "$[{}]"), call, "$[0]"))


def margin_open(raw: Sequence[MarginOrder], call: Call) -> Normalised:
    """Map the answer to a cancel of all open orders of a symbol in isolated margin."""
    note_failed_status(call)
    return call.result(rows_named(_MARGIN.events(raw, call, "$[{}]")) if raw else none_open(call))


def cancel_all(raw: AllCanceled, call: Call) -> Normalised:
    """Map the answer to a cancel of the orders of all symbols."""
    call.response_ns = ns_of(raw.timestamp)
    event = call.scoped(TAKEN, scope=Scope.PRODUCT)
    return call.result([event], extra={"msg": prose(raw.msg)} if raw.msg else {})


# --- Endpoints ---

ENDPOINTS: Final = endpoints(
    endpoint("DELETE /api/v3/order", Canceled, cancel),
    endpoint("DELETE /api/v3/openOrders", list[CanceledOrder | DocumentedOrder], cancel_open),
    endpoint("DELETE /api/v3/order/all", AllCanceled, cancel_all),
    endpoint(
        "DELETE /api/v3/margin/order",
        list[MarginOrder],
        margin_one,
        product=Product.MARGIN,
    ),
    endpoint(
        "DELETE /api/v3/margin/openOrders",
        list[MarginOrder],
        margin_open,
        product=Product.MARGIN,
    ),
    product=Product.SPOT,
    request=KEYS,
    errors=SPOT_ERRORS,
    ids=IDS,
    is_shared=refuses_anything,
    docs="https://www.mexc.com/api-docs/spot-v3/spot-account-trade",
)
