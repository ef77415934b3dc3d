"""Coinbase Exchange: spot trading of institutions, formerly Coinbase Pro and GDAX."""

from types import MappingProxyType
from typing import Final

from cancelnorm.venue import SharedName, Venue

__all__ = ["VENUE"]

_ALONE: Final[frozenset[str]] = frozenset()  # an order id so long that it needs no client id beside it

VENUE: Final = Venue(
    "coinbase_exchange",
    package=__name__,
    docs="https://docs.cdp.coinbase.com/exchange",
    # Of coinbase.com itself other subdomains are other venues. The second until 2022, the third until 2018.
    hosts=("exchange.coinbase.com", "pro.coinbase.com", "gdax.com"),
    aliases=("coinbase pro", "gdax", "coinbase exchange spot", "coinbase pro spot", "cbpro"),
    secrets=(
        *("CB-ACCESS-KEY", "CB-ACCESS-SIGN", "CB-ACCESS-PASSPHRASE"),
        *("signature", "passphrase"),  # of a subscription, and the key beside them
    ),
    # What else is deleted or canceled here is no order.
    not_cancels=("subscribe", "/profiles", "/address-book", "/withdrawals", "/transfers", "/loans"),
    # Their frames are those of the endpoints stream done and stream change, and do not tell which of both pushed them.
    shared_names=MappingProxyType(dict.fromkeys(("stream full", "stream user"), SharedName())),
    examples=MappingProxyType(
        {
            "d0c5340b-6d6c-49d9-b567-48c4bfca13d2": _ALONE,
            "d50ec984-77a8-460a-b958-66f114b0de9b": _ALONE,
            "ac928c66-ca53-498f-9c13-a110027a60e8": _ALONE,
            "68e6a28f-ae28-4788-8d4f-5ab4e5e5ae08": _ALONE,
        }
    ),
    usual=("DELETE /orders/{order_id}",),
    has_statuses=True,
    filled=("done",),  # of those that are not canceled
    on_book=("open",),
)
