"""Coinbase International messages that all endpoints share: failures, and orders as they are shown."""

import re
from collections.abc import Callable
from functools import partial
from types import MappingProxyType
from typing import Any, ClassVar, Final, Literal

from msgspec import UNSET, UnsetType

from cancelnorm.endpoint import Call, Errors, IdSpace
from cancelnorm.eventmap import (
    Absent,
    CodeTable,
    EventMap,
    Said,
    Verdict,
    amount,
    constant,
    flag,
    made,
    number,
    text,
    verdict_of,
    word,
)
from cancelnorm.prose import prose
from cancelnorm.reader.instants import ns_of_date_time
from cancelnorm.reader.scalars import DecimalNumber, Int, NumberOrEmpty, Prose
from cancelnorm.reader.structs import Exact
from cancelnorm.request import RequestKeys
from cancelnorm.schema import (
    Evidence,
    Initiator,
    Normalised,
    OrderStatus,
    OrderType,
    Outcome,
    Product,
    QuantityUnit,
    Side,
    TimeInForce,
)
from cancelnorm.venues.coinbase_international.codes import CODES, OF_ALL, OF_ONE

# --- What Coinbase International sends ---


class Refused(Exact):
    """A failure of any request."""

    bare: ClassVar = True
    title: Prose  # io.javalin.http.BadRequestResponse: Order rejected (… - …)
    status: Int  # that of HTTP
    # Of the web server's own failures, in no recording.
    type: Prose | UnsetType = UNSET  # a page about it
    details: dict[str, Prose] | UnsetType = UNSET


class Order(Exact):
    """An order, whatever was asked of it. Ids of the venue are texts, and integers on pages of the documentation."""

    order_id: Int | str
    client_order_id: str
    side: Literal["BUY", "SELL"]
    instrument_id: Int | str
    instrument_uuid: str
    symbol: str
    portfolio_id: Int | str
    portfolio_uuid: str
    type: str  # LIMIT, MARKET, STOP, STOP_LIMIT, …
    price: NumberOrEmpty | UnsetType = UNSET  # not of a market order
    stop_price: NumberOrEmpty | UnsetType = UNSET
    stop_limit_price: NumberOrEmpty | UnsetType = UNSET
    size: DecimalNumber
    tif: str
    stp_mode: str  # NONE, AGGRESSING, BOTH
    event_type: str  # what happened to the order last
    event_time: str | UnsetType = UNSET  # in queries and on pages of the documentation, as the next
    submit_time: str | UnsetType = UNSET
    order_status: str  # WORKING, DONE: filled as well as canceled
    leaves_qty: DecimalNumber  # what was not filled, also of a canceled order
    exec_qty: DecimalNumber
    avg_price: NumberOrEmpty  # zero without a fill
    fee: NumberOrEmpty
    expire_time: str | UnsetType = UNSET
    post_only: bool | UnsetType = UNSET
    close_only: bool | UnsetType = UNSET
    algo_strategy: str | UnsetType = UNSET
    text: Prose | UnsetType = UNSET  # client cancel, …


# --- What it means ---

DOCS: Final = "https://docs.cdp.coinbase.com/api-reference/international-exchange-api/rest-api/orders/"
IDS: Final = IdSpace("coinbase international", by_symbol=False)
# Either id of an order may stand in a path. Those of the venue have this form, or are integers beyond 2^53 on pages of
# the documentation.
_ORDER_ID: Final = "[0-9a-z]+-[0-9]+-[0-9]+|[0-9]{17,}"
KEYS: Final = RequestKeys(
    symbol=("instrument",), order_id=("id",), client_order_id=("id",), order_pattern=_ORDER_ID
)

CODE_IN_TITLE: Final = re.compile(r"\(([A-Z][A-Z0-9_]*) - ", re.ASCII)
DONE: Final = "DONE"
WORKING: Final = "WORKING"

TAKEN: Final = Verdict(Outcome.PENDING, Evidence.ACKNOWLEDGED, status=OrderStatus.PENDING_CANCEL)
_OPEN: Final = Verdict(Outcome.UNKNOWN, Evidence.LISTED)
_CONTRADICTION: Final = _OPEN._replace(note=("contradiction", "the order_status beside it is another one"))
_NEW_WORD: Final = _OPEN._replace(note=("unknown-value", "what happened to the order is not documented"))
# What happened last, of an order that goes on.
_ALIVE: Final = MappingProxyType(
    {
        "NEW": OrderStatus.NEW,
        "PENDING_NEW": OrderStatus.PENDING_NEW,
        "TRADE": OrderStatus.PARTIALLY_FILLED,
        "PARTIAL_FILLED": OrderStatus.PARTIALLY_FILLED,
        "REPLACED": OrderStatus.NEW,
        "PENDING_REPLACE": OrderStatus.NEW,
    }
)
# And of one that has ended otherwise than by a cancel.
_ENDS: Final = MappingProxyType(
    {
        "TRADE": OrderStatus.FILLED,
        "FILLED": OrderStatus.FILLED,
        "REJECTED": OrderStatus.REJECTED,  # its placement
    }
)


def status_of(event_type: str, order_status: str) -> OrderStatus | None:
    """The status of an order about which no cancel is told; None for any other."""
    table = _ALIVE if order_status == WORKING else _ENDS if order_status == DONE else {}
    return table.get(event_type)


def end_of(event_type: str, order_status: str, evidence: Evidence) -> Verdict:
    """The verdict of an order about which more is told; ``evidence`` is what its end rests on."""
    match event_type, order_status:
        case "CANCELED", "DONE":
            return Verdict(Outcome.CANCELED, evidence, status=OrderStatus.CANCELED)
        case "EXPIRED", "DONE":
            return Verdict(Outcome.CANCELED, evidence, status=OrderStatus.EXPIRED, initiator=Initiator.EXPIRY)
        case "PENDING_CANCEL", "WORKING":
            return TAKEN
        case (("CANCELED" | "EXPIRED" | "PENDING_CANCEL" | "FILLED" | "REJECTED"), _):
            return _CONTRADICTION
    return _OPEN if event_type in _ALIVE else _NEW_WORD


def _product_of(symbol: str) -> Product | None:
    """The market of an order, as its name tells."""
    base, _, rest = symbol.rpartition("-")
    if not base:
        return None
    return Product.LINEAR if rest == "PERP" else Product.SPOT


def order_map(struct: type[Order], said: Said) -> EventMap:
    """The map of an order as it is shown."""
    return EventMap(
        struct,
        said,
        absent=Absent.ZERO,
        also=(Order.event_type,),
        product=made(_product_of, Order.symbol),
        symbol=text(Order.symbol),
        order_id=number(Order.order_id),
        client_order_id=text(Order.client_order_id),
        message=text(Order.text),
        side=word(Order.side, {"BUY": Side.BUY, "SELL": Side.SELL}),
        order_type=word(
            Order.type,
            {
                "LIMIT": OrderType.LIMIT,
                "MARKET": OrderType.MARKET,
                "STOP": OrderType.STOP_MARKET,
                "STOP_LIMIT": OrderType.STOP_LIMIT,
            },
        ),
        time_in_force=word(
            Order.tif, {"GTC": TimeInForce.GTC, "IOC": TimeInForce.IOC, "FOK": TimeInForce.FOK}
        ),
        post_only=flag(Order.post_only),
        reduce_only=flag(Order.close_only),
        price=amount(Order.price, zero_is_none=True),
        trigger_price=amount(Order.stop_price, zero_is_none=True),
        average_price=amount(Order.avg_price, zero_is_none=True),
        quantity=amount(Order.size),
        filled_quantity=amount(Order.exec_qty),
        remaining_quantity=amount(Order.leaves_qty),
        quantity_unit=constant(QuantityUnit.BASE),
        self_trade_prevention=text(Order.stp_mode),
        created_ns=made(ns_of_date_time, Order.submit_time),
        event_ns=made(ns_of_date_time, Order.event_time),
    )


def refused(table: CodeTable) -> Callable[[Refused, Call], Normalised]:
    """Function that maps a failure, whose title may have a code."""
    return partial(_refused, table=table)


def _refused(raw: Refused, call: Call, table: CodeTable) -> Normalised:
    match = CODE_IN_TITLE.search(raw.title)
    extra: dict[str, Any] = {"type": prose(raw.type)} if raw.type else {}
    if raw.details:
        extra["details"] = {key: prose(text) for key, text in raw.details.items()}
    if match is None:
        code = str(raw.status)
        verdict = verdict_of(table, raw.status, raw.title, call.record.status)
    else:
        code = match[1]
        extra["status"] = raw.status
        verdict = verdict_of(CODES, code, raw.title, call.record.status)
    return call.result([call.failed(verdict, code=code, message=raw.title or None, extra=extra or None)])


ONE: Final = Errors(Refused, refused(OF_ONE))
ALL: Final = Errors(Refused, refused(OF_ALL))
QUERIED_ONE: Final = Errors(Refused, refused(OF_ONE), of_query=lambda _: True)
QUERIED_ALL: Final = Errors(Refused, refused(OF_ALL), of_query=lambda _: True)
