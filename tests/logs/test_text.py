"""Lines of text of any program, and the frames, requests and answers in them."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cancelnorm import CancelEvent, NotACancel, PayloadError, Record, normalise
from cancelnorm.logs import read
from cancelnorm.logs.compression import Stream
from cancelnorm.logs.formats import pick
from cancelnorm.logs.item import Item, Unreadable
from cancelnorm.logs.jsonl import MAPPED, LineReader
from cancelnorm.logs.open import files, parts_of
from cancelnorm.logs.options import Options
from cancelnorm.logs.passed import PassedOver
from cancelnorm.logs.source import Source
from cancelnorm.logs.text import TEXT
from cancelnorm.logs.text_reader import TextReader
from tests.logs.captured import LOGS, Chunks, asked, faults, found, leaks, records
from tests.logs.lines import (
    ANSWER,
    ASKED,
    DELETED,
    ERROR,
    FORMATS,
    GONE,
    REFUSED,
    STREAMED,
    URL,
    line,
    text_lines,
)

CANCELED = "49120034550"
# The orders of logs that have two requests to a venue and their answers.
OF_KRAKEN = ("OYVGEW-AAAAA-111111", "OYVGEW-BBBBB-222222")
OF_BINANCE = ("49120033111", "49120033222")
OF_BYBIT = ("1a2b3c4d-0000-4000-8000-00000000000a", "1a2b3c4d-0000-4000-8000-00000000000b")
OF_OKX = ("680000000000000111", "680000000000000222")

# File → its format, and order id or reason of each event.
EXPECTED = {
    "array.json": ("array", (GONE, CANCELED)),
    "axios.jsonl": ("jsonl", (GONE, GONE)),
    "binance-connector.log": ("text", (CANCELED,)),
    "ccxt-js-2018.log": ("ccxt", (GONE,)),
    "ccxt-js-4.log": ("ccxt", (CANCELED, GONE)),
    "ccxt-pro-js.log": ("ccxt", (STREAMED,)),
    "ccxt-pro-python.log": ("ccxt", (STREAMED,)),
    "ccxt-python-2021.log": ("ccxt", (CANCELED, GONE)),
    "ccxt-python-4.log": ("ccxt", (CANCELED, GONE, "9c1f0b7e-5d3a-4e55-8f10-2b64a7c1d0aa", GONE)),
    "charles.json": ("array", (*OF_KRAKEN, *OF_BINANCE)),
    "cloudwatch.json": ("array", ("313890189710", GONE)),
    "console-log.log": ("text", (STREAMED, STREAMED, GONE)),
    "cryptoexchange-net.log": ("text", (GONE, STREAMED)),
    "curl-trace-ascii.log": ("text", (*OF_KRAKEN, *OF_BINANCE)),
    "curl.log": ("text", ("OQCLML-BW3P3-BUCMWZ", "313890189710")),
    "datadog-newest-first.csv": ("csv", (*OF_KRAKEN, *OF_BYBIT)),
    "docker-compose.log": ("text", (CANCELED, GONE)),
    "docker.jsonl": ("jsonl", (CANCELED,)),
    "dotnet-httpclient.log": ("text", (*OF_OKX, *OF_BINANCE)),
    "elasticsearch.jsonl": ("jsonl", (STREAMED,)),
    "exceptions.log": ("text", (GONE,)),
    "export.csv": ("csv", (CANCELED, GONE)),
    "freqtrade-responses.log": ("text", (CANCELED,)),
    "gelf.jsonl": ("jsonl", (*OF_KRAKEN, *OF_BYBIT)),
    "go-quoted-dump.log": ("text", (*OF_KRAKEN, *OF_BINANCE)),
    "google-cloud.jsonl": ("jsonl", (GONE, STREAMED)),
    "java-tostring.log": ("text", (*OF_KRAKEN, *OF_BYBIT)),
    "journald.jsonl": ("jsonl", (CANCELED,)),
    "kafka.jsonl": ("jsonl", (CANCELED,)),
    "kubernetes.log": ("text", (STREAMED,)),
    "logfmt.log": ("text", (GONE, GONE, GONE)),
    "loguru.jsonl": ("jsonl", (CANCELED, GONE)),
    "loguru.log": ("text", (CANCELED,)),
    "loki-lines-newest-first.jsonl": ("jsonl", (*OF_KRAKEN, *OF_BYBIT)),
    "loki-newest-first.json": ("jsonl", (*OF_KRAKEN, *OF_BYBIT)),
    "nautilus.log": ("text", (CANCELED,)),
    "newman.json": ("bare", (*OF_KRAKEN, *OF_BINANCE)),
    "print.log": ("text", (STREAMED, GONE)),
    "pybit.log": ("text", (STREAMED, "rate_limited", GONE)),
    "python-logging.log": ("text", (CANCELED, GONE, STREAMED)),
    "request-and-answer.log": ("text", (GONE, GONE)),
    "sentry.json": ("bare", (*OF_BYBIT, *OF_KRAKEN)),
    "spdlog.log": ("text", (STREAMED,)),
    "structlog-console.log": ("text", (STREAMED,)),
    "structlog.jsonl": ("jsonl", (CANCELED, GONE)),
    "tracing-rust.jsonl": ("jsonl", (*OF_KRAKEN, *OF_BINANCE)),
    "websocket-client.log": ("text", (STREAMED,)),
    "websockets.log": ("text", (CANCELED, GONE)),
    "wire.jsonl": ("jsonl", (CANCELED, GONE)),
    "zap-console.log": ("text", (*OF_KRAKEN, *OF_BYBIT)),
}


# --- Whole logs ---


def test_every_sample_is_expected() -> None:
    """No log lies there that nothing is known of; of a folder, documents are read that are named themselves."""
    assert set(EXPECTED) == {path.name for path in FORMATS.iterdir()}
    assert set(EXPECTED) - {Path(file).name for file in files(FORMATS)} == {"newman.json", "sentry.json"}


@pytest.mark.parametrize("name", EXPECTED)
def test_logs_of_programs(name: str) -> None:
    """A log of each program is recognised, and says of each order what became of it."""
    form, told = EXPECTED[name]
    assert pick((FORMATS / name).read_bytes()[: 1 << 16], Options()).name == form
    things = list(read(FORMATS / name))
    assert [str(thing) for thing in things if isinstance(thing, Unreadable)] == []
    events: list[CancelEvent] = []
    for thing in things:
        try:
            assert isinstance(thing, Record)
            events += normalise(thing).events
        except NotACancel:
            continue
    assert [
        expected if expected in (event.order_id, event.reason) else (event.order_id, event.reason)
        for event, expected in zip(events, told, strict=True)
    ] == list(told)
    assert not leaks(things)


# --- Frames ---


@pytest.mark.parametrize("shown", [json.dumps(ASKED), repr(ASKED), repr(json.dumps(ASKED).encode())])
@pytest.mark.parametrize("answered", [json.dumps(REFUSED), repr(REFUSED), repr(json.dumps(REFUSED))])
@pytest.mark.parametrize(
    ("sent", "received"),
    [
        ("sent", "received"),
        ("DEBUG ws: >", "DEBUG ws: <"),
        (">>", "<<"),
        ("[SEND]-->", "[RECV]<--"),
        ("Request:", "Response:"),
        ("sending", "onMessage"),
        ("send_json", "on_ws_message:"),
        ("", ""),
    ],
)
def test_an_answer_finds_its_request(sent: str, received: str, shown: str, answered: str) -> None:
    """In whatever notation, and with whatever words for the direction."""
    log = line(shown, f"2026-11-26 22:00:30,250 {sent} ") + line(
        answered, f"2026-11-26 22:00:31,5 {received} "
    )
    [record] = records(TEXT, log)
    assert (record.venue, record.endpoint, asked(record)["orderId"]) == ("binance", "ws order.cancel", 7)
    assert (record.sent_ns, record.received_ns) == (1_795_730_430_250_000_000, 1_795_730_431_500_000_000)
    assert json.loads(record.payload) == REFUSED


@pytest.mark.parametrize(
    "before",
    [
        "2023-11-14T22:13:20.25Z ",
        "[2023-11-14 22:13:20.250] [info] ",
        "2023/11/14 22:13:20:250 | Debug | ",
        "INFO:2023-11-14 22:13:20,250:bot:",
        "[14/Nov/2023:23:13:20.25 +0100] ",
        "Tue Nov 14 22:13:20.250 2023 ",
        "Tue, 14 Nov 2023 22:13:20.25 GMT ",
        "20231114-22:13:20.250 ",
        "20231114T221320.250Z ",
        "2023.11.14_22:13:20.250 ",
        "2023-11-14 10:13:20.250 PM ",
        "2023-11-15 07:13:20.250 JST ",
        "[2023-11-14 23:13:20.250 CET] ",
        "ts=1700000000.25 level=debug ",
        "bot-1  | 2023-11-14T23:13:20.25+01:00 ",
        "1700000000250 ",
        "[1700000000.25] ",
    ],
)
def test_times(before: str) -> None:
    """The time of a line, in the forms of loggers."""
    [record] = records(TEXT, line(json.dumps(ERROR), f"{before}recv "))
    assert record.received_ns == 1_700_000_000_250_000_000


@pytest.mark.parametrize(
    "before",
    [
        "22:13:20.250 ",
        "Nov 14 22:13:20 ",
        "11/14/2023, 10:13:20 PM ",
        "2023-11-14 22:13:20 CST ",
        "2023-11-14 13:13:20 PM ",
    ],
)
def test_times_that_may_be_several(before: str) -> None:
    """Without a year, with a day that may be a month, in a zone that several have: none is better than a wrong one."""
    assert [record.received_ns for record in records(TEXT, line(ERROR, before))] == [None]


def test_an_array_in_an_object_of_a_program() -> None:
    """It is read as an array, whose rows have the keys of an answer."""
    rows = [{"id": order, "text": "t-1", "amend_text": "-"} for order in ("17", "18")]
    (record,) = records(TEXT, line({"messages": rows}, "2026-11-26T22:00:30.25Z got "))
    assert json.loads(record.payload) == rows


def test_a_time_without_a_zone() -> None:
    """It is in the zone that the caller names; a time with a zone stays."""
    log = line(ERROR) + line(ERROR, "2026-11-26T22:00:30.25Z recv ")
    tokyo, stays = records(TEXT, log, Options(tz="+09:00"))
    assert (stays.received_ns or 0) - (tokyo.received_ns or 0) == 9 * 3_600 * 10**9


def test_connections_name_the_venue() -> None:
    """A frame that several venues may have sent is of the one that the log connects to."""
    frame = {"code": 100404, "msg": "order not exist"}
    log = line("wss://open-api-swap.bingx.com/swap-market", "connecting to ") + line(frame)
    assert [record.venue for record in records(TEXT, log)] == ["bingx"]


@pytest.mark.parametrize(
    "log",
    [
        f'time="2026-11-26T22:00:30.25Z" level=debug msg="recv {json.dumps(json.dumps(ERROR))[1:]}',
        f"2026-11-26T22:00:30.25Z DEBUG bot::ws: received msg=Text({json.dumps(json.dumps(ERROR))})",
        f"2026-11-26T22:00:30.25Z BTCUSDT\t{json.dumps(ERROR)}",
        f"2026-11-26T22:00:30.25Z client < Frame(opcode=1, data={json.dumps(ERROR).encode()!r}, rsv1=False)",
    ],
)
def test_frames_within_values(log: str) -> None:
    """As logfmt, Rust, Kafka and dataclasses of Python show them."""
    [record] = records(TEXT, f"{log}\n".encode())
    assert json.loads(record.payload) == ERROR
    assert record.received_ns == 1_795_730_430_250_000_000


def test_logs_of_several_venues() -> None:
    """The venue that the caller names is that of frames that say nothing else."""
    refused = {"code": -2011, "msg": "Unknown order sent."}
    log = line(ERROR) + line(refused)
    assert [record.venue for record in records(TEXT, log, Options(venue="binance"))] == ["bybit", "binance"]


# Frames as somebody cut them down: what their venue calls them tells what they are.
STREAM = {
    "topic": "order",
    "id": "1",
    "creationTime": 1795704214044,
    "data": [{"orderId": "7", "orderStatus": "Cancelled"}],
}
UNREADABLE: tuple[tuple[dict[str, Any], str], ...] = (
    (STREAM, "bybit"),
    ({**STREAM, "seq": 5}, "bybit"),
    ({"topic": "order", "data": [{"orderId": "7"}]}, "bybit"),
    ({"reqId": "r", "retCode": 0, "op": "order.cancel", "data": {"orderId": "7"}}, "bybit"),
    ({"e": "executionReport", "E": 1, "s": "BTCUSDT", "C": "a", "x": "EXPIRED", "I": 1, "i": 7}, "binance"),
    (
        {"id": "a9", "status": 200, "result": {"orderId": 7, "status": "CANCELED"}, "rateLimits": []},
        "binance",
    ),
)


@pytest.mark.parametrize("before", ["", "recv ", "2026-11-26 22:00:30,250 INFO bot: "])
@pytest.mark.parametrize("shown", [json.dumps, repr])
@pytest.mark.parametrize(("frame", "venue"), UNREADABLE)
def test_a_frame_that_cannot_be_read_is_refused(
    before: str, shown: Callable[[object], str], frame: dict[str, Any], venue: str
) -> None:
    """Whatever it lacks, it does not pass for text."""
    [record] = records(TEXT, b"starting\n" + line(shown(frame), before))
    assert record.venue == venue
    with pytest.raises(PayloadError):
        normalise(record)


def test_an_answer_that_cannot_be_read_is_of_its_request() -> None:
    """Its id tells, where its keys do not."""
    answer = {"id": "a1", "status": 200, "result": {"what": 1}, "more": 2}
    [record] = records(TEXT, line(json.dumps(ASKED)) + line(answer, ""))
    assert (record.venue, record.endpoint, asked(record)["orderId"]) == ("binance", "ws order.cancel", 7)


def test_a_frame_of_one_of_several_venues() -> None:
    """It takes a name."""
    for shown in (
        {"code": 0, "msg": "", "data": {"order": {"orderId": 7, "status": "CANCELLED"}}},
        {"e": "executionReport", "s": "BTCUSDT", "x": "EXPIRED", "X": "EXPIRED", "i": 7},
        {"e": "ORDER_TRADE_UPDATE", "E": 1795704213830, "o": {"i": 7, "X": "CANCELED"}},
    ):
        [fault] = faults(TEXT, line(json.dumps(shown), "bot: "))
        assert re.fullmatch(
            r"log:1: venue: binance(?: and \w+)+ send such a frame; name the venue with --venue", fault
        )
        [record] = records(TEXT, line(json.dumps(shown), "bot: "), Options(venue="binance"))
        assert record.venue == "binance"


# --- Orders of ccxt ---


@pytest.mark.parametrize("show", [repr, json.dumps])
def test_an_order_of_ccxt_keeps_the_answer_with_its_integers_in_quotes(show: Callable[[Any], str]) -> None:
    """Python prints it as JavaScript does."""
    answer = {
        "symbol": "LTCBTC",
        "origClientOrderId": "bot7",
        "orderId": CANCELED,
        "orderListId": "-1",
        "clientOrderId": "c7",
        "transactTime": "1684804350068",
        "price": "2.00",
        "origQty": "1.00",
        "executedQty": "0.00",
        "cummulativeQuoteQty": "0.00",
        "status": "CANCELED",
        "timeInForce": "GTC",
        "type": "LIMIT",
        "side": "BUY",
        "selfTradePreventionMode": "NONE",
    }
    order = {"info": answer, "id": CANCELED, "symbol": "LTC/BTC", "status": "canceled", "filled": 0.0}
    [record] = records(TEXT, line(show(order), "canceled: "))
    [event] = normalise(record).events
    assert (event.order_id, event.outcome, event.venue) == (CANCELED, "canceled", "binance")
    row = {key: value for key, value in answer.items() if key != "selfTradePreventionMode"}
    [record] = records(TEXT, line(show([{**order, "info": row}, {**order, "info": row}])))
    assert [event.order_id for event in normalise(record).events] == [CANCELED, CANCELED]


@pytest.mark.parametrize("show", [repr, json.dumps])
def test_an_order_of_ccxt_may_be_out_of_an_answer(show: Callable[[Any], str]) -> None:
    """With the venue named, an order without its envelope is enough, alone and in an array."""
    row = {
        "clientOrderID": "",
        "cummulativeQuoteQty": "0",
        "executedQty": "0",
        "orderId": "1795969178545324032",
        "origQty": "0.03",
        "price": "185.25",
        "side": "SELL",
        "status": "CANCELED",
        "stopPrice": "0",
        "symbol": "SOL-USDT",
        "transactTime": "1717027394315",
        "type": "LIMIT",
    }
    order = {"info": row, "id": row["orderId"], "symbol": "SOL/USDT", "status": "canceled"}
    for printed, count in ((order, 1), ([order], 1), ([order, order], 2)):
        [record] = records(TEXT, line(show(printed), "canceled: "), Options(venue="bingx"))
        result = normalise(record)
        told = {(event.outcome, event.order_id, event.symbol) for event in result.events}
        assert told == {("canceled", row["orderId"], "SOL-USDT")}
        assert len(result.events) == count
        assert "missing-envelope" in [note.code for note in result.notes]


# --- Lines without a frame ---


@pytest.mark.parametrize(
    "chat",
    [
        "starting the bot",
        "params {'symbol': 'BTCUSDT', 'qty': 0.1, 'side': 'buy'}",
        'state {"position": 1, "orders": [{"orderId": 7}]}',
        "received signal {}",
        "recv {'type': 'heartbeat', 'seq': 1}",
        "canceled order {'id': '7', 'status': 'canceled'}",
        'order gone: {"level": "info", "orderId": 7, "symbol": "BTCUSDT", "side": "BUY", "status": "CANCELED"}',
        "msg {'symbol': 'BTCUSDT', 'orderId': 1, 'side': 'BUY', 'status': 'CANCELED', 'price': '1', 'origQty': '1'}",
        "received Order{status=CANCELED, id=1}",
        "for {x} in {y}: {z}",
        "see https://example.com/{id} {broken",
        "[1] {2: 3}",
    ],
)
@pytest.mark.parametrize("venue", [None, "binance", "bybit"])
def test_lines_without_a_frame(chat: str, venue: str | None) -> None:
    """They are counted and no faults, and what else a log holds is read."""
    log = line(chat, "INFO ") * 3 + line(ERROR)
    assert len(records(TEXT, log, Options(venue="bybit"))) == 1
    assert text_lines(line(chat, "INFO "), Options(venue=venue)) == 1


def verdict(data: bytes, **options: Any) -> list[str]:
    """What is said of a log as a whole."""
    source = Source(Stream(Chunks((data,)), "log"), "log")
    form = pick(source.head, Options(**options))
    parts = list(parts_of(form, source, Options(**options)))
    return [str(part.found) for part in parts if isinstance(part, Item)]


@pytest.mark.parametrize("options", [{}, {"format": "text"}])
@pytest.mark.parametrize(
    ("first", "lines"),
    [("hello", "1 line"), ("[2026-11-26 22:00:29] hello", "12 lines"), ("<13>Nov 26 hello", "1,000 lines")],
)
def test_one_verdict_on_text_that_holds_nothing(first: str, lines: str, options: dict[str, str]) -> None:
    """It counts the lines, says what to log instead, and shows the first line without its secrets."""
    count = int(lines.partition(" ")[0].replace(",", ""))
    [said] = verdict(f"{first} apiKey=FAKEFAKE\n".encode() + b"good bye\n" * (count - 1), **options)
    assert said == (
        f"log:1: file: no answer of a known venue in {lines} of text; log the body of each answer, as ccxt does "
        f"with verbose; the first line is {first} apiKey=[redacted]"
    )


@pytest.mark.parametrize("data", [b"{a: 1\nb\n", b"<html>\n", b"PK\x05\x06\n", b"<?xml?>\n"])
def test_one_verdict_on_what_is_no_text(data: bytes) -> None:
    """It names the formats, for a document that is broken or none of them."""
    [said] = verdict(data)
    assert said.startswith("log:1: file: no known log format; the formats are records, ")
    [said] = verdict(data, format="text")
    assert said.startswith(
        "log:1: file: no line holds an answer as the format text has it; leave the format out"
    )


def test_no_verdict_on_nothing() -> None:
    """A log of blank lines is empty."""
    assert verdict(b"\n \n") == []


def test_one_verdict_where_all_lines_are_alike() -> None:
    """A thousand lines with the same fault are told once; a line that is read brings the others back."""
    lines = b'{"zz":1}\n' * 1_000
    [said] = verdict(lines)
    assert said == "log:1: line: unknown venue; name it with --venue; no line could be read, of 1,000"
    assert len(verdict(lines + json.dumps(ERROR).encode())) == 1_001


@pytest.mark.parametrize("end", [b"", b"\n" + json.dumps(ERROR).encode()])
def test_all_lines_that_are_alike_are_kept(end: bytes) -> None:
    """A quarantine has every line that was refused, whether they are told as one fault or each."""
    lines = [b'{"a":1}', b'{"b":2}', b'{"c":3}']
    source = Source(Stream(Chunks((b"\n".join(lines) + end,)), "log"), "log")
    parts = parts_of(pick(source.head, Options()), source, Options())
    items = [part for part in parts if isinstance(part, Item) and isinstance(part.found, Unreadable)]
    assert len(items) == (3 if end else 1)
    assert b"\n".join(item.raw or b"" for item in items) == b"\n".join(lines)


def test_events_are_no_log() -> None:
    """They are named for what they are."""
    event = b'{"venue":"binance","kind":"order","index":0,"outcome":"canceled","evidence":"final_report"}\n'
    assert verdict(event * 3) == [
        "log:1: file: these are events that cancelnorm wrote; give it the log that they were read from"
    ]


# --- Secrets ---


@pytest.mark.parametrize("shown", [json.dumps, repr, lambda value: repr(json.dumps(value).encode())])
def test_secrets_are_named(shown: Any) -> None:
    """Those of a request are told with its answer, and masked."""
    secret = {**ASKED, "params": {**ASKED["params"], "apiKey": "FAKEKEY", "signature": "5a5a5a5a" * 8}}
    log = line(shown(secret), "sent ") + line(shown(REFUSED), "recv ")
    [record] = records(TEXT, log)
    assert record.secrets == ("request.apiKey", "request.signature")
    assert not leaks([record])


# --- Laws ---


PIECES = st.lists(
    st.sampled_from(
        [
            *(line(ERROR), line(json.dumps(ASKED), "sent "), line(json.dumps(REFUSED)), line("hello", "")),
            *(
                line("{", "a "),
                line("}", ""),
                line("", f"Request: POST {URL}"),
                line("x (ErrCode: 10006).", ""),
            ),
            *(line(json.dumps(ERROR, indent=1), "Response: "), line("fetch Request:", ""), line("Array", "")),
        ]
    )
    | st.binary(max_size=30),
    max_size=12,
)


@given(PIECES)
def test_any_lines(pieces: list[bytes]) -> None:
    """No lines raise, nothing that is wrong is quoted, and every line is at most one thing."""
    log = b"".join(pieces)
    things = found(TEXT, log)
    assert len(things) <= log.count(b"\n") + 1
    for fault in faults(TEXT, log):
        assert fault.split(": ", 1)[1] == "line: incomplete answer"


@given(PIECES, st.integers(1, 40))
def test_chunks_do_not_matter(pieces: list[bytes], size: int) -> None:
    """However a log comes in, it says the same."""
    log = b"".join(pieces)
    chunks = [log[i : i + size] for i in range(0, len(log), size)]
    source = Source(Stream(Chunks(chunks), "log"), "log")
    assert [item.found for item in TEXT.read(source, Options()) if isinstance(item, Item)] == found(TEXT, log)


# --- What stands beside a frame ---


RECEIVED = """recv rcv rcvd receive received receives receiving response responses resp reply replied answer answered
incoming inbound rx got"""
SENT = """sent send sends sending request requests req outgoing outbound tx writing publishing submitting posting"""
DELETE_URL = "DELETE https://api.binance.com/api/v3/order?symbol=X&orderId=7"


@pytest.mark.parametrize("word", RECEIVED.split())
def test_words_of_what_was_received(word: str) -> None:
    """Beside a URL they make an object an answer, however they are written."""
    for written in (word, word.title(), word.upper()):
        log = f'{written} {DELETE_URL} {{"zz":1}}\n'.encode()
        assert [record.is_unanswered for record in records(TEXT, log)] == [False]


@pytest.mark.parametrize("word", SENT.split())
def test_words_of_what_was_sent(word: str) -> None:
    """Beside a URL they make an object a request, even one whose keys are those of an answer."""
    error = json.dumps(REFUSED["error"])
    for written in (word, word.title(), word.upper()):
        log = f"{written} {DELETE_URL} {error}\n".encode()
        assert [record.is_unanswered for record in records(TEXT, log)] == [True]


LINES = st.sampled_from([b"{", b"[{", b"{[", b"}", b"]", b'"a": 1', b'"a": {', b"x", b"Request: {", b""])
FRAME = msgspec.json.encode(REFUSED)


@given(st.lists(st.tuples(LINES | st.just(b"recv " + FRAME), st.integers(1, 5)), max_size=8))
def test_a_line_that_comes_again_and_again(runs: list[tuple[bytes, int]]) -> None:
    """Lines with an opening brace alone are read as if each were the first."""
    log = b"\n".join(line for line, times in runs for _ in range(times))

    def read_all() -> object:
        reader = LineReader("log", Options(venue="binance"), PassedOver()).text
        read = [[*reader.line(number, line)] for number, line in enumerate(log.split(b"\n"), 1)]
        return [*read, [*reader.end()], [*reader.unanswered()]], reader.log.text_lines

    quick = read_all()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TextReader, "line", lambda self, number, line: self._read(number, line, 1))
        assert read_all() == quick


def test_an_answer_that_several_venues_send() -> None:
    """One without a request is of the only one of them that the log has asked before; alone it is of none."""
    [fault] = faults(TEXT, f"Got {ANSWER}\n".encode())
    assert fault == "log:1: venue: binance and mexc send such a frame; name the venue with --venue"
    found = records(
        TEXT, f"{DELETED}1\n{DELETED}1 400 {ANSWER}\nGot {ANSWER.replace('gone', 'no')}\n".encode()
    )
    assert [record.venue for record in found] == ["binance", "binance"]


# --- Forms of structured loggers, shells and SDKs ---


@pytest.mark.parametrize(
    "said",
    [
        "url=https://api.kraken.com/0/private/CancelOrder status=200 body=",
        "endpoint=/0/private/CancelOrder method=POST status=200 body=",
        "method: POST path: /0/private/CancelOrder response: ",
    ],
)
def test_the_method_and_the_path_apart(said: str) -> None:
    """A URL without a method is that of its only endpoint, and a logger's keys may part method and path."""
    [record] = records(TEXT, line('{"error":["EOrder:Unknown order"]}', f"2026-11-26 22:00:30 INFO {said}"))
    assert (record.venue, record.endpoint) == ("kraken", "POST /0/private/CancelOrder")


def test_a_path_of_a_file_is_no_request() -> None:
    """Where no method is beside it, a path is no address."""
    [record] = records(TEXT, line('{"error":["EOrder:Unknown order"]}', "path=/var/log/bot.py recv "))
    assert (record.venue, record.endpoint) == ("kraken", None)


@pytest.mark.parametrize("behind", ["", " (done)", r"\n    at kraken.handleErrors"])
def test_the_inside_of_a_string_literal(behind: str) -> None:
    """People copy what stands between its quotes, with the escapes."""
    shown = json.dumps(json.dumps({"error": ["EOrder:Unknown order"]}))[1:-1]
    [record] = records(TEXT, line(shown + behind, "ExchangeError: kraken "))
    assert normalise(record).events[0].reason == GONE


@pytest.mark.parametrize("show", [lambda order: order, lambda order: [order]])
def test_an_order_of_ccxt_that_keeps_a_whole_answer(show: Callable[[Any], Any]) -> None:
    """A venue that counts orders answers with an object for all; its integers are in quotes."""
    order: dict[str, Any] = {"id": None, "info": {"error": [], "result": {"count": "3"}}, "trades": []}
    [record] = records(TEXT, b"kraken.cancelAllOrders()\n" + repr(show(order)).encode() + b"\n")
    [event] = normalise(record).events
    assert (event.venue, event.affected_orders) == ("kraken", 3)


@pytest.mark.parametrize(
    "frame",
    [
        '{"event":"heartbeat"}',
        '{"channel":"heartbeat"}',
        '{"channel":"trade","data":[{"symbol":"BTC/USD","side":"sell","price":1.5}]}',  # of Kraken, not of Hyperliquid
        '{"event":"subscribe","feed":"open_orders","api_key":"FAKE","signed_challenge":"FAKE"}',
        '{"event":"subscribe","subscription":{"name":"openOrders","token":"FAKE"}}',
        '{"type":"subscribe","product_ids":["BTC-USD"],"channel":"user","jwt":"FAKE"}',
        '{"type":"heartbeat","sequence":90,"last_trade_id":20,"product_id":"BTC-USD","time":"2014-11-07T08:19:28.464459Z"}',
    ],
)
@pytest.mark.parametrize("direction", ["recv", "send"])
def test_frames_of_the_connection(frame: str, direction: str) -> None:
    """They are of the venue that knows them, although another one's frames have such keys; none is refused."""
    for thing in found(TEXT, line(frame, f"2026-11-26 22:00:30 {direction} ")):
        assert isinstance(thing, Record)
        with pytest.raises(NotACancel):
            normalise(thing)


@pytest.mark.parametrize("frame", ['{"symbol":"BTCUSDT","countdownTime":[]}', '{"underlyings":7}'])
def test_a_few_keys_of_one_venue_and_a_value_of_none(frame: str) -> None:
    """The keys tell whose frame it is; what is wrong with it is said, and it is not taken for something else."""
    [thing] = found(TEXT, line(frame))
    assert isinstance(thing, Record)
    assert thing.venue == "binance"
    with pytest.raises(PayloadError):
        normalise(thing)


def test_a_command_over_lines_that_ends_the_log() -> None:
    """Its lines are those of one command, whatever comes behind them."""
    log = b'curl https://api.kraken.com/0/private/CancelOrder -d "txid=OQCLML-BW3P3-BUCMWZ" \\\n -v \\\n'
    [thing] = found(TEXT, log)
    assert isinstance(thing, Record)
    assert (thing.pairing, asked(thing)) == ("no_answer", {"txid": "OQCLML-BW3P3-BUCMWZ"})


@pytest.mark.parametrize("word", ["ok", "success", "canceled"])
def test_a_word_alone_is_of_no_venue(word: str) -> None:
    """Services of any kind answer so; a venue is told by a word of its own alone."""
    assert found(TEXT, line(json.dumps({"status": word}), "2026-11-26 22:00:30 INFO health response ")) == []


def test_a_word_of_a_venue_alone() -> None:
    """No other has it."""
    [record] = records(TEXT, line('{"status":"unknownOid"}'))
    assert record.venue == "hyperliquid"


@pytest.mark.parametrize("before", ["", "recv ", "2026-11-26 22:00:30 INFO "])
def test_what_a_venue_pushes_is_no_request(before: str) -> None:
    """A notice of JSON-RPC has a method and parameters, as a request has, but no id."""
    sample = json.loads((LOGS.parent / "deribit" / "stream-user-orders-raw.json").read_bytes())
    pushed = sample["payload"]
    [record] = records(TEXT, line(json.dumps(pushed), before))
    assert record.venue == "deribit"
    [record] = records(MAPPED, json.dumps({"level": "info", "ts": 1, "frame": pushed}).encode())
    assert record.venue == "deribit"


TRANSCRIPT = b"""> DELETE /api/v3/order?symbol=BTCUSDT&orderId=C02__443776347957968896088&signature=FAKE HTTP/1.1
> Host: api.mexc.com
> User-Agent: curl/7.68.0
>
< HTTP/1.1 400 Bad Request
< Content-Type: application/json
<
* Connection #0 to host api.mexc.com left intact
{"code":-2011,"msg":"Unknown order sent."}
"""


def test_a_transcript_of_curl_without_its_command() -> None:
    """The host is in a header, and the status is that of the answer."""
    [record] = records(TEXT, TRANSCRIPT)
    assert (record.venue, record.endpoint, record.status) == ("mexc", "DELETE /api/v3/order", 400)
    assert asked(record)["orderId"] == "C02__443776347957968896088"


def test_an_answer_beside_the_connection_of_another_venue() -> None:
    """A connection names the venue of frames, but not that of what was asked of another one."""
    log = line("", "Socket connected to wss://stream.bybit.com/v5/private")
    log += line("", 'curl https://api.kraken.com/0/private/CancelOrder -d "txid=OQCLML-BW3P3-BUCMWZ"')
    [record] = records(TEXT, log + line('{"error":[],"result":{"count":1}}', ""))
    assert (record.venue, asked(record)) == ("kraken", {"txid": "OQCLML-BW3P3-BUCMWZ"})


@pytest.mark.parametrize(
    "log",
    [
        '2026-11-03T09:00:01Z {app="bot", pod="bot-1"} DEBUG recv $frame\n',  # of logcli
        "$frame\t231\t09:00:01.158\n$other\t12\t09:00:02.158\n",  # as Chrome copies messages
    ],
)
def test_objects_at_the_beginning_of_lines_are_not_all(log: str) -> None:
    """A time and labels may be before a frame, its length and a time behind it."""
    order = {"order": {"coin": "BTC", "side": "B", "limitPx": "29792.0", "sz": "5.0", "oid": 91490942}}
    order["order"] |= {"timestamp": 1681247412573, "origSz": "5.0"}
    row = {**order, "status": "canceled", "statusTimestamp": 1681247412999}
    frame = json.dumps({"channel": "orderUpdates", "data": [row]})
    data = log.replace("$frame", frame).replace("$other", '{"channel":"pong"}').encode()
    assert pick(data, Options()) is TEXT
    [record, *_] = records(TEXT, data)
    assert normalise(record).events[0].order_id == "91490942"


def test_what_a_program_prints_of_its_own_beside_an_exception() -> None:
    """As Passivbot does: its list of orders is like those of several venues, and of none here."""
    rows = [
        {
            "order_id": 4743681398,
            "symbol": "XMRUSDT",
            "price": 137.88,
            "qty": 0.006,
            "type": "limit",
            "side": "sell",
        }
    ]
    [record] = records(TEXT, f"error cancelling orders b {rows} binance {ANSWER}\n".encode())
    assert (record.venue, normalise(record).events[0].code) == ("binance", "-2011")


def test_errors_in_the_values_of_an_object_of_python() -> None:
    """The message ends at the quote that closes the value."""
    data = b"ERROR {'type': 'BinanceAPIException', 'value': 'APIError(code=-2011): Unknown order sent.', 'x': 1}\n"
    [record] = records(TEXT, data)
    assert record.payload == b'{"code":-2011,"msg":"Unknown order sent."}'
