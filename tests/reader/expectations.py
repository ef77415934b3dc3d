"""What fields of all venues' structs are expected to be, told from the first endpoint to the last, or from the last.

``python -m tests.reader.expectations 1`` and ``-1`` write a JSON object: field → what was told of values of all kinds.
"""

import sys

import msgspec

from cancelnorm import venues
from cancelnorm.reader.exact import Tree
from cancelnorm.reader.mismatch import Mismatch
from cancelnorm.reader.types import Node, structs_in

VALUES = (b"{}", b"[]", b"null", b"true", b"1.5", b"7", b'"no such word"')


def told(step: int) -> dict[str, list[str]]:
    """What is expected of each field of each struct, for each value that it refuses."""
    found = {}
    endpoints = [endpoint for venue in venues.every().values() for endpoint in venue.endpoints.values()]
    for endpoint in endpoints[::step]:
        for struct in structs_in(endpoint.shape.node):
            for field in struct.fields:
                name = f"{endpoint} {struct.struct.__qualname__}.{field.key}"
                found[name] = [expected(field.node, value) for value in VALUES]
    return found


def expected(node: Node, value: bytes) -> str:
    """What is expected instead of a value; an empty text where it is taken."""
    try:
        Tree(value).walk(node, refuse=True)
    except Mismatch as fault:
        return fault.expected
    return ""


if __name__ == "__main__":
    sys.stdout.buffer.write(msgspec.json.encode(told(int(sys.argv[1]))))
