"""Lines of an e-mail as its reader sees them: bodies in base64, and in quoted-printable, which breaks long lines."""

import re
from base64 import b64decode
from collections.abc import Iterable, Iterator
from contextlib import suppress
from quopri import decodestring
from typing import Final

__all__ = ["decoded", "is_mail"]

Line = tuple[int, bytes | None]

_FIRST: Final = re.compile(rb"\s*(?:From |[A-Za-z][\w-]{1,40}:)")
_CODING: Final = re.compile(
    rb"^content-transfer-encoding:\s*+(base64|quoted-printable)[ \t\r]*+$", re.IGNORECASE | re.MULTILINE
)
_BOUNDARY: Final = b"--"  # what a line between two parts begins with
_MOST_BYTES: Final = 1 << 23  # of a body in base64, and of a line that was broken


def is_mail(head: bytes) -> bool:
    """Tell whether a log is an e-mail of which a part is encoded."""
    return _FIRST.match(head) is not None and _CODING.search(head) is not None


def decoded(lines: Iterable[Line]) -> Iterator[Line]:
    """The lines of an e-mail, decoded; one that was broken has the number of its last piece."""
    coding: bytes | None = None  # of the part that is read
    is_body = False
    held, number = bytearray(), 0
    for number, line in lines:
        if line is None:
            yield number, None
        elif not is_body or line.startswith(_BOUNDARY):
            yield from _rest(number, held, coding)
            held = bytearray()
            if line.startswith(_BOUNDARY):
                coding, is_body = None, False
            found = _CODING.match(line)
            coding = found[1].lower() if found is not None else coding
            is_body = is_body or (not line.strip() and coding is not None)
            yield number, line
        elif coding == b"base64":
            held += line.strip()
        else:
            text = line.rstrip(b"\r")
            held += decodestring(text.removesuffix(b"="))
            if not text.endswith(b"="):
                yield number, bytes(held)
                held = bytearray()
        if len(held) > _MOST_BYTES:
            yield number, None
            held = bytearray()
    yield from _rest(number, held, coding)


def _rest(number: int, held: bytearray, coding: bytes | None) -> Iterator[Line]:
    """The lines of what is held at the end of a part; base64 that is none stays as it is."""
    text = bytes(held)
    if coding == b"base64":
        with suppress(ValueError):
            text = b64decode(text, validate=True)
    yield from ((number, line) for line in text.splitlines())
