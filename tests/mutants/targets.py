"""The tests that are run for a module: those most likely to see a fault in it come first."""

from pathlib import PurePosixPath
from typing import Final

__all__ = ["PATHS", "SLOW", "prefix_of", "tests_of"]

PATHS: Final = (
    "cancelnorm/venues",
    "cancelnorm/reader",
    "cancelnorm/eventmap",
    "cancelnorm/check",
    "cancelnorm/logs",
    "cancelnorm/api.py",
    "cancelnorm/answer.py",
    "cancelnorm/assumption.py",
    "cancelnorm/partial.py",
)
"""What decides what is read and what it means."""

SLOW: Final = (
    "memory",
    "take_no_time",
    "ten_thousand",
    "cross_processes",
    "large",
    "of_their_venue_alone",
)
"""Words in the names of tests that are left out: they see little that others do not."""

_SAMPLES: Final = ("tests/venues/test_samples.py", "tests/venues")
_API: Final = ("tests/test_api.py", "tests/test_partial.py", "tests/test_request.py", "tests/test_venues.py")
_TESTS: Final = {
    "cancelnorm/venues/__init__.py": ("tests/test_venues.py", *_API, *_SAMPLES, "tests/laws", "tests/logs"),
    "cancelnorm/venues/": (*_SAMPLES, *_API, "tests/test_schema.py", "tests/test_planted.py", "tests/laws"),
    "cancelnorm/reader/": ("tests/reader", *_SAMPLES, *_API, "tests/test_twin.py", "tests/laws"),
    "cancelnorm/eventmap/": ("tests/eventmap", *_SAMPLES, *_API, "tests/laws"),
    "cancelnorm/check/": ("tests/check", "tests/report", "tests/cli"),
    "cancelnorm/logs/": ("tests/logs", "tests/test_samples.py", "tests/test_provenance.py", "tests/cli"),
    "cancelnorm/": (*_API, *_SAMPLES, "tests/logs", "tests/laws"),
}


def tests_of(path: str, known: frozenset[str]) -> list[str]:
    """The files and folders of tests for a module; ``known`` are all files of tests, of which one may have its name."""
    stem = PurePosixPath(path).stem
    folder = PurePosixPath(path).parent.name
    words = stem.split("_")
    named = [f"tests/{folder}/test_{'_'.join(words[:n])}.py" for n in range(len(words), 0, -1)]
    return list(dict.fromkeys([*[name for name in named if name in known], *_TESTS[prefix_of(path)]]))


def prefix_of(path: str) -> str:
    """The modules that have the tests of a module."""
    return next(prefix for prefix in _TESTS if path.startswith(prefix))
