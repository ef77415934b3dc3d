"""Courses of orders on Binance spot: what happens to each, and how often."""

from collections.abc import Callable, Mapping
from typing import Final

from tests.day.binance import Exchange
from tests.day.binance_contradictions import full_and_canceled, overfilled, two_initiators, two_quantities
from tests.day.binance_ends import (
    answer_only,
    canceled,
    expired,
    partly_filled,
    reduced,
    replaced,
    same_id,
    swept,
    without_clock,
)
from tests.day.binance_failures import (
    answer_lost,
    by_client_id,
    limited,
    looked_up,
    only_client_id,
    refused_without_clock,
    timed_out,
    too_late,
    tried_again,
)
from tests.day.market import Order

__all__ = ["COURSES"]

COURSES: Final[Mapping[Callable[[Exchange, Order], None], int]] = {
    canceled: 44,
    partly_filled: 18,
    answer_only: 12,
    answer_lost: 8,
    timed_out: 4,
    limited: 3,
    tried_again: 8,
    too_late: 10,
    looked_up: 8,
    overfilled: 1,
    reduced: 6,
    expired: 8,
    replaced: 4,
    by_client_id: 4,
    only_client_id: 3,
    swept: 4,
    same_id: 2,
    full_and_canceled: 2,
    two_quantities: 1,
    two_initiators: 1,
    without_clock: 4,
    refused_without_clock: 2,
}
"""How often each course of events happens."""
