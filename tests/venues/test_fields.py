"""What becomes of every field of every struct that a venue sends, when it is missing, null, or another value."""

from collections.abc import Iterator
from contextlib import suppress
from difflib import unified_diff

import msgspec
import pytest
from msgspec import Struct
from msgspec.structs import replace

from cancelnorm import CancelNormError, normalise
from cancelnorm.reader.types import fields_of, structs_in
from tests.strategies import ENDPOINTS, VENUES, changed
from tests.venues.fields import FOLDER, owner, spots, told

MODULES = sorted(path.relative_to(FOLDER).with_suffix("").as_posix() for path in FOLDER.rglob("*.txt"))
ALWAYS_PASSED_OVER = {"OpenOrder", "StopOrder", "OrderFacts"}
"""Structs of BingX of 2021 in answers that show open orders only."""


# Of all modules a venue's are read one after the other, also by several workers: its spots are found once.
each_venue = pytest.mark.parametrize("venue", VENUES, scope="module")


@each_venue
def test_fields(venue: str) -> None:
    """A payload without a required field, or with a value that no type allows, is refused, and others as reviewed.

    No module lacks its text, and nothing is left of one that was renamed or removed.
    """
    modules = [module for module in MODULES if module.startswith(f"{venue}/")]
    assert modules == list(spots(venue))
    different = {module: [*difference(module)] for module in modules}
    assert not {module: lines for module, lines in different.items() if lines}


def difference(module: str) -> Iterator[str]:
    """The lines that are not as they were reviewed, with those around them."""
    reviewed = (FOLDER / f"{module}.txt").read_text(encoding="utf-8")
    return unified_diff(reviewed.splitlines(), told(module).splitlines(), n=2, lineterm="")


@each_venue
def test_texts_of_any_length(venue: str) -> None:
    """A text of more digits than Python makes an integer of is read, or refused, in every field."""
    tried = 0
    for spot in (spot for found in spots(venue).values() for spot in found):
        for text in ("9" * 5_000, "0" * 5_000 + "1", "-" + "9" * 5_000, "9" * 5_000 + ".5"):
            payload = msgspec.json.encode(changed(spot.tree, spot.place.steps, text))
            with suppress(CancelNormError):
                normalise(replace(spot.sample.record(), payload=payload))
                tried += 1
    assert tried


def declared() -> set[tuple[type[Struct], str]]:
    """Every field of every struct that an endpoint may answer with."""
    structs = {node.struct for endpoint in ENDPOINTS for node in structs_in(endpoint.shape.node)}
    return {(owner(struct, field.name), field.name) for struct in structs for field in fields_of(struct)}


@each_venue
def test_every_field_is_tried(venue: str) -> None:
    """Each field of each struct is in a sample, or can be put into one."""
    tried = {
        (spot.name, module.replace("/", ".")) for module, found in spots(venue).items() for spot in found
    }
    every = {
        (f"{cls.__name__}.{name}", cls.__module__.removeprefix("cancelnorm.venues."))
        for cls, name in declared()
    }
    names = {(name, module) for name, module in every if module.partition(".")[0] == venue}
    left = {(name.partition(".")[0], module) for name, module in names - tried}
    assert left == {(struct, "bingx.legacy") for struct in ALWAYS_PASSED_OVER if venue == "bingx"}
    assert tried <= names
    assert {module.partition(".")[0] for _, module in every} <= set(VENUES)
