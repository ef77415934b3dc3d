"""The format ``timestamped``: a timestamp and a frame a line, ``<time> <json>``, from stream collectors."""

import re
from collections.abc import Iterator
from datetime import UTC, tzinfo
from typing import Final

from cancelnorm.logs.item import Item, Unreadable
from cancelnorm.logs.options import Options
from cancelnorm.logs.source import Format, Source
from cancelnorm.logs.timestamps import ns
from cancelnorm.logs.websocket import Frames

__all__ = ["TIMESTAMPED", "read_line"]

_LINE: Final = re.compile(
    rb'\s*+"?([0-9][0-9TZz:.,+\-]{0,40}(?: [0-9][0-9Zz:.,+\-]{0,40})?(?: ?UTC)?)"?[ \t]*+[,;:]?[ \t]*+'
    rb"(?<=[ \t,;:])((?:\{\s*+(?:[\"}]|$)|\[\s*+(?:[\[{\"\]]|$)).*)",
    re.DOTALL,
)
_COUNT: Final = re.compile(
    rb"\s*+[0-9]{1,8}\b(?![.:-])"
)  # a status of HTTP, or a number of a line; no time now
_SNIFFED_LINES: Final = 10  # a rotated log begins in the middle of a line
_FEW: Final = 2  # lines, of which one may be cut


def fits(head: bytes) -> bool:
    """Tell whether most of the first lines are timestamps and frames; logs of text have other lines between."""
    lines = head.strip().split(b"\n", _SNIFFED_LINES)[:_SNIFFED_LINES]
    are_frames = [
        _split(line, UTC) is not None and _COUNT.match(line) is None for line in lines if line.strip()
    ]
    return any(are_frames) and (len(lines) <= _FEW or sum(are_frames) * 3 >= len(are_frames) * 2)


def _split(line: bytes, zone: tzinfo) -> tuple[int, bytes] | None:
    """The time and the frame of a line."""
    match = _LINE.fullmatch(line)
    at = ns(match[1].decode().rstrip(",:;"), zone) if match else None
    return None if match is None or at is None else (at, match[2].strip())


def read(source: Source, options: Options) -> Iterator[Item]:
    """Read the frames of one log; requests are kept for their answers."""
    frames, zone = Frames(options), options.zone
    for number, line in source.lines():
        location = f"{source.name}:{number}"
        if line is None:
            yield Item(Unreadable(location, "line", source.too_long))
        else:
            yield from read_line(frames, line, location, options, zone)
    yield from frames.unanswered()


def read_line(frames: Frames, line: bytes, location: str, options: Options, zone: tzinfo) -> Iterator[Item]:
    """Read a frame; a request is kept for its answer."""
    parts = _split(line, zone)
    if parts is None:
        yield Item(Unreadable(location, "line", "expected a timestamp and a JSON frame"), line)
        return
    at, frame = parts
    if frames.is_request(frame, options.venue):
        frames.send(frame, at, options.venue, source=location, raw=line)
    elif (found := frames.receive(frame, at, options.venue, location)) is not None:
        yield Item(found, line)
    yield from frames.left()


TIMESTAMPED: Final = Format(
    "timestamped", "a time and a frame a line, as tardis and hftbacktest have them", fits, read
)
