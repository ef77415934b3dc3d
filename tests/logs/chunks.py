"""What is read of bytes that come in chunks of some size, and how long what is read may be, to the byte."""

import bz2
import csv
import gzip
import io
import json
import lzma
import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache, partial
from typing import Final
from unittest.mock import patch

import zstandard

from cancelnorm.logs import source
from cancelnorm.logs.compression import Damaged, Stream
from cancelnorm.logs.json_array import located
from cancelnorm.logs.source import Source
from tests.logs.captured import Chunks
from tests.logs.readings import read_log, unplaced

__all__ = ["chunks"]

_SIZES: Final = (1, 2, 3, 5, 8)
_MOST: Final = 10**6
_ARRAYS: Final = (
    b'{"log":{"version":"1","entries":[{"a":1},\n {"b":"]}\\"{["}\n,[1,[2]],{"c":{"d":"\\\\"}}, {}\n],"x":[{}]}}\n',
    b'{"a":{"entries":[{"a":1}]},"log":[{"entries":[{"a":1}]}],"log":{"entries":[{"a":2}] }}',
    b'{"log":{"entries":[{"a":1}{"b":2}]}}',
    b'{"log":{"entries":[{"a":1},,{"b":2}]}}',
    b'{"log":{"entries":[{"a":1},7,{"b":{"c":2}}]}}',
    b'{"log":{"entries":[\n\n{"a":{}}\n\n,\n{"b":2}]\n}} x {',
    b'{"log":{"entries":[{"a":[1}]}}',
    b'{"log":{"entries":[{"a":"x',
    b'{"log":{"entries":[]}}]',
    b'{"' + b"l" * 64 + b'":1,"log":{"' + b"e" * 70 + b'":[],"entries":[{"a":"' + b"\\n" * 9 + b'"}]}}',
    b'[{"log":{"entries":[{"a":1}]}}]',
)
_LINES: Final = (
    b"one\n\ntwo three\r\n  \nfour\n",
    b'{"a":1}\n{"b":2}',
    b"\n\n{",
    b"a long line of many words\nshort\nanother long line of words\nx\ny\n",
    b"",
)
_PACKED: Final[Mapping[str, tuple[bytes, ...]]] = {
    "gzip": (gzip.compress(b"one\n", mtime=0), gzip.compress(b"two\n", mtime=0)),
    "bzip2": (bz2.compress(b"one\n"), bz2.compress(b"two\n")),
    "xz": (lzma.compress(b"one\n"), lzma.compress(b"two\n")),
    "zstd": (zstandard.compress(b"one\n"), zstandard.compress(b"two\n")),
}
_PLAIN: Final = (
    b"\xef\xbb\xbfone\n",
    b"\0\0\0\0\0\0one\n",
    b"o\0n\0e\0",
    b"\0\0",
    b"o",
    b"PK\3\4one",
    b"one\0\0",
)
_GONE: Final = '{"retCode":110001,"retMsg":"gone","result":{},"retExtInfo":{},"time":1795730430200}'
_URL: Final = "https://api.bybit.com/v5/order/cancel"
_ENTRY: Final = {
    "request": {"method": "POST", "url": _URL, "headers": [], "postData": {"text": '{"orderId":"7a1"}'}},
    "response": {"status": 200, "headers": [], "content": {"text": _GONE}},
}


def chunks() -> Iterator[str]:
    """What is read of each."""
    for array in _ARRAYS:
        yield from _ranges(array, partial(_items, array))
    for lines in _LINES:
        yield from _ranges(lines, partial(_read_lines, lines))
    for name, (one, two) in _PACKED.items():
        for title, data in (
            ("two members", one + two),
            ("padding", one + b"\0" * 7 + two + b"\0"),
            ("cut", one + two[:-3]),
            ("something behind", one + b"x"),
            ("changed", b"" if name == "zstd" else one[:10] + bytes([one[10] ^ 0x55]) + one[11:]),
        ):
            yield from _alike(f"{name}, {title}", partial(_unpacked, data))
    for data in _PLAIN:
        yield from _alike(repr(data), partial(_unpacked, data))
    for name, text in _logs().items():
        yield from _changes(name, text.encode())


def _ranges(data: bytes, read: Callable[[int, int], str]) -> Iterator[str]:
    """What is read in one chunk, with each limit, and where smaller chunks make a difference."""
    yield f"{data!r}: {read(_MOST, _MOST)}"
    before = ""
    for most in range(1, len(data) + 2):
        if (found := read(most, _MOST)) != before:
            yield f"  {most} bytes: {found}"
        for size in _SIZES:
            if (other := read(most, size)) != found:
                yield f"  {most} bytes in chunks of {size}: {other}"
        before = found


def _alike(title: str, read: Callable[[int], str]) -> Iterator[str]:
    yield f"{title}: {read(_MOST)}"
    yield from (f"  in chunks of {size}: {read(size)}" for size in _SIZES if read(size) != read(_MOST))


def _source(data: bytes, most: int, size: int) -> Source:
    return Source(_stream(data, size), "log", max_record_bytes=most)


def _stream(data: bytes, size: int) -> Stream:
    return Stream(Chunks(data[at : at + size] for at in range(0, len(data), size)), "log")


def _items(data: bytes, most: int, size: int) -> str:
    with patch.object(source, "HEAD_BYTES", 1):
        found = list(located(_source(data, most, size), (b"log", b"entries"), "entry"))
    return " ".join(f"{place.removeprefix('log:')} {_shown(item)}" for place, item in found)


def _shown(item: object) -> str:
    return item.decode() if isinstance(item, bytes) else _unlimited(str(item))


def _unlimited(text: str) -> str:
    """A text without the limit that it names."""
    return re.sub(r"longer than [0-9,.A-Za-z ]+, the limit of --max-record", "too long", text)


def _read_lines(data: bytes, most: int, size: int) -> str:
    """The lines, the last of those that may be blank, and what is known of the whole log."""
    with patch.object(source, "HEAD_BYTES", 4):
        lines = [*_source(data, most, size).lines()]
        every = [*_source(data, most, size).all_lines()]
        whole = _source(data, most, size)
        whole.body()
        return f"{lines} {len(every)} {every[-1:]} {whole.is_longer} {whole.is_long_line}"


def _unpacked(data: bytes, size: int) -> str:
    stream = _stream(data, size)
    try:
        found = b"".join(stream)
    except Damaged as error:
        return str(error)
    return f"{found!r} {stream.damage} {stream.position} {stream.start}"


def _logs() -> Mapping[str, str]:
    """Logs whose records are as long as others may be."""
    line = json.dumps({"venue": "bybit", "payload": _GONE})
    table = io.StringIO()
    csv.writer(table).writerows(
        [("venue", "note", "payload"), ("bybit", "a\nb\nc", _GONE), ("bybit", "", _GONE)]
    )
    har = {"log": {"creator": {}, "entries": [_ENTRY, _ENTRY | {"time": 1}]}}
    asked = f"request: {{method: POST, uri: '{_URL}', body: null}}"
    yaml = f"- {asked}\n  response: {{status: {{code: 200}}, body: {{string: '{_GONE}'}}}}\n"
    return {
        "one.jsonl": f"{line}\n {line}\n",
        "other.jsonl": f'{{"ts":1795730430250,"venue":"bybit","response":{_GONE}}}\n',
        "record.json": json.dumps({"venue": "bybit", "payload": _GONE}, indent=1),
        "one.csv": table.getvalue(),
        "array.json": f"[{line},\n{line} ]",
        "one.har": json.dumps(har),
        "one.yaml": f"interactions:\n{yaml}{yaml}version: 1\n",
        "one.log": f"22:00:30 bybit recv {_GONE}\n22:00:31 POST {_URL} 200 {_GONE}\n",
        "frames.log": f"1795730430250 {_GONE}\n1795730430251 {_GONE} \n",
        "payload.json": _GONE,
    }


def _changes(name: str, data: bytes) -> Iterator[str]:
    """What is read of a log with each limit: where that changes, and where it does between these."""

    @cache
    def read(most: int) -> str:
        return " | ".join(_unlimited(unplaced(line)) for line in read_log(data, name, max_record_bytes=most))

    def places(low: int, high: int) -> Iterator[int]:
        if read(low) == read(high):
            return
        if high - low == 1:
            yield high
            return
        middle = (low + high) // 2
        yield from places(low, middle)
        yield from places(middle, high)

    yield f"{name}: {read(1)}"
    yield from (f"  {most} bytes: {read(most)}" for most in places(1, 20 * len(data)))
