"""Stories of plain orders, from columns of events without event objects.

An order is plain if its events in a batch name at most one attempt, one quantity, one symbol and so on. All that is
left to find is the least or the greatest of a column, which the columns give exactly.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from cancelnorm.arrow.arrays import unmasked
from cancelnorm.arrow.rows import from_batches
from cancelnorm.arrow.story_groups import count_up, grouped, numbered, typed, where
from cancelnorm.arrow.story_moments import Moments, Sources, graded
from cancelnorm.arrow.story_parts import Parts
from cancelnorm.arrow.story_schema import CLAIM, CLAIMS, STORIES
from cancelnorm.schema import EventKind
from cancelnorm.story import Said, claim_of
from cancelnorm.story.fold import Place, place_of
from cancelnorm.story.state import ACCEPTED
from cancelnorm.story.state import CLAIMS as FIELDS

__all__ = ["Plain", "plain_stories"]


class Plain(NamedTuple):
    """Stories of plain orders, and the events of all others.

    Orders are numbered as they are first seen: ``numbers`` are those of the stories, and ``others`` those of the
    events in ``rest``, which has also the events that name no order.
    """

    stories: pa.RecordBatch
    numbers: pa.Array
    rest: pa.RecordBatch
    others: pa.Array


def plain_stories(batch: pa.RecordBatch) -> Plain:
    """Tell the stories of the plain orders in a batch of events."""
    return _Events(batch).told()


class _Sort(NamedTuple):
    """Meaning of the events of one endpoint with the same words."""

    place: Place
    said: Said | None
    is_accepted: bool
    evidence: int


class _Sorts:
    """The sorts of events in a batch, of which there are few: each is looked at once."""

    def __init__(self, batch: pa.RecordBatch) -> None:
        words = ("venue", "endpoint", "outcome", "evidence", "reason", "status")
        self._numbers = numbered(*(typed(batch, name) for name in words))
        rows = count_up(batch.num_rows)
        needed = batch.select([name for name in (*words, "kind", "index") if name in batch.schema.names])
        firsts = needed.take(grouped(self._numbers, {"min row": rows})["min row"])
        self._sorts = [
            _Sort(
                place_of(event.venue, event.endpoint),
                claim_of(event),
                event.outcome in ACCEPTED,
                event.evidence.rank,
            )
            for event in from_batches([firsts])
        ]

    def of(self, fact: Callable[[_Sort], Any], kind: pa.DataType) -> pa.Array:
        """A fact about each event."""
        facts = pa.array([fact(each) for each in self._sorts], kind)
        return pa.repeat(facts[0], len(self._numbers)) if len(facts) == 1 else facts.take(self._numbers)


_FATES: Final = {fate: number for number, fate in enumerate(FIELDS)}


def _fate(sort: _Sort) -> int | None:
    return None if sort.said is None else _FATES[sort.said.fate]


def _evidence(sort: _Sort) -> int | None:
    return None if sort.said is None else sort.said.evidence.rank


def _is_late(sort: _Sort) -> bool:
    return sort.said is not None and sort.said.is_late


class _Events:
    """The events of a batch."""

    def __init__(self, batch: pa.RecordBatch) -> None:
        self._batch = batch
        self._sorts = _Sorts(batch)
        self._sources = Sources(typed(batch, "source"))
        event, sent, received = (typed(batch, name) for name in ("event_ns", "sent_ns", "received_ns"))
        self._clocks = event, sent, received, typed(batch, "response_ns"), typed(batch, "created_ns")
        self._moments = moments = Moments(self._sources, (event, sent, received))
        self._is_attempt = self._sorts.of(lambda one: one.place.is_attempt, pa.bool_())
        is_asked = self._sorts.of(lambda one: not one.place.is_pushed, pa.bool_())
        self._event, self._received = moments.earliest(event), moments.earliest(received)
        self._last_event = moments.latest(event)
        self._sent = where(self._is_attempt, moments.earliest(sent))
        self._last_sent = where(is_asked, moments.latest(sent))

    def told(self) -> Plain:
        """The stories of plain orders."""
        batch, key = self._batch, self._key()
        orders = numbered(*key.values())
        is_named = pc.or_(key["order_id"].is_valid(), key["client_order_id"].is_valid())
        if is_named.false_count:
            orders = where(is_named, orders).dictionary_encode().indices.cast(pa.int64())
        parts = Parts(batch, orders, self._is_attempt, self._grades(), self._moments, self._wanted())
        count = len(parts.first_rows)
        columns = key | {"venue": typed(batch, "venue")}
        if count < batch.num_rows:
            columns = {name: column.take(parts.first_rows) for name, column in columns.items()}
        columns |= parts.columns() | self._claims(orders, count)
        stories = pa.RecordBatch.from_arrays([columns[name] for name in STORIES.names], schema=STORIES)
        numbers = count_up(count)
        is_plain = parts.is_plain
        if is_plain.true_count == count and not orders.null_count:
            return Plain(stories, numbers, batch.slice(0, 0), numbers.slice(0, 0))
        is_rest = pc.invert(is_plain.take(orders)).fill_null(fill_value=True)
        return Plain(
            stories.filter(is_plain),
            numbers.filter(is_plain),
            batch.filter(is_rest),
            numbers.filter(pc.invert(is_plain)),
        )

    def _key(self) -> dict[str, pa.Array]:
        """Identity of the order of each event."""
        batch = self._batch
        by_symbol = self._sorts.of(lambda one: one.place.by_symbol, pa.bool_())
        order_id, client_order_id = typed(batch, "order_id"), typed(batch, "client_order_id")
        is_order = pc.equal(typed(batch, "kind"), EventKind.ORDER.value)
        if is_order.false_count:  # what is about many orders is in no story, whatever it names
            order_id, client_order_id = where(is_order, order_id), where(is_order, client_order_id)
        order_id = unmasked(order_id)
        has_no_case = self._sorts.of(lambda one: one.place.ignores_case, pa.bool_())
        if has_no_case.true_count:
            client_order_id = pc.if_else(has_no_case, pc.ascii_lower(client_order_id), client_order_id)
        return {
            "account": typed(batch, "account"),
            "id_space": self._sorts.of(lambda one: one.place.space, pa.string()),
            "symbol": where(by_symbol, typed(batch, "symbol")),
            "order_id": order_id,
            "client_order_id": unmasked(where(order_id.is_null(), client_order_id)),
        }

    def _grades(self) -> pa.Array:
        """The evidence of each event, with its source."""
        return self._sources.graded(self._sorts.of(lambda one: one.evidence, pa.int64()))

    def _wanted(self) -> dict[str, pa.Array]:
        """Times of which each order has the least or the greatest."""
        is_accepted = self._sorts.of(lambda one: one.place.is_attempt and one.is_accepted, pa.bool_())
        return {
            "min asked": self._sent,
            "min acknowledged": where(is_accepted, self._received),
            "min first_ns": pc.min_element_wise(*self._clocks),
            "max last_ns": pc.max_element_wise(*self._clocks),
        }

    def _claims(self, orders: pa.Array, count: int) -> dict[str, pa.Array]:
        """Claims of the events of each order, by fate."""
        pairs = pc.add(pc.multiply(orders, len(CLAIMS)), self._sorts.of(_fate, pa.int64()))
        found = grouped(
            pairs,
            {
                "max evidence": self._sources.graded(self._sorts.of(_evidence, pa.int64())),
                "min first": self._event,
                "max last": self._last_event,
                "min known": self._received,
                "min sent": where(pc.invert(self._sorts.of(_is_late, pa.bool_())), self._sent),
                "max last_sent": self._last_sent,
            },
        )
        of_orders = pc.divide(found["group"], len(CLAIMS))
        of_fates = pc.subtract(found["group"], pc.multiply(of_orders, len(CLAIMS)))
        everyone = count_up(count)
        columns = {}
        for number, name in enumerate(CLAIMS):
            is_this = pc.equal(of_fates, number)
            if not is_this.true_count:
                columns[name] = pa.nulls(count, CLAIM)
                continue
            claims = self._claim({each: column.filter(is_this) for each, column in found.items()})
            if len(claims) < count:
                claims = claims.take(pc.index_in(everyone, value_set=of_orders.filter(is_this)))
            columns[name] = claims
        return columns

    def _claim(self, found: Mapping[str, pa.Array]) -> pa.Array:
        moments = self._moments
        columns = [
            *graded(found["max evidence"], self._sources),
            moments.of_earliest(found["min first"]),
            moments.of_latest(found["max last"]),
            moments.of_earliest(found["min known"]),
            moments.of_earliest(found["min sent"]),
            moments.of_latest(found["max last_sent"]),
        ]
        return pa.StructArray.from_arrays(columns, fields=list(CLAIM))
