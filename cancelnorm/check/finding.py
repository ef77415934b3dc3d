"""Findings, rules and severities."""

import re
from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import Any, Final, Protocol

from msgspec import Struct
from msgspec.structs import astuple, force_setattr

from cancelnorm.caching import cached
from cancelnorm.masking import may_show_secret, may_show_secret_but_for_digits
from cancelnorm.prose import beginning

__all__ = ["AlikeFindings", "AlikeRuns", "Excerpt", "Finding", "KnownPlace", "Place", "Rule", "Severity"]


class Severity(StrEnum):
    """Severity of a finding; ordered, so ``finding.severity >= Severity.WARNING`` works."""

    INFO = "info"  # worth knowing, nothing is wrong
    WARNING = "warning"  # likely to be misread, or not intended
    ERROR = "error"  # the record cannot be relied on

    @property
    def rank(self) -> int:
        """Position in the order, 0 for ``INFO``."""
        return _RANK[self]

    def __lt__(self, other: str) -> bool:
        return self.rank < Severity(other).rank

    def __le__(self, other: str) -> bool:
        return self.rank <= Severity(other).rank

    def __gt__(self, other: str) -> bool:
        return self.rank > Severity(other).rank

    def __ge__(self, other: str) -> bool:
        return self.rank >= Severity(other).rank


_RANK: Final = {severity: rank for rank, severity in enumerate(Severity)}


class Rule(Struct, frozen=True):
    """A rule that records are checked against.

    ``code`` (``CN201``) and ``name`` (``overfilled``) are stable. ``why`` explains in one line why a finding
    matters, ``todo`` what to do about it.
    """

    code: str
    name: str
    severity: Severity
    why: str
    todo: str


class Excerpt(Struct, frozen=True, gc=False):
    """A piece of a payload on one line, secrets masked; ``marked`` is the part that the finding is about."""

    before: str
    marked: str
    after: str


class Place(Protocol):
    """The payload that findings are about, and its line: where the value at a path is shown."""

    def excerpt(self, path: str, /) -> Excerpt | None:
        """Excerpt of the payload around a path; None where none is wanted."""

    def columns(self, path: str, /) -> tuple[int, int] | None:
        """Columns of the value at a path; None where none are wanted, or it is not in the line."""


class KnownPlace(Struct, frozen=True, gc=False):
    """The place of one finding, of which the payload is no longer needed."""

    known_excerpt: Excerpt | None = None
    known_columns: tuple[int, int] | None = None

    def excerpt(self, _path: str) -> Excerpt | None:
        """Excerpt of the payload."""
        return self.known_excerpt

    def columns(self, _path: str) -> tuple[int, int] | None:
        """Columns of the value."""
        return self.known_columns


class Finding(Struct, frozen=True, gc=False):
    """A violation of a rule by a record.

    ``message`` describes the problem in one line. ``source`` is ``file:line`` and ``path`` the JSON path into
    the payload. ``related`` is the source of the other record if the finding compares two. ``value`` is the
    value at the path. ``place`` is set only on request. Secrets are masked in every text but ``source``, which
    its reader has masked, and a text has at most 1,000 characters.
    """

    rule: Rule
    message: str
    source: str | None = None
    path: str = "$"
    venue: str | None = None
    endpoint: str | None = None
    symbol: str | None = None
    order_id: str | None = None
    related: str | None = None
    value: Any = None
    place: Place | None = None

    def __post_init__(self) -> None:
        # Findings on whole records have the same texts; those on orders hardly ever do.
        masked = _masked if self.order_id is not None else _known_masked
        texts = masked(self.message, self.path, self.venue, self.endpoint, self.symbol, self.order_id)
        if texts:
            for name, text in texts:
                force_setattr(self, name, text)

    def locate(self, path: str) -> None:
        """Set the path of a finding that its maker located less exactly."""
        is_plain = len(path) <= _LONGEST and not may_show_secret_but_for_digits(path)
        force_setattr(self, "path", path if is_plain else beginning(path, _LONGEST))

    def put(self, place: Place | None) -> None:
        """Set the place."""
        force_setattr(self, "place", place)

    def settle(self) -> None:
        """Make the excerpt and the columns now, and let go of the payload."""
        if self.place is not None and not isinstance(self.place, KnownPlace):
            self.put(KnownPlace(self.excerpt, self.columns))

    def __reduce__(self) -> tuple[Any, ...]:
        """A finding is sent to another process without the payload."""
        self.settle()
        return Finding, astuple(self)

    @property
    def excerpt(self) -> Excerpt | None:
        """Excerpt of the payload around the path, if it is wanted."""
        return None if self.place is None else self.place.excerpt(self.path)

    @property
    def columns(self) -> tuple[int, int] | None:
        """First character of the value in its line, from 1, and the one after its end, if they are wanted."""
        return None if self.place is None else self.place.columns(self.path)

    def again(self, source: str | None, message: str | None = None) -> "Finding":
        """The same finding on a record that equals its own, but perhaps for the message."""
        # This does not mask its texts again; the stubs of msgspec lack it.
        found: Finding = self.__copy__()  # type: ignore[attr-defined]
        force_setattr(found, "source", source)
        if message is not None:
            is_plain = len(message) <= _LONGEST and not may_show_secret(message)
            force_setattr(found, "message", message if is_plain else beginning(message, _LONGEST))
        return found

    @property
    def severity(self) -> Severity:
        """Severity of the rule."""
        return self.rule.severity

    @property
    def path_shape(self) -> str:
        """The path with ``[*]`` for any index."""
        return _INDICES.sub("[*]", self.path) if "[" in self.path else self.path


class AlikeFindings(Struct, frozen=True, gc=False):
    """The same findings on each of consecutive records, which differ in nothing but their sources."""

    findings: Sequence[Finding]
    sources: list[str]

    def each(self) -> Iterator[Finding]:
        """Iterate over all of them, each with its source."""
        if len(self.findings) == 1:
            return map(self.findings[0].again, self.sources)
        return (finding.again(source) for source in self.sources for finding in self.findings)


class AlikeRuns:
    """The findings on the records of a run: those on consecutive ones that have the same come together.

    Their cost is that of their number: a log of a megabyte may have half a million.
    """

    def __init__(self) -> None:
        self._findings: Sequence[Finding] = ()
        self._sources: list[str] = []
        self._next = -1

    def add(self, position: int, findings: Sequence[Finding], source: str) -> AlikeFindings | None:
        """Take the findings on a record; None if they are one with those on the record before it."""
        is_next, self._next = position == self._next, position + 1
        if is_next and findings == self._findings:
            self._sources.append(source)
            return None
        self._findings, self._sources = findings, [source]
        return AlikeFindings(findings, self._sources)


_Texts = tuple[tuple[str, str], ...]


def _masked(*texts: str | None) -> _Texts:
    """Those of a finding's texts, with their names, that are too long or show a secret, as they are to be shown."""
    # Most findings show no secret, and one text is searched faster than six.
    together = "\n".join([text for text in texts if text is not None])
    if len(together) <= _LONGEST and not may_show_secret_but_for_digits(together):
        return ()
    named = [(name, text) for name, text in zip(_TEXTS, texts, strict=True) if text is not None]
    return tuple((name, shown) for name, text in named if (shown := beginning(text, _LONGEST)) != text)


_known_masked: Final = cached(1_024)(_masked)


_INDICES: Final = re.compile(r"\[[0-9]+\]")
_LONGEST: Final = 1_000  # characters of a text; a log may put anything in place of an id
_TEXTS: Final = ("message", "path", "venue", "endpoint", "symbol", "order_id")
