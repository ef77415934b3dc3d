"""The ``normalise`` command: events as JSON lines."""

from contextlib import ExitStack, closing
from functools import partial
from typing import Literal

from msgspec import Struct, field

from cancelnorm.check import Finding, LeftOut, Refused, Selection, Skipped, judge, part_of
from cancelnorm.cli.jobs import UnreadFile, done
from cancelnorm.cli.output import is_terminal, outputs
from cancelnorm.cli.progress import progress
from cancelnorm.cli.quarantine import write_refused
from cancelnorm.cli.reading import batches
from cancelnorm.cli.selection import nothing_selected, said_left_out
from cancelnorm.cli.terminal import complain, stop
from cancelnorm.event_json import encode_masked
from cancelnorm.logs import Batch, Options
from cancelnorm.report import brief, counted

__all__ = ["Normalisation"]


class Converted(Struct):
    """Events of a batch; positions are counted within it."""

    records: int = 0
    notes: int = 0
    left_out: int = 0  # records without a selected event
    untimed: int = 0  # those of them without a time, if times are selected
    events: list[bytes] = field(default_factory=list)
    refused: list[tuple[int, Finding]] = field(default_factory=list)


def convert(
    batch: Batch,
    drift: Literal["collect", "refuse"],
    *,
    unreadable: bool,
    selection: Selection | None = None,
) -> Converted:
    """Normalise the records of a batch; ``unreadable`` puts an event in the place of each refused answer."""
    result = Converted()
    for position, item in enumerate(batch.found()):
        result.records += 1
        judged, _ = part_of(judge(item, drift), item, selection)
        match judged:
            case Skipped():
                pass
            case LeftOut(is_untimed):
                result.left_out += 1
                result.untimed += is_untimed
            case Refused(finding, event):
                result.refused.append((position, finding))
                if unreadable and event:
                    result.events.append(b"%b\n" % encode_masked(event))
            case normalised:
                result.notes += len(normalised.notes)
                result.events.extend(b"%b\n" % encode_masked(event) for event in normalised.events)
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
    selection: Selection | None = None

    def run(self) -> int:
        """Write the events of all files, report refused records on standard error, and return the exit code."""
        records = refused = notes = left_out = untimed = failures = 0
        with ExitStack() as stack:
            opened = stack.enter_context(outputs(self.files))
            file = opened(self.output)
            quarantine = opened(self.quarantine) if self.quarantine else None
            is_shown = not self.quiet and not is_terminal(self.output)
            bar = stack.enter_context(progress("normalising", self.files, is_shown=is_shown))
            work = partial(convert, drift=self.drift, unreadable=self.unreadable, selection=self.selection)
            found = done(batches(self.files, self.options), work, self.jobs)
            for item in stack.enter_context(closing(found)):
                if isinstance(item, UnreadFile):
                    failures += 1
                    bar.clear()
                    complain(f"cancelnorm: {item.reason}")
                    continue
                batch, result = item
                records += result.records
                refused += len(result.refused)
                notes += result.notes
                left_out += result.left_out
                untimed += result.untimed
                file.write(b"".join(result.events))
                if result.refused:
                    bar.clear()
                for _, finding in result.refused:
                    complain(brief(finding))
                if quarantine:
                    write_refused(batch, result, quarantine, redact=self.redact)
                if batch.is_latest:
                    file.flush()
                bar.advance(batch.read_bytes)
            if failures:
                raise stop(f"{counted(failures, 'file')} could not be read")
            if left_out == records and left_out:
                raise stop(nothing_selected(left_out, untimed))
            if not records:
                raise stop("no records found")
        if left_out and not self.quiet:
            complain(f"cancelnorm: {said_left_out(left_out, untimed)}")
        if notes and not self.quiet:
            complain(f"cancelnorm: {counted(notes, 'note')}; run cancelnorm check to list them")
        return 1 if refused else 0
