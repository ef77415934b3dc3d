"""BingX pushed order reports: what of them is a cancel."""

from types import MappingProxyType
from typing import Final, Literal

from msgspec import UNSET, UnsetType

from cancelnorm.endpoint import Call
from cancelnorm.eventmap import (
    Absent,
    EventMap,
    Verdict,
    amount,
    by_words,
    constant,
    flag,
    made,
    number,
    text,
    time,
    word,
)
from cancelnorm.reader.scalars import Epoch, Int, NumberOrEmpty, ns_of
from cancelnorm.reader.structs import Camel, Exact
from cancelnorm.schema import (
    Evidence,
    Initiator,
    Normalised,
    OrderStatus,
    Outcome,
    Product,
    QuantityUnit,
    Reason,
)
from cancelnorm.venue import endpoint, endpoints
from cancelnorm.venues.bingx import contracts, spot
from cancelnorm.venues.bingx.messages import IDS, NO_ID, SIDES, LongId, note_long_id, ns_or_none

# --- What BingX sends ---

# Other statuses are reports about something else, and skipped. The occasion says less: perpetuals have
# pushed TRADE for an order that was new.
LastStatus = Literal["CANCELED", "EXPIRED"]
Occasion = Literal["NEW", "CANCELED", "CALCULATED", "EXPIRED", "TRADE"]


class SpotReport(
    Exact,
    rename={
        "event": "e",
        "event_time": "E",
        "symbol": "s",
        "side": "S",
        "type": "o",
        "quantity": "q",
        "price": "p",
        "occasion": "x",
        "status": "X",
        "order_id": "i",
        "last_quantity": "l",
        "filled_quantity": "z",
        "last_price": "L",
        "fee": "n",
        "client_order_id": "C",
        "fee_asset": "N",
        "trade_time": "T",
        "trade_id": "t",
        "creation_time": "O",
        "filled_quote": "Z",
        "last_quote": "Y",
        "quote_quantity": "Q",
        "is_maker": "m",
    },
):
    """A spot order, pushed since 2022-05-30. Numbers are numbers, in the documentation's tables texts."""

    event: Literal["executionReport"]
    event_time: Epoch  # when the report was made, up to a fifth of a second after what it reports
    symbol: str
    side: Literal["BUY", "SELL"]
    type: spot.Type
    quantity: NumberOrEmpty  # base units
    price: NumberOrEmpty
    occasion: Occasion
    status: LastStatus
    order_id: LongId | str  # an integer, recorded in quotes too
    last_quantity: NumberOrEmpty
    filled_quantity: NumberOrEmpty  # base units
    last_price: NumberOrEmpty
    fee: NumberOrEmpty
    client_order_id: str | UnsetType = UNSET  # since 2024
    fee_asset: str
    trade_time: Int  # of the last trade; 0: none
    trade_id: Int  # of the last trade; 0 or -1: none
    creation_time: Int
    filled_quote: NumberOrEmpty
    last_quote: NumberOrEmpty
    quote_quantity: NumberOrEmpty  # 0: the order was sized in base units
    is_maker: bool | UnsetType = UNSET  # since 2022-06-01
    # In the demonstration of 2025 and without an explanation there.
    u: Int | str | UnsetType = UNSET
    U: Int | str | UnsetType = UNSET
    mu: str | UnsetType = UNSET
    A: str | UnsetType = UNSET
    ws: Int | UnsetType = UNSET


class SpotFrame(Camel):
    """A pushed spot order."""

    code: Literal[0] | UnsetType = UNSET  # since 2023
    data_type: Literal["spot.executionReport"]
    data: SpotReport


class ContractReport(
    Exact,
    rename={
        "symbol": "s",
        "client_order_id": "c",
        "order_id": "i",
        "side": "S",
        "type": "o",
        "quantity": "q",
        "price": "p",
        "trigger_price": "sp",
        "average_price": "ap",
        "occasion": "x",
        "status": "X",
        "fee_asset": "N",
        "fee": "n",
        "trade_time": "T",
        "working_type": "wt",
        "position_side": "ps",
        "realized_profit": "rp",
        "filled_quantity": "z",
        "stop_guaranteed": "sg",
        "trigger_order_id": "ti",
        "reduce_only": "ro",
    },
):
    """A perpetual order, pushed since 2023-02-22.

    Numbers are texts, ``""`` where an order has none, as a trigger order's price.
    """

    symbol: str
    client_order_id: str  # in lower case; "": none
    order_id: LongId | str  # an integer, recorded in quotes too
    side: Literal["BUY", "SELL"]
    type: contracts.Type
    quantity: NumberOrEmpty  # base units, or contracts if coin-margined
    price: NumberOrEmpty
    trigger_price: NumberOrEmpty | UnsetType = UNSET  # since late 2023
    average_price: NumberOrEmpty
    occasion: Occasion
    status: LastStatus
    fee_asset: str
    fee: NumberOrEmpty
    trade_time: Int | UnsetType = UNSET  # 0: none
    working_type: str
    position_side: contracts.PositionSide
    realized_profit: NumberOrEmpty
    filled_quantity: NumberOrEmpty | UnsetType = UNSET  # since 2023-04-17; base units, or contracts
    stop_guaranteed: bool | str | UnsetType = UNSET  # since 2024-03-19; "false"
    trigger_order_id: Int | UnsetType = UNSET  # since 2025
    reduce_only: bool | UnsetType = UNSET  # since 2025
    td: Int | UnsetType = UNSET  # since 2025
    tv: str | UnsetType = UNSET  # since 2025


class ContractFrame(Exact, rename={"event": "e", "event_time": "E", "time": "T", "order": "o"}):
    """A pushed perpetual order; linear and coin-margined ones are alike."""

    event: Literal["ORDER_TRADE_UPDATE", "TRADE_UPDATE"]  # the second in the documentation of 2025
    event_time: Epoch
    time: Int | UnsetType = UNSET  # linear, since 2025
    order: ContractReport


# --- What it means ---

_STATUSES: Final = MappingProxyType(
    {
        "CANCELED": OrderStatus.CANCELED,
        "CANCELLED": OrderStatus.CANCELED,  # as the same order is spelled over REST
        "EXPIRED": OrderStatus.EXPIRED,
        # Only beside an occasion that says otherwise.
        "NEW": OrderStatus.NEW,
        "PENDING": OrderStatus.NEW,
        "PARTIALLY_FILLED": OrderStatus.PARTIALLY_FILLED,
        "FILLED": OrderStatus.FILLED,
    }
)
_ENDED: Final = (OrderStatus.CANCELED, OrderStatus.EXPIRED)
_CONTRADICTION: Final = ("contradiction", "occasion and status contradict each other")


def _judge(status_word: str, occasion_word: str) -> Verdict:
    """How an order ended; a report does not say who canceled it or why."""
    status, occasion = _STATUSES.get(status_word), _STATUSES.get(occasion_word)
    verdict = Verdict(
        Outcome.CANCELED,
        Evidence.FINAL_REPORT,
        status=status,
        initiator=Initiator.EXPIRY if OrderStatus.EXPIRED in (status, occasion) else None,
        note=None if status is None or status in _ENDED else _CONTRADICTION,
    )
    if status is OrderStatus.FILLED:
        return verdict._replace(outcome=Outcome.REJECTED, reason=Reason.ALREADY_FILLED)
    if status not in _ENDED and occasion not in _ENDED:
        return verdict._replace(outcome=Outcome.UNKNOWN, evidence=Evidence.NONE)
    return verdict


def _product(symbol: str) -> Product | None:
    """``BTC-USD`` is margined in its coin, ``BTC-USDT`` and ``BTC-USDC`` are not."""
    if symbol.endswith("-USD"):
        return Product.INVERSE
    return Product.LINEAR if symbol.endswith(("-USDT", "-USDC")) else None


def _unit(symbol: str) -> QuantityUnit | None:
    """Contracts where the margin is the coin."""
    product = _product(symbol)
    if product is None:
        return None
    return QuantityUnit.CONTRACTS if product is Product.INVERSE else QuantityUnit.BASE


_NAMES: Final = ("executionReport", "spot.executionReport")
_SPOT: Final = EventMap(
    SpotReport,
    by_words(_judge, SpotReport.status, SpotReport.occasion, raw_status=SpotReport.status),
    given=("extra",),
    absent=Absent.ZERO,
    without={SpotReport.event: _NAMES},
    repeats={SpotReport.occasion: SpotReport.status},
    symbol=text(SpotReport.symbol),
    order_id=number(SpotReport.order_id, none=NO_ID),
    client_order_id=text(SpotReport.client_order_id),
    side=word(SpotReport.side, SIDES),
    order_type=word(SpotReport.type, spot.TYPES),
    price=amount(SpotReport.price, zero_is_none=True),
    quantity=amount(SpotReport.quantity, zero_is_none=True),
    filled_quantity=amount(SpotReport.filled_quantity),
    quantity_unit=constant(QuantityUnit.BASE),
    quote_quantity=amount(SpotReport.quote_quantity, zero_is_none=True),
    filled_quote=amount(SpotReport.filled_quote),
    created_ns=made(ns_or_none, SpotReport.creation_time),
    response_ns=time(SpotReport.event_time),
)
_CONTRACT: Final = EventMap(
    ContractReport,
    by_words(_judge, ContractReport.status, ContractReport.occasion, raw_status=ContractReport.status),
    given=("extra",),
    absent=Absent.ZERO,
    repeats={ContractReport.occasion: ContractReport.status},
    product=made(_product, ContractReport.symbol),
    symbol=text(ContractReport.symbol),
    order_id=number(ContractReport.order_id, none=NO_ID),
    client_order_id=text(ContractReport.client_order_id),
    side=word(ContractReport.side, SIDES),
    position_side=word(ContractReport.position_side, contracts.POSITION_SIDES),
    order_type=word(ContractReport.type, contracts.TYPES),
    price=amount(ContractReport.price, zero_is_none=True),
    trigger_price=amount(ContractReport.trigger_price, zero_is_none=True),
    average_price=amount(ContractReport.average_price, zero_is_none=True),
    quantity=amount(ContractReport.quantity, zero_is_none=True),
    filled_quantity=amount(ContractReport.filled_quantity),
    quantity_unit=made(_unit, ContractReport.symbol),
    reduce_only=flag(ContractReport.reduce_only),
)


def spot_report(raw: SpotFrame, call: Call) -> Normalised:
    """Map the report of a spot order that was canceled."""
    extra = {} if raw.data_type in _NAMES else {"dataType": raw.data_type}
    note_long_id(raw.data.order_id, call, "$.data.i")
    return call.result(_SPOT.events([raw.data], call, "$.data", given=(extra,)))


def contract_report(raw: ContractFrame, call: Call) -> Normalised:
    """Map the report of a perpetual order that was canceled; its product shows in its symbol."""
    call.response_ns = ns_of(raw.event_time)
    extra = {} if raw.event == "ORDER_TRADE_UPDATE" else {"e": raw.event}
    note_long_id(raw.order.order_id, call, "$.o.i")
    events = _CONTRACT.events([raw.order], call, "$.o", given=(extra,))
    return call.result(events, extra={"T": raw.time} if raw.time else None)


# --- Endpoints ---

ENDPOINTS: Final = endpoints(
    endpoint(
        "stream spot.executionReport",
        SpotFrame,
        spot_report,
        product=Product.SPOT,
        page="spot/socket/account.html",
    ),
    endpoint("stream ORDER_TRADE_UPDATE", ContractFrame, contract_report, page="swapV2/socket/account.html"),
    product=None,
    ids=IDS,
    docs="https://bingx-api.github.io/docs/#/en-us/",
    skips=True,
)
