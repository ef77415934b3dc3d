"""What functions say of requests in lines of text: whose they are, what they ask for, and what may answer them."""

import json
from collections.abc import Iterator
from functools import partial
from itertools import product
from typing import Any, Final

from cancelnorm.logs.ccxt_lines import Blocks, Printed
from cancelnorm.logs.contexts import Context, context_before
from cancelnorm.logs.item import Unreadable
from cancelnorm.logs.named_orders import belonging, named_by, naming
from cancelnorm.logs.options import Options
from cancelnorm.logs.pairing import Channel, on_channel, without_port
from cancelnorm.logs.passed import PassedOver
from cancelnorm.logs.plain_bodies import plain_body, said_behind
from cancelnorm.logs.printed import answer_in, without_answer
from cancelnorm.logs.request_place import may_answer, named_in, names_orders, place_of
from cancelnorm.logs.text_log import TextLog
from cancelnorm.logs.waiting import Waiting
from tests.logs.neighbours import of_texts, of_values, shown

__all__ = ["asked"]

_URL: Final = "https://api.bybit.com/v5/order/cancel"
_ORDER: Final = "https://api.binance.com/api/v3/order"
_OPTIONS: Final = Options()


def asked() -> Iterator[str]:
    """What is said of each."""
    yield from of_texts("context", lambda text: context_before(text.encode()), _CONTEXTS)
    yield from of_texts("connection", _connection, _CONNECTIONS)
    yield from of_texts("printed by ccxt", _blocks, _BLOCKS)
    yield from of_texts(
        "headers", lambda text: answer_in(_printed(_URL, headers=text), None, "a").secrets, _HEADERS
    )
    yield "URLs:"
    for url in _URLS:
        printed = _printed(url, exchange="bybit" if "proxy" in url else None)
        yield f"  {url}: {_place(printed)} {without_port(url)} {shown(without_answer(printed, 'a:1', _OPTIONS))}"
    yield from of_values("place by the body", lambda value: _place(_printed(_SHARED, _json(value))), _SHARING)
    yield from of_values("orders", lambda value: _named(_printed(_ORDER, _json(value), "DELETE")), _BODIES)
    yield from of_values(
        "names orders", lambda value: names_orders(_printed(_URL), _json(value), _OPTIONS), _BODIES
    )
    yield from of_texts("plain body", lambda text: plain_body(text.encode()), _PLAIN)
    yield from of_texts("behind a request", lambda text: said_behind(text.encode()), _BEHIND)
    yield from of_values("may answer", _may_answer, _ANSWERS)
    for requests, answer in _ORDERS:
        yield from of_values("belonging", partial(_belonging, answer=answer), (requests,))
        yield from of_values("of an answer", partial(_belonging, requests), (answer,))
    yield from _channels()


def _printed(url: str, body: str = "", method: str = "POST", **more: Any) -> Printed:
    return Printed(method, url, body, False, 1, **more)


def _json(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _connection(text: str) -> Any:
    log = TextLog("a.log", _OPTIONS, PassedOver())
    log.line = text.encode()
    return log.channel()


def _blocks(text: str) -> Any:
    """What is printed, and the numbers of the lines that are not of it."""
    blocks = Blocks("a.log:{}".format, _OPTIONS.zone, 1_000)
    found: list[Any] = []
    for number, line in enumerate(text.encode().split(b"\n"), 1):
        done, is_taken = blocks.take(number, line) if blocks.takes(line) else ([], False)
        found += map(_block, done)
        found += [] if is_taken else [number]
    return [*found, *map(_block, blocks.end())]


def _block(found: Printed | Unreadable) -> Any:
    """A request or an answer without what stands in most."""
    if isinstance(found, Unreadable):
        return f"{found.source} {found.reason}"
    values = found._replace(raw=None if found.raw is None else b"raw")
    return [value for value in values if value not in (None, "POST", "bybit", "https://a.b/c")]


def _place(printed: Printed) -> Any:
    place = place_of(printed, _OPTIONS)
    return None if place is None else (place[0].name, place[1])


def _named(printed: Printed) -> Any:
    named = named_in(place_of(printed, _OPTIONS), printed, _OPTIONS)
    name = None if named.endpoint is None else named.endpoint.name
    return name, named.request, sorted(named.order_ids), sorted(named.client_order_ids)


_PLACES: Final = {
    "bybit": _printed(_URL),
    "binance": _printed(_ORDER, method="DELETE"),
    "other endpoint": _printed("https://api.bybit.com/v5/order/create"),
    "deribit": _printed("https://www.deribit.com/api/v2/private/cancel?order_id=1", method="GET"),
}


def _may_answer(value: Any) -> Any:
    data = json.dumps(value).encode()
    places = {name: place_of(printed, _OPTIONS) for name, printed in _PLACES.items()}
    return [
        (name, near)
        for name, place in places.items()
        for near in (True, False)
        if may_answer(place, data, is_near=near)
    ]


def _belonging(requests: Any, answer: Any) -> Any:
    place = place_of(_printed(_ORDER, method="DELETE"), _OPTIONS)
    assert place is not None
    endpoint = place[0].endpoints["DELETE /api/v3/order"]
    data = json.dumps(answer).encode()
    asked_for = [request if isinstance(request, dict) else None for request in requests]
    named = {number: named_by(endpoint, request) for number, request in enumerate(asked_for)}
    return belonging([*named], data, named.__getitem__), naming([*named], data, named.__getitem__)


def _channels() -> Iterator[str]:
    """What is said of two channels, by the channels."""
    found: dict[str, list[str]] = {}
    for (one, first), (other, second) in product(_CHANNELS.items(), repeat=2):
        waiting = [Waiting(_printed(_URL), "a", channel, None, False) for channel in (first, second)]
        said = {
            "may be": first.may_be(second),
            "may carry": first.may_carry(second),
            "incomparable": first.is_incomparable(second),
            "of one call": first.context.is_call_of(second.context),
        }
        kept = [waiting.index(each) for each in on_channel(waiting, second)]
        words = [word for word, is_so in said.items() if is_so]
        found.setdefault(f"{', '.join(words) or 'neither'}; {kept} kept", []).append(f"{one} {other}")
    yield "channels:"
    yield from (f"  {said}: {', '.join(which)}" for said, which in found.items())


_CONTEXTS: Final = (
    "2026-11-26 22:00:30 [req-12] INFO bot_id=b7 request_id=7f3a corr = 12 ",
    "Nov 26 22:00:30 node-1 bot[311]: call #9 strategy 7: trace=9f {",
    "bot-1   | user: alice pid 4711 x-request-id: 'r-1' ",
    "[pod/bot-7/main] 2026-11-26T22:00:30Z INFO [task-3] requestId=n/a corr-id=0 req 12ms ",
    "2026-11-26T22:00:30.250+02:00 host-2 main.py[17]: thread[12]: bot(3) req=12.5s call-1 ",
    "container name=c1 pod=p1. instance-id=i-0 user_id = 7=x req#12a corr=none ",
)
_CONNECTIONS: Final = (
    "22:00:30 [conn-2] account=desk recv {",
    "[account: desk] ws#3 > sent 12 messages conn 14 bytes {",
    "client-0x7f [session: s1] socket(12) sub-account=a-1 {",
    "ws recv client_id=7 connection 2026-11-26 conn out ws@c7 {",
)
_BLOCKS: Final = (
    "fetch Request: bybit POST https://a.b/c RequestHeaders: {'A': 'b'} RequestBody: {\"orderId\": \"7a1\"}",
    (
        "2026-11-26 22:00:30,250 fetch Response: bybit POST https://a.b/c 200 ResponseHeaders: {'A': 'b'} ResponseBody:"
        ' {\n  "retCode": 0\n}\nrest'
    ),
    "Request: POST https://a.b/c {'A': 'b'} a=1",
    "Response: POST https://a.b/c 200 {'A': 'b'} {\"retCode\":0}",
    "2026-11-26 22:00:30,250 INFO POST https://a.b/c, Request: {'A': 'b'} {\"a\":1}",
    "2026-11-26T22:00:30Z DEBUG POST https://a.b/c, Response: 200 {'A': 'b'} <html>\n</html>",
    "fetch Request:\n bybit POST https://a.b/c\nRequestHeaders:\n { A: 'b' }\nRequestBody:\n {\"a\":1}",
    "handleRestResponse:\n bybit POST https://a.b/c 200 OK\nResponseHeaders:\n { A: 'b' }\nResponseBody:\n {\n}\n\nx",
    (
        "fetch:\n bybit POST https://a.b/c\nRequest:\n { A: 'b' }\n a=1\nhandleRestResponse:\n"
        " bybit POST https://a.b/c 200 OK\nResponse:\n { A: 'b' }\n {}"
    ),
    (
        "Array\n(\n    [0] => fetch Request:\n    [1] => bybit\n    [2] => POST\n    [3] => https://a.b/c\n"
        "    [4] => RequestHeaders:\n    [5] => Array\n    [6] => RequestBody:\n    [7] => a=1\n)"
    ),
    (
        "Array\n(\n    [0] => fetch Response:\n    [1] => bybit\n    [2] => POST\n    [3] => https://a.b/c\n"
        "    [4] => 200\n    [5] => ResponseHeaders:\n    [6] => ResponseBody:\n    [7] => {}\n)"
    ),
    "handleRestResponse:\n bybit POST https://a.b/c 200 OK\nResponseHeaders:\n { A: 'b' }\nResponseBody:\n [\n{}\n]\nx",
    "fetch Response: bybit POST https://a.b/c 200 ResponseHeaders: {} ResponseBody: [{}]\nx",
    "fetch Response: bybit POST https://a.b/c 200 ResponseHeaders: {} ResponseBody: [\n {}\n ]\n]\nx",
    "fetch Response: bybit POST https://a.b/c 502 ResponseHeaders: {} ResponseBody: <html>\nx</HTML>\nx",
    "Array\n(\n    [0] => 7\n)\nArray\n(",
    "fetch Request: bybit POST https://a.b/c Reques",
    f"fetch Response: bybit POST https://a.b/c 200 ResponseHeaders: {{}} ResponseBody: {'x' * 900}\n{'x' * 100}",
)
_HEADERS: Final = (
    "{'X-BAPI-API-KEY': 'k1', \"Content-Type\": \"application/json\"}",
    "[X-BAPI-SIGN] => abc\n[Host] => a",
    "X-BAPI-SIGN: abc, Cookie: ",
)
_URLS: Final = (
    f"{_URL}?orderId=7a1",
    "https://api.bybit.com:443/v5/order/cancel",
    "https://fapi.binance.com:443",
    "http://api.bybit.com:443/v5/order/cancel-all",
    "wss://stream.bybit.com:443?x",
    "https://proxy.example/v5/order/cancel",
)
_SHARED: Final = "https://api.hyperliquid.xyz/exchange"
_SHARING: Final = ({"action": {"type": "cancel", "cancels": [{"a": 1, "o": 7}]}, "nonce": 1},)
_BODIES: Final = (
    {"symbol": "BTCUSDT", "orderId": "7A1", "origClientOrderId": "c1"},
    [{"orderId": "7"}, {"orderId": "7***1"}],
    [{"orderId": "7"}, {"orderLinkId": "8"}],
    "symbol=BTCUSDT&orderId=7a1&orderLinkId=c1",
    "7a1",
    {"retCode": 0, "retMsg": "OK", "result": {"orderId": "7"}, "retExtInfo": {}, "time": 1},
)
_PLAIN: Final = (
    "22:00:30 recv: ['7a1', \"7a2\"]",
    "POST x 200 -> 'success'",
    "recv <!DOCTYPE html><html>x",
    'said 404: "none" ',
    "recv []",
    "recv ['a b']",
)
_BEHIND: Final = (
    ' -> 200: "success"',
    " <- 503 Service Unavailable",
    " ==> 400 Order does not exist any more here.",
    " => 200 ['7a1']",
    "-> 429",
    " -> 502 <html><body>x",
    " -> 200 null ",
)
_ANSWERS: Final = (
    {"retCode": 0, "retMsg": "OK", "result": {"orderId": "7"}, "retExtInfo": {}, "time": 1},
    {"code": -2011, "msg": "Unknown order sent."},
    {
        "jsonrpc": "2.0",
        "id": 7,
        "result": {"order_id": "1"},
        "usIn": 1,
        "usOut": 2,
        "usDiff": 1,
        "testnet": False,
    },
    {"id": "a", "status": 400, "error": {"code": -2011, "msg": "x"}},
)
_ORDERS: Final[tuple[tuple[list[Any], Any], ...]] = (
    ([{"orderId": "7"}, {"orderId": "8"}, {"origClientOrderId": "c1"}], {"orderId": 8, "clientOrderId": "x"}),
    (
        [{"orderId": "9007199254740993"}, {"origClientOrderId": "C1"}],
        {"orderId": 9007199254740992, "origClientOrderId": "c1", "note": "12345678"},
    ),
    (
        [{"orderId": "12345678"}, {"orderId": "7*8"}],
        {"symbol": "BTCUSDT", "note": ["12345678"], "orderId": -1},
    ),
    ([{"symbol": "BTCUSDT"}, {"orderId": "5"}], {"orderId": "7...8"}),
    ([{"orderId": "5"}, {"symbol": "ETHUSDT"}], {"symbol": "BTCUSDT", "orderId": 7, "status": "CANCELED"}),
    ([{"orderId": str(number)} for number in range(33)], {"orderId": 7}),
    ([{"orderId": str(number)} for number in range(32)], {"orderId": 7}),
)
_CALL: Final = Context((("request", "r1"), ("trace", "t1")))
_CHANNELS: Final = {
    "any": Channel(),
    "conn-1": Channel("connection 1"),
    "conn-2": Channel("connection 2"),
    "desk": Channel("account desk", "desk"),
    "other-desk": Channel(None, "other"),
    "url": Channel(None, None, "wss://a"),
    "other-url": Channel("connection 1", None, "wss://b"),
    "call": Channel(context=_CALL),
    "same-trace": Channel("connection 1", context=Context((("trace", "t1"),))),
    "other-trace": Channel(context=Context((("request", "r1"), ("trace", "t2")))),
    "corr": Channel(context=Context((("correlation", "c1"),), (("pod", "p1"),))),
    "pod": Channel("account desk", context=Context((), (("pod", "p2"), ("host", "h")))),
}
