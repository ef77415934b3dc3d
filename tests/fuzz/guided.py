"""The engine atheris: mutants that reach new lines of this library are mutated further.

It runs in a process of its own, because it has to instrument the library while it is imported, and never returns.
"""

import sys
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import atheris

with atheris.instrument_imports(include=["cancelnorm"]):
    from tests.fuzz.failures import failure, minimised, write
    from tests.fuzz.mutations import mutated
    from tests.fuzz.targets import TARGETS, Attempt

_SEEDS = 300


def main(name: str, seconds: int) -> None:
    """Fuzz one target for some seconds; exits with a code that is not 0 at the first failure."""
    target = TARGETS[name]
    seeds = [target.make(Random(i)) for i in range(_SEEDS)]

    def attempt_of(data: bytes) -> Attempt:
        """An input is the number of a seed, whose record or format it has, and below it the bytes."""
        number, _, rest = data.partition(b"\n")
        return seeds[int(number) if number.isdigit() and len(number) < 6 else 0]._replace(data=rest)

    def run(data: bytes) -> None:
        attempt = attempt_of(data)
        if (kind := failure(target, attempt)) is not None:
            path = write(target, minimised(attempt, lambda each: failure(target, each) == kind))
            raise AssertionError(f"{kind}: {path}")

    def mutate(data: bytes, max_size: int, seed: int) -> bytes:
        number, _, rest = data.partition(b"\n")
        others = [seeds[seed % _SEEDS].data]
        return b"%b\n%b" % (number, mutated(Random(seed), rest, others)[: max_size - 10])

    with TemporaryDirectory() as folder:
        for i, seed in enumerate(seeds):
            Path(folder, str(i)).write_bytes(b"%d\n%b" % (i, seed.data))
        options = [
            f"-max_total_time={seconds}",
            "-max_len=20000",
            f"-artifact_prefix={folder}/",
        ]
        atheris.Setup([sys.argv[0], *options, folder], run, custom_mutator=mutate)
        atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
