"""WebSocket requests and their answers, paired by id: an answer does not say what was asked."""

from collections import OrderedDict
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

import msgspec
from msgspec import UNSET, Raw, Struct, UnsetType
from msgspec.structs import replace

from cancelnorm.logs.urls import parameters
from cancelnorm.record import Record

__all__ = ["Pairs", "is_request"]

_WINDOW: Final = 10_000  # requests that wait for their answer at most


class _Frame(Struct, rename="camel"):
    """What tells requests from answers, of Binance's WebSocket API (``id``) and of Bybit's (``reqId``)."""

    id: Raw | UnsetType = UNSET
    req_id: Raw | UnsetType = UNSET
    method: str | UnsetType = UNSET
    params: Raw | UnsetType = UNSET
    op: str | UnsetType = UNSET
    args: Raw | UnsetType = UNSET
    header: Raw | UnsetType = UNSET
    status: Raw | UnsetType = UNSET
    result: Raw | UnsetType = UNSET
    ret_code: Raw | UnsetType = UNSET
    success: Raw | UnsetType = UNSET

    @property
    def key(self) -> bytes | None:
        """The id that an answer repeats."""
        found = self.req_id if self.req_id is not UNSET else self.id
        return None if found is UNSET else bytes(found)

    @property
    def is_answer(self) -> bool:
        """Whether it says what became of a request."""
        return any(part is not UNSET for part in (self.status, self.result, self.ret_code, self.success))


_decode: Final = msgspec.json.Decoder(_Frame).decode


class _Asked(NamedTuple):
    """A request that waits for its answer."""

    endpoint: str
    request: Mapping[str, Any] | None
    secrets: tuple[str, ...]
    sent_ns: int | None


def _read(frame: bytes | str) -> _Frame | None:
    try:
        return _decode(frame)
    except (ValueError, RecursionError):
        return None


def is_request(frame: bytes) -> bool:
    """Whether a frame asks a venue for something, as far as the frame says."""
    found = _read(frame)
    if found is None or found.is_answer:
        return False
    return (found.method is not UNSET and found.key is not None) or (
        found.op is not UNSET and (found.args is not UNSET or found.op == "ping")
    )


class Pairs:
    """The last 10,000 requests that were not answered yet."""

    def __init__(self) -> None:
        self._waiting: OrderedDict[tuple[str, bytes], _Asked] = OrderedDict()
        self._secrets: tuple[str, ...] = ()

    def remember(self, frame: bytes, sent_ns: int | None, venue: str, host: str | None = None) -> None:
        """Keep what a frame asks, until it is answered; ``host`` tells products of a venue apart."""
        found = _read(frame)
        if found is not None and found.op == "auth" and found.args is not UNSET:
            self._secrets = ("request.args",)  # Bybit's has no id; the next frame tells of it
        if found is None or found.key is None:
            return
        name = found.method if found.method is not UNSET else found.op
        if name is UNSET:
            return
        asked = found.params if found.params is not UNSET else found.args
        request, secrets = parameters(_first(asked)) if asked is not UNSET else (None, ())
        asked_for = _Asked(f"{_prefix(host)} {name}", request, secrets, sent_ns)
        self._waiting[venue, found.key] = asked_for
        if len(self._waiting) > _WINDOW:
            self._waiting.popitem(last=False)

    def complete(self, record: Record) -> Record:
        """Add to an answer what it answers, where that is known."""
        if self._secrets:
            record = replace(record, secrets=(*record.secrets, *self._secrets))
            self._secrets = ()
        if not self._waiting:
            return record
        found = _read(record.payload)
        if found is None or found.key is None or not found.is_answer:
            return record
        asked = self._waiting.pop((record.venue, found.key), None)
        asked = asked or self._waiting.pop(("", found.key), None)  # nothing said which venue was asked
        if asked is None:
            return record
        return replace(
            record,
            endpoint=asked.endpoint,
            request=asked.request or record.request,
            sent_ns=record.sent_ns if asked.sent_ns is None else asked.sent_ns,
            secrets=(*record.secrets, *asked.secrets),
        )


def _first(asked: Raw) -> bytes:
    """The parameters; Bybit has them in an array of one."""
    data = bytes(asked).strip()
    if data[:1] == b"[":
        items = msgspec.json.decode(data, type=list[Raw])
        return bytes(items[0]) if len(items) == 1 else b""
    return data


def _prefix(host: str | None) -> str:
    """What the names of a host's endpoints begin with: Binance has the same methods at three hosts."""
    for product in ("ws-fapi", "ws-dapi"):
        if host and product in host:
            return product
    return "ws"
