"""Law: of lines with errors that mean the same, the same is said as of each by itself, at every endpoint."""

from typing import Any, Final

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cancelnorm import venues
from cancelnorm.check import Settings, examination, examine, examine_batch, place
from cancelnorm.check.judgement import judge
from cancelnorm.check.record_rules import inspect
from cancelnorm.common_error import CommonError
from cancelnorm.logs import Batch, Block
from tests.check.cases import one_by_one
from tests.check.test_plain_lines import NS, PLAIN, asked, line
from tests.laws.test_nameless import SURROUNDINGS, common_errors, example, texts_of

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
        st.sampled_from(texts_of(venue, error))
        | SURROUNDINGS
        | st.sampled_from(["x", "y", "signature=" + "0" * 64])
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


def error(text: str, code: int = -2011, status: int = 400, **more: object) -> bytes:
    """A line with a failed request."""
    return line({"code": code, "msg": text}, status=status, **more)


KEY, SIGNATURE = "apiKey=0123456789abcdef0123456789abcdef", "signature=" + "0" * 64
FRAME = line({"stream": "x@depth", "data": {"e": "depthUpdate"}}, endpoint="stream executionReport")


@pytest.mark.parametrize(
    ("log", "judged"),
    [
        ([error("a"), error("a"), error("a")], 1),
        ([error("a"), error("b"), error("c")], 1),
        ([error("a", endpoint=None), error("b", endpoint=None), error("b", endpoint=None)], 1),
        ([error(SIGNATURE), error("b"), error(SIGNATURE)], 1),
        ([error("a", received_ns=NS), error("b", received_ns=NS + 1), error("a", sent_ns=NS)], 1),
        ([error("a"), error("a", received_ns=5), error("b", received_ns=6)], 3),
        ([error("a"), error("a", sent_ns=NS, received_ns=NS - 1)], 2),
        ([error("a"), error("a", status=401), error("a", account="x"), error("a", -2013)], 4),
        ([error("a", -1003), error("b", -1003), error("b", -1003)], 2),
        ([error("a", endpoint="POST /nowhere"), error("b", endpoint="POST /nowhere")], 2),
        ([asked(5), asked(6), asked(7)], 1),
        ([asked(5), asked(600), asked(7)], 2),
        ([asked(5), asked(28), asked(7)], 2),
        ([asked(5), asked(6, symbol=KEY), asked(7)], 2),
        ([asked(5), asked(None, origClientOrderId="a"), asked(7)], 2),
        ([asked(5), asked(6, sent_ns=NS, received_ns=NS), asked(6, sent_ns=NS, received_ns=NS - 1)], 2),
        ([error("a", request={"symbol": KEY}), error("b", request={"symbol": KEY})], 2),
        ([FRAME] * 3, 1),
        ([line("?").replace(b"?", b"\xff")] * 3, 0),
        ([line("", pairing="no_answer")] * 3, 1),
        ([line([1])] * 3, 1),
        ([line(PLAIN | {"newField": 1})] * 3, 1),
        ([line({"a": at}, endpoint="POST /nowhere") for at in range(3)], 3),
        ([error("a", request={"a": [1]})] * 3, 3),
        ([error("a", request={"orderId": 5, "signature": KEY}), error("a", request={"orderId": 6})], 2),
    ],
)
def test_how_many_are_examined(monkeypatch: pytest.MonkeyPatch, log: list[bytes], judged: int) -> None:
    """One of those that mean the same, and each of those of which there is more to say."""
    seen: list[object] = []

    def counted(*of: Any) -> Any:
        seen.append(of)
        return judge(*of)

    monkeypatch.setattr(examination, "judge", counted)
    batch = Batch("records", [Block("day.jsonl", 1, b"".join(line + b"\n" for line in log))])
    quick = examine_batch(batch, Settings())
    assert len(seen) == judged
    slow = examine_batch(Batch(batch.format, [*batch.items()]), Settings())
    assert one_by_one(slow) == one_by_one(quick)


@pytest.mark.parametrize(
    ("log", "inspected"),
    [
        ([error("a"), error("b"), error("b"), error("c")], 2),
        ([error("a", received_ns=NS), error("b", sent_ns=NS), error("c")], 2),
        ([error("a"), error("b", received_ns=5), error("c"), error("d")], 3),
        ([error("a"), error("b"), error("c", received_ns=5), error("d", sent_ns=5)], 4),
        ([error("a"), error("b"), error("c", -987_001), error("d", -987_001), error("e", -987_001)], 4),
        ([error("a", -1003), error("b", -1003), error("c", -1003)], 3),
        ([error("a", request={"a": 1}), error("b", request={"a": 1}), error("c", request={"a": 1})], 3),
    ],
)
def test_how_many_errors_without_endpoint_are_inspected(
    monkeypatch: pytest.MonkeyPatch, log: list[bytes], inspected: int
) -> None:
    """The first that means the same as one before, where each record is examined by itself."""
    seen: list[object] = []

    def counted(*of: Any) -> None:
        seen.append(of)
        inspect(*of)

    monkeypatch.setattr(examination, "inspect", counted)
    nameless = [msgspec.json.encode(msgspec.json.decode(each) | {"endpoint": None}) for each in log]
    block = Block("day.jsonl", 1, b"".join(each + b"\n" for each in nameless))
    examine((item.found for item in Batch("records", [block]).items()), Settings())
    assert len(seen) == inspected
