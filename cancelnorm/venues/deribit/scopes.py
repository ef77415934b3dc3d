"""Deribit: what it answers to a cancel of all orders of a scope, of a label, or of all quotes.

That is a number, or with ``detailed`` a report for each book, in which every canceled order is shown.
"""

from collections.abc import Sequence
from typing import Any, Final, Literal

from msgspec import UNSET, UnsetType

from cancelnorm.endpoint import Call
from cancelnorm.eventmap import NOTHING_OPEN, Verdict
from cancelnorm.reader.fast import builtins_of
from cancelnorm.reader.scalars import Int
from cancelnorm.reader.structs import Exact
from cancelnorm.schema import CancelEvent, Normalised, Scope
from cancelnorm.venue import endpoints
from cancelnorm.venues.deribit.messages import (
    DOCS,
    ERRORS,
    IDS,
    KEYS,
    Demand,
    Envelope,
    Fault,
    about_scope,
    answered,
    both,
    counted,
    demanded,
    fault_data,
    fault_fields,
    fault_verdict,
    is_shared_refusal,
    opened,
)
from cancelnorm.venues.deribit.orders import Order, asked, order_map

# --- What Deribit sends ---


class Report(Exact):
    """The orders of a book that were canceled."""

    currency: str  # of spot the pair: BTC_USDC
    type: Literal["limit", "trigger"]
    instrument_name: str | UnsetType = UNSET
    result: list[Order]


class FailedReport(Exact):
    """A book of which no order was canceled."""

    currency: str
    type: Literal["limit", "trigger"]
    instrument_name: str | UnsetType = UNSET  # where the error is about one instrument
    error: Fault


class ScopeAnswer(Envelope):
    """How many orders were canceled, or which."""

    result: Int | list[Report | FailedReport] | Demand


# --- What it means ---

REPORTED: Final = order_map(asked, given=("extra",))


def cancel_all(raw: ScopeAnswer, call: Call) -> Normalised:
    """Map the answer to a cancel of all orders of the account."""
    return _canceled(raw, call, scope=Scope.ACCOUNT)


def cancel_all_of(raw: ScopeAnswer, call: Call) -> Normalised:
    """Map the answer to a cancel of all orders of a scope."""
    return _canceled(raw, call)


def _canceled(raw: ScopeAnswer, call: Call, **fields: Any) -> Normalised:
    opened(raw, call)
    if isinstance(raw.result, Demand):
        return demanded(raw, raw.result, call)
    if isinstance(raw.result, int):
        return answered(raw, [counted(raw.result, call, **fields)], call)
    empty = [builtins_of(report) for report in raw.result if isinstance(report, Report) and not report.result]
    events = _reported(raw.result, call) or [about_scope(NOTHING_OPEN, call, **fields)]
    return answered(raw, events, call, {"result": empty} if empty else {})


def _reported(reports: Sequence[Report | FailedReport], call: Call) -> list[CancelEvent]:
    """An event for each order that was canceled, and one for each book that failed; a book may have had no order."""
    events: list[CancelEvent] = []
    for i, report in enumerate(reports):
        at = f"$.result[{i}]"
        said: dict[str, Any] = {"currency": report.currency, "type": report.type}
        if isinstance(report, Report):
            named = report.instrument_name
            if named is not UNSET and any(row.instrument_name != named for row in report.result):
                said["instrument_name"] = named
            rows = report.result
            events += REPORTED.events(rows, call, f"{at}.result[{{}}]", start=len(events), given=(said,))
        else:
            fault = report.error
            said |= fault_data(fault)
            verdict = fault_verdict(fault, call)
            fields = fault_fields(fault)
            events.append(_about(report, verdict, call, at, len(events), **fields, extra=said))
    return events


def _about(
    report: FailedReport, verdict: Verdict, call: Call, at: str, index: int, **fields: Any
) -> CancelEvent:
    """The event of a book that failed."""
    symbol = report.instrument_name or None
    scope = {} if symbol is None else {"symbol": symbol, "scope": Scope.SYMBOL}
    return call.scoped(verdict, path=at, index=index, **scope, **fields)


def _is_shared(raw: Any) -> bool:
    """Whether other requests may be answered alike: nothing else is answered with a small number, or with reports."""
    if isinstance(raw, ScopeAnswer):
        return isinstance(raw.result, Demand) or raw.result == []
    return is_shared_refusal(raw)


# --- Endpoints ---

_METHODS: Final = (
    "private/cancel_all_by_currency",
    "private/cancel_all_by_currency_pair",
    "private/cancel_all_by_instrument",
    "private/cancel_all_by_kind_or_type",
    "private/cancel_by_label",
    "private/cancel_quotes",
)

ENDPOINTS: Final = endpoints(
    *both("private/cancel_all", ScopeAnswer, cancel_all),
    *[row for method in _METHODS for row in both(method, ScopeAnswer, cancel_all_of)],
    product=None,
    request=KEYS,
    errors=ERRORS,
    is_shared=_is_shared,
    cancels=True,
    ids=IDS,
    docs=DOCS,
)
