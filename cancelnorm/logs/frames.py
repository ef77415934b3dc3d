"""WebSocket frames of a capture that knows which way they went."""

import ast
from typing import Final

from msgspec.structs import replace

from cancelnorm import venues
from cancelnorm.logs.source import Options, Unreadable
from cancelnorm.logs.websocket import Pairs, is_request
from cancelnorm.record import Record

__all__ = ["Frames", "shown_bytes"]

_BEATS: Final = (b"", b"ping", b"pong")


class Frames:
    """The frames of one capture; what was sent is remembered for its answer."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self._pairs = Pairs()
        self._secrets: tuple[str, ...] = ()

    def connect(self, secrets: tuple[str, ...]) -> None:
        """Begin a connection; what was secret about it is told with the first frame that comes over it."""
        self._secrets = secrets

    def send(self, frame: bytes, at: int | None, venue: str | None, host: str | None = None) -> None:
        """Take a frame that was sent to a venue."""
        if frame.lstrip()[:1] == b"{":
            self._pairs.remember(frame, at, venue or self._options.venue or "", host)

    def is_asked(self, frame: bytes) -> bool:
        """Whether a frame was sent to a venue, as far as it says itself."""
        return is_request(frame)

    def complete(self, record: Record) -> Record:
        """Add to an answer what it answers, where that is known."""
        return self._pairs.complete(record)

    def receive(
        self, frame: bytes, at: int | None, venue: str | None, source: str
    ) -> Record | Unreadable | None:
        """Give the record of a frame that a venue sent; None for a heartbeat."""
        if frame.strip().lower() in _BEATS:
            return None
        venue = venue or self._options.venue or venues.recognise(frame)
        if venue is None:
            return Unreadable(source, "line", "nothing says which venue sent this; name it with --venue")
        options = self._options
        record = Record(
            frame, venue, options.endpoint, received_ns=at, source=source, dialect=options.dialect
        )
        record = self._pairs.complete(record)
        if self._secrets:
            record = replace(record, secrets=(*self._secrets, *record.secrets))
            self._secrets = ()
        return record


def shown_bytes(text: str) -> bytes | None:
    """Read bytes as Python shows them; None for any other text."""
    if text[:2] not in ("b'", 'b"'):
        return None
    try:
        shown: object = ast.literal_eval(text)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return None
    return shown if isinstance(shown, bytes) else None
