"""The commands ``normalise`` and ``convert``: the events of logs as JSON lines, or as a table."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from typing import Any, Literal

from msgspec import Struct, field

from cancelnorm.assumptions import Assumptions
from cancelnorm.check import (
    AlikeFindings,
    Collector,
    Finding,
    LeftOut,
    Refused,
    Selection,
    Skipped,
    UnreadLines,
    judge,
    part_of,
)
from cancelnorm.cli import options
from cancelnorm.cli.event_output import Opening
from cancelnorm.cli.jobs import cores
from cancelnorm.cli.output import is_terminal, outputs, refuse_to_overwrite
from cancelnorm.cli.progress import progress
from cancelnorm.cli.quarantine import write_refused
from cancelnorm.cli.reading import all_files, tell_passed_over
from cancelnorm.cli.results import results
from cancelnorm.cli.selection import nothing_selected, said_left_out, selection
from cancelnorm.cli.settings import project_settings
from cancelnorm.cli.terminal import complain, stop
from cancelnorm.logs import Batch, Options, Unreadable
from cancelnorm.report import brief, briefs, counted

__all__ = ["Normalisation", "normalisation"]


class Converted(Struct):
    """Events of a batch; positions are counted within it, and findings that are alike have that of the first."""

    records: int = 0
    events: int = 0
    skipped: int = 0
    notes: int = 0
    left_out: int = 0  # records without a selected event
    untimed: int = 0  # those of them without a time, if times are selected
    collected: list[Any] = field(default_factory=list)
    refused: list[tuple[int, Finding | AlikeFindings]] = field(default_factory=list)

    @property
    def refusals(self) -> int:
        """The number of refused records and lines."""
        return sum(1 if isinstance(found, Finding) else len(found.sources) for _, found in self.refused)


def convert(
    batch: Batch,
    drift: Literal["collect", "refuse"],
    collector: Callable[[], Collector],
    selection: Selection | None = None,
) -> Converted:
    """Normalise the records of a batch."""
    result = Converted()
    collected = collector()
    assumptions, unread = Assumptions(), UnreadLines()
    for position, item in enumerate(batch.found()):
        result.records += 1
        if isinstance(item, Unreadable) and selection is None:
            if (lines := unread.add(position, item)) is not None:
                result.refused.append((position, lines))
                why = Refused(lines.findings[0])
            collected.add(item, why, why)
            continue
        whole = judge(item, drift, assumptions)
        part, _ = part_of(whole, item, selection)
        match part:
            case Skipped():
                result.skipped += 1
            case LeftOut(is_untimed):
                result.left_out += 1
                result.untimed += is_untimed
            case Refused(finding):
                result.refused.append((position, finding))
                collected.add(item, part, whole)
            case _:
                result.notes += len(part.notes)
                result.events += len(part.events)
                collected.add(item, part, whole)
    result.collected = collected.taken()
    return result


def convert_by_column(
    batch: Batch,
    drift: Literal["collect", "refuse"],
    collector: Callable[[], Collector],
    selection: Selection | None = None,
) -> Converted:
    """The same as rows of a table, without an object for each event where none is needed."""
    from cancelnorm.arrow.log_rows import log_table  # only tables need it

    items = list(batch.found())
    table = log_table(items, drift) if selection is None else None
    if table is None:
        return convert(batch, drift, collector, selection)
    result = Converted(len(items), table.events, table.skipped, collected=table.rows)
    assumptions, unread = Assumptions(), UnreadLines()
    for position, why in table.refused:
        item = items[position]
        if isinstance(item, Unreadable):
            known = None if why is None else why.finding
            if (lines := unread.add(position, item, known)) is not None:
                result.refused.append((position, lines))
        elif isinstance(judged := why or judge(item, drift, assumptions), Refused):
            result.refused.append((position, judged.finding))
    return result


class Normalisation(Struct, frozen=True):
    """Options of a run; ``title`` is that of the progress bar, and the run of a table ends with a summary."""

    files: list[str]
    options: Options
    drift: Literal["collect", "refuse"]
    jobs: int
    opening: Opening
    title: str
    output: str | None
    quarantine: str | None
    redact: bool
    quiet: bool
    selection: Selection | None
    is_table: bool

    def run(self) -> int:
        """Write the events of all files, report refused records on standard error, and return the exit code."""
        total = Converted()
        refused = 0
        with ExitStack() as stack:
            opened = stack.enter_context(outputs(self.files))
            events = stack.enter_context(self.opening(opened))
            quarantine = opened(self.quarantine) if self.quarantine else None
            is_shown = not self.quiet and not is_terminal(self.output)
            bar = stack.enter_context(progress(self.title, self.files, is_shown=is_shown))
            work = partial(
                convert_by_column if self.is_table else convert,
                drift=self.drift,
                collector=events.collector,
                selection=self.selection,
            )
            found = stack.enter_context(results(self.files, self.options, work=work, jobs=self.jobs, bar=bar))
            for batch, result in found:
                _add(result, total)
                refused += result.refusals
                events.write(result.collected, batch)
                if result.refused:
                    bar.clear()
                complain(*_lines(result))
                if quarantine:
                    write_refused(batch, result, quarantine, redact=self.redact)
            found.stop_if_unread()
            if total.left_out == total.records and total.left_out:
                raise stop(nothing_selected(total.left_out, total.untimed))
            if not total.records:
                raise stop("no records found")
        if not self.quiet:
            self._tell(total, refused)
        return 1 if refused else 0

    def _tell(self, total: Converted, refused: int) -> None:
        if self.is_table:
            counts = f"{counted(total.events, 'event')}, {total.skipped:,} skipped, {refused:,} refused"
            complain(f"cancelnorm: {counted(total.records, 'record')}: {counts}")
        if total.left_out:
            complain(f"cancelnorm: {said_left_out(total.left_out, total.untimed)}")
        if total.notes and not self.is_table:  # columns do not count them
            complain(f"cancelnorm: {counted(total.notes, 'note')}; run cancelnorm check to list them")


def normalisation(
    given: options.Writing, opening: Opening, title: str, output: str | None, *, is_table: bool = False
) -> Normalisation:
    """The run that the options of a command ask for, or else the project's settings."""
    project = project_settings(given["config"])
    read_as = options.reading_options(project, given)
    left_out = options.excluded(project, given["exclude"])
    quarantine = given["quarantine"]
    if not given["quiet"]:
        tell_passed_over(given["paths"], left_out)
    files = all_files(given["paths"], left_out)
    options.check_redact(quarantine, redact=given["redact"])
    refuse_to_overwrite(files, output or "-", quarantine)
    return Normalisation(
        files,
        read_as,
        options.Drift(given["drift"] or project.drift or "collect").value,
        given["jobs"] or project.jobs or cores(),
        opening,
        title,
        output,
        quarantine,
        given["redact"],
        given["quiet"],
        selection(given["orders"], given["since"], given["until"], read_as.zone),
        is_table,
    )


def _lines(result: Converted) -> Iterator[str]:
    """A line for each refused record."""
    for _, found in result.refused:
        if isinstance(found, Finding):
            yield brief(found)
        else:
            yield from briefs(found)


def _add(result: Converted, total: Converted) -> None:
    """Add the numbers of a batch."""
    for name in ("records", "events", "skipped", "notes", "left_out", "untimed"):
        setattr(total, name, getattr(total, name) + getattr(result, name))
