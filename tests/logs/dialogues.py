"""What is read of short dialogues: all sequences of a few lines, behind each of a few beginnings."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import Final

from tests.logs.readings import read_brief

__all__ = ["connections", "dialogues", "frames"]

# --- Requests over HTTP ---

_URL: Final = "https://api.bybit.com/v5/order/cancel"
_OTHER: Final = "https://fapi.binance.com/fapi/v1/order?symbol=BTCUSDT&orderId="
_TIMES: Final = '"retExtInfo": {}, "time": 1795730430200'
_GONE: Final = f'{{"retCode": 110001, "retMsg": "gone", "result": {{}}, {_TIMES}}}'
_DONE: Final = (
    f'{{"retCode": 0, "retMsg": "OK", "result": {{"orderId": "7a1", "orderLinkId": ""}}, {_TIMES}}}'
)
_REFUSED: Final = '{"code": -2011, "msg": "Unknown order sent."}'

_LINES: Final[Mapping[str, str]] = {
    "ask-1": f'POST {_URL} {{"orderId": "7a1"}}',
    "ask-2": f'POST {_URL} {{"orderId": "7a2"}}',
    "ask": f"POST {_URL}",
    "form-1": "body symbol=BTCUSDT&orderId=7a1",
    "delete": f"DELETE {_OTHER}7",
    "status": f"POST {_URL} 200",
    "moved": f"POST {_URL} 302",
    "failed": f"DELETE {_OTHER}7 503",
    "200": "response 200",
    "gone": f"recv {_GONE}",
    "done-1": f"recv {_DONE}",
    "refused": f"recv {_REFUSED}",
    "abridged": "recv { retCode: 110001, retMsg: 'gone', result: [Object] }",
    "all": f"POST {_URL} 200 {_DONE}",
    "around": f'result {{"ok": false, "response": {_GONE}}}',
    "late": "HTTPSConnectionPool(host='api.bybit.com', port=443): Read timed out.",
    "raised": f"ccxt.base.errors.RequestTimeout: bybit POST {_URL}",
    "error": "ERROR: cancel 7 failed: APIError(code=-2011): Unknown order sent.",
    "quoted": f"ExchangeError: bybit {_GONE}",
    "chained": "During handling of the above exception, another exception occurred:",
}
"""Two requests to one endpoint, one to another venue, and what may tell of their answers."""
_BEGINNINGS: Final = (
    (),
    ("ask-1",),
    ("delete",),
    ("ask-1", "ask-2"),
    ("ask-1", "delete"),
    ("ask-1", "ask-1"),
    ("ask-1", "status"),
    ("delete", "failed"),
    ("ask-1", "gone"),
    ("delete", "refused"),
)


def dialogues() -> Iterator[str]:
    """What is read of requests over HTTP."""
    yield from _of(_LINES, _BEGINNINGS)


# --- The same on connections, and in calls ---

_OF_CONNECTIONS: Final[Mapping[str, str]] = {
    "desk": f"[account: desk] DELETE {_OTHER}8",
    "conn-1": f"[conn-1] DELETE {_OTHER}8",
    "conn-2": f"[conn-2] DELETE {_OTHER}8",
    "call-1": f"[req-1] DELETE {_OTHER}8",
    "post-desk": f'[account: desk] POST {_URL} {{"orderId": "7a1"}}',
    "status-1": f"[conn-1] DELETE {_OTHER}8 400",
    "status-desk": f"[account: desk] DELETE {_OTHER}8 400",
    "refused": f"recv {_REFUSED}",
    "refused-1": f"[conn-1] recv {_REFUSED}",
    "refused-call-1": f"[req-1] recv {_REFUSED}",
    "refused-call-2": f"[req-2] recv {_REFUSED}",
    "all-1": f"[conn-1] DELETE {_OTHER}8 400 {_REFUSED}",
    "all-desk": f"[account: desk] DELETE {_OTHER}8 400 {_REFUSED}",
    "done-1": f"[conn-1] POST {_URL} 200 {_DONE}",
}
"""Requests and answers whose lines name an account, one of two connections, or one of two calls."""
_ON_CONNECTIONS: Final = (
    (),
    ("desk",),
    ("conn-1",),
    ("desk", "conn-2"),
    ("call-1", "conn-2"),
    ("post-desk", "conn-1"),
)


def connections() -> Iterator[str]:
    """What is read of requests over HTTP whose lines name their connections and calls."""
    yield from _of(_OF_CONNECTIONS, _ON_CONNECTIONS)


# --- Frames ---

_FRAMES: Final[Mapping[str, str]] = {
    "ask-1": '[conn-1] sent {"id":1,"method":"order.cancel","params":{"symbol":"BTCUSDT","orderId":7}}',
    "ask-1-other": '[conn-1] sent {"id":1,"method":"order.cancel","params":{"symbol":"BTCUSDT","orderId":8}}',
    "ask-1-conn-2": '[conn-2] sent {"id":1,"method":"order.cancel","params":{"symbol":"BTCUSDT","orderId":8}}',
    "ask-2": 'sent {"id":2,"method":"order.cancel","params":{"symbol":"BTCUSDT","orderId":9}}',
    "ping-1": 'sent {"id":1,"method":"ping"}',
    "pong-1": 'recv {"id":1,"status":200,"result":{}}',
    "trade-1": 'sent {"id":1,"method":"order.place","params":{"symbol":"BTCUSDT"}}',
    "refuse-1": '[conn-1] recv {"id":1,"status":400,"error":{"code":-2011,"msg":"Unknown order sent."}}',
    "refuse-1-conn-2": '[conn-2] recv {"id":1,"status":400,"error":{"code":-2011,"msg":"Unknown order sent."}}',
    "refuse-1-any": 'recv {"id":1,"status":400,"error":{"code":-2011,"msg":"Unknown order sent."}}',
    "refuse-2": 'recv {"id":2,"status":400,"error":{"code":-2011,"msg":"Unknown order sent."}}',
    "cancel-1": 'recv {"id":1,"status":200,"result":{"symbol":"BTCUSDT","orderId":8,"status":"CANCELED"}}',
    "open": "connected to wss://ws-api.binance.com:443/ws-api/v3",
    "op-1": 'sent {"op":"cancel-order","id":"1","args":[{"instId":"BTC-USDT","ordId":"7"}]}',
    "done-op-1": 'recv {"id":"1","op":"cancel-order","code":"0","msg":"","data":[{"ordId":"7","sCode":"0","sMsg":""}]}',
}
"""Requests of two connections with the same id, of two venues, and answers to them."""
_FRAMES_BEFORE: Final = (
    (),
    ("ask-1",),
    ("ask-1", "ask-2"),
    ("ask-1", "ask-1-other"),
    ("ask-1", "ask-1-conn-2"),
    ("ask-1", "ask-1"),
    ("ask-1", "op-1"),
    ("ask-1", "ping-1"),
    ("ask-1", "refuse-1"),
    ("ask-1", "ask-1-other", "refuse-1"),
)


def frames() -> Iterator[str]:
    """What is read of frames of WebSockets."""
    yield from _of(_FRAMES, _FRAMES_BEFORE)


def _of(lines: Mapping[str, str], beginnings: Sequence[tuple[str, ...]]) -> Iterator[str]:
    """The dialogues by what is read of them: each has one of the beginnings and any two lines."""
    for beginning in beginnings:
        yield f"{' '.join(beginning) or 'nothing'}:"
        found: dict[str, list[str]] = {}
        for names in product(lines, repeat=2):
            said = read_brief([lines[name] for name in (*beginning, *names)])
            found.setdefault(said, []).append(" ".join(names))
        yield from (f"  {said}: {', '.join(which)}" for said, which in found.items())
