"""Bitget: spot, margin and futures of the classic account (v1, v2), and the unified account (v3)."""

from typing import Final

from cancelnorm.venue import SocketKeys, Venue

__all__ = ["VENUE"]

VENUE: Final = Venue(
    "bitget",
    package=__name__,
    docs="https://www.bitget.com/api-doc",
    # REST api.bitget.com, streams ws.bitget.com, demo trading wspap.bitget.com.
    hosts=("bitget.com",),
    aliases=(
        "bitget spot",
        "bitget margin",
        "bitget swap",
        "bitget linear",
        "bitget inverse",
        "bitget mix",
        "bitget futures",
        "bitget perpetual",
        "bitget usdtm",
        "bitget coinm",
        "bitget unified",
        "bitget uta",
        "bitget v1",
        "bitget v2",
        "bitget v3",
        "bitget demo",
        "bitget com",
    ),
    secrets=("ACCESS-KEY", "ACCESS-SIGN", "ACCESS-PASSPHRASE", "apiKey", "passphrase", "sign"),
    # The unified account has a request's id and its topic beside its parameters, the classic one in them.
    socket=SocketKeys(
        request_id=("id", "args.id", "arg.id"),
        operation=("topic", "op"),
        detail=("args.channel",),
        parameters=("args",),
        request=("op",),
        answer=("code", "event"),
        secret_operations=frozenset({"login"}),
    ),
    not_cancels=(
        # Amendments. Of one that cancels what it cannot amend only a stream or a query tells.
        "modify",
        "cancel-withdrawal",
        # Positions and traders, which are no orders.
        *("close-positions", "cancel-trader"),
    ),
    envelopes=(
        '{"code":"00000","msg":"success","requestTime":1700000000000,"data":"$row"}',
        '{"code":"00000","msg":"success","requestTime":1700000000000,"data":["$row"]}',
        '{"code":"00000","msg":"success","requestTime":1700000000000,"data":{"successList":["$row"],"failureList":[]}}',
        '{"code":"00000","msg":"success","requestTime":1700000000000,"data":{"successList":[],"failureList":["$row"]}}',
        '{"code":"00000","msg":"success","requestTime":1700000000000,"data":{"entrustedList":["$row"],"endId":""}}',
        '{"code":"00000","msg":"success","requestTime":1700000000000,"data":{"orderList":["$row"],"maxId":"","minId":""}}',
        '{"code":"00000","msg":"success","requestTime":1700000000000,"data":{"list":["$row"]}}',
        '{"action":"snapshot","arg":{"instType":"","channel":"orders","instId":""},"data":["$row"],"ts":1700000000000}',
        '{"action":"snapshot","arg":{"instType":"","channel":"orders-algo","instId":""},"data":["$row"],"ts":1700000000000}',
        '{"action":"snapshot","arg":{"instType":"","channel":"orders-crossed","instId":""},"data":["$row"],"ts":1700000000000}',
        '{"action":"snapshot","arg":{"instType":"UTA","topic":"order"},"data":["$row"],"ts":1700000000000}',
        '{"action":"snapshot","arg":{"instType":"UTA","topic":"strategy-order"},"data":["$row"],"ts":1700000000000}',
    ),
    filled=("filled",),
    triggered=("executed",),
    on_book=("live", "partial_fill", "partially_fill", "partially_filled"),
)
