"""Law: no record leaves anything behind that only the garbage collector finds.

An exception that is kept holds the frames that it passed, with the whole payload, and these may hold it: then all of it
stays in memory for some time, and to find it takes longer than to read the record.
"""

import gc
import json
from collections.abc import Iterator
from typing import Any

import pytest
from msgspec.structs import replace

from cancelnorm import Record
from cancelnorm.check import judge
from tests.samples import SAMPLES


def damaged(value: Any) -> Iterator[Any]:
    """A JSON value with something else in the place of each of its scalars, one at a time, and with a new key."""
    if isinstance(value, dict):
        for key, part in value.items():
            yield from (value | {key: other} for other in damaged(part))
        yield value | {"newKey": "1_000"}
        yield {key: part for key, part in value.items() if key != next(iter(value))}
    elif isinstance(value, list):
        yield from ([*value[:-1], other] for other in damaged(value[-1])) if value else ()
        yield value * 3
    else:
        yield "1_000"


def records() -> Iterator[Record]:
    """A few samples, each damaged in several ways, with endpoint and without."""
    for name in sorted(SAMPLES)[::97]:
        record = SAMPLES[name].record()
        payload = record.payload if isinstance(record.payload, str) else record.payload.decode()
        if payload[:1] not in ("{", "["):
            continue
        for other in [*damaged(json.loads(payload))][:12]:
            for endpoint in (record.endpoint, None):
                yield replace(record, payload=json.dumps(other), endpoint=endpoint)


@pytest.mark.parametrize("drift", ["collect", "refuse"])
def test_no_record_leaves_garbage(drift: Any) -> None:
    """Whether it is read, read in part, or refused."""
    every = list(records())
    assert len(every) > 100
    for record in every:
        judge(record, drift)  # what is made once may leave some
    gc.collect()
    gc.disable()
    try:
        found = [record for record in every if judge(record, drift) and gc.collect(1)]
    finally:
        gc.enable()
    assert not found
