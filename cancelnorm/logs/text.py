"""The format ``text``: lines of any program, some of which hold a frame, a request or an answer.

A line may have a time, words, and an object: JSON, or as Python or JavaScript prints it. Words beside the object
tell its direction, and the method, the URL and the status of HTTP. An object may also be a line of ``jsonl``. Lines
without an object are counted only.
"""

from collections.abc import Iterable, Iterator
from typing import Final

from cancelnorm.logs.curl_trace import is_trace, joined
from cancelnorm.logs.item import Item, Unreadable
from cancelnorm.logs.jsonl import LineReader
from cancelnorm.logs.loud_lines import loud_lines
from cancelnorm.logs.options import Options
from cancelnorm.logs.passed import PassedOver
from cancelnorm.logs.source import Format, Source
from cancelnorm.logs.text_log import TextLog
from cancelnorm.logs.text_reader import TextReader
from cancelnorm.logs.time_order import begins_with_newest, oldest_lines_first

__all__ = ["TEXT", "holds_frames", "read"]


def fits(head: bytes) -> bool:
    """Any log is lines of text, so this format comes last."""
    return bool(head.strip())


def holds_frames(head: bytes) -> bool:
    """Tell whether the first lines of a log hold a frame, a request or an answer."""
    reader = LineReader("", Options(), PassedOver()).text
    return any(
        any(reader.line(number, line)) or reader.log.has_requests
        for number, line in enumerate(head.split(b"\n"), 1)
    )


def read(source: Source, options: Options) -> Iterator[Item]:
    """Read what the lines of one log hold."""
    reader = LineReader(source.name, options, source.passed).text
    source.is_unknown = True
    for item in _items(source, reader):
        source.is_unknown = False
        yield item
    source.is_unknown &= not reader.log.has_requests


def _items(source: Source, reader: TextReader) -> Iterator[Item]:
    log = reader.log
    for number, line in _lines(source, reader):
        if line is None:
            reader.drop()
            yield Item(Unreadable(log.source(number), "line", source.too_long))
        else:
            yield from reader.line(number, line)
            if log.has_requests:
                yield from log.left()
            source.text_lines = log.text_lines
    if not source.damage:
        yield from reader.end()
        source.text_lines = log.text_lines
    yield from reader.unanswered()


def _lines(source: Source, reader: TextReader) -> Iterable[tuple[int, bytes | None]]:
    """The lines of a log as they were before they were broken into others, or the newest was put first."""
    if is_trace(source.head):
        return joined(source.all_lines())
    if source.is_live or not begins_with_newest(source.head, reader.log.zone):
        return _without_silent(source, reader)
    return _in_order(source.all_lines(), reader.log)


def _without_silent(source: Source, reader: TextReader) -> Iterator[tuple[int, bytes | None]]:
    """The lines of a log, but for those that say nothing where none of them may belong to what is open."""
    for block in source.blocks():
        if block is None:
            yield source.line, None
            continue
        lines = block.removesuffix(b"\n").split(b"\n")
        at = 0
        for loud in loud_lines(lines):
            while at < loud and not reader.is_idle:
                yield source.line + at, lines[at]
                at += 1
            if at < loud:
                reader.pass_over(source.line + at, lines[at:loud])
                source.text_lines = reader.log.text_lines
            at = loud + 1
            yield source.line + loud, lines[loud]


def _in_order(lines: Iterable[tuple[int, bytes | None]], log: TextLog) -> Iterator[tuple[int, bytes | None]]:
    """The lines with numbers that rise from the oldest one on."""
    for place, (number, line) in enumerate(oldest_lines_first(lines, log.zone), 1):
        if place != number:
            log.turn(place, number)
        yield place, line


TEXT: Final = Format("text", "lines of text that hold frames, as programs log or print them", fits, read)
