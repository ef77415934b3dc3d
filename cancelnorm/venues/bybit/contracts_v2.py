"""Bybit contracts before v3 (until 2023): what all share, and inverse perpetuals and futures.

Keys are in snake case, numbers are in quotes or not, and times are ISO texts or seconds with a fraction.
"""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final, Literal

from msgspec import UNSET, Struct, UnsetType

from cancelnorm.endpoint import Call, Errors, completed, left_open
from cancelnorm.eventmap import (
    Absent,
    EventMap,
    Verdict,
    always,
    amount,
    by_words,
    constant,
    first,
    made,
    text,
    word,
)
from cancelnorm.masking import without_secrets
from cancelnorm.reader.fast import builtins_of
from cancelnorm.reader.scalars import DecimalNumber, Failed, Int, Prose, number_text
from cancelnorm.reader.structs import Exact
from cancelnorm.request import RequestKeys
from cancelnorm.schema import (
    CancelEvent,
    EventKind,
    Evidence,
    Normalised,
    OrderStatus,
    OrderType,
    Outcome,
    Product,
    QuantityUnit,
    Scope,
    TimeInForce,
)
from cancelnorm.venue import endpoint, endpoints
from cancelnorm.venues.bybit.causes import UNSAID, UNSAID_REASONS, causes
from cancelnorm.venues.bybit.messages import IDS, TAKEN, Empty, Refused, envelope, refused
from cancelnorm.venues.bybit.states import SIDES, none_shown

# --- What Bybit sends ---


class Envelope(Exact):
    """What every answer says beside its ``result``; queries may leave out the limits."""

    ret_msg: Prose
    ext_code: Prose | UnsetType | None = UNSET
    ext_info: Prose | UnsetType | None = UNSET
    time_now: str | UnsetType = UNSET  # seconds with a fraction, in quotes
    rate_limit_status: Int | UnsetType = UNSET
    rate_limit_reset_ms: Int | UnsetType = UNSET
    rate_limit: Int | str | UnsetType = UNSET  # in quotes for conditional orders


class V2Refused(Envelope):
    """A refusal."""

    ret_code: Failed
    result: Empty | list[Empty] | UnsetType | None = UNSET


class InverseOrder(Exact):
    """An inverse order as it stands, or as it stood before its cancel."""

    user_id: Int
    position_idx: Int | UnsetType = UNSET  # queries
    order_id: str
    symbol: str
    side: Literal["Buy", "Sell"]
    order_type: str
    price: DecimalNumber
    qty: DecimalNumber  # contracts
    time_in_force: str
    order_status: str
    ext_fields: dict[str, Int] | UnsetType = UNSET
    last_exec_time: DecimalNumber | UnsetType = UNSET  # seconds with a fraction
    last_exec_price: DecimalNumber | UnsetType = UNSET
    leaves_qty: DecimalNumber
    leaves_value: DecimalNumber | UnsetType = UNSET
    cum_exec_qty: DecimalNumber
    cum_exec_value: DecimalNumber | UnsetType = UNSET
    cum_exec_fee: DecimalNumber | UnsetType = UNSET
    reject_reason: str
    cancel_type: str | UnsetType = UNSET
    order_link_id: str
    created_at: str
    updated_at: str
    take_profit: str | UnsetType = UNSET
    stop_loss: str | UnsetType = UNSET
    tp_trigger_by: str | UnsetType = UNSET
    sl_trigger_by: str | UnsetType = UNSET


class InverseTaken(Envelope):
    """The acknowledgement of a cancel of one order."""

    ret_code: Literal[0]
    result: InverseOrder


class CancelingOrder(Exact):
    """An inverse order among all that are being canceled."""

    clOrdID: str  # noqa: N815  # the order's id, in spite of its name
    order_link_id: str
    user_id: Int
    symbol: str
    side: Literal["Buy", "Sell"]
    order_type: str
    price: DecimalNumber
    qty: DecimalNumber  # contracts
    time_in_force: str
    create_type: str
    cancel_type: str
    order_status: str  # ""
    leaves_qty: DecimalNumber
    leaves_value: DecimalNumber
    created_at: str
    updated_at: str
    cross_status: str  # PendingCancel
    cross_seq: Int


class InverseAllTaken(Envelope):
    """The acknowledgement of a cancel of all orders of a symbol."""

    ret_code: Literal[0]
    result: list[CancelingOrder] | None


class InverseShown(Envelope):
    """The answer to a query: the order that it names, or up to 500 of a symbol."""

    ret_code: Literal[0]
    result: InverseOrder | list[InverseOrder] | None


class InversePage(Exact):
    """A page of orders."""

    data: list[InverseOrder] | None
    cursor: str | UnsetType = UNSET  # "" on the last page


class InverseListed(Envelope):
    """The answer to a query for a list of orders."""

    ret_code: Literal[0]
    result: InversePage


class StopName(Exact):
    """A conditional order whose cancel was taken."""

    stop_order_id: str


class StopTaken(Envelope):
    """The acknowledgement of a cancel of one conditional order."""

    ret_code: Literal[0]
    result: StopName


# --- What it means ---

KEYS: Final = RequestKeys(
    symbol=("symbol",), order_id=("order_id", "stop_order_id"), client_order_id=("order_link_id",)
)

_SECONDS: Final = re.compile(r"([0-9]{10})(?:\.([0-9]{1,9}))?", re.ASCII)
_ISO: Final = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2})(?:\.([0-9]{1,9}))?Z", re.ASCII
)


def ns_of_seconds(sent: str) -> int | None:
    """Seconds since the epoch with up to nine decimals to nanoseconds; None for anything else."""
    match = _SECONDS.fullmatch(sent)
    return None if match is None else int(match[1] + (match[2] or "").ljust(9, "0"))


def ns_of_iso(sent: str) -> int | None:
    """An ISO time in UTC with up to nine decimals to nanoseconds since the epoch; None for anything else."""
    match = _ISO.fullmatch(sent)
    if match is None:
        return None
    try:
        seconds = int(datetime.fromisoformat(f"{match[1]}+00:00").timestamp())
    except ValueError:
        return None
    return seconds * 10**9 + int((match[2] or "").ljust(9, "0"))


_TYPES: Final = {"Limit": OrderType.LIMIT, "Market": OrderType.MARKET}
TIMES_IN_FORCE: Final = {
    "GoodTillCancel": TimeInForce.GTC,
    "ImmediateOrCancel": TimeInForce.IOC,
    "FillOrKill": TimeInForce.FOK,
    "PostOnly": TimeInForce.GTC,
}
POST_ONLY: Final = {name: name == "PostOnly" for name in TIMES_IN_FORCE}
of_words: Final = causes(Evidence.TERMINAL_STATUS)


def order_type(kind: str, time_in_force: str) -> OrderType | None:
    """The type of an order; None for a word that is not known."""
    found = _TYPES.get(kind)
    return OrderType.LIMIT_MAKER if found is OrderType.LIMIT and time_in_force == "PostOnly" else found


def _shown(status: str, cancel_type: str | UnsetType, reason: str, filled: Any) -> Verdict | None:
    return of_words(status, cancel_type or "", reason, number_text(filled))


def _answered(status: str) -> Verdict:
    """The verdict on an order in the answer to its cancel, which mostly shows it as it stood before."""
    if status in ("Cancelled", "Deactivated"):
        return Verdict(Outcome.CANCELED, Evidence.TERMINAL_STATUS, None, OrderStatus.CANCELED)
    return TAKEN


SHOWN: Final = EventMap(
    InverseOrder,
    by_words(
        _shown,
        InverseOrder.order_status,
        InverseOrder.cancel_type,
        InverseOrder.reject_reason,
        InverseOrder.cum_exec_qty,
        raw_status=InverseOrder.order_status,
    ),
    absent=Absent.EMPTY,
    also=(InverseOrder.reject_reason,),
    symbol=text(InverseOrder.symbol),
    order_id=text(InverseOrder.order_id),
    client_order_id=text(InverseOrder.order_link_id),
    raw_initiator=first(
        text(InverseOrder.cancel_type, none=UNSAID),
        text(InverseOrder.reject_reason, none=UNSAID_REASONS),
    ),
    side=word(InverseOrder.side, SIDES),
    order_type=made(order_type, InverseOrder.order_type, InverseOrder.time_in_force),
    time_in_force=word(InverseOrder.time_in_force, TIMES_IN_FORCE),
    post_only=word(InverseOrder.time_in_force, POST_ONLY),
    price=amount(InverseOrder.price, zero_is_none=True),
    quantity=amount(InverseOrder.qty),
    filled_quantity=amount(InverseOrder.cum_exec_qty),
    remaining_quantity=amount(InverseOrder.leaves_qty),
    quantity_unit=constant(QuantityUnit.CONTRACTS),
    created_ns=made(ns_of_iso, InverseOrder.created_at),
    event_ns=made(ns_of_iso, InverseOrder.updated_at),
)
ANSWERED: Final = SHOWN.extended(
    InverseOrder,
    by_words(_answered, InverseOrder.order_status, raw_status=InverseOrder.order_status),
)
CANCELING: Final = EventMap(
    CancelingOrder,
    always(TAKEN),
    raw_status=text(CancelingOrder.cross_status),
    absent=Absent.EMPTY,
    symbol=text(CancelingOrder.symbol),
    order_id=text(CancelingOrder.clOrdID),
    client_order_id=text(CancelingOrder.order_link_id),
    raw_initiator=text(CancelingOrder.cancel_type, none=UNSAID),
    side=word(CancelingOrder.side, SIDES),
    order_type=made(order_type, CancelingOrder.order_type, CancelingOrder.time_in_force),
    time_in_force=word(CancelingOrder.time_in_force, TIMES_IN_FORCE),
    post_only=word(CancelingOrder.time_in_force, POST_ONLY),
    price=amount(CancelingOrder.price, zero_is_none=True),
    quantity=amount(CancelingOrder.qty),
    remaining_quantity=amount(CancelingOrder.leaves_qty),
    quantity_unit=constant(QuantityUnit.CONTRACTS),
    created_ns=made(ns_of_iso, CancelingOrder.created_at),
    event_ns=made(ns_of_iso, CancelingOrder.updated_at),
)


STOP_NAMED: Final = EventMap(StopName, always(TAKEN), order_id=text(StopName.stop_order_id))


def inverse_cancel(raw: InverseTaken, call: Call) -> Normalised:
    """Map the acknowledgement of a cancel of one inverse order."""
    opened(raw, call)
    event = ANSWERED.event(raw.result, call, "$.result")
    return result([filled_in(event, call)], raw, call)


def stop_cancel(raw: StopTaken, call: Call) -> Normalised:
    """Map the acknowledgement of a cancel of one conditional order: its end is not known."""
    opened(raw, call)
    event = STOP_NAMED.event(raw.result, call, "$.result")
    return result([filled_in(event, call)], raw, call)


def inverse_cancel_all(raw: InverseAllTaken, call: Call) -> Normalised:
    """Map the acknowledgement of a cancel of all inverse orders of a symbol."""
    opened(raw, call)
    events = CANCELING.events(raw.result or [], call, "$.result[{}]")
    return result(events or [whole(call)], raw, call)


def query(raw: InverseShown, call: Call) -> Normalised:
    """Map the answer to a query: the orders in it that are about a cancel."""
    return shown_result(raw, raw.result, SHOWN, call)


def listed(raw: InverseListed, call: Call) -> Normalised:
    """Map the answer to a query for a list: the orders in it that are about a cancel."""
    return listed_result(raw, raw.result, raw.result.data, SHOWN, call)


def shown_result(
    raw: Envelope, shown: Struct | Sequence[Struct] | None, by_row: EventMap, call: Call
) -> Normalised:
    """Map the order or the orders of an answer to a query."""
    opened(raw, call)
    at = "$.result"
    if isinstance(shown, Struct):
        events = by_row.events([shown], call, at)
    else:
        events = by_row.events(shown or [], call, f"{at}[{{}}]")
    return result(events or [none_shown(call, at)], raw, call)


def listed_result(
    raw: Envelope, page: Struct, rows: Sequence[Struct] | None, by_row: EventMap, call: Call
) -> Normalised:
    """Map a page of orders."""
    opened(raw, call)
    at = "$.result.data"
    events = by_row.events(rows or [], call, f"{at}[{{}}]")
    said = {key: value for key, value in builtins_of(page).items() if key != "data" and value}
    return result(events or [none_shown(call, at)], raw, call, said)


def _refused(raw: V2Refused, call: Call) -> Normalised:
    """Map a refusal, as of v5."""
    opened(raw, call)
    said = refused(Refused(ret_code=raw.ret_code, ret_msg=raw.ret_msg), call)
    return result(list(said.events), raw, call)


def _query_refused(raw: V2Refused, call: Call) -> Normalised:
    """Map the refusal of a query: what became of the orders is not known."""
    said = _refused(raw, call)
    if call.record.endpoint is None and not is_shared(raw):
        return said  # a text about a cancel, so no query was refused
    return left_open(said)


def filled_in(event: CancelEvent, call: Call) -> CancelEvent:
    """Fill in what the answer about one order left out and its request says."""
    return completed(event, call.target, call, "$.result") if call.record.request else event


def whole(call: Call) -> CancelEvent:
    """The event of a cancel of all that names no order: nothing says that nothing was open."""
    scope = Scope.SYMBOL if call.target.symbol else None
    return call.event(EventKind.SCOPE, TAKEN, call.target, path="$.result", scope=scope)


def opened(raw: Envelope, call: Call) -> None:
    """Take from an answer what its events need."""
    call.response_ns = ns_of_seconds(raw.time_now or "")


def result(
    events: list[CancelEvent], raw: Envelope, call: Call, page: dict[str, Any] | None = None
) -> Normalised:
    """Put the result together, with what the envelope says and no event does."""
    extra = {} if isinstance(raw, V2Refused) else envelope(raw.ret_msg, None)
    for name in ("ext_code", "ext_info"):
        said = getattr(raw, name)
        if said:
            extra[name] = without_secrets(said)
    extra |= page or {}
    if raw.time_now and call.response_ns is None:
        extra["time_now"] = raw.time_now
    names = ("rate_limit_status", "rate_limit_reset_ms", "rate_limit")
    limits = {name: value for name in names if (value := getattr(raw, name)) is not UNSET}
    return call.result(events, extra=extra, rate_limits=(limits,) if limits else None)


def is_shared(raw: Envelope) -> bool:
    """Whether an answer, without its request, may be to another request than a cancel."""
    return "cancel" not in raw.ret_msg.casefold()


def is_shared_refusal(raw: Envelope) -> bool:
    """The same where nothing else is acknowledged alike."""
    return isinstance(raw, V2Refused) and is_shared(raw)


ERRORS: Final = Errors(V2Refused, _refused)
QUERY_ERRORS: Final = Errors(V2Refused, _query_refused)

# --- Endpoints ---

ENDPOINTS: Final = (
    *endpoints(
        *(
            row
            for path in ("/v2/private", "/futures/private")
            for row in (
                endpoint(f"POST {path}/order/cancel", InverseTaken, inverse_cancel),
                endpoint(
                    f"POST {path}/order/cancelAll",
                    InverseAllTaken,
                    inverse_cancel_all,
                    is_shared=is_shared_refusal,
                ),
                endpoint(f"POST {path}/stop-order/cancel", StopTaken, stop_cancel),
                endpoint(f"GET {path}/order", InverseShown, query, errors=QUERY_ERRORS, skips=True),
                endpoint(f"GET {path}/order/list", InverseListed, listed, errors=QUERY_ERRORS, skips=True),
            )
        ),
        product=Product.INVERSE,
        request=KEYS,
        errors=ERRORS,
        is_shared=is_shared,
        ids=IDS,
        docs="https://github.com/bybit-exchange/docs-legacy/tree/master/source/includes/futuresV2",
    ),
)
