"""Plain rows: the rows of many answers that have the usual keys, as columns of what rules ask of each."""

from collections.abc import Callable, Collection, Sequence
from itertools import accumulate, chain
from typing import Any, Final, NamedTuple

from msgspec import UNSET, Raw

from cancelnorm.endpoint import Endpoint
from cancelnorm.eventmap.columns import How
from cancelnorm.eventmap.plan import Plan
from cancelnorm.eventmap.writer import Writer
from cancelnorm.lazy import lazy
from cancelnorm.reader.json_decoder import json_decoder
from cancelnorm.reader.scalars import ZEROS, Scalar, are_plain
from cancelnorm.reader.types import class_of, fields_of, item_of, members_of, origin_of, scalar_of
from cancelnorm.rounding import EXACT
from cancelnorm.schema import EventKind
from cancelnorm.verdict import Verdict

__all__ = ["PlainRows", "RowColumns", "columns_of", "plain_rows", "usual_zero"]

_MS_DIGITS: Final = 10**13
_FLAT: Final = (str, int, bool)
_PARTS: Final = 8  # more are tried in vain, fewer are read more often
_NEEDED: Final = ("symbol", "order_id", "client_order_id", "event_ns")
_AMOUNTS: Final = ("filled_quantity", "quantity", "filled_quote")


class RowColumns(NamedTuple):
    """Columns of ``rows``; ``ends`` tells for each answer at which position its rows end.

    ``words`` are those of the status as sent, and ``verdicts`` says what they mean. Times are in ms. Amounts are
    texts, and the columns that a map does not have are empty. ``others`` are the positions of answers that are
    anything but plain rows; no rows are theirs.
    """

    ends: Sequence[int]
    rows: Sequence[Any]
    words: Sequence[str]
    verdicts: dict[str, Verdict]
    symbols: Sequence[str]
    order_ids: Sequence[int]
    client_order_ids: Sequence[str]
    times_ms: Sequence[int]
    filled: Sequence[str] = ()
    quantities: Sequence[str] = ()
    quotes: Sequence[str] = ()
    others: Collection[int] = ()


class PlainRows:
    """Reads the rows of answers whose events one map makes, and which have no notes; see ``Endpoint.plain``."""

    def __init__(self, plan: Plan, usual: frozenset[str], *, is_list: bool) -> None:
        fields = Writer(plan).fields
        answer: Any = list[plan.struct] if is_list else plan.struct  # type: ignore[name-defined]
        self.is_list = is_list
        self.answer = answer
        """The type of an answer."""
        self._decode = json_decoder(answer).decode
        self._decode_all = json_decoder(list[answer]).decode
        self._usual = len(usual)
        self._verdicts = dict(plan.said.table or {})
        status = plan.said.fields[0].__name__
        amounts = {name: plan.columns[name].fields[0].__name__ for name in _AMOUNTS if name in plan.columns}
        needed = [plan.columns[name].fields[0].__name__ for name in _NEEDED]
        decimals = [name for name in usual if scalar_of(fields[name].kind) is Scalar.DECIMAL]
        checked = {*decimals, needed[_NEEDED.index("event_ns")]}  # a missing one is found with the others
        others = [name for name in usual if not fields[name].required and name not in checked]
        names = list(dict.fromkeys((status, *needed, *amounts.values(), *decimals, *others)))
        self._columns = columns_of(names)
        self._needed = [names.index(name) for name in (status, *needed)]
        self._amounts = {name: names.index(field) for name, field in amounts.items()}
        self._decimals = [names.index(name) for name in decimals]
        self._others = [names.index(name) for name in others]
        rare = [name for name in _countable_fields(plan) if name not in usual]
        self._rare = columns_of(rare) if rare else None
        self._rare_decimals = {
            i for i, name in enumerate(rare) if scalar_of(fields[name].kind) is Scalar.DECIMAL
        }
        repeated = [
            pair for pair in plan.repeats.items() if scalar_of(fields[pair[0]].kind) is Scalar.DECIMAL
        ]
        self._repeated = [columns_of(pair) for pair in repeated]

    def read(self, payloads: Sequence[Raw]) -> RowColumns:
        """Read answers, each a whole JSON value."""
        data = b"".join((b"[", b",".join(payloads), b"]"))
        try:
            answers = self._decode_all(data)
        except (ValueError, RecursionError):
            answers = [self._answer(payload) for payload in payloads]
            are_tried = False
        else:
            if not self.is_list:
                answers = [[row] for row in answers]
            are_tried = all(answers)
            if are_tried and (columns := self._columns_if_plain(data.count(b":"), answers)):
                return columns
        usual = [
            i for i, rows in enumerate(answers) if rows and self._has_usual_keys(bytes(payloads[i]), rows)
        ]
        find = self._plain_in_parts if are_tried and len(usual) == len(answers) else self._plain
        plain = find(payloads, answers, usual)
        taken = set(plain)
        others = [i for i in range(len(answers)) if i not in taken]
        columns = self._columns_at(payloads, answers, plain) if plain else None
        if columns is None:
            return RowColumns((), (), (), {}, (), (), (), (), others=others)
        counts = [len(rows) if i in taken else 0 for i, rows in enumerate(answers)]
        return columns._replace(ends=list(accumulate(counts)), others=others)

    def _answer(self, payload: Raw) -> list[Any]:
        """The rows of an answer; none where it is another one."""
        try:
            return self._decode(payload) if self.is_list else [self._decode(payload)]
        except (ValueError, RecursionError):
            return []

    def _plain(
        self, payloads: Sequence[Raw], answers: Sequence[list[Any]], at: Sequence[int]
    ) -> Sequence[int]:
        """Those of the answers at these positions that are plain: all, or those of each part of them."""
        if not at or self._columns_at(payloads, answers, at) is not None:
            return at
        return self._plain_in_parts(payloads, answers, at)

    def _plain_in_parts(
        self, payloads: Sequence[Raw], answers: Sequence[list[Any]], at: Sequence[int]
    ) -> Sequence[int]:
        """Those that are plain of some that are not all so."""
        if len(at) == 1:
            return ()
        size = -(-len(at) // _PARTS)
        parts = [at[first : first + size] for first in range(0, len(at), size)]
        return [i for part in parts for i in self._plain(payloads, answers, part)]

    def _columns_at(
        self, payloads: Sequence[Raw], answers: Sequence[list[Any]], at: Sequence[int]
    ) -> RowColumns | None:
        colons = sum(bytes(payloads[i]).count(b":") for i in at)
        return self._columns_if_plain(colons, [answers[i] for i in at])

    def _has_usual_keys(self, data: bytes, rows: Sequence[Any]) -> bool:
        """Whether the number of keys may be that of plain rows, which is told before anything else."""
        rest = data.count(b":") - self._usual * len(rows)
        return not rest or (self._rare is not None and rest > 0)

    def columns_if_plain(self, colons: int, answers: Sequence[Any]) -> RowColumns | None:
        """The columns of answers with so many colons; None unless each consists of plain rows."""
        rows = answers if self.is_list else [[row] for row in answers]
        return self._columns_if_plain(colons, rows) if all(rows) else None

    def _columns_if_plain(self, colons: int, answers: Sequence[list[Any]]) -> RowColumns | None:
        """The columns of the rows; None unless all are plain, and no scalar is bad."""
        ends = list(accumulate(map(len, answers)))
        try:
            return self._read(colons, list(chain.from_iterable(answers)), ends)
        except (ValueError, TypeError):  # a TypeError where a text or a time is missing
            return None

    def _read(self, colons: int, rows: Sequence[Any], ends: Sequence[int]) -> RowColumns | None:
        columns = self._columns(rows)
        word, symbol, order_id, client_order_id, time = (columns[i] for i in self._needed)
        texts = list(chain.from_iterable(_but_zero(columns[i]) for i in self._decimals))
        # No fewer colons than keys: with so many, each row has the usual keys, each once, and no others.
        rest = colons - self._usual * len(rows)
        if rest and self._rare is not None:
            for i, column in enumerate(self._rare(rows)):
                given = [value for value in column if value is not UNSET]
                rest -= len(given)
                if i in self._rare_decimals:
                    texts += given
        if (
            rest
            or any(_differ(*pair(rows)) for pair in self._repeated)
            or any(_lacks(columns[i]) for i in self._others)
            or not are_plain(texts)
        ):
            return None
        if max(time) >= _MS_DIGITS or min(order_id) < 0 or not all(symbol) or _may_be_rounded(order_id):
            return None
        amounts = (columns[self._amounts[name]] if name in self._amounts else () for name in _AMOUNTS)
        return RowColumns(ends, rows, word, self._verdicts, symbol, order_id, client_order_id, time, *amounts)


def columns_of(names: Sequence[str]) -> Callable[[Sequence[Any]], list[tuple[Any, ...]]]:
    """Compile a function that gives these fields of rows as columns, in half the time that ``attrgetter`` takes."""
    row = "".join(f"row.{name}, " for name in names)
    found: Callable[[Sequence[Any]], list[tuple[Any, ...]]] = eval(  # noqa: S307  # of names of fields
        f"lambda rows: list(zip(*[({row}) for row in rows]))"
    )
    return found


_LOOKED_AT: Final = 16


def usual_zero(texts: Sequence[str]) -> str | None:
    """How zero is written among the first amounts, and so mostly in all; None if none of them is zero."""
    return next((text for text in texts[:_LOOKED_AT] if text in ZEROS), None)


def _but_zero(texts: Sequence[str]) -> Sequence[str]:
    """The amounts but for usual zeros."""
    zero = usual_zero(texts)
    if zero is None:
        return texts
    return () if texts.count(zero) == len(texts) else [text for text in texts if text != zero]


def _lacks(values: Sequence[Any]) -> bool:
    """Whether a value is missing; mostly all are the same, which is found faster."""
    return values[0] is UNSET if values.count(values[0]) == len(values) else UNSET in values


def _differ(values: Sequence[Any], others: Sequence[Any]) -> bool:
    """Whether a value is there that says again what another one says, and differs from it."""
    pairs = zip(values, others, strict=True)
    return values != others and any(value != other and value is not UNSET for value, other in pairs)


def _may_be_rounded(order_ids: Sequence[int]) -> bool:
    return max(order_ids) > EXACT and any(order_id > EXACT and order_id % 100 == 0 for order_id in order_ids)


@lazy
def plain_rows(endpoint: Endpoint) -> PlainRows | None:
    """The reader of an endpoint; None where its answers are no plain rows, or frames about other things among them."""
    if endpoint.plain is None or endpoint.skip is not None:
        return None
    plan: Plan = endpoint.plain.plan
    kind = members_of(endpoint.shape.kind)[0]
    is_list = origin_of(kind) is list
    first = members_of(item_of(kind))[0] if is_list else kind
    usual = Writer(plan).usual_fields()
    if first is not plan.struct or not _is_supported(plan):
        return None
    return PlainRows(plan, usual or _least_fields(plan), is_list=is_list)


def _least_fields(plan: Plan) -> frozenset[str]:
    """The fields that a row has which the rules can be asked about; any others may be there too."""
    asked = {plan.columns[name].fields[0].__name__ for name in (*_NEEDED, *_AMOUNTS) if name in plan.columns}
    return frozenset({field.name for field in fields_of(plan.struct) if field.required} | asked)


def _countable_fields(plan: Plan) -> list[str]:
    """Fields that may be missing, which no rule asks for: amounts, and all where a plain row may have any of them."""
    fields = Writer(plan).fields
    if not Writer(plan).usual_fields():
        return list(fields)
    columns = [column for column in plan.columns.values() if column.how is How.AMOUNT]
    names = [field.__name__ for column in columns for field in column.fields]
    return [name for name in names if scalar_of(fields[name].kind) is Scalar.DECIMAL]


def _is_supported(plan: Plan) -> bool:
    """Whether the rules ask for nothing but such columns."""
    fields = Writer(plan).fields
    usual = Writer(plan).usual_fields() or frozenset(fields)
    hows = {name: plan.columns[name].how for name in _NEEDED if name in plan.columns}
    wanted = dict(zip(_NEEDED, (How.TEXT, How.NUMBER, How.TEXT, How.TIME), strict=True))
    if (
        plan.kind is not EventKind.ORDER
        or plan.unnamed is not None
        or plan.said.table is None
        or hows != wanted
    ):
        return False
    if any(plan.columns[name].none for name in _NEEDED) or {"reason", "code", "response_ns"} & {
        *plan.columns
    }:
        return False
    order_id = fields[plan.columns["order_id"].fields[0].__name__]
    time = plan.columns["event_ns"].fields[0].__name__
    amounts = [plan.columns[name].fields[0].__name__ for name in _AMOUNTS if name in plan.columns]
    scalars = {name: scalar_of(fields[name].kind) for name in usual}
    return (
        {class_of(member) for member in members_of(order_id.kind)} == {int}
        and all(class_of(member) in _FLAT for name in usual for member in members_of(fields[name].kind))
        and scalars.pop(time, None) is Scalar.EPOCH
        and set(scalars.values()) <= {None, Scalar.DECIMAL}
        and all(scalars.get(name) is Scalar.DECIMAL for name in amounts)
    )
