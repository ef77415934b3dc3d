"""MEXC's frames in Protocol Buffers are read as their JSON is: as they are, and as text."""

import json
from base64 import b64encode, encodebytes, urlsafe_b64encode
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cancelnorm import NotACancel, PayloadError, Record, identify, logs, normalise, parse, recognition
from cancelnorm.provenance import trace
from cancelnorm.reader.mismatch import Mismatch
from cancelnorm.venues.mexc.binary import unpack
from tests.samples import SAMPLES

ENDPOINT = "stream spot@private.orders.v3.api.pb"
JSON = bytes(SAMPLES["mexc/spot-stream-orders"].payload)
TEXT = SAMPLES["mexc/spot-stream-orders-base64"].record().payload
CHANNEL = b"spot@private.orders.v3.api.pb"


def varint(number: int) -> bytes:
    """A number in groups of seven bits, the lowest first."""
    number &= 2**64 - 1
    groups = [number >> shift & 0x7F for shift in range(0, 70, 7)]
    while len(groups) > 1 and not groups[-1]:
        groups.pop()
    return bytes([*(group | 0x80 for group in groups[:-1]), groups[-1]])


def text(number: int, value: bytes | str) -> bytes:
    """A field of bytes."""
    value = value if isinstance(value, bytes) else value.encode()
    return varint(number << 3 | 2) + varint(len(value)) + value


def count(number: int, value: int) -> bytes:
    """A field of a number."""
    return varint(number << 3) + varint(value)


def frame(*order: bytes, more: bytes = b"") -> bytes:
    """A frame of an order."""
    return text(1, CHANNEL) + text(3, "SOLUSDT") + count(6, 1770000009210) + text(304, b"".join(order)) + more


FRAME = frame(
    *(text(1, "C02__550000000000000001028"), text(2, "x4"), text(3, "90.5"), text(4, "2"), text(5, "0")),
    *(text(6, "90.5"), count(7, 1), count(8, 1), text(10, "0"), text(11, "1.5"), text(13, "0.5")),
    *(text(14, "45.25"), count(15, 5), count(16, 1770000000001)),
)
FORMS: dict[str, bytes | str] = {
    "as it is": FRAME,
    "hexadecimal": FRAME.hex(),
    "in capitals": FRAME.hex().upper(),
    "with 0x": f"0x{FRAME.hex()}",
    "bytes apart": FRAME.hex(" "),
    "base64": b64encode(FRAME),
    "base64 in lines": encodebytes(FRAME),
    "base64 without padding": b64encode(FRAME).rstrip(b"=").decode(),
    "base64 for addresses": urlsafe_b64encode(FRAME).decode(),
    "a JSON string": f' "{b64encode(FRAME).decode()}"\n',
}


def test_the_sample_is_this_frame() -> None:
    """What is said below of the frame is said of the sample."""
    assert b64encode(FRAME) == TEXT
    assert json.loads(unpack(FRAME)) == json.loads(JSON)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("endpoint", [ENDPOINT, None])
def test_a_frame_is_read_as_its_json(form: str, endpoint: str | None) -> None:
    """In whatever form it is recorded, and however it is asked for."""
    packed, plain = Record(FORMS[form], "mexc", endpoint), Record(JSON, "mexc", endpoint)
    assert normalise(packed) == normalise(plain)
    assert normalise(packed, drift="refuse") == normalise(plain)
    assert parse(packed) == parse(plain)
    assert identify(FORMS[form]) == identify(JSON) == [("mexc", ENDPOINT)]
    if endpoint is not None:
        assert trace(packed) == trace(plain)


@pytest.mark.parametrize("form", FORMS)
def test_a_frame_tells_its_venue(form: str) -> None:
    """No other venue sends such messages."""
    payload = FORMS[form]
    assert recognition.recognise(payload if isinstance(payload, bytes) else payload.encode()) == "mexc"


@pytest.mark.parametrize("status", [1, 2, 3])
def test_an_order_that_is_not_canceled(status: int) -> None:
    """It is passed over as it would be in JSON."""
    with pytest.raises(NotACancel):
        normalise(Record(frame(count(15, status)), "mexc", ENDPOINT))


def test_fields_without_a_name_are_kept() -> None:
    """Under their numbers, in a list each; they are noted as additions."""
    packed = frame(text(1, "a"), count(15, 4), count(99, 7), count(99, 8), varint(98 << 3 | 5) + bytes(4))
    found = json.loads(unpack(packed))["privateOrders"]
    assert found == {"id": "a", "status": 4, "99": [7, 8], "98": ["00000000"]}
    notes = normalise(Record(packed, "mexc", ENDPOINT)).notes
    assert {(note.code, note.path) for note in notes} == {
        ("unknown-field", "$.privateOrders.98"),
        ("unknown-field", "$.privateOrders.99"),
    }


def test_numbers_have_their_sign() -> None:
    """Negative ones are ten bytes long, whatever their type."""
    found = json.loads(unpack(frame(count(20, -1), count(16, -(2**63)))))["privateOrders"]
    assert found == {"state": -1, "createTime": str(-(2**63))}


FAULTS = {
    "truncated": (FRAME[:-1], "$", "the message is truncated"),
    "truncated number": (frame(more=b"\x80"), "$", "it is truncated"),
    "long number": (frame(more=b"\xff" * 11), "$", "a longer one"),
    "too great a number": (frame(more=varint(7 << 3) + b"\xff" * 9 + b"\x02"), "$", "a longer one"),
    "field 0": (frame(more=count(0, 1)), "$", "0"),
    "a group": (frame(more=varint(7 << 3 | 3)), "$", "the type 3"),
    "a field twice": (frame(text(1, "a"), text(1, "b")), "$.privateOrders", "the field id twice"),
    "number for text": (frame(count(1, 7)), "$.privateOrders.id", "another type"),
    "text for number": (frame(text(15, "4")), "$.privateOrders.status", "another type"),
    "number for message": (text(1, CHANNEL) + count(304, 7), "$.privateOrders", "another type"),
    "a number of more than 32 bits": (frame(count(15, 2**31)), "$.privateOrders.status", "another type"),
    "no truth": (frame(count(9, 2)), "$.privateOrders.isMaker", "another type"),
    "no UTF-8": (frame(text(1, b"\xff")), "$.privateOrders.id", "other bytes"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_damaged_frame_is_refused(fault: str) -> None:
    """With our own error, which says where and why; without endpoint it is no JSON."""
    message, path, found = FAULTS[fault]
    for payload in (message, message.hex(), b64encode(message)):
        with pytest.raises(PayloadError) as caught:
            normalise(Record(payload, "mexc", ENDPOINT))
        assert caught.value.path == path
        assert found in caught.value.found
        with pytest.raises(PayloadError):
            normalise(Record(payload, "mexc"))


@given(st.binary(max_size=40), st.integers(0, len(FRAME)), st.integers(0, len(FRAME)))
def test_any_bytes(added: bytes, start: int, end: int) -> None:
    """Whatever stands in a frame, it is read, or refused with an error of ours; JSON comes out, or what went in."""
    for data in (FRAME[:start] + added + FRAME[end:], added):
        try:
            found = unpack(data)
        except Mismatch:
            continue
        assert found == data or isinstance(json.loads(found), dict)


@given(
    st.dictionaries(
        st.sampled_from(["id", "clientId", "price", "ocoId"]), st.text(st.characters(codec="utf-8"))
    ),
    st.dictionaries(st.sampled_from(["orderType", "status", "state"]), st.integers(-(2**31), 2**31 - 1)),
    st.integers(-(2**63), 2**63 - 1),
)
def test_whatever_is_packed_is_unpacked(texts: dict[str, str], counts: dict[str, int], moment: int) -> None:
    """Every value comes out as it went in."""
    numbers = {"id": 1, "clientId": 2, "price": 3, "ocoId": 21, "orderType": 7, "status": 15, "state": 20}
    packed = frame(
        *(text(numbers[key], value) for key, value in texts.items()),
        *(count(numbers[key], value) for key, value in counts.items()),
        count(16, moment),
    )
    expected: dict[str, Any] = {**texts, **counts, "createTime": str(moment)}
    assert json.loads(unpack(packed))["privateOrders"] == expected


@pytest.mark.parametrize(
    "payload", ["Zm9vYmFy", "0a0b0c", "Ch1z", "deadbeef", "", "C", "CCCC", "not a frame", "0 1", "C a n"]
)
def test_other_texts_stay_as_they_are(payload: str) -> None:
    """A text that stands for no frame is none."""
    assert unpack(payload.encode()) == payload.encode()
    assert recognition.recognise(payload.encode()) is None


def test_very_long_texts_are_not_looked_at() -> None:
    """An order has some hundred bytes."""
    payload = b64encode(frame(text(1, "a" * 2**20)))
    assert unpack(payload) == payload


BASE64 = b64encode(FRAME).decode()
LOGS = {
    "records.jsonl": {"venue": "mexc", "payload": BASE64},
    "named.jsonl": {"venue": "mexc", "endpoint": ENDPOINT, "payload": FRAME.hex()},
    "address.jsonl": {
        "url": "wss://wbs-api.mexc.com/ws?listenKey=0a",
        "ts": "2026-02-02T00:00:00Z",
        "frame": BASE64,
    },
    "flagged.jsonl": {"exchange": "mexc", "ts": "2026-02-02T00:00:00Z", "payload": BASE64, "base64": True},
    "har": {
        "log": {
            "entries": [
                {
                    "request": {"method": "GET", "url": "wss://wbs-api.mexc.com/ws", "headers": []},
                    "response": {"status": 101, "headers": [], "content": {}},
                    "_webSocketMessages": [
                        {"type": "receive", "time": 1770000009.3, "opcode": 2, "data": BASE64}
                    ],
                }
            ]
        }
    },
}


@pytest.mark.parametrize("log", LOGS)
def test_a_log_holds_frames(log: str, tmp_path: Path) -> None:
    """As a text in a line, beside a venue or an address, or as a binary frame of a browser."""
    path = tmp_path / f"day.{log.rpartition('.')[2]}"
    path.write_text(json.dumps(LOGS[log]) + "\n", encoding="utf-8")
    [record] = logs.read(path)
    assert isinstance(record, Record)
    [event] = normalise(record).events
    assert (event.order_id, event.outcome) == ("C02__550000000000000001028", "canceled")
