"""Paths in JSON: written, read, and followed."""

from collections.abc import Iterator
from contextlib import suppress

import msgspec
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Raw

from cancelnorm.logs.json_path import PathError, at, lost, shown, steps
from tests.logs.objects import KEYS, TREES


def leaves(tree: object, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], object]]:
    """Every value in a tree, with its path."""
    if path:
        yield path, tree
    parts = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for step, part in parts:
        yield from leaves(part, (*path, step))


@given(st.lists(st.text(st.characters(codec="utf-8")) | st.integers(0, 10**9 - 1), min_size=1).map(tuple))
def test_paths_round_trip(path: tuple[str | int, ...]) -> None:
    """What is shown of a path is read as that path."""
    assert steps(shown(path)) == path


@given(st.text())
def test_any_path(text: str) -> None:
    """It is a path, or a PathError."""
    with suppress(PathError):
        assert steps(text)


@given(st.dictionaries(KEYS, TREES, max_size=4))
def test_every_value_is_found_at_its_path(tree: dict[str, object]) -> None:
    """And nothing at a path that goes on."""
    members = msgspec.json.decode(msgspec.json.encode(tree), type=dict[str, Raw])
    for path, value in leaves(tree):
        raw = at(members, path)
        assert raw is not None
        assert msgspec.json.decode(raw) == value
        if not isinstance(value, dict | list):
            assert at(members, (*path, "x")) is None
            assert lost(members, (*path, "x")).startswith("there is no $")
