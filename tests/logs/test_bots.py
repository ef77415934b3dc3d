"""Logs of simulated bots: no event says of an order what its own call was not answered, and no order is lost."""

from hypothesis import given
from hypothesis import strategies as st

from cancelnorm import CancelEvent
from cancelnorm.logs.formats import named
from cancelnorm.pipeline import events
from tests.logs.bots import AMENDED, FORMS, Bot, bots, written
from tests.logs.captured import found


def events_of(log: str, form: str) -> tuple[list[CancelEvent], int]:
    """The events of a log, and how many of its records are refused."""
    told = list(events(found(named(form), log.encode())))
    known = [each for each in told if isinstance(each, CancelEvent)]
    return known, len(told) - len(known)


@given(
    bot=bots(),
    form=st.sampled_from(FORMS),
    swaps=st.none() | st.lists(st.integers(0, 99), max_size=20),
    is_timed=st.booleans(),
)
def test_logs_of_bots(bot: Bot, form: tuple[str, str], swaps: list[int] | None, *, is_timed: bool) -> None:
    """Each order has the outcome of its own call, or none that is known; others are named by no event.

    Where lines of several connections are mixed, each names its own.
    """
    log = written(bot, form, swaps=swaps or (), is_labelled=swaps is not None, is_timed=is_timed)
    told, refused = events_of(log, form[0])
    truth = {call.order: call for call in bot.calls if call.order is not None}
    known = bot.answered()
    orders = set()
    for event in told:
        if event.order_id is None:
            continue
        if event.order_id == AMENDED:  # of an answer to another call, that names no request
            assert event.outcome == "unknown"
            continue
        call = truth[event.order_id]
        orders.add(event.order_id)
        assert event.venue == call.venue
        if event.outcome != "unknown":
            assert event.order_id in known, event
            assert (event.outcome == "rejected") == call.is_refused
    nameless = sum(event.order_id is None for event in told)
    assert len(truth.keys() - orders) <= nameless + refused  # one answer stands for one request
