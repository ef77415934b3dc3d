"""Binance: spot, margin, futures, options and portfolio margin."""

from types import MappingProxyType
from typing import Final

from cancelnorm.venue import ErrorText, SocketKeys, Venue

__all__ = ["VENUE"]

_ALONE: Final[frozenset[str]] = frozenset()  # an order id so long that it needs no client id beside it

VENUE: Final = Venue(
    "binance",
    package=__name__,
    docs="https://developers.binance.com/docs",
    # REST, WebSocket API and streams, and their testnets.
    hosts=(
        *("binance.com", "binance.vision", "binancefuture.com", "binance.info", "binance.me"),
        # Sister exchanges with the same API.
        *("binance.us", "binance.th"),
    ),
    # As ccxt, cryptofeed, tardis, Hummingbot and people call its markets.
    aliases=(
        "binance spot",
        "binance margin",
        "binance futures",
        "binance perpetual",
        "binance swap",
        "binance um",
        "binance usdm",
        "binance usdt",
        "binance usdsm",
        "binance usdt futures",
        "binance usdm futures",
        "binance cm",
        "binance coinm",
        "binance coinm futures",
        "binance delivery",
        "binance option",
        "binance options",
        "binance european options",
        "binance portfolio margin",
        "binance pm",
        "binance papi",
        "binance testnet",
        "binance spot testnet",
        "binance futures testnet",
        "binance perpetual testnet",
        "binance global",
        "binance com",
    ),
    secrets=("X-MBX-APIKEY", "apiKey", "signature", "listenKey"),
    error_texts=(
        ErrorText("APIError(code=", "code", "msg", "): "),  # of python-binance
        ErrorText(
            ", error code: ", "code", "msg", ", error message: "
        ),  # of the examples of binance-connector
        *(  # of binance-connector; as Python prints its ClientError, and as it prints the text of that
            ErrorText(f"({status}, -", "code", "msg", f", {quote}", quote)
            for status in (400, 401, 403, 404, 409, 418, 429)
            for quote in "'\""
        ),
        ErrorText("<APIError> code=", "code", "msg", ", msg="),  # of go-binance
    ),
    socket=SocketKeys(
        request_id=("id",),
        operation=("method",),
        parameters=("params",),
        answer=("status", "result", "error"),
        cancel_answer=("status",),
        unlike_cancels=frozenset(
            {"SUBSCRIBE", "UNSUBSCRIBE", "LIST_SUBSCRIPTIONS", "SET_PROPERTY", "GET_PROPERTY"}
        ),
        # The same methods at three hosts.
        prefixes={"ws-fapi": "ws-fapi", "ws-dapi": "ws-dapi"},
    ),
    not_cancels=(
        *("listenKey", "userDataStream", "userListenToken"),  # deleted, stopped
        *("ws order.test", "ws sor.order.test", "ws orderList.status", "ws openOrderLists.status"),
        *("ws myTrades", "ws myAllocations", "ws myPreventedMatches", "ws order.amendments"),
        *("c2c/", "loan/", "mining/"),  # orders of another kind
        *("broker/", "sub-account/", "isolated/account"),  # accounts
    ),
    examples=MappingProxyType(
        {
            "2": frozenset({"pO9ufTiFGg3nw2fOdgeOXa"}),
            "3": frozenset({"TXOvglzXuaubXAaENpaRCB"}),
            "4": frozenset({"myOrder1"}),
            "11": frozenset({"E6APeyTJvkMvLMYMqu1KQ4"}),
            "13": frozenset({"A3EF2HCwxgZPFMrfwbgrhv"}),
            "20": frozenset({"CwOOIPHSmYywx6jZX77TdL"}),
            "21": frozenset({"461cPg51vQjV3zIMOXNz39"}),
            "28": frozenset({"myOrder1"}),
            "283194212": frozenset({"myOrder1"}),
            "12569099453": frozenset({"4d96324ff9d44481926157", "bX5wROblo6YeDwa9iTLeyY"}),
            "12569099454": frozenset({"Tnu2IP0J5Y4mxw3IATBfmW"}),
            "4611875134427365000": _ALONE,
            "4611875134427365377": _ALONE,
        }
    ),
    envelopes=(
        '["$row"]',
        '{"total":1,"orders":["$row"]}',
        '{"e":"ORDER_TRADE_UPDATE","T":1700000000000,"E":1700000000000,"o":"$row"}',
        '{"e":"ORDER_TRADE_UPDATE","T":1700000000000,"E":1700000000000,"i":"","o":"$row"}',
        '{"e":"ALGO_UPDATE","T":1700000000000,"E":1700000000000,"o":"$row"}',
        '{"e":"ALGO_UPDATE","T":1700000000000,"E":1700000000000,"i":"","o":"$row"}',
    ),
    usual=(
        "DELETE /api/v3/order",
        "ws order.cancel",
        "DELETE /fapi/v1/order",
        "DELETE /fapi/v1/allOpenOrders",
        "DELETE /fapi/v1/algoOrder",
        "DELETE /papi/v1/um/order",
        "DELETE /papi/v1/cm/order",
    ),
    has_statuses=True,
    filled=("FILLED",),
    on_book=("NEW", "PARTIALLY_FILLED"),
)
