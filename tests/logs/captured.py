"""What the tests of captures share: read bytes in a format, and look for what is secret."""

import tracemalloc
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from cancelnorm import Record
from cancelnorm.logs.compression import Stream
from cancelnorm.logs.item import Item, Unreadable
from cancelnorm.logs.options import Options
from cancelnorm.logs.source import Format, Source

LOGS = Path(__file__).parents[2] / "samples" / "logs"
SECRETS = ("FAKE", "5a5a5a5a")
NONE = Options()


class Chunks:
    """A file that gives exactly these chunks, and counts them."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks = iter(chunks)
        self.count = 0

    def read1(self, size: int, /) -> bytes:
        """Give the next chunk; an empty one is no end."""
        del size
        for chunk in self._chunks:
            self.count += 1
            if chunk:
                return chunk
        return b""


def items(form: Format, chunks: Iterable[bytes], options: Options = NONE) -> Iterator[Item]:
    """Read a log that comes in chunks."""
    source = Source(Stream(Chunks(chunks), "log"), "log", max_record_bytes=options.max_record_bytes)
    for part in form.read(source, options):
        assert isinstance(part, Item)
        yield part


def passed(form: Format, chunks: Iterable[bytes]) -> int:
    """Count what a log holds, and keep nothing of it."""
    things = form.read(Source(Stream(Chunks(chunks), "log"), "log"), NONE)
    count = 0
    while next(things, None) is not None:
        count += 1
    return count


def found(form: Format, data: bytes, options: Options = NONE) -> list[Record | Unreadable]:
    """What a log holds."""
    return [item.found for item in items(form, (data,), options)]


def records(form: Format, data: bytes, options: Options = NONE) -> list[Record]:
    """The records of a log that has nothing else."""
    things = found(form, data, options)
    assert not [str(thing) for thing in things if isinstance(thing, Unreadable)]
    return [thing for thing in things if isinstance(thing, Record)]


def faults(form: Format, data: bytes, options: Options = NONE) -> list[str]:
    """What could not be read in a log, as text."""
    return [str(thing) for thing in found(form, data, options) if isinstance(thing, Unreadable)]


def asked(record: Record) -> Mapping[str, Any]:
    """The parameters of a request that is no list."""
    assert isinstance(record.request, Mapping)
    return record.request


def leaks(things: Iterable[Record | Unreadable]) -> list[str]:
    """The secrets of the samples that are seen in what was read."""
    shown = "".join(map(repr, things))
    return [secret for secret in SECRETS if secret in shown]


def peak_bytes(work: Callable[[], object]) -> int:
    """The most memory that is in use at a time."""
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
