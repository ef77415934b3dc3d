"""Items of an array within an object, found without decoding the whole."""

from io import BytesIO

from cancelnorm.logs.compression import Stream
from cancelnorm.logs.json_array import located
from cancelnorm.logs.source import Source, Unreadable


def items(depth: int) -> list[bytes | Unreadable]:
    """The entries of an archive whose first member has so many arrays in one another."""
    log = b'{"page":' + b"[" * depth + b"]" * depth + b',"log":{"entries":[{"a":1},{"b":2}]}}'
    source = Source(Stream(BytesIO(log), "log"), "log")
    return [item for _, item in located(source, (b"log", b"entries"), "entry")]


def test_depth_is_bounded() -> None:
    """Brackets are followed to a depth that no archive has; deeper ones are refused with their place."""
    assert items(999) == [b'{"a":1}', b'{"b":2}']
    refused = Unreadable("log:1", "file", "malformed or truncated JSON before the first entry")
    assert items(1_000) == [refused]
