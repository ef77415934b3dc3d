"""Law: the fault of a row is the one that is found by walking the whole payload."""

import json
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cancelnorm.api import find_endpoint
from cancelnorm.endpoint import Endpoint
from cancelnorm.reader.exact import walk
from cancelnorm.reader.fast import Shape
from cancelnorm.reader.mismatch import Mismatch
from cancelnorm.reader.rows import raise_row_fault
from tests.samples import SAMPLES

ARRAYS: list[tuple[Endpoint, list[Any]]] = [
    (find_endpoint(sample.venue, sample.endpoint), rows)
    for sample in SAMPLES.values()
    if sample.endpoint and sample.record().payload[:1] in (b"[", "[")
    if (rows := json.loads(sample.record().payload))
]
CHANGES: list[dict[str, Any]] = [{"price": "1_000"}, {"symbol": None}, {"orderId": []}, {"new": {"a": 1}}, {}]


@st.composite
def payloads(draw: st.DrawFn) -> tuple[Endpoint, bytes]:
    """An array of rows, of which some are changed, and what may be wrong with the whole of it."""
    endpoint, rows = draw(st.sampled_from(ARRAYS))
    found = draw(st.lists(st.sampled_from(rows), min_size=1, max_size=6))
    for i in draw(st.lists(st.integers(0, len(found) - 1), max_size=2)):
        if isinstance(found[i], dict):
            found[i] = found[i] | draw(st.sampled_from(CHANGES))
            found[i].pop(draw(st.sampled_from([*found[i], ""])), None)
    data = json.dumps(found, separators=draw(st.sampled_from([(",", ":"), (", ", ": ")]))).encode()
    return endpoint, draw(
        st.sampled_from([data] * 7 + [data.replace(b'"symbol"', b'"symbol":"X","symbol"', 1), data[:-3]])
    )


@given(payloads(), st.booleans(), st.booleans())
def test_faults_are_those_of_a_walk(payload: tuple[Endpoint, bytes], refuse: bool, quoted: bool) -> None:
    """Path and texts are the same, and nothing is a fault that is none."""
    endpoint, data = payload
    node = endpoint.shape.node
    for value in (None, decoded(endpoint, data, refuse=refuse)):
        found = fault_of(raise_row_fault, data, node, value, refuse=refuse, quoted=quoted)
        assert found in (None, fault_of(walk, data, node, refuse=refuse, quoted=quoted))


def fault_of(read: Callable[..., object], *asked: Any, **more: bool) -> tuple[str, str, str] | None:
    """The fault that a function raises; None where it does not."""
    try:
        read(*asked, **more)
    except Mismatch as fault:
        return fault.path, fault.expected, fault.found
    return None


def decoded(endpoint: Endpoint, data: bytes, *, refuse: bool) -> Any:
    """What the fast reader decodes; None where it does not."""
    shape = Shape(endpoint.shape.kind)
    if not refuse:
        with suppress(Mismatch):
            shape.collect(data)  # from now on it takes what was added
    try:
        return (shape.strict_reader if refuse else shape.reader).decode(data)
    except (ValueError, RecursionError):
        return None


def test_a_row_that_cannot_be_read() -> None:
    """It is told with its place among all rows."""
    endpoint, rows = next(
        (endpoint, rows) for endpoint, rows in ARRAYS if endpoint.name == "DELETE /api/v3/openOrders"
    )
    data = json.dumps([rows[0], rows[0], rows[0] | {"price": "1_000"}]).encode()
    with pytest.raises(Mismatch) as raised:
        raise_row_fault(data, endpoint.shape.node, None, refuse=False, quoted=False)
    assert raised.value.path == "$[2].price"
