"""MEXC's pushed spot orders: what of them is a cancel.

Since 2025-02-24 a frame is a Protocol Buffers message, here in its JSON form: 64-bit integers are texts, and a field
of the value 0, false or "" is missing. Frames were JSON before, with keys of one letter.
"""

from decimal import Decimal
from types import MappingProxyType
from typing import Final, Literal

from msgspec import UNSET, Raw, UnsetType

from cancelnorm.endpoint import Call
from cancelnorm.eventmap import (
    Absent,
    EventMap,
    Verdict,
    amount,
    by_status,
    by_words,
    constant,
    made,
    number,
    text,
    time,
)
from cancelnorm.reader.scalars import (
    ZEROS,
    DecimalOrEmpty,
    Epoch,
    EpochText,
    Int,
    NumberOrEmpty,
    decimal_of,
    ns_of,
    ns_of_text,
    number_or_empty,
)
from cancelnorm.reader.structs import Camel, Exact
from cancelnorm.schema import (
    Evidence,
    Normalised,
    OrderStatus,
    OrderType,
    Outcome,
    Product,
    QuantityUnit,
    Side,
    TimeInForce,
)
from cancelnorm.venue import endpoint, endpoints
from cancelnorm.venues.mexc.spot import rows_named
from cancelnorm.venues.mexc.spot_orders import IDS

# --- What MEXC sends ---

LongEpoch = Epoch | EpochText


class Report(Camel):
    """A spot order. No field says who canceled it, or when."""

    id: str | UnsetType = UNSET
    client_id: str | UnsetType = UNSET
    price: DecimalOrEmpty | UnsetType = UNSET
    quantity: DecimalOrEmpty | UnsetType = UNSET  # base units
    amount: DecimalOrEmpty | UnsetType = UNSET  # quote units; "0" unless the order was sized so
    avg_price: DecimalOrEmpty | UnsetType = UNSET
    order_type: Int | UnsetType = UNSET
    trade_type: Int | UnsetType = UNSET
    is_maker: bool | UnsetType = UNSET
    remain_amount: DecimalOrEmpty | UnsetType = UNSET
    remain_quantity: DecimalOrEmpty | UnsetType = UNSET
    last_deal_quantity: DecimalOrEmpty | UnsetType = UNSET
    cumulative_quantity: DecimalOrEmpty | UnsetType = UNSET
    cumulative_amount: DecimalOrEmpty | UnsetType = UNSET
    status: Int | UnsetType = UNSET
    create_time: LongEpoch | UnsetType = UNSET  # of the order
    market: str | UnsetType = UNSET
    trigger_type: Int | UnsetType = UNSET
    trigger_price: DecimalOrEmpty | UnsetType = UNSET
    state: Int | UnsetType = UNSET  # of a trigger; nobody says which number is which
    oco_id: str | UnsetType = UNSET
    route_factor: str | UnsetType = UNSET
    symbol_id: str | UnsetType = UNSET
    market_id: str | UnsetType = UNSET
    market_currency_id: str | UnsetType = UNSET
    currency_id: str | UnsetType = UNSET


class Frame(Camel):
    """A pushed spot order since 2025-02-24."""

    channel: Literal["spot@private.orders.v3.api.pb"]
    private_orders: Report
    symbol: str | UnsetType = UNSET
    symbol_id: str | UnsetType = UNSET
    create_time: Int | str | UnsetType = UNSET
    send_time: LongEpoch | UnsetType = UNSET


class JsonReport(
    Exact,
    rename={
        "remaining_amount": "A",
        "creation_time": "O",
        "side": "S",
        "remaining_quantity": "V",
        "amount": "a",
        "client_order_id": "c",
        "order_id": "i",
        "is_maker": "m",
        "type": "o",
        "price": "p",
        "status": "s",
        "quantity": "v",
        "average_price": "ap",
        "filled_quantity": "cv",
        "filled_quote": "ca",
    },
):
    """A spot order from 2022-09 to 2025-02."""

    remaining_amount: NumberOrEmpty
    creation_time: Epoch
    side: Int
    remaining_quantity: NumberOrEmpty
    amount: NumberOrEmpty  # price by quantity, or what a market order was sized by
    client_order_id: str
    order_id: str  # 32 hexadecimal digits
    is_maker: Int
    type: Int
    price: NumberOrEmpty
    status: Int
    quantity: NumberOrEmpty
    average_price: NumberOrEmpty | UnsetType = UNSET  # since 2022-12-13
    filled_quantity: NumberOrEmpty | UnsetType = UNSET  # since 2022-12-13
    filled_quote: NumberOrEmpty | UnsetType = UNSET  # since 2022-12-13


class MarginReport(JsonReport):
    """An order of isolated margin in 2022 and 2023; what its own four fields are, is not documented."""

    da: NumberOrEmpty
    dv: NumberOrEmpty
    n: NumberOrEmpty
    N: str


class StopReport(
    Exact,
    rename={
        "creation_time": "O",
        "trigger_price": "P",
        "side": "S",
        "trigger_type": "T",
        "order_id": "i",
        "type": "o",
        "price": "p",
        "status": "s",
        "quantity": "v",
    },
):
    """A stop order of spot, from 2022-09 to 2025-02."""

    N: str
    creation_time: Epoch
    trigger_price: NumberOrEmpty
    side: Int
    trigger_type: Int | str
    order_id: str
    type: Int
    price: NumberOrEmpty
    status: Literal["NEW", "CANCELED", "EXECUTED", "FAILED"]
    quantity: NumberOrEmpty


class JsonFrame(Exact, rename={"channel": "c", "order": "d", "symbol": "s", "time": "t"}):
    """A pushed spot order from 2022-09 to 2025-02."""

    channel: Literal["spot@private.orders.v3.api"]
    order: JsonReport | StopReport
    symbol: str
    time: Epoch


class MarginFrame(Exact, rename={"channel": "c", "order": "d", "symbol": "s", "time": "t"}):
    """A pushed order of isolated margin."""

    channel: Literal["margin@private.orders.v3.api"]
    order: MarginReport
    symbol: str
    time: Epoch


# --- What it means ---

_STATUSES: Final = MappingProxyType(
    {
        1: OrderStatus.NEW,
        2: OrderStatus.FILLED,
        3: OrderStatus.PARTIALLY_FILLED,
        4: OrderStatus.CANCELED,
        5: OrderStatus.CANCELED,  # after a part was filled
    }
)
_SIDES: Final = MappingProxyType({1: Side.BUY, 2: Side.SELL})
_TYPES: Final = MappingProxyType(
    {
        1: OrderType.LIMIT,
        2: OrderType.LIMIT_MAKER,
        3: OrderType.LIMIT,
        4: OrderType.LIMIT,
        5: OrderType.MARKET,
        100: OrderType.STOP_OR_TAKE_PROFIT_LIMIT,
        101: OrderType.STOP_LIMIT,  # of an OCO pair
        102: OrderType.LIMIT,  # of an OCO pair
    }
)
_TIMES_IN_FORCE: Final = MappingProxyType({3: TimeInForce.IOC, 4: TimeInForce.FOK})
_BY_MARKET: Final = 5
_CANCELED: Final = Verdict(Outcome.CANCELED, Evidence.FINAL_REPORT, status=OrderStatus.CANCELED)
_OTHER_TABLE: Final = (
    "contradiction",
    "a status that only tables of clients have, as that of a partial cancel",
)
_UNSURE: Final = Verdict(Outcome.UNKNOWN, Evidence.NONE)
STOP_STATUSES: Final = MappingProxyType(
    {
        "CANCELED": _CANCELED,
        "NEW": _UNSURE._replace(status=OrderStatus.UNTRIGGERED),
        "EXECUTED": _UNSURE._replace(status=OrderStatus.TRIGGERED),
        "FAILED": _UNSURE._replace(status=OrderStatus.REJECTED),
    }
)


def _judge(status: int | UnsetType) -> Verdict:
    """The verdict by the number of a status; those that say nothing about a cancel are mostly skipped."""
    known = None if status is UNSET else _STATUSES.get(status)
    return _CANCELED if known is OrderStatus.CANCELED else _UNSURE._replace(status=known)


def _judge_json(status: int) -> Verdict:
    """The same before 2025, when clients had tables with one number more."""
    return _CANCELED._replace(note=_OTHER_TABLE) if status == 6 else _judge(status)


def _side(number: int | UnsetType) -> Side | None:
    return None if number is UNSET else _SIDES.get(number)


def _type(number: int | UnsetType) -> OrderType | None:
    return None if number is UNSET else _TYPES.get(number)


def _time_in_force(number: int | UnsetType) -> TimeInForce | None:
    return None if number is UNSET else _TIMES_IN_FORCE.get(number)


def _post_only(number: int | UnsetType) -> bool | None:
    return None if number is UNSET or number not in _TYPES else _TYPES[number] is OrderType.LIMIT_MAKER


def _value(quote: Raw, number: int) -> Decimal | None:
    """What a market order was sized by in quote units; of a limit order it is price by quantity."""
    size = number_or_empty(quote) if number == _BY_MARKET else ""
    return (decimal_of(size) or None) if size else None


def _ns(moment: int | str | UnsetType) -> int | None:
    if moment is UNSET:
        return None
    return ns_of_text(moment) if isinstance(moment, str) else ns_of(moment)


REPORT: Final = EventMap(
    Report,
    by_words(_judge, Report.status),
    given=("symbol",),
    absent=Absent.ZERO,
    order_id=text(Report.id),
    client_order_id=text(Report.client_id),
    raw_status=number(Report.status),
    side=made(_side, Report.trade_type),
    order_type=made(_type, Report.order_type),
    time_in_force=made(_time_in_force, Report.order_type),
    post_only=made(_post_only, Report.order_type),
    price=amount(Report.price, zero_is_none=True),
    trigger_price=amount(Report.trigger_price, zero_is_none=True),
    average_price=amount(Report.avg_price, zero_is_none=True),
    quantity=amount(Report.quantity, zero_is_none=True),
    filled_quantity=amount(Report.cumulative_quantity),
    remaining_quantity=amount(Report.remain_quantity),
    quantity_unit=constant(QuantityUnit.BASE),
    quote_quantity=amount(Report.amount, zero_is_none=True),
    filled_quote=amount(Report.cumulative_amount),
    list_id=text(Report.oco_id),
    created_ns=made(_ns, Report.create_time),
)
JSON: Final = EventMap(
    JsonReport,
    by_words(_judge_json, JsonReport.status),
    given=("symbol",),
    absent=Absent.ZERO,
    order_id=text(JsonReport.order_id),
    client_order_id=text(JsonReport.client_order_id),
    raw_status=number(JsonReport.status),
    side=made(_side, JsonReport.side),
    order_type=made(_type, JsonReport.type),
    time_in_force=made(_time_in_force, JsonReport.type),
    post_only=made(_post_only, JsonReport.type),
    price=amount(JsonReport.price, zero_is_none=True),
    average_price=amount(JsonReport.average_price, zero_is_none=True),
    quantity=amount(JsonReport.quantity, zero_is_none=True),
    filled_quantity=amount(JsonReport.filled_quantity),
    remaining_quantity=amount(JsonReport.remaining_quantity),
    quantity_unit=constant(QuantityUnit.BASE),
    quote_quantity=made(_value, JsonReport.amount, JsonReport.type, none=(0, *ZEROS)),
    filled_quote=amount(JsonReport.filled_quote),
    created_ns=time(JsonReport.creation_time),
)
MARGIN: Final = JSON.extended(MarginReport)
STOP: Final = EventMap(
    StopReport,
    by_status(StopReport.status, STOP_STATUSES, _UNSURE),
    given=("symbol",),
    order_id=text(StopReport.order_id),
    side=made(_side, StopReport.side),
    order_type=made(_type, StopReport.type),
    price=amount(StopReport.price, zero_is_none=True),
    trigger_price=amount(StopReport.trigger_price, zero_is_none=True),
    quantity=amount(StopReport.quantity, zero_is_none=True),
    quantity_unit=constant(QuantityUnit.BASE),
    created_ns=time(StopReport.creation_time),
)


_CHANNELS: Final = frozenset(
    ("spot@private.orders.v3.api.pb", "spot@private.orders.v3.api", "margin@private.orders.v3.api")
)


def _renamed(key: str, channel: str) -> dict[str, str]:
    """A channel that has another name than its endpoint."""
    return {} if channel in _CHANNELS else {key: channel}


def report(raw: Frame, call: Call) -> Normalised:
    """Map the report of an order that was canceled; the frame has the time at which it was sent alone."""
    call.response_ns = _ns(raw.send_time)
    events = REPORT.events([raw.private_orders], call, "$.privateOrders", given=(raw.symbol or None,))
    extra = {"symbolId": raw.symbol_id, "createTime": raw.create_time, **_renamed("channel", raw.channel)}
    return call.result(rows_named(events), extra={key: value for key, value in extra.items() if value})


def json_report(raw: JsonFrame | MarginFrame, call: Call) -> Normalised:
    """Map the same as it was sent before."""
    call.response_ns = ns_of(raw.time)
    order = raw.order
    is_margin = isinstance(order, MarginReport)
    each = STOP if isinstance(order, StopReport) else MARGIN if is_margin else JSON
    events = each.events([order], call, "$.d", given=(raw.symbol or None,))
    return call.result(rows_named(events), extra=_renamed("c", raw.channel))


# --- Endpoints ---

ENDPOINTS: Final = endpoints(
    endpoint("stream spot@private.orders.v3.api.pb", Frame, report, packed=True, since="2025-02-24"),
    endpoint("stream spot@private.orders.v3.api", JsonFrame, json_report, since="2022-09-01"),
    endpoint("stream margin@private.orders.v3.api", MarginFrame, json_report, product=Product.MARGIN),
    product=Product.SPOT,
    ids=IDS,
    docs="https://www.mexc.com/api-docs/spot-v3/websocket-user-data-streams",
    skips=True,
)
