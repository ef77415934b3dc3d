"""The order in which entries of logs are read, by their times, by what they say, and by how many bytes they take."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC
from itertools import product
from typing import Any, Final

from cancelnorm.logs.time_order import numbered, oldest_first
from tests.logs.neighbours import Members, members, of_values

__all__ = ["entries"]

_START: Final = 1795730430000
_SAID: Final = {
    "ask": "POST https://a.b/c",
    "answer": "POST https://a.b/c 200 {}",
    "other": "nothing of it",
    "sent": "sent {}",
    "received": "recv {}",
}


def entries() -> Iterator[str]:
    """The places of entries in the order in which they are read."""
    yield from _table("times", _by_times())
    yield from _table("of one time", _of_one_time())
    yield from _table("ahead", _ahead())
    yield from _table("bytes", _by_bytes())
    yield from of_values("whose time is", _before_older, _TIMED)


def _table(title: str, found: Iterator[tuple[str, str]]) -> Iterator[str]:
    """What is said, each once, with all of which it is said."""
    said: dict[str, list[str]] = {}
    for name, places in found:
        said.setdefault(places, []).append(name)
    yield f"{title}:"
    yield from (f"  {places}: {' '.join(names)}" for places, names in said.items())


def _entry(second: int | None, said: str = "other") -> Members:
    time = {} if second is None else {"time": _START + 1_000 * second}
    return members({**time, "msg": _SAID[said]})


def _read(found: Sequence[Members]) -> str:
    """The places as those of one document, and as those of a log."""
    return f"{_places(place for place, _ in numbered(found, UTC))} {_of_log(found, (1,) * len(found))}"


def _of_log(found: Sequence[Members], sizes: Sequence[int]) -> str:
    numbers = range(1, len(found) + 1)
    return _places(oldest_first(numbers, lambda each: found[each - 1], lambda each: sizes[each - 1], UTC))


def _places(found: Iterable[int]) -> str:
    return "-".join(map(str, found))


def _by_times() -> Iterator[tuple[str, str]]:
    for count in range(6):
        for times in product((None, 1, 2, 3) if count < 5 else (1, 2, 3), repeat=count):
            yield "".join(str(time or 0) for time in times) or "none", _read([*map(_entry, times)])
    for text in ("9876549", "9876548", "98765439", "987878", "9878786", "98787865", "98765889", "998765"):
        yield text, _read([_entry(int(each)) for each in text])


def _of_one_time() -> Iterator[tuple[str, str]]:
    """Three times, the last one first, of which the first two have several entries."""
    for first, second in product(product(_SAID, repeat=2), product(("ask", "answer", "other"), repeat=3)):
        found = [
            *(_entry(3, said) for said in first),
            *(_entry(2, said) for said in second),
            _entry(1),
        ]
        yield ",".join((*first, *second)), _read(found)


def _ahead() -> Iterator[tuple[str, str]]:
    """Entries of one time before two that are older, as many as are looked at, or one more or less."""
    for count in (97, 98, 99, 100, 101):
        found = [*[_entry(9)] * count, _entry(8), _entry(7)]
        yield str(count), str(_read(found).partition(" ")[2].startswith("1-2-"))


def _by_bytes() -> Iterator[tuple[str, str]]:
    """Five entries, the last one first, by how many bytes some of them take."""
    found = [_entry(second) for second in (5, 4, 3, 2, 1)]
    for place, (most, counted) in product(range(5), ((1 << 22, None), (1 << 26, 5))):
        for more in (0, 1):
            sizes = [0] * 5
            sizes[place] = most - (counted or place + 1) * (1 << 10) + more
            yield f"{place + 1} takes {sizes[place]},", _of_log(found, sizes)


_TIMED: Final[tuple[Any, ...]] = (
    {"time": _START, "ts": "2026-11-26T22:00:31Z"},
    {"@timestamp": "2026-11-26T22:00:31Z", "message": "a", "time": 12},
    {"eventTime": _START, "payload": {"time": 7}},
    {"date": "2026-11-26 22:00:31", "text": "a"},
)


def _before_older(value: Any) -> Any:
    """Whether an entry with a time of its own is put behind two that are older."""
    return _read([members(value), _entry(-1), _entry(-2)])
