"""Binance spot: what it sends, and the recorders of each connection."""

from decimal import Decimal
from typing import Any, Final

from tests.day.market import DAY, HOUR, MINUTE, MS, SECOND, Day, Order, Recorder, venue_time

__all__ = [
    "ANSWERS",
    "SHIFTS",
    "STREAM",
    "TIMEOUT",
    "TOO_MANY",
    "UNKNOWN_ORDER",
    "WITHOUT_CLOCK",
    "Exchange",
]

# The recorder's clock was set back once, and ran ahead once until it was mended.
SHIFTS: Final = (
    (DAY + 12 * HOUR, DAY + 12 * HOUR + 12 * MINUTE, -20 * SECOND),
    (DAY + 14 * HOUR, DAY + 14 * HOUR + 12 * MINUTE, 1_500 * MS),
)
ANSWERS: Final = Recorder("binance/answers.jsonl", SHIFTS)
STREAM: Final = Recorder("binance/stream.jsonl.gz", SHIFTS)
WITHOUT_CLOCK: Final = Recorder("binance/without-clock.jsonl", has_clock=False)

_SPACE: Final = "binance:spot"
_CANCEL: Final = "DELETE /api/v3/order"
UNKNOWN_ORDER: Final = {"code": -2011, "msg": "Unknown order sent."}
TOO_MANY: Final = {
    "code": -1003,
    "msg": "Too much request weight used; current limit is 6000 request weight per 1 MINUTE.",
}
TIMEOUT: Final = {
    "code": -1007,
    "msg": "Timeout waiting for response from backend server. Send status unknown; execution status unknown.",
}


class Exchange:
    """Binance as a bot sees it, and a recorder of each connection."""

    def __init__(self, day: Day) -> None:
        self.day = day
        self.numbers: dict[str, int] = {}
        self.last_id = 49_120_030_000

    # --- What Binance sends ---

    def order(self, at: int, symbol: str | None = None, order_id: str | None = None) -> Order:
        """A new order, of which nothing is recorded yet."""
        chance = self.day.chance
        account = chance.choice(["maker-1", "maker-2"])
        number = self.numbers[account] = self.numbers.get(account, 0) + 1
        self.last_id += chance.randrange(1, 90)
        symbol = symbol or chance.choice(["BTCUSDT", "ETHUSDT"])
        price = chance.randrange(98_000, 99_000) if symbol == "BTCUSDT" else chance.randrange(3_800, 3_900)
        quantity = Decimal(chance.randrange(10, 400)).scaleb(-3)
        return Order(
            "binance",
            account,
            symbol,
            order_id or str(self.last_id),
            f"grid-{number}",
            chance.choice(["BUY", "SELL"]),
            f"{price}.{chance.randrange(10)}0000000",
            f"{quantity:.8f}",
            at,
        )

    def canceled(self, order: Order, at: int, filled: str, status: str = "CANCELED") -> dict[str, Any]:
        """The answer to a cancel."""
        return {
            "symbol": order.symbol,
            "origClientOrderId": order.client_id,
            "orderId": int(order.order_id),
            "orderListId": -1,
            "clientOrderId": f"off-{order.client_id}",
            "transactTime": venue_time(at) // MS,
            "price": order.price,
            "origQty": order.quantity,
            "executedQty": filled,
            "origQuoteOrderQty": "0.00000000",
            "cummulativeQuoteQty": quote(order.price, filled),
            "status": status,
            "timeInForce": "GTC",
            "type": "LIMIT",
            "side": order.side,
            "selfTradePreventionMode": "NONE",
        }

    def report(self, order: Order, at: int, execution: str, status: str, filled: str) -> dict[str, Any]:
        """What the stream pushes."""
        is_cancel = execution == "CANCELED"
        found = {
            "e": "executionReport",
            "E": venue_time(at) // MS + 1,
            "s": order.symbol,
            "c": f"off-{order.client_id}" if is_cancel else order.client_id,
            "S": order.side,
            "o": "LIMIT",
            "f": "GTC",
            "q": order.quantity,
            "p": order.price,
            "P": "0.00000000",
            "F": "0.00000000",
            "g": -1,
            "C": order.client_id if is_cancel else "",
            "x": execution,
            "X": status,
            "r": "NONE",
            "i": int(order.order_id),
            "l": filled if execution == "TRADE" else "0.00000000",
            "z": filled,
            "L": order.price if execution == "TRADE" else "0.00000000",
            "n": "0",
            "N": None,
            "T": venue_time(at) // MS,
            "t": -1,
            "I": 8_641_984,
            "w": status in ("NEW", "PARTIALLY_FILLED"),
            "m": False,
            "M": False,
            "O": venue_time(order.created) // MS,
            "Z": quote(order.price, filled),
            "Y": "0.00000000",
            "Q": "0.00000000",
            "W": venue_time(order.created) // MS,
            "V": "NONE",
        }
        if execution == "EXPIRED":
            found["f"] = "IOC"
            found["eR"] = "UNFILLED_IOC_QUANTITY_EXPIRED"
        return found

    def state(self, order: Order, status: str, changed: int, filled: str) -> dict[str, Any]:
        """The answer to a query."""
        return {
            "symbol": order.symbol,
            "orderId": int(order.order_id),
            "orderListId": -1,
            "clientOrderId": order.client_id,
            "price": order.price,
            "origQty": order.quantity,
            "executedQty": filled,
            "cummulativeQuoteQty": quote(order.price, filled),
            "status": status,
            "timeInForce": "GTC",
            "type": "LIMIT",
            "side": order.side,
            "stopPrice": "0.00000000",
            "icebergQty": "0.00000000",
            "time": venue_time(order.created) // MS,
            "updateTime": venue_time(changed) // MS,
            "isWorking": True,
            "workingTime": venue_time(order.created) // MS,
            "origQuoteOrderQty": "0.00000000",
            "selfTradePreventionMode": "NONE",
        }

    # --- What is recorded ---

    def answer(
        self,
        order: Order,
        sent: int,
        received: int,
        payload: Any,
        *,
        endpoint: str = _CANCEL,
        status: int = 200,
        request: dict[str, Any] | None = None,
        recorder: Recorder = ANSWERS,
    ) -> None:
        """Write an answer beside its request."""
        asked = {"symbol": order.symbol, "orderId": int(order.order_id)} if request is None else request
        self.day.write(
            recorder,
            received,
            venue="binance",
            endpoint=endpoint,
            account=order.account,
            status=status,
            request=asked,
            sent_ns=recorder.time(sent),
            received_ns=recorder.time(received),
            payload=payload,
        )

    def push(self, order: Order, at: int, report: dict[str, Any]) -> int:
        """Write a report of the stream, and give the true time of its receipt."""
        received = at + self.day.delay(3, 12)
        self.day.write(
            STREAM,
            received,
            venue="binance",
            endpoint="stream executionReport",
            account=order.account,
            received_ns=STREAM.time(received),
            payload=report,
        )
        return received

    def unanswered(self, order: Order, sent: int) -> None:
        """Write a request whose answer never came."""
        self.day.write(
            ANSWERS,
            sent + 5 * SECOND,
            venue="binance",
            endpoint=_CANCEL,
            account=order.account,
            request={"symbol": order.symbol, "orderId": int(order.order_id)},
            sent_ns=ANSWERS.time(sent),
            pairing="no_answer",
            payload=None,
        )

    def fill(self, order: Order, at: int, filled: str) -> None:
        """Push a fill, which no cancel brought about."""
        status = "FILLED" if Decimal(filled) == Decimal(order.quantity) else "PARTIALLY_FILLED"
        self.push(order, at, self.report(order, at, "TRADE", status, filled))

    def trip(self, order: Order) -> tuple[int, int, int]:
        """True times at which a cancel is sent, arrives, and is answered."""
        sent = order.created + self.day.delay(500, 20_000)
        at = sent + self.day.delay(4, 15)
        return sent, at, at + self.day.delay(4, 15)

    def tell(self, order: Order, course: str, **facts: Any) -> None:
        """Add the truth of an order."""
        self.day.tell(order, _SPACE, course, **facts)


def quote(price: str, filled: str) -> str:
    """What a quantity is worth."""
    return f"{Decimal(price) * Decimal(filled):.8f}"
