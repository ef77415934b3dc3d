"""OKX orders as they are shown, by the stream and by queries alike: some fifty fields, all of them texts."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final, Literal

from msgspec import UNSET, UnsetType

from cancelnorm.endpoint import Call
from cancelnorm.eventmap import Absent, EventMap, Said, amount, constant, made, text, time, word
from cancelnorm.reader.scalars import DecimalOrEmpty, EpochText, Prose, decimal_of
from cancelnorm.reader.structs import Camel
from cancelnorm.schema import (
    CancelEvent,
    OrderType,
    PositionSide,
    Product,
    QuantityUnit,
    Side,
    TimeInForce,
)
from cancelnorm.venues.okx.messages import derivative_of

# --- What OKX sends ---


class AttachedOrder(Camel):
    """A take-profit or stop-loss order that is placed when its order fills."""

    attach_algo_id: str | UnsetType = UNSET
    attach_algo_cl_ord_id: str | UnsetType = UNSET
    tp_ord_kind: str | UnsetType = UNSET
    tp_trigger_px: str | UnsetType = UNSET
    tp_trigger_px_type: str | UnsetType = UNSET
    tp_ord_px: str | UnsetType = UNSET
    sl_trigger_px: str | UnsetType = UNSET
    sl_trigger_px_type: str | UnsetType = UNSET
    sl_ord_px: str | UnsetType = UNSET
    sz: str | UnsetType = UNSET
    amend_px_on_trigger_type: str | UnsetType = UNSET
    fail_code: str | UnsetType = UNSET
    fail_reason: Prose | UnsetType = UNSET


class LinkedAlgo(Camel):
    """The stop loss of a take-profit order."""

    algo_id: str | UnsetType = UNSET  # "" where there is none


class OrderState(Camel):
    """An order as it stands. What is handed on as it was sent is plain text here."""

    inst_type: str  # SPOT also for orders on cross margin; MARGIN only for isolated margin
    inst_id: str
    ord_id: str
    cl_ord_id: str  # "" where the order has none
    state: str
    side: Literal["buy", "sell"]
    ord_type: Literal[
        "market",
        "limit",
        "post_only",
        "fok",
        "ioc",
        "optimal_limit_ioc",
        "mmp",
        "mmp_and_post_only",
        "op_fok",
        "elp",
        "rpi",
    ]
    px: DecimalOrEmpty  # "" of a market order
    sz: DecimalOrEmpty  # base units, contracts, or quote units (market orders of spot)
    acc_fill_sz: DecimalOrEmpty  # base units or contracts
    u_time: EpochText  # when the engine changed it last
    c_time: EpochText
    tag: str | UnsetType = UNSET
    pos_side: str | UnsetType = UNSET  # net, long, short; "" of spot in the stream
    td_mode: str | UnsetType = UNSET
    avg_px: DecimalOrEmpty | UnsetType = UNSET  # without a fill "0" in the stream, "" in queries
    fill_px: str | UnsetType = UNSET
    fill_sz: str | UnsetType = UNSET
    fill_time: str | UnsetType = UNSET
    trade_id: str | UnsetType = UNSET
    pnl: str | UnsetType = UNSET
    fee: str | UnsetType = UNSET
    fee_ccy: str | UnsetType = UNSET
    rebate: str | UnsetType = UNSET
    rebate_ccy: str | UnsetType = UNSET
    lever: str | UnsetType = UNSET
    category: str | UnsetType = UNSET
    source: str | UnsetType = UNSET  # of the order
    reduce_only: Literal["true", "false", ""] | UnsetType = UNSET
    ccy: str | UnsetType = UNSET
    tgt_ccy: str | UnsetType = UNSET  # the unit of ``sz`` of a market order of spot
    tp_trigger_px: str | UnsetType = UNSET
    tp_trigger_px_type: str | UnsetType = UNSET
    tp_ord_px: str | UnsetType = UNSET
    sl_trigger_px: str | UnsetType = UNSET
    sl_trigger_px_type: str | UnsetType = UNSET
    sl_ord_px: str | UnsetType = UNSET
    cancel_source: str | UnsetType = UNSET  # since 2022-09
    # All queries have it; of the stream, sources disagree whether it has.
    cancel_source_reason: Prose | UnsetType = UNSET
    algo_id: str | UnsetType = UNSET  # since 2023-09
    algo_cl_ord_id: str | UnsetType = UNSET  # since 2023-09
    attach_algo_cl_ord_id: str | UnsetType = UNSET  # since 2023-09
    px_type: str | UnsetType = UNSET  # since 2023-09
    px_usd: str | UnsetType = UNSET  # since 2023-09
    px_vol: str | UnsetType = UNSET  # since 2023-09
    quick_mgn_type: str | UnsetType = UNSET  # since 2023-09
    stp_id: str | UnsetType = UNSET  # since 2023-09
    stp_mode: str | UnsetType = UNSET  # since 2023-09
    attach_algo_ords: list[AttachedOrder] | UnsetType = UNSET  # since 2024-01
    linked_algo_ord: LinkedAlgo | UnsetType = UNSET  # since 2024-01
    is_tp_limit: str | UnsetType = UNSET  # since 2024-01
    trade_quote_ccy: str | UnsetType = UNSET  # since 2025-01
    outcome: str | UnsetType = UNSET  # of contracts on events, since 2026-01
    slippage: str | UnsetType = UNSET  # since 2026-01


# --- What it means ---

SIDES: Final = MappingProxyType({"buy": Side.BUY, "sell": Side.SELL})
ORDER_TYPES: Final = MappingProxyType(
    {
        "market": OrderType.MARKET,
        "limit": OrderType.LIMIT,
        "post_only": OrderType.LIMIT_MAKER,
        "fok": OrderType.LIMIT,
        "ioc": OrderType.LIMIT,
        "optimal_limit_ioc": OrderType.MARKET,
        "mmp": OrderType.LIMIT,
        "mmp_and_post_only": OrderType.LIMIT_MAKER,
        "op_fok": OrderType.LIMIT,
        "elp": OrderType.LIMIT,
        "rpi": OrderType.LIMIT,
    }
)
TIMES_IN_FORCE: Final = MappingProxyType(
    {
        "fok": TimeInForce.FOK,
        "op_fok": TimeInForce.FOK,
        "ioc": TimeInForce.IOC,
        "optimal_limit_ioc": TimeInForce.IOC,
    }
)
POST_ONLY: Final = MappingProxyType({name: name.endswith("post_only") for name in ORDER_TYPES})
POSITION_SIDES: Final = MappingProxyType(
    {"net": PositionSide.BOTH, "long": PositionSide.LONG, "short": PositionSide.SHORT}
)
FLAGS: Final = MappingProxyType({"true": True, "false": False})
_TOLD: Final = ("market", "limit", "post_only", "fok", "ioc")  # other types of orders go to ``extra``, too


def state_maps(
    struct: type[OrderState], said: Said, *, also: Sequence[Any] = (), zeros: Sequence[Any] = ()
) -> Mapping[str, EventMap]:
    """The maps of orders as they are shown, by ``instType``, with ``""`` for any other.

    ``also`` are fields of the struct that ``extra`` tells too, ``zeros`` those of which "0" says nothing.
    """
    shown = EventMap(
        struct,
        said,
        absent=Absent.EMPTY,
        without={
            OrderState.ord_type: _TOLD,
            OrderState.is_tp_limit: ("false",),
            OrderState.category: ("normal",),
            **dict.fromkeys(
                (
                    OrderState.fill_sz,
                    OrderState.pnl,
                    OrderState.fee,
                    OrderState.rebate,
                    OrderState.lever,
                    *zeros,
                ),
                ("0",),
            ),
        },
        also=(OrderState.ord_type, *also),
        symbol=text(OrderState.inst_id),
        order_id=text(OrderState.ord_id),
        client_order_id=text(OrderState.cl_ord_id),
        raw_initiator=text(OrderState.cancel_source),
        message=text(OrderState.cancel_source_reason),
        side=word(OrderState.side, SIDES),
        order_type=word(OrderState.ord_type, ORDER_TYPES),
        time_in_force=made(TIMES_IN_FORCE.get, OrderState.ord_type),
        post_only=word(OrderState.ord_type, POST_ONLY),
        reduce_only=made(FLAGS.get, OrderState.reduce_only),
        price=amount(OrderState.px, zero_is_none=True),
        average_price=amount(OrderState.avg_px, zero_is_none=True),
        quantity=amount(OrderState.sz),
        filled_quantity=amount(OrderState.acc_fill_sz),
        self_trade_prevention=text(OrderState.stp_mode),
        created_ns=time(OrderState.c_time),
        event_ns=time(OrderState.u_time),
    )
    sizing = (OrderState.sz, OrderState.ord_type, OrderState.tgt_ccy, OrderState.side)
    pairs = shown.extended(
        struct,
        told=(OrderState.inst_type,),
        also=(OrderState.tgt_ccy,),
        without={OrderState.pos_side: ("net",)},
        quantity=made(_quantity, *sizing),
        quote_quantity=made(_quote_quantity, *sizing),
        quantity_unit=constant(QuantityUnit.BASE),
        product=constant(Product.SPOT),
    )
    # The instrument's name says whether it is a perpetual or a future.
    contracts = shown.extended(
        struct,
        told=(OrderState.inst_type,),
        position_side=made(POSITION_SIDES.get, OrderState.pos_side),
        quantity_unit=constant(QuantityUnit.CONTRACTS),
        product=made(derivative_of, OrderState.inst_id),
    )
    return MappingProxyType(
        {
            "": shown.extended(struct, also=(OrderState.inst_type,)),
            "SPOT": pairs,
            "MARGIN": pairs.extended(struct, product=constant(Product.MARGIN)),
            "SWAP": contracts,
            "FUTURES": contracts,
            "OPTION": contracts.extended(struct, product=constant(Product.OPTION)),
        }
    )


def _is_by_value(kind: str, unit: str | UnsetType, side: str) -> bool:
    """Whether an order of a pair is sized in quote units: a market order that says so, or a buy that says nothing."""
    return kind == "market" and (unit == "quote_ccy" or (side == "buy" and unit != "base_ccy"))


def _quantity(size: str, kind: str, unit: str | UnsetType, side: str) -> Decimal | None:
    return None if not size or _is_by_value(kind, unit, side) else decimal_of(size)


def _quote_quantity(size: str, kind: str, unit: str | UnsetType, side: str) -> Decimal | None:
    return decimal_of(size) if size and _is_by_value(kind, unit, side) else None


def state_events(states: Sequence[OrderState], maps: Mapping[str, EventMap], call: Call) -> list[CancelEvent]:
    """One event an order that is about a cancel; mostly all are of one ``instType``."""
    other = maps[""]
    if len(states) <= 1 or len({state.inst_type for state in states}) == 1:
        found = maps.get(states[0].inst_type, other) if states else other
        return found.events(states, call, "$.data[{}]")
    return [*_each(states, maps, call)]


def _each(states: Sequence[OrderState], maps: Mapping[str, EventMap], call: Call) -> Iterator[CancelEvent]:
    for i, state in enumerate(states):
        by_type = maps.get(state.inst_type, maps[""])
        yield from by_type.events([state], call, f"$.data[{i}]", start=i)
