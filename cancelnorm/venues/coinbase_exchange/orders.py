"""Coinbase Exchange REST: what it answers to a cancel, which is an id, or ids, and nothing else."""

from collections.abc import Sequence
from typing import Annotated, Final

from msgspec import Meta

from cancelnorm.completion import completed
from cancelnorm.endpoint import Call
from cancelnorm.eventmap import NOTHING_OPEN, Verdict
from cancelnorm.request import Target
from cancelnorm.schema import CancelEvent, EventKind, Evidence, Normalised, Outcome, Product
from cancelnorm.venue import endpoint, endpoints
from cancelnorm.venues.coinbase_exchange.messages import DOCS, ERRORS, IDS, KEYS, OPEN, is_anyones, told

# --- What Coinbase Exchange sends ---

Id = Annotated[str, Meta(min_length=5, max_length=64)]
"""An id in an array, which the first cell of a row of the channel level3 is too short for."""

Named = str | list[Id]
"""The id of an order, of the kind by which the request named it; until about 2019 alone in an array."""

# --- What it means ---

# The documentation promises the id of an order whose cancel was taken; the feed says when it is gone.
TAKEN: Final = Verdict(Outcome.PENDING, Evidence.ACKNOWLEDGED)
CANCELED: Final = Verdict(Outcome.CANCELED, Evidence.LISTED)


def cancel(raw: Named, call: Call) -> Normalised:
    """Map the answer to a cancel of an order by its id."""
    return _one(raw, call, "order_id")


def cancel_by_client_id(raw: Named, call: Call) -> Normalised:
    """Map the answer to a cancel of an order by its client id."""
    return _one(raw, call, "client_order_id")


def _one(raw: Named, call: Call, field: str) -> Normalised:
    status = call.record.status
    if isinstance(raw, str):
        if status is not None and status >= 400:  # a text of a gateway, in quotes
            return told(raw, call)
        return call.result([_named(raw, "$", call, field)])
    _note_failed_status(call)
    if len(raw) != 1:
        message = "the answer about one order is an array of another length"
        call.note("length-mismatch", "$", message, len(raw))
    events = [_named(one, f"$[{i}]", call, field, i) for i, one in enumerate(raw)]
    return call.result(events or [call.failed(OPEN)])


def _named(one: str, at: str, call: Call, field: str, index: int = 0) -> CancelEvent:
    """The event of an order of which there is an id alone."""
    event = _listed(one, TAKEN, at, call, field, index)
    return completed(event, call.target, call, at) if call.record.request else event


def _listed(one: str, verdict: Verdict, at: str, call: Call, field: str, index: int) -> CancelEvent:
    kind = EventKind.ORDER if one else EventKind.REQUEST
    return call.event(kind, verdict, Target(), index=index, path=at, **{field: one or None})


def cancel_all(raw: Sequence[str], call: Call) -> Normalised:
    """Map the answer to a cancel of all orders, which may leave some open: those that are gone are listed."""
    _note_failed_status(call)
    if not raw:
        return call.result([call.scoped(NOTHING_OPEN)])
    events = [_listed(one, CANCELED, f"$[{i}]", call, "order_id", i) for i, one in enumerate(raw)]
    if call.record.request:
        events = [
            completed(event, call.endpoint.request.shared(call.record.request), call, event.path or "$")
            for event in events
        ]
    return call.result(events)


def _note_failed_status(call: Call) -> None:
    """Note an HTTP status of failure that comes with ids; these are believed."""
    status = call.record.status
    if status is not None and status >= 400:
        call.note("contradiction", "$", f"ids under the status {status}", status)


# --- Endpoints ---

ENDPOINTS: Final = endpoints(
    endpoint("DELETE /orders/{order_id}", Named, cancel, page="cancel-an-order"),
    endpoint("DELETE /orders/client:{client_oid}", Named, cancel_by_client_id, page="cancel-an-order"),
    endpoint("DELETE /orders", list[Id], cancel_all, page="cancel-all-orders"),
    product=Product.SPOT,
    request=KEYS,
    errors=ERRORS,
    is_shared=is_anyones,
    ids=IDS,
    docs=DOCS,
)
