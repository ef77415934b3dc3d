"""Our own events, which are no log: they are recognised, so that the message says what they are."""

from collections.abc import Iterator
from typing import Final

import msgspec
from msgspec import Raw

from cancelnorm.logs.item import Item, Unreadable
from cancelnorm.logs.options import Options
from cancelnorm.logs.source import Format, Source

__all__ = ["EVENTS"]

_KEYS: Final = frozenset({"venue", "kind", "outcome", "evidence", "index"})
_object: Final = msgspec.json.Decoder(dict[str, Raw]).decode
_REASON: Final = "these are events that cancelnorm wrote; give it the log that they were read from"


def fits(head: bytes) -> bool:
    """Tell whether the first line is an event."""
    try:
        return _object(head.lstrip().partition(b"\n")[0]).keys() >= _KEYS
    except (ValueError, RecursionError):
        return False


def read(source: Source, options: Options) -> Iterator[Item]:
    """Report the file, once."""
    del options
    yield Item(Unreadable(f"{source.name}:1", "file", _REASON))


EVENTS: Final = Format("events", "events that cancelnorm wrote, which cannot be checked", fits, read)
