"""What the columns are called and mean, and what stands in them of some logs.

One text each in ``tests/arrow/reviewed``. ``python -m tests.reviewed`` writes them; read the difference
before it is committed.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from cancelnorm import Record
from cancelnorm.arrow import SCHEMA, STORIES, normalise_batch, stories
from cancelnorm.arrow.schema import SCHEMA_WITH_TIMESTAMPS
from cancelnorm.arrow.story_table import STORY_TABLE
from cancelnorm.logs import read
from tests.sample_logs import LOG_FILES
from tests.texts import Texts, write

__all__ = ["FOLDER", "TEXTS"]

FOLDER: Final = Path(__file__).with_name("reviewed")
_LOGS: Final = ("day", "okx", "coinbase", "damaged-rows", "bitget", "deribit", "ws-two-accounts")
_ANSWERS: Final = pa.schema(
    {
        **dict.fromkeys(("venue", "endpoint", "request", "source", "account"), pa.string()),
        **dict.fromkeys(("status", "sent_ns", "received_ns"), pa.int64()),
        "payload": pa.binary(),
    }
)
"""The columns of recorded answers."""


def schemas() -> Iterator[str]:
    """Each column of each table: its type, whether it may be null, and what its metadata say."""
    for title, schema in (
        ("events", SCHEMA),
        ("events, with timestamps", SCHEMA_WITH_TIMESTAMPS),
        ("stories", STORIES),
        ("the table of stories", STORY_TABLE),
    ):
        yield f"{title}: {sorted(schema.metadata)}"
        for column in schema:
            about = {} if column.metadata is None else column.metadata
            said = ", ".join(f"{key.decode()}: {value.decode()}" for key, value in sorted(about.items()))
            yield f"  {column.name}: {column.type}{'' if column.nullable else ' not null'}; {said}"


def rows() -> Iterator[str]:
    """The rows of the records of some logs, and of the stories in each, without what is null."""
    for path in LOG_FILES:
        if path.stem not in _LOGS:
            continue
        found = [record for record in read(path) if isinstance(record, Record)]
        batch = normalise_batch(pa.RecordBatch.from_pylist([_answer(record) for record in found], _ANSWERS))
        yield path.name
        yield from _shown(batch)
        yield f"{path.name}: stories"
        yield from _shown(stories(batch))


def _answer(record: Record) -> dict[str, Any]:
    said = {name: getattr(record, name) for name in _ANSWERS.names}
    payload = record.payload if isinstance(record.payload, bytes) else record.payload.encode()
    return said | {
        "payload": payload,
        "request": json.dumps(record.request),
        "source": f"log:{record.status}",
    }


def _shown(batch: Any) -> Iterator[str]:
    about = {key.decode(): value.decode() for key, value in batch.schema.metadata.items()}
    yield f"  {', '.join(f'{key} {value}' for key, value in about.items() if not key.endswith('version'))}"
    for row in batch.to_pylist():
        yield f"  { ({key: value for key, value in row.items() if value is not None}) }"


TEXTS: Final[Texts] = {"schemas": schemas, "rows": rows}


def main() -> None:
    """Write the texts."""
    write(FOLDER, TEXTS)
