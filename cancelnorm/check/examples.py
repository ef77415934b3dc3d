"""The orders that the venues' documentation shows in its examples."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from cancelnorm.schema import CancelEvent

__all__ = ["EXAMPLES", "is_example"]

_ALONE: Final[frozenset[str]] = frozenset()
"""The order id is so long that it needs no client id beside it."""


def _pair(*client_ids: str) -> frozenset[str]:
    """The client ids that a short order id is shown with."""
    return frozenset(client_ids)


EXAMPLES: Final[Mapping[str, Mapping[str, frozenset[str]]]] = MappingProxyType(
    {
        "binance": {
            "2": _pair("pO9ufTiFGg3nw2fOdgeOXa"),
            "3": _pair("TXOvglzXuaubXAaENpaRCB"),
            "4": _pair("myOrder1"),
            "11": _pair("E6APeyTJvkMvLMYMqu1KQ4"),
            "13": _pair("A3EF2HCwxgZPFMrfwbgrhv"),
            "20": _pair("CwOOIPHSmYywx6jZX77TdL"),
            "21": _pair("461cPg51vQjV3zIMOXNz39"),
            "28": _pair("myOrder1"),
            "283194212": _pair("myOrder1"),
            "12569099453": _pair("4d96324ff9d44481926157", "bX5wROblo6YeDwa9iTLeyY"),
            "12569099454": _pair("Tnu2IP0J5Y4mxw3IATBfmW"),
            "4611875134427365000": _ALONE,
            "4611875134427365377": _ALONE,
        },
        "bingx": {
            "1735950529123455000": _ALONE,
            "1735950529123455016": _ALONE,
            "1735964079647111200": _ALONE,
            "1735964079647111280": _ALONE,
            "1735964997957275600": _ALONE,
            "1735964997957275648": _ALONE,
            "1735965127519326200": _ALONE,
            "1735965127519326208": _ALONE,
            "1736013373487123500": _ALONE,
        },
        "bybit": {
            "1616024287544869632": _ALONE,
            "1616024329462743808": _ALONE,
            "1666800494330512128": _ALONE,
            "c6f055d9-7f21-4079-913d-e6523a9cfffa": _ALONE,
            "f6a73e1f-39b5-4dee-af21-1460b2e3b27c": _ALONE,
        },
    }
)
"""Order ids by venue, each with the client ids it is shown with where it could be anyone's."""


def is_example(event: CancelEvent) -> bool:
    """Whether an event is about an order of the documentation."""
    clients = EXAMPLES.get(event.venue, {}).get(event.order_id or "")
    return clients is not None and (not clients or event.client_order_id in clients)
