"""Cancel-replaces: what their results say of the cancel against what their answers show, and what replaces an order."""

import json
from typing import Any

import pytest
from msgspec.structs import replace

from cancelnorm import CancelNormError, Outcome, Record, normalise
from cancelnorm.story import fold
from tests.samples import SAMPLES

ORDER: dict[str, Any] = json.loads(bytes(SAMPLES["binance/post-order-cancelreplace"].payload))[
    "cancelResponse"
]
REFUSED: dict[str, Any] = {"code": -2011, "msg": "Unknown order sent."}
TOLD = [
    ("SUCCESS", ORDER, ("canceled", "final_report", None)),
    ("SUCCESS", REFUSED, ("unknown", "none", "not_found_or_closed")),
    ("FAILURE", ORDER, ("unknown", "none", "other")),
    ("FAILURE", REFUSED, ("rejected", "success_flag", "not_found_or_closed")),
    ("NOT_ATTEMPTED", ORDER, ("unknown", "none", "other")),
    ("NOT_ATTEMPTED", REFUSED, ("unknown", "none", "not_found_or_closed")),
]
"""The result, the answer to the cancel, and the verdict; where the two contradict each other it is unknown."""


@pytest.mark.parametrize(
    "sample", ["post-order-cancelreplace", "post-order-cancelreplace-409-cancel-happened"]
)
@pytest.mark.parametrize(("result", "answer", "verdict"), TOLD)
def test_result_and_answer(
    sample: str, result: str, answer: dict[str, Any], verdict: tuple[str, ...]
) -> None:
    """Neither is believed alone, in an answer of success and in the data of an error."""
    recorded = SAMPLES[f"binance/{sample}"]
    payload = json.loads(bytes(recorded.payload))
    payload.get("data", payload).update(cancelResult=result, cancelResponse=answer)
    said = normalise(replace(recorded.record(), payload=json.dumps(payload).encode()))
    event = said.events[0]
    assert (event.outcome, event.evidence, event.reason) == verdict
    told = [note.path.rpartition(".")[2] for note in said.notes if note.code == "contradiction"]
    assert told == ["cancelResult"] * (event.outcome == "unknown")


@pytest.mark.parametrize("name", SAMPLES)
def test_an_order_whose_cancel_was_refused_was_not_replaced(name: str) -> None:
    """The new order stands beside it: the story of that one must not say that it replaces another."""
    try:
        events = normalise(SAMPLES[name].record()).events
    except CancelNormError:
        return
    assert not [event for event in events if event.outcome == "rejected" and event.replaced_by]


@pytest.mark.parametrize(
    "name",
    [
        "binance/post-order-cancelreplace-409-cancel-failed",
        "bingx/post-spot-v1-trade-order-cancelreplace-cancel-failed",
        "bingx/post-swap-v1-trade-cancelreplace-filled",
    ],
)
def test_the_order_that_was_placed_all_the_same_is_told(name: str) -> None:
    """Its id is in ``extra``, under the venue's own names."""
    [event] = normalise(SAMPLES[name].record()).events
    assert (event.outcome, event.replaced_by) == ("rejected", None)
    assert "orderId" in json.dumps(event.extra, default=str)


@pytest.mark.parametrize("name", SAMPLES)
def test_an_amendment_is_no_cancel_request(name: str) -> None:
    """Of an order that goes on, no client id is that of a cancel."""
    try:
        events = normalise(SAMPLES[name].record()).events
    except CancelNormError:
        return
    assert not [event for event in events if event.outcome == "reduced" and event.cancel_client_order_id]


def test_an_amended_order_is_known_by_both_client_ids() -> None:
    """The amendment tells the one that it had, and its end the one that it got: a cancel by either is of its story."""
    [amended] = normalise(SAMPLES["binance/put-order-amend-keeppriority"].record()).events
    assert amended.extra is not None
    new = amended.extra["clientOrderId"]
    ended = replace(amended, endpoint="stream executionReport", outcome=Outcome.CANCELED, client_order_id=new)
    found = [amended, ended]
    for name in (amended.client_order_id, new):
        request = {"symbol": amended.symbol, "origClientOrderId": name}
        refusal = Record(json.dumps(REFUSED), "binance", "DELETE /api/v3/order", request=request)
        found += normalise(refusal).events
    [story] = fold(found).linked()
    assert (story.key.order_id, len(story.linked)) == (amended.order_id, 2)
