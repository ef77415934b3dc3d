"""Kraken Futures: perpetuals and futures of the API v3, which was Crypto Facilities'."""

from types import MappingProxyType
from typing import Final

from cancelnorm.venue import Venue

__all__ = ["VENUE"]

_ALONE: Final[frozenset[str]] = frozenset()  # an order id so long that it needs no client id beside it

VENUE: Final = Venue(
    "kraken_futures",
    package=__name__,
    docs="https://docs.kraken.com/api/",
    # The name until 2019 is that of the last two. Spot is at other subdomains of kraken.com.
    hosts=(
        "futures.kraken.com",
        "demo-futures.kraken.com",
        "colo-london.vip.futures.kraken.com",
        "cryptofacilities.com",
    ),
    aliases=(
        "kraken derivatives",
        "kraken futures demo",
        "kraken perpetual",
        "kraken linear",
        "kraken inverse",
        "cryptofacilities",
        "futures kraken com",
    ),
    base_path="/derivatives/api/v3",  # the documentation leaves it out
    secrets=("APIKey", "Authent", "api_key", "original_challenge", "signed_challenge"),
    # What else is deleted or withdrawn here is no order.
    not_cancels=("assignmentprogram", "withdrawal", "subscribe", "rfq-assignment"),
    examples=MappingProxyType(
        {
            "cb4e34f6-4eb3-4d4b-9724-4c3035b99d47": _ALONE,
            "e35d61dd-8a30-4d5f-a574-b5593ef0c050": _ALONE,
            "022774bc-2c4a-4f26-9317-436c8d85746d": _ALONE,
        }
    ),
    envelopes=(
        '{"result":"success","serverTime":"2023-11-14T22:13:20.000Z","cancelStatus":"$row"}',
        '{"result":"success","serverTime":"2023-11-14T22:13:20.000Z","batchStatus":["$row"]}',
        '{"result":"success","serverTime":"2023-11-14T22:13:20.000Z","orders":["$row"]}',
    ),
    usual=("POST /derivatives/api/v3/cancelorder",),
    filled=("FULLY_EXECUTED",),
    on_book=("ENTERED_BOOK",),
)
