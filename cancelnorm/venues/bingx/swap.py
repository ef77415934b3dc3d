"""BingX perpetuals with linear margin: what they answer to a cancel."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

import msgspec
from msgspec import UNSET, Struct, UnsetType

from cancelnorm.codec import Codec, Target
from cancelnorm.reader.scalars import Int, identifier
from cancelnorm.reader.types import Kind
from cancelnorm.record import Record
from cancelnorm.schema import (
    CancelEvent,
    Evidence,
    Normalised,
    Note,
    Product,
)
from cancelnorm.venues.bingx.answers import answer, failed_event, listed_events, refused, unlisted, unsaid
from cancelnorm.venues.bingx.contracts import (
    ContractOrder,
    NoOrder,
    order_event,
    order_notes,
)
from cancelnorm.venues.bingx.orders import completed, rounded_notes
from cancelnorm.venues.bingx.spot import (
    ApiError,
    Reply,
    TimerReply,
    cancel_target,
    normalise_timer,
)

__all__ = ["CODECS", "Canceled", "one_order"]

# --- What BingX sends ---


class Canceled(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The order that was to be canceled."""

    order: ContractOrder


class CancelReply(Reply, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """A cancel of one order."""

    data: Canceled


class FailedCancel(Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True, gc=False):
    """An order of a batch that was not canceled."""

    order_id: Int | str
    client_order_id: str | UnsetType = UNSET  # documented in 2024 and not since
    error_code: Int
    error_message: str


class FailedOpenOrder(
    Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True, gc=False
):
    """An open order that was not canceled with the others."""

    order_id: Int | str
    client_order_id: str
    error_code: Int  # 80012; 109500 since October 2025
    error_message: str


class Batch(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What became of a batch."""

    success: list[ContractOrder | NoOrder] | None
    failed: list[FailedCancel] | None


class OpenOrders(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What became of all open orders. What is sent where none were open is not documented."""

    success: list[ContractOrder | NoOrder] | None
    failed: list[FailedOpenOrder] | None


class BatchReply(Reply, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """A cancel of several orders; the code is 0 even where orders failed."""

    data: Batch


class OpenOrdersReply(Reply, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """A cancel of all open orders of a symbol, or of all symbols where the request names none."""

    data: OpenOrders


# --- What it means ---


def normalise_cancel(raw: CancelReply | ApiError, record: Record, codec: Codec) -> Normalised:
    """Map the answer to a cancel of one order."""
    if isinstance(raw, ApiError):
        return refused(raw, record, codec)
    return one_order(raw, raw.data.order, record, codec)


def one_order(
    raw: Reply, order: ContractOrder, record: Record, codec: Codec, *, response_ns: int | None = None
) -> Normalised:
    """Map an answer that holds one order."""
    event = order_event(order, record, codec, taken=Evidence.ACKNOWLEDGED, response_ns=response_ns)
    asked = identifier((record.request or {}).get("orderId"))
    return answer(
        raw,
        [completed(event, codec.target(record))],
        order_notes(order, event, "$.data.order"),
        [asked] if asked else [],
    )


def normalise_batch(raw: BatchReply | ApiError, record: Record, codec: Codec) -> Normalised:
    """Map the answer to a cancel of several orders: those canceled, then those that failed."""
    if isinstance(raw, ApiError):
        return refused(raw, record, codec)
    notes: list[Note] = []
    orders = raw.data.success or []
    events = [*listed_events(orders, record, codec, notes)]
    events += _failed_events(raw.data.failed or (), record, codec, notes, first=len(orders))
    asked = _asked_ids(record.request)[0] if record.request else []
    return answer(raw, events or [unsaid(record, codec)], notes, asked)


def normalise_open_orders(raw: OpenOrdersReply | ApiError, record: Record, codec: Codec) -> Normalised:
    """Map the answer to a cancel of all open orders."""
    if isinstance(raw, ApiError):
        return refused(raw, record, codec)
    notes: list[Note] = []
    orders = raw.data.success or []
    events = [*listed_events(orders, record, codec, notes)]
    events += _failed_events(raw.data.failed or (), record, codec, notes, first=len(orders))
    return answer(raw, events or [unlisted(orders, record, codec)], notes, ())


def normalise_swap_timer(raw: TimerReply | ApiError, record: Record, codec: Codec) -> Normalised:
    """Map the answer to a request for the dead-man switch, which is that of spot but for its errors."""
    return refused(raw, record, codec) if isinstance(raw, ApiError) else normalise_timer(raw, record, codec)


def _failed_events(
    rows: Iterable[FailedCancel | FailedOpenOrder],
    record: Record,
    codec: Codec,
    notes: list[Note],
    *,
    first: int,
) -> Iterable[CancelEvent]:
    """One event an order of the list of those that failed."""
    for index, row in enumerate(rows):
        notes += rounded_notes(row.order_id, f"$.data.failed[{index}].orderId")
        yield failed_event(
            record,
            codec,
            code=row.error_code,
            message=row.error_message,
            order_id=row.order_id,
            client_order_id=row.client_order_id or None,
            index=first + index,
        )


def batch_target(request: Mapping[str, Any]) -> Target:
    """The order that the parameters of a batch name, where they name just one."""
    order_ids, client_ids = _asked_ids(request)
    symbol = identifier(request.get("symbol"))
    if len(order_ids) + len(client_ids) != 1:
        return Target(symbol)
    return Target(symbol, *order_ids) if order_ids else Target(symbol, client_order_id=client_ids[0])


def _asked_ids(request: Mapping[str, Any]) -> tuple[list[str], list[str]]:
    """The order ids and the client ids that the parameters of a batch name; the latter in all spellings."""
    names = ("clientOrderIdList", "clientOrderIDList", "ClientOrderIDList")  # 2025, 2024, 2023
    client_ids = next((request[name] for name in names if request.get(name)), None)
    return _listed_ids(request.get("orderIdList")), _listed_ids(client_ids)


def _listed_ids(value: object) -> list[str]:
    """The ids of a parameter: a list, or JSON of one in a text."""
    if isinstance(value, str):
        try:
            value = msgspec.json.decode(value)
        except (ValueError, RecursionError):
            return []
    parts = value if isinstance(value, list | tuple) else (value,)
    return [text for part in parts if (text := identifier(part))]


# --- Registration ---

_DOCS: Final = "https://bingx-api.github.io/docs/#/en-us/swapV2/trade-api.html"


def _codec(
    endpoint: str,
    reply: Kind,
    normalise: Callable[[Any, Record, Codec], Normalised],
    target: Callable[[Mapping[str, Any]], Target] = cancel_target,
) -> Codec:
    shape = reply | ApiError
    return Codec("bingx", endpoint, shape, normalise, product=Product.LINEAR, target=target, docs=_DOCS)


CODECS: Final = (
    _codec("DELETE /openApi/swap/v2/trade/order", CancelReply, normalise_cancel),
    _codec("DELETE /openApi/swap/v2/trade/batchOrders", BatchReply, normalise_batch, batch_target),
    _codec("DELETE /openApi/swap/v2/trade/allOpenOrders", OpenOrdersReply, normalise_open_orders),
    _codec("POST /openApi/swap/v2/trade/cancelAllAfter", TimerReply, normalise_swap_timer),
)
