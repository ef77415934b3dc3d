"""Deribit: what it answers to an edit of an order and to a mass quote, where that canceled an order.

An edit cancels where the order may only add liquidity and would take some; a mass quote cancels quotes that it
replaces. Whatever else is answered says nothing of a cancel, and a new order is answered as an edit is.
"""

from typing import Final

from msgspec import UNSET, UnsetType
from msgspec.structs import replace

from cancelnorm.endpoint import Call
from cancelnorm.reader.fast import builtins_of, checked
from cancelnorm.reader.scalars import Int
from cancelnorm.reader.structs import Exact
from cancelnorm.schema import Evidence, Normalised
from cancelnorm.venue import endpoints
from cancelnorm.venues.deribit.messages import (
    DOCS,
    IDS,
    KEYS,
    OPEN,
    Demand,
    Envelope,
    Fault,
    beside,
    both,
    demanded,
    opened,
)
from cancelnorm.venues.deribit.orders import Order, order_map, shown
from cancelnorm.venues.deribit.skip import quiet_amendment
from cancelnorm.venues.deribit.trades import Trade

# --- What Deribit sends ---


class Edited(Exact):
    """An order, and what it traded at once."""

    order: Order
    trades: list[Trade]


class EditAnswer(Envelope):
    """The answer to an edit."""

    result: Edited | Demand


class FailedQuote(Exact):
    """A quote that was not placed."""

    instrument_name: str
    side: str
    error: Fault


class Quoted(Exact):
    """The quotes of an answer, those that were replaced among them."""

    orders: list[Order] | UnsetType = UNSET
    errors: list[FailedQuote] | UnsetType = UNSET
    trades: list[Trade] | UnsetType = UNSET
    errors_count: Int | UnsetType = UNSET
    trades_count: Int | UnsetType = UNSET
    quotes_count: Int | UnsetType = UNSET
    pending_requests: Int | UnsetType = UNSET


class QuoteAnswer(Envelope):
    """The answer to a mass quote."""

    result: Quoted | Demand


# --- What it means ---

AMENDED: Final = order_map(shown(Evidence.FINAL_REPORT))


def edit(raw: EditAnswer, call: Call) -> Normalised:
    """Map the answer to an edit."""
    opened(raw, call)
    if isinstance(raw.result, Demand):
        return demanded(raw, raw.result, call)
    return _amended(raw, [raw.result.order], "$.result.order", call)


def mass_quote(raw: QuoteAnswer, call: Call) -> Normalised:
    """Map the answer to a mass quote: the quotes that it canceled."""
    opened(raw, call)
    if isinstance(raw.result, Demand):
        return demanded(raw, raw.result, call)
    return _amended(raw, raw.result.orders or [], "$.result.orders[{}]", call)


def _amended(raw: EditAnswer | QuoteAnswer, orders: list[Order], at: str, call: Call) -> Normalised:
    """The events of the orders that were canceled, with what stands beside them."""
    events = AMENDED.events(orders, call, at) or [call.scoped(OPEN)]
    said = beside(raw)
    if isinstance(raw.result, Edited) and raw.result.trades:
        said["trades"] = [builtins_of(checked(each)) for each in raw.result.trades]
    if isinstance(raw.result, Quoted):
        rest = replace(raw.result, orders=UNSET)
        said |= {key: value for key, value in builtins_of(checked(rest)).items() if value}
    return call.result(events, extra=said)


# --- Endpoints ---

ENDPOINTS: Final = endpoints(
    *both("private/edit", EditAnswer, edit),
    *both("private/edit_by_label", EditAnswer, edit),
    *both("private/mass_quote", QuoteAnswer, mass_quote),
    product=None,
    request=KEYS,
    cancels=False,
    ids=IDS,
    docs=DOCS,
    skips=quiet_amendment,
)
