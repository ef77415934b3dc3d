"""What is read of short dialogues in lines of JSON: all sequences of two lines, behind each of a few beginnings."""

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import Any, Final

from tests.logs.readings import brief, read_counted

__all__ = ["json_dialogues"]

_URL: Final = "https://api.bybit.com/v5/order/cancel"
_OTHER: Final = "https://fapi.binance.com/fapi/v1/order?symbol=BTCUSDT&orderId=7"
_GONE: Final = {"retCode": 110001, "retMsg": "gone", "result": {}, "retExtInfo": {}, "time": 1795730430200}
_REFUSED: Final = {"code": -2011, "msg": "Unknown order sent."}
_POST: Final = {"method": "POST", "url": _URL}
_DELETE: Final = {"method": "DELETE", "url": _OTHER}

_LINES: Final[Mapping[str, Mapping[str, Any]]] = {
    "ask-1": {"dir": "out", **_POST, "body": {"orderId": "7a1"}},
    "ask-2": {"dir": "out", **_POST, "body": '{"orderId": "7a2"}', "conn_id": "c2"},
    "sending": {"msg": "sending", **_POST},
    "delete": {"event": "request", **_DELETE},
    "delete-desk": {"event": "request", **_DELETE, "account": "desk"},
    "status": {**_POST, "status": 200, "body": None},
    "status-404": {**_DELETE, "status": 404, "response": {"status": 404}},
    "failed": {"level": "error", "msg": "cancel failed: timed out", **_DELETE, "status": 503},
    "gone": {"dir": "in", "exchange": "bybit", "response": _GONE},
    "all": {**_POST, "status": 200, "response": _GONE},
    "all-delete": {**_DELETE, "status": 400, "response": _REFUSED},
    "refused": {"msg": f"recv {json.dumps(_REFUSED)}"},
    "bare": {"status": 400, "response": _REFUSED},
    "error": {"level": "error", "error": {"code": -2011, "message": "Unknown order sent.", "url": _OTHER}},
    "raised": {
        "level": "error",
        "msg": "cancel failed",
        "err": f"ccxt.base.errors.RequestTimeout: bybit POST {_URL}",
    },
    "text": {"msg": f"POST {_URL} 200 {json.dumps(_GONE)}"},
    "other": {"msg": "nothing of it", "url": "https://api.bybit.com/v5/market/time", "status": 200},
}
_BEGINNINGS: Final = (
    (),
    ("ask-1",),
    ("ask-1", "delete"),
    ("delete", "status-404"),
)


def json_dialogues() -> Iterator[str]:
    """What is read of each."""
    for beginning in _BEGINNINGS:
        yield f"{' '.join(beginning) or 'nothing'}:"
        found: dict[str, list[str]] = {}
        for names in product(_LINES, repeat=2):
            said = _read([_LINES[name] for name in (*beginning, *names)])
            found.setdefault(said, []).append(" ".join(names))
        yield from (f"  {said}: {', '.join(which)}" for said, which in found.items())


def _read(lines: Sequence[Mapping[str, Any]]) -> str:
    timed = ({"ts": f"2026-11-26T22:00:3{second}.250Z", **line} for second, line in enumerate(lines))
    log = "".join(json.dumps(line) + "\n" for line in timed)
    *found, text = read_counted(log.encode(), "one.jsonl")
    return " | ".join([*map(brief, found), text])
