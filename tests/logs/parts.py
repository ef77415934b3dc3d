"""What functions of objects say of those that logs have, and of each with a part that is missing or another one."""

import json
from collections.abc import Iterator
from functools import partial
from typing import Any, Final

import msgspec
from msgspec import Raw

from cancelnorm.logs import frame_keys, part_names, surroundings, urls
from cancelnorm.logs.array import fits as fits_array
from cancelnorm.logs.change_events import rows_changed
from cancelnorm.logs.exchanges import exchanges_in, exchanges_of, is_exchange
from cancelnorm.logs.gathered import answers_in, answers_within, is_around_answer
from cancelnorm.logs.json_path import Steps, at, lost, steps
from cancelnorm.logs.log_stores import entries_in
from cancelnorm.logs.nested import lines_within
from cancelnorm.logs.part_names import column_names, key_of_payload
from cancelnorm.logs.printed_documents import printed_in
from cancelnorm.logs.secrets import secret_paths
from cancelnorm.logs.tables import rows_in
from cancelnorm.logs.text_objects import Found
from cancelnorm.logs.text_senders import is_of_program, likely_sender, raw_answer, senders
from cancelnorm.logs.urls import Address
from cancelnorm.venues import every
from tests.logs.neighbours import members, of_values, shown

__all__ = ["parts"]

_GONE: Final = {"retCode": 110001, "retMsg": "gone", "result": {}, "retExtInfo": {}, "time": 1795730430200}
_SAID: Final = json.dumps(_GONE)
_URL: Final = "https://api.bybit.com/v5/order/cancel"
_AT: Final = "2026-11-26T22:00:30Z"


def parts() -> Iterator[str]:
    """What is said of each, with ``GONE`` in the place of the answer that most have."""
    for line in _parts():
        for said in (_SAID, _SAID.replace(" ", "")):
            for form in (json.dumps(json.dumps(said))[1:-1], json.dumps(said)[1:-1], said):
                line = line.replace(form, "GONE")
        yield line


def _parts() -> Iterator[str]:
    yield from of_values("entries", lambda value: entries_in(members(value)), _ENTRIES)
    yield from of_values("rows changed", lambda value: rows_changed(members(value)), _CHANGES)
    yield from of_values("rows", lambda value: rows_in(members(value)), _TABLES)
    yield from of_values("printed", lambda value: printed_in(members(value)), _PRINTED)
    yield from of_values("exchanges", lambda value: exchanges_in(_json(value)), _EXCHANGES)
    yield from of_values("exchanges of a line", lambda value: exchanges_of(members(value)), _EXCHANGES)
    yield from of_values("one exchange", lambda value: is_exchange(_json(value)), _EXCHANGES)
    yield from of_values("answers in an array", lambda value: answers_in(_json(value), None), _GATHERED)
    yield from of_values("those of kraken", lambda value: answers_in(_json(value), "kraken"), _GATHERED)
    yield from of_values("answers within", lambda value: answers_within(members(value), None), _AROUND)
    yield from of_values("around an answer", lambda value: is_around_answer(members(value)), _AROUND)
    yield from of_values("lines within", lambda value: lines_within(_json(value), None), _DOCUMENTS)
    yield from of_values("like an answer", lambda value: lines_within(_json(value), None), _LIKE)
    yield from of_values("those of bybit", lambda value: lines_within(_json(value), "bybit"), _DOCUMENTS)
    yield from of_values("told in", lambda value: surroundings.told_in(members(value)), _SURROUNDINGS)
    for name in part_names.MESSAGE_TIMES:
        yield f"  {name}: {shown(surroundings.told_in(members({name: _AT, 'a': 1})))}"
    yield from of_values("told in a row", lambda value: surroundings.told_in_row(_raws(value)), _ROWS)
    yield from of_values("envelope", lambda value: surroundings.is_envelope(members(value)), _SURROUNDINGS)
    yield from of_values("at a path", lambda value: at(members(value), steps("$.a[1].b")), _PATHS)
    yield from of_values("lost", lambda value: lost(members(value), steps("$.a[1].b")), _PATHS)
    for path in (("a", 1), ("a", 1, "token"), ("b", "headers", 0, 1, "k")):
        yield from of_values(f"secrets beside {path}", partial(_secrets, path), _SECRETS)
    yield from of_values("key of payload", lambda value: key_of_payload(tuple(value)), _KEYS)
    yield from of_values("columns", lambda value: column_names([*map(str, value)]), _COLUMNS)
    yield from of_values("frame", _frame, _FRAMES)
    yield from of_values("raw answer", lambda value: raw_answer(_json(value), _members(value))[0], _ORDERS)
    yield from of_values("sender", lambda value: likely_sender(_json(value), _members(value), None), _ANSWERS)
    yield from of_values("senders", _senders, _ANSWERS)
    yield from of_values("of a program", _is_of_program, _ANSWERS)
    yield from of_values("parameters", lambda value: urls.parameters(value, address=_ADDRESS), _BODIES)
    yield from of_values("array", lambda value: fits_array(_json(value)), _ARRAYS)


_ENTRIES: Final = (
    {"hits": {"hits": [{"_source": {"message": _SAID, "@timestamp": _AT}}, {"message": "a", "ts": 1}]}},
    {"result": {"_raw": _SAID, "_time": _AT}},
    {"data": [{"attributes": {"message": "a", "timestamp": _AT, "attributes": {"b": 1}}}]},
    {"streams": [{"stream": {"a": "b"}, "values": [["1795730430000000000", "line", {"c": 1}]]}]},
    {"events": [{"jsonPayload": {"message": "a"}, "timestamp": _AT, "time": 1}]},
    {
        "resourceLogs": [
            {
                "scopeLogs": [
                    {
                        "logRecords": [
                            {
                                "timeUnixNano": "1",
                                "observedTimeUnixNano": "2",
                                "body": {"stringValue": "a"},
                                "attributes": [{"key": "b", "value": {"intValue": "3"}}],
                            }
                        ]
                    }
                ]
            }
        ]
    },
    {"venue": "bybit", "columns": ["payload"], "rows": [[_GONE]]},
)
_CHANGES: Final = (
    {"op": "u", "before": {"id": 1, "payload": "{}"}, "after": {"id": 1, "payload": _SAID}},
    {"schema": {}, "payload": {"op": "c", "after": {"id": 1, "payload": _SAID}, "before": None}},
    {"database": "a", "table": "b", "type": "update", "data": {"response": _SAID}, "old": {"response": ""}},
    {
        "database": "a",
        "table": "b",
        "type": "UPDATE",
        "data": [{"body": _SAID, "n": 1}, {"body": _SAID, "n": 2}],
        "old": [{"n": 2}, {"body": "x"}],
    },
    {
        "operationType": "insert",
        "fullDocument": {"payload": _GONE},
        "fullDocumentBeforeChange": {"payload": 1},
    },
)
_TABLES: Final = (
    {"columns": ["venue", "payload"], "rows": [["bybit", _SAID], ["okx"]]},
    {"meta": [{"name": "Venue", "type": "String"}, {"name": "Payload"}], "data": [{"Payload": _SAID}]},
    {"results": [{"series": [{"columns": ["time", "payload"], "values": [[1, _SAID]]}]}]},
    {"schema": {"fields": [{"name": "payload"}]}, "data": [{"payload": _SAID}]},
    {"venue": {"0": "bybit", "1": "okx"}, "payload": {"0": _SAID, "1": "{}"}},
    {"0": {"payload": _SAID}, "1": {"payload": "{}"}},
    {"tables": [{"columns": [*_GONE], "rows": [[*_GONE.values()]]}]},
)
_PRINTED: Final = (
    {
        "event_id": "a",
        "timestamp": _AT,
        "breadcrumbs": {
            "values": [{"data": {"status_code": 400, "url": _URL, "method": "POST", "http.query": "a=1"}}]
        },
        "logentry": {"formatted": "said", "message": "m"},
        "exception": {"values": [{"type": "E", "value": _SAID}, {"type": "F", "value": None}]},
    },
    {
        "eventID": "a",
        "entries": [
            {"type": "message", "data": {"message": "m"}},
            {"type": "exception", "data": {"values": []}},
        ],
        "message": "n",
    },
    {
        "nbformat": 4,
        "cells": [
            {
                "outputs": [
                    {"output_type": "stream", "text": ["a", "b"]},
                    {"output_type": "error", "ename": "E", "evalue": "v"},
                    {"output_type": "execute_result", "data": {"text/plain": "c"}},
                ]
            },
            {"cell_type": "markdown"},
        ],
    },
)
_EXCHANGES: Final = (
    {
        "request": {
            "method": "POST",
            "url": {"raw": _URL},
            "headers": {"A": "b"},
            "body": {"mode": "raw", "raw": "a=1"},
        },
        "response": {"status": 200, "body": {"string": _SAID}, "timestamp_end": 2.5},
        "times": {"start": 1.5},
        "ts": 3,
    },
    {
        "scope": "https://api.bybit.com:443",
        "method": "POST",
        "path": "/v5/order/cancel?a=1",
        "body": {"orderId": "7"},
        "status": 200,
        "response": _GONE,
    },
    {
        "request": {"method": "DELETE", "urlPath": "/api/v3/order", "headers": {"Host": ["api.binance.com"]}},
        "response": {"status": "400 Bad Request", "jsonBody": {"code": -2011}},
    },
    {
        "originalRequest": {"method": "GET", "url": _URL, "body": None},
        "code": 200,
        "body": _SAID,
    },
    {
        "httpRequest": {
            "method": "POST",
            "path": "/v5/order/cancel",
            "headers": {"host": ["api.bybit.com"]},
            "queryStringParameters": {"a": ["1", "2"], "b": 3},
            "bodyPatterns": [{"equalToJson": "{}"}],
        },
        "httpResponse": {"statusCode": 200, "body": {"type": "JSON", "json": _GONE}},
        "timestamp": 1,
    },
)
_KRAKEN: Final = {"error": ["EOrder:Unknown order"]}
_GATHERED: Final[tuple[Any, ...]] = (
    [_GONE, _KRAKEN],
    [{"status": "fulfilled", "value": _GONE}, {"status": "rejected", "reason": _KRAKEN}],
    [_GONE, "InvalidRequestError('order not exists (ErrCode: 110001).')"],
    [_GONE, "TimeoutError()"],
)
_AROUND: Final = (
    {"venue": "kraken", "result": _KRAKEN, "request": _GONE},
    {"response": _SAID, "data": [_GONE, _GONE], "n": 1},
    {"a": {"b": _GONE}, "raw": [{"a": 1}], "params": _SAID},
)
_DOCUMENTS: Final[tuple[Any, ...]] = (
    {"ts": 1795730430250, "exchange": "bybit", "log": {"answer": _GONE, "request": {"orderId": "7"}}},
    [["bybit", 1795730430250, _GONE], ["okx", 7, {"code": "1"}]],
    {"items": [{"name": "venue", "value": "bybit"}, {"name": "payload", "value": _SAID}]},
    {
        "messages": [
            {"date": _AT, "text": ["said ", {"type": "code", "text": f"bybit recv {_SAID}"}]},
            {"text": "a"},
        ]
    },
    {"fields": ["venue", "bybit", "payload", _SAID], "code": 0},
    {"message": f"recv {_SAID}", "body": {"message": f"recv {_SAID}"}, "json": _SAID, "parsed": _GONE},
    {"json": json.dumps([_GONE]), "parsed": [_GONE]},
)
_DRIFTED: Final = {"retCode": 7, "retMsg": "m", "time": 1, "new": 2}
_LIKE: Final = (
    {"a": _GONE, "b": _DRIFTED, "request": _DRIFTED, "c": {"x": 1}},
    {
        "a": _GONE,
        "b": [{"ts": 1795730430250, "x": _DRIFTED}, json.dumps(_DRIFTED)],
        "c": {"response": {"retCode": 7, "m": 1}},
    },
    {"a": [_GONE, _DRIFTED], "b": {"event": "e", "arg": {"x": _DRIFTED}, "data": json.dumps(_DRIFTED)}},
    [{"code": -2011, "msg": "m"}, {"code": -2011, "msg": "m", "new": 1}, {"code": 1}],
)
_SURROUNDINGS: Final = (
    {"ts": 1795730430250, "date": "2026-11-27T00:00:00Z", "exchange": "bybit", "venue": "okx", "code": 1},
    {
        "createdAt": "1795730430250",
        "date": "yesterday",
        "exchange": "nobody",
        "venue": "okx",
        "partition": 1,
        "op": 2,
    },
)
_ROWS: Final = (
    ["bybit", 1795730430250, {"a": 1}],
    ["nobody", "okx", 7, "2026-11-26T22:00:30Z", 1795730430251, "binance"],
    ["b" * 37, "x" * 38, 1000000000, 999999999],
)
_PATHS: Final = (
    {"a": [{"b": 1}, {"b": 2, "c": 3}]},
    {"a": json.dumps([1, json.dumps({"b": 2})])},
    {"a": [1], "c": 3},
)
_SECRETS: Final[tuple[Any, ...]] = (
    {
        "apiKey": "abc",
        "a": [{"token": "x"}, {"secret": "y"}],
        "b": {"headers": [["X-MBX-APIKEY", "k"], ["A", "k"]]},
    },
    {
        "b": {
            "headers": [
                ["A", {"k": {"secret": "s"}, "token": "t"}],
                [f"{'x' * 33}-apikey", "k"],
                [f"{'x' * 34}-apikey", "k"],
            ]
        }
    },
    {
        "c": [{"name": "api_key", "value": "v"}],
        "password": "***",
        "d": {"e": {"f": {"g": {"h": {"secret": "z"}}}}},
    },
)
_KEYS: Final[tuple[Any, ...]] = (
    {"ts": 1, "payload": 2},
    {"ts": 1, "payload": 2, "venue": 3},
    {"time": 1, "msg": 2},
    {"ts": 1, "response": 2, "payload": 3},
)
_COLUMNS: Final = (
    ["Status Code", "Time (UTC)", "Response Body", "status_code", "Venue", "venue"],
    ["PAYLOAD", "Sent at [ms]", "A", ""],
    ["TS", "T"],
)
_FRAMES: Final = (
    {"id": "a\\u0031", "method": "order.cancel", "params": {"symbol": "BTCUSDT", "orderId": 7}},
    {"op": "cancel-order", "id": 7, "args": [{"instId": "A", "ordId": "1"}]},
    {"reqId": "1", "op": "order.cancel", "header": {}, "args": [{"orderId": "7"}]},
    {"jsonrpc": "2.0", "id": 9007199254740993, "method": "private/cancel", "params": {"order_id": "7"}},
    {"method": "cancel_order", "params": {"order_id": ["7"], "token": "x"}, "req_id": 1},
    {"time": 1, "channel": "spot.order_cancel", "event": "api", "payload": {"req_id": "1", "req_param": {}}},
    {"jsonrpc": "2.0", "id": 7, "result": {"order_id": "7"}, "usIn": 1},
    {"method": "post", "id": 1, "request": {"type": "action", "payload": {"action": {"type": "cancel"}}}},
)
_ORDERS: Final[tuple[Any, ...]] = (
    {"info": _GONE, "id": "7", "data": {"a": 1}},
    {"statusText": "OK", "data": _GONE, "info": {"b": 1}},
    [{"info": {"symbol": "A"}}, {"info": {"symbol": "B"}}],
    [{"info": _GONE}],
)
_ANSWERS: Final[tuple[Any, ...]] = (
    {"success": True, "code": "0", "data": [{"orderId": "8", "errorCode": "2041", "errorMsg": "m"}]},
    _GONE,
    {"code": -2011, "msg": "Unknown order sent."},
    {"code": "0", "msg": "", "data": [{"ordId": "7", "clOrdId": "", "sCode": "0", "sMsg": ""}]},
    {"error": [], "result": {"count": 1}},
    {"result": "success", "order": "cancel"},
    {"orderId": "7", "cancelled": True},
    [{"orderId": 7, "symbol": "BTCUSDT", "status": "CANCELED", "side": "BUY", "price": "1", "origQty": "1"}],
)
_BODIES: Final[tuple[Any, ...]] = (
    ["7", "8"],
    [{"orderId": "7", "secret": "s", "a": {"token": "t"}}],
    {"a": 1},
)
_ADDRESS: Final = Address("kraken_futures", None, None)
_ARRAYS: Final[tuple[Any, ...]] = (
    [{"venue": "bybit", "payload": _GONE}],
    [{"level": "info", "msg": _SAID, "time": 1}],
    {"nextToken": "a", "events": [{"message": _SAID, "timestamp": 1}]},
)


def _json(value: Any) -> bytes:
    return json.dumps(value).encode()


def _members(value: Any) -> dict[str, Raw]:
    return dict(members(value)) if isinstance(value, dict) else {}


def _raws(value: Any) -> list[Raw]:
    return msgspec.json.decode(_json(value), type=list[Raw])


def _frame(value: Any) -> Any:
    """The members that pair a frame, its requests, and what each venue says of it."""
    found = frame_keys.members_of(_json(value))
    asked = [(venue, operation) for venue, _, operation in frame_keys.requests_in(found, None)]
    said = {
        name: (frame_keys.id_of(found, venue.socket), frame_keys.asked_of(found, venue.socket))
        for name, venue in every().items()
        if venue.socket is not None and frame_keys.is_answer(found, venue.socket)
    }
    return asked, said


def _secrets(path: Steps, value: Any) -> Any:
    return list(secret_paths(members(value), path))


def _senders(value: Any) -> Any:
    return [
        senders(_json(value), _members(value), venue, is_likely=is_likely, is_received=is_received)
        for venue, is_likely, is_received in (
            (None, False, False),
            (None, True, False),
            (None, False, True),
            ("bybit", False, False),
            ("bybit", True, True),
        )
    ]


def _is_of_program(value: Any) -> bool:
    data = _json(value)
    return is_of_program(Found(0, len(data), data, _members(value)))
