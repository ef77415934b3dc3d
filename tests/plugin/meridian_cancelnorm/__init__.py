"""Meridian: cancels of orders on the trading account."""

from typing import Final

from cancelnorm.venue import Venue

__all__ = ["VENUE"]

VENUE: Final = Venue(
    "meridian",
    package=__name__,
    docs="https://docs.meridian.example",
    hosts=("meridian.example",),
    aliases=("meridian v5",),
    secrets=("MD-ACCESS-KEY", "MD-ACCESS-SIGN", "MD-ACCESS-PASSPHRASE"),
)
