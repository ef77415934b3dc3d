"""Binance prediction markets of the Web3 wallet: what they answer to a cancel of several orders."""

from collections.abc import Sequence
from types import MappingProxyType
from typing import Final

from cancelnorm.endpoint import Call, IdSpace
from cancelnorm.eventmap import Verdict, rejected, unknown
from cancelnorm.reader.structs import Camel
from cancelnorm.request import RequestKeys
from cancelnorm.schema import CancelEvent, EventKind, Evidence, Normalised, Outcome, Reason
from cancelnorm.venue import endpoint, endpoints
from cancelnorm.venues.binance.futures import NOT_SAID, UNSURE
from cancelnorm.venues.binance.futures_answers import ERRORS
from cancelnorm.venues.binance.messages import note_failed_status, refuses_anything

# --- What Binance sends ---


class FailedCancel(Camel):
    """An order that was not canceled."""

    order_id: str
    reason: str  # ORDER_NOT_FOUND in the one example; no page lists the others


class BatchCanceled(Camel):
    """The answer to a cancel of several orders."""

    canceled: list[str]  # ids
    failed: list[FailedCancel]


class BlockTradesRemoved(Camel):
    """The answer to a withdrawal of block trades that nobody has taken yet."""

    removed: list[str]  # ids
    noop: list[str]  # ids of which nothing was to be removed; the page does not say why


# --- What it means ---

_CANCELED: Final = Verdict(Outcome.CANCELED, Evidence.LISTED)
_FAILURES: Final = MappingProxyType({"ORDER_NOT_FOUND": rejected(Reason.NOT_FOUND)})


def _listed(ids: Sequence[str], verdict: Verdict, call: Call, at: str, start: int = 0) -> list[CancelEvent]:
    """One event for each id of a list."""
    return [
        call.event(EventKind.ORDER, verdict, index=start + i, path=f"{at}[{i}]", order_id=order_id or None)
        for i, order_id in enumerate(ids)
    ]


def _answered(events: list[CancelEvent], call: Call) -> Normalised:
    """The result; an answer that names no order says nothing of any."""
    call.unanswered(events, "$")
    return call.result(events or [call.event(EventKind.REQUEST, NOT_SAID)])


def cancel_several(raw: BatchCanceled, call: Call) -> Normalised:
    """Map the answer to a cancel of several orders."""
    note_failed_status(call.record.status, call, "$")
    events = _listed(raw.canceled, _CANCELED, call, "$.canceled")
    for i, row in enumerate(raw.failed):
        verdict = _FAILURES.get(row.reason, unknown(Reason.OTHER))
        events.append(
            call.event(
                EventKind.ORDER,
                verdict,
                index=len(events),
                path=f"$.failed[{i}]",
                order_id=row.order_id or None,
                code=row.reason or None,
            )
        )
    return _answered(events, call)


def remove(raw: BlockTradesRemoved, call: Call) -> Normalised:
    """Map the answer to a withdrawal of block trades."""
    note_failed_status(call.record.status, call, "$")
    events = _listed(raw.removed, _CANCELED, call, "$.removed")
    return _answered(events + _listed(raw.noop, UNSURE, call, "$.noop", len(events)), call)


# --- Endpoints ---

_PATH: Final = "/sapi/v1/w3w/wallet/prediction"

ENDPOINTS: Final = endpoints(
    endpoint(f"POST {_PATH}/trade/batch-cancel", BatchCanceled, cancel_several),
    endpoint(
        f"POST {_PATH}/otc/blocktrade/remove",
        BlockTradesRemoved,
        remove,
        ids=IdSpace("binance:prediction block", by_symbol=False),
    ),
    product=None,
    request=RequestKeys(order_id=("orderId",), order_ids=("orderIds",), rows=("cancelInfoList",)),
    errors=ERRORS,
    ids=IdSpace("binance:prediction", by_symbol=False),
    is_shared=refuses_anything,
    docs="https://developers.binance.com/docs/w3w_prediction",
)
