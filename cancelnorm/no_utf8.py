"""Bytes that are no UTF-8, as the decoders of msgspec tell of them."""

from typing import Final

__all__ = ["is_no_utf8"]

_MESSAGE: Final = "Invalid UTF-8"  # since msgspec 0.23; before, it let Python's own error through


def is_no_utf8(error: Exception) -> bool:
    """Whether a decoder of msgspec failed at such a byte."""
    return isinstance(error, UnicodeError) or str(error).startswith(_MESSAGE)
