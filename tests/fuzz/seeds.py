"""What is mutated: the answers of samples, their events, and logs in every format."""

import json
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from typing import Any, Final

import msgspec
from msgspec.structs import replace

from cancelnorm import CancelNormError, Record, encode, normalise
from cancelnorm.logs import Options, quarantined, redacted
from cancelnorm.logs.item import Item
from tests.sample_logs import LOG_FILES
from tests.samples import FOLDER, SAMPLES

__all__ = ["all_logs", "bodies", "bytes_of", "events", "logs", "payloads", "skipped"]

# --- Payloads ---


@cache
def payloads() -> list[Record]:
    """The answers of all samples."""
    return [sample.record("hostile.log:1") for sample in SAMPLES.values()]


@cache
def skipped() -> list[Record]:
    """Frames that are no cancels."""
    decode = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode
    return [
        Record(bytes(decode(path.read_bytes())["payload"]), path.parent.name)
        for path in sorted((FOLDER / "skipped").glob("*/*.json"))
    ]


@cache
def bodies() -> dict[str, list[bytes]]:
    """The answers of each venue."""
    found: dict[str, list[bytes]] = {}
    for record in payloads():
        found.setdefault(record.venue, []).append(bytes_of(record.payload))
    return found


def bytes_of(payload: bytes | str) -> bytes:
    """A payload as it is sent."""
    return payload if isinstance(payload, bytes) else payload.encode()


# --- Events ---


@cache
def events() -> list[bytes]:
    """Lines with the events of samples."""
    lines = []
    for record in payloads()[:400:4]:
        try:
            lines += [encode(event) for event in normalise(record).events]
        except CancelNormError:
            continue
    return lines


# --- Logs ---


@cache
def all_logs() -> list[bytes]:
    """Every recorded log."""
    return [path.read_bytes() for path in LOG_FILES]


@cache
def logs(name: str) -> list[bytes]:
    """Logs of a format, mostly short ones: recorded ones and pieces of them, samples, and past failures."""
    if name == "quarantine":
        found = [_quarantine()]
    elif name == "events":
        found = [b"\n".join(events()[at : at + 3]) + b"\n" for at in range(0, 30, 3)]
    elif name == "records":
        lines = [msgspec.json.encode(_line(record)) for record in payloads()]
        spread = [msgspec.json.format(line, indent=1) for line in lines[::25]]
        found = [*(b"\n".join(lines[at : at + 4]) + b"\n" for at in range(0, len(lines), 4)), *spread]
    else:
        recorded = [data for data in all_logs() if _format_of(data) == name]
        found = [piece for data in recorded for piece in (data, *_pieces(name, data))]
    failures = [path.read_bytes() for path in sorted((FOLDER / "hostile").glob(f"{name}*/*"))]
    return [
        *(data for data in found if len(data) < _LONGEST_SEED),
        *(data for data in failures if len(data) < _LONGEST_FAILURE),
    ]


_LONGEST_SEED: Final = 12_000
_LONGEST_FAILURE: Final = 3_000
_SHORTEST_PIECE: Final = 120
_IN_LINES: Final = ("ccxt", "cryptofeed", "csv", "jsonl", "text", "timestamped")


def _pieces(name: str, data: bytes) -> Iterator[bytes]:
    """Short logs made of pieces of a long one: of its lines, or of its entries."""
    if name in _IN_LINES:
        header, *lines = data.splitlines(keepends=True)
        first = header if name == "csv" else b""
        for size in (1, 2, 4, 8):
            pieces = (b"".join(lines[at : at + size]) for at in range(0, len(lines), size))
            yield from (first + piece for piece in pieces if len(piece) > _SHORTEST_PIECE)
    elif name == "har":
        log = json.loads(data)["log"]
        entries = [[entry] for entry in log["entries"]]
        for some in (*entries, *(a + b for a, b in pairwise(entries))):
            yield json.dumps({"log": log | {"entries": some}}).encode()


def _line(record: Record) -> dict[str, Any]:
    members = {
        "venue": record.venue,
        "endpoint": record.endpoint,
        "status": record.status,
        "request": record.request,
    }
    payload = msgspec.Raw(record.payload)
    try:
        msgspec.json.decode(record.payload)
    except msgspec.DecodeError:
        payload = msgspec.Raw(msgspec.json.encode(bytes_of(record.payload).decode()))
    return {**{key: value for key, value in members.items() if value is not None}, "payload": payload}


def _quarantine() -> bytes:
    finding = {"code": "CN101", "name": "payload-refused", "path": "$", "message": "x"}
    items = [Item(record, b"a line") for record in payloads()[:60:20]]
    items.append(Item(replace(payloads()[0], payload=b"\xff")))
    return b"".join(quarantined(redacted(item), finding) for item in items)


def _format_of(data: bytes) -> str:
    from cancelnorm.logs.formats import pick

    return pick(data[: 1 << 16], Options()).name
