"""Kraken: spot and margin over REST and over both WebSocket APIs. Kraken Futures is another venue."""

from types import MappingProxyType
from typing import Final

from cancelnorm.venue import SocketKeys, Venue

__all__ = ["VENUE"]

_ALONE: Final[frozenset[str]] = frozenset()

VENUE: Final = Venue(
    "kraken",
    package=__name__,
    docs="https://docs.kraken.com/exchange/api-reference/",
    # Not the domain itself: futures.kraken.com has another API.
    hosts=(
        "api.kraken.com",
        "ws.kraken.com",
        "ws-auth.kraken.com",
        "ws-l3.kraken.com",
        "uws.kraken.com",
        "beta-ws.kraken.com",
        "beta-ws-auth.kraken.com",
    ),
    aliases=(
        "kraken spot",
        "kraken margin",
        "kraken pro",
        "kraken com",
        "kraken v1",
        "kraken v2",
        "kraken ws",
    ),
    secrets=("API-Sign", "token", "otp"),
    socket=SocketKeys(
        request_id=("req_id", "reqid"),
        operation=("method", "event"),
        parameters=("params",),
        flat=("txid", "cl_ord_id", "orderid", "pair", "timeout", "token"),  # of the older API
        answer=("success", "status"),
        answered_as=MappingProxyType(
            {
                "cancelOrderStatus": "cancelOrder",
                "cancelAllStatus": "cancelAll",
                "cancelAllOrdersAfterStatus": "cancelAllOrdersAfter",
                "editOrderStatus": "editOrder",
            }
        ),
        each_order=frozenset({"cancel_order", "cancelOrder"}),
        failures=MappingProxyType({"error": "ws error"}),
    ),
    # An amendment leaves the order on the book; the others are of withdrawals and of the earn program.
    not_cancels=("amend", "subscribe", "Withdraw", "/Earn/"),
    examples=MappingProxyType(
        dict.fromkeys(
            (
                *("OYVGEW-VYV5B-UUEXSK", "OG5V2Y-RYKVL-DT3V3B", "OP5V2Y-RYKVL-ET3V3B"),
                "OP5V2Y-7YKVL-ET3V3B",
                *("OHYO67-6LP66-HMQ437", "O65KZW-J4AW3-VFS74A", "OTI672-HJFAO-XOIPPK"),
                *("OM5CRX-N2HAL-GFGWE9", "OLUMT4-UTEGU-ZYM7E9", "OGTT3Y-C6I3P-XRI6HX"),
                *("OGTT3Y-C6I3P-X2I6HX", "OBCMZD-JIEE7-77TH3F", "OMMDB2-FSB6Z-7W3HPO"),
                *("O6YDQ5-LOMWU-37YKEE", "OQCLML-BW3P3-BUCMWZ", "OB5VMB-B4U2U-DK2WRW"),
            ),
            _ALONE,
        )
    ),
    envelopes=('{"channel":"executions","type":"update","data":["$row"],"sequence":1}',),
    filled=("closed",),  # of those that are not canceled
    on_book=("open",),
)
