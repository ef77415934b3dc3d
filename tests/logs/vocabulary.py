"""What each word of the tables of readers does where it stands: as a key, as a name, or at the beginning of a line."""

import json
from collections.abc import Iterator
from typing import Any, Final

from cancelnorm.logs import (
    ccxt_lines,
    change_events,
    compression,
    contexts,
    jsonl_requests,
    nested,
    printed,
    text_errors,
    text_log,
    websocket,
)
from cancelnorm.logs.ccxt_lines import Printed
from cancelnorm.logs.contexts import context_before, context_of
from cancelnorm.logs.json_path import Steps
from cancelnorm.logs.jsonl_fields import Parts
from cancelnorm.logs.options import Options
from cancelnorm.logs.part_names import usual_steps
from cancelnorm.logs.passed import PassedOver
from cancelnorm.logs.record_line import read_record
from tests.logs.neighbours import members, shown
from tests.logs.readings import read_log

__all__ = ["vocabulary"]

_GONE: Final = {"retCode": 110001, "retMsg": "gone", "result": {}, "retExtInfo": {}, "time": 1795730430200}
_SAID: Final = json.dumps(_GONE)
_URL: Final = "https://api.bybit.com/v5/order/cancel"


def vocabulary() -> Iterator[str]:
    """What is said with each word."""
    yield from _contexts()
    yield from _connections()
    yield from _documents()
    yield from _lines()
    yield from _records()
    yield from _beginnings()


def _contexts() -> Iterator[str]:
    for kind, paths in contexts._STEPS.items():
        yield f"{kind}:"
        yield from (f"  {path}: {shown(context_of(members(_placed(path, 'x1'))))}" for path in paths)
    for word in sorted(contexts._PLACEHOLDERS):
        names = (word, word.upper(), f"{word}1")
        yield f"{word}: {[shown(context_of(members({'request_id': name}))) for name in names]}"
    words = [*contexts._OTHERS, *contexts._THREADS]
    for word in sorted(each.decode() for each in words):
        lines = (
            f"{word}-1   | x",
            f"x{word}_2[311]: x",
            f"{word}[311]: x",
            f"{word}s[311]: x",
            f"Nov 26 22:00:30 {word}3 bot[31]: x",
        )
        yield f"{word}: {[shown(context_before(line.encode())) for line in lines]}"
    for word in (each.decode() for each in contexts._OF_PROGRAM):
        named = (f"{word}=a7 x", f"[{word} 7] x", f"{word.upper()}_ID = 'b' x")
        yield f"{word}: {[shown(context_before(line.encode())) for line in named]}"


def _placed(way: Steps, value: Any) -> dict[str, Any]:
    for step in reversed(way):
        value = {step: value}
    return dict(value)


_LABELS: Final = (
    "account",
    "acct",
    "sub-account",
    "subaccount",
    "conn",
    "connection",
    "client",
    "session",
    "socket",
    "ws",
)


def _connections() -> Iterator[str]:
    for word in sorted(text_log._DIRECTIONS):
        yield f"{word}: {_connection(f'conn={word} account={word.upper()} ws={word}1 ')}"
    for label in _LABELS:
        yield f"{label}: {[_connection(line) for line in (f'{label}-7 ', f'{label}: x1] ', f'{label.upper()}_id=x2 ')]}"
    frames = websocket.Frames(Options())
    for beat in websocket._HEARTBEATS:
        for data in (beat, beat.upper() + b"\n", beat + b"x"):
            yield f"{data!r}: {frames.receive(data, 1, 'bybit', 'a.log:1') is None}"


def _connection(line: str) -> str | None:
    log = text_log.TextLog("a.log", Options(), PassedOver())
    log.line = line.encode()
    return log.channel().connection


def _documents() -> Iterator[str]:
    for first, second in nested._PAIRS:
        pairs = [{first: "venue", second: "bybit"}, {first: "payload", second: _SAID}]
        yield f"{first} and {second}: {_within(pairs)}"
    for word in sorted(nested._PIECE):
        piece = {"type": "code", word: "x", "text": f"bybit recv {_SAID}"}
        yield f"beside a piece of text, {word}: {_within({'messages': [{'text': ['said ', piece]}]})}"
    row = {"id": 1, "payload": _SAID}
    for operation in map(json.loads, sorted(change_events._DELETED)):
        for around in (
            {"op": operation, "before": row, "after": None},
            {"type": operation, "database": "a", "table": "b", "data": [row]},
        ):
            yield f"{operation}: {shown(change_events.rows_changed(members(around)))}"
    binlog = {"database": "a", "table": "b", "type": "insert", "data": [row]}
    for word in binlog:
        rest = {key: value for key, value in binlog.items() if key != word}
        yield f"without {word}: {shown(change_events.rows_changed(members(rest)))}"


def _within(document: Any) -> str:
    found = shown(nested.lines_within(json.dumps(document).encode(), None))
    return found.replace(json.dumps(_SAID)[1:-1], "GONE").replace(_SAID, "GONE")


def _lines() -> Iterator[str]:
    for word in sorted(jsonl_requests._ENVELOPE):
        line = members({"url": _URL, "method": "POST", "request": {word: "x", "orderId": "7a1"}})
        parts = Parts(line, {}, usual_steps(line), {})
        yield f"{word} in a request: {jsonl_requests.request_in(parts, 1, None).body!r}"
    for word in printed._NOTHING:
        asked = Printed("POST", _URL, word, False, 1)
        yield f"{word!r} for a body: {printed.answer_in(asked, asked, 'a.log:1').sent!r}"


_VALUES: Final = (
    "7",
    "-1",
    '"x"',
    "true",
    "1.5",
    "1e400",
    "{}",
    "[]",
    "[1]",
    "[{}]",
    "null",
    "9223372036854775808",
)


def _records() -> Iterator[str]:
    """A record in which a key has a value of each type."""
    record = {"venue": '"bybit"', "payload": "{}"}
    for key in ("venue", "endpoint", "status", "request", "sent_ns", "secrets", "account", "payload"):
        for value in _VALUES:
            line = ",".join(f'"{name}":{held}' for name, held in (record | {key: value}).items())
            yield f"{key} {value}: {shown(read_record(f'{{{line}}}'.encode(), 'a.jsonl:1'))}"


def _beginnings() -> Iterator[str]:
    for start in ccxt_lines._STARTS:
        blocks = ccxt_lines.Blocks("a.log:{}".format, Options().zone, 1_000)
        lines = ("fetch:", " bybit POST https://a.b/c", "Request:", " {}", f"{start} rest")
        yield f"{start}: {[blocks.take(number, line.encode())[1] for number, line in enumerate(lines, 1)]}"
    for end, start in text_errors._CLOSING.items():
        line = f"{start}error code: 110001, msg: order not exists{end}"
        yield f"{start} and {end}: {shown(text_errors.error_in(line, lambda: 'bybit'))}"
    for beginning in compression._FOREIGN:
        yield f"{beginning!r}: {' | '.join(read_log(beginning + b'x' * 40, 'one.log'))}"
