"""Deribit: futures, options, combos and spot, block trades, and the gateway of Coinbase's derivatives."""

from types import MappingProxyType
from typing import Final

from cancelnorm.venue import SharedName, SocketKeys, Venue

__all__ = ["VENUE"]

_RPC: Final = SharedName(("method",), "GET /api/v2/{word}")

VENUE: Final = Venue(
    "deribit",
    package=__name__,
    docs="https://docs.deribit.com",
    # www, test, history and streams; the second one since 2026-09-09.
    hosts=("deribit.com", "drb.coinbase.com"),
    aliases=(
        "deribit com",
        "deribit testnet",
        "deribit futures",
        "deribit perpetual",
        "deribit linear",
        "deribit inverse",
        "deribit option",
        "deribit options",
        "deribit spot",
        "deribit combo",
        "deribit v2",
        "coinbase deribit",
    ),
    secrets=("access_token", "refresh_token", "client_secret", "signature"),
    socket=SocketKeys(
        request_id=("id",),
        operation=("method",),
        parameters=("params",),
        request=("jsonrpc", "id"),
        answer=("result", "error"),
    ),
    # Bodies of JSON-RPC may be posted to one address, or to those of their methods.
    shared_names=MappingProxyType(dict.fromkeys(("POST /api/v2", "POST /api/v2/private/"), _RPC)),
    # Of other things than orders. A logout says nothing of orders, whatever is set for a disconnect.
    not_cancels=(
        *("cancel_withdrawal", "cancel_transfer", "subscribe", "get_cancel_on_disconnect"),
        *("close_position", "logout", "auth", "heartbeat"),
        *("private/buy", "private/sell", "private/get_", "public/"),
    ),
    examples=MappingProxyType({"ETH-SLIS-12": frozenset()}),
    envelopes=(
        '{"jsonrpc":"2.0","result":"$row"}',
        '{"jsonrpc":"2.0","result":["$row"]}',
        '{"jsonrpc":"2.0","result":{"order":"$row","trades":[]}}',
        '{"jsonrpc":"2.0","method":"subscription","params":{"channel":"user.orders.any.any.raw","data":"$row"}}',
    ),
    usual=(
        "GET /api/v2/private/cancel",
        "GET /api/v2/private/cancel_all",
        "GET /api/v2/private/get_open_orders",
    ),
    filled=("filled",),
    on_book=("open",),
)
