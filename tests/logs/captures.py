"""What is read of entries of HAR files and of cassettes, and of each with a part that is missing or another one."""

import json
from base64 import b64encode
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any, Final

from tests.logs.neighbours import of_values
from tests.logs.readings import read_counted

__all__ = ["captures"]

_ORDER: Final = "https://api.binance.com/api/v3/order"
_REFUSED: Final = '{"code":-2011,"msg":"x"}'
_ASKED: Final = '{"id":1,"method":"order.cancel","params":{"orderId":7}}'
_ANSWERED: Final = '{"id":1,"status":400,"error":{"code":-2011,"msg":"x"}}'


def captures() -> Iterator[str]:
    """What is read of each."""
    yield from of_values("HAR", partial(_read, {"log": {"creator": {}, "entries": []}}, "entries"), _ENTRIES)
    yield from of_values("cassette", partial(_read, {"interactions": [], "version": 1}, ""), _INTERACTIONS)


def _read(around: Mapping[str, Any], key: str, value: Any) -> str:
    document = {"log": {**around["log"], key: [value]}} if key else {**around, "interactions": [value]}
    name = "one.har" if key else "one.json"
    return " | ".join(read_counted(json.dumps(document).encode(), name)).replace(_ORDER, "ORDER")


def _encoded(text: str) -> str:
    return b64encode(text.encode()).decode()


_ENTRIES: Final[tuple[Any, ...]] = (
    {
        "startedDateTime": "2026-11-26T22:00:30.5Z",
        "time": 250.5,
        "timings": {"blocked": 1.5, "dns": -1, "connect": 2},
        "request": {
            "method": "delete",
            "url": f"{_ORDER}?orderId=7",
            "headers": [{"name": "X-MBX-APIKEY", "value": "k"}],
            "postData": {"mimeType": "x/json", "text": "", "params": [{"name": "symbol", "value": "A"}]},
        },
        "response": {
            "status": 400,
            "headers": [{"name": "Content-Encoding", "value": "br"}],
            "cookies": [{}],
            "content": {"text": _encoded(_REFUSED), "encoding": "base64"},
        },
    },
    {
        "startedDateTime": "2026-11-26T22:00:30Z",
        "time": 9,
        "timings": {"blocked": 20},
        "request": {"method": "POST", "url": _ORDER, "postData": {"text": "a=1"}},
        "response": {"status": 0, "_error": "net::ERR_TIMED_OUT", "_failureText": "x"},
    },
    {
        "request": {"url": "https://proxy.example/x", "method": "POST"},
        "response": {"status": 200, "content": {"text": '{"retCode":0,"retMsg":"OK"}', "_file": "a.json"}},
    },
    {
        "request": {"url": "wss://ws-api.binance.com/ws-api/v3?a=1&token=t"},
        "response": {"status": 101},
        "_webSocketMessages": [
            {"type": "send", "time": 1795730430.25, "opcode": 1, "data": _ASKED},
            {"type": "receive", "time": 1795730431, "opcode": 2, "data": _encoded(_ANSWERED)},
        ],
    },
    {
        "request": {"url": "wss://proxy.example/x"},
        "_webSocketMessages": [
            {"type": "receive", "data": "e30", "opcode": 2},
            {"type": "receive", "data": '{"result":null,"id":1}'},
        ],
    },
)
_INTERACTIONS: Final[tuple[Any, ...]] = (
    {
        "request": {
            "method": "DELETE",
            "uri": f"{_ORDER}?orderId=7",
            "headers": {"X-MBX-APIKEY": ["k"], "Cookie": "xxx"},
            "body": {"base64_string": _encoded("symbol=A")},
        },
        "response": {
            "status": {"code": 400, "message": "x"},
            "headers": {"content-encoding": ["gzip"]},
            "body": {"string": _REFUSED, "encoding": "utf-8"},
        },
        "recorded_at": "Thu, 26 Nov 2026 22:00:30 GMT",
    },
    {
        "request": {"method": "POST", "url": _ORDER, "body": "", "headers": []},
        "response": {"status_code": 200, "content": "{}", "http_version": "HTTP/1.1", "url": f"{_ORDER}/x"},
    },
)
