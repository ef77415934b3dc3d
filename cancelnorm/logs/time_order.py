"""Entries in the order of time: consoles and stores of logs export the newest first, and answers before requests."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import tzinfo
from itertools import chain, groupby, pairwise
from typing import Final, NamedTuple, TypeVar

import msgspec
from msgspec import Raw

from cancelnorm.logs.part_names import LOGGED, MESSAGE_TIMES, usual_steps
from cancelnorm.logs.text_words import words
from cancelnorm.logs.timestamps import EARLIEST_NS, leading, ns

__all__ = ["Entry", "begins_with_newest", "numbered", "oldest_first", "oldest_lines_first"]

T = TypeVar("T")

Entry = Mapping[str, Raw]
"""The members of what a logger wrote."""
Line = tuple[int, bytes | None]
"""The number of a line in its file, and the line, unless it is too long."""

_AHEAD: Final = 100  # entries that are looked at
_AHEAD_BYTES: Final = 1 << 22  # of entries that are looked at
_ENOUGH: Final = 3  # times, each before the last one, to know the order by them alone
_MOST: Final = 2  # times that fall to one that does not
_MOST_BYTES: Final = 1 << 26  # of entries that are held to turn them round
_OF_EACH: Final = 1 << 10  # bytes that an entry takes beside its own
_OF_LINE: Final = 1 << 8  # the same of a line
_BEGINNING: Final = 200  # bytes of a line, in which its time stands
_TIMED: Final = re.compile(r"[\[(]?[0-9]")  # how a line begins that begins with a time
_text: Final = msgspec.json.Decoder(str).decode


def numbered(entries: Sequence[Entry], zone: tzinfo) -> Sequence[tuple[int, Entry]]:
    """The entries of one document with their places there, the oldest first if it has the newest first.

    It may have them so of each of several streams.
    """
    found = list(enumerate(entries, 1))
    times = [_time(entry, zone) for entry in entries] if len(found) > 1 else ()
    if not _mostly_descends(times):
        return found
    place_of = dict(zip(range(1, len(found) + 1), times, strict=True))
    turned = _turned(found, times, lambda each: _is_answer(each[1]))
    return sorted(turned, key=lambda each: place_of[each[0]] or 0) if None not in times else turned


def oldest_first(
    entries: Iterable[T], entry_of: Callable[[T], Entry], size_of: Callable[[T], int], zone: tzinfo
) -> Iterator[T]:
    """The entries of a log, the oldest first if the first ones have the newest first, and the last one is older.

    No more than 64 MiB are turned round: of a longer log, the entries stay as they are.
    """

    def time_of(each: T) -> int | None:
        return _time(entry_of(each), zone)

    return _in_order(entries, time_of, lambda each: _is_answer(entry_of(each)), size_of)


def oldest_lines_first(lines: Iterable[Line], zone: tzinfo) -> Iterator[Line]:
    """The same of lines of text; one without a time belongs to the line before it."""
    entries = _entries(lines, zone)
    for entry in _in_order(
        entries, lambda each: each.time, lambda each: _says(each.text), lambda each: each.size
    ):
        yield from entry.lines


def begins_with_newest(head: bytes, zone: tzinfo) -> bool:
    """Tell whether the first lines of a log of text have the newest first."""
    return _is_descending([_time_in(line, zone)[0] for line in head.split(b"\n", _AHEAD)[:_AHEAD]])


class _Lines(NamedTuple):
    """Lines without a time behind one with it: the time, what that line says, and about how many bytes they take."""

    time: int | None
    text: str
    lines: list[Line]
    size: int


def _entries(lines: Iterable[Line], zone: tzinfo) -> Iterator[_Lines]:
    """The entries of a text; one that is longer than all that is turned round is in pieces, so that nothing is."""
    entry = _Lines(None, "", [], 0)
    size = 0
    for number, line in lines:
        time, text = _time_in(line or b"", zone)
        if time is not None or size > _MOST_BYTES:
            if entry.lines:
                yield entry._replace(size=size)
            entry, size = _Lines(time, text, [], 0), 0
        entry.lines.append((number, line))
        size += len(line or b"") + _OF_LINE
    yield entry._replace(size=size)


def _time_in(line: bytes, zone: tzinfo) -> tuple[int | None, str]:
    """The time that a line of text begins with, and the beginning of it without that; headers have others."""
    text = line[:_BEGINNING].decode("utf-8", "replace")
    return leading(text, zone) if _TIMED.match(text) else (None, text)


def _in_order(
    entries: Iterable[T],
    time_of: Callable[[T], int | None],
    is_answer: Callable[[T], bool | None],
    size_of: Callable[[T], int],
) -> Iterator[T]:
    rest = iter(entries)
    held: list[T] = []
    times: list[int | None] = []
    size = 0
    for entry in rest:
        held.append(entry)
        size += size_of(entry) + _OF_EACH
        times.append(time_of(entry))
        known = _distinct(times)
        if len(known) > 1 and known[0] < known[1]:
            break
        if len(known) >= _ENOUGH or len(held) >= _AHEAD or size > _AHEAD_BYTES:
            break
    if not _is_descending(times) or size > _MOST_BYTES:
        yield from held
        yield from rest
        return
    for entry in rest:
        held.append(entry)
        size += size_of(entry) + _OF_EACH
        if size > _MOST_BYTES:
            yield from chain(held, rest)
            return
    times += [time_of(entry) for entry in held[len(times) :]]
    yield from _turned(held, times, is_answer) if _mostly_descends(times) else held


def _turned(
    entries: Sequence[T], times: Sequence[int | None], is_answer: Callable[[T], bool | None]
) -> Sequence[T]:
    """The entries from the last time to the first; those of one time as they stand, or the last one first.

    A log that was sorted by time keeps them in their order, and one that was turned round does not: that with fewer
    answers before their requests counts. If both have as many, requests come first, so that none is taken for the
    only one that waits. Two times alone tell too little, if as many are so in the log as it is.
    """
    every = range(len(entries))
    are_answers = [is_answer(entry) for entry in entries]
    groups = [list(alike) for _, alike in groupby(every, times.__getitem__)][::-1]
    turned = [place for group in groups for place in reversed(group)]
    by_time = [place for group in groups for place in group]

    def early(places: Iterable[int]) -> int:
        return _early(are_answers[place] for place in places)

    if by_time != turned and early(by_time) == early(turned):
        found = [place for group in groups for place in _requests_first(group[::-1], are_answers)]
    else:
        found = by_time if early(by_time) < early(turned) else turned
    is_told = len(set(times) - {None}) >= _ENOUGH or early(found) < early(every)
    return [entries[place] for place in found] if is_told else entries


def _requests_first(places: Iterable[int], are_answers: Sequence[bool | None]) -> Iterator[int]:
    """Some entries, requests before answers, each with those behind it that are neither."""
    parts: list[list[int]] = []
    for place in places:
        if are_answers[place] is not None or not parts:
            parts.append([])
        parts[-1].append(place)
    parts.sort(key=lambda part: are_answers[part[0]] is True)
    return chain.from_iterable(parts)


def _early(are_answers: Iterable[bool | None]) -> int:
    """Count the answers before which there are not as many requests."""
    early = waiting = 0
    for is_answer in are_answers:
        if is_answer and not waiting:
            early += 1
        elif is_answer is not None:
            waiting += -1 if is_answer else 1
    return early


def _is_answer(entry: Entry) -> bool | None:
    """Whether an entry is an answer, or a request; None if its text says neither."""
    for key, raw in entry.items():
        if key in LOGGED and bytes(raw)[:1] == b'"':
            with suppress(ValueError):
                said = _says(_text(raw))
                if said is not None:
                    return said
    return None


def _says(text: str) -> bool | None:
    """Whether a text is an answer, or a request; None if it says neither."""
    said = words(text.partition("{")[0])
    if said.status is not None or said.direction == "received":
        return True
    return False if said.method is not None or said.direction == "sent" else None


def _time(entry: Entry, zone: tzinfo) -> int | None:
    """The time of an entry that a logger wrote, by the usual keys of it."""
    names = (*(path[0] for path in usual_steps(entry)["received"] if len(path) == 1), *MESSAGE_TIMES)
    for name in names:
        raw = bytes(entry.get(str(name), b""))
        with suppress(ValueError, RecursionError):
            found = ns(msgspec.json.decode(raw), zone)
            if found is not None and found >= EARLIEST_NS:
                return found
    return None


def _distinct(times: Sequence[int | None]) -> list[int]:
    """The times that are known, without those that follow an equal one."""
    known = [time for time in times if time is not None]
    return [time for place, time in enumerate(known) if not place or time != known[place - 1]]


def _mostly_descends(times: Sequence[int | None]) -> bool:
    """Tell whether the last time is before the first one, and most are before the one that they follow."""
    known = _distinct(times)
    steps = list(pairwise(known))
    falling = sum(later > earlier for later, earlier in steps)
    return bool(steps) and known[-1] < known[0] and falling > _MOST * (len(steps) - falling)


def _is_descending(times: Sequence[int | None]) -> bool:
    """Tell whether the first entry has a time, and those behind it have others, each before the last one."""
    known = _distinct(times)
    is_timed = len(known) > 1 and times[0] is not None
    return is_timed and all(later > earlier for later, earlier in pairwise(known))
