"""BingX: spot, perpetuals of either margin, and TWAP orders."""

from types import MappingProxyType
from typing import Final

from cancelnorm.venue import Venue

__all__ = ["VENUE"]

_ALONE: Final[frozenset[str]] = frozenset()  # an order id so long that it needs no client id beside it

VENUE: Final = Venue(
    "bingx",
    package=__name__,
    docs="https://bingx-api.github.io/docs",
    # REST and streams, and their demo trading (VST); the last two until 2022.
    hosts=("bingx.com", "bingx.io", "bingx.pro", "bingbon.pro", "bingbon.com"),
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
        "bingbon",
    ),
    secrets=("X-BX-APIKEY", "apiKey", "signature", "listenKey"),
    not_cancels=("userDataStream",),
    examples=MappingProxyType(
        {
            "1735950529123455000": _ALONE,
            "1735950529123455016": _ALONE,
            "1735964079647111200": _ALONE,
            "1735964079647111280": _ALONE,
            "1735964997957275600": _ALONE,
            "1735964997957275648": _ALONE,
            "1735965127519326200": _ALONE,
            "1735965127519326208": _ALONE,
            "1736013373487123500": _ALONE,
        }
    ),
    envelopes=(
        '{"code":0,"msg":"","data":"$row"}',
        '{"code":0,"msg":"","data":["$row"]}',
        '{"code":0,"msg":"","data":{"order":"$row"}}',
        '{"code":0,"msg":"","data":{"orders":["$row"]}}',
        '{"code":0,"msg":"","data":{"list":["$row"],"total":1}}',
        '{"code":0,"msg":"","data":{"success":["$row"],"failed":null}}',
        '{"code":0,"msg":"","data":{"success":[],"failed":["$row"]}}',
        '{"code":0,"dataType":"spot.executionReport","data":"$row"}',
        '{"e":"ORDER_TRADE_UPDATE","E":1700000000000,"o":"$row"}',
    ),
    usual=(
        "POST /openApi/spot/v1/trade/cancel",
        "DELETE /openApi/swap/v2/trade/order",
    ),
    filled=("FILLED", "Filled"),
    on_book=("NEW", "New", "PARTIALLY_FILLED", "PENDING", "PartiallyFilled", "Pending"),
)
