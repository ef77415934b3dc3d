"""Kraken Futures messages that all answers share: the envelope, errors, times, products, what requests name.

The envelope says ``success`` even where an order was not found: the verdict on an order stands within.
"""

from typing import Any, ClassVar, Final

from msgspec import UNSET, UnsetType
from msgspec.structs import replace

from cancelnorm.caching import cached
from cancelnorm.completion import all_completed, completed
from cancelnorm.endpoint import Call, Errors, IdSpace
from cancelnorm.eventmap import EventMap, Said, Verdict, verdict_of
from cancelnorm.eventmap.columns import member
from cancelnorm.prose import prose
from cancelnorm.reader.instants import ns_of_date_time
from cancelnorm.reader.scalars import Epoch, Int, Prose, ns_of
from cancelnorm.reader.structs import Camel
from cancelnorm.request import RequestKeys, Target
from cancelnorm.schema import (
    CancelEvent,
    EventKind,
    Evidence,
    Normalised,
    Outcome,
    Product,
    QuantityUnit,
    Reason,
)
from cancelnorm.venues.kraken_futures.codes import CODES

# --- What Kraken Futures sends ---


class Success(Camel):
    """What every answer to a request that was taken says; the order may be gone or not."""

    result: str  # success
    server_time: str


class NamedError(Camel):
    """A request that was refused, by a word: ``apiLimitExceeded``, or ``invalidArgument: order_id``."""

    bare: ClassVar = True
    result: str  # error
    error: Prose
    status: str | UnsetType = UNSET  # the word for the status of HTTP
    server_time: str | UnsetType = UNSET


class Fault(Camel):
    """What was wrong with a request."""

    code: Int | None
    message: Prose


class NumberedError(Camel):
    """The same since 2023, by numbers; what the engine refuses has nothing beside these."""

    bare: ClassVar = True
    errors: list[Fault]
    result: str | UnsetType = UNSET  # error
    status: str | UnsetType = UNSET  # the word for the status of HTTP
    error: Prose | UnsetType = UNSET  # documented
    server_time: str | UnsetType = UNSET


class NoSuchPath(Camel):
    """The answer to a path that does not exist; ``path`` repeats the parameters of the request."""

    bare: ClassVar = True
    timestamp: Epoch
    path: Prose
    status: Int
    error: Prose
    message: Prose
    request_id: str


Error = NamedError | NumberedError | NoSuchPath

# --- What it means ---


_PREFIXES: Final = {
    "PI": Product.INVERSE,
    "FI": Product.INVERSE,
    "PF": Product.LINEAR,
    "FF": Product.LINEAR,
}


@cached(1_024)
def product_of(name: object) -> Product | None:
    """The product of an instrument by the prefix of its name, which was in lower case until 2022."""
    if not isinstance(name, str):
        return None
    prefix, separator, _ = name.partition("_")
    return _PREFIXES.get(prefix.upper()) if separator else None


def unit_of(name: str) -> QuantityUnit | None:
    """The unit of an instrument's quantities: inverse contracts are dollars, linear ones have the size of the base."""
    product = product_of(name)
    return None if product is None else _UNITS[product]


_UNITS: Final = {Product.INVERSE: QuantityUnit.CONTRACTS, Product.LINEAR: QuantityUnit.BASE}

IDS: Final = IdSpace("kraken futures", by_symbol=False)
KEYS: Final = RequestKeys(
    symbol=("symbol",),
    order_id=("order_id", "orderId"),
    client_order_id=("cliOrdId",),
    product=("symbol",),
    product_of=product_of,
)
DOCS: Final = "https://docs.kraken.com/api/docs/futures-api/trading/"

OPEN: Final = Verdict(Outcome.UNKNOWN, Evidence.NONE)


def opened(raw: Success, call: Call) -> dict[str, Any]:
    """Take from an answer when it was sent; a time that cannot be read is returned."""
    return _envelope(raw.result, "success", raw.server_time, call)


def _envelope(result: str | UnsetType, usual: str, sent: str | UnsetType, call: Call) -> dict[str, Any]:
    if result is not UNSET and result != usual:
        call.note("contradiction", "$.result", f"the rest says {usual}", result)
    call.response_ns = ns_of_date_time(sent)
    return {"serverTime": sent} if sent and call.response_ns is None else {}


def _fault(code: int | None, message: str, status: int | None) -> Verdict:
    """The verdict of a fault; one without a number may have a word that is known."""
    verdict = verdict_of(CODES, message if code is None else code, message, status)
    return verdict if code is None else verdict._replace(code=str(code))


FAULT: Final = EventMap(
    Fault,
    Said(
        (member(Fault.code), member(Fault.message)),
        function=_fault,
        reads_status=True,
        message=member(Fault.message),
    ),
    kind=EventKind.REQUEST,
)


def refused(raw: Error, call: Call) -> Normalised:
    """Map an error: the request was refused as a whole."""
    match raw:
        case NamedError():
            said = _envelope(raw.result, "error", raw.server_time, call)
            said |= {"status": raw.status} if raw.status else {}
            word = raw.error.partition(":")[0]
            return _failed(word if word in CODES else raw.error, raw.error, said, call)
        case NoSuchPath():
            call.response_ns = ns_of(raw.timestamp)
            said = {"path": prose(raw.path), "requestId": raw.request_id, "message": prose(raw.message)}
            said = {key: value for key, value in said.items() if value}
            return _failed(raw.status, raw.error, said, call)
        case NumberedError():
            return _faults(raw, call)


def _failed(code: int | str, message: str, said: dict[str, Any], call: Call) -> Normalised:
    verdict = verdict_of(CODES, code, message, call.record.status)
    named = prose(code) if isinstance(code, str) else str(code)
    text = None if message == named else message  # a word says all there is
    return call.result([call.failed(verdict, code=named or None, message=text)], extra=said)


def _faults(raw: NumberedError, call: Call) -> Normalised:
    """Map the faults of a request, mostly one; where that has no number, the word for the status tells."""
    said = _envelope(raw.result, "error", raw.server_time, call)
    said |= {"status": raw.status} if raw.status else {}
    said |= {"error": prose(raw.error)} if raw.error else {}
    word = raw.status or ""
    if not raw.errors:
        call.note("empty-list", "$.errors", "an error that does not say what was wrong")
        return _failed(word or raw.error or "", raw.error or "", said, call)
    events = all_completed(FAULT.events(raw.errors, call, "$.errors[{}]"), call)
    if word in CODES and any(fault.code is None for fault in raw.errors):
        verdict = verdict_of(CODES, word, "", call.record.status)
        named = {
            "outcome": verdict.outcome,
            "evidence": verdict.evidence,
            "reason": verdict.reason,
            "code": word,
        }
        events = [
            replace(event, **named) if fault.code is None and event.reason is Reason.OTHER else event
            for event, fault in zip(events, raw.errors, strict=True)
        ]
    return call.result(events, extra=said)


ERRORS: Final = Errors(Error, refused)


def refuses_anything(raw: Any) -> bool:
    """Whether other requests are answered alike: all are refused in the same words."""
    return isinstance(raw, Error)


def told(event: CancelEvent, asked: Target, call: Call, path: str) -> CancelEvent:
    """An event completed by the order of the request that it is about.

    One that the request names by its client's id alone keeps that where the answer leaves it out.
    """
    found = completed(event, asked, call, path)
    client_id = asked.client_order_id
    if client_id is None or asked.order_id is not None or found.client_order_id is not None:
        return found
    filled = {*(found.from_request or ()), "client_order_id"}
    names = tuple([name for name in CancelEvent.__struct_fields__ if name in filled])
    return replace(found, kind=EventKind.ORDER, client_order_id=client_id, from_request=names)
