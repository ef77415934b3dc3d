"""OKX: cancels of orders on the trading account."""

from typing import Final

from cancelnorm.venue import Venue

__all__ = ["VENUE"]

VENUE: Final = Venue(
    "okx",
    package=__name__,
    docs="https://www.okx.com/docs-v5/en/",
    hosts=("okx.com",),
    aliases=("okex", "okx v5"),
    secrets=("OK-ACCESS-KEY", "OK-ACCESS-SIGN", "OK-ACCESS-PASSPHRASE"),
)
