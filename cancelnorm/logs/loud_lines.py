"""The lines of a block of text that may say something; most lines of most programs are silent, and are only counted."""

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from typing import Final

from cancelnorm.logs.text_marks import MARKS

__all__ = ["loud_lines"]

# What is in each line that holds or begins an object, or has a sign of a request or an answer.
_SIGNS: Final = (b"{", b"[\n", b"[\r\n", *MARKS)


def loud_lines(block: bytes, lines: Sequence[bytes]) -> list[int]:
    """The positions of those among the lines of a block; the others say nothing, for certain.

    Searching the block for each sign takes a fraction of the time of searching each line. The last line is one of
    them.
    """
    ends = [*accumulate(len(line) + 1 for line in lines)]
    found = {len(lines) - 1}
    for sign in _SIGNS:
        at = block.find(sign)
        while at >= 0:
            line = bisect_right(ends, at)
            found.add(line)
            at = block.find(sign, ends[line])
    return sorted(found)
