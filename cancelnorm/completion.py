"""Completion: what an answer left out of its event and its request says."""

from typing import Any

from msgspec.structs import replace

from cancelnorm.caching import cached
from cancelnorm.endpoint import Call
from cancelnorm.request import Target, is_same_id
from cancelnorm.schema import CancelEvent, EventKind

__all__ = ["all_completed", "completed"]


def all_completed(events: list[CancelEvent], call: Call) -> list[CancelEvent]:
    """Fill in what an answer about one order left out and its request says."""
    return [completed(event, call.target) for event in events] if call.record.request else events


def completed(event: CancelEvent, asked: Target, call: Call | None = None, path: str = "$") -> CancelEvent:
    """Fill in what an answer about one order left out and its request says.

    A request that is about another order completes nothing; with ``call`` that is noted at ``path``. An id is
    filled in only where another one shows that both mean the same order, or where there is none; a client id
    only where the request named the order by nothing else, because an order without one stays without. What was
    about the request is about the order then.
    """
    by_client_id = asked.order_id is None or event.order_id is None
    if (
        _differ(event.symbol, asked.symbol)
        or _differ(event.order_id, asked.order_id)
        or (by_client_id and _differ(event.client_order_id, asked.client_order_id))
    ):
        if call is not None:
            named = [value for value in asked[:-1] if value is not None]
            call.note("contradiction", path, "the request is about another order", named)
        return event
    same = (
        not (event.order_id or event.client_order_id)
        or is_same_id(event.order_id, asked.order_id)
        or is_same_id(event.client_order_id, asked.client_order_id)
    )
    filled: dict[str, Any] = {}
    if event.product is None and asked.product is not None:
        filled["product"] = asked.product
    if event.symbol is None and asked.symbol is not None:
        filled["symbol"] = asked.symbol
    if same and event.order_id is None and asked.order_id is not None:
        filled["order_id"] = asked.order_id
    if same and by_client_id and event.client_order_id is None and asked.client_order_id is not None:
        filled["client_order_id"] = asked.client_order_id
    if not filled:
        return event
    names = _ordered((*filled, *(event.from_request or ())))
    if event.kind is EventKind.REQUEST and ("order_id" in filled or "client_order_id" in filled):
        filled["kind"] = EventKind.ORDER
    return replace(event, **filled, from_request=names)


@cached(256)
def _ordered(names: tuple[str, ...]) -> tuple[str, ...]:
    """Names of fields, in the order of an event."""
    return tuple([name for name in CancelEvent.__struct_fields__ if name in names])


def _differ(said: str | None, asked: str | None) -> bool:
    return said is not None and asked is not None and not is_same_id(said, asked)
