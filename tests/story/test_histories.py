"""Verdicts on simulated orders: the truth where the log holds enough, and otherwise nothing wrong."""

from collections import defaultdict

from hypothesis import given

from cancelnorm.story import Dispute, Fate, Story, claim_of, fold
from cancelnorm.story.claims import FINAL
from tests.story.histories import MS, History, Order, Seen, histories


def told(history: History) -> list[tuple[Order, list[Seen], Story]]:
    """Each order with events of which the log has the order id, these events, and its story."""
    orders = {order.number: order for order in history.orders}
    seen: defaultdict[int, list[Seen]] = defaultdict(list)
    for one in history.log:
        seen[one.order].append(one)
    stories = {story.key: story for story in fold(one.event for one in history.log).linked()}
    found = []
    for number, events in seen.items():
        keys = [key for one in events if one.event.order_id for key in fold([one.event])]
        if keys:
            found.append((orders[number], events, stories[keys[0]]))
    return found


def own(events: list[Seen]) -> list[Seen]:
    """Those that name the order by its id."""
    return [one for one in events if one.event.order_id is not None]


def foreign(history: History, order: Order, story: Story) -> set[int]:
    """Other orders that the log names by the client id of an order alone, and whose events were linked to it."""
    return {
        one.order
        for one in history.log
        if one.event.order_id is None
        and one.order != order.number
        and not fold([one.event]).keys().isdisjoint(story.linked)
    }


def truth(order: Order) -> Fate:
    """What became of an order."""
    return Fate.ALIVE if order.end is None else order.end


@given(histories())
def test_a_verdict_is_the_truth_or_says_less(history: History) -> None:
    """Canceled and filled orders are told as such where an event shows it; nothing is ever told that was not so."""
    for order, events, story in told(history):
        if foreign(history, order, story):
            continue  # what the log has of the other order could not be told from this one
        verdict = story.verdict()
        if any(one.proves_end for one in own(events)):
            assert verdict.fate is truth(order)
        elif verdict.is_final:
            assert order.end is not None
            assert verdict.fate in (order.end, Fate.CLOSED)
        else:
            assert verdict.fate in (Fate.ASKED, Fate.ALIVE, Fate.UNKNOWN)


@given(histories())
def test_a_time_is_that_of_the_end(history: History) -> None:
    """On the venue's clock and to its resolution; news of it come later on the recorder's."""
    for order, _, story in told(history):
        verdict = story.verdict()
        if verdict.done_ns is not None:
            assert verdict.done_ns == (order.ended + history.venue_skew) // MS * MS
        if verdict.is_final and verdict.known_ns is not None:
            assert verdict.known_ns > order.ended
        if not history.has_clocks:
            assert verdict.done_ns is verdict.known_ns is verdict.asked_ns is verdict.latency_ns is None


@given(histories())
def test_amounts_and_initiators_are_true(history: History) -> None:
    """What filled is the most that any event shows, and who ended the order is what any event says."""
    for order, events, story in told(history):
        verdict = story.verdict()
        shown = [one.event.filled_quantity for one in events if one.event.filled_quantity is not None]
        assert verdict.filled_quantity == max(shown, default=None)
        assert verdict.filled_quantity is None or verdict.filled_quantity <= order.filled
        assert verdict.quantity in (None, order.quantity)
        assert verdict.initiator in (None, order.initiator)


@given(histories(can_reuse_client_ids=False))
def test_attempts_are_counted(history: History) -> None:
    """Each request of which the log has something is one attempt; without ids, its time tells it from others."""
    for order, events, story in told(history):
        if not history.has_clocks:
            continue  # then only lines tell answers apart
        known = events if story.linked else own(events)
        names = {one.attempt for one in known if one.attempt is not None}
        times = {order.attempts[name] for name in names}
        verdict = story.verdict()
        assert len(times) <= verdict.attempts <= len(names)
        assert verdict.asked_ns == min(times, default=None)


def is_early(events: list[Seen], alone: Story) -> bool:
    """Whether an end is told by client id before the order was seen, and long before that is seen to have ended."""
    final = [one.event for one in events if (said := claim_of(one.event)) is not None and said.fate in FINAL]
    told = min((e.received_ns for e in final if e.order_id is None and e.received_ns), default=None)
    if told is None or alone.first_ns is None or alone.first_ns <= told:
        return False
    ends = [
        ns for e in final if e.order_id is not None for ns in (e.event_ns, e.received_ns) if ns is not None
    ]
    return all(abs(ns - told) > 5_000 * MS for ns in ends)


@given(histories(can_reuse_client_ids=False))
def test_a_client_id_of_its_own_is_linked(history: History) -> None:
    """Whatever names an order by a client id that no other order has is part of its story, if it is near in time.

    Only an end that is known before all else may be that of an order that the log does not have, unless that is
    seen to have ended then.
    """
    for order, events, story in told(history):
        loose = fold(one.event for one in events if one.event.order_id is None)
        if not loose or history.venue_skew:
            continue
        [alone] = fold(one.event for one in own(events)).values()
        expected = [] if history.has_clocks and is_early(events, alone) else [order.client_order_id]
        assert [key.client_order_id for key in story.linked] == expected


@given(histories())
def test_a_link_is_never_wrong(history: History) -> None:
    """Client ids that are used again are not linked, unless the log lacks the other order's id altogether."""
    for order, _, story in told(history):
        assert foreign(history, order, story).isdisjoint(
            one.order for one in history.log if one.event.order_id is not None
        )


@given(histories())
def test_a_true_history_has_no_contradictions(history: History) -> None:
    """Losses, repetition and disorder contradict nothing; the clocks alone may, where they differ."""
    for order, _, story in told(history):
        if foreign(history, order, story):
            continue
        kinds = {one.kind for one in story.verdict().contradictions}
        assert kinds <= ({Dispute.CLOCKS_DISAGREE} if history.venue_skew else set())
