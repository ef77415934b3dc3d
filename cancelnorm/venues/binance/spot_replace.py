"""Binance spot cancel-replace: a cancel and a new order in one answer, either of which may fail alone."""

from typing import Any, ClassVar, Final, Literal

from msgspec import UNSET, UnsetType
from msgspec.structs import replace

from cancelnorm.endpoint import Call
from cancelnorm.eventmap import unknown, verdict_of
from cancelnorm.prose import prose
from cancelnorm.reader.fast import builtins_of, checked
from cancelnorm.reader.scalars import DecimalText, Epoch, Int, Prose
from cancelnorm.reader.structs import Camel
from cancelnorm.request import RequestKeys
from cancelnorm.schema import CancelEvent, Evidence, Normalised, Outcome, Product, Reason
from cancelnorm.venue import endpoint, endpoints
from cancelnorm.venues.binance.codes import SPOT
from cancelnorm.venues.binance.messages import (
    SPOT_IDS,
    ApiError,
    CanceledOrder,
    ErrorCode,
    SelfTradePrevention,
    Status,
    Type,
    failed_request,
    note_failed_status,
)
from cancelnorm.venues.binance.order_lists import CanceledOrderList, report_events

# --- What Binance sends ---

Result = Literal["SUCCESS", "FAILURE", "NOT_ATTEMPTED"]


class Fill(Camel):
    """A trade of the new order."""

    price: DecimalText
    qty: DecimalText
    commission: DecimalText
    commission_asset: str
    trade_id: Int  # -1 for an order routed by SOR
    match_type: str | UnsetType = UNSET
    alloc_id: Int | UnsetType = UNSET


class PreventedMatch(Camel):
    """A trade of the new order that self-trade prevention stopped."""

    prevented_match_id: Int
    maker_order_id: Int
    price: DecimalText
    taker_prevented_quantity: DecimalText | UnsetType = UNSET
    maker_prevented_quantity: DecimalText | UnsetType = UNSET
    maker_symbol: str | UnsetType = UNSET


class PlacedOrder(Camel):
    """The new order, as ``newOrderRespType`` RESULT and FULL report it."""

    symbol: str
    order_id: Int
    order_list_id: Int
    client_order_id: str  # here it is the order's own id
    transact_time: Epoch
    price: DecimalText
    orig_qty: DecimalText
    executed_qty: DecimalText
    orig_quote_order_qty: DecimalText | UnsetType = UNSET  # since 2024-12-12
    cummulative_quote_qty: DecimalText
    status: Status
    time_in_force: Literal["GTC", "IOC", "FOK"]
    type: Type
    side: Literal["BUY", "SELL"]
    working_time: Int | UnsetType = UNSET  # since 2022-12-05; -1: not working
    self_trade_prevention_mode: SelfTradePrevention | UnsetType = UNSET  # since 2022-12-05
    fills: list[Fill] | UnsetType = UNSET  # FULL only
    prevented_matches: list[PreventedMatch] | UnsetType = UNSET
    trade_group_id: Int | UnsetType = UNSET
    stop_price: DecimalText | UnsetType = UNSET
    trailing_delta: Int | UnsetType = UNSET
    trailing_time: Int | UnsetType = UNSET
    iceberg_qty: DecimalText | UnsetType = UNSET
    strategy_id: Int | UnsetType = UNSET
    strategy_type: Int | UnsetType = UNSET
    prevented_match_id: Int | UnsetType = UNSET
    prevented_quantity: DecimalText | UnsetType = UNSET
    used_sor: bool | UnsetType = UNSET
    working_floor: Literal["EXCHANGE", "SOR", "BROKER"] | UnsetType = UNSET
    peg_price_type: Literal["PRIMARY_PEG", "MARKET_PEG"] | UnsetType = UNSET
    peg_offset_type: Literal["PRICE_LEVEL"] | UnsetType = UNSET
    peg_offset_value: Int | UnsetType = UNSET
    pegged_price: DecimalText | UnsetType = UNSET
    expiry_reason: str | UnsetType = UNSET  # since 2026-03-26
    order_capacity: Literal["PRINCIPAL", "AGENCY"] | UnsetType = UNSET


class PlacedOrderAck(Camel):
    """The new order, as ``newOrderRespType`` ACK reports it."""

    symbol: str
    order_id: Int
    order_list_id: Int
    client_order_id: str
    transact_time: Epoch


class Replacement(Camel):
    """Results of the cancel and of the new order."""

    cancel_result: Result
    new_order_result: Result
    cancel_response: CanceledOrder | CanceledOrderList | ApiError
    new_order_response: PlacedOrder | PlacedOrderAck | ApiError | None  # None: not attempted


class ReplaceError(Camel):
    """The body of an error; where one half or both were tried, ``data`` says what became of them."""

    bare: ClassVar = True
    code: ErrorCode  # -2021: one half failed, -2022: both, or the cancel alone
    msg: Prose
    data: Replacement | UnsetType = UNSET


# --- What it means ---

REPLACE_KEYS: Final = RequestKeys(
    symbol=("symbol",),
    order_id=("cancelOrderId",),
    client_order_id=("cancelOrigClientOrderId",),
    cancel_client_order_id=("cancelNewClientOrderId",),
)


def replaced(raw: Replacement, call: Call, at: str, status: int | None) -> list[CancelEvent]:
    """The events of the cancel; what became of the new order is in their ``extra``."""
    answer, new = raw.cancel_response, raw.new_order_response
    if isinstance(answer, ApiError):
        verdict = verdict_of(SPOT, answer.code, answer.msg, status)
        if raw.cancel_result != "FAILURE":
            verdict = unknown(verdict.reason or Reason.OTHER)
        events = [call.failed(verdict, code=str(answer.code), message=answer.msg)]
    else:
        events = report_events(answer, call, f"{at}.cancelResponse")
        if raw.cancel_result != "SUCCESS":
            events = [
                replace(event, outcome=Outcome.UNKNOWN, evidence=Evidence.NONE, reason=Reason.OTHER)
                for event in events
            ]
    for half, result, expected in (
        ("cancelResult", raw.cancel_result, "FAILURE" if isinstance(answer, ApiError) else "SUCCESS"),
        ("newOrderResult", raw.new_order_result, _expected_result(new)),
    ):
        if result != expected:
            message = f"the response that comes with it says {expected}"
            call.note("contradiction", f"{at}.{half}", message, result)
    extra: dict[str, Any] = {
        "cancelResult": raw.cancel_result,
        "newOrderResult": raw.new_order_result,
        "newOrderResponse": None if new is None else builtins_of(checked(new)),
    }
    placed = str(new.order_id) if isinstance(new, PlacedOrder | PlacedOrderAck) else None
    return [
        replace(
            event,
            replaced_by=None if event.outcome is Outcome.REJECTED else placed,
            extra={**(event.extra or {}), **extra},
        )
        for event in events
    ]


def _expected_result(new: PlacedOrder | PlacedOrderAck | ApiError | None) -> str:
    """The result that goes with a response."""
    return "NOT_ATTEMPTED" if new is None else "FAILURE" if isinstance(new, ApiError) else "SUCCESS"


def cancel_replace(raw: Replacement | ReplaceError, call: Call) -> Normalised:
    """Map the answer to a cancel-replace; the code of its failure as a whole is in ``Normalised.extra``."""
    status = call.record.status
    if isinstance(raw, Replacement):
        note_failed_status(status, call, "$")
        return call.result(replaced(raw, call, "$", status))
    if raw.data is UNSET:
        verdict = verdict_of(SPOT, raw.code, raw.msg, status)
        return call.result([failed_request(verdict, raw.code, raw.msg, call)])
    extra = {"code": raw.code, "msg": prose(raw.msg)}
    return call.result(replaced(raw.data, call, "$.data", status), extra=extra)


# --- Endpoints ---

ENDPOINTS: Final = endpoints(
    endpoint(
        "POST /api/v3/order/cancelReplace", Replacement | ReplaceError, cancel_replace, since="2022-06-15"
    ),
    product=Product.SPOT,
    request=REPLACE_KEYS,
    ids=SPOT_IDS,
    docs="https://developers.binance.com/docs/binance-spot-api-docs/rest-api/trading-endpoints",
)
