"""Kraken Futures: the history of orders, in which each change is an event of its own.

Every order names the account; of that only a fingerprint is shown.
"""

from collections.abc import Callable
from typing import Any, Final, Literal

from msgspec import UNSET, UnsetType, field

from cancelnorm.caching import cached
from cancelnorm.endpoint import Call
from cancelnorm.eventmap import Absent, EventMap, Verdict, amount, by_words, flag, made, text, time, word
from cancelnorm.masking import fingerprint
from cancelnorm.reader.fast import builtins_of, checked
from cancelnorm.reader.instants import ns_of_date_time
from cancelnorm.reader.scalars import AnyNumber, Epoch, Int, ns_of
from cancelnorm.reader.structs import Camel, Exact
from cancelnorm.request import RequestKeys
from cancelnorm.schema import (
    EventKind,
    Evidence,
    Normalised,
    OrderStatus,
    OrderType,
    Outcome,
    Side,
    TimeInForce,
)
from cancelnorm.venue import endpoint, endpoints
from cancelnorm.venues.kraken_futures.causes import REASONS, REASONS_OF_QUERIES, verdict_for
from cancelnorm.venues.kraken_futures.messages import IDS, product_of, unit_of
from cancelnorm.venues.kraken_futures.queries import QUERY_ERRORS
from cancelnorm.venues.kraken_futures.skip import quiet_history

# --- What Kraken Futures sends ---


class PastOrder(Camel):
    """An order as it was at the event; a placement that filled at once has a quantity of zero."""

    uid: str
    account_uid: str
    tradeable: str
    direction: Literal["Buy", "Sell"]
    quantity: AnyNumber
    filled: AnyNumber
    timestamp: Epoch
    limit_price: AnyNumber
    order_type: Literal["Limit", "IoC", "Post", "Market", "Liquidation", "Assignment", "Unwind"]
    client_id: str  # "" for none
    reduce_only: bool
    last_update_timestamp: Epoch
    spot_data: str | UnsetType | None = UNSET  # since 2025
    regulatory_external_uid: str | UnsetType = UNSET  # since 2025


class Cancel(Camel):
    """An order was canceled."""

    order: PastOrder
    reason: str


class Canceled(Exact):
    """The event of a cancel."""

    cancel: Cancel = field(name="OrderCancelled")


class Placement(Camel):
    """An order was placed."""

    order: PastOrder
    reason: str
    reduced_quantity: str
    algo_id: str | UnsetType | None = UNSET


class Placed(Exact):
    """The event of a placement."""

    placement: Placement = field(name="OrderPlaced")


class Update(Camel):
    """An order was filled or amended."""

    old_order: PastOrder
    new_order: PastOrder
    reason: str
    reduced_quantity: str


class Updated(Exact):
    """The event of a fill or an amendment."""

    update: Update = field(name="OrderUpdated")


class Refusal(Camel):
    """An order was refused."""

    order: PastOrder
    order_error: str
    reason: str


class Refused(Exact):
    """The event of a refusal."""

    refusal: Refusal = field(name="OrderRejected")


class Missing(Camel):
    """There was no such order."""

    account_uid: str
    order_id: str


class NotFound(Exact):
    """The event of a request about an order that there was not."""

    missing: Missing = field(name="OrderNotFound")


class EditRefusal(Camel):
    """An amendment was refused."""

    old_order: PastOrder
    attempted_order: PastOrder
    order_error: str


class EditRefused(Exact):
    """The event of an amendment that was refused."""

    refusal: EditRefusal = field(name="OrderEditRejected")


class Element(Camel):
    """An event, with its id and its time."""

    uid: str
    timestamp: Epoch
    event: Canceled | Placed | Updated | Refused | NotFound | EditRefused


class HistoryAnswer(Camel):
    """A page of the history."""

    account_uid: str
    len: Int
    elements: list[Element]
    server_time: str | UnsetType = UNSET
    continuation_token: str | UnsetType | None = UNSET


# --- What it means ---

_CAUSES: Final = {
    reason.lower(): verdict_for(cause, Evidence.TERMINAL_STATUS)
    for reason, cause in (REASONS | REASONS_OF_QUERIES).items()
}
_CANCELED: Final = Verdict(Outcome.CANCELED, Evidence.TERMINAL_STATUS, status=OrderStatus.CANCELED)
DIRECTIONS: Final = {"Buy": Side.BUY, "Sell": Side.SELL}
_TYPES: Final = {
    "Limit": OrderType.LIMIT,
    "IoC": OrderType.LIMIT,
    "Post": OrderType.LIMIT_MAKER,
    "Market": OrderType.MARKET,
}
_POST_ONLY: Final = {"Limit": False, "IoC": False, "Post": True, "Market": False}


def cause_of(reason: str) -> Verdict:
    """The verdict of an order that was canceled, by its reason."""
    return _CAUSES.get(reason.lower(), _CANCELED)


CANCELED: Final = EventMap(
    PastOrder,
    by_words(cause_of, Cancel.reason),
    unnamed=EventKind.REQUEST,
    given=("event_ns", "extra"),
    absent=Absent.EMPTY,
    told=(PastOrder.account_uid,),  # a fingerprint of it stands beside the events
    product=made(product_of, PastOrder.tradeable),
    symbol=text(PastOrder.tradeable),
    order_id=text(PastOrder.uid),
    client_order_id=text(PastOrder.client_id),
    raw_initiator=text(Cancel.reason),
    side=word(PastOrder.direction, DIRECTIONS),
    order_type=made(_TYPES.get, PastOrder.order_type),
    time_in_force=made({"IoC": TimeInForce.IOC}.get, PastOrder.order_type),
    post_only=made(_POST_ONLY.get, PastOrder.order_type),
    price=amount(PastOrder.limit_price, zero_is_none=True),
    filled_quantity=amount(PastOrder.filled),
    quantity_unit=made(unit_of, PastOrder.tradeable),
    reduce_only=flag(PastOrder.reduce_only),
    created_ns=time(PastOrder.timestamp),
)


@cached(16)
def page(canceled: EventMap, word: str) -> Callable[[Any, Call], Normalised]:
    """Function that maps a page of the history, whose cancels have a word and whose orders have a map."""

    def history(raw: Any, call: Call) -> Normalised:
        call.response_ns = ns_of_date_time(raw.server_time)
        accounts, numbers = [raw.account_uid], []
        said: dict[str, Any] = {"len": raw.len}
        if raw.continuation_token:
            said["continuationToken"] = fingerprint(raw.continuation_token)
        if raw.server_time and call.response_ns is None:
            said["serverTime"] = raw.server_time
        events = []
        for i, element in enumerate(raw.elements):
            at = f"$.elements[{i}]"
            cancel = getattr(element.event, "cancel", None)
            if cancel is None:
                shown = _shown(builtins_of(checked(element)))
                call.note("not-a-cancel", at, "an event of an order that is no cancel", shown)
                continue
            accounts.append(cancel.order.account_uid)
            numbers.append(getattr(cancel.order, "account_id", UNSET))
            given = (ns_of(element.timestamp), {"uid": element.uid} if element.uid else None)
            path = f"{at}.event.{word}.order"
            events.append(canceled.event(cancel.order, call, path, index=i, given=given, other=cancel))
        said["accountUid"] = [fingerprint(account) for account in dict.fromkeys(accounts)]
        if known := [number for number in dict.fromkeys(numbers) if number is not UNSET]:
            said["accountId"] = [fingerprint(str(number)) for number in known]
        return call.result(call.or_unknown(events, "$.elements"), extra=said)

    return history


def _shown(value: Any) -> Any:
    """What a note shows of an event: of the account only a fingerprint."""
    if not isinstance(value, dict):
        return value
    return {k: fingerprint(str(v)) if k in _ACCOUNT else _shown(v) for k, v in value.items()}


_ACCOUNT: Final = ("accountUid", "accountId")


# --- Endpoints ---

ENDPOINTS: Final = endpoints(
    endpoint("GET /api/history/v2/orders", HistoryAnswer, page(CANCELED, "OrderCancelled")),
    endpoint(
        "GET /api/history/v3/orders", HistoryAnswer, page(CANCELED, "OrderCancelled"), since="2025-01-01"
    ),
    product=None,
    request=RequestKeys(),
    errors=QUERY_ERRORS,
    skips=quiet_history,
    ids=IDS,
    docs="https://docs.kraken.com/api/docs/futures-api/history/get-order-events",
)
