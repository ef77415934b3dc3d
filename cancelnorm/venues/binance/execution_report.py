"""Binance user data stream of spot and margin: the frames of a report, one letter a field."""

from typing import Literal

from msgspec import UNSET, Struct, UnsetType, field

from cancelnorm.reader.scalars import DecimalText, Epoch, Int
from cancelnorm.venues.binance.orders import SelfTradePrevention, Status, Type

__all__ = ["ExecutionReport", "SocketReport", "StreamReport"]


class ExecutionReport(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """``executionReport``: one letter a field, and an upper-case letter is another field than a lower-case.

    Of its execution types only those are here that may take an order off the book, or refuse to.
    """

    e: Literal["executionReport"]
    event_time: Epoch = field(name="E")
    symbol: str = field(name="s")
    client_order_id: str = field(name="c")  # in a cancel the id of the cancel request, else the order's own
    side: Literal["BUY", "SELL"] = field(name="S")
    type: Type = field(name="o")
    time_in_force: Literal["GTC", "IOC", "FOK"] = field(name="f")
    quantity: DecimalText = field(name="q")  # base units
    price: DecimalText = field(name="p")
    stop_price: DecimalText = field(name="P")
    iceberg_quantity: DecimalText = field(name="F")  # base units
    order_list_id: Int | UnsetType = field(name="g", default=UNSET)  # since 2019-08-15; -1: in no list
    # In a cancel the order's own client id. Else empty, or null, or until 2019-11-13 the text "null".
    orig_client_order_id: str | None = field(name="C")
    execution: Literal["CANCELED", "EXPIRED", "TRADE_PREVENTION", "REJECTED"] = field(name="x")
    status: Status = field(name="X")
    reject_reason: str = field(name="r")
    order_id: Int = field(name="i")
    last_quantity: DecimalText = field(name="l")
    filled_quantity: DecimalText = field(name="z")  # base units
    last_price: DecimalText = field(name="L")
    commission: DecimalText = field(name="n")
    commission_asset: str | None = field(name="N")
    transact_time: Epoch = field(name="T")
    trade_id: Int = field(name="t")  # -1: no trade
    execution_id: Int = field(name="I")
    is_working: bool = field(name="w")
    is_maker: bool = field(name="m")
    ignored: bool = field(name="M")
    creation_time: Int | UnsetType = field(name="O", default=UNSET)  # epoch; since 2018-07; -1: not known
    filled_quote: DecimalText | UnsetType = field(name="Z", default=UNSET)  # quote units; since 2018-07
    last_quote: DecimalText | UnsetType = field(name="Y", default=UNSET)  # since 2018-11
    quote_quantity: DecimalText | UnsetType = field(name="Q", default=UNSET)  # quote units; since 2019-11
    working_time: Int | UnsetType = field(name="W", default=UNSET)  # epoch; since 2022-12; -1: was never
    self_trade_prevention: SelfTradePrevention | UnsetType = field(name="V", default=UNSET)  # since 2022-12
    trailing_delta: Int | UnsetType = field(name="d", default=UNSET)  # basis points; since 2022-04
    trailing_time: Int | UnsetType = field(name="D", default=UNSET)  # epoch; since 2022-12; -1: not active
    strategy_id: Int | UnsetType = field(name="j", default=UNSET)  # since 2022-08
    strategy_type: Int | UnsetType = field(name="J", default=UNSET)  # since 2022-08
    # Self-trade prevention, since 2023-01: the match that was prevented, how much of it, and with whom.
    prevented_match_id: Int | UnsetType = field(name="v", default=UNSET)
    prevented_quantity: DecimalText | UnsetType = field(name="A", default=UNSET)
    last_prevented_quantity: DecimalText | UnsetType = field(name="B", default=UNSET)
    trade_group_id: Int | UnsetType = field(name="u", default=UNSET)
    counter_order_id: Int | UnsetType = field(name="U", default=UNSET)
    counter_symbol: str | UnsetType = field(name="Cs", default=UNSET)  # since 2023-08
    # Since 2023-12-04; until then the prevented match stood in l, L and Y.
    prevented_execution_quantity: DecimalText | UnsetType = field(name="pl", default=UNSET)
    prevented_execution_price: DecimalText | UnsetType = field(name="pL", default=UNSET)
    prevented_execution_quote: DecimalText | UnsetType = field(name="pY", default=UNSET)
    # Smart order routing, since 2023-08.
    match_type: str | UnsetType = field(name="b", default=UNSET)
    allocation_id: Int | UnsetType = field(name="a", default=UNSET)
    working_floor: Literal["EXCHANGE", "SOR", "BROKER"] | UnsetType = field(name="k", default=UNSET)
    used_sor: bool | UnsetType = field(name="uS", default=UNSET)
    # Pegged orders, since 2025-08-28.
    peg_price_type: Literal["PRIMARY_PEG", "MARKET_PEG"] | UnsetType = field(name="gP", default=UNSET)
    peg_offset_type: Literal["PRICE_LEVEL"] | UnsetType = field(name="gOT", default=UNSET)
    peg_offset_value: Int | UnsetType = field(name="gOV", default=UNSET)
    pegged_price: DecimalText | UnsetType = field(name="gp", default=UNSET)
    # Why an order expired, since 2026-03-26.
    expiry_reason: (
        Literal[
            "NONE",
            "REJECTED",
            "EXCHANGE_CANCELED",
            "OCO_TRIGGER",
            "OTO_PHASE_ONE_EXPIRED",
            "UNFILLED_IOC_QUANTITY_EXPIRED",
            "UNFILLED_FOK_ORDER_EXPIRED",
            "INSUFFICIENT_LIQUIDITY",
            "EXECUTION_RULE_PRICE_RANGE_EXCEEDED",
        ]
        | UnsetType
    ) = field(name="eR", default=UNSET)
    order_capacity: Literal["PRINCIPAL", "AGENCY"] | UnsetType = field(name="y", default=UNSET)


class SocketReport(Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """A report that came over the WebSocket API, since 2024-12."""

    subscription_id: Int | UnsetType = UNSET  # since 2025-08-12
    event: ExecutionReport


class StreamReport(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A report that came over a combined stream, until 2026-02-20."""

    stream: str
    data: ExecutionReport
