"""What an EventMap makes of rows, what it leaves to ``extra``, and what it says of itself."""

import traceback
from decimal import Decimal
from typing import Any, Literal

import msgspec
import pytest
from msgspec import UNSET, Struct, UnsetType

from cancelnorm import Evidence, OrderStatus, Outcome, Reason, Record
from cancelnorm.endpoint import Call, Endpoint, IdSpace
from cancelnorm.eventmap import (
    Absent,
    CodeTable,
    EventMap,
    Verdict,
    always,
    amount,
    by_code,
    by_status,
    by_words,
    constant,
    first,
    flag,
    made,
    maps_of,
    number,
    rejected,
    text,
    time,
    word,
)
from cancelnorm.eventmap.cells import Cells, rows_of
from cancelnorm.eventmap.loop import loop_source
from cancelnorm.reader.scalars import (
    ZEROS,
    DecimalNumber,
    DecimalOrEmpty,
    DecimalText,
    Epoch,
    EpochText,
    Int,
    Prose,
    Unreadable,
)
from cancelnorm.reader.types import fields_of
from cancelnorm.request import RequestKeys
from cancelnorm.schema import EventKind, Initiator, QuantityUnit, Side


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
ALIVE = Verdict(
    Outcome.UNKNOWN, Evidence.LISTED, None, OrderStatus.NEW, note=("stale-status", "it is shown alive")
)
UNSURE = Verdict(Outcome.UNKNOWN, Evidence.LISTED)
SIDES = {"BUY": Side.BUY, "SELL": Side.SELL}
STATUS = by_status(Row.status, {"CANCELED": CANCELED, "NEW": ALIVE}, UNSURE)


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


# --- Verdicts ---


class Coded(Struct, frozen=True, rename="camel"):
    """A row, or what stands beside one, that has a code."""

    code: int
    msg: Prose = ""


class Named(Struct, frozen=True, rename="camel"):
    """A row that only names an order."""

    id: str


TAKEN = Verdict(Outcome.PENDING, Evidence.ACKNOWLEDGED)
TABLE: CodeTable = {5: rejected(Reason.NOT_FOUND)}


def test_a_verdict_by_the_code_of_a_row_beside() -> None:
    """Rows of two arrays are joined by position; the code and the message are the other's."""
    each = EventMap(Named, by_code(Coded.code, Coded.msg, TABLE, taken=TAKEN), order_id=text(Named.id))
    beside = [Coded(0), Coded(5, "secret=x"), Coded(9)]
    events = each.events([Named("a"), Named("b"), Named("")], call(), "$[{}]", beside=beside)
    assert [(e.order_id, e.outcome, e.reason, e.code, e.message) for e in events] == [
        ("a", Outcome.PENDING, None, None, None),
        ("b", Outcome.REJECTED, Reason.NOT_FOUND, "5", "secret=[redacted]"),
        (None, Outcome.REJECTED, Reason.OTHER, "9", None),
    ]


def test_messages_of_rows_that_were_taken() -> None:
    """Each row keeps its own message, masked, also where a code says that all were taken."""
    each = EventMap(Named, by_code(Coded.code, Coded.msg, TABLE, taken=TAKEN), order_id=text(Named.id))
    said = ["OK", "OK", "", "apiKey=AAAABBBBCCCC", "OK"]
    events = each.events(
        [Named("a")] * len(said), call(), "$[{}]", beside=[Coded(0, message) for message in said]
    )
    assert [event.message for event in events] == ["OK", "OK", None, "apiKey=[redacted]", "OK"]
    assert {event.outcome for event in events} == {Outcome.PENDING}
    assert (
        mapped(EventMap(Coded, by_code(Coded.code, Coded.msg, TABLE, taken=TAKEN)), Coded(0, "OK")).message
        == "OK"
    )


def test_under_a_server_error_no_rejection_is_certain() -> None:
    """The HTTP status of the answer is part of the verdict."""
    each = EventMap(Coded, by_code(Coded.code, Coded.msg, TABLE, taken=TAKEN))
    where = call(status=503)
    assert each.event(Coded(5), where, "$").outcome is Outcome.UNKNOWN


def test_a_row_that_is_not_about_a_cancel() -> None:
    """It has no event, it is noted, and its scalars are checked all the same."""

    def judge(status: str) -> Verdict | None:
        return CANCELED._replace(initiator=Initiator.USER) if status == "CANCELED" else None

    each = EventMap(Row, by_words(judge, Row.status, raw_status=Row.status), order_id=number(Row.order_id))
    where = call()
    events = each.events([Row(order_id=1, status="NEW"), Row(order_id=2)], where, "$[{}]")
    assert [(e.order_id, e.index, e.initiator) for e in events] == [("2", 1, Initiator.USER)]
    assert [(note.code, note.path) for note in where.notes] == [("not-a-cancel", "$[0]")]
    with pytest.raises(Unreadable):
        each.events([Row(order_id=1, status="NEW", price="x")], call(), "$[{}]")


def test_always() -> None:
    """One verdict for all."""
    event = EventMap(Named, always(TAKEN), order_id=text(Named.id)).event(Named("a"), call(), "$")
    assert (event.outcome, event.evidence, event.reason) == (Outcome.PENDING, Evidence.ACKNOWLEDGED, None)


# --- Extra ---


class Loose(Struct, frozen=True, kw_only=True, rename="camel"):
    """Fields without a home."""

    status: str = "CANCELED"
    text: str = ""
    number: Int = 0
    flag: bool = False
    fee: DecimalText = "0.00"
    parts: list[str] = []
    more: dict[str, str] | None = None
    when: Int | UnsetType = UNSET


@pytest.mark.parametrize(
    ("absent", "told"),
    [
        (Absent.MISSING, {"text", "number", "flag", "fee", "parts", "more"}),
        (Absent.EMPTY, {"number", "flag", "fee"}),
        (Absent.ZERO, set()),
    ],
)
def test_what_says_nothing_is_declared(absent: Absent, told: set[str]) -> None:
    """A map leaves out of ``extra`` what it declares absent, and says so of itself."""
    each = EventMap(Loose, by_status(Loose.status, {"CANCELED": CANCELED}, UNSURE), absent=absent)
    assert set(each.event(Loose(), call(), "$").extra or {}) == told
    fields = {field.name: field for field in each.plan.rest}
    for name, field in fields.items():
        assert each.says_nothing(field, getattr(Loose(), name)) == (name not in told)


class LooseTexts(Struct, frozen=True, kw_only=True):
    """A field without a home, and one with a home for amounts."""

    status: str = "CANCELED"
    fee: str = ""
    price: DecimalText = "0.00"


@pytest.mark.parametrize(
    ("text", "is_nothing"),
    [
        *((zero, True) for zero in ("", "0", "-0", "0.000", "00", "-0.0")),
        *(
            (other, False)
            for other in ("x0", "0x0", "0x", "0e1", "0 ", "+0", "1", "10", "0.01", "-", ".", "x")
        ),
    ],
)
def test_texts_that_are_like_zero(text: str, is_nothing: bool) -> None:
    """Zero says nothing however many places it has, and nothing else that begins with it."""
    each = EventMap(
        LooseTexts,
        by_status(LooseTexts.status, {"CANCELED": CANCELED}, UNSURE),
        absent=Absent.ZERO,
        price=amount(LooseTexts.price, zero_is_none=True),
    )
    fields = {field.name: field for field in fields_of(LooseTexts)}
    assert each.says_nothing(fields["fee"], text) == is_nothing
    assert each.says_nothing(fields["price"], text) == is_nothing
    assert (each.event(LooseTexts(fee=text), call(), "$").extra is None) == is_nothing


def test_values_without_meaning_told_fields_and_facts() -> None:
    """Values of a field, whole fields, and facts of the caller are settled per map."""
    each = EventMap(
        Loose,
        by_status(Loose.status, {"CANCELED": CANCELED}, UNSURE),
        given=("symbol", "extra"),
        without={Loose.number: (0, -1), Loose.when: (0,)},
        told=(Loose.text, Loose.flag, Loose.parts, Loose.more),
        also=(Loose.status,),
    )
    event = each.event(Loose(number=-1, when=0), call(), "$", given=("BTC", {"of": "all"}))
    assert (event.symbol, event.extra) == ("BTC", {"status": "CANCELED", "fee": "0.00", "of": "all"})
    assert each.event(Loose(number=2), call(), "$", given=(None, None)).extra == {
        "status": "CANCELED",
        "number": 2,
        "fee": "0.00",
    }


class Created(Struct, frozen=True, kw_only=True, rename="camel"):
    """A row whose time of creation may be -1, and whose last price is zero where there was no trade."""

    created_at: Int = -1
    last_price: DecimalText = "0.000"


def test_values_without_meaning_in_a_column() -> None:
    """A value without meaning is not told where its column makes nothing of it; any collection names them."""
    each = EventMap(
        Created,
        always(CANCELED),
        without={Created.created_at: {-1}, Created.last_price: ZEROS},
        created_ns=made(lambda at: at * 1_000 if at > 0 else None, Created.created_at),
    )
    assert mapped(each, Created()).extra is None
    assert mapped(each, Created(created_at=0, last_price="1")).extra == {"createdAt": 0, "lastPrice": "1"}
    assert mapped(each, Created(created_at=5)).created_ns == 5_000
    created, _ = fields_of(Created)
    assert [each.says_nothing(created, at) for at in (-1, 0, 5)] == [True, False, False]


class Twice(Struct, frozen=True, kw_only=True, rename="camel"):
    """A row that says a number and a word twice."""

    filled: DecimalText = "1.0"
    cum_qty: DecimalText = "1.0"
    type: str = "LIMIT"
    orig_type: str = "LIMIT"


TWICE = EventMap(
    Twice,
    always(CANCELED),
    filled_quantity=amount(Twice.filled),
    told=(Twice.type,),
    repeats={Twice.cum_qty: Twice.filled, Twice.orig_type: Twice.type},
)


def test_what_is_said_twice_is_told_where_it_differs() -> None:
    """A number in another spelling is told, another number is a contradiction too."""
    assert mapped(TWICE, Twice()).extra is None
    where = call()
    assert TWICE.event(Twice(cum_qty="1.00", orig_type="STOP"), where, "$").extra == {
        "cumQty": "1.00",
        "origType": "STOP",
    }
    assert not where.notes
    TWICE.event(Twice(cum_qty="2"), where, "$")
    assert [(note.code, note.path) for note in where.notes] == [("contradiction", "$.cumQty")]
    with pytest.raises(Unreadable):
        TWICE.event(Twice(cum_qty="x"), call(), "$")


class Ids(Struct, frozen=True, kw_only=True, rename="camel"):
    """A row with two client ids and a word that is made of two."""

    own: str = ""
    old: str | UnsetType = UNSET
    kind: str = "A"
    sort: str = "B"


def test_the_first_of_several_and_what_is_made() -> None:
    """The first column that is not None counts; what a function cannot make goes to ``extra``."""

    def side_of(kind: str, sort: str) -> Side | None:
        return Side.BUY if (kind, sort) == ("A", "B") else None

    each = EventMap(
        Ids,
        always(CANCELED),
        client_order_id=first(text(Ids.own), text(Ids.old)),
        side=made(side_of, Ids.kind, Ids.sort),
    )
    assert mapped(each, Ids(old="o")).client_order_id == "o"
    both = mapped(each, Ids(own="n", old="o"))
    assert (both.client_order_id, both.extra) == ("n", {"old": "o"})
    event = mapped(each, Ids(kind="C"))
    assert (event.side, event.extra) == (None, {"kind": "C", "sort": "B"})


def test_a_word_that_several_values_are_made_of() -> None:
    """The first field of a value is told where all that is made of it is None, the other fields are not."""

    def side_of(kind: str, sort: str) -> Side | None:
        return Side.BUY if kind == sort == "B" else None

    def sell_of(sort: str, kind: str) -> bool | None:
        return True if kind == "B" and sort else None

    each = EventMap(
        Ids,
        always(CANCELED),
        side=made(side_of, Ids.kind, Ids.sort),
        post_only=made(sell_of, Ids.sort, Ids.kind),
    )
    assert mapped(each, Ids(kind="A")).extra == {"own": "", "kind": "A", "sort": "B"}
    assert mapped(each, Ids(kind="B")).extra == {"own": ""}


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
