"""Binance user data stream of spot and margin: what it says of an order list as a whole."""

from types import MappingProxyType
from typing import Any, Final, Literal

from msgspec import UNSET, UnsetType, field

from cancelnorm.endpoint import Call
from cancelnorm.eventmap import EventMap, Verdict, by_words, constant, number, text, time
from cancelnorm.reader.scalars import Epoch, Int
from cancelnorm.reader.structs import Camel, Exact
from cancelnorm.schema import EventKind, Evidence, Normalised, Outcome, Reason, Scope
from cancelnorm.venue import endpoint, endpoints
from cancelnorm.venues.binance.codes import REJECT_REASONS
from cancelnorm.venues.binance.messages import SPOT_IDS, stream_name

# --- What Binance sends ---


class ListedOrder(Exact):
    """A leg of an order list."""

    symbol: str = field(name="s")
    order_id: Int = field(name="i")
    client_order_id: str = field(name="c")  # the order's own


class ListStatus(Exact):
    """``listStatus``: a list is done, or what was asked of it is refused.

    A list that was placed (``EXEC_STARTED``) or whose leg has another id (``UPDATED``) is not about a cancel.
    """

    e: Literal["listStatus"]
    event_time: Epoch = field(name="E")
    symbol: str = field(name="s")
    order_list_id: Int = field(name="g")  # 0 is an id
    contingency_type: Literal["OCO", "OTO"] = field(name="c")  # OTOCO, OPO and OPOCO lists say OTO
    list_status_type: Literal["ALL_DONE", "RESPONSE"] = field(name="l")
    list_order_status: Literal["ALL_DONE", "EXECUTING", "REJECT", "CANCELING"] = field(name="L")
    reject_reason: str = field(name="r")
    list_client_order_id: str = field(name="C")
    transact_time: Epoch = field(name="T")
    orders: list[ListedOrder] = field(name="O")


class SocketStatus(Camel):
    """A status that came over the WebSocket API, since 2024-12."""

    subscription_id: Int | UnsetType = UNSET  # since 2025-08-12
    event: ListStatus


class StreamStatus(Exact):
    """A status that came over a combined stream, until 2026-02-20."""

    stream: str
    data: ListStatus


# --- What it means ---


_DONE: Final = MappingProxyType(
    {
        # Each leg is canceled, filled or expired. Only the legs' own reports say which.
        "ALL_DONE": Verdict(Outcome.UNKNOWN, Evidence.LISTED, Reason.ALREADY_CLOSED),
        "CANCELING": Verdict(Outcome.PENDING, Evidence.LISTED),
    }
)


def done(list_order_status: str) -> Verdict:
    """Say what has become of the legs of a list."""
    return _DONE.get(list_order_status, Verdict(Outcome.UNKNOWN, Evidence.LISTED))


def refused(reject_reason: str) -> Verdict:
    """Say why a cancel of the list or its placement was refused; either way nothing was canceled."""
    return Verdict(Outcome.REJECTED, Evidence.SUCCESS_FLAG, REJECT_REASONS.get(reject_reason, Reason.OTHER))


REFUSED: Final = EventMap(
    ListStatus,
    by_words(refused, ListStatus.reject_reason),
    kind=EventKind.SCOPE,
    scope=constant(Scope.LIST),
    told=(ListStatus.e,),
    without={ListStatus.reject_reason: ("NONE",), ListStatus.orders: ([],)},
    symbol=text(ListStatus.symbol),
    code=text(ListStatus.reject_reason),
    list_id=number(ListStatus.order_list_id, none=(-1,)),
    list_client_id=text(ListStatus.list_client_order_id),
    contingency=text(ListStatus.contingency_type),
    event_ns=time(ListStatus.transact_time),
    response_ns=time(ListStatus.event_time),
)
LIST: Final = REFUSED.extended(
    ListStatus,
    by_words(done, ListStatus.list_order_status),
    code=None,
    told=(ListStatus.orders,),  # in events of their own
    also=(ListStatus.list_order_status,),
)
# What the list says of all its legs stands beside each of them.
LEG: Final = EventMap(
    ListedOrder,
    by_words(done, ListStatus.list_order_status),
    given=("extra",),
    symbol=text(ListedOrder.symbol),
    order_id=number(ListedOrder.order_id),
    client_order_id=text(ListedOrder.client_order_id),
    list_id=number(ListStatus.order_list_id, none=(-1,)),
    list_client_id=text(ListStatus.list_client_order_id),
    contingency=text(ListStatus.contingency_type),
    event_ns=time(ListStatus.transact_time),
    response_ns=time(ListStatus.event_time),
)


def status(raw: ListStatus | SocketStatus | StreamStatus, call: Call) -> Normalised:
    """Map a status, whatever its envelope."""
    if isinstance(raw, ListStatus):
        return _status(raw, call, "$")
    if isinstance(raw, StreamStatus):
        return _status(raw.data, call, "$.data", {"stream": stream_name(raw.stream)})
    subscription = raw.subscription_id
    return _status(
        raw.event, call, "$.event", None if subscription is UNSET else {"subscriptionId": subscription}
    )


def _status(raw: ListStatus, call: Call, at: str, envelope: dict[str, Any] | None = None) -> Normalised:
    """One event a leg; one ``scope`` event for a list without legs, and for a refusal."""
    if raw.list_order_status == "REJECT":
        return call.result([REFUSED.event(raw, call, at)], extra=envelope)
    whole = LIST.event(raw, call, at)
    if not raw.orders:
        return call.result([whole], extra=envelope)
    events = LEG.events(
        raw.orders, call, f"{at}.O[{{}}]", beside=[raw] * len(raw.orders), given=(whole.extra,)
    )
    if any(leg.symbol != raw.symbol for leg in raw.orders):
        call.note("leg-mismatch", f"{at}.s", "the list and a leg have different symbols", raw.symbol)
    return call.result(events, extra=envelope)


# --- Endpoints ---

ENDPOINTS: Final = endpoints(
    endpoint("stream listStatus", ListStatus | SocketStatus | StreamStatus, status, since="2019-08-15"),
    product=None,
    ids=SPOT_IDS,
    skips=True,
    docs="https://developers.binance.com/docs/binance-spot-api-docs/user-data-stream#order-update",
)
