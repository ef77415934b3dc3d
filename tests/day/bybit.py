"""Bybit linear: what it sends, and the recorders of each connection."""

from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from tests.day.market import DAY, HOUR, MS, Day, Order, Recorder, venue_time

__all__ = ["BEHIND", "ENDS", "Exchange"]

ENDS: Final = DAY + 15 * HOUR
"""When the recorder of the stream dies, in the middle of a line."""

ANSWERS: Final = Recorder("bybit/answers.jsonl")
STREAM: Final = Recorder("bybit/stream.jsonl", ends=ENDS)

BEHIND: Final = 35 * MS
"""The venue's clock is behind the recorder's all day."""

_SPACE: Final = "bybit"
_CANCEL: Final = "POST /v5/order/cancel"
_PRICES: Final = {"SOLUSDT": 150, "XRPUSDT": 2}


class Exchange:
    """Bybit as a bot sees it, and a recorder of each connection."""

    def __init__(self, day: Day) -> None:
        self.day = day
        self.numbers: dict[str, int] = {}

    # --- What Bybit sends ---

    def order(self, at: int) -> Order:
        """A new order, of which nothing is recorded yet."""
        chance = self.day.chance
        account = chance.choice(["maker-1", "maker-2"])
        number = self.numbers[account] = self.numbers.get(account, 0) + 1
        symbol = chance.choice(sorted(_PRICES))
        return Order(
            "bybit",
            account,
            symbol,
            str(UUID(int=chance.getrandbits(128), version=4)),
            f"grid-{number}",
            chance.choice(["Buy", "Sell"]),
            f"{_PRICES[symbol]}.{chance.randrange(10, 100)}",
            str(chance.randrange(4, 400, 4)),
            at,
        )

    def row(self, order: Order, status: str, at: int, filled: str, **facts: Any) -> dict[str, Any]:
        """An order as the stream and queries show it."""
        is_ended = status in ("Cancelled", "Filled")
        left = Decimal(order.quantity) - Decimal(filled)
        return {
            "category": "linear",
            "symbol": order.symbol,
            "orderId": order.order_id,
            "orderLinkId": order.client_id,
            "blockTradeId": "",
            "side": order.side,
            "positionIdx": 0,
            "orderStatus": status,
            "cancelType": "CancelByUser",
            "rejectReason": "EC_PerCancelRequest" if status == "Cancelled" else "EC_NoError",
            "timeInForce": "GTC",
            "isLeverage": "",
            "price": order.price,
            "qty": order.quantity,
            "avgPrice": order.price if Decimal(filled) else "",
            "leavesQty": "0" if is_ended else str(left),
            "leavesValue": "0",
            "cumExecQty": filled,
            "cumExecValue": str(Decimal(filled) * Decimal(order.price)),
            "cumExecFee": "0",
            "orderType": "Limit",
            "stopOrderType": "",
            "orderIv": "",
            "triggerPrice": "",
            "takeProfit": "",
            "stopLoss": "",
            "triggerBy": "",
            "tpTriggerBy": "",
            "slTriggerBy": "",
            "triggerDirection": 0,
            "placeType": "",
            "lastPriceOnCreated": "",
            "closeOnTrigger": False,
            "reduceOnly": False,
            "smpGroup": 0,
            "smpType": "None",
            "smpOrderId": "",
            "slLimitPrice": "0",
            "tpLimitPrice": "0",
            "tpslMode": "UNKNOWN",
            "createType": "CreateByUser",
            "marketUnit": "",
            "createdTime": str(venue_time(order.created, BEHIND) // MS),
            "updatedTime": str(venue_time(at, BEHIND) // MS),
        } | facts

    # --- What is recorded ---

    def answer(
        self,
        order: Order,
        sent: int,
        received: int,
        code: int = 0,
        message: str = "OK",
        *,
        symbol: str | None = None,
    ) -> None:
        """Write the answer to a cancel beside its request."""
        ids = {"orderId": order.order_id, "orderLinkId": order.client_id} if code == 0 else {}
        self.day.write(
            ANSWERS,
            received,
            venue="bybit",
            endpoint=_CANCEL,
            account=order.account,
            status=200,
            request={"category": "linear", "symbol": symbol or order.symbol, "orderId": order.order_id},
            sent_ns=sent,
            received_ns=received,
            payload={
                "retCode": code,
                "retMsg": message,
                "result": ids,
                "retExtInfo": {},
                "time": venue_time(received - 5 * MS, BEHIND) // MS,
            },
        )

    def push(
        self, order: Order, status: str, at: int, filled: str, delay: int = 0, **facts: Any
    ) -> int | None:
        """Have the stream push an order; the time of receipt, or None if it is not recorded any more."""
        received = at + self.day.delay(8, 20) + delay
        is_recorded = self.day.write(
            STREAM,
            received,
            venue="bybit",
            endpoint="stream order",
            account=order.account,
            received_ns=received,
            payload={
                "topic": "order",
                "id": f"7419_{order.client_id}_{at // MS}",
                "creationTime": venue_time(at, BEHIND) // MS + 1,
                "data": [self.row(order, status, at, filled, **facts)],
            },
        )
        return received if is_recorded else None

    def query(self, order: Order, sent: int, status: str, changed: int, filled: str, **facts: Any) -> int:
        """Write the answer to a query, and give the time of its receipt."""
        received = sent + self.day.delay(12, 30)
        row = self.row(order, status, changed, filled, **facts)
        del row["category"]  # it stands beside the list
        self.day.write(
            ANSWERS,
            received,
            venue="bybit",
            endpoint="GET /v5/order/realtime",
            account=order.account,
            status=200,
            request={"category": "linear", "orderId": order.order_id},
            sent_ns=sent,
            received_ns=received,
            payload={
                "retCode": 0,
                "retMsg": "OK",
                "result": {"nextPageCursor": "", "category": "linear", "list": [row]},
                "retExtInfo": {},
                "time": venue_time(received - 5 * MS, BEHIND) // MS,
            },
        )
        return received

    def trip(self, order: Order) -> tuple[int, int, int]:
        """True times at which a cancel is sent, takes effect, and is accepted."""
        sent = order.created + self.day.delay(500, 20_000)
        return sent, sent + self.day.delay(10, 40), sent + self.day.delay(12, 45)

    def tell(self, order: Order, course: str, **facts: Any) -> None:
        """Add the truth of an order."""
        self.day.tell(order, _SPACE, course, **facts)
