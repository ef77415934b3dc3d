"""What each map makes of each word of its venue: the verdict, as a tree of the fields from which it is read.

A word stands where it changes something; ``else`` is a word that nobody knows, and all that are read like it.
Verdicts by codes are in the tables of codes.
"""

import ast
import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache, partial
from inspect import getmodule, getsource
from itertools import chain
from pathlib import Path
from types import MemberDescriptorType, ModuleType
from typing import Any, Final

from msgspec import UNSET, Raw, Struct

from cancelnorm import venues
from cancelnorm.eventmap import Said, Verdict, maps_of
from cancelnorm.reader.scalars import Scalar
from cancelnorm.reader.types import Kind, class_of, fields_of, literals, members_of, scalar_of, structs_in

__all__ = ["Judge", "reduced", "structs", "tree", "verdicts"]

_UNKNOWN: Final = "?"
_DECIMALS: Final = ("0", "1.5")
_UNKNOWN_NUMBER: Final = 777
_INTEGERS: Final = (_UNKNOWN_NUMBER, *range(-1, 21))
_LONGEST: Final = 60
Judge = Callable[..., Any]


def verdicts(venue: str) -> Iterator[str]:
    """Each verdict that a map reads from words, and the structs that are read so."""
    groups: dict[str, list[str]] = {}
    known: dict[int, list[str]] = {}
    for struct in structs(venue):
        name = f"{struct.__module__.rpartition('.')[2]}.{struct.__name__}"
        every = [each.plan.said for each in maps_of(struct)]  # in the order in which modules were imported
        for said in every:
            if id(said) not in known:
                known[id(said)] = list(_told(said, venue))
        for told in chain(*sorted(known[id(said)] for said in every)):
            groups.setdefault(told, []).append(name)
    for told, names in groups.items():
        yield ", ".join(dict.fromkeys(names))
        yield told


def structs(venue: str) -> list[type[Struct]]:
    """The structs of a venue's answers, in an order that is the same in all processes."""
    found = {
        node.struct
        for endpoint in venues.every()[venue].endpoints.values()
        for node in structs_in(endpoint.shape.node)
    }
    return sorted(found, key=lambda struct: (struct.__module__, struct.__qualname__))


def _told(said: Said, venue: str) -> Iterator[str]:
    """The trees of a map's verdict, and of who canceled; nothing where it is always the same."""
    if said.reads_status:
        yield f"  {said.fields[0].__name__} {', '.join(map(repr, said.good))}: {_verdict(said.taken)}"
    elif said.fields:
        judge, names = _judge(said), [field.__name__ for field in said.fields]
        classes = reduced(judge, said, venue)
        for shown in (_verdict, _initiator):
            lines = tree(judge, shown, names, classes)
            if lines != ["nobody"]:
                yield "\n".join(f"  {line}" for line in lines)


def _judge(said: Said) -> Judge:
    function, table, otherwise = said.function, said.table, said.otherwise
    if function is None:
        assert table is not None
        return lambda word: table.get(word, otherwise)
    return lambda *words: said.taken if words[0] in said.good else _unnamed(function(*words), words)


def _unnamed(verdict: Verdict | None, words: Sequence[Any]) -> Verdict | None:
    """A verdict with ``…`` for a code that is one of the words."""
    is_named = verdict is not None and verdict.code is not None and verdict.code in words
    return verdict._replace(code="…") if verdict is not None and is_named else verdict


def _verdict(verdict: Verdict | None) -> str:
    """A verdict but for who canceled."""
    if verdict is None:
        return "not about a cancel"
    told = verdict._replace(initiator=None)
    return ", ".join(": ".join(part) if isinstance(part, tuple) else str(part) for part in told if part)


def _initiator(verdict: Verdict | None) -> str:
    return "nobody" if verdict is None or verdict.initiator is None else f"by {verdict.initiator}"


# --- Values ---


def reduced(judge: Judge, said: Said, venue: str) -> list[list[list[Any]]]:
    """The values of each field in classes: those of a class are read alike whatever another field says."""
    classes = [_values(field, said, venue) for field in said.fields]
    while True:
        before = list(map(len, classes))
        for i in range(len(classes)):
            classes[i] = [part for values in classes[i] for part in _split(judge, values, classes, i)]
        if list(map(len, classes)) == before:
            return classes


def _split(judge: Judge, values: list[Any], classes: list[list[list[Any]]], i: int) -> list[list[Any]]:
    """A class of the values of a field, split where a value of another field tells them apart."""
    contexts = [
        [*usual[:j], each[0], *usual[j + 1 :]]
        for usual in ([found[0][0] for found in classes], [found[-1][0] for found in classes])
        for j in range(len(classes))
        for each in (classes[j] if j != i else classes[j][:1])
    ]
    found: dict[tuple[Any, ...], list[Any]] = {}
    for value in values:
        told = tuple(judge(*context[:i], value, *context[i + 1 :]) for context in contexts)
        found.setdefault(told, []).append(value)
    return list(found.values())


def _values(field: MemberDescriptorType, said: Said, venue: str) -> list[list[Any]]:
    """Values to try: those of the type one by one, and all words of the venue, of which most are read alike."""
    [declared] = [each for each in fields_of(field.__objclass__) if each.name == field.__name__]
    found: list[Any] = [] if declared.required else [UNSET]
    for member in sorted(members_of(declared.kind), key=repr):  # one order, whoever wrote the union first
        found += [None] if member is type(None) else _of_kind(member, said, venue)
    values = list({_shown(value): value for value in found}.values())
    many = [value for value in values if value in _words(venue) and value not in _literals_of(declared.kind)]
    if many and _UNKNOWN in values:
        many = [_UNKNOWN, *many]
    return [many] * bool(many) + [[value] for value in values if value not in many]


def _literals_of(kind: Kind) -> set[str]:
    """The words that a type lists; an answer may have others, which are noted."""
    return {word for member in members_of(kind) for word in literals(member)}


def _of_kind(kind: Kind, said: Said, venue: str) -> list[Any]:
    if words := literals(kind):
        known = sorted(words, key=str)  # one order, whichever module wrote the type first
        return [*known, _UNKNOWN, *_words(venue)] if isinstance(known[0], str) else known
    match scalar_of(kind), class_of(kind):
        case ((Scalar.NUMBER | Scalar.NUMBER_OR_EMPTY | Scalar.NUMBER_OR_WORD | Scalar.ANY_NUMBER), _):
            return [Raw(f'"{text}"'.encode()) for text in _DECIMALS]
        case ((Scalar.DECIMAL | Scalar.DECIMAL_OR_EMPTY), _):
            return list(_DECIMALS)
        case _, cls if cls is bool:
            return [False, True]
        case _, cls if cls is int:
            return [*_INTEGERS, *(each for each in _constants(_module(said), int) if each not in _INTEGERS)]
        case Scalar.PROSE, _:
            return [_UNKNOWN, "", *(each for each in _constants(_module(said), str) if len(each) < _LONGEST)]
        case _:
            return [_UNKNOWN, "", *_words(venue)]


def _module(said: Said) -> ModuleType:
    module = getmodule(said.function or said.fields[0].__objclass__)
    assert module is not None
    return module


@cache
def _words(venue: str) -> tuple[str, ...]:
    """The words in the source of a venue."""
    folder = Path(venues.__file__).parent / venue
    texts = [path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.py"))]
    found = {
        word
        for text in texts
        for word in _literals(text, str)
        if re.fullmatch(r"[A-Za-z_]{2,}|[0-9]{1,2}", word)
    }
    return tuple(sorted(found))


@cache
def _constants(module: ModuleType, cls: type[Any]) -> tuple[Any, ...]:
    return tuple(sorted(_literals(getsource(module), cls)))


def _literals(source: str, cls: type[Any]) -> set[Any]:
    nodes = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Constant))
    return {node.value for node in nodes if type(node.value) is cls}


# --- Tree ---


def tree(
    judge: Judge,
    shown: Callable[[Any], str],
    names: Sequence[str],
    classes: Sequence[list[list[Any]]],
) -> list[str]:
    """What is shown by the values of the first field, and below each by those of the next.

    A field that changes nothing is left out.
    """
    if not names:
        return [shown(judge())]
    branches: dict[str, list[Any]] = {}
    for values in classes[0]:
        below = tree(partial(judge, values[0]), shown, names[1:], classes[1:])
        branches.setdefault("\n".join(below), []).extend(values)
    if len(branches) == 1:
        return next(iter(branches)).split("\n")
    lines: list[str] = []
    for told, values in branches.items():
        label = f"{names[0]} {_label(values)}"
        if "\n" in told:
            lines += [f"{label}:", *(f"  {line}" for line in told.split("\n"))]
        else:
            lines.append(f"{label}: {told}")
    return lines


def _label(values: list[Any]) -> str:
    is_else = _UNKNOWN in values or _UNKNOWN_NUMBER in values
    return "else" if is_else else ", ".join(map(_shown, values))


def _shown(value: Any) -> str:
    return bytes(value).decode() if isinstance(value, Raw) else repr(value)
