"""Hyperliquid messages that both transports share: the answers to actions, whose rows have no ids.

An answer names neither its action nor its orders: what an order is, only the request says, by position.
"""

from collections.abc import Callable, Sequence
from typing import Any, Final, Literal

from msgspec import UNSET, UnsetType
from msgspec.structs import replace

from cancelnorm.caching import cached
from cancelnorm.endpoint import Call, IdSpace
from cancelnorm.eventmap import Verdict
from cancelnorm.reader.fast import builtins_of
from cancelnorm.reader.scalars import Int, Prose
from cancelnorm.reader.structs import Camel, Exact
from cancelnorm.request import Target
from cancelnorm.schema import (
    CancelEvent,
    EventKind,
    Evidence,
    Initiator,
    OrderStatus,
    Outcome,
    Product,
    Scope,
)
from cancelnorm.venues.hyperliquid.refusals import refusal, refusal_to_replace

# --- What Hyperliquid sends ---


class RowError(Exact):
    """A refusal of one order."""

    error: Prose


class Statuses(Exact):
    """Result for each order, in the order of the request."""

    statuses: list[Literal["success"] | RowError]


class CancelResponse(Exact):
    """Result of a cancel, by order id or by client id."""

    type: Literal["cancel"]
    data: Statuses


class TwapStatus(Exact):
    """Result of the cancel of a TWAP order."""

    status: Literal["success"] | RowError


class TwapResponse(Exact):
    """The same, in its envelope."""

    type: Literal["twapCancel"]
    data: TwapStatus


class DefaultResponse(Exact):
    """An action was taken, of any kind: transfers have the same answer."""

    type: Literal["default"]


class Resting(Camel):
    """A new order on the book."""

    oid: Int
    cloid: str | UnsetType | None = UNSET  # if it has one


class Filled(Camel):
    """A new order that was filled at once."""

    total_sz: str
    avg_px: str
    oid: Int
    cloid: str | UnsetType | None = UNSET  # if it has one


class PlacedRow(Exact):
    """A row of a new order; it has one of these keys."""

    resting: Resting | UnsetType = UNSET
    filled: Filled | UnsetType = UNSET


class PlacedRows(Exact):
    """Result for each new order, in the order of the request."""

    # Triggered orders wait; nobody has recorded that of an order that was replaced.
    statuses: list[PlacedRow | RowError | Literal["waitingForFill", "waitingForTrigger"]]


class OrderResponse(Exact):
    """Result for new orders, also of those that replaced others."""

    type: Literal["order"]
    data: PlacedRows


class Answer(Exact):
    """An answer; "ok" says nothing of the rows in it."""

    status: Literal["ok", "err"]


class CancelAnswer(Answer):
    """The answer to a cancel; a text where it was refused as a whole."""

    response: CancelResponse | Prose


class TwapAnswer(Answer):
    """The answer to the cancel of a TWAP order."""

    response: TwapResponse | Prose


class DefaultAnswer(Answer):
    """The answer to an action without data."""

    response: DefaultResponse | Prose


class OrderAnswer(Answer):
    """The answer to orders that replace others."""

    response: OrderResponse | Prose


# --- What it means ---


_SPOT: Final = range(10_000, 100_000)
_BUILDERS: Final = range(100_000, 100_000_000)  # perpetuals of others; beyond are outcome markets


@cached(1_024)
def product_of_asset(asset: object) -> Product | None:
    """The product of the number of an asset; None of outcome markets."""
    if not isinstance(asset, str) or not asset.isdecimal() or len(asset) > _DIGITS:
        return None
    number = int(asset)
    if number in _SPOT:
        return Product.SPOT
    return Product.LINEAR if number < _SPOT.start or number in _BUILDERS else None


_DIGITS: Final = 12


@cached(1_024)
def product_of(coin: str) -> Product | None:
    """The product of a market: ``PURR/USDC`` or ``@107`` is a pair, ``BTC`` or ``xyz:TSLA`` a perpetual."""
    if "/" in coin or coin.startswith("@"):
        return Product.SPOT
    return None if not coin or coin.startswith("#") else Product.LINEAR


IDS: Final = IdSpace("hyperliquid", by_symbol=False, ignores_case=True)  # hexadecimal
TWAP_IDS: Final = IdSpace("hyperliquid twap", by_symbol=False)
DOCS: Final = "https://hyperliquid.gitbook.io/hyperliquid-docs/for-developers/api/"

CANCELED: Final = Verdict(Outcome.CANCELED, Evidence.SUCCESS_FLAG, status=OrderStatus.CANCELED)
TAKEN: Final = Verdict(Outcome.PENDING, Evidence.ACKNOWLEDGED)
REPLACING: Final = TAKEN._replace(initiator=Initiator.AMEND)
OPEN: Final = Verdict(Outcome.UNKNOWN, Evidence.NONE)
_NOBODY: Final = Target()

Rows = Callable[[Any, Call, str], list[CancelEvent]]
"""Function that makes the events of a response at a path."""

Refused = Callable[[str, Call], CancelEvent]
"""Function that makes the event of a refusal."""


def answer_events(raw: Any, call: Call, at: str, rows: Rows, refused: Refused) -> list[CancelEvent]:
    """The events of an answer at a path; beside a failure it is not known what its rows mean."""
    if isinstance(raw.response, str):
        if raw.status != "ok":
            return [refused(raw.response, call)]
        call.note("contradiction", f"{at}.status", "a success with the text of a refusal", raw.status)
        return opened([refused(raw.response, call)])
    events = rows(raw.response, call, f"{at}.response")
    if raw.status != "err":
        return events
    call.note("contradiction", f"{at}.status", "an answer beside a failure", raw.status)
    return opened(events)


def opened(events: Sequence[CancelEvent]) -> list[CancelEvent]:
    """The same, of which nothing is known."""
    return [replace(event, outcome=OPEN.outcome, evidence=OPEN.evidence) for event in events]


_STATUSES: Final = ("ok", "err")
_TYPES: Final = ("cancel", "twapCancel", "default", "order")


def said_beside(raw: Any) -> dict[str, Any]:
    """The words of an answer that nobody knows."""
    said = {} if raw.status in _STATUSES else {"status": raw.status}
    kind = None if isinstance(raw.response, str) else raw.response.type
    return said if kind is None or kind in _TYPES else {**said, "type": kind}


def refused(text: str, call: Call) -> CancelEvent:
    """The event of an action that was refused as a whole, before any row of it."""
    return call.failed(refusal(text, call.record.status), message=text)


def not_replaced(text: str, call: Call) -> CancelEvent:
    """The same of an order that was to be replaced; without the request it may have been anything."""
    if call.record.endpoint is None:
        return refused(text, call)
    return call.failed(refusal_to_replace(text, call.record.status), message=text)


def timer_refused(text: str, call: Call) -> CancelEvent:
    """The same of a timer; without the request it may have been anything."""
    if call.record.endpoint is None:
        return refused(text, call)
    verdict = refusal(text, call.record.status)
    return call.event(EventKind.TIMER, verdict, scope=Scope.ACCOUNT, message=text)


def canceled(response: CancelResponse, call: Call, at: str) -> list[CancelEvent]:
    """The events of a cancel, a row each.

    A refusal beside the cancel of its parent does not say that the order was closed before: it was canceled with it.
    """
    return placed(response.data.statuses, call, f"{at}.data.statuses", _canceled_row)


def twap_canceled(response: TwapResponse, call: Call, at: str) -> list[CancelEvent]:
    """The event of the cancel of a TWAP order."""
    return [_canceled_row(response.data.status, call, call.target, 0, f"{at}.data.status")]


def replaced(response: OrderResponse, call: Call, at: str) -> list[CancelEvent]:
    """The events of orders that others replace: the new ones are told, the end of the old ones only follows."""
    return placed(response.data.statuses, call, f"{at}.data.statuses", _replaced_row)


def placed(
    rows: Sequence[Any],
    call: Call,
    at: str,
    of_row: Callable[[Any, Call, Target, int, str], CancelEvent],
) -> list[CancelEvent]:
    """The events of rows, which are about the orders of the request at their places.

    Where their numbers differ, nobody knows which row is whose.
    """
    targets = call.targets
    if targets and len(targets) != len(rows):
        message = f"orders of the request: {len(targets)}, rows of the answer: {len(rows)}"
        call.note("length-mismatch", at, message, builtins_of(rows))
        return [call.event(EventKind.ORDER, OPEN, target, index=i) for i, target in enumerate(targets)]
    if not rows:
        call.note("empty-list", at, "a success without rows")
        return [call.scoped(OPEN)]
    return [
        of_row(row, call, targets[i] if targets else _NOBODY, i, f"{at}[{i}]") for i, row in enumerate(rows)
    ]


def _canceled_row(row: str | RowError, call: Call, target: Target, i: int, path: str) -> CancelEvent:
    if isinstance(row, RowError):
        verdict = refusal(row.error, call.record.status)
        return call.failed(verdict, target, index=i, path=path, message=row.error)
    if row == "success":
        return call.failed(CANCELED, target, index=i, path=path)
    return call.failed(OPEN, target, index=i, path=path, raw_status=row)


def _replaced_row(
    row: PlacedRow | RowError | str, call: Call, target: Target, i: int, path: str
) -> CancelEvent:
    if isinstance(row, RowError):
        verdict = refusal_to_replace(row.error, call.record.status)
        return call.failed(verdict, target, index=i, path=path, message=row.error)
    if isinstance(row, str):
        verdict = REPLACING if row in _WAITING and call.record.endpoint is not None else OPEN
        return call.failed(verdict, target, index=i, path=path, raw_status=row)
    new = [each for each in (row.resting, row.filled) if each is not UNSET]
    said = builtins_of(row) or None
    if len(new) != 1:
        call.note("contradiction", path, f"new orders in a row: {len(new)}", said)
        return call.failed(OPEN, target, index=i, path=path, extra=said)
    if call.record.endpoint is None:  # a placement is answered in the same words
        return call.failed(OPEN, target, index=i, path=path, extra=said)
    return call.failed(REPLACING, target, index=i, path=path, replaced_by=str(new[0].oid), extra=said)


_WAITING: Final = ("waitingForFill", "waitingForTrigger")


def default(verdict: Verdict, kind: EventKind | None = None, scope: Scope | None = None) -> Rows:
    """Function that makes the event of an action that was taken; without the request it may have been any."""

    def taken(response: DefaultResponse, call: Call, at: str) -> list[CancelEvent]:
        if call.record.endpoint is None or response.type != "default":
            return [call.failed(OPEN, path=at)]
        if kind is None:
            return [call.failed(verdict, path=at)]
        return [call.event(kind, verdict, scope=scope, path=at)]

    return taken


def is_anyones(raw: Any) -> bool:
    """Whether an answer, without its request, may be to another action as well: only cancels have their own."""
    return not isinstance(raw.response, CancelResponse | TwapResponse)
