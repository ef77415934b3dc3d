"""What a map leaves to ``extra``, and what it declares to say nothing."""

import pytest
from msgspec import UNSET, Struct, UnsetType

from cancelnorm.eventmap import Absent, EventMap, always, amount, by_status, first, made, text
from cancelnorm.reader.scalars import ZEROS, DecimalText, Int, Unreadable
from cancelnorm.reader.types import fields_of
from cancelnorm.schema import Side
from tests.eventmap.rows import CANCELED, UNSURE, call, mapped


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


class LooseTexts(Struct, frozen=True, kw_only=True):
    """A field without a home, and one with a home for amounts."""

    status: str = "CANCELED"
    fee: str = ""
    price: DecimalText = "0.00"


class Created(Struct, frozen=True, kw_only=True, rename="camel"):
    """A row whose time of creation may be -1, and whose last price is zero where there was no trade."""

    created_at: Int = -1
    last_price: DecimalText = "0.000"


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


class Ids(Struct, frozen=True, kw_only=True, rename="camel"):
    """A row with two client ids and a word that is made of two."""

    own: str = ""
    old: str | UnsetType = UNSET
    kind: str = "A"
    sort: str = "B"


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
