"""Text in columns, by its width on a terminal."""

from collections.abc import Iterator, Sequence
from unicodedata import category, east_asian_width

__all__ = ["aligned", "width"]


def width(text: str) -> int:
    """Number of terminal columns of a text; Chinese, Japanese and Korean characters take two."""
    if text.isascii():
        return len(text)
    return sum(_columns(char) for char in text)


def _columns(char: str) -> int:
    if category(char) in ("Mn", "Me", "Cf"):  # combines with the character before it
        return 0
    return 2 if east_asian_width(char) in ("W", "F") else 1


def aligned(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Lines of a table: the first column left-aligned, the others right-aligned."""
    widths = [max(map(width, column)) for column in zip(*rows, strict=True)]
    for first, *rest in rows:
        cells = [first + " " * (widths[0] - width(first))]
        cells += [" " * (room - width(cell)) + cell for cell, room in zip(rest, widths[1:], strict=True)]
        yield "  ".join(cells)
