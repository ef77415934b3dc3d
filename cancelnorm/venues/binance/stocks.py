"""Binance stocks: what its queries and its stream say of orders that were canceled."""

from types import MappingProxyType
from typing import Annotated, Final, Literal

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType, field

from cancelnorm.endpoint import Call
from cancelnorm.eventmap import EventMap, Verdict, amount, by_words, constant, made, text, time, word
from cancelnorm.reader.scalars import DecimalText, Epoch, Int, NumberOrEmpty
from cancelnorm.reader.structs import Camel, Exact
from cancelnorm.request import RequestKeys
from cancelnorm.schema import Evidence, Normalised, OrderStatus, OrderType, Outcome, QuantityUnit, Side
from cancelnorm.venue import endpoint, endpoints
from cancelnorm.venues.binance.futures_answers import ERRORS
from cancelnorm.venues.binance.messages import SIDES, stream_name
from cancelnorm.venues.binance.query_skip import skip_open
from cancelnorm.venues.binance.state_queries import all_by, closed, is_shared, one_by, query_errors
from cancelnorm.venues.binance.trading_services import STOCK_IDS

# --- What Binance sends ---

Uuid = Annotated[str, Meta(min_length=36, max_length=36)]


class Execution(Camel):
    """A fill of an order."""

    execution_id: str
    execution_at: Epoch
    price: DecimalText
    qty: DecimalText


class StockState(Camel):
    """An order for stocks as it stands. What it has not is null, or left out."""

    order_id: Uuid
    client_order_id: str | UnsetType | None = UNSET  # where one order is asked for
    symbol: str
    quote: str
    side: Literal["BUY", "SELL"]
    order_type: str  # MARKET, LIMIT
    limit_price: DecimalText | UnsetType | None = UNSET
    avg_filled_price: DecimalText | UnsetType | None = UNSET
    qty: DecimalText | UnsetType | None = UNSET  # not of an order sized in quote units
    notional: DecimalText | UnsetType | None = UNSET  # quote units
    filled_qty: DecimalText | UnsetType | None = UNSET
    filled_total: DecimalText | UnsetType | None = UNSET  # quote units
    fee: str | UnsetType | None = UNSET
    session: str | UnsetType | None = UNSET  # RTH, EXTENDED, 24H
    status: str  # NEW, ACCEPTED, PARTIALLY_FILLED, FILLED, CANCELED, EXPIRED, REJECTED
    created_at: Epoch
    updated_at: Epoch
    trades: list[Execution] | UnsetType | None = UNSET  # where one order is asked for


class StockPage(Camel):
    """A page of orders."""

    total: Int
    page: Int
    size: Int
    rows: list[StockState]


class StockReport(Exact):
    """``orderReport``: a change of an order; its words are in small letters, its numbers without quotes."""

    e: Literal["orderReport"]
    event_time: Epoch = field(name="E")
    execution: Literal["ORDER_TERMINAL"] = field(name="x")
    order_id: Uuid = field(name="i")
    asset_id: str | UnsetType = field(name="ai", default=UNSET)
    base: str = field(name="b")  # EQ_AAPL
    quote: str = field(name="q")
    side: Literal["buy", "sell"] = field(name="S")
    order_type: str = field(name="o")
    price: NumberOrEmpty = field(name="p")  # null: a market order
    quantity: NumberOrEmpty = field(name="Q")  # 0: sized in quote units
    notional: NumberOrEmpty = field(name="N")  # quote units
    filled_quantity: NumberOrEmpty = field(name="fq")
    filled_notional: NumberOrEmpty = field(name="FN")
    total_cost: NumberOrEmpty | UnsetType = field(name="tc", default=UNSET)
    progress: NumberOrEmpty | UnsetType = field(name="Z", default=UNSET)  # percent
    session: str | UnsetType = field(name="n", default=UNSET)
    status: str = field(name="s")
    create_time: Epoch = field(name="T")
    update_time: Epoch = field(name="U")


class StreamStockReport(Exact):
    """A report that came over a combined stream."""

    stream: str
    data: StockReport


class _State(Struct, gc=False):
    status: str = ""


class _Page(Struct, gc=False):
    """Fields that tell whether an order of a page is open."""

    rows: list[_State]


# --- What it means ---

KEYS: Final = RequestKeys(symbol=("symbol",), order_id=("orderId",), client_order_id=("clientOrderId",))
_SIDES: Final = MappingProxyType({"buy": Side.BUY, "sell": Side.SELL})
_TYPES: Final = MappingProxyType(
    {
        "market": OrderType.MARKET,
        "limit": OrderType.LIMIT,
        "stop": OrderType.STOP_MARKET,
        "stop_limit": OrderType.STOP_LIMIT,
    }
)
_PREFIX: Final = "EQ_"


def ended(status: str) -> Verdict:
    """How an order ended, by the word of a report; ``skip`` lets no order through that filled or was refused."""
    known = {"canceled": OrderStatus.CANCELED, "expired": OrderStatus.EXPIRED}.get(status)
    if known is None:
        return Verdict(Outcome.UNKNOWN, Evidence.LISTED)
    return Verdict(Outcome.CANCELED, Evidence.FINAL_REPORT, None, known)


def ticker(base: str) -> str:
    """The symbol by which requests name a stock."""
    return base.removeprefix(_PREFIX)


def type_of(kind: str) -> OrderType | None:
    """The type of an order."""
    return _TYPES.get(kind.lower())


ORDERS: Final = EventMap(
    StockState,
    by_words(closed, StockState.status, raw_status=StockState.status),
    also=(StockState.order_type,),
    symbol=text(StockState.symbol),
    order_id=text(StockState.order_id),
    client_order_id=text(StockState.client_order_id),
    side=word(StockState.side, SIDES),
    order_type=made(type_of, StockState.order_type),
    price=amount(StockState.limit_price, zero_is_none=True),
    average_price=amount(StockState.avg_filled_price, zero_is_none=True),
    quantity=amount(StockState.qty, zero_is_none=True),
    quote_quantity=amount(StockState.notional, zero_is_none=True),
    filled_quantity=amount(StockState.filled_qty),
    filled_quote=amount(StockState.filled_total, zero_is_none=True),  # not of an order sized in shares
    quantity_unit=constant(QuantityUnit.BASE),
    created_ns=time(StockState.created_at),
    event_ns=time(StockState.updated_at),
)
REPORT: Final = EventMap(
    StockReport,
    by_words(ended, StockReport.status, raw_status=StockReport.status),
    told=(StockReport.e, StockReport.execution),
    also=(StockReport.order_type,),
    symbol=made(ticker, StockReport.base),
    order_id=text(StockReport.order_id),
    side=word(StockReport.side, _SIDES),
    order_type=made(type_of, StockReport.order_type),
    price=amount(StockReport.price, zero_is_none=True),
    quantity=amount(StockReport.quantity, zero_is_none=True),
    quote_quantity=amount(StockReport.notional, zero_is_none=True),
    filled_quantity=amount(StockReport.filled_quantity),
    filled_quote=amount(StockReport.filled_notional),
    quantity_unit=constant(QuantityUnit.BASE),
    created_ns=time(StockReport.create_time),
    event_ns=time(StockReport.update_time),
    response_ns=time(StockReport.event_time),
)


def page(raw: StockPage, call: Call) -> Normalised:
    """Map a page of orders; where it stands among others is in ``Normalised.extra``."""
    said = {"total": raw.total, "page": raw.page, "size": raw.size}
    return call.result(ORDERS.events(raw.rows, call, "$.rows[{}]"), extra=said)


def report(raw: StockReport | StreamStockReport, call: Call) -> Normalised:
    """Map a report, whatever its envelope."""
    if isinstance(raw, StockReport):
        return call.result(REPORT.events([raw], call, "$"))
    events = REPORT.events([raw.data], call, "$.data")
    return call.result(events, extra={"stream": stream_name(raw.stream)})


_page: Final = msgspec.json.Decoder(_Page).decode


def skip_page(data: bytes) -> str | None:
    """Tell a page that shows nothing but open orders."""
    try:
        rows = _page(data).rows
    except (ValueError, RecursionError):
        return None
    return "open orders" if rows and all(closed(row.status) is None for row in rows) else None


def is_page_shared(raw: object) -> bool:
    """Whether it tells of no cancel where the endpoint is not known."""
    return is_shared(raw.rows if isinstance(raw, StockPage) else raw)


# --- Endpoints ---

ENDPOINTS: Final = (
    *endpoints(
        endpoint("GET /sapi/v1/equity/order/detail", StockState, one_by(ORDERS), skips=skip_open),
        endpoint("GET /sapi/v1/equity/order/open-orders", list[StockState], all_by(ORDERS), skips=skip_open),
        endpoint("GET /sapi/v1/equity/order/history", StockPage, page, skips=skip_page),
        product=None,
        request=KEYS,
        errors=query_errors(ERRORS),
        ids=STOCK_IDS,
        is_shared=is_page_shared,
        docs="https://developers.binance.com/docs/stocks",
    ),
    *endpoints(
        endpoint("stream orderReport", StockReport | StreamStockReport, report),
        product=None,
        ids=STOCK_IDS,
        skips=True,
        docs="https://developers.binance.com/docs/stocks",
    ),
)
