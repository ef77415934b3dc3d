"""Gate timers: the countdown after which all orders are canceled, a dead-man switch."""

from typing import ClassVar, Final

from msgspec import field

from cancelnorm.endpoint import Call
from cancelnorm.reader.scalars import Int
from cancelnorm.reader.structs import Exact
from cancelnorm.request import RequestKeys
from cancelnorm.schema import EventKind, Initiator, Normalised, Product, Scope
from cancelnorm.venue import endpoint, endpoints
from cancelnorm.venues.gate.messages import (
    CONTRACT_IDS,
    DOCS,
    ERRORS,
    OPTION_IDS,
    SETTLES,
    SPOT_ERRORS,
    SPOT_IDS,
    TAKEN,
    names_underlying,
)

# --- What Gate sends ---


class Countdown(Exact):
    """When orders will be canceled, in ms: documented as an integer, recorded in quotes; 0 may mean never."""

    bare: ClassVar = True  # beside an object or an array it is another answer
    trigger_time: Int | str = field(name="triggerTime")


# --- What it means ---


def countdown(raw: Countdown, call: Call) -> Normalised:
    """Map the setting of a timer: it is set, or off, and has canceled nothing."""
    target = call.target
    scope = Scope.SYMBOL if target.symbol else Scope.UNDERLYING if names_underlying(call) else Scope.PRODUCT
    event = call.event(
        EventKind.TIMER,
        TAKEN._replace(initiator=Initiator.TIMER),
        target,
        scope=scope,
        path="$",
        extra={"triggerTime": raw.trigger_time},
    )
    return call.result([event])


_MOST_KEYS: Final = 8


def _another(data: bytes) -> str | None:
    """Tell an answer of another kind that has the only key of a countdown, too, as conditional orders may have."""
    if b'"event":' in data:
        return "a frame"
    return "an order" if data.count(b'":') > _MOST_KEYS else None


# --- Endpoints ---

SPOT_KEYS: Final = RequestKeys(symbol=("currency_pair",))
CONTRACT_KEYS: Final = RequestKeys(symbol=("contract",), product=("settle",), products=SETTLES)

ENDPOINTS: Final = endpoints(
    endpoint(
        "POST /api/v4/spot/countdown_cancel_all",
        Countdown,
        countdown,
        page="countdown-cancel-orders",
        request=SPOT_KEYS,
        errors=SPOT_ERRORS,
        ids=SPOT_IDS,
    ),
    endpoint(
        "POST /api/v4/futures/{settle}/countdown_cancel_all",
        Countdown,
        countdown,
        page="countdown-cancel-orders-2",
    ),
    endpoint(
        "POST /api/v4/options/countdown_cancel_all",
        Countdown,
        countdown,
        page="countdown-cancel-orders-3",
        product=Product.OPTION,
        since="2024-09-30",
        ids=OPTION_IDS,
    ),
    product=None,
    request=CONTRACT_KEYS,
    errors=ERRORS,
    skips=_another,
    since="2022-08-12",
    ids=CONTRACT_IDS,
    docs=DOCS,
)
