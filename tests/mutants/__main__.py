"""The command: ``python -m tests.mutants [--sample N] [--seed S] [--jobs N] [--no-baseline] [PATH…]``."""

import argparse
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from multiprocessing.queues import SimpleQueue
from pathlib import Path

from tests.mutants.operators import Mutant, mutants
from tests.mutants.run import KILLS, Result, copied, is_valid, sources, tried, uncollected
from tests.mutants.targets import PATHS, prefix_of

TREE = Path(__file__).parents[2]
EQUIVALENT = Path(__file__).with_name("equivalent.txt")
"""Faults that change nothing that can be observed, one a line: path, kind, line of code, why; between tabs."""


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


def equivalents(file: Path = EQUIVALENT) -> set[tuple[str, ...]]:
    """The faults that are known to change nothing."""
    lines = file.read_text(encoding="utf-8").splitlines()
    return {tuple(line.split("\t")[:3]) for line in lines if line}


def key(mutant: Mutant) -> tuple[str, str, str]:
    """What a fault is known by when lines have moved."""
    line = (TREE / mutant.path).read_text(encoding="utf-8").splitlines()[mutant.line - 1]
    return mutant.path, mutant.kind, line.strip()


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
    known = equivalents()
    alike = [mutant for mutant in every if key(mutant) in known]  # each would take all tests of its module
    kinds = Counter(["equivalent"] * len(alike))
    for mutant in alike:
        print(f"equivalent          {mutant}")
    for result in results([mutant for mutant in every if mutant not in alike], options.jobs):
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
