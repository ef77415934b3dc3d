"""Binance queries of TWAP and volume participation orders: evidence of those that were canceled."""

from typing import Final, Literal

import msgspec
from msgspec import UNSET, Struct, UnsetType

from cancelnorm.endpoint import Call
from cancelnorm.eventmap import EventMap, Verdict, amount, by_words, constant, number, text, time, word
from cancelnorm.reader.scalars import DecimalText, Epoch, Int
from cancelnorm.reader.structs import Camel
from cancelnorm.schema import Evidence, Normalised, OrderStatus, Outcome, Product, QuantityUnit, Reason
from cancelnorm.venue import endpoint, endpoints
from cancelnorm.venues.binance.futures import POSITION_SIDES, PositionSideWord
from cancelnorm.venues.binance.futures_answers import ERRORS
from cancelnorm.venues.binance.messages import SIDES
from cancelnorm.venues.binance.state_queries import is_shared as is_query_shared
from cancelnorm.venues.binance.state_queries import query_errors
from cancelnorm.venues.binance.trading_services import KEYS, TWAP_IDS

# --- What Binance sends ---


class TwapState(Camel):
    """An order that trades in small parts over a time, as it stands."""

    algo_id: Int
    symbol: str
    side: Literal["BUY", "SELL"]
    position_side: PositionSideWord | UnsetType = UNSET  # futures
    total_qty: DecimalText
    executed_qty: DecimalText
    executed_amt: DecimalText  # quote units
    avg_price: DecimalText
    client_algo_id: str
    book_time: Epoch
    end_time: Int  # epoch; 0: it works
    algo_status: str  # no page lists the words
    algo_type: str  # TWAP, VP
    urgency: str | UnsetType = UNSET  # of a VP order


class TwapStates(Camel):
    """A page of orders."""

    total: Int
    orders: list[TwapState]


class _State(Struct, gc=False):
    """Fields that tell whether an order works."""

    algo_status: str | None = msgspec.field(name="algoStatus", default=None)


class _States(Struct, gc=False):
    orders: list[_State]


# --- What it means ---

_WORKING: Final = ("WORKING", "NEW")


def closed(status: str) -> Verdict | None:
    """What an order's last status says; None for one that works."""
    match status:
        case "CANCELLED" | "CANCELED":
            return Verdict(Outcome.CANCELED, Evidence.TERMINAL_STATUS, None, OrderStatus.CANCELED)
        case "EXPIRED":
            return Verdict(Outcome.CANCELED, Evidence.TERMINAL_STATUS, None, OrderStatus.EXPIRED)
        case "FINISHED":
            return Verdict(Outcome.REJECTED, Evidence.TERMINAL_STATUS, Reason.ALREADY_CLOSED)
        case _:
            return None if status in _WORKING else Verdict(Outcome.UNKNOWN, Evidence.LISTED)


ORDERS: Final = EventMap(
    TwapState,
    by_words(closed, TwapState.algo_status, raw_status=TwapState.algo_status),
    symbol=text(TwapState.symbol),
    order_id=number(TwapState.algo_id),
    client_order_id=text(TwapState.client_algo_id),
    side=word(TwapState.side, SIDES),
    position_side=word(TwapState.position_side, POSITION_SIDES),
    average_price=amount(TwapState.avg_price, zero_is_none=True),
    quantity=amount(TwapState.total_qty, zero_is_none=True),
    filled_quantity=amount(TwapState.executed_qty),
    quantity_unit=constant(QuantityUnit.BASE),
    filled_quote=amount(TwapState.executed_amt),
    created_ns=time(TwapState.book_time),
)


def every(raw: TwapStates, call: Call) -> Normalised:
    """Map a page of orders; how many there are in all is in ``Normalised.extra``."""
    return call.result(ORDERS.events(raw.orders, call, "$.orders[{}]"), extra={"total": raw.total})


_states: Final = msgspec.json.Decoder(_States).decode


def skip_working(data: bytes) -> str | None:
    """Tell a page that shows nothing but orders that work."""
    try:
        rows = _states(data).orders
    except (ValueError, RecursionError):
        return None
    return "open orders" if all(row.algo_status in _WORKING for row in rows) else None


def is_shared(raw: object) -> bool:
    """Whether it tells of no cancel where the endpoint is not known."""
    rows = raw.orders if isinstance(raw, TwapStates) else raw
    return is_query_shared(rows)


# --- Endpoints ---


ENDPOINTS: Final = endpoints(
    endpoint(
        "GET /sapi/v1/algo/spot/openOrders",
        TwapStates,
        every,
        product=Product.SPOT,
        page="spot-algo/Query-Current-Algo-Open-Orders",
    ),
    endpoint(
        "GET /sapi/v1/algo/futures/openOrders",
        TwapStates,
        every,
        product=Product.LINEAR,
        page="future-algo/Query-Current-Algo-Open-Orders",
    ),
    endpoint(
        "GET /sapi/v1/algo/spot/historicalOrders",
        TwapStates,
        every,
        product=Product.SPOT,
        page="spot-algo/Query-Historical-Algo-Orders",
    ),
    endpoint(
        "GET /sapi/v1/algo/futures/historicalOrders",
        TwapStates,
        every,
        product=Product.LINEAR,
        page="future-algo/Query-Historical-Algo-Orders",
    ),
    product=None,
    request=KEYS,
    errors=query_errors(ERRORS),
    ids=TWAP_IDS,
    skips=skip_working,
    is_shared=is_shared,
    docs="https://developers.binance.com/docs/algo/",
)
