"""What is read of a log, as lines of a reviewed text."""

import json
import re
from atexit import register
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from itertools import cycle
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import Any, Final, Unpack

import msgspec

from cancelnorm import CancelNormError
from cancelnorm.logs import Unreadable, batches, options_of, read
from cancelnorm.logs.options import ReadOptions

__all__ = ["alike", "brief", "read_brief", "read_counted", "read_file", "read_lines", "read_log", "unplaced"]


def read_file(path: Path, **options: Unpack[ReadOptions]) -> list[str]:
    """The records of a log and what is no record, one a line."""
    try:
        return [_line(found) for found in read(path, **options)]
    except (CancelNormError, OSError) as error:
        return [f"refused: {_plain(str(error))}"]


def _line(found: Any) -> str:
    if isinstance(found, Unreadable):
        return f"unreadable: {_plain(str(found))}"
    said = {
        name: getattr(found, name)
        for name in found.__struct_fields__
        if name != "payload" and getattr(found, name) not in (None, ())
    }
    payload = found.payload if isinstance(found.payload, str) else found.payload.decode("utf-8", "replace")
    return f"{_plain(msgspec.json.encode(said).decode())} {len(payload)} {payload[:40]!r} … {payload[-20:]!r}"


def _plain(text: str) -> str:
    """A text without the folder of its log."""
    return re.sub(r"[^\s\"']*/(?=[\w.-]+\.(?:log|json|jsonl|har|csv|yaml|zip)\b)", "", text)


def read_log(data: bytes, name: str, **options: Unpack[ReadOptions]) -> list[str]:
    """What is read of a log with some content."""
    with _written(data, name) as path:
        return read_file(path, **options)


@contextmanager
def _written(data: bytes, name: str) -> Iterator[Path]:
    """A file with some content."""
    path = next(_folders()) / name
    path.write_bytes(data)
    yield path
    path.unlink()


_FOLDERS: Final = 64
"""Number of folders that are used in turn: another archive at the same path and time may be taken for the last one."""


@cache
def _folders() -> Iterator[Path]:
    """Folders for one log each, used again: to make and remove one takes far longer than to read most logs."""
    place = mkdtemp()
    register(rmtree, place)
    paths = [Path(place, str(number)) for number in range(_FOLDERS)]
    for path in paths:
        path.mkdir()
    return cycle(paths)


def read_counted(data: bytes, name: str) -> list[str]:
    """The same, and last how many lines are text without a record, and how many requests are at hosts of no venue."""
    with _written(data, name) as path:
        every = list(batches(str(path), options_of()))
    lines = sum(batch.text_lines for batch in every)
    passed = sum((Counter(batch.passed) for batch in every), Counter[str]())
    others = "".join(f", {count} at {host}" for host, count in sorted(passed.items()))
    return [*(_line(found) for batch in every for found in batch.found()), f"{lines} of text{others}"]


def read_lines(*lines: Any) -> list[str]:
    """What is read of a log with some objects, one a line."""
    return read_log(b"".join(json.dumps(line).encode() + b"\n" for line in lines), "one.jsonl")


def read_brief(lines: Sequence[str]) -> str:
    """What is read of a log of a bot with some lines, each record in few words."""
    log = "".join(f"2026-11-26 22:00:3{second},250 INFO bot: {line}\n" for second, line in enumerate(lines))
    *found, text = read_counted(log.encode(), "one.log")
    return " | ".join([*map(brief, found), text])


_PAYLOADS: Final = ("gone", "OK", "Unknown", "CANCELED", "sCode")


def brief(line: str) -> str:
    """A record in few words: its line, its status, the order that was asked for, how it was paired, and its payload."""
    if not line.startswith("{"):
        return line.partition(":")[2].partition(";")[0].strip()
    said, end = json.JSONDecoder().raw_decode(line)
    asked = said.get("request") or {}
    row = asked if isinstance(asked, dict) else asked[0]
    parts = (
        said["source"].rpartition(":")[2],
        said["venue"],
        said.get("status"),
        "".join(f"{key}={row[key]}" for key in ("orderId", "ordId") if key in row),
        said.get("pairing"),
        *(name.removesuffix("_ns") for name in ("sent_ns", "received_ns") if name in said),
        next((word for word in _PAYLOADS if word in line[end:]), ""),
    )
    return " ".join(str(part) for part in parts if part not in (None, ""))


def alike(title: str, found: Mapping[Any, list[str]]) -> Iterator[str]:
    """What is read under each of several names, the most frequent once."""
    read = {name: " | ".join(lines) for name, lines in found.items()}
    usual = max(read.values(), key=list(read.values()).count)
    yield f"{title}: {usual}"
    for name, lines in read.items():
        yield f"  {json.dumps(name)}: {'the same' if lines == usual else lines}"


def unplaced(line: str) -> str:
    """A line of a reading without the number of its record's line."""
    return re.sub(r'"source":"[^"]*",?|(?<=\.)(?:jsonl?|log|har|yaml):[0-9]+', "", line)
