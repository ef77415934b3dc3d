"""Gate streams of price orders: what becomes of them, as far as a frame tells."""

from typing import Final, Literal

from msgspec import UNSET, UnsetType

from cancelnorm.endpoint import Call
from cancelnorm.eventmap import (
    Absent,
    EventMap,
    always,
    amount,
    by_words,
    constant,
    made,
    number,
    text,
    time,
    word,
)
from cancelnorm.reader.scalars import DecimalOrEmpty, EpochText, Int, Prose, known_ns
from cancelnorm.reader.structs import Exact
from cancelnorm.schema import Evidence, Normalised, Product, QuantityUnit
from cancelnorm.venue import endpoint, endpoints
from cancelnorm.venues.gate.contract_price_orders import ContractPriceOrder, contract_price_order_map, shown
from cancelnorm.venues.gate.frames import Pushed, frame_of, opened, shown_in
from cancelnorm.venues.gate.messages import CONTRACT_TRIGGER_IDS, OPEN, SPOT_TRIGGER_IDS
from cancelnorm.venues.gate.price_orders import ORDER_TYPES
from cancelnorm.venues.gate.spot_orders import SIDES, in_base, in_quote

# --- What Gate sends ---


class StreamedPriceOrder(Exact):
    """A price order of spot, without a status: a cancel and a failure are shown alike, as an order that has ended."""

    market: str
    id: str
    trigger_price: DecimalOrEmpty
    trigger_rule: str
    price: DecimalOrEmpty
    amount: DecimalOrEmpty
    order_type: Literal["limit", "market"]
    side: Literal["buy", "sell"]
    fired_order_id: Int  # 0 for none
    ctime: EpochText  # ms
    ftime: str  # ms; "-62135596800000" for none
    uid: str | UnsetType = UNSET
    currency_type: str | UnsetType = UNSET
    exchange_type: str | UnsetType = UNSET
    reason: Prose | UnsetType = UNSET
    err_msg: Prose | UnsetType = UNSET
    instant_cancel: bool | UnsetType = UNSET
    trigger_expiration: Int | UnsetType = UNSET  # seconds
    source: str | UnsetType = UNSET
    engine_type: str | UnsetType = UNSET
    is_stop_order: bool | UnsetType = UNSET
    stop_trigger_price: DecimalOrEmpty | UnsetType = UNSET
    stop_trigger_rule: str | UnsetType = UNSET
    stop_price: DecimalOrEmpty | UnsetType = UNSET


class PriceOrderFrame(Pushed):
    """A price order of spot that changed."""

    channel: Literal["spot.priceorders"]
    result: StreamedPriceOrder


class StreamedContractPriceOrder(ContractPriceOrder):
    """A price order of a contract in a frame; the documentation's has no ``finish_as``."""


class AutoOrdersFrame(Pushed):
    """Price orders of contracts that changed."""

    channel: Literal["futures.autoorders"]
    result: list[StreamedContractPriceOrder]


# --- What it means ---

# Frames of new and of triggered orders are skipped: what is left has ended, and may have been canceled.
ENDED: Final = EventMap(
    StreamedPriceOrder,
    always(OPEN),
    absent=Absent.ZERO,
    symbol=text(StreamedPriceOrder.market),
    order_id=number(StreamedPriceOrder.id),
    product=constant(Product.SPOT),
    side=word(StreamedPriceOrder.side, SIDES),
    order_type=word(StreamedPriceOrder.order_type, ORDER_TYPES),
    price=amount(StreamedPriceOrder.price, zero_is_none=True),
    trigger_price=amount(StreamedPriceOrder.trigger_price, zero_is_none=True),
    quantity=made(in_base, StreamedPriceOrder.amount, StreamedPriceOrder.order_type, StreamedPriceOrder.side),
    quote_quantity=made(
        in_quote, StreamedPriceOrder.amount, StreamedPriceOrder.order_type, StreamedPriceOrder.side
    ),
    quantity_unit=constant(QuantityUnit.BASE),
    message=text(StreamedPriceOrder.reason),
    created_ns=time(StreamedPriceOrder.ctime),
    event_ns=made(known_ns, StreamedPriceOrder.ftime),
)
STREAMED: Final = contract_price_order_map(
    StreamedContractPriceOrder,
    by_words(
        shown(Evidence.FINAL_REPORT),
        ContractPriceOrder.status,
        ContractPriceOrder.finish_as,
        raw_status=ContractPriceOrder.status,
    ),
)


def price_order(raw: PriceOrderFrame, call: Call) -> Normalised:
    """Map a frame of a price order of spot that has ended: how, it does not say."""
    opened(raw, call)
    return shown_in(raw, [ENDED.event(raw.result, call, "$.result")], call)


# --- Endpoints ---

_DOCS: Final = "https://www.gate.com/docs/developers/"

ENDPOINTS: Final = (
    *endpoints(
        endpoint(
            "stream spot.priceorders",
            PriceOrderFrame,
            price_order,
            page="apiv4/ws/en/#spot-priceorders-channel",
        ),
        product=Product.SPOT,
        ids=SPOT_TRIGGER_IDS,
        docs=_DOCS,
        skips=True,
    ),
    *endpoints(
        endpoint(
            "stream futures.autoorders",
            AutoOrdersFrame,
            frame_of(STREAMED),
            page="futures/ws/en/#auto-orders-api",
        ),
        product=None,
        ids=CONTRACT_TRIGGER_IDS,
        docs=_DOCS,
        skips=True,
    ),
)
