"""Reports: findings, errors and counts as text and in machine-readable formats."""

# All of it before the modules here import some of its own: where two threads import a package and one of its
# modules, each would wait for the other.
import cancelnorm.check  # noqa: F401
from cancelnorm.escapes import printable
from cancelnorm.report.lines import brief, briefs, counted
from cancelnorm.report.run import InputFile, Run
from cancelnorm.report.sentences import headline, shown
from cancelnorm.report.writers import (
    EXCERPTS,
    MOST_ALIKE,
    WITH_COLUMNS,
    WITH_DIGESTS,
    WITH_STORIES,
    WRITERS,
    Writer,
)

__all__ = [
    "EXCERPTS",
    "MOST_ALIKE",
    "WITH_COLUMNS",
    "WITH_DIGESTS",
    "WITH_STORIES",
    "WRITERS",
    "InputFile",
    "Run",
    "Writer",
    "brief",
    "briefs",
    "counted",
    "headline",
    "printable",
    "shown",
]
