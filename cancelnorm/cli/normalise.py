"""The ``normalise`` command: events as JSON lines."""

import gc
from collections.abc import Iterable
from contextlib import ExitStack
from functools import partial
from typing import Final, Literal

from msgspec import Struct, field

from cancelnorm.check import Finding, Refused, Skipped, judge
from cancelnorm.cli.jobs import UnreadFile, done
from cancelnorm.cli.output import is_terminal, written
from cancelnorm.cli.progress import progress
from cancelnorm.cli.quarantine import write_refused
from cancelnorm.cli.reading import batches
from cancelnorm.cli.terminal import complain, stop
from cancelnorm.event_json import encode
from cancelnorm.logs import Options, Unreadable
from cancelnorm.record import Record
from cancelnorm.report import brief, counted

__all__ = ["Normalisation"]

# Records contain no reference cycles, so frequent garbage collection would waste time.
_OBJECTS_BETWEEN_COLLECTIONS: Final = 100_000


class Converted(Struct):
    """Events of a run of consecutive records; positions are counted within the run."""

    records: int = 0
    notes: int = 0
    events: list[bytes] = field(default_factory=list)
    refused: list[tuple[int, Finding]] = field(default_factory=list)


def convert(
    items: Iterable[Record | Unreadable], drift: Literal["collect", "refuse"], *, unreadable: bool
) -> Converted:
    """Normalise records; ``unreadable`` puts an event in the place of each refused answer."""
    result = Converted()
    for position, item in enumerate(items):
        result.records += 1
        match judge(item, drift):
            case Skipped():
                pass
            case Refused(finding, event):
                result.refused.append((position, finding))
                if unreadable and event:
                    result.events.append(b"%b\n" % encode(event))
            case normalised:
                result.notes += len(normalised.notes)
                result.events.extend(b"%b\n" % encode(event) for event in normalised.events)
    return result


class Normalisation(Struct, frozen=True):
    """Options of a run."""

    files: list[str]
    options: Options
    drift: Literal["collect", "refuse"]
    jobs: int
    output: str | None = None
    quarantine: str | None = None
    unreadable: bool = False
    redact: bool = False
    quiet: bool = False

    def run(self) -> int:
        """Write the events of all files, report refused records on standard error, and return the exit code."""
        gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS)  # inherited by forked processes
        records = refused = notes = failures = 0
        with ExitStack() as stack:
            file = stack.enter_context(written(self.output))
            quarantine = stack.enter_context(written(self.quarantine)) if self.quarantine else None
            is_shown = not self.quiet and not is_terminal(self.output)
            bar = stack.enter_context(progress("normalising", self.files, is_shown=is_shown))
            work = partial(convert, drift=self.drift, unreadable=self.unreadable)
            for item in done(batches(self.files, self.options), work, self.jobs):
                if isinstance(item, UnreadFile):
                    failures += 1
                    complain(f"cancelnorm: {item.reason}")
                    continue
                batch, result = item
                records += result.records
                refused += len(result.refused)
                notes += result.notes
                file.write(b"".join(result.events))
                for _, finding in result.refused:
                    complain(brief(finding))
                if quarantine:
                    write_refused(batch, result, quarantine, redact=self.redact)
                if batch.is_latest:
                    file.flush()
                bar.advance(batch.read_bytes)
            if failures:
                raise stop(f"{counted(failures, 'file')} could not be read")
            if not records:
                raise stop("no records found")
        if notes and not self.quiet:
            complain(f"cancelnorm: {counted(notes, 'note')}; run cancelnorm check to list them")
        return 1 if refused else 0
