"""Exchanges that .NET's HttpClient logs: each is one request, and a body is none of one that ended before."""

from collections.abc import Sequence
from typing import Final

from hypothesis import given
from hypothesis import strategies as st

from cancelnorm import normalise
from cancelnorm.logs.text import TEXT
from tests.logs.captured import records

LOGICAL: Final = "info: System.Net.Http.HttpClient.Api.LogicalHandler[100]\n      "
CLIENT: Final = "info: System.Net.Http.HttpClient.Api.ClientHandler[100]\n      "
BODY: Final = 'dbug: Bot[0]\n      Body: {"code":-2011,"msg":"Unknown order sent."}\n'


def start(order: int) -> str:
    """The lines before the first handler."""
    return f"{LOGICAL}Start processing HTTP request {_request(order)}\n"


def attempt(order: int, status: int | None) -> str:
    """The lines of the last handler: of a request, and of its answer, unless it failed."""
    said = f"Received HTTP response headers after 9.5ms - {status}"
    if status is None:
        said = "HTTP request failed after 9.5ms"
    return f"{CLIENT}Sending HTTP request {_request(order)}\n{CLIENT}{said}\n"


def end(status: int | None) -> str:
    """The lines behind the first handler."""
    said = f"End processing HTTP request after 10ms - {status}"
    if status is None:
        said = "HTTP request failed after 10ms"
    return f"{LOGICAL}{said}\n"


def _request(order: int) -> str:
    return f"DELETE https://api.binance.com/api/v3/order?symbol=BTCUSDT&orderId={order}"


def told(log: str) -> set[tuple[str | None, str, int | None]]:
    """The order, the outcome and the status of each event."""
    found = records(TEXT, log.encode())
    events = [(event, record.status) for record in found for event in normalise(record).events]
    assert len(events) == len(found)
    return {(event.order_id, str(event.outcome), status) for event, status in events}


EXCHANGES: Final = st.lists(
    st.tuples(
        st.lists(st.sampled_from([None, 503]), max_size=3), st.sampled_from(["answered", "no body", "failed"])
    ),
    min_size=1,
    max_size=6,
)


@given(exchanges=EXCHANGES)
def test_one_after_the_other(exchanges: Sequence[tuple[list[int | None], str]]) -> None:
    """Each has its own answer, the last one if it was sent several times; of one without a body nothing is known."""
    log, expected = "", set[tuple[str | None, str, int | None]]()
    for order, (before, fate) in enumerate(exchanges, 1):
        status = None if fate == "failed" else 400
        log += start(order) + "".join(attempt(order, each) for each in (*before, status)) + end(status)
        log += BODY if fate == "answered" else ""
        expected.add((str(order), "rejected" if fate == "answered" else "unknown", status))
    assert told(log) == expected


def test_several_at_the_same_time() -> None:
    """Nothing tells whose answer is whose, so that none is given to one of them."""
    asked = start(1) + attempt(1, 400).partition("\n" + CLIENT + "Rec")[0] + "\n"
    log = asked + start(2) + attempt(2, 400) + end(400) + BODY
    assert {order for order, outcome, _ in told(log) if outcome != "unknown"} <= {None}
    assert told(log)


def test_an_answer_that_was_told_before_the_request_is_sent_again() -> None:
    """Both are told: the venue may have canceled at either time."""
    log = start(1) + attempt(1, 400) + BODY + attempt(1, 400) + BODY + end(400)
    log += start(2) + attempt(2, 400) + end(400) + BODY
    found = records(TEXT, log.encode())
    assert [event.order_id for record in found for event in normalise(record).events] == ["1", "1", "2"]
