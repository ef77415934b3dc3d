"""Kraken REST: what it answers to an edit, which cancels an order and places another; deprecated since 2024-10."""

from typing import Final, Literal

from msgspec import UNSET, UnsetType
from msgspec.structs import replace

from cancelnorm.completion import completed
from cancelnorm.endpoint import Call
from cancelnorm.eventmap import Absent, EventMap, Verdict, by_words, made, text
from cancelnorm.reader.scalars import Int, Prose
from cancelnorm.reader.structs import Exact
from cancelnorm.request import RequestKeys
from cancelnorm.schema import EventKind, Evidence, Initiator, Normalised, Outcome
from cancelnorm.venue import endpoint, endpoints
from cancelnorm.venues.kraken.codes import code_of, error_verdict
from cancelnorm.venues.kraken.messages import (
    DOCS,
    ERRORS,
    IDS,
    OPEN,
    ORDER_ID,
    Empty,
    Envelope,
    Number,
    doubted,
    failure_in,
    is_refusal,
    refused,
    said_beside,
)

# --- What Kraken sends ---


class Description(Exact):
    """The new order in words."""

    order: str


class Edit(Exact):
    """Result for the order, and the one that was placed instead."""

    status: Literal["ok", "Ok", "Err"]
    txid: str | UnsetType = UNSET  # of the new order
    originaltxid: str | UnsetType = UNSET
    orders_cancelled: Number
    volume: str | UnsetType = UNSET  # of the new order, as the prices
    price: str | UnsetType = UNSET
    price2: str | UnsetType = UNSET
    newuserref: str | Int | UnsetType | None = UNSET
    olduserref: str | Int | UnsetType | None = UNSET
    descr: Description | UnsetType = UNSET
    error_message: Prose | UnsetType | None = UNSET


class EditAnswer(Envelope):
    """The answer to an edit."""

    result: Edit | Empty | None


# --- What it means ---

_REPLACED: Final = Verdict(Outcome.CANCELED, Evidence.COUNTED, initiator=Initiator.AMEND)
_KEPT: Final = Verdict(Outcome.REJECTED, Evidence.COUNTED)
_UNCLEAR: Final = OPEN._replace(note=("contradiction", "a success that canceled no order"))


def _edited(cancelled: int, status: str, error: str | UnsetType | None) -> Verdict:
    """The order may be gone although nothing replaces it: ``orders_cancelled`` tells."""
    code = code_of(error or "") or None
    if cancelled:
        return _REPLACED._replace(code=code)
    if status != "Err":
        return _UNCLEAR._replace(code=code)
    return _KEPT._replace(reason=error_verdict(error or "").reason, code=code)


def _number(cancelled: int) -> int | None:
    """How many orders were canceled, where that is not the one."""
    return None if cancelled == 1 else cancelled


EDIT: Final = EventMap(
    Edit,
    by_words(_edited, Edit.orders_cancelled, Edit.status, Edit.error_message),
    absent=Absent.EMPTY,
    unnamed=EventKind.REQUEST,
    order_id=text(Edit.originaltxid),
    replaced_by=text(Edit.txid),
    affected_orders=made(_number, Edit.orders_cancelled),
    message=text(Edit.error_message),
    also=(Edit.status,),
)


def edit(raw: EditAnswer, call: Call) -> Normalised:
    """Map the answer to an edit: the order that was asked for, and the one that replaces it."""
    if not isinstance(raw.result, Edit):
        return refused(raw, call)
    event = completed(EDIT.event(raw.result, call, "$.result"), call.target, call, "$.result")
    if failure_in(raw.error) is not None:
        doubt = doubted(OPEN, raw.error, call)
        event = replace(event, outcome=doubt.outcome, evidence=doubt.evidence, reason=None, initiator=None)
    return call.result([event], extra=said_beside(raw.error))


# --- Endpoints ---

ENDPOINTS: Final = endpoints(
    endpoint("POST /0/private/EditOrder", EditAnswer, edit, page="edit-order"),
    product=None,
    request=RequestKeys(symbol=("pair",), order_id=("txid",), order_pattern=ORDER_ID),
    errors=ERRORS,
    is_shared=is_refusal,
    skips=True,
    ids=IDS,
    docs=DOCS,
)
