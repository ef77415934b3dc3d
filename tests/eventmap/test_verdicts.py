"""The verdict of a row: by a code beside it, by words, always the same, or none."""

import pytest
from msgspec import Struct

from cancelnorm import Evidence, Outcome, Reason
from cancelnorm.eventmap import (
    CodeTable,
    EventMap,
    Verdict,
    always,
    by_code,
    by_words,
    number,
    rejected,
    text,
)
from cancelnorm.eventmap.cells import Cells, rows_of
from cancelnorm.reader.scalars import Prose, Unreadable
from cancelnorm.schema import Initiator
from tests.eventmap.rows import CANCELED, Row, call, mapped


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


@pytest.mark.parametrize("others", [0, 1, 3])
def test_another_number_of_rows_beside(others: int) -> None:
    """Rows of two arrays that differ in length are not joined, where events are made and where cells are kept."""
    each = EventMap(Named, by_code(Coded.code, Coded.msg, TABLE, taken=TAKEN), order_id=text(Named.id))
    rows, beside = [Named("a"), Named("b")], [Coded(0)] * others
    with pytest.raises(ValueError, match="another number"):
        each.events(rows, call(), "$[{}]", beside=beside)
    by_column = call()
    by_column.by_column = True
    cells: object = each.events(rows, by_column, "$[{}]", beside=beside)
    assert isinstance(cells, Cells)
    with pytest.raises(Unreadable):
        rows_of(cells.loop, [cells])


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
