"""Binance trading services beside its order books: TWAP, volume participation, Convert, block trades, stocks."""

from typing import Annotated, Any, ClassVar, Final

from msgspec import Meta

from cancelnorm.completion import completed
from cancelnorm.endpoint import Call, IdSpace
from cancelnorm.eventmap import EventMap, Verdict, by_status, number, rejected, text
from cancelnorm.reader.scalars import Int, Prose
from cancelnorm.reader.structs import Camel, Exact
from cancelnorm.request import RequestKeys
from cancelnorm.rounding import rounded_note
from cancelnorm.schema import EventKind, Evidence, Normalised, Outcome, Product, Reason, Scope
from cancelnorm.venue import endpoint, endpoints
from cancelnorm.venues.binance.futures import FUTURES_IDS, NOT_SAID, TAKEN, UNSURE
from cancelnorm.venues.binance.futures_answers import ERRORS, is_shared
from cancelnorm.venues.binance.messages import CANCEL_REJECTED, OUTCOMES, ApiError, note_failed_status

# --- What Binance sends ---


class AlgoAnswer(Camel):
    """The answer to a cancel of a TWAP or volume participation order; success is a flag and the code 0."""

    bare: ClassVar = True
    algo_id: Int
    success: bool
    code: Annotated[int, Meta(ge=-(2**63), le=0)]
    msg: Prose


class ConvertOrder(Camel):
    """The report of a canceled limit order of Convert."""

    order_id: Annotated[
        int, Meta(ge=10**12, le=2**63 - 1)
    ]  # 18 or 19 digits; shorter ones are of other venues
    status: str


class BlockAnswer(Exact):
    """The answer to a withdrawal of a block trade: an empty object; which one it was only the request says."""

    bare: ClassVar = True


class HeartBeat(Camel):
    """A heart beat of dead-man switches: they run from anew."""

    underlyings: list[str]


class StockOrder(Camel):
    """The answer to a cancel of an order for stocks."""

    order_id: Annotated[str, Meta(min_length=36, max_length=36)]  # a UUID
    status: str  # "S": the cancel was accepted upstream, "F": it failed


class StocksAnswer(Camel):
    """The answer to a cancel of all orders for stocks."""

    bare: ClassVar = True
    success: bool


# --- What it means ---

KEYS: Final = RequestKeys(
    symbol=("symbol",),
    order_id=("algoId", "orderId", "blockOrderMatchingKey"),
    client_order_id=("clientAlgoId", "clientOrderId"),
)
TWAP_IDS: Final = IdSpace("binance:twap", by_symbol=False)
STOCK_IDS: Final = IdSpace("binance:stock", by_symbol=False)
# A word alone, without quantities or a time: no report of the matching engine.
_ALONE: Final = {
    status: verdict._replace(evidence=min(verdict.evidence, Evidence.TERMINAL_STATUS))
    for status, verdict in OUTCOMES.items()
}
CONVERT: Final = EventMap(
    ConvertOrder, by_status(ConvertOrder.status, _ALONE, UNSURE), order_id=number(ConvertOrder.order_id)
)
STOCK: Final = EventMap(
    StockOrder,
    by_status(StockOrder.status, {"S": TAKEN, "F": rejected(Reason.OTHER)}, UNSURE),
    order_id=text(StockOrder.order_id),
)


def cancel_algo(raw: AlgoAnswer, call: Call) -> Normalised:
    """Map the answer to a cancel of one TWAP or volume participation order."""
    if not raw.success or raw.code != 0:
        failure = Verdict(Outcome.UNKNOWN, Evidence.SUCCESS_FLAG)
        return call.result(
            [call.failed(failure, order_id=str(raw.algo_id), code=str(raw.code), message=raw.msg)],
            extra={"success": raw.success},
        )
    note_failed_status(call.record.status, call, "$")
    if note := rounded_note(raw.algo_id, "$.algoId"):
        call.notes.append(note)
    event = call.event(
        EventKind.ORDER, TAKEN, path="$", order_id=str(raw.algo_id), code=str(raw.code), message=raw.msg
    )
    return call.result([completed(event, call.target, call)])


def cancel_convert(raw: ConvertOrder, call: Call) -> Normalised:
    """Map the answer to a cancel of a limit order of Convert."""
    note_failed_status(call.record.status, call, "$")
    return call.result([CONVERT.event(raw, call, "$")])


def withdraw(raw: BlockAnswer, call: Call) -> Normalised:  # noqa: ARG001  # an empty object
    """Map the answer to a withdrawal of a block trade."""
    note_failed_status(call.record.status, call, "$")
    return call.result([call.failed(TAKEN)])


def beat(raw: HeartBeat, call: Call) -> Normalised:
    """Map a heart beat; the underlyings are in ``extra``."""
    note_failed_status(call.record.status, call, "$")
    extra = {"underlyings": raw.underlyings}
    return call.result([call.event(EventKind.TIMER, TAKEN, scope=Scope.UNDERLYING, path="$", extra=extra)])


def cancel_stock(raw: StockOrder, call: Call) -> Normalised:
    """Map the answer to a cancel of one order for stocks."""
    note_failed_status(call.record.status, call, "$")
    return call.result([STOCK.event(raw, call, "$")])


def cancel_stocks(raw: StocksAnswer, call: Call) -> Normalised:
    """Map the answer to a cancel of all orders for stocks."""
    note_failed_status(call.record.status, call, "$")
    verdict = TAKEN if raw.success else NOT_SAID
    return call.result([call.scoped(verdict, scope=Scope.ACCOUNT, extra={"success": raw.success})])


def is_anything(raw: Any) -> bool:
    """Whether other requests are answered alike, where success has no word about a cancel."""
    return not isinstance(raw, ApiError) or raw.code != CANCEL_REJECTED


# --- Endpoints ---

_SITE: Final = "https://developers.binance.com/docs/"


ENDPOINTS: Final = endpoints(
    endpoint(
        "DELETE /sapi/v1/algo/spot/order",
        AlgoAnswer,
        cancel_algo,
        product=Product.SPOT,
        ids=TWAP_IDS,
        page="algo/spot-algo/Cancel-Algo-Order",
    ),
    endpoint(
        "DELETE /sapi/v1/algo/futures/order",
        AlgoAnswer,
        cancel_algo,
        product=Product.LINEAR,
        ids=TWAP_IDS,
        page="algo/future-algo/Cancel-Algo-Order",
    ),
    endpoint(
        "POST /sapi/v1/convert/limit/cancelOrder",
        ConvertOrder,
        cancel_convert,
        product=Product.SPOT,
        ids=IdSpace("binance:convert", by_symbol=False),
        page="convert/trade/Cancel-Order",
    ),
    endpoint(
        "DELETE /eapi/v1/block/order/create",
        BlockAnswer,
        withdraw,
        product=Product.OPTION,
        ids=IdSpace("binance:block", by_symbol=False),
        is_shared=is_anything,
        page="derivatives/options-trading/market-maker-block-trade/Cancel-Block-Trade-Order",
    ),
    endpoint(
        "POST /eapi/v1/countdownCancelAllHeartBeat",
        HeartBeat,
        beat,
        product=Product.OPTION,
        ids=FUTURES_IDS,
        page="derivatives/options-trading/market-maker-endpoints/Auto-Cancel-All-Open-Orders-Heartbeat",
        since="2022-11-07",
    ),
    endpoint(
        "POST /sapi/v1/equity/order/cancel",
        StockOrder,
        cancel_stock,
        ids=STOCK_IDS,
        is_shared=is_anything,
        page="stocks",
    ),
    endpoint(
        "POST /sapi/v1/equity/order/cancel-all",
        StocksAnswer,
        cancel_stocks,
        ids=STOCK_IDS,
        is_shared=is_anything,
        page="stocks",
    ),
    product=None,
    request=KEYS,
    errors=ERRORS,
    ids=IdSpace("binance:other", by_symbol=False),
    is_shared=is_shared,
    docs=_SITE,
)
