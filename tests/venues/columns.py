"""What each map makes of words: our word for each, and what a function makes of several fields together.

Fields that one value alone feeds are in the texts of fields; here are the words that no sample has, the order of the
columns of which the first is taken, and what one field says beside each value of another.
"""

from collections.abc import Iterator
from enum import Enum
from functools import partial
from typing import Any, Final

from cancelnorm.eventmap import Said, maps_of
from cancelnorm.eventmap.columns import Column, How
from cancelnorm.reader.types import class_of, fields_of, members_of, scalar_of
from tests.venues.verdicts import Judge, reduced, structs, tree

__all__ = ["columns"]

_PLAIN: Final = (str, bool, int, type(None))


def columns(venue: str) -> Iterator[str]:
    """Each column that is made of words, by what is made, and the structs that are read so."""
    groups: dict[str, list[str]] = {}
    known: dict[tuple[str, int], list[str]] = {}
    for struct in structs(venue):
        title = f"{struct.__module__.rpartition('.')[2]}.{struct.__name__}"
        for each in maps_of(struct):
            for name, column in each.plan.columns.items():
                if (key := (name, id(column))) not in known:
                    known[key] = [f"  {line}" for line in _told(name, column, venue)]
                if known[key]:
                    told = "\n".join([f"  {name}", *known[key]])
                    groups.setdefault(told, []).append(title)
    listed: dict[str, list[str]] = {}
    for told, titles in groups.items():
        listed.setdefault(", ".join(dict.fromkeys(titles)), []).append(told)
    for title, every in listed.items():
        yield title
        yield from every


def _told(name: str, column: Column[Any], venue: str) -> Iterator[str]:
    """The words of a column; times are told in the texts of fields."""
    names = _names(column)
    match column.how:
        case How.WORD:
            yield from (f"  {names[0]} {word!r}: {_shown(value)}" for word, value in column.table.items())
        case How.FIRST:
            yield f"  the first of {', '.join(' with '.join(_names(part)) for part in column.parts)}"
            for part in column.parts:
                yield from _told(name, part, venue)
        case How.MADE if not name.endswith("_ns") and all(map(_is_plain, column.fields)):
            judge = partial(_made, column.table)
            lines = tree(judge, _shown, names, reduced(judge, Said(column.fields), venue))
            yield from (f"  {line}" for line in lines if len(lines) > 1)


def _made(function: Judge, *words: Any) -> Any:
    """What a function makes of words; ``…`` for one of them as it is."""
    value = function(*words)
    is_one = isinstance(value, str | int) and not isinstance(value, Enum | bool)
    return "…" if is_one and str(value) in map(str, words) else value


def _names(column: Column[Any]) -> list[str]:
    return [field.__name__ for field in column.fields]


def _is_plain(field: Any) -> bool:
    """Whether a field is a word, a flag or an integer that any value is read as."""
    [declared] = [each for each in fields_of(field.__objclass__) if each.name == field.__name__]
    return all(class_of(each) in _PLAIN and scalar_of(each) is None for each in members_of(declared.kind))


def _shown(value: Any) -> str:
    return str(value.value) if isinstance(value, Enum) else repr(value)
