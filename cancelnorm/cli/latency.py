"""The command ``latency``: how long the cancels of a log took."""

from contextlib import ExitStack
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

from msgspec import Struct, field

from cancelnorm.assumptions import Assumptions
from cancelnorm.check import Finding, Refused, Skipped, judge
from cancelnorm.cli.output import is_terminal, outputs
from cancelnorm.cli.progress import progress
from cancelnorm.cli.replay import duration_ns
from cancelnorm.cli.results import results
from cancelnorm.cli.terminal import complain, stop
from cancelnorm.errors import cited
from cancelnorm.latency import Measurements, Unmeasured, measured
from cancelnorm.logs import Batch, MissingLibraryError, Options
from cancelnorm.report import counted
from cancelnorm.report.latencies import as_json, as_text
from cancelnorm.report.picture import FORMS, Form, draw

__all__ = ["LatencyRun", "offset_in", "picture_form", "window_in"]


def window_in(text: str) -> int:
    """Nanoseconds of ``--window``."""
    found = duration_ns(text)
    if not found:
        raise stop("--window: expected more than 0")
    return found


def offset_in(text: str) -> int:
    """Nanoseconds of ``--offset``, which may be negative."""
    found = duration_ns(text.removeprefix("-"), "--offset")
    return -found if text.startswith("-") else found


def picture_form(path: str) -> Form:
    """The form of a picture, by its name; stops if it is none, or if what draws it is not installed."""
    known = {f".{form}": form for form in FORMS}
    form = known.get(Path(path).suffix.lower())
    if form is None:
        raise stop(f"--picture {cited(path)}: expected a name that ends with {' or '.join(known)}")
    if find_spec("vl_convert") is None:
        raise MissingLibraryError(path, "a picture", "picture")
    return form


class Timed(Struct):
    """Times of a batch."""

    measurements: Measurements = field(default_factory=Measurements)
    refused: list[tuple[int, Finding]] = field(default_factory=list)


def timed(batch: Batch, drift: Literal["collect", "refuse"]) -> Timed:
    """Measure the records of a batch."""
    found, assumptions = Timed(), Assumptions()
    for position, item in enumerate(batch.found()):
        match judge(item, drift, assumptions):
            case Skipped():
                found.measurements.skipped += 1
            case Refused(finding):
                found.refused.append((position, finding))
                found.measurements.add(Unmeasured.UNREADABLE)
            case result:
                found.measurements.add(measured(result.events))
    return found


class LatencyRun(Struct, frozen=True):
    """Options of a run; ``picture`` is a file, and ``form`` its form."""

    files: list[str]
    options: Options
    drift: Literal["collect", "refuse"]
    jobs: int
    output_format: str
    window_ns: int
    offset_ns: int | None
    output: str | None
    picture: str | None
    form: Form | None
    quiet: bool

    def run(self) -> int:
        """Write the latencies of all files and return the exit code."""
        measurements = Measurements()
        refused = 0
        with ExitStack() as stack:
            opened = stack.enter_context(outputs(self.files))
            is_shown = not self.quiet and not is_terminal(self.output)
            bar = stack.enter_context(progress("reading", self.files, is_shown=is_shown))
            work = partial(timed, drift=self.drift)
            found = stack.enter_context(results(self.files, self.options, work=work, jobs=self.jobs, bar=bar))
            for _, part in found:
                refused += len(part.refused)
                measurements.merge(part.measurements)
            bar.clear()
            if not measurements.records and not found.unread:
                raise stop("no records found")
            latencies = measurements.latencies(self.offset_ns, self.window_ns)
            if not latencies.distributions:
                raise stop(_nothing(measurements))
            text = (
                as_json(measurements, latencies)
                if self.output_format == "json"
                else "".join(f"{line}\n" for line in as_text(measurements, latencies))
            )
            opened(self.output).write(text.encode("utf-8", "backslashreplace"))
            if self.picture is not None and self.form is not None:
                opened(self.picture).write(draw(latencies.distributions, self.form))
        found.stop_if_unread()
        if refused and not self.quiet:
            complain(f"cancelnorm: {counted(refused, 'record')} refused; run cancelnorm check to list them")
        return 1 if refused else 0


def _nothing(measurements: Measurements) -> str:
    """Why no record has a latency."""
    reasons = [f"{count:,} {reason}" for reason, count in measurements.unmeasured.most_common()]
    if measurements.skipped:
        reasons.append(f"{measurements.skipped:,} not_a_cancel")
    return (
        f"none of {counted(measurements.records, 'record')} has the times that a latency takes, those of a "
        f"request and its answer: {', '.join(reasons)}"
    )
