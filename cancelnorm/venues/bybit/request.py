"""What the request of a cancel at Bybit named, and how it completes what the answer leaves out."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from msgspec.structs import replace

from cancelnorm.codec import Target
from cancelnorm.reader.scalars import Table, identifier
from cancelnorm.record import Record
from cancelnorm.schema import CancelEvent, Identity, Note, Product

__all__ = [
    "PRODUCTS",
    "asked_orders",
    "asked_product",
    "asked_target",
    "batch_target",
    "completed",
    "order_target",
    "scope_target",
]

PRODUCTS: Final[Table[str | None, Product]] = Table(
    linear=Product.LINEAR, inverse=Product.INVERSE, spot=Product.SPOT, option=Product.OPTION
)


def order_target(request: Mapping[str, Any]) -> Target:
    """The order that the parameters of a cancel name."""
    return Target(
        symbol=identifier(request.get("symbol")),
        order_id=identifier(request.get("orderId")),
        client_order_id=identifier(request.get("orderLinkId")),
    )


def scope_target(request: Mapping[str, Any]) -> Target:
    """The symbol whose orders the parameters of a cancel-all name."""
    return Target(symbol=identifier(request.get("symbol")))


def batch_target(request: Mapping[str, Any]) -> Target:
    """The order that the parameters of a batch name, where it is one order."""
    orders = _asked(request)
    return asked_target(orders[0]) if len(orders) == 1 else Target()


def asked_orders(record: Record) -> Sequence[object]:
    """The orders that the request names, each by what should be its parameters."""
    return _asked(record.request) if record.request else ()


def _asked(request: Mapping[str, Any]) -> Sequence[object]:
    """The orders of a batch; of any other request itself, if it names an order."""
    orders = request.get("request")
    if isinstance(orders, (list, tuple)):
        return orders
    return (request,) if order_target(request).names_order else ()


def asked_target(order: object) -> Target:
    """One of the orders that the request names; nothing where it cannot be read."""
    return order_target(order) if isinstance(order, Mapping) else Target()


def asked_product(record: Record) -> Product | None:
    """The product of the request's category."""
    return PRODUCTS[identifier(record.request.get("category"))] if record.request else None


def completed(
    event: CancelEvent, asked: Target, product: Product | None, at: str, notes: list[Note]
) -> CancelEvent:
    """An event with what the answer left out and the request knows.

    A request that is about another order completes nothing. An order without client id stays without one,
    unless that id is all the request knew it by.
    """
    by_client_id = asked.order_id is None or event.order_id is None
    if (
        _differ(event.symbol, asked.symbol)
        or _differ(event.order_id, asked.order_id)
        or (by_client_id and _differ(event.client_order_id, asked.client_order_id))
    ):
        value = [text for text in asked if text is not None]
        notes.append(Note("contradiction", at, "the request is about another order", value))
        return event
    # An id is only filled in where another one shows that both mean the same order, or where there is none.
    named = event.order_id or event.client_order_id
    same = not named or any(
        one is not None and one == other
        for one, other in (
            (event.order_id, asked.order_id),
            (event.client_order_id, asked.client_order_id),
        )
    )
    said = (event.product, event.symbol, event.order_id, event.client_order_id)
    full = (
        event.product or product,
        event.symbol or asked.symbol,
        event.order_id or (asked.order_id if same else None),
        event.client_order_id or (asked.client_order_id if same and by_client_id else None),
    )
    if full == said:
        return event
    return replace(
        event,
        product=full[0],
        symbol=full[1],
        order_id=full[2],
        client_order_id=full[3],
        identity=Identity.REQUEST,
    )


def _differ(said: str | None, asked: str | None) -> bool:
    return said is not None and asked is not None and said != asked
