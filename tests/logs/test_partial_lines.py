"""Long lines that containers keep in several parts."""

import json
from typing import Final

import pytest

from cancelnorm import Record, normalise
from cancelnorm.logs.formats import pick
from cancelnorm.logs.item import Unreadable
from cancelnorm.logs.jsonl import MAPPED
from cancelnorm.logs.options import Options
from cancelnorm.logs.text import TEXT
from tests.logs.captured import found, records

AT: Final = "https://api.binance.com/api/v3/order?symbol=BTCUSDT&orderId=12"
REFUSED: Final = json.dumps({"code": -2011, "msg": "Unknown order sent."})
LINE: Final = f"DEBUG DELETE {AT} 400 {REFUSED}"
TIME: Final = "2026-11-03T09:00:01.058123456Z"


@pytest.mark.parametrize("mark", ["P", "P:x"])
@pytest.mark.parametrize("place", [10, 70, len(LINE) - 5])
def test_parts_of_kubernetes(mark: str, place: int) -> None:
    """What belongs together is read as one line, whatever the other stream has between."""
    other = f"{TIME} stderr F nothing\n"
    log = f"{TIME} stdout {mark} {LINE[:5]}\n{TIME} stdout P {LINE[5:place]}\n{other}{TIME} stdout F {LINE[place:]}\n"
    [record] = records(TEXT, (other + log + other).encode())
    [event] = normalise(record).events
    assert (record.status, event.order_id, event.outcome) == (400, "12", "rejected")


def test_the_last_part_is_missing() -> None:
    """What there is of a line is read."""
    log = f"{TIME} stdout F nothing\n{TIME} stdout P {LINE}\n".encode()
    [record] = records(TEXT, log)
    assert normalise(record).events[0].order_id == "12"
    [thing] = found(TEXT, log.replace(b'"}', b""))
    assert not isinstance(thing, Unreadable)


def _docker(*parts: str) -> bytes:
    lines = [{"log": part, "stream": "stdout", "time": TIME} for part in parts]
    return "".join(json.dumps(line) + "\n" for line in lines).encode()


def test_parts_of_docker() -> None:
    """Each but the last has 16 KiB; loggers that take the line break off have whole lines all the same."""
    long = f"DEBUG DELETE {AT} 400 {REFUSED[:-1]}" + ', "padding": "' + "ä" * 20_000 + '"}\n'
    data = long.encode()
    parts = [data[at : at + 16_384].decode("utf-8", "replace") for at in range(0, len(data), 16_384)]
    log = _docker("nothing\n", *parts, "nothing\n")
    assert pick(log, Options()) is MAPPED
    [record] = records(MAPPED, log)
    [event] = normalise(record).events
    assert (event.order_id, event.outcome, event.code) == ("12", "rejected", "-2011")
    assert len(records(MAPPED, _docker(LINE, LINE.replace("12", "13")))) == 2


@pytest.mark.parametrize("place", [1, 10, len(f"DELETE {AT}") - 1, len(f"DELETE {AT} 40")])
def test_a_part_of_docker_that_ends_within_a_word(place: int) -> None:
    """Words that are divided say nothing by themselves."""
    said = f"DELETE {AT} 400 {REFUSED}\n"
    full = "x" * (16_384 - 1 - place) + " " + said[:place]
    [record] = records(MAPPED, _docker(full, said[place:]))
    assert (record.status, record.endpoint) == (400, "DELETE /api/v3/order")


def test_bytes_of_journald() -> None:
    """A message with colors is an array of its bytes."""
    message = f"\x1b[31m{LINE}\x1b[0m".encode()
    line = {"__REALTIME_TIMESTAMP": "1793700001058000", "PRIORITY": "6", "MESSAGE": list(message)}
    [record] = records(MAPPED, json.dumps(line).encode())
    assert (record.status, record.received_ns) == (400, 1793700001058 * 10**6)
    assert normalise(record).events[0].order_id == "12"


def test_a_part_that_is_not_utf_8() -> None:
    """It is a line of its own, and ends no reader."""
    log = b'{"log":"' + b"\xff" * 16_384 + b'","stream":"stdout","time":"2026-11-03T09:00:01Z"}\n'
    things = found(MAPPED, _docker("nothing\n") + log + _docker(LINE))
    assert [type(thing) for thing in things] == [Unreadable, Record]


def test_the_last_part_of_docker_is_missing() -> None:
    """What there is of a line is read, at the line of its last part; also in the answer of a store of logs."""
    part = f"{LINE} {'x' * ((16 << 10) - len(LINE) - 1)}"
    line = {"log": part, "stream": "stdout", "time": TIME}
    log = f"{json.dumps({'log': 'nothing', 'stream': 'stderr', 'time': TIME})}\n{json.dumps(line)}\n"
    [record] = records(MAPPED, log.encode())
    assert (record.source, record.status) == ("log:2", 400)
    assert normalise(record).events[0].order_id == "12"
    stored = {"events": [{"log": "nothing", "time": TIME}, line]}
    [record] = records(MAPPED, f"{json.dumps(stored)}\n".encode())
    assert (record.source, record.status) == ("log:1#2", 400)
