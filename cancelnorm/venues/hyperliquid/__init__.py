"""Hyperliquid: perpetuals, spot and outcome markets, all orders through one path."""

from types import MappingProxyType
from typing import Final

from cancelnorm.venue import SharedName, SocketKeys, Venue

__all__ = ["VENUE"]

_ALONE: Final[frozenset[str]] = frozenset()

VENUE: Final = Venue(
    "hyperliquid",
    package=__name__,
    docs="https://hyperliquid.gitbook.io/hyperliquid-docs",
    hosts=("hyperliquid.xyz", "hyperliquid-testnet.xyz"),
    aliases=(
        "hyperliquid spot",
        "hyperliquid perp",
        "hyperliquid perps",
        "hyperliquid perpetual",
        "hyperliquid swap",
        "hyperliquid futures",
        "hyperliquid linear",
        "hyperliquid testnet",
        "hyperliquid perpetual testnet",
        "hyperliquid hip3",
    ),
    secrets=("signature",),  # of the action; nothing else in a request is secret
    socket=SocketKeys(
        request_id=("id", "data.id"),
        operation=("method",),
        parameters=("request",),
        request=("request",),
        answer=("data.response",),
    ),
    examples=MappingProxyType({"91490942": _ALONE, "77738308": _ALONE, "77747314": _ALONE}),
    # An action that several have signed is in another one.
    shared_names=MappingProxyType(
        {
            "POST /exchange": SharedName(("action.payload.action.type", "action.type", "type")),
            "POST /info": SharedName(("type",)),
            "ws post": SharedName(
                ("payload.action.payload.action.type", "payload.action.type", "payload.type")
            ),
        }
    ),
    envelopes=('{"channel":"orderUpdates","data":["$row"]}',),
)
