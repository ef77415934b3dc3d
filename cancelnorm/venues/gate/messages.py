"""Gate messages that all products and transports share: refusals, times, client ids.

Answers have no envelope: the body is the order, or the rows, or ``label`` and ``message``.
"""

import re
from collections.abc import Callable
from typing import Any, ClassVar, Final

from msgspec import UNSET, Raw, UnsetType
from msgspec.structs import replace

from cancelnorm.completion import all_completed
from cancelnorm.endpoint import Call, Errors, IdSpace
from cancelnorm.eventmap import NOTHING_OPEN, CodeTable, EventMap, Verdict, verdict_of
from cancelnorm.prose import prose
from cancelnorm.reader.scalars import ZEROS, Int, Prose, number_text
from cancelnorm.reader.structs import Exact
from cancelnorm.record import OBJECT
from cancelnorm.request import RequestKeys
from cancelnorm.schema import CancelEvent, Evidence, Normalised, Outcome, Product, Reason, Scope
from cancelnorm.venues.gate.endings import is_zero
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
BATCH_KEYS: Final = replace(CONTRACT_KEYS, order_ids=("ids",), array="ids")
"""Of several contracts' orders: an array of their ids, without a name."""

TAKEN: Final = Verdict(Outcome.PENDING, Evidence.ACKNOWLEDGED)
OPEN: Final = Verdict(Outcome.UNKNOWN, Evidence.NONE)
NONE_NAMED: Final = Verdict(Outcome.REJECTED, Evidence.LISTED, Reason.NOT_FOUND)
"""Of orders that the request names, none is listed."""


NOTHING: Final = (0, *ZEROS)
"""Every way to write that there is no time, price or size."""


def client_id(text: str | UnsetType) -> str | None:
    """The client's id of an order: any other text says where the order comes from, as ``web`` and ``-``."""
    return text if text and text.startswith(CLIENT_PREFIX) else None


def digits_of(sent: Raw) -> str:
    """The text of a number that is in quotes or not; one that is short and plain is read at once."""
    text = str(sent, "utf-8", "replace").strip('"')
    match = _PLAIN.fullmatch(text)
    return match[0] if match else number_text(sent)


_PLAIN: Final = re.compile(r"-?[1-9][0-9]{0,18}(?:\.[0-9]{1,18})?|0", re.ASCII)


_NANOSECONDS: Final = {10: 10**9, 13: 10**6}
_UNITS: Final = {10: 9, 13: 6, 16: 3}
"""Number of digits of a time in s, ms or µs → decimals of its unit that nanoseconds have."""


def epoch_ns(sent: Raw | UnsetType) -> int | None:
    """The nanoseconds of a time, whose digits tell its unit; None where there is none.

    Gate documents times of price orders in seconds and sends them in microseconds, and those of contracts have a
    fraction.
    """
    if sent is UNSET:
        return None
    text = str(sent, "utf-8", "replace").strip('"')
    # Most times are whole seconds or milliseconds.
    if (unit := _NANOSECONDS.get(len(text))) and text.isdigit() and text.isascii() and text > "1":
        return int(text) * unit
    whole, _, part = digits_of(sent).partition(".")
    if whole[:1] in ("", "-", "0"):
        return None
    decimals = _UNITS.get(len(whole), -1)
    return int(whole + part.ljust(decimals, "0")) if len(part) <= decimals else None


def first_ns(exact: Raw | UnsetType, other: Raw | UnsetType) -> int | None:
    """The nanoseconds of a time that may be given twice, of which the first one counts, unless it is 0."""
    exact_ns = epoch_ns(exact)
    return epoch_ns(other) if exact_ns is None and (exact is UNSET or is_zero(exact)) else exact_ns


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
    scope = {"scope": Scope.UNDERLYING} if names_underlying(call) else {}
    return call.result([call.scoped(NOTHING_OPEN, **scope)])


def names_underlying(call: Call) -> bool:
    """Whether a request is about all options of an underlying."""
    request = call.record.request
    return isinstance(request, OBJECT) and bool(request.get("underlying")) and not request.get("contract")


def one_shown(each: EventMap) -> Callable[[Any, Call], Normalised]:
    """Function that maps an answer that shows the order: it may have been filled before."""
    return lambda raw, call: call.result(all_completed([each.event(raw, call, "$")], call))


def all_shown(each: EventMap) -> Callable[[Any, Call], Normalised]:
    """Function that maps an answer that shows all orders."""
    return lambda raw, call: call.result(each.events(raw, call, "$[{}]")) if raw else nothing_open(call)


def answered_alike(_: Any) -> bool:
    """Placements, amendments and queries are answered as cancels are."""
    return True
