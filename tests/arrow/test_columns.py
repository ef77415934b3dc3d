"""Law 12: columns that come from maps equal those of events, field by field."""

from collections.abc import Sequence

import msgspec
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cancelnorm import NotACancel, PayloadError, Record, event_ids, normalise
from cancelnorm.answer import normalise_at
from cancelnorm.api import find_endpoint
from cancelnorm.arrow import normalise_batch
from cancelnorm.arrow.rows import Row, batch_of
from cancelnorm.endpoint import Endpoint
from cancelnorm.eventmap.cells import Cells
from cancelnorm.ids import record_digest
from tests.arrow.test_batch import RECORDS
from tests.arrow.test_batch import batch_of as answers_of
from tests.strategies import ENDPOINTS, payloads, requests

EXAMPLES = max(1, settings.default.max_examples // 8) if settings.default else 5


def by_rows(records: Sequence[Record]) -> pa.RecordBatch:
    """What a batch of answers gives, event by event."""
    rows: list[Row] = []
    for number, record in enumerate(records):
        try:
            result = normalise(record)
        except NotACancel:
            continue
        except PayloadError as error:
            about = {"path": error.path, "expected": error.expected, "found": error.found}
            identity = record_digest(record, error.event.endpoint) + bytes(4)
            rows.append(Row(error.event, number, identity, msgspec.json.encode(about).decode()))
        else:
            ids = event_ids(record, result)
            rows += [Row(event, number, each) for event, each in zip(result.events, ids, strict=True)]
    return batch_of(rows)


def check(records: Sequence[Record]) -> None:
    """Assert that columns and events are the same, and that every event is restored."""
    found, expected = normalise_batch(answers_of(records)), by_rows(records)
    assert found.schema.equals(expected.schema)
    for name, column in zip(found.schema.names, found.columns, strict=True):
        assert column.equals(expected.column(name)), name


def test_every_sample_gives_the_same_columns() -> None:
    """All venues in one batch, so that columns of many maps and event objects have to be put in order."""
    check(RECORDS)
    check(RECORDS[::-1])


@st.composite
def recorded(draw: st.DrawFn, endpoint: Endpoint) -> list[Record]:
    """Answers of an endpoint as recorders write them, some of them to requests that say more."""
    clocks = st.none() | st.integers(0, 2**63 - 1)
    return [
        Record(
            msgspec.json.encode(tree),
            endpoint.venue,
            endpoint.name,
            draw(st.sampled_from([None, 200, 200, 404])),
            draw(requests(endpoint)) if draw(st.booleans()) else None,
            draw(clocks),
            draw(clocks),
            draw(st.none() | st.just("log:1")),
            account=draw(st.sampled_from([None, None, "a"])),
        )
        for tree in draw(st.lists(payloads(endpoint), min_size=1, max_size=4))
    ]


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=repr)
@settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_every_answer_gives_the_same_columns(endpoint: Endpoint, data: st.DataObject) -> None:
    """Whatever an endpoint may answer, to whatever request."""
    check(data.draw(recorded(endpoint)))


def is_by_column(record: Record) -> bool:
    """Whether no event object is made of an answer."""
    endpoint = find_endpoint(record.venue, record.endpoint)
    events: object = normalise_at(record, endpoint, "collect", by_column=True).events
    return isinstance(events, Cells) and not events.is_made
