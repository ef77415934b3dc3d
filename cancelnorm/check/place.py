"""Place of findings in a payload and its line, of which excerpts and columns are made when someone asks."""

from collections import Counter
from collections.abc import Iterable
from typing import Final, Literal

from msgspec import Struct

from cancelnorm.check.excerpt import Excerpts
from cancelnorm.check.finding import Excerpt, Finding
from cancelnorm.check.location import WITHIN, PayloadLine

__all__ = ["FIRST_OF_A_GROUP", "PayloadPlace", "Places"]

FIRST_OF_A_GROUP: Final = 250
_MOST_EXCERPTS: Final = 100  # of one payload
_SHORT: Final = 256
_MOST_SHORT: Final = 256


class PayloadPlace(Struct, frozen=True, gc=False):
    """The place of findings on one payload; what is decoded for one of them serves for all."""

    excerpts: Excerpts | None
    line: PayloadLine | None

    def excerpt(self, path: str) -> Excerpt | None:
        """Excerpt of the payload around a path."""
        return None if self.excerpts is None else self.excerpts.at(path)

    def columns(self, path: str) -> tuple[int, int] | None:
        """Columns of the value at a path."""
        return None if self.line is None else self.line.columns(path)


class Places:
    """Gives findings their places, as far as these ``are_wanted``: with excerpts, all or the first of each group."""

    def __init__(self, excerpts: Literal["none", "first", "all"], *, columns: bool) -> None:
        self._has_columns = columns
        self._excerpts = excerpts
        self.are_wanted = columns or excerpts != "none"
        self._shown: Counter[tuple[str, str, str, str]] = Counter()  # by what makes a ``GroupKey``
        self._short: dict[bytes | str, Excerpts] = {}  # short payloads, of which many are equal

    def put(self, found: Iterable[Finding], payload: bytes | str, line: bytes | None) -> None:
        """Put the findings on a payload, perhaps from a line, in their places."""
        if not self._has_columns:
            line = None
        if self._excerpts == "none" and line is None:
            return
        excerpts: Excerpts | None = None
        located: PayloadLine | None = None
        for i, finding in enumerate(found):
            is_shown = len(payload) > 0 and i < _MOST_EXCERPTS and self._has_room(finding)
            is_located = line is not None and finding.path.startswith(WITHIN)
            if is_shown and excerpts is None:
                excerpts = self._excerpts_of(payload)
            if line is not None and is_located and located is None:
                located = PayloadLine(line, payload)
            if is_shown or is_located:
                finding.put(PayloadPlace(excerpts if is_shown else None, located if is_located else None))
            else:
                finding.put(None)

    def _excerpts_of(self, payload: bytes | str) -> Excerpts:
        if len(payload) > _SHORT:
            return Excerpts(payload)
        if len(self._short) >= _MOST_SHORT:
            self._short.clear()
        return self._short.setdefault(payload, Excerpts(payload))

    def _has_room(self, finding: Finding) -> bool:
        """Whether a finding is one of those with an excerpt, which are counted."""
        if self._excerpts != "first":
            return self._excerpts == "all"
        key = finding.rule.code, finding.venue or "", finding.endpoint or "", finding.path_shape
        if self._shown[key] >= FIRST_OF_A_GROUP:
            return False
        self._shown[key] += 1
        return True
