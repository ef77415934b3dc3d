"""Commands that write samples and their snapshots.

``python -m tests.samples add LOG:LINE NAME`` makes a sample of a recorded answer. ``python -m tests.samples
expect`` writes what the samples are read as now; review the difference before you commit it.
"""

import re
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Sequence
from os.path import relpath
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
from msgspec.structs import replace

from cancelnorm import (
    CancelNormError,
    Normalised,
    NotACancel,
    PayloadError,
    Record,
    UnknownEndpointError,
    identify,
    logs,
    normalise,
    venues,
)
from cancelnorm.logs import Item, Unreadable
from cancelnorm.secret_names import is_secret
from tests.samples import EXPECTED, FOLDER, Sample, load

NAME = re.compile(r"(?:([a-z0-9_]+)/)?([a-z0-9][a-z0-9.-]*)")


class RefusedError(Exception):
    """The command cannot do what it was asked; the text says why, and what to do."""


def main(arguments: Sequence[str], folder: Path = FOLDER, expected: Path = EXPECTED) -> int:
    """Run a command on the samples in ``folder`` and their snapshots in ``expected``."""
    parser = ArgumentParser("python -m tests.samples", description="Samples of what venues answer.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND", dest="command")
    add = commands.add_parser("add", help="make a sample of a recorded answer")
    add.add_argument("place", metavar="LOG:LINE", help="a log of any format, and a line in it")
    add.add_argument("name", metavar="NAME", help="name of the sample, like binance/delete-order-iceberg")
    add.add_argument("--format", help="format of the log, if its content does not tell")
    add.add_argument("--venue", help="venue, if the log does not say")
    add.add_argument("--endpoint", help="endpoint, if the log does not say")
    add.add_argument(
        "--map",
        action="append",
        default=[],
        metavar="KEY=PATH",
        help="where in a line something stands, as for `cancelnorm check`",
    )
    expect = commands.add_parser("expect", help="write snapshots")
    expect.add_argument("names", metavar="NAME", nargs="*", help="a sample; all of them if none is named")
    options = parser.parse_args(arguments)
    try:
        if options.command == "add":
            print(added(options, folder))
        else:
            for line in written(options.names, folder, expected):
                print(line)
    except RefusedError as error:
        parser.exit(2, f"{error}\n")
    return 0


# --- expect ---


def written(names: Sequence[str], folder: Path, expected: Path) -> Iterator[str]:
    """Write the snapshots that differ, delete those without a sample, and say which.

    A sample that cannot be read does not keep the others from it; all of these are named at the end.
    """
    samples = load(folder)
    if unknown := sorted(set(names) - set(samples)):
        raise RefusedError(f"{', '.join(unknown)}: there is no such sample")
    failures = []
    for name in names or samples:
        path = expected / f"{name}.json"
        try:
            snapshot = samples[name].snapshot()
        except CancelNormError as error:
            failures.append(f"{name}: {error}")
            continue
        if not path.exists() or path.read_text(encoding="utf-8") != snapshot:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(snapshot, encoding="utf-8")
            yield f"Wrote {relpath(path)}."
    for path in [] if names else sorted(expected.glob("*/*.json")):
        if path.relative_to(expected).with_suffix("").as_posix() not in samples:
            path.unlink()
            yield f"Deleted {relpath(path)}: its sample is gone."
    if failures:
        raise RefusedError("\n".join(failures))


# --- add ---


def added(options: Namespace, folder: Path) -> str:
    """Write the sample; the text says how it is read, and what to do next."""
    record, reading = read(masked(recorded(options)))
    name = full_name(options.name, record.venue)
    path = folder / f"{name}.json"
    if path.exists():
        raise RefusedError(f"{relpath(path)} exists; choose another name")
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(msgspec.json.format(msgspec.json.encode(sample_of(record)), indent=2) + b"\n")
    steps = [
        'Fill in "about"; correct "docs" if the shape is documented elsewhere.',
        f"Write the snapshot: python -m tests.samples expect {name}",
        f"Review tests/venues/expected/{name}.json against the payload, field by field.",
    ]
    if not reading.is_whole:
        steps.insert(0, f"Extend the structs of cancelnorm/venues/{record.venue} until all of it is read.")
    next_steps = (f"  {number}. {step}" for number, step in enumerate(steps, start=1))
    return "\n".join([f"Wrote {relpath(path)}.", reading.text, "", "Next:", *next_steps])


# --- From a log to a record ---


def recorded(options: Namespace) -> Record:
    """The record at a line of a log."""
    place: str = options.place
    log, _, line = place.rpartition(":")
    if not log or not line.partition("#")[0].isdecimal():
        raise RefusedError(f"{place}: no line is given; write LOG:LINE")
    paths = dict(pair.partition("=")[::2] for pair in options.map)
    try:
        found = logs.read(
            log, format=options.format, paths=paths, venue=options.venue, endpoint=options.endpoint
        )
        item = next((item for item in found if (item.source or "").endswith(f":{line}")), None)
    except CancelNormError as error:
        raise RefusedError(str(error)) from error
    except OSError as error:
        raise RefusedError(f"{log}: {error.strerror}") from error
    if item is None:
        raise RefusedError(f"{place}: there is no record at this line")
    if isinstance(item, Unreadable):
        raise RefusedError(str(item))
    return item


def masked(record: Record) -> Record:
    """The same without secrets: those in the payload masked, parameters named like one left out."""
    found = logs.redacted(Item(record)).found
    assert isinstance(found, Record)
    return replace(found, request=without_secrets(found.request), secrets=())


def without_secrets(value: Any) -> Any:
    """A request without the parameters that are named like a secret."""
    if isinstance(value, dict):
        return {name: without_secrets(part) for name, part in value.items() if not is_secret(name)}
    if isinstance(value, list | tuple):
        return [without_secrets(part) for part in value]
    return value


class Reading(NamedTuple):
    """What the library makes of a record; ``is_whole`` if nothing in it is new."""

    text: str
    is_whole: bool


def read(record: Record) -> tuple[Record, Reading]:
    """The record with the names that the library has for venue and endpoint, and how it is read."""
    if record.endpoint is None:
        record = replace(record, endpoint=endpoint_of(record))
    try:
        result = normalise(record)
        event = result.events[0]
        reading = Reading(described(result), is_whole=is_strict(record))
    except NotACancel as error:
        raise RefusedError(f"{error}; samples/README.md says where samples of such frames go") from error
    except UnknownEndpointError as error:
        return record, Reading(f"It cannot be read: {error}", is_whole=False)
    except PayloadError as error:
        event, reading = error.event, Reading(f"It cannot be read: {error}", is_whole=False)
    return replace(record, venue=event.venue, endpoint=event.endpoint), reading


def is_strict(record: Record) -> bool:
    """Whether a record has nothing that the venue added since its structs were written."""
    try:
        normalise(record, drift="refuse")
    except PayloadError:
        return False
    return True


def endpoint_of(record: Record) -> str:
    """The one endpoint that answers such a payload."""
    names = [name for _, name in identify(record.payload, venue=record.venue, status=record.status)]
    if len(names) != 1:
        choice = f": it may be {', '.join(names)}" if names else ""
        raise RefusedError(f"{record.source}: give the endpoint with --endpoint{choice}")
    return names[0]


def described(result: Normalised) -> str:
    """The verdicts and the notes, one a line."""
    verdicts = [
        " ".join(filter(None, (event.outcome, event.evidence, event.reason, event.order_id)))
        for event in result.events
    ]
    notes = [f"note {note.code} at {note.path}: {note.message}" for note in result.notes]
    return "\n".join(["It is read as:", *(f"  {line}" for line in (*verdicts, *notes))])


# --- From a record to a sample ---


def full_name(name: str, venue: str) -> str:
    """The full name of a sample; its folder is the venue's."""
    match = NAME.fullmatch(name)
    if match is None or match[1] not in (None, venue):
        raise RefusedError(f"{name}: call it {venue}/… with lower-case letters, digits, '-' and '.'")
    return f"{venue}/{match[2]}"


def sample_of(record: Record) -> Sample:
    """The sample of a record; ``about`` is left to its author."""
    assert record.endpoint is not None
    venue = venues.find(record.venue)
    endpoint = None if venue is None else venue.endpoints.get(record.endpoint)
    return Sample(
        docs="" if endpoint is None else endpoint.docs,
        about="",
        venue=record.venue,
        endpoint=record.endpoint,
        status=record.status,
        request=without_secrets(record.request) or None,
        sent_ns=record.sent_ns,
        received_ns=record.received_ns,
        dialect=record.dialect,
        account=record.account,
        payload=payload_of(record),
    )


def payload_of(record: Record) -> msgspec.Raw:
    """The payload as it was sent; in a string if it is no JSON object or array."""
    body = record.payload if isinstance(record.payload, bytes) else record.payload.encode()
    try:
        msgspec.json.decode(body)
        is_json = body.lstrip()[:1] in (b"{", b"[")
    except msgspec.DecodeError:
        is_json = False
    if is_json:
        return msgspec.Raw(body)
    try:
        return msgspec.Raw(msgspec.json.encode(body.decode()))
    except UnicodeDecodeError as error:
        raise RefusedError(f"{record.source}: the payload is not UTF-8") from error


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
