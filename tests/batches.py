"""Batches of small cases: one test runs those of a kind, goes on after one that fails, and tells each by its name.

A test of its own costs more than most of thousands of such cases.
"""

from collections.abc import Callable, Mapping
from functools import update_wrapper
from inspect import signature
from typing import Final, TypeVar

import pytest

from tests.samples import SAMPLES

__all__ = ["each_sample", "in_batches", "venue_of"]

Case = TypeVar("Case")


def in_batches(
    cases: Mapping[str, Case], batch_of: Callable[[str], str]
) -> Callable[[Callable[[Case], None]], Callable[[str], None]]:
    """Make a test of one case one of a batch of them, by the name of the case."""
    batches: dict[str, list[str]] = {}
    for name in cases:
        batches.setdefault(batch_of(name), []).append(name)
    assert batches, "there are cases"

    def of_batch(test: Callable[[Case], None]) -> Callable[[str], None]:
        def run(batch: str) -> None:
            faults: list[Exception] = []
            for name in batches[batch]:
                try:
                    test(cases[name])
                except Exception as fault:  # noqa: BLE001  # the other cases have to be tried, too
                    fault.add_note(f"This is of {name}.")
                    faults.append(fault)
            if faults:
                raise ExceptionGroup(f"{len(faults)} of {len(batches[batch])} in {batch!r}", faults)

        vars(run)["__signature__"] = signature(run)  # and not that of the test of one case
        return pytest.mark.parametrize("batch", batches)(update_wrapper(run, test))

    return of_batch


def venue_of(name: str) -> str:
    """The batch of what lies in the folder of a venue."""
    return name.partition("/")[0]


def _of_sample(name: str) -> str:
    """The batch of a sample: its venue, and the method or the transport of its endpoint."""
    sample = SAMPLES[name]
    return f"{sample.venue} {sample.endpoint.partition(' ')[0]}"


each_sample: Final = in_batches({name: name for name in SAMPLES}, _of_sample)
"""Run a test for the name of every sample."""
