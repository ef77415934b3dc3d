"""BingX: spot, perpetuals of either margin, and TWAP orders."""

from typing import Final

from cancelnorm.venue import Venue

__all__ = ["VENUE"]

VENUE: Final = Venue(
    "bingx",
    package=__name__,
    docs="https://bingx-api.github.io/docs",
)
