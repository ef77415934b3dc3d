"""Findings as workflow commands of GitHub Actions, which annotate the files of a change.

https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Final

from cancelnorm.check.finding import Finding, Severity
from cancelnorm.check.statistics import Summary
from cancelnorm.escapes import printable
from cancelnorm.logs import source_line
from cancelnorm.report.lines import message_of, total
from cancelnorm.report.run import Run

__all__ = ["GitHub"]

_COMMANDS: Final = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


class GitHub:
    """Writer of one command per finding, then the total as a line of the job's log."""

    def __init__(self, write: Callable[[str], object]) -> None:
        self._write = write

    def begin(self, _run: Run) -> None:
        """Write nothing: there is no header."""

    def add(self, finding: Finding) -> None:
        """Write a finding: the problem on the first line of its message, the remedy on the second."""
        rule = finding.rule
        file, line = source_line(finding.source)
        column, end = (line is not None and finding.columns) or (None, None)
        properties = {
            "file": file,
            "line": line,
            "col": column,
            "endColumn": end,
            "title": f"{rule.code} {rule.name}",
        }
        written = ",".join(
            f"{key}={_property(value)}" for key, value in properties.items() if value is not None
        )
        message = f"{printable(finding.path)}: {message_of(finding)}\n{printable(rule.todo)}"
        self._write(f"::{_COMMANDS[finding.severity]} {written}::{_data(message)}\n")

    def end(self, summary: Summary) -> None:
        """Write the total."""
        self._write(f"{total(summary)}\n")


@lru_cache(maxsize=4_096)
def _property(value: str | int) -> str:
    return _data(printable(str(value))).replace(":", "%3A").replace(",", "%2C")


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
