"""Field tables: which fields of an event each key in an endpoint's answers feeds, as its maps say."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from msgspec import Struct

from cancelnorm.api import find_endpoint
from cancelnorm.eventmap import maps_of
from cancelnorm.reader.types import Kind, fields_of, is_struct, item_of, members_of

__all__ = ["FieldTable", "field_tables"]


class FieldTable(NamedTuple):
    """Mapping of a struct's fields: key in the payload → fields of the event, including ``extra``.

    A key without fields is represented elsewhere or repeats another one.
    """

    struct: str
    homes: Mapping[str, tuple[str, ...]]


def field_tables(venue: str, endpoint: str) -> list[FieldTable]:
    """Field tables of an endpoint: one for each mapped struct in its answer.

    The values around these structs are read by functions; ``trace`` shows them for a record. Raises
    UnknownEndpointError.
    """
    structs = dict.fromkeys(_structs_in(find_endpoint(venue, endpoint).shape.kind))
    return [FieldTable(struct.__name__, homes) for struct in structs if (homes := _homes(struct))]


def _structs_in(kind: Kind) -> Iterator[type[Struct]]:
    """All structs inside a type, at any depth."""
    for member in members_of(kind):
        if is_struct(member):
            yield member
            for field in fields_of(member):
                yield from _structs_in(field.kind)
        elif (item := item_of(member)) is not None:
            yield from _structs_in(item)


def _homes(struct: type[Struct]) -> dict[str, tuple[str, ...]]:
    """Event fields for each key of a struct, over all its maps; empty if it has none."""
    homes: dict[str, dict[str, None]] = {}
    for event_map in maps_of(struct):
        for field in event_map.fields:
            homes.setdefault(field.key, {}).update(dict.fromkeys(field.homes))
    return {key: tuple(fields) for key, fields in homes.items()}
