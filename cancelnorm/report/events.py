"""Events as lines of JSON, and the JSON Schema of such a line."""

from decimal import Decimal
from types import NoneType
from typing import Annotated, Any, Final, Union

import msgspec
from msgspec import UNSET, Meta, UnsetType

from cancelnorm.reader.scalars import exact
from cancelnorm.reader.types import Field, fields_of, members_of
from cancelnorm.schema import CancelEvent

__all__ = ["event_json", "event_schema"]

_FIELDS: Final = fields_of(CancelEvent)
_DECIMALS: Final = tuple(i for i, field in enumerate(_FIELDS) if Decimal in members_of(field.kind))
_Line: Final = msgspec.defstruct(
    "_Line", [(field.name, Any, None) for field in _FIELDS], omit_defaults=True, gc=False
)
_encode: Final = msgspec.json.Encoder().encode


def event_json(event: CancelEvent) -> bytes:
    """Write an event as JSON on one line, without the line's end.

    Fields come in the order of the schema; those that are None are left out. A decimal is a string with the
    digits that the venue sent, never with an exponent.
    """
    values = list(msgspec.structs.astuple(event))
    for i in _DECIMALS:
        if values[i] is not None:
            values[i] = exact(values[i])
    return _encode(_Line(*values))


def event_schema() -> dict[str, Any]:
    """Give the JSON Schema of what ``event_json`` writes."""
    written = msgspec.defstruct(
        "CancelEvent",
        [_written(field) for field in _FIELDS],
        namespace={"__doc__": "What a venue said about one cancellation; what is left out, it does not say."},
        kw_only=True,
    )
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **msgspec.json.schema(written)}


_DecimalText = Annotated[str, Meta(pattern=r"^-?[0-9]+(\.[0-9]+)?$")]


def _written(field: Field) -> tuple[str, Any] | tuple[str, Any, Any]:
    """A field of the schema as it is written: decimals as text, nothing for None."""
    members = [_DecimalText if m is Decimal else m for m in members_of(field.kind) if m is not NoneType]
    if NoneType in members_of(field.kind):
        return field.name, Union[(*members, UnsetType)], UNSET  # its members are known at run time
    return field.name, Union[tuple(members)]  # noqa: UP007
