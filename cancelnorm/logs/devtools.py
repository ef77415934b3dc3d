"""Events of Chrome's DevTools protocol, each an object of its own: the frames of WebSockets in them."""

from collections.abc import Mapping
from typing import Final

import msgspec
from msgspec import Raw

__all__ = ["frames_of"]

Members = Mapping[str, Raw]

_METHOD: Final = "method"
_DOMAIN: Final = b'"Network.'
_DIRECTIONS: Final = {
    b'"Network.webSocketFrameSent"': b'"sent"',
    b'"Network.webSocketFrameReceived"': b'"received"',
}
_TEXT: Final = b"1"  # the opcode of a frame that is no bytes
_object: Final = msgspec.json.Decoder(dict[str, Raw]).decode


def frames_of(found: Members) -> list[Members] | None:
    """The frame in an event, as a line of a logger has it; none in another event; None if an object is no event.

    The time of an event is that of a clock of the browser's own, which tells no date.
    """
    method = bytes(found.get(_METHOD, b""))
    if not method.startswith(_DOMAIN) or "params" not in found:
        return None
    if method not in _DIRECTIONS:
        return []
    try:
        params = _object(found["params"])
        frame = _object(params["response"])
        told = {"connection": params["requestId"], "payload": frame["payloadData"]}
    except (ValueError, KeyError, RecursionError):
        return None
    if bytes(frame.get("opcode", _TEXT)) != _TEXT:
        return []
    return [{**told, "direction": Raw(_DIRECTIONS[method])}]
