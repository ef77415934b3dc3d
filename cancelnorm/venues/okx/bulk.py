"""OKX: cancels of many orders that name none, and dead-man switches.

There is no cancel of all ordinary orders, only of those under market-maker protection, of spreads, and of requests
for quotes and quotes.
"""

import re
from typing import Any, Final

from msgspec import UNSET, UnsetType

from cancelnorm.endpoint import Call, IdSpace
from cancelnorm.eventmap import Absent, EventMap, Verdict, always, by_words, made, rejected, time, verdict_of
from cancelnorm.reader.scalars import EpochText
from cancelnorm.reader.structs import Camel
from cancelnorm.request import RequestKeys
from cancelnorm.schema import (
    CancelEvent,
    EventKind,
    Evidence,
    Initiator,
    Normalised,
    Outcome,
    Product,
    Reason,
    Scope,
)
from cancelnorm.venue import endpoint, endpoints
from cancelnorm.venues.okx.codes import CODES
from cancelnorm.venues.okx.messages import DOCS, ERRORS, IDS, OPEN, TAKEN, Envelope, envelope, listed, refused

# --- What OKX sends ---


class MassRow(Camel):
    """Whether a cancel of all orders of a scope was accepted."""

    result: bool  # nobody has recorded false


class MassAnswer(Envelope):
    """The answer to a cancel of all orders of a scope."""

    data: list[MassRow]


class TimerRow(Camel):
    """A dead-man switch after a request to set or to stop it; both times are seconds, of ten digits."""

    trigger_time: str  # "0": stopped
    ts: str  # when the request came
    tag: str | UnsetType = UNSET  # of the orders that it is for, "" for all; since 2023-06


class TimerAnswer(Envelope):
    """The answer to a request to set or to stop a dead-man switch."""

    data: list[TimerRow]


class AllRow(Camel):
    """When all requests for quotes, or all quotes, were canceled."""

    ts: EpochText  # ms, other than that of a dead-man switch


class AllAnswer(Envelope):
    """The answer to a cancel of all requests for quotes, or of all quotes."""

    data: list[AllRow]


# --- What it means ---

SPREAD_IDS: Final = IdSpace("okx spread", by_symbol=False)
FAMILY_KEYS: Final = RequestKeys(wrapper=("args",))
SPREAD_SCOPE: Final = RequestKeys(symbol=("sprdId",), wrapper=("args",))


def mass_cancel(raw: MassAnswer, call: Call) -> Normalised:
    """Map the answer to a cancel of all orders of a scope: a family of options, a spread, or all spreads."""
    if not raw.data:
        return refused(raw, call)
    said = envelope(raw, call)
    return call.result([_mass(raw, i, row, call) for i, row in enumerate(raw.data)], extra=said)


def _mass(raw: MassAnswer, i: int, row: MassRow, call: Call) -> CancelEvent:
    if raw.code == "0":
        verdict = TAKEN if row.result else rejected(Reason.OTHER)
    else:
        verdict = OPEN if row.result else verdict_of(CODES, raw.code, raw.msg, call.record.status)
    if row.result != (raw.code == "0"):
        call.note("contradiction", f"$.data[{i}].result", f"the result beside code {raw.code}", row.result)
    return call.event(
        EventKind.SCOPE,
        verdict,
        call.target,
        index=i,
        path=f"$.data[{i}]",
        scope=_scope(call),
        code=raw.code or None,
        message=raw.msg,
    )


def _scope(call: Call) -> Scope | None:
    """What a cancel of all orders covers: the options of a family, or the spreads that the request says."""
    if call.endpoint.product is Product.OPTION:
        return Scope.UNDERLYING
    if call.target.symbol:
        return Scope.SYMBOL
    return Scope.PRODUCT if call.endpoint.product and call.record.request is not None else None


_SECONDS: Final = re.compile("[1-9][0-9]{9}", re.ASCII)


def ns_of_seconds(text: str) -> int | None:
    """Seconds since the epoch, of ten digits, to nanoseconds; None for anything else."""
    return int(text) * 1_000_000_000 if _SECONDS.fullmatch(text) else None


_ARMED: Final = TAKEN._replace(initiator=Initiator.TIMER)


def _timer(trigger_time: str) -> Verdict:
    return TAKEN if trigger_time == "0" else _ARMED


def _timer_scope(tag: str | UnsetType) -> Scope | None:
    """A switch without a tag is for all orders; there is no word of ours for those of a tag."""
    return None if tag else Scope.ACCOUNT


TIMER: Final = EventMap(
    TimerRow,
    by_words(_timer, TimerRow.trigger_time),
    kind=EventKind.TIMER,
    absent=Absent.EMPTY,
    also=(TimerRow.trigger_time, TimerRow.tag),
    event_ns=made(ns_of_seconds, TimerRow.ts),
)
ACCOUNT_TIMER: Final = TIMER.extended(TimerRow, scope=made(_timer_scope, TimerRow.tag))
ALL: Final = EventMap(
    AllRow,
    always(Verdict(Outcome.CANCELED, Evidence.SUCCESS_FLAG)),
    kind=EventKind.SCOPE,
    event_ns=time(AllRow.ts),
)


def account_timer(raw: TimerAnswer, call: Call) -> Normalised:
    """Map the answer about the dead-man switch of ordinary orders."""
    return _listed(raw, raw.data, ACCOUNT_TIMER, call)


def timer(raw: TimerAnswer, call: Call) -> Normalised:
    """Map the answer about the dead-man switch of spreads, or of quotes."""
    return _listed(raw, raw.data, TIMER, call)


def all_canceled(raw: AllAnswer, call: Call) -> Normalised:
    """Map the answer to a cancel of all requests for quotes, or of all quotes: it says when that was done."""
    return _listed(raw, raw.data, ALL, call)


def is_shared(raw: Any) -> bool:
    """Whether an answer, without its request, may be to anything else as well.

    A time alone is also that of the venue's clock, a result alone that of a reset of market-maker protection.
    """
    return not getattr(raw, "data", ()) or not isinstance(raw, TimerAnswer)


def _listed(raw: Envelope, rows: Any, by_row: EventMap, call: Call) -> Normalised:
    if not rows:
        return refused(raw, call)
    events, said = listed(raw, rows, by_row, call)
    return call.result(events, extra=said)


# --- Endpoints ---

ENDPOINTS: Final = endpoints(
    endpoint(
        "POST /api/v5/trade/mass-cancel",
        MassAnswer,
        mass_cancel,
        page="order-book-trading-trade-post-mass-cancel-order",
        product=Product.OPTION,
        request=FAMILY_KEYS,
    ),
    endpoint(
        "POST /api/v5/trade/cancel-all-after",
        TimerAnswer,
        account_timer,
        page="order-book-trading-trade-post-cancel-all-after",
    ),
    endpoint(
        "POST /api/v5/sprd/mass-cancel",
        MassAnswer,
        mass_cancel,
        page="spread-trading-rest-api-cancel-all-orders",
        product=Product.SPREAD,
        request=SPREAD_SCOPE,
        ids=SPREAD_IDS,
    ),
    endpoint(
        "POST /api/v5/sprd/cancel-all-after",
        TimerAnswer,
        timer,
        page="spread-trading-rest-api-cancel-all-after",
        product=Product.SPREAD,
        ids=SPREAD_IDS,
    ),
    endpoint(
        "POST /api/v5/rfq/cancel-all-after",
        TimerAnswer,
        timer,
        page="block-trading-rest-api-cancel-all-after",
    ),
    endpoint(
        "POST /api/v5/rfq/cancel-all-rfqs",
        AllAnswer,
        all_canceled,
        page="block-trading-rest-api-cancel-all-rfqs",
    ),
    endpoint(
        "POST /api/v5/rfq/cancel-all-quotes",
        AllAnswer,
        all_canceled,
        page="block-trading-rest-api-cancel-all-quotes",
    ),
    product=None,
    errors=ERRORS,
    is_shared=is_shared,
    ids=IDS,
    docs=DOCS,
)
