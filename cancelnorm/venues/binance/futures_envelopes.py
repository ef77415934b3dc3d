"""Binance futures streams: what stands around an event, whatever it tells of, and the market it is of."""

from types import MappingProxyType
from typing import Any, Final, Literal

from msgspec import UNSET, UnsetType, field

from cancelnorm.endpoint import Call
from cancelnorm.reader.scalars import Epoch, Int, ns_of
from cancelnorm.reader.structs import Camel, Exact
from cancelnorm.schema import Product, QuantityUnit
from cancelnorm.venues.binance.messages import stream_name

# --- What Binance sends ---


class Pushed(Exact):
    """Envelope of every event."""

    e: str
    event_time: Epoch = field(name="E")
    transaction_time: Epoch | UnsetType = field(name="T", default=UNSET)  # since 2019-11-05
    account_alias: str | UnsetType = field(name="i", default=UNSET)  # COIN-M and portfolio margin


class MarketPushed(Pushed):
    """Envelope of an event on a stream that portfolio margin has too."""

    transaction_time: Epoch = field(name="T")
    business: Literal["UM", "CM"] | UnsetType = field(name="fs", default=UNSET)  # portfolio margin


class Subscribed(Camel):
    """An envelope as on the spot WebSocket API, should futures follow it."""

    subscription_id: Int | UnsetType = UNSET
    event: Any


class Combined(Exact):
    """The envelope of a combined stream."""

    stream: str
    data: Any


# --- What it means ---

QUANTITY_UNITS: Final = MappingProxyType(
    {
        Product.LINEAR: QuantityUnit.BASE,
        Product.INVERSE: QuantityUnit.CONTRACTS,
        Product.OPTION: QuantityUnit.CONTRACTS,
    }
)
_PRODUCTS: Final = MappingProxyType({"UM": Product.LINEAR, "CM": Product.INVERSE})
# An event of an endpoint of its own need not give its name.
_OWN_ENDPOINTS: Final = (
    "ORDER_TRADE_UPDATE",
    "ALGO_UPDATE",
    "CONDITIONAL_ORDER_TRADE_UPDATE",
    "CONDITIONAL_ORDER_TRIGGER_REJECT",
)


def unwrapped(raw: Any, call: Call) -> tuple[Any, str, dict[str, Any]]:
    """An event without its envelope, its path, and what the envelope says."""
    pushed, at = raw, "$"
    outer: dict[str, Any] = {}
    if isinstance(raw, Combined):
        pushed, at, outer["stream"] = raw.data, "$.data", stream_name(raw.stream)
    elif isinstance(raw, Subscribed):
        pushed, at = raw.event, "$.event"
        if raw.subscription_id is not UNSET:
            outer["subscriptionId"] = raw.subscription_id
    call.response_ns = ns_of(pushed.event_time)
    return pushed, at, outer


def around(raw: Pushed, event_time: int) -> dict[str, Any]:
    """What stands around an event, less what its events say; ``event_time`` is the order's own."""
    time = raw.transaction_time
    if time is not UNSET:
        ns_of(time)  # to check it
    values = {
        "e": raw.e if raw.e not in _OWN_ENDPOINTS else UNSET,
        "T": time if time != event_time else UNSET,
        "i": raw.account_alias,
        "fs": raw.business if isinstance(raw, MarketPushed) else UNSET,
    }
    return {key: value for key, value in values.items() if value is not UNSET}


def portfolio_product(raw: MarketPushed) -> Product | None:
    """The market that an event of portfolio margin gives; None where it is not known or not portfolio margin's."""
    return None if raw.business is UNSET else _PRODUCTS.get(raw.business)


def product_of(raw: Pushed, margin_asset: str | UnsetType = UNSET) -> Product | None:
    """The market an event about a futures order is of.

    Portfolio margin says so. COIN-M puts an account's alias around every event and a margin asset in it, and
    USDⓈ-M neither.
    """
    if isinstance(raw, MarketPushed) and raw.business is not UNSET:
        return portfolio_product(raw)
    is_linear = raw.account_alias is UNSET and margin_asset is UNSET
    return Product.LINEAR if is_linear else Product.INVERSE
