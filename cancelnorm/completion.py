"""Completion: what an answer left out of its event and its request says."""

from typing import Any, Final

from msgspec.structs import replace

from cancelnorm.caching import cached
from cancelnorm.endpoint import Call
from cancelnorm.request import Target, is_same_id
from cancelnorm.schema import CancelEvent, EventKind, Normalised, Outcome

__all__ = ["all_completed", "completed", "each_order"]


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


_FAILED: Final = (Outcome.REJECTED, Outcome.UNKNOWN)


def each_order(result: Normalised, call: Call) -> Normalised:
    """The same, where a request for several orders failed as a whole, or may have: with an event for each of them.

    What a refusal says of an order is of one of them, and not known of which.
    """
    record, events = call.record, result.events
    if type(events) is not tuple or len(events) != 1 or not record.request or record.endpoint is None:
        return result
    [event] = events
    if (
        event.kind is not EventKind.REQUEST
        or event.path is not None  # it is a row's
        or event.order_id is not None
        or event.outcome not in _FAILED
        or (event.reason is not None and event.reason.is_order_gone)
        or call.endpoint.is_query
    ):
        return result
    told = [
        replace(_about(event, target), index=i) for i, target in enumerate(call.targets) if target.names_order
    ]
    return replace(result, events=tuple(told)) if told else result


def _about(event: CancelEvent, target: Target) -> CancelEvent:
    """The event of a request, about an order that it names."""
    shared = event.from_request or ()
    named = {
        name: value
        for name, value in zip(target._fields, target, strict=True)
        if value is not None and (name in shared or getattr(event, name) is None)
    }
    return replace(event, **named, kind=EventKind.ORDER, from_request=_ordered((*shared, *named)))


@cached(256)
def _ordered(names: tuple[str, ...]) -> tuple[str, ...]:
    """Names of fields, in the order of an event."""
    return tuple([name for name in CancelEvent.__struct_fields__ if name in names])


def _differ(said: str | None, asked: str | None) -> bool:
    return said is not None and asked is not None and not is_same_id(said, asked)
