"""Stories from columns: the same as those that the fold of the events gives."""

import random
from collections.abc import Sequence
from decimal import Decimal
from itertools import product
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from cancelnorm import CancelEvent, Evidence, Reason, Refused, events, normalise
from cancelnorm.arrow import STORIES, from_batches, merge_stories, stories, to_batches
from cancelnorm.arrow.plain_stories import plain_stories
from cancelnorm.arrow.schema import EVENT_FIELDS, SCHEMA, Kind
from cancelnorm.ids import MASKED, is_masked
from cancelnorm.story import Stories, fold
from cancelnorm.story.state import MOST_ATTEMPTS
from tests.day import LOGS
from tests.samples import SAMPLES
from tests.story.events import EVENTS, collections
from tests.story.histories import History, histories
from tests.story.test_laws import assert_same

ZEROS = [Decimal((0, (0,), -scale)) for scale in range(12)]
FIRST, LAST = -(1 << 63), (1 << 63) - 1


def batch_of(found: Sequence[CancelEvent]) -> pa.RecordBatch:
    """The events as one batch."""
    empty = pa.RecordBatch.from_pylist([], SCHEMA)
    return pa.concat_batches([empty, *to_batches(found)])


def day() -> list[CancelEvent]:
    """The events of the sample day."""
    return [event for path in LOGS for event in events(path) if not isinstance(event, Refused)]


@given(collections(), st.integers(1, 6), st.randoms(use_true_random=False))
def test_stories_do_not_depend_on_how_events_are_divided(
    found: list[CancelEvent], workers: int, chance: random.Random
) -> None:
    """Law 15: events split over workers at random, folded as columns and merged, are one fold."""
    parts: list[list[CancelEvent]] = [[] for _ in range(workers)]
    for event in found:
        chance.choice(parts).append(event)
    assert_same(merge_stories(stories(batch_of(part)) for part in parts), fold(found))


@given(collections())
def test_a_row_is_a_story(found: list[CancelEvent]) -> None:
    """One for each order, in the order of the fold; what is read back is what the fold says."""
    batch = stories(batch_of(found))
    assert batch.schema.equals(STORIES)
    batch.validate(full=True)
    told = merge_stories([batch])
    assert [*told] == [*fold(found)]
    assert batch.num_rows == len(told)
    assert_same(told, fold(found))


EXTREMES = st.none() | st.sampled_from([FIRST, -1, 0, 1, LAST])
SOME_AMOUNTS = [
    Decimal(text) for text in ("0", "-0", "0E-7", "0.000000", "0E-9", "1", "1.00", "1E-13", "9E+40", "-3.5")
]
AMOUNTS = st.none() | st.sampled_from(SOME_AMOUNTS)


@given(st.lists(st.sampled_from([e for e in EVENTS if e.order_id])), st.data())
def test_extremes(found: list[CancelEvent], data: st.DataObject) -> None:
    """Times at the ends of their range, and amounts that are zero, do not fit their column or have other digits."""
    changed = [
        replace(
            event,
            order_id=data.draw(st.sampled_from("ab")),
            source=data.draw(st.sampled_from([None, "", "é:9", "é:10", "z:1"])),
            event_ns=data.draw(EXTREMES),
            sent_ns=data.draw(EXTREMES),
            received_ns=data.draw(EXTREMES),
            quantity=data.draw(AMOUNTS),
            filled_quantity=data.draw(AMOUNTS),
            remaining_quantity=data.draw(AMOUNTS),
        )
        for event in found
    ]
    assert_same(merge_stories([stories(batch_of(changed))]), fold(changed))


@pytest.mark.parametrize("source", [None, "é:10"])
@pytest.mark.parametrize(
    "name", [field.name for field in EVENT_FIELDS if field.kind is Kind.AMOUNT], ids=lambda name: name
)
def test_two_amounts_of_an_order(name: str, source: str | None) -> None:
    """Any two, also zeros with other digits: the columns prefer the one that the fold does, in either order."""
    [event] = normalise(SAMPLES["binance/delete-order"].record("é:9")).events
    found = [
        replace(event, order_id=f"{one} {two}", **{name: amount}, source=of)
        for one, two in product([None, *SOME_AMOUNTS, *ZEROS], repeat=2)
        for amount, of in ((one, event.source), (two, source))
    ]
    assert_same(merge_stories([stories(batch_of(found))]), fold(found))


@given(histories())
def test_what_may_happen_to_orders(log: History) -> None:
    """Requests that are tried again, refused for several reasons, lost and repeated."""
    found = [one.event for one in log.log]
    assert_same(merge_stories([stories(batch_of(found))]), fold(found))


@given(
    st.lists(
        st.tuples(
            st.sampled_from("abc"),
            st.integers(1, 9),
            st.none() | st.sampled_from(["x", "é", "\U0001f600"]),
            st.sampled_from([None, *Reason]),
        )
    )
)
def test_an_order_with_several_requests_is_plain(
    rows: list[tuple[str, int, str | None, Reason | None]],
) -> None:
    """Its requests, with the first time of each, and their reasons come from columns."""
    [event] = normalise(SAMPLES["binance/delete-order"].record("log:1")).events
    found = [
        replace(event, order_id=order_id, sent_ns=sent_ns, cancel_client_order_id=name, reason=reason)
        for order_id, sent_ns, name, reason in rows
    ]
    batch = batch_of(found)
    assert not plain_stories(batch).rest.num_rows
    assert_same(merge_stories([stories(batch)]), fold(found))


@pytest.mark.parametrize(("requests", "is_plain"), [(MOST_ATTEMPTS, True), (MOST_ATTEMPTS + 1, False)])
def test_more_requests_than_are_kept(requests: int, *, is_plain: bool) -> None:
    """The first by name are kept, and it is told that there were more."""
    [event] = normalise(SAMPLES["binance/delete-order"].record("log:1")).events
    found = [replace(event, sent_ns=10 + number, cancel_client_order_id=None) for number in range(requests)]
    batch = batch_of(found)
    assert bool(plain_stories(batch).rest.num_rows) is not is_plain
    assert_same(merge_stories([stories(batch)]), fold(found))


def test_most_orders_of_a_day_are_plain() -> None:
    """So that columns tell their stories, without event objects."""
    found = day()
    batch = batch_of(found)
    plain = plain_stories(batch)
    assert plain.stories.num_rows > 0.9 * (plain.stories.num_rows + len(plain.others))
    assert_same(merge_stories([stories(batch)]), fold(found))


def test_nothing() -> None:
    """No events give no rows, and no batches no stories."""
    batch = stories(batch_of([]))
    assert (batch.num_rows, batch.schema) == (0, STORIES)
    assert_same(merge_stories([batch]), fold([]))
    assert_same(merge_stories([]), fold([]))
    assert stories(pa.Table.from_batches([], SCHEMA)).num_rows == 0


def test_a_table_is_one_batch() -> None:
    """However it is divided."""
    found = day()
    table = pa.Table.from_batches(to_batches(found, size=7))
    assert stories(table).equals(stories(batch_of(found)))


def test_columns_that_engines_give_back() -> None:
    """Other types of text, timestamps, and missing columns."""
    found = day()
    [batch] = to_batches(found, times="timestamp")
    given_back = [pl.DataFrame(batch).to_arrow(), duckdb.sql("from batch").to_arrow_table()]
    for table in given_back:
        assert_same(merge_stories([stories(table)]), fold(found))
    names = ["venue", "endpoint", "kind", "index", "outcome", "evidence", "order_id", "symbol"]
    few = batch.select(names)
    assert_same(merge_stories([stories(few)]), fold(from_batches([few])))


def test_partial_stories_are_stored(tmp_path: Path) -> None:
    """Parquet, Polars and DuckDB keep them; what identifies orders must be there."""
    found = day()
    batch = stories(batch_of(found))
    path = tmp_path / "stories.parquet"
    pq.write_table(pa.Table.from_batches([batch]), path)
    whole = fold(found)
    for table in (
        pq.read_table(path),
        pl.read_parquet(path).to_arrow(),
        duckdb.sql(f"from '{path}'").to_arrow_table(),
    ):
        assert_same(merge_stories(table.to_batches()), whole, counts=False)
    with pytest.raises(ValueError, match="no column order_id"):
        merge_stories([batch.drop_columns(["order_id"])])


def test_events_without_an_order_are_counted() -> None:
    """By their kind, in the metadata."""
    unnamed = [event for event in EVENTS if event.order_id is None and event.client_order_id is None]
    batches = [stories(batch_of(part)) for part in (unnamed[:5], unnamed[5:])]
    assert merge_stories(batches).unnamed == fold(unnamed).unnamed
    assert sum(fold(unnamed).unnamed.values()) == len(unnamed) > 10


# --- In SQL ---

JOINED = """
select
    account, id_space, symbol, order_id, client_order_id,
    min(asked.ns), min(first_ns), max(last_ns), max(filled_quantity.value),
    max(canceled.evidence), min(canceled.first.ns), max(canceled.last.ns), min(canceled.known.ns),
    max(alive.last_sent.ns),
    len(list_distinct(flatten(list(list_transform(attempts, lambda one: one.name))))),
    list_sort(list_distinct(flatten(list(reasons)))),
from rows
group by all
"""


@settings(max_examples=max(20, settings().max_examples // 5))  # each asks a database
@given(collections(), st.integers(1, 4), st.randoms(use_true_random=False))
def test_a_database_joins_partial_stories(
    found: list[CancelEvent], workers: int, chance: random.Random
) -> None:
    """Law 8: ``group by`` with least, greatest and union gives what the fold says of each order."""
    parts: list[list[CancelEvent]] = [[] for _ in range(workers)]
    for event in found:
        chance.choice(parts).append(event)
    rows = pa.Table.from_batches([stories(batch_of(part)) for part in parts], STORIES)
    with duckdb.connect() as db:
        db.register("rows", rows)
        theirs = {row[:5]: row[5:] for row in db.execute(JOINED).fetchall()}
    assert theirs == {tuple(key): values(fold(found), key) for key in fold(found)}


def values(told: Stories, key: Any) -> tuple[Any, ...]:
    """What the database is asked for."""
    story = told[key]
    canceled, alive = story.canceled, story.alive
    filled = story.filled_quantity

    def ns(moment: tuple[int, str | None] | None) -> int | None:
        return None if moment is None else moment[0]

    return (
        ns(story.asked),
        story.first_ns,
        story.last_ns,
        None if filled is None else filled.value,
        None if canceled is None else canceled.evidence.rank,
        None if canceled is None else ns(canceled.first),
        None if canceled is None else ns(canceled.last),
        None if canceled is None else ns(canceled.known),
        None if alive is None else ns(alive.last_sent),
        len(story.attempts),
        list(story.reasons),
    )


def test_grades_are_ranks() -> None:
    """``evidence`` is a number by which it can be compared, as ``evidence_rank`` of events is."""
    event = next(e for e in EVENTS if e.reason is Reason.ALREADY_CANCELED and e.order_id)
    [row] = stories(batch_of([event])).to_pylist()
    assert row["canceled"]["evidence"] == Evidence.SUCCESS_FLAG.rank


@given(
    st.lists(st.text("xX*-<>[]({}) redactfilhmvo12", max_size=12) | st.sampled_from(["[redacted]", "Masked"]))
)
def test_masks_are_told_alike(ids: list[str]) -> None:
    """Columns find the same ids to be masked."""
    found = pc.match_substring_regex(pa.array(ids, pa.string()), MASKED).to_pylist()
    assert found == [is_masked(each) for each in ids]
