"""Binance options: what they answer to a cancel. They have words of their own."""

from collections.abc import Callable
from typing import Any, ClassVar, Final, Literal

from msgspec import UNSET, Struct, UnsetType

from cancelnorm.codec import Codec, rounded_note
from cancelnorm.reader.fast import checked
from cancelnorm.reader.scalars import DECIMALS, EPOCHS, NONZERO, DecimalText, Epoch, Int
from cancelnorm.reader.types import Kind
from cancelnorm.record import Record
from cancelnorm.schema import (
    CancelEvent,
    EventKind,
    Evidence,
    Identity,
    Normalised,
    Note,
    OrderStatus,
    Outcome,
    Product,
)
from cancelnorm.venues.binance.conditional import unhoused
from cancelnorm.venues.binance.futures import (
    SIDES,
    TIMES_IN_FORCE,
    TYPES,
    Failure,
    Maintenance,
    SelfTradePrevention,
    TimeInForceWord,
    refusal,
    request_target,
)
from cancelnorm.venues.binance.futures_bulk import (
    acknowledged,
    answered,
    asked_orders,
    asked_record,
    row_failure,
    unanswered,
)
from cancelnorm.venues.binance.orders import OUTCOMES, ApiError, ErrorCode, Row, status_notes

__all__ = ["CODECS"]

# --- What Binance sends ---


class OptionOrder(Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True, gc=False):
    """The report of a canceled option order, alone or in a batch."""

    order_id: Int  # 19 digits
    symbol: str
    price: DecimalText
    quantity: DecimalText  # contracts
    executed_qty: DecimalText  # contracts
    fee: DecimalText | Int | UnsetType = UNSET  # until 2026-01-19; in batches again since 2026-07-14
    side: Literal["BUY", "SELL"]
    type: Literal["LIMIT", "MARKET"]
    time_in_force: TimeInForceWord
    reduce_only: bool
    post_only: bool | UnsetType = UNSET  # until 2026-01-19; not in batches
    create_date: Epoch | UnsetType = UNSET  # the documentation's name
    create_time: Epoch | UnsetType = UNSET  # the name that is sent
    update_time: Epoch
    # Two spellings: ACCEPTED and CANCELLED are the options' own, the others the futures'.
    status: Literal[
        "ACCEPTED", "REJECTED", "PARTIALLY_FILLED", "FILLED", "CANCELLED", "NEW", "CANCELED", "EXPIRED"
    ]
    avg_price: DecimalText
    source: str | UnsetType = UNSET
    client_order_id: str  # the order's own; may be empty
    price_scale: Int | UnsetType = UNSET  # in batches since 2026
    quantity_scale: Int | UnsetType = UNSET  # in batches since 2026
    option_side: Literal["CALL", "PUT"] | UnsetType = UNSET
    quote_asset: str | UnsetType = UNSET
    mmp: bool | UnsetType = UNSET  # market-maker protection
    self_trade_prevention_mode: SelfTradePrevention | UnsetType = UNSET  # since 2026-03-26


class OptionAnswer(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """The answer to a cancel of everything, and every error.

    One shape, because 0 says success, as a number until 2026-03 and as text since.
    """

    bare: ClassVar = True
    code: Literal["0"] | ErrorCode
    msg: str
    data: Int | UnsetType = UNSET  # until 2026-01-19, by underlying


class OptionCountdown(
    Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True, gc=False
):
    """A dead-man switch that was set, or stopped."""

    underlying: str
    countdown_time: DecimalText | Int  # ms; at least 5000, or 0: stopped


# --- What it means ---

_OUTCOMES: Final[dict[str, Row]] = {
    "CANCELLED": OUTCOMES["CANCELED"],
    "CANCELED": OUTCOMES["CANCELED"],
    "FILLED": OUTCOMES["FILLED"],
    "REJECTED": OUTCOMES["REJECTED"],
    "EXPIRED": OUTCOMES["EXPIRED"],
}
# ACCEPTED is what the documentation's example of a cancel says, and never what was recorded.
_LIVE: Final = {
    "ACCEPTED": OrderStatus.NEW,
    "NEW": OrderStatus.NEW,
    "PARTIALLY_FILLED": OrderStatus.PARTIALLY_FILLED,
}
_WITH_HOME: Final = frozenset(
    {
        "order_id",
        "symbol",
        "price",
        "quantity",
        "executed_qty",
        "update_time",
        "status",
        "client_order_id",
        "self_trade_prevention_mode",
    }
)


def normalise_option(raw: OptionOrder | Failure, record: Record, codec: Codec) -> Normalised:
    """Map the answer to a cancel of one order."""
    if not isinstance(raw, OptionOrder):
        return refusal(raw, record, codec)
    notes = status_notes(record.status, "$")
    event = _event(raw, 0, record, codec, notes, "$")
    return Normalised((event,), tuple(notes))


def normalise_options(
    raw: list[OptionOrder | ApiError] | Failure, record: Record, codec: Codec
) -> Normalised:
    """Map the answer to a cancel of several orders."""
    if not isinstance(raw, list):
        return refusal(raw, record, codec)
    notes = status_notes(record.status, "$")
    named = [
        ("", "") if isinstance(row, ApiError) else (str(row.order_id), row.client_order_id) for row in raw
    ]
    asked = asked_orders(named, record.request or {}, notes)
    events = [
        row_failure(row, asked_record(record, asked, i), codec, i)
        if isinstance(row, ApiError)
        else _event(row, i, record, codec, notes, f"$[{i}]")
        for i, row in enumerate(raw)
    ]
    return Normalised(tuple(events) or (unanswered(record, codec),), tuple(notes))


def normalise_done(raw: OptionAnswer | Maintenance, record: Record, codec: Codec) -> Normalised:
    """Map the answer to a cancel of everything."""
    if isinstance(raw, Maintenance):
        return refusal(raw, record, codec)
    extra = None if raw.data is UNSET else {"data": raw.data}
    return answered(raw.code, raw.msg, (0, "0"), record, codec, extra)


def normalise_countdown(raw: OptionCountdown | Failure, record: Record, codec: Codec) -> Normalised:
    """Map the answer to a dead-man switch: it was set, and has canceled nothing yet."""
    if not isinstance(raw, OptionCountdown):
        return refusal(raw, record, codec)
    checked(raw)
    extra = {"underlying": raw.underlying, "countdownTime": raw.countdown_time}
    event = acknowledged(record, codec, kind=EventKind.TIMER, extra=extra)
    return Normalised((event,), tuple(status_notes(record.status, "$")))


def _event(
    raw: OptionOrder, index: int, record: Record, codec: Codec, notes: list[Note], at: str
) -> CancelEvent:
    checked(raw)
    if rounded := rounded_note(raw.order_id, f"{at}.orderId"):
        notes.append(rounded)
    outcome, evidence, reason, status = _row(raw.status, f"{at}.status", notes)
    prevention = raw.self_trade_prevention_mode
    found = {
        "side": SIDES[raw.side],
        "type": TYPES[raw.type],
        "time_in_force": TIMES_IN_FORCE[raw.time_in_force],
    }
    return CancelEvent(
        venue=codec.venue,
        product=codec.product,
        endpoint=codec.endpoint,
        kind=EventKind.ORDER,
        index=index,
        symbol=raw.symbol or None,
        order_id=str(raw.order_id),
        client_order_id=raw.client_order_id or None,
        identity=Identity.RESPONSE,
        outcome=outcome,
        evidence=evidence,
        reason=reason,
        status=status,
        raw_status=raw.status,
        side=SIDES[raw.side],
        order_type=TYPES[raw.type],
        time_in_force=TIMES_IN_FORCE[raw.time_in_force],
        price=NONZERO[raw.price],
        quantity=NONZERO[raw.quantity],
        filled_quantity=DECIMALS[raw.executed_qty],
        self_trade_prevention=None if prevention is UNSET else prevention,
        event_ns=EPOCHS[raw.update_time],
        sent_ns=record.sent_ns,
        received_ns=record.received_ns,
        source=record.source,
        extra=unhoused(raw, _WITH_HOME, frozenset(name for name, value in found.items() if value)),
    )


def _row(word: str, at: str, notes: list[Note]) -> Row:
    """What a status says about the cancel."""
    status = _LIVE.get(word)
    if status is None:
        return _OUTCOMES.get(word, (Outcome.UNKNOWN, Evidence.LISTED, None, None))
    notes.append(Note("stale-status", at, "a report of a cancel shows the order alive", word))
    return Outcome.UNKNOWN, Evidence.LISTED, None, status


# --- Registration ---

_DOCS: Final = "https://developers.binance.com/docs/derivatives/options-trading/"


def _codec(
    endpoint: str, shape: Kind, normalise: Callable[[Any, Record, Codec], Normalised], page: str
) -> Codec:
    return Codec(
        "binance",
        endpoint,
        shape,
        normalise,
        product=Product.OPTION,
        target=request_target,
        docs=_DOCS + page,
    )


CODECS: Final = (
    _codec("DELETE /eapi/v1/order", OptionOrder | Failure, normalise_option, "trade/Cancel-Option-Order"),
    _codec(
        "DELETE /eapi/v1/batchOrders",
        list[OptionOrder | ApiError] | Failure,
        normalise_options,
        "trade/Cancel-Multiple-Option-Orders",
    ),
    _codec(
        "DELETE /eapi/v1/allOpenOrders",
        OptionAnswer | Maintenance,
        normalise_done,
        "trade/Cancel-all-Option-orders-on-specific-symbol",
    ),
    _codec(
        "DELETE /eapi/v1/allOpenOrdersByUnderlying",
        OptionAnswer | Maintenance,
        normalise_done,
        "trade/Cancel-All-Option-Orders-By-Underlying",
    ),
    _codec(
        "POST /eapi/v1/countdownCancelAll",
        OptionCountdown | Failure,
        normalise_countdown,
        "market-maker-endpoints/Set-Auto-Cancel-All-Open-Orders-Config",
    ),
)
