"""Events as objects of NautilusTrader, and what has no such object."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from operator import attrgetter, itemgetter
from typing import Any, Final, NamedTuple

from nautilus_trader.core.uuid import UUID4
from nautilus_trader.model.data import CustomData, DataType
from nautilus_trader.model.events import (
    OrderCanceled,
    OrderCancelRejected,
    OrderExpired,
    OrderPendingCancel,
)
from nautilus_trader.model.identifiers import ClientOrderId, VenueOrderId

from cancelnorm.check import Refused
from cancelnorm.event_json import encode_masked, masked
from cancelnorm.ids import is_masked
from cancelnorm.replay.lifecycle import (
    Entry,
    Item,
    Lifecycle,
    Lifecycles,
    Omission,
    Step,
    is_plain,
    lifecycles,
)
from cancelnorm.replay.nautilus.data import CancelData
from cancelnorm.replay.nautilus.identities import Identities
from cancelnorm.replay.nautilus.instruments import Instrument, Instruments
from cancelnorm.schema import CancelEvent

__all__ = ["Expressed", "LeftOut", "cancel_data", "order_events"]


class LeftOut(NamedTuple):
    """An event without an object, and why; ``detail`` names the field that is to blame, if there is one."""

    item: CancelEvent | Refused
    reason: Omission
    detail: str | None = None


class Expressed(NamedTuple):
    """Objects of Nautilus in the order of their ``ts_init``, and the events that have none, in the order given.

    Every event is the one or the other. ``in_part`` has events that are expressed but for the field ``detail``.
    """

    objects: tuple[Any, ...]
    left_out: tuple[LeftOut, ...]
    in_part: tuple[LeftOut, ...] = ()

    @property
    def counts(self) -> Counter[Omission]:
        """Number of the events left out, by reason."""
        return Counter(one.reason for one in self.left_out)


def order_events(items: Iterable[Item], identities: Identities, instruments: Instruments) -> Expressed:
    """What happens to orders: ``OrderPendingCancel``, ``OrderCanceled``, ``OrderExpired``, ``OrderCancelRejected``.

    An order gets at most one end, and nothing after it, so that it can apply all of them one after the other.
    ``ts_event`` is the venue's time if there is one, ``ts_init`` when the event was known. ``reconciliation`` is set
    where a query said it, or where an order was canceled earlier and only a refusal tells. No such event has a
    quantity, so a cancel of an order that had filled in part is in ``in_part`` too.
    """
    in_part: list[tuple[int, LeftOut]] = []

    def express(order: Lifecycle) -> Iterator[tuple[Entry, Any]]:
        names = _names(order, identities, instruments)
        for entry in order.entries:
            if entry.step is None:
                yield entry, entry.omission
            elif isinstance(names, Omission):
                yield entry, names
            else:
                yield entry, _order_event(names, entry, entry.step)
                if entry.event.known_filled_quantity:
                    left_out = LeftOut(entry.event, Omission.NOT_EXPRESSIBLE, "filled_quantity")
                    in_part.append((entry.position, left_out))

    found = expressed(lifecycles(items), express)
    return found._replace(in_part=tuple([one for _, one in sorted(in_part, key=itemgetter(0))]))


def _names(order: Lifecycle, identities: Identities, instruments: Instruments) -> tuple[Any, ...] | Omission:
    """The ids with which all events of an order begin."""
    instrument, account_id = instruments.find(order.entries), identities.account_of(order)
    if isinstance(instrument, Omission):
        return instrument
    if account_id is None:
        return Omission.NO_ACCOUNT
    # An order in Nautilus takes no event with another id than its own, so one that changed is left open.
    order_id = order.keys[-1].order_id if len(order.keys) == 1 else None
    if order_id is not None and not is_plain(order_id):
        return Omission.ID_NOT_ASCII
    return (
        identities.trader_id,
        identities.strategy_id,
        instruments.id_of(instrument),
        ClientOrderId(order.client_order_id),
        None if order_id is None else VenueOrderId(order_id),
        account_id,
    )


def _order_event(names: tuple[Any, ...], entry: Entry, step: Step) -> Any:
    reason = (_reason(entry.event),) if step is Step.CANCEL_REJECTED else ()
    clocks = entry.ts_event, entry.ts_init
    return _CLASSES[step](*names, *reason, uuid4(entry.event_id), *clocks, entry.is_inferred)


_CLASSES: Final[dict[Step, Any]] = {
    Step.PENDING_CANCEL: OrderPendingCancel,
    Step.CANCELED: OrderCanceled,
    Step.EXPIRED: OrderExpired,
    Step.CANCEL_REJECTED: OrderCancelRejected,
}


def _reason(event: CancelEvent) -> str:
    """Why a cancel was refused; Nautilus takes no subclass of ``str``, and no empty one."""
    event = masked(event)
    parts = [None if event.reason is None else event.reason.value, event.code, event.message]
    return ": ".join(part for part in parts if part) or "unknown"


def expressed(
    found: Lifecycles,
    express: Callable[[Lifecycle], Iterable[tuple[Entry, Any]]],
    express_other: Callable[[Entry], Any] = attrgetter("omission"),
) -> Expressed:
    """Make an object of each event, or find why there is none."""
    made: list[tuple[Entry, Any]] = [pair for order in found.orders for pair in express(order)]
    made += [(entry, express_other(entry)) for entry in found.others]
    objects = [(entry.ts_init, entry.position, one) for entry, one in made if not _is_left_out(one)]
    left_out = [(position, LeftOut(item, reason)) for position, item, reason in found.left_out]
    for entry, one in made:
        if isinstance(one, LeftOut):
            left_out.append((entry.position, one))
        elif isinstance(one, Omission):
            left_out.append((entry.position, LeftOut(entry.event, one)))
    objects.sort(key=lambda one: one[:2])
    left_out.sort(key=lambda one: one[0])
    return Expressed(tuple([one for _, _, one in objects]), tuple([one for _, one in left_out]))


def _is_left_out(one: Any) -> bool:
    return isinstance(one, LeftOut | Omission)


def uuid4(event_id: bytes) -> Any:
    """The id of an event as a ``UUID4``."""
    return UUID4.from_str(uuid_text(event_id))


def uuid_text(event_id: bytes) -> str:
    """An id in the form of version 4, the only one that Nautilus takes; six of its bits say that it is one."""
    text = event_id.hex()
    variant = _VARIANTS[int(text[16], 16) & 3]
    return f"{text[:8]}-{text[8:12]}-4{text[13:16]}-{variant}{text[17:20]}-{text[20:]}"


_VARIANTS: Final = "89ab"


# --- Data ---


def cancel_data(items: Iterable[Item], instruments: Instruments) -> Expressed:
    """Every event that has a time as ``CancelData``, wrapped in ``CustomData`` as engines take it.

    Give the objects to ``BacktestEngine.add_data`` with a ``client_id``, and subscribe to them with the same. Only
    what has no time, cannot be read, or came before is left out.
    """
    data_type = DataType(CancelData)

    def express(order: Lifecycle) -> Iterator[tuple[Entry, Any]]:
        name = _instrument_name(instruments.find(order.entries))
        for entry in order.entries:
            is_sure = entry.omission is not Omission.AMBIGUOUS_ORDER
            client_order_id = order.client_order_id if is_sure else ""
            order_id = entry.event.order_id
            if order_id is None or is_masked(order_id):
                order_id = order.keys[-1].order_id or ""
            yield entry, CustomData(data_type, _data(entry, name, client_order_id, order_id))

    def express_other(entry: Entry) -> Any:
        return CustomData(data_type, _data(entry, _instrument_name(instruments.find([entry]))))

    return expressed(lifecycles(items), express, express_other)


def _instrument_name(instrument: Instrument | Omission) -> str:
    return "" if isinstance(instrument, Omission) else instrument.id


def _data(entry: Entry, instrument: str, client_order_id: str = "", order_id: str = "") -> Any:
    event = entry.event
    return CancelData(
        entry.ts_event,
        entry.ts_init,
        event_id=uuid_text(entry.event_id),
        venue=event.venue,
        instrument=instrument,
        client_order_id=client_order_id,
        venue_order_id=order_id,
        outcome=event.outcome.value,
        evidence=event.evidence.value,
        step="" if entry.step is None else entry.step.value,
        json=encode_masked(event).decode(),
    )
