"""Lines of text, and what stands in them, that several tests share."""

from typing import Any

from cancelnorm.logs.compression import Stream
from cancelnorm.logs.options import Options
from cancelnorm.logs.source import Source
from cancelnorm.logs.text import TEXT
from tests.logs.captured import LOGS, Chunks, records

FORMATS = LOGS / "formats"
STREAMED = "12eb49e9-5283-4bdb-a967-b17e6e7fc50e"
GONE = "not_found_or_closed"
ASKED: dict[str, Any] = {"id": "a1", "method": "order.cancel", "params": {"symbol": "BTCUSDT", "orderId": 7}}
REFUSED: dict[str, Any] = {"id": "a1", "status": 400, "error": {"code": -2011, "msg": "Unknown order sent."}}
ERROR = {"retCode": 110001, "retMsg": "gone", "result": {}, "retExtInfo": {}, "time": 1795704214044}
URL = "https://api.bybit.com/v5/order/cancel"
DELETED = "DELETE https://api.binance.com/api/v3/order?symbol=BTCUSDT&orderId="
ANSWER = '{"code":-2011,"msg":"gone"}'


def line(shown: object, before: str = "2026-11-26 22:00:30,250 INFO bot: recv ") -> bytes:
    """A line of a log."""
    return f"{before}{shown}\n".encode()


def text_lines(data: bytes, options: Options | None = None) -> int:
    """Count the lines that hold nothing."""
    source = Source(Stream(Chunks((data,)), "log"), "log")
    for _ in TEXT.read(source, options or Options()):
        pass
    return source.text_lines


def pairings(log: str) -> list[tuple[str | None, str | None]]:
    """The lines of the records of a log, with their pairings."""
    return [(record.source, record.pairing) for record in records(TEXT, log.encode())]
