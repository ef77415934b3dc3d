"""The command ``python -m tests.fuzz``: mutants of samples and logs, until a time or a number is reached.

Exits with 1 if something failed; each failing input is made small and written to ``samples/hostile``, where the
tests find it.
"""

import gc
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from random import Random
from subprocess import run
from time import monotonic, process_time
from typing import NamedTuple

from tests.fuzz.failures import failure, minimised, write
from tests.fuzz.targets import TARGETS

_ROUND = 200
"""The mutants of a target before it is the turn of the next one."""


class Tally(NamedTuple):
    """What came of the mutants of one target; ``slowest`` is in seconds of CPU, with the number of the mutant."""

    mutants: int = 0
    seconds: float = 0.0
    slowest: tuple[float, int] = (0.0, 0)
    failures: tuple[tuple[str, Path], ...] = ()

    def plus(self, other: "Tally") -> "Tally":
        """Add the mutants of another process."""
        known = {kind for kind, _ in self.failures}
        more = tuple(found for found in other.failures if found[0] not in known)
        slowest = max(self.slowest, other.slowest)
        return Tally(
            self.mutants + other.mutants, self.seconds + other.seconds, slowest, (*self.failures, *more)
        )


def main(arguments: Sequence[str]) -> int:
    """Fuzz the targets in turn, and tell how many mutants of each ran."""
    options = _options(arguments)
    if options.number is not None:
        return _again(options)
    if options.engine == "atheris":
        return _guided(options)
    names = options.targets or list(TARGETS)
    work = partial(_fuzz, names, options.seed, options.minutes * 60, options.jobs)
    if options.jobs == 1:
        tallies = [work(0)]
    else:
        with ProcessPoolExecutor(options.jobs) as pool:
            tallies = list(pool.map(work, range(options.jobs)))
    failed = 0
    for name in names:
        total = Tally()
        for tally in tallies:
            total = total.plus(tally[name])
        rate = total.mutants / total.seconds if total.seconds else 0
        slowest = f"slowest {total.slowest[0]:.2f} s (mutant {total.slowest[1]})"
        sys.stdout.write(f"{name:12} {total.mutants:>10,} mutants  {rate:>7,.0f}/s  {slowest}\n")
        for kind, path in total.failures:
            failed += 1
            sys.stdout.write(f"    {kind}\n    {path}\n")
    return int(failed > 0)


def _options(arguments: Sequence[str]) -> Namespace:
    parser = ArgumentParser("python -m tests.fuzz", description=__doc__)
    parser.add_argument("targets", metavar="READER", nargs="*", help=f"what to fuzz; of {', '.join(TARGETS)}")
    parser.add_argument("--minutes", type=float, default=1.0, help="how long; 1 if it is not given")
    parser.add_argument("--seed", type=int, default=0, help="the same seed gives the same mutants")
    parser.add_argument("--number", type=int, help="run this mutant of the one target again, and print it")
    parser.add_argument("--jobs", type=int, default=1, help="the number of processes")
    parser.add_argument(
        "--engine",
        choices=("random", "atheris"),
        default="random",
        help="atheris is guided by the lines reached",
    )
    options = parser.parse_args(arguments)
    if unknown := [name for name in options.targets if name not in TARGETS]:
        parser.error(f"no target {unknown[0]}; the targets are {', '.join(TARGETS)}")
    if (options.number is not None or options.engine == "atheris") and len(options.targets) != 1:
        parser.error("--number and --engine atheris take one READER")
    if options.engine == "atheris" and find_spec("atheris") is None:
        parser.error("--engine atheris takes pip install atheris")
    return options


def _random(seed: int, name: str, number: int) -> Random:
    """The randomness of one mutant, whatever ran before it."""
    return Random(f"{seed} {name} {number}")


def _fuzz(names: Sequence[str], seed: int, seconds: float, jobs: int, job: int) -> dict[str, Tally]:
    """Run the mutants of one process, those of the targets in turn."""
    for name in names:
        TARGETS[name].make(_random(seed, name, 0))
    gc.freeze()  # the seeds, which are thousands of objects, are not looked at again and again
    tallies = dict.fromkeys(names, Tally())
    end = monotonic() + seconds
    for turn in count(job, jobs):
        for name in names:
            if monotonic() >= end:
                return tallies
            tallies[name] = tallies[name].plus(_round(name, seed, turn * _ROUND, end, tallies[name]))
    raise AssertionError


def _round(name: str, seed: int, first: int, end: float, before: Tally) -> Tally:
    target, known = TARGETS[name], {kind for kind, _ in before.failures}
    failures: list[tuple[str, Path]] = []
    slowest = (0.0, 0)
    begin = now = monotonic()
    for number in range(first, first + _ROUND):
        attempt = target.make(_random(seed, name, number))
        start, kind = process_time(), failure(target, attempt)
        slowest = max(slowest, (process_time() - start, number))
        now = monotonic()
        if kind is not None and kind not in known:
            known.add(kind)
            small = minimised(attempt, lambda each, kind=kind: failure(target, each) == kind)  # type: ignore[misc]
            failures.append((kind, write(target, small)))
            sys.stderr.write(f"{name} {number}: {kind}: {failures[-1][1]}\n")
        if now >= end:
            break
    return Tally(number + 1 - first, now - begin, slowest, tuple(failures))


def _guided(options: Namespace) -> int:
    [name] = options.targets
    command = [sys.executable, "-m", "tests.fuzz.guided", name, str(int(options.minutes * 60))]
    return int(run(command, check=False).returncode != 0)


def _again(options: Namespace) -> int:
    [name] = options.targets
    attempt = TARGETS[name].make(_random(options.seed, name, options.number))
    kind = failure(TARGETS[name], attempt)
    sys.stdout.write(f"{attempt}\n{kind or 'all holds'}\n")
    return int(kind is not None)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
