"""Binance queries of futures and options: what is told of an order that is closed, over REST and WebSocket."""

from typing import Final, Literal

from msgspec import UNSET, UnsetType

from cancelnorm.eventmap import EventMap, amount, by_words, constant, flag, made, number, text, time, word
from cancelnorm.reader.scalars import DecimalText, Epoch, Int
from cancelnorm.reader.structs import Camel
from cancelnorm.schema import Product, QuantityUnit
from cancelnorm.venue import endpoint, endpoints
from cancelnorm.venues.binance.futures import (
    FUTURES_IDS,
    KEYS,
    POSITION_SIDES,
    TIMES_IN_FORCE,
    TYPES,
    PositionSideWord,
    PriceMatch,
    SelfTradePrevention,
    Status,
    TimeInForceWord,
    Type,
    WorkingType,
    is_post_only,
)
from cancelnorm.venues.binance.futures_answers import ERRORS, SOCKET_ERRORS
from cancelnorm.venues.binance.messages import SIDES
from cancelnorm.venues.binance.options import OPTION, OptionOrder
from cancelnorm.venues.binance.query_skip import skip_open
from cancelnorm.venues.binance.state_queries import (
    all_by,
    closed,
    is_shared,
    one_by,
    query_errors,
    replied_by,
)
from cancelnorm.venues.binance.websocket import Envelope

# --- What Binance sends ---


class FuturesState(Camel):
    """A futures order as it stands; portfolio margin leaves out what only conditional orders need."""

    order_id: Int
    symbol: str
    pair: str | UnsetType = UNSET  # COIN-M, and USDⓈ-M since 2026-08
    status: Status
    client_order_id: str
    price: DecimalText
    avg_price: DecimalText | UnsetType = UNSET
    orig_qty: DecimalText
    executed_qty: DecimalText
    cum_quote: DecimalText | UnsetType = UNSET  # USDⓈ-M
    cum_base: DecimalText | UnsetType = UNSET  # COIN-M
    time_in_force: TimeInForceWord
    type: Literal[
        "LIMIT",
        "MARKET",
        "STOP",
        "STOP_MARKET",
        "TAKE_PROFIT",
        "TAKE_PROFIT_MARKET",
        "TRAILING_STOP_MARKET",
        "LIQUIDATION",
    ]
    reduce_only: bool | UnsetType = UNSET  # since 2019-10-08
    close_position: bool | UnsetType = UNSET  # since 2020-05-18
    side: Literal["BUY", "SELL"]
    position_side: PositionSideWord | UnsetType = UNSET  # since 2020-04-06
    stop_price: DecimalText | UnsetType = UNSET
    working_type: WorkingType | UnsetType = UNSET  # since 2019-11-05
    price_protect: bool | UnsetType = UNSET
    orig_type: Type | UnsetType = UNSET  # other than type once a stop was triggered
    activate_price: DecimalText | UnsetType = UNSET  # only of a trailing stop
    price_rate: DecimalText | UnsetType = UNSET  # only of a trailing stop; percent
    price_match: PriceMatch | UnsetType = UNSET  # since 2023-09-05
    self_trade_prevention_mode: SelfTradePrevention | UnsetType = UNSET  # since 2023-09-05
    good_till_date: Int | UnsetType = UNSET  # epoch; since 2023-09-05; 0: not GTD
    time: Epoch | UnsetType = UNSET  # since 2019-11-25
    update_time: Epoch


class InverseState(FuturesState):
    """A COIN-M order as it stands."""


class OptionState(OptionOrder):
    """An option order as it stands."""


class LinearReply(Envelope):
    """A query of one USDⓈ-M order."""

    result: FuturesState


class InverseReply(Envelope):
    """A query of one COIN-M order."""

    result: InverseState


# --- What it means ---

LINEAR: Final = EventMap(
    FuturesState,
    by_words(closed, FuturesState.status, raw_status=FuturesState.status),
    repeats={FuturesState.orig_type: FuturesState.type},
    symbol=text(FuturesState.symbol),
    order_id=number(FuturesState.order_id),
    client_order_id=text(FuturesState.client_order_id),
    side=word(FuturesState.side, SIDES),
    position_side=word(FuturesState.position_side, POSITION_SIDES),
    order_type=word(FuturesState.type, TYPES),
    time_in_force=word(FuturesState.time_in_force, TIMES_IN_FORCE),
    post_only=made(is_post_only, FuturesState.time_in_force),
    reduce_only=flag(FuturesState.reduce_only),
    price=amount(FuturesState.price, zero_is_none=True),
    trigger_price=amount(FuturesState.stop_price, zero_is_none=True),
    average_price=amount(FuturesState.avg_price, zero_is_none=True),
    quantity=amount(FuturesState.orig_qty, zero_is_none=True),  # zero where the order closes a position
    filled_quantity=amount(FuturesState.executed_qty),
    quantity_unit=constant(QuantityUnit.BASE),
    filled_quote=amount(FuturesState.cum_quote),
    self_trade_prevention=text(FuturesState.self_trade_prevention_mode),
    created_ns=time(FuturesState.time),
    event_ns=time(FuturesState.update_time),
)
INVERSE: Final = LINEAR.extended(
    InverseState, quantity_unit=constant(QuantityUnit.CONTRACTS), filled_quote=None
)
OPTIONS: Final = OPTION.extended(
    OptionState, by_words(closed, OptionState.status, raw_status=OptionState.status)
)


# --- Endpoints ---

_SITE: Final = "https://developers.binance.com/docs/derivatives/"
_ERRORS: Final = query_errors(ERRORS)
_SOCKET_ERRORS: Final = query_errors(SOCKET_ERRORS)

ENDPOINTS: Final = (
    *endpoints(
        endpoint("GET /fapi/v1/order", FuturesState, one_by(LINEAR)),
        endpoint("GET /fapi/v1/openOrder", FuturesState, one_by(LINEAR)),
        endpoint("GET /fapi/v1/openOrders", list[FuturesState], all_by(LINEAR)),
        endpoint("GET /fapi/v1/allOrders", list[FuturesState], all_by(LINEAR)),
        endpoint("GET /papi/v1/um/order", FuturesState, one_by(LINEAR)),
        endpoint("GET /papi/v1/um/openOrder", FuturesState, one_by(LINEAR)),
        endpoint("GET /papi/v1/um/openOrders", list[FuturesState], all_by(LINEAR)),
        endpoint("GET /papi/v1/um/allOrders", list[FuturesState], all_by(LINEAR)),
        product=Product.LINEAR,
        request=KEYS,
        errors=_ERRORS,
        ids=FUTURES_IDS,
        is_shared=is_shared,
        skips=skip_open,
        docs=f"{_SITE}usds-margined-futures/trade/rest-api/Query-Order",
    ),
    *endpoints(
        endpoint("GET /dapi/v1/order", InverseState, one_by(INVERSE)),
        endpoint("GET /dapi/v1/openOrder", InverseState, one_by(INVERSE)),
        endpoint("GET /dapi/v1/openOrders", list[InverseState], all_by(INVERSE)),
        endpoint("GET /dapi/v1/allOrders", list[InverseState], all_by(INVERSE)),
        endpoint("GET /papi/v1/cm/order", InverseState, one_by(INVERSE)),
        endpoint("GET /papi/v1/cm/openOrder", InverseState, one_by(INVERSE)),
        endpoint("GET /papi/v1/cm/openOrders", list[InverseState], all_by(INVERSE)),
        endpoint("GET /papi/v1/cm/allOrders", list[InverseState], all_by(INVERSE)),
        product=Product.INVERSE,
        request=KEYS,
        errors=_ERRORS,
        ids=FUTURES_IDS,
        is_shared=is_shared,
        skips=skip_open,
        docs=f"{_SITE}coin-margined-futures/trade/rest-api/Query-Order",
    ),
    *endpoints(
        endpoint("ws-fapi order.status", LinearReply, replied_by(LINEAR), since="2024-04-01"),
        product=Product.LINEAR,
        request=KEYS,
        errors=_SOCKET_ERRORS,
        ids=FUTURES_IDS,
        is_shared=is_shared,
        skips=skip_open,
        docs=f"{_SITE}usds-margined-futures/trade/websocket-api/Query-Order",
    ),
    *endpoints(
        endpoint("ws-dapi order.status", InverseReply, replied_by(INVERSE), since="2025-02-25"),
        product=Product.INVERSE,
        request=KEYS,
        errors=_SOCKET_ERRORS,
        ids=FUTURES_IDS,
        is_shared=is_shared,
        skips=skip_open,
        docs=f"{_SITE}coin-margined-futures/trade/websocket-api/Query-Order",
    ),
    *endpoints(
        endpoint("GET /eapi/v1/order", OptionState, one_by(OPTIONS), since="2023-01-11"),
        endpoint("GET /eapi/v1/openOrders", list[OptionState], all_by(OPTIONS)),
        endpoint("GET /eapi/v1/historyOrders", list[OptionState], all_by(OPTIONS)),
        product=Product.OPTION,
        request=KEYS,
        errors=_ERRORS,
        ids=FUTURES_IDS,
        is_shared=is_shared,
        skips=skip_open,
        docs=f"{_SITE}options-trading/trade/Query-Single-Order",
    ),
)
