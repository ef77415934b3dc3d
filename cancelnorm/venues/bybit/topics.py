"""Bybit's topics: which are about orders, and what the others are about."""

from typing import Final

ORDERS: Final = frozenset(
    (
        "order",
        "order.spot",
        "order.linear",
        "order.inverse",
        "order.option",
        "spread.order",
    )
)
# Until 2023.
EARLIER_ORDERS: Final = frozenset(
    (
        "copyTradeOrder",
        "stopOrder",
        "stop_order",
        "user.openapi.option.order",
        "user.openapi.perp.order",
        "user.order",
        "user.order.contractAccount",
        "user.order.unifiedAccount",
    )
)
# Of what ends under a word of its own: strategies, requests for quotes, quotes.
ENDINGS: Final = frozenset(("strategy", "rfq.open.rfqs", "rfq.open.quotes"))
# By the part of a topic before its first dot.
_FIRST_PARTS: Final = {
    "adlAlert": "an alert of auto-deleveraging",
    "allLiquidation": "a liquidation",
    "candle": "candles",  # until 2023
    "dcp": "the timer of a dead-man switch",
    "earn": "an offer of an investment",
    "execution": "a fill",
    "greeks": "greeks",
    "instrument_info": "a ticker",  # until 2023
    "insurance": "the insurance pool",
    "kline": "candles",
    "klineV2": "candles",  # until 2023
    "kline_lt": "candles",
    "liquidation": "a liquidation",
    "lt": "a leveraged token",
    "orderBook_200": "an order book",  # until 2023
    "orderBookL2_25": "an order book",  # until 2023
    "orderbook": "an order book",
    "position": "a position",
    "priceLimit": "price limits",
    "publicTrade": "public trades",
    "system": "the venue's own state",
    "tickers": "a ticker",
    "tickers_lt": "a ticker",
    "trade": "public trades",  # until 2023
    "wallet": "a balance",
}
_SUBJECTS: Final = {
    "rfq.open.public.trades": "public trades",
    "rfq.open.trades": "a trade of a quote",
    "spread.execution": "a fill",
    # Until 2023.
    "copyTradeExecution": "a fill",
    "copyTradePosition": "a position",
    "copyTradeWallet": "a balance",
    "outboundAccountInfo": "a balance",
    "ticketInfo": "a fill",
    "user.execution.contractAccount": "a fill",
    "user.execution.unifiedAccount": "a fill",
    "user.greeks.unifiedAccount": "greeks",
    "user.openapi.greeks": "greeks",
    "user.openapi.option.position": "a position",
    "user.openapi.option.trade": "a fill",
    "user.openapi.perp.position": "a position",
    "user.openapi.perp.trade": "a fill",
    "user.position.contractAccount": "a position",
    "user.position.unifiedAccount": "a position",
    "user.wallet.contractAccount": "a balance",
    "user.wallet.unifiedAccount": "a balance",
}


def subject(topic: str) -> str | None:
    """Describe the frames of a topic that is not about orders; None for an unknown topic."""
    return _FIRST_PARTS.get(topic.partition(".")[0]) or _SUBJECTS.get(topic)
