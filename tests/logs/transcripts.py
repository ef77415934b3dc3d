"""What is read of requests over HTTP as programs print them with their headers, and of each without a word."""

from collections.abc import Iterator
from typing import Any, Final

from cancelnorm.logs.options import Options
from cancelnorm.logs.passed import PassedOver
from cancelnorm.logs.text_log import TextLog
from cancelnorm.logs.transcripts import Transcript
from tests.logs.neighbours import of_texts

__all__ = ["transcripts"]


def transcripts() -> Iterator[str]:
    """What is read of each."""
    yield from of_texts("transcript", _read, _TRANSCRIPTS)


def _read(text: str) -> Any:
    """The lines that are taken, the requests that wait, and where a handshake connects."""
    log = TextLog("a.log", Options(), PassedOver())
    transcript = Transcript(log)
    taken = []
    for number, line in enumerate(text.encode().split(b"\n"), 1):
        log.line = line
        if transcript.take(number, line):
            taken.append(number)
    transcript.end()
    waiting = [item.found for item in log.conversation.unanswered()]
    return taken, waiting, log.venue_at(None), log.unknown_stream(None)


_TRANSCRIPTS: Final = (
    "> POST /v5/order/cancel HTTP/1.1\n> Host: api.bybit.com\n> X-BAPI-API-KEY: k\n>\n< HTTP/1.1 503 x",
    "1 send: b'DELETE /api/v3/order?a=1 HTTP/1.1\\r\\nHost: api.binance.com\\r\\n\\r\\n'\n1 reply: 'HTTP/1.1 200 OK'",
    "12 GET /ws/x HTTP/1.1\n13 Host: proxy.example:8443\n14 Sec-WebSocket-Key: k\n15 said",
    "GET /ws-api/v3 HTTP/1.1\nhost: ws-api.binance.com\nUpgrade: websocket\nsec-websocket-version: 13\n\nx",
    "POST /v5/order/cancel HTTP/1.1\nlabel: a\nhost: api.bybit.com",
)
