"""Lines of text: objects over many lines, cut, abridged, or written by a logger."""

import html
import json
import pprint
import re
from collections.abc import Callable
from typing import Any

import pytest

from cancelnorm import AmbiguousPayloadError, normalise
from cancelnorm.logs.formats import pick
from cancelnorm.logs.options import Options
from cancelnorm.logs.text import TEXT
from tests.logs.captured import faults, found, records
from tests.logs.lines import (
    ASKED,
    ERROR,
    FORMATS,
    REFUSED,
    STREAMED,
    line,
    text_lines,
)


def test_an_object_over_many_lines() -> None:
    """As pretty printers have it; its source is the first line."""
    log = (
        line(json.dumps(ASKED, indent=2), "sending ")
        + line("ok", "")
        + line(json.dumps(REFUSED, indent=1), "recv\n")
    )
    [record] = records(TEXT, log)
    assert (record.endpoint, record.source) == ("ws order.cancel", "log:11")


def test_an_object_that_is_never_closed() -> None:
    """It costs itself only: the lines behind it are read by themselves."""
    log = line("{", "config: ") + line(ERROR) + line('{"a": [', "") + line(json.dumps(ERROR))
    assert [record.source for record in records(TEXT, log)] == ["log:2", "log:4"]


@pytest.mark.parametrize("cut", ["", "...", " [truncated]", "\x00"])
@pytest.mark.parametrize("shown", [json.dumps, repr])
def test_a_frame_that_is_cut(cut: str, shown: Any) -> None:
    """It is told if it was received and is about a cancel; what was sent, or is about something else, is text."""
    frame = shown({"e": "executionReport", "X": "CANCELED", "i": 7})[:-3] + cut
    broken = "log:1: line: an object that is truncated or broken; it may say what became of a cancel"
    assert faults(TEXT, line(frame) + line("next", "2026-11-26 22:00:31 ")) == [broken]
    assert found(TEXT, line(frame, "sent ") + line(frame.replace("CANCELED", "NEW")) + line("next", "")) == []


@pytest.mark.parametrize(
    "shown",
    [
        "{\n  id: 'a1',\n  status: 200,\n  result: [Object],\n  rateLimits: [ [Object] ]\n}",
        "{topic: 'order', id: '1', creationTime: 1795704214044, data: Array(1)}",
        "[ { orderId: 1, status: 'CANCELED' }, ... 2 more items ]",
    ],
)
def test_a_frame_that_console_log_abridged(shown: str) -> None:
    """It is refused, with what to do; it is the answer to a request all the same."""
    sent = line(json.dumps({**ASKED, "method": "order.status"}), "sent ")
    [fault] = faults(TEXT, sent + line(shown) + line("next", ""))
    assert fault == "log:2: line: console.log left out parts of this object; print the JSON of it"
    assert found(TEXT, line("{ position: 1, orders: [Object] }", "state ")) == []
    answer = "{ status: 'ok', response: { type: 'cancel', data: { statuses: [Array] } } }"
    assert faults(TEXT, line(answer, "cancel: ")) == [fault.replace("log:2", "log:1")]
    assert found(TEXT, line(answer.replace("cancel", "order"), "placed: ")) == []


PRINTED = json.dumps({**REFUSED, "error": {"code": -2011, "msg": "it's <b> & so"}}, indent=2)


@pytest.mark.parametrize(
    ("first", "others"),
    [
        ("> ", "> "),
        ("# ", "# "),
        ("    // ", "    // "),
        ("bot_1  | ", "bot_1  | "),
        ("bot_1  | recv ", "bot_1  | "),
        ("2026-11-26T22:00:30.250113Z stdout F ", "2026-11-26T22:00:30.250917Z stdout F "),
        ("2026-11-26 22:00:30,250 INFO bot: got ", "2026-11-26 22:00:31,7 INFO bot: "),
    ],
)
def test_an_object_with_something_before_each_of_its_lines(first: str, others: str) -> None:
    """As people quote it, and as loggers and Docker write a text of many lines; there may be blank lines in it."""
    lines = PRINTED.replace("\n", "\n\n", 1).split("\n")
    log = "".join(f"{others if number else first}{each}".rstrip() + "\n" for number, each in enumerate(lines))
    [record] = records(TEXT, log.encode(), Options(venue="binance"))
    assert (record.source, json.loads(record.payload)) == ("log:1", json.loads(PRINTED))


@pytest.mark.parametrize(
    "shown",
    [
        re.sub(r'"\w+"', "\x1b[32m\\g<0>\x1b[39m", PRINTED),
        html.escape(PRINTED),
        f"<td>{html.escape(json.dumps(json.loads(PRINTED)))}</td>",
        f"<message><![CDATA[{PRINTED}]]></message>",
        json.dumps(json.loads(PRINTED)).replace('"', "\\x22"),  # nginx
        json.dumps(json.loads(PRINTED)).replace(' "', " “").replace('"', "”"),  # a word processor
    ],
)
def test_what_a_terminal_or_a_page_made_of_an_object(shown: str) -> None:
    """Colors and escapes are no part of it."""
    [record] = records(TEXT, line(shown), Options(venue="binance"))
    assert json.loads(record.payload) == json.loads(PRINTED)


def test_numbers_of_lines_before_an_object() -> None:
    """They are written to the right of their column, so that what is before the lines is not alike."""
    log = "".join(f"{number:4}  {each}\n" for number, each in enumerate(PRINTED.split("\n"), 8))
    [record] = records(TEXT, log.encode(), Options(venue="binance"))
    assert json.loads(record.payload) == json.loads(PRINTED)


def test_escapes_of_a_page_in_a_message_are_its_own() -> None:
    """JSON with its quotes is not what a page shows."""
    answer = json.dumps(
        {**REFUSED, "error": {"code": -2011, "msg": "&quot;Unknown&quot; order, &#34;sent&#34;"}}
    )
    [record] = records(TEXT, line(answer), Options(venue="binance"))
    assert record.payload == answer.encode()


@pytest.mark.parametrize("text", ["see {“id”: 5}", "{\\u201cid\\u201d: 5}", "{&quot;id&quot;: 5}"])
def test_an_object_in_a_message_has_quotes_of_its_own(text: str) -> None:
    """The quotes around it are those of JSON, so what a word processor or a page wrote in it stays."""
    answer = json.dumps({**REFUSED, "error": {"code": -2011, "msg": text}}, ensure_ascii=False)
    [record] = records(TEXT, line(answer), Options(venue="binance"))
    assert record.payload == answer.encode()


def test_a_frame_in_lines_of_a_fixed_width() -> None:
    """A terminal breaks lines wherever they reach its edge."""
    frame = next(one for one in (FORMATS / "spdlog.log").read_text().splitlines() if STREAMED in one)
    [whole] = [found.payload for found in records(TEXT, frame.encode() + b"\n")]
    cuts = [at for at in range(60, len(frame), 60) if frame[at - 1].isalpha() and frame[at].isalpha()]
    assert pick(frame[frame.index("{") :].replace("topic", "to\npic", 1).encode(), Options()).name == "text"
    broken = "\n".join(frame[a:b] for a, b in zip([0, *cuts], [*cuts, None], strict=True))
    [found] = records(TEXT, broken.encode() + b"\n")
    assert json.loads(found.payload) == json.loads(whole)


def test_an_object_of_a_logger_in_a_line() -> None:
    """Its payload is read, with the time that is nearest to it; the program's own objects are text."""
    log = line(json.dumps({"level": "info", "msg": "recv", "frame": ERROR}), "bot-1 | 2023-11-14T22:13:20Z ")
    log += line(json.dumps({"level": "info", "msg": "start", "orders": [1]}), "bot-1 | ")
    log += line(json.dumps({"time": "2023-11-14T22:13:21Z", "message": f"recv {json.dumps(ERROR)}"}), "x: ")
    assert [record.received_ns for record in records(TEXT, log)] == [17 * 10**17, 17 * 10**17 + 10**9]
    assert text_lines(log) == 1


@pytest.mark.parametrize("line", [b'{"a":', b'{"a":[', b"{'a': 1,", b'{"a": "', b"{'a': {'b':"])
@pytest.mark.parametrize("count", [1, 2, 3, 40, 65, 70, 200])
def test_lines_of_objects_that_never_end_are_counted(line: bytes, count: int) -> None:
    """Every line of an object that is too deep, or is open at the end, is a line of text."""
    assert text_lines(b"started\n" + (line + b"\n") * count) == count + 1


def test_an_object_of_a_logger_says_where_it_is_from() -> None:
    """An unknown host is refused there, too."""
    wire = {"level": "debug", "method": "POST", "url": "https://gw.local/cancel", "response": {"ok": True}}
    [fault] = faults(TEXT, line(json.dumps(wire), "bot-1 | "))
    assert "gw.local is not a known host" in fault


def test_an_array_in_an_array() -> None:
    """It is read from its beginning."""
    frame = b'[[{"O7-A":{"status":"canceled"}}],"openOrders",{"sequence":7}]'
    for text in (frame, b"recv " + frame + b" ok", b"[info] recv: " + frame):
        [record] = records(TEXT, text + b"\n")
        assert (record.venue, record.payload) == ("kraken", frame)


@pytest.mark.parametrize("before", ["recv ", "recv\n"])
def test_an_array_over_many_lines(before: str) -> None:
    """It may begin with its bracket alone on a line, and with those of the arrays in it."""
    change = {"status": "canceled", "lastupdated": "1646648102.201", "cancel_reason": "User requested"}
    frame = [[{"OQCLML-BW3P3-BUCMWZ": change}], "openOrders", {"sequence": 3}]
    log = line(json.dumps(frame, indent=2), before) + line("and [") + line('{"a": 1}', "recv ")
    [record] = records(TEXT, log)
    assert [event.order_id for event in normalise(record).events] == ["OQCLML-BW3P3-BUCMWZ"]


@pytest.mark.parametrize(
    "body",
    [
        {"error": "connection reset by peer"},
        {"error": "Bad Request", "message": "symbol is required"},
        {"message": "cancel of the order failed"},
        {"label": "release", "message": "canceled"},
        {"order_id": "17"},
        {"success": True},
        {"orderId": "17", "success": True},
    ],
)
def test_what_any_service_answers(body: dict[str, Any]) -> None:
    """Keys that one venue alone has, and many services, make no answer of it; a code that it lists does."""
    assert found(TEXT, line(json.dumps(body), "cancel result: ")) == []


@pytest.mark.parametrize(
    ("body", "venue"),
    [
        ({"error": "NOT_FOUND", "message": "order with this orderID was not found"}, "coinbase"),
        ({"message": "order not found"}, "coinbase_exchange"),
        ({"label": "ORDER_NOT_FOUND"}, "gate"),
    ],
)
def test_what_one_venue_answers(body: dict[str, str], venue: str) -> None:
    """An error whose code or text one venue lists is of that venue."""
    [record] = records(TEXT, line(json.dumps(body), "cancel result: "))
    assert record.venue == venue


def _ccxt(info: Any) -> dict[str, Any]:
    return {"info": info, "id": None, "symbol": None, "status": None, "trades": [], "fees": []}


GONE = {"orderEvents": [], "order_id": "9f1", "status": "notFound"}
CANCELED = {"success": True, "failure_reason": "UNKNOWN_CANCEL_FAILURE_REASON", "order_id": "9f1"}
REJECTED = {"algoId": "9f1", "clOrdId": "", "sCode": "51400", "sMsg": "Cancellation failed"}


@pytest.mark.parametrize(
    ("orders", "venue", "outcome"),
    [
        ([_ccxt(GONE), _ccxt(GONE)], "kraken_futures", "rejected"),
        (_ccxt(GONE), "kraken_futures", "rejected"),
        ([_ccxt(CANCELED)], "coinbase", "pending"),
        (_ccxt([CANCELED]), "coinbase", "pending"),
        (_ccxt(REJECTED), "okx", "rejected"),
    ],
)
@pytest.mark.parametrize("shown", [repr, lambda orders: pprint.pformat(orders, width=40)])
def test_rows_that_ccxt_keeps(orders: Any, venue: str, outcome: str, shown: Callable[[Any], str]) -> None:
    """Keys of a row that one venue alone has name it, although they are few; rows may be in a list."""
    [record] = records(TEXT, line(shown(orders), "canceled\n"))
    events = normalise(record).events
    assert (record.venue, {event.outcome for event in events}) == (venue, {outcome})
    assert {event.order_id for event in events} == {"9f1"}


def test_a_row_that_may_be_of_several_answers() -> None:
    """It is refused, and the endpoints are named in whose answers it is."""
    [record] = records(TEXT, line(repr(_ccxt({**REJECTED, "sCode": "0", "sMsg": ""}))))
    with pytest.raises(AmbiguousPayloadError, match="POST /api/v5/trade/cancel-algos"):
        normalise(record)


def test_a_count_that_ccxt_has_in_quotes() -> None:
    """It is the count of a cancel of all orders, and no word of another answer."""
    clocks = {"usIn": "1795730430250001", "usOut": "1795730430250002", "usDiff": "1"}
    [record] = records(
        TEXT, line(repr([_ccxt({"jsonrpc": "2.0", "result": "3", "testnet": True, **clocks})]))
    )
    [event] = normalise(record).events
    assert (event.endpoint, event.outcome) == ("GET /api/v2/private/cancel_all", "canceled")
