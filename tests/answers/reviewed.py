"""What answers mean that are not plain ones of a known endpoint, and what they may come from.

One text each in ``tests/answers/reviewed``. ``python -m tests.reviewed`` writes them; read the difference
before it is committed.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, Final, Literal, get_args

from msgspec.structs import replace

from cancelnorm import CancelNormError, Record, identify, normalise, parse, venues
from cancelnorm.answer import data_of
from cancelnorm.api import find_endpoint, find_venue
from cancelnorm.record import Pairing
from cancelnorm.routing import asked, may_cancel, placed, plain_name
from tests.answers.telling import few, outcome_of, sent, short
from tests.samples import SAMPLES
from tests.texts import Texts, write

__all__ = ["FOLDER", "TEXTS"]

FOLDER: Final = Path(__file__).with_name("reviewed")
# --- Bodies that say nothing ---

_STATUSES: Final = (None, 200, 399, 400, 403, 407, 408, 409, 422, 498, 499, 500, 504)
_BODIES: Final = (
    b"",
    b"null",
    b" {}\n",
    b"[[]]",
    b"nothing",
    b'{"unknown":1}',
    b"<html>Too  Many\nRequests",
    b"x" * 3_000,
)


def statuses() -> Iterator[str]:
    """What HTTP statuses say of bodies, at an endpoint and without, of two venues."""
    for venue, endpoint in (
        ("binance", "DELETE /api/v3/order"),
        ("kraken", "POST /0/private/CancelOrder"),
    ):
        for body in _BODIES:
            said: dict[tuple[str, ...], list[str]] = {}
            for status in _STATUSES:
                for name in (endpoint, None):
                    record = Record(body, venue, name, status, source="log:1")
                    told = [*outcome_of(partial(normalise, record)), *outcome_of(partial(parse, record))]
                    told += [f"  {len(identify(body, venue=venue, status=status))} endpoints"] * (
                        name is None
                    )
                    said.setdefault(tuple(told), []).append(f"{status}{' nameless' * (name is None)}")
            for told_alike, alike in said.items():
                yield f"{venue} {body[:40].decode()!r} {', '.join(alike)}"
                yield from told_alike


# --- Requests ---


def unanswered() -> Iterator[str]:
    """What is said of requests whose answers are missing, or are shared, of an endpoint of each kind."""
    for name in few(4, lambda sample: sample.request is not None):
        record = SAMPLES[name].record("log:1")
        for pairing in get_args(Pairing):
            yield f"{name} {pairing}"
            body = record.payload if pairing == "shared_id" else b""
            yield from outcome_of(partial(normalise, replace(record, payload=body, pairing=pairing)))


_NAMES: Final = (
    *("delete /api/v3/order", "DELETE https://api.binance.com/api/v3//order/?a=1#b", "ws v3/order.cancel"),
    *("DELETE  /api/v3/order ", "DELETE /order", "/api/v3/order", "DELETE /api/v3/orders", "ws order.cancl"),
    *(
        "DELETE /spot/orders/17",
        "DELETE /api/v4/spot/orders/t-1%2F2",
        "DELETE /api/v4/spot/orders/",
        "nothing",
    ),
    *(
        "DELETE /api/v4/futures/usdt/orders/17",
        "POST /v5/order/cancle",
        "POST /v5/order/cancel-all/",
        "",
        "ws",
    ),
    *(
        "POST /api/v5/trade/cancel-order",
        "ws cancel-order",
        "ws batch-cancel-orders",
        "POST /0/private/CancelAll",
    ),
    *("private/cancel", "ws private/cancel", "POST /api/v2/private/cancel", "POST /exchange", "POST /info"),
    *(
        "HEAD /orders",
        "GET /orders/cancel",
        "POST /orders/kill",
        "DELETE /listenKey",
        "POST /fapi/v1/countdown",
    ),
)


def names() -> Iterator[str]:
    """Which endpoint is meant by a name, whether it may cancel orders, and what is said where there is none."""
    requests: Sequence[Mapping[str, Any] | None] = (
        None,
        {"orderId": 1, "order_id": 1, "ordId": "1"},
        {"action": {"type": "cancel"}},
        {"action": {"type": "order"}},
        {"op": "cancel-order", "id": "7", "args": [{"instId": "BTC-USDT", "ordId": "1"}]},
        {"method": "order.cancel", "id": 1, "params": {"symbol": "BTCUSDT", "orderId": 1}},
        {"method": "private/cancel", "id": 1, "params": {"order_id": "1"}},
    )
    for venue in ("binance", "bybit", "okx", "gate", "kraken", "hyperliquid", "deribit"):
        known = find_venue(venue)
        for name in (*_NAMES, *known.shared_names):
            found = placed(known, name)
            tells = [f"{may_cancel(known, plain_name(name), each):d}" for each in requests]
            yield f"{venue} {name!r}: {found and tuple(found)}, may cancel {' '.join(tells)}"
            if found is None:
                yield from outcome_of(lambda: find_endpoint(venue, name).name)  # noqa: B023  # called at once
            meant = dict.fromkeys(str(asked(known, name, each)) for each in requests)
            if [*meant] != [name]:
                yield f"  asked {', '.join(meant)}"
        for each in requests[1:]:
            yield f"{venue} {each} alone: {asked(known, None, each)}"
    for name in ("binanse", "Bybit V5", "coinbase", "kraken-futures", "x", "okex5", ""):
        yield f"{name!r}"
        yield from outcome_of(lambda: find_venue(name).name)  # noqa: B023  # called at once


def queries() -> Iterator[str]:
    """What answers are taken for under a name that several queries share, or several requests."""
    for venue in venues.names():
        for shared in find_venue(venue).shared_names:
            for body in (
                b"7",
                b"{}",
                b'{"a":1}',
                b'{"error":"x"}',
                b"[]",
                b"[1]",
                b'"x"',
                b"[",
                b'[{"oid":1}]',
            ):
                for status in (None, 200, 400, 500):
                    record = Record(body, venue, shared, status, source="log:1")
                    yield f"{venue} {shared} {body.decode()} {status}"
                    yield from outcome_of(partial(normalise, record))
    for name in few(4, lambda sample: bool(find_venue(sample.venue).shared_names)):
        record = SAMPLES[name].record("log:1")
        for shared in find_venue(record.venue).shared_names:
            yield f"{name} as {shared}"
            yield from outcome_of(partial(normalise, replace(record, endpoint=shared)))


# --- Rows that cannot be read ---


def _rows(value: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The ways to the arrays of objects in a JSON value that have two or more."""
    if isinstance(value, list) and len(value) > 1 and all(isinstance(row, dict) for row in value):
        yield way
    if isinstance(value, list | dict):
        for key, part in enumerate(value) if isinstance(value, list) else value.items():
            yield from _rows(part, (*way, key))


def _changed(value: Any, way: Sequence[Any], new: Any) -> Any:
    """A JSON value with another one in a place."""
    if not way:
        return new
    if isinstance(value, list):
        return [_changed(part, way[1:], new) if i == way[0] else part for i, part in enumerate(value)]
    return value | {way[0]: _changed(value[way[0]], way[1:], new)}


def _at(value: Any, way: Sequence[Any]) -> Any:
    for key in way:
        value = value[key]
    return value


def rows() -> Iterator[str]:
    """What is left of an answer of which some rows cannot be read; with its request, without, and nameless."""
    for name in few(2, lambda sample: any(_rows(sample.tree()))):
        yield from _broken(name, next(_rows(SAMPLES[name].tree())))
    for name in few(1, lambda sample: any(map(_is_within_rows, _rows(sample.tree())))):
        yield from _broken(name, next(filter(_is_within_rows, _rows(SAMPLES[name].tree()))))


def _quoted(record: Record) -> Record:
    """A record as of a recorder that writes integers in quotes."""
    payload = re.sub(r'(?<=":)(\d+)(?=[,}])', r'"\1"', data_of(record).decode())
    return replace(record, payload=payload, dialect="quoted-numbers")


def _is_within_rows(way: Sequence[Any]) -> bool:
    return any(isinstance(key, int) for key in way)


def _broken(name: str, way: tuple[Any, ...]) -> Iterator[str]:
    """What is left of an answer with bad rows in an array."""
    record = SAMPLES[name].record("log:1")
    tree = SAMPLES[name].tree()
    good = _at(tree, way)[:3]
    key = next(iter(good[0]))
    broken = {**good[0], key: [good[0][key]]}
    for kind, bad in (
        ("first", [7, *good[1:]]),
        ("last", [*good[:-1], broken]),
        ("one of more", [*good, broken, *good]),
        ("two of more", [broken, *good, *good, {}]),
        ("half", [*good, *[broken] * len(good)]),
        ("all", [broken] * len(good)),
    ):
        whole = replace(record, payload=sent(_changed(tree, way, bad)))
        last: list[str] = []
        for how, each in (
            ("", whole),
            (" without its request", replace(whole, request=None)),
            (" nameless", replace(whole, endpoint=None, request=None)),
            (" nameless, in quotes", _quoted(replace(whole, endpoint=None, request=None))),
        ):
            said = [*outcome_of(partial(normalise, each))]
            if said != last:
                yield f"{name} {'.'.join(map(str, way)) or '$'} {kind}{how}"
                yield from said
            last = said


# --- Answers without endpoint ---


_NAMING: Final = frozenset({"e", "event", "channel", "topic", "type", "status", "op", "method", "ch", "c"})


def _like(value: Any) -> Iterator[tuple[str, bytes]]:
    """The payload of a JSON value, and others that are like it."""
    yield "as it was", sent(value)
    if isinstance(value, dict):
        inner = next((key for key, part in value.items() if isinstance(part, dict)), None)
        yield "one more", sent(value | {"newKey": 1})
        yield "many more", sent(value | {f"new{i}": i for i in range(2 * len(value) + 1)})
        if inner is not None:
            yield "more within", sent(value | {inner: value[inner] | {f"new{i}": i for i in range(30)}})
        yield (
            "another word",
            sent({k: "new" if k in _NAMING else part for k, part in value.items()} | {"x": 1}),
        )
        yield "one less", sent(dict(islice(value.items(), 1, None)))
        yield "quoted", sent({k: str(v) if type(v) is int else v for k, v in value.items()})
        yield "in an array", sent([value])
        for key, part in islice(value.items(), 1):
            yield "a key twice", sent({key: part})[:-1] + b"," + sent(value)[1:]
            yield "a key with two values", sent({key: [7]})[:-1] + b"," + sent(value)[1:]
    elif isinstance(value, list) and value:
        yield "twice", sent(value * 2)
        yield "the first alone", sent(value[0])
        yield (
            "one more in each",
            sent([row | {"newKey": 1} if isinstance(row, dict) else row for row in value]),
        )


def nameless() -> Iterator[str]:
    """What is made of answers without endpoint, and of such as are like them, with both degrees of strictness."""
    for name in few(5, lambda _: True):
        record = replace(SAMPLES[name].record("log:1"), endpoint=None, request=None)
        for kind, payload in _like(SAMPLES[name].tree()):
            dialect: Literal["quoted-numbers"] | None = "quoted-numbers" if kind == "quoted" else None
            each = replace(record, payload=payload, dialect=dialect)
            yield f"{name} {kind}"
            said = [*outcome_of(partial(normalise, each))]
            yield from said
            strict = [*outcome_of(partial(normalise, each, drift="refuse"))]
            if strict != said:
                yield from (f"  strict{line}" for line in strict)
            if not kind.startswith(("more", "quoted")):
                yield from (f"  parsed{line}" for line in outcome_of(partial(parse, each)))
                yield f"  of {_counted(identify(each.payload, venue=each.venue, status=each.status))}"


def added() -> Iterator[str]:
    """What each sample with an addition is taken for, without its endpoint."""
    for name in few(10_000, lambda _: True):
        record = SAMPLES[name].record("log:1")
        tree = SAMPLES[name].tree()
        if isinstance(tree, dict):
            each = replace(record, payload=sent(tree | {"newKey": 1}), endpoint=None, request=None)
            yield f"{name}: {_taken(each)}"


def _taken(record: Record) -> str:
    """The endpoints that an answer is taken for, and what it says."""
    try:
        result = normalise(record)
    except CancelNormError as error:
        return f"{type(error).__name__} {short(str(error))}"
    names = next(note.value for note in result.notes if note.code == "endpoint-assumed")
    said = dict.fromkeys(f"{event.endpoint} {event.outcome} {event.evidence}" for event in result.events)
    return f"{len(names)} {'; '.join(said)}"


def _counted(found: Sequence[tuple[str, str]]) -> str:
    """Endpoints: the first and the number of the others."""
    if not found:
        return "none"
    return f"{' '.join(found[0])}{f' and {len(found) - 1} more' * (len(found) > 1)}"


def alone() -> Iterator[str]:
    """What is made of rows that stand alone, at an endpoint and without."""
    for name in few(
        4, lambda sample: bool(find_venue(sample.venue).envelopes) and any(_objects(sample.tree()))
    ):
        record = SAMPLES[name].record("log:1")
        for way, row in islice(_objects(SAMPLES[name].tree()), 2):
            for kind, payload in _like([row]):
                each = replace(record, payload=payload)
                for how, asking in (("", each), (" nameless", replace(each, endpoint=None, request=None))):
                    yield f"{name} {'.'.join(map(str, way))} {kind}{how}"
                    yield from outcome_of(partial(normalise, asking))


def _objects(value: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """The objects within a JSON value that have more than two keys, and their places."""
    if way and isinstance(value, dict) and len(value) > 2:
        yield way, value
    if isinstance(value, list | dict):
        for key, part in enumerate(value) if isinstance(value, list) else value.items():
            yield from _objects(part, (*way, key))


TEXTS: Final[Texts] = {
    "added": added,
    "alone": alone,
    "nameless": nameless,
    "names": names,
    "queries": queries,
    "rows": rows,
    "statuses": statuses,
    "unanswered": unanswered,
}


def main() -> None:
    """Write all texts anew."""
    write(FOLDER, TEXTS)
