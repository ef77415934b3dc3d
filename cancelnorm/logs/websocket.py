"""WebSocket frames of one log; an answer is paired with its request by id, to learn what was asked."""

from collections import OrderedDict
from collections.abc import Callable, Iterator
from functools import cache, lru_cache
from typing import Final, NamedTuple

import msgspec
from msgspec import UNSET, Raw, Struct, UnsetType, defstruct
from msgspec.structs import astuple, replace

from cancelnorm import venues
from cancelnorm.logs.source import Options, Unreadable
from cancelnorm.logs.urls import parameters
from cancelnorm.record import Record, Request
from cancelnorm.venue import SocketKeys

__all__ = ["Frames"]

_WINDOW: Final = 10_000  # requests without an answer that are kept
_HEARTBEATS: Final = (b"", b"ping", b"pong")

_Members = dict[str, Raw]
_text: Final = msgspec.json.Decoder(str).decode
_items: Final = msgspec.json.Decoder(list[Raw]).decode


class _Sent(NamedTuple):
    """A request that waits for its answer, as one venue would understand it."""

    endpoint: str
    request: Request | None
    secrets: tuple[str, ...]
    sent_ns: int | None


class Frames:
    """The frames of one log, in their order; the last 10,000 requests are kept for their answers."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self._connection_secrets: tuple[str, ...] = ()
        self._login_secrets: tuple[str, ...] = ()
        # By the venue that was asked ("" if unknown) and by id; one entry for each venue it could have been.
        self._waiting: OrderedDict[tuple[str, bytes], dict[str, _Sent]] = OrderedDict()

    def connect(self, secrets: tuple[str, ...]) -> None:
        """Begin a connection; its secrets are reported with the first frame that is received over it."""
        self._connection_secrets = secrets

    def is_request(self, frame: bytes, venue: str | None) -> bool:
        """Tell whether a frame is a request to a venue, by its keys; of any venue if that is unknown."""
        return any(_requests(_members(frame), venue or self._options.venue))

    def send(self, frame: bytes, at: int | None, venue: str | None, address: str = "") -> None:
        """Keep a request until it is answered; ``address`` tells the products of a venue apart."""
        venue = venue or self._options.venue
        members = _members(frame)
        by_id: dict[bytes, dict[str, _Sent]] = {}
        for name, keys, operation in _requests(members, venue):
            asked = _first(members, keys.parameters)
            if operation in keys.secret_operations:
                # Its answer may have no id, so the next frame reports the secret.
                self._login_secrets = tuple(f"request.{key}" for key in keys.parameters if key in members)
            elif (request_id := _first(members, keys.request_id)) is not None:
                request, secrets = (None, ()) if asked is None else parameters(_unwrapped(asked))
                endpoint = f"{_prefix(keys, address)} {operation}"
                by_id.setdefault(request_id, {})[name] = _Sent(endpoint, request, secrets, at)
        for request_id, candidates in by_id.items():
            self._waiting[venue or "", request_id] = candidates
            if len(self._waiting) > _WINDOW:
                self._waiting.popitem(last=False)

    def receive(
        self, frame: bytes, at: int | None, venue: str | None, source: str
    ) -> Record | Unreadable | None:
        """Build the record of a frame that a venue sent; None for a heartbeat."""
        if frame.strip().lower() in _HEARTBEATS:
            return None
        options = self._options
        venue = venue or options.venue or venues.recognise(frame)
        if venue is None:
            return Unreadable(source, "line", "unknown venue; name it with --venue")
        record = Record(
            frame, venue, options.endpoint, received_ns=at, source=source, dialect=options.dialect
        )
        record = self.complete(record)
        if self._connection_secrets:
            record = replace(record, secrets=(*self._connection_secrets, *record.secrets))
            self._connection_secrets = ()
        return record

    def complete(self, record: Record) -> Record:
        """Add to an answer what its request says, if that was sent in the same log."""
        if self._login_secrets:
            record = replace(record, secrets=(*record.secrets, *self._login_secrets))
            self._login_secrets = ()
        if not self._waiting:
            return record
        members = _members(record.payload)
        for name, keys in _sockets(record.venue):
            if not _is_answer(members, keys):
                continue
            request_id = _first(members, keys.request_id) or b""
            for venue in (record.venue, ""):
                if name in self._waiting.get((venue, request_id), ()):
                    sent = self._waiting.pop((venue, request_id))[name]
                    return _completed(record, sent)
        return record


def _completed(record: Record, sent: _Sent) -> Record:
    return replace(
        record,
        endpoint=sent.endpoint,
        request=sent.request or record.request,
        sent_ns=record.sent_ns if sent.sent_ns is None else sent.sent_ns,
        secrets=(*record.secrets, *sent.secrets),
    )


# --- Keys of a frame ---


class _Reader(NamedTuple):
    """The decoder of the keys that some venue uses to pair frames; it skips other members of a frame."""

    keys: tuple[str, ...]
    decode: Callable[[bytes | str], Struct]


@cache
def _reader() -> _Reader:
    sockets = [keys for _, keys in _sockets(None)]
    groups = (group for s in sockets for group in (s.request_id, s.operation, s.parameters, s.answer))
    keys = tuple(dict.fromkeys(key for group in groups for key in group))
    names = {f"key_{i}": key for i, key in enumerate(keys)}
    frame = defstruct("Frame", [(name, Raw | UnsetType, UNSET) for name in names], rename=names)
    return _Reader(keys, msgspec.json.Decoder(frame).decode)


def _members(frame: bytes | str) -> _Members:
    """The members of a frame by which it can be paired; none if it is no JSON object."""
    keys, decode = _reader()
    try:
        values = astuple(decode(frame))
    except (ValueError, RecursionError):
        return {}
    if values.count(UNSET) == len(keys):  # most frames are pushed and have none of the keys
        return {}
    return {key: value for key, value in zip(keys, values, strict=True) if value is not UNSET}


@lru_cache(maxsize=1_024)
def _sockets(venue: str | None) -> tuple[tuple[str, SocketKeys], ...]:
    """The keys of a venue, with its name; of all venues if it is unknown."""
    known = venues.find(venue) if venue else None
    found = venues.every().values() if known is None else (known,)
    return tuple((each.name, each.socket) for each in found if each.socket is not None)


def _requests(members: _Members, venue: str | None) -> Iterator[tuple[str, SocketKeys, str]]:
    """The venues that take a frame for a request: name, keys, and the operation that is asked for.

    One venue's answer is no request to another one that has similar keys.
    """
    if not members:
        return
    sockets = _sockets(venue)
    if any(_is_answer(members, keys) for _, keys in sockets):
        return
    for name, keys in sockets:
        operation = _operation(members, keys)
        if operation is not None and (
            operation == "ping"
            or _first(members, keys.request_id) is not None
            or _first(members, keys.parameters) is not None
        ):
            yield name, keys, operation


def _is_answer(members: _Members, keys: SocketKeys) -> bool:
    """Tell whether a frame has a key of answers, and one that tells which request it answers."""
    return _first(members, keys.answer) is not None and (
        _first(members, (*keys.request_id, *keys.operation)) is not None
    )


def _operation(members: _Members, keys: SocketKeys) -> str | None:
    found = _first(members, keys.operation)
    if found is None or found[:1] != b'"':
        return None
    try:
        return _text(found)
    except ValueError:  # half of a surrogate pair
        return None


def _first(members: _Members, names: tuple[str, ...]) -> bytes | None:
    """The value of the first of these keys that a frame has."""
    return next((bytes(members[name]) for name in names if name in members), None)


def _unwrapped(asked: bytes) -> bytes:
    """The parameters of a request; some venues put them into an array of one."""
    if asked[:1] != b"[":
        return asked
    items = _items(asked)
    return bytes(items[0]) if len(items) == 1 else asked


def _prefix(keys: SocketKeys, address: str) -> str:
    """The first word of the endpoints at an address."""
    return next((prefix for part, prefix in keys.prefixes.items() if part in address), "ws")
