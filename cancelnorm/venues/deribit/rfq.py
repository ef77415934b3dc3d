"""Deribit block trading: cancels of requests for quotes, of their triggers, of quotes, and what streams show of them.

None of them is an order: nothing leaves a book. The events are about a scope, one for each, with its ids in ``extra``
under the venue's names.
"""

from collections.abc import Sequence
from typing import Any, Final, Literal

from msgspec import UNSET, UnsetType

from cancelnorm.endpoint import Call, IdSpace
from cancelnorm.eventmap import NOTHING_OPEN, Absent, EventMap, Verdict, amount, by_words, made, time, word
from cancelnorm.reader.scalars import DecimalNumber, Epoch, Int
from cancelnorm.reader.structs import Exact
from cancelnorm.schema import CancelEvent, EventKind, Evidence, Normalised, OrderStatus, Outcome, Product
from cancelnorm.venue import endpoint, endpoints
from cancelnorm.venues.deribit.messages import (
    ERRORS,
    OPEN,
    Demand,
    Envelope,
    about_scope,
    answered,
    both,
    counted,
    demanded,
    is_shared_refusal,
    opened,
)
from cancelnorm.venues.deribit.orders import QUIET_RFQ, SIDES, product_of
from cancelnorm.venues.deribit.stream import Frame, pushed

# --- What Deribit sends ---


class Leg(Exact):
    """A leg."""

    instrument_name: str
    direction: str
    ratio: Int
    price: DecimalNumber | UnsetType = UNSET  # of a quote


class Hedge(Exact):
    """The hedge of a request or of a quote."""

    instrument_name: str
    direction: str
    price: DecimalNumber
    amount: DecimalNumber


class Offer(Exact):
    """A quote as the taker sees it."""

    price: DecimalNumber
    amount: DecimalNumber
    makers: list[str] | UnsetType = UNSET
    last_update_timestamp: Int | UnsetType = UNSET
    expires_at: Int | UnsetType = UNSET
    execution_instruction: str | UnsetType = UNSET


class TradeTrigger(Exact):
    """At what price the taker trades without being asked."""

    state: str  # untriggered, cancelled
    price: DecimalNumber
    direction: str
    cancel_reason: str | UnsetType = UNSET  # a text for people: User cancelled


class BlockTrade(Exact):
    """A trade of a request."""

    price: DecimalNumber
    amount: DecimalNumber
    direction: str
    hedge_amount: DecimalNumber | UnsetType = UNSET
    maker: str | UnsetType = UNSET


class BlockRfq(Exact):
    """A request for quotes as it stands, for who made it and for who is asked."""

    block_rfq_id: Int
    state: str  # open, filled, cancelled, expired
    creation_timestamp: Epoch
    expiration_timestamp: Int | UnsetType = UNSET
    last_update_timestamp: Epoch | UnsetType = UNSET
    amount: DecimalNumber
    min_trade_amount: DecimalNumber | UnsetType = UNSET
    legs: list[Leg]
    hedge: Hedge | UnsetType | None = UNSET
    role: str | UnsetType = UNSET  # taker, maker
    taker: str | UnsetType = UNSET
    taker_rating: str | UnsetType = UNSET
    included_in_taker_rating: bool | UnsetType = UNSET
    disclosed: bool | UnsetType = UNSET
    counterparties: list[str] | UnsetType = UNSET
    combo_id: str | UnsetType | None = UNSET
    label: str | UnsetType = UNSET
    app_name: str | UnsetType = UNSET
    mark_price: DecimalNumber | UnsetType = UNSET
    asks: list[Offer] | UnsetType = UNSET
    bids: list[Offer] | UnsetType = UNSET
    trades: list[BlockTrade] | UnsetType | None = UNSET
    trade_trigger: TradeTrigger | UnsetType | None = UNSET


class BlockQuote(Exact):
    """A quote of a maker as it stands."""

    block_rfq_quote_id: Int
    block_rfq_id: Int
    quote_state: str  # open, filled, cancelled, expired
    quote_state_reason: str | UnsetType = UNSET
    creation_timestamp: Epoch
    last_update_timestamp: Epoch
    direction: Literal["buy", "sell"]
    price: DecimalNumber
    amount: DecimalNumber
    filled_amount: DecimalNumber
    legs: list[Leg]
    hedge: Hedge | UnsetType | None = UNSET
    label: str | UnsetType = UNSET
    app_name: str | UnsetType = UNSET
    replaced: bool | UnsetType = UNSET
    execution_instruction: str | UnsetType = UNSET
    expires_at: Int | UnsetType = UNSET


class RfqAnswer(Envelope):
    """A request for quotes."""

    result: BlockRfq | Demand


class QuoteAnswer(Envelope):
    """A quote."""

    result: BlockQuote | Demand


class QuotesAnswer(Envelope):
    """How many quotes were canceled, or which."""

    result: Int | list[BlockQuote] | Demand


class RfqParams(Exact):
    """A request for quotes that changed."""

    channel: str
    data: BlockRfq


class RfqFrame(Frame):
    """A request for quotes that changed."""

    params: RfqParams


class QuotesParams(Exact):
    """Quotes that changed."""

    channel: str
    data: BlockQuote | list[BlockQuote]


class QuotesFrame(Frame):
    """Quotes that changed."""

    params: QuotesParams


# --- What it means ---

_CANCELED: Final = Verdict(Outcome.CANCELED, Evidence.FINAL_REPORT, status=OrderStatus.CANCELED)


def _asked(state: str) -> Verdict:
    return _CANCELED if state == "cancelled" else OPEN


def _shown(state: str) -> Verdict | None:
    return None if state in QUIET_RFQ else _asked(state)


def _trigger_verdict(trigger: TradeTrigger | UnsetType | None) -> Verdict:
    """The verdict of the cancel of a trigger: the request for quotes goes on."""
    if not isinstance(trigger, TradeTrigger) or trigger.state != "cancelled":
        return OPEN
    return _CANCELED._replace(status=None)


def product_of_legs(legs: Sequence[Leg]) -> Product:
    """The product of a block trade: options, if all legs are."""
    products = {product_of(leg.instrument_name) for leg in legs}
    return Product.OPTION if products == {Product.OPTION} else Product.SPREAD


def _rfq_map(verdict: Any) -> EventMap:
    return EventMap(
        BlockRfq,
        verdict,
        kind=EventKind.SCOPE,
        absent=Absent.ZERO,
        also=(BlockRfq.trade_trigger, BlockRfq.legs, BlockRfq.state),
        product=made(product_of_legs, BlockRfq.legs),
        quantity=amount(BlockRfq.amount),
        created_ns=time(BlockRfq.creation_timestamp),
        event_ns=time(BlockRfq.last_update_timestamp),
    )


def _quote_map(verdict: Any) -> EventMap:
    return EventMap(
        BlockQuote,
        verdict,
        kind=EventKind.SCOPE,
        absent=Absent.ZERO,
        also=(BlockQuote.legs,),
        product=made(product_of_legs, BlockQuote.legs),
        side=word(BlockQuote.direction, SIDES),
        price=amount(BlockQuote.price),
        quantity=amount(BlockQuote.amount),
        filled_quantity=amount(BlockQuote.filled_amount),
        created_ns=time(BlockQuote.creation_timestamp),
        event_ns=time(BlockQuote.last_update_timestamp),
    )


RFQ: Final = _rfq_map(by_words(_asked, BlockRfq.state, raw_status=BlockRfq.state))
TRIGGER: Final = _rfq_map(by_words(_trigger_verdict, BlockRfq.trade_trigger))
SHOWN_RFQ: Final = _rfq_map(by_words(_shown, BlockRfq.state, raw_status=BlockRfq.state))
QUOTE: Final = _quote_map(by_words(_asked, BlockQuote.quote_state, raw_status=BlockQuote.quote_state))
SHOWN_QUOTE: Final = _quote_map(by_words(_shown, BlockQuote.quote_state, raw_status=BlockQuote.quote_state))


def cancel_rfq(raw: RfqAnswer, call: Call) -> Normalised:
    """Map the answer to a cancel of a request for quotes."""
    return _answered(raw, RFQ, call)


def cancel_trigger(raw: RfqAnswer, call: Call) -> Normalised:
    """Map the answer to a cancel of the trigger of a request for quotes, which stays open."""
    return _answered(raw, TRIGGER, call)


def cancel_quote(raw: QuoteAnswer, call: Call) -> Normalised:
    """Map the answer to a cancel of a quote."""
    return _answered(raw, QUOTE, call)


def _answered(raw: RfqAnswer | QuoteAnswer, each: EventMap, call: Call) -> Normalised:
    opened(raw, call)
    if isinstance(raw.result, Demand):
        return demanded(raw, raw.result, call)
    return answered(raw, [each.event(raw.result, call, "$.result")], call)


def cancel_quotes(raw: QuotesAnswer, call: Call) -> Normalised:
    """Map the answer to a cancel of all quotes."""
    opened(raw, call)
    if isinstance(raw.result, Demand):
        return demanded(raw, raw.result, call)
    if isinstance(raw.result, int):
        return answered(raw, [counted(raw.result, call)], call)
    events: list[CancelEvent] = QUOTE.events(raw.result, call, "$.result[{}]")
    return answered(raw, events or [about_scope(NOTHING_OPEN, call)], call)


def rfq(raw: RfqFrame, call: Call) -> Normalised:
    """Map a frame: a request for quotes, if it was canceled."""
    events = SHOWN_RFQ.events([raw.params.data], call, "$.params.data")
    return pushed(raw, events, {"channel": raw.params.channel}, call)


def quotes(raw: QuotesFrame, call: Call) -> Normalised:
    """Map a frame: the quotes in it that were canceled."""
    data = raw.params.data
    if isinstance(data, BlockQuote):
        events = SHOWN_QUOTE.events([data], call, "$.params.data")
    else:
        events = SHOWN_QUOTE.events(data, call, "$.params.data[{}]")
    return pushed(raw, events, {"channel": raw.params.channel}, call)


def _is_shared(raw: Any) -> bool:
    """Whether another request may be answered alike, as one that shows requests for quotes, or makes one."""
    match raw:
        case (
            RfqAnswer(result=BlockRfq(state="cancelled"))
            | QuoteAnswer(result=BlockQuote(quote_state="cancelled"))
        ):
            return False
        case QuotesAnswer(result=int()):
            return False
        case _:
            return is_shared_refusal(raw)


# --- Endpoints ---

RFQ_IDS: Final = IdSpace("deribit block rfq", by_symbol=False)
QUOTE_IDS: Final = IdSpace("deribit block rfq quotes", by_symbol=False)

ENDPOINTS: Final = (
    *endpoints(
        *both("private/cancel_block_rfq", RfqAnswer, cancel_rfq),
        *both("private/cancel_block_rfq_trigger", RfqAnswer, cancel_trigger),
        *both("private/cancel_block_rfq_quote", QuoteAnswer, cancel_quote, ids=QUOTE_IDS),
        *both("private/cancel_all_block_rfq_quotes", QuotesAnswer, cancel_quotes, ids=QUOTE_IDS),
        product=None,
        errors=ERRORS,
        is_shared=_is_shared,
        cancels=True,
        ids=RFQ_IDS,
        docs="https://docs.deribit.com/api-reference/block-rfq/",
    ),
    *endpoints(
        endpoint("stream block_rfq.taker", RfqFrame, rfq, page="block_rfq-taker-currency"),
        endpoint("stream block_rfq.maker", RfqFrame, rfq, page="block_rfq-maker-currency"),
        endpoint(
            "stream block_rfq.maker.quotes",
            QuotesFrame,
            quotes,
            page="block_rfq-maker-quotes-currency",
            ids=QUOTE_IDS,
        ),
        product=None,
        ids=RFQ_IDS,
        docs="https://docs.deribit.com/subscriptions/block_rfq/",
        skips=True,
    ),
)
