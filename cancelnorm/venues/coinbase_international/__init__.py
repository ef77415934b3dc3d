"""Coinbase International Exchange: perpetuals and spot of the API that ended in 2026-10, when it moved to Deribit."""

from types import MappingProxyType
from typing import Final

from cancelnorm.venue import Venue

__all__ = ["VENUE"]

VENUE: Final = Venue(
    "coinbase_international",
    package=__name__,
    docs="https://docs.cdp.coinbase.com/international-exchange/docs/welcome",
    # The second is that of the test network.
    hosts=("international.coinbase.com", "api-n5e1.coinbase.com"),
    aliases=("coinbase intx", "coinbase international exchange", "coinbase int", "intx"),
    secrets=("CB-ACCESS-KEY", "CB-ACCESS-SIGN", "CB-ACCESS-PASSPHRASE"),
    # A modified order keeps its id, and a portfolio is no order.
    not_cancels=("put /api/v1/orders", "/portfolios", "/transfers"),
    examples=MappingProxyType({"43877033468085760": frozenset[str]()}),
    has_statuses=True,
)
