"""MEXC's second version of spot REST, before 2022: what it answers to a cancel."""

from typing import Final, Literal

from msgspec import UNSET, UnsetType

from cancelnorm.completion import completed
from cancelnorm.endpoint import Call
from cancelnorm.eventmap import NOTHING_OPEN, EventMap, Verdict, by_words, text, verdict_of
from cancelnorm.reader.mismatch import member_path
from cancelnorm.reader.scalars import Prose
from cancelnorm.reader.structs import Exact
from cancelnorm.request import RequestKeys, Target
from cancelnorm.schema import CancelEvent, EventKind, Evidence, Normalised, Outcome, Product
from cancelnorm.venue import endpoint, endpoints
from cancelnorm.venues.mexc.codes import SPOT
from cancelnorm.venues.mexc.messages import SPOT_ERRORS, refuses_anything
from cancelnorm.venues.mexc.spot import rows_named
from cancelnorm.venues.mexc.spot_orders import IDS

# --- What MEXC sends ---


class CanceledIds(Exact):
    """Result for up to 20 orders, by the id that the request names them by."""

    code: Literal[200]
    data: dict[str, Prose]  # "success", or a text


class SymbolRow(Exact):
    """Result for an order of a symbol."""

    msg: Prose  # "success", or a text
    order_id: str
    client_order_id: str | UnsetType | None = UNSET


class CanceledSymbol(Exact):
    """Result for all orders of a symbol."""

    code: Literal[200]
    data: list[SymbolRow]


# --- What it means ---

KEYS: Final = RequestKeys(
    symbol=("symbol",), order_ids=("order_ids",), client_order_ids=("client_order_ids",)
)
_LISTED: Final = Verdict(Outcome.PENDING, Evidence.LISTED)
_UNSURE: Final = Verdict(Outcome.UNKNOWN, Evidence.NONE)


def judge(said: str) -> Verdict:
    """The verdict on an order by a text; there is no code, so any but success says no more than that it failed."""
    if not said:
        return _UNSURE
    return _LISTED if said == "success" else verdict_of(SPOT, "", said)


ROW: Final = EventMap(
    SymbolRow,
    by_words(judge, SymbolRow.msg),
    order_id=text(SymbolRow.order_id),
    client_order_id=text(SymbolRow.client_order_id),
    message=text(SymbolRow.msg, none=("success",)),
)


def cancel_ids(raw: CanceledIds, call: Call) -> Normalised:
    """Map the answer to a cancel of several orders, sorted by id; only the request tells whose ids they are."""
    by_client = {target.client_order_id for target in call.targets}
    events = [
        _event(call, one, said, i, "client_order_id" if one in by_client else "order_id")
        for i, (one, said) in enumerate(sorted(raw.data.items()))
    ]
    call.unanswered(events, "$.data")
    return call.result(rows_named(events) or [call.failed(_UNSURE)])


def _event(call: Call, one: str, said: str, index: int, field: str) -> CancelEvent:
    """The event of one order; its symbol is in neither the answer nor the request."""
    return call.event(
        EventKind.ORDER,
        judge(said),
        Target(),
        index=index,
        path=member_path("$.data", one),
        message=None if said == "success" else said,
        **{field: one or None},
    )


def cancel_symbol(raw: CanceledSymbol, call: Call) -> Normalised:
    """Map the answer to a cancel of all orders of a symbol, which the request alone names."""
    if not raw.data:
        return call.result([call.scoped(NOTHING_OPEN)])
    events = ROW.events(raw.data, call, "$.data[{}]")
    if call.target.symbol is not None:
        asked = Target(symbol=call.target.symbol)
        events = [completed(event, asked) for event in events]
    return call.result(rows_named(events))


# --- Endpoints ---

ENDPOINTS: Final = endpoints(
    endpoint("DELETE /open/api/v2/order/cancel", CanceledIds, cancel_ids),
    endpoint("DELETE /open/api/v2/order/cancel_by_symbol", CanceledSymbol, cancel_symbol),
    product=Product.SPOT,
    request=KEYS,
    errors=SPOT_ERRORS,
    ids=IDS,
    is_shared=refuses_anything,
    docs="https://mexcdevelop.github.io/apidocs/spot_v2_en/",
)
