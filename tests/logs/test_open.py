"""Recorded logs: what is read from them, and what is said of what cannot be read."""

import bz2
import gzip
import lzma
import os
import sys
import zipfile
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from io import BytesIO
from pathlib import Path

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from cancelnorm import Record, logs
from cancelnorm.answer import data_of
from cancelnorm.logs import Unreadable, opening
from cancelnorm.logs import open as opened_module
from cancelnorm.logs.compression import Stream
from cancelnorm.logs.limits import MAX_RECORD_BYTES
from cancelnorm.logs.open import Batch, parts_of
from cancelnorm.logs.options import Options
from cancelnorm.logs.records import RECORDS
from cancelnorm.logs.source import Block, Source
from tests.logs.captured import Chunks, peak_bytes

KEYS = (
    "the keys of a record are venue, endpoint, status, request, sent_ns, received_ns, dialect, account, pairing and "
    "payload"
)
LINE = b'{"venue":"binance","endpoint":"DELETE /api/v3/order","status":200,"payload":{"code": -2011}}'
LONG = b'{"venue":"binance","payload":"%s"}' % (b"x" * 200_000)

PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "plain": bytes,
    "gzip": gzip.compress,
    "bzip2": bz2.compress,
    "xz": partial(lzma.compress, preset=1),  # with a dictionary of 1 MiB
    "zstd": zstandard.ZstdCompressor().compress,
}


def read_stream(stream: Stream) -> Iterator[Record | Unreadable]:
    """Read a log of records."""
    for part in parts_of(RECORDS, Source(stream, "log"), Options()):
        yield from Batch("records", [part]).found()


def read_chunks(*chunks: bytes) -> list[Record | Unreadable]:
    """Read a log that comes in chunks."""
    return list(read_stream(Stream(Chunks(chunks), "log")))


def unreadable(items: Iterable[Record | Unreadable]) -> list[str]:
    """What could not be read, as text."""
    return [str(item) for item in items if isinstance(item, Unreadable)]


def payloads(items: Iterable[Record | Unreadable]) -> list[bytes | str]:
    """The payloads of what could be read."""
    return [item.payload for item in items if isinstance(item, Record)]


# --- Records ---


def test_a_line_is_a_record() -> None:
    """Every key of a line is a field of its record, and the source names file and line."""
    line = (
        b'{"venue":"bybit","endpoint":"POST /v5/order/cancel","status":200,"request":{"orderId":"7"},'
        b'"sent_ns":1,"received_ns":2,"account":"desk 7","payload":{}}\n'
    )
    assert read_chunks(b"\n" + line) == [
        Record(
            b"{}", "bybit", "POST /v5/order/cancel", 200, {"orderId": "7"}, 1, 2, "log:2", account="desk 7"
        )
    ]


def test_a_request_that_is_a_list() -> None:
    """Each of its rows has parameters of its own, of whatever name; secrets in them are named and masked."""
    line = (
        b'{"venue":"x","request":[{"ordId":"7","new":{"a":1}},{"ordId":"8","sign":"SECRET"}],"payload":{}}\n'
    )
    (record,) = read_chunks(line)
    assert isinstance(record, Record)
    assert record.request == [{"ordId": "7", "new": {"a": 1}}, {"ordId": "8", "sign": "[redacted]"}]
    assert record.secrets == ("request[1].sign",)


@pytest.mark.parametrize("payload", [b'"c-9"', b'"\\"c-9\\""'])
def test_an_answer_that_is_a_text(payload: bytes) -> None:
    """It is a text in a record, with its quotes or without."""
    line = b'{"venue":"gdax","endpoint":"DELETE /orders/client:c-9","payload":%b}\n' % payload
    (record,) = read_chunks(line)
    assert isinstance(record, Record)
    assert (data_of(record), record.request) == (b'"c-9"', {"client_oid": "c-9"})


def test_a_payload_alone_is_enough() -> None:
    """All keys but venue and payload may be left out, or be null."""
    bare = Record(b"[]", "bybit", source="log:1")
    assert read_chunks(b'{"venue":"bybit","payload":[]}\n') == [bare]
    line = b'{"venue":"bybit","endpoint":null,"status":null,"request":null,"sent_ns":null,"payload":[]}\n'
    assert read_chunks(line) == [bare]


@pytest.mark.parametrize(
    "payload",
    [
        b'{ "a" : 1.50 , "b":1e2}',
        b'{"a":"\\u0041","a":2}',
        b"123456789012345678901234567890",
        b"null",
        b"[ ]",
    ],
)
def test_payload_is_kept_byte_for_byte(payload: bytes) -> None:
    """White space, escapes, digits and keys that come twice stay as they are."""
    assert payloads(read_chunks(b'{"payload": %b , "venue":"x"}\n' % payload)) == [payload]


@pytest.mark.parametrize(
    ("text", "payload"),
    [(b'""', ""), (b'"{\\"code\\":0}"', '{"code":0}'), (b'"<html>\\n\\u00e9"', "<html>\né")],
)
def test_payload_in_a_string(text: bytes, payload: str) -> None:
    """A string holds the body's text: JSON, HTML or nothing."""
    assert payloads(read_chunks(b'{"venue":"x","payload":%b}\n' % text)) == [payload]


def test_a_sample_file() -> None:
    """One pretty-printed object is one record; where its shape is documented is no part of it."""
    text = b'{\n  "docs": "https://",\n  "about": "",\n  "venue": "x",\n  "payload": {\n    "a": 1\n  }\n}\n'
    assert read_chunks(text) == [Record(b'{\n    "a": 1\n  }', "x", source="log:1")]


# --- Lines that are no records ---


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        (b"garbage", "line: not JSON: invalid character (byte 0)"),
        (b'{"venue":"binance","payl', "line: not JSON: it ends after 24 bytes"),
        (b"[1]", "line: expected an object, found an array"),
        (b'"x"', "line: expected an object, found a string"),
        (LINE + LINE, "line: not JSON: trailing characters (byte 93)"),
        (b'{"venue":"a"}', f"payload: this key is required; {KEYS}"),
        (b'{"payload":1}', f"venue: this key is required; {KEYS}"),
        (b'{"venue":"a","apiKey":"SECRET","payload":1}', f"apiKey: this key is unknown; {KEYS}"),
        (b'{"venue":"a","a b\\n":1,"payload":1}', f'"a b\\n": this key is unknown; {KEYS}'),
        (b'{"venue":1,"payload":1}', "venue: expected a string, found an integer"),
        (b'{"venue":"a","status":"200","payload":1}', "status: expected an integer or null, found a string"),
        (
            b'{"venue":"a","status":2.5,"payload":1}',
            "status: expected an integer or null, found a number with a fraction",
        ),
        (b'{"venue":"a","sent_ns":99999999999999999999,"payload":1}', "sent_ns: expected a 64-bit integer"),
        (
            b'{"venue":"a","request":"k=SECRET","payload":1}',
            "request: expected an object, an array or null, found a string",
        ),
        (b'{"venue":"a","payload":' + b"[" * 100_000 + b"}", "line: not JSON: too many nested brackets"),
        (b"<html>", "line: not JSON: HTML or XML"),
    ],
)
def test_a_bad_line_costs_itself_only(line: bytes, fault: str) -> None:
    """What is wrong with a line is said, without its values, and the lines around it are read."""
    items = read_chunks(b"\n".join([LINE, line, LINE]))
    assert unreadable(items) == [f"log:2: {fault}"]
    assert [item.source for item in items if isinstance(item, Record)] == ["log:1", "log:3"]
    assert unreadable(read_chunks(b"\n".join([line, LINE, LINE]))) == [f"log:1: {fault}"]


@pytest.mark.parametrize(
    "line",
    [
        b'{"venue":"\xff","payload":1}',
        b'{"venue":"a","payload":"\xff"}',
        b'{"venue":"a","payload":"\\ud800"}',
    ],
)
def test_text_that_is_no_unicode(line: bytes) -> None:
    """It is refused where it has to be read."""
    (fault,) = unreadable(read_chunks(LINE + b"\n" + line + b"\n"))
    assert fault.startswith("log:2: line: not JSON: ")


def test_an_object_over_several_lines_is_no_line() -> None:
    """White space does not stand for the end of a line."""
    items = read_chunks(LINE + b'\n{"venue":\n"x","payload":1}\n' + LINE + LINE + b"\n")
    assert unreadable(items) == [
        "log:2: line: not JSON: it ends after 9 bytes",
        "log:3: line: expected an object, found a string",
        "log:4: line: not JSON: trailing characters (byte 93)",
    ]


def test_a_line_without_end() -> None:
    """A line over the limit is passed over without being kept, and the next one is read."""
    chunk = b"x" * (1 << 20)
    chunks = [LINE + b"\n", *[chunk] * 9, b"\n" + LINE + b"\n", b'{"a":"', *[chunk] * 8, b'"}']
    items = read_chunks(*chunks)
    assert unreadable(items) == [
        "log:2: line: longer than 8 MiB, the limit of --max-record",
        "log:4: line: longer than 8 MiB, the limit of --max-record",
    ]
    assert payloads(items) == [b'{"code": -2011}'] * 2


def test_a_long_line() -> None:
    """A line that comes in many chunks is read."""
    assert len(LONG) < MAX_RECORD_BYTES
    parts = [LONG[at : at + 1000] for at in range(0, len(LONG), 1000)]
    assert payloads(read_chunks(LINE, b"\n", *parts)) == [b'{"code": -2011}', "x" * 200_000]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (
            b'{\n  "venue": "x",\n  "payload": {\n    "a" 1\n  }\n}\n',
            "log:4: file: not JSON: no ':' (byte 41)",
        ),
        (b'{\n  "venue": "x",\n  "payload": {\n\n', "log:3: file: not JSON: it ends after 34 bytes"),
        (b'[\n{"venue":"x"}\n]', "log:1: line: expected an object, found an array"),
        (b'{\n"venue": "x"\n}', f"log:1: payload: this key is required; {KEYS}"),
        (
            b"{\n" + b" " * MAX_RECORD_BYTES,
            "log:1: file: the object is longer than 8 MiB, the limit of --max-record",
        ),
    ],
    ids=["malformed", "cut", "array", "key", "large"],
)
def test_a_bad_sample_file(text: bytes, fault: str) -> None:
    """One object that is none is one fault, at the line where it is."""
    assert unreadable(read_chunks(text)) == [fault]


@pytest.mark.parametrize("first", [b"{", b'{"venue":"x",', b"["])
def test_a_log_with_a_broken_first_line(first: bytes) -> None:
    """It is a log of lines where a later line is a record, also where the whole would be JSON."""
    items = read_chunks(first + b"\n" + LINE + b"\n")
    assert [item.source for item in items] == ["log:1", "log:2"]
    items = read_chunks(b'{"a":\n' + LINE + b"\n}\n")
    assert [isinstance(item, Record) for item in items] == [False, True, False]


def test_an_object_in_several_lines() -> None:
    """A payload on a line of its own does not make a log of lines."""
    text = b'{"venue":"x","payload":\n{"code":-2011,"msg":""}\n}\n'
    assert payloads(read_chunks(text)) == [b'{"code":-2011,"msg":""}']


# --- Files ---


def test_nothing() -> None:
    """An empty log has no record, and neither has one of empty lines."""
    assert read_chunks() == []
    assert read_chunks(b"\n \r\n\n") == []


def test_byte_order_mark_and_carriage_returns() -> None:
    """A log may come from Windows."""
    text = b"\xef\xbb\xbf" + LINE + b"\r\n" + LINE + b"\r\n"
    assert payloads(read_chunks(text)) == [b'{"code": -2011}'] * 2


@pytest.mark.parametrize(
    ("head", "what"),
    [
        ("{}".encode("utf-16"), "this is UTF-16; a log has to be UTF-8"),
        (b"PK\x03\x04....", "this is a zip archive that is damaged, or that is not a file on this machine"),
        (b"PAR1\x15\x04", "this is Parquet; a log has to be lines of JSON"),
    ],
)
def test_a_file_of_another_kind(head: bytes, what: str) -> None:
    """It is named in one line, and not in one for each of its lines."""
    assert unreadable(read_chunks(head + b"\n\n\n")) == [f"log:1: file: {what}"]


@pytest.mark.parametrize("size", [4, 5, 100_000, 300_000])
def test_a_hole(tmp_path: Path, size: int) -> None:
    """A log that was truncated while a program wrote to it begins with zeros, and its lines are where they are."""
    log, line = (
        tmp_path / "bot.jsonl",
        b'{"venue":"binance","payload":{"code":-2011,"msg":"Unknown order sent."}}\n',
    )
    log.write_bytes(bytes(size) + 3 * line)
    [batch] = logs.batches(str(log), Options())
    [block] = [part for part in batch.parts if isinstance(part, Block)]
    assert (block.number, block.offset, block.data) == (1, size, 3 * line)


@pytest.mark.parametrize("data", [b"x 1\n", b"0\n"])
def test_what_comes_after_a_hole(data: bytes) -> None:
    """Nothing of it is taken for a part of the hole."""
    assert b"".join(Stream(BytesIO(bytes(300_000) + data), "log")) == data


@pytest.mark.parametrize("packer", PACKERS)
def test_compression_is_seen_from_the_bytes(tmp_path: Path, packer: str) -> None:
    """Whatever the name says."""
    pack = PACKERS[packer]
    path = tmp_path / "day.json"
    path.write_bytes(pack(LINE + b"\n") + (pack(LINE + b"\n") if packer != "plain" else LINE))
    items = list(logs.read(path))
    assert [item.source for item in items] == [f"{path}:1", f"{path}:2"]
    assert payloads(items) == [b'{"code": -2011}'] * 2


def test_padding_and_skippable_frames() -> None:
    """Zeros after gzip and frames of other tools in zstd hold no data."""
    assert len(read_chunks(gzip.compress(LINE) + bytes(512), bytes(512))) == 1
    skippable = b"\x50\x2a\x4d\x18\x04\x00\x00\x00abcd"
    assert len(read_chunks(skippable + PACKERS["zstd"](LINE))) == 1


def test_chunks_of_one_byte() -> None:
    """Reading does not depend on how much comes at once."""
    for pack in PACKERS.values():
        data = pack(b"\n".join([LINE, LINE]))
        assert len(payloads(read_chunks(*(data[at : at + 1] for at in range(len(data)))))) == 2


@pytest.mark.parametrize("packer", [name for name in PACKERS if name != "plain"])
def test_a_log_that_is_cut_off(packer: str) -> None:
    """What could be read comes first, then where the data ends; half a line is not a fault of its own."""
    data = PACKERS[packer](b"".join(LINE + b"\n" for _ in range(5_000)))
    *records, last = read_chunks(data[:-5])
    assert len(records) == len(payloads(records))
    assert str(last) == f"log:{len(records) + 1}: file: {packer} data is truncated after byte {len(data) - 5}"


@pytest.mark.parametrize(
    ("packer", "why"),
    [
        ("gzip", "incorrect data check"),
        ("zstd", "checksum"),
        ("bzip2", "invalid data stream"),
        ("xz", "corrupt input"),
    ],
)
def test_a_log_that_is_corrupt(packer: str, why: str) -> None:
    """What could be read comes first, then where the data is corrupt."""
    pack = zstandard.ZstdCompressor(write_checksum=True).compress if packer == "zstd" else PACKERS[packer]
    data = bytearray(pack(LINE + b"\n" + LINE + b"\n"))
    data[{"gzip": -7, "bzip2": -3, "xz": -30}.get(packer, -1)] ^= 1
    *_, last = read_chunks(bytes(data))
    assert isinstance(last, Unreadable)
    assert last.path == "file"
    assert last.reason.startswith(f"{packer} data is corrupt near byte ")
    assert why in last.reason.casefold()


def test_the_last_line_before_damage() -> None:
    """It is a record where it is whole, though its end is not there."""
    data = gzip.compress(LINE + b"\n" + LINE)
    first, second, last = read_chunks(data[:-3])
    assert len(payloads([first, second])) == 2
    assert isinstance(last, Unreadable)
    assert last.source == "log:3"


def test_where_a_second_member_is_corrupt() -> None:
    """The place is that in the file, not in the member."""
    whole = gzip.compress(LINE + b"\n")
    assert unreadable(read_chunks(whole + b"no gzip"))[0].startswith(
        f"log:2: file: gzip data is corrupt near byte {len(whole)}: "
    )


def test_a_sample_that_is_cut_off() -> None:
    """The damage is what is wrong with it."""
    data = gzip.compress(b'{\n  "venue": "x",\n  "payload": 1\n}\n')
    assert unreadable(read_chunks(data[:-12])) == [
        f"log:3: file: gzip data is truncated after byte {len(data) - 12}"
    ]


def test_zstd_without_its_library(monkeypatch: pytest.MonkeyPatch) -> None:
    """One line says what to install."""
    monkeypatch.setitem(sys.modules, "zstandard", None)
    with pytest.raises(logs.MissingLibraryError) as error:
        read_chunks(PACKERS["zstd"](LINE))
    assert str(error.value) == "log: this is zstd; it takes pip install 'cancelnorm[zstd]'"


def test_the_dialect_of_a_log(tmp_path: Path) -> None:
    """All its records have it, read with their lines or without."""
    path = tmp_path / "log.jsonl"
    line = b'{"venue":"binance","payload":{"code":-2011,"msg":"x"}}\n'
    path.write_bytes(2 * line + b"broken\n")
    [batch] = logs.batches(str(path), Options(dialect="quoted-numbers"))
    items = list(batch.items())
    assert [item.found for item in items] == list(batch.found())
    records = [item.found for item in items if isinstance(item.found, Record)]
    assert [record.dialect for record in records] == ["quoted-numbers"] * 2
    assert [item.raw for item in items] == [line.strip(), line.strip(), b"broken"]


def test_whether_standard_input_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """It does while a pipe is empty, and not when there is something to read."""
    reading, writing = os.pipe()
    monkeypatch.setattr(opened_module, "STDIN", reading)
    try:
        assert opened_module._nothing_waits()
        os.write(writing, b"{")
        assert not opened_module._nothing_waits()
    finally:
        os.close(reading)
        os.close(writing)


def test_standard_input_stays_open(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is the program's, which may read on, and a file that is opened later is not taken for it."""
    reading, writing = os.pipe()
    monkeypatch.setattr(opening, "STDIN", reading)
    os.write(writing, b'{"venue":"binance","payload":{"code":-2011,"msg":"x"}}\n')
    os.close(writing)
    assert [record.venue for record in logs.read("-") if isinstance(record, Record)] == ["binance"]
    os.close(reading)


def test_a_folder(tmp_path: Path) -> None:
    """All logs in it are read in the order of their names; other and hidden files are passed over."""
    names = [
        "a.json",
        "b/c.jsonl.gz",
        "b/d.NDJSON",
        "h.csv",
        "z.jsonl.zst",
        ".git/e.json",
        "f.txt",
        ".g.json",
    ]
    for name in names:
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(LINE)
    assert logs.files(tmp_path) == [str(tmp_path / name) for name in names[:5]]
    assert [item.source for item in logs.read(tmp_path)] == [f"{tmp_path / name}:1" for name in names[:5]]


def test_rotated_logs(tmp_path: Path) -> None:
    """They are logs too, and older than the one that is still written to."""
    names = [
        *("a.log.2026-11-02", "a.log.2026-11-03.gz", "a.log", "b.jsonl.10", "b.jsonl.2.gz", "b.jsonl.1"),
        *("b.jsonl", "c-20261103.log"),
    ]
    for name in (*names, "a.log.bak", "b.txt.1"):
        (tmp_path / name).write_bytes(LINE)
    assert logs.files(tmp_path) == [str(tmp_path / name) for name in names]


def test_a_folder_with_files_of_the_program(tmp_path: Path) -> None:
    """Tables, settings and state are passed over by name; what may hold a cancel is not."""
    order = '{"orderId": 1603680255057330400, "status": "CANCELED"}'
    contents = {
        "klines.csv": "open_time,open,close,volume\n" + "1795704214000,1,2,3\n" * 9,
        "fills.csv": "time,side,data\n1795704214,BUY,x\n",
        "config.yaml": "exchange:\n  name: binance\n",
        "package.json": '{"name": "bot", "version": "1.0.0"}',
        "state.json": '{\n  "orders": {"1": {"status": "canceled"}}\n}\n',
        "export.csv": f"time;message\n1795704214;recv {order}\n",
        "answer.json": order,
        "bot.log": "started\n",
        "ticks.jsonl": '{"cpu": 1}\n',
    }
    for name, content in contents.items():
        (tmp_path / name).write_text(content)
    read = [Path(name).name for name in logs.files(tmp_path)]
    assert read == ["answer.json", "bot.log", "export.csv", "ticks.jsonl"]
    others = ["config.yaml", "fills.csv", "klines.csv", "package.json", "state.json"]
    assert logs.passed_over(tmp_path) == [(str(tmp_path / name), "no known format") for name in others]
    assert logs.files(tmp_path / "klines.csv") == [str(tmp_path / "klines.csv")]


def test_what_a_folder_passes_over(tmp_path: Path) -> None:
    """Every file that is not read is named with the reason; a file that is named itself is read."""
    contents = {
        "a.jsonl": LINE,
        "notes.txt": b"hello\n",
        "copy.bak": LINE,
        "empty.txt": b"",
        "output.txt": b'DELETE https://api.binance.com/api/v3/order 400 {"code":-2011,"msg":"gone"}\n',
        "table.parquet": b"PAR1\x15\x04",
        ".hidden": b"x",
    }
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
    assert logs.passed_over(tmp_path) == [
        (str(tmp_path / "copy.bak"), "looks like records; name it to read it"),
        (str(tmp_path / "empty.txt"), "empty"),
        (str(tmp_path / "notes.txt"), "no known format"),
        (str(tmp_path / "output.txt"), "looks like text; name it to read it"),
        (str(tmp_path / "table.parquet"), "this is Parquet; a log has to be lines of JSON"),
    ]
    assert logs.files(tmp_path / "copy.bak") == [str(tmp_path / "copy.bak")]
    assert len(payloads(list(logs.read(tmp_path / "copy.bak")))) == 1
    assert logs.passed_over(tmp_path / "copy.bak") == []


# --- Archives ---


def archive(path: Path, contents: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> Path:
    """Write a zip archive."""
    with zipfile.ZipFile(path, "w", method) as file:
        for name, content in contents.items():
            file.writestr(name, content)
    return path


@pytest.mark.parametrize(
    "method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA]
)
def test_an_archive(tmp_path: Path, method: int) -> None:
    """Its logs are read as those of a folder, compressed ones too, and each by its own name."""
    path = archive(
        tmp_path / "day.zip",
        {
            "b/bot.log": LINE,
            "a.jsonl.gz": gzip.compress(LINE),
            "../c.json": LINE,
            "readme.txt": b"hi",
            ".x.json": LINE,
        },
        method,
    )
    names = [f"{path}/../c.json", f"{path}/a.jsonl.gz", f"{path}/b/bot.log"]
    assert logs.files(path) == names
    assert sorted(logs.files(tmp_path)) == names
    assert [item.source for item in logs.read(path)] == [f"{name}:1" for name in names]
    assert [item.source for item in logs.read(names[2])] == [f"{names[2]}:1"]
    assert logs.passed_over(path) == [(f"{path}/readme.txt", "no known format")]


def test_an_archive_of_one_file(tmp_path: Path) -> None:
    """It is read whatever its name."""
    path = archive(tmp_path / "day.zip", {"stdout": LINE})
    assert [item.source for item in logs.read(path)] == [f"{path}/stdout:1"]
    with pytest.raises(FileNotFoundError):
        list(logs.read(f"{path}/stderr"))


def test_an_archive_that_is_cut_off(tmp_path: Path) -> None:
    """Without its list of members it cannot be read, and that is one fault."""
    path = archive(tmp_path / "day.zip", {"a.log": LINE})
    path.write_bytes(path.read_bytes()[:-30])
    assert [str(item) for item in logs.read(path)] == [
        f"{path}:1: file: this is a zip archive that is damaged, or that is not a file on this machine"
    ]


def test_an_archive_that_is_corrupt(tmp_path: Path) -> None:
    """What could be read comes first."""
    path = archive(tmp_path / "day.zip", {"a.log": (LINE + b"\n") * 3}, zipfile.ZIP_STORED)
    path.write_bytes(path.read_bytes().replace(b"-2011", b"-2012", 1))
    *records, last = logs.read(path)
    assert str(last).startswith(f"{path}/a.log:1: file: zip data is corrupt: bad crc-32")
    assert records == []


@pytest.mark.parametrize("name", ["nope", "no\0pe", "\0", "nope.zip/a\0.log", "nope.jsonl.gz\0"])
def test_no_such_file(tmp_path: Path, name: str) -> None:
    """It is said before anything is read, and of a name that no file can have, too."""
    for act in (logs.read, logs.files):
        with pytest.raises(FileNotFoundError):
            act(tmp_path / name)


def test_a_broken_first_line_costs_no_memory() -> None:
    """A long log is not kept for its sake."""
    chunks = [b"{\n", *[(LINE + b"\n") * 700] * 200]
    items = read_stream(Stream(Chunks(chunks), "log"))
    counts: list[int] = []
    peak = peak_bytes(lambda: counts.append(sum(1 for _ in items)))
    assert counts == [140_001]
    assert peak < 2_000_000 < sum(map(len, chunks)) / 5


# --- Laws ---


def endless(line: bytes) -> Iterator[bytes]:
    """The chunks of a log that never ends."""
    block = line * (65_536 // len(line))
    while True:
        yield block


def test_reading_is_lazy() -> None:
    """The first record comes before more than the first chunks are read."""
    file = Chunks(endless(LINE + b"\n"))
    assert isinstance(next(read_stream(Stream(file, "log"))), Record)
    assert file.count <= 2


@pytest.mark.parametrize("packer", PACKERS)
def test_memory_is_constant(packer: str) -> None:
    """However long a log is, a few blocks of it are held at once; also where it is packed a thousandfold."""
    block = (LINE + b"\n") * 10_000
    packed = PACKERS[packer](block)
    items = read_stream(Stream(Chunks(packed for _ in range(20)), "log"))
    next(items)
    counts: list[int] = []
    peak = peak_bytes(lambda: counts.append(sum(1 for _ in items)))
    assert counts == [199_999]
    assert peak < 8_000_000 < 20 * len(block) / 2


lines = st.sampled_from(
    [LINE, b"", b"  ", b"garbage", b"{", b"}", b'{"a":', b'{"venue":"x","payload":{}}', b"[1]\r", LONG]
)


@given(st.lists(lines, max_size=12), st.lists(st.integers(0, 2_000), max_size=12))
def test_cuts_do_not_matter(texts: list[bytes], cuts: list[int]) -> None:
    """The same records come however the bytes are cut into chunks."""
    data = b"\n".join(texts)
    places = sorted({cut % (len(data) + 1) for cut in cuts})
    chunks = [data[a:b] for a, b in zip([0, *places], [*places, len(data)], strict=True)]
    assert read_chunks(*chunks) == read_chunks(data)


@given(
    st.lists(st.one_of(lines.map(lambda line: line + b"\n"), st.binary(max_size=60)), max_size=8).map(
        b"".join
    )
)
def test_any_bytes_can_be_read(data: bytes) -> None:
    """Nothing is raised, and every source is a line of the file."""
    for item in read_chunks(data):
        name, _, number = (item.source or "").rpartition(":")
        assert name == "log"
        assert 1 <= int(number) <= data.count(b"\n") + 1


@given(st.lists(st.sampled_from([LINE, b"garbage", b'{"venue":"x","payload":1}{}', b"{}"]), min_size=1))
def test_a_record_a_line(texts: list[bytes]) -> None:
    """Every line is a record or a fault, at its own number, whatever stands around it."""
    items = read_chunks(LINE + b"\n" + b"\n".join(texts))
    assert [item.source for item in items] == [f"log:{at}" for at in range(1, len(texts) + 2)]
    assert [isinstance(item, Record) for item in items] == [True, *(text == LINE for text in texts)]
