"""What an EventMap makes of rows, and what it says of itself."""

import re
import traceback
from decimal import Decimal
from typing import Any, Literal

import msgspec
import pytest
from msgspec import UNSET, Struct, UnsetType

from cancelnorm import Evidence, OrderStatus, Outcome
from cancelnorm.eventmap import (
    EventMap,
    Verdict,
    always,
    amount,
    by_status,
    constant,
    flag,
    made,
    maps_of,
    number,
    text,
    time,
    word,
)
from cancelnorm.eventmap.cells import Cells, rows_of
from cancelnorm.eventmap.loop import loop_source
from cancelnorm.reader.scalars import DecimalText, Epoch, Int, Unreadable
from cancelnorm.schema import EventKind, QuantityUnit, Side
from tests.eventmap.rows import CANCELED, UNSURE, Row, call, mapped

ALIVE = Verdict(
    Outcome.UNKNOWN, Evidence.LISTED, None, OrderStatus.NEW, note=("stale-status", "it is shown alive")
)
SIDES = {"BUY": Side.BUY, "SELL": Side.SELL}
STATUS = by_status(Row.status, {"CANCELED": CANCELED, "NEW": ALIVE}, UNSURE)


USUAL = EventMap(
    Row,
    STATUS,
    order_id=number(Row.order_id),
    client_order_id=text(Row.client_id, none=("none",)),
    list_id=number(Row.list_id, none=(-1,)),
    side=word(Row.side, SIDES),
    price=amount(Row.price, zero_is_none=True),
    filled_quantity=amount(Row.filled),
    trigger_price=amount(Row.stop),
    quantity=amount(Row.size, negative_is_none=True),
    event_ns=time(Row.at),
    created_ns=time(Row.seen_at),
    reduce_only=flag(Row.reduce_only),
    quantity_unit=constant(QuantityUnit.BASE),
)


def test_a_plain_row() -> None:
    """Each column makes its field, and what is not there is None."""
    event = mapped(USUAL, Row(order_id=7))
    assert (event.venue, event.endpoint, event.path) == ("venue", "DELETE /order", "$.row")
    assert (event.order_id, event.client_order_id, event.list_id) == ("7", "c", None)
    assert (event.outcome, event.evidence, event.status, event.raw_status) == (
        Outcome.CANCELED,
        Evidence.FINAL_REPORT,
        OrderStatus.CANCELED,
        "CANCELED",
    )
    assert (event.price, event.filled_quantity, event.quantity_unit) == (
        Decimal("1.50"),
        None,
        QuantityUnit.BASE,
    )
    assert (event.event_ns, event.reduce_only, event.extra) == (1_700_000_000_000_000_000, None, None)


class Order(Struct, frozen=True):
    """A row that may name no order."""

    id: str = ""
    client_id: str = ""


ORDER = EventMap(
    Order,
    always(UNSURE),
    unnamed=EventKind.REQUEST,
    order_id=text(Order.id, none=("0",)),
    client_order_id=text(Order.client_id),
)


@pytest.mark.parametrize(
    ("row", "kind"),
    [
        (Order("7", "c"), EventKind.ORDER),
        (Order("7"), EventKind.ORDER),
        (Order("0", "c"), EventKind.ORDER),
        (Order("0"), EventKind.REQUEST),
        (Order(), EventKind.REQUEST),
    ],
)
def test_a_row_without_an_order_is_about_something_else(row: Order, kind: EventKind) -> None:
    """By row and by column, and in a map that extends another."""
    assert mapped(ORDER, row).kind is kind
    assert mapped(ORDER.extended(Order, always(CANCELED)), row).kind is kind
    by_column = call()
    by_column.by_column = True
    cells: object = ORDER.events([row, Order("8")], by_column, "$[{}]")
    assert isinstance(cells, Cells)
    rows = [dict(zip(cells.loop.names, each, strict=True)) for each in rows_of(cells.loop, [cells])]
    assert [each["kind"] for each in rows] == [kind, EventKind.ORDER]
    assert [event.kind for event in cells] == [kind, EventKind.ORDER]


def test_all_fields_of_a_row() -> None:
    """Every kind of value is converted, exactly."""
    row = msgspec.convert(
        {
            "orderId": 7,
            "listId": 3,
            "price": "0.00",
            "filled": "0.000",
            "stop": "-2.5",
            "seenAt": "1700000000000001",
            "reduceOnly": False,
            "note": "token=abc",
            "fee": "0.10",
            "rank": 0,
        },
        Row,
    )
    row = msgspec.structs.replace(row, size=msgspec.Raw(b"1e2"))
    event = mapped(USUAL, row)
    assert (event.list_id, event.price, str(event.filled_quantity)) == ("3", None, "0.000")
    assert (event.trigger_price, str(event.quantity)) == (Decimal("-2.5"), "100")
    assert (event.created_ns, event.reduce_only) == (1_700_000_000_000_001_000, False)
    assert event.extra == {"note": "token=[redacted]", "fee": "0.10", "rank": 0}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("price", "1_0"),
        ("price", ""),
        ("price", "1\n2"),
        ("filled", "NaN"),
        ("filled", ""),
        ("stop", " 1"),
        ("fee", "1e3"),
        ("fee", "1\n"),
        ("at", 10**13),
        ("seen_at", "170000000000"),
        ("size", msgspec.Raw(b'"1e2"')),
    ],
)
def test_a_bad_scalar_is_refused(field: str, value: Any) -> None:
    """A marked scalar is checked whether it has a home or not."""
    row = msgspec.structs.replace(Row(order_id=1), **{field: value})
    with pytest.raises(Unreadable):
        USUAL.event(row, call(), "$")
    with pytest.raises(Unreadable):
        USUAL.events([Row(order_id=1), row], call(), "$[{}]")


def test_words_that_no_table_knows() -> None:
    """A new side goes to ``extra``; a new status is what the map says it is."""
    event = mapped(USUAL, Row(order_id=1, side="SIDEWAYS", status="MELTED"))
    assert (event.side, event.status, event.raw_status, event.outcome) == (
        None,
        None,
        "MELTED",
        Outcome.UNKNOWN,
    )
    assert event.extra == {"side": "SIDEWAYS"}


def test_a_verdict_with_a_note() -> None:
    """The note stands at the field that the verdict was read from."""
    where = call()
    USUAL.events([Row(order_id=1), Row(order_id=2, status="NEW")], where, "$.data[{}]")
    [note] = where.notes
    assert (note.code, note.path, note.value) == ("stale-status", "$.data[1].status", "NEW")


def test_a_rounded_id_is_noted() -> None:
    """An id that ends as JavaScript rounds it is noted at its path."""
    where = call()
    USUAL.event(Row(order_id=1_735_950_529_123_455_000), where, "$")
    assert [(note.code, note.path) for note in where.notes] == [("id-looks-rounded", "$.orderId")]


def test_rows_are_numbered_from_start() -> None:
    """Positions and paths are those of the payload."""
    events = USUAL.events([Row(order_id=1), Row(order_id=2)], call(), "$.list[{}]", start=5)
    assert [(event.index, event.path) for event in events] == [(5, "$.list[0]"), (6, "$.list[1]")]


# --- The map itself ---


class Wider(Row, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """A row with more."""

    isolated: bool | UnsetType = UNSET


def test_extended() -> None:
    """A map for a struct with more fields keeps what it had."""
    each = USUAL.extended(Wider, client_order_id=None)
    event = mapped(each, Wider(order_id=1, isolated=True))
    assert (event.client_order_id, event.extra) == (None, {"clientId": "c", "isolated": True})
    assert maps_of(Wider) == [each]


def test_it_tells_where_each_field_goes() -> None:
    """Every field of the struct has a home."""
    homes = {field.key: field.homes for field in USUAL.fields}
    assert homes["orderId"] == ("order_id",)
    assert homes["status"] == ("outcome",)
    assert homes["fee"] == ("extra",)
    assert all(homes.values())


def test_its_source_is_shown_in_tracebacks() -> None:
    """The compiled loop can be read, by itself and where it fails."""
    assert "raw.price" in USUAL.source
    with pytest.raises(AttributeError) as caught:
        USUAL.events([object()], call(), "$[{}]")
    shown = "".join(traceback.format_exception(caught.value))
    assert "raw_at = raw.at" in shown


def test_its_source_is_laid_out_like_a_module() -> None:
    """Two blank lines are between its functions, and a line end is behind the last."""
    assert re.findall(r"(\n*)def (\w+)", USUAL.source) == [
        ("", "rows"),
        ("\n\n\n", "one"),
        ("\n\n\n", "plain"),
        ("\n\n\n", "plain_one"),
    ]
    assert USUAL.source == USUAL.source.rstrip() + "\n"


def test_a_decimal_of_which_several_things_are_made_is_checked_once() -> None:
    """It is refused by the first check."""
    each = EventMap(
        Usual,
        always(CANCELED),
        order_id=number(Usual.id),
        symbol=made(lambda price: price, Usual.price),
        client_order_id=made(lambda price: price, Usual.price),
    )
    rows = each.source[each.source.index("def rows") : each.source.index("def one")]
    assert rows.count("seen(raw_price)") == 1


def test_a_wrong_field_is_refused_at_once() -> None:
    """A constant is no field, and a text is no decimal."""
    with pytest.raises(TypeError):
        amount("1.0")
    with pytest.raises(TypeError):
        loop_source(EventMap(Row, STATUS, price=amount(Row.client_id)).plan)


class Usual(Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """A row whose plain form is known by the number of its keys."""

    id: Int
    status: Literal["CANCELED", "NEW"]
    price: DecimalText
    at: Epoch | UnsetType = UNSET
    rare: Int | UnsetType = UNSET


def test_plain_rows_are_told_by_the_number_of_their_keys() -> None:
    """Rows that have just the usual keys are mapped the same, and known to be whole."""
    each = EventMap(
        Usual,
        by_status(Usual.status, {"CANCELED": CANCELED, "NEW": ALIVE}, UNSURE),
        order_id=number(Usual.id),
        price=amount(Usual.price, zero_is_none=True),
        event_ns=time(Usual.at),
    )
    for rows, is_whole in (
        ([Usual(id=1, status="CANCELED", price="2", at=10**12)], True),
        ([Usual(id=1, status="CANCELED", price="0", at=10**12, rare=1)], False),
        ([Usual(id=1, status="NEW", price="2", at=10**12)], False),
        ([Usual(id=1, status="CANCELED", price="2")], False),
    ):
        plain, other = call(), call()
        plain.data = msgspec.json.encode(rows)
        assert each.events(rows, plain, "$[{}]") == each.events(rows, other, "$[{}]")
        assert each.event(rows[0], plain, "$") == each.event(rows[0], other, "$")
        assert plain.is_whole == is_whole
        assert plain.notes == other.notes
