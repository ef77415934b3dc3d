"""Rows of Gate's answers to a cancel of several orders: the verdict of each, and the order that it is about."""

import re
from collections.abc import Callable, Sequence
from operator import attrgetter
from typing import Any, Final

from msgspec import UNSET, UnsetType
from msgspec.structs import replace

from cancelnorm.completion import completed
from cancelnorm.endpoint import Call
from cancelnorm.eventmap import CodeTable, EventMap, Verdict, verdict_of
from cancelnorm.request import Target
from cancelnorm.schema import CancelEvent, EventKind, Evidence, Normalised, Outcome
from cancelnorm.venues.gate.messages import NONE_NAMED, OPEN, client_id

__all__ = ["client_id_of", "each_joined", "joined", "label_in", "order_id_of", "row_verdict", "venue_id"]

_FLAGGED: Final = Verdict(Outcome.CANCELED, Evidence.SUCCESS_FLAG)
_UNFLAGGED: Final = Verdict(Outcome.UNKNOWN, Evidence.LISTED)
_LABEL: Final = re.compile(r"(?:label: )?([A-Z][A-Z_]+)(?:, message: .*)?", re.ASCII | re.DOTALL)
_BOTH: Final = ("contradiction", "a success beside a label of a failure")


def row_verdict(
    table: CodeTable,
    succeeded: bool | UnsetType,
    label: str | UnsetType | None,
    message: str | UnsetType | None,
) -> Verdict:
    """The verdict of a row: a label is a failure, whatever the flag says, also one that stands in the message."""
    label = label or label_in(message)
    if label:
        failure = verdict_of(table, label, message or "")
        return failure._replace(code=label, note=_BOTH if succeeded is True else None)
    if succeeded is True:
        return _FLAGGED
    return _UNFLAGGED if succeeded is UNSET and not message else verdict_of(table, "", message or "")


def label_in(message: str | UnsetType | None) -> str | None:
    """The label that stands for a message, or in one: ``label: ORDER_NOT_FOUND, message: ``."""
    match = _LABEL.fullmatch(message) if message else None
    return match[1] if match else None


def venue_id(named: str) -> str | None:
    """The order's own id in a row that repeats what the request named; None if that is the client's."""
    return None if client_id(named) else named or None


def client_id_of(text: str | UnsetType, named: str) -> str | None:
    """The client's id of an order in a row that has both."""
    return client_id(text) or client_id(named)


def order_id_of(named: str, text: str | UnsetType) -> str | None:
    """The order's own id in such a row."""
    return None if client_id(named) and client_id_of(text, named) == named else named or None


_named: Final = attrgetter("id")


def each_joined(each: EventMap) -> Callable[[Any, Call], Normalised]:
    """Function that maps an answer to a cancel of several orders: each row names its order."""

    def batch(raw: Sequence[Any], call: Call) -> Normalised:
        if not raw:
            return call.result([call.scoped(NONE_NAMED)])
        return call.result(joined(each.events(raw, call, "$[{}]"), raw, call, "$"))

    return batch


def joined(events: list[CancelEvent], rows: Sequence[Any], call: Call, at: str) -> list[CancelEvent]:
    """The events of rows, each completed by what the request says of its order.

    Rows name their orders, and stand in the order of the request: one that names none is about the order at its
    place. Of an order of the request that no row is about nothing is known.
    """
    asked = call.targets
    if not asked:
        shared = call.target
        return (
            events if not any(shared) and all(map(_named, rows)) else [_of(event, shared) for event in events]
        )
    left = call.unnamed(events)
    products = {target.product for target in asked}
    shared = Target(product=products.pop()) if len(products) == 1 else Target()
    by_id = {each: target for target in asked for each in (target.order_id, target.client_order_id) if each}
    found = []
    for i, event in enumerate(events):
        named = event.order_id or event.client_order_id
        own = by_id.get(named) if named else left.pop(i, None) if len(asked) == len(events) else None
        found.append(_of(event, own or shared))
    if left:
        call.unanswered(found, at)
        rest = enumerate(left.values(), start=len(events))
        found += [call.event(EventKind.ORDER, OPEN, target, index=i) for i, target in rest]
    return found


def _of(event: CancelEvent, asked: Target) -> CancelEvent:
    """The event of a row about an order of the request; about the request itself where neither names one."""
    event = completed(event, asked)
    is_named = event.order_id is not None or event.client_order_id is not None
    return event if is_named else replace(event, kind=EventKind.REQUEST)
