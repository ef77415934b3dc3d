"""What functions of text say of phrases as logs have them, and of each without a word, cut or begun at a word."""

from collections.abc import Iterator
from typing import Any, Final

from cancelnorm.logs import ccxt_lines, text_errors, timestamps, url_paths, urls
from cancelnorm.logs.documents import advice_on
from cancelnorm.logs.notation import Conversion, NotAnObject, unquoted
from cancelnorm.logs.record_line import read_record
from cancelnorm.logs.text_lines import Prefix, plain
from cancelnorm.logs.text_objects import objects_in
from cancelnorm.logs.text_senders import broken_object, is_cut, is_shortened
from cancelnorm.logs.text_words import words
from tests.logs.neighbours import of_texts

__all__ = ["phrases"]

_URL: Final = "https://api.bybit.com/v5/order/cancel"


def phrases() -> Iterator[str]:
    """What is said of each."""
    yield from of_texts("words", words, _WORDS)
    yield from of_texts("time", timestamps.leading, _TIMES)
    yield from of_texts("value of time", timestamps.ns, _TIMES)
    yield from of_texts("zone", timestamps.zone_of, _ZONES)
    yield from of_texts("error of bybit", lambda text: text_errors.error_in(text, lambda: "bybit"), _ERRORS)
    yield from of_texts("error", lambda text: text_errors.error_in(text, lambda: None), _ERRORS)
    yield from of_texts("message", text_errors.message_in, _ERRORS)
    yield from of_texts("time-out", text_errors.timed_out_in, _TIMED_OUT)
    yield from of_texts("failed", lambda text: ccxt_lines.failed(text, 1, b""), _FAILED)
    yield from of_texts("objects", _objects, _OBJECTS)
    yield from of_texts("notation", _converted, _NOTATIONS)
    yield from of_texts("goes on", _gone_on, _REST)
    yield from of_texts("unquoted", lambda text: unquoted(text, 0), _LITERALS)
    yield from of_texts("cut", _cut, _CUT)
    yield from of_texts("plain", lambda text: plain(text.encode()), _ESCAPED)
    yield from of_texts("prefix", _without_prefix, _PREFIXES)
    yield from of_texts("URL", lambda text: urls.locate("POST", text), _URLS)
    yield from of_texts("URL without a method", lambda text: urls.locate(None, text, venue="okx"), _URLS)
    yield from of_texts(
        "URL with an answer", lambda text: urls.locate("DELETE", text, answer=_REFUSED), _URLS
    )
    yield from of_texts("unknown host", lambda text: urls.foreign("DELETE", text), _URLS)
    yield from of_texts("frames of an unknown host", urls.unknown_host, _URLS)
    yield from of_texts("path of any", lambda text: url_paths.venues_having(None, text), _PATHS)
    yield from of_texts("path of one", lambda text: url_paths.venues_at("DELETE", text), _PATHS)
    yield from of_texts("path behind others", lambda text: url_paths.venues_behind("DELETE", text), _PATHS)
    yield from of_texts("only endpoint", lambda text: url_paths.endpoint_at("bybit", text), _PATHS)
    yield from of_texts("parameters", urls.parameters, _BODIES)
    yield from of_texts("record", lambda text: read_record(text.encode(), "a.jsonl:1"), _RECORDS)
    yield from of_texts("advice", lambda text: advice_on(text.encode()), _DOCUMENTS)


_REFUSED: Final = b'{"code":-2011,"msg":"Unknown order sent."}'


_WORDS: Final = (
    f"> POST {_URL}?category=linear: response HTTP/1.1 400 Bad Request",
    'sent DELETE /api/v3/order?symbol=BTCUSDT&orderId=7, to api.binance.com "status": 503',
    "binance okx_cancel <- 200",
    "BybitClient.cancel http.status=404 received",
    "method=DELETE path='/orders/7'; took 200 ms",
    f"curl -X POST '{_URL}' -d 'symbol=BTCUSDT&orderId=7a1'",
    f"curl --data-raw 'symbol=A&b=' {_URL}",
    f'{_URL} body="symbol=BTCUSDT&orderId=7a1" next',
    "onOrderMessage ++Rcv raw: response headers:",
    "response 404 Not Found from DELETE https://api.gateio.ws/api/v4/spot/orders",
    "kraken POST https://api.kraken.com/0/private/CancelOrder 502 Bad Gateway ",
    "ExchangeError: okx 400 Bad Request ",
    "request => got reply",
    "-> sending <--",
    "MXC OKX cancel",
    "mxc and mexc",
    f"{_URL}: GET x DELETE /v5/order/cancel-all",
    "https://api.bybit.com/v5 DELETE /order/cancel",
    "status 200 <html> code: 404",
    "2026-11-26 <<< wss://ws.okx.com:8443/ws/v5/private: ",
    "https://a.io/orders?ids=1,2,3&symbol=BTC, next",
    "https://api.bitget.com DELETE /api/v2/spot/trade/cancel-order",
)
_TIMES: Final = (
    "2026-11-26T22:00:30.123456789Z rest",
    "[2026/11/26 10:00:30,5 PM +05:30] rest",
    "2026-11-26 12:00:30 am(EST) rest",
    "Nov  6 22:00:30.25 UTC 2026 rest",
    "26/Nov/2026:22:00:30 +0200 rest",
    "20261126-22:00:30.123 rest",
    'ts="1764194430.123456789" rest',
    "1764194430123 rest",
    "1764194430123456789",
    "1.764194430123e12",
    "1764194430.5E+3",
    "2262-04-11T23:47:16.854775807Z",
    "2262-04-11T23:47:16.854775808Z",
    "1677-09-21 00:12:43.145224192",
    "1677-09-21 00:12:43.145224191",
    "9223372036854775807",
    "9223372036854775808",
    "99999999999",
    "100000000000",
    "11/Apr/2262:23:47:16.854775807 rest",
    "11/Apr/2262:23:47:16.854775808 rest",
    "21/Sep/1677:00:12:43.145224192 rest",
    "21/Sep/1677:00:12:43.145224191 rest",
    f"{'x' * 172} 2026-11-26T22:00:30.123Z rest",
)
_ZONES: Final = ("+09:00", "-0330", "+23:59", "-24:00", "UTC", "Asia/Tokyo")
_ERRORS: Final = (
    "bot - ERROR: cancel failed: order not exists (ErrCode: 110001) (ErrTime: 22:00:30).",
    "APIError(code=-2011): Unknown order sent.",
    'msg="APIError(code=-2011): Unknown order sent." order=7',
    "InvalidRequestError('order not exists (ErrCode: 110001).')",
    "bybit [error] code: 110001, msg: order not exists or too late] }",
    "Error: order not exists, code=110001",
    "label: ORDER_NOT_FOUND, message: Order not found",
    "ServerError: (110001): 'order not exists' or too late",
    "retCode=110001; retMsg='order not exists'; a=7",
    "cancel (110001 - order not exists) failed",
    '{"a": "code: 110001, msg: x", "b": error code 110001: y}',
    "Error: Unknown order sent.",
    "ERROR | APIError(code=404): Not Found",
    "Mining.ServerError: (404, -2011, 'Unknown order sent.', {'a': 'b'})",
    "http error: code=404, message=not found",
)
_TIMED_OUT: Final = (
    "HTTPSConnectionPool(host='api.bybit.com', port=443): Read timed out. (read timeout=10)",
    "RequestTimeout: timeout of 5000ms exceeded",
    "connect ETIMEDOUT 1.2.3.4:443",
    "context deadline exceeded (Client.Timeout exceeded while awaiting headers)",
    "TimeoutError: order 7",
)
_FAILED: Final = (
    f"ccxt.base.errors.RequestTimeout: bybit POST {_URL}",
    f'NetworkError: bybit POST {_URL} 502 Bad Gateway <html>"',
    f"raise ExchangeError('bybit POST {_URL} 400 Bad Request {{\"retCode\":1}}')",
)
_OBJECTS: Final = (
    'sent {"a": 1} and {\'b\': "2"} {}',
    'got "{\\"a\\": [1, {\\"b\\": 2}]}" end',
    'x \'{"a": "é"}\' then [ {"b": None}, {} ] {c',
    'é b\'{"a": 1}\' {a: 1, \'b\': true,} {"c": {"d": 1}',
    '{"a":1}{"b":2} , [{"c":3}]',
    "{'a': True, 'b': None, 'c': False} False",
    '\\"{\\"a\\": \\"b\\\\\\"c\\", \\n\\"d\\": 1}\\" rest',
    '[{"a":1},{"b":2}], ',
    "Map { a => { b: 1 } } x{ {",
    'orders: [ { "id": 7 }',
    'x [{\\"a\\": 1}, {\\"b\\": \\"c\\"}] rest',
    "list [[",
    "list [ [",
    "list [ [ [",
    "x {'a':\0 'b'} y",
    "list [\r",
)
_NOTATIONS: Final = (
    "{'a': 'b\\'c', \"d\": 'e\"f', g: `h`, 1: 2, i: nil}",
    "{a: [Object], b: [1, 2, ... 12 more items], c: {…}, …}",
    '{"a"=>"x", :b=>nil, c: :d}',
    '%{a: 1, "b" => [2, (3, 4)]}',
    "Order { id: Some(7), price: Decimal('0.10'), at: datetime.datetime(2026, 11, 26, 22, 0), n: Number(1) }",
    "<ref *1> Foo { a: [Circular *1], b: [Function: x], c: [Foo: null prototype] { d: 1n } }",
    "{'a': 'one '\n 'two', 'b': ('x',), 'c': set()}",
    "{ a: NumberLong('12'), b: ObjectId(\"x\"), c: ISODate('2026'), d: Array(7) }",
    '{"a": "\\u00e9\\n", "b": -1.5e+3, "c": [true, false, null], "d": {}}',
    "[Object: null prototype] { a: 'b', c: undefined }",
    "{'a': b'\\xff\\x00c', 'd': u'e'}",
    '{"a":1,"b":"2",\'c\':\'3\',"d":True,"e":None,"f":{"g":[',
    "{a: 01, b: 1.2.3}",
    "{a b}",
    "{a: 1 b: 2}",
    "{(a: 1)}",
    *('{"a": "x' + "\\" * n + '\n"b": c"}' for n in range(1, 5)),  # the end of a text, or in it
)
_REST: Final = ("a: 1,\nb: {c: 2}\n}", "{a: 1}", "Foo {", "'a': [1,\n{b: 2}]}", "}", "x (1)", "\n{")
_LITERALS: Final = (
    "'a\\'b\\x41\\u00e9\\n' rest",
    '"a\\"b\\\\" rest',
    "b'\\xff\\101' rest",
    "`a` rest",
    "'\\U00110000' rest",
    "b'\\u0100'",
)
_CUT: Final = (
    'recv: {"orderId": 7, "status": "CANCELED", "sym',
    "response {'a': 1} {\"cancel\": tru",
    '< TEXT \'{"event": "cancel ... 7"}\' [2048 bytes]',
    'bybit POST {"cancel": "7", "x',
)
_ESCAPED: Final = (
    "\x1b[32mINFO\x1b[0m {&quot;a&quot;: &amp;1}",
    "{\\x22a\\x22: 1, \\x22b\\x22: \\x22c\\x22}",
    "{“a”: “b”} ”",
    '{"a": "&quot;b&quot;: 1"} {&#34;c&#34;: 1}',
)
_PREFIXES: Final = (
    "2026-11-26 22:00:30 bot | {¦2026-11-26 22:00:31 bot |   x",
    "> {¦>   x",
    "  12: {¦ 113:  x",
    "# {¦#",
    "a1b {¦a2c x",
    "bot_1  | {¦bot_1  |",
    "{¦x",
)
_URLS: Final = (
    f"{_URL}?symbol=BTCUSDT&api_key=abc&symbol=ETHUSDT#top",
    "https://user:word@API.Bybit.com:443/proxy/v5/order/cancel?",
    "wss://ws-api.binance.com:443/ws-api/v3?listenKey=pqia91ma19a5s61cv6a81va65sdf19v8a65a1a5s61cv6a81va65sdf19v8a65a1",
    "https://proxy.example/a/v5/order/cancel?x=1",
    "//api.gateio.ws/api/v4/spot/orders/7?currency_pair=BTC_USDT",
    "/api/v3/orders?cancel=7",
    "https://proxy.example/x/cancel",
    "https://api.exchange.coinbase.com/orders/7b1",
    "http://[::1",
)
_PATHS: Final = (
    "/v5/order/cancel",
    "/api/v4/spot/orders/7",
    "/0/private/CancelOrder",
    "/proxy/a/fapi/v1/order",
    "/orders/7",
    "/api/v3/brokerage/orders/batch_cancel",
    "/derivatives/api/v3/cancelorder",
    "/a%3Ab/v5/order/cancel-all",
)
_BODIES: Final = (
    '{"symbol": "BTCUSDT", "apiKey": "abc", "list": [{"token": "x"}], "url": "https://a/?signature=abc"}',
    "symbol=BTCUSDT&orderId=7&signature=abcdef&note=a%20b&empty=",
    '[{"orderId": "7", "secret": "s"}, {"orderId": "8"}]',
    '["7", "8"]',
    " [7]",
)
_RECORDS: Final = (
    '{"venue":"bybit","endpoint":"POST /v5/order/cancel","payload":{"retCode":0},"status":200,"sent_ns":1}',
    '{"venue":"okx","payload":"{}","request":[{"instId":"A","token":"x"}],"secrets":["request.a"],"received_ns":2}',
    '{"venue":"okx","payload":null,"unknown key":1}',
)
_DOCUMENTS: Final = (
    '<?xml version="1.0"?><a/>',
    "%PDF-1.7",
    "SQLite format 3\0",
    "PAR1",
)


def _objects(text: str) -> Any:
    found, unfinished = objects_in(text.encode())
    start = None if unfinished is None else unfinished.start
    return [(one.start, one.end, one.json, one.is_printed, one.is_abridged) for one in found], start


def _converted(text: str) -> Any:
    """How far an object goes, what it is as JSON, and where a text shows that it is none; line by line."""
    conversion = Conversion()
    try:
        for line in text.split("\n"):
            if not conversion.may_take(line):
                return "not taken"
            if (end := conversion.feed(line)) is not None:
                return end, conversion.json, conversion.is_json, conversion.is_abridged
    except NotAnObject as fault:
        return type(fault).__name__, fault.at
    return "goes on"


def _gone_on(text: str) -> Any:
    """Which lines an object takes whose brace alone stood in the line before, and the object."""
    conversion, taken = Conversion.begun(), []
    try:
        for line in text.split("\n"):
            taken.append(conversion.may_take(line))
            if not taken[-1] or conversion.feed(line) is not None:
                break
    except NotAnObject as fault:
        return taken, fault.at
    return taken, conversion.json


def _cut(text: str) -> Any:
    line = text.encode()
    found, _ = objects_in(line)
    return is_cut(line, found), is_shortened(line), broken_object(line, found)


def _without_prefix(text: str) -> bytes:
    """The second of two lines, without what stands before the object in the first one."""
    first, _, second = text.partition("¦")
    return Prefix(first.partition("{")[0].encode()).cut(second.encode())
