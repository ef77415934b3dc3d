"""MEXC messages that all products share: errors."""

from types import MappingProxyType
from typing import Any, ClassVar, Final

from msgspec import UNSET, UnsetType, field

from cancelnorm.endpoint import Call, Errors
from cancelnorm.eventmap import CodeTable, Verdict, verdict_of
from cancelnorm.reader.scalars import Epoch, Failed, Prose, ns_of
from cancelnorm.reader.structs import Camel
from cancelnorm.schema import Evidence, Normalised, Outcome, Reason, Side
from cancelnorm.venues.mexc.codes import CONTRACT, SPOT

# --- What MEXC sends ---


class SpotError(Camel):
    """A request that spot refused."""

    bare: ClassVar = True
    code: Failed
    msg: Prose
    extend: UnsetType | None = field(name="_extend", default=UNSET)  # in recordings of 2022 and 2023
    timestamp: Epoch | UnsetType = UNSET  # where a success has one


class GatewayError(Camel):
    """A request that did not come through to the market, as while it is maintained."""

    bare: ClassVar = True
    code: Failed
    message: Prose
    announcement: str | UnsetType = UNSET  # an address


class ContractError(Camel):
    """A request that contracts refused; spot's gateway has this spelling too."""

    bare: ClassVar = True
    success: bool  # false
    code: Failed
    message: Prose | UnsetType = UNSET
    data: UnsetType | None = UNSET


# --- What it means ---

SIDES: Final = MappingProxyType({"BUY": Side.BUY, "SELL": Side.SELL})
TAKEN: Final = Verdict(Outcome.PENDING, Evidence.ACKNOWLEDGED)
NOTHING_OPEN: Final = Verdict(Outcome.REJECTED, Evidence.LISTED, Reason.NOT_FOUND)


def _errors(table: CodeTable) -> Errors:
    """What a request that failed answers, by a table of codes."""

    def refused(raw: SpotError | GatewayError | ContractError, call: Call) -> Normalised:
        """Map an error."""
        message = raw.msg if isinstance(raw, SpotError) else raw.message or ""
        if isinstance(raw, SpotError) and raw.timestamp:
            call.response_ns = ns_of(raw.timestamp)
        verdict = verdict_of(table, raw.code, message, call.record.status)
        told = isinstance(raw, GatewayError) and raw.announcement
        event = call.failed(verdict, code=str(raw.code), message=message)
        return call.result([event], extra={"announcement": told} if told else {})

    return Errors(SpotError | GatewayError | ContractError, refused)


UNKNOWN_ORDERS: Final = (-2011,)
SPOT_ERRORS: Final = _errors(SPOT)
CONTRACT_ERRORS: Final = _errors(CONTRACT)


def refuses_anything(raw: Any) -> bool:
    """Whether other requests than cancels are refused alike: by any code but the one that only cancels get."""
    is_error = isinstance(raw, SpotError | GatewayError | ContractError)
    return is_error and raw.code not in UNKNOWN_ORDERS
