"""Items of an array within an object, found without decoding the whole."""

from io import BytesIO

import pytest

from cancelnorm.logs.compression import Stream
from cancelnorm.logs.item import Unreadable
from cancelnorm.logs.json_array import located
from cancelnorm.logs.limits import MAX_RECORD_BYTES
from cancelnorm.logs.source import Source


def items(log: bytes, most: int = MAX_RECORD_BYTES) -> list[bytes | Unreadable]:
    """The entries of an archive."""
    source = Source(Stream(BytesIO(log), "log"), "log", max_record_bytes=most)
    return [item for _, item in located(source, (b"log", b"entries"), "entry")]


def nested(depth: int) -> bytes:
    """An archive whose first member has so many arrays in one another."""
    return b'{"page":' + b"[" * depth + b"]" * depth + b',"log":{"entries":[{"a":1},{"b":2}]}}'


def test_depth_is_bounded() -> None:
    """Brackets are followed to a depth that no archive has; deeper ones are refused with their place."""
    assert items(nested(999)) == [b'{"a":1}', b'{"b":2}']
    refused = Unreadable("log:1", "file", "brackets over 1,000 deep before the first entry")
    assert items(nested(1_000)) == [refused]


def test_a_key_that_comes_again() -> None:
    """The entries of both arrays are read, also where the whole object comes again."""
    assert items(b'{"log":{"entries":[{"a":1},{"b":2}],"entries":[{"c":3}]}}') == [
        b'{"a":1}',
        b'{"b":2}',
        b'{"c":3}',
    ]
    assert items(b'{"log":{"entries":[{"a":1}]},"log":{"entries":[],"entries":[{"b":2}]}}') == [
        b'{"a":1}',
        b'{"b":2}',
    ]


@pytest.mark.parametrize("item", [b'{"a":"xyz"}', b'{"a":{"b":1}}', b'{"a":[1,{}]}', b'{"a" : "\\"" }'])
def test_the_longest_item(item: bytes) -> None:
    """Wherever it stands, one of as many bytes as there may be is read, and one of more costs itself only."""
    log = b'{"log":{"entries":[%b,\n%b , %b]}}' % (item, item, item)
    assert items(log, len(item)) == [item] * 3
    assert [isinstance(each, Unreadable) for each in items(log, len(item) - 1)] == [True] * 3
    short = b'{"log":{"entries":[{},%b,{}]}}' % item
    assert items(short, len(item) - 1)[::2] == [b"{}", b"{}"]
