"""Opening of logs: files, folders, standard input and URLs, read one record at a time or in batches."""

import os
import re
import select
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from errno import ENOENT
from itertools import chain
from pathlib import Path
from typing import Final, Literal, NamedTuple

from msgspec.structs import replace

from cancelnorm.logs.archives import archived, is_archive
from cancelnorm.logs.compression import MissingLibraryError
from cancelnorm.logs.documents import advice_on
from cancelnorm.logs.folders import listed, may_be_other
from cancelnorm.logs.formats import FORMAT_NAMES, pick
from cancelnorm.logs.item import Item, Unreadable
from cancelnorm.logs.limits import MAX_RECORD_BYTES, MOST_BYTES, MOST_LINES
from cancelnorm.logs.opening import STDIN, is_address, opened
from cancelnorm.logs.options import Options, options_of
from cancelnorm.logs.quarantine import QUARANTINE
from cancelnorm.logs.records import RECORD_LINES, RECORDS, items_of, read_block
from cancelnorm.logs.source import HEAD_BYTES, Block, Format, Range, Source
from cancelnorm.prose import beginning
from cancelnorm.record import Record

__all__ = [
    "Batch",
    "batches",
    "files",
    "format_of",
    "parts_of",
    "passed_over",
    "read",
    "records",
]

_BATCH_BYTES: Final = 1 << 22
_BATCH_LINES: Final = 16_000  # those that are so short that each takes more memory than its bytes
_RECORD: Final = 8  # lines that take as long as a record
_MOST_SHOWN: Final = 100
_DOCUMENT: Final = re.compile(  # of JSON or XML, or binary data: no lines of text
    rb"\A\s*+(?:\{|\[\s*+(?:[\[{\"\]]|\Z)|<[!?A-Za-z])|[\x00-\x08\x0e-\x1a\x1c-\x1f]"
)


class Batch(NamedTuple):
    """A run of consecutive items of one log."""

    format: str
    parts: list[Item | Block]
    dialect: Literal["quoted-numbers"] | None = None  # how the recorder changed all payloads
    weight: int = 0  # bytes, roughly
    read_bytes: int = 0  # bytes read from the file, compressed if it is
    is_latest: bool = False  # the log is live, and has nothing more at the moment
    text_lines: int = 0  # lines of text without a frame
    passed: Mapping[str, int] = {}  # requests at hosts of no venue, by name
    name: str = ""  # of the file

    def found(self) -> Iterator[Record | Unreadable]:
        """Decode the blocks and iterate over all results."""
        for part in self.parts:
            if isinstance(part, Block):
                found = read_block(part)
                yield from found if self.dialect is None else map(self._in_dialect, found)
            else:
                yield self._in_dialect(part.found)

    def items(self) -> Iterator[Item]:
        """Iterate over the same results, each with the line it was read from."""
        for part in self.parts:
            yield from self.items_in(part)

    def items_in(self, part: Item | Block) -> Iterator[Item]:
        """The same of one part."""
        items = (part,) if isinstance(part, Item) else items_of(part)
        if self.dialect is None:
            yield from items
        else:
            yield from (Item(self._in_dialect(item.found), item.raw) for item in items)

    def _in_dialect(self, item: Record | Unreadable) -> Record | Unreadable:
        if self.dialect is None or not isinstance(item, Record):
            return item
        return replace(item, dialect=self.dialect)


def read(
    path: str | os.PathLike[str] | Range,
    *,
    format: str | None = None,  # noqa: A002  # as the command line calls it
    paths: Mapping[str, str] | None = None,
    venue: str | None = None,
    endpoint: str | None = None,
    dialect: Literal["quoted-numbers"] | None = None,
    hosts: Mapping[str, str] | None = None,
    tz: str | None = None,
    max_record_bytes: int = MAX_RECORD_BYTES,
) -> Iterator[Record | Unreadable]:
    """Read the records of a file, of all logs in a folder, of standard input (``-``), at a URL, or in a range.

    One at a time, in constant memory. A line that is not a record is yielded as Unreadable, and reading goes
    on. ``format`` is detected if it is None. ``paths`` maps a part of the record to its path in a line of
    JSON: ``{"payload": "$.response.body"}``; also ``venue``, ``endpoint``, ``url``, ``method``, ``status``,
    ``request``, ``sent``, ``received``, ``account``, ``connection``, ``direction``, and ``source`` and ``offset``,
    which take the place of file and line in the source of a record. ``venue``, by name or alias, and ``endpoint``
    are those of lines that name none. ``dialect`` is that of ``Record``. ``hosts`` maps hosts that are no venue's
    own, such as proxies, to the venue behind them. ``tz`` is the time zone of times without one, by name or by
    offset; UTC if it is None. ``max_record_bytes`` is the length of the longest line, entry, payload or
    decompressed body that is read; a longer one is Unreadable, and is not kept in memory.

    A request that may cancel orders and has no answer in the log is a record with ``pairing``. It comes when it
    leaves the window in which answers are awaited, or at the end.

    Raises OSError if a file cannot be read, MissingLibraryError if the library for it is not installed,
    UnknownFormatError and UnknownZoneError.
    """
    options = options_of(
        format=format,
        paths=paths,
        venue=venue,
        endpoint=endpoint,
        dialect=dialect,
        hosts=hosts,
        tz=tz,
        max_record_bytes=max_record_bytes,
    )
    logs = [path] if isinstance(path, Range) else files(path)
    return chain.from_iterable(records(log, options) for log in logs)


def records(log: str | Range, options: Options) -> Iterator[Record | Unreadable]:
    """Read one file or a range of it, each record as soon as it is available."""
    with opened(log, max_record_bytes=options.max_record_bytes) as source:
        form = format_of(source, options)
        for part in parts_of(form, source, options):
            yield from Batch(form.name, [part], options.dialect).found()


def files(path: str | os.PathLike[str]) -> list[str]:
    """List the files that ``read`` reads, in its order: a file itself, or the logs in a folder, sorted.

    Raises FileNotFoundError if there is nothing at ``path``. The logs in a folder are the files with a usual
    extension (.json, .jsonl, .ndjson, .har, .yaml, .yml, .log, .csv, each perhaps followed by .gz, .zst, .xz or
    .bz2, and these alone), and those in its zip archives; hidden files and folders are left out, and ``passed_over``
    lists the others. Tables, settings and the like (.csv, .json, .yaml) that hold nothing of a venue are no logs.
    Rotated logs come before the current one, the oldest first: ``bot.log.2``, ``bot.log.1``, ``bot.log``. The logs
    in an archive are named as if it were a folder: ``day.zip/bot.log``.
    """
    name = os.fspath(path)
    if name == "-" or is_address(name) or archived(name):
        return [name]
    location = Path(name)
    if "\0" in name:
        raise FileNotFoundError(ENOENT, os.strerror(ENOENT), name)
    location.stat()  # raises if there is nothing
    if not (location.is_dir() or is_archive(location)):
        return [name]
    return [log for log in listed(location).logs if not (may_be_other(log) and _is_other(log))]


def passed_over(path: str | os.PathLike[str]) -> list[tuple[str, str]]:
    """List the files in a folder or an archive that ``read`` does not read, each with the reason."""
    name = os.fspath(path)
    location = Path(name)
    if name == "-" or is_address(name) or not (location.is_dir() or is_archive(location)):
        return []
    found = listed(location)
    others = [log for log in found.logs if may_be_other(log) and _is_other(log)]
    return [(other, _reason(other)) for other in sorted((*others, *found.others))]


def _is_other(name: str) -> bool:
    """Tell whether a file in a folder is none of the formats, by its first lines; damage is for who reads it."""
    try:
        with opened(name) as source:
            return bool(source.head) and _is_unknown(source.head)
    except (OSError, MissingLibraryError):
        return False


def _is_unknown(head: bytes) -> bool:
    """Tell whether a log begins like none of the formats, and like no payload of a venue about an order."""
    from cancelnorm.logs.text import holds_frames  # which few logs need

    name = pick(head, Options()).name
    if name == "csv":
        return b"{" not in head
    if name == "bare" and len(head) >= HEAD_BYTES:
        return False  # one payload, perhaps, whose end is not here
    return name in ("text", "bare") and not holds_frames(head)


def _reason(name: str) -> str:
    """Explain why a file in a folder is not read."""
    try:
        with opened(name) as source:
            if not source.head:
                return source.damage or "empty"
            form = pick(source.head, Options())
            if form.name == "bare" or _is_unknown(source.head):
                return "no known format"
    except OSError as error:
        return (error.strerror or "cannot be read").lower()
    except MissingLibraryError as error:
        return f"this is {error.kind}; it takes the extra {error.extra}"
    return f"looks like {form.name}; name it to read it"


def batches(name: str, options: Options, see: Callable[[bytes], object] | None = None) -> Iterator[Batch]:
    """Read one file in batches, which can be processed in parallel.

    ``see`` receives all bytes of the file as they are stored, also those after a damage.
    """
    with opened(name, see, max_record_bytes=options.max_record_bytes) as source:
        for batch in _split(source, options):
            yield batch._replace(name=name)


def _split(source: Source, options: Options) -> Iterator[Batch]:
    """Read one log in batches."""
    parts: list[Item | Block] = []
    size = read = texts = count = 0
    form = format_of(source, options)
    for part in parts_of(form, source, options):
        parts.append(part)
        if isinstance(part, Item):
            size += 0 if part.raw is None else len(part.raw)
            if isinstance(part.found, Record):
                size += len(part.found.payload)
                count += _RECORD
            else:
                count += 1
        else:
            size += len(part.data)
            count += part.data.count(b"\n")
        is_full = size >= _BATCH_BYTES or count >= _BATCH_LINES
        is_latest = source.is_live and _nothing_waits()
        if is_full or is_latest:
            lines = source.text_lines
            yield Batch(
                form.name,
                parts,
                options.dialect,
                size,
                source.position - read,
                is_latest,
                lines - texts,
                source.passed.taken(),
            )
            parts, size, read, texts, count = [], 0, source.position, lines, 0
    lines = source.text_lines - texts
    passed = source.passed.taken()
    if parts or lines or passed:
        read_bytes = source.position - read
        yield Batch(form.name, parts, options.dialect, size, read_bytes, text_lines=lines, passed=passed)


def _nothing_waits() -> bool:
    """Tell whether standard input has nothing to read at the moment; it has, at its end."""
    with suppress(OSError):  # on Windows, for what is not a socket
        return not select.select([STDIN], [], [], 0)[0]
    return True


def format_of(source: Source, options: Options) -> Format:
    """Choose the format of a log; a quarantine is detected by its first line, whatever the options say.

    Only logs of records are read in parts.
    """
    if source.is_part:
        if options.paths or options.format not in (None, RECORDS.name):
            raise ValueError(f"{source.name}: a range of records, which takes no other format")
        return RECORD_LINES
    return QUARANTINE if QUARANTINE.fits(source.head) else pick(source.head, options)


def parts_of(form: Format, source: Source, options: Options) -> Iterator[Item | Block]:
    """Read one log; damage of its file is reported last.

    A log without a single line that could be read gives one fault, not one a line; a quarantine gives all that
    it was written with, and a part of a log all that is in it.
    """
    parts = form.read(source, options)
    if form in (QUARANTINE, RECORD_LINES):
        yield from parts
    held = _Held()
    for part in parts:
        if isinstance(part, Item) and held.takes(part):
            continue
        yield from held.items()
        held = _Held()
        yield part
        yield from parts
    yield from held.as_one()
    if source.is_unknown and source.head.strip() and not source.damage:
        yield Item(Unreadable(f"{source.name}:1", "file", _unknown(source, options)))
    if source.damage:
        yield Item(Unreadable(f"{source.name}:{source.line}", "file", source.damage))


class _Held:
    """The lines at the beginning of a log that are refused alike, up to as many as a megabyte may have."""

    def __init__(self) -> None:
        self._path = self._reason = ""
        self._sources: list[str] = []
        self._lines: list[bytes | None] = []
        self._size = 0

    def takes(self, item: Item) -> bool:
        """Hold another line back, if its fault is that of the others."""
        found = item.found
        if not isinstance(found, Unreadable) or len(self._sources) == MOST_LINES or self._size > MOST_BYTES:
            return False
        if not self._sources:
            self._path, self._reason = found.path, found.reason
        elif found.reason != self._reason or found.path != self._path:
            return False
        self._sources.append(found.source)
        self._lines.append(item.raw)
        if item.raw is not None:
            self._size += len(item.raw)
        return True

    def items(self) -> Iterator[Item]:
        """All of them, each with its fault."""
        for source, line in zip(self._sources, self._lines, strict=True):
            yield Item(Unreadable(source, self._path, self._reason), line)

    def as_one(self) -> Iterator[Item]:
        """All of them with one fault; nothing if there are none."""
        if len(self._sources) <= 1:
            yield from self.items()
            return
        reason = f"{self._reason}; no line could be read, of {len(self._sources):,}"
        lines = [line for line in self._lines if line is not None]
        yield Item(Unreadable(self._sources[0], self._path, reason), b"\n".join(lines) if lines else None)


def _unknown(source: Source, options: Options) -> str:
    """The verdict on a log of which all lines were read as text, and none holds anything."""
    if (advice := advice_on(source.head)) is not None:
        return advice
    first = source.head.lstrip().partition(b"\n")[0].decode("utf-8", "replace").strip()
    shown = f"the first line is {beginning(first, _MOST_SHOWN)}"
    if _DOCUMENT.search(source.head) is not None:
        formats = f"no known log format; the formats are {', '.join(FORMAT_NAMES)}"
        other = f"no line holds an answer as the format {options.format} has it; leave the format out to detect it"
        return f"{formats if options.format is None else other}; {shown}"
    count = source.line - 1
    lines = "1 line" if count == 1 else f"{count:,} lines"
    todo = "log the body of each answer, as ccxt does with verbose"
    return f"no answer of a known venue in {lines} of text; {todo}; {shown}"
