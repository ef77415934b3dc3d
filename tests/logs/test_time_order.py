"""Exports that have the newest entries first: an answer is that to the request before it in time, not in the file."""

import csv
import io
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from msgspec import Raw

from cancelnorm import Record, normalise
from cancelnorm.logs import Options
from cancelnorm.logs.compression import Stream
from cancelnorm.logs.formats import pick
from cancelnorm.logs.item import Item
from cancelnorm.logs.source import Source
from cancelnorm.logs.text import TEXT
from cancelnorm.logs.time_order import oldest_first, oldest_lines_first
from tests.logs.captured import found, records

URL = "https://api.kraken.com/0/private/CancelOrder"
START = 1795730430
Entry = tuple[int, str]
"""The time of an entry in milliseconds, and its text."""


def entries(gaps: Sequence[int]) -> list[Entry]:
    """Requests and their answers, which do not name the order, one after the other with these gaps."""
    found, at = [], START * 1000
    for number, gap in enumerate(gaps):
        order = f"OAAAAA-AAAAA-{number:06}"
        said = json.dumps(
            {"error": ["EOrder:Unknown order"]} if number % 2 else {"error": [], "result": {"count": 1}}
        )
        found.append((at := at + gap, f"POST {URL} body=nonce={number}&txid={order}"))
        found.append((at := at + gap, f"200 POST {URL} response: {said}"))
    return found


def _moment(at: int) -> str:
    return datetime.fromtimestamp(at / 1000, UTC).isoformat(timespec="milliseconds")


def lines(log: Sequence[Entry]) -> str:
    """Lines of a logger."""
    return "".join(json.dumps({"time": at, "level": "info", "msg": text}) + "\n" for at, text in log)


def table(log: Sequence[Entry]) -> str:
    """A table of a console."""
    text = io.StringIO()
    csv.writer(text).writerows([("Date", "Host", "Content"), *((_moment(at), "a", said) for at, said in log)])
    return text.getvalue()


def array(log: Sequence[Entry]) -> str:
    """An array of entries, as Google Cloud exports them."""
    return json.dumps(
        [{"timestamp": _moment(at), "severity": "INFO", "textPayload": said} for at, said in log]
    )


def loki(log: Sequence[Entry]) -> str:
    """An answer of Loki."""
    stream = {"stream": {"app": "bot"}, "values": [[str(at * 10**6), said] for at, said in log]}
    return json.dumps({"status": "success", "data": {"resultType": "streams", "result": [stream]}})


def cloudwatch(log: Sequence[Entry]) -> str:
    """An answer of CloudWatch."""
    return json.dumps({"events": [{"timestamp": at, "message": said} for at, said in log]})


def plain(log: Sequence[Entry]) -> str:
    """Lines of text."""
    return "".join(f"{_moment(at)} {said}\n" for at, said in log)


FORMS: Mapping[str, Callable[[Sequence[Entry]], str]] = {
    "lines": lines,
    "text": plain,
    "table": table,
    "array": array,
    "Loki": loki,
    "CloudWatch": cloudwatch,
}
GAPS = st.lists(st.integers(1, 5_000), min_size=2, max_size=12)


def read(text: str) -> list[tuple[str | None, str]]:
    """The order and the outcome of each event."""
    data = text.encode()
    found = records(pick(data, Options()), data)
    return [(event.order_id, str(event.outcome)) for record in found for event in normalise(record).events]


@pytest.mark.parametrize("form", FORMS)
@given(gaps=GAPS)
def test_either_order_is_read_alike(form: str, gaps: list[int]) -> None:
    """A log and the same log with the newest entry first have the same events, each with its order."""
    log = entries(gaps)
    found = read(FORMS[form](log))
    assert found == read(FORMS[form](log[::-1]))
    assert [order for order, _ in found] == [f"OAAAAA-AAAAA-{number:06}" for number in range(len(gaps))]


@pytest.mark.parametrize("between", [5, 900, 1_100])
def test_a_request_that_waits_long_is_given_up_in_either_order(between: int) -> None:
    """Distances are those of the lines in time, also where the last line is read first."""
    (at, asked), (_, said) = entries([1])
    answer = said.removeprefix(f"200 POST {URL} ")
    log = [
        (at, asked),
        *((at + place, "nothing of it") for place in range(1, between)),
        (at + between, answer),
    ]
    assert read(lines(log)) == read(lines(log[::-1]))
    assert [outcome for _, outcome in read(lines(log))] == (
        ["canceled"] if between < 1_000 else ["canceled", "unknown"]
    )


@given(gaps=GAPS)
def test_no_answer_is_before_its_request(gaps: list[int]) -> None:
    """Where lines come from a program, they are read as they come, and no answer is given to a request after it."""
    data = plain(entries(gaps)[::-1]).encode()
    source = Source(Stream(io.BytesIO(data), "log"), "log", is_live=True)
    read = [item.found for item in TEXT.read(source, Options()) if isinstance(item, Item)]
    found = [event for record in read if isinstance(record, Record) for event in normalise(record).events]
    assert all(event.order_id is None for event in found if event.outcome != "unknown")
    assert len(found) >= len(gaps)


@pytest.mark.parametrize("form", ["lines", "text", "table", "array"])
def test_a_log_that_begins_with_falling_times(form: str) -> None:
    """It stays as it is where its end is not older than that: threads write in no order, and clocks are set."""
    log = entries([1_000] * 8)
    times = [at for at, _ in log]
    falling = [(at, said) for at, (_, said) in zip([*times[3::-1], *times[4:]], log, strict=True)]
    assert read(FORMS[form](falling)) == read(FORMS[form](log))


@pytest.mark.parametrize("form", FORMS)
@given(gaps=st.lists(st.integers(1, 5_000), min_size=3, max_size=12))  # three times tell
def test_answers_at_the_time_of_their_requests(form: str, gaps: list[int]) -> None:
    """A log that was sorted by time keeps those in their order, and one that was turned round does not."""
    log = entries(gaps)
    alike = [(log[place - place % 2][0], said) for place, (_, said) in enumerate(log)]
    found = read(FORMS[form](alike))
    assert [order for order, _ in found] == [f"OAAAAA-AAAAA-{number:06}" for number in range(len(gaps))]
    assert found == read(FORMS[form](alike[::-1]))
    assert found == read(FORMS[form](sorted(alike, key=lambda entry: -entry[0])))


@pytest.mark.parametrize("form", FORMS)
@given(gaps=GAPS)
def test_times_in_whole_seconds(form: str, gaps: list[int]) -> None:
    """Where requests and answers do not tell the order of those of one second, no order has another one's answer."""
    log = [(at // 1_000 * 1_000, said) for at, said in entries(gaps)]
    assume(len({at for at, _ in log}) > 1)
    for newest_first in (log[::-1], sorted(log, key=lambda entry: -entry[0])):
        for order, outcome in read(FORMS[form](newest_first)):
            is_rejected = order is not None and int(order[-6:]) % 2
            assert (
                outcome == "unknown"
                or order is None
                or outcome == ("rejected" if is_rejected else "canceled")
            )


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("gaps", [(100, 100, 900), (200, 200, 200), (1_100, 1_100, 1_100, 1_100)])
def test_the_order_of_one_second(form: str, gaps: Sequence[int]) -> None:
    """Answers before their requests tell that of all, also where a log has two seconds alone."""
    log = [(at // 1_000 * 1_000, said) for at, said in entries(gaps)]
    found = read(FORMS[form](log))
    assert [order for order, _ in found] == [f"OAAAAA-AAAAA-{number:06}" for number in range(len(gaps))]
    assert found == read(FORMS[form](log[::-1]))


@pytest.mark.parametrize(("size", "most"), [(1, 100), (1 << 20, 5), (1 << 26, 1)])
def test_entries_that_are_held_before_a_time_is_found(size: int, most: int) -> None:
    """A hundred, or 4 MiB and the last one."""
    taken: list[int] = []

    def entries_without_time() -> Iterator[int]:
        for number in range(200):
            taken.append(number)
            yield number

    found = oldest_first(entries_without_time(), lambda _: {"msg": Raw(b'"a"')}, lambda _: size, UTC)
    assert next(found) == 0
    assert 0 < len(taken) <= most
    assert list(found) == list(range(1, 200))


def test_lines_without_a_time_are_held_no_longer_than_others() -> None:
    """An entry of more than 64 MiB ends the look ahead, whatever the times before it are; no line is lost."""
    taken = 0

    def lines() -> Iterator[tuple[int, bytes]]:
        nonlocal taken
        for number in range(200):
            taken += 1
            yield number, b"%s tick" % _moment(START - number).encode() if number < 3 else bytes(1 << 20)

    found = oldest_lines_first(lines(), UTC)
    numbers = [next(found)[0]]
    assert taken < 70
    assert [*numbers, *(number for number, _ in found)] == [*range(200)]


@pytest.mark.parametrize("form", ["lines", "text", "table"])
def test_the_place_of_what_cannot_be_read(form: str) -> None:
    """It is the line in the file, in whatever order that is read."""
    said = 'response: {"code":-2011,"msg":"Unknown order sent."}'
    data = FORMS[form]([(START * 1000 - at * 1_000, said) for at in range(5)]).encode()
    lines = [int(str(each.source).rpartition(":")[2]) for each in found(pick(data, Options()), data)]
    assert sorted(lines) == list(range(1 + (form == "table"), 6 + (form == "table")))


def test_times_in_headers_and_bodies() -> None:
    """They are of their entry: a header of an answer has an earlier time, and a printed body may have any."""
    log = [
        "2026-11-26 22:00:30.812 DELETE https://api.binance.com/api/v3/order?symbol=BTCUSDT&orderId=49120033111",
        "header: date: Thu, 26 Nov 2026 22:00:30 GMT",
        "header: expires: Thu, 01 Jan 1970 00:00:00 GMT",
        '400 {"code":-2011,"msg":"Unknown order sent."}',
    ]
    assert read("\n".join(log) + "\n") == [("49120033111", "rejected")]
