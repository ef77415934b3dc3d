"""Binance user data stream of spot and margin: the engine's report of every change of an order.

The frames do not say whether an order is of the spot or of a margin account.
"""

from collections.abc import Mapping
from operator import attrgetter
from typing import Any, Final

from msgspec import UNSET, UnsetType

from cancelnorm.codec import EXACT, Codec, Target, rounded_note
from cancelnorm.reader.fast import checked
from cancelnorm.reader.scalars import AMOUNTS, DECIMALS, EPOCHS, NONZERO, Table
from cancelnorm.record import Record
from cancelnorm.schema import (
    CancelEvent,
    EventKind,
    Evidence,
    Identity,
    Initiator,
    Normalised,
    Note,
    OrderStatus,
    Outcome,
    Reason,
)
from cancelnorm.venues.binance.execution_report import ExecutionReport, SocketReport, StreamReport
from cancelnorm.venues.binance.frames import skip, stream_name
from cancelnorm.venues.binance.orders import SIDES, TIMES_IN_FORCE, TYPES

__all__ = ["CODECS", "REFUSALS", "no_target"]

# --- What it means ---

Verdict = tuple[Outcome, Evidence, Initiator | None]

_STATUSES: Final[Table[str, OrderStatus]] = Table(
    NEW=OrderStatus.NEW,
    PENDING_NEW=OrderStatus.PENDING_NEW,
    PARTIALLY_FILLED=OrderStatus.PARTIALLY_FILLED,
    FILLED=OrderStatus.FILLED,
    CANCELED=OrderStatus.CANCELED,
    PENDING_CANCEL=OrderStatus.PENDING_CANCEL,
    REJECTED=OrderStatus.REJECTED,
    EXPIRED=OrderStatus.EXPIRED,
    EXPIRED_IN_MATCH=OrderStatus.EXPIRED,
)
_GONE: Final = ("CANCELED", "EXPIRED", "EXPIRED_IN_MATCH")
_NEW_WORD: Final[Verdict] = (Outcome.UNKNOWN, Evidence.NONE, None)
_CONTRADICTION: Final[Verdict] = (Outcome.UNKNOWN, Evidence.LISTED, None)
_INITIATORS: Final[Table[str | UnsetType, Initiator]] = Table(
    # A pending order that was refused when its turn came.
    REJECTED=Initiator.VENUE,
    EXCHANGE_CANCELED=Initiator.VENUE,
    OCO_TRIGGER=Initiator.LIST_SIBLING,
    OTO_PHASE_ONE_EXPIRED=Initiator.LIST_SIBLING,
    UNFILLED_IOC_QUANTITY_EXPIRED=Initiator.EXPIRY,
    UNFILLED_FOK_ORDER_EXPIRED=Initiator.EXPIRY,
    INSUFFICIENT_LIQUIDITY=Initiator.EXPIRY,
    EXECUTION_RULE_PRICE_RANGE_EXCEEDED=Initiator.EXPIRY,
)
# The page names five, and none that a cancel can get; these are known to client libraries.
REFUSALS: Final[Table[str, Reason]] = Table(
    UNKNOWN_ORDER=Reason.NOT_FOUND_OR_CLOSED,
    DUPLICATE_ORDER=Reason.DUPLICATE_REQUEST,
    MARKET_CLOSED=Reason.MARKET_STATE,
    UNKNOWN_INSTRUMENT=Reason.INVALID_REQUEST,
    UNKNOWN_ACCOUNT=Reason.PERMISSION,
    ACCOUNT_INACTIVE=Reason.PERMISSION,
    ACCOUNT_CANNOT_SETTLE=Reason.PERMISSION,
)
# No home in an event. The first are in every report, and mostly say nothing.
_ALWAYS: Final = {
    "last_quantity": "l",
    "last_price": "L",
    "last_quote": "Y",
    "commission": "n",
}
_RARELY: Final = {
    "trailing_delta": "d",
    "trailing_time": "D",
    "strategy_id": "j",
    "strategy_type": "J",
    "prevented_match_id": "v",
    "prevented_quantity": "A",
    "last_prevented_quantity": "B",
    "trade_group_id": "u",
    "counter_order_id": "U",
    "counter_symbol": "Cs",
    "prevented_execution_quantity": "pl",
    "prevented_execution_price": "pL",
    "prevented_execution_quote": "pY",
    "match_type": "b",
    "allocation_id": "a",
    "working_floor": "k",
    "used_sor": "uS",
    "peg_price_type": "gP",
    "peg_offset_type": "gOT",
    "peg_offset_value": "gOV",
    "pegged_price": "gp",
    "expiry_reason": "eR",
    "order_capacity": "y",
}
_rare: Final = attrgetter(*_RARELY)
_NOTHING_RARE: Final = (UNSET,) * len(_RARELY)
_NO_ID: Final = (None, "", "null")
_NO_LIST_ID: Final = (-1, UNSET)


def normalise_report(
    raw: ExecutionReport | SocketReport | StreamReport, record: Record, codec: Codec
) -> Normalised:
    """Map a report, whatever its envelope."""
    notes: list[Note] = []
    if isinstance(raw, ExecutionReport):
        event = report_event(raw, record, codec, notes, "$")
        return Normalised((event,), tuple(notes))
    if isinstance(raw, StreamReport):
        event = report_event(raw.data, record, codec, notes, "$.data")
        return Normalised((event,), tuple(notes), extra={"stream": stream_name(raw.stream)})
    event = report_event(raw.event, record, codec, notes, "$.event")
    number = raw.subscription_id
    extra = None if number is UNSET else {"subscriptionId": number}
    return Normalised((event,), tuple(notes), extra=extra)


def report_event(
    raw: ExecutionReport, record: Record, codec: Codec, notes: list[Note], at: str
) -> CancelEvent:
    """The event of a report; ``at`` is where it stands. Positional and in two parts, as in ``orders``."""
    outcome, evidence, initiator = _verdict(raw, at, notes)
    if raw.order_id > EXACT and (note := rounded_note(raw.order_id, f"{at}.i")):
        notes.append(note)
    is_refused = raw.execution == "REJECTED"
    own_id, cancel_id = _ids(raw)
    prevention, filled_quote = raw.self_trade_prevention, raw.filled_quote
    identified = (
        codec.venue,
        codec.product,
        codec.endpoint,
        EventKind.ORDER,
        0,
        raw.symbol or None,
        str(raw.order_id),
        own_id,
        cancel_id,
        None if raw.order_list_id in _NO_LIST_ID else str(raw.order_list_id),
        None,  # list_client_id
        None,  # contingency
        Identity.RESPONSE,
        outcome,
        evidence,
        (REFUSALS[raw.reject_reason] or Reason.OTHER) if is_refused else None,
        (raw.reject_reason or None) if is_refused else None,
        None,  # message
        _STATUSES[raw.status],
    )
    described = (
        raw.status,
        SIDES[raw.side],
        TYPES[raw.type],
        TIMES_IN_FORCE[raw.time_in_force],
        NONZERO[raw.price],
        NONZERO[raw.stop_price],
        NONZERO[raw.quantity],  # zero where the order was sized in quote units
        DECIMALS[raw.filled_quantity],
        NONZERO[raw.iceberg_quantity],
        NONZERO[raw.quote_quantity],
        AMOUNTS[filled_quote],
        None if prevention is UNSET else prevention,
        initiator,
        EPOCHS[raw.transact_time],
        EPOCHS[raw.event_time],
        record.sent_ns,
        record.received_ns,
        None,  # request_id
        record.source,
        _extra(raw),
    )
    return CancelEvent(*(identified + described))


def _verdict(raw: ExecutionReport, at: str, notes: list[Note]) -> Verdict:
    """How far the order got off the book, and what took it off.

    A refusal is of a cancel: ``skip`` has let no other through.
    """
    execution: str = raw.execution
    status = raw.status
    if execution == "REJECTED":
        return Outcome.REJECTED, Evidence.FINAL_REPORT, None
    match execution:
        case "CANCELED":
            initiator: Initiator | None = Initiator.USER
        case "TRADE_PREVENTION":
            initiator = Initiator.SELF_TRADE_PREVENTION
        case "EXPIRED":
            # Reasons are said since 2026-03-26; one status said it before.
            is_prevented = status == "EXPIRED_IN_MATCH"
            initiator = Initiator.SELF_TRADE_PREVENTION if is_prevented else _INITIATORS[raw.expiry_reason]
        case _:
            return _NEW_WORD
    if status in _GONE:
        return Outcome.CANCELED, Evidence.FINAL_REPORT, initiator
    if status == "PENDING_CANCEL":
        return Outcome.PENDING, Evidence.ACKNOWLEDGED, initiator
    if execution == "TRADE_PREVENTION" and status != "REJECTED" and _STATUSES[status] is not None:
        # DECREMENT and TRANSFER take only what would have matched; the rest lives on, or had filled.
        return Outcome.REDUCED, Evidence.FINAL_REPORT, initiator
    if _STATUSES[status] is not None:
        code = "contradiction" if status in ("FILLED", "REJECTED") else "stale-status"
        notes.append(Note(code, f"{at}.X", f"a report of execution type {execution} shows this", status))
        return _CONTRADICTION
    return _NEW_WORD


def _ids(raw: ExecutionReport) -> tuple[str | None, str | None]:
    """Give the order's own client id and the cancel's."""
    orig_id = raw.orig_client_order_id
    if raw.execution == "CANCELED" or (raw.execution == "REJECTED" and orig_id not in _NO_ID):
        return None if orig_id in _NO_ID else orig_id, raw.client_order_id or None
    return raw.client_order_id or None, None


def _extra(raw: ExecutionReport) -> dict[str, Any]:
    """The fields that have no home in the event, and the words we do not know, under the venue's letters.

    Left out is what stands in every report of a cancel and says that there was no trade.
    """
    execution, orig_id = raw.execution, raw.orig_client_order_id
    extra: dict[str, Any] = {"x": execution, "I": raw.execution_id}
    if raw.creation_time not in _NO_LIST_ID:
        extra["O"] = raw.creation_time
    if raw.working_time is not UNSET:
        extra["W"] = raw.working_time
    if raw.reject_reason != "NONE" and execution != "REJECTED":
        extra["r"] = raw.reject_reason
    if orig_id and (orig_id == "null" or execution not in ("CANCELED", "REJECTED")):
        extra["C"] = orig_id
    if raw.trade_id != -1 or raw.commission_asset is not None:
        extra |= {"t": raw.trade_id, "N": raw.commission_asset}
    for name, letter in _ALWAYS.items():
        text = getattr(raw, name)
        if NONZERO[text] is not None:
            extra[letter] = text
    if raw.is_working or raw.is_maker or raw.ignored:
        extra |= {"w": raw.is_working, "m": raw.is_maker, "M": raw.ignored}
    if raw.filled_quote is not UNSET and AMOUNTS[raw.filled_quote] is None:
        extra["Z"] = raw.filled_quote
    rare = _rare(raw)
    if rare != _NOTHING_RARE:
        checked(raw)
        letters = zip(_RARELY.values(), rare, strict=True)
        extra |= {letter: value for letter, value in letters if value is not UNSET}
    for table, word, letter in (
        (SIDES, raw.side, "S"),
        (TYPES, raw.type, "o"),
        (TIMES_IN_FORCE, raw.time_in_force, "f"),
    ):
        if table[word] is None:
            extra[letter] = word
    return extra


# --- Registration ---

_DOCS: Final = "https://developers.binance.com/docs/binance-spot-api-docs/user-data-stream#order-update"


def no_target(_: Mapping[str, Any]) -> Target:
    """A pushed frame answers no request."""
    return Target()


CODECS: Final = (
    Codec(
        "binance",
        "stream executionReport",
        ExecutionReport | SocketReport | StreamReport,
        normalise_report,
        product=None,
        target=no_target,
        docs=_DOCS,
        skip=skip,
    ),
)
