"""OKX: the unified API v5, with spreads, block trades and the orders of bots."""

from types import MappingProxyType
from typing import Final

from cancelnorm.venue import SocketKeys, Venue

__all__ = ["VENUE"]

_ALONE: Final[frozenset[str]] = frozenset()  # an order id so long that it needs no client id beside it

VENUE: Final = Venue(
    "okx",
    package=__name__,
    docs="https://www.okx.com/docs-v5/en/",
    # Regions have subdomains, as eea.okx.com, us.okx.com, wseea.okx.com; the second name until 2022.
    hosts=("okx.com", "okex.com"),
    aliases=(
        "okex",
        "okex5",
        "okex v5",
        "okx v5",
        "okx spot",
        "okx margin",
        "okx swap",
        "okx perpetual",
        "okx futures",
        "okx linear",
        "okx inverse",
        "okx option",
        "okx options",
        "okx spreads",
        "okx demo",
        "okx com",
        "okx us",
        "okx eea",
        "my okx",
        "okex spot",
        "okex swap",
        "okex perpetual",
        "okex futures",
        "okex options",
        "okex spreads",
    ),
    secrets=("OK-ACCESS-KEY", "OK-ACCESS-SIGN", "OK-ACCESS-PASSPHRASE", "apiKey", "passphrase", "sign"),
    # Your IP 203.0.113.7 is not included in your API key's 5a5a… IP whitelist.
    secret_texts={"your API key": r"\\{0,15}'s [0-9A-Fa-f-]{8,40}"},
    socket=SocketKeys(
        request_id=("id",),
        operation=("op",),
        parameters=("args",),
        answer=("code", "event"),
        secret_operations=frozenset({"login"}),
    ),
    envelopes=(
        '{"code":"0","msg":"","data":["$row"]}',
        *(
            f'{{"arg":{{"channel":"{channel}","instType":"ANY","uid":""}},"data":["$row"]}}'
            for channel in ("orders", "orders-algo", "algo-advance")
        ),
        '{"arg":{"channel":"sprd-orders","uid":""},"data":["$row"]}',
    ),
    # Amendments leave the order on the book; their answers say nothing of those that cancel it after all.
    not_cancels=(
        *("amend", "subscribe"),
        *("cancel-withdrawal", "finance/"),  # of other things than orders
        "stop-order-algo",  # a bot is stopped
        "close-position",
        *("instant-trigger", "withdraw-income", "margin-balance", "adjust-investment"),  # of bots
        *("signal/set-instruments", "signal/sub-order"),
        "delete-apikey",
    ),
    examples=MappingProxyType(
        {
            "312269865356374016": _ALONE,
            "680800019749904384": _ALONE,
            "570627699870375936": _ALONE,
            "12345689": frozenset(("oktswap6",)),
            "12344": frozenset(("oktswap7",)),
        }
    ),
    usual=(
        "POST /api/v5/trade/cancel-order",
        "POST /api/v5/trade/cancel-batch-orders",
        "POST /api/v5/trade/cancel-all-after",
        "GET /api/v5/trade/order",
        "ws cancel-order",
    ),
    filled=("filled",),
    on_book=("live", "partially_filled"),
    triggered=("effective",),
)
