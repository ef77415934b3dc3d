"""The lines of a block of text that may say something; most lines of most programs are silent, and are only counted."""

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from typing import Final

from cancelnorm.logs.text_marks import MARKS

__all__ = ["loud_lines"]

# What is in each line that begins an array, or has a sign of a request or an answer.
_SIGNS: Final = (b"[\n", b"[\r\n", *MARKS)


def loud_lines(lines: Sequence[bytes]) -> list[int]:
    """The positions of those among the lines of a block; the others say nothing, for certain.

    Those with a brace may hold an object. Searching all others at once for each sign takes a fraction of the time of
    searching each. The last line is one of the loud ones.
    """
    found = {len(lines) - 1}
    others = []
    for place, line in enumerate(lines):
        if b"{" in line:
            found.add(place)
        else:
            others.append(place)
    block = b"".join(b"%b\n" % lines[place] for place in others)
    ends = [*accumulate(len(lines[place]) + 1 for place in others)]
    for sign in _SIGNS:
        at = block.find(sign)
        while at >= 0:
            line_at = bisect_right(ends, at)
            found.add(others[line_at])
            at = block.find(sign, ends[line_at])
    return sorted(found)
