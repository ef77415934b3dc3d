"""Where Binance answers: REST, WebSocket API and streams, also its testnets."""

from typing import Final

__all__ = ["HOSTS"]

HOSTS: Final = ("binance.com", "binance.vision", "binancefuture.com")
