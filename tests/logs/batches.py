"""The batches in which logs are read: the parts, the weight, the bytes and the lines of text of each."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from cancelnorm import logs
from tests.sample_logs import LOG_FILES

__all__ = ["batches"]

_LINE: Final = {"venue": "bybit", "endpoint": "POST /v5/order/cancel", "payload": {"retCode": 0}}
_GONE: Final = {"retCode": 110001, "retMsg": "gone", "result": {}, "retExtInfo": {}, "time": 1795730430200}
_MADE: Final[Mapping[str, str]] = {
    "short.jsonl": f"{json.dumps({'venue': 'a', 'payload': 1})}\n" * 40_000,
    "long.jsonl": f"{json.dumps({**_LINE, 'account': 'x' * 1_000_000})}\n" * 9,
    "records.log": f"22:00:30 bybit recv {json.dumps(_GONE)}\nnothing of it\n" * 2_100,
    "faults.jsonl": json.dumps(_LINE) + "\n" + '{"venue": "okx"}\n{"level": "info", "msg": "x"}\n' * 9_000,
    "lines.jsonl": json.dumps({"exchange": "bybit", "ts": 1795730430250, "msg": json.dumps(_GONE)})
    + "\n{}\n" * 17_000,
    "heavy.log": f"22:00:30 bybit recv {json.dumps({'retCode': 0, 'retMsg': 'x' * 1_500_000})}\n" * 4,
    "elsewhere.log": '22:00:30 POST https://proxy.example/x 200 {"a": 1}\n' * 3,
    "one.json": json.dumps([_LINE, _LINE]),
    "empty.log": "",
}


def batches() -> Iterator[str]:
    """The batches of each log: sample logs, and such as fill one."""
    for path in LOG_FILES:
        yield from _batches(path)
    with TemporaryDirectory() as place:
        for name, text in _MADE.items():
            path = Path(place, name)
            path.write_text(text, encoding="utf-8")
            yield from _batches(path)


def _batches(path: Path) -> Iterator[str]:
    yield f"{path.name}, {path.stat().st_size} bytes:"
    for batch in logs.batches(
        str(path), logs.options_of(dialect="quoted-numbers" if path.suffix == ".json" else None)
    ):
        told = batch._replace(parts=[], name=Path(batch.name).name)
        yield f"  {len(batch.parts)} parts, {len(list(batch.items()))} items, {told}"
