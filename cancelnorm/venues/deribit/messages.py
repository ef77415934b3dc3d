"""Deribit messages that all methods share: the envelope, refusals, and the demand for a second factor.

A method answers alike over HTTP and over WebSocket.
"""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final, Literal

from msgspec import UNSET, UnsetType, field

from cancelnorm.endpoint import Call, Errors, IdSpace
from cancelnorm.eventmap import CodeTable, Verdict, rejected, verdict_of
from cancelnorm.prose import prose
from cancelnorm.reader.fast import builtins_of
from cancelnorm.reader.scalars import Epoch, Int, Prose, ns_of
from cancelnorm.reader.structs import Exact
from cancelnorm.reader.types import Kind
from cancelnorm.record import OBJECT
from cancelnorm.request import RequestKeys
from cancelnorm.schema import CancelEvent, Evidence, Normalised, Outcome, Product, Reason
from cancelnorm.venue import EndpointRow, endpoint
from cancelnorm.venues.deribit.codes import CODES, QUERIED

# --- What Deribit sends ---


class Envelope(Exact):
    """Fields of every answer; the documentation leaves its clocks out."""

    jsonrpc: Literal["2.0"]
    id: Int | str | UnsetType = UNSET  # the request's; most requests over HTTP have none
    us_in: Int | UnsetType = field(name="usIn", default=UNSET)  # µs
    us_out: Epoch | UnsetType = field(name="usOut", default=UNSET)  # µs
    us_diff: Int | UnsetType = field(name="usDiff", default=UNSET)
    testnet: bool | UnsetType = UNSET


class FaultData(Exact):
    """What else is said of an error."""

    reason: Prose | UnsetType = UNSET
    param: str | UnsetType = UNSET
    wait: Int | UnsetType = UNSET


class Fault(Exact):
    """An error; the message may have a suffix, as ``price_too_high 43666.4288``."""

    code: Int
    message: Prose
    data: FaultData | Prose | UnsetType | None = UNSET


class Refused(Envelope):
    """The answer to a request that failed."""

    error: Fault


class SecurityKey(Exact):
    """A second factor that the account has."""

    type: str | UnsetType = UNSET
    name: str | UnsetType = UNSET


class Demand(Exact):
    """Place of the result where a second factor is demanded: nothing was done."""

    security_key_authorization_required: bool
    security_keys: list[SecurityKey] | UnsetType = UNSET
    rp_id: str | UnsetType = UNSET
    challenge: str | UnsetType = UNSET


# --- What it means ---

DOCS: Final = "https://docs.deribit.com/api-reference/trading/"
IDS: Final = IdSpace("deribit", by_symbol=False)
KEYS: Final = RequestKeys(
    symbol=("instrument_name",),
    order_id=("order_id",),
    product=("kind",),
    envelope=("params",),  # of a body that is posted
    products=MappingProxyType(
        {
            "option": Product.OPTION,
            "spot": Product.SPOT,
            "future_combo": Product.SPREAD,
            "option_combo": Product.SPREAD,
            "combo": Product.SPREAD,
        }
    ),
)
OPEN: Final = Verdict(Outcome.UNKNOWN, Evidence.NONE)
_COUNTED: Final = Verdict(Outcome.CANCELED, Evidence.COUNTED)
_DEMANDED: Final = rejected(Reason.AUTH)
_SCOPES: Final = (
    *("currency", "currency_pair", "kind", "type", "cancel_type", "label"),
    *("block_rfq_id", "block_rfq_quote_id"),
)
_TIMED_OUT: Final = 13888
_OF_CANCELS: Final = (10045, 10049)  # codes that nothing else is answered with


def opened(raw: Envelope, call: Call) -> None:
    """Take from an answer what its events need."""
    call.request_id = None if raw.id is UNSET or raw.id == "" else str(raw.id)
    call.response_ns = None if raw.us_out is UNSET else ns_of(raw.us_out)


def answered(
    raw: Envelope, events: Sequence[CancelEvent], call: Call, extra: Mapping[str, Any] = MappingProxyType({})
) -> Normalised:
    """The events with what the envelope says beside them."""
    return call.result(events, extra={**beside(raw), **extra})


def beside(raw: Envelope) -> dict[str, Any]:
    """What an envelope says that the events do not."""
    said: dict[str, Any] = version_told(raw.jsonrpc)
    if raw.testnet is True:
        said["testnet"] = True
    if raw.us_in is not UNSET:
        said["usIn"] = raw.us_in
    if raw.us_diff is not UNSET and not _is_difference(raw.us_diff, raw.us_in, raw.us_out):
        said["usDiff"] = raw.us_diff
    return said


def counted(count: int, call: Call, **fields: Any) -> CancelEvent:
    """The event of orders, or of quotes, that are counted and not named; a count of none is no refusal."""
    return about_scope(_COUNTED, call, path="$.result", affected_orders=count, **fields)


def about_scope(verdict: Verdict, call: Call, **fields: Any) -> CancelEvent:
    """The event of all that a request is about."""
    return call.scoped(verdict, extra=scope_asked(call) or None, **fields)


def scope_asked(call: Call) -> dict[str, Any]:
    """What a request is about, where no field of an event says it, under the venue's names."""
    said: dict[str, Any] = {}
    for key in _SCOPES:
        value = said_in(call, key)
        if isinstance(value, str) and value:
            said[key] = prose(value)
        elif type(value) is int:
            said[key] = value
    return said


def version_told(version: str) -> dict[str, Any]:
    """The version of JSON-RPC, where it is another one."""
    return {} if version == "2.0" else {"jsonrpc": version}


def _is_difference(told: int, start: int | UnsetType, end: int | UnsetType) -> bool:
    return start is not UNSET and end is not UNSET and told == end - start


def demanded(raw: Envelope, demand: Demand, call: Call) -> Normalised:
    """Map the demand for a second factor: the request was not executed, and has to be sent again."""
    verdict = _DEMANDED if demand.security_key_authorization_required else OPEN
    said = builtins_of(demand)
    said.pop("security_key_authorization_required")
    return answered(raw, [call.failed(verdict, path="$.result")], call, said)


def fault_verdict(fault: Fault, call: Call, table: CodeTable = CODES) -> Verdict:
    """What an error means; a request that had an end to its validity was not executed after that."""
    if fault.code == _TIMED_OUT and said_in(call, "valid_until") is not None:
        return rejected(Reason.TIMEOUT)
    return verdict_of(table, fault.code, fault.message, call.record.status)


def fault_fields(fault: Fault) -> dict[str, Any]:
    """What an event of an error has of its own, but for ``extra``."""
    return {"code": str(fault.code), "message": fault.message}


def fault_data(fault: Fault) -> dict[str, Any]:
    """What else is said of an error, under the venue's name."""
    if isinstance(fault.data, FaultData):
        return {"data": builtins_of(fault.data)}
    return {"data": prose(fault.data)} if fault.data else {}


def refused(raw: Refused, call: Call, table: CodeTable = CODES) -> Normalised:
    """Map an error: the request failed as a whole."""
    opened(raw, call)
    fault = raw.error
    event = call.failed(
        fault_verdict(fault, call, table),
        **fault_fields(fault),
        extra=scope_asked(call) | fault_data(fault) or None,
    )
    return answered(raw, [event], call)


def said_in(call: Call, key: str) -> Any:
    """What a request says under a name; None where it says nothing."""
    request = call.record.request
    if not isinstance(request, OBJECT):
        return None
    inner = request.get("params")
    return (inner if isinstance(inner, OBJECT) else request).get(key)


def is_shared_refusal(raw: Any) -> bool:
    """Whether an error may be of a request that cancels nothing."""
    return not isinstance(raw, Refused) or raw.error.code not in _OF_CANCELS


ERRORS: Final = Errors(Refused, refused)
QUERY_ERRORS: Final = Errors(
    Refused, lambda raw, call: refused(raw, call, QUERIED), of_query=is_shared_refusal
)


# --- Endpoints ---


def both(
    method: str, answer: Kind, mapping: Callable[[Any, Call], Normalised], **settings: Any
) -> tuple[EndpointRow, EndpointRow]:
    """A method over HTTP, and over WebSocket."""
    page = method.replace("/", "-")
    return (
        endpoint(f"GET /api/v2/{method}", answer, mapping, page=page, **settings),
        endpoint(f"ws {method}", answer, mapping, page=page, **settings),
    )
