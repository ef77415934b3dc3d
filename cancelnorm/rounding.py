"""Ids that lost their last digits: JavaScript rounds those that it reads as numbers."""

from typing import Final

from cancelnorm.schema import Note

__all__ = ["EXACT", "rounded_note"]

EXACT: Final = 2**53
"""The greatest integer up to which JavaScript reads every one exactly."""


def rounded_note(order_id: int | str, path: str) -> Note | None:
    """Note an id beyond 2^53 that ends in two zeros, as JavaScript rounds ids that it reads as numbers.

    One genuine id in a hundred looks like it.
    """
    text = str(order_id)
    if not text.endswith("00") or not text.isdecimal() or len(text) > 19 or int(text) <= EXACT:
        return None
    return Note("id-looks-rounded", path, "ends in zeros as JavaScript rounds it", order_id)
