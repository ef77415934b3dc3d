"""The forms in which a check says what it found, by their names."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final, Protocol

from cancelnorm.check.finding import Finding
from cancelnorm.check.statistics import Summary
from cancelnorm.report.findings import Document, JsonLines
from cancelnorm.report.github import GitHub
from cancelnorm.report.html import HtmlWriter
from cancelnorm.report.junit import JUnit
from cancelnorm.report.lines import Concise, Full
from cancelnorm.report.sarif import Sarif
from cancelnorm.report.text import Text

__all__ = ["WITH_EXCERPTS", "WRITERS", "Writer"]


class Writer(Protocol):
    """Writes findings as they come; what it keeps does not grow with the log."""

    def begin(self) -> None:
        """Write what stands before the first finding."""

    def add(self, finding: Finding, /) -> None:
        """Write a finding, or keep what is needed of it."""

    def end(self, summary: Summary, /) -> None:
        """Write what stands after the last finding."""


WRITERS: Final[Mapping[str, Callable[[Callable[[str], object]], Writer]]] = MappingProxyType(
    {
        "text": Text,
        "full": Full,
        "concise": Concise,
        "json": Document,
        "jsonl": JsonLines,
        "sarif": Sarif,
        "junit": JUnit,
        "html": HtmlWriter,
        "github": GitHub,
    }
)
"""A form's name → what writes it, given a function that takes text."""

WITH_EXCERPTS: Final = frozenset({"full", "json", "jsonl", "sarif", "html"})
"""The forms that show the piece of the payload that a finding is about."""
