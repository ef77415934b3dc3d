"""Bybit spot before v5 (until 2023): a cancel of up to a hundred orders by their ids, under v1 and v3.

The answer names only the orders whose cancel failed.
"""

from collections.abc import Sequence
from types import MappingProxyType
from typing import Final, Literal

from msgspec import UNSET, UnsetType, field

from cancelnorm.endpoint import Call, Errors
from cancelnorm.eventmap import Absent, CodeTable, EventMap, Verdict, by_words, text, verdict_of
from cancelnorm.reader.scalars import Epoch, Prose, ns_of
from cancelnorm.reader.structs import Camel, Exact
from cancelnorm.request import RequestKeys
from cancelnorm.schema import CancelEvent, EventKind, Normalised, Product
from cancelnorm.venue import endpoint, endpoints
from cancelnorm.venues.bybit.codes import V5
from cancelnorm.venues.bybit.contracts_v2 import ERRORS as V1_ERRORS
from cancelnorm.venues.bybit.contracts_v2 import Envelope, opened, result
from cancelnorm.venues.bybit.contracts_v2 import is_shared_refusal as is_v1_refusal
from cancelnorm.venues.bybit.messages import (
    IDS,
    TAKEN,
    Empty,
    Nothing,
    Refused,
    envelope,
    is_shared_refusal,
    refused,
)

# --- What Bybit sends ---


class FailedOrder(Camel):
    """An order whose cancel failed."""

    order_id: str
    code: str


class IdsTaken(Envelope):
    """The answer of v1."""

    ret_code: Literal[0]
    result: list[FailedOrder] | None


class FailedOrders(Exact):
    """The orders whose cancel failed; often none."""

    rows: list[FailedOrder] | None = field(name="list")


class SpotIdsTaken(Camel):
    """The answer of v3."""

    ret_code: Literal[0]
    ret_msg: Prose
    result: FailedOrders
    ret_ext_map: dict[str, str] | UnsetType = UNSET
    ret_ext_info: Nothing | UnsetType = UNSET
    time: Epoch | UnsetType = UNSET


class UnnamedIds(Exact):
    """Place of the orders in a refusal: nothing."""

    rows: list[Empty] | UnsetType | None = field(name="list", default=UNSET)


class SpotIdsRefused(Refused):
    """The refusal of the request as a whole."""

    result: UnnamedIds | list[Empty] | UnsetType | None = UNSET


# --- What it means ---

KEYS: Final = RequestKeys(order_ids=("orderIds",))

# The rows have the codes of v1, whose minus may be missing, or of v3.
CODES: Final[CodeTable] = MappingProxyType(
    {
        text_of: row
        for code, row in V5.items()
        if isinstance(code, int)
        for text_of in ((str(code), str(-code)) if -3_000 < code < -1_000 else (str(code),))
    }
)


def _failed(code: str) -> Verdict:
    return TAKEN if code == "0" else verdict_of(CODES, code, "")._replace(code=code)


FAILED: Final = EventMap(
    FailedOrder, by_words(_failed, FailedOrder.code), absent=Absent.EMPTY, order_id=text(FailedOrder.order_id)
)


def _events(rows: Sequence[FailedOrder], call: Call, at: str) -> list[CancelEvent]:
    """Every order of the request: those that the answer names failed, the cancel of the others was taken."""
    events = FAILED.events(rows, call, f"{at}[{{}}]")
    failed = {row.order_id for row in rows}
    for target in call.targets:
        if target.order_id not in failed:
            events.append(call.event(EventKind.ORDER, TAKEN, target, index=len(events)))
    return events or [call.failed(TAKEN)]


def by_ids(raw: IdsTaken, call: Call) -> Normalised:
    """Map the answer of v1."""
    opened(raw, call)
    return result(_events(raw.result or [], call, "$.result"), raw, call)


def spot_by_ids(raw: SpotIdsTaken, call: Call) -> Normalised:
    """Map the answer of v3."""
    if raw.time is not UNSET:
        call.response_ns = ns_of(raw.time)
    events = _events(raw.result.rows or [], call, "$.result.list")
    extra = envelope(raw.ret_msg, raw.ret_ext_info)
    if raw.ret_ext_map:
        extra["retExtMap"] = raw.ret_ext_map
    return call.result(events, extra=extra)


# --- Endpoints ---

ENDPOINTS: Final = endpoints(
    endpoint(
        "DELETE /spot/order/batch-cancel-by-ids",
        IdsTaken,
        by_ids,
        page="v1",
        errors=V1_ERRORS,
        is_shared=is_v1_refusal,
    ),
    endpoint(
        "POST /spot/v3/private/cancel-orders-by-ids",
        SpotIdsTaken,
        spot_by_ids,
        page="v3",
        errors=Errors(SpotIdsRefused, refused),
        is_shared=is_shared_refusal,
    ),
    product=Product.SPOT,
    request=KEYS,
    ids=IDS,
    docs="https://github.com/bybit-exchange/docs-legacy/tree/master/source/includes/spot/",
)
