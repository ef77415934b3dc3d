"""Output formats of a check, by name."""

from collections.abc import Callable, Mapping
from importlib import import_module
from types import MappingProxyType
from typing import Final, Literal, Protocol

from msgspec import Struct

from cancelnorm.check.finding import Finding
from cancelnorm.check.statistics import Summary
from cancelnorm.report.run import Run

__all__ = ["EXCERPTS", "MOST_ALIKE", "WITH_COLUMNS", "WITH_DIGESTS", "WITH_STORIES", "WRITERS", "Writer"]


class Writer(Protocol):
    """Writes findings as they arrive, in memory that does not grow with the log."""

    def begin(self, run: Run, /) -> None:
        """Write the header."""

    def add(self, finding: Finding, /) -> None:
        """Write a finding, or store it for the end."""

    def end(self, summary: Summary, /) -> None:
        """Write the footer."""


class _Constructor(Struct, frozen=True):
    """Constructor of a writer, which imports its module: a run needs one of them."""

    module: str
    name: str

    def __call__(self, write: Callable[[str], object]) -> Writer:
        """Make a writer that writes with a function."""
        module = import_module(f"cancelnorm.report.{self.module}")
        constructor: Callable[[Callable[[str], object]], Writer] = getattr(module, self.name)
        return constructor(write)


WRITERS: Final[Mapping[str, Callable[[Callable[[str], object]], Writer]]] = MappingProxyType(
    {
        "text": _Constructor("text", "Text"),
        "full": _Constructor("lines", "Full"),
        "concise": _Constructor("lines", "Concise"),
        "json": _Constructor("findings", "Document"),
        "jsonl": _Constructor("findings", "JsonLines"),
        "sarif": _Constructor("sarif", "Sarif"),
        "junit": _Constructor("junit", "JUnit"),
        "html": _Constructor("html", "HtmlWriter"),
        "github": _Constructor("github", "GitHub"),
        "gitlab": _Constructor("gitlab", "GitLab"),
        "markdown": _Constructor("markdown", "Markdown"),
    }
)
"""Format name → constructor of its writer, which takes a function that writes text."""

EXCERPTS: Final[Mapping[str, Literal["first", "all"]]] = MappingProxyType(
    {"full": "all", "json": "all", "jsonl": "all", "sarif": "all", "html": "first"}
)
"""Formats that include excerpts of payloads → of which findings."""

MOST_ALIKE: Final[Mapping[str, int]] = MappingProxyType({"text": 20})
"""Formats that show at most some of the findings that are alike → how many they have to be given."""

WITH_COLUMNS: Final = frozenset({"concise", "sarif", "github", "gitlab"})
"""Formats that include columns."""

WITH_DIGESTS: Final = frozenset({"html"})
"""Formats that show the command, and list the files with their digests."""

WITH_STORIES: Final = frozenset({"html"})
"""Formats that show the orders that need attention."""
