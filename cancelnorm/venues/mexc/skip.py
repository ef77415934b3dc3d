"""MEXC's pushed frames: which of them have nothing to say about a cancel.

Contracts have channels that begin with ``push.`` and ``rs.``; their frames are told in a module of their own.
"""

from collections.abc import Sequence
from typing import Final

from msgspec import Struct
from msgspec.json import Decoder

from cancelnorm.venue import Shown
from cancelnorm.venues.mexc.contract_skip import contract_shows, skip_contract


class _Frame(Struct, gc=False):
    """The keys by which frames differ."""

    channel: str = ""


_frame: Final = Decoder(_Frame).decode


def skip(data: bytes) -> str | None:
    """Say what a payload is that has nothing to say about a cancel; None for one that may have."""
    try:
        frame = _frame(data)
    except (ValueError, RecursionError):
        return None
    if frame.channel and not frame.channel.startswith("spot@"):
        return skip_contract(data)
    return None


def shows(data: bytes) -> Sequence[Shown]:
    """Tell the orders that a frame shows as filled, if in part."""
    try:
        frame = _frame(data)
    except (ValueError, RecursionError):
        return ()
    if frame.channel and not frame.channel.startswith("spot@"):
        return contract_shows(data)
    return ()
