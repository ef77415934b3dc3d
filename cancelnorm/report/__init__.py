"""Reports: findings, errors and counts as text and in machine-readable formats."""

from cancelnorm.report.findings import finding_json, finding_schema
from cancelnorm.report.lines import brief, counted
from cancelnorm.report.sentences import headline, printable, shown
from cancelnorm.report.writers import EXCERPTS, WITH_COLUMNS, WRITERS, Writer

__all__ = [
    "EXCERPTS",
    "WITH_COLUMNS",
    "WRITERS",
    "Writer",
    "brief",
    "counted",
    "finding_json",
    "finding_schema",
    "headline",
    "printable",
    "shown",
]
