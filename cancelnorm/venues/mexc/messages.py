"""MEXC messages that all products share: errors."""

from types import MappingProxyType
from typing import Any, ClassVar, Final

from msgspec import UNSET, UnsetType, field

from cancelnorm.endpoint import Call, Errors
from cancelnorm.eventmap import Verdict, verdict_of
from cancelnorm.reader.scalars import Failed, Prose
from cancelnorm.reader.structs import Camel
from cancelnorm.schema import Evidence, Normalised, Outcome, Side
from cancelnorm.venues.mexc.codes import CONTRACT, SPOT

# --- What MEXC sends ---


class SpotError(Camel):
    """A request that spot refused."""

    bare: ClassVar = True
    code: Failed
    msg: Prose
    extend: UnsetType | None = field(name="_extend", default=UNSET)  # in recordings of 2022 and 2023


class GatewayError(Camel):
    """A request that did not come through to the market, as while it is maintained."""

    bare: ClassVar = True
    code: Failed
    message: Prose
    announcement: str  # an address


class Failure(Camel):
    """A request that failed, as contracts spell it, and sometimes the gateway of spot."""

    bare: ClassVar = True
    success: bool  # false
    code: Failed
    message: Prose | UnsetType = UNSET


class ContractError(Failure):
    """A request that contracts refused."""

    data: UnsetType | None = UNSET


# --- What it means ---

SIDES: Final = MappingProxyType({"BUY": Side.BUY, "SELL": Side.SELL})
TAKEN: Final = Verdict(Outcome.PENDING, Evidence.ACKNOWLEDGED)


Error = SpotError | GatewayError | Failure


def refused(raw: Error, call: Call) -> Normalised:
    """Map an error of spot."""
    extra: dict[str, str] = {}
    codes = SPOT
    match raw:
        case SpotError():
            message = raw.msg
        case GatewayError():
            message = raw.message
            extra = {"announcement": raw.announcement} if raw.announcement else {}
        case Failure():
            message = raw.message or ""
            codes = SPOT if raw.code in SPOT else CONTRACT  # whose spelling it is
            if raw.success:
                call.note("contradiction", "$.success", "a success with the code of a failure", raw.success)
    verdict = verdict_of(codes, raw.code, message, call.record.status)
    asked = call.target
    if "," in (asked.symbol or ""):  # several symbols in one parameter
        asked = asked._replace(symbol=None)
    return call.result([call.failed(verdict, asked, code=str(raw.code), message=message)], extra=extra)


UNKNOWN_ORDERS: Final = (-2011,)
SPOT_ERRORS: Final = Errors(Error, refused)


def refuses_anything(raw: Any) -> bool:
    """Whether other requests than cancels are refused alike: by any code but the one that only cancels get."""
    is_error = isinstance(raw, Error)
    return is_error and raw.code not in UNKNOWN_ORDERS
