"""A market of NautilusTrader: instruments, quotes, and a strategy that does what a log says was done."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from nautilus_trader.backtest.engine import BacktestEngine, BacktestEngineConfig
from nautilus_trader.config import LoggingConfig, StrategyConfig
from nautilus_trader.core.uuid import UUID4
from nautilus_trader.model import enums
from nautilus_trader.model.currencies import BTC, SOL, USDT
from nautilus_trader.model.data import DataType, QuoteTick
from nautilus_trader.model.events import OrderAccepted, OrderFilled, OrderSubmitted
from nautilus_trader.model.identifiers import (
    AccountId,
    ClientId,
    ClientOrderId,
    InstrumentId,
    StrategyId,
    Symbol,
    TradeId,
    TraderId,
    Venue,
    VenueOrderId,
)
from nautilus_trader.model.instruments import CryptoPerpetual, CurrencyPair
from nautilus_trader.model.objects import Money, Price, Quantity
from nautilus_trader.model.orders import LimitOrder
from nautilus_trader.trading.strategy import Strategy

from cancelnorm.replay.nautilus import CancelData

CLIENT: Final = "CANCELNORM"
ACCOUNT: Final = AccountId("BINANCE-001")
START: Final = 1_793_700_000_000_000_000


def pair(name: str, symbol: str, price_precision: int, size_precision: int, base: Any = BTC) -> Any:
    """A currency pair."""
    return CurrencyPair(*_named(name, symbol), base, USDT, *_sized(price_precision, size_precision))


def perpetual(
    name: str,
    symbol: str,
    price_precision: int,
    size_precision: int,
    base: Any = BTC,
    *,
    inverse: bool = False,
) -> Any:
    """A perpetual."""
    settlement = base if inverse else USDT
    names = _named(name, symbol)
    return CryptoPerpetual(*names, base, USDT, settlement, inverse, *_sized(price_precision, size_precision))


def _named(name: str, symbol: str) -> tuple[Any, Any]:
    return InstrumentId.from_str(name), Symbol(symbol)


def _sized(price_precision: int, size_precision: int) -> tuple[Any, ...]:
    price = Price(10**-price_precision, price_precision)
    size = Quantity(10**-size_precision, size_precision)
    return price_precision, size_precision, price, size, 0, 0


SOL_BYBIT: Final = perpetual("SOLUSDT-LINEAR.BYBIT", "SOLUSDT", 2, 1, SOL)
BTC_BYBIT: Final = perpetual("BTCUSDT-LINEAR.BYBIT", "BTCUSDT", 1, 3)
BTC_BINANCE: Final = pair("BTCUSDT.BINANCE", "BTCUSDT", 2, 5)
BTC_BINGX: Final = pair("BTC-USDT.BINGX", "BTC-USDT", 2, 6)
INSTRUMENTS: Final = (SOL_BYBIT, BTC_BYBIT, BTC_BINANCE, BTC_BINGX)
VENUES: Final = ("BINANCE", "BINGX", "BYBIT")

ORDERS: Final = {
    "grid-7-3": ("SOLUSDT-LINEAR.BYBIT", "buy", "0.5", "99"),
    "grid-7-4": ("BTCUSDT.BINANCE", "sell", "0.015", "98250.10"),
    "grid-7-5": ("BTCUSDT.BINANCE", "sell", "0.015", "98250.10"),
    "grid-7-6": ("BTCUSDT-LINEAR.BYBIT", "buy", "0.010", "90000"),
    "X-1985201734550016001": ("BTC-USDT.BINGX", "buy", "0.010", "90000"),
}
"""The orders of ``samples/logs/orders.jsonl``."""


def quote(instrument: Any, at: int, bid: str, ask: str, bid_size: str, ask_size: str) -> Any:
    """The best prices at a time."""
    prices = [instrument.make_price(Decimal(text)) for text in (bid, ask)]
    sizes = [instrument.make_qty(Decimal(text)) for text in (bid_size, ask_size)]
    return QuoteTick(instrument.id, *prices, *sizes, at, at)


def quotes() -> list[Any]:
    """The market on the day of the log: it reaches the orders as far as they filled."""
    found = [quote(SOL_BYBIT, START, "150", "151", "1", "1")]
    found += [quote(one, START, "98000", "98001", "1", "1") for one in INSTRUMENTS[1:]]
    second = 1_000_000_000
    return [
        *found,
        quote(SOL_BYBIT, START + second // 2, "98", "99", "1", "0.1"),
        quote(SOL_BYBIT, START + second, "150", "151", "1", "1"),
        quote(BTC_BINANCE, START + second, "98250.10", "98251", "0.004", "1"),
        quote(BTC_BINANCE, START + second + 1, "98000", "98001", "1", "1"),
        quote(BTC_BINANCE, START + 3_019_000_000, "98250.10", "98251", "1", "1"),
        quote(BTC_BINANCE, START + 6 * second, "98000", "98001", "1", "1"),
    ]


class ReplayConfig(StrategyConfig, frozen=True):  # type: ignore[call-arg,misc]
    """Orders to place at the start: client id → instrument, side, quantity and price; and whether to cancel them."""

    orders: dict[str, tuple[str, str, str, str]]
    cancels: bool = True


class Replay(Strategy):  # type: ignore[misc]
    """Places orders, and cancels those that the venue canceled, at the time at which that was known."""

    def __init__(self, config: ReplayConfig) -> None:
        super().__init__(config)
        self.received: list[Any] = []
        self.quotes: list[int] = []
        self.events: Mapping[str, Any] = {}

    def on_start(self) -> None:
        """Subscribe to quotes and to the venues' answers."""
        for name in {name for name, *_ in self.config.orders.values()}:
            self.subscribe_quote_ticks(InstrumentId.from_str(name))
        self.subscribe_data(DataType(CancelData), client_id=ClientId(CLIENT))

    def on_quote_tick(self, tick: Any) -> None:
        """Place each order when there is a price for its instrument."""
        self.quotes.append(tick.ts_init)
        for client_id, (name, side, quantity, price) in self.config.orders.items():
            instrument = self.cache.instrument(InstrumentId.from_str(name))
            if instrument.id != tick.instrument_id or self.cache.order(ClientOrderId(client_id)) is not None:
                continue
            order = self.order_factory.limit(
                instrument_id=instrument.id,
                order_side=enums.OrderSide.BUY if side == "buy" else enums.OrderSide.SELL,
                quantity=instrument.make_qty(Decimal(quantity)),
                price=instrument.make_price(Decimal(price)),
                client_order_id=ClientOrderId(client_id),
            )
            self.submit_order(order)

    def on_data(self, data: Any) -> None:
        """Do to the order what the venue did."""
        assert self.clock.timestamp_ns() == data.ts_init
        self.received.append(data)
        if self.config.cancels and data.step in ("canceled", "expired"):
            self.cancel_order(self.cache.order(ClientOrderId(data.client_order_id)))
        if (event := self.events.get(data.event_id)) is not None:
            # The simulated exchange gave the order another id.
            fields = type(event).to_dict(event)
            order = self.cache.order(event.client_order_id)
            renamed = type(event).from_dict(fields | {"venue_order_id": order.venue_order_id.value})
            self.msgbus.send(endpoint="ExecEngine.process", msg=renamed)


def engine() -> Any:
    """An engine with a simulated exchange for each venue."""
    made = BacktestEngine(
        BacktestEngineConfig(trader_id=TraderId("TRADER-001"), logging=LoggingConfig(bypass_logging=True))
    )
    for venue in VENUES:
        made.add_venue(
            venue=Venue(venue),
            oms_type=enums.OmsType.NETTING,
            account_type=enums.AccountType.MARGIN,
            starting_balances=[Money(10_000_000, USDT), Money(100, BTC)],
        )
    for one in INSTRUMENTS:
        made.add_instrument(one)
    return made


# --- One order, without an engine ---


class Order:
    """A real order of 10, which was accepted; it takes events and knows its state."""

    def __init__(self, client_order_id: str, venue_order_id: str = "1") -> None:
        self._venue_order_id = VenueOrderId(venue_order_id)
        self._trades = 0
        self._order: Any = LimitOrder(
            TraderId("TRADER-001"),
            StrategyId("REPLAY-001"),
            BTC_BINANCE.id,
            ClientOrderId(client_order_id),
            enums.OrderSide.BUY,
            BTC_BINANCE.make_qty(10),
            BTC_BINANCE.make_price(100),
            UUID4(),
            0,
        )
        self.apply(OrderSubmitted(*self._names(), ACCOUNT, UUID4(), 0, 0))
        self.apply(OrderAccepted(*self._names(), self._venue_order_id, ACCOUNT, UUID4(), 0, 0))

    def _names(self) -> tuple[Any, ...]:
        order = self._order
        return order.trader_id, order.strategy_id, order.instrument_id, order.client_order_id

    def apply(self, event: Any) -> str:
        """Apply an event, and give the state."""
        self._order.apply(event)
        return self.state

    def fill(self, quantity: int) -> str:
        """Fill a part of it."""
        self._trades += 1
        return self.apply(
            OrderFilled(
                *self._names(),
                self._venue_order_id,
                ACCOUNT,
                TradeId(str(self._trades)),
                None,
                enums.OrderSide.BUY,
                enums.OrderType.LIMIT,
                BTC_BINANCE.make_qty(quantity),
                BTC_BINANCE.make_price(100),
                USDT,
                Money(0, USDT),
                enums.LiquiditySide.MAKER,
                UUID4(),
                0,
                0,
            )
        )

    @property
    def state(self) -> str:
        """Name of its state."""
        name: str = self._order.status_string()
        return name
