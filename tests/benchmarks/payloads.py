"""Payloads for benchmarks: as venues send them today, with texts that do not repeat."""

import random
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import orjson
from msgspec.structs import replace

from cancelnorm import Record
from tests.samples import SAMPLES

__all__ = ["Case", "Feed", "cases", "compared", "drifted", "spot_list", "spot_order", "unknown_endpoints"]


class Case(NamedTuple):
    """Records that are measured together, and how many times ``orjson.loads`` they may take."""

    name: str
    records: list[Record]
    goal: float


class Feed:
    """A venue that goes on: ids and times grow, prices and quantities vary."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self._id = 42_710_000_000
        self._ms = 1_763_000_000_000

    def id(self) -> int:
        """An id greater than the last."""
        self._id += self.random.randint(1, 9)
        return self._id

    def ms(self) -> int:
        """A time in ms, no earlier than the last."""
        self._ms += self.random.randint(0, 3)
        return self._ms

    def token(self, bits: int = 88) -> str:
        """A client id."""
        return f"{self.random.getrandbits(bits):0{bits // 4}x}"

    def uuid(self) -> str:
        """An id as a UUID."""
        text = self.token(128)
        return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))

    def price(self) -> str:
        """A price."""
        return f"{self.random.randint(20_000, 130_000)}.{self.random.randint(0, 99):02}"

    def quantity(self) -> str:
        """A quantity."""
        return f"0.{self.random.randint(1, 99_999):05}"


def _sample(name: str) -> Any:
    return orjson.loads(SAMPLES[name].record().payload)


def spot_order(venue: Feed, **more: Any) -> dict[str, Any]:
    """A canceled Binance spot order, with the sixteen keys of today."""
    return {
        "symbol": "BTCUSDT",
        "origClientOrderId": venue.token(),
        "orderId": venue.id(),
        "orderListId": -1,
        "clientOrderId": venue.token(),
        "transactTime": venue.ms(),
        "price": f"{venue.price()}000000",
        "origQty": f"{venue.quantity()}000",
        "executedQty": "0.00000000",
        "origQuoteOrderQty": "0.00000000",
        "cummulativeQuoteQty": "0.00000000",
        "status": "CANCELED",
        "timeInForce": "GTC",
        "type": "LIMIT",
        "side": venue.random.choice(("BUY", "SELL")),
        "selfTradePreventionMode": "EXPIRE_MAKER",
        **more,
    }


def spot_list(venue: Feed) -> dict[str, Any]:
    """A canceled OCO list with its two legs."""
    list_id = venue.id()
    legs = [
        spot_order(venue, orderListId=list_id, type="STOP_LOSS_LIMIT", stopPrice=f"{venue.price()}000000"),
        spot_order(venue, orderListId=list_id, type="LIMIT_MAKER"),
    ]
    return {
        "orderListId": list_id,
        "contingencyType": "OCO",
        "listStatusType": "ALL_DONE",
        "listOrderStatus": "ALL_DONE",
        "listClientOrderId": venue.token(),
        "transactionTime": venue.ms(),
        "symbol": "BTCUSDT",
        "orders": [
            {"symbol": "BTCUSDT", "orderId": leg["orderId"], "clientOrderId": leg["origClientOrderId"]}
            for leg in legs
        ],
        "orderReports": legs,
    }


def _bybit_batch(venue: Feed) -> dict[str, Any]:
    rows = [
        {
            "category": "linear",
            "symbol": "BTCUSDT",
            "orderId": venue.uuid(),
            "orderLinkId": f"m-{venue.token(40)}",
        }
        for _ in range(10)
    ]
    verdicts = [{"code": 0, "msg": "OK"}] * 10
    return {
        "retCode": 0,
        "retMsg": "OK",
        "result": {"list": rows},
        "retExtInfo": {"list": verdicts},
        "time": venue.ms(),
    }


def _bybit_frame(venue: Feed) -> dict[str, Any]:
    """A frame of the order stream with ten canceled orders."""
    frame: dict[str, Any] = _sample("bybit/stream-order-2026")
    order = frame["data"][0]
    frame["creationTime"] = venue.ms()
    frame["data"] = [
        order
        | {
            "orderId": venue.uuid(),
            "orderLinkId": f"m-{venue.token(40)}",
            "price": venue.price(),
            "qty": venue.quantity(),
            "createdTime": str(venue.ms()),
            "updatedTime": str(venue.ms()),
        }
        for _ in range(10)
    ]
    return frame


def _options_batch(venue: Feed) -> list[Any]:
    order = next(row for row in _sample("binance/delete-eapi-batchorders") if "orderId" in row)
    return [
        order
        | {
            "orderId": 4_611_875_134_427_000_000 + venue.id(),
            "clientOrderId": venue.token(),
            "price": venue.price(),
            "quantity": venue.quantity(),
            "updateTime": venue.ms(),
        }
        for _ in range(10)
    ]


def _bingx_batch(venue: Feed) -> dict[str, Any]:
    reply: dict[str, Any] = _sample("bingx/delete-swap-v2-trade-batchorders")
    order = reply["data"]["success"][0]
    reply["data"]["success"] = [
        order
        | {
            "orderId": 1_735_950_529_000_000_000 + venue.id() * 7,
            "clientOrderId": venue.token(),
            "price": venue.price(),
            "origQty": venue.quantity(),
            "time": venue.ms(),
            "updateTime": venue.ms(),
        }
        for _ in range(10)
    ]
    reply["data"]["failed"] = None
    return reply


_ALL = "DELETE /api/v3/openOrders"


def _records(count: int, venue: str, endpoint: str | None, make: Callable[[Feed], Any]) -> list[Record]:
    source = Feed(7)
    return [Record(orjson.dumps(make(source)), venue, endpoint, 200) for _ in range(count)]


def cases() -> Iterator[Case]:
    """What is measured on the beaten path."""
    yield Case(
        "Binance cancel-all, 100 orders",
        _records(60, "binance", _ALL, lambda v: [spot_order(v) for _ in range(100)]),
        2,
    )
    yield Case("Binance order", _records(3_000, "binance", "DELETE /api/v3/order", spot_order), 3)
    yield Case(
        "Binance cancel-all, 2 orders + 1 OCO",
        _records(600, "binance", _ALL, lambda v: [spot_order(v), spot_order(v), spot_list(v)]),
        3,
    )
    yield Case(
        "Bybit batch, 10 orders", _records(500, "bybit", "POST /v5/order/cancel-batch", _bybit_batch), 2
    )
    yield Case("Bybit stream frame, 10 orders", _records(200, "bybit", "stream order", _bybit_frame), 3)
    yield Case(
        "Binance options batch, 10 orders",
        _records(300, "binance", "DELETE /eapi/v1/batchOrders", _options_batch),
        3,
    )
    yield Case(
        "BingX batch, 10 orders",
        _records(200, "bingx", "DELETE /openApi/swap/v2/trade/batchOrders", _bingx_batch),
        3,
    )


def drifted() -> Iterator[Case]:
    """What is measured where a venue added something."""

    def orders(v: Feed, added: Callable[[int], dict[str, Any]]) -> list[Any]:
        return [spot_order(v, **added(i)) for i in range(100)]

    yield Case(
        "a new field in each of 100 orders",
        _records(40, "binance", _ALL, lambda v: orders(v, lambda i: {"newField": i})),
        4,
    )
    yield Case(
        "a new field in one of 100 orders",
        _records(40, "binance", _ALL, lambda v: orders(v, lambda i: {"newField": i} if i == 99 else {})),
        4,
    )
    yield Case(
        "a new word in each of 100 orders",
        _records(40, "binance", _ALL, lambda v: orders(v, lambda _: {"selfTradePreventionMode": "NEW_MODE"})),
        4,
    )


def compared() -> Iterator[tuple[str, list[Record], list[Record], str, float]]:
    """What is measured beside another form of the same: its name, both, what the other is, and the goal."""
    whole = _records(40, "binance", _ALL, lambda v: [spot_order(v) for _ in range(20)])
    named = _records(2_000, "binance", "DELETE /api/v3/order", spot_order)
    yield (
        "one order without endpoint",
        [replace(r, endpoint=None) for r in named],
        named,
        "the same with endpoint",
        3,
    )
    yield (
        "20 orders without endpoint",
        [replace(r, endpoint=None) for r in whole],
        whole,
        "the same with endpoint",
        3,
    )
    # Each has a text of its own: one that recurs is looked up.
    errors = [
        replace(record, payload=b'{"code":-2011,"msg":"Unknown order %d sent."}' % number)
        for number, record in enumerate(named)
    ]
    yield (
        "an error without endpoint",
        [replace(r, endpoint=None) for r in errors],
        errors,
        "the same with endpoint",
        3,
    )

    def refused(v: Feed) -> list[Any]:
        return [spot_order(v, **({"price": "1_000"} if i == 10 else {})) for i in range(20)]

    yield (
        "a refused value in one of 20 orders",
        _records(40, "binance", _ALL, refused),
        whole,
        "the accepted payload",
        5,
    )


def unknown_endpoints() -> list[Record]:
    """Records of an endpoint that the venue does not have."""
    return _records(2_000, "binance", "POST /api/v3/order/test", spot_order)
