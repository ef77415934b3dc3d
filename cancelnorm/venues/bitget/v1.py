"""Bitget v1 REST, until 2025: what it answered to a cancel.

The pages are gone, and no recording is public. Names differ from one product to the next, so that each shape takes
all that clients have read.
"""

from collections.abc import Iterable
from types import MappingProxyType
from typing import Any, Final

from msgspec import UNSET, UnsetType

from cancelnorm.endpoint import Call
from cancelnorm.eventmap import EventMap, always, by_words, first, rejected, text
from cancelnorm.reader.scalars import Prose
from cancelnorm.reader.structs import Camel, Exact
from cancelnorm.request import RequestKeys, Target
from cancelnorm.schema import CancelEvent, EventKind, Normalised, Product, Reason
from cancelnorm.venue import endpoint, endpoints
from cancelnorm.venues.bitget.codes import GOOD
from cancelnorm.venues.bitget.messages import (
    ERRORS,
    IDS,
    OPEN,
    SEEN,
    TAKEN,
    Envelope,
    envelope,
    is_shared,
    joined,
    judge,
    note_code,
    refused,
    scoped,
    taken,
)

# --- What Bitget sends ---


class Name(Camel):
    """An order whose cancel was taken."""

    order_id: str
    client_oid: str | UnsetType | None = UNSET  # futures and margin
    client_order_id: str | UnsetType | None = UNSET  # spot


class Failed(Name):
    """An order of several whose cancel was not taken."""

    error_msg: Prose
    error_code: str | UnsetType | None = UNSET


class SingleAnswer(Envelope):
    """The answer to a cancel of one order; the first version of spot had its id alone."""

    data: Name | str | None


class ResultLists(Camel):
    """Result for several orders of spot or margin."""

    result_list: list[Name] | None
    failure: list[Failed] | UnsetType | None = UNSET  # margin
    failed: list[Failed] | UnsetType | None = UNSET  # spot


class FailInfo(Exact):
    """A futures order whose cancel was not taken."""

    order_id: str
    err_code: str
    err_msg: Prose


class OrderIds(Exact):
    """Result for several orders of futures."""

    order_ids: list[str] | None
    client_order_ids: list[str] | UnsetType | None = UNSET
    fail_infos: list[FailInfo] | UnsetType | None = UNSET
    symbol: str | UnsetType | None = UNSET
    result: bool | UnsetType = UNSET


class SeveralAnswer(Envelope):
    """The answer to a cancel of several orders, or of all of a scope."""

    data: OrderIds | ResultLists | list[str] | str | bool | None


# --- What it means ---

# Those with an s in front are demo trading.
_PRODUCTS: Final = MappingProxyType(
    {
        word: product
        for name, product in (
            ("umcbl", Product.LINEAR),
            ("cmcbl", Product.LINEAR),
            ("dmcbl", Product.INVERSE),
            ("sumcbl", Product.LINEAR),
            ("scmcbl", Product.LINEAR),
            ("sdmcbl", Product.INVERSE),
        )
        for word in (name, name.upper())
    }
)
KEYS: Final = RequestKeys(
    symbol=("symbol",),
    order_id=("orderId",),
    client_order_id=("clientOid", "clientOrderId"),
    product=("productType",),
    products=_PRODUCTS,
    order_ids=("orderIds",),
    client_order_ids=("clientOids", "clientOrderIds"),
)
NAMED: Final = EventMap(
    Name,
    always(TAKEN),
    order_id=text(Name.order_id),
    client_order_id=first(text(Name.client_oid), text(Name.client_order_id)),
)
LISTED: Final = NAMED.extended(Name, always(SEEN), unnamed=EventKind.REQUEST)
FAILED: Final = NAMED.extended(
    Failed,
    by_words(judge, Failed.error_code, Failed.error_msg),
    unnamed=EventKind.REQUEST,
    code=text(Failed.error_code),
    message=text(Failed.error_msg),
)
FAIL_INFO: Final = EventMap(
    FailInfo,
    by_words(judge, FailInfo.err_code, FailInfo.err_msg),
    unnamed=EventKind.REQUEST,
    order_id=text(FailInfo.order_id),
    code=text(FailInfo.err_code),
    message=text(FailInfo.err_msg),
)


def cancel(raw: SingleAnswer, call: Call) -> Normalised:
    """Map the answer to a cancel of one order."""
    order = raw.data
    if order is None or raw.code != GOOD:
        named = Name(order_id=order) if isinstance(order, str) else order
        if named is None:
            return refused(raw, call)
        client_id = named.client_oid or named.client_order_id or None
        return refused(raw, call, order_id=named.order_id or None, client_order_id=client_id)
    said = envelope(raw, call)
    if isinstance(order, str):
        event = call.event(EventKind.ORDER, TAKEN, path="$.data", order_id=order or None)
    else:
        event = NAMED.event(order, call, "$.data")
    return call.result([taken(event, call, "$.data")], extra=said)


def several(raw: SeveralAnswer, call: Call) -> Normalised:
    """Map the answer to a cancel of several orders, or of all of a scope."""
    data = raw.data
    if data is None:
        return refused(raw, call)
    said: dict[str, Any] = envelope(raw, call)
    events: list[CancelEvent] = []
    verdict = TAKEN
    match data:
        case OrderIds():
            events = _ids(data.order_ids or (), "order_ids", "order_id", call)
            events += _ids(data.client_order_ids or (), "client_order_ids", "client_order_id", call)
            events += FAIL_INFO.events(
                data.fail_infos or [], call, "$.data.fail_infos[{}]", start=len(events)
            )
            said |= {"symbol": data.symbol} if data.symbol else {}
            if data.result is False:
                verdict = rejected(Reason.OTHER)
                said["result"] = False
        case ResultLists():
            events = LISTED.events(data.result_list or [], call, "$.data.resultList[{}]")
            for name, rows in (("failure", data.failure), ("failed", data.failed)):
                events += FAILED.events(rows or [], call, f"$.data.{name}[{{}}]", start=len(events))
        case list():
            events = _ids(data, "", "order_id", call)
        case _:
            said["data"] = data
            verdict = rejected(Reason.OTHER) if data is False else TAKEN
    note_code(raw, call)
    if raw.code != GOOD and not events:
        verdict = OPEN._replace(code=raw.code)
    return call.result(joined(events, call) or [scoped(call, verdict)], extra=said)


def _ids(ids: Iterable[str], name: str, field: str, call: Call) -> list[CancelEvent]:
    """The events of orders of which there is an id alone."""
    at = f"$.data.{name}".rstrip(".")
    return [
        call.event(
            EventKind.ORDER if one else EventKind.REQUEST,
            SEEN,
            Target(),
            index=i,
            path=f"{at}[{i}]",
            **{field: one or None},
        )
        for i, one in enumerate(ids)
    ]


# --- Endpoints ---

ENDPOINTS: Final = endpoints(
    endpoint("POST /api/spot/v1/trade/cancel-order", SingleAnswer, cancel, product=Product.SPOT),
    endpoint("POST /api/spot/v1/trade/cancel-order-v2", SingleAnswer, cancel, product=Product.SPOT),
    endpoint("POST /api/spot/v1/trade/cancel-batch-orders", SeveralAnswer, several, product=Product.SPOT),
    endpoint("POST /api/spot/v1/trade/cancel-batch-orders-v2", SeveralAnswer, several, product=Product.SPOT),
    endpoint("POST /api/spot/v1/trade/cancel-symbol-order", SeveralAnswer, several, product=Product.SPOT),
    endpoint("POST /api/spot/v1/plan/cancelPlan", SingleAnswer, cancel, product=Product.SPOT),
    endpoint("POST /api/spot/v1/plan/batchCancelPlan", SeveralAnswer, several, product=Product.SPOT),
    endpoint("POST /api/mix/v1/order/cancel-order", SingleAnswer, cancel),
    endpoint("POST /api/mix/v1/order/cancel-batch-orders", SeveralAnswer, several),
    endpoint("POST /api/mix/v1/order/cancel-symbol-orders", SeveralAnswer, several),
    endpoint("POST /api/mix/v1/order/cancel-all-orders", SeveralAnswer, several),
    endpoint("POST /api/mix/v1/plan/cancelPlan", SingleAnswer, cancel),
    endpoint("POST /api/mix/v1/plan/cancelSymbolPlan", SeveralAnswer, several),
    endpoint("POST /api/mix/v1/plan/cancelAllPlan", SeveralAnswer, several),
    endpoint("POST /api/margin/v1/cross/order/cancelOrder", SeveralAnswer, several, product=Product.MARGIN),
    endpoint(
        "POST /api/margin/v1/cross/order/batchCancelOrder", SeveralAnswer, several, product=Product.MARGIN
    ),
    endpoint(
        "POST /api/margin/v1/isolated/order/cancelOrder", SeveralAnswer, several, product=Product.MARGIN
    ),
    endpoint(
        "POST /api/margin/v1/isolated/order/batchCancelOrder", SeveralAnswer, several, product=Product.MARGIN
    ),
    product=None,
    request=KEYS,
    errors=ERRORS,
    is_shared=is_shared,
    ids=IDS,
    docs="https://github.com/BitgetLimited/v3-bitget-api-sdk",
)
