"""Binance spot and margin messages that every transport shares: the report of a canceled order, and errors."""

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Annotated, Any, ClassVar, Final, Literal

from msgspec import UNSET, Meta, UnsetType

from cancelnorm.endpoint import Call, Errors, IdSpace
from cancelnorm.eventmap import (
    EventMap,
    Verdict,
    amount,
    by_status,
    constant,
    first,
    number,
    text,
    time,
    verdict_of,
    word,
)
from cancelnorm.masking import fingerprint
from cancelnorm.reader.scalars import DecimalText, Epoch, Int, Prose, ns_of
from cancelnorm.reader.structs import Camel
from cancelnorm.request import RequestKeys
from cancelnorm.schema import (
    CancelEvent,
    Evidence,
    Initiator,
    Normalised,
    OrderStatus,
    OrderType,
    Outcome,
    QuantityUnit,
    Reason,
    Side,
    TimeInForce,
)
from cancelnorm.venues.binance.codes import SPOT

# --- What Binance sends ---

Status = Literal[
    "NEW",
    "PENDING_NEW",
    "PARTIALLY_FILLED",
    "FILLED",
    "CANCELED",
    "PENDING_CANCEL",
    "REJECTED",
    "EXPIRED",
    "EXPIRED_IN_MATCH",
]
Type = Literal[
    "LIMIT", "MARKET", "STOP_LOSS", "STOP_LOSS_LIMIT", "TAKE_PROFIT", "TAKE_PROFIT_LIMIT", "LIMIT_MAKER"
]
SelfTradePrevention = Literal["NONE", "EXPIRE_MAKER", "EXPIRE_TAKER", "EXPIRE_BOTH", "DECREMENT", "TRANSFER"]


class CanceledLeg(Camel):
    """The report of a canceled leg of an order list.

    The WebSocket API's documentation shows legs without ``origClientOrderId``, REST shows them with it. Legs
    of OPO and OPOCO lists are placed without a quantity, and may be reported without.
    """

    symbol: str  # upper-case ASCII with few exceptions: it may be any text
    orig_client_order_id: str | UnsetType = UNSET  # the id the order had
    order_id: Int  # unique within the symbol only
    order_list_id: Int | UnsetType = UNSET  # since 2019-08-15; -1: in no list, 0 is an id
    client_order_id: str  # the id of the cancel request, not of the order
    transact_time: Epoch | UnsetType = UNSET  # since 2023-07-11
    price: DecimalText
    orig_qty: DecimalText | UnsetType = UNSET  # base units
    executed_qty: DecimalText  # base units
    orig_quote_order_qty: DecimalText | UnsetType = UNSET  # quote units; since 2024-12-12
    cummulative_quote_qty: DecimalText  # quote units; the venue's own spelling; negative: not available
    status: Status
    time_in_force: Literal["GTC", "IOC", "FOK"]
    type: Type
    side: Literal["BUY", "SELL"]
    stop_price: DecimalText | UnsetType = UNSET
    trailing_delta: Int | UnsetType = UNSET  # basis points; since 2022-04-13
    trailing_time: Int | UnsetType = UNSET  # epoch; since 2022-12-05; -1: not active yet
    iceberg_qty: DecimalText | UnsetType = UNSET  # base units
    strategy_id: Int | UnsetType = UNSET  # since 2022-08-08
    strategy_type: Int | UnsetType = UNSET  # since 2022-08-08
    self_trade_prevention_mode: SelfTradePrevention | UnsetType = UNSET  # since 2022-12-05
    prevented_match_id: Int | UnsetType = UNSET  # since 2023-01-26
    prevented_quantity: DecimalText | UnsetType = UNSET  # base units; since 2023-01-26
    used_sor: bool | UnsetType = UNSET  # since 2023-08-08
    working_floor: Literal["EXCHANGE", "SOR", "BROKER"] | UnsetType = UNSET  # since 2023-08-08
    peg_price_type: Literal["PRIMARY_PEG", "MARKET_PEG"] | UnsetType = UNSET  # since 2025-08-28
    peg_offset_type: Literal["PRICE_LEVEL"] | UnsetType = UNSET  # since 2025-08-28
    peg_offset_value: Int | UnsetType = UNSET  # since 2025-08-28
    pegged_price: DecimalText | UnsetType = UNSET  # since 2025-08-28
    # The next two are announced for orders in general and have not been seen on a cancel.
    expiry_reason: str | UnsetType = UNSET  # since 2026-03-26
    order_capacity: Literal["PRINCIPAL", "AGENCY"] | UnsetType = UNSET


class CanceledOrder(CanceledLeg):
    """The report of a canceled order."""

    orig_client_order_id: str
    orig_qty: DecimalText


ErrorCode = Annotated[int, Meta(ge=-(2**63), le=0)]
"""A code of Binance; positive ones mean success, and 0 only the geo-block."""


class ApiError(Camel):
    """The body of an answer that is an error."""

    bare: ClassVar = True
    code: ErrorCode
    msg: Prose


# --- What it means ---

MapFunction = Callable[[Any, Call], Normalised]

SPOT_IDS: Final = IdSpace("binance:spot", by_symbol=True)
"""Spot, margin and portfolio margin: one engine, and its stream does not say which."""

KEYS: Final = RequestKeys(
    symbol=("symbol",),
    order_id=("orderId",),
    client_order_id=("origClientOrderId",),
    cancel_client_order_id=("newClientOrderId",),
    list_id=("orderListId",),
    list_client_id=("listClientOrderId",),
)

_CLOSED: Final = (Outcome.REJECTED, Evidence.TERMINAL_STATUS)
_ALIVE: Final = ("stale-status", "a report of a cancel shows the order alive")
OUTCOMES: Final[Mapping[str, Verdict]] = MappingProxyType(
    {
        "CANCELED": Verdict(Outcome.CANCELED, Evidence.FINAL_REPORT, None, OrderStatus.CANCELED),
        "PENDING_CANCEL": Verdict(Outcome.PENDING, Evidence.ACKNOWLEDGED, None, OrderStatus.PENDING_CANCEL),
        "FILLED": Verdict(*_CLOSED, Reason.ALREADY_FILLED, OrderStatus.FILLED),
        "EXPIRED": Verdict(*_CLOSED, Reason.ALREADY_CLOSED, OrderStatus.EXPIRED),
        "EXPIRED_IN_MATCH": Verdict(*_CLOSED, Reason.ALREADY_CLOSED, OrderStatus.EXPIRED),
        "REJECTED": Verdict(*_CLOSED, Reason.ALREADY_CLOSED, OrderStatus.REJECTED),
        # A report of a cancel that shows a live order contradicts itself.
        **{
            word: Verdict(Outcome.UNKNOWN, Evidence.LISTED, None, status, note=_ALIVE)
            for word, status in (
                ("NEW", OrderStatus.NEW),
                ("PENDING_NEW", OrderStatus.PENDING_NEW),
                ("PARTIALLY_FILLED", OrderStatus.PARTIALLY_FILLED),
            )
        },
    }
)
_UNSURE: Final = Verdict(Outcome.UNKNOWN, Evidence.LISTED)
SIDES: Final = MappingProxyType({"BUY": Side.BUY, "SELL": Side.SELL})
TYPES: Final = MappingProxyType(
    {
        "LIMIT": OrderType.LIMIT,
        "MARKET": OrderType.MARKET,
        "STOP_LOSS": OrderType.STOP_MARKET,
        "STOP_LOSS_LIMIT": OrderType.STOP_LIMIT,
        "TAKE_PROFIT": OrderType.TAKE_PROFIT_MARKET,
        "TAKE_PROFIT_LIMIT": OrderType.TAKE_PROFIT_LIMIT,
        "LIMIT_MAKER": OrderType.LIMIT_MAKER,
    }
)
POST_ONLY: Final = MappingProxyType({word: word == "LIMIT_MAKER" for word in TYPES})
TIMES_IN_FORCE: Final = MappingProxyType(
    {"GTC": TimeInForce.GTC, "IOC": TimeInForce.IOC, "FOK": TimeInForce.FOK}
)

# The pending legs of a list end so when its working order is gone.
PHASE_ONE_EXPIRED: Final = "OTO_PHASE_ONE_EXPIRED"
# https://developers.binance.com/docs/binance-spot-api-docs/user-data-stream#order-expiry-reason
EXPIRY_INITIATORS: Final = MappingProxyType(
    {
        "REJECTED": Initiator.VENUE,  # a pending order that was refused when its turn came
        "EXCHANGE_CANCELED": Initiator.VENUE,
        "OCO_TRIGGER": Initiator.LIST_SIBLING,
        PHASE_ONE_EXPIRED: Initiator.LIST_SIBLING,
        "UNFILLED_IOC_QUANTITY_EXPIRED": Initiator.EXPIRY,
        "UNFILLED_FOK_ORDER_EXPIRED": Initiator.EXPIRY,
        "INSUFFICIENT_LIQUIDITY": Initiator.EXPIRY,
        "EXECUTION_RULE_PRICE_RANGE_EXCEEDED": Initiator.EXPIRY,
    }
)

ORDER: Final = EventMap(
    CanceledOrder,
    by_status(CanceledLeg.status, OUTCOMES, _UNSURE),
    without={CanceledLeg.expiry_reason: ("NONE",)},
    symbol=text(CanceledLeg.symbol),
    order_id=number(CanceledLeg.order_id),
    client_order_id=text(CanceledOrder.orig_client_order_id),
    cancel_client_order_id=text(CanceledLeg.client_order_id),
    list_id=number(CanceledLeg.order_list_id, none=(-1,)),
    side=word(CanceledLeg.side, SIDES),
    order_type=word(CanceledLeg.type, TYPES),
    time_in_force=word(CanceledLeg.time_in_force, TIMES_IN_FORCE),
    post_only=word(CanceledLeg.type, POST_ONLY),
    price=first(
        amount(CanceledLeg.price, zero_is_none=True), amount(CanceledLeg.pegged_price, zero_is_none=True)
    ),
    trigger_price=amount(CanceledLeg.stop_price, zero_is_none=True),
    # Zero where the order was sized in quote units.
    quantity=amount(CanceledOrder.orig_qty, zero_is_none=True),
    filled_quantity=amount(CanceledLeg.executed_qty),
    quantity_unit=constant(QuantityUnit.BASE),
    display_quantity=amount(CanceledLeg.iceberg_qty, zero_is_none=True),
    quote_quantity=amount(CanceledLeg.orig_quote_order_qty, zero_is_none=True),
    filled_quote=amount(CanceledLeg.cummulative_quote_qty, negative_is_none=True),
    self_trade_prevention=text(CanceledLeg.self_trade_prevention_mode),
    initiator=word(CanceledLeg.expiry_reason, EXPIRY_INITIATORS),
    raw_initiator=text(CanceledLeg.expiry_reason, none=("NONE",)),
    event_ns=time(CanceledLeg.transact_time),
)


def note_failed_status(status: int | None, call: Call, at: str) -> None:
    """Note a status of failure that comes with a report of success; the report is believed."""
    if status is not None and status >= 400:
        call.note("contradiction", at, f"a report of a cancel under the status {status}", status)


def stream_name(name: str) -> str:
    """The name of a combined stream; the name of an account's own stream is its listen key, and masked."""
    return name if "@" in name else fingerprint(name)


BAN: Final = re.compile(r"banned until ([1-9][0-9]{12})(?![0-9])")


def failed_request(
    verdict: Verdict, code: int, message: str, call: Call, extra: dict[str, Any] | None = None
) -> CancelEvent:
    """Build the event of a request that failed; only the message says until when an address is banned."""
    ban = BAN.search(message)
    return call.failed(
        verdict,
        code=str(code),
        message=message,
        retry_after_ns=None if ban is None else ns_of(int(ban[1])),
        extra=extra,
    )


CANCEL_REJECTED: Final = -2011


def refuses_anything(raw: Any) -> bool:
    """Whether other requests than cancels are refused alike: by any code but the one that only cancels get."""
    return isinstance(raw, ApiError) and raw.code != CANCEL_REJECTED


def _refused(raw: ApiError, call: Call) -> Normalised:
    """Map an error."""
    verdict = verdict_of(SPOT, raw.code, raw.msg, call.record.status)
    return call.result([failed_request(verdict, raw.code, raw.msg, call)])


ERRORS: Final = Errors(ApiError, _refused)
