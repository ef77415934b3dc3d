"""Law: of lines with errors that mean the same, the same is said as of each by itself, at every endpoint."""

from typing import Final

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cancelnorm import venues
from cancelnorm.check import Settings, examine_batch, place
from cancelnorm.common_error import CommonError
from cancelnorm.logs import Batch, Block
from tests.check.cases import one_by_one
from tests.laws.test_nameless import SURROUNDINGS, TEXTS, common_errors, example

STATUSES: Final = st.sampled_from([None, 200, 400, 429, 503])


@st.composite
def logs(draw: st.DrawFn, venue: str, error: CommonError) -> bytes:
    """Lines with a few codes and texts, so that some mean the same."""
    names = [None, "DELETE /nope", *venues.every()[venue].endpoints]
    endpoints = draw(st.lists(st.sampled_from(names), min_size=1, max_size=2))
    codes = draw(
        st.lists(
            st.sampled_from([*error.listed] or [0]) | st.integers(-(2**40), 2**40), min_size=1, max_size=2
        )
    )
    texts = (
        st.sampled_from(TEXTS[error]) | SURROUNDINGS | st.sampled_from(["x", "y", "signature=" + "0" * 64])
    )
    status, lines = draw(STATUSES), []
    for _ in range(draw(st.integers(2, 8))):
        text = "".join(draw(st.lists(texts, max_size=2)))
        clock = draw(st.sampled_from([10**12, 1_763_000_000_000]))
        line = {
            "venue": draw(st.sampled_from([venue, venue, venue.upper(), "nowhere"])),
            "endpoint": draw(st.sampled_from(endpoints)),
            "status": status,
            "payload": msgspec.Raw(example(error, draw(st.sampled_from(codes)), text, clock)),
        }
        line |= draw(st.sampled_from([{}, {}, {"request": {"orderId": 7}}, {"request": {"a": "b"}}]))
        line |= draw(st.sampled_from([{}, {}, {"received_ns": 1_763_000_000_000_000_000}, {"sent_ns": 5}]))
        lines.append(msgspec.json.encode({key: value for key, value in line.items() if value is not None}))
    return b"\n".join(lines) + b"\n"


@pytest.mark.parametrize(("venue", "error"), common_errors())
@given(st.data())
def test_errors_of_every_endpoint(venue: str, error: CommonError, data: st.DataObject) -> None:
    """Findings with their excerpts, what other records are compared with, and all counts."""
    batch = Batch("records", [Block("day.jsonl", 1, data.draw(logs(venue, error)))])
    settings = data.draw(
        st.sampled_from([Settings(), Settings(excerpts="first", columns=True), Settings(excerpts="all")])
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(place, "FIRST_OF_A_GROUP", 2)
        quick = one_by_one(examine_batch(batch, settings))
        assert examine_batch(Batch(batch.format, [*batch.items()]), settings) == quick
