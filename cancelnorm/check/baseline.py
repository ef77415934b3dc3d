"""Baseline: findings that are known, so that only new ones are reported.

A finding is known by its rule, venue, endpoint, path with ``[*]`` for any index, and by its order, or its file if
it names no order. Line numbers play no part. Each entry has a count: further findings like it are new.
"""

import os
from collections import Counter
from pathlib import Path
from typing import Final, NamedTuple

import msgspec
from msgspec import Struct

from cancelnorm.check.finding import Finding
from cancelnorm.errors import CancelNormError
from cancelnorm.escapes import printable_json
from cancelnorm.logs import archived, source_line
from cancelnorm.masking import without_secrets

__all__ = ["Baseline", "BaselineError", "FindingKey"]

_VERSION: Final = 1


class BaselineError(CancelNormError):
    """A file that is not a baseline."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(path, reason)
        self.path = path
        self.reason = reason

    def __str__(self) -> str:
        return f"{without_secrets(self.path)}: not a baseline: {without_secrets(self.reason)}"


class FindingKey(NamedTuple):
    """Identity of a finding; it has an ``order`` or a ``file``."""

    rule: str
    venue: str
    endpoint: str
    path: str
    order: str
    file: str


class _Entry(Struct, omit_defaults=True, forbid_unknown_fields=True):
    """Written form of a key, with the number of its findings."""

    rule: str
    venue: str = ""
    endpoint: str = ""
    path: str = ""
    order: str = ""
    file: str = ""
    count: int = 1

    @property
    def key(self) -> FindingKey:
        """The key."""
        return FindingKey(self.rule, self.venue, self.endpoint, self.path, self.order, self.file)


class _Document(Struct, forbid_unknown_fields=True):
    """Written form of a baseline."""

    cancelnorm: str
    version: int
    findings: list[_Entry]


_decode: Final = msgspec.json.Decoder(_Document).decode


class Baseline:
    """Known findings; ``folder`` is that of the baseline's file, and files of findings are relative to it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder.resolve()
        self._counts: Counter[FindingKey] = Counter()
        self._names: dict[str, str] = {}  # shown → relative

    @classmethod
    def read(cls, path: Path) -> "Baseline":
        """Read a baseline; raises OSError and BaselineError."""
        baseline = cls(path.parent)
        try:
            document = _decode(path.read_bytes())
        except (ValueError, RecursionError) as error:
            raise BaselineError(str(path), str(error)) from error
        if (document.cancelnorm, document.version) != ("baseline", _VERSION):
            raise BaselineError(str(path), f"expected version {_VERSION}, found {document.version}")
        for entry in document.findings:
            baseline._counts[entry.key] += entry.count
        return baseline

    @property
    def findings(self) -> int:
        """Number of findings that are left."""
        return self._counts.total()

    def add(self, finding: Finding) -> None:
        """Make a finding known."""
        self._counts[self._key(finding)] += 1

    def take(self, finding: Finding) -> bool:
        """Whether a finding is known; it is then taken out."""
        key = self._key(finding)
        if self._counts[key] <= 0:
            return False
        self._counts[key] -= 1
        return True

    def encode(self) -> bytes:
        """The file's content: JSON with one entry a line, sorted."""
        entries = [_Entry(*key, count) for key, count in sorted(self._counts.items()) if count]
        lines = b",\n".join(printable_json(msgspec.json.encode(entry)) for entry in entries)
        return b'{"cancelnorm":"baseline","version":%d,"findings":[\n%b\n]}\n' % (_VERSION, lines)

    def _key(self, finding: Finding) -> FindingKey:
        return FindingKey(
            finding.rule.code,
            finding.venue or "",
            finding.endpoint or "",
            finding.path_shape,
            finding.order_id or "",
            "" if finding.order_id else self._relative(source_line(finding.source).file or ""),
        )

    def _relative(self, name: str) -> str:
        """A file's name relative to the baseline; what is no file keeps its name."""
        if name not in self._names:
            is_file = Path(name).is_file() or archived(name) is not None
            path = Path(os.path.relpath(Path(name).resolve(), self._folder)).as_posix() if is_file else name
            self._names[name] = path.encode(errors="backslashreplace").decode()
        return self._names[name]
