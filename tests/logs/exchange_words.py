"""The words of tools that keep requests with their answers: what is read with each in the place of another one."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from cancelnorm.logs import exchanges
from tests.logs.readings import alike, read_log

__all__ = ["exchange_words"]

_GONE: Final = {"retCode": 110001, "retMsg": "gone", "result": {}, "retExtInfo": {}, "time": 1795730430200}
_SAID: Final = json.dumps(_GONE)
_SENT: Final = json.dumps({"category": "linear", "symbol": "BTCUSDT", "orderId": "7a1"})
_HOST: Final = "api.bybit.com"
_PATH: Final = "/v5/order/cancel"
_URL: Final = f"https://{_HOST}{_PATH}"
_POST: Final = {"method": "POST", "url": _URL, "body": _SENT}
_ANSWER: Final = {"status": 200, "body": _SAID}


def exchange_words() -> Iterator[str]:
    """What is read of an exchange, by the keys of it and of its parts."""
    path = {"method": "POST", "path": _PATH, "body": _SENT}
    of_each: Mapping[str, Iterable[tuple[str, Any]]] = {
        "requests": ((word, {word: _POST, "response": _ANSWER}) for word in exchanges._REQUESTS),
        "responses": ((word, {"request": _POST, word: _ANSWER}) for word in exchanges._RESPONSES),
        "URLs": (
            (word, {"request": {"method": "POST", word: _URL, "body": _SENT}, "response": _ANSWER})
            for word in exchanges._URLS
        ),
        "URLs in an object": (
            (word, {"request": {"method": "POST", "url": {word: _URL}, "body": _SENT}, "response": _ANSWER})
            for word in ("raw", "full", "href")
        ),
        "hosts": (
            (word, {"request": {**path, word: _HOST}, "response": _ANSWER}) for word in exchanges._HOSTS
        ),
        "hosts beside the answer": (
            (word, {**path, word: f"https://{_HOST}", "status": 200, "response": _ANSWER})
            for word in exchanges._HOSTS
        ),
        "queries": (
            (
                word,
                {
                    "request": {"method": "POST", "path": _PATH, "host": _HOST, word: "orderId=7a1"},
                    "response": _ANSWER,
                },
            )
            for word in exchanges._QUERIES
        ),
        "queries as an object": (
            (
                word,
                {
                    "request": {
                        "method": "POST",
                        "path": _PATH,
                        "host": _HOST,
                        word: {"a": "1", "b": [2, 3]},
                    },
                    "response": _ANSWER,
                },
            )
            for word in exchanges._QUERIES
        ),
        "queries of matchers": (
            (
                word,
                {
                    "request": {
                        "method": "POST",
                        "path": _PATH,
                        "host": _HOST,
                        word: {"a": [{"value": "1"}], "b": [{"equalTo": "2"}]},
                    },
                    "response": _ANSWER,
                },
            )
            for word in exchanges._QUERIES
        ),
        "statuses": (
            (word, {"request": _POST, "response": {word: 200, "body": _SAID}}) for word in exchanges._STATUSES
        ),
        "bodies": (
            (
                word,
                {
                    "request": {"method": "POST", "url": _URL, word: _SENT},
                    "response": {"status": 200, word: _SAID},
                },
            )
            for word in exchanges._BODIES
        ),
        "beside a body": (
            (word, {"request": _POST, "response": {"status": 200, "body": {word: "x", "raw": _SAID}}})
            for word in sorted(exchanges._AROUND_BODY - {"raw"})
        ),
        "in a body": (
            (word, {"request": _POST, "response": {"status": 200, "body": {"type": "x", word: _SAID}}})
            for word in exchanges._INNER
        ),
        "when it was sent": (
            (word, {"request": {**_POST, word: 1795730430.25}, "response": _ANSWER})
            for word in exchanges._SENT
        ),
        "times": (
            (word, {"request": _POST, "response": _ANSWER, word: 1795730430.25}) for word in exchanges._TIMES
        ),
    }
    for title, files in of_each.items():
        yield from alike(title, {word: _document({"calls": [file]}) for word, file in files})


def _document(value: Any) -> list[str]:
    return read_log(json.dumps(value, indent=1).encode(), "one.json")
