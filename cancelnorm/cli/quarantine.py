"""The file that takes the lines which a run refused."""

from cancelnorm.cli.jobs import Refusing
from cancelnorm.logs import Batch, Writable, quarantined, redacted

__all__ = ["write_refused"]


def write_refused(batch: Batch, result: Refusing, file: Writable, *, redact: bool) -> None:
    """Write the refused lines of a batch, each with its finding."""
    refused = dict(result.refused)
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
