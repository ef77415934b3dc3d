"""Lines of a time and a frame, as collectors of WebSocket streams write them: ``<time> <json>``."""

import re
from collections.abc import Iterator
from typing import Final

from cancelnorm.logs.frames import Frames
from cancelnorm.logs.source import MAX_LINE_BYTES, Format, Item, Options, Source, Unreadable
from cancelnorm.logs.timestamps import ns

__all__ = ["TIMESTAMPED"]

_LINE: Final = re.compile(
    rb'\s*+"?([0-9][0-9TZz:.,+\-]*(?: [0-9][0-9Zz:.,+\-]*)?(?: ?UTC)?)"?[ \t]*+[,;:]?[ \t]*+'
    rb"(?<=[ \t,;:])([\[{].*)",
    re.DOTALL,
)
_SNIFFED_LINES: Final = 10  # a log that was rotated begins in the middle of a line


def fits(head: bytes) -> bool:
    """Whether one of the first lines is a time and the beginning of a frame."""
    return any(_taken(line) for line in head.lstrip().split(b"\n", _SNIFFED_LINES)[:_SNIFFED_LINES])


def _taken(line: bytes) -> tuple[int, bytes] | None:
    """The time and the frame of a line."""
    match = _LINE.fullmatch(line)
    at = ns(match[1].decode().rstrip(",:;")) if match else None
    return None if match is None or at is None else (at, match[2].strip())


def read(source: Source, options: Options) -> Iterator[Item]:
    """Read the frames of one log; requests are kept for their answers."""
    frames = Frames(options)
    for number, line in source.lines():
        place = f"{source.name}:{number}"
        if line is None:
            yield Item(Unreadable(place, "line", f"a line of more than {MAX_LINE_BYTES >> 20} MiB"))
            continue
        taken = _taken(line)
        if taken is None:
            yield Item(Unreadable(place, "line", "expected a time and a frame of JSON"), line)
        elif frames.is_asked(taken[1]):
            frames.send(taken[1], taken[0], options.venue)
        elif (found := frames.receive(taken[1], taken[0], options.venue, place)) is not None:
            yield Item(found, line)


TIMESTAMPED: Final = Format(
    "timestamped", "a time and a frame a line, as tardis and hftbacktest have them", fits, read
)
