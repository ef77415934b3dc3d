"""MEXC: spot and contracts."""

from typing import Final

from cancelnorm.venue import Venue

__all__ = ["VENUE"]

VENUE: Final = Venue(
    "mexc",
    package=__name__,
    docs="https://www.mexc.com/api-docs",
    # Spot and, since 2026-01-19, contracts at api.mexc.com; contracts at contract.mexc.com before; streams at
    # wbs-api.mexc.com and wbs.mexc.com. The second name until 2021.
    hosts=("mexc.com", "mxc.com"),
    aliases=(
        "mexc spot",
        "mexc v3",
        "mexc global",
        "mexc com",
        "mexc3",
        "mexc contract",
        "mexc futures",
        "mexc perpetual",
        "mexc swap",
        "mexc linear",
        "mexc inverse",
        "mxc",
    ),
    # Spot, the stream's address, and contracts.
    secrets=("X-MEXC-APIKEY", "signature", "listenKey", "ApiKey"),
    # What else is deleted, canceled or closed here is no order.
    not_cancels=(
        *("userDataStream", "withdraw", "strategy/group", "sub-account"),
        *("position/", "self_trade/", "subscribe", "unsubscribe"),
        # Amendments, which leave the order its id.
        *("chase_limit_order", "change_price", "change_stop_order", "change_plan", "trackorder/change_order"),
    ),
    envelopes=(
        '["$row"]',
        '{"success":true,"code":0,"data":"$row"}',
        '{"success":true,"code":0,"data":["$row"]}',
        '{"success":false,"code":0,"data":"$row"}',
        '{"channel":"push.personal.order","data":"$row","ts":1700000000000}',
        '{"channel":"push.personal.plan.order","data":"$row","ts":1700000000000}',
        '{"channel":"push.personal.stop.planorder","data":"$row","ts":1700000000000}',
        '{"channel":"push.personal.track.order","data":"$row","ts":1700000000000}',
        '{"c":"spot@private.orders.v3.api","d":"$row","s":"","t":1700000000000}',
        '{"channel":"spot@private.orders.v3.api.pb","symbol":"","sendTime":"1700000000000","privateOrders":"$row"}',
    ),
    usual=(
        "DELETE /api/v3/order",
        "POST /api/v1/private/order/cancel",
    ),
    filled=("3", "FILLED"),  # of spot, and of contracts
    on_book=("2", "NEW", "PARTIALLY_FILLED"),
    triggered=("2", "3"),  # of trailing orders, and of plan and stop orders
)
