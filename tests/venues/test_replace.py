"""Cancel-replaces of Binance: what the result says of the cancel against what its answer shows."""

import json
from typing import Any

import pytest
from msgspec.structs import replace

from cancelnorm import normalise
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
