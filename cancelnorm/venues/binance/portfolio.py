"""Binance portfolio margin, futures part: what it answers to a cancel.

Its reports of orders have less than those of the futures themselves. Its margin part is spot-like.
"""

from collections.abc import Callable
from typing import Annotated, Any, ClassVar, Final, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from cancelnorm.codec import Codec, rounded_note
from cancelnorm.reader.fast import checked
from cancelnorm.reader.scalars import EPOCHS, NONZERO, DecimalText, Epoch, Int
from cancelnorm.reader.types import Kind
from cancelnorm.record import Record
from cancelnorm.schema import CancelEvent, EventKind, Evidence, Identity, Normalised, Outcome, Product
from cancelnorm.venues.binance.conditional import (
    AlgoAcknowledged,
    AlgoError,
    conditional_row,
    normalise_algo,
    unhoused,
)
from cancelnorm.venues.binance.futures import (
    SIDES,
    TIMES_IN_FORCE,
    TYPES,
    Failure,
    FuturesOrder,
    Maintenance,
    PositionSide,
    PriceMatch,
    SelfTradePrevention,
    TimeInForceWord,
    Type,
    WorkingType,
    normalise_order,
    refusal,
    request_target,
)
from cancelnorm.venues.binance.futures_bulk import AllDone, answered, normalise_done
from cancelnorm.venues.binance.orders import status_notes

__all__ = ["CODECS"]

# --- What Binance sends ---


class LinearOrder(
    FuturesOrder, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True, gc=False
):
    """The report of a canceled USDⓈ-M order."""

    cum_quote: DecimalText | UnsetType = UNSET  # quote units; until 2026-07
    good_till_date: Int | UnsetType = UNSET  # epoch; 0: not GTD


class InverseOrder(
    FuturesOrder, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True, gc=False
):
    """The report of a canceled COIN-M order."""

    pair: str
    cum_base: DecimalText | UnsetType = UNSET  # base units; until 2026-07


class Strategy(Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True, gc=False):
    """The report of a canceled conditional order, under an id of its own."""

    new_client_strategy_id: str  # the order's own
    strategy_id: Int
    strategy_status: Literal["NEW", "TRIGGERED", "FINISHED", "CANCELED", "EXPIRED", "REJECTED"]
    strategy_type: Type  # a word, and in spot a number
    orig_qty: DecimalText
    price: DecimalText
    reduce_only: bool
    side: Literal["BUY", "SELL"]
    position_side: PositionSide
    stop_price: DecimalText
    symbol: str
    time_in_force: TimeInForceWord
    activate_price: DecimalText | UnsetType = UNSET  # only of a trailing stop
    price_rate: DecimalText | UnsetType = UNSET  # only of a trailing stop; percent
    book_time: Epoch
    update_time: Epoch
    working_type: WorkingType
    price_protect: bool


class LinearStrategy(
    Strategy, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True, gc=False
):
    """The report of a canceled conditional USDⓈ-M order; to be replaced by the algo endpoints, 2026-04-20."""

    self_trade_prevention_mode: SelfTradePrevention | UnsetType = UNSET
    good_till_date: Int | UnsetType = UNSET  # epoch; 0: not GTD
    price_match: PriceMatch | UnsetType = UNSET


class StrategiesAnswer(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """The answer to a cancel of all conditional orders, and every error: success is a code that is text."""

    bare: ClassVar = True
    code: Literal["200"] | Annotated[int, Meta(ge=-(2**63), le=200)]
    msg: str


class Completed(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """The answer to a cancel of an algo order, since 2026-05-22."""

    bare: ClassVar = True
    complete: bool


# --- What it means ---

_WITH_HOME: Final = frozenset(
    {
        "new_client_strategy_id",
        "strategy_id",
        "strategy_status",
        "orig_qty",
        "price",
        "stop_price",
        "symbol",
        "update_time",
        "self_trade_prevention_mode",
    }
)


def normalise_strategy(raw: Strategy | Failure, record: Record, codec: Codec) -> Normalised:
    """Map the answer to a cancel of one conditional order."""
    if not isinstance(raw, Strategy):
        return refusal(raw, record, codec)
    checked(raw)
    notes = status_notes(record.status, "$")
    if rounded := rounded_note(raw.strategy_id, "$.strategyId"):
        notes.append(rounded)
    outcome, evidence, reason, status = conditional_row(raw.strategy_status, "$.strategyStatus", notes)
    prevention = getattr(raw, "self_trade_prevention_mode", UNSET)
    found = {
        "side": SIDES[raw.side],
        "strategy_type": TYPES[raw.strategy_type],
        "time_in_force": TIMES_IN_FORCE[raw.time_in_force],
    }
    event = CancelEvent(
        venue=codec.venue,
        product=codec.product,
        endpoint=codec.endpoint,
        kind=EventKind.ORDER,
        symbol=raw.symbol or None,
        order_id=str(raw.strategy_id),
        client_order_id=raw.new_client_strategy_id or None,
        identity=Identity.RESPONSE,
        outcome=outcome,
        evidence=evidence,
        reason=reason,
        status=status,
        raw_status=raw.strategy_status,
        side=SIDES[raw.side],
        order_type=TYPES[raw.strategy_type],
        time_in_force=TIMES_IN_FORCE[raw.time_in_force],
        price=NONZERO[raw.price],
        trigger_price=NONZERO[raw.stop_price],
        quantity=NONZERO[raw.orig_qty],
        self_trade_prevention=None if prevention is UNSET else prevention,
        event_ns=EPOCHS[raw.update_time],
        sent_ns=record.sent_ns,
        received_ns=record.received_ns,
        source=record.source,
        extra=unhoused(raw, _WITH_HOME, frozenset(name for name, value in found.items() if value)),
    )
    return Normalised((event,), tuple(notes))


def normalise_strategies(raw: StrategiesAnswer | Maintenance, record: Record, codec: Codec) -> Normalised:
    """Map the answer to a cancel of all conditional orders."""
    if isinstance(raw, Maintenance):
        return refusal(raw, record, codec)
    return answered(raw.code, raw.msg, (200, "200"), record, codec, None)


def normalise_completed(
    raw: Completed | AlgoAcknowledged | AlgoError | Maintenance, record: Record, codec: Codec
) -> Normalised:
    """Map the answer to a cancel of one algo order: the request was taken, and only it names the order."""
    if not isinstance(raw, Completed):
        return normalise_algo(raw, record, codec)
    target = codec.target(record)
    event = CancelEvent(
        venue=codec.venue,
        product=codec.product,
        endpoint=codec.endpoint,
        kind=EventKind.ORDER if target.names_order else EventKind.REQUEST,
        symbol=target.symbol,
        order_id=target.order_id,
        client_order_id=target.client_order_id,
        identity=Identity.REQUEST if any(target) else None,
        outcome=Outcome.PENDING if raw.complete else Outcome.UNKNOWN,
        evidence=Evidence.ACKNOWLEDGED if raw.complete else Evidence.NONE,
        sent_ns=record.sent_ns,
        received_ns=record.received_ns,
        source=record.source,
        extra={"complete": raw.complete},
    )
    return Normalised((event,), tuple(status_notes(record.status, "$")))


# --- Registration ---

_DOCS: Final = "https://developers.binance.com/docs/derivatives/portfolio-margin/trade/"


def _codec(
    endpoint: str,
    shape: Kind,
    normalise: Callable[[Any, Record, Codec], Normalised],
    product: Product,
    page: str,
) -> Codec:
    return Codec(
        "binance", endpoint, shape, normalise, product=product, target=request_target, docs=_DOCS + page
    )


_UM: Final = Product.LINEAR
_CM: Final = Product.INVERSE

CODECS: Final = (
    _codec("DELETE /papi/v1/um/order", LinearOrder | Failure, normalise_order, _UM, "Cancel-UM-Order"),
    _codec("DELETE /papi/v1/cm/order", InverseOrder | Failure, normalise_order, _CM, "Cancel-CM-Order"),
    _codec(
        "DELETE /papi/v1/um/allOpenOrders",
        AllDone | Failure,
        normalise_done,
        _UM,
        "Cancel-All-UM-Open-Orders",
    ),
    _codec(
        "DELETE /papi/v1/cm/allOpenOrders",
        AllDone | Failure,
        normalise_done,
        _CM,
        "Cancel-All-CM-Open-Orders",
    ),
    _codec(
        "DELETE /papi/v1/um/conditional/order",
        LinearStrategy | Failure,
        normalise_strategy,
        _UM,
        "Cancel-UM-Conditional-Order",
    ),
    _codec(
        "DELETE /papi/v1/cm/conditional/order",
        Strategy | Failure,
        normalise_strategy,
        _CM,
        "Cancel-CM-Conditional-Order",
    ),
    _codec(
        "DELETE /papi/v1/um/conditional/allOpenOrders",
        StrategiesAnswer | Maintenance,
        normalise_strategies,
        _UM,
        "Cancel-All-UM-Open-Conditional-Orders",
    ),
    _codec(
        "DELETE /papi/v1/cm/conditional/allOpenOrders",
        StrategiesAnswer | Maintenance,
        normalise_strategies,
        _CM,
        "Cancel-All-CM-Open-Conditional-Orders",
    ),
    _codec(
        "DELETE /papi/v1/um/algo/order",
        Completed | AlgoAcknowledged | AlgoError | Maintenance,
        normalise_completed,
        _UM,
        "Cancel-UM-Algo-Order",
    ),
    _codec(
        "DELETE /papi/v1/um/algo/allOpenOrders",
        AllDone | Failure,
        normalise_done,
        _UM,
        "Cancel-All-UM-Algo-Open-Orders",
    ),
)
