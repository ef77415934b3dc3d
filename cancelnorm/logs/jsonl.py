"""The format ``jsonl``: lines of JSON objects of any shape, see ``jsonl_fields``."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

import msgspec
from msgspec import Raw
from msgspec.structs import replace

from cancelnorm.logs.contexts import context_of
from cancelnorm.logs.exchanges import exchanges_of
from cancelnorm.logs.item import Item, Refusals, Unreadable
from cancelnorm.logs.json_path import at, lost
from cancelnorm.logs.jsonl_answers import sender_of
from cancelnorm.logs.jsonl_detection import fits, has_fields
from cancelnorm.logs.jsonl_fields import PartError, Parts
from cancelnorm.logs.jsonl_records import PartsReader
from cancelnorm.logs.log_stores import entries_in, lines_of
from cancelnorm.logs.missing_parts import mute
from cancelnorm.logs.nested import lines_within
from cancelnorm.logs.options import Options
from cancelnorm.logs.part_names import key_of_payload, mapped_steps, usual_steps
from cancelnorm.logs.partial_lines import DockerParts
from cancelnorm.logs.passed import PassedOver
from cancelnorm.logs.secrets import secret_paths
from cancelnorm.logs.source import Format, Source
from cancelnorm.logs.time_order import Entry, numbered, oldest_first
from cancelnorm.logs.urls import unknown_host
from cancelnorm.record import Record

__all__ = ["MAPPED", "LineReader"]

_object: Final = msgspec.json.Decoder(dict[str, Raw]).decode
_text: Final = msgspec.json.Decoder(str).decode


def read(source: Source, options: Options) -> Iterator[Item]:
    """Read the records of one log; requests are kept for their answers.

    A mapped path that no line has is reported at the end.
    """
    reader = LineReader(source.name, options, source.passed)
    lines = source.lines()
    if not source.is_live:
        lines = oldest_first(
            lines, lambda each: _entry_in(each[1]), lambda each: len(each[1] or b""), options.zone
        )
    place = 0  # that never falls, also where the last line is read first
    for number, line in lines:
        place = max(place + 1, number)
        if line is None:
            yield Item(Unreadable(f"{source.name}:{number}", "line", source.too_long))
        elif fault := reader.again(number, line):
            yield Item(fault, line)
        else:
            yield from reader.line(place, f"{source.name}:{number}", line)
            yield from reader.left()
            source.text_lines = reader.text_lines
    yield from reader.end()


def _entry_in(line: bytes | None) -> Entry:
    """The first entry in a line; empty if there is none."""
    try:
        return next(iter(lines_of(_object(line or b""))), {})
    except (ValueError, RecursionError):
        return {}


class LineReader:
    """The reader of the lines of one log."""

    def __init__(self, name: str, options: Options, passed: PassedOver) -> None:
        self._name = name
        self._options = options
        self._mapped = mapped_steps(options.paths)
        self._reader = PartsReader(name, options, passed)
        self.text = self._reader.text
        self._last = f"{name}:1"
        self._seen: set[str] = {"payload", "venue"}  # a line without one of these is refused by itself
        self._missing: dict[str, str] = {}  # the mapped parts that no line had yet, and why
        self._refusals = Refusals()
        self._parts = DockerParts(options.max_record_bytes)

    @property
    def text_lines(self) -> int:
        """The lines that hold no frame."""
        return self.text.log.text_lines

    def again(self, number: int, line: bytes) -> Unreadable | None:
        """The fault of a line that equals one which is no object; None for any other."""
        self._last = f"{self._name}:{number}"
        return self._refusals.again(line, self._last)

    def line(self, number: int, source: str, line: bytes) -> Iterable[Item]:
        """Read a line with this place in the order of time: its records; none if it is a request or of no venue."""
        self._last = source
        try:
            found = _object(line)
        except (ValueError, RecursionError):
            return self._refused(line, "line", "not a JSON object")
        if (fault := self._fault(found)) is not None:
            return self._refused(line, *fault)
        return self._members(number, source, found, line)

    def _refused(self, line: bytes, path: str, reason: str) -> Iterable[Item]:
        """The fault of a line, which an equal one has, too."""
        return (Item(self._refusals.keep(line, Unreadable(self._last, path, reason)), line),)

    def _fault(self, found: Mapping[str, Raw]) -> tuple[str, str] | None:
        """Why a line is refused that has no payload, or a text without venue and nothing else; None for any other."""
        if self._mapped:
            return None
        if (reason := mute(found)) is not None:
            return "payload", reason
        key = key_of_payload(tuple(found)) if self._options.venue is None else None
        if key is None or not _is_nameless(bytes(found[key])):
            return None
        return "venue", unknown_host("")

    def members(
        self, number: int, source: str, found: Mapping[str, Raw], line: bytes | None
    ) -> Iterable[Item]:
        """Read the members of a line, or of an object with this number and source."""
        self._last = source
        if (fault := self._fault(found)) is not None:
            return (Item(Unreadable(source, *fault), line),)
        return self._members(number, source, found, line)

    def _members(
        self, number: int, source: str, found: Mapping[str, Raw], line: bytes | None
    ) -> Iterator[Item]:
        whole = self._parts.add(found)
        if whole is None:
            self.text.log.text_lines += 1
            return
        found = whole
        entries = None if self._mapped else entries_in(found)
        if entries is None and not self._mapped:
            entries = exchanges_of(found)
        if entries is not None:
            self.text.log.text_lines += not entries
            for place, entry in numbered(entries, self._options.zone):
                yield from self._entry(number, source if place == 1 else f"{source}#{place}", entry, None)
            return
        yield from self._entry(number, source, found, line)

    def _entry(
        self, number: int, source: str, found: Mapping[str, Raw], line: bytes | None
    ) -> Iterator[Item]:
        """Read what a logger wrote: the members of a line, or of an entry that a line has beside others.

        Where that is of no venue, what stands in it is read.
        """
        before, held = self.text.log.text_lines, self.text.held
        items = self._told(number, source, found, line)
        is_text = not items and self.text.log.text_lines > before
        is_held = not items and self.text.held > held
        if isinstance(items, PartError) or ((is_text or is_held) and has_fields(found)):
            inner = None if self._mapped else self.inner(number, source, found, line)
            if inner is not None:
                self.text.log.text_lines -= is_text
                items = inner
            elif isinstance(items, PartError):
                items = [Item(Unreadable(source, items.part, items.reason), line)]
        yield from items

    def _told(
        self, number: int, source: str, found: Mapping[str, Raw], line: bytes | None
    ) -> list[Item] | PartError:
        """Read what a logger wrote; or say which part of it is missing."""
        items: list[Item] = []
        self._reader.context = context_of(found)
        # An entry has no line of its own.
        self.text.log.conversation.told.read_object(number, line or b"")
        try:
            self._track(found)
            parts = Parts(found, self._mapped, usual_steps(found), {}, self._options.zone)
            items.extend(self._reader.read(parts, number, source, line))
        except PartError as error:
            if not items:
                return error
            items.append(Item(Unreadable(source, error.part, error.reason), line))
        except (ValueError, RecursionError):
            items.append(Item(Unreadable(source, "line", "malformed JSON inside the object"), line))
        return items

    def inner(
        self, number: int, source: str, document: Mapping[str, Raw] | bytes, line: bytes | None
    ) -> list[Item] | None:
        """Read what stands inside an object or an array that is of no venue; None if that is nothing."""
        entries = lines_within(document, self._options.venue)
        before = self.text.log.text_lines
        items: list[Item] = []
        for place, entry in numbered(entries, self._options.zone):
            self._last = source if place == 1 else f"{source}#{place}"
            told = self._told(number, self._last, entry, line)
            if isinstance(told, PartError):
                told = [Item(Unreadable(self._last, told.part, told.reason), line)]
            items += told
        is_text = self.text.log.text_lines - before >= len(entries)
        if is_text or (items and all(isinstance(item.found, Unreadable) for item in items)):
            self.text.log.text_lines = before
            return None
        return _with_secrets_around(items, document)

    def left(self) -> list[Item]:
        """Take the requests that were given up since the last call."""
        return self.text.log.left()

    def end(self) -> Iterator[Item]:
        """Report the requests without an answer, and the mapped parts that no line had."""
        for line in self._parts.left():
            yield from self._entry(
                int(self._last.rpartition(":")[2].partition("#")[0]), self._last, line, None
            )
        yield from self.text.end()
        yield from self.text.unanswered()
        for part, reason in self._missing.items():
            yield Item(Unreadable(self._last, part, f"not found in any line: {reason}"))

    def _track(self, line: Mapping[str, Raw]) -> None:
        """Keep account of the mapped parts that no line had yet."""
        for part in [part for part in self._mapped if part not in self._seen]:
            if at(line, self._mapped[part]) is None:
                self._missing[part] = lost(line, self._mapped[part])
            else:
                self._seen.add(part)
                self._missing.pop(part, None)


def _is_nameless(payload: bytes) -> bool:
    """Tell whether a payload is a text in which there is no object and no array, and that no venue sends."""
    if payload[:1] != b'"':
        return False
    try:
        text = _text(payload)
    except ValueError:
        return False
    if text.lstrip()[:1] in ("{", "["):
        return False
    return sender_of(text.encode()) is None


def _with_secrets_around(items: list[Item], document: Mapping[str, Raw] | bytes) -> list[Item]:
    """The same items, of which the first record names the secrets of the document."""
    if isinstance(document, bytes):
        document = _object(document if document.lstrip()[:1] == b"{" else b'{"$":%b}' % document)
    secrets = tuple(secret_paths(document, ()))
    for place, item in enumerate(items) if secrets else ():
        if isinstance(record := item.found, Record):
            named = tuple(dict.fromkeys((*record.secrets, *secrets)))
            items[place] = Item(replace(record, secrets=named), item.raw)
            break
    return items


MAPPED: Final = Format("jsonl", "lines of JSON objects of any shape, see --map", fits, read)
