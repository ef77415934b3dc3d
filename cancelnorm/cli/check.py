"""The ``check`` command: reading, checking and reporting."""

import gc
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import BinaryIO, Final

from msgspec import Struct
from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)

from cancelnorm.check import BatchResult, Finding, History, Settings, Severity, in_sequence
from cancelnorm.check.statistics import Summary
from cancelnorm.cli.jobs import UnreadFile, examined
from cancelnorm.cli.output import written
from cancelnorm.cli.reading import batches, total_bytes
from cancelnorm.cli.terminal import complain, stop
from cancelnorm.logs import Batch, Options, quarantined, redacted
from cancelnorm.report import WRITERS, Writer, counted

__all__ = ["Check"]


# Records contain no reference cycles, so frequent garbage collection would waste time.
_OBJECTS_BETWEEN_COLLECTIONS: Final = 100_000


class Check(Struct, frozen=True):
    """Options of a check."""

    files: list[str]
    options: Options
    settings: Settings
    output_format: str
    severity: Severity
    jobs: int
    output: str | None = None
    events: str | None = None
    quarantine: str | None = None
    redact: bool = False

    def run(self) -> int:
        """Check all files and return the exit code."""
        gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS)  # inherited by forked processes
        summary = Summary(files=len(self.files))
        failures: dict[str, None] = {}
        with ExitStack() as stack:
            report = stack.enter_context(written(self.output))
            writer = WRITERS[self.output_format](_encoded(report))
            events = stack.enter_context(written(self.events)) if self.events else None
            quarantine = stack.enter_context(written(self.quarantine)) if self.quarantine else None
            advance = stack.enter_context(_progress(self.files))
            sequence = History()
            writer.begin()
            for done in examined(batches(self.files, self.options), self.settings, self.jobs):
                if isinstance(done, UnreadFile):
                    if done.reason not in failures:
                        failures[done.reason] = None
                        complain(f"cancelnorm: {done.reason}")
                    continue
                batch, result = done
                for finding in in_sequence(result, sequence, self.settings):
                    writer.add(finding)
                summary.merge(result.summary)
                summary.text_lines += batch.text_lines
                if events:
                    events.writelines(result.events)
                if quarantine:
                    self._write_refused(batch, result, quarantine)
                advance(batch)
            self._end(sequence, summary, writer)
            if not summary.records and not failures:
                raise stop("no records found")
            writer.end(summary)
        if failures:
            raise stop(f"{counted(len(failures), 'file')} could not be read")
        return int(any(severity >= self.severity for severity in summary.severities))

    def _write_refused(self, batch: Batch, result: BatchResult, quarantine: BinaryIO) -> None:
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
            line = redacted(item) if self.redact else item
            quarantine.write(quarantined(line, description))

    def _end(self, sequence: History, summary: Summary, writer: Writer) -> None:
        found: list[Finding] = []
        sequence.end(found.append)
        for finding in found:
            if finding.rule.code in self.settings.rules:
                summary.find(finding)
                writer.add(finding)


def _encoded(file: BinaryIO) -> Callable[[str], object]:
    return lambda text: file.write(text.encode("utf-8", "backslashreplace"))


@contextmanager
def _progress(files: list[str]) -> Iterator[Callable[[Batch], None]]:
    """Show a progress bar if standard error is a terminal."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    console = Console(file=sys.stderr)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("checking", total=total_bytes(files))
        yield lambda batch: bar.advance(task, batch.read_bytes)
