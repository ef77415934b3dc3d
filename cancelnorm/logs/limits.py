"""The longest record that is read: a line, an entry, a payload, or a body once it is decompressed; and most lines."""

import re
from typing import Final

__all__ = ["MAX_RECORD_BYTES", "MOST_BYTES", "MOST_LINES", "bytes_of", "shown_size", "too_long"]

# An answer about 1,000 orders has less than 1 MiB, and what is made of a record takes up to 20 times its bytes.
MAX_RECORD_BYTES: Final = 8 << 20
"""The longest record that is read by default, in bytes."""

MOST_LINES: Final = 1 << 19  # more than there are in a megabyte
MOST_BYTES: Final = 32 << 20
"""Lines that have one fault in common: how many there may be, and how long they may be together but for the last."""

_UNITS: Final = {"": 1, "K": 1 << 10, "M": 1 << 20, "G": 1 << 30}
_SIZE: Final = re.compile(r"(?P<number>[1-9][0-9]{0,14}) ?(?P<unit>[KMG]?)(?:i?B)?", re.IGNORECASE)


def bytes_of(size: str) -> int:
    """The bytes of a size like ``64M`` or ``500K``; raises ValueError for anything else."""
    match = _SIZE.fullmatch(size.strip())
    if match is None:
        raise ValueError(f"expected a size like 64M, found {size!r}")
    return int(match["number"]) * _UNITS[match["unit"].upper()]


def shown_size(size_bytes: int) -> str:
    """A size in the largest unit that divides it."""
    for unit, factor in (("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10)):
        if size_bytes % factor == 0:
            return f"{size_bytes // factor} {unit}"
    return f"{size_bytes} bytes"


def too_long(max_bytes: int) -> str:
    """The reason why a record that is too long is refused."""
    return f"longer than {shown_size(max_bytes)}, the limit of --max-record"
