"""Plain answers without endpoint: objects of which all endpoints that may have sent them say the same.

Their keys tell that, so many of them can be read together.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

from msgspec import Raw, Struct

from cancelnorm import answering
from cancelnorm.assumption import unlike
from cancelnorm.caching import cached
from cancelnorm.endpoint import Endpoint
from cancelnorm.eventmap.columns import Column, Said
from cancelnorm.eventmap.plan import Plan
from cancelnorm.reader.json_decoder import json_decoder
from cancelnorm.reader.types import fields_of
from cancelnorm.venue import Venue

__all__ = ["PlainAnswers", "plain_answers"]


class _Reading(NamedTuple):
    """How other endpoints read an array of such objects, and the fields that they may read as something else."""

    decode: Callable[[bytes], Sequence[Any]]
    fields: Sequence[str]


class PlainAnswers(NamedTuple):
    """Objects with the same keys: the endpoint that they are taken for, and the names of all that may have sent them.

    ``tells`` are functions that may say of what one of the readings gives that it leaves open what became of a
    cancel; the first reading is that of the endpoint.
    """

    endpoint: Endpoint
    names: Sequence[str]
    others: Sequence[_Reading]
    tells: Sequence[tuple[int, Callable[[Any], bool]]]
    skip: Callable[[bytes], str | None] | None

    def are_plain(self, payloads: Sequence[Raw], rows: Sequence[Any]) -> list[bool]:
        """Whether each payload certainly is one, if all are; ``rows`` are what the endpoint reads."""
        data = b"".join((b"[", b",".join(payloads), b"]"))
        readings = [rows]
        try:
            readings += [other.decode(data) for other in self.others]
        except (ValueError, RecursionError):
            return [False] * len(rows)
        for other, found in zip(self.others, readings[1:], strict=True):
            for name in other.fields:
                if [getattr(row, name) for row in found] != [getattr(row, name) for row in rows]:
                    return [False] * len(rows)
        skip, tells = self.skip, self.tells
        return [
            (skip is None or skip(bytes(payload)) is None) and not any(tell(read[i]) for i, tell in tells)
            for payload, read in zip(payloads, zip(*readings, strict=True), strict=True)
        ]


@cached(1_024)
def plain_answers(venue: Venue, keys: tuple[str, ...]) -> PlainAnswers | None:
    """What objects with these keys are; None where there may be more to say of them."""
    members = dict.fromkeys(keys, Raw())
    alone = answering.objects(venue, members)
    if not alone or answering.others(venue, members):
        return None
    structs, answerers = zip(*alone, strict=True)
    every = [endpoint for row in answerers for endpoint in row.endpoints]
    if any(endpoint.skip not in (None, venue.skip) for endpoint in every):
        return None
    found = unlike(venue, answerers, structs, with_request=False)
    endpoints = [endpoint for _, endpoint, _ in found.asked]
    plans = [_plan(mapping, every, structs[i]) for i, _, mapping in found.asked]
    first = plans[0]
    if first is None or first.struct is not structs[0] or endpoints[0].plain is None:
        return None
    if not all(plan is not None and _says_the_same(plan, first) for plan in plans):
        return None
    is_open = any(endpoint.product is not endpoints[0].product for endpoint in endpoints)
    return PlainAnswers(
        endpoints[0].of_any_product if is_open else endpoints[0],
        found.names,
        [_reading(struct, structs[0]) for struct in structs[1:]],
        found.shared,
        venue.skip,
    )


def _plan(mapping: object, endpoints: Iterable[Endpoint], struct: type[Struct]) -> Plan | None:
    """What the map says that alone makes events of such rows; None where no endpoint declares it."""
    maps = [e.plain for e in endpoints if e.plain is not None and e.mapping(struct) is mapping]
    plans: list[Plan] = [each.plan for each in maps if each.plan.struct is struct]
    return plans[0] if plans else None


def _reading(struct: type[Struct], first: type[Struct]) -> _Reading:
    kinds = {field.name: field.kind for field in fields_of(struct)}
    fields = [field.name for field in fields_of(first) if kinds[field.name] != field.kind]
    return _Reading(json_decoder(list[struct]).decode, fields)  # type: ignore[valid-type]


def _says_the_same(plan: Plan, first: Plan) -> bool:
    """Whether a map says the same of rows that have no fields but those of the first one's struct, read alike."""
    keys = {field.name: field.key for field in fields_of(plan.struct)}
    return all(keys.get(field.name) == field.key for field in fields_of(first.struct)) and _named(
        plan
    ) == _named(first)


def _named(plan: Plan) -> tuple[object, ...]:
    """What a map says, with fields by their names."""
    columns = {name: _column(column) for name, column in plan.columns.items()}
    return (_said(plan.said), columns, *plan[plan._fields.index("kind") :])


def _column(column: Column[Any]) -> tuple[object, ...]:
    names = tuple(field.__name__ for field in column.fields)
    return (column.how, names, column.table, column.none, tuple(map(_column, column.parts)))


def _said(said: Said) -> tuple[object, ...]:
    fields = (*said.fields, said.raw_status, said.message)
    return (
        [field and field.__name__ for field in fields],
        said._replace(fields=(), raw_status=None, message=None),
    )
