"""MEXC contract messages that REST answers share: the envelope, acknowledgements, refusals, what requests name.

A success says that a cancel was accepted, never that an order is gone. Errors come with HTTP status 200.
"""

from typing import Any, ClassVar, Final, Literal

from msgspec import UNSET, UnsetType

from cancelnorm.endpoint import Call, Errors, IdSpace
from cancelnorm.eventmap import Verdict, verdict_of
from cancelnorm.prose import prose
from cancelnorm.reader.scalars import Prose, identifier
from cancelnorm.reader.structs import Camel
from cancelnorm.record import OBJECT
from cancelnorm.request import RequestKeys
from cancelnorm.schema import CancelEvent, EventKind, Evidence, Normalised, Outcome, Product, Scope
from cancelnorm.venues.mexc.codes import CONTRACT
from cancelnorm.venues.mexc.messages import TAKEN, ContractError

# --- What MEXC sends ---


class Head(Camel):
    """Fields of every answer to a request that was taken beside its ``data``, which is null where there is none."""

    success: bool
    code: Literal[0]
    message: Prose | UnsetType = UNSET  # "" in the documentation's samples


class Done(Head):
    """An answer that leaves ``data`` out."""

    bare: ClassVar = True


class Acknowledged(Head):
    """The answer to a cancel that names no order."""

    bare: ClassVar = True
    data: UnsetType | None = UNSET


# --- What it means ---


def product_of(symbol: object) -> Product | None:
    """The product that the name of a contract tells, as SOL_USDT, SOL_USDC and SOL_USD; None for any other text."""
    if not isinstance(symbol, str):
        return None
    if symbol.endswith("_USD"):
        return Product.INVERSE
    return Product.LINEAR if symbol.endswith(("_USDT", "_USDC")) else None


ORDER_IDS: Final = IdSpace("mexc contracts", by_symbol=False)
PLAN_IDS: Final = IdSpace("mexc contract plan orders", by_symbol=False)
STOP_IDS: Final = IdSpace("mexc contract stop orders", by_symbol=False)
TRACK_IDS: Final = IdSpace("mexc contract trailing orders", by_symbol=False)
KEYS: Final = RequestKeys(
    symbol=("symbol",),
    order_id=("orderId",),
    client_order_id=("externalOid", "external_oid"),
    product=("symbol",),
    product_of=product_of,
    order_ids=("orderIds", "order_ids"),
    array="orderIds",
)
DOCS: Final = "https://www.mexc.com/api-docs/futures/"
NO_ID: Final = (0, "0", "")

OPEN: Final = Verdict(Outcome.UNKNOWN, Evidence.NONE)


def envelope(raw: Head, call: Call) -> dict[str, Any]:
    """Note what an answer says against itself; what is left of it is returned.

    In the documentation's samples of lists ``success`` is false.
    """
    if not raw.success:
        call.note("contradiction", "$.success", "a failure beside the code of a success", raw.success)
    return {"message": prose(raw.message)} if raw.message else {}


def accepted(raw: Head, call: Call) -> Normalised:
    """Map the acknowledgement of a cancel: of the orders that the request names, or of all of a scope."""
    return call.result(named(raw, call) or [_scoped(raw, call)], extra=envelope(raw, call))


def named(raw: Head, call: Call) -> list[CancelEvent]:
    """The events of the orders that the request names, where the answer says only that it was taken."""
    targets = [target for target in call.targets if target.names_order]
    return [call.event(EventKind.ORDER, taken(raw), target, index=i) for i, target in enumerate(targets)]


def taken(raw: Head) -> Verdict:
    """The verdict of a request that was taken."""
    return (TAKEN if raw.success else OPEN)._replace(code="0")


def _scoped(raw: Head, call: Call) -> CancelEvent:
    """The event of a cancel of all orders: of a contract, of all contracts, or of a position, which has no word."""
    request = call.record.request
    if not request or not isinstance(request, OBJECT):
        return call.scoped(taken(raw))
    if identifier(request.get("positionId")):
        return call.scoped(taken(raw), scope=None)
    return call.scoped(taken(raw), scope=Scope.SYMBOL if call.target.symbol else Scope.PRODUCT)


def refused(raw: ContractError, call: Call) -> Normalised:
    """Map an error: the request was refused as a whole. Where ``success`` says otherwise, that is open."""
    message = raw.message or ""
    verdict = verdict_of(CONTRACT, raw.code, message, call.record.status)
    if raw.success:
        call.note("contradiction", "$.success", "a success beside the code of a failure", raw.success)
        verdict = verdict._replace(outcome=Outcome.UNKNOWN, evidence=Evidence.NONE)
    return call.result([call.failed(verdict, code=str(raw.code), message=message)])


ERRORS: Final = Errors(ContractError, refused)
QUERY_ERRORS: Final = Errors(ContractError, refused, of_query=lambda _: True)


def answered_alike(_: Any) -> bool:
    """Placements, amendments, queries and settings are answered as cancels are."""
    return True
