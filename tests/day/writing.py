"""Schedule of the day: when each order is created, and what happens to it."""

from collections.abc import Callable, Mapping
from typing import TypeVar

from tests.day import binance, binance_courses, binance_ends, bybit, bybit_courses
from tests.day.market import DAY, HOUR, MINUTE, SECOND, Day, Order

__all__ = ["files"]

E = TypeVar("E", binance.Exchange, bybit.Exchange)

_SEED = 20_261_103
_BEGIN = DAY + 8 * HOUR
_END = DAY + 16 * HOUR


def files() -> dict[str, bytes]:
    """Content of each file of the day, before compression."""
    day = Day(_SEED)
    spot, linear = binance.Exchange(day), bybit.Exchange(day)
    # While a clock is wrong, and near to when it is changed, there are plain cancels alone.
    for start, end, _ in binance.SHIFTS:
        for at in (
            *range(start - 20 * SECOND, start + 10 * SECOND, 3 * SECOND),
            *range(start, end, 3 * MINUTE),
        ):
            course = day.chance.choice([binance_ends.canceled, binance_ends.answer_only])
            course(spot, spot.order(at))
    schedule(day, binance_courses.COURSES, spot, _BEGIN, _END, [shift[:2] for shift in binance.SHIFTS])
    schedule(day, bybit_courses.COURSES, linear, _BEGIN, bybit.ENDS - MINUTE, [])
    schedule(day, {bybit_courses.asked: 8}, linear, bybit.ENDS, _END, [])
    return day.files() | {"truth.jsonl": day.table()}


def schedule(
    day: Day,
    courses: Mapping[Callable[[E, Order], None], int],
    exchange: E,
    start: int,
    end: int,
    without: list[tuple[int, int]],
) -> None:
    """Let each course happen as often as it is to, at times that are not near to some intervals."""
    drawn = [course for course, times in courses.items() for _ in range(times)]
    day.chance.shuffle(drawn)
    times: list[int] = []
    while len(times) < len(drawn):
        at = start + day.chance.randrange((end - start) // SECOND) * SECOND
        if not any(since - 2 * MINUTE < at < until + 2 * MINUTE for since, until in without):
            times.append(at)
    for course, at in zip(drawn, sorted(times), strict=True):
        course(exchange, exchange.order(at))
