"""States of orders as ``OrderStatusReport``."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import ROUND_DOWN, Context, Decimal
from typing import Any, Final

from nautilus_trader.execution.reports import OrderStatusReport
from nautilus_trader.model import enums
from nautilus_trader.model.identifiers import ClientOrderId, OrderListId, VenueOrderId
from nautilus_trader.model.objects import Price, Quantity

from cancelnorm.ids import is_masked
from cancelnorm.replay.lifecycle import Entry, Item, Lifecycle, Omission, is_plain, is_time, lifecycles
from cancelnorm.replay.nautilus.expressed import Expressed, LeftOut, expressed, uuid4
from cancelnorm.replay.nautilus.identities import Identities
from cancelnorm.replay.nautilus.instruments import Instrument, Instruments
from cancelnorm.schema import CancelEvent, OrderStatus, OrderType, QuantityUnit, Side, TimeInForce

__all__ = ["status_reports"]


def status_reports(items: Iterable[Item], identities: Identities, instruments: Instruments) -> Expressed:
    """What venues said of the state of orders: one ``OrderStatusReport`` for each event that says all of it.

    That is side, type, time in force, quantity, filled quantity and status. A report says what was so at its time,
    also if other events contradict it. Where no event says when the order was created, ``ts_accepted`` is the time of
    the report. A number with more digits than the instrument has is never rounded: the event is left out.
    """

    def express(order: Lifecycle) -> Iterator[tuple[Entry, Any]]:
        instrument, account_id = instruments.find(order.entries), identities.account_of(order)
        for entry in order.entries:
            if entry.omission is Omission.AMBIGUOUS_ORDER:
                yield entry, entry.omission
            elif isinstance(instrument, Omission):
                yield entry, instrument
            elif account_id is None:
                yield entry, Omission.NO_ACCOUNT
            else:
                yield entry, _report(order, entry, instrument, account_id, instruments)

    return expressed(lifecycles(items), express)


def _report(
    order: Lifecycle, entry: Entry, instrument: Instrument, account_id: Any, instruments: Instruments
) -> Any:
    event = entry.event
    for name in _REQUIRED:
        if _said(event, name) is None:
            return LeftOut(event, Omission.INCOMPLETE, name)
    if event.order_id is None or is_masked(event.order_id):
        return LeftOut(event, Omission.INCOMPLETE, "order_id")
    if not is_plain(event.order_id):
        return Omission.ID_NOT_ASCII
    for name, table in _WORDS.items():
        if getattr(event, name) not in table:
            return LeftOut(event, Omission.NOT_EXPRESSIBLE, name)
    numbers: dict[str, Any] = {}
    for name in _NUMBERS:
        found = _number(event, name, instrument)
        if isinstance(found, Omission):
            return LeftOut(event, found, name)
        numbers[name] = found
    if not event.quantity:
        return LeftOut(event, Omission.OUT_OF_RANGE, "quantity")
    list_id = event.list_id if event.list_id is not None and is_plain(event.list_id) else None
    return OrderStatusReport(
        account_id=account_id,
        instrument_id=instruments.id_of(instrument),
        venue_order_id=VenueOrderId(event.order_id),
        order_side=_SIDES[event.side],
        order_type=_TYPES[event.order_type],
        time_in_force=_TIMES_IN_FORCE[event.time_in_force],
        order_status=_STATUSES[event.status],
        quantity=numbers["quantity"],
        filled_qty=numbers["filled_quantity"],
        report_id=uuid4(entry.event_id),
        ts_accepted=event.created_ns if is_time(event.created_ns) else entry.ts_event,
        ts_last=entry.ts_event,
        ts_init=entry.ts_init,
        client_order_id=ClientOrderId(order.client_order_id),
        order_list_id=None if list_id is None else OrderListId(list_id),
        price=numbers["price"] if event.order_type in _LIMITED else None,
        trigger_price=numbers["trigger_price"],
        trigger_type=enums.TriggerType.NO_TRIGGER
        if numbers["trigger_price"] is None
        else enums.TriggerType.DEFAULT,
        avg_px=event.average_fill_price if event.average_price is None else event.average_price,
        display_qty=numbers["display_quantity"],
        post_only=bool(event.post_only),
        reduce_only=bool(event.reduce_only),
        cancel_reason=None if event.initiator is None else event.initiator.value,
    )


_REQUIRED: Final = (
    *("side", "order_type", "time_in_force", "status"),
    *("quantity", "filled_quantity", "quantity_unit"),
)
_SIDES: Final[Mapping[Any, Any]] = {Side.BUY: enums.OrderSide.BUY, Side.SELL: enums.OrderSide.SELL}
_TYPES: Final[Mapping[Any, Any]] = {
    OrderType.MARKET: enums.OrderType.MARKET,
    OrderType.LIMIT: enums.OrderType.LIMIT,
    OrderType.LIMIT_MAKER: enums.OrderType.LIMIT,
    OrderType.STOP_MARKET: enums.OrderType.STOP_MARKET,
    OrderType.STOP_LIMIT: enums.OrderType.STOP_LIMIT,
    OrderType.TAKE_PROFIT_MARKET: enums.OrderType.MARKET_IF_TOUCHED,
    OrderType.TAKE_PROFIT_LIMIT: enums.OrderType.LIMIT_IF_TOUCHED,
}
_LIMITED: Final = (
    *(OrderType.LIMIT, OrderType.LIMIT_MAKER),
    *(OrderType.STOP_LIMIT, OrderType.TAKE_PROFIT_LIMIT),
)
_TIMES_IN_FORCE: Final[Mapping[Any, Any]] = {
    TimeInForce.GTC: enums.TimeInForce.GTC,
    TimeInForce.IOC: enums.TimeInForce.IOC,
    TimeInForce.FOK: enums.TimeInForce.FOK,
}
_STATUSES: Final[Mapping[Any, Any]] = {
    OrderStatus.NEW: enums.OrderStatus.ACCEPTED,
    OrderStatus.PENDING_NEW: enums.OrderStatus.SUBMITTED,
    OrderStatus.UNTRIGGERED: enums.OrderStatus.ACCEPTED,
    OrderStatus.TRIGGERED: enums.OrderStatus.TRIGGERED,
    OrderStatus.PARTIALLY_FILLED: enums.OrderStatus.PARTIALLY_FILLED,
    OrderStatus.FILLED: enums.OrderStatus.FILLED,
    OrderStatus.PENDING_CANCEL: enums.OrderStatus.PENDING_CANCEL,
    OrderStatus.CANCELED: enums.OrderStatus.CANCELED,
    OrderStatus.REJECTED: enums.OrderStatus.REJECTED,
    OrderStatus.EXPIRED: enums.OrderStatus.EXPIRED,
}
_WORDS: Final[Mapping[str, Mapping[Any, Any]]] = {
    "side": _SIDES,
    "order_type": _TYPES,
    "time_in_force": _TIMES_IN_FORCE,
    "status": _STATUSES,
    # A quantity in quote currency is not what Nautilus means by it.
    "quantity_unit": dict.fromkeys((QuantityUnit.BASE, QuantityUnit.CONTRACTS)),
}


# --- Numbers ---

_NUMBERS: Final = ("quantity", "filled_quantity", "display_quantity", "price", "trigger_price")
_PRICES: Final = ("price", "trigger_price")
_EXACT: Final = Context(prec=200)
_MOST_DIGITS: Final = 14  # before the point, of what Nautilus holds


def _said(event: CancelEvent, name: str) -> Any:
    """What an event says in a field, and of the filled quantity all that it knows."""
    return event.known_filled_quantity if name == "filled_quantity" else getattr(event, name)


def _number(event: CancelEvent, name: str, instrument: Instrument) -> Any:
    """A number with the digits of an instrument; None if the venue does not say it."""
    value: Decimal | None = _said(event, name)
    if value is None or (name == "trigger_price" and not value):
        return None
    is_price = name in _PRICES
    if value.adjusted() >= _MOST_DIGITS or (value < 0 and not is_price):
        return Omission.OUT_OF_RANGE
    precision = instrument.price_precision if is_price else instrument.size_precision
    cut = value.quantize(Decimal(1).scaleb(-precision), ROUND_DOWN, _EXACT)
    if cut != value:
        return Omission.WOULD_ROUND
    try:
        found = (Price if is_price else Quantity).from_str(format(cut, "f"))
    except ValueError:
        return Omission.OUT_OF_RANGE
    return found if found.as_decimal() == value else Omission.OUT_OF_RANGE
