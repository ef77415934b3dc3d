"""Binance user data stream of spot and margin: the engine's report of every change of an order.

The frames do not say whether an order is of the spot or of a margin account.
"""

from types import MappingProxyType
from typing import Final, Literal

from msgspec import UNSET, UnsetType, field

from cancelnorm.endpoint import Call
from cancelnorm.eventmap import (
    EventMap,
    Verdict,
    amount,
    by_words,
    constant,
    first,
    made,
    number,
    text,
    time,
    word,
)
from cancelnorm.reader.scalars import ZEROS, DecimalText, Epoch, Int, Unreadable, ns_of
from cancelnorm.reader.structs import Camel, Exact
from cancelnorm.schema import Evidence, Initiator, Normalised, Outcome, QuantityUnit, Reason
from cancelnorm.venue import endpoint, endpoints
from cancelnorm.venues.binance.codes import REJECT_REASONS
from cancelnorm.venues.binance.messages import (
    EXPIRY_INITIATORS,
    OUTCOMES,
    POST_ONLY,
    SIDES,
    SPOT_IDS,
    TIMES_IN_FORCE,
    TYPES,
    SelfTradePrevention,
    Status,
    Type,
    stream_name,
)

# --- What Binance sends ---


class ExecutionReport(Exact):
    """``executionReport``: one letter a field, and an upper-case letter is another field than a lower-case.

    Of its execution types only those are here that may take an order off the book, or refuse to. The stream of
    portfolio margin leaves out ``F``, ``M``, ``r`` and ``Q``, and ``C`` and ``N`` where they say nothing.
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
    iceberg_quantity: DecimalText | UnsetType = field(name="F", default=UNSET)  # base units
    order_list_id: Int | UnsetType = field(name="g", default=UNSET)  # since 2019-08-15; -1: in no list
    # In a cancel the order's own client id. Else empty, or null, or until 2019-11-13 the text "null".
    orig_client_order_id: str | UnsetType | None = field(name="C", default=UNSET)
    execution: Literal["CANCELED", "EXPIRED", "TRADE_PREVENTION", "REJECTED"] = field(name="x")
    status: Status = field(name="X")
    reject_reason: str | UnsetType = field(name="r", default=UNSET)
    order_id: Int = field(name="i")
    last_quantity: DecimalText = field(name="l")
    filled_quantity: DecimalText = field(name="z")  # base units
    last_price: DecimalText = field(name="L")
    commission: DecimalText = field(name="n")
    commission_asset: str | UnsetType | None = field(name="N", default=UNSET)
    transact_time: Epoch = field(name="T")
    trade_id: Int = field(name="t")  # -1: no trade
    execution_id: Int | UnsetType = field(name="I", default=UNSET)  # client tests have frames without it
    is_working: bool = field(name="w")
    is_maker: bool = field(name="m")
    ignored: bool | UnsetType = field(name="M", default=UNSET)
    creation_time: Int | UnsetType = field(name="O", default=UNSET)  # epoch; since 2018-07-18; -1: not known
    filled_quote: DecimalText | UnsetType = field(name="Z", default=UNSET)  # quote units; since 2018-07-18
    last_quote: DecimalText | UnsetType = field(name="Y", default=UNSET)  # since 2018-11-13
    quote_quantity: DecimalText | UnsetType = field(name="Q", default=UNSET)  # quote units; since 2019-11-13
    working_time: Int | UnsetType = field(name="W", default=UNSET)  # epoch; since 2022-12-05; -1: was never
    self_trade_prevention: SelfTradePrevention | UnsetType = field(
        name="V", default=UNSET
    )  # since 2022-12-05
    trailing_delta: Int | UnsetType = field(name="d", default=UNSET)  # basis points; since 2022-04-13
    trailing_time: Int | UnsetType = field(name="D", default=UNSET)  # epoch; since 2022-12-05; -1: not active
    strategy_id: Int | UnsetType = field(name="j", default=UNSET)  # since 2022-08-08
    strategy_type: Int | UnsetType = field(name="J", default=UNSET)  # since 2022-08-08
    # Self-trade prevention: the match that was prevented, how much of it, and with whom.
    prevented_match_id: Int | UnsetType = field(name="v", default=UNSET)  # since 2023-01-26
    prevented_quantity: DecimalText | UnsetType = field(name="A", default=UNSET)  # since 2023-01-26
    last_prevented_quantity: DecimalText | UnsetType = field(name="B", default=UNSET)  # since 2023-01-26
    trade_group_id: Int | UnsetType = field(name="u", default=UNSET)  # since 2023-01-26
    counter_order_id: Int | UnsetType = field(name="U", default=UNSET)  # since 2023-01-26
    counter_symbol: str | UnsetType = field(name="Cs", default=UNSET)  # since 2023-08-08
    # Until 2023-12-04 the prevented match stood in l, L and Y.
    prevented_execution_quantity: DecimalText | UnsetType = field(
        name="pl", default=UNSET
    )  # since 2023-12-04
    prevented_execution_price: DecimalText | UnsetType = field(name="pL", default=UNSET)  # since 2023-12-04
    prevented_execution_quote: DecimalText | UnsetType = field(name="pY", default=UNSET)  # since 2023-12-04
    # Smart order routing.
    match_type: str | UnsetType = field(name="b", default=UNSET)  # since 2023-08-08
    allocation_id: Int | UnsetType = field(name="a", default=UNSET)  # since 2023-08-08
    working_floor: Literal["EXCHANGE", "SOR", "BROKER"] | UnsetType = field(
        name="k", default=UNSET
    )  # since 2023-08-08
    used_sor: bool | UnsetType = field(name="uS", default=UNSET)  # since 2023-08-08
    # Pegged orders.
    peg_price_type: Literal["PRIMARY_PEG", "MARKET_PEG"] | UnsetType = field(
        name="gP", default=UNSET
    )  # since 2025-08-28
    peg_offset_type: Literal["PRICE_LEVEL"] | UnsetType = field(name="gOT", default=UNSET)  # since 2025-08-28
    peg_offset_value: Int | UnsetType = field(name="gOV", default=UNSET)  # since 2025-08-28
    pegged_price: DecimalText | UnsetType = field(name="gp", default=UNSET)  # since 2025-08-28
    # Why an order expired.
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
    ) = field(name="eR", default=UNSET)  # since 2026-03-26
    order_capacity: Literal["PRINCIPAL", "AGENCY"] | UnsetType = field(name="y", default=UNSET)


class SocketReport(Camel):
    """A report that came over the WebSocket API, since 2024-12."""

    subscription_id: Int | UnsetType = UNSET  # since 2025-08-12
    event: ExecutionReport


class StreamReport(Exact):
    """A report that came over a combined stream, until 2026-02-20."""

    stream: str
    data: ExecutionReport


# --- What it means ---

_STATUSES: Final = MappingProxyType({word: verdict.status for word, verdict in OUTCOMES.items()})
_GONE: Final = ("CANCELED", "EXPIRED", "EXPIRED_IN_MATCH")


def taken_off(status: str, execution: str, expiry_reason: str | UnsetType = UNSET) -> Verdict:
    """Say how far an order got off the book, and what took it off."""
    known = _STATUSES.get(status)
    match execution:
        case "CANCELED":
            initiator: Initiator | None = Initiator.USER
        case "TRADE_PREVENTION":
            initiator = Initiator.SELF_TRADE_PREVENTION
        case "EXPIRED" if status == "EXPIRED_IN_MATCH":  # said so before there were reasons
            initiator = Initiator.SELF_TRADE_PREVENTION
        case "EXPIRED":
            initiator = None if expiry_reason is UNSET else EXPIRY_INITIATORS.get(expiry_reason)
        case _:
            return Verdict(Outcome.UNKNOWN, Evidence.NONE, status=known)
    if status in _GONE:
        return Verdict(Outcome.CANCELED, Evidence.FINAL_REPORT, None, known, initiator)
    if status == "PENDING_CANCEL":
        return Verdict(Outcome.PENDING, Evidence.ACKNOWLEDGED, None, known, initiator)
    if known is None:
        return Verdict(Outcome.UNKNOWN, Evidence.NONE)
    if execution == "TRADE_PREVENTION" and status != "REJECTED":
        # DECREMENT and TRANSFER take only what would have matched; the rest lives on, or had filled.
        return Verdict(Outcome.REDUCED, Evidence.FINAL_REPORT, None, known, initiator)
    code = "contradiction" if status in ("FILLED", "REJECTED") else "stale-status"
    note = (code, f"a report of execution type {execution} shows this")
    return Verdict(Outcome.UNKNOWN, Evidence.LISTED, status=known, note=note)


def refused(status: str, reject_reason: str | UnsetType) -> Verdict:
    """Say why a cancel was refused; ``skip`` lets no refusal of a new order through."""
    reason = Reason.OTHER if reject_reason is UNSET else REJECT_REASONS.get(reject_reason, Reason.OTHER)
    return Verdict(Outcome.REJECTED, Evidence.FINAL_REPORT, reason, _STATUSES.get(status))


def created(epoch: int | UnsetType) -> int | None:
    """Give the time when an order was created; None where that is not known."""
    try:
        return None if epoch is UNSET else ns_of(epoch)
    except Unreadable:
        return None


# An order that was not canceled by its owner: it expired, or self-trade prevention took it.
EXPIRED: Final = EventMap(
    ExecutionReport,
    by_words(
        taken_off,
        ExecutionReport.status,
        ExecutionReport.execution,
        ExecutionReport.expiry_reason,
        raw_status=ExecutionReport.status,
    ),
    told=(ExecutionReport.e,),
    without={
        ExecutionReport.orig_client_order_id: ("", None),
        ExecutionReport.reject_reason: ("NONE",),
        ExecutionReport.expiry_reason: ("NONE",),
        ExecutionReport.creation_time: (-1,),
        # There was no trade.
        ExecutionReport.last_quantity: ZEROS,
        ExecutionReport.last_price: ZEROS,
        ExecutionReport.last_quote: ZEROS,
        ExecutionReport.commission: ZEROS,
        ExecutionReport.commission_asset: (None,),
        ExecutionReport.trade_id: (-1,),
        ExecutionReport.is_working: (False,),
        ExecutionReport.is_maker: (False,),
        ExecutionReport.ignored: (False,),
    },
    symbol=text(ExecutionReport.symbol),
    order_id=number(ExecutionReport.order_id),
    client_order_id=text(ExecutionReport.client_order_id),
    list_id=number(ExecutionReport.order_list_id, none=(-1,)),
    side=word(ExecutionReport.side, SIDES),
    order_type=word(ExecutionReport.type, TYPES),
    time_in_force=word(ExecutionReport.time_in_force, TIMES_IN_FORCE),
    post_only=word(ExecutionReport.type, POST_ONLY),
    price=first(
        amount(ExecutionReport.price, zero_is_none=True),
        amount(ExecutionReport.pegged_price, zero_is_none=True),
    ),
    trigger_price=amount(ExecutionReport.stop_price, zero_is_none=True),
    # Zero where the order was sized in quote units.
    quantity=amount(ExecutionReport.quantity, zero_is_none=True),
    filled_quantity=amount(ExecutionReport.filled_quantity),
    quantity_unit=constant(QuantityUnit.BASE),
    display_quantity=amount(ExecutionReport.iceberg_quantity, zero_is_none=True),
    quote_quantity=amount(ExecutionReport.quote_quantity, zero_is_none=True),
    filled_quote=amount(ExecutionReport.filled_quote, negative_is_none=True),
    self_trade_prevention=text(ExecutionReport.self_trade_prevention),
    raw_initiator=first(text(ExecutionReport.expiry_reason, none=("NONE",)), text(ExecutionReport.execution)),
    event_ns=time(ExecutionReport.transact_time),
    response_ns=time(ExecutionReport.event_time),
    created_ns=made(created, ExecutionReport.creation_time),
)
CANCELED: Final = EXPIRED.extended(
    ExecutionReport,
    by_words(taken_off, ExecutionReport.status, ExecutionReport.execution, raw_status=ExecutionReport.status),
    client_order_id=text(ExecutionReport.orig_client_order_id, none=("null",)),
    cancel_client_order_id=text(ExecutionReport.client_order_id),
    raw_initiator=text(ExecutionReport.execution),
)
REFUSAL: Final = by_words(
    refused, ExecutionReport.status, ExecutionReport.reject_reason, raw_status=ExecutionReport.status
)
REFUSED: Final = CANCELED.extended(
    ExecutionReport, REFUSAL, code=text(ExecutionReport.reject_reason), raw_initiator=None
)
# No other client id names the order, so the one that is there is its own.
CANCELED_UNNAMED: Final = CANCELED.extended(
    ExecutionReport, client_order_id=text(ExecutionReport.client_order_id), cancel_client_order_id=None
)
REFUSED_UNNAMED: Final = EXPIRED.extended(
    ExecutionReport, REFUSAL, code=text(ExecutionReport.reject_reason), raw_initiator=None
)


def _map_of(raw: ExecutionReport) -> EventMap:
    """The map that knows whose client ids a report shows."""
    unnamed = raw.orig_client_order_id in (UNSET, None, "", "null")
    if raw.execution == "CANCELED":
        return CANCELED_UNNAMED if unnamed else CANCELED
    if raw.execution != "REJECTED":
        return EXPIRED
    return REFUSED_UNNAMED if unnamed else REFUSED


def report(raw: ExecutionReport | SocketReport | StreamReport, call: Call) -> Normalised:
    """Map a report, whatever its envelope."""
    if isinstance(raw, ExecutionReport):
        return call.result(_map_of(raw).events([raw], call, "$"))
    if isinstance(raw, StreamReport):
        events = _map_of(raw.data).events([raw.data], call, "$.data")
        return call.result(events, extra={"stream": stream_name(raw.stream)})
    events = _map_of(raw.event).events([raw.event], call, "$.event")
    subscription = raw.subscription_id
    return call.result(events, extra=None if subscription is UNSET else {"subscriptionId": subscription})


# --- Endpoints ---

ENDPOINTS: Final = endpoints(
    endpoint("stream executionReport", ExecutionReport | SocketReport | StreamReport, report),
    product=None,
    ids=SPOT_IDS,
    skips=True,
    docs="https://developers.binance.com/docs/binance-spot-api-docs/user-data-stream#order-update",
)
