"""Binance futures orders: the report of a cancel, of USDⓈ-M, COIN-M and portfolio margin.

There is one client id and it is the order's own: a futures cancel has no id.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from operator import attrgetter
from typing import Any, ClassVar, Final, Literal, NamedTuple

from msgspec import UNSET, Struct, UnsetType, field

from cancelnorm.codec import EXACT, Codec, Target, Verdict, failure, rounded_note, unknown, verdict_of
from cancelnorm.reader.scalars import (
    DECIMALS,
    EPOCHS,
    NONZERO,
    DecimalText,
    Epoch,
    Int,
    Scalar,
    Table,
    identifier,
)
from cancelnorm.reader.types import fields_of, scalar_of
from cancelnorm.record import Record
from cancelnorm.schema import (
    CancelEvent,
    EventKind,
    Identity,
    Normalised,
    Note,
    OrderType,
    Product,
    Reason,
    Side,
    TimeInForce,
)
from cancelnorm.venues.binance.codes import FUTURES, OPTIONS
from cancelnorm.venues.binance.orders import OUTCOMES, ApiError, odd_status, status_notes
from cancelnorm.venues.binance.websocket import ErrorReply, reply_error, reply_result

__all__ = [
    "SIDES",
    "TIMES_IN_FORCE",
    "TYPES",
    "Failure",
    "FuturesOrder",
    "Maintenance",
    "PlacedOrder",
    "PositionSide",
    "PriceMatch",
    "SelfTradePrevention",
    "Status",
    "TimeInForceWord",
    "Type",
    "WorkingType",
    "columns_of",
    "futures_verdict",
    "normalise_order",
    "normalise_order_reply",
    "normalise_reply_error",
    "order_events",
    "refusal",
    "request_target",
    "rest_of",
]

# --- What Binance sends ---

Status = Literal[
    "NEW",
    "PARTIALLY_FILLED",
    "FILLED",
    "CANCELED",
    "PENDING_CANCEL",
    "REJECTED",
    "EXPIRED",
    "EXPIRED_IN_MATCH",
]
Type = Literal[
    "LIMIT", "MARKET", "STOP", "STOP_MARKET", "TAKE_PROFIT", "TAKE_PROFIT_MARKET", "TRAILING_STOP_MARKET"
]
TimeInForceWord = Literal["GTC", "IOC", "FOK", "GTX", "GTD", "RPI", "GTE_GTC"]  # RPI since 2025-11-18
SelfTradePrevention = Literal["NONE", "EXPIRE_TAKER", "EXPIRE_MAKER", "EXPIRE_BOTH"]
PriceMatch = Literal[
    "NONE",
    "OPPONENT",
    "OPPONENT_5",
    "OPPONENT_10",
    "OPPONENT_20",
    "QUEUE",
    "QUEUE_5",
    "QUEUE_10",
    "QUEUE_20",
]
PositionSide = Literal["BOTH", "LONG", "SHORT"]
WorkingType = Literal["CONTRACT_PRICE", "MARK_PRICE"]


class FuturesOrder(Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True, gc=False):
    """What every report of a canceled futures order has."""

    order_id: Int  # unique within the symbol only; up to 19 digits
    symbol: str
    status: Status
    client_order_id: str  # the order's own id
    price: DecimalText
    avg_price: DecimalText | UnsetType = UNSET  # until 2026-06
    orig_qty: DecimalText  # base units; contracts in COIN-M
    executed_qty: DecimalText  # as orig_qty
    cum_qty: DecimalText  # the same as executed_qty
    time_in_force: TimeInForceWord
    type: Type
    reduce_only: bool
    side: Literal["BUY", "SELL"]
    position_side: PositionSide
    price_match: PriceMatch | UnsetType = UNSET  # since 2023-09, in COIN-M since 2024-10-11
    self_trade_prevention_mode: SelfTradePrevention | UnsetType = UNSET  # as price_match
    update_time: Epoch


class PlacedOrder(
    FuturesOrder, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True, gc=False
):
    """A report with everything that the order was placed with; portfolio margin reports less."""

    close_position: bool
    stop_price: DecimalText
    working_type: WorkingType
    price_protect: bool
    orig_type: Type  # other than type once a stop was triggered
    activate_price: DecimalText | UnsetType = UNSET  # only of a trailing stop
    price_rate: DecimalText | UnsetType = UNSET  # only of a trailing stop; percent
    modify_id: Int | UnsetType = UNSET  # announced for amended orders, 2026-07-28; not seen on a cancel


class Maintenance(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """The body of an answer while the system is under maintenance."""

    bare: ClassVar = True
    text: str = field(name="239999")


Failure = ApiError | Maintenance

# --- What it means ---

SIDES: Final[Table[str, Side]] = Table(BUY=Side.BUY, SELL=Side.SELL)
# A trailing stop, and what a liquidation or an ADL places, have no counterpart in the schema.
TYPES: Final[Table[str, OrderType]] = Table(
    LIMIT=OrderType.LIMIT,
    MARKET=OrderType.MARKET,
    STOP=OrderType.STOP_LIMIT,
    STOP_MARKET=OrderType.STOP_MARKET,
    TAKE_PROFIT=OrderType.TAKE_PROFIT_LIMIT,
    TAKE_PROFIT_MARKET=OrderType.TAKE_PROFIT_MARKET,
)
# GTX (post only), GTD, RPI and GTE_GTC (until the position is closed) have none either.
TIMES_IN_FORCE: Final[Table[str, TimeInForce]] = Table(
    GTC=TimeInForce.GTC, IOC=TimeInForce.IOC, FOK=TimeInForce.FOK
)


_WITH_HOME: Final = frozenset(
    {
        "order_id",
        "symbol",
        "status",
        "client_order_id",
        "price",
        "orig_qty",
        "executed_qty",
        "cum_quote",
        "self_trade_prevention_mode",
        "stop_price",
        "update_time",
    }
)
# What has a home as long as it is a word that is known, or says nothing of its own.
_TOLD: Final = _WITH_HOME | {"side", "type", "time_in_force", "cum_qty", "orig_type"}
# Looked up once: a member of an enum costs a call.
_ORDER: Final = EventKind.ORDER
_RESPONSE: Final = Identity.RESPONSE


def order_events(
    reports: Iterable[FuturesOrder],
    record: Record,
    codec: Codec,
    notes: list[Note],
    at: str,
    start: int,
    request_id: str | None,
) -> list[CancelEvent]:
    """One event a report, numbered from ``start``; ``at`` is the path of a report, ``{}`` its place."""
    venue, product, endpoint = codec.venue, codec.product, codec.endpoint
    sent_ns, received_ns, source = record.sent_ns, record.received_ns, record.source
    events = []
    for index, raw in enumerate(reports, start):
        row = OUTCOMES.get(raw.status)
        if row is None:
            row = odd_status(raw.status, f"{at.format(index - start)}.status", notes)
        outcome, evidence, reason, status = row
        if raw.order_id > EXACT or raw.cum_qty != raw.executed_qty:
            notes += _doubts(raw, at.format(index - start))
        prevention = raw.self_trade_prevention_mode
        identified = (
            venue,
            product,
            endpoint,
            _ORDER,
            index,
            raw.symbol or None,
            str(raw.order_id),
            raw.client_order_id or None,
            None,  # cancel_id
            None,  # list_id
            None,  # list_client_id
            None,  # contingency
            _RESPONSE,
            outcome,
            evidence,
            reason,
            None,  # code
            None,  # message
            status,
        )
        described = (
            raw.status,
            SIDES[raw.side],
            TYPES[raw.type],
            TIMES_IN_FORCE[raw.time_in_force],
            NONZERO[raw.price],
            NONZERO[getattr(raw, "stop_price", UNSET)],
            NONZERO[raw.orig_qty],  # zero where the order closes a position
            DECIMALS[raw.executed_qty],
            None,  # display_quantity
            None,  # quote_quantity
            DECIMALS[getattr(raw, "cum_quote", UNSET)],
            None if prevention is UNSET else prevention,
            None,  # initiator
            EPOCHS[raw.update_time],
            None,  # response_ns
            sent_ns,
            received_ns,
            request_id,
            source,
            _extra(raw),
        )
        events.append(CancelEvent(*(identified + described)))
    return events


@cache
def rest_of(struct: type[Struct], homes: frozenset[str]) -> tuple[tuple[str, str, bool], ...]:
    """The fields of a report without a home in the event: name here, name there, whether it is a decimal."""
    return tuple(
        (f.name, f.key, scalar_of(f.kind) is Scalar.DECIMAL) for f in fields_of(struct) if f.name not in homes
    )


class Columns(NamedTuple):
    """Some fields of a report: their keys and a getter for all of them at once; decimals by themselves."""

    keys: tuple[str, ...]
    values: Callable[[Any], tuple[Any, ...]]
    decimal_keys: tuple[str, ...]
    decimals: Callable[[Any], tuple[Any, ...]]
    no_decimals: tuple[UnsetType, ...]  # what ``decimals`` gives for a report that has none


@cache
def columns_of(struct: type[Struct], homes: frozenset[str]) -> Columns:
    """The fields of a report without a home in the event, for where there are many reports."""
    rest = rest_of(struct, homes)
    plain, decimals = ([row for row in rest if row[2] is wanted] for wanted in (False, True))
    return Columns(
        tuple(key for _, key, _ in plain),
        _getter([name for name, _, _ in plain]),
        tuple(key for _, key, _ in decimals),
        _getter([name for name, _, _ in decimals]),
        (UNSET,) * len(decimals),
    )


def _getter(names: Sequence[str]) -> Callable[[Any], tuple[Any, ...]]:
    """Read several fields at once."""
    if len(names) > 1:
        return attrgetter(*names)
    return lambda raw: tuple(getattr(raw, name) for name in names)


def _extra(raw: FuturesOrder) -> dict[str, Any]:
    """The fields of a report without a home in the event, less what says again what another one says."""
    columns = columns_of(type(raw), _TOLD)
    extra = {
        key: value for key, value in zip(columns.keys, columns.values(raw), strict=True) if value is not UNSET
    }
    texts = columns.decimals(raw)
    if texts != columns.no_decimals:
        named = zip(columns.decimal_keys, texts, strict=True)
        extra |= {key: text for key, text in named if DECIMALS[text] is not None}
    if raw.cum_qty != raw.executed_qty:
        DECIMALS[raw.cum_qty]  # to check it
        extra["cumQty"] = raw.cum_qty
    orig_type = getattr(raw, "orig_type", raw.type)
    if orig_type != raw.type:
        extra["origType"] = orig_type
    if SIDES[raw.side] is None:
        extra["side"] = raw.side
    if TYPES[raw.type] is None:
        extra["type"] = raw.type
    if TIMES_IN_FORCE[raw.time_in_force] is None:
        extra["timeInForce"] = raw.time_in_force
    return extra


def _doubts(raw: FuturesOrder, at: str) -> list[Note]:
    """What is odd about the numbers of a report."""
    notes = []
    if rounded := rounded_note(raw.order_id, f"{at}.orderId"):
        notes.append(rounded)
    if raw.cum_qty != raw.executed_qty and DECIMALS[raw.cum_qty] != DECIMALS[raw.executed_qty]:
        message = f"executedQty says {raw.executed_qty}"
        notes.append(Note("contradiction", f"{at}.cumQty", message, raw.cum_qty))
    return notes


# --- One order, and failures ---


def normalise_order(raw: FuturesOrder | Failure, record: Record, codec: Codec) -> Normalised:
    """Map the answer to a cancel of one order."""
    if not isinstance(raw, FuturesOrder):
        return refusal(raw, record, codec)
    notes = status_notes(record.status, "$")
    events = order_events((raw,), record, codec, notes, "$", 0, None)
    return Normalised(tuple(events), tuple(notes))


# The codes that are certain under any status: their rows in the table tell by the text what became of the
# request, where HTTP 503 alone does not.
_CERTAIN: Final = (-1000, -1001, -1008)


def futures_verdict(codec: Codec, code: int, message: str, status: int | None) -> Verdict:
    """Look an error up."""
    table = OPTIONS if codec.product is Product.OPTION else FUTURES
    return verdict_of(table, code, message, None if code in _CERTAIN else status)


def refusal(raw: ApiError | Maintenance, record: Record, codec: Codec) -> Normalised:
    """Map a request that failed as a whole."""
    if isinstance(raw, Maintenance):
        verdict, code, message = unknown(Reason.VENUE_UNAVAILABLE), "239999", raw.text
    else:
        verdict = futures_verdict(codec, raw.code, raw.msg, record.status)
        code, message = str(raw.code), raw.msg
    return Normalised((failure(codec, record, verdict, code=code, message=message or None),))


def normalise_order_reply(raw: Any | ErrorReply, record: Record, codec: Codec) -> Normalised:
    """Map the answer to a cancel of one order over WebSocket."""
    if isinstance(raw, ErrorReply):
        return normalise_reply_error(raw, record, codec)
    notes = status_notes(raw.status, "$.status")
    events = order_events((raw.result,), record, codec, notes, "$.result", 0, identifier(raw.id))
    return reply_result(raw, events, notes)


def normalise_reply_error(raw: ErrorReply, record: Record, codec: Codec) -> Normalised:
    """Map a WebSocket request that failed."""
    error = raw.error
    return reply_error(raw, record, codec, futures_verdict(codec, error.code, error.msg, raw.status))


def request_target(request: Mapping[str, Any]) -> Target:
    """The order that a request wants gone, of whatever kind."""
    return Target(
        symbol=identifier(request.get("symbol")),
        order_id=_first(request, "orderId", "algoId", "algoid", "strategyId"),
        client_order_id=_first(
            request,
            "origClientOrderId",
            "clientAlgoId",
            "clientalgoid",
            "newClientStrategyId",
            "clientOrderId",
        ),
    )


def _first(request: Mapping[str, Any], *names: str) -> str | None:
    """The first id there is; the official client spelled some in lower case until 2026-01-19."""
    return next((found for name in names if (found := identifier(request.get(name)))), None)
