"""Opening of logs: files, folders, standard input and URLs, read one record at a time or in batches."""

import os
import re
import select
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, suppress
from errno import ENOPKG, EPROTONOSUPPORT
from functools import partial
from io import BufferedReader
from itertools import chain
from pathlib import Path
from typing import BinaryIO, Final, Literal, NamedTuple
from zipfile import BadZipFile
from zipfile import Path as ZipPath

from msgspec.structs import replace

from cancelnorm.logs.archives import archived, is_archive
from cancelnorm.logs.bare import BARE
from cancelnorm.logs.compression import CHUNK_BYTES, Damaged, MissingLibraryError, Readable, Stream
from cancelnorm.logs.folders import listed
from cancelnorm.logs.formats import FORMATS, pick
from cancelnorm.logs.quarantine import QUARANTINE
from cancelnorm.logs.records import read_block
from cancelnorm.logs.source import MAX_LINE_BYTES, Block, Format, Item, Options, Source, Unreadable
from cancelnorm.logs.text import TEXT, holds_frames
from cancelnorm.masking import without_secrets
from cancelnorm.record import Record

__all__ = [
    "Batch",
    "batches",
    "files",
    "format_of",
    "is_address",
    "parts_of",
    "passed_over",
    "read",
    "records",
    "shown_name",
]

_STDIN: Final = 0
_ADDRESS: Final = re.compile(r"[a-z][a-z0-9+.-]+://", re.IGNORECASE)
_BATCH_BYTES: Final = 1 << 22
_BATCH_ITEMS: Final = 2_000
_MOST_HELD: Final = 10_000
_MOST_SHOWN: Final = 100


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

    def found(self) -> Iterator[Record | Unreadable]:
        """Decode the blocks and iterate over all results."""
        for part in self.parts:
            found = read_block(part) if isinstance(part, Block) else (part.found,)
            if self.dialect is None:
                yield from found
            else:
                yield from (_in_dialect(item, self.dialect) for item in found)

    def items(self) -> Iterator[Item]:
        """Iterate over the same results, each with the line it was read from."""
        for part in self.parts:
            if isinstance(part, Item):
                yield part
                continue
            lines = part.data.split(b"\n")
            for found in read_block(part):
                at = int((found.source or "").rpartition(":")[2]) - part.number
                yield Item(found, lines[at])


def _in_dialect(item: Record | Unreadable, dialect: Literal["quoted-numbers"]) -> Record | Unreadable:
    return replace(item, dialect=dialect) if isinstance(item, Record) else item


def read(
    path: str | os.PathLike[str],
    *,
    format: str | None = None,  # noqa: A002  # as the command line calls it
    paths: Mapping[str, str] | None = None,
    venue: str | None = None,
    endpoint: str | None = None,
    dialect: Literal["quoted-numbers"] | None = None,
    hosts: Mapping[str, str] | None = None,
    tz: str | None = None,
) -> Iterator[Record | Unreadable]:
    """Read the records of a file, of all logs in a folder, of standard input (``-``), or at a URL.

    One at a time, in constant memory. A line that is not a record is yielded as Unreadable, and reading goes
    on. ``format`` is detected if it is None. ``paths`` maps a part of the record to its path in a line of
    JSON: ``{"payload": "$.response.body"}``; also ``venue``, ``endpoint``, ``url``, ``method``, ``status``,
    ``request``, ``sent``, ``received``, ``account``, ``connection``, ``direction``, and ``source`` and ``offset``,
    which take the place of file and line in the source of a record. ``venue``, by name or alias, and ``endpoint``
    are those of lines that name none. ``dialect`` is that of ``Record``. ``hosts`` maps hosts that are no venue's
    own, such as proxies, to the venue behind them. ``tz`` is the time zone of times without one, by name or by
    offset; UTC if it is None.

    A request that may cancel orders and has no answer in the log is a record with ``pairing``. It comes when it
    leaves the window in which answers are awaited, or at the end.

    Raises OSError if a file cannot be read, MissingLibraryError if the library for it is not installed,
    UnknownFormatError and UnknownZoneError.
    """
    options = Options(format, paths or {}, venue, endpoint, dialect, tuple((hosts or {}).items()), tz)
    return chain.from_iterable(records(name, options) for name in files(path))


def records(name: str, options: Options) -> Iterator[Record | Unreadable]:
    """Read one file, each record as soon as it is available."""
    with _source(name) as source:
        form = format_of(source, options)
        for part in parts_of(form, source, options):
            yield from Batch(form.name, [part], options.dialect).found()


def files(path: str | os.PathLike[str]) -> list[str]:
    """List the files that ``read`` reads, in its order: a file itself, or the logs in a folder, sorted.

    Raises FileNotFoundError if there is nothing at ``path``. The logs in a folder are the files with a usual
    extension (.json, .jsonl, .ndjson, .har, .yaml, .yml, .log, .csv, each perhaps followed by .gz, .zst, .xz or
    .bz2, and these alone), and those in its zip archives; hidden files and folders are left out, and ``passed_over``
    lists the others. Rotated logs come before the current one, the oldest first: ``bot.log.2``, ``bot.log.1``,
    ``bot.log``. The logs in an archive are named as if it were a folder: ``day.zip/bot.log``.
    """
    name = os.fspath(path)
    if name == "-" or is_address(name) or archived(name):
        return [name]
    location = Path(name)
    location.stat()  # raises if there is nothing
    return listed(location).logs if location.is_dir() or is_archive(location) else [name]


def passed_over(path: str | os.PathLike[str]) -> list[tuple[str, str]]:
    """List the files in a folder or an archive that ``read`` does not read, each with the reason."""
    name = os.fspath(path)
    location = Path(name)
    if name == "-" or is_address(name) or not (location.is_dir() or is_archive(location)):
        return []
    return [(other, _reason(other)) for other in listed(location).others]


def _reason(name: str) -> str:
    """Explain why a file in a folder is not read."""
    try:
        with _source(name) as source:
            if not source.head:
                return source.damage or "empty"
            form = next((form for form in FORMATS if form.fits(source.head)), TEXT)
            if form is BARE or (form is TEXT and not holds_frames(source.head)):
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
    with _source(name, see) as source:
        yield from _split(source, options)


def _split(source: Source, options: Options) -> Iterator[Batch]:
    """Read one log in batches."""
    parts: list[Item | Block] = []
    size = read = texts = 0
    form = format_of(source, options)
    for part in parts_of(form, source, options):
        parts.append(part)
        size += len(part.data) if isinstance(part, Block) else _weight(part)
        is_latest = source.is_live and _nothing_waits()
        if size >= _BATCH_BYTES or len(parts) >= _BATCH_ITEMS or is_latest:
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
            parts, size, read, texts = [], 0, source.position, lines
    lines = source.text_lines - texts
    passed = source.passed.taken()
    if parts or lines or passed:
        read_bytes = source.position - read
        yield Batch(form.name, parts, options.dialect, size, read_bytes, text_lines=lines, passed=passed)


def _nothing_waits() -> bool:
    """Tell whether standard input has nothing to read at the moment; it has, at its end."""
    with suppress(OSError):  # on Windows, for what is not a socket
        return not select.select([_STDIN], [], [], 0)[0]
    return True


def format_of(source: Source, options: Options) -> Format:
    """Choose the format of a log; a quarantine is detected by its first line, whatever the options say."""
    return QUARANTINE if QUARANTINE.fits(source.head) else pick(source.head, options)


def parts_of(form: Format, source: Source, options: Options) -> Iterator[Item | Block]:
    """Read one log; damage of its file is reported last.

    A log without a single line that could be read gives one fault, not one a line.
    """
    parts = form.read(source, options)
    held: list[Unreadable] = []
    raw = None
    for part in parts:
        if isinstance(part, Item) and isinstance(part.found, Unreadable) and _is_alike(held, part.found):
            raw = raw if held else part.raw
            held.append(part.found)
            continue
        yield from map(Item, held)
        held = []
        yield part
        yield from parts
    if held:
        first = held[0]
        if len(held) > 1:
            reason = f"{first.reason}; no line could be read, of {len(held):,}"
            first = Unreadable(first.source, first.path, reason)
        yield Item(first, raw)
    if source.is_unknown and source.head.strip() and not source.damage:
        yield Item(Unreadable(f"{source.name}:1", "file", _unknown(source.head, options)))
    if source.damage:
        yield Item(Unreadable(f"{source.name}:{source.line}", "file", source.damage))


def _is_alike(held: list[Unreadable], found: Unreadable) -> bool:
    """Tell whether a fault is like those held back, of which there may be no more than a few thousand."""
    if len(held) == _MOST_HELD:
        return False
    return not held or (held[0].path, held[0].reason) == (found.path, found.reason)


def _unknown(head: bytes, options: Options) -> str:
    """The verdict on a log that begins with this head, and of which nothing could be read."""
    first = head.lstrip().partition(b"\n")[0].decode("utf-8", "replace").strip()
    shown = without_secrets(first)
    shown = f"the first line is {shown[:_MOST_SHOWN]}{'…' if len(shown) > _MOST_SHOWN else ''}"
    if options.format is not None:
        return f"no line holds a frame, a request or an answer; {shown}"
    names = ", ".join(form.name for form in FORMATS)
    return f"no known log format; the formats are {names}; {shown}"


def _weight(item: Item) -> int:
    payload = item.found.payload if isinstance(item.found, Record) else b""
    return len(payload) + len(item.raw or b"")


@contextmanager
def _source(name: str, see: Callable[[bytes], object] | None = None) -> Iterator[Source]:
    shown = shown_name(name)
    if (member := archived(name)) is not None:
        with member.opened() as (content, archive):
            folder = member.name.rpartition("/")[0]
            attached = partial(_attached, ZipPath(archive, folder))
            with _shown(content, see) as seen:
                yield Source(Stream(seen, shown), shown, attached=attached)
        return
    with _opened(name) as file:
        beside = partial(_attached, Path(name).parent) if Path(name).is_file() else None
        with _shown(file, see) as seen:
            yield Source(
                Stream(seen, shown), shown, is_live=name == "-", file=_file_id(name, file), attached=beside
            )


@contextmanager
def _shown(file: Readable, see: Callable[[bytes], object] | None) -> Iterator[Readable]:
    """A file whose bytes are shown to a function as they are read, and at the end those that were not."""
    if see is None:
        yield file
        return
    seen = _Seen(file, see)
    yield seen
    with suppress(Damaged):
        while seen.read1(CHUNK_BYTES):
            pass


class _Seen:
    """A file whose bytes are shown to a function as they are read."""

    def __init__(self, file: Readable, see: Callable[[bytes], object]) -> None:
        self._file = file
        self._see = see

    def read1(self, size: int, /) -> bytes:
        chunk = self._file.read1(size)
        self._see(chunk)
        return chunk


def _attached(folder: Path | ZipPath, name: str) -> bytes | None:
    """The content of a file beside a log; None if it is missing, or longer than a line may be."""
    if not name or name != Path(name).name or name.startswith("."):
        return None
    try:
        with (folder / name).open("rb") as file:
            data: bytes = file.read(MAX_LINE_BYTES + 1)
    except (OSError, KeyError, ValueError, RuntimeError, BadZipFile):
        return None
    return data if len(data) <= MAX_LINE_BYTES else None


def _file_id(name: str, file: Readable) -> tuple[int, int] | None:
    """The device and the inode of a file, which survive renaming; None if it is not a file."""
    if not isinstance(file, BufferedReader) or not Path(name).is_file():
        return None
    status = os.fstat(file.fileno())
    return status.st_dev, status.st_ino


def _opened(name: str) -> AbstractContextManager[Readable]:
    if name == "-":
        return open(_STDIN, "rb", closefd=False)
    if _ADDRESS.match(name):
        return _remote(name)
    return Path(name).open("rb")


class _Remote:
    """A file at a URL; not every file of fsspec has ``read1``."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def read1(self, size: int, /) -> bytes:
        return self._file.read(size)


@contextmanager
def _remote(address: str) -> Iterator[Readable]:
    """Open a URL of a kind that fsspec supports: s3://, gs://, https://."""
    shown = shown_name(address)
    try:
        import fsspec  # an extra, which local logs do not need
    except ImportError as error:
        raise MissingLibraryError(shown, "an address", "remote") from error
    try:
        opened = fsspec.open(address, "rb")
    except ImportError as error:  # its message names the library for this kind of URL
        raise OSError(ENOPKG, str(error).lower()) from error
    except ValueError as error:
        raise OSError(EPROTONOSUPPORT, "this kind of URL is not supported") from error
    with opened as file:
        yield _Remote(file)


def shown_name(name: str) -> str:
    """The name without secrets: a URL may have a signature in its query, or a password before its host."""
    if not is_address(name):
        return "<stdin>" if name == "-" else name
    return re.sub(r"(?<=://)[^/@]*@", "", re.split(r"[?#]", name, maxsplit=1)[0])


def is_address(name: str) -> bool:
    """Tell whether a name is a URL."""
    return _ADDRESS.match(name) is not None
