"""Answers in documents that are no logs: tables, changes of a database, reports of errors, notebooks."""

import json
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Raw
from msgspec.json import decode

from cancelnorm import Record, normalise
from cancelnorm.logs.documents import advice_on
from cancelnorm.logs.formats import pick
from cancelnorm.logs.item import Unreadable
from cancelnorm.logs.log_stores import entries_in
from cancelnorm.logs.open import read
from cancelnorm.logs.options import Options
from tests.logs.captured import faults, found, records

GONE: Final = {
    "retCode": 110001,
    "retMsg": "order not exists or too late to cancel",
    "result": {},
    "retExtInfo": {},
    "time": 1672217377165,
}
TEXT: Final = json.dumps(GONE)
NAMES: Final = ["ts", "exchange", "payload"]
ROWS: Final[list[list[Any]]] = [[1767607200123, "bybit", TEXT], [1767607200124, "bybit", TEXT]]
OBJECTS: Final = [dict(zip(NAMES, row, strict=True)) for row in ROWS]
TYPED: Final = [{"name": name, "type": "String"} for name in NAMES]

TABLES: Final[dict[str, Any]] = {
    "ClickHouse, JSON": {"meta": TYPED, "data": OBJECTS, "rows": 2, "statistics": {"elapsed": 0.01}},
    "ClickHouse, JSONCompact": {"meta": TYPED, "data": ROWS, "rows": 2},
    "Azure": {"tables": [{"name": "PrimaryResult", "columns": TYPED, "rows": ROWS}]},
    "Elasticsearch, SQL": {"columns": TYPED, "rows": ROWS},
    "InfluxDB": {
        "results": [{"statement_id": 0, "series": [{"name": "a", "columns": NAMES, "values": ROWS}]}]
    },
    "Metabase": {"data": {"rows": ROWS, "cols": TYPED}, "row_count": 2},
    "Redash": {"query_result": {"id": 1, "data": {"columns": TYPED, "rows": OBJECTS}}},
    "pandas, split": {"columns": NAMES, "index": [0, 1], "data": ROWS},
    "pandas, table": {"schema": {"fields": TYPED, "primaryKey": ["index"]}, "data": OBJECTS},
    "pandas, index": {str(number): row for number, row in enumerate(OBJECTS)},
    "pandas, columns": {
        name: {str(n): row[at] for n, row in enumerate(ROWS)} for at, name in enumerate(NAMES)
    },
    "pandas, records": OBJECTS,
}


@pytest.mark.parametrize("indent", [None, 1])
@pytest.mark.parametrize("kind", TABLES)
def test_tables(kind: str, indent: int | None) -> None:
    """Each row is a line."""
    data = json.dumps(TABLES[kind], indent=indent).encode()
    rows = records(pick(data, Options()), data)
    assert [json.loads(row.payload) for row in rows] == [GONE, GONE]
    assert [(row.venue, row.received_ns) for row in rows] == [
        ("bybit", ts * 10**6) for ts in (1767607200123, 1767607200124)
    ]
    assert len({row.source for row in rows}) == len(rows)


def test_a_table_of_the_fields_of_an_answer() -> None:
    """Its rows are answers, with the numbers as they are written."""
    names, row = list(GONE), list(GONE.values())
    data = json.dumps({"columns": names, "index": [0], "data": [row]}).encode()
    [record] = records(pick(data, Options()), data)
    assert json.loads(record.payload) == GONE


def test_names_of_columns_as_people_write_them() -> None:
    """A table of CSV may have capitals, spaces and a time zone in the names of its columns."""
    quoted = TEXT.replace('"', '""')
    for names in (
        "Date,Host,Message",
        "Timestamp [UTC],Exchange,Response Body",
        "TimeGenerated,Source,LogMessage",
    ):
        data = f'{names}\n2026-01-05T10:00:00.123Z,bybit,"{quoted}"\n'.encode()
        [record] = records(pick(data, Options()), data)
        assert (json.loads(record.payload), record.received_ns) == (GONE, 1767607200123 * 10**6), names


def test_a_line_with_commas_is_no_table() -> None:
    """The next line has to be a row."""
    assert pick(b"Hello, Info\n2026-01-05 10:00:00 recv x\n", Options()).name == "text"


def test_entries_of_google_cloud() -> None:
    """The array that its console downloads has what a program logged inside each entry."""
    logged = {"exchange": "bybit", "message": "cancel response", "response": GONE}
    entry = {
        "insertId": "a",
        "jsonPayload": logged,
        "timestamp": "2026-01-05T10:00:00.123Z",
        "severity": "INFO",
    }
    data = json.dumps([entry, entry], indent=1).encode()
    found = records(pick(data, Options()), data)
    assert [(json.loads(one.payload), one.received_ns) for one in found] == [
        (GONE, 1767607200123 * 10**6)
    ] * 2


ROW: Final = {"id": 2, **OBJECTS[0]}
BEFORE: Final = {**ROW, "seen": 0}
SEEN: Final = {**ROW, "seen": 1}
TABLE: Final = {"database": "bot", "table": "answers", "ts": 1767607200}
CHANGES: Final[dict[str, tuple[Any, int]]] = {
    "Debezium": ({"before": None, "after": ROW, "op": "c", "ts_ms": 1}, 1),
    "Debezium, with its schema": ({"schema": {}, "payload": {"before": None, "after": ROW, "op": "r"}}, 1),
    "Debezium, another column": ({"before": BEFORE, "after": SEEN, "op": "u"}, 0),
    "Debezium, a deletion": ({"before": ROW, "after": None, "op": "d"}, 0),
    "Maxwell": ({**TABLE, "type": "insert", "data": ROW}, 1),
    "Maxwell, another column": ({**TABLE, "type": "update", "data": SEEN, "old": {"seen": 0}}, 0),
    "Maxwell, the payload": ({**TABLE, "type": "update", "data": ROW, "old": {"payload": None}}, 1),
    "Canal": ({**TABLE, "type": "INSERT", "isDdl": False, "old": None, "data": [ROW, ROW]}, 2),
    "MongoDB": ({"operationType": "insert", "fullDocument": ROW, "ns": {"db": "bot"}}, 1),
}


@pytest.mark.parametrize("kind", CHANGES)
def test_changes(kind: str) -> None:
    """A row that is new or has a new payload is a line."""
    change, count = CHANGES[kind]
    data = b"%b\n" % json.dumps(change).encode() * 2
    things = (
        found(pick(data, Options()), data)
        if count
        else found(pick(_first(data), Options()), _first(data))[1:]
    )
    assert [json.loads(thing.payload) for thing in things if isinstance(thing, Record)] == [GONE] * count * 2
    assert not any(isinstance(thing, Unreadable) for thing in things)


def _first(data: bytes) -> bytes:
    """A log whose first change has a payload."""
    return b"%b\n%b" % (json.dumps(CHANGES["Debezium"][0]).encode(), data)


ERROR: Final = {"type": "BinanceAPIException", "value": "APIError(code=-2011): Unknown order sent."}
CRUMB: Final = {
    "type": "http",
    "timestamp": "2026-01-05T10:00:00.100Z",
    "data": {
        "url": "https://api.binance.com/api/v3/order",
        "http.query": "symbol=BTCUSDT&orderId=4",
        "method": "DELETE",
        "status_code": 400,
    },
}
EVENT: Final = {"event_id": "a1", "timestamp": "2026-01-05T10:00:01Z", "exception": {"values": [ERROR]}}


@pytest.mark.parametrize("indent", [None, 1])
def test_events_of_sentry(indent: int | None) -> None:
    """The error is the answer to the request that failed before it; its time is not when that was sent."""
    data = json.dumps({**EVENT, "breadcrumbs": {"values": [CRUMB]}}, indent=indent).encode()
    [record] = records(pick(data, Options()), data)
    [event] = normalise(record).events
    assert (event.code, event.order_id, str(event.outcome)) == ("-2011", "4", "rejected")
    assert (record.sent_ns, record.received_ns) == (None, 1767607201 * 10**9)


def test_what_sentry_keeps_of_a_log() -> None:
    """What was logged before an error is read, but for the line that logged the error itself."""
    logged = [
        {
            "timestamp": "2026-01-05T10:00:00Z",
            "category": "bot",
            "message": f"cancel failed: bybit {json.dumps(GONE)}",
        },
        {"timestamp": "2026-01-05T10:00:01Z", "category": "bot", "message": f"raised {ERROR['value']}"},
    ]
    data = json.dumps({**EVENT, "breadcrumbs": {"values": logged}}).encode()
    first, second = records(pick(data, Options()), data)
    assert (first.venue, first.received_ns) == ("bybit", 1767607200 * 10**9)
    assert (second.venue, second.received_ns) == ("binance", 1767607201 * 10**9)


def test_answers_that_sentry_keeps_of_a_log() -> None:
    """None goes because an error has the same words, or braces with nothing in them."""
    url = "https://api.binance.com/api/v3/order?symbol=BTCUSDT&orderId"
    answer = '{"code":-2011,"msg":"Unknown order sent."}'
    said = [
        text for order in (1, 2) for text in (f"DELETE {url}={order}", f"400 DELETE {url}={order} {answer}")
    ]
    crumbs = [{"category": "bot", "message": text} for text in said]
    for error in (f"OrderNotFound: binance {answer}", "ValueError: bad {} value"):
        event = {"event_id": "a1", "exception": {"values": [{"type": "E", "value": error}]}}
        data = json.dumps({**event, "breadcrumbs": {"values": crumbs}}).encode()
        found = [each for record in records(pick(data, Options()), data) for each in normalise(record).events]
        assert [each.order_id for each in found] == ["1", "2"]


def test_an_error_of_which_sentry_knows_another() -> None:
    """The one that was raised because of the other is no second answer; the API lists the same as entries."""
    text = 'binance {"code":-2011,"msg":"Unknown order sent."}'
    chain = [{"type": "OrderNotFound", "value": text}, {"type": "InvalidOrderException", "value": text}]
    for event in (
        {**EVENT, "exception": {"values": chain}},
        {"eventID": "a1", "entries": [{"type": "exception", "data": {"values": chain}}]},
    ):
        data = json.dumps(event).encode()
        [record] = records(pick(data, Options()), data)
        assert record.venue == "binance"


def test_notebooks() -> None:
    """What a cell printed and returned is text, in which the answer stands over many lines."""
    lines = [f"{line}\n" for line in repr(GONE).replace(", '", ",\n '").split("\n")]
    outputs = [
        {"output_type": "stream", "name": "stdout", "text": ["bybit:\n"]},
        {"output_type": "execute_result", "execution_count": 1, "data": {"text/plain": lines}},
        {"output_type": "error", "ename": "KeyError", "evalue": "'x'", "traceback": []},
    ]
    cells = [{"cell_type": "markdown", "source": []}, {"cell_type": "code", "source": [], "outputs": outputs}]
    data = json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}, indent=1).encode()
    [record] = records(pick(data, Options()), data)
    assert json.loads(record.payload) == GONE


UNREAD: Final = {
    "Wireshark": (
        json.dumps([{"_source": {"layers": {"json": {"json.object": TEXT}}}}], indent=1),
        "Wireshark",
    ),
    "Burp": (
        '<?xml version="1.0"?>\n<items burpVersion="2023.1">\n<item><response>e30=</response></item>\n</items>\n',
        "Burp",
    ),
    "a map of Go": ("2026/01/05 10:00:00 map[code:-2011 msg:Unknown order sent.]\n", "Go"),
    "a struct of Go": ("2026/01/05 10:00:00 &{Code:-2011 Msg:Unknown order sent.}\n", "Go"),
    "print_r": ("Array\n(\n    [code] => -2011\n    [msg] => Unknown order sent.\n)\n", "PHP"),
    "var_dump": ('array(1) {\n  ["code"]=>\n  int(-2011)\n}\n', "PHP"),
}


@pytest.mark.parametrize("kind", UNREAD)
def test_what_is_unread(kind: str, tmp_path: Path) -> None:
    """The fault says what it is."""
    text, name = UNREAD[kind]
    path = tmp_path / "log"
    path.write_text(text)
    [fault] = read(path)
    assert isinstance(fault, Unreadable)
    assert name in fault.reason


def test_answers_are_no_documents() -> None:
    """Not even if their texts look like one."""
    data = json.dumps({**GONE, "retMsg": "map[a:1]"}).encode()
    [record] = records(pick(data, Options()), data)
    assert record.venue == "bybit"


def test_frames_that_a_logger_shortened() -> None:
    """The first one is a fault, the others like it are text; whole frames with dots in them are read."""
    cut = 'DEBUG:websockets.client:< TEXT \'{"e":"executionReport","s":"LTCB..."uS":"x"}\' [612 bytes]\n'
    short = '{"event":"x..."}'
    whole = f"DEBUG:websockets.client:< TEXT '{short}' [{len(short)} bytes]\n"
    data = (cut * 2 + whole).encode()
    [fault] = faults(pick(data, Options()), data)
    assert fault.startswith("log:1: ")
    assert "WEBSOCKETS_MAX_LOG_SIZE" in fault


KEYS: Final = [
    *("meta", "data", "columns", "rows", "schema", "fields", "name", "op", "after", "before", "payload", "0"),
    *("cells", "nbformat", "outputs", "event_id", "exception", "entries", "values", "type"),
]
JSON: Final = st.recursive(
    st.none() | st.integers() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4),
    max_leaves=12,
)


@given(JSON)
def test_anything(value: Any) -> None:
    """No object raises, whatever it has of a document."""
    data = json.dumps(value).encode()
    found(pick(data, Options()), data)
    if isinstance(value, dict):
        lines = entries_in(decode(data, type=dict[str, Raw]))
        assert lines is None or all(isinstance(line, dict) for line in lines)


def test_no_advice() -> None:
    """Most logs are none of these."""
    for log in (b"", b"[INFO] array(1)", b'{"a":"map of [x]"}', TEXT.encode()):
        assert advice_on(log) is None


@pytest.mark.parametrize(
    "beside",
    [
        {"op": "cancel", "after": None},
        {"op": "d", "after": {"status": 1}},
        {"database": "a", "table": "b", "type": "delete", "data": {}},
        {"event_id": "1", "exception": [{"type": "A", "value": "b"}]},
        {"columns": ["payload"], "rows": [["{}"]]},
    ],
)
def test_a_line_that_names_its_venue_is_one_itself(beside: dict[str, Any]) -> None:
    """Whatever keys of a document it has, its own payload counts."""
    data = json.dumps(
        {**beside, "venue": "binance", "payload": {"code": -2011, "msg": "Unknown order sent."}}
    ).encode()
    [record] = records(pick(data, Options()), data)
    assert json.loads(record.payload)["code"] == -2011
