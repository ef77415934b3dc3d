"""Instruments of NautilusTrader, by what a venue calls them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from nautilus_trader.model.identifiers import InstrumentId

from cancelnorm.replay.lifecycle import Entry, Omission
from cancelnorm.schema import Product
from cancelnorm.venues import canonical

__all__ = ["Instrument", "Instruments"]


class Instrument(NamedTuple):
    """The id of an instrument, ``SYMBOL.VENUE``, and the decimals of its prices and quantities."""

    id: str
    price_precision: int
    size_precision: int


Name = tuple[str, Product | str, str]
"""Venue, by name or alias, and product and symbol, as events have them."""


class Instruments:
    """Instruments by venue, product and symbol.

    Raises ValueError for an id that has no venue, or a product that does not exist.
    """

    def __init__(self, instruments: Mapping[Name, Instrument]) -> None:
        self._known: dict[tuple[str, Product, str], Instrument] = {}
        self._of_symbol: defaultdict[tuple[str, str], list[Instrument]] = defaultdict(list)
        self._ids: dict[str, Any] = {}
        for (name, product, symbol), instrument in instruments.items():
            venue = canonical(name)
            self._known[venue, Product(product), symbol] = instrument
            self._ids[instrument.id] = InstrumentId.from_str(instrument.id)
            if instrument not in self._of_symbol[venue, symbol]:
                self._of_symbol[venue, symbol].append(instrument)

    @classmethod
    def from_provider(cls, provider: Any, venues: Mapping[str, str] | None = None) -> "Instruments":
        """The instruments that an ``InstrumentProvider`` has loaded.

        ``venues`` gives our name of a venue for Nautilus' name of it; without it, that is the same in lower case.
        """
        return cls.of(provider.list_all(), venues)

    @classmethod
    def of(cls, instruments: Iterable[Any], venues: Mapping[str, str] | None = None) -> "Instruments":
        """Instruments of Nautilus, which a catalog or a cache has.

        Instruments of a class that is no product here, such as ``Equity``, are passed over. Raises ValueError if
        two of one product have the same ``raw_symbol``.
        """
        found: dict[Name, Instrument] = {}
        for instrument in instruments:
            name = instrument.id.venue.value
            venue = name.lower() if venues is None else venues.get(name)
            if venue is None:
                continue
            for product in _products(instrument):
                known = Instrument(instrument.id.value, instrument.price_precision, instrument.size_precision)
                symbol = instrument.raw_symbol.value
                other = found.setdefault((venue, product, symbol), known)
                if other != known:
                    raise ValueError(f"{venue} {product} {symbol}: both {other.id} and {known.id}")
        return cls(found)

    def __len__(self) -> int:
        return len(self._known)

    def id_of(self, instrument: Instrument) -> Any:
        """The ``InstrumentId`` of an instrument."""
        return self._ids[instrument.id]

    def find(self, entries: Sequence[Entry]) -> Instrument | Omission:
        """The instrument of the events of an order, by all that they say of its product and symbol.

        Where none says the product, as the streams of some venues do not, there must be one with its symbol.
        """
        events = [entry.event for entry in entries]
        products: list[Product | None] = [*{event.product for event in events if event.product is not None}]
        symbols = {event.symbol for event in events if event.symbol is not None}
        found: set[Instrument] = set()
        for product in products or [None]:
            for symbol in symbols:
                fitting = self._find(events[0].venue, product, symbol)
                if not fitting:
                    return Omission.NO_INSTRUMENT
                found.update(fitting)
        if not found:
            return Omission.NO_INSTRUMENT
        return found.pop() if len(found) == 1 else Omission.AMBIGUOUS_INSTRUMENT

    def _find(self, venue: str, product: Product | None, symbol: str) -> list[Instrument]:
        if product is None:
            return self._of_symbol.get((venue, symbol), [])
        instrument = self._known.get((venue, product, symbol))
        return [] if instrument is None else [instrument]


_SPOT: Final = (Product.SPOT, Product.MARGIN)


def _products(instrument: Any) -> tuple[Product, ...]:
    """The products that a class of Nautilus stands for."""
    match type(instrument).__name__:
        case "CurrencyPair":
            return _SPOT
        case "CryptoPerpetual" | "CryptoFuture":
            return (Product.INVERSE,) if instrument.is_inverse else (Product.LINEAR,)
        case "CryptoOption":
            return (Product.OPTION,)
        case "FuturesSpread" | "OptionSpread":
            return (Product.SPREAD,)
        case _:
            return ()
