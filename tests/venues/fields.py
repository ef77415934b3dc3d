"""What becomes of each field of each struct when it is left out, is null, or has another value.

One text a module of a venue, in ``tests/venues/fields``: a field is tried in the first sample that shows it, or
in which it can be put; before all in one where it feeds something, as rows that are passed over may show it too.
``python -m tests.reviewed`` writes them; read the difference before it is committed.
"""

import json
from collections.abc import Collection, Iterator
from contextlib import suppress
from functools import cache
from inspect import get_annotations
from pathlib import Path
from typing import Any, Final, NamedTuple

import msgspec
from msgspec.structs import replace

from cancelnorm import NotACancel, PayloadError, Reason, normalise, parse, venues
from cancelnorm.api import HttpFailure
from cancelnorm.event_json import encode
from cancelnorm.eventmap import maps_of
from cancelnorm.reader.scalars import Scalar
from cancelnorm.reader.types import (
    Kind,
    class_of,
    fields_of,
    is_struct,
    item_of,
    literals,
    members_of,
    scalar_of,
)
from tests.samples import SAMPLES, Sample
from tests.strategies import Place, changed, places, without

__all__ = ["FOLDER", "made", "spots", "told"]

FOLDER: Final = Path(__file__).with_name("fields")

_PROBES: Final[dict[type, tuple[Any, ...]]] = {
    str: (None, "", "x", "0", "-1", "1.50", "1684804350123", 7, True, []),
    int: (None, 0, -1, 7, 1684804350, 1684804350123, 1684804350123456, 2**63, "7", "x", True, 1.5, []),
    float: (None, 0, -1, 1.5, "1.50", "x", True, []),
    bool: (None, True, False, "true", 0, []),
    list: (None, [], {}, "x"),
    dict: (None, {}, [], "x"),
    type(None): (0, "", "x", False, [], {}),
}
"""Other values, by the class of what a sample has."""


class Spot(NamedTuple):
    """Where a field is tried."""

    name: str
    title: str
    sample: Sample
    place: Place
    tree: Any


def owner(struct: type[msgspec.Struct], name: str) -> type:
    """The struct of a field: itself where a map was declared for it, or else the class that declares the field."""
    if maps_of(struct):
        return struct
    return next(cls for cls in struct.__mro__ if name in get_annotations(cls))


@cache
def spots(venue: str) -> dict[str, list[Spot]]:
    """The spot of each field of a venue's structs, by module, like ``binance/spot``."""
    shown: dict[str, dict[str, list[Spot]]] = {}
    missing: dict[tuple[str, str], Spot] = {}
    ours = [(title, sample) for title, sample in SAMPLES.items() if sample.venue == venue]
    for title, sample in [*ours, *made(venue)]:
        for spot, module in _in_sample(title, sample):
            if spot.place.value is not msgspec.UNSET:
                shown.setdefault(module, {}).setdefault(spot.name, []).append(spot)
            else:
                missing.setdefault((module, spot.name), spot)
    found = {
        module: {name: next(filter(_feeds, every), every[0]) for name, every in rows.items()}
        for module, rows in shown.items()
    }
    for (module, name), spot in missing.items():
        found.setdefault(module, {}).setdefault(name, spot)
    return {module: [rows[name] for name in sorted(rows)] for module, rows in sorted(found.items())}


def made(venue: str) -> Iterator[tuple[str, Sample]]:
    """Answers that are made from the types, for the fields that no sample shows."""
    for endpoint in venues.every()[venue].endpoints.values():
        for member in members_of(endpoint.shape.kind):
            payload = msgspec.json.encode(example(member, whole=True))
            made = Sample(
                docs="", about="", venue=endpoint.venue, endpoint=endpoint.name, payload=msgspec.Raw(payload)
            )
            with suppress(PayloadError, NotACancel):
                parse(made.record())
                yield f"made {endpoint.name}", made


def _in_sample(title: str, sample: Sample) -> Iterator[tuple[Spot, str]]:
    """The spots of the fields in a sample, and of those that it lacks, each with the module that declares it."""
    if sample.dialect or isinstance(parse(sample.record()), HttpFailure):
        return
    tree = sample.tree()
    endpoint = venues.every()[sample.venue].endpoints[sample.endpoint]
    for holder in places(tree, endpoint.shape.kind):
        if not is_struct(holder.kind):
            continue
        for field in fields_of(holder.kind):
            cls = owner(holder.kind, field.name)
            _, _, venue, module = cls.__module__.split(".")[:4]
            value = holder.value.get(field.key, msgspec.UNSET)
            place = Place((*holder.steps, field.key), f"{holder.at}.{field.key}", field.kind, value, ())
            yield Spot(f"{cls.__name__}.{field.name}", title, sample, place, tree), f"{venue}/{module}"


def told(module: str) -> str:
    """What becomes of the fields of a module."""
    return "\n".join(_told(spot) for spot in spots(module.partition("/")[0])[module])


def _told(spot: Spot) -> str:
    """What becomes of one field: those values that have the same consequence stand together."""
    place = spot.place
    is_shown = place.value is not msgspec.UNSET
    shown = json.dumps(place.value, ensure_ascii=False) if is_shown else "not in any sample"
    results: dict[str, list[str]] = {}
    for what, result in _tried(spot):
        results.setdefault(result, []).append(what)
    lines = [f"    {', '.join(whats)}: {result}" for result, whats in results.items()]
    return "\n".join([f"{spot.name}", f"  {spot.title} {place.at} {shown:.80}", *lines, ""])


def _feeds(spot: Spot) -> bool:
    """Whether a value that is accepted changes anything."""
    return any(result != "the same" and not result.startswith(_REFUSED) for _, result in _tried(spot))


_REFUSED: Final = ("refused, ", "unreadable row, ")


def _tried(spot: Spot) -> Iterator[tuple[str, str]]:
    """Each value that is tried, and what becomes of it."""
    sample, place = spot.sample, spot.place
    is_shown = place.value is not msgspec.UNSET
    before = _flat(sample, spot.tree)
    trees = {"absent": without(spot.tree, place.steps)} if is_shown else {}
    for value in _values(place):
        if not is_shown or json.dumps(value) != json.dumps(place.value):
            tree = changed(spot.tree, place.steps, value)
            trees[json.dumps(value, ensure_ascii=False)] = tree
    for what, tree in trees.items():
        yield what, _difference(before, _flat(sample, tree), what)


def _values(place: Place) -> Iterator[Any]:
    """Values to try: those of the classes of the sample's value and of the type, and the words of the type."""
    members = members_in_order(place.kind)
    classes = {_class(member) for member in members}
    if place.value is not msgspec.UNSET:
        classes.add(type(place.value))
    tried = [value for cls in sorted(classes, key=repr) for value in _PROBES.get(cls, ())]
    tried += [word for member in members for word in literals(member)]
    if Scalar.PROSE in map(scalar_of, members):
        tried.append("signature=0123456789abcdef")  # is shown without what a venue repeats of a request
    if place.value is msgspec.UNSET:
        tried += [example(place.kind)]
    yield from {json.dumps(value): value for value in tried}.values()


def _class(kind: Kind) -> type:
    scalar = scalar_of(kind)
    if scalar in (Scalar.NUMBER, Scalar.NUMBER_OR_EMPTY, Scalar.NUMBER_OR_WORD, Scalar.ANY_NUMBER):
        return str
    return dict if is_struct(kind) else object if kind is Any else class_of(kind)


def members_in_order(kind: Kind) -> list[Kind]:
    """The members of a union: structs as declared, then scalars in one order, whichever module wrote them first."""
    return sorted(
        members_of(kind), key=lambda member: "" if is_struct(member) or item_of(member) else repr(member)
    )


def example(kind: Kind, *, whole: bool = False) -> Any:
    """A value of a type: the simplest that says something; ``whole`` with every field and one row of each kind."""
    for member in members_in_order(kind):
        if member is type(None):
            continue
        if words := literals(member):
            return words[0]
        if is_struct(member):
            fields = [field for field in fields_of(member) if field.required or whole]
            return {field.key: example(field.kind, whole=whole) for field in fields}
        if item := item_of(member):
            if class_of(member) is list:
                return [example(each, whole=whole) for each in members_in_order(item)[: None if whole else 1]]
            return {"key": example(item, whole=whole)}
        return _EXAMPLES.get(scalar_of(member) or (object if member is Any else class_of(member)), "x")
    return None


_EXAMPLES: Final[dict[Any, Any]] = {
    Scalar.DECIMAL: "1.50",
    Scalar.DECIMAL_OR_EMPTY: "1.50",
    Scalar.NUMBER: "1.50",
    Scalar.NUMBER_OR_EMPTY: "1.50",
    Scalar.NUMBER_OR_WORD: "1.50",
    Scalar.ANY_NUMBER: "1.50",
    Scalar.EPOCH: 1684804350123,
    Scalar.EPOCH_TEXT: "1684804350123",
    int: 7,
    bool: True,
    Scalar.FAILED: 7,
}


def _flat(sample: Sample, tree: Any) -> dict[str, str] | str:
    """What is made of a payload, by place; or why it is refused."""
    record = replace(sample.record(), payload=msgspec.json.encode(tree))
    try:
        result = normalise(record)
    except PayloadError as error:
        return f"refused, expected {error.expected} at {error.path}"
    except NotACancel as error:
        return f"not a cancel: {error.frame}"
    unread = [note.message for note in result.notes if note.code == "unreadable-row"]
    if unread and any(event.reason is Reason.UNREADABLE for event in result.events):
        return f"unreadable row, {unread[0].partition(', found ')[0]}"
    flat: dict[str, str] = {}
    for i, event in enumerate(result.events):
        said = json.loads(encode(event))
        said.pop("event_id", None)
        _flatten(flat, f"[{i}]", {key: value for key, value in said.items() if value is not None})
    for note in result.notes:
        flat[f"note {note.code} at {note.path}"] = note.message
    rest: dict[str, Any] = {
        "request_id": result.request_id,
        "rate_limits": result.rate_limits,
        "extra": result.extra,
    }
    if any(value is not None for value in rest.values()):
        _flatten(
            flat, "", msgspec.to_builtins({key: value for key, value in rest.items() if value is not None})
        )
    return flat


def _flatten(flat: dict[str, str], at: str, value: Any) -> None:
    if isinstance(value, dict) and value:
        for key, part in value.items():
            _flatten(flat, f"{at}.{key}", part)
    else:
        flat[at] = json.dumps(value, ensure_ascii=False)[:80]


def _difference(before: dict[str, str] | str, after: dict[str, str] | str, value: str) -> str:
    """What differs from before; ``…`` stands for the value that was tried."""
    if isinstance(after, str) or isinstance(before, str):
        return after if isinstance(after, str) else "understood"
    texts = {value, f'"{value}"'} if len(value) > 1 else {value}
    new = [f"{at} = {'…' if text in texts else text}" for at, text in after.items() if before.get(at) != text]
    gone = [f"no {at}" for at in before if at not in after]
    return ", ".join([*new, *gone]) or "the same"


def main(wanted: Collection[str]) -> None:
    """Write the texts of the modules of some venues, or of all; nothing is left of modules that are gone."""
    for venue in wanted or venues.names():
        folder = FOLDER / venue
        folder.mkdir(parents=True, exist_ok=True)
        texts = {FOLDER / f"{module}.txt": told(module) for module in spots(venue)}
        for path in set(folder.glob("*.txt")) - texts.keys():
            path.unlink()
        for path, text in texts.items():
            path.write_text(text, encoding="utf-8")
