"""The names that lines of JSON have for a part, an error or an entry: what is read under each."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from cancelnorm.logs.ccxt_lines import _KINDS as ERROR_CLASSES
from cancelnorm.logs.json_path import Steps
from cancelnorm.logs.jsonl_direction import _KINDS as KIND_KEYS
from cancelnorm.logs.jsonl_direction import _RECEIVED as RECEIVED_WORDS
from cancelnorm.logs.jsonl_direction import _SENT as SENT_WORDS
from cancelnorm.logs.log_stores import _TEXTS as STORED_TEXTS
from cancelnorm.logs.log_stores import _TIMES as STORED_TIMES
from cancelnorm.logs.log_stores import PATHS
from cancelnorm.logs.part_names import ERRORS, USUAL_STEPS
from tests.logs.readings import alike, read_lines, read_log

__all__ = ["names"]

_GONE: Final = {"retCode": 110001, "retMsg": "gone", "result": {}, "retExtInfo": {}, "time": 1795730430200}
_ASKED: Final = {"method": "order.cancel", "params": {"symbol": "BTCUSDT", "orderId": 7}}
_ANSWERED: Final = {"status": 400, "error": {"code": -2011, "msg": "Unknown order sent."}}
_URL: Final = "https://api.bybit.com/v5/order/cancel"
_HTTP: Final[Mapping[str, Any]] = {
    "payload": _GONE,
    "url": _URL,
    "method": "POST",
    "status": 200,
    "request": {"symbol": "BTCUSDT", "orderId": "7a1"},
    "sent": 1795730430000,
    "received": 1795730430250,
    "account": "desk",
}
"""What a line says of an exchange over HTTP, by the part."""
_NAMED: Final = {key: _HTTP[key] for key in ("payload", "received")} | {
    "venue": "bybit",
    "endpoint": "POST /v5/order/cancel",
}
_KEYS: Final = {"request": "params", "sent": "sent_at", "received": "received_at"}
"""Where these parts are while another one is somewhere else; the others have their own names then."""


def names() -> Iterator[str]:
    """What is read under each name that lines have for a part, an error or an entry, and of each error of ccxt."""
    for part, beside in (*((part, _HTTP) for part in _HTTP), ("venue", _NAMED), ("endpoint", _NAMED)):
        others = {_KEYS.get(each, each): value for each, value in beside.items() if each != part}
        yield from alike(
            part, {way: read_lines(others | _placed(way, beside[part])) for way in USUAL_STEPS[part]}
        )
    for part in ("direction", "connection"):
        yield from alike(part, {way: read_lines(*_frames(part, way)) for way in USUAL_STEPS[part]})
    for title, known, usual in (("sent", SENT_WORDS, "received"), ("received", RECEIVED_WORDS, "sent")):
        yield from alike(
            title,
            {
                word: read_lines(*_frames("direction", ("dir",), {title: word, usual: usual}))
                for word in sorted(known)
            },
        )
    kinds = {"sent": "ws_send", "received": "ws_recv"}
    yield from alike("kind", {key: read_lines(*_frames("direction", (key,), kinds)) for key in KIND_KEYS})
    said = f"bybit recv {json.dumps(_GONE)}"
    yield from alike(
        "error", {key: read_lines({"level": "error", "msg": "failed", key: said}) for key in sorted(ERRORS)}
    )
    entry = {"message": said, "timestamp": "2026-11-26T22:00:30Z"}
    entries = {way: read_lines(_placed(way, [entry])) for way in PATHS}
    for key, keys in (("message", STORED_TEXTS), ("timestamp", STORED_TIMES)):
        rest = {each: value for each, value in entry.items() if each != key}
        entries |= {(name,): read_lines({"events": [rest | {name: entry[key]}]}) for name in sorted(keys)}
    yield from alike("entries", entries)
    error = f": bybit POST {_URL} 200 OK {json.dumps(_GONE)}\n"
    yield from alike(
        "ccxt",
        {name: read_log(f"ccxt.base.errors.{name}{error}".encode(), "one.log") for name in ERROR_CLASSES},
    )


def _placed(way: Steps, value: Any) -> dict[str, Any]:
    for step in reversed(way):
        value = {step: value}
    return dict(value)


def _frames(part: str, way: Steps, words: Mapping[str, str] | None = None) -> Iterator[dict[str, Any]]:
    """Frames of two connections with the same id, each with its direction, perhaps in other words."""
    for connection, direction, payload in (
        ("one", "sent", _ASKED),
        ("two", "sent", _ASKED | {"params": {"symbol": "ETHUSDT", "orderId": 8}}),
        ("two", "received", _ANSWERED),
        ("one", "received", _ANSWERED),
    ):
        line = {"ts": 1795730430250, "venue": "binance", "payload": {"id": "a1", **payload}}
        named = {"direction": words[direction] if words else direction, "connection": connection}
        yield line | {key: value for key, value in named.items() if key != part} | _placed(way, named[part])
