"""Flags of structs: what is handed on cannot be changed, and what a venue sends has no keys that nobody declared."""

import sys
from collections.abc import Iterator

import pytest
from msgspec import Struct

from cancelnorm import venues
from cancelnorm.reader.structs import Exact
from cancelnorm.reader.types import AnyNode, ListNode, MapNode, Node, UnionNode, structs_in
from tests.batches import in_batches
from tests.modules import modules

GATHERING = {
    "check.distributions.Latency",
    "check.distributions.Timeline",
    "check.examination.BatchResult",
    "check.repeated.Repeated",
    "check.statistics.Group",
    "check.statistics.Summary",
    "cli.latency.Timed",
    "cli.normalise.Converted",
    "cli.report.Report",
    "cli.story.Told",
    "endpoint.Call",
    "latency.distributions.Measurements",
    "logs.doubts.Doubt",
    "logs.pairing.OpenRequest",
    "logs.waiting.Group",
    "logs.waiting.Waiting",
    "report.findings.WrittenFinding",
    "report.attention.Attention",
    "report.run.Run",
    "story.state.State",
}
"""Those that are added to while records are read, or are made once for one writer."""
THEMSELVES = {
    "answering.Answerers",
    "logs.dotnet._Exchange",
    "logs.doubts.Doubt",
    "logs.pairing.OpenRequest",
    "logs.waiting.Group",
    "logs.waiting.Waiting",
}
"""Those of which two with the same fields are two."""
OF_PEOPLE = {
    "check.baseline._Document",
    "check.baseline._Entry",
    "cli.settings.ProjectSettings",
    "logs.records.AnsweredLine",
    "logs.record_line.Line",
}
"""Those of files that people write or change, in which a key that nobody knows is a mistake."""


def below(struct: type[Struct]) -> Iterator[type[Struct]]:
    """Every struct that derives from one."""
    for each in struct.__subclasses__():
        yield each
        yield from below(each)


assert list(modules())
STRUCTS = {
    f"{struct.__module__}.{struct.__qualname__}".removeprefix("cancelnorm."): struct
    for struct in below(Struct)
    if struct.__module__.startswith("cancelnorm.")
    if vars(sys.modules[struct.__module__]).get(struct.__name__) is struct  # not one that a reader made
}
PUBLIC = {name: struct for name, struct in STRUCTS.items() if not struct.__name__.startswith("_")}


def test_public_structs_are_frozen() -> None:
    """What is handed on is shared, so nobody may change it; what gathers is listed."""
    mutable = {name for name, struct in PUBLIC.items() if not struct.__struct_config__.frozen}
    assert mutable == GATHERING


def test_structs_are_equal_by_their_fields() -> None:
    """But for the nodes of types, which are compiled once, and a few that are listed."""
    by_identity = {name for name, struct in STRUCTS.items() if not struct.__struct_config__.eq}
    assert {name for name in by_identity if not name.endswith("Node")} == THEMSELVES
    assert {name for name in STRUCTS if name.startswith("reader.types.")} <= by_identity


def test_what_is_exact_forbids_other_keys() -> None:
    """What a venue sends, and what people write; other structs read what they need of an object."""
    strict = {name for name, struct in STRUCTS.items() if struct.__struct_config__.forbid_unknown_fields}
    exact = {name for name, struct in STRUCTS.items() if issubclass(struct, Exact)}
    assert strict == exact | OF_PEOPLE
    assert exact


def test_what_venues_send_has_types() -> None:
    """A number in what may be anything would go through a binary float, or not, by the way it is read."""
    structs = {
        node
        for venue in venues.every().values()
        for endpoint in venue.endpoints.values()
        for node in structs_in(endpoint.shape.node)
    }
    assert structs
    assert not {
        f"{node.struct.__name__}.{field.name}"
        for node in structs
        for field in node.fields
        if is_open(field.node)
    }


def is_open(node: Node) -> bool:
    """Whether a type, or what it is made of, may be anything."""
    match node:
        case AnyNode():
            return True
        case UnionNode():
            return any(map(is_open, node.members))
        case ListNode() | MapNode():
            return is_open(node.item)
        case _:
            return False


def test_what_venues_send_is_no_work_for_the_garbage_collector() -> None:
    """Neither what is read in full nor what a frame shows of itself."""
    declared = {name: struct for name, struct in STRUCTS.items() if name.startswith("venues.")}
    assert len(declared) > 100
    assert not [name for name, struct in declared.items() if struct.__struct_config__.gc]


@in_batches(
    {name: struct for name, struct in STRUCTS.items() if issubclass(struct, Exact)},
    lambda name: name.rpartition(".")[0],
)
def test_an_exact_struct_keeps_its_flags(struct: type[Struct]) -> None:
    """A struct of what a venue sends is frozen, by keyword, and no work for the garbage collector."""
    config = struct.__struct_config__
    assert config.frozen
    assert not config.gc
    with pytest.raises(TypeError):
        struct(None)
