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


def test_scalars_are_items() -> None:
    """They hold nothing, and cost no other item."""
    log = b'{"log":{"entries":[%b]}}'
    every = [b'{"a":1}', b"null", b'"x[,]\\""', b'{"b":[2]}', b"7", b"[3]", b"true"]
    for gap in (b",", b" , ", b",\n\n"):
        assert items(log % gap.join(every)) == every
    assert items(log % b"7") == [b"7"]
    assert items(log % b'{"a":1} , ') == [b'{"a":1}']


def test_what_is_between_items_is_checked() -> None:
    """Without a comma, or with two, the log is malformed there."""
    fault = Unreadable("log:1", "file", "malformed or truncated JSON after entry 1")
    for between in (b",,", b", 5 6,", b",5:6,", b',"x'):
        assert items(b'{"log":{"entries":[{"a":1}%b{"b":2}]}}' % between) == [b'{"a":1}', fault]


def test_the_line_of_a_scalar() -> None:
    """Each is told with the line that it is on."""
    log = b'[{"a":1},\n\n5,\n\n\n6\n,{"b":2},\n7]'
    source = Source(Stream(BytesIO(log), "log"), "log")
    assert [(place, item) for place, item in located(source, (), "item") if item != b'{"b":2}'] == [
        ("log:1", b'{"a":1}'),
        ("log:3", b"5"),
        ("log:6", b"6"),
        ("log:8", b"7"),
    ]


@pytest.mark.parametrize("item", [b'{"a":"xyz"}', b'{"a":{"b":1}}', b'{"a":[1,{}]}', b'{"a" : "\\"" }'])
def test_the_longest_item(item: bytes) -> None:
    """Wherever it stands, one of as many bytes as there may be is read, and one of more costs itself only."""
    log = b'{"log":{"entries":[%b,\n%b , %b]}}' % (item, item, item)
    assert items(log, len(item)) == [item] * 3
    assert [isinstance(each, Unreadable) for each in items(log, len(item) - 1)] == [True] * 3
    short = b'{"log":{"entries":[{},%b,{}]}}' % item
    assert items(short, len(item) - 1)[::2] == [b"{}", b"{}"]
