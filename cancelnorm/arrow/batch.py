"""Batches of recorded answers to batches of events: what engines call."""

from collections.abc import Mapping
from typing import Any, Final, Literal, NamedTuple

import msgspec
import pyarrow as pa
import pyarrow.types as kinds

from cancelnorm.api import normalise
from cancelnorm.arrow.rows import Row, batch_of
from cancelnorm.errors import CancelNormError, NotACancel, PayloadError, UnknownEndpointError
from cancelnorm.ids import event_ids, record_digest
from cancelnorm.record import Record
from cancelnorm.schema import CancelEvent, EventKind, Reason

__all__ = ["normalise_batch"]

_UNKNOWN: Final = "unknown"


class _Counts(NamedTuple):
    """What became of the rows of the input."""

    understood: int
    skipped: int
    refused: int


def normalise_batch(
    batch: pa.RecordBatch | pa.Table,
    *,
    columns: Mapping[str, str] | None = None,
    drift: Literal["collect", "refuse"] = "collect",
) -> pa.RecordBatch:
    """Normalise a batch of recorded answers; the result always has exactly ``SCHEMA``.

    The input has the columns ``payload`` (binary or string: the body as received) and ``venue``, and if there
    are any ``endpoint``, ``status``, ``request`` (JSON text), ``sent_ns``, ``received_ns``, ``source`` and
    ``account``, as in ``Record``; ``columns`` maps these names to others. Each event is a row, and ``record`` is
    the row of the input that it came from.

    No row raises. A refused one has a row with ``fault``: the path, what was expected and what was found there.
    A frame that is not about a cancel has none. The metadata ``cancelnorm.records``, ``.understood``,
    ``.skipped`` and ``.refused`` counts the rows of the input. Raises ValueError for a missing column and
    TypeError for one of the wrong type, with its name.
    """
