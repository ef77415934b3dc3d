"""Entries in the order of time: consoles and stores of logs export the newest first, and answers before requests."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import tzinfo
from itertools import chain, pairwise
from typing import Final, TypeVar

import msgspec
from msgspec import Raw

from cancelnorm.logs.part_names import MESSAGE_TIMES, usual_steps
from cancelnorm.logs.timestamps import EARLIEST_NS, ns

__all__ = ["entry_time", "numbered", "oldest_first"]

T = TypeVar("T")

_AHEAD: Final = 100  # entries that are looked at
_ENOUGH: Final = 3  # times, each before the last one
_MOST_BYTES: Final = 1 << 26  # of entries that are held to turn them round
_OF_EACH: Final = 1 << 10  # bytes that an entry takes beside its own


def entry_time(entry: Mapping[str, Raw], zone: tzinfo) -> int | None:
    """The time of an entry that a logger wrote, by the usual keys of it."""
    names = (*(path[0] for path in usual_steps(entry)["received"] if len(path) == 1), *MESSAGE_TIMES)
    for name in names:
        raw = bytes(entry.get(str(name), b""))
        with suppress(ValueError, RecursionError):
            found = ns(msgspec.json.decode(raw), zone)
            if found is not None and found >= EARLIEST_NS:
                return found
    return None


def numbered(entries: Sequence[Mapping[str, Raw]], zone: tzinfo) -> Sequence[tuple[int, Mapping[str, Raw]]]:
    """The entries of one document with their places there, from its end on if it has the newest first."""
    found = list(enumerate(entries, 1))
    is_turned = len(found) > 1 and _is_descending([entry_time(entry, zone) for entry in entries], 2)
    return found[::-1] if is_turned else found


def oldest_first(
    entries: Iterable[T], time_of: Callable[[T], int | None], size_of: Callable[[T], int]
) -> Iterator[T]:
    """The entries of a log, from its end on if the first ones have the newest first, and the last one is older.

    No more than 64 MiB are turned round: of a longer log, the entries stay as they are.
    """
    rest = iter(entries)
    held: list[T] = []
    times: list[int | None] = []
    for entry in rest:
        held.append(entry)
        times.append(time_of(entry))
        known = _distinct(times)
        if len(known) > 1 and known[0] < known[1]:
            break
        if len(known) >= _ENOUGH or len(held) >= _AHEAD:
            break
    if not _is_descending(times, _ENOUGH):
        yield from held
        yield from rest
        return
    size = sum(map(size_of, held)) + _OF_EACH * len(held)
    for entry in rest:
        held.append(entry)
        size += size_of(entry) + _OF_EACH
        if size > _MOST_BYTES:
            yield from chain(held, rest)
            return
    last = next((time for entry in held[: -_AHEAD - 1 : -1] if (time := time_of(entry)) is not None), None)
    is_oldest = last is not None and last <= _distinct(times)[-1]
    yield from reversed(held) if is_oldest else held


def _distinct(times: Sequence[int | None]) -> list[int]:
    """The times that are known, without those that follow an equal one."""
    known = [time for time in times if time is not None]
    return [time for place, time in enumerate(known) if not place or time != known[place - 1]]


def _is_descending(times: Sequence[int | None], least: int) -> bool:
    """Tell whether each of at least so many times is before the last one."""
    known = _distinct(times)
    return len(known) >= least and all(later > earlier for later, earlier in pairwise(known))
