"""The direction of a line of JSON: whether its frame, or its request, was sent or received."""

import re
from typing import Final, Literal

import msgspec

from cancelnorm.logs.jsonl_fields import Parts

__all__ = ["Direction", "direction_of", "is_answered"]

Direction = Literal["sent", "received"]

_SENT: Final = frozenset(
    {"out", "outbound", "outgoing", "send", "sent", "tx", "request", "req", "client", "->", ">", ">>>"}
)
_RECEIVED: Final = frozenset(
    {"in", "inbound", "incoming", "receive", "received", "recv", "rx", "response", "resp", "server", "<-"}
    | {"<", "<<<"}
)
# Keys of a kind of line, which may be a direction, as in ``"type": "ws_recv"``.
_KINDS: Final = ("way", "type", "event", "kind", "action", "msg_type", "event_type", "name")
_ANSWERS: Final = frozenset({"response", "resp", "answer", "reply"})
_IDENTIFIER: Final = re.compile(r"[A-Za-z_.:/-]{1,40}|[<>-]{1,3}")
_WORD: Final = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[<>-]{1,3}$")


def direction_of(parts: Parts) -> Direction | None:
    """The direction, by a key of its own, or by the last word of the kind of line.

    A line that has an answer, or the status of one, is no request, whatever its kind is called.
    """
    said = _read(parts.text("direction") or "")
    if said is not None or parts.found("direction") is not None:
        return said
    for key in _KINDS:
        if key not in parts.line:
            continue
        raw = bytes(parts.line[key])
        kind = msgspec.json.decode(raw, type=str) if raw[:1] == b'"' else ""
        words = _WORD.findall(kind) if _IDENTIFIER.fullmatch(kind) else []
        said = _read(words[-1]) if words else None
        if said == "received" or (said == "sent" and not is_answered(parts)):
            return said
    return None


def _read(text: str) -> Direction | None:
    word = text.strip().casefold()
    return "sent" if word in _SENT else "received" if word in _RECEIVED else None


def is_answered(parts: Parts) -> bool:
    """Tell whether a line has an answer, or the status of one."""
    return parts.found("status") is not None or not _ANSWERS.isdisjoint(parts.line)
