"""What is read of small logs in many forms, and of each without one of its words, with it twice, or cut there."""

from collections.abc import Iterator
from functools import partial
from typing import Final

from tests.logs.neighbours import of_texts
from tests.logs.readings import brief, read_counted

__all__ = ["small"]

_URL: Final = "https://api.bybit.com/v5/order/cancel"
_ORDER: Final = "https://api.binance.com/api/v3/order?symbol=A&orderId=7"
_REFUSED: Final = '{"code":-2011,"msg":"no_order"}'


def small() -> Iterator[str]:
    """What is read of each."""
    for name, logs in _LOGS.items():
        yield from of_texts(name, partial(_read, name), logs)


def _read(name: str, text: str) -> str:
    *found, counted = read_counted(text.encode(), name)
    return " | ".join([*map(_record, found), counted])


def _record(line: str) -> str:
    """A record in few words, with the length of its payload."""
    return (
        f"{brief(line)} {line.rpartition('} ')[2].partition(' ')[0]}" if line.startswith("{") else brief(line)
    )


_SOCKET: Final = "wss://ws-api.binance.com/ws-api/v3"
_SENT: Final = (
    "=> Send header, 9 bytes (0x9)\n0000: DELETE /api/v3/order?orderId=7 HTTP/1.1\n002a: Host: api.binance.com\n"
    "0040: \n<= Recv header, 9 bytes (0x9)\n0000: HTTP/1.1 400 x\n<= Recv data, 24 bytes (0x18)\n"
)
_LOGS: Final = {
    "cryptofeed.log": (
        f"configuration: {{}}\n{_ORDER} <- 1795730430.5: b'{_REFUSED}'",
        f'{_URL} -> 1795730430: {_REFUSED} header: {{"Cookie": "a"}}\n{_URL} <-> 1795730430',
        (
            f"{_SOCKET}?a=1 <-> 1795730430.1\n{_SOCKET} <- 1795730430.2: "
            '{"id":1,"method":"order.cancel","params":{"orderId":7}}\n'
            '1795730431: {"id":1,"status":400,"error":{"code":-2011,"msg":"x"}}'
        ),
    ),
    "rows.csv": (
        'venue,endpoint,status,payload\nbinance,DELETE /api/v3/order,400,"{""code"":-2011,""msg"":""x""}"\n',
        'time;msg\n2026-11-26 22:00:30;"binance recv {""code"":-2011,\n""msg"":""x""}"\n',
    ),
    "trace.log": (
        f"{_SENT}0000: {_REFUSED}\n== Info: end",
        (
            f'{_SENT}0000: 7b 22 63 6f 64 65 22 3a 2d 32 30 31 31 2c 22 6d {{"code":-2011,"m\n'
            '0010: 73 67 22 3a 22 78 22 7d                         sg":"x"}\n'
        ),
    ),
    "cassette.yaml": (
        (
            "interactions:\n- request:\n    body: orderId=7\n    headers: {}\n    method: DELETE\n"
            "    uri: https://api.binance.com/api/v3/order\n  response:\n    body:\n"
            f"      string: '{_REFUSED}'\n    status: {{code: 400, message: x}}\nversion: 1\n"
        ),
        (
            f"http_interactions:\n- request: &a {{method: delete, uri: '{_ORDER}', body: {{string: ''}}}}\n"
            "  response: {status: {code: 400}, body: {string: !!binary eyJjb2RlIjotMjAxMSwibXNnIjoieCJ9}}\n"
            "  recorded_at: Thu, 26 Nov 2026 22:00:30 GMT\n- request: *a\n  response: {}\n"
        ),
    ),
    "bot.log": (
        f"Start processing HTTP request DELETE {_ORDER}\nEnd processing HTTP request after 9ms - 400\nBody: {_REFUSED}",
        f"+ curl -X DELETE \\\n '{_ORDER}' \\\n -H 'X-MBX-APIKEY: k'\n{_REFUSED}\n",
        "22:00:30 binance recv {'code': -2011,\n 'msg': 'no '\n        'order'}\n",
        f"Error: x\n    at a (b.js:1:2) {{\n  code: -2011,\n  url: '{_ORDER}'\n}}\n",
        f"T1 stdout P DELETE {_ORDER} 400\nT1 stdout F  {_REFUSED}\n",
        f"--> DELETE {_ORDER}\n--> END DELETE\n<-- 400 {_ORDER} (9ms)\n{_REFUSED}\n<-- END HTTP\n",
        f"22:00:30 binance DELETE {_ORDER} &quot;x&quot; 400 {{&quot;code&quot;:-2011,&quot;msg&quot;:&quot;x&quot;}}",
        f"\x1b[32m22:00:30\x1b[0m DELETE {_ORDER} -> 400 {_REFUSED}",
    ),
    "stamped.log": (f'1795730430250 {_REFUSED}\n1795730431000 {{"retCode":0,"x":1}}\n',),
    "array.json": (
        f'[\n{{"venue":"binance","payload":{_REFUSED}}},\n{{"ts":1,"msg":"binance recv {{}}"}}\n]',
        (
            f'{{"log":{{"entries":[{{"request":{{"method":"DELETE","url":"{_ORDER}"}},"response":{{"status":400,'
            f'"content":{{"text":"{{}}"}}}}}}]}}}}'
        ),
    ),
}
