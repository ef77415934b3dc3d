"""What a venue's field is expected to be does not depend on which type was looked at first."""

import subprocess
import sys
from typing import Literal

import msgspec
from msgspec import UnsetType

from cancelnorm.reader.types import UnionNode, WordNode, literals, node_of
from cancelnorm.reader.unions import one_of


def told(step: int) -> dict[str, list[str]]:
    """What a new process tells that looks at all endpoints from one end or from the other."""
    command = [sys.executable, "-m", "tests.reader.expectations", str(step)]
    done = subprocess.run(command, capture_output=True, check=True)
    return msgspec.json.decode(done.stdout, type=dict[str, list[str]])


def test_expectations_do_not_depend_on_what_was_looked_at_first() -> None:
    """Python may give for a type an equal one that was made before, with its words in another order."""
    found = told(1)
    assert len(found) > 2_000
    assert told(-1) == found


def test_words_have_one_order() -> None:
    """However they are written."""
    for kind in (Literal["B", "A"] | UnsetType, Literal["A", "B"] | UnsetType, Literal["B", "A"]):
        node = node_of(kind)
        nodes = node.members if isinstance(node, UnionNode) else [node]
        [words] = [each.words for each in nodes if isinstance(each, WordNode)]
        assert one_of(words) == "A or B"
    assert literals(Literal["0", 1, 0]) == (0, 1, "0")


def test_words_are_told_from_numbers() -> None:
    """A word of digits is in quotes, and no other one."""
    assert one_of(["0", 0, "A", "A1", "-1", ""]) == "'0' or 0 or A or A1 or -1 or "
