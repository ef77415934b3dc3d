"""What a check refused is set apart so that it can be read again and is found again."""

import json
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from cancelnorm import Record
from cancelnorm.logs import Options, Unreadable, quarantined, redacted
from cancelnorm.logs.compression import Stream
from cancelnorm.logs.item import Item
from cancelnorm.logs.open import Batch, format_of, parts_of
from cancelnorm.logs.source import Source

SAID = {"code": "CN001", "name": "payload-refused", "path": "$.code", "message": "expected an integer"}
LINES = st.binary(max_size=60).map(lambda data: data.replace(b"\n", b" "))


def read_again(data: bytes) -> list[Item]:
    """Read a quarantine."""
    source = Source(Stream(BytesIO(data), "apart"), "apart")
    form = format_of(source, Options())
    assert form.name == "quarantine"
    batch = Batch(form.name, list(parts_of(form, source, Options())))
    return list(batch.items())


@given(
    st.lists(
        st.builds(
            Item,
            st.builds(
                Record,
                payload=st.binary(max_size=40),
                venue=st.sampled_from(["binance", "bybit"]),
                endpoint=st.none() | st.just("DELETE /api/v3/order"),
                status=st.none() | st.just(409),
                request=st.sampled_from(
                    [None, {"symbol": "BTCUSDT", "orderId": 4}, [{"ordId": "1"}, {"a": [1]}]]
                ),
                sent_ns=st.none() | st.integers(0, 2**62),
                source=st.just("day.jsonl:7"),
                dialect=st.sampled_from([None, "quoted-numbers"]),
                secrets=st.just(()) | st.just(("request.signature",)),
                account=st.none() | st.just("desk 7"),
            ),
            st.none() | LINES,
        ),
        min_size=1,
        max_size=4,
    )
)
def test_records_come_back(items: list[Item]) -> None:
    """Each is the record it was, with the line it stood in, byte for byte."""
    data = b"".join(quarantined(item, SAID) for item in items)
    for before, after in zip(items, read_again(data), strict=True):
        assert isinstance(before.found, Record)
        assert isinstance(after.found, Record)
        assert replace(after.found, source=None) == replace(before.found, source=None)
        assert after.raw == before.raw


@pytest.mark.parametrize("line", [b"{oops", b'{"venue": 1, "payload": 2}', b"\xff\xfe\x00", b" "])
def test_lines_come_back(line: bytes) -> None:
    """A line that is no record is found again, for the same reason."""
    [first] = [*read_lines(line)] or [Item(Unreadable("day.jsonl:1", "line", "blank"), line)]
    assert isinstance(first.found, Unreadable)
    said = {**SAID, "path": first.found.path, "message": first.found.reason}
    [again] = read_again(quarantined(first, said))
    assert isinstance(again.found, Unreadable)
    assert (again.found.path, again.found.reason) == (first.found.path, first.found.reason)
    assert again.raw == line


@given(st.lists(LINES, min_size=1, max_size=5), st.booleans())
def test_many_lines_with_one_fault_come_back(lines: list[bytes], is_cut: bool) -> None:
    """All lines of a log are one fault, and stand below one header; if one of them is lost, that is said."""
    told = Unreadable("day.jsonl:1", "line", "not a JSON object")
    data = quarantined(Item(told, b"\n".join(lines)), SAID)
    other = quarantined(Item(told, b"{oops"), SAID)
    if is_cut:
        lost = len(lines[-1]) + 1
        [item] = read_again(data[:-lost])
        assert item == Item(Unreadable("apart:1", "line", "the line below this header is missing"))
    else:
        first, second = read_again(data + other)
        assert first == Item(Unreadable("apart:1", SAID["path"], SAID["message"]), b"\n".join(lines))
        assert second.raw == b"{oops"


def read_lines(line: bytes) -> list[Item]:
    """Read a log of records that has one line."""
    source = Source(Stream(BytesIO(line), "day.jsonl"), "day.jsonl")
    form = format_of(source, Options(format="records"))
    batch = Batch(form.name, list(parts_of(form, source, Options())))
    return [Item(item.found, line) for item in batch.items()]


def test_a_header_alone() -> None:
    """A damaged file has no line; a header that lost its line says so; other lines are no headers."""
    damage = Unreadable("day.jsonl.gz:7", "file", "gzip data is truncated")
    data = quarantined(Item(damage), {"path": "file", "message": damage.reason})
    [item] = read_again(data)
    assert item.found == Unreadable("apart:1", "file", damage.reason)
    lost = quarantined(Item(damage, b"x"), SAID).splitlines(keepends=True)[0]
    assert [str(item.found) for item in read_again(b"".join((data, b"{}\n", lost)))] == [
        "apart:1: file: gzip data is truncated",
        "apart:2: line: not the header of a quarantined line",
        "apart:3: line: the line below this header is missing",
    ]


def test_redacted() -> None:
    """No secret is left, neither in the line nor in what was understood of it."""
    line = b'{"venue":"x","payload":{"listenKey":"sesame"},"headers":{"X-MBX-APIKEY":"sesame"}}'
    request: list[dict[str, Any]] = [
        {"ordId": "1", "apiKey": "sesame"},
        {"inner": [{"OK-ACCESS-SIGN": "sesame"}]},
    ]
    record = Record(b'{"listenKey":"sesame"}', "x", request=request, account="signature=sesame")
    item = redacted(Item(record, line))
    data = quarantined(item, SAID)
    assert b"sesame" not in data
    assert b"[redacted]" in data


def test_a_file_name_that_is_no_text() -> None:
    """The name of a file need not be UTF-8; its bytes are written as escapes."""
    data = quarantined(Item(Unreadable("day\udcff.jsonl:1", "line", "not JSON"), b"x"), SAID)
    assert b'"source":"day\\\\udcff.jsonl:1"' in data
    assert len(read_again(data)) == 1


def test_texts_that_are_no_utf8() -> None:
    """A record and a finding with half of a surrogate pair, as bytes of a text log are read, can be written."""
    record = Record(
        b"{}", "bin\udce2", "\udce2 /a", request={"symbol": "X"}, account="\udcff", source="a.log:1"
    )
    line = quarantined(Item(record), {"code": "CN003", "message": "no endpoint \udce2"})
    header = json.loads(line)
    assert (header["record"]["venue"], header["record"]["endpoint"]) == ("bin\ufffd", "\ufffd /a")
    assert (header["record"]["account"], header["finding"]["message"]) == ("\ufffd", "no endpoint \ufffd")
