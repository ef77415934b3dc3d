"""Worked examples: what a few events of one order say together, and input that lacks what it should have."""

from collections.abc import Iterable
from decimal import Decimal
from itertools import permutations
from typing import Any

import pytest
from msgspec.structs import replace

from cancelnorm import CancelEvent, EventKind, Evidence, Initiator, OrderStatus, Outcome, Reason, normalise
from cancelnorm.schema import QuantityUnit
from cancelnorm.story import Dispute, Fate, OrderVerdict, fold, stream
from tests.samples import SAMPLES

MS = 1_000_000
START = 1_800_000_000_000 * MS


def at(ms: int) -> int:
    """A time so many milliseconds after the start."""
    return START + ms * MS


def event(endpoint: str, line: int, **facts: Any) -> CancelEvent:
    """An event of one order."""
    base = CancelEvent(
        "bybit",
        None,
        endpoint,
        EventKind.ORDER,
        symbol="BTCUSDT",
        order_id="c6f0",
        client_order_id="mine",
        source=f"day.jsonl:{line}",
    )
    return replace(base, **facts)


CANCEL, STREAM, QUERY = "POST /v5/order/cancel", "stream order", "GET /v5/order/realtime"
AMOUNTS = {"quantity": Decimal(1), "quantity_unit": QuantityUnit.BASE}
ACK = event(
    CANCEL, 1, outcome=Outcome.PENDING, evidence=Evidence.ACKNOWLEDGED, sent_ns=at(0), received_ns=at(20)
)
CANCELED = event(
    STREAM,
    2,
    outcome=Outcome.CANCELED,
    evidence=Evidence.FINAL_REPORT,
    status=OrderStatus.CANCELED,
    initiator=Initiator.USER,
    event_ns=at(10),
    received_ns=at(30),
    filled_quantity=Decimal("0.4"),
    **AMOUNTS,
)
GONE = event(
    CANCEL,
    3,
    outcome=Outcome.REJECTED,
    evidence=Evidence.SUCCESS_FLAG,
    reason=Reason.NOT_FOUND_OR_CLOSED,
    sent_ns=at(40),
    received_ns=at(60),
)
FILLED = event(
    STREAM,
    4,
    outcome=Outcome.REJECTED,
    evidence=Evidence.FINAL_REPORT,
    reason=Reason.ALREADY_FILLED,
    status=OrderStatus.FILLED,
    event_ns=at(9),
    received_ns=at(29),
    filled_quantity=Decimal(1),
    **AMOUNTS,
)
TIMEOUT = event(CANCEL, 5, outcome=Outcome.UNKNOWN, reason=Reason.TIMEOUT, sent_ns=at(0))
LIMITED = event(
    CANCEL,
    6,
    outcome=Outcome.REJECTED,
    evidence=Evidence.SUCCESS_FLAG,
    reason=Reason.RATE_LIMITED,
    sent_ns=at(-50),
    received_ns=at(-40),
)
ALIVE = event(
    QUERY,
    7,
    outcome=Outcome.UNKNOWN,
    evidence=Evidence.LISTED,
    status=OrderStatus.NEW,
    event_ns=at(-90),
    sent_ns=at(40),
    received_ns=at(50),
)


def verdict(*events: CancelEvent) -> OrderVerdict:
    """The verdict on the order of some events, which does not depend on their order."""
    found = {tuple(fold(some).values()) for some in permutations(events)}
    [[story]] = found
    return story.verdict()


@pytest.mark.parametrize(
    ("events", "fate", "evidence", "attempts", "latency", "disputes"),
    [
        ((ACK,), Fate.ASKED, Evidence.ACKNOWLEDGED, 1, None, ()),
        ((ACK, CANCELED, GONE), Fate.CANCELED, Evidence.FINAL_REPORT, 2, 30, ()),
        ((ACK, FILLED), Fate.FILLED, Evidence.FINAL_REPORT, 1, 29, ()),
        ((TIMEOUT,), Fate.UNKNOWN, Evidence.NONE, 1, None, ()),
        ((TIMEOUT, CANCELED), Fate.CANCELED, Evidence.FINAL_REPORT, 1, 30, ()),
        ((GONE,), Fate.CLOSED, Evidence.SUCCESS_FLAG, 1, 20, ()),
        ((LIMITED,), Fate.UNKNOWN, Evidence.NONE, 1, None, ()),
        ((LIMITED, ACK, CANCELED), Fate.CANCELED, Evidence.FINAL_REPORT, 2, 30, ()),
        ((ALIVE,), Fate.ALIVE, Evidence.LISTED, 0, None, ()),
        ((ACK, CANCELED, ALIVE), Fate.CANCELED, Evidence.FINAL_REPORT, 1, 30, (Dispute.ALIVE_AFTERWARDS,)),
        (
            (CANCELED, FILLED),
            Fate.FILLED,
            Evidence.FINAL_REPORT,
            0,
            None,
            (Dispute.CANCELED_AND_FILLED, Dispute.CANCELED_BUT_FULL),
        ),
    ],
)
def test_what_they_say_together(
    events: tuple[CancelEvent, ...],
    fate: Fate,
    evidence: Evidence,
    attempts: int,
    latency: int | None,
    disputes: tuple[Dispute, ...],
) -> None:
    """The fate, on what evidence, after how many requests, how long after the one that led to it."""
    found = verdict(*events)
    assert (found.fate, found.evidence, found.attempts) == (fate, evidence, attempts)
    assert found.latency_ns == (None if latency is None else latency * MS)
    assert tuple(one.kind for one in found.contradictions) == disputes


def test_all_that_a_verdict_says() -> None:
    """Times, amounts and who ended it, each from the event that says it."""
    found = verdict(LIMITED, ACK, CANCELED, GONE)
    assert (found.source, found.done_ns, found.known_ns) == ("day.jsonl:2", at(10), at(30))
    assert (found.asked_ns, found.acknowledged_ns) == (at(-50), at(20))
    assert (found.filled_quantity, found.quantity) == (Decimal("0.4"), Decimal(1))
    assert found.initiator is Initiator.USER
    assert found.reasons == (Reason.NOT_FOUND_OR_CLOSED, Reason.RATE_LIMITED)
    assert found.is_final
    assert not found.is_unresolved


@pytest.mark.parametrize(
    ("name", "filled"),
    [
        ("gate/delete-delivery-orders", "6"),
        ("gate/delete-futures-order-decimal-sizes", "1.0"),
        ("gate/delete-futures-order-filled", "7"),
        ("hyperliquid/stream-order-updates", "0.4"),
        ("hyperliquid/stream-order-updates-reduce-only", None),  # smaller with its position
        ("bybit/stream-order-linear-2024", "0"),
    ],
)
def test_what_is_left_tells_what_filled(name: str, filled: str | None) -> None:
    """Where a venue says what is left of an order alone, its story says what filled."""
    [event] = normalise(SAMPLES[name].record()).events
    found = verdict(event).filled_quantity
    assert (None if found is None else str(found)) == filled


def one(kind: Dispute, *events: CancelEvent) -> tuple[str, str | None, str, str | None]:
    """The only contradiction between some events."""
    [found] = verdict(*events).contradictions
    assert found.kind is kind
    return found.statement, found.source, found.other_statement, found.other_source


def test_contradictions_name_both_sources() -> None:
    """What is said, and where."""
    assert one(Dispute.ALIVE_AFTERWARDS, CANCELED, ALIVE) == (
        "canceled",
        "day.jsonl:2",
        "on the book later",
        "day.jsonl:7",
    )
    assert one(
        Dispute.INITIATORS_DIFFER, CANCELED, replace(CANCELED, initiator=Initiator.RISK, source="b:1")
    ) == (
        "ended by risk",
        "b:1",
        "ended by user",
        "day.jsonl:2",
    )
    assert one(Dispute.QUANTITIES_DIFFER, CANCELED, replace(CANCELED, quantity=Decimal(2), source="b:1")) == (
        "quantity 1",
        "day.jsonl:2",
        "quantity 2",
        "b:1",
    )
    assert one(Dispute.SYMBOLS_DIFFER, CANCELED, replace(CANCELED, symbol="ETHUSDT", source="b:1")) == (
        "symbol BTCUSDT",
        "day.jsonl:2",
        "symbol ETHUSDT",
        "b:1",
    )
    assert one(Dispute.CLOCKS_DISAGREE, replace(CANCELED, event_ns=at(31))) == (
        "done after its receipt",
        "day.jsonl:2",
        "received",
        "day.jsonl:2",
    )


def test_a_reduced_order_may_have_two_quantities() -> None:
    """That is what was reduced."""
    reduced = replace(CANCELED, outcome=Outcome.REDUCED, status=OrderStatus.NEW, quantity=Decimal("0.5"))
    assert verdict(reduced, CANCELED).contradictions == ()


def test_symbols_are_compared_without_their_marks() -> None:
    """Transports spell them differently."""
    assert verdict(CANCELED, replace(ACK, symbol="BTC-USDT")).contradictions == ()


# --- Streams ---


def others(count: int) -> list[CancelEvent]:
    """Events of so many other orders."""
    return [replace(ACK, order_id=f"other {i}", client_order_id=None) for i in range(count)]


def test_a_replaced_order_is_known_after_it_left() -> None:
    """Its successor stays in memory, and names it all the same."""
    old = replace(CANCELED, replaced_by="c6f1")
    successor = replace(ACK, order_id="c6f1")
    found = stream([old, *others(9), successor, *others(30)], 10)
    [replaces] = [story.replaces for story in found if story.key.order_id == "c6f1"]
    assert replaces == ("c6f0",)


def test_a_client_id_is_not_certain_because_an_order_left() -> None:
    """Two orders had it, and one of them is not in memory any more."""
    second, loose = replace(ACK, order_id="c6f1"), replace(LIMITED, order_id=None)
    found = list(stream([ACK, *others(9), second, loose, *others(30)], 10))
    assert not [story for story in found if story.linked]
    [ambiguous] = [story.ambiguous for story in found if story.key.order_id is None]
    assert [key.order_id for key in ambiguous] == ["c6f0", "c6f1"]


def test_a_client_id_leaves_with_its_order() -> None:
    """Whichever of the two was seen first."""
    loose = replace(LIMITED, order_id=None)
    for events in ([ACK, *others(9), loose, *others(30)], [loose, *others(9), ACK, *others(30)]):
        found = [story for story in stream(events, 10) if "other" not in (story.key.order_id or "")]
        [story] = found
        assert (len(story.attempts), len(story.linked)) == (2, 1)


# --- Bad input ---


def without_clocks(events: Iterable[CancelEvent]) -> list[CancelEvent]:
    """The same as of a recorder without a clock."""
    return [
        replace(found, event_ns=None, sent_ns=None, received_ns=None, response_ns=None) for found in events
    ]


def test_no_clocks_at_all() -> None:
    """The fate is told, and no time: none is zero."""
    found = verdict(*without_clocks((ACK, CANCELED, GONE)))
    assert (found.fate, found.attempts) == (Fate.CANCELED, 2)
    times = (found.done_ns, found.known_ns, found.asked_ns, found.acknowledged_ns, found.latency_ns)
    assert times == (None,) * 5


def test_nothing_at_all() -> None:
    """No event, no story."""
    assert dict(fold([])) == {}
    assert fold([]).linked() == ()
    assert list(stream([])) == []


def test_events_without_an_order_are_counted() -> None:
    """By kind, because they are no story."""
    nobody = replace(ACK, order_id=None, client_order_id=None)
    events = [replace(nobody, kind=kind) for kind in (EventKind.SCOPE, EventKind.SCOPE, EventKind.TIMER)]
    found = fold(events)
    assert not found
    assert found.unnamed == {EventKind.SCOPE: 2, EventKind.TIMER: 1}
    assert found.merge(found).unnamed == {EventKind.SCOPE: 4, EventKind.TIMER: 2}


def test_what_is_about_many_orders_is_about_none_of_them() -> None:
    """The ids in it are those of a list, or of the request."""
    for kind in (EventKind.SCOPE, EventKind.TIMER, EventKind.REQUEST):
        found = fold([CANCELED, replace(GONE, kind=kind), replace(ACK, kind=kind, order_id=None)])
        assert found.linked() == fold([CANCELED]).linked()
        assert found.unnamed == {kind: 2}


def test_only_rejections() -> None:
    """That there is no such order is told; of what else was refused, nothing follows for the order."""
    assert verdict(LIMITED, replace(LIMITED, reason=Reason.AUTH, sent_ns=at(1))).fate is Fate.UNKNOWN
    assert verdict(LIMITED, GONE).fate is Fate.CLOSED


def test_accounts_do_not_mix() -> None:
    """Two accounts may have the same ids."""
    events = [ACK, replace(CANCELED, account="maker")]
    assert [story.verdict().fate for story in fold(events).values()] == [Fate.ASKED, Fate.CANCELED]


def test_an_id_in_two_symbols_is_two_orders() -> None:
    """Where ids are unique in a symbol only."""
    spot = replace(CANCELED, venue="binance", endpoint="DELETE /api/v3/order")
    assert len(fold([spot, replace(spot, symbol="ETHUSDT")])) == 2


def test_times_that_go_back() -> None:
    """A clock that was set back gives no negative latency."""
    found = verdict(ACK, replace(CANCELED, received_ns=at(-5), event_ns=None))
    assert found.latency_ns is None


def test_a_log_that_ends_in_the_middle() -> None:
    """Each beginning of a history tells no more than the whole."""
    history = [LIMITED, ACK, CANCELED, GONE]
    fates = [verdict(*history[:end]).fate for end in range(1, 5)]
    assert fates == [Fate.UNKNOWN, Fate.ASKED, Fate.CANCELED, Fate.CANCELED]


def test_a_venue_that_is_not_installed() -> None:
    """Its orders are told apart by symbol."""
    strange = replace(CANCELED, venue="elsewhere")
    assert [key.space for key in fold([strange])] == ["elsewhere"]


MASKED = (
    "***",
    "xxxx",
    "XXXXXXXX-XXXX-XXXX-XXXX-XXXXXXXXXXXX",
    "[REDACTED]",
    "<redacted>",
    "FILTERED",
    "2893****5104",
)


@pytest.mark.parametrize("mask", MASKED)
def test_masked_ids_name_no_order(mask: str) -> None:
    """Events with one are in no story, or in that of the client id; one of this library tells orders apart."""
    masked = replace(CANCELED, order_id=mask)
    assert fold([masked, replace(masked, client_order_id=mask)]).unnamed == {EventKind.ORDER: 1}
    assert [key.client_order_id for key in fold([masked])] == ["mine"]
    for plain in ("c6f0", "x", "xx1", "Hidden-1", "maskedman", "[redacted 1a2b3c4d]"):
        [key] = fold([replace(CANCELED, order_id=plain)])
        assert key.order_id == plain


BY_NAME = event(
    CANCEL,
    1,
    order_id=None,
    outcome=Outcome.CANCELED,
    evidence=Evidence.SUCCESS_FLAG,
    sent_ns=at(0),
    received_ns=at(100),
)


@pytest.mark.parametrize(
    "report",
    [
        replace(CANCELED, event_ns=at(8), received_ns=at(200)),
        replace(CANCELED, event_ns=at(1_500), received_ns=at(200)),  # the venue's clock is ahead
        replace(CANCELED, event_ns=at(-1_500), received_ns=at(200)),
        replace(CANCELED, event_ns=None, received_ns=at(200)),
        replace(CANCELED, endpoint=QUERY, event_ns=at(150), received_ns=at(90_000)),
    ],
)
def test_a_cancel_by_client_id_and_the_end_of_its_order(report: CancelEvent) -> None:
    """They are one story, whenever the request was sent, and whatever is known first."""
    [story] = fold([BY_NAME, report]).linked()
    assert story.verdict().fate is Fate.CANCELED
    assert (story.verdict().attempts, story.verdict().asked_ns) == (1, at(0))


@pytest.mark.parametrize(
    "later",
    [
        replace(CANCELED, event_ns=at(9_000), received_ns=at(9_010), created_ns=at(1_000)),
        replace(CANCELED, event_ns=at(6_000), received_ns=at(6_010)),
        replace(ACK, sent_ns=at(1_000), received_ns=at(1_010)),
    ],
)
def test_an_end_before_an_order_was_seen_is_not_its_own(later: CancelEvent) -> None:
    """The client id was used again: the order that had it before is not known."""
    assert [story.key.order_id for story in fold([BY_NAME, later]).linked()] == [None, "c6f0"]


def test_two_cancels_by_one_client_id_are_of_two_orders() -> None:
    """The log knows one of them, and the first cancel was not its own."""
    again = replace(BY_NAME, sent_ns=at(2_000), received_ns=at(2_100), source="day.jsonl:7")
    report = replace(CANCELED, event_ns=at(2_010), received_ns=at(2_020), created_ns=at(1_000))
    assert [story.key.order_id for story in fold([BY_NAME, again, report]).linked()] == [None, "c6f0"]
