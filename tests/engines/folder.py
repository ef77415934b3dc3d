"""A folder of logs, plain and gzip, one of them with everything that text readers and JSON readers fail on."""

import gzip
from collections.abc import Iterator
from pathlib import Path
from typing import Final

FILES: Final = 64
LINES: Final = 12
POISONED: Final = "poisoned.jsonl"

CANCELED: Final = (
    '{"venue":"binance","endpoint":"DELETE /api/v3/order","status":200,"received_ns":%d,"payload":'
    '{"symbol":"BTCUSDT","origClientOrderId":"web-%d","orderId":%d,"orderListId":-1,"clientOrderId":"c-%d",'
    '"transactTime":1793700001061,"price":"%d.10","origQty":"0.01500000","executedQty":"0.00400000",'
    '"cummulativeQuoteQty":"260.40","status":"CANCELED","timeInForce":"GTC","type":"LIMIT","side":"BUY",'
    '"selfTradePreventionMode":"NONE"}}'
)
ACCEPTED: Final = (
    '{"venue":"bybit","endpoint":"POST /v5/order/cancel","payload":{"retCode":0,"retMsg":"OK",'
    '"result":{"orderId":"%d","orderLinkId":"link-%d"},"retExtInfo":{},"time":1793700001061}}'
)
SKIPPED: Final = '{"venue":"binance","payload":{"e":"balanceUpdate","E":1,"a":"BTC","d":"0.5","T":1}}'
REFUSED: Final = (
    '{"venue":"bybit","endpoint":"POST /v5/order/cancel","payload":{"retCode":0,"retMsg":"\u2028\u0085"}}'
)


def line(number: int) -> str:
    """A line of its own for each number."""
    if number % 5 == 4:
        return SKIPPED if number % 2 else REFUSED
    if number % 3 == 0:
        return ACCEPTED % (number, number)
    return CANCELED % (1793700001070000000 + number, number, number, number, 60_000 + number)


def poisoned() -> Iterator[bytes]:
    """Lines that cost a reader more than themselves if it decodes them or parses them before it divides the log."""
    good = line(1_000_001).encode()
    yield good
    yield b'{"venue":"bybit","endpoint":"POST /v5/order/cancel","payload":{"retCode":0,"retMsg":"\xff\xfe"}}'
    yield good.replace(b"web-1", "web\u2028\u2029\u0085-1".encode())
    yield good.replace(b',"status"', b'\r,"status"', 1)  # a line end to readers of old Macintosh files
    yield good + b"\r"
    yield b'{"venue":"bybit","venue":"binance","endpoint":"DELETE /api/v3/order","payload":{}}'
    yield good.replace(b'"orderId"', b'"orderId":7,"orderId"', 1)
    yield good[: len(good) // 2]
    yield b""
    yield b'{"venue":"binance","endpoint":"DELETE /api/v3/order","payload":{"orderId":"many"}}'
    yield b'{"venue":"nowhere","payload":{}}'
    yield b"\x00\x80 not JSON"
    yield line(1_000_003).encode()[:-9]  # cut, and without a line end


def fill(folder: Path) -> Path:
    """Write the logs."""
    folder.mkdir()
    for number in range(FILES - 1):
        lines = [line(number * LINES + each) for each in range(LINES)]
        data = "".join(f"{each}\n" for each in lines).encode()
        if number % 2:
            (folder / f"{number:02}.jsonl.gz").write_bytes(gzip.compress(data))
        else:
            (folder / f"{number:02}.jsonl").write_bytes(data)
    (folder / POISONED).write_bytes(b"\n".join(poisoned()))
    return folder
