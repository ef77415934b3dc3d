"""Gate orders on other markets, since 2026: across exchanges (``/crossex``), contracts for difference (``/tradfi``).

Both answers say that a request was accepted, and no more.
"""

from typing import ClassVar, Final

from msgspec import UNSET, UnsetType

from cancelnorm.completion import all_completed
from cancelnorm.endpoint import Call, IdSpace
from cancelnorm.eventmap import Absent, EventMap, always, made, number
from cancelnorm.reader.scalars import Int
from cancelnorm.reader.structs import Exact
from cancelnorm.request import RequestKeys
from cancelnorm.schema import EventKind, Normalised
from cancelnorm.venue import endpoint, endpoints
from cancelnorm.venues.gate.contract_orders import client_of
from cancelnorm.venues.gate.messages import CLIENT_PREFIX, DOCS, ERRORS, TAKEN, answered_alike

# --- What Gate sends ---


class PassedOn(Exact):
    """The answer to a cancel across exchanges."""

    order_id: Int | str  # libraries disagree about the quotes
    text: str | UnsetType = UNSET


class Nothing(Exact):
    """The answer to a cancel of a contract for difference."""

    bare: ClassVar = True


# --- What it means ---

ACCEPTED: Final = EventMap(
    PassedOn,
    always(TAKEN),
    absent=Absent.EMPTY,
    order_id=number(PassedOn.order_id),
    client_order_id=made(client_of, PassedOn.text),
)


def cancel(raw: PassedOn, call: Call) -> Normalised:
    """Map the answer to a cancel of an order across exchanges."""
    return call.result(all_completed([ACCEPTED.event(raw, call, "$")], call))


def cancel_difference(_: Nothing, call: Call) -> Normalised:
    """Map the answer to a cancel of a contract for difference, which says nothing but that it was accepted."""
    target = call.target
    kind = EventKind.ORDER if target.names_order else EventKind.REQUEST
    return call.result([call.event(kind, TAKEN, target, path="$")])


# --- Endpoints ---

KEYS: Final = RequestKeys(order_id=("order_id",), client_prefix=CLIENT_PREFIX)

ENDPOINTS: Final = endpoints(
    endpoint(
        "DELETE /api/v4/crossex/orders/{order_id}",
        PassedOn,
        cancel,
        page="crossex",
    ),
    endpoint(
        "DELETE /api/v4/tradfi/orders/{order_id}",
        Nothing,
        cancel_difference,
        ids=IdSpace("gate tradfi", by_symbol=False),
        page="tradfi",
    ),
    product=None,
    request=KEYS,
    errors=ERRORS,
    is_shared=answered_alike,
    ids=IdSpace("gate crossex", by_symbol=False),
    docs=DOCS,
)
