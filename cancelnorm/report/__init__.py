"""What is said about events, errors and findings, and in which form."""

from cancelnorm.report.events import event_json, event_schema
from cancelnorm.report.findings import finding_json, finding_schema
from cancelnorm.report.lines import brief, counted
from cancelnorm.report.sentences import headline, printable, shown
from cancelnorm.report.writers import WITH_EXCERPTS, WRITERS, Writer

__all__ = [
    "WITH_EXCERPTS",
    "WRITERS",
    "Writer",
    "brief",
    "counted",
    "event_json",
    "event_schema",
    "finding_json",
    "finding_schema",
    "headline",
    "printable",
    "shown",
]
