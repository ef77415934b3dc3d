"""The command: ``python -m tests.mutants [--sample N] [--seed S] [--jobs N] [--no-baseline] [PATH…]``."""

import argparse
import ast
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence, Set
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from multiprocessing.queues import SimpleQueue
from pathlib import Path
from typing import NamedTuple

from tests.mutants.operators import Mutant, mutants
from tests.mutants.run import KILLS, Result, copied, is_valid, sources, tried, uncollected
from tests.mutants.targets import PATHS, prefix_of

TREE = Path(__file__).parents[2]
EQUIVALENT = Path(__file__).with_name("equivalent.txt")
"""Faults that change nothing that can be observed, one a line, between tabs: those of ``Key``, and why."""


class Key(NamedTuple):
    """What a fault is known by when lines have moved."""

    path: str
    place: str
    """The function or class that it is in, and its number if others there have the same line."""
    kind: str
    line: str
    changed: str
    """What it makes of the line."""


def chosen(paths: Sequence[str], count: int | None, seed: int) -> list[Mutant]:
    """A random sample of the faults of some modules; all of them where no number is given."""
    texts = {path: (TREE / path).read_text(encoding="utf-8") for path in sources(TREE, paths)}
    every = [mutant for path, text in texts.items() for mutant in mutants(path, text)]
    random.Random(seed).shuffle(every)
    found: list[Mutant] = []
    for mutant in every:
        if len(found) == count:
            break
        if is_valid(mutant, texts[mutant.path].encode()):
            found.append(mutant)
    return found


_copy: list[Path] = []


def _take(copies: "SimpleQueue[Path]") -> None:
    _copy.append(copied(TREE, copies.get()))


def _try(mutant: Mutant) -> Result:
    return tried(mutant, _copy[0])


def results(every: Sequence[Mutant], jobs: int) -> Iterator[Result]:
    """What comes of each fault, as they end."""
    context = get_context("fork")  # each process tries many faults, and is not to begin anew
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        copies: SimpleQueue[Path] = context.SimpleQueue()
        for job in range(jobs):
            copies.put(Path(folder) / str(job))
        with ProcessPoolExecutor(jobs, context, _take, (copies,)) as pool:
            for result in as_completed([pool.submit(_try, mutant) for mutant in every]):
                yield result.result()


def unharmed(every: Sequence[Mutant]) -> list[Mutant]:
    """A fault that changes nothing for each set of tests, which all have to pass."""
    one_each = {prefix_of(mutant.path): mutant for mutant in every}
    return [mutant._replace(kind="no fault", end=mutant.start, new="") for mutant in one_each.values()]


def equivalents(file: Path = EQUIVALENT) -> set[Key]:
    """The faults that are known to change nothing."""
    return {Key(*line.split("\t")[:-1]) for line in file.read_text(encoding="utf-8").splitlines()}


def keys(path: str) -> dict[Mutant, Key]:
    """What each fault of a module is known by."""
    source = (TREE / path).read_bytes()
    lines, names = source.decode().splitlines(), _names(ast.parse(source))
    found, seen = {}, Counter[Key]()
    for mutant in mutants(path, source.decode()):
        changed = mutant.apply(source).decode().splitlines()[mutant.line - 1 :][: mutant.new.count("\n") + 1]
        key = Key(
            path,
            names.get(mutant.line, ""),
            mutant.kind,
            lines[mutant.line - 1].strip(),
            " ".join(" ".join(changed).split()),
        )
        seen[key] += 1
        found[mutant] = key._replace(place=f"{key.place} {seen[key]}") if seen[key] > 1 else key
    return found


def _names(tree: ast.AST) -> dict[int, str]:
    """The innermost function or class of each line, its decorators with it."""
    found = {}
    for node in ast.walk(tree):  # what is in another one comes after it
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            first = min(part.lineno for part in (node, *node.decorator_list))
            found.update(dict.fromkeys(range(first, (node.end_lineno or first) + 1), node.name))
    return found


def alike(every: Sequence[Mutant], known: Set[Key]) -> list[Mutant]:
    """Those faults that are known to change nothing; each would take all tests of its module."""
    of = {path: keys(path) for path in {mutant.path for mutant in every}}
    return [mutant for mutant in every if of[mutant.path][mutant] in known]


def main(arguments: Sequence[str]) -> int:
    """Try a sample of faults; 1 where a test fails without one, or fewer than ``--least`` per cent are seen."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description="Try faults in the code.")
    parser.add_argument("--sample", type=int, help="number of faults; all by default")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--least", type=float, default=0, help="per cent of faults that have to be seen")
    parser.add_argument("--no-baseline", action="store_true", help="take for granted that the tests pass")
    parser.add_argument("paths", nargs="*", default=PATHS)
    options = parser.parse_args(arguments)
    every = chosen(options.paths, options.sample, options.seed)
    if said := uncollected({mutant.path for mutant in every}, TREE):
        print(f"{said}\nno fault was tried: some tests cannot be imported here")
        return 1
    if not options.no_baseline:
        for result in results(unharmed(every), options.jobs):
            if result.kind != "survived":
                print(f"without a fault: {result.kind} {result.test}")
                return 1
    untried = alike(every, equivalents())
    kinds = Counter(["equivalent"] * len(untried))
    for mutant in untried:
        print(f"equivalent          {mutant}")
    for result in results([mutant for mutant in every if mutant not in untried], options.jobs):
        kinds[result.kind] += 1
        print(
            f"{result.kind:<10} {result.seconds:5.1f} s  {result.mutant}  {result.test} {result.error}",
            flush=True,
        )
    tested = kinds.total() - kinds["import"] - kinds["equivalent"]
    seen = 100 * sum(kinds[kind] for kind in KILLS) / max(tested, 1)
    print(", ".join(f"{kind}: {count}" for kind, count in kinds.most_common()))
    print(f"seen by a test: {seen:.1f} % of {tested} faults with which the package imports")
    return int(seen < options.least)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
