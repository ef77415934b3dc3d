"""No record vanishes: what a log holds is understood, skipped, refused, or a request without an answer."""

import json
from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from cancelnorm import Record, logs
from cancelnorm.check import Settings, examine
from cancelnorm.check.statistics import Summary
from cancelnorm.logs.compression import Stream
from cancelnorm.logs.item import Unreadable
from cancelnorm.logs.open import format_of, parts_of
from cancelnorm.logs.options import Options
from cancelnorm.logs.passed import PassedOver
from cancelnorm.logs.source import Source
from tests.logs.captured import Chunks

OPTIONS = Options(venue="binance")


def read(data: bytes, options: Options = OPTIONS) -> list[Record | Unreadable]:
    """All that a log holds, and the damage of its file."""
    source = Source(Stream(Chunks([data]), "log"), "log")
    form = format_of(source, options)
    parts = list(parts_of(form, source, options))
    return list(logs.Batch(form.name, parts, options.dialect).found())


def summary(found: list[Record | Unreadable]) -> Summary:
    """The counts of a check, which adds batches up."""
    total = Summary()
    for at in range(0, len(found), 7):
        total.merge(examine(found[at : at + 7], Settings()).summary)
    return total


def assert_whole(found: list[Record | Unreadable]) -> Summary:
    """Every record has been counted once, as what it is."""
    counts = summary(found)
    unanswered = [item for item in found if isinstance(item, Record) and item.is_unanswered]
    assert counts.records == len(found)
    assert counts.records == sum(
        (counts.understood, counts.skipped.total(), counts.refused, counts.unanswered)
    )
    assert counts.unanswered <= len(unanswered)
    return counts


# --- Lines with a known meaning ---


def asking(number: int) -> bytes:
    """A request to cancel an order."""
    params = {"symbol": "BTCUSDT", "orderId": number}
    return json.dumps({"id": number, "method": "order.cancel", "params": params}).encode()


def placing(number: int) -> bytes:
    """A request that cancels nothing."""
    return json.dumps({"id": f"p{number}", "method": "order.place", "params": {"symbol": "BTCUSDT"}}).encode()


def answering(number: int) -> bytes:
    """The answer to the request to cancel an order."""
    error = {"code": -2011, "msg": "Unknown order sent."}
    return json.dumps({"id": number, "status": 400, "error": error}).encode()


def pushing(number: int) -> bytes:
    """A frame that is not about a cancel."""
    return json.dumps({"e": "trade", "t": number}).encode()


def damaged(_number: int) -> bytes:
    """A line that was cut off."""
    return b'{"id":1,'


KINDS: dict[str, Callable[[int], bytes]] = {
    "ask": asking,
    "place": placing,
    "answer": answering,
    "push": pushing,
    "damage": damaged,
}
line = st.tuples(st.sampled_from(sorted(KINDS)), st.integers(1, 6))


@given(st.lists(line, max_size=24))
def test_joined_reordered_and_damaged(lines: list[tuple[str, int]]) -> None:
    """Answers, pushed frames, damaged lines, and requests to cancel for which no answer is left, in any order."""
    text = b"".join(b"17000000%02d %b\n" % (n, KINDS[kind](number)) for n, (kind, number) in enumerate(lines))
    counts = assert_whole(read(text, Options("timestamped", venue="binance")))
    kinds = [kind for kind, _ in lines]
    assert counts.skipped.total() == kinds.count("push")
    assert counts.refused >= kinds.count("damage")
    open_, paired, shared = expected(lines)
    assert counts.unanswered == open_
    assert counts.understood + counts.refused - kinds.count("damage") == paired + shared
    assert counts.records == len(lines) - kinds.count("place") - (kinds.count("ask") - open_)


def expected(lines: list[tuple[str, int]]) -> tuple[int, int, int]:
    """Requests without an answer, and answers with and without a request."""
    waiting: dict[int, int] = {}
    paired = alone = 0
    for kind, number in lines:
        if kind == "ask":
            waiting[number] = waiting.get(number, 0) + 1
        elif kind == "answer":
            if waiting.get(number):
                waiting[number] -= 1
                paired += 1
            else:
                alone += 1
    return sum(waiting.values()), paired, alone


def test_hosts_that_are_passed_over() -> None:
    """A thousand are told by name, all others together, and so is what is no host."""
    passed = PassedOver()
    for number in range(1_100):
        passed.add(f"https://host-{number}.example/a")
    for url in (
        "https://host-7.example/b",
        "https://host-1050.example/b",
        "http://[::1",
        "/a",
        "https://a_b/c",
    ):
        passed.add(url)
    taken = passed.taken()
    assert len(taken) == 1_001
    assert taken["HTTP at host-7.example"] == 2
    assert taken["HTTP at other hosts"] == 100 + 4
    assert passed.taken() == {}
