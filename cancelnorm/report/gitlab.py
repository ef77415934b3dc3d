"""Findings as a code quality report of GitLab, which shows them in merge requests.

https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
"""

from collections.abc import Callable
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from cancelnorm.check.finding import Finding, Severity
from cancelnorm.check.statistics import Summary
from cancelnorm.escapes import printable
from cancelnorm.logs import source_line
from cancelnorm.report.findings import encoded, fingerprint
from cancelnorm.report.lines import message_of
from cancelnorm.report.run import Run

__all__ = ["GitLab"]

_SEVERITIES: Final = {Severity.ERROR: "critical", Severity.WARNING: "minor", Severity.INFO: "info"}
_NO_FILE: Final = "(no file)"  # GitLab requires a file and a line


class GitLab:
    """Writer of an array with an object for each finding."""

    def __init__(self, write: Callable[[str], object]) -> None:
        self._write = write
        self._comma = ""

    def begin(self, _run: Run) -> None:
        """Open the array."""
        self._write("[")

    def add(self, finding: Finding) -> None:
        """Write a finding."""
        self._write(f"{self._comma}\n{encoded(_issue(finding))}")
        self._comma = ","

    def end(self, _summary: Summary) -> None:
        """Close the array."""
        self._write("\n]\n")


def _issue(finding: Finding) -> dict[str, Any]:
    """A finding as GitLab has it: the file relative to the repository, without ``./`` before it."""
    file, line = source_line(finding.source)
    begin: dict[str, Any] = {"lines": {"begin": max(line or 1, 1)}}
    if line and finding.columns is not None:
        start, end = finding.columns
        begin = {
            "positions": {"begin": {"line": line, "column": start}, "end": {"line": line, "column": end}}
        }
    return {
        "description": f"{printable(finding.path)}: {message_of(finding)}",
        "check_name": f"{finding.rule.code} {finding.rule.name}",
        "fingerprint": _unique(finding),
        "severity": _SEVERITIES[finding.severity],
        "location": {"path": _path(file) if file else _NO_FILE, **begin},
    }


@lru_cache(maxsize=1_024)
def _path(file: str) -> str:
    """The name of a file without ``./`` before it."""
    return printable(Path(file).as_posix())


def _unique(finding: Finding) -> str:
    """Fingerprint that two findings do not share, because GitLab shows one of them only."""
    text = f"{fingerprint(finding)}\0{finding.source}\0{finding.related}"
    return sha256(text.encode(errors="backslashreplace")).hexdigest()[:32]
