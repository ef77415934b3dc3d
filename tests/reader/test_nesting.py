"""How deep JSON may be."""

import copy
import pickle

import msgspec
import pytest

from cancelnorm import CancelNormError, Record, normalise, parse
from cancelnorm.reader.nesting import MAX_DEPTH, is_too_deep

PAYLOAD = (
    b'{"retCode":0,"retMsg":"OK","result":{"orderId":"c6f0","orderLinkId":"","new":%b},'
    b'"retExtInfo":{},"time":1672217377164}'
)
AROUND = 2  # the objects in which the new field stands


def nested(depth: int) -> bytes:
    """A number in as many objects and arrays."""
    opening = b"".join(b"[" if i % 2 else b'{"a":' for i in range(depth))
    closing = b"".join(b"]" if i % 2 else b"}" for i in reversed(range(depth)))
    return opening + b"1" + closing


def record(depth: int) -> Record:
    """An answer with an added field that is nested as deep."""
    return Record(PAYLOAD % nested(depth), "bybit", "POST /v5/order/cancel")


def test_the_bound() -> None:
    """As many as the bound are not too many, and one more are."""
    assert not is_too_deep(1)
    assert not is_too_deep(msgspec.json.decode(nested(MAX_DEPTH)))
    assert is_too_deep(msgspec.json.decode(nested(MAX_DEPTH + 1)))


def test_what_is_within_the_bound_can_be_used() -> None:
    """What is understood can be copied, pickled and written, however deep an addition is."""
    result = normalise(record(MAX_DEPTH - AROUND))
    assert [note.path for note in result.notes] == ["$.result.new"]
    assert copy.deepcopy(result) == pickle.loads(pickle.dumps(result)) == result
    assert msgspec.json.encode(result)


@pytest.mark.parametrize("depth", [MAX_DEPTH - AROUND + 1, 300, 900, 5_000, 100_000])
def test_what_is_beyond_the_bound_is_refused(depth: int) -> None:
    """The error is the same at every depth, also for a reader that has learned of the field."""
    normalise(record(1))
    for read in (normalise, parse):
        with pytest.raises(CancelNormError, match=r"^\$: expected JSON, found too many nested brackets$"):
            read(record(depth))


@pytest.mark.parametrize("depth", [MAX_DEPTH - AROUND + 1, 300, 900, 5_000, 100_000])
@pytest.mark.parametrize("second", [b"1", b"[]"])
def test_the_value_of_a_key_that_comes_again_is_bounded_too(depth: int, second: bytes) -> None:
    """Decoders forget the first value, but it is held against the second."""
    again = Record(PAYLOAD % (b'%b,"new":%b' % (nested(depth), second)), "bybit", "POST /v5/order/cancel")
    with pytest.raises(CancelNormError, match=r"^\$: expected JSON, found too many nested brackets$"):
        normalise(again)
    with pytest.raises(CancelNormError):  # the new field may come first
        parse(again)


def test_the_value_of_a_key_that_comes_again_within_the_bound() -> None:
    """It is not too deep where it stands in as much as is allowed."""
    same = nested(MAX_DEPTH - AROUND)
    again = Record(PAYLOAD % (b'%b,"new":%b' % (same, same)), "bybit", "POST /v5/order/cancel")
    assert {note.code for note in normalise(again).notes} == {"unknown-field", "duplicate-key"}
