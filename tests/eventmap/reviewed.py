"""What maps make of rows, in every way in which they may be asked, and the loops that they are compiled to.

One text each in ``tests/eventmap/reviewed``. ``python -m tests.reviewed`` writes them; read the difference
before it is committed.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any, Final

import msgspec
from msgspec import UNSET, Raw, Struct, UnsetType

from cancelnorm import Evidence, OrderStatus, Outcome, Reason
from cancelnorm.endpoint import Call, Endpoint, IdSpace
from cancelnorm.eventmap import (
    Absent,
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
    number,
    rejected,
    text,
    time,
    word,
)
from cancelnorm.eventmap.cells import CellLoop, rows_of
from cancelnorm.eventmap.map import paths_of
from cancelnorm.eventmap.plain_rows import PlainRows, RowColumns, plain_rows
from cancelnorm.reader.scalars import (
    AnyNumber,
    DecimalNumber,
    DecimalOrEmpty,
    DecimalText,
    Epoch,
    EpochText,
    Failed,
    Int,
    NamingText,
    NumberOrEmpty,
    NumberOrWord,
    Prose,
)
from cancelnorm.reader.types import Field, fields_of
from cancelnorm.request import RequestKeys
from cancelnorm.schema import CancelEvent, EventKind, Initiator, PositionSide, QuantityUnit, Side
from cancelnorm.venues import every
from tests.eventmap.rows import CANCELED, UNSURE, call
from tests.samples import SAMPLES
from tests.texts import Texts, write

__all__ = ["FOLDER", "TEXTS"]

FOLDER: Final = Path(__file__).with_name("reviewed")


class Part(Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """What a row holds."""

    fee: DecimalText = "0"
    note: Prose = ""
    count: Int = 0


class Every(Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """A row with a field of each kind, required and not."""

    order_id: Int
    client_id: str
    status: str
    side: str
    price: DecimalText
    at: Epoch
    list_id: Int | UnsetType = UNSET
    code: Failed | UnsetType = UNSET
    name: NamingText | UnsetType | None = UNSET
    mode: str | UnsetType = UNSET
    filled: DecimalText | UnsetType = UNSET
    stop: DecimalOrEmpty | UnsetType = UNSET
    size: DecimalNumber | UnsetType = UNSET
    average: AnyNumber | UnsetType = UNSET
    shown: NumberOrEmpty | UnsetType = UNSET
    limit: NumberOrWord | UnsetType = UNSET
    seen_at: EpochText | UnsetType = UNSET
    made_at: Epoch | UnsetType = UNSET
    reduce_only: bool | UnsetType = UNSET
    note: Prose | UnsetType = UNSET
    part: Part | UnsetType | None = UNSET
    parts: list[Part] | UnsetType = UNSET
    tags: dict[str, str] | UnsetType = UNSET
    either: Int | str | UnsetType = UNSET
    odd: bool | UnsetType | None = UNSET
    word: str | UnsetType = UNSET
    term: str | UnsetType = UNSET
    memo: str | UnsetType = UNSET
    deep: Any = UNSET


class Beside(Struct, frozen=True, kw_only=True):
    """What stands beside a row."""

    code: Int
    msg: Prose = ""


_ROW: Final = {
    "orderId": 7,
    "clientId": "c",
    "status": "CANCELED",
    "side": "BUY",
    "price": "1.50",
    "at": 1_700_000_000_000,
}
_VALUES: Final[Mapping[str, Sequence[Any]]] = {
    "orderId": (0, -1, 2**53 + 1, 9_007_199_254_741_100, 9_007_199_254_741_200),
    "clientId": ("", "none", "signature=k7"),
    "status": ("NEW", "FILLED", "MELTED"),
    "side": ("SELL", "HOLD", ""),
    "price": ("0", "0.00", "-0", "-2", "1e3", "x", "", "1\n2", "0.1"),
    "at": (1_700_000_000_000_001, 9_999_999_999_999, 10_000_000_000_000, 10**15, 5),
    "listId": (-1, 0, 3),
    "code": (0, 5),
    "name": ("n", "", None, "0"),
    "mode": ("A", "B", "C", "", "0"),
    "filled": ("0", "0.000", "1.50", "-1", "2", "NaN"),
    "stop": ("", "0", "-2.5", "1", " 1"),
    "size": (0, "0", 1.5, "2", -1, "x", "", None),
    "average": ("0E-11", "1.5E2", "", None, 2, 0, "x"),
    "shown": ("", None, "0", 3, "-1"),
    "limit": ("market_price", "1.5", "0", 2),
    "seenAt": ("", "1700000000000", "1700000000000001", "17", "x"),
    "madeAt": (1_700_000_000_001, 1_700_000_000_000_001, 17),
    "reduceOnly": (True, False),
    "note": ("", "token=abc", "sent", "0"),
    "part": (None, {}, {"fee": "0.1"}, {"note": "token=abc", "count": 1}, {"fee": "x"}),
    "parts": ([], [{}], [{"fee": "0.1"}]),
    "tags": ({}, {"a": ""}, {"a": "1", "apiKey": "k"}),
    "either": (0, 5, "", "x"),
    "odd": (None, False, True),
    "word": ("", "w"),
    "term": ("t",),
    "memo": ("m",),
    "deep": ({"a": 1}, [], None),
}
_NEW: Final = Verdict(Outcome.UNKNOWN, Evidence.LISTED, None, OrderStatus.NEW, note=("stale", "it is alive"))
_FILLED: Final = Verdict(
    Outcome.REJECTED, Evidence.LISTED, Reason.ALREADY_FILLED, OrderStatus.FILLED, Initiator.USER, "5"
)
_STATUS: Final = by_status(Every.status, {"CANCELED": CANCELED, "NEW": _NEW, "FILLED": _FILLED}, UNSURE)
_SIDES: Final = {"BUY": Side.BUY, "SELL": Side.SELL}
_MODES: Final[dict[Any, Any]] = {UNSET: False, "A": True, "B": False}
_POSITIONS: Final[dict[Any, Any]] = {UNSET: PositionSide.LONG, "A": PositionSide.SHORT}
_TAKEN: Final = Verdict(Outcome.PENDING, Evidence.ACKNOWLEDGED)
_PLAIN: Final[dict[str, Any]] = {
    "symbol": text(Every.client_id),
    "order_id": number(Every.order_id),
    "client_order_id": text(Every.client_id, none=("none",)),
    "side": word(Every.side, _SIDES),
    "price": amount(Every.price),
    "event_ns": time(Every.at),
}


_OPTIONAL: Final = [field.name for field in fields_of(Every) if not field.required]


def _words(status: str, side: str) -> Verdict | None:
    return None if status == "NEW" else CANCELED if side == "BUY" else _FILLED


def _mode(mode: Any, status: str) -> bool | None:
    return {"A": True, "B": False}.get(mode) if status == "CANCELED" else None


def _maps() -> dict[str, EventMap]:
    """Maps that have every column, verdict and setting among them."""
    rare = {
        "list_id": number(Every.list_id, none=(-1,)),
        "filled_quantity": amount(Every.filled),
        "quantity": amount(Every.size, negative_is_none=True),
        "trigger_price": amount(Every.stop, zero_is_none=True),
        "average_price": amount(Every.average, zero_is_none=True, negative_is_none=True),
        "display_quantity": amount(Every.shown),
        "created_ns": time(Every.made_at),
        "response_ns": time(Every.seen_at),
        "reduce_only": flag(Every.reduce_only),
        "post_only": word(Every.mode, _MODES),
        "quantity_unit": constant(QuantityUnit.BASE),
        "replaced_by": number(Every.either),
        "list_client_id": text(Every.name),
    }
    every_column = {**_PLAIN, **rare}
    return {
        "plain": EventMap(Every, _STATUS, **_PLAIN),
        "rare": EventMap(Every, _STATUS, **every_column),
        "zero or less": EventMap(
            Every,
            _STATUS,
            order_id=number(Every.either, none=(0, "x")),
            client_order_id=number(Every.name),
            price=amount(Every.price, zero_is_none=True, negative_is_none=True),
            quantity=amount(Every.size, zero_is_none=True),
            filled_quantity=amount(Every.filled, zero_is_none=True),
            trigger_price=amount(Every.stop, negative_is_none=True),
            average_price=amount(Every.average, negative_is_none=True),
            display_quantity=amount(Every.shown, zero_is_none=True, negative_is_none=True),
            replaced_by=number(Every.code),
        ),
        "empty": EventMap(Every, _STATUS, absent=Absent.EMPTY, **_PLAIN),
        "zero": EventMap(Every, _STATUS, absent=Absent.ZERO, **_PLAIN),
        "all, empty": EventMap(Every, _STATUS, absent=Absent.EMPTY, **every_column),
        "all, zero": EventMap(
            Every, _STATUS, absent=Absent.ZERO, told=(Every.part, Every.parts, Every.tags), **every_column
        ),
        "settings": EventMap(
            Every,
            always(UNSURE),
            unnamed=EventKind.REQUEST,
            given=("account", "extra"),
            without={Every.list_id: (-1, 0), Every.mode: ("A",), Every.at: (5,)},
            told=(Every.note, Every.size),
            also=(Every.side, Every.client_id),
            repeats={Every.filled: Every.price, Every.mode: Every.status, Every.stop: Every.price},
            order_id=number(Every.list_id),
            client_order_id=text(Every.client_id),
            side=word(Every.side, _SIDES),
        ),
        "first and made": EventMap(
            Every,
            by_words(_words, Every.status, Every.side, raw_status=Every.status),
            order_id=first(number(Every.list_id, none=(0,)), number(Every.order_id)),
            client_order_id=first(text(Every.name), text(Every.mode), text(Every.client_id)),
            post_only=made(_mode, Every.mode, Every.status),
            message=text(Every.note),
            symbol=made({"BUY": "B"}.get, Every.side),
            price=first(amount(Every.price, zero_is_none=True), amount(Every.filled)),
        ),
        "coded": EventMap(
            Every,
            by_code(Every.order_id, Every.note, {5: rejected(Reason.NOT_FOUND)}, taken=_TAKEN, good=(0, 7)),
            client_order_id=text(Every.client_id),
            code=text(Every.mode),
        ),
        "words": EventMap(Every, _STATUS, **_PLAIN, position_side=word(Every.mode, _POSITIONS)),
        **{
            f"{few} told by truth": EventMap(
                Every,
                _STATUS,
                absent=Absent.EMPTY,
                told=tuple(getattr(Every, n) for n in _OPTIONAL if n not in ("mode", "note", "word", *more)),
                **_PLAIN,
            )
            for few, more in (("four", ("term",)), ("five", ("term", "memo")), ("not", ("stop",)))
        },
        "beside": EventMap(
            Every,
            by_code(Beside.code, Beside.msg, {5: rejected(Reason.NOT_FOUND)}, taken=_TAKEN),
            told=tuple(getattr(Every, name) for name in Every.__struct_fields__ if name != "order_id"),
            order_id=number(Every.order_id),
            raw_status=text(Beside.msg),
        ),
    }


_GIVEN: Final = {"settings": ("main", {"of": "all"})}
_BESIDE: Final = (Beside(code=0), Beside(code=5, msg="token=abc"), Beside(code=9, msg="busy"))


def _payloads() -> Iterator[bytes]:
    """Rows with one value that is another, or is not there; and some with two."""
    for key, value in ((None, None), *((k, v) for k, values in _VALUES.items() for v in values)):
        yield msgspec.json.encode(_ROW if key is None else _ROW | {key: value})
    for one, two in (
        ({"filled": "1.5"}, {"mode": "CANCELED"}),
        ({"filled": "2", "stop": "2"}, {"status": "NEW"}),
        ({"listId": 3}, {"name": "n", "mode": "A"}),
        ({"part": {"fee": "0.00", "note": ""}}, {"parts": [{}]}),
        ({"clientId": "", "listId": 3}, {"name": None}),
    ):
        yield msgspec.json.encode(_ROW | one | two)


def _told(make: Callable[[], Any]) -> str:
    """What a function gives, or the error that it raises."""
    try:
        return str(make())
    except Exception as error:  # noqa: BLE001  # whatever a map raises is told
        return f"✗ {type(error).__name__}: {error}"


Said = Mapping[str, str]
"""Fields of an event that say something, or cells; its notes, and whether all keys were accounted for."""


def _said(values: Mapping[str, Any], of: Call) -> Said:
    said = {name: _value(value) for name, value in values.items() if value is not None}
    notes = {note.path: f"{note.code}, {note.message}, {note.value!r}" for note in of.notes}
    return said | notes | ({"whole": "yes"} if of.is_whole else {})


def _value(value: Any) -> str:
    if isinstance(value, tuple | list):
        return f"({', '.join(map(_value, value))})"
    return repr(value) if isinstance(value, dict) else str(value)


def rows() -> Iterator[str]:
    """What each map makes of rows: asked for one, for many, and for cells; with the payload at hand, and without.

    The first row is told in full, the others by what they say otherwise than it, and each way by what differs.
    """
    for name, each in _maps().items():
        yield f"# {name}"
        first_row: dict[str, Said] = {}
        for i, data in enumerate(_payloads()):
            try:
                row = _decode(data)
            except ValueError:
                continue
            other = _BESIDE[i % 3] if name == "beside" else None
            asked = partial(_asked, each, row, _GIVEN.get(name, ()), other)
            said = {way: _tried(partial(asked, way, data)) for way in _WAYS}
            told = {way: _difference(found, first_row.get(way, {})) for way, found in said.items()}
            first_row = first_row or said
            usual = told.pop("one")
            yield f"{data.decode().replace(_BASE, '… ')}: {usual}"
            yield from (f"  {way}: {found}" for way, found in told.items() if found != usual)


def _tried(make: Callable[[], Said]) -> Said:
    try:
        return make()
    except Exception as error:  # noqa: BLE001  # whatever a map raises is told
        return {"✗": f"{type(error).__name__}: {error}"}


def _difference(said: Said, usual: Said) -> str:
    if "✗" in said:
        return f"✗ {said['✗']}"
    more = [f"{name}={value}" for name, value in said.items() if usual.get(name) != value]
    return ", ".join((*more, *(f"no {name}" for name in usual if name not in said))) or "the same"


_decode: Final = msgspec.json.Decoder(Every).decode
_BASE: Final = msgspec.json.encode(_ROW).decode()[1:-1] + ","
_WAYS: Final = ("one", "whole", "rows", "all", "cells")


def _asked(each: EventMap, row: Any, given: Any, other: Any, way: str, data: bytes) -> Said:
    """What the event of a row says, or the second of two, or its cells."""
    where = call()
    if way in ("one", "whole"):
        where.data = data if way == "whole" else b""
        return _of_event(each.event(row, where, "$", given=given, other=other), where)
    beside = [] if other is None else [other]
    if way == "cells":
        where.by_column, where.data = True, data
        found: Any = each.events([row], where, "$", given=given, beside=beside)
        cells = [dict(zip(found.loop.names, row, strict=True)) for row in rows_of(found.loop, [found])]
        return _said(cells[0] if cells else {}, where)
    where.data, at = (b"[%b,%b]" % (data, data), "$[{}]") if way == "all" else (b"", "$.a[{}]")
    events = each.events([row, row], where, at, given=given, beside=beside * 2)
    return _of_event(events[-1] if events else None, where)


def _of_event(event: CancelEvent | None, where: Call) -> Said:
    names = CancelEvent.__struct_fields__
    return _said({} if event is None else {name: getattr(event, name) for name in names}, where)


def sources() -> Iterator[str]:
    """The loop of each map, and what is in the cells of its rows."""
    for name, each in _maps().items():
        yield f"# {name}: {each}"
        yield from each.source.splitlines()
        for loop in (each._cell_loop, each.usual_loop):
            yield f"# {loop and _layout(loop)}"


def _layout(loop: CellLoop) -> str:
    constants = {name: _value(value) for name, value in loop.constants.items() if value is not None}
    of = f"of verdict {loop.of_verdict}, of endpoint {loop.of_endpoint}, constants {constants}"
    return f"{loop.names}, {of}, {loop.usual} keys{', passes over' * loop.passes_over}"


def homes() -> Iterator[str]:
    """Where each map puts each field, and which of its values say nothing."""
    fields = fields_of(Every)
    for name, each in _maps().items():
        yield f"# {name}"
        for home, field in zip(each.fields, fields, strict=True):
            values = [None, *_VALUES[field.key]]
            nothing = [repr(value) for value in values if _says_nothing(each, field, value)]
            yield f"{home.key}: {', '.join(home.homes) or '-'}; nothing: {', '.join(nothing) or '-'}; {home.absent}"


def _says_nothing(each: EventMap, field: Field, value: Any) -> bool:
    try:
        return each.says_nothing(field, value)
    except ValueError:
        return False


def wrong() -> Iterator[str]:
    """What is refused when a map is made or asked."""
    for make in (
        lambda: text("clientId"),
        lambda: EventMap(Every, always(CANCELED), price=amount(Every.client_id)).source,
        lambda: EventMap(Every, always(CANCELED), event_ns=time(Every.order_id)).source,
        lambda: _maps()["beside"].events(
            [_decode(msgspec.json.encode(_ROW))], call(), "$[{}]", beside=_BESIDE
        ),
    ):
        yield _told(make)
    for at, count, of in (
        ("$", 2, 0),
        ("$[{}]", 2, 0),
        ("$.a[{}].b", 2, 998),
        ("$[{}]", 3, 998),
        ("$[{}]", 1, 5),
    ):
        found = paths_of(at, count, of)
        yield f"{at} {of}: {', '.join(found[:count])}"


def plain() -> Iterator[str]:
    """The columns of answers that are plain rows, and which answers are not, alone and among others."""
    for venue in every().values():
        for endpoint in venue.endpoints.values():
            reader = plain_rows(endpoint)
            if reader is None:
                continue
            good = next(_plain_answers(reader, venue.name, endpoint.name), None)
            if good is None:
                continue
            yield f"# {venue.name} {endpoint.name}"
            yield from _plain(reader, good)


def _plain_answers(reader: PlainRows, venue: str, endpoint: str) -> Iterator[Any]:
    for sample in SAMPLES.values():
        if (sample.venue, sample.endpoint) == (venue, endpoint):
            with suppress(ValueError):
                value = json.loads(sample.record().payload)
                if value and not reader.read([_raw(value)]).others:
                    yield value


def supported() -> Iterator[str]:
    """Maps of whose rows many are read at once, and those that are not."""
    usual: dict[str, Any] = {**_PLAIN, "client_order_id": text(Every.client_id)}
    told: dict[str, Any] = {"told": tuple(getattr(Every, name) for name in _OPTIONAL)}
    for name, said, more in (
        ("usual", _STATUS, {}),
        ("about a request", _STATUS, {"kind": EventKind.REQUEST}),
        ("unnamed", _STATUS, {"unnamed": EventKind.REQUEST}),
        ("always", always(CANCELED), {}),
        ("by words", by_words(_words, Every.status, Every.side), {}),
        ("symbol may be none", _STATUS, {"symbol": text(Every.client_id, none=("x",))}),
        ("no symbol", _STATUS, {"symbol": None}),
        ("no time", _STATUS, {"event_ns": None}),
        ("id is text", _STATUS, {"order_id": text(Every.client_id)}),
        ("id is a number or text", _STATUS, {"order_id": number(Every.either)}),
        ("client id is a number", _STATUS, {"client_order_id": number(Every.list_id)}),
        ("time is text", _STATUS, {"event_ns": time(Every.seen_at)}),
        ("reason", _STATUS, {"code": text(Every.mode)}),
        ("time of the answer", _STATUS, {"response_ns": time(Every.at)}),
        ("amounts", _STATUS, {"quantity": amount(Every.filled), "filled_quantity": amount(Every.price)}),
        ("amounts that are numbers", _STATUS, {"quantity": amount(Every.size)}),
        ("amounts that may be empty", _STATUS, {"filled_quote": amount(Every.stop)}),
        ("absent", _STATUS, {"absent": Absent.EMPTY}),
        ("repeats", _STATUS, {"repeats": {Every.filled: Every.price}}),
    ):
        for of in ({}, told):
            given = {**usual, **of, **more}
            each = EventMap(Every, said, **{key: value for key, value in given.items() if value is not None})
            for kind in (Every, list[Every]):
                reader = plain_rows(_endpoint(kind, each))
                yield f"{name}{', all told' * bool(of)}: {'no' if reader is None else _reads(reader)}"

    for each in _flat():
        for answer in (Flat, list[Flat]):
            reader = plain_rows(_endpoint(answer, each))
            columns = ", ".join(f"{name} {column.how.value}" for name, column in each.plan.columns.items())
            yield f"{each.plan.kind}, {columns}: {'no' if reader is None else _reads(reader)}"


class Flat(Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """A row that holds nothing but scalars."""

    order_id: Int
    client_id: str
    status: str
    side: str
    price: DecimalText
    at: Epoch
    filled: DecimalText | UnsetType = UNSET
    mode: str | UnsetType = UNSET


def _flat() -> Iterator[EventMap]:
    """Maps of such rows that are not read so, each for one reason, but the first two."""
    said = by_status(Flat.status, {"CANCELED": CANCELED}, UNSURE)
    asked: dict[str, Any] = {
        "symbol": text(Flat.client_id),
        "order_id": number(Flat.order_id),
        "client_order_id": text(Flat.client_id),
        "event_ns": time(Flat.at),
    }
    yield EventMap(Flat, said, **asked)
    yield EventMap(Flat, said, **asked, quantity=amount(Flat.filled), repeats={Flat.filled: Flat.price})
    yield EventMap(Flat, always(CANCELED), **asked)
    yield EventMap(Flat, by_words(_words, Flat.status, Flat.side), **asked)
    yield EventMap(Flat, said, **asked, kind=EventKind.REQUEST)
    yield EventMap(Flat, said, **asked, unnamed=EventKind.REQUEST)
    yield EventMap(Flat, said, **asked, code=text(Flat.mode))
    yield EventMap(Flat, said, **asked, response_ns=time(Flat.at))
    for name in asked:
        yield EventMap(Flat, said, **{key: value for key, value in asked.items() if key != name})
    for name, none in (("symbol", ("x",)), ("order_id", (0,)), ("client_order_id", ("x",))):
        yield EventMap(Flat, said, **{**asked, name: asked[name]._replace(none=none)})


def _endpoint(kind: Any, each: EventMap) -> Endpoint:
    return Endpoint(
        "DELETE /order",
        kind,
        lambda _, call: call.result([]),
        venue="venue",
        product=None,
        request=RequestKeys(),
        ids=IdSpace("venue", by_symbol=True),
        docs="",
        plain=each,
    )


def _reads(reader: PlainRows) -> str:
    more: Sequence[Mapping[str, Any]] = (
        {},
        {"price": "x"},
        {"filled": "1.50"},
        {"filled": "2"},
        {"listId": 1},
        {"at": 10**15},
    )
    payloads = [_raw([{**_ROW, **each}] if reader.is_list else {**_ROW, **each}) for each in more]
    deep = msgspec.json.encode(_ROW)[:-1] + b',"deep":' + b"[" * 100_000
    payloads.append(Raw(b"[%b" % deep if reader.is_list else deep))
    return "; ".join(_columns(reader.read([payload])) for payload in payloads)


def _plain(reader: PlainRows, good: Any) -> Iterator[str]:
    row = good[0] if reader.is_list else good
    for key, value in row.items():
        others = ({k: v for k, v in row.items() if k != key}, *(row | {key: v} for v in _like(value)))
        payloads = [_raw([other] if reader.is_list else other) for other in others]
        alone = [_columns(reader.read([payload])) for payload in payloads]
        yield f"{key}: {'; '.join(alone)}"
    more = [_raw([each] if reader.is_list else each) for each in (row, row | {"new": 1}, row)]
    odd = [_raw([each] if reader.is_list else each) for each in map(partial(_rounded, row), range(3))]
    for payloads in (odd, odd * 4, [*[more[0]] * 9, odd[0]], [odd[0], *[more[0]] * 16, odd[1]]):
        yield f"{len(payloads)}: others {reader.read(payloads).others}"
    for payloads in (
        [more[0]],
        more,
        [more[0]] * 9,
        [*[more[0]] * 9, more[1]],
        [_raw([]), more[0]],
        [_raw(5)] * 2,
    ):
        yield f"{len(payloads)}: {_columns(reader.read(payloads))}"


def _rounded(row: Mapping[str, Any], n: int) -> dict[str, Any]:
    """A row that is decoded, but has an id or a symbol that is looked at one by one."""
    ids = {key: 9_007_199_254_741_100 for key in row if key in ("orderId", "order_id", "id")}
    return {**row, **ids} if n < 2 else dict(row)


def _like(value: Any) -> Sequence[Any]:
    """Other values of the same class, and none."""
    if isinstance(value, bool):
        return (not value, None)
    if isinstance(value, int):
        return (value + 1, -1, 0, 10**13 - 1, 10**13, 10**15, 2**53 + 108, 9_007_199_254_741_100, None)
    return ("", "0", "0.00", "1.5", "-1.5", "1e3", "X", None)


def _columns(columns: RowColumns) -> str:
    if not columns.rows:
        return f"none but {list(columns.others)}"
    said = columns._replace(rows=(), verdicts={})[2:]
    values = [list(value) for value in (columns.ends, *said)]
    return f"{values}"


def _raw(value: Any) -> Raw:
    return Raw(msgspec.json.encode(value))


TEXTS: Final[Texts] = {
    "homes": homes,
    "plain": plain,
    "rows": rows,
    "sources": sources,
    "supported": supported,
    "wrong": wrong,
}


def main() -> None:
    """Write all texts anew."""
    write(FOLDER, TEXTS)
