"""Kraken Futures: the history of orders that wait for a price, told event by event as that of other orders.

One that was activated has left for an order of another id, and is not canceled.
"""

from typing import Final, Literal

from msgspec import UNSET, Raw, UnsetType, field

from cancelnorm.eventmap import Absent, EventMap, amount, by_words, flag, made, text, time, word
from cancelnorm.reader.scalars import AnyNumber, Epoch, Int
from cancelnorm.reader.structs import Camel, Exact
from cancelnorm.request import RequestKeys
from cancelnorm.schema import EventKind, OrderType
from cancelnorm.venue import endpoint, endpoints
from cancelnorm.venues.kraken_futures.history import DIRECTIONS, cause_of, page
from cancelnorm.venues.kraken_futures.messages import IDS, product_of, unit_of
from cancelnorm.venues.kraken_futures.orders import has_price
from cancelnorm.venues.kraken_futures.queries import QUERY_ERRORS, PriceTrigger, trigger_price
from cancelnorm.venues.kraken_futures.skip import quiet_history

# --- What Kraken Futures sends ---


class Trailing(Camel):
    """How far a stop price follows the market."""

    max_deviation: AnyNumber | UnsetType = UNSET
    unit: str | UnsetType = UNSET


class Offset(Camel):
    """How far a limit price is from the one that is waited for."""

    price_offset: AnyNumber | UnsetType = UNSET
    unit: str | UnsetType = UNSET


class TriggerOptions(PriceTrigger):
    """The price for which an order waits; the others are of one that follows the market."""

    trailing_stop_options: Trailing | UnsetType | None = UNSET
    limit_price_offset: Offset | UnsetType | None = UNSET


class WaitingOrder(Camel):
    """An order that waits for a price, as it was at the event."""

    uid: str
    account_uid: str
    tradeable: str
    direction: Literal["Buy", "Sell"]
    quantity: AnyNumber
    timestamp: Epoch
    limit_price: AnyNumber
    order_type: str
    client_id: str  # "" for none
    reduce_only: bool
    last_update_timestamp: Epoch
    trigger_options: TriggerOptions
    account_id: Int | UnsetType = UNSET  # in the documentation


class TriggerCancel(Camel):
    """An order was canceled."""

    order: WaitingOrder
    reason: str


class TriggerCanceled(Exact):
    """The event of a cancel."""

    cancel: TriggerCancel = field(name="OrderTriggerCancelled")


class TriggerPlaced(Exact):
    """The event of a placement."""

    placement: TriggerCancel = field(name="OrderTriggerPlaced")


class TriggerUpdate(Camel):
    """An order was amended."""

    old_order_trigger: WaitingOrder
    new_order_trigger: WaitingOrder
    reason: str


class TriggerUpdated(Exact):
    """The event of an amendment."""

    update: TriggerUpdate = field(name="OrderTriggerUpdated")


class Activation(Camel):
    """The price was reached."""

    order: WaitingOrder


class TriggerActivated(Exact):
    """The event of an order that waits no longer."""

    activation: Activation = field(name="OrderTriggerActivated")


class TriggerEditRefusal(Camel):
    """An amendment was refused."""

    old_order_trigger: WaitingOrder
    attempted_order_trigger: WaitingOrder
    order_error: str
    reason: str | UnsetType = UNSET


class TriggerEditRefused(Exact):
    """The event of an amendment that was refused."""

    refusal: TriggerEditRefusal = field(name="OrderTriggerEditRejected")


class TriggerElement(Camel):
    """An event, with its id and its time."""

    uid: str
    timestamp: Epoch
    event: TriggerCanceled | TriggerPlaced | TriggerUpdated | TriggerActivated | TriggerEditRefused


class TriggersAnswer(Camel):
    """A page of the history."""

    account_uid: str
    len: Int
    elements: list[TriggerElement]
    server_time: str | UnsetType = UNSET
    continuation_token: str | UnsetType | None = UNSET


# --- What it means ---


def _type(limit_price: Raw, options: TriggerOptions) -> OrderType:
    """The type of an order that waits for a price: whether it has a limit then, or one that follows the price."""
    has_limit = has_price(limit_price) or bool(options.limit_price_offset)
    return OrderType.TRIGGER_LIMIT if has_limit else OrderType.TRIGGER_MARKET


CANCELED: Final = EventMap(
    WaitingOrder,
    by_words(cause_of, TriggerCancel.reason),
    unnamed=EventKind.REQUEST,
    given=("event_ns", "extra"),
    absent=Absent.EMPTY,
    also=(WaitingOrder.trigger_options,),
    told=(WaitingOrder.account_uid, WaitingOrder.account_id),  # fingerprints of them stand beside the events
    product=made(product_of, WaitingOrder.tradeable),
    symbol=text(WaitingOrder.tradeable),
    order_id=text(WaitingOrder.uid),
    client_order_id=text(WaitingOrder.client_id),
    raw_initiator=text(TriggerCancel.reason),
    side=word(WaitingOrder.direction, DIRECTIONS),
    order_type=made(_type, WaitingOrder.limit_price, WaitingOrder.trigger_options),
    price=amount(WaitingOrder.limit_price, zero_is_none=True),
    trigger_price=made(trigger_price, WaitingOrder.trigger_options),
    quantity=amount(WaitingOrder.quantity),
    quantity_unit=made(unit_of, WaitingOrder.tradeable),
    reduce_only=flag(WaitingOrder.reduce_only),
    created_ns=time(WaitingOrder.timestamp),
)

# --- Endpoints ---

ENDPOINTS: Final = endpoints(
    endpoint("GET /api/history/v2/triggers", TriggersAnswer, page(CANCELED, "OrderTriggerCancelled")),
    endpoint(
        "GET /api/history/v3/triggers",
        TriggersAnswer,
        page(CANCELED, "OrderTriggerCancelled"),
        since="2025-01-01",
    ),
    product=None,
    request=RequestKeys(),
    errors=QUERY_ERRORS,
    skips=quiet_history,
    ids=IDS,
    docs="https://docs.kraken.com/api/docs/futures-api/history/get-trigger-events",
)
