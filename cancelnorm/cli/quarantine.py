"""The file that takes the lines which a run refused."""

from cancelnorm.check import Finding
from cancelnorm.cli.jobs import Refusing
from cancelnorm.logs import Batch, Writable, quarantined, redacted

__all__ = ["write_refused"]


def write_refused(batch: Batch, result: Refusing, file: Writable, *, redact: bool) -> None:
    """Write the refused lines of a batch, each with its finding."""
    refused: dict[int, Finding] = {}
    for first, found in result.refused:
        refused |= {first: found} if isinstance(found, Finding) else dict(enumerate(found.each(), first))
    for position, item in enumerate(batch.items() if refused else ()):
        if (finding := refused.get(position)) is None:
            continue
        description = {
            "code": finding.rule.code,
            "name": finding.rule.name,
            "path": finding.path,
            "message": finding.message,
        }
        file.write(quarantined(redacted(item) if redact else item, description))
