"""A row with one field of each kind, and what tests of maps do with rows."""

from typing import Any

import msgspec
from msgspec import UNSET, Struct, UnsetType

from cancelnorm import Evidence, OrderStatus, Outcome, Record
from cancelnorm.endpoint import Call, Endpoint, IdSpace
from cancelnorm.eventmap import EventMap, Verdict
from cancelnorm.reader.scalars import DecimalNumber, DecimalOrEmpty, DecimalText, Epoch, EpochText, Int, Prose
from cancelnorm.request import RequestKeys


class Row(Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """A row with one field of each kind."""

    order_id: Int
    client_id: str = "c"
    list_id: Int | UnsetType = UNSET
    status: str = "CANCELED"
    side: str = "BUY"
    price: DecimalText = "1.50"
    filled: DecimalText | UnsetType = UNSET
    stop: DecimalOrEmpty = ""
    size: DecimalNumber | UnsetType = UNSET
    at: Epoch = 1_700_000_000_000
    seen_at: EpochText | UnsetType = UNSET
    reduce_only: bool | UnsetType = UNSET
    note: Prose | UnsetType = UNSET
    fee: DecimalText | UnsetType = UNSET
    rank: Int | UnsetType = UNSET


CANCELED = Verdict(Outcome.CANCELED, Evidence.FINAL_REPORT, None, OrderStatus.CANCELED)
UNSURE = Verdict(Outcome.UNKNOWN, Evidence.LISTED)


def call(**facts: Any) -> Call:
    """A call of an endpoint that stands for any."""
    endpoint = Endpoint(
        "DELETE /order",
        Row,
        lambda _, call: call.result([]),
        venue="venue",
        product=None,
        request=RequestKeys(),
        ids=IdSpace("venue", by_symbol=True),
        docs="",
    )
    return Call(Record(b"{}", "venue", "DELETE /order", **facts), endpoint, [])


def mapped(each: EventMap, row: Struct, at: str = "$.row") -> Any:
    """The event of one row, the same by both functions."""
    one, many = call(), call()
    event = each.event(row, one, at)
    assert each.events([row], call(), at) == [event]
    assert each.events([row] * 2, many, at) == [event, msgspec.structs.replace(event, index=1)]
    assert many.notes == one.notes * 2
    return event
