"""What has to hold of whatever is read: no exception but ours, and the same result in every way to get it."""

import copy
import pickle
import sys
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout, suppress
from functools import partial
from io import BytesIO, StringIO
from itertools import islice
from typing import Any, Final, NamedTuple

import msgspec

from cancelnorm import (
    CancelEvent,
    CancelNormError,
    Normalised,
    Record,
    decode,
    encode,
    identify,
    normalise,
    parse,
    venues,
)
from cancelnorm.check import History, Settings, examine_batch, in_sequence
from cancelnorm.check.statistics import Summary
from cancelnorm.cli.event_lines import EventLines
from cancelnorm.cli.explain import show_head, show_rows
from cancelnorm.cli.patterns import FileRules
from cancelnorm.cli.quarantine import write_refused
from cancelnorm.cli.report import Report
from cancelnorm.errors import PayloadError
from cancelnorm.logs import Batch, Options, Unreadable
from cancelnorm.logs.compression import Stream
from cancelnorm.logs.open import _split
from cancelnorm.logs.source import Source
from cancelnorm.masking import without_secrets
from cancelnorm.provenance import trace
from cancelnorm.report import EXCERPTS, WITH_COLUMNS, WRITERS, Run

__all__ = [
    "KEY",
    "PLANTS",
    "Checked",
    "Violation",
    "checked",
    "checks_alike",
    "explains",
    "explains_each",
    "identifies",
    "masks",
    "normalises",
    "parses",
    "reads",
    "requarantines",
    "rereads",
]

KEY: Final = "k3yPlanted0f7SecretQ9"
"""A secret; ``PLANTS`` are the members that may hold it in a log."""
PLANTS: Final = tuple(
    b'"text":"%b=%b"' % (name, KEY.encode()) for name in (b"apiKey", b"signature", b"x-mbx-apikey")
)

_NAME: Final = "hostile.log"
_ROWS: Final = 40
_EXPLAINED: Final = 3


class Violation(Exception):
    """Something that has to hold does not; the text says what."""


def holds(condition: object, what: str) -> None:
    """Raise Violation if something does not hold."""
    if not condition:
        raise Violation(what)


# --- Payloads ---


def normalises(record: Record) -> None:
    """What ``normalise`` returns and raises can be used in every way, and is the same each time."""
    result = _attempted(normalise, record)
    if len(record.payload) % 4 == 0:
        holds(result == _attempted(normalise, record), "normalise gives the same twice")
    if isinstance(result, Normalised):
        holds(result.events, "a result has events")
        _usable(result)
        for event in result.events:
            hash(event)
            rereads(event)
    if len(record.payload) % 4 == 1:
        _attempted(lambda each: normalise(each, drift="refuse"), record)


def parses(record: Record) -> None:
    """What ``parse`` returns can be used in every way."""
    result = _attempted(parse, record)
    if not isinstance(result, _Failure):
        _copied(result)


def identifies(record: Record) -> None:
    """``identify`` raises for a venue that there is not, and for nothing else."""
    if venues.find(record.venue) is not None:
        identify(record.payload, venue=record.venue, status=record.status)
    identify(record.payload)


def reads(record: Record) -> None:
    """No function that reads a payload raises anything but our errors, which is all that is asked: it is quick."""
    for act in (normalise, parse):
        with suppress(CancelNormError):
            act(record)
    identify(record.payload, venue=record.venue if venues.find(record.venue) else None, status=record.status)


def explains(record: Record) -> None:
    """``explain`` shows a record, or refuses it as ``normalise`` does."""
    result = _attempted(normalise, record)
    if not isinstance(result, Normalised):
        return
    rows = trace(record, limit=_ROWS)
    if len(record.payload) % 8:  # a table takes ten times as long
        return
    with redirect_stdout(StringIO()) as shown:
        show_head(record, result)
        show_rows(rows, len(result.events))
    for line in shown.getvalue().split("\n"):
        holds(line.isprintable(), "explain shows nothing that a terminal obeys")


class _Failure(NamedTuple):
    """An error of ours."""

    kind: type[CancelNormError]
    text: str


def _attempted(act: Callable[[Record], Any], record: Record) -> Any:
    """The result, or the error of ours, which can be shown and pickled."""
    try:
        return act(record)
    except CancelNormError as error:
        again = pickle.loads(pickle.dumps(error))
        holds(str(again) == str(error), "an error can be pickled")
        repr(error)
        if isinstance(error, PayloadError):
            rereads(error.event)
        return _Failure(type(error), str(error))


def _usable(value: Any) -> None:
    """A result can be used like one of Python's own types."""
    _copied(value)
    msgspec.to_builtins(value)


def _copied(value: Any) -> None:
    """A result can be shown, compared, copied, pickled and encoded."""
    repr(value)
    holds(copy.copy(value) == value, "a copy equals")
    holds(copy.deepcopy(value) == value, "a deep copy equals")
    holds(pickle.loads(pickle.dumps(value)) == value, "a pickle equals")
    msgspec.json.encode(value)


def rereads(event: CancelEvent) -> None:
    """An event survives JSON."""
    line = encode(event)
    holds(b"\n" not in line, "an event is one line")
    again = decode(line)
    holds(again == event or _has_halves(event), "an event survives JSON")
    holds(encode(again) == line, "an event is encoded alike again")


def _has_halves(event: CancelEvent) -> bool:
    """Tell whether an event has halves of surrogate pairs, as the name of a file may."""
    texts = (value for value in msgspec.structs.astuple(event) if isinstance(value, str))
    return any("\ud800" <= char <= "\udfff" for text in texts for char in text)


def decodes(line: bytes) -> None:
    """``decode`` gives an event or a DecodeError."""
    try:
        event = decode(line)
    except msgspec.DecodeError:
        return
    hash(event)
    repr(event)
    holds(decode(encode(event)) == event, "an event survives JSON")


def masks(text: bytes) -> None:
    """Any text can be masked, and no planted secret stays."""
    masked = without_secrets(text.decode("utf-8", "surrogateescape"))
    holds(not any(plant in text for plant in PLANTS) or KEY not in masked, "a secret is masked")


# --- Logs ---


class Checked(NamedTuple):
    """All that came of one log."""

    items: list[Record | Unreadable]
    summary: Summary
    report: str
    events: bytes
    quarantine: bytes


class _Pieces:
    """A file that is read in pieces of one size."""

    def __init__(self, data: bytes, size: int) -> None:
        self._file = BytesIO(data)
        self._size = size

    def read1(self, size: int, /) -> bytes:
        return self._file.read(min(size, self._size))


class _Quarantine:
    """What would be written to a quarantine."""

    def __init__(self) -> None:
        self.data = bytearray()

    def write(self, data: bytes, /) -> None:
        self.data += data

    def flush(self) -> None:
        pass


def batches_of(data: bytes, options: Options, *, piece: int = sys.maxsize) -> Iterator[Batch]:
    """Read a log from memory."""
    return _split(Source(Stream(_Pieces(data, piece), _NAME), _NAME), options)


def checked(batches: Iterator[Batch], output_format: str = "jsonl") -> Checked:
    """Check a log as the command does."""
    written: list[str] = []
    writer = WRITERS[output_format](written.append)
    summary, history, quarantine = Summary(files=1), History(), _Quarantine()
    settings = Settings(
        excerpts=EXCERPTS.get(output_format, "none"),
        columns=output_format in WITH_COLUMNS,
        events=partial(EventLines, encode),
    )
    report = Report(summary, writer, settings.rules, FileRules({}))
    items: list[Record | Unreadable] = []
    events = bytearray()
    writer.begin(Run())
    for batch in batches:
        found = list(batch.found())
        items += found
        result = examine_batch(batch, settings)
        for finding in in_sequence(result, history, settings):
            report.add(finding)
        counted = result.summary.records
        holds(counted == len(found), f"records in are records counted: {len(found)} in, {counted} counted")
        holds(all(item.source for item in found), "every record has its place")
        summary.merge(result.summary)
        summary.text_lines += batch.text_lines
        for name, count in batch.passed.items():
            summary.skip(name, count)
        for line in result.events:
            events += line
        write_refused(batch, result, quarantine, redact=True)
    history.end(report.add)
    writer.end(summary)
    return Checked(items, summary, "".join(written), bytes(events), bytes(quarantine.data))


def checks_alike(data: bytes, options: Options, *, output_format: str, piece: int | None) -> Checked:
    """A log is read and reported without fault, the same in whatever pieces it comes, and shows no secret."""
    once = checked(batches_of(data, options), output_format)
    shown = once.report.encode("utf-8", "backslashreplace").decode()
    holds(
        not any(plant in data for plant in PLANTS) or KEY not in shown,
        f"no secret is in the {output_format} report",
    )
    holds(
        not any(plant in data for plant in PLANTS) or KEY.encode() not in once.quarantine,
        "no secret is in the quarantine",
    )
    if piece is not None:
        again = checked(batches_of(data, options, piece=piece), output_format)
        holds(again.items == once.items, "the same records come in pieces")
        holds(again == once, "the same comes in pieces")
    return once


def explains_each(log: Checked) -> None:
    """The first records of a log can be used and explained."""
    for item in islice((item for item in log.items if isinstance(item, Record)), _EXPLAINED):
        _usable(item)
        explains(item)


def requarantines(log: Checked) -> None:
    """A quarantine is a log of every refused record."""
    again = checked(batches_of(log.quarantine, Options())).items if log.quarantine else []
    holds(len(again) == log.summary.refused, "a quarantine holds every refused record")
