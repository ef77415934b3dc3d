"""Bybit: unified trading, spread trading and requests for quotes."""

from typing import Final

from cancelnorm.venue import Venue

__all__ = ["VENUE"]

VENUE: Final = Venue(
    "bybit",
    package=__name__,
    docs="https://bybit-exchange.github.io/docs",
)
