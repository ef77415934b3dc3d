"""Gate: spot, perpetuals, delivery futures and options of API v4."""

from types import MappingProxyType
from typing import Final

from cancelnorm.venue import SocketKeys, Venue

__all__ = ["VENUE"]

_CUSTOM: Final = frozenset({"t-my-custom-id"})

VENUE: Final = Venue(
    "gate",
    package=__name__,
    docs="https://www.gate.com/docs/developers/apiv4/en/",
    # gateapi.io has the first test network, gateio.live options, gate.com the newer names of all.
    hosts=("gateio.ws", "gate.com", "gateapi.io", "gateio.live", "gate.io"),
    aliases=(
        "gateio",
        "gate com",
        "gateio spot",
        "gateio margin",
        "gateio perpetual",
        "gateio perpetual demo",
        "gateio futures",
        "gateio delivery",
        "gateio options",
        "gateio linear",
        "gateio inverse",
        "gateio v4",
        "gate spot",
        "gate margin",
        "gate perpetual",
        "gate futures",
        "gate delivery",
        "gate options",
        "gate linear",
        "gate inverse",
        "gate eu",
    ),
    secrets=("SIGN", "signature", "api_key"),  # and the header KEY, which is one beside a SIGN
    socket=SocketKeys(
        request_id=("request_id", "payload.req_id"),
        operation=("channel", "header.channel"),
        parameters=("payload.req_param",),
        answer=("header",),
        interim=("ack",),
    ),
    # What else is deleted or canceled here is no order; amendments leave the order on the book.
    not_cancels=("amend", "subscribe", "withdrawals", "/otc/", "/p2p/", "stp_groups", "sub_accounts", "mmp"),
    examples=MappingProxyType(
        {
            "1852454420": frozenset({"t-abc123"}),
            "1700664330": _CUSTOM,
            "1700664337": _CUSTOM,
            "15675394": _CUSTOM,
            "74046545": _CUSTOM,
        }
    ),
    envelopes=(
        '["$row"]',
        '{"time":1700000000,"channel":"spot.orders","event":"update","result":["$row"]}',
        '{"time":1700000000,"channel":"spot.orders_v2","event":"update","result":["$row"]}',
        '{"time":1700000000,"channel":"futures.orders","event":"update","result":["$row"]}',
        '{"time":1700000000,"channel":"options.orders","event":"update","result":["$row"]}',
        '{"time":1700000000,"channel":"futures.autoorders","event":"update","result":["$row"]}',
        '{"time":1700000000,"channel":"spot.priceorders","event":"update","result":"$row"}',
    ),
    usual=(
        "DELETE /api/v4/spot/orders/{order_id}",
        "DELETE /api/v4/futures/{settle}/orders/{order_id}",
        "DELETE /api/v4/futures/{settle}/orders",
        "POST /api/v4/spot/countdown_cancel_all",
        "DELETE /api/v4/spot/price_orders/{order_id}",
    ),
    has_statuses=True,
    filled=("closed", "finished"),  # of those that are not canceled
    on_book=("open",),
    triggered=("finish", "finished"),  # of price orders, also where the order was refused
)
