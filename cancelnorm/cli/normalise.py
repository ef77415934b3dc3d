"""The command ``normalise``: events as lines of JSON."""

from collections.abc import Iterable
from typing import BinaryIO, Literal

from cancelnorm.check import Refused, Skipped, judge
from cancelnorm.cli.jobs import Unread
from cancelnorm.cli.reading import records
from cancelnorm.cli.terminal import complain, stop
from cancelnorm.event_json import encode
from cancelnorm.logs import Options
from cancelnorm.report import brief, counted

__all__ = ["write_events"]


def write_events(
    files: Iterable[str],
    options: Options,
    drift: Literal["collect", "refuse"],
    file: BinaryIO,
    *,
    unreadable: bool,
) -> int:
    """Write the events of all files and give how many records were refused, which standard error says."""
    seen = refused = notes = unread = 0
    for item in records(files, options):
        if isinstance(item, Unread):
            unread += 1
            complain(f"cancelnorm: {item.reason}")
            continue
        seen += 1
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
                file.writelines(b"%b\n" % encode(event) for event in result.events)
    if unread:
        raise stop(f"{unread} of the files could not be read")
    if not seen:
        raise stop("nothing to read: no record in what was given")
    if notes:
        complain(f"cancelnorm: {counted(notes, 'note')}; cancelnorm check shows what was noted")
    return refused
