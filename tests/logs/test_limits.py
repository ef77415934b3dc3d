"""A small file that would become large, or slow: what is read of it, and in how much memory."""

import bz2
import gzip
import json
import lzma
import os
import struct
import zipfile
import zlib
from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from itertools import repeat
from pathlib import Path
from time import time_ns
from unittest.mock import patch

import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cancelnorm import Record, logs
from cancelnorm.logs import Options, Unreadable, archived, archives, compression
from cancelnorm.logs.compression import Stream
from cancelnorm.logs.formats import pick
from cancelnorm.logs.har import HAR
from cancelnorm.logs.item import Item
from cancelnorm.logs.limits import bytes_of, shown_size
from cancelnorm.logs.open import Batch, parts_of
from cancelnorm.logs.source import Source
from cancelnorm.logs.vcr import CASSETTES
from tests.logs.captured import Chunks, faults, items, passed, peak_bytes

MIB = 1 << 20
SMALL = Options(max_record_bytes=MIB >> 1)
TOO_LONG = "longer than 8 MiB, the limit of --max-record"


# --- The limit ---


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("1", 1),
        ("500K", 500 << 10),
        ("64M", 64 << 20),
        ("2g", 2 << 30),
        (" 8 MiB ", 8 << 20),
        ("3kb", 3 << 10),
    ],
)
def test_sizes(text: str, size: int) -> None:
    """A number with a unit of 1,024, in any case."""
    assert bytes_of(text) == size
    assert bytes_of(shown_size(size).removesuffix(" bytes")) == size


@pytest.mark.parametrize("text", ["", "0", "M", "-1", "1.5M", "64X", "1e9", "9" * 40])
def test_what_is_no_size(text: str) -> None:
    """The fault quotes it."""
    with pytest.raises(ValueError, match="expected a size like 64M"):
        bytes_of(text)


RECORD = b'{"venue":"binance","endpoint":"DELETE /api/v3/order","payload":{"code":-2011,"msg":"Unknown order sent."}}'
FRAME = b'{"code":-2011,"msg":"Unknown order sent."}'
EVERY_FORM = {
    "records": (b"%b\n", RECORD),
    "bare": (b"%b\n", FRAME),
    "timestamped": (b"2026-01-01T00:00:00Z %b\n", FRAME),
    "cryptofeed": (b"1700000000.1: %b\n", FRAME),
    "jsonl": (b"%b\n", b'{"venue":"binance","data":%b,"x":1}' % FRAME),
    "text": (b"INFO received %b\n", FRAME),
    "array": (b"%b,\n", RECORD),
}


@pytest.mark.parametrize("form", EVERY_FORM)
@pytest.mark.parametrize("padding", [1, 100, 200_000])
def test_the_limit_is_exact_in_every_format(form: str, padding: int) -> None:
    """A line of the limit is read, one of a byte more is refused in its place, and those around it are read."""
    frame, line = EVERY_FORM[form]
    good = frame % line
    long = frame % line.replace(b"Unknown", b"Unknown" + b" x" * padding)
    size = len(long.rstrip(b",\n"))
    log = good + long + good + long.removesuffix(b"\n")
    if form == "array":
        log = b"[" + log.removesuffix(b",") + b"]"
    options = Options(form, venue="binance", endpoint="DELETE /api/v3/order")
    for limit, fates in ((size, [True] * 4), (size - 1, [True, False, True, False])):
        chosen = pick(log, options)
        given = Options(form, venue="binance", endpoint="DELETE /api/v3/order", max_record_bytes=limit)
        found = [item.found for item in lines(chosen.name, log, given)]
        assert [isinstance(each, Record) for each in found] == fates
        assert {str(each)[:6] for each in found if isinstance(each, Unreadable)} <= {"log:2:", "log:4:"}


def lines(form: str, log: bytes, options: Options) -> Iterator[Item]:
    """What a log holds, with the blocks of records read."""
    source = Source(Stream(Chunks([log]), "log"), "log", max_record_bytes=options.max_record_bytes)
    parts = list(logs.named(form).read(source, options))
    return Batch(form, parts).items()


@pytest.mark.parametrize("form", ["bare", "timestamped", "cryptofeed", "jsonl", "text", "csv"])
def test_an_endless_line_is_not_held(form: str) -> None:
    """A gigabyte would take no more memory than this."""
    head = b"venue,payload\n" if form == "csv" else b""
    chunks = [head, *repeat(b"x" * 96_000, 100), b"\n"]

    def read() -> None:
        for item in items(logs.named(form), chunks, SMALL):
            assert "longer than 512 KiB" in str(item.found)

    assert peak_bytes(read) < 4 * MIB


def test_a_row_of_csv_is_not_endless() -> None:
    """Each field is short, and each line too."""
    options = Options("csv", venue="binance", max_record_bytes=1_000)
    field = b'"a\n",'
    log = (
        b"endpoint,payload\n"
        + field * 2_000
        + b"\n"
        + b'DELETE /api/v3/order,"{""code"":-2011,""msg"":""x""}"\n'
    )
    found = [item.found for item in items(logs.named("csv"), [log], options)]
    assert "longer than 1000 bytes" in str(found[0])
    assert isinstance(found[-1], Record)


# --- Compressed files ---

EMPTY_MEMBERS = {
    "gzip": gzip.compress(b""),
    "bzip2": bz2.compress(b""),
    "xz": lzma.compress(b""),
    "zstd": struct.pack("<II", 0x184D2A50, 0),
}
PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "bzip2": bz2.compress,
    "xz": lzma.compress,
    "zstd": zstandard.ZstdCompressor().compress,
}


def pieces(data: bytes) -> list[bytes]:
    """The chunks of a stream of compressed bytes."""
    return list(Stream(Chunks([data[at : at + 96_000] for at in range(0, len(data), 96_000)]), "log"))


@pytest.mark.parametrize("packer", PACKERS)
def test_small_members_are_gathered(packer: str) -> None:
    """Thousands of members with a byte or none are few chunks."""
    pack, empty = PACKERS[packer], EMPTY_MEMBERS[packer]
    found = pieces(pack(b"a") * 2_000 + empty * 2_000 + pack(b"b") * 2_000)
    assert b"".join(found) == b"a" * 2_000 + b"b" * 2_000
    assert len(found) < 10


@pytest.mark.parametrize("packer", PACKERS)
def test_a_line_that_expands_is_not_held(packer: str) -> None:
    """Memory is that of a chunk and of what the library takes, whatever a line becomes."""
    data = PACKERS[packer](b"x" * (16 * MIB) + b"\n" + FRAME + b"\n")
    counts: list[int] = []
    peak = peak_bytes(lambda: counts.append(sum(1 for _ in items(logs.named("bare"), [data], SMALL))))
    assert counts == [2]
    assert peak < 20 * MIB


@pytest.mark.parametrize("packer", ["bzip2", "zstd"])
@pytest.mark.parametrize("filler", [b"x", b"\n", b"\0", b" \n"])
def test_what_expands_without_end_is_cut(packer: str, filler: bytes) -> None:
    """No gzip expands as much; what is before is read, and the damage told."""
    block = PACKERS[packer](filler * (2 * MIB // len(filler)))
    data = PACKERS[packer](FRAME + b"\n") + block * 20
    options = Options(venue="binance", endpoint="DELETE /api/v3/order")

    source = Source(Stream(Chunks([data]), "log"), "log")
    with patch.object(compression, "_FREE_BYTES", 4 * MIB):
        found = [
            part.found for part in parts_of(logs.named("bare"), source, options) if isinstance(part, Item)
        ]
    assert isinstance(found[0], Record)
    assert str(found[-1]).endswith(f"file: {packer} data expands more than 1,100 times")


@pytest.mark.parametrize("packer", ["bzip2", "zstd"])
def test_lines_that_expand_are_not_cut(packer: str) -> None:
    """Lines are read as they come, however much more there is of them than of the file."""
    count = 2 * MIB // len(FRAME)
    data = PACKERS[packer]((FRAME + b"\n") * count) * 10
    with patch.object(compression, "_FREE_BYTES", MIB):
        assert passed(logs.named("bare"), [data]) == 10 * count


def test_gzip_is_never_cut() -> None:
    """A long line is passed over, and the next one is read, as in a file that is not compressed."""
    packer = zlib.compressobj(9, wbits=31)
    data = (
        b"".join(packer.compress(b"x" * MIB) for _ in range(16))
        + packer.compress(b"\n" + FRAME)
        + packer.flush()
    )
    with patch.object(compression, "_FREE_BYTES", MIB):
        assert passed(logs.named("bare"), [data]) == 2


def test_a_huge_window_is_refused() -> None:
    """A file says how much memory it takes."""
    filters = [{"id": lzma.FILTER_LZMA2, "preset": 1, "dict_size": 1 << 30}]
    assert faults_of(lzma.compress(b"{}\n", filters=filters)) == ["xz data is corrupt near byte 0"]
    parameters = zstandard.ZstdCompressionParameters.from_level(3, window_log=31)
    frame = zstandard.ZstdCompressor(compression_params=parameters).compressobj()
    assert faults_of(frame.compress(b"{}\n") + frame.flush()) == ["zstd data is corrupt near byte 0"]


def faults_of(data: bytes) -> list[str]:
    """The damage of a compressed file, up to what its library says."""
    stream = Stream(Chunks([data]), "log")
    list(stream)
    return [(stream.damage or "").partition(":")[0]]


# --- Bodies ---


BODY = b'{"code":-2011,"msg":"%b"}'
CODINGS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": import_module("brotli").compress,
    "zstd": zstandard.ZstdCompressor().compress,
}


def har(coding: str, *bodies: bytes) -> bytes:
    """A capture of answers to cancels, compressed and in base64."""
    entries = [
        {
            "request": {"method": "DELETE", "url": "https://api.binance.com/api/v3/order"},
            "response": {
                "status": 400,
                "headers": [{"name": "Content-Encoding", "value": coding}],
                "content": {"encoding": "base64", "text": b64encode(CODINGS[coding](body)).decode()},
            },
        }
        for body in bodies
    ]
    return json.dumps({"log": {"creator": {}, "entries": entries}}).encode()


@pytest.mark.parametrize("coding", CODINGS)
def test_a_body_that_expands_is_refused(coding: str) -> None:
    """It costs its entry only, and no more memory than a body may have."""
    log = har(coding, BODY % b"a", BODY % (b"a" * 20 * MIB), BODY % b"b")
    fates: list[bool] = []

    def read() -> None:
        fates.extend(isinstance(item.found, Record) for item in items(HAR, [log], SMALL))

    assert peak_bytes(read) < 12 * MIB
    assert fates == [True, False, True]
    assert faults(HAR, log, SMALL) == [
        "log:1#2: response.content: the decompressed body is longer than 512 KiB, the limit of --max-record"
    ]


@pytest.mark.parametrize("coding", CODINGS)
def test_the_limit_of_a_body_is_exact(coding: str) -> None:
    """A body of the limit is read, one of a byte more is not."""
    body = BODY % (b"a" * 5_000)
    assert not faults(
        HAR, har(coding, body), Options(max_record_bytes=max(len(har(coding, body)), len(body)))
    )
    [fault] = faults(HAR, har(coding, body), Options(max_record_bytes=len(body) - 1))
    assert "the decompressed body is longer than" in fault


# --- Cassettes in YAML ---

INTERACTION = """- request:
    uri: https://api.binance.com/api/v3/order
    method: DELETE
    body: null
    headers:
{}
  response:
    status: {{code: 400, message: Bad}}
    headers: {{}}
    body: {{string: '{{"code":-2011,"msg":"x"}}'}}
"""
GOOD = INTERACTION.format("      A: [a]")


def expanded(depth: int, form: Callable[[int], str], width: int = 10) -> str:
    """Headers of which each holds the one before it ten times."""
    return "\n".join(
        f"      A{level}: &a{level} " + (form(level) if level else "[" + "x," * width + "]")
        for level in range(depth)
    )


def in_list(level: int) -> str:
    """A list of ten aliases."""
    return "[" + f"*a{level - 1}," * 10 + "]"


def in_map(level: int) -> str:
    """A mapping with ten aliases."""
    return "{" + "".join(f"k{n}: *a{level - 1}, " for n in range(10)) + "}"


def merged(level: int) -> str:
    """A merge of ten aliases."""
    return "{<<: [" + f"*a{level - 1}," * 10 + "]}"


BOMBS = {
    "lists": expanded(12, in_list),
    "mappings": expanded(12, in_map),
    "merge keys": expanded(12, merged),
    "a text": "      A: &a " + "x" * 100_000 + "\n      B: [" + "*a," * 100 + "]",
    "nodes": "      A: [" + "x," * 200_000 + "]",
    "many keys": "\n".join(f"      a{n}: b" for n in range(70_000)),
    "nested lists": "      A: [" + "[[x]]," * 60_000 + "]",
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_an_interaction_is_bounded_with_its_aliases_written_out(bomb: str) -> None:
    """It is refused in its place, those around it are read, and no more is built than a record may take."""
    log = f"interactions:\n{GOOD}{INTERACTION.format(BOMBS[bomb])}{GOOD}".encode()
    found = [item.found for item in items(CASSETTES, [log])]
    assert [isinstance(each, Record) for each in found] == [True, False, True]
    assert str(found[1]) == f"log:12: interaction: {TOO_LONG}"


@pytest.mark.parametrize(
    "headers",
    [
        "      ? [a, b]\n      : c",
        "      ? {a: b}\n      : c",
        "      A: *unknown",
        "      A: &a [*a]",
        "      ? " + "{? " * 40 + '"\'\\\\"' + ": x}" * 40 + "\n      : c",
    ],
)
def test_what_no_cassette_has(headers: str) -> None:
    """Keys that are no text grow with each level they are in, and an alias may refer to nothing."""
    log = f"interactions:\n{GOOD}{INTERACTION.format(headers)}{GOOD}".encode()
    found = [item.found for item in items(CASSETTES, [log])]
    assert [isinstance(each, Record) for each in found] == [True, False, True]


def test_anchors_are_forgotten() -> None:
    """As many are kept as there may be in memory, the last ones."""

    def chunks() -> Iterator[bytes]:
        yield b"interactions:\n"
        for number in range(40):
            text = "x" * (MIB >> 3)
            yield INTERACTION.format(f"      A: &a{number} {text}\n      B: *a{max(number - 1, 0)}").encode()
        yield INTERACTION.format("      B: *a1").encode()

    def read() -> None:
        fates.extend(isinstance(item.found, Record) for item in items(CASSETTES, chunks(), SMALL))

    fates: list[bool] = []
    assert peak_bytes(read) < 4 * MIB
    assert fates == [True] * 40 + [False]


@pytest.mark.parametrize(("count", "is_read"), [(1_000, True), (1_001, False)])
def test_so_many_anchors_are_kept(count: int, is_read: bool) -> None:
    """An alias may refer to the thousandth anchor before it, however small they are, and to none before that."""
    headers = "\n".join(f"      A{number}: &a{number} x" for number in range(count)) + "\n      B: *a0"
    log = f"interactions:\n{INTERACTION.format(headers)}{GOOD}".encode()
    found = [item.found for item in items(CASSETTES, [log])]
    assert [isinstance(each, Record) for each in found] == [is_read, True]


@pytest.mark.parametrize(("more", "is_read"), [(-2_000, True), (0, False), (90_000, False)])
def test_an_interaction_is_read_up_to_the_limit(more: int, is_read: bool) -> None:
    """The parser is given a chunk beyond it, so that one of the limit is whole, and one that is longer costs itself."""
    log = f"interactions:\n{GOOD}{INTERACTION.format('      A: ' + 'x' * ((MIB >> 1) + more))}{GOOD}".encode()
    found = [item.found for item in items(CASSETTES, [log], SMALL)]
    assert [isinstance(each, Record) for each in found] == [True, is_read, True]


def endless(start: str, more: str) -> Iterable[bytes]:
    """A cassette with a good interaction and one without an end."""
    yield b"interactions:\n" + GOOD.encode() + start.encode()
    yield from repeat(more.encode() * (96_000 // len(more)), 60)


@pytest.mark.parametrize(
    ("start", "more"),
    [
        ("- request: {uri: ", "x"),
        ("- request: {uri: '", "x\n "),
        ('- request: {uri: "', "\\u0041"),
        ("- a: |\n", "    x\n"),
        ("- a: >\n", "    x\n"),
        ("- a: &", "x"),
        ("- a: b\n", "# x\n"),
        ("- a: b\n", "\n"),
    ],
)
def test_an_endless_scalar_is_not_held(start: str, more: str) -> None:
    """The parser would hold it; the file ends there."""
    found: list[str] = []

    def read() -> None:
        found.extend(str(item.found) for item in items(CASSETTES, endless(start, more), SMALL))

    assert peak_bytes(read) < 4 * MIB
    assert len(found) == 2
    assert "file: a text longer than 512 KiB" in found[-1]


# --- Archives ---

METHODS = pytest.mark.parametrize(
    "method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA]
)


def archive(path: Path, files: dict[str, bytes], method: int) -> Path:
    """A zip archive."""
    with zipfile.ZipFile(path, "w", method) as packed:
        for name, content in files.items():
            packed.writestr(name, content)
    return path


@METHODS
def test_a_member_that_expands_is_not_held(tmp_path: Path, method: int) -> None:
    """Memory is that of a chunk, whatever a member becomes."""
    path = archive(tmp_path / "day.zip", {"a.log": b"x" * (16 * MIB) + b"\n" + RECORD}, method)
    found: list[object] = []
    peak = peak_bytes(lambda: found.extend(logs.read(path, max_record_bytes=MIB >> 1)))
    assert [isinstance(each, Record) for each in found] == [False, True]
    assert peak < 10 * MIB


@METHODS
@given(st.binary(max_size=300_000), st.integers(1, 100_000))
@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_members_are_read_as_they_were_written(
    tmp_path: Path, method: int, content: bytes, size: int
) -> None:
    """In pieces of any size, with each method."""
    path = archive(tmp_path / "any.zip", {"a": b"", "b": content * 3, "c": b"c"}, method)
    os.utime(path, ns=(0, time_ns()))
    for name, whole in (("a", b""), ("b", content * 3), ("c", b"c")):
        member = archived(f"{path}/{name}")
        assert member is not None
        with member.opened() as file:
            parts = list(iter(lambda file=file: file.read1(size), b""))  # type: ignore[misc]
        assert b"".join(parts) == whole
        assert all(len(part) <= size for part in parts)


def test_members_that_overlap(tmp_path: Path) -> None:
    """A list that names the same bytes again and again is no list of members."""
    path = archive(tmp_path / "day.zip", {"a.log": RECORD}, zipfile.ZIP_DEFLATED)
    data = path.read_bytes()
    start, end = data.index(b"PK\x01\x02"), data.index(b"PK\x05\x06")
    listed = b"".join(data[start:end].replace(b"a.log", b"%d.log" % number) for number in range(10))
    tail = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, 10, 10, len(listed), start, 0)
    path.write_bytes(data[:start] + listed + tail)
    [found] = logs.read(path)
    assert "this is a zip archive that is damaged" in str(found)


def test_the_list_of_members_is_read_once(tmp_path: Path) -> None:
    """Thousands of members would take as many times as long."""
    path = archive(tmp_path / "day.zip", {f"{number}.log": b"" for number in range(300)}, zipfile.ZIP_STORED)
    with patch.object(archives, "ZipFile", wraps=zipfile.ZipFile) as opened:
        assert list(logs.read(path)) == []
        assert opened.call_count == 1


def test_an_encrypted_member(tmp_path: Path) -> None:
    """It is said, and the other members are read."""
    path = archive(tmp_path / "day.zip", {"a.log": RECORD}, zipfile.ZIP_STORED)
    data = bytearray(path.read_bytes())
    for at in (data.index(b"PK\x03\x04") + 6, data.index(b"PK\x01\x02") + 8):
        data[at] |= 1
    path.write_bytes(data)
    with pytest.raises(OSError, match="the file is encrypted"):
        list(logs.read(path))


# --- Over lines ---


@pytest.mark.parametrize(
    "start",
    [
        "fetch Request:\nbinance DELETE https://api.binance.com/api/v3/order\n",
        "fetch Request:\nbinance DELETE https://api.binance.com/api/v3/order\nRequestBody:\n[\n",
    ],
)
def test_an_answer_over_lines_is_not_endless(start: str) -> None:
    """It is refused where it begins, and what follows is read."""
    chunks = [start.encode(), *repeat(b" word\n" * 16_000, 8), b"\n\nreceived " + FRAME + b"\n"]
    options = Options("text", venue="binance", endpoint="DELETE /api/v3/order", max_record_bytes=MIB >> 1)
    found: list[object] = []
    peak = peak_bytes(lambda: found.extend(item.found for item in items(logs.named("text"), chunks, options)))
    assert "log:1: line: longer than 512 KiB" in str(found[0])
    assert isinstance(found[-1], Record)
    assert peak < 12 * MIB
