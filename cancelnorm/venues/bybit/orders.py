"""Bybit v5 orders: the names and verdicts that every transport shares, and how they are put together.

Code 0 says that a request was taken, never that an order is gone.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import repeat
from typing import Any, Final, Literal

from msgspec import UNSET, Struct, UnsetType, field, to_builtins
from msgspec.structs import replace

from cancelnorm.codec import Codec, Target, Verdict, failure, verdict_of
from cancelnorm.record import Record
from cancelnorm.schema import (
    CancelEvent,
    EventKind,
    Evidence,
    Identity,
    Normalised,
    Note,
    Outcome,
    Product,
    Reason,
)
from cancelnorm.venues.bybit.codes import V5
from cancelnorm.wire import EPOCHS, Epoch, Failed, Int, Table, identifier

__all__ = [
    "LISTED",
    "OPEN",
    "TAKEN",
    "BatchRow",
    "Empty",
    "Named",
    "Nothing",
    "OrderName",
    "Refused",
    "Told",
    "Verdicts",
    "asked_batch",
    "asked_order",
    "asked_product",
    "batch_events",
    "batch_target",
    "named_by",
    "named_rows",
    "order_events",
    "order_target",
    "refusal",
    "scope_target",
    "verdicts_of",
    "whole_event",
]

# --- What Bybit sends ---


class Empty(Struct, frozen=True, forbid_unknown_fields=True, gc=False):
    """An object with nothing in it."""


class OrderName(Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True, gc=False):
    """An order whose cancel was taken."""

    order_id: str  # a UUID, for spot 19 digits
    order_link_id: str  # "" where the order has none


class BatchRow(Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True, gc=False):
    """An order of a batch, taken or not."""

    category: Literal["linear", "inverse", "spot", "option"]
    symbol: str
    order_id: str  # "" where the order was named by orderLinkId and not found
    order_link_id: str


class RowVerdict(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """What became of the order at the same place of the batch."""

    code: Int  # 0: taken
    msg: str


class Verdicts(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """One verdict per order of a batch; ``{}`` where there are none."""

    rows: list[RowVerdict] | UnsetType | None = field(name="list", default=UNSET)


# null and "" were recorded in place of {}.
Nothing = Empty | str | None


class Refused(Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True, gc=False):
    """What every refusal says beside its ``result``; gateways leave out most of it."""

    ret_code: Failed
    ret_msg: str  # "" where only ``ret_ext_info`` has the reason
    ret_ext_info: Verdicts | str | UnsetType | None = UNSET
    ret_ext_map: dict[str, str] | UnsetType = UNSET  # 2022, in place of ``ret_ext_info``
    time: Epoch | UnsetType = UNSET


# --- What it means ---

Told = tuple[Outcome, Evidence, Reason | None, str | None, str | None]
"""What was said of an order: outcome, evidence, reason, code, message. Plain tuples are the fastest."""

Named = tuple[Product | None, str | None, str | None, str | None, Identity | None, dict[str, Any] | None]
"""The order it was said of: product, symbol, order id, client order id, who named it, extra."""

TAKEN: Final[Told] = (Outcome.PENDING, Evidence.ACKNOWLEDGED, None, None, None)
LISTED: Final[Told] = (Outcome.PENDING, Evidence.LISTED, None, None, None)
OPEN: Final[Told] = (Outcome.UNKNOWN, Evidence.NONE, None, None, None)

_PRODUCTS: Final[Table[str | None, Product]] = Table(
    linear=Product.LINEAR, inverse=Product.INVERSE, spot=Product.SPOT, option=Product.OPTION
)


def order_events(
    named: Iterable[Named], told: Iterable[Told], response_ns: int | None, record: Record, codec: Codec
) -> tuple[CancelEvent, ...]:
    """One event an order: whom it is about beside what was said.

    The loop is the hot path: fields are passed by position, and lookups are local.
    """
    venue, endpoint, kind = codec.venue, codec.endpoint, EventKind.ORDER
    sent_ns, received_ns, source = record.sent_ns, record.received_ns, record.source
    events: list[CancelEvent] = []
    for name, (outcome, evidence, reason, code, message) in zip(named, told, strict=False):
        product, symbol, order_id, client_order_id, identity, extra = name
        events.append(
            CancelEvent(
                venue,
                product,
                endpoint,
                kind,
                len(events),
                symbol,
                order_id,
                client_order_id,
                None,  # cancel_id
                None,  # list_id
                None,  # list_client_id
                None,  # contingency
                identity,
                outcome,
                evidence,
                reason,
                code,
                message,
                None,  # status
                None,  # raw_status
                None,  # side
                None,  # order_type
                None,  # time_in_force
                None,  # price
                None,  # trigger_price
                None,  # quantity
                None,  # filled_quantity
                None,  # display_quantity
                None,  # quote_quantity
                None,  # filled_quote
                None,  # self_trade_prevention
                None,  # event_ns
                response_ns,
                sent_ns,
                received_ns,
                None,  # request_id
                source,
                extra,
            )
        )
    return tuple(events)


def whole_event(
    kind: EventKind,
    told: Told,
    product: Product | None,
    response_ns: int | None,
    record: Record,
    codec: Codec,
) -> CancelEvent:
    """The event of an answer that names no order; its symbol is the one the request asked for."""
    symbol = codec.target(record).symbol
    name: Named = (product, symbol, None, None, Identity.REQUEST if product or symbol else None, None)
    return replace(order_events([name], [told], response_ns, record, codec)[0], kind=kind)


# --- Batches ---


def batch_events(
    rows: Sequence[BatchRow],
    verdicts: Sequence[RowVerdict],
    response_ns: int | None,
    record: Record,
    codec: Codec,
    notes: list[Note],
) -> tuple[CancelEvent, ...]:
    """One event an order of a batch, joined with the verdict at its place.

    Where there are more orders than verdicts or fewer, nobody can say which verdict is whose: all orders
    are open. Where the answer names no order, it is about those of the request.
    """
    named = named_rows(rows, record, notes) if rows else asked_batch(record)
    told: Iterable[Told]
    if named and len(named) == len(verdicts):
        told = [_told(verdict, record.status) for verdict in verdicts]
    else:
        message = f"{len(verdicts)} verdicts on {len(named)} orders"
        notes.append(Note("length-mismatch", "$.retExtInfo.list", message, to_builtins(verdicts)))
        told = repeat(OPEN)
    if not named:
        return (whole_event(EventKind.SCOPE, OPEN, asked_product(record), response_ns, record, codec),)
    return order_events(named, told, response_ns, record, codec)


def verdicts_of(info: Verdicts | str | UnsetType | None) -> list[RowVerdict]:
    """The verdicts of a batch; none where something else stands in their place."""
    return (info.rows or []) if isinstance(info, Verdicts) else []


def _told(verdict: RowVerdict, status: int | None) -> Told:
    """What a verdict says of its order."""
    code = verdict.code
    if code == 0:
        return Outcome.PENDING, Evidence.ACKNOWLEDGED, None, None, verdict.msg or None
    return _failed(code, verdict.msg, status)


def _failed(code: int, message: str, status: int | None) -> Told:
    """What a code other than 0 says."""
    outcome, reason = verdict_of(V5, code, message, status)
    evidence = Evidence.SUCCESS_FLAG if outcome is Outcome.REJECTED else Evidence.NONE
    return outcome, evidence, reason, str(code), message or None


# --- Refusals ---


def refusal(
    raw: Refused,
    named: Sequence[Named],
    asked: Sequence[Named],
    record: Record,
    codec: Codec,
    notes: list[Note],
) -> Normalised:
    """Map the refusal of a request as a whole.

    ``named`` are the orders the answer names (usually none), ``asked`` those the request names. Where there
    is a verdict for each of them it tells more than the code of the whole, which is then in the extra.
    """
    response_ns = EPOCHS[raw.time]
    verdicts = verdicts_of(raw.ret_ext_info)
    orders = named or asked
    extra: dict[str, Any] = {"retExtMap": raw.ret_ext_map} if raw.ret_ext_map else {}
    if verdicts and len(verdicts) == len(orders):
        told = [_told_in_refusal(verdict, i, record.status, notes) for i, verdict in enumerate(verdicts)]
        events = order_events(orders, told, response_ns, record, codec)
        return Normalised(
            events, tuple(notes), extra={"retCode": raw.ret_code, "retMsg": raw.ret_msg, **extra}
        )
    if verdicts or (isinstance(raw.ret_ext_info, str) and raw.ret_ext_info):
        extra["retExtInfo"] = to_builtins(raw.ret_ext_info)
    whole = _failed(raw.ret_code, raw.ret_msg, record.status)
    if named:
        events = order_events(named, repeat(whole), response_ns, record, codec)
    else:
        events = (_refused_event(whole, response_ns, record, codec),)
    return Normalised(events, tuple(notes), extra=extra or None)


def _told_in_refusal(verdict: RowVerdict, place: int, status: int | None, notes: list[Note]) -> Told:
    """What a verdict says within a refusal: that an order was taken cannot be believed."""
    if verdict.code != 0:
        return _told(verdict, status)
    message = "the request was refused, this order of it was not"
    notes.append(Note("contradiction", f"$.retExtInfo.list[{place}].code", message, 0))
    return *OPEN[:4], verdict.msg or None


def _refused_event(told: Told, response_ns: int | None, record: Record, codec: Codec) -> CancelEvent:
    """The event of a refusal that only the request tells the order of."""
    outcome, _, reason, code, message = told
    verdict = Verdict(outcome, reason or Reason.OTHER)
    event = failure(codec, record, verdict, code=code, message=message, response_ns=response_ns)
    product = asked_product(record)
    return replace(event, product=product, identity=Identity.REQUEST) if product else event


# --- What the request named ---


def order_target(request: Mapping[str, Any]) -> Target:
    """The order that the parameters of a cancel name."""
    return Target(
        symbol=identifier(request.get("symbol")),
        order_id=identifier(request.get("orderId")),
        client_order_id=identifier(request.get("orderLinkId")),
    )


def scope_target(request: Mapping[str, Any]) -> Target:
    """The symbol whose orders the parameters of a cancel-all name."""
    return Target(symbol=identifier(request.get("symbol")))


def batch_target(request: Mapping[str, Any]) -> Target:
    """The order that the parameters of a batch name, where it is one order."""
    orders = _batch(request)
    return order_target(orders[0]) if len(orders) == 1 else Target()


def _batch(request: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The orders of a batch as the request lists them; none where one of them cannot be read."""
    orders = request.get("request")
    if not isinstance(orders, list | tuple):
        return []
    readable = [order for order in orders if isinstance(order, Mapping)]
    return readable if len(readable) == len(orders) else []


def asked_product(record: Record) -> Product | None:
    """The product of the request's category."""
    return _PRODUCTS[identifier(record.request.get("category"))] if record.request else None


def asked_order(record: Record, codec: Codec) -> Named:
    """The order that the request names, as far as it does."""
    return _asked(codec.target(record), asked_product(record))


def asked_batch(record: Record) -> list[Named]:
    """The orders of a batch that the request names."""
    product = asked_product(record)
    return (
        [_asked(order_target(order), product) for order in _batch(record.request)] if record.request else []
    )


def _asked(target: Target, product: Product | None) -> Named:
    identity = Identity.REQUEST if product or any(target) else None
    return product, target.symbol, target.order_id, target.client_order_id, identity, None


def named_rows(rows: Sequence[BatchRow], record: Record, notes: list[Note]) -> list[Named]:
    """The orders of a batch; what a row leaves out is taken from the same place of the request."""
    products, identity = _PRODUCTS, Identity.RESPONSE
    named: list[Named] = [
        (
            products[row.category],
            row.symbol or None,
            row.order_id or None,
            row.order_link_id or None,
            identity,
            None if row.category in products else {"category": row.category},
        )
        for row in rows
    ]
    asked = asked_batch(record)
    if not named or not asked:
        return named
    if len(asked) != len(named):
        message = f"{len(named)} orders for {len(asked)} in the request: nothing is taken from there"
        notes.append(Note("length-mismatch", "$.result.list", message))
        return named
    return [
        named_by(name, order, "$.result.list[{}]", place, notes)
        for place, (name, order) in enumerate(zip(named, asked, strict=True))
    ]


def named_by(name: Named, asked: Named, at: str, place: int, notes: list[Note]) -> Named:
    """The order an answer names, completed from the request.

    A request that is about another order completes nothing. An order without client id stays without one,
    unless that id is all the request knew it by.
    """
    product, symbol, order_id, client_order_id, _, extra = name
    asked_for, asked_symbol, asked_id, asked_client_id, _, _ = asked
    by_client_id = asked_id is None or order_id is None
    if (
        _differ(symbol, asked_symbol)
        or _differ(order_id, asked_id)
        or (by_client_id and _differ(client_order_id, asked_client_id))
        or _differ(product, asked_for)
    ):
        value = [text for text in asked[:4] if text is not None]
        notes.append(Note("contradiction", at.format(place), "the request is about another order", value))
        return name
    full = (
        product or (None if extra else asked_for),
        symbol or asked_symbol,
        order_id or asked_id,
        client_order_id or (asked_client_id if by_client_id else None),
    )
    if full == name[:4]:
        return name
    return *full, Identity.REQUEST, extra


def _differ(said: str | None, asked: str | None) -> bool:
    return said is not None and asked is not None and said != asked
