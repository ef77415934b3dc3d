"""Parts of plain stories that are no claims: names, quantities, attempts, and who took an order off the book."""

from decimal import Decimal
from typing import Final, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from cancelnorm.arrow.arrays import MAX_SCALE
from cancelnorm.arrow.schema import DECIMAL
from cancelnorm.arrow.story_groups import Words, count_up, grouped, listed, lists_of, typed, where
from cancelnorm.arrow.story_moments import Moments, graded
from cancelnorm.arrow.story_schema import AMOUNT, ATTEMPT, NAMED, STORIES, TAKER
from cancelnorm.schema import Outcome
from cancelnorm.story.state import MOST_ATTEMPTS

__all__ = ["Parts"]


class Parts:
    """What the events of each order say, but for its claims.

    ``first_rows`` is the first event of each order, and ``is_plain`` whether all of its parts are told.
    """

    def __init__(
        self,
        batch: pa.RecordBatch,
        orders: pa.Array,
        is_attempt: pa.Array,
        grades: pa.Array,
        moments: Moments,
        wanted: dict[str, pa.Array],
    ) -> None:
        self._moments = moments
        self._orders = orders
        self._words = words = _words(batch, is_attempt)
        self._filled, self._quantity = _filled(batch), _amounts(batch, "quantity")
        ranks = moments.sources.ranks
        wanted = wanted | {
            "min row": count_up(batch.num_rows),
            "min symbol source": where(typed(batch, "symbol").is_valid(), ranks),
            "max evidence": where(typed(batch, "initiator").is_valid(), grades),
            "max unfit": typed(batch, "unfit").is_valid(),
            "max filled": self._filled.values,
            "min quantity": self._quantity.values,
            "max quantity": self._quantity.values,
            "max quantity digits": self._quantity.digits,
            "min quantity source": where(self._quantity.values.is_valid(), ranks),
        }
        for name, column in words.items():
            wanted |= {f"min {name}": column.numbers, f"max {name}": column.numbers}
        self._found = grouped(orders, wanted)
        self.first_rows = self._found["min row"]
        self._attempts = self._all_attempts(wanted["min asked"])
        self.is_plain = self._is_plain()

    def _is_plain(self) -> pa.Array:
        found = self._found
        is_plain = pc.invert(found["max unfit"])
        for name in (*self._words, "quantity"):
            if name not in _LISTED:
                is_plain = pc.and_not(is_plain, self._differs(name))
        return pc.and_not(is_plain, pc.greater(pc.list_value_length(self._attempts), MOST_ATTEMPTS))

    def _differs(self, name: str) -> pa.Array:
        """Whether the events of each order differ in something."""
        found = self._found
        return pc.not_equal(found[f"min {name}"], found[f"max {name}"]).fill_null(fill_value=False)

    def _all_attempts(self, sent: pa.Array) -> pa.Array:
        """The requests of each order, by name."""
        found, moments, kind = self._found, self._moments, STORIES.field("attempts").type
        words = self._words["attempt"]
        if not self._differs("attempt").true_count:
            asked = moments.of_earliest(found["min asked"])
            return listed(_struct(ATTEMPT, words.of(found["min attempt"]), asked), kind)
        orders, known = words.in_groups(self._orders, {"min sent": sent})
        attempts = _struct(ATTEMPT, known["word"], moments.of_earliest(known["min sent"]))
        return lists_of(orders, attempts, len(self.first_rows), kind)

    def _all_reasons(self) -> pa.Array:
        """The reasons of refused and failed requests of each order, sorted."""
        words, kind = self._words["reason"], STORIES.field("reasons").type
        if not self._differs("reason").true_count:
            return listed(words.of(self._found["min reason"]), kind)
        orders, known = words.in_groups(self._orders, {})
        return lists_of(orders, known["word"], len(self.first_rows), kind)

    def columns(self) -> dict[str, pa.Array]:
        """The columns of the stories."""
        found, moments = self._found, self._moments
        single = {name: words for name, words in self._words.items() if name not in _LISTED}
        text = {name: words.of(found[f"min {name}"]) for name, words in single.items()}
        columns = {
            "asked": moments.of_earliest(found["min asked"]),
            "acknowledged": moments.of_earliest(found["min acknowledged"]),
            "filled_quantity": self._filled_quantity(),
            "quantities": self._quantity.of(
                found["min quantity"],
                found["max quantity digits"],
                moments.sources.of(found["min quantity source"]),
            ),
            "units": text["quantity_unit"],
            "takers": _struct(TAKER, text["initiator"], *graded(found["max evidence"], moments.sources)),
            "attempts": self._attempts,
            "reasons": self._all_reasons(),
            "symbols": _struct(NAMED, text["symbol"], moments.sources.of(found["min symbol source"])),
            "client_order_ids": text["client_order_id"],
            "lists": text["list"],
            "replaced_by": text["replaced_by"],
            "replaces": pa.nulls(len(self.first_rows), pa.string()),
            "first_ns": found["min first_ns"],
            "last_ns": found["max last_ns"],
            "more": pa.nulls(len(self.first_rows), pa.string()),
        }
        return {name: _as_declared(column, STORIES.field(name).type) for name, column in columns.items()}

    def _filled_quantity(self) -> pa.Array:
        """The greatest, with the digits and the source of those that are equal to it."""
        most = self._found["max filled"]
        is_most = pc.equal(self._filled.values, most.take(self._orders)).fill_null(fill_value=False)
        wanted = {
            "max digits": where(is_most, self._filled.digits),
            "min source": where(is_most, self._moments.sources.ranks),
        }
        found = grouped(self._orders, wanted)
        return self._filled.of(most, found["max digits"], self._moments.sources.of(found["min source"]))


_LISTED: Final = ("attempt", "reason")
"""Words of which an order may have several, and be plain all the same."""


def _as_declared(column: pa.Array, kind: pa.DataType) -> pa.Array:
    """A column as it is, or as lists of one value each."""
    return listed(column, kind) if pa.types.is_list(kind) and column.type != kind else column


def _struct(kind: pa.DataType, *columns: pa.Array) -> pa.Array:
    """A struct that is null where its first column is."""
    return pa.StructArray.from_arrays(columns, fields=list(kind), mask=columns[0].is_null())


# --- Words ---


def _words(batch: pa.RecordBatch, is_attempt: pa.Array) -> dict[str, Words]:
    """The texts of which a plain order has at most one, but for those in ``_LISTED``."""
    found = {name: Words(typed(batch, name)) for name in ("client_order_id", "symbol", "replaced_by")}
    found |= {name: Words(typed(batch, name)) for name in ("quantity_unit", "initiator")}
    return found | {
        "reason": Words(where(is_attempt, typed(batch, "reason"))),
        "list": Words(_first_text(typed(batch, "list_id"), typed(batch, "list_client_id"))),
        "attempt": Words(where(is_attempt, _attempts(batch))),
    }


def _first_text(one: pa.Array, other: pa.Array) -> pa.Array:
    """The one, or else the other, which may be empty."""
    return pc.coalesce(where(pc.not_equal(one, ""), one), other)


def _attempts(batch: pa.RecordBatch) -> pa.Array:
    """The name of the request of each event, as stories name it."""
    names = pc.binary_join_element_wise("cancel", typed(batch, "cancel_client_order_id"), " ")
    for kind in (_sent, _request, _answer):
        if names.null_count:
            names = pc.coalesce(names, kind(batch))
    return names


def _sent(batch: pa.RecordBatch) -> pa.Array:
    return pc.binary_join_element_wise("sent", typed(batch, "sent_ns").cast(pa.string()), " ")


def _request(batch: pa.RecordBatch) -> pa.Array:
    return pc.binary_join_element_wise("request", typed(batch, "request_id"), " ")


def _answer(batch: pa.RecordBatch) -> pa.Array:
    received = pc.coalesce(typed(batch, "received_ns"), typed(batch, "response_ns"))
    time = where(pc.not_equal(received, 0), received).cast(pa.string())
    name = _first_text(typed(batch, "source"), time.fill_null(""))
    return pc.binary_join_element_wise("answer", name, " ")


# --- Amounts ---

_ZEROS: Final = sorted(
    range(MAX_SCALE + 1), key=lambda scale: (len(text := str(Decimal((0, (0,), -scale)))), text)
)
"""Scales of zero, in the order in which stories prefer them."""

_ZERO_DIGITS: Final = pa.array([_ZEROS.index(scale) for scale in range(MAX_SCALE + 1)], pa.int8())
_ZERO_SCALES: Final = pa.array(_ZEROS, pa.int8())


class _Amounts(NamedTuple):
    """A column of decimals and of their scales; the greater ``digits`` are preferred where values are equal."""

    values: pa.Array
    scales: pa.Array

    @property
    def digits(self) -> pa.Array:
        return pc.if_else(pc.equal(self.values, 0), _ZERO_DIGITS.take(self.scales), self.scales)

    def of(self, values: pa.Array, digits: pa.Array, sources: pa.Array) -> pa.Array:
        """Amounts with these values, digits and sources."""
        scales = pc.if_else(pc.equal(values, 0), _ZERO_SCALES.take(digits), digits)
        return _struct(AMOUNT, values, scales, pa.nulls(len(values), pa.string()), sources)


def _amounts(batch: pa.RecordBatch, name: str) -> _Amounts:
    return _Amounts(typed(batch, name), typed(batch, f"{name}_scale"))


def _filled(batch: pa.RecordBatch) -> _Amounts:
    """What filled, as events know it: as sent, or the quantity without what is left."""
    sent, quantity, left = (
        _amounts(batch, name) for name in ("filled_quantity", "quantity", "remaining_quantity")
    )
    is_more = pc.or_(
        pc.greater(left.values, 0), pc.not_equal(typed(batch, "outcome"), Outcome.CANCELED.value)
    )
    is_told = pc.and_(pc.less_equal(left.values, quantity.values), pc.greater_equal(left.values, 0))
    is_told = pc.and_(pc.and_(is_told, is_more), sent.values.is_null()).fill_null(fill_value=False)
    if not is_told.true_count:
        return sent
    whole, rest = (where(is_told, amounts.values).cast(_WIDE) for amounts in (quantity, left))
    told = pc.subtract(whole, rest).cast(DECIMAL)
    scales = pc.max_element_wise(quantity.scales, left.scales)
    return _Amounts(pc.if_else(is_told, told, sent.values), pc.if_else(is_told, scales, sent.scales))


_WIDE: Final = pa.decimal256(DECIMAL.precision + 1, DECIMAL.scale)
