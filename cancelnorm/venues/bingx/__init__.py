"""BingX: spot, perpetuals of either margin, and TWAP orders."""

from typing import Final

from cancelnorm.venue import Venue

__all__ = ["VENUE"]

VENUE: Final = Venue(
    "bingx",
    package=__name__,
    docs="https://bingx-api.github.io/docs",
    hosts=("bingx.com", "bingx.io", "bingx.pro"),
    aliases=(
        "bingx spot",
        "bingx swap",
        "bingx linear",
        "bingx inverse",
        "bingx futures",
        "bingx standard",
        "bingx standard futures",
        "bingx usdm",
        "bingx coinm",
        "bingx cswap",
        "bingx perpetual",
        "bingx vst",
        "bingx demo",
        "bingx com",
    ),
    secrets=("X-BX-APIKEY", "apiKey", "signature", "listenKey"),
    other_deletes=("userDataStream",),
)
