"""The ``check`` command: reading, checking and reporting."""

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from functools import partial
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from cancelnorm.check import Baseline, History, Settings, Severity, examine_batch, together_in_sequence
from cancelnorm.check.statistics import Summary
from cancelnorm.cli.event_output import Opening, lines, table, table_form
from cancelnorm.cli.output import is_terminal, outputs
from cancelnorm.cli.patterns import FileRules
from cancelnorm.cli.progress import Progress, progress
from cancelnorm.cli.quarantine import write_refused
from cancelnorm.cli.report import Report
from cancelnorm.cli.results import results
from cancelnorm.cli.selection import nothing_selected, said_left_out
from cancelnorm.cli.stories_beside import StoriesBeside
from cancelnorm.cli.summaries import STATISTICS, without_totals
from cancelnorm.cli.terminal import complain, stop
from cancelnorm.logs import Options, Writable
from cancelnorm.masking import without_secrets
from cancelnorm.report import MOST_ALIKE, WITH_DIGESTS, WITH_STORIES, WRITERS, Run, Writer, counted
from cancelnorm.report.story_facts import look_at
from cancelnorm.story import WINDOW, Gathering

__all__ = ["Check"]


class Check(Struct, frozen=True):
    """Options of a check."""

    files: list[str]
    options: Options
    settings: Settings
    output_format: str
    severity: Severity
    jobs: int
    output: str | None
    events: str | None
    quarantine: str | None
    redact: bool
    baseline: str | None
    writes_baseline: bool
    per_file_ignores: Mapping[str, frozenset[str]]
    statistics: bool
    quiet: bool
    exit_zero: bool
    command: str | None

    def run(self) -> int:
        """Check all files and return the exit code."""
        summary = Summary(files=len(self.files))
        left_out = untimed = 0
        with ExitStack() as stack:
            opened = stack.enter_context(outputs(self.files))
            file = opened(self.output)
            events = stack.enter_context(self._opening(self.events)(opened)) if self.events else None
            quarantine = opened(self.quarantine) if self.quarantine else None
            bar = stack.enter_context(progress("checking", self.files, is_shown=not self.quiet))
            output = _Output(_writing(file, bar, is_shared=is_terminal(self.output)))
            writer = self._writer(output.write)
            file_rules = FileRules(self.per_file_ignores)
            report = Report(
                summary,
                writer,
                self.settings.rules,
                file_rules,
                *self._baselines(),
                most_alike=None if self.quiet else MOST_ALIKE.get(self.output_format),
                needs_source=self.settings.selection is not None,
            )
            sequence = History()
            run = Run(self.severity, self.command)
            writer.begin(run)
            inputs = run.inputs if self.output_format in WITH_DIGESTS else None
            collector = events.collector if events else None
            gathering = Gathering() if self._tells_stories else None
            if gathering is not None:
                collector = partial(StoriesBeside, collector)
            settings = replace(self.settings, events=collector) if collector else self.settings
            work = partial(examine_batch, settings=settings)
            found = stack.enter_context(
                results(self.files, self.options, work=work, jobs=self.jobs, bar=bar, inputs=inputs)
            )
            run.unread = found.unread
            for batch, result in found:
                for each in together_in_sequence(result, sequence, self.settings):
                    report.add(each)
                summary.merge(result.summary)
                left_out += result.left_out
                untimed += result.untimed
                summary.text_lines += batch.text_lines
                for name, count in batch.passed.items():
                    summary.skip(name, count)
                if gathering is not None:
                    gathering.join(result.events.pop(0))
                    look_at(gathering.leaving(WINDOW), run.attention)
                if events:
                    events.write(result.events, batch)
                if quarantine:
                    write_refused(batch, result, quarantine, redact=self.redact)
                if batch.is_latest:
                    file.flush()
            sequence.end(report.add)
            if gathering is not None:
                look_at(gathering.stories().linked(), run.attention)
            reason = None
            if not summary.understood + summary.refused + summary.unanswered and left_out:
                reason = nothing_selected(left_out, untimed)
            elif not summary.records and not found.unread:
                reason = "no records found"
            if reason is None or output.is_begun:  # a document that was begun is completed
                writer.end(summary)
            bar.clear()
            if reason is not None:
                raise stop(reason)
        found.stop_if_unread()
        if left_out and not self.quiet:
            complain(f"cancelnorm: {said_left_out(left_out, untimed)}")
        if report.recorded is not None:
            self._write_baseline(report.recorded)
            return 0
        if report.known is not None and not self.quiet:
            _tell_known(report.known_findings, report.known.findings)
        fails = any(severity >= self.severity for severity in summary.severities)
        return int(fails and not self.exit_zero)

    @property
    def _tells_stories(self) -> bool:
        """Whether the orders that need attention are shown; within a window of time, their ends may be missing."""
        selection = self.settings.selection
        has_all = selection is None or not selection.by_time
        return self.output_format in WITH_STORIES and has_all

    def _opening(self, output: str) -> Opening:
        """A table if the name of the file says so, but JSON lines are those of ``normalise``."""
        form = table_form(output)
        return partial(lines if form in (None, ".jsonl") else table, output=output)

    def _writer(self, write: Callable[[str], object]) -> Writer:
        if self.statistics:
            return STATISTICS[self.output_format](write)
        return without_totals(self.output_format, write) if self.quiet else WRITERS[self.output_format](write)

    def _baselines(self) -> tuple[Baseline | None, Baseline | None]:
        """The baseline to compare with, and the one to write."""
        if self.baseline is None:
            return None, None
        path = Path(self.baseline)
        if not self.writes_baseline and not path.exists():
            raise stop(f"{without_secrets(self.baseline)}: no such file; --write-baseline writes it")
        return (None, Baseline(path.parent)) if self.writes_baseline else (Baseline.read(path), None)

    def _write_baseline(self, baseline: Baseline) -> None:
        with outputs(self.files) as opened:
            opened(self.baseline).write(baseline.encode())
        complain(
            f"cancelnorm: {without_secrets(str(self.baseline))}: {counted(baseline.findings, 'finding')} written"
        )


class _Output:
    """The output of a report; ``is_begun`` once something was written."""

    def __init__(self, write: Callable[[str], object]) -> None:
        self._write = write
        self.is_begun = False

    def write(self, text: str) -> None:
        """Write a text."""
        self.is_begun = True
        self._write(text)


def _writing(file: Writable, bar: Progress, *, is_shared: bool) -> Callable[[str], object]:
    """A function that writes text to a file; on the terminal of the progress bar, in its place."""
    if not is_shared:
        return lambda text: file.write(text.encode("utf-8", "backslashreplace"))

    def write(text: str) -> None:
        bar.clear()
        file.write(text.encode("utf-8", "backslashreplace"))
        file.flush()

    return write


def _tell_known(known: int, left: int) -> None:
    """Say how many findings the baseline covered, and how many of its own did not occur."""
    if known:
        complain(f"cancelnorm: {counted(known, 'finding')} of the baseline left out")
    if left:
        complain(
            f"cancelnorm: {counted(left, 'finding')} of the baseline did not occur; --write-baseline renews it"
        )
