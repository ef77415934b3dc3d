"""EventMap: one declaration per struct, from which rows, the field table and the column plan follow."""

import linecache
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final, NamedTuple

import msgspec
from msgspec import Raw, Struct

from cancelnorm.endpoint import Call
from cancelnorm.eventmap.cells import CellLoop, Cells, cell_loop, usual_loop
from cancelnorm.eventmap.columns import Column, How, Said, member
from cancelnorm.eventmap.expressions import NUMBERS
from cancelnorm.eventmap.loop import Loop, compiled, loop_source
from cancelnorm.eventmap.plan import Absent, Plan, is_absent, scalar_of_field
from cancelnorm.lazy import lazy_property
from cancelnorm.reader.scalars import Scalar, any_number
from cancelnorm.reader.types import Field, fields_of
from cancelnorm.schema import (
    CancelEvent,
    EventKind,
    Evidence,
    Initiator,
    OrderStatus,
    OrderType,
    Outcome,
    PositionSide,
    Product,
    QuantityUnit,
    Scope,
    Side,
    TimeInForce,
)
from cancelnorm.verdict import Verdict

__all__ = ["PASSED_OVER", "EventMap", "FieldHome", "maps_of"]


class FieldHome(NamedTuple):
    """Destination of a field of a struct: fields of the event, or ``extra`` under the venue's key."""

    key: str
    homes: tuple[str, ...]
    absent: str  # which of its values say nothing


class EventMap:
    """Which field of a struct is which field of an event.

    ``said`` gives the verdict, each keyword a column. What has no home goes to ``extra`` under the venue's own
    key, unless it is ``absent``, one of its values in ``without``, or a field in ``told``, which is told
    elsewhere; a field in ``also`` is in ``extra`` too; a field in ``repeats`` says again what another says, and
    is in ``extra`` where it differs. ``given`` are fields of the event that the caller gives with each call,
    ``extra`` among them for facts that all rows share. Events are about what ``kind`` says, those of rows without
    any id of an order about what ``unnamed`` says, if that is given. Every marked scalar is checked, prose is
    masked, a word that no table knows goes to ``extra``, and each event knows the JSON path of its row.
    """

    def __init__(
        self,
        struct: type[Struct],
        said: Said,
        *,
        kind: EventKind = EventKind.ORDER,
        unnamed: EventKind | None = None,
        given: Sequence[str] = (),
        absent: Absent = Absent.MISSING,
        without: Mapping[Any, Collection[Any]] | None = None,
        told: Collection[Any] = (),
        also: Collection[Any] = (),
        repeats: Mapping[Any, Any] | None = None,
        product: Column[Product] | None = None,
        symbol: Column[str] | None = None,
        order_id: Column[str] | None = None,
        client_order_id: Column[str] | None = None,
        cancel_client_order_id: Column[str] | None = None,
        code: Column[str] | None = None,
        message: Column[str] | None = None,
        raw_status: Column[str] | None = None,
        side: Column[Side] | None = None,
        order_type: Column[OrderType] | None = None,
        time_in_force: Column[TimeInForce] | None = None,
        post_only: Column[bool] | None = None,
        price: Column[Decimal] | None = None,
        quantity: Column[Decimal] | None = None,
        filled_quantity: Column[Decimal] | None = None,
        quantity_unit: Column[QuantityUnit] | None = None,
        quote_quantity: Column[Decimal] | None = None,
        filled_quote: Column[Decimal] | None = None,
        self_trade_prevention: Column[str] | None = None,
        event_ns: Column[int] | None = None,
        response_ns: Column[int] | None = None,
        initiator: Column[Initiator] | None = None,
        raw_initiator: Column[str] | None = None,
        scope: Column[Scope] | None = None,
        list_id: Column[str] | None = None,
        list_client_id: Column[str] | None = None,
        contingency: Column[str] | None = None,
        replaced_by: Column[str] | None = None,
        position_side: Column[PositionSide] | None = None,
        reduce_only: Column[bool] | None = None,
        trigger_price: Column[Decimal] | None = None,
        average_price: Column[Decimal] | None = None,
        remaining_quantity: Column[Decimal] | None = None,
        display_quantity: Column[Decimal] | None = None,
        affected_orders: Column[int] | None = None,
        created_ns: Column[int] | None = None,
        retry_after_ns: Column[int] | None = None,
    ) -> None:
        columns = {name: value for name, value in locals().items() if isinstance(value, Column)}
        self._set(
            Plan(
                struct,
                said,
                columns,
                kind,
                tuple(given),
                absent,
                {member(field).__name__: values for field, values in (without or {}).items()},
                frozenset(member(field).__name__ for field in told),
                frozenset(member(field).__name__ for field in also),
                {member(field).__name__: member(of).__name__ for field, of in (repeats or {}).items()},
                unnamed,
            )
        )

    def _set(self, plan: Plan) -> None:
        self.plan = plan
        self._file = f"<map of {plan.struct.__module__}.{plan.struct.__qualname__} {id(self):x}>"
        _MAPS.setdefault(plan.struct, []).append(self)

    def extended(self, struct: type[Struct], said: Said | None = None, **more: Any) -> "EventMap":
        """The same map for a struct that has more fields; ``more`` are columns and settings of its own."""
        plan = self.plan
        settings: dict[str, Any] = {
            "kind": plan.kind,
            "unnamed": plan.unnamed,
            "given": plan.given,
            "absent": plan.absent,
            **plan.columns,
            **more,
        }
        new = EventMap(struct, said or plan.said, **settings)
        new.plan = new.plan._replace(
            without={**plan.without, **new.plan.without},
            told=plan.told | new.plan.told,
            also=plan.also | new.plan.also,
            repeats={**plan.repeats, **new.plan.repeats},
        )
        return new

    # --- Rows ---

    def events(
        self,
        raws: Sequence[Any],
        call: Call,
        at: str,
        *,
        start: int = 0,
        first: int = 0,
        given: Sequence[Any] = (),
        beside: Sequence[Any] = (),
    ) -> list[CancelEvent]:
        """One event a row, numbered from ``start``; ``at`` is the path of a row, ``{}`` its position from ``first``.

        Raises Unreadable where a marked scalar is not what its type promises. Where the call is ``by_column``, the
        events are ``Cells``.
        """
        if call.by_column and (
            at[-1] != "]" or "[{}]" in at
        ):  # rows of a list are judged one by one elsewhere
            cells: Any = self._cells_of(raws, call, at, start, first, given, beside)
            return cells  # type: ignore[no-any-return]  # a list like another to whoever looks into it
        loop = self._showing_loop if call.is_showing else self._loop
        paths = paths_of(at, len(raws), first)
        if len(raws) == 1 and not beside and not loop.is_joined:
            single: Any = self.event(raws[0], call, paths[0], index=start, given=given)
            return [] if single is None else [single]  # where the verdict passes it over
        if loop.plain is not None and at in _WHOLE and call.colons == loop.usual * len(raws):
            events: list[CancelEvent] | None = loop.plain(raws, call, paths)
            if events is not None:
                call.is_whole = True
                return events
        found: list[CancelEvent] = loop.rows(raws, call, paths, start, given, beside)
        return found

    def event(
        self,
        raw: Any,
        call: Call,
        at: str,
        *,
        index: int = 0,
        given: Sequence[Any] = (),
        other: Any = None,
    ) -> CancelEvent:
        """The event of one row at the path ``at``; the verdict must not pass it over."""
        loop = self._showing_loop if call.is_showing else self._loop
        if loop.plain_one is not None and at in _SINGLE and call.colons == loop.usual:
            plain: CancelEvent | None = loop.plain_one(raw, call, at, index)
            if plain is not None:
                call.is_whole = True
                return plain
        event: CancelEvent = loop.one(raw, call, at, index, given, other)
        return event

    def _cells_of(
        self,
        raws: Sequence[Any],
        call: Call,
        at: str,
        start: int,
        first: int,
        given: Sequence[Any],
        beside: Sequence[Any],
    ) -> Cells:
        """The rows as cells."""
        run = raws, call, paths_of(at, len(raws), first), start, given, beside
        usual = self.usual_loop
        if (
            usual is not None
            and at in _WHOLE
            and call.colons == usual.usual * len(raws)
            and usual.takes(raws)
        ):
            call.is_whole = True
            return Cells(usual, run, self._events_of)
        return Cells(self._cell_loop, run, self._events_of)

    def _events_of(self, *run: Any) -> list[CancelEvent]:
        """The events of rows that were cells."""
        events: list[CancelEvent] = self._loop.rows(*run)
        return events

    @lazy_property
    def source(self) -> str:
        """The source of the loop."""
        return loop_source(self.plan)[0]

    @lazy_property
    def _loop(self) -> Loop:
        source, names = loop_source(self.plan)
        linecache.cache[self._file] = len(source), None, source.splitlines(True), self._file
        return compiled(source, names, self._file)

    @lazy_property
    def _showing_loop(self) -> Loop:
        """The loop that gives an event for each row, also where it is not about a cancel."""
        judge = self.plan.said.function
        if judge is None:
            return self._loop
        said = self.plan.said._replace(function=lambda *values: judge(*values) or PASSED_OVER)
        source, names = loop_source(self.plan._replace(said=said))
        return compiled(source, names, self._file)

    @lazy_property
    def _cell_loop(self) -> CellLoop:
        return cell_loop(self.plan, self._file)

    @lazy_property
    def usual_loop(self) -> CellLoop | None:
        """The loop for rows that have the usual keys and no others; None where no row can be one."""
        return usual_loop(self.plan, self._file)

    # --- What the map says ---

    @property
    def fields(self) -> list[FieldHome]:
        """Destination of each field, in the order of the struct."""
        homes, rest = self.plan.homes, {field.name for field in self.plan.rest}
        return [
            FieldHome(
                field.key,
                (
                    *homes.get(field.name, ()),
                    *["extra"] * (field.name in rest or field.name in self.plan.repeats),
                ),
                self.plan.absent.value,
            )
            for field in fields_of(self.plan.struct)
        ]

    def says_nothing(self, field: Field, value: Any) -> bool:
        """Whether a value is one of those that the map declares to say nothing."""
        if field.name in self.plan.told:
            return True
        parts = [part for column in self.plan.columns.values() for part in column.parts or (column,)]
        columns = [part for part in parts if field.name in [f.__name__ for f in part.fields]]
        if scalar_of_field(field) is Scalar.ANY_NUMBER and isinstance(value, str):
            value = any_number(Raw(msgspec.json.encode(value)))
        absent = is_absent(self.plan, field, value)
        is_number = scalar_of_field(field) in (*NUMBERS, Scalar.NUMBER_OR_WORD)
        read = Raw(msgspec.json.encode(value)) if is_number else value
        return absent if not columns else all(_is_none(column, value, read, absent) for column in columns)

    def __repr__(self) -> str:
        return f"EventMap({self.plan.struct.__name__})"


def _is_none(column: Column[Any], value: Any, read: Any, absent: bool) -> bool:
    """Whether a column makes nothing of a value, and ``extra`` neither where that would tell it instead.

    ``read`` is the value as the reader gives it.
    """
    if column.how is How.MADE and len(column.fields) == 1:
        return absent and column.table(read) is None
    if column.how is How.AMOUNT:
        text = str(value)
        zero = "0" in text and not text.strip("0.-")
        return (
            ("zero" in column.none and zero)
            or ("negative" in column.none and text.startswith("-"))
            or not text
        )
    return value in column.none or value in ("", None)


PASSED_OVER: Final = Verdict(Outcome.UNKNOWN, Evidence.LISTED, status=OrderStatus.NEW)
"""What is said of a row that is not about a cancel, where the call ``is_showing``."""

_MAPS: Final[dict[type[Struct], list[EventMap]]] = {}


def maps_of(struct: type[Struct]) -> Sequence[EventMap]:
    """The maps that were declared for a struct."""
    return _MAPS.get(struct, ())


_KEPT: Final = 1_000
_WHOLE: Final = ("$[{}]", "$")  # where rows are all that a payload has
_SINGLE: Final = ("$[0]", "$")  # where one is


@lru_cache(maxsize=256)
def _first_paths(at: str) -> tuple[str, ...]:
    return tuple(at.format(i) for i in range(_KEPT))


def paths_of(at: str, count: int, first: int = 0) -> Sequence[str]:
    """The paths of ``count`` rows; ``{}`` stands for the position, which is ``first`` for the first of them."""
    if "[{}]" not in at:
        return (at,) * count
    end = first + count
    if end > _KEPT:
        return [at.format(i) for i in range(first, end)]
    return _first_paths(at)[first:end] if first else _first_paths(at)
