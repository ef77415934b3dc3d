"""Gate spot REST: what it answers to a cancel of one order, of several, of all."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from msgspec import UNSET, Struct, UnsetType

from cancelnorm.completion import all_completed
from cancelnorm.endpoint import Call
from cancelnorm.eventmap import Absent, EventMap, Verdict, always, by_words, made, text
from cancelnorm.reader.scalars import Prose
from cancelnorm.reader.structs import Exact
from cancelnorm.reader.types import declared
from cancelnorm.schema import CancelEvent, Normalised
from cancelnorm.venue import endpoint, endpoints
from cancelnorm.venues.gate.endings import answered_spot_end, is_canceled, show_cancels
from cancelnorm.venues.gate.labels import SPOT_LABELS
from cancelnorm.venues.gate.messages import (
    DOCS,
    SPOT_ERRORS,
    SPOT_IDS,
    SPOT_KEYS,
    TAKEN,
    client_id,
    nothing_open,
)
from cancelnorm.venues.gate.rows import client_id_of, each_joined, order_id_of, row_verdict
from cancelnorm.venues.gate.spot_orders import SpotOrder, spot_map

# --- What Gate sends ---


class SweptOrder(SpotOrder):
    """An order in the answer to a cancel of all, which says itself whether it was canceled."""

    succeeded: bool | UnsetType = UNSET  # not in the oldest answers
    label: str | UnsetType | None = UNSET  # "" where it was
    message: Prose | UnsetType | None = UNSET  # "" where it was


class LeftOrder(Exact):
    """An order in the same answer that could not be canceled, where it is not shown."""

    id: str
    succeeded: bool
    label: str
    message: Prose | None
    user_id: int | UnsetType = UNSET
    text: str | UnsetType = UNSET
    currency_pair: str | UnsetType = UNSET


class TakenOrder(Exact):
    """The answer under ``action_mode`` ACK, which has the ids alone."""

    id: str
    text: str
    currency_pair: str | UnsetType = UNSET
    amend_text: str | UnsetType = UNSET


class BatchRow(Exact):
    """Result of the cancel of one order of several."""

    currency_pair: str
    id: str
    text: str | UnsetType = UNSET  # since 2024
    succeeded: bool | UnsetType = UNSET  # over a WebSocket only of those that succeeded
    label: str | UnsetType | None = UNSET  # null or "" with a success
    message: Prose | UnsetType | None = UNSET  # null or "" with a success
    account: str | UnsetType = UNSET  # "", not used any more


# --- What it means ---


def _row(
    succeeded: bool | UnsetType, label: str | UnsetType | None, message: str | UnsetType | None
) -> Verdict:
    return row_verdict(SPOT_LABELS, succeeded, label, message)


def _swept(
    status: str,
    finish_as: object,
    succeeded: bool | UnsetType,
    label: str | UnsetType | None,
    message: str | UnsetType | None,
) -> Verdict:
    """The verdict of an order that is shown with a flag; without a failure the order itself tells."""
    if label or succeeded is False:
        return _row(succeeded, label, message)
    return answered_spot_end(status, finish_as)


ORDER: Final = spot_map(
    SpotOrder,
    by_words(
        answered_spot_end,
        SpotOrder.status,
        SpotOrder.finish_as,
        SpotOrder.filled_amount,
        raw_status=SpotOrder.status,
    ),
)
SWEPT: Final = spot_map(
    SweptOrder,
    by_words(
        _swept,
        SweptOrder.status,
        SweptOrder.finish_as,
        SweptOrder.succeeded,
        SweptOrder.label,
        SweptOrder.message,
        raw_status=SweptOrder.status,
    ),
    message=text(SweptOrder.message),
)
LEFT: Final = EventMap(
    LeftOrder,
    by_words(_row, LeftOrder.succeeded, LeftOrder.label, LeftOrder.message),
    absent=Absent.EMPTY,
    symbol=text(LeftOrder.currency_pair),
    order_id=made(order_id_of, LeftOrder.id, LeftOrder.text),
    client_order_id=made(client_id_of, LeftOrder.text, LeftOrder.id),
    message=text(LeftOrder.message),
)
ACKNOWLEDGED: Final = EventMap(
    TakenOrder,
    always(TAKEN),
    absent=Absent.EMPTY,
    without={TakenOrder.amend_text: ("-",)},
    symbol=text(TakenOrder.currency_pair),
    order_id=text(TakenOrder.id),
    client_order_id=made(client_id, TakenOrder.text),
)
ROW: Final = EventMap(
    BatchRow,
    by_words(_row, BatchRow.succeeded, BatchRow.label, BatchRow.message),
    absent=Absent.EMPTY,
    symbol=text(BatchRow.currency_pair),
    order_id=made(order_id_of, BatchRow.id, BatchRow.text),
    client_order_id=made(client_id_of, BatchRow.text, BatchRow.id),
    message=text(BatchRow.message),
)


def cancel(raw: SpotOrder | TakenOrder, call: Call) -> Normalised:
    """Map the answer to a cancel of one order, which shows it: it may have been filled before."""
    events = spot_events([raw], call, "$")
    return call.result(all_completed(events, call))


def cancel_all(raw: Sequence[SweptOrder | LeftOrder | TakenOrder], call: Call) -> Normalised:
    """Map the answer to a cancel of all orders."""
    return call.result(spot_events(raw, call, "$[{}]")) if raw else nothing_open(call)


_MAPS: Final[dict[type[Struct], EventMap]] = {
    SpotOrder: ORDER,
    SweptOrder: SWEPT,
    LeftOrder: LEFT,
    TakenOrder: ACKNOWLEDGED,
}


def spot_events(raws: Sequence[Any], call: Call, at: str) -> list[CancelEvent]:
    """One event an order; mostly all are shown alike."""
    kinds = {declared(type(raw)) for raw in raws}
    if len(kinds) == 1:
        return _MAPS[kinds.pop()].events(raws, call, at)
    return [*_each(raws, call, at)]


def _each(raws: Sequence[Any], call: Call, at: str) -> Iterator[CancelEvent]:
    for i, raw in enumerate(raws):
        yield from _MAPS[declared(type(raw))].events([raw], call, at.format(i), start=i)


def is_shared(raw: Any) -> bool:
    """Whether other requests are answered alike: with anything but rows of a batch and orders that were canceled."""
    is_batch = isinstance(raw, list) and bool(raw) and isinstance(raw[0], BatchRow)
    return not is_batch and not show_cancels(raw, is_canceled)


# --- Endpoints ---

ENDPOINTS: Final = endpoints(
    endpoint(
        "DELETE /api/v4/spot/orders/{order_id}",
        SpotOrder | TakenOrder,
        cancel,
        page="cancel-a-single-order",
    ),
    endpoint(
        "DELETE /api/v4/spot/orders",
        list[SweptOrder | LeftOrder | TakenOrder],
        cancel_all,
        page="cancel-all-open-orders-in-specified-currency-pair",
    ),
    endpoint(
        "POST /api/v4/spot/cancel_batch_orders",
        list[BatchRow],
        each_joined(ROW),
        page="cancel-batch-orders-by-specified-id-list",
    ),
    product=None,
    request=SPOT_KEYS,
    errors=SPOT_ERRORS,
    is_shared=is_shared,
    ids=SPOT_IDS,
    docs=DOCS,
)
