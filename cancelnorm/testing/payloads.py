"""Strategies for payloads, read off the types in which the endpoints say what a venue sends."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Annotated, Any, Final, NamedTuple, get_args

import msgspec
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from cancelnorm import venues
from cancelnorm.endpoint import Endpoint
from cancelnorm.errors import UnknownEndpointError
from cancelnorm.reader.scalars import Scalar
from cancelnorm.reader.types import (
    Kind,
    class_of,
    fields_of,
    is_struct,
    item_of,
    literals,
    members_of,
    origin_of,
    scalar_of,
)
from cancelnorm.record import Record
from cancelnorm.testing.places import Place, places

# --- Scalars ---

_digits = st.text("0123456789", min_size=1, max_size=12)
_INTEGERS: Final = ["0", "w", "w", "-w"]
_FRACTIONS: Final = [
    *("0.00000000", "1.00000000", "-1.00000000", "12345678901234567890.123456789012345678"),
    *("w.f", "w.f", "-w.f"),
]


@st.composite
def _decimals(draw: st.DrawFn, forms: SearchStrategy[str]) -> str:
    """Decimals of some forms, in which digits stand for the whole part and for the fraction.

    To choose a form and its digits takes half as many choices as to choose usual ones or others, signs and parts.
    """
    form = draw(forms)
    if "w" in form:
        form = form.replace("w", str(int(draw(_digits))))
    return form.replace("f", draw(_digits)) if "f" in form else form


decimal_texts = _decimals(st.sampled_from([*_INTEGERS, *_FRACTIONS]))
_may_be_empty = _decimals(st.sampled_from([""] * 4 + [*_INTEGERS, *_FRACTIONS]))
_fractions = _decimals(st.sampled_from(_FRACTIONS)).map(lambda text: msgspec.Raw(text.encode()))
epochs = st.one_of(st.integers(10**12, 10**13 - 1), st.integers(10**15, 10**16 - 1))
_edges = [-1, 0, 1, 2**53 + 1, 2**63 - 1, -(2**63)]
int64s = st.one_of(st.sampled_from(_edges), st.integers(-(2**63), 2**63 - 1))
long_ints = st.one_of(int64s, st.sampled_from([2**63, 2**64, 172998235239792314305]))
"""Integers where no bounds are declared, as for ids that outgrew 64 bits."""
texts = st.one_of(
    st.text(st.characters(codec="utf-8"), max_size=12),
    st.sampled_from(
        ["BTCUSDT", "这是测试币456", '"orderReports":[', '{"contingencyType":"OCO"}', "\\u0000", "-1", "null"]
    ),
)
json_values = st.recursive(
    st.one_of(st.none(), st.booleans(), int64s, texts),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(texts, inner, max_size=3)),
    max_leaves=5,
)


# Hypothesis also draws the string constants of the modules that it tests. The whole secret is none of them: as
# a text of its own, where nothing names it as a secret, it would be shown, and rightly so.
PLANTED: Final = "planted".join(("xK9", "7Q"))
"""A secret that no text but a planted one shows."""
prose = st.one_of(texts, st.sampled_from([f"bad signature={PLANTED}", f'{{"apiKey":"{PLANTED}"}}']))
"""Texts for people; some repeat a secret."""


def numbers() -> SearchStrategy[Any]:
    """A decimal in quotes, an integer, or a JSON number with a fraction."""
    return st.one_of(decimal_texts, st.integers(-(10**9), 10**9), _fractions)


_MARKED: dict[Scalar, Callable[[], SearchStrategy[Any]]] = {
    Scalar.DECIMAL: lambda: decimal_texts,
    Scalar.NUMBER: numbers,
    Scalar.NUMBER_OR_WORD: lambda: st.one_of(st.sampled_from(("market_price", "unknown")), numbers()),
    Scalar.NUMBER_OR_EMPTY: lambda: st.one_of(st.just(""), numbers()),
    Scalar.ANY_NUMBER: lambda: st.one_of(st.just(""), st.sampled_from(["0E-11", "-2.5e3"]), numbers()),
    Scalar.EPOCH: lambda: epochs,
    Scalar.FAILED: lambda: long_ints.filter(bool),
    Scalar.NAMING: lambda: texts.filter(lambda text: text != "0"),
    Scalar.DECIMAL_OR_EMPTY: lambda: _may_be_empty,
    Scalar.PROSE: lambda: prose,
    Scalar.EPOCH_TEXT: lambda: st.one_of(st.just(""), epochs.map(str)),
}
_PLAIN: dict[Any, SearchStrategy[Any]] = {
    str: texts,
    int: long_ints,
    bool: st.booleans(),
    type(None): st.none(),
    Any: json_values,
}

# --- Requests ---


@cache
def requests(endpoint: Endpoint) -> SearchStrategy[Any]:
    """Requests of an endpoint: its own parameters and others, right and wrong, or a list of such."""
    names = st.sampled_from([*endpoint.request.names, "symbol", "recvWindow", "unknown"])
    values_ = st.one_of(texts, int64s, json_values)
    one = st.dictionaries(names, values_, max_size=5)
    return st.one_of(st.none(), one, st.lists(one, max_size=3))


# --- Payloads ---


def bounds_of(kind: Kind) -> tuple[int, int] | None:
    """The least and the greatest value of a bounded integer that is no epoch."""
    meta = get_args(kind)[1] if origin_of(kind) is Annotated else None
    if meta is None or meta.ge is None or meta.le is None:
        return None
    return meta.ge, meta.le


def lengths_of(kind: Kind) -> tuple[int, int] | None:
    """The least and the greatest length of a text without a mark; None where it may be empty."""
    meta = get_args(kind)[1] if origin_of(kind) is Annotated else None
    if meta is None or meta.min_length is None or meta.max_length is None:
        return None
    return meta.min_length, meta.max_length


@cache
def values(kind: Kind) -> SearchStrategy[Any]:
    """JSON values of a type, as Python builds them."""
    members = members_of(kind)
    if len(members) > 1:
        # Unions are equal whatever their order: as written, it would depend on which was asked for first.
        return st.one_of([values(member) for member in sorted(members, key=repr)])
    if bounds := bounds_of(kind):
        return _integers(*bounds, zero=scalar_of(kind) is None)
    if lengths := lengths_of(kind):
        return st.text(st.characters(codec="utf-8"), min_size=lengths[0], max_size=lengths[1])
    if scalar := scalar_of(kind):
        return _MARKED[scalar]()
    if words := literals(kind):
        return st.sampled_from(words)
    item = item_of(kind)
    if origin_of(kind) is list:
        return st.lists(values(item), max_size=4)
    if origin_of(kind) is dict:
        return st.dictionaries(texts, values(item), max_size=3)
    if is_struct(kind):
        return _objects(kind)
    return _PLAIN[kind if kind is Any else class_of(kind)]


def _integers(least: int, greatest: int, *, zero: bool) -> SearchStrategy[int]:
    """Integers within bounds; a filter of all that are drawn would draw more."""
    edges = [n for n in _edges if least <= n <= greatest and (n or zero)]
    drawn = st.integers(least, greatest)
    return st.one_of(*([st.sampled_from(edges)] if edges else []), drawn if zero else drawn.filter(bool))


@cache
@st.composite
def _objects(draw: st.DrawFn, kind: Kind) -> dict[str, Any]:
    """Objects of a struct: its required members, and then none, some or all of the others, in any order.

    One byte says how many of the others there are, and one for each whether it is among them, and where. For each
    ``fixed_dictionaries`` makes three choices and more, and making choices is what takes the time.
    """
    required, optional, order = _members(kind)
    tree = {key: draw(value) for key, value in required}
    if optional:
        share, *places = draw(order)
        for place, i in sorted(zip(places, range(len(optional)), strict=True)):
            if place > 255 - share:
                key, value = optional[i]
                tree[key] = draw(value)
    return tree


class Members(NamedTuple):
    """The members that an object must have, those that it may have, and bytes that choose among these."""

    required: list[tuple[str, SearchStrategy[Any]]]
    optional: list[tuple[str, SearchStrategy[Any]]]
    order: SearchStrategy[bytes]


@cache
def _members(kind: Kind) -> Members:
    """Those of a struct; strategies that were built for each object would be checked by Hypothesis each time."""
    fields = fields_of(kind)
    required, optional = (
        [(f.key, values(f.kind)) for f in fields if f.required is wanted] for wanted in (True, False)
    )
    size = len(optional) + 1
    return Members(required, optional, st.binary(min_size=size, max_size=size))


def payloads(endpoint: Endpoint) -> SearchStrategy[Any]:
    """Answers of an endpoint, as JSON values."""
    return values(endpoint.shape.kind)


def kinds_of(kind: Kind) -> Iterator[Kind]:
    """Every type that is anywhere in a type."""
    for member in members_of(kind):
        yield member
        if is_struct(member):
            for field in fields_of(member):
                yield from kinds_of(field.kind)
        elif item_of(member):
            yield from kinds_of(item_of(member))


Wanted = Callable[[Kind], object]


def is_decimal(kind: Kind) -> bool:
    """Whether a type is a decimal, or nothing in some answers."""
    return scalar_of(kind) in (Scalar.DECIMAL, Scalar.NUMBER, Scalar.NUMBER_OR_WORD) or may_be_empty(kind)


def may_be_empty(kind: Kind) -> bool:
    """Whether a type is a decimal or nothing."""
    return scalar_of(kind) in (Scalar.DECIMAL_OR_EMPTY, Scalar.NUMBER_OR_EMPTY)


def is_epoch(kind: Kind) -> bool:
    """Whether a type is an epoch."""
    return scalar_of(kind) is Scalar.EPOCH


def is_prose(kind: Kind) -> bool:
    """Whether a type is a text for people."""
    return scalar_of(kind) is Scalar.PROSE


def is_vocabulary(kind: Kind) -> bool:
    """Whether a type is a closed list of words."""
    words = literals(kind)
    return bool(words) and all(isinstance(word, str) for word in words)


def endpoints_of(venue: str) -> list[Endpoint]:
    """The endpoints of a venue; UnknownEndpointError where there is no such venue."""
    found = venues.find(venue)
    if found is None:
        raise UnknownEndpointError(venue, None, venues.names())
    return list(found.endpoints.values())


@cache
def endpoints_with(venue: str, wanted: Wanted) -> list[Endpoint]:
    """The endpoints of a venue whose answer has a type that is wanted somewhere."""
    return [e for e in endpoints_of(venue) if any(map(wanted, kinds_of(e.shape.kind)))]


def anything(_: Kind) -> bool:
    """Want any type."""
    return True


@cache
def endpoints(venue: str, wanted: Wanted = anything) -> SearchStrategy[Endpoint]:
    """The endpoints of a venue with a type that is wanted."""
    return st.sampled_from(endpoints_with(venue, wanted))


@dataclass(frozen=True)
class Answer:
    """An endpoint and something it answers."""

    endpoint: Endpoint
    tree: Any

    def record(self, tree: Any = None, **facts: Any) -> Record:
        """The record of this answer, or of another one at the same endpoint."""
        payload = msgspec.json.encode(self.tree if tree is None else tree)
        return Record(payload, self.endpoint.venue, self.endpoint.name, **facts)

    @cached_property
    def places(self) -> list[Place]:
        """Every value in it."""
        return list(places(self.tree, self.endpoint.shape.kind))


def passed_over(endpoint: Endpoint, tree: Any) -> bool:
    """Whether a payload that the type allows is a frame about something else."""
    return endpoint.skip is not None and endpoint.skip(msgspec.json.encode(tree)) is not None


@cache
def relevant(endpoint: Endpoint) -> SearchStrategy[Any]:
    """Answers of an endpoint that are not frames about something else."""
    return payloads(endpoint).filter(lambda tree: not passed_over(endpoint, tree))


@cache
@st.composite
def answers(draw: st.DrawFn, venue: str, wanted: Wanted = anything) -> Answer:
    """An endpoint of a venue and something it answers; often with a type that is wanted in it."""
    endpoint = draw(endpoints(venue, wanted))
    return Answer(endpoint, draw(relevant(endpoint)))


@cache
@st.composite
def spots(draw: st.DrawFn, venue: str, wanted: Wanted) -> tuple[Answer, Place]:
    """An answer, and a place in it that has a type that is wanted."""
    answer = draw(answers(venue, wanted).filter(lambda a: any(wanted(p.kind) for p in a.places)))
    return answer, draw(st.sampled_from([p for p in answer.places if wanted(p.kind)]))


@st.composite
def rewritten(draw: st.DrawFn, tree: Any) -> bytes:
    """The same JSON value with keys in another order, white space, and escapes in keys."""
    space = st.sampled_from(["", " ", "\n", "\t \r\n"])

    def write(value: Any) -> str:
        if isinstance(value, dict):
            keys = draw(st.permutations(list(value)))
            inner = ",".join(f"{pad()}{key_text(k)}{pad()}:{pad()}{write(value[k])}{pad()}" for k in keys)
            return "{" + inner + "}"
        if isinstance(value, list):
            return "[" + ",".join(f"{pad()}{write(part)}{pad()}" for part in value) + "]"
        return msgspec.json.encode(value).decode()

    def key_text(key: str) -> str:
        if key and draw(st.booleans()):
            units = key.encode("utf-16-be").hex()
            return '"' + "".join(f"\\u{units[i : i + 4]}" for i in range(0, len(units), 4)) + '"'
        return json.dumps(key, ensure_ascii=draw(st.booleans()))

    def pad() -> str:
        return draw(space)

    return (pad() + write(tree) + pad()).encode()
