"""Threads: each is told what it is told alone, whatever the others do, also where they are the first to ask."""

import os
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import msgspec
import pytest

from cancelnorm.lazy import lazy, lazy_property
from tests.threads import LOGS, SAMPLES

THREADS = 6


def told(folder: Path, threads: int) -> list[dict[str, str]]:
    """What threads of a fresh process were told, the first time and the second; the texts by sample or log."""
    folder.mkdir()
    done = subprocess.run(
        [sys.executable, "-W", "error", "-m", "tests.threads", str(folder), str(threads)],
        capture_output=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent)},
    )
    assert done.returncode == 0, done.stderr.decode()
    files = sorted(folder.iterdir())
    assert len(files) == threads
    return [texts for f in files for texts in msgspec.json.decode(f.read_bytes(), type=list[dict[str, str]])]


def test_threads_are_told_what_one_is_told(tmp_path: Path) -> None:
    """While imports race and readers are made, and once more when all is there, every text is the same."""
    alone, again = told(tmp_path / "one", 1)
    assert alone == again
    assert alone.keys() == {*SAMPLES, *LOGS}
    for texts in told(tmp_path / "many", THREADS):
        assert [name for name, text in texts.items() if text != alone[name]] == []
        assert len(texts) > len(alone) // THREADS


class Shared:
    """An object that threads share; both have to be in the making before either is done."""

    def __init__(self) -> None:
        self.together = Barrier(2)

    @lazy_property
    def made(self) -> object:
        """Something told apart by identity."""
        self.together.wait(60)
        return object()


def by_property() -> Callable[[], object]:
    """An attribute of a new object."""
    shared = Shared()
    return lambda: shared.made


def by_function() -> Callable[[], object]:
    """A new function."""
    together = Barrier(2)

    @lazy
    def made(_: str) -> object:
        together.wait(60)
        return object()

    return lambda: made("x")


@pytest.mark.parametrize("new", [by_property, by_function])
def test_a_lazy_value_is_one_object(new: Callable[[], Callable[[], object]]) -> None:
    """Two threads that make it at the same time have the same one, and so has whoever comes later."""
    ask = new()
    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(lambda _: ask(), range(2))
    assert first is second is ask()
