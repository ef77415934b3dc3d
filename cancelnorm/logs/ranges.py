"""Division of logs into ranges of lines, which workers read independently."""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from cancelnorm.logs.archives import archived
from cancelnorm.logs.limits import MAX_RECORD_BYTES
from cancelnorm.logs.open import files, format_of
from cancelnorm.logs.opening import is_address, opened
from cancelnorm.logs.options import Options
from cancelnorm.logs.records import RECORDS, are_lines
from cancelnorm.logs.source import Range, Source

__all__ = ["first_line", "ranges"]

_CHUNK_BYTES: Final = 1 << 20


def ranges(
    path: str | os.PathLike[str],
    size: int,
    *,
    format: str | None = None,  # noqa: A002  # as in ``read``
    paths: Mapping[str, str] | None = None,
    max_record_bytes: int = MAX_RECORD_BYTES,
) -> Iterator[Range]:
    """Divide a file, or all logs in a folder, into ranges of about ``size`` bytes.

    ``read(range)`` gives the records of a range; those of all ranges, one after the other, are exactly those of
    ``read(path)``, with the same sources. A range consists of whole lines and is longer than ``size`` by the rest
    of its last line. Its ``line`` is counted, so each file is read once, without being parsed. Give the options to
    ``read`` as well.

    Only logs of records that are files and not compressed are divided. Any other log is one range: a compressed
    one cannot be entered in the middle, and in the other formats a record may take several lines, or an answer
    need the request on an earlier line.

    Raises ValueError for a size that is not positive, and what ``read`` raises.
    """
    if size < 1:
        raise ValueError(f"the size of a range must be positive, not {size}")
    options = Options(format, paths or {}, max_record_bytes=max_record_bytes)
    for name in files(path):
        start = first_line(name, options)
        yield from (Range(name),) if start is None else _divided(name, start, size)


def first_line(name: str, options: Options) -> int | None:
    """Offset of the first line of a log that can be divided; None for any other."""
    if name == "-" or is_address(name) or archived(name):
        return None
    with opened(name, max_record_bytes=options.max_record_bytes) as source:
        is_divisible = format_of(source, options) is RECORDS and _has_line(source)
        return source.start if is_divisible else None


def _has_line(source: Source) -> bool:
    """Tell whether a log certainly consists of lines, and of not only such as are too long."""
    *lines, _ = source.head.split(b"\n")
    return are_lines(source.head) and any(
        len(line) <= source.max_record_bytes and not line.isspace() for line in lines if line
    )


def _divided(name: str, start: int, size: int) -> Iterator[Range]:
    """Ranges of a file from the offset of its first line on."""
    begin, first, line = start, 1, 1  # of the current range, and the line that was reached
    with Path(name).open("rb") as file:
        file.seek(start)
        position = start  # of the chunk
        while chunk := file.read(_CHUNK_BYTES):
            at = 0
            while end := chunk.find(b"\n", max(begin + size - 1 - position, at)) + 1:
                line += chunk.count(b"\n", at, end)
                yield Range(name, begin, position + end, first)
                begin, first, at = position + end, line, end
            line += chunk.count(b"\n", at)
            position += len(chunk)
    if begin < position:
        yield Range(name, begin, position, first)
