"""What becomes of an answer when an object of each struct has one more field."""

import json
from collections.abc import Iterator
from typing import Any, Final

import msgspec
from msgspec.structs import replace

from cancelnorm import CancelNormError, PayloadError, normalise, parse
from cancelnorm.api import HttpFailure, find_endpoint
from cancelnorm.reader.types import is_struct
from tests.samples import SAMPLES, Sample
from tests.strategies import Place, changed, places
from tests.venues.fields import made

__all__ = ["additions"]

_ADDED: Final[tuple[Any, ...]] = (1, "x", None, {}, [])


def additions(venue: str) -> Iterator[str]:
    """The structs of a venue, by what is said of a field that they do not know."""
    ours = [(name, sample) for name, sample in SAMPLES.items() if sample.venue == venue]
    tried: dict[str, str] = {}
    for _, sample in [*ours, *made(venue)]:
        if sample.dialect or isinstance(parse(sample.record()), HttpFailure):
            continue
        tree = sample.tree()
        for place in places(tree, find_endpoint(sample.venue, sample.endpoint).shape.kind):
            if is_struct(place.kind):
                name = f"{place.kind.__module__.rpartition('.')[2]}.{place.kind.__name__}"
                if name not in tried:
                    tried[name] = "\n".join(_told(sample, tree, place))
    groups: dict[str, list[str]] = {}
    for name in sorted(tried):
        groups.setdefault(tried[name], []).append(name)
    for told, names in groups.items():
        yield from names
        yield told


def _told(sample: Sample, tree: Any, place: Place) -> Iterator[str]:
    for added in _ADDED:
        whole = changed(tree, place.steps, {**place.value, "isAdded": added})
        record = replace(sample.record(), payload=msgspec.json.encode(whole))
        try:
            said = sorted({note.code for note in normalise(record).notes if "isAdded" in note.path})
        except PayloadError as error:
            said = [f"refused, expected {error.expected}"]
        except CancelNormError as error:
            said = [type(error).__name__]
        yield f"  {json.dumps(added)}: {', '.join(said) or 'nothing'}"
