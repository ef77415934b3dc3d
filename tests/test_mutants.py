"""The command that tries faults: what it puts into code, and what it makes of the tests' answer."""

import shutil
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest

from tests.mutants import targets
from tests.mutants.__main__ import EQUIVALENT, TREE, alike, chosen, equivalents, keys, unharmed
from tests.mutants.operators import Mutant, mutants
from tests.mutants.run import KILLS, FirstFailure, copied, is_valid, sources, tried, uncollected
from tests.mutants.targets import PATHS, prefix_of
from tests.samples import SAMPLES
from tests.strategies import VENUES

SOURCE = '''
"""A module."""

__all__ = ["A", "judge"]

class A(Camel, frozen=True):
    """A struct."""

    price: DecimalText
    name: str | None
    at: Epoch | UnsetType = UNSET
    word: Literal["X", "Y"]

WORDS = frozenset({"a", "b"})
ROWS = {"x": 1, **MORE}

def judge(one: int, two: int = 3) -> bool:
    """A function."""
    if one < two and not WORDS:
        raise ValueError(f"no {one}")
    note(one, two, key=True)
    return made(one)
'''


def faults() -> list[tuple[str, str]]:
    """The line that each fault of the module changes, as it was and as it is."""
    found = []
    for mutant in mutants("cancelnorm/venues/x/y.py", SOURCE):
        changed = mutant.apply(SOURCE.encode()).decode().splitlines()
        [pair] = [(a.strip(), b.strip()) for a, b in zip(SOURCE.splitlines(), changed, strict=True) if a != b]
        found.append(pair)
    return found


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("price: DecimalText", "price: str"),
        ("price: DecimalText", "price: DecimalText | None"),
        ("name: str | None", "name: str"),
        ("at: Epoch | UnsetType = UNSET", "at: Epoch | UnsetType"),
        ("at: Epoch | UnsetType = UNSET", "at: int | UnsetType = UNSET"),
        ('word: Literal["X", "Y"]', 'word: Literal["X"]'),
        ('word: Literal["X", "Y"]', "word: Literal['Xx', \"Y\"]"),
        ("class A(Camel, frozen=True):", "class A(Camel, frozen=False):"),
        ("class A(Camel, frozen=True):", "class A(Camel):"),
        ('WORDS = frozenset({"a", "b"})', 'WORDS = frozenset({"b"})'),
        ('ROWS = {"x": 1, **MORE}', "ROWS = {**MORE}"),
        ('ROWS = {"x": 1, **MORE}', 'ROWS = {"x": 2, **MORE}'),
        (
            "def judge(one: int, two: int = 3) -> bool:",
            "def judge(one: int, two: int = 4) -> bool:",
        ),
        ("if one < two and not WORDS:", "if one <= two and not WORDS:"),
        ("if one < two and not WORDS:", "if one < two or not WORDS:"),
        ("if one < two and not WORDS:", "if one < two and WORDS:"),
        ('raise ValueError(f"no {one}")', "raise ValueError(f'no x{one}')"),
        ('raise ValueError(f"no {one}")', "pass"),
        ("note(one, two, key=True)", "note(two, one, key=True)"),
        ("note(one, two, key=True)", "note(one, two)"),
        ("note(one, two, key=True)", "pass"),
        ("return made(one)", "return None"),
    ],
)
def test_faults(line: str, fault: str) -> None:
    """Each kind of fault is put into the module."""
    assert (line, fault) in faults()


def test_what_no_test_can_see_is_left() -> None:
    """Docstrings, exported names and types of functions are left as they are."""
    lines = {line for line, _ in faults()}
    assert lines
    assert not {line for line in lines if line.startswith(('"""', "__all__"))}


@pytest.mark.parametrize("path", sources(TREE, PATHS))
def test_faults_are_within_their_modules(path: str) -> None:
    """The bytes that a fault replaces are those of its line, and nothing is a fault twice."""
    source = (TREE / path).read_text(encoding="utf-8")
    found = list(mutants(path, source))
    assert len({(mutant.start, mutant.end, mutant.new) for mutant in found}) == len(found)
    assert all(source.encode()[: mutant.start].count(b"\n") + 1 == mutant.line for mutant in found)


def test_a_sample_is_the_same_for_the_same_seed() -> None:
    """A sample can be tried again."""
    paths = ["cancelnorm/partial.py", "cancelnorm/check"]
    assert chosen(paths, 20, 1) == chosen(paths, 20, 1) != chosen(paths, 20, 2)
    assert all(
        is_valid(mutant, (TREE / mutant.path).read_bytes()) for mutant in chosen(["cancelnorm/api.py"], 20, 3)
    )


def test_every_module_has_tests() -> None:
    """The tests that are named are there."""
    files = frozenset(path.relative_to(TREE).as_posix() for path in (TREE / "tests").rglob("test_*.py"))
    for path in sources(TREE, PATHS):
        stages = targets.tests_of(path, files)
        assert stages
        assert all((TREE / name).exists() for stage in stages for name in stage)
    assert {prefix_of(mutant.path) for mutant in unharmed(chosen(["cancelnorm/check"], 5, 1))} == {
        "cancelnorm/check/"
    }


@pytest.mark.parametrize("venue", VENUES)
def test_a_module_has_the_tests_of_its_venue(venue: str) -> None:
    """None of them is left out, and those of other venues are, also where one venue's name begins with another's."""
    own = {
        path.relative_to(TREE).as_posix() for path in (TREE / "tests" / "venues").glob(f"test_{venue}*.py")
    }
    path = f"cancelnorm/venues/{venue}/messages.py"
    assert own <= {name for stage in targets.tests_of(path, frozenset(own)) for name in stage}
    first = FirstFailure(path)
    for other in VENUES:
        names = [name for name, sample in SAMPLES.items() if sample.venue == other]
        names += [f"{other}/messages", f"{other}-endpoints", other, f"a-{other}"]
        left_out = {first.is_left_out(f"tests/test_one.py::test_one[{name}]") for name in names}
        assert left_out == {other != venue}


def test_equivalents_are_faults() -> None:
    """Each fault that is listed as none that can be observed is still one of its module."""
    found = {key for path in {key.path for key in equivalents()} for key in keys(path).values()}
    assert equivalents() <= found
    lines = EQUIVALENT.read_text(encoding="utf-8").splitlines()
    assert len(equivalents()) == len(lines) > 0
    assert all(line.split("\t")[-1] for line in lines)


@pytest.mark.parametrize("path", sorted({key.path for key in equivalents()}))
def test_what_is_listed_is_one_fault(path: str) -> None:
    """It is not tried, and another one of the same line or of an equal line is."""
    found = keys(path)
    assert len({*found.values()}) == len(found)
    for key in equivalents():
        if key.path == path:
            assert [found[mutant] for mutant in alike(list(found), {key})] == [key]


def test_some_faults_of_a_line_change_nothing() -> None:
    """The sum and the product are the same in either order, and the difference is not."""
    found = keys("cancelnorm/arrow/story_moments.py")
    swapped = [m for m, key in found.items() if key[1:3] == ("graded", "arguments swapped")]
    of_the_sum = [m for m in swapped if "self.count - 1" in found[m].line]
    tried = [found[m].changed for m in of_the_sum if m not in alike(of_the_sum, equivalents())]
    assert len(of_the_sum) == 3
    assert len(tried) == 1
    assert "pc.subtract(self.ranks, self.count - 1)" in tried[0]


@pytest.mark.parametrize(
    ("call", "is_fault"),
    [
        ("zip(a, b, strict=False)", False),
        ("zip(a, b, strict=True)", True),
        ("made(a, b, strict=False)", True),
        ("zip(a, b, key=False)", True),
    ],
)
def test_a_usual_argument_is_not_dropped(call: str, is_fault: bool) -> None:
    """Without it the call does the same."""
    kinds = [mutant.kind for mutant in mutants("cancelnorm/x.py", f"pairs = {call}\n")]
    assert any(kind.endswith("dropped") for kind in kinds) == is_fault


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the tree in which the tests of a check are those of the selection alone."""
    copy = copied(TREE, tmp_path_factory.mktemp("tree"))
    shutil.rmtree(copy / "tests" / "report")
    for path in (copy / "tests" / "check").glob("test_*.py"):
        if path.name != "test_catalogue.py":
            path.unlink()
    for name in ("check/test_reviewed.py", "test_structs.py", "report/test_none.py"):
        (copy / "tests" / name).parent.mkdir(exist_ok=True)
        (copy / "tests" / name).write_text("def test_nothing(): pass\n", encoding="utf-8")
    return copy


@pytest.fixture(scope="module")
def fresh() -> Iterator[Executor]:
    """A process without threads: one that is forked where others have locks may wait for these for ever."""
    with ProcessPoolExecutor(1, get_context("spawn")) as executor:
        yield executor


@pytest.mark.parametrize(
    ("old", "new", "kinds"),
    [
        ('"CN008"', '"CN088"', KILLS),
        ("cutoff=0.5", "cutoff=0.499", ("survived",)),
        ("_ROWS: Final = (", "_ROWS: Final = nothing(", ("import",)),
    ],
)
def test_a_fault_is_tried(copy: Path, fresh: Executor, old: str, new: str, kinds: tuple[str, ...]) -> None:
    """A test sees one fault, none sees another, and with a third the module does not import."""
    source = (copy / CATALOGUE).read_bytes()
    assert fresh.submit(tried, fault(copy, old, new), copy).result().kind in kinds
    assert (copy / CATALOGUE).read_bytes() == source


CATALOGUE = "cancelnorm/check/catalogue.py"


def fault(copy: Path, old: str, new: str) -> Mutant:
    """A fault in one module."""
    start = (copy / CATALOGUE).read_bytes().index(old.encode())
    [first, *_] = chosen([CATALOGUE], 1, 0)
    return first._replace(start=start, end=start + len(old), new=new)


def test_a_test_that_fails_anyway_sees_no_fault(copy: Path, fresh: Executor) -> None:
    """It fails without a fault, too, and is not taken for one that sees it."""
    failing = copy / "tests" / "test_structs.py"
    passing = failing.read_text(encoding="utf-8")
    failing.write_text("def test_one():\n    assert False\n", encoding="utf-8")
    found = fresh.submit(tried, fault(copy, "cutoff=0.5", "cutoff=0.499"), copy).result()
    failing.write_text(passing, encoding="utf-8")
    assert (found.kind, found.test) == ("unsound", "tests/test_structs.py::test_one")


def test_tests_that_cannot_be_imported_are_told(tmp_path: Path) -> None:
    """Faults that no test could see would survive them all."""
    (tmp_path / "tests" / "report").mkdir(parents=True)
    for stage in targets.tests_of("cancelnorm/check/run.py", frozenset()):
        for name in stage:
            path = tmp_path / name
            if path.suffix:
                path.parent.mkdir(parents=True, exist_ok=True)
                (path.parent / "__init__.py").touch()  # two have the same name
                path.write_text("def test_nothing(): pass\n", encoding="utf-8")
    path = tmp_path / "tests" / "report" / "test_one.py"
    path.write_text("def test_nothing(): pass\n", encoding="utf-8")
    assert not uncollected(["cancelnorm/check/run.py"], tmp_path)
    path.write_text("import there_is_no_such_module\n", encoding="utf-8")
    assert "there_is_no_such_module" in uncollected(["cancelnorm/check/run.py"], tmp_path)
