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
    """While imports race and readers are made, and half of it when all is there, every text is the same."""
    alone, again = told(tmp_path / "one", 1)
    assert again.items() <= alone.items()
    assert alone.keys() == {*SAMPLES, *LOGS}
    for texts in told(tmp_path / "many", THREADS):
        assert [name for name, text in texts.items() if text != alone[name]] == []
        assert len(texts) >= len(alone) // THREADS


def test_a_type_is_taken_apart_by_one_thread_at_a_time() -> None:
    """Another thread waits while a decoder of the same type is made; with what was half made, the process ended."""
    code = """
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from msgspec import Struct
from cancelnorm.reader.json_decoder import json_decoder

class Inner(Struct):
    value: "taken_apart()"

class Outer(Struct):
    inner: Inner

begun, read = Event(), Event()

def taken_apart():
    begun.set()
    read.wait(0.5)  # what the other thread does if nothing stops it
    return int

def other():
    begun.wait(60)
    value = json_decoder(Outer).decode(b'{"inner":{"value":1}}')
    read.set()
    return value.inner.value

with ThreadPoolExecutor(2) as pool:
    first, second = pool.submit(json_decoder, Outer), pool.submit(other)
    print(second.result(), first.result().decode(b'{"inner":{"value":2}}').inner.value)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "1 2\n"), done.stderr


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
