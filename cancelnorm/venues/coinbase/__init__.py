"""Coinbase: Advanced Trade, its spot markets and futures; the other exchanges of Coinbase are other venues."""

from types import MappingProxyType
from typing import Final

from cancelnorm.venue import Venue

__all__ = ["VENUE"]

_ALONE: Final[frozenset[str]] = frozenset()

VENUE: Final = Venue(
    "coinbase",
    package=__name__,
    docs="https://docs.cdp.coinbase.com/coinbase-app/advanced-trade-apis/overview",
    # The domain itself is that of several venues.
    hosts=(
        "api.coinbase.com",
        "api-sandbox.coinbase.com",
        "advanced-trade-ws.coinbase.com",
        "advanced-trade-ws-user.coinbase.com",
    ),
    aliases=(
        "coinbase advanced",
        "coinbase advanced trade",
        "coinbase adv",
        "coinbase cfm",
        "coinbase com",
    ),
    secrets=("jwt", "CB-ACCESS-KEY", "CB-ACCESS-SIGN", "CB-ACCESS-PASSPHRASE"),
    # Edited orders keep their id; to close a position is to place an order; the others are no orders.
    not_cancels=("orders/edit", "orders/preview", "close_position", "cfm/sweeps", "/portfolios"),
    examples=MappingProxyType({"0000-00000": _ALONE, "0000-000000-000000": _ALONE}),
    envelopes=(
        '{"results":["$row"]}',
        '{"order":"$row"}',
        '{"orders":["$row"],"sequence":"0","has_next":false,"cursor":""}',
        '{"channel":"user","client_id":"","timestamp":"2023-11-14T22:13:20Z","sequence_num":0,"events":[{"type":"update","orders":["$row"]}]}',
    ),
    filled=("FILLED",),
    on_book=("OPEN",),
)
