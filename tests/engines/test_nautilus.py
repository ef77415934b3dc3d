"""Order events of NautilusTrader: with its own objects, and orders that take them."""

from collections import defaultdict
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from msgspec.structs import replace

from cancelnorm import (
    CancelEvent,
    EventKind,
    Evidence,
    Initiator,
    OrderStatus,
    Outcome,
    Reason,
    Record,
    event_ids,
    normalise,
)
from cancelnorm.replay.lifecycle import Omission
from cancelnorm.story import Fate, fold
from cancelnorm.story.claims import FINAL, claim_of
from tests.engines.cancels import canceled, pending, rejected
from tests.story.events import collections

# --- Laws ---


@given(found=collections())
def test_a_real_order_takes_all_its_events(
    found: list[CancelEvent], market: Any, nautilus: Any, identities: Any, instruments: Any
) -> None:
    """None is refused, also if the order filled when the log says so; it ends as the last of them says."""
    of_orders = [event for event in found if event.kind is EventKind.ORDER]
    verdicts = {story.key: story.verdict() for story in fold(of_orders).linked()}
    expressed = nautilus.order_events(found, identities, instruments)
    data = {one.data.event_id: one.data for one in nautilus.cancel_data(found, instruments).objects}
    steps = defaultdict(list)
    for event in expressed.objects:
        steps[event.client_order_id.value].append(event)
    for name, taken in steps.items():
        order_id = next((event.venue_order_id.value for event in taken if event.venue_order_id), "1")
        order, has_filled, has_ended = market.Order(name, order_id), False, False
        for event in taken:
            original = data[event.id.value].event()
            [key] = fold([original])
            said = claim_of(original)
            is_filled = key in verdicts and verdicts[key].fate is Fate.FILLED
            if is_filled and not has_filled and said is not None and said.fate in FINAL:
                order.fill(10)
                has_filled = True
            before = order.state
            state = order.apply(event)
            assert not has_ended
            match type(event).__name__:
                case "OrderCanceled":
                    assert state == "CANCELED"
                    has_ended = True
                case "OrderExpired":
                    assert state == "EXPIRED"
                    has_ended = True
                case "OrderPendingCancel":
                    assert state == "PENDING_CANCEL"
                case _:
                    assert state == ("ACCEPTED" if before == "PENDING_CANCEL" else before)
        if not has_filled and not has_ended:
            order.fill(10)  # whatever is pending


@given(found=collections())
def test_nothing_is_dropped_in_silence(
    found: list[CancelEvent], nautilus: Any, identities: Any, instruments: Any
) -> None:
    """What goes in is expressed or left out, in all three forms, and objects are in order and have times."""
    for expressed in (
        nautilus.order_events(found, identities, instruments),
        nautilus.status_reports(found, identities, instruments),
        nautilus.cancel_data(found, instruments),
    ):
        assert len(expressed.objects) + len(expressed.left_out) == len(found)
        assert expressed.counts.total() == len(expressed.left_out)
        times = [one.ts_init for one in expressed.objects]
        assert times == sorted(times)
        assert all(time > 0 for time in times)
        rest = iter(found)
        assert all(any(one.item is event for event in rest) for one in expressed.left_out)  # in their order


@given(found=collections(12))
def test_the_same_events_give_the_same_objects(
    found: list[CancelEvent], nautilus: Any, identities: Any, instruments: Any
) -> None:
    """Also if the log had another path."""
    moved = [
        replace(event, source=None if event.source is None else f"/var/{event.source}") for event in found
    ]
    one, other = (nautilus.order_events(log, identities, instruments) for log in (found, moved))
    as_dicts = [[type(event).to_dict(event) for event in expressed.objects] for expressed in (one, other)]
    assert as_dicts[0] == as_dicts[1]
    assert one.counts == other.counts


# --- Sequences ---


def states(nautilus: Any, market: Any, identities: Any, instruments: Any, *found: CancelEvent) -> list[str]:
    """The states of an order that takes the events of a log."""
    order = market.Order("a")
    return [order.apply(event) for event in nautilus.order_events(found, identities, instruments).objects]


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        ([pending(), canceled(received_ns=4_000)], ["PENDING_CANCEL", "CANCELED"]),
        ([pending(), pending(received_ns=4_000)], ["PENDING_CANCEL", "PENDING_CANCEL"]),
        ([pending(), rejected(received_ns=4_000)], ["PENDING_CANCEL", "ACCEPTED"]),
        ([canceled(), pending(received_ns=4_000)], ["CANCELED"]),
        ([pending(received_ns=4_000), canceled()], ["CANCELED"]),
        ([canceled(), canceled(received_ns=4_000)], ["CANCELED"]),
        ([canceled(), rejected(Reason.NOT_FOUND_OR_CLOSED, received_ns=4_000)], ["CANCELED"]),
        ([canceled(), rejected(Reason.ALREADY_FILLED, received_ns=4_000)], ["CANCELED"]),
        ([rejected(Reason.ALREADY_FILLED), pending(received_ns=4_000)], ["ACCEPTED"]),
        ([rejected(Reason.ALREADY_CANCELED)], ["CANCELED"]),
        ([rejected(Reason.NOT_FOUND_OR_CLOSED), canceled(received_ns=4_000)], ["ACCEPTED", "CANCELED"]),
        ([canceled(status=OrderStatus.EXPIRED, initiator=Initiator.EXPIRY)], ["EXPIRED"]),
        ([canceled(status=OrderStatus.EXPIRED)], ["EXPIRED"]),
        ([canceled(status=OrderStatus.EXPIRED, initiator=Initiator.RISK)], ["CANCELED"]),
        ([canceled(quantity=Decimal(1), filled_quantity=Decimal(1))], []),
        ([canceled(outcome=Outcome.UNKNOWN, evidence=Evidence.NONE), canceled(outcome=Outcome.REDUCED)], []),
    ],
)
def test_sequences(
    found: list[CancelEvent],
    expected: list[str],
    nautilus: Any,
    market: Any,
    identities: Any,
    instruments: Any,
) -> None:
    """An order ends once, and gets no news after its end."""
    assert states(nautilus, market, identities, instruments, *found) == expected


def test_a_real_order_refuses_what_is_left_out(
    market: Any, nautilus: Any, identities: Any, instruments: Any
) -> None:
    """An end after an end raises, a fill after one does not."""
    from nautilus_trader.core.fsm import InvalidStateTrigger

    [end] = nautilus.order_events([canceled()], identities, instruments).objects
    [ask] = nautilus.order_events([pending()], identities, instruments).objects
    [refusal] = nautilus.order_events([rejected()], identities, instruments).objects
    for later in (end, ask):
        order = market.Order("a")
        order.apply(end)
        with pytest.raises(InvalidStateTrigger):
            order.apply(later)
    order = market.Order("a")
    assert [order.apply(ask), order.fill(5), order.apply(end)] == [
        "PENDING_CANCEL",
        "PARTIALLY_FILLED",
        "CANCELED",
    ]
    order = market.Order("a")
    assert [order.apply(end), order.apply(refusal), order.fill(10)] == ["CANCELED", "CANCELED", "FILLED"]
    with pytest.raises(InvalidStateTrigger):
        order.apply(end)


# --- Objects ---


def test_an_order_event(nautilus: Any, identities: Any, instruments: Any) -> None:
    """All of its fields; the id is that of our event, in the form of version 4."""
    body = (
        b'{"symbol":"BTCUSDT","origClientOrderId":"web-1","orderId":28,"orderListId":-1,"clientOrderId":"c-1",'
        b'"transactTime":1793700001061,"price":"2.10","origQty":"0.015","executedQty":"0.004",'
        b'"cummulativeQuoteQty":"260.40","status":"CANCELED","timeInForce":"GTC","type":"LIMIT","side":"BUY",'
        b'"selfTradePreventionMode":"NONE"}'
    )
    record = Record(body, "binance", "DELETE /api/v3/order", 200, received_ns=1793700001070000000)
    result = normalise(record)
    ids = event_ids(record, result)
    [event] = nautilus.order_events(zip(ids, result.events, strict=True), identities, instruments).objects
    digits = ids[0].hex()
    assert type(event).to_dict(event) == {
        "type": "OrderCanceled",
        "trader_id": "TRADER-001",
        "strategy_id": "REPLAY-001",
        "instrument_id": "BTCUSDT-spot.BINANCE",
        "client_order_id": "web-1",
        "venue_order_id": "28",
        "account_id": "BINANCE-1",
        "event_id": event.id.value,
        "ts_event": 1793700001061000000,
        "ts_init": 1793700001070000000,
        "reconciliation": False,
    }
    found = event.id.value.replace("-", "")
    assert (found[12], found[:12], found[13:16], found[17:]) == ("4", digits[:12], digits[13:16], digits[17:])
    with pytest.raises(ValueError, match="event id: expected 16 bytes, found 3"):
        nautilus.order_events([(b"123", result.events[0])], identities, instruments)


def test_times(nautilus: Any, identities: Any, instruments: Any) -> None:
    """The venue's, else the receipt; never that of sending, and never zero."""

    def times(**clocks: int | None) -> list[Any]:
        nothing = {"event_ns": None, "received_ns": None}
        found = nautilus.order_events([canceled(**{**nothing, **clocks})], identities, instruments)
        return [(one.ts_event, one.ts_init) for one in found.objects] or list(found.counts)

    assert times(event_ns=1, response_ns=2, received_ns=3, sent_ns=4) == [(1, 3)]
    assert times(response_ns=2, received_ns=3) == [(2, 3)]
    assert times(received_ns=3) == [(3, 3)]
    assert times(event_ns=1) == [(1, 1)]
    assert times(sent_ns=4, created_ns=5) == [Omission.NO_CLOCK]
    assert times(event_ns=0, received_ns=0) == [Omission.NO_CLOCK]
    assert times(event_ns=1 << 63) == [Omission.NO_CLOCK]
    assert times(event_ns=1, received_ns=-1) == [(1, 1)]
    assert times(event_ns=0, response_ns=2, received_ns=3) == [(2, 3)]


def test_refusals_and_queries(nautilus: Any, identities: Any, instruments: Any) -> None:
    """A refusal says why, in the venue's words; what a query said is marked."""
    refused = rejected(Reason.NOT_FOUND, code="-2011", message="Unknown order sent.")
    queried = replace(canceled(order_id="2", client_order_id="b"), endpoint="GET /api/v3/order")
    inferred = rejected(Reason.ALREADY_CANCELED, order_id="3", client_order_id="c")
    found = nautilus.order_events([refused, queried, inferred], identities, instruments).objects
    assert found[0].reason == "not_found: -2011: Unknown order sent."
    assert type(found[0].reason) is str
    assert [one.reconciliation for one in found] == [False, True, True]


def test_names(nautilus: Any, identities: Any, instruments: Any) -> None:
    """An order keeps its client id if no other has it; each has one of its own."""
    found = [
        canceled(),
        canceled(order_id="2", client_order_id=None),
        canceled(order_id="3", client_order_id="b"),
        canceled(order_id="4", client_order_id="b"),
        canceled(order_id="3", client_order_id="b", account="maker"),
        canceled(order_id="5", client_order_id="\u00e9"),
    ]
    names = [
        one.client_order_id.value for one in nautilus.order_events(found, identities, instruments).objects
    ]
    assert names == [
        "a",
        "X-2",
        "X-|binance:spot|BTCUSDT|3|",
        "X-|binance:spot|BTCUSDT|4|",
        "X-maker|binance:spot|BTCUSDT|3|",
        "X-5",
    ]


def test_a_filled_quantity_is_counted(nautilus: Any, identities: Any, instruments: Any) -> None:
    """An event of Nautilus has no place for it."""
    whole, part = canceled(filled_quantity=Decimal(0)), canceled(order_id="2", filled_quantity=Decimal("0.5"))
    found = nautilus.order_events([whole, part], identities, instruments)
    assert len(found.objects) == 2
    assert [tuple(one) for one in found.in_part] == [(part, Omission.NOT_EXPRESSIBLE, "filled_quantity")]
    rest = canceled(quantity=Decimal(1), filled_quantity=None, remaining_quantity=Decimal("0.5"))
    assert [one.item for one in nautilus.order_events([rest], identities, instruments).in_part] == [rest]


def test_stories_without_events(nautilus: Any, identities: Any) -> None:
    """What was folded elsewhere gives the end of an order, and that it was asked for."""
    stories = fold([pending(received_ns=2_500), canceled()]).linked()
    spot = nautilus.Instruments(
        {("binance", "spot", "BTCUSDT"): nautilus.Instrument("BTCUSDT.BINANCE", 2, 5)}
    )
    found = nautilus.order_events(stories, identities, spot)
    assert [(type(one).__name__, one.ts_event, one.ts_init) for one in found.objects] == [
        ("OrderPendingCancel", 2_000, 2_500),
        ("OrderCanceled", 2_000, 3_000),
    ]
    [unknown] = fold([canceled(outcome=Outcome.UNKNOWN, evidence=Evidence.NONE)]).linked()
    assert nautilus.order_events([unknown], identities, spot).counts == {Omission.NO_CLOCK: 1}


def test_replaced_orders(nautilus: Any, identities: Any, instruments: Any) -> None:
    """Under one client id they are one order, which goes on; under two they are two."""
    old = canceled(initiator=Initiator.AMEND, replaced_by="2", received_ns=2_500)
    new = canceled(order_id="2")
    same = nautilus.order_events([pending(received_ns=2_400), old, new], identities, instruments)
    assert [(type(one).__name__, one.venue_order_id, one.ts_init) for one in same.objects] == [
        ("OrderPendingCancel", None, 2_400),
        ("OrderCanceled", None, 3_000),
    ]
    assert same.counts == {Omission.REPLACED: 1}
    two = nautilus.order_events([old, replace(new, client_order_id="b")], identities, instruments)
    assert [one.client_order_id.value for one in two.objects] == ["a", "b"]


@pytest.mark.parametrize(
    ("event", "reason"),
    [
        (canceled(symbol="DOGEUSDT"), Omission.NO_INSTRUMENT),
        (canceled(symbol=None), Omission.NO_INSTRUMENT),
        (canceled(account="other"), Omission.NO_ACCOUNT),
        (canceled(order_id="\u00e9"), Omission.ID_NOT_ASCII),
        (canceled(kind=EventKind.SCOPE), Omission.SCOPE),
        (canceled(kind=EventKind.TIMER), Omission.TIMER),
        (canceled(kind=EventKind.REQUEST), Omission.REQUEST),
        (canceled(order_id=None, client_order_id=None), Omission.NO_ORDER),
        (canceled(outcome=Outcome.UNKNOWN, evidence=Evidence.NONE), Omission.UNKNOWN),
        (canceled(outcome=Outcome.REDUCED), Omission.REDUCED),
    ],
)
def test_what_has_no_order_event(
    event: CancelEvent, reason: Omission, nautilus: Any, identities: Any, instruments: Any
) -> None:
    """It is left out for a reason, and is data all the same."""
    found = nautilus.order_events([event], identities, instruments)
    assert found.objects == ()
    assert [(one.item, one.reason) for one in found.left_out] == [(event, reason)]
    [data] = nautilus.cancel_data([event], instruments).objects
    assert data.data.event() == event


def test_data_of_a_scope_has_its_instrument(nautilus: Any, instruments: Any) -> None:
    """A strategy that trades it wants to know, and no order is named."""
    event = canceled(kind=EventKind.SCOPE, order_id=None, client_order_id=None)
    [one] = nautilus.cancel_data([event], instruments).objects
    assert (one.data.instrument, one.data.client_order_id, one.data.step) == ("BTCUSDT-spot.BINANCE", "", "")


def test_identities(nautilus: Any) -> None:
    """What would end the process in Nautilus is an error here."""
    for bad in ("TRADER", "-1", "T-", "T\u00e9-1", "", " -1"):
        with pytest.raises(ValueError, match="expected an id such as NAME-001"):
            nautilus.Identities(bad, "S-1", {})
        with pytest.raises(ValueError, match="expected an id such as NAME-001"):
            nautilus.Identities("T-1", "S-1", {"binance": bad})
