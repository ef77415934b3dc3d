"""Bybit contracts before v3 (until 2023): what linear and inverse ones share.

Keys are in snake case, numbers are in quotes or not, and times are ISO texts or seconds with a fraction.
"""

import re
from collections.abc import Callable, Sequence
from typing import Any, Final, Literal

from msgspec import UNSET, Struct, UnsetType
from msgspec.structs import replace

from cancelnorm.completion import completed
from cancelnorm.endpoint import Call, Errors
from cancelnorm.eventmap import EventMap, always, text
from cancelnorm.prose import prose
from cancelnorm.reader.fast import builtins_of
from cancelnorm.reader.scalars import Failed, Int, Prose
from cancelnorm.reader.structs import Exact
from cancelnorm.request import RequestKeys
from cancelnorm.schema import CancelEvent, EventKind, Evidence, Normalised, OrderType, Scope, TimeInForce
from cancelnorm.venues.bybit.causes import causes
from cancelnorm.venues.bybit.messages import TAKEN, Empty, Refused, envelope, refused
from cancelnorm.venues.bybit.states import note_unshown

# --- What Bybit sends ---


class Envelope(Exact):
    """Fields of every answer beside its ``result``; queries may leave out the limits."""

    ret_msg: Prose
    ext_code: Prose | UnsetType | None = UNSET
    ext_info: Prose | UnsetType | None = UNSET
    time_now: str | UnsetType = UNSET  # seconds with a fraction, in quotes
    rate_limit_status: Int | UnsetType = UNSET
    rate_limit_reset_ms: Int | UnsetType = UNSET
    rate_limit: Int | str | UnsetType = UNSET  # in quotes for conditional orders


class V2Refused(Envelope):
    """A refusal."""

    ret_code: Failed
    result: Empty | list[Empty] | UnsetType | None = UNSET


class StopName(Exact):
    """A conditional order whose cancel was taken."""

    stop_order_id: str


class StopTaken(Envelope):
    """The acknowledgement of a cancel of one conditional order."""

    ret_code: Literal[0]
    result: StopName


# --- What it means ---

KEYS: Final = RequestKeys(
    symbol=("symbol",), order_id=("order_id", "stop_order_id"), client_order_id=("order_link_id",)
)

_SECONDS: Final = re.compile(r"([0-9]{10})(?:\.([0-9]{1,9}))?", re.ASCII)


def ns_of_seconds(sent: str) -> int | None:
    """Seconds since the epoch with up to nine decimals to nanoseconds; None for anything else."""
    match = _SECONDS.fullmatch(sent)
    return None if match is None else int(match[1] + (match[2] or "").ljust(9, "0"))


_TYPES: Final = {"Limit": OrderType.LIMIT, "Market": OrderType.MARKET}
TIMES_IN_FORCE: Final = {
    "GoodTillCancel": TimeInForce.GTC,
    "ImmediateOrCancel": TimeInForce.IOC,
    "FillOrKill": TimeInForce.FOK,
    "PostOnly": TimeInForce.GTC,
}
POST_ONLY: Final = {name: name == "PostOnly" for name in TIMES_IN_FORCE}
of_words: Final = causes(Evidence.TERMINAL_STATUS)


def order_type(kind: str, time_in_force: str) -> OrderType | None:
    """The type of an order; None for a word that is not known."""
    found = _TYPES.get(kind)
    return OrderType.LIMIT_MAKER if found is OrderType.LIMIT and time_in_force == "PostOnly" else found


STOP_NAMED: Final = EventMap(StopName, always(TAKEN), order_id=text(StopName.stop_order_id))


def stop_cancel(raw: StopTaken, call: Call) -> Normalised:
    """Map the acknowledgement of a cancel of one conditional order: its end is not known."""
    opened(raw, call)
    event = STOP_NAMED.event(raw.result, call, "$.result")
    return result([filled_in(event, call)], raw, call)


def queried(by_row: EventMap) -> Callable[[Any, Call], Normalised]:
    """Function that maps the answer to a query: the order, or the orders, in it that are about a cancel."""

    def query(raw: Any, call: Call) -> Normalised:
        opened(raw, call)
        at, shown = "$.result", raw.result
        if isinstance(shown, Struct):
            rows: Sequence[Struct] = [shown]
            events = by_row.events(rows, call, at)
        else:
            rows = shown or []
            events = by_row.events(rows, call, f"{at}[{{}}]")
        note_unshown(map(_name, rows), call, at)
        return result(call.or_unknown(events, at), raw, call)

    return query


def listed(by_row: EventMap) -> Callable[[Any, Call], Normalised]:
    """Function that maps a page of orders: those in it that are about a cancel."""

    def page(raw: Any, call: Call) -> Normalised:
        opened(raw, call)
        at, rows = "$.result.data", raw.result.data or []
        events = by_row.events(rows, call, f"{at}[{{}}]")
        note_unshown(map(_name, rows), call, at)
        said = {key: value for key, value in builtins_of(replace(raw.result, data=None)).items() if value}
        return result(call.or_unknown(events, at), raw, call, said)

    return page


def _name(row: Struct) -> tuple[str, str]:
    """The ids of an order that is shown; in lists of conditional orders its id has another key."""
    key = "stop_order_id" if "stop_order_id" in row.__struct_fields__ else "order_id"
    return getattr(row, key), getattr(row, "order_link_id")  # noqa: B009  # no struct has all rows


def _refused(raw: V2Refused, call: Call) -> Normalised:
    """Map a refusal, as of v5."""
    opened(raw, call)
    said = refused(Refused(ret_code=raw.ret_code, ret_msg=raw.ret_msg), call)
    return result(list(said.events), raw, call)


def filled_in(event: CancelEvent, call: Call) -> CancelEvent:
    """Fill in what the answer about one order left out and its request says."""
    return completed(event, call.target, call, "$.result") if call.record.request else event


def whole(call: Call) -> CancelEvent:
    """The event of a cancel of all that names no order: nothing says that nothing was open."""
    scope = Scope.SYMBOL if call.target.symbol else None
    return call.event(EventKind.SCOPE, TAKEN, call.target, path="$.result", scope=scope)


def opened(raw: Envelope, call: Call) -> None:
    """Take from an answer what its events need."""
    call.response_ns = ns_of_seconds(raw.time_now or "")


def result(
    events: Sequence[CancelEvent], raw: Envelope, call: Call, page: dict[str, Any] | None = None
) -> Normalised:
    """Put the result together, with what the envelope says and no event does."""
    extra = {} if isinstance(raw, V2Refused) else envelope(raw.ret_msg, None)
    for name in ("ext_code", "ext_info"):
        said = getattr(raw, name)
        if said:
            extra[name] = prose(said)
    extra |= page or {}
    if raw.time_now and call.response_ns is None:
        extra["time_now"] = raw.time_now
    names = ("rate_limit_status", "rate_limit_reset_ms", "rate_limit")
    limits = {name: value for name in names if (value := getattr(raw, name)) is not UNSET}
    return call.result(events, extra=extra, rate_limits=(limits,) if limits else None)


def is_shared(raw: Envelope) -> bool:
    """Whether an answer, without its request, may be to another request than a cancel."""
    return "cancel" not in raw.ret_msg.casefold()


def is_shared_refusal(raw: Envelope) -> bool:
    """The same where nothing else is acknowledged alike."""
    return isinstance(raw, V2Refused) and is_shared(raw)


ERRORS: Final = Errors(V2Refused, _refused)
QUERY_ERRORS: Final = ERRORS._replace(of_query=is_shared)
