"""What is read of an answer in each form in which programs write one, at each place of a log where it may stand."""

import csv
import io
import json
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from tests.logs.readings import alike, read_log

__all__ = ["FORMS", "PLACES", "encoded", "forms"]

_GONE: Final = {"retCode": 110001, "retMsg": "gone", "result": {}, "retExtInfo": {}, "time": 1795730430200}
_SAID: Final = json.dumps(_GONE)
_REFUSED: Final = {"code": -2011, "msg": "Unknown order sent."}
_URL: Final = "https://api.bybit.com/v5/order/cancel"
_AT: Final = "2026-11-26 22:00:30,250"

FORMS: Final[Mapping[str, str]] = {
    "JSON": _SAID,
    "on many lines": json.dumps(_GONE, indent=2),
    "with a blank before": f" {_SAID}",
    "of several venues": json.dumps(_REFUSED),
    "an array of two": f"[{_SAID}, {_SAID}]",
    "two": f"{_SAID} {_SAID}",
    "in words": f"cancel 7a1: {_SAID} in 12 ms",
    "in a text": json.dumps(_SAID),
    "in a text of a text": json.dumps(json.dumps(_SAID)),
    "with quotes escaped": json.dumps(_SAID)[1:-1],
    "with quotes of HTML": _SAID.replace('"', "&quot;"),
    "as Python prints it": str(_GONE),
    "as Python prints its bytes": str(_SAID.encode()),
    "as JavaScript prints it": "{ retCode: 110001, retMsg: 'gone', result: {}, retExtInfo: {}, time: 1795730430200 }",
    "as Ruby prints it": _SAID.replace(": ", "=>"),
    "an exception of Python": "InvalidRequestError('gone (ErrCode: 110001) (ErrTime: 22:00:30).')",
    "an error of ccxt": f"OrderNotFound: bybit {_SAID}",
    "an error of ccxt about HTTP": f"ccxt.base.errors.ExchangeError: bybit POST {_URL} 400 Bad Request {_SAID}",
    "a code and a message": "bybit error (code=110001): order not exists",
    "a time-out": "HTTPSConnectionPool(host='api.bybit.com', port=443): Read timed out. (read timeout=10)",
    "a request": f"POST {_URL}",
    "a request with an answer": f"POST {_URL} 200 {_SAID}",
    "a status": f"POST {_URL} 503 Service Unavailable",
    "HTML": "<html><body><h1>502 Bad Gateway</h1></body></html>",
    "base64": b64encode(_SAID.encode()).decode(),
    "cut": _SAID[:60],
    "cut at its beginning": _SAID[10:],
    "with a key twice": _SAID[:-1] + ', "retCode": 0}',
    "with a control character": _SAID.replace("gone", "go\x01ne"),
    "with half of a surrogate pair": _SAID.replace("gone", "go\ud800ne"),
    "with a byte that is no UTF-8": _SAID.replace("gone", "go\udcffne"),
    "with such a byte, and words behind it": _SAID.replace("gone", "go\udcffne") + " in 12 ms",
    "the words of a heartbeat": "pong",
    "an array of words": '["heartbeat", 7]',
    "an empty object": "{}",
    "an empty array": "[]",
    "null": "null",
    "nothing": "",
    "a number": "7",
    "of no venue": '{"orderId": "7a1", "cancel": true, "nested": {"deeper": [1]}}',
    "around an answer": json.dumps({"ok": False, "response": _GONE}),
    "a frame": '{"id":"a1","status":400,"error":{"code":-2011,"msg":"Unknown order sent."}}',
    "a frame that asks": '{"id":"a1","method":"order.cancel","params":{"symbol":"BTCUSDT","orderId":7}}',
}
"""An answer as it may be written, and what else stands where answers do."""


def _line(**members: Any) -> Callable[[str], str]:
    """A line of JSON that has the text, and the JSON of it where it is that, under the key that has None."""

    def line(form: str) -> str:
        return json.dumps({key: form if value is None else value for key, value in members.items()}) + "\n"

    return line


def _object(form: str) -> str:
    try:
        value = json.loads(form)
    except ValueError:
        value = form
    return json.dumps({"ts": 1795730430250, "payload": value}) + "\n"


def _row(form: str) -> str:
    text = io.StringIO()
    csv.writer(text).writerows([("venue", "url", "response"), ("bybit", _URL, form)])
    return text.getvalue()


def _entry(form: str) -> str:
    asked = {"method": "POST", "url": _URL, "headers": [], "postData": {"text": '{"orderId": "7a1"}'}}
    said = {"status": 200, "headers": [], "content": {"text": form, "mimeType": "application/json"}}
    return json.dumps({"log": {"creator": {}, "entries": [{"request": asked, "response": said}]}})


PLACES: Final[Mapping[str, tuple[str, Callable[[str], str]]]] = {
    "a line alone": ("one.log", lambda form: f"{form}\n"),
    "a line of text": ("one.log", lambda form: f"{_AT} INFO bot: bybit recv {form}\n"),
    "behind its request": ("one.log", lambda form: f"{_AT} POST {_URL} orderId=7a1\n{_AT} 200 {form}\n"),
    "behind a time": ("one.log", lambda form: f"2026-11-26T22:00:30.250Z {form}\n"),
    "a payload": ("one.jsonl", _line(ts=1795730430250, payload=None)),
    "a payload, no text": ("one.jsonl", _object),
    "a payload of a venue": ("one.jsonl", _line(ts=1795730430250, venue="bybit", payload=None)),
    "a body": ("one.jsonl", _line(url=_URL, method="POST", status=200, response_body=None)),
    "a message": ("one.jsonl", _line(level="info", time=1795730430250, msg=None)),
    "a message of a venue": (
        "one.jsonl",
        _line(level="info", time=1795730430250, exchange="bybit", msg=None),
    ),
    "an error": ("one.jsonl", _line(level="error", msg="cancel failed", exchange="bybit", error=None)),
    "of Docker": (
        "one.jsonl",
        lambda form: _line(log=None, stream="stdout", time="2026-11-26T22:00:30Z")(f"{form}\n"),
    ),
    "of journald": ("one.jsonl", lambda form: _line(MESSAGE=[*encoded(form)], exchange="bybit")(form)),
    "in an array": (
        "one.json",
        lambda form: f"[{_line(ts=1795730430250, venue='bybit', payload=None)(form)}]",
    ),
    "a cell": ("one.csv", _row),
    "HAR": ("one.har", _entry),
}
"""Where an answer may stand: the name of a log, and what is in it."""


def forms() -> Iterator[str]:
    """What is read of each form at each place."""
    for title, form in FORMS.items():
        found = {place: read_log(encoded(log(form)), name) for place, (name, log) in PLACES.items()}
        yield from alike(title, found)


def encoded(log: str) -> bytes:
    """A log as a file has it, with the bytes in it that are no UTF-8."""
    try:
        return log.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return log.encode("utf-8", "surrogatepass")
