"""Gate messages that all products and transports share: refusals, times, client ids.

Answers have no envelope: the body is the order, or the rows, or ``label`` and ``message``.
"""

from collections.abc import Callable
from typing import Any, ClassVar, Final

import msgspec
from msgspec import UNSET, Raw, UnsetType

from cancelnorm.endpoint import Call, Errors, IdSpace
from cancelnorm.eventmap import CodeTable, Verdict, verdict_of
from cancelnorm.prose import prose
from cancelnorm.reader.scalars import Int, Prose, number_text
from cancelnorm.reader.structs import Exact
from cancelnorm.request import RequestKeys
from cancelnorm.schema import CancelEvent, Evidence, Normalised, Outcome, Product, Reason
from cancelnorm.venues.gate.labels import LABELS, SPOT_LABELS

# --- What Gate sends ---


class Refused(Exact):
    """A failure, at every endpoint."""

    bare: ClassVar = True
    label: str
    message: Prose | UnsetType = UNSET  # recorded failures of perpetuals have the label alone
    timestamp: Int | UnsetType = UNSET  # of contracts for difference
    detail: Prose | UnsetType = UNSET  # instead of ``message`` in older failures of perpetuals


# --- What it means ---

DOCS: Final = "https://www.gate.com/docs/developers/apiv4/en/#"
SPOT_IDS: Final = IdSpace("gate spot", by_symbol=False)
SPOT_TRIGGER_IDS: Final = IdSpace("gate spot price orders", by_symbol=False)
CONTRACT_IDS: Final = IdSpace("gate contracts", by_symbol=False)
CONTRACT_TRIGGER_IDS: Final = IdSpace("gate contract price orders", by_symbol=False)
OPTION_IDS: Final = IdSpace("gate options", by_symbol=False)

CLIENT_PREFIX: Final = "t-"
ACCOUNTS: Final = {
    "spot": Product.SPOT,
    "unified": Product.SPOT,
    "normal": Product.SPOT,  # of price orders
    "margin": Product.MARGIN,
    "cross_margin": Product.MARGIN,
}
SPOT_KEYS: Final = RequestKeys(
    symbol=("currency_pair",),
    order_id=("order_id", "id"),
    product=("account",),
    products=ACCOUNTS,
    client_prefix=CLIENT_PREFIX,
)
SETTLES: Final = {"usdt": Product.LINEAR, "btc": Product.INVERSE}
CONTRACT_KEYS: Final = RequestKeys(
    symbol=("contract",),
    order_id=("order_id", "id"),
    product=("settle",),
    products=SETTLES,
    client_prefix=CLIENT_PREFIX,
)

TAKEN: Final = Verdict(Outcome.PENDING, Evidence.ACKNOWLEDGED)
OPEN: Final = Verdict(Outcome.UNKNOWN, Evidence.NONE)
NOTHING_OPEN: Final = Verdict(Outcome.REJECTED, Evidence.LISTED, Reason.NOT_FOUND)


def client_id(text: str | UnsetType) -> str | None:
    """The client's id of an order: any other text says where the order comes from, as ``web`` and ``-``."""
    return text if text and text.startswith(CLIENT_PREFIX) else None


def digits_of(sent: Raw) -> str:
    """The text of a number that is in quotes or not; integers, which most are, are read at once."""
    value = _value(sent)
    if type(value) is int and -_LONG < value < _LONG:
        return str(value)
    return number_text(sent)


_LONG: Final = 10**38
_value: Final[Callable[[Raw], Any]] = msgspec.json.Decoder(Any).decode

_UNITS: Final = {10: 9, 13: 6, 16: 3}
"""Number of digits of a time in s, ms or µs → decimals of its unit that nanoseconds have."""


def epoch_ns(sent: Raw | UnsetType) -> int | None:
    """The nanoseconds of a time, whose digits tell its unit; None where there is none.

    Gate documents times of price orders in seconds and sends them in microseconds, and those of contracts have a
    fraction.
    """
    if sent is UNSET:
        return None
    value = _value(sent)
    # Most times are whole seconds or milliseconds.
    if type(value) is str and len(value) in (10, 13) and value.isdigit() and value.isascii() and value > "1":
        value = int(value)
    if type(value) is int:
        if 10**12 <= value < 10**13:
            return value * 1_000_000
        if 10**9 <= value < 10**10:
            return value * 1_000_000_000
    whole, _, part = number_text(sent).partition(".")
    if whole[:1] in ("", "-", "0"):
        return None
    decimals = _UNITS.get(len(whole), -1)
    return int(whole + part.ljust(decimals, "0")) if len(part) <= decimals else None


def first_ns(exact: Raw | UnsetType, other: Raw | UnsetType) -> int | None:
    """The nanoseconds of a time that may be given twice, of which the first one counts; both are checked."""
    exact_ns, other_ns = epoch_ns(exact), epoch_ns(other)
    return other_ns if exact is UNSET else exact_ns


def refused(raw: Refused, call: Call, table: CodeTable = LABELS) -> Normalised:
    """Map a failure: the request was refused as a whole."""
    return call.result([failed(raw, call, table)])


def failed(raw: Refused, call: Call, table: CodeTable, status: int | None = None) -> CancelEvent:
    """The event of a failure; ``status`` is that of an answer over a WebSocket."""
    said = raw.message or raw.detail or ""
    failure = verdict_of(table, raw.label, said, call.record.status if status is None else status)
    extra: dict[str, Any] = {"detail": prose(raw.detail)} if raw.message and raw.detail else {}
    if raw.timestamp is not UNSET:
        extra["timestamp"] = raw.timestamp
    return call.failed(failure, code=raw.label, message=said or None, extra=extra or None)


def spot_refused(raw: Refused, call: Call) -> Normalised:
    """Map a failure of spot."""
    return refused(raw, call, SPOT_LABELS)


ERRORS: Final = Errors(Refused, refused)
SPOT_ERRORS: Final = Errors(Refused, spot_refused)


def nothing_open(call: Call) -> Normalised:
    """Map an empty list: there was no order to cancel."""
    return call.result([call.scoped(NOTHING_OPEN)])


def answered_alike(_: Any) -> bool:
    """Placements, amendments and queries are answered as cancels are."""
    return True
