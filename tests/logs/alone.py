"""What is read of payloads alone, on a line or as a file, where a venue is named and where none is."""

import json
from collections.abc import Iterator
from typing import Any, Final

from cancelnorm.logs.bare import BARE
from tests.logs.neighbours import of_texts
from tests.logs.readings import alike, read_log

__all__ = ["alone"]

_VENUES: Final = (None, "binance", "bybit", "okx", "kraken")
_GONE: Final = {"retCode": 110001, "retMsg": "gone", "result": {}, "retExtInfo": {}, "time": 1795730430200}


def alone() -> Iterator[str]:
    """What is read of each payload, by the venue that is named."""
    for payload in _PAYLOADS:
        text = json.dumps(payload)
        yield from alike(text, {venue: _read(text, venue) for venue in _VENUES})
    yield from _files()
    yield from of_texts("fits", lambda text: BARE.fits(text.encode()), _HEADS)


def _read(text: str, venue: str | None) -> list[str]:
    """On a line, and behind it as a file where that is read otherwise."""
    of_line = _in_format(f"{text}\n", venue)
    of_file = _in_format(json.dumps(json.loads(text), indent=1), venue)
    return [*of_line, *([] if len(of_file) == len(of_line) else ["as a file:", *of_file])]


def _in_format(text: str, venue: str | None) -> list[str]:
    found = read_log(text.encode(), "one.json", format="bare", venue=venue)
    return [line.replace(f'"venue":"{venue}"', "NAMED") for line in found]


def _files() -> Iterator[str]:
    """Files of payloads, in which a line is long, blank, broken or there twice, and one that is cut."""
    said = json.dumps(_GONE)
    for title, text in {
        "broken": f"{said}\n{{\n{{\n{said}\n\nx\nx\ny\n7\n",
        "long": f"{said}\n{json.dumps({'a': 'x' * 400})}\n{said}\n",
        "alone and long": json.dumps({**_GONE, "retMsg": "x" * 400}, indent=1),
        "over lines": f"{json.dumps(_GONE, indent=1)}\n{said}\n",
        "blank": "\n \n",
        "an array over lines": json.dumps([_GONE, _GONE], indent=1),
        "a line without its end": said[:-1],
        "names nobody": json.dumps({"venue": "nobody", "a": 1}),
        "names a venue": json.dumps({"exchange": "bybit", "a": 1}),
        "settings": json.dumps({"venue": 7, "exchange": None, "a": 1}),
    }.items():
        for venue in (None, "bybit", "okx"):
            found = read_log(text.encode(), "one.json", format="bare", venue=venue, max_record_bytes=300)
            yield f"{title}, {venue}: {' | '.join(found)}"


_HEADS: Final = (
    '{"a": "b"}\n',
    '{"a":1}, {"b":2}\n{}',
    '{"a":1} 12 ms\n{}',
    '{"a":1}] {"b":2}\n',
    "[1, 2\n",
    '[{"a":"x\ny"}]\n',
    "{\n",
    "[INFO] {}\n",
)
_PAYLOADS: Final[tuple[Any, ...]] = (
    _GONE,
    {**_GONE, "new": 1},
    [_GONE, _GONE],
    {"code": -2011, "msg": "Unknown order sent."},
    {"code": -2011, "msg": "Unknown order sent.", "new": 1},
    {"code": "1", "msg": "m", "data": []},
    {
        "code": "0",
        "msg": "",
        "data": [{"ordId": "7", "clOrdId": "", "sCode": "51400", "sMsg": "m", "ts": "1"}],
    },
    {"error": ["EOrder:Unknown order"]},
    {"error": [], "result": {"count": 1}},
    {"result": {"count": 1}},
    {"op": "pong", "args": ["1795730430200"], "conn_id": "a"},
    {"success": True, "ret_msg": "pong", "conn_id": "a", "req_id": "", "op": "ping"},
    {"event": "subscribe", "arg": {"channel": "orders", "instType": "ANY"}, "connId": "a"},
    {"result": None, "id": 1},
    {"event": "heartbeat"},
    {"channel": "heartbeat"},
    {"channel": "pong"},
    {"jsonrpc": "2.0", "id": 7, "result": "ok", "usIn": 1, "usOut": 2, "usDiff": 1, "testnet": False},
    {"status": "ok", "response": {"type": "cancel", "data": {"statuses": ["success"]}}},
    {"op": "order.cancel", "reqId": "r1", "args": [{"category": "linear", "symbol": "A", "orderId": "7"}]},
    {"id": "a", "method": "order.cancel", "params": {"symbol": "BTCUSDT", "orderId": 7}},
    {"level": "info", "msg": json.dumps(_GONE)},
    {
        "calls": [
            {"request": {"method": "POST", "url": "https://a.b/c"}, "response": {"status": 200, "body": "{}"}}
        ]
    },
    {"a": {"b": _GONE}},
    [{"a": 1}],
    [],
    {},
    7,
    "x",
    None,
)
