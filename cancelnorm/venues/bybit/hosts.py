"""Where Bybit answers: its own domain, the spare one, and those of countries."""

from typing import Final

__all__ = ["HOSTS"]

HOSTS: Final = (
    "bybit.com",
    "bytick.com",
    "bybit.nl",
    "bybit.eu",
    "bybit.kz",
    "bybit.ae",
    "bybit-tr.com",
    "bybitgeorgia.ge",
)
