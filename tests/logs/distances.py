"""How far apart, how deep or how long things may be that are still read together: the most of each."""

import json
from collections.abc import Callable, Iterator, Mapping
from functools import cache, partial
from typing import Any, Final

from tests.logs.readings import read_log, unplaced

__all__ = ["distances"]

_GONE: Final = {"retCode": 110001, "retMsg": "gone", "result": {}, "retExtInfo": {}, "time": 1795730430200}
_SAID: Final = json.dumps(_GONE)
_URL: Final = "https://api.bybit.com/v5/order/cancel"
_AT: Final = "2026-11-26 22:00:30,250 INFO bot: "
_ASK: Final = f'{_AT}POST {_URL} {{"orderId": "7a1"}}\n'
_EMPTY: Final = f"{_AT}nothing\n"
_FAILED: Final = f"{_AT}ccxt.base.errors.RequestTimeout: bybit POST {_URL}\n"
_LOST: Final = f"{_AT}HTTPSConnectionPool(host='api.bybit.com', port=443): Read timed out.\n"
_LINE: Final = {"ts": 1795730430250, "venue": "bybit", "payload": _GONE}
_MOST: Final = 250
_MOST_LINES: Final = 1_100


def _line(members: Mapping[str, Any]) -> str:
    return json.dumps(members) + "\n"


def _nested(value: Any, depth: int, key: str) -> Any:
    for _ in range(depth):
        value = {key: value}
    return value


_NODE: Final = (
    "Error: Unknown order sent.\n{}    at async cancel (/bot/cancel.js:12:5) {{\n"
    "  code: -2011,\n  url: 'https://fapi.binance.com/fapi/v1/order?symbol=BTCUSDT'\n}}\n"
)
_CASES: Final[Mapping[str, tuple[str, Callable[[int], str]]]] = {
    "lines from a request to its answer": ("one.log", lambda n: f"{_ASK}{_EMPTY * n}{_AT}{_SAID}\n"),
    "lines from a status to the body": (
        "one.log",
        lambda n: f"{_ASK}{_AT}POST {_URL} 200\n{_EMPTY * n}{_AT}{_SAID}\n",
    ),
    "lines from a request to its body": (
        "one.log",
        lambda n: f"{_AT}POST {_URL}\n{_EMPTY * n}{_AT}body orderId=7a1\n{_AT}200 {_SAID}\n",
    ),
    "lines from a request to a time-out": ("one.log", lambda n: f"{_ASK}{_EMPTY * n}{_LOST}"),
    "lines from a failure to the same": ("one.log", lambda n: f"{_ASK}{_FAILED}{_EMPTY * n}{_FAILED}"),
    "lines from an answer to the same": (
        "one.log",
        lambda n: f"{_ASK}{_AT}200 {_SAID}\n{_EMPTY * n}{_AT}POST {_URL} 200 {_SAID}\n",
    ),
    "lines from an answer to an exception": (
        "one.log",
        lambda n: f"{_ASK}{_AT}200 {_SAID}\n{_EMPTY * n}{_AT}ExchangeError: bybit {_SAID}\n",
    ),
    "lines from an answer to an object around it": (
        "one.log",
        lambda n: f"{_ASK}{_AT}200 {_SAID}\n{_EMPTY * n}{_AT}{_line({'ok': False, 'response': _GONE})}",
    ),
    "lines of the stack of an error": ("one.log", lambda n: _NODE.format("    at x (/y.js:1:2)\n" * n)),
    "headers of a request": (
        "one.log",
        lambda n: (
            "> POST /v5/order/cancel HTTP/1.1\n"
            + "".join(f"> X-A{i}: b\n" for i in range(n))
            + f"> Host: api.bybit.com\n>\n< HTTP/1.1 200 OK\n<\n{_SAID}\n"
        ),
    ),
    "characters before a time": ("one.log", lambda n: f"{'x ' * n}{_AT}recv {_SAID}\n"),
    "characters before an object": ("one.log", lambda n: f"{_AT}POST {_URL} 200 {'x ' * n}{_SAID}\n"),
    "depth of a payload": (
        "one.jsonl",
        lambda n: _line(_LINE) + _line({"ts": 1795730430250, "a": _nested(_LINE, n, "b")}),
    ),
    "depth of an exchange": (
        "one.json",
        lambda n: json.dumps(
            _nested(
                {
                    "request": {"method": "POST", "url": {"raw": _URL}},
                    "response": {"status": 200, "body": _SAID},
                },
                n,
                "a",
            ),
            indent=1,
        ),
    ),
    "depth of a table": (
        "one.jsonl",
        lambda n: _line(_nested({"columns": ["venue", "payload"], "rows": [["bybit", _SAID]]}, n, "data")),
    ),
    "depth of a cassette": (
        "one.yaml",
        lambda n: (
            f"interactions:\n- request: {{method: POST, uri: '{_URL}', body: null}}\n"
            f"  response: {{status: {{code: 200}}, body: {{string: '{_SAID}'}}}}\n  x: {'[' * n}{']' * n}\n"
        ),
    ),
    "segments before the path of an endpoint": (
        "one.jsonl",
        lambda n: _line(
            {"url": f"https://api.bybit.com{'/a' * n}/v5/order/cancel", "method": "POST", "body": _GONE}
        ),
    ),
    "bytes of a message that a request is sent": (
        "one.jsonl",
        lambda n: _line({"ts": 1795730430250, "msg": f"{'x' * n} sending", "url": _URL, "method": "POST"}),
    ),
    "lines before the first object": ("one.jsonl", lambda n: "x\n" * n + _line(_LINE) * 40),
    "lines before the first record": (
        "one.jsonl",
        lambda n: "x\n" * n + _line({"venue": "bybit", "payload": _GONE}) * 40,
    ),
    "lines before the first frame": ("one.log", lambda n: "x\n" * n + f"1795730430250 {_SAID}\n" * 40),
    "frames before the first answer": (
        "one.har",
        lambda n: json.dumps(
            {
                "log": {
                    "creator": {},
                    "entries": [
                        {
                            "request": {"method": "GET", "url": "wss://proxy.example/x"},
                            "response": {"status": 101},
                            "_webSocketMessages": [
                                *[{"type": "receive", "data": "{}"}] * n,
                                {"type": "receive", "data": _SAID},
                            ],
                        }
                    ],
                }
            }
        ),
    ),
}


_FAR: Final = (
    "lines from a request to its answer",
    "lines from a status to the body",
    "headers of a request",
    "characters before an object",
)
"""Those that may be farther apart than others."""


_LAST: Final = (
    "depth of a payload",
    "lines before the first object",
    "lines before the first record",
    "lines before the first frame",
    "frames before the first answer",
)
"""Those of which the last thing that is read tells."""


def distances() -> Iterator[str]:
    """The most of each with which the same is read as with one, and what is read with one more."""
    for title, (name, log) in _CASES.items():
        read = cache(partial(_read, log, name, is_last=title in _LAST))
        last = _last_alike(read, _MOST_LINES if title in _FAR else _MOST)
        yield f"{title}: {last}: {read(1)}"
        yield f"  {last + 1}: {read(last + 1)}"


def _read(log: Callable[[int], str], name: str, number: int, *, is_last: bool) -> str:
    found = [unplaced(line) for line in read_log(log(number).encode(), name)]
    return " | ".join(found[-1:] if is_last else found)


def _last_alike(read: Callable[[int], str], most: int) -> int:
    """The last number with which the same is read as with one, where there is one change at most."""
    last, step = 1, 1
    while last + step <= most and read(last + step) == read(1):
        last += step
        step *= 2
    while step:
        if last + step <= most and read(last + step) == read(1):
            last += step
        step //= 2
    return last
