"""What is read of a request and its answer where another line stands between them, before them or behind them."""

from collections.abc import Iterator
from typing import Final

from tests.logs.readings import read_brief

__all__ = ["between"]

_URL: Final = "https://api.bybit.com/v5/order/cancel"
_OTHER: Final = "https://fapi.binance.com/fapi/v1/order?symbol=BTCUSDT&orderId=7"
_GONE: Final = '{"retCode": 110001, "retMsg": "gone", "result": {}, "retExtInfo": {}, "time": 1795730430200}'
_REFUSED: Final = '{"code": -2011, "msg": "Unknown order sent."}'
_DIALOGUES: Final = {
    "a body in a line of its own": (
        f"POST {_URL}",
        "body symbol=BTCUSDT&orderId=7a1",
        f"POST {_URL} 200",
        f"recv {_GONE}",
    ),
    "a query": (f"DELETE {_OTHER}", f"recv {_REFUSED}"),
    "an error": ("cancel 7 failed: APIError(code=-2011): Unknown order sent.", f"sent DELETE {_OTHER}"),
    "an object over lines": (
        f"DELETE {_OTHER} 400 {{",
        '"code": -2011,',
        '"msg": "Unknown order sent."',
        "}",
    ),
    "frames": (
        'sent {"id":1,"method":"order.cancel","params":{"symbol":"BTCUSDT","orderId":7}}',
        'recv {"id":1,"status":400,"error":{"code":-2011,"msg":"Unknown order sent."}}',
    ),
}
_LINES: Final = (
    "nothing of it",
    "",
    "--> END POST (50-byte body)",
    "--> END GET",
    "<-- END HTTP (99-byte body)",
    "response 503",
    "HTTP/1.1 502 Bad Gateway",
    "<title>503 Service Unavailable</title>",
    "429: Too Many Requests",
    "HTTP response code - 404",
    "status: 400 of it",
    f"GET {_URL}",
    f"GET {_URL} 404",
    f"POST {_URL} 302",
    f"POST {_URL}: 200 <html><body>x</body></html>",
    f"POST {_URL} -> 504 'x'",
    f"{_URL} 500",
    f"failed POST {_URL} 503 Service Unavailable",
    f"TimeoutError: POST {_URL}",
    f"requests.exceptions.ReadTimeout: POST {_URL}",
    f"ExchangeError: DELETE {_OTHER} 400 Bad Request",
    f"DELETE {_OTHER}8",
    f"OPTIONS {_URL}",
    "POST /v5/order/cancel",
    "DELETE /api/v1/other 200",
    "https://api.bybit.com/v5/market/time",
    "connected to wss://ws-api.binance.com/ws-api/v3",
    "wss://other.example/x",
    "Read timed out.",
    "ETIMEDOUT fapi.binance.com:443",
    "Traceback (most recent call last):",
    "During handling of the above exception, another exception occurred:",
    "Error: Unknown order sent.",
    "ERROR: order not exists (ErrCode: 110001)",
    "ccxt.base.errors.RequestTimeout: bybit POST " + _URL,
    "Start processing HTTP request POST " + _URL,
    "Sending HTTP request POST " + _URL,
    "Received HTTP response headers after 12ms - 200",
    "End processing HTTP request after 13ms - 200",
    "HTTP request failed after 12ms",
    "Request: {",
    "fetch Request:",
    "Array",
    "curl -X POST " + _URL,
    "body orderId=7a2&symbol=BTCUSDT",
    "PARAMS ['7a1']",
    "{}",
    "[]",
    "{",
    "[",
    "}",
    "]",
    '{"a": 1',
    "{'a': {...}}",
    'recv {"a": 1}',
    'sent {"op": "ping"}',
    'result {"ok": false, "code": -2011}',
    '{"level": "error", "msg": "cancel failed", "code": -2011}',
    f"recv {_GONE[:40]}",
    f"recv {_GONE[:40]}... (truncated)",
    f"sent DELETE {_OTHER}8",
    "2026-11-26T22:00:30Z stdout P recv {",
    "\x1b[32mrecv\x1b[0m {}",
)


def between() -> Iterator[str]:
    """What is read of each dialogue with each line at each place."""
    for title, dialogue in _DIALOGUES.items():
        yield f"{title}: {read_brief(dialogue)}"
        for line in _LINES:
            found: dict[str, list[str]] = {}
            for place in range(len(dialogue) + 1):
                said = read_brief([*dialogue[:place], line, *dialogue[place:]])
                found.setdefault(said, []).append(str(place))
            yield from (f"  {line!a} at {' '.join(places)}: {said}" for said, places in found.items())
