"""Errors: what they say, and that they go from one process to another."""

import inspect
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import pytest

from cancelnorm import (
    AmbiguousPayloadError,
    CancelEvent,
    CancelNormError,
    EventKind,
    NotACancel,
    PayloadError,
    UnknownEndpointError,
)
from cancelnorm.check import UnknownRuleError
from cancelnorm.replay.hftbacktest import LeftOut, NoLatencyError, Unusable
from tests.modules import modules

EVENT = CancelEvent("binance", None, "DELETE /api/v3/order", EventKind.REQUEST, extra={"a": [1]})
ERRORS = [
    CancelNormError("text"),
    NotACancel("order is live", "log:1"),
    NotACancel("order is live", None),
    PayloadError("$.price", "a plain decimal", "'1_000'", source="log:1", event=EVENT),
    UnknownEndpointError("binance", "DELETE /nope", ["DELETE /api/v3/order"]),
    AmbiguousPayloadError([("binance", "a"), ("binance", "b")], source="log:1"),
    UnknownRuleError("overfiled", ["overfilled"]),
    NoLatencyError(LeftOut({Unusable.STREAM: 2})),
]
"""Errors that are made of more than texts."""


def subclasses(kind: type[CancelNormError]) -> Iterator[type[CancelNormError]]:
    """A class and all that are made of it."""
    yield kind
    for sub in kind.__subclasses__():
        yield from subclasses(sub)


def every_class() -> Iterator[type[CancelNormError]]:
    """Every class of error in the package."""
    assert list(modules())
    for kind in subclasses(CancelNormError):
        if kind.__module__.startswith("cancelnorm."):
            yield kind


def instances(kind: type[CancelNormError]) -> list[CancelNormError]:
    """Errors of a class; one that is not among those above takes texts alone."""
    known = [error for error in ERRORS if type(error) is kind]
    return known or [kind(*inspect.signature(kind).parameters)]


def raised(error: CancelNormError) -> None:
    """Raise an error, in another process."""
    raise error


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_errors_cross_processes(method: str) -> None:
    """An error raised in a worker is the same error in the process that waits, and costs no pool its life."""
    errors = [error for kind in every_class() for error in instances(kind)]
    assert len(errors) > len(ERRORS)
    with ProcessPoolExecutor(1, get_context(method)) as pool:
        for error in errors:
            caught = pool.submit(raised, error).exception(timeout=60)
            assert isinstance(caught, type(error))
            assert type(caught) is type(error)
            assert str(caught) == str(error)
            assert caught.args == error.args
            assert vars(caught) == vars(error)
