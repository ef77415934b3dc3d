"""Trying a fault: the tests of its module run in a process of their own, on a copy of the tree that has the fault."""

import ast
import json
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import time
import warnings
from collections.abc import Collection, Sequence
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

import hypothesis.strategies  # noqa: F401  # every process has it from here, and need not import it
import pytest

from tests.mutants.operators import Mutant
from tests.mutants.targets import LATE, SLOW, tests_of

__all__ = ["KILLS", "FirstFailure", "Result", "copied", "is_valid", "sources", "tried", "uncollected"]

KILLS: Final = ("assertion", "refusal", "exception")
"""How a test may see a fault: by what it asserts, by our own error where there was none, or by any other."""
_CPU_SECONDS: Final = 300  # of all stages; those of ``cancelnorm/logs`` take over two minutes
_LIMITS: Final = (signal.SIGXCPU, signal.SIGALRM, signal.SIGKILL)
_OPTIONS: Final = (
    "-x",
    "-q",
    "-p",
    "no:cacheprovider",
    "-p",
    "no:xdist",
    "--snapshot-warn-unused",  # which fail a run that selects a part of a module, or only collects
    "-W",
    "ignore::pytest.PytestAssertRewriteWarning",
)
_COPIED: Final = (
    "cancelnorm",
    "samples",
    "tests",
    "typings",
    "README.md",
    "pyproject.toml",
    ".github",
    ".ci",
    ".pre-commit-hooks.yaml",
)


class Result(NamedTuple):
    """What came of a fault: a kind of kill, or one of those that count as not seen.

    They are ``import``, ``collection``, ``time-out``, ``crash``, ``survived`` and ``unsound``. The last is
    that of a test which fails without the fault, too.
    """

    mutant: Mutant
    kind: str
    test: str
    error: str
    seconds: float


def is_valid(mutant: Mutant, source: bytes) -> bool:
    """Whether the source with the fault is Python, and another program."""
    try:
        return ast.dump(ast.parse(mutant.apply(source))) != ast.dump(ast.parse(source))
    except SyntaxError:
        return False


def copied(tree: Path, to: Path) -> Path:
    """Copy what the tests need."""
    for name in _COPIED:
        if (tree / name).is_dir():
            shutil.copytree(tree / name, to / name, ignore=shutil.ignore_patterns("__pycache__"))
        elif (tree / name).exists():
            shutil.copy(tree / name, to / name)
    return to


def tried(mutant: Mutant, copy: Path) -> Result:
    """Run the tests of a module with a fault in it."""
    path = copy / mutant.path
    source = path.read_bytes()
    begun = time.monotonic()
    _written(path, mutant.apply(source))
    try:
        kind, test, error = _in_a_process(mutant.path, copy, None)
    finally:
        _written(path, source)
    if kind in KILLS and _fails_anyway(mutant.path, test, copy):
        kind = "unsound"
    return Result(mutant, kind, test, error, time.monotonic() - begun)


@cache
def _fails_anyway(path: str, test: str, copy: Path) -> bool:
    """Whether a test of a module fails although there is no fault in it."""
    return _in_a_process(path, copy, test)[0] != "survived"


def uncollected(paths: Collection[str], tree: Path) -> str:
    """What pytest says where it cannot import a test of some modules; empty where it imports all."""
    files = frozenset(file.relative_to(tree).as_posix() for file in tree.glob("tests/**/test_*.py"))
    tests = sorted({name for path in paths for stage in tests_of(path, files) for name in stage})
    command = [sys.executable, "-m", "pytest", "--collect-only", *_OPTIONS, *tests]
    alone = os.environ | {"PYTEST_ADDOPTS": ""}
    ran = subprocess.run(command, cwd=tree, env=alone, capture_output=True, text=True, check=False)
    return "" if ran.returncode == 0 else ran.stdout[-2_000:] + ran.stderr[-2_000:]


def _written(path: Path, source: bytes) -> None:
    """Write a module, and forget what was compiled of it: two faults may share the second and the size."""
    path.write_bytes(source)
    for compiled in path.parent.glob(f"__pycache__/{path.stem}.*"):
        compiled.unlink()


def _in_a_process(path: str, copy: Path, only: str | None) -> tuple[str, str, str]:
    inlet, outlet = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(inlet)
        os.setsid()
        found = "exit", "", ""
        try:
            found = _tested(path, copy, only)
        finally:
            os.write(outlet, json.dumps(found).encode())
            os._exit(0)
    os.close(outlet)
    with os.fdopen(inlet) as told:
        text = told.read()
    _, status = os.waitpid(child, 0)
    _end(child)
    if not text:  # it was ended, by a limit or by a fault of its own
        return "time-out" if os.WTERMSIG(status) in _LIMITS else "crash", "", ""
    kind, test, error = json.loads(text)
    return kind, test, error


def _end(child: int) -> None:
    """End what a process has started and left behind."""
    try:
        os.killpg(child, signal.SIGKILL)
    except ProcessLookupError:
        return


def _tested(path: str, copy: Path, only: str | None) -> tuple[str, str, str]:
    """The kind of the first failure, the test that failed, and its error; of one test or of those of a module."""
    resource.setrlimit(resource.RLIMIT_CPU, (_CPU_SECONDS, _CPU_SECONDS))
    signal.alarm(_CPU_SECONDS * 5)
    silent = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(silent, stream)
    for name in [name for name in sys.modules if name.split(".")[0] in ("cancelnorm", "tests")]:
        del sys.modules[name]
    os.chdir(copy)
    sys.path[:] = [
        str(copy),
        *(each for each in sys.path if each not in ("", str(Path(__file__).parents[2]))),
    ]
    sys.dont_write_bytecode = False
    os.environ |= {"PYTHONPATH": str(copy), "HYPOTHESIS_PROFILE": "mutants", "PYTEST_ADDOPTS": ""}
    if not _imports(path):
        return "import", "", ""
    files = frozenset(file.relative_to(copy).as_posix() for file in copy.glob("tests/**/test_*.py"))
    first = FirstFailure(path)
    for stage in tests_of(path, files) if only is None else [[only]]:
        pytest.main([*_OPTIONS, *stage], plugins=[first])
        if first.kind != "survived":
            break
    return first.kind, first.test, first.error


def _imports(path: str) -> bool:
    """Whether a module imports, those beside it, and all venues with it."""
    beside = [file for file in Path(path).parent.glob("*.py") if file.stem != "__main__"]  # which would run
    modules = [".".join(file.with_suffix("").parts).removesuffix(".__init__") for file in beside]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            for module in modules:
                __import__(module)
            for venue in __import__("cancelnorm.venues").venues.every().values():
                assert all(endpoint.shape.node for endpoint in venue.endpoints.values())
    except Exception:  # noqa: BLE001  # a fault may raise anything
        return False
    return True


class FirstFailure:
    """Notes the kind of the first failure; leaves out slow tests, those of other venues and those that passed."""

    def __init__(self, path: str) -> None:
        self.kind = "survived"
        self.test = ""
        self.error = ""
        self._path = path
        self._passed: set[str] = set()
        self._venues = {file.parent.name for file in Path("cancelnorm/venues").glob("*/__init__.py")}

    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        """Leave out tests, and begin with those that are named as the module is."""
        left = [i for i in items if i.nodeid not in self._passed and not self.is_left_out(i.nodeid)]
        self._passed.update(item.nodeid for item in left)  # before the next stage begins, or there is none
        config.hook.pytest_deselected(items=[item for item in items if item not in set(left)])
        own = f"[{self._path.removeprefix('cancelnorm/venues/').removesuffix('.py')}]"
        items[:] = sorted(left, key=lambda item: (own not in item.nodeid, _lateness(item.nodeid)))

    def is_left_out(self, name: str) -> bool:
        """Whether a test is slow, or of another venue than the module; one venue's name may begin with another's."""
        if any(word in name for word in SLOW):
            return True
        venue = self._path.removeprefix("cancelnorm/venues/").partition("/")[0]
        others = self._venues - {venue}
        return venue in self._venues and any(re.search(rf"\[{o}\b|-{o}\]", name) for o in others)

    def pytest_exception_interact(
        self, node: pytest.Item | pytest.Collector, call: pytest.CallInfo[object]
    ) -> None:
        """Note the first failure, and the error where it is none that a test expects."""
        if self.kind == "survived" and call.excinfo is not None:
            self.kind, self.test = _kind(call.excinfo.value, call.when), node.nodeid
            if self.kind == "exception":
                self.error = repr(call.excinfo.exconly(tryshort=True)[:200])


def _lateness(name: str) -> int:
    return LATE.index(file) + 1 if (file := name.partition("::")[0]) in LATE else 0


def _kind(error: BaseException, when: str) -> str:
    if when == "collect":  # a fixture does what a test does
        return "collection"
    if isinstance(error, AssertionError | pytest.fail.Exception):
        return "assertion"
    names = {each.__name__ for each in type(error).__mro__}
    return "refusal" if "CancelNormError" in names else "exception"


def sources(tree: Path, paths: Sequence[str]) -> list[str]:
    """The modules at some paths, as names of files below the tree."""
    found = []
    for path in paths:
        found += [tree / path] if path.endswith(".py") else sorted((tree / path).rglob("*.py"))
    return [file.relative_to(tree).as_posix() for file in found]
