"""Child processes that are measured: as users start them, with compiled modules and nothing that slows Python down."""

import os
import time
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

__all__ = ["ENVIRONMENT", "Cost", "cost_of"]

ENVIRONMENT: Final[Mapping[str, str]] = MappingProxyType(
    {
        name: value
        for name, value in os.environ.items()
        # The first would have each process compile the package anew, the others check more than usual.
        if name not in ("PYTHONDONTWRITEBYTECODE", "PYTHONDEVMODE", "PYTHONMALLOC", "PYTHONTRACEMALLOC")
    }
)
"""The environment of such a process."""


class Cost(NamedTuple):
    """What a process took: seconds on the clock and of CPU, and MB that it or one of its children had at most."""

    seconds: float
    cpu: float
    megabytes: float


def cost_of(*command: str, codes: tuple[int, ...] = (0,)) -> Cost:
    """Run a program that ends with one of some codes; what it writes is dropped."""
    start = time.perf_counter()
    actions = [(os.POSIX_SPAWN_OPEN, number, os.devnull, os.O_WRONLY, 0) for number in (1, 2)]
    child = os.posix_spawn(command[0], command, ENVIRONMENT, file_actions=actions)
    _, status, usage = os.wait4(child, 0)
    if (code := os.waitstatus_to_exitcode(status)) not in codes:
        raise RuntimeError(f"{' '.join(command)} ended with {code}")
    return Cost(time.perf_counter() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1_024)
