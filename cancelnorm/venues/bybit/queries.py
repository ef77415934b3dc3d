"""Bybit v5 REST: what it answers to a question about orders, where they are canceled."""

from typing import Final, Literal

from msgspec import UNSET, Struct, UnsetType, field
from msgspec.structs import replace

from cancelnorm.codec import Codec
from cancelnorm.reader.scalars import EPOCHS, Epoch
from cancelnorm.record import Record
from cancelnorm.schema import Evidence, Normalised, Note, Outcome
from cancelnorm.venues.bybit.frames import skip
from cancelnorm.venues.bybit.orders import Empty, Nothing, Refused, envelope, refusal, shortened
from cancelnorm.venues.bybit.request import PRODUCTS, order_target
from cancelnorm.venues.bybit.states import OrderState, said_of_none, state_events

__all__ = ["CODECS", "QueryRefused", "query_refusal"]

# --- What Bybit sends ---


class QueriedOrder(
    OrderState, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True, gc=False
):
    """An order in the answer to a query."""

    extra_fees: str | UnsetType = UNSET  # history
    base_price: str | UnsetType = UNSET  # history


class QueriedOrders(Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True, gc=False):
    """A page of orders, the newest first."""

    category: Literal["linear", "inverse", "spot", "option"]
    orders: list[QueriedOrder] | None = field(name="list")
    next_page_cursor: str | None  # "" on the last page


class OrdersShown(Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True, gc=False):
    """The answer to a query."""

    ret_code: Literal[0]
    ret_msg: str
    result: QueriedOrders
    ret_ext_info: Nothing
    time: Epoch


class UnshownOrders(Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True, gc=False):
    """What stands for the orders in a refusal: nothing, or a page that is empty."""

    orders: list[Empty] | UnsetType | None = field(name="list", default=UNSET)
    next_page_cursor: str | UnsetType | None = UNSET
    category: str | UnsetType = UNSET


class QueryRefused(Refused, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True, gc=False):
    """The refusal of a query."""

    result: UnshownOrders | list[Empty] | UnsetType | None = UNSET


# --- What it means ---


def normalise_query(raw: OrdersShown | QueryRefused, record: Record, codec: Codec) -> Normalised:
    """Map the answer to a query: the orders in it that are about a cancel."""
    if isinstance(raw, QueryRefused):
        return query_refusal(raw, record, codec)
    notes: list[Note] = []
    result = raw.result
    product, response_ns = PRODUCTS[result.category], EPOCHS[raw.time]
    orders = result.orders or []
    seen, at = Evidence.TERMINAL_STATUS, "$.result.list"
    events = state_events(orders, [product] * len(orders), seen, at, response_ns, record, codec, notes)
    if not events:
        notes.append(Note("empty-list", at, "no order in it is about a cancel"))
        events = [said_of_none(response_ns, product, record, codec)]
    said = {
        **envelope(raw.ret_msg, raw.ret_ext_info),
        "nextPageCursor": result.next_page_cursor,
        "category": result.category if product is None else None,
    }
    return Normalised(tuple(events), tuple(notes), extra=shortened(said))


def query_refusal(raw: QueryRefused, record: Record, codec: Codec) -> Normalised:
    """Map the refusal of a query: what became of the orders is not known."""
    said = refusal(raw, (), raw.result, record, codec, [])
    events = (replace(e, outcome=Outcome.UNKNOWN, evidence=Evidence.NONE) for e in said.events)
    return Normalised(tuple(events), said.notes, extra=said.extra)


# --- Registration ---


def _codec(path: str, page: str) -> Codec:
    return Codec(
        "bybit",
        f"GET /v5/order/{path}",
        OrdersShown | QueryRefused,
        normalise_query,
        product=None,
        target=order_target,
        docs=f"https://bybit-exchange.github.io/docs/v5/order/{page}",
        skip=skip,
    )


CODECS: Final = (_codec("realtime", "open-order"), _codec("history", "order-list"))
