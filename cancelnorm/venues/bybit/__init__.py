"""Bybit: unified trading (v5), spreads and requests for quotes, and the APIs before v5."""

from types import MappingProxyType
from typing import Final

from cancelnorm.venue import ErrorText, SocketKeys, Venue

__all__ = ["VENUE"]

_ALONE: Final[frozenset[str]] = frozenset()  # an order id so long that it needs no client id beside it
_TAKEN: Final = '"retCode":0,"retMsg":"OK","retExtInfo":{},"time":1700000000000'
_TAKEN_V2: Final = '"ret_code":0,"ret_msg":"OK","ext_code":"","ext_info":"","time_now":"1700000000.000000"'

VENUE: Final = Venue(
    "bybit",
    package=__name__,
    docs="https://bybit-exchange.github.io/docs",
    # Its own domain, the spare one, and those of countries.
    hosts=(
        "bybit.com",
        "bytick.com",
        "bybit.nl",
        "bybit.eu",
        "bybit.kz",
        "bybit.ae",
        "bybit.tr",
        "bybit-tr.com",
        "bybit.id",
        "bybitgeorgia.ge",
        "bybit.com.hk",
        "byhkbit.com",
        "spark-fintech.com",
        "manepa.jp",
        "bybitglobal.com",
    ),
    aliases=(
        "bybit spot",
        "bybit linear",
        "bybit inverse",
        "bybit futures",
        "bybit perpetual",
        "bybit swap",
        "bybit derivatives",
        "bybit option",
        "bybit options",
        "bybit spread",
        "bybit unified",
        "bybit uta",
        "bybit v5",
        "bybit testnet",
        "bybit perpetual testnet",
        "bybit demo",
        "bybit eu",
        "bybit com",
    ),
    secrets=("X-BAPI-API-KEY", "X-BAPI-SIGN", "api_key", "apiKey", "sign"),
    # The message about a wrong signature repeats the signed text, which begins with the API key. The text
    # may have brackets of its own, so it goes on to the one before the end of the message.
    secret_texts={"origin_string": r"\[.*?(?:\](?=\\{0,15}\")|\Z)"},
    socket=SocketKeys(
        request_id=("reqId",),
        operation=("op",),
        parameters=("args",),
        answer=("retCode", "success"),
        secret_operations=frozenset({"auth"}),
    ),
    not_cancels=(
        # Amendments, which leave the order on the book.
        *("order/amend", "order.amend", "order/replace", "replace-order"),
        *("trading-stop", "user/delete-sub", "user/delete-api", "withdraw"),
        *("p2p/", "crypto-loan"),  # orders of another kind
    ),
    error_texts=(ErrorText(" (ErrCode: ", code="retCode", message="retMsg"),),  # as pybit prints it
    envelopes=(
        f'{{{_TAKEN},"result":"$row"}}',
        f'{{{_TAKEN},"result":{{"category":"","list":["$row"],"nextPageCursor":""}}}}',
        '{"topic":"order","id":"","creationTime":1700000000000,"data":["$row"]}',
        # Before v5.
        f'{{{_TAKEN},"retExtMap":{{}},"result":"$row"}}',
        f'{{{_TAKEN},"retExtMap":{{}},"result":{{"list":["$row"]}}}}',
        f'{{{_TAKEN_V2},"result":"$row"}}',
        f'{{{_TAKEN_V2},"result":["$row"]}}',
        f'{{{_TAKEN_V2},"result":{{"data":["$row"],"cursor":""}}}}',
        f'{{{_TAKEN_V2},"result":{{"current_page":1,"last_page":1,"data":["$row"]}}}}',
        '{"topic":"order","data":["$row"]}',
        '{"topic":"stop_order","data":["$row"]}',
    ),
    examples=MappingProxyType(
        {
            "1616024287544869632": _ALONE,
            "1616024329462743808": _ALONE,
            "1666800494330512128": _ALONE,
            "c6f055d9-7f21-4079-913d-e6523a9cfffa": _ALONE,
            "f6a73e1f-39b5-4dee-af21-1460b2e3b27c": _ALONE,
        }
    ),
    usual=(
        "POST /v5/order/cancel",
        "POST /v5/order/cancel-all",
        "POST /v5/order/cancel-batch",
        "GET /v5/order/realtime",
        "POST /v2/private/order/cancel",
    ),
    filled=("FILLED", "Filled"),
    on_book=("PARTIALLY_FILLED", "PartiallyFilled"),
)
