"""What is read of logs whose records are of several lines, where a line is missing, comes twice or a line late."""

from collections import Counter
from collections.abc import Iterator
from typing import Final

from tests.logs.readings import read_counted, read_file, read_log, unplaced
from tests.sample_logs import LOG_FILES

__all__ = ["sequences"]

_FORMATS: Final = (".log", ".yaml")
_MOST: Final = 60
"""Lines of a log of which each is moved; of a longer one, the first."""

_GONE: Final = '{"retCode":110001,"retMsg":"gone","result":{},"retExtInfo":{},"time":1795730430200}'
_UNKNOWN: Final = '{"error":["EOrder:Unknown order"]}'
_COUNTED: Final = '{"error":[],"result":{"count":1}}'
_REFUSED: Final = '{"code":-2011,"msg":"Unknown order sent."}'
_URL: Final = "https://api.bybit.com/v5/order/cancel"
_OTHER: Final = "https://fapi.binance.com/fapi/v1/order?symbol=BTCUSDT&orderId="
_MADE: Final = {
    "two requests at the same time": f"""\
2026-11-26 22:00:30,250 DEBUG http: POST {_URL} {{"orderId": "7a1"}}
2026-11-26 22:00:30,260 DEBUG http: POST {_URL} {{"orderId": "7a2"}}
2026-11-26 22:00:30,270 DEBUG http: 200 {_GONE}
2026-11-26 22:00:30,280 DEBUG http: 200 {_GONE}
2026-11-26 22:00:30,290 ERROR bot: cancel failed: {_GONE}
""",
    "OkHttp": f"""\
--> DELETE {_OTHER}7 http/1.1
X-MBX-APIKEY: key
--> END DELETE
--> POST {_URL} http/1.1
Content-Type: application/json

{{"symbol":"BTCUSDT","orderId":"7a1"}}
--> END POST (38-byte body)
<-- 400 {_OTHER}7 (57ms)
content-type: application/json

{_REFUSED}
<-- END HTTP (42-byte body)
<-- 200 {_URL} (61ms)

{_GONE}
<-- END HTTP
""",
    "urllib3 and a body": f"""\
DEBUG:urllib3.connectionpool:Starting new HTTPS connection (1): api.bybit.com:443
DEBUG:urllib3.connectionpool:https://api.bybit.com:443 "POST /v5/order/cancel HTTP/1.1" 200 None
INFO:bot:{_GONE}
DEBUG:urllib3.connectionpool:https://fapi.binance.com:443 "DELETE /fapi/v1/order?orderId=7 HTTP/1.1" 400 42
ERROR:bot:{_REFUSED}
DEBUG:urllib3.connectionpool:https://fapi.binance.com:443 "DELETE /fapi/v1/order?orderId=8 HTTP/1.1" 503 None
""",
    "http.client": f"""\
send: b'POST /v5/order/cancel HTTP/1.1\\r\\nHost: api.bybit.com\\r\\nX-BAPI-API-KEY: key\\r\\n\\r\\n'
send: b'{{"symbol":"BTCUSDT","orderId":"7a1"}}'
reply: 'HTTP/1.1 200 OK\\r\\n'
header: Content-Type: application/json
{_GONE}
""",
    "http.client, one after the other": f"""\
send: b'POST /0/private/CancelOrder HTTP/1.1\\r\\nHost: api.kraken.com\\r\\n\\r\\n'
send: b'nonce=1&txid=OYVGEW-AAAAA-111111'
reply: 'HTTP/1.1 200 OK\\r\\n'
header: Content-Type: application/json
{_UNKNOWN}
send: b'POST /0/private/CancelOrder HTTP/1.1\\r\\nHost: api.kraken.com\\r\\n\\r\\n'
send: b'nonce=2&txid=OYVGEW-BBBBB-222222'
reply: 'HTTP/1.1 200 OK\\r\\n'
header: Content-Type: application/json
{_COUNTED}
""",
    "curl -v, one after the other": f"""\
> POST /0/private/CancelOrder HTTP/1.1
> Host: api.kraken.com
>
nonce=1&txid=OYVGEW-AAAAA-111111
< HTTP/1.1 200 OK
<
{_UNKNOWN}
* Connection #0 to host api.kraken.com left intact
> POST /0/private/CancelOrder HTTP/1.1
> Host: api.kraken.com
>
nonce=2&txid=OYVGEW-BBBBB-222222
< HTTP/1.1 200 OK
<
{_COUNTED}
""",
    "bodies behind requests": f"""\
2026-11-26 22:00:30 POST {_URL}
2026-11-26 22:00:30 body symbol=BTCUSDT&orderId=7a1
2026-11-26 22:00:31 response 200 {_GONE}
2026-11-26 22:00:32 POST {_URL}
2026-11-26 22:00:32 payload {{"symbol":"BTCUSDT","orderId":"7a2"}}
2026-11-26 22:00:33 ccxt.base.errors.RequestTimeout: bybit POST {_URL}
2026-11-26 22:00:34 Traceback (most recent call last):
TimeoutError: The read operation timed out
2026-11-26 22:00:35 During handling of the above exception, another exception occurred
""",
    "an error of Node.js": f"""\
Error: Unknown order sent.
    at async cancel (/bot/cancel.js:12:5) {{
  code: -2011,
  url: '{_OTHER}7',
  request: {{
    method: 'DELETE'
  }}
}}
AxiosError: Request failed with status code 400 {{
  config: {{ url: '{_OTHER}8', method: 'delete' }},
  response: {{ status: 400, data: {{ code: -2011, msg: 'Unknown order sent.' }} }}
}}
""",
    "frames": """\
22:00:30 sent {"id":1,"method":"order.cancel","params":{"symbol":"BTCUSDT","orderId":7}}
22:00:30 sent {"id":2,"method":"order.cancel","params":{"symbol":"BTCUSDT","orderId":8}}
22:00:31 recv {"id":2,"status":400,"error":{"code":-2011,"msg":"Unknown order sent."}}
22:00:31 recv {"id":1,"status":400,"error":{"code":-2011,"msg":"Unknown order sent."}}
22:00:32 sent {"id":1,"method":"order.cancel","params":{"symbol":"ETHUSDT","orderId":9}}
22:00:32 sent {"op":"ping"}
22:00:33 recv {"id":1,"status":503}
""",
    "a status, then its body": f"""\
2026-11-26 22:00:30 POST {_URL} {{"orderId": "7a1"}}
2026-11-26 22:00:31 POST {_URL} 200
2026-11-26 22:00:31 took 12 ms
2026-11-26 22:00:31 {_GONE}
2026-11-26 22:00:32 DELETE {_OTHER}7
2026-11-26 22:00:33 ccxt.base.errors.RequestTimeout: binanceusdm DELETE {_OTHER}7
2026-11-26 22:00:34 DELETE {_OTHER}7 400 {_REFUSED}
2026-11-26 22:00:34 cancel failed: {{'ok': False, 'response': {_REFUSED}}}
2026-11-26 22:00:35 DELETE {_OTHER}8
2026-11-26 22:00:36 DELETE {_OTHER}8 503
2026-11-26 22:00:36 DELETE {_OTHER}8 503
""",
    "errors that are logged and printed": f"""\
2026-11-26 22:00:30 ERROR bot: cancel 7 failed: APIError(code=-2011): Unknown order sent.
Traceback (most recent call last):
  File "bot.py", line 7, in cancel
binance.exceptions.BinanceAPIException: APIError(code=-2011): Unknown order sent.

During handling of the above exception, another exception occurred:

Traceback (most recent call last):
bot.CancelFailed: APIError(code=-2011): Unknown order sent.
2026-11-26 22:00:31 ERROR bot: cancel 8 failed: APIError(code=-2011): Unknown order sent.
2026-11-26 22:00:32 binanceusdm DELETE /fapi/v1/order?symbol=BTCUSDT&orderId=7 request timed out (10000 ms)
2026-11-26 22:00:33 bybit POST {_URL} 502 Bad Gateway
""",
    "curl over lines": f"""\
+ curl -s -X POST {_URL} \\
  -H 'X-BAPI-API-KEY: key' \\
  -d '{{"symbol":"BTCUSDT","orderId":"7a1"}}'
{_GONE}
+ curl -X DELETE \\
  '{_OTHER}7'

{_REFUSED}
""",
}

_FAR: Final = "22:00:00 nothing of it\n" * 2_000


def sequences() -> Iterator[str]:
    """What is read otherwise of each log."""
    for path in LOG_FILES:
        if path.suffix in _FORMATS and "\n" in (text := path.read_text(encoding="utf-8")[:-1]):
            yield from _moved(path.name, text.split("\n"), [unplaced(line) for line in read_file(path)])
    for title, text in _MADE.items():
        whole = [unplaced(line) for line in read_log(text.encode(), "one.log")]
        yield f"{title}: {' | '.join(whole)}"
        far = [unplaced(line) for line in read_log((_FAR + text).encode(), "one.log")]
        yield f"  far into a log: {'the same' if far == whole else ' | '.join(far)}"
        yield from _moved("one.log", text[:-1].split("\n"), whole)


def _moved(name: str, lines: list[str], whole: list[str]) -> Iterator[str]:
    yield f"{name}: {len(whole)}"
    others: dict[str, list[str]] = {}
    for n in range(min(len(lines), _MOST)):
        before, [line], after = lines[:n], lines[n : n + 1], lines[n + 1 :]
        for title, changed in (
            (f"-{n + 1}", before + after),
            (f"{n + 1}+", [*before, line, line, *after]),
            (f"{n + 1}>", [*before, *after[:1], line, *after[1:]]),
            (f"..{n}", before),
        ):
            *read, counts = read_counted(("\n".join(changed) + "\n").encode(), name)
            found = [unplaced(each) for each in read]
            new, gone = Counter(found) - Counter(whole), Counter(whole) - Counter(found)
            said = f"{' | '.join(new.elements())}{f', {gone.total()} gone' if gone else ''}"
            others.setdefault(f"{said or 'the same'}; {counts}", []).append(title)
    yield from (f"  {' '.join(names)}: {said}" for said, names in others.items())
