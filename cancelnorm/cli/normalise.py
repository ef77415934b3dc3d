"""The ``normalise`` command: events as JSON lines."""

from collections.abc import Iterable
from typing import Literal

from cancelnorm.check import Refused, Skipped, judge
from cancelnorm.cli.jobs import UnreadFile
from cancelnorm.cli.reading import records
from cancelnorm.cli.terminal import complain, stop
from cancelnorm.event_json import encode
from cancelnorm.logs import Options, Writable
from cancelnorm.report import brief, counted

__all__ = ["write_events"]


def write_events(
    files: Iterable[str],
    options: Options,
    drift: Literal["collect", "refuse"],
    file: Writable,
    *,
    unreadable: bool,
    quiet: bool,
) -> int:
    """Write the events of all files, report refused records on standard error and return their number."""
    read = refused = notes = failures = 0
    for item in records(files, options):
        if isinstance(item, UnreadFile):
            failures += 1
            complain(f"cancelnorm: {item.reason}")
            continue
        read += 1
        match judge(item, drift):
            case Skipped():
                pass
            case Refused(finding, event):
                refused += 1
                complain(brief(finding))
                if unreadable and event:
                    file.write(b"%b\n" % encode(event))
            case result:
                notes += len(result.notes)
                file.write(b"".join(b"%b\n" % encode(event) for event in result.events))
    if failures:
        raise stop(f"{counted(failures, 'file')} could not be read")
    if not read:
        raise stop("no records found")
    if notes and not quiet:
        complain(f"cancelnorm: {counted(notes, 'note')}; run cancelnorm check to list them")
    return refused
