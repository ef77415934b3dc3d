"""MEXC's contract frames: which of them have nothing to say about a cancel."""

from collections.abc import Sequence

from cancelnorm.venue import Shown


def skip_contract(_data: bytes) -> str | None:
    """Say what a frame of contracts is that has nothing to say about a cancel; None for one that may have."""
    return None


def contract_shows(_data: bytes) -> Sequence[Shown]:
    """Tell the orders that a frame of contracts shows as filled, if in part."""
    return ()
