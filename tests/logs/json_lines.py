"""What functions say of lines of JSON as loggers write them, and of each with a part that is missing or another one."""

import json
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, Final

import msgspec
from msgspec import Raw

from cancelnorm.logs import contexts, frame_keys
from cancelnorm.logs.ccxt_lines import Printed
from cancelnorm.logs.json_path import unwrapped
from cancelnorm.logs.jsonl_detection import fits, is_mapped, is_wrapper, wrapper_in
from cancelnorm.logs.jsonl_direction import direction_of, is_answered
from cancelnorm.logs.jsonl_fields import Parts
from cancelnorm.logs.jsonl_requests import channel_of, is_http, parameters_of, request_in, venue_of
from cancelnorm.logs.lookalikes import object_in
from cancelnorm.logs.missing_parts import mute, not_found
from cancelnorm.logs.part_names import mapped_steps, usual_steps
from cancelnorm.logs.urls import locate
from tests.logs.neighbours import members, of_values

__all__ = ["json_lines"]

_GONE: Final = {"retCode": 110001, "retMsg": "gone", "result": {}, "retExtInfo": {}, "time": 1795730430200}
_SAID: Final = json.dumps(_GONE, separators=(",", ":"))
_URL: Final = "https://api.bybit.com/v5/order/cancel"
_MS: Final = 1795730430250


def json_lines() -> Iterator[str]:
    """What is said of each, with ``GONE`` in the place of the answer that most have."""
    for line in _said():
        for said in (json.dumps(_GONE), _SAID):
            for form in (json.dumps(json.dumps(said))[1:-1], json.dumps(said)[1:-1], said):
                line = line.replace(form, "GONE")
        yield line


def _said() -> Iterator[str]:
    of_parts: dict[str, Callable[[Parts], Any]] = {
        "direction": direction_of,
        "answered": is_answered,
        "over HTTP": is_http,
        "venue": venue_of,
        "status": Parts.status,
        "account": Parts.account,
        "received": lambda parts: parts.clock("received"),
        "sent": lambda parts: parts.clock("sent"),
        "place": lambda parts: parts.place("a.jsonl:7"),
        "request": lambda parts: request_in(parts, 7, None),
        "parameters": _parameters,
        "connection": lambda parts: channel_of(parts, parts.text("url")),
        "payloads": lambda parts: [*parts.payloads()],
        "no body": Parts.without_body,
        "answers": lambda parts: [each.path for each in parts.answers()],
        "texts": lambda parts: [*parts.texts()],
        "errors": lambda parts: [*parts.errors()],
        "failures": lambda parts: [*parts.failures()],
        "message": Parts.said,
        "nested": lambda parts: [[*each.line] for each in parts.nested()],
    }
    for title, function in of_parts.items():
        yield from of_values(title, partial(_of_parts, function), _LINES)
    for part in ("source", "offset", "account", "status", "received", "payload", "url"):
        at_path = f"mapped {part}"
        yield from of_values(at_path, partial(_mapped, part), _MAPPED)
    yield from of_values("wrapper", lambda value: is_wrapper(members(value)), _LINES)
    yield from of_values("wrapper of no venue", lambda value: wrapper_in(_json(value)) is not None, _LINES)
    yield from of_values("a line of a recorder", lambda value: is_mapped(_json(value)), _LINES)
    yield from of_values("the first of a log", lambda value: fits(_json(value)[:-2]), _LINES)
    yield from of_values("mute", lambda value: mute(members(value)), _MUTE)
    yield from of_values("hints", lambda value: not_found("payload", members(value)), _MUTE)
    yield from of_values("context", lambda value: contexts.context_of(members(value)), _CONTEXTS)
    yield from of_values("unwrapped", lambda value: unwrapped(_raw(value)), _HELD)
    yield from of_values("object", lambda value: object_in(_raw(value)), _HELD)
    yield from of_values("alone in an array", lambda value: frame_keys.unwrapped(_json(value)), _HELD)


def _parts(value: Any) -> Parts:
    line = members(value)
    return Parts(line, {}, usual_steps(line), {})


def _of_parts(function: Callable[[Parts], Any], value: Any) -> Any:
    return function(_parts(value))


def _mapped(part: str, value: Any) -> Any:
    line = members(value)
    parts = Parts(line, mapped_steps({part: "$.at[1].it"}), usual_steps(line), {})
    functions: dict[str, Callable[[], Any]] = {
        "source": lambda: parts.place("a.jsonl:7"),
        "offset": lambda: parts.place("a.jsonl:7"),
        "account": parts.account,
        "status": parts.status,
        "received": lambda: parts.clock("received"),
        "payload": lambda: next(parts.payloads()),
        "url": lambda: parts.text("url"),
    }
    return functions[part]()


def _parameters(parts: Parts) -> Any:
    url = parts.text("url")
    address = None if url is None else locate(parts.text("method"), url)
    asked = Printed("POST", _URL, '{"orderId": "7a9"}', False, 1)
    payload = next((each.path for each in parts.payloads()), ())
    return parameters_of(parts, address, asked, payload), parameters_of(parts, address, None, payload)


def _json(value: Any) -> bytes:
    return json.dumps(value).encode()


def _raw(value: Any) -> Raw:
    return msgspec.json.decode(_json(value), type=Raw)


_LINES: Final = (
    {
        "dir": "recv",
        "ts": "2026-11-26T22:00:30.250Z",
        "exchange": "bybit-linear",
        "account": 7,
        "method": "POST",
        "url": f"{_URL}?a=1&api_key=k",
        "request": {"symbol": "BTCUSDT", "orderId": "7a1", "apiKey": "k"},
        "status": "404 Not Found",
        "response": _GONE,
        "conn_id": "c1",
    },
    {
        "type": "http.response",
        "time": {"$date": {"$numberLong": "1795730430250"}},
        "duration": 12,
        "response": {"status": 200, "headers": {}, "data": {**_GONE, "n": {"$numberDecimal": "1.50"}}},
    },
    {"level": "error", "msg": "cancel failed", "err": {"code": "E", "message": "timed out"}, "error": _SAID},
    {"level": "info", "message": f"got {_SAID} and {_SAID}", "pid": 7, "@timestamp": _MS},
    {"code": 503, "requestOptions": {"url": _URL}, "url": _URL, "method": "post", "body": None},
    {"ts": _MS, "venue": "okx", "isBase64Encoded": True, "body": "eyJhIjoxfQ=="},
    {"ts": _MS, "event": "ws_send", "payload": f'"{json.dumps(_SAID)[1:-1]}"', "stream": "stdout"},
    {"time": _MS, "detail": {"request": ["7"], "deeper": {"response": {"status": 503, "body": ""}, "x": {}}}},
    {"MESSAGE": [72, 105, 255, 32, 123], "ts": _MS, "connection": {"id": 1}},
    {"ts": _MS, "msg": f"[ws] {_SAID}", "text": "```json\n" + _SAID + "\n```", "response": {"status": 204}},
)
_MAPPED: Final = (
    {"at": [0, {"it": "a1"}]},
    {"at": [0, {"it": 1795730430250}]},
    {"at": [0, {"it": {"a": 1}}]},
)
_MUTE: Final = (
    {"a": [1], "b": '"x {', "c": "{}", "d": [], "level": "info"},
    {"result": 1, "url": "x", "endpoint": "y", "payload": 2},
)
_CONTEXTS: Final = (
    {"request_id": "r1", "x-request-id": "r2", "trace": {"id": "t1"}, "corrId": 12.0, "callID": "n/a"},
    {"hostname": "bot-1", "url": "https://api.bybit.com/x", "pid": 311.0, "record": {"process": {"id": 7}}},
    {
        "host": "proxy:8080",
        "container.id": "c",
        "kubernetes": {"pod": {"name": "p"}},
        "user": "0",
        "bot": "-",
    },
    {
        "host": "www.api.bybit.com",
        "request": {"url": "https://node-1/x"},
        "host.name": "node-1",
        "instance": 1.5,
    },
)
_HELD: Final = ([{"a": [1]}], ['{"b": "c"}'], [" {} "], [[7]], ["7"])
