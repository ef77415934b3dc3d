"""Output formats of a check, by name."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final, Literal, Protocol

from cancelnorm.check.finding import Finding
from cancelnorm.check.statistics import Summary
from cancelnorm.report.findings import Document, JsonLines
from cancelnorm.report.github import GitHub
from cancelnorm.report.gitlab import GitLab
from cancelnorm.report.html import HtmlWriter
from cancelnorm.report.junit import JUnit
from cancelnorm.report.lines import Concise, Full
from cancelnorm.report.markdown import Markdown
from cancelnorm.report.run import Run
from cancelnorm.report.sarif import Sarif
from cancelnorm.report.text import Text

__all__ = ["EXCERPTS", "WITH_COLUMNS", "WITH_DIGESTS", "WRITERS", "Writer"]


class Writer(Protocol):
    """Writes findings as they arrive, in memory that does not grow with the log."""

    def begin(self, run: Run, /) -> None:
        """Write the header."""

    def add(self, finding: Finding, /) -> None:
        """Write a finding, or store it for the end."""

    def end(self, summary: Summary, /) -> None:
        """Write the footer."""


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
        "gitlab": GitLab,
        "markdown": Markdown,
    }
)
"""Format name → constructor of its writer, which takes a function that writes text."""

EXCERPTS: Final[Mapping[str, Literal["first", "all"]]] = MappingProxyType(
    {"full": "all", "json": "all", "jsonl": "all", "sarif": "all", "html": "first"}
)
"""Formats that include excerpts of payloads → of which findings."""

WITH_COLUMNS: Final = frozenset({"concise", "sarif", "github", "gitlab"})
"""Formats that include columns."""

WITH_DIGESTS: Final = frozenset({"html"})
"""Formats that list the files with their digests."""
