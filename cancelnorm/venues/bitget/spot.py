"""Bitget spot REST: what it answers to a cancel of orders and of plan orders, and to a cancel-replace."""

from types import MappingProxyType
from typing import Final, Literal

from cancelnorm.endpoint import Call
from cancelnorm.eventmap import Absent, EventMap, Verdict, by_words, rejected, text
from cancelnorm.reader.scalars import Prose
from cancelnorm.reader.structs import Camel
from cancelnorm.request import Target
from cancelnorm.schema import Evidence, Initiator, Normalised, Outcome, Product, Reason
from cancelnorm.venue import endpoint, endpoints
from cancelnorm.venues.bitget.codes import GOOD
from cancelnorm.venues.bitget.messages import (
    DOCS,
    ERRORS,
    IDS,
    KEYS,
    OPEN,
    SCOPE_KEYS,
    TAKEN,
    CancelAnswer,
    Envelope,
    ListsAnswer,
    cancel,
    envelope,
    is_shared,
    lists,
    note_code,
    of_request,
    refused,
    scoped,
)

# --- What Bitget sends ---


class Symbol(Camel):
    """The symbol whose orders are being canceled."""

    symbol: str


class SymbolAnswer(Envelope):
    """The answer to a cancel of all orders of a symbol, which goes on behind it."""

    data: Symbol | None


class Replacement(Camel):
    """Result for the new order of a cancel-replace; there is no word of the old one."""

    order_id: str | None
    client_oid: str | None
    success: Literal["success", "failure"]
    msg: Prose | None


class ReplaceAnswer(Envelope):
    """The answer to a cancel-replace."""

    data: Replacement | None


class ReplacesAnswer(Envelope):
    """The answer to several cancel-replaces."""

    data: list[Replacement] | None


class Flag(Camel):
    """Result of the cancel of a plan order."""

    result: Literal["success", "failure"]


class FlagAnswer(Envelope):
    """The answer to a cancel of one plan order, which it does not name."""

    data: Flag | None


# --- What it means ---

_REPLACED: Final = Verdict(Outcome.CANCELED, Evidence.SUCCESS_FLAG, initiator=Initiator.AMEND)
# The old order is canceled before the new one is placed, and may be gone although that failed.
_UNSAID: Final = Verdict(Outcome.UNKNOWN, Evidence.NONE, initiator=Initiator.AMEND)
FLAGS: Final = MappingProxyType({"success": TAKEN._replace(code=None), "failure": rejected(Reason.OTHER)})


def _replaced(success: str) -> Verdict:
    return _REPLACED if success == "success" else _UNSAID


REPLACED: Final = EventMap(
    Replacement,
    by_words(_replaced, Replacement.success),
    also=(Replacement.success,),
    without={Replacement.success: ("success", "failure")},
    absent=Absent.EMPTY,
    replaced_by=text(Replacement.order_id),
    message=text(Replacement.msg),
)


def _flagged(result: str) -> Verdict:
    return FLAGS.get(result, OPEN)


FLAGGED: Final = EventMap(
    Flag,
    by_words(_flagged, Flag.result),
    also=(Flag.result,),
    without={Flag.result: ("success", "failure")},
)


def cancel_symbol(raw: SymbolAnswer, call: Call) -> Normalised:
    """Map the answer to a cancel of all orders of a symbol."""
    symbol = None if raw.data is None else raw.data.symbol or None
    if raw.data is None or raw.code != GOOD:
        return refused(raw, call, symbol=symbol)
    said = envelope(raw, call)
    return call.result([scoped(call, symbol=symbol)], extra=said)


def replace(raw: ReplaceAnswer, call: Call) -> Normalised:
    """Map the answer to a cancel-replace: what became of the old order, which the request names."""
    if raw.data is None:
        return refused(raw, call)
    said = envelope(raw, call)
    note_code(raw, call)
    return call.result([of_request(REPLACED.event(raw.data, call, "$.data"), call.target)], extra=said)


def replaces(raw: ReplacesAnswer, call: Call) -> Normalised:
    """Map the answer to several: rows stand in the order of the request."""
    if not raw.data:
        return refused(raw, call)
    said = envelope(raw, call)
    note_code(raw, call)
    asked = call.by_position([(None, None)] * len(raw.data), "$.data") or [Target()] * len(raw.data)
    events = REPLACED.events(raw.data, call, "$.data[{}]")
    return call.result([*map(of_request, events, asked)], extra=said)


def cancel_plan(raw: FlagAnswer, call: Call) -> Normalised:
    """Map the answer to a cancel of one plan order, which the request names."""
    if raw.data is None:
        return refused(raw, call)
    said = envelope(raw, call)
    note_code(raw, call)
    event = FLAGGED.event(raw.data, call, "$.data")
    return call.result([of_request(event, call.target)], extra=said)


# --- Endpoints ---

ENDPOINTS: Final = endpoints(
    endpoint("POST /api/v2/spot/trade/cancel-order", CancelAnswer, cancel, page="trade/Cancel-Order"),
    endpoint(
        "POST /api/v2/spot/trade/batch-cancel-order", ListsAnswer, lists, page="trade/Batch-Cancel-Orders"
    ),
    endpoint(
        "POST /api/v2/spot/trade/cancel-symbol-order",
        SymbolAnswer,
        cancel_symbol,
        page="trade/Cancel-Symbol-Orders",
        request=SCOPE_KEYS,
    ),
    endpoint(
        "POST /api/v2/spot/trade/cancel-replace-order",
        ReplaceAnswer,
        replace,
        page="trade/Cancel-Replace-Order",
    ),
    endpoint(
        "POST /api/v2/spot/trade/batch-cancel-replace-order",
        ReplacesAnswer,
        replaces,
        page="trade/Batch-Cancel-Replace-Order",
    ),
    endpoint(
        "POST /api/v2/spot/trade/cancel-plan-order",
        FlagAnswer,
        cancel_plan,
        page="plan/Cancel-Plan-Order",
    ),
    endpoint(
        "POST /api/v2/spot/trade/batch-cancel-plan-order",
        ListsAnswer,
        lists,
        page="plan/Batch-Cancel-Plan-Order",
    ),
    product=Product.SPOT,
    request=KEYS,
    errors=ERRORS,
    is_shared=is_shared,
    ids=IDS,
    docs=f"{DOCS}spot/",
)
