"""Meridian v5 REST: answers to a cancel of one order, and of up to twenty.

Code 0 says that a request was taken, never that an order is gone. Both endpoints answer alike.
"""

from collections.abc import Sequence
from typing import Any, Final

from msgspec import UNSET, Struct, UnsetType
from msgspec.structs import replace

from cancelnorm.completion import completed
from cancelnorm.endpoint import Call, IdSpace
from cancelnorm.eventmap import EventMap, Verdict, by_code, text, time, unknown, verdict_of
from cancelnorm.masking import without_secrets
from cancelnorm.reader.scalars import EpochText, Prose, ns_of_text
from cancelnorm.request import RequestKeys, Target
from cancelnorm.schema import CancelEvent, EventKind, Evidence, Normalised, Outcome, Product, Reason
from cancelnorm.venue import endpoint, endpoints

from .codes import V5

__all__ = ["ENDPOINTS"]

# --- What Meridian sends ---


class CanceledOrder(Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True, gc=False):
    """An order of the request, and whether its cancel was taken."""

    ord_id: str  # 18 or 19 digits; empty in some failures
    cl_ord_id: str  # empty where the order has none, and in failures
    ts: EpochText | UnsetType = UNSET  # ms, when the request was done with; since 2024
    row_code: str  # 0: taken
    row_text: Prose
    tag: str | UnsetType = UNSET
    sub_code: str | UnsetType = UNSET


class Answer(Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """What became of all orders of a request, in its order; no rows where it was refused as a whole."""

    code: str  # 0: all were taken, 1: none, 2: some; anything else: the request was refused
    msg: Prose
    data: list[CanceledOrder]
    in_time: EpochText | UnsetType = UNSET  # µs; since 2023-09
    out_time: EpochText | UnsetType = UNSET  # µs


# --- What it means ---

KEYS: Final = RequestKeys(symbol=("instId",), order_id=("ordId",), client_order_id=("clOrdId",))
TAKEN: Final = Verdict(Outcome.PENDING, Evidence.ACKNOWLEDGED, code="0")
ROWS_DECIDE: Final = ("0", "1", "2")

ROW: Final = EventMap(
    CanceledOrder,
    by_code(CanceledOrder.row_code, CanceledOrder.row_text, V5, taken=TAKEN, good=("0",)),
    order_id=text(CanceledOrder.ord_id),
    client_order_id=text(CanceledOrder.cl_ord_id),
    event_ns=time(CanceledOrder.ts),
)


def canceled(raw: Answer, call: Call) -> Normalised:
    """Map an answer: the code of a row is the verdict on its order, whatever the code of the whole."""
    call.response_ns = None if raw.out_time is UNSET else ns_of_text(raw.out_time)
    extra: dict[str, Any] = {}
    if raw.in_time is not UNSET:
        ns_of_text(raw.in_time)  # to check it
        extra["inTime"] = raw.in_time
    if not raw.data:
        return call.result([_refused(raw, call)], extra=extra)
    targets = call.by_position([(row.ord_id, row.cl_ord_id) for row in raw.data], "$.data")
    events = [
        _named(event, targets[event.index] if targets else Target(), call)
        for event in ROW.events(raw.data, call, "$.data[{}]")
    ]
    _compare_codes(raw, call)
    extra |= {"code": raw.code, "msg": without_secrets(raw.msg)}
    return call.result(events, extra=extra)


def _named(event: CancelEvent, target: Target, call: Call) -> CancelEvent:
    """An event with what only the request says: its symbol, and the order where the row names none."""
    event = completed(event, target, call, event.path or "$")
    event = replace(event, product=_product(event.symbol))
    if event.order_id is None and event.client_order_id is None:
        call.note("phantom-row", event.path or "$", "the row names no order")
        return replace(event, kind=EventKind.REQUEST)
    return event


def _refused(raw: Answer, call: Call) -> CancelEvent:
    """The event of an answer without rows."""
    verdict = (
        unknown(Reason.OTHER)
        if raw.code in ROWS_DECIDE
        else verdict_of(V5, raw.code, raw.msg, call.record.status)
    )
    event = call.failed(verdict, code=raw.code or None, message=raw.msg)
    return replace(event, product=_product(event.symbol))


def _compare_codes(raw: Answer, call: Call) -> None:
    """Note a code of the whole that the codes of the rows contradict."""
    expected = _whole_code([row.row_code == "0" for row in raw.data])
    if raw.code != expected:
        call.note("meridian-top-code", "$.code", f"the codes of the rows amount to {expected}", raw.code)


def _whole_code(taken: Sequence[bool]) -> str:
    return "0" if all(taken) else "2" if any(taken) else "1"


def _product(symbol: str | None) -> Product | None:
    """The product that an instrument's name tells: ``A-B``, ``A-B-SWAP``, ``A-B-YYMMDD``, ``A-B-…-C``."""
    parts = (symbol or "").split("-")
    match len(parts):
        case 2:
            return Product.SPOT
        case 3:
            return Product.INVERSE if parts[1] == "USD" else Product.LINEAR
        case 5:
            return Product.OPTION
    return None


# --- Endpoints ---

ENDPOINTS: Final = endpoints(
    endpoint("POST /api/v5/trade/cancel-order", Answer, canceled, page="order"),
    endpoint("POST /api/v5/trade/cancel-batch-orders", Answer, canceled, page="multiple-orders"),
    product=None,
    request=KEYS,
    ids=IdSpace("meridian", by_symbol=False),
    docs="https://docs.meridian.example#order-book-trading-trade-post-cancel-",
)
