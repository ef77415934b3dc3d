"""The Arrow schema: every field of an event, and what a row tells beside it, in types that every engine takes."""

from decimal import Decimal
from enum import Enum, StrEnum
from typing import Any, Final, Literal, NamedTuple, get_args

import msgspec
import pyarrow as pa

from cancelnorm.schema import SCHEMA_VERSION, CancelEvent
from cancelnorm.version import __version__

__all__ = [
    "DECIMAL",
    "EVENT_FIELDS",
    "SCHEMA",
    "SCHEMA_WITH_TIMESTAMPS",
    "EventField",
    "Kind",
    "Times",
    "schema_of",
]

Times = Literal["int", "timestamp"]
"""How clocks are held: as nanoseconds since the epoch, or as timestamps of that unit."""

DECIMAL: Final = pa.decimal128(38, 12)
"""26 integer digits and 12 decimals: enough for sums, and for products in engines that add up the scales."""


class Kind(Enum):
    """How the values of a field become a column."""

    TEXT = "text"
    TIME = "time"
    COUNT = "count"
    FLAG = "flag"
    AMOUNT = "amount"
    NAMES = "names"
    OBJECT = "object"


_TYPES: Final = {
    Kind.TEXT: pa.string(),
    Kind.TIME: pa.int64(),
    Kind.COUNT: pa.int32(),
    Kind.FLAG: pa.bool_(),
    Kind.AMOUNT: DECIMAL,
    Kind.NAMES: pa.list_(pa.string()),
    Kind.OBJECT: pa.string(),
}
_TIMESTAMP: Final = pa.timestamp("ns", "UTC")
_UNITS: Final = {
    Kind.TIME: {"unit": "ns", "epoch": "unix"},
    Kind.OBJECT: {"format": "JSON"},
}


class EventField(NamedTuple):
    """A field of an event; ``words`` is the enum of its texts, if it has one."""

    name: str
    kind: Kind
    words: type[StrEnum] | None
    is_required: bool
    about: dict[str, str]

    @property
    def scale(self) -> str:
        """Name of the column that holds the scales of a decimal."""
        return f"{self.name}_scale"


def _event_field(field: msgspec.structs.FieldInfo) -> EventField:
    inner, meta = get_args(field.type)
    members = get_args(inner) or (inner,)
    kind, words = _kind(field.name, members[0])
    about = {"description": meta.description} | (_UNITS.get(kind) or meta.extra_json_schema or {})
    return EventField(field.name, kind, words, type(None) not in members, about)


def _kind(name: str, member: Any) -> tuple[Kind, type[StrEnum] | None]:
    if member in _KINDS:
        return _KINDS[member], None
    if member is int:
        return (Kind.TIME if name.endswith("_ns") else Kind.COUNT), None
    return Kind.TEXT, member


_KINDS: Final[dict[Any, Kind]] = {
    str: Kind.TEXT,
    bool: Kind.FLAG,
    Decimal: Kind.AMOUNT,
    tuple[str, ...]: Kind.NAMES,
    dict[str, Any]: Kind.OBJECT,
}

EVENT_FIELDS: Final = tuple(map(_event_field, msgspec.structs.fields(CancelEvent)))

_OWN: Final = (
    pa.field("record", pa.int32(), metadata={"description": "Row of the input; null: unknown"}),
    # 16 bytes; Spark takes no binary of a fixed size.
    pa.field("event_id", pa.binary(), metadata={"description": "Reproducible id of the event"}),
    pa.field(
        "order_key",
        pa.string(),
        metadata={
            "description": "Key of the order: space|symbol|order id; null: it has no id, or a masked one"
        },
    ),
    pa.field(
        "evidence_rank",
        pa.int8(),
        nullable=False,
        metadata={"description": "Rank of the evidence, 0 for none"},
    ),
    pa.field(
        "fault",
        pa.string(),
        metadata={"description": "Why the record was refused: path, expected, found", "format": "JSON"},
    ),
    pa.field(
        "unfit",
        pa.string(),
        metadata={"description": "Numbers that do not fit their column, as text by name", "format": "JSON"},
    ),
)


def _columns_of(field: EventField, times: Times) -> list[pa.Field]:
    kind = _TIMESTAMP if times == "timestamp" and field.kind is Kind.TIME else _TYPES[field.kind]
    found = [pa.field(field.name, kind, nullable=not field.is_required, metadata=field.about)]
    if field.kind is Kind.AMOUNT:
        about = {"description": f"Decimals of {field.name}, as sent"}
        found.append(pa.field(field.scale, pa.int8(), metadata=about))
    return found


def _schema(times: Times) -> pa.Schema:
    columns = [column for field in EVENT_FIELDS for column in _columns_of(field, times)]
    about = {"cancelnorm.schema": str(SCHEMA_VERSION), "cancelnorm.version": __version__}
    return pa.schema([*_OWN, *columns], metadata=about)


SCHEMA: Final = _schema("int")
"""Schema of all batches: what a row tells of itself, then the fields of an event in their order."""

SCHEMA_WITH_TIMESTAMPS: Final = _schema("timestamp")


def schema_of(times: Times) -> pa.Schema:
    """The schema with clocks as integers or as timestamps."""
    return SCHEMA if times == "int" else SCHEMA_WITH_TIMESTAMPS
