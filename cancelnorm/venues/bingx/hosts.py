"""Where BingX answers: REST and streams, also its demo trading (VST)."""

from typing import Final

__all__ = ["HOSTS"]

HOSTS: Final = ("bingx.com", "bingx.io", "bingx.pro")
