"""Events as JSON lines: encoding, decoding and the JSON Schema."""

from collections.abc import Iterable
from decimal import Decimal
from itertools import pairwise
from operator import attrgetter
from typing import Annotated, Any, Final, get_args

import msgspec
from msgspec import Meta

from cancelnorm.caching import cached
from cancelnorm.escapes import printable_json, writable
from cancelnorm.masking import MASK, may_show_secret, without_secrets
from cancelnorm.no_utf8 import is_no_utf8
from cancelnorm.schema import SCHEMA_VERSION, CancelEvent
from cancelnorm.secret_names import hidden_keys, names_secret

__all__ = ["MASKED_FIELDS", "decode", "encode", "encode_masked", "json_schema", "masked", "may_show_secrets"]


def encode(event: CancelEvent) -> bytes:
    """Encode an event as one line of JSON, without the newline; ``decode`` restores it exactly.

    All keys are written, in the order of the schema, with null for None. A decimal is a string with the
    digits that the venue sent, never with an exponent. Halves of surrogate pairs, which Python puts in place of
    bytes of a file name that are not UTF-8, are written as escapes, because JSON has no other place for them;
    so are characters that a terminal would obey or that end a line.
    """
    values = list(msgspec.structs.astuple(event))
    for i in _DECIMALS:
        if values[i] is not None:
            values[i] = format(values[i], "f")
    try:
        line = _encode(_Line(*values))
    except UnicodeEncodeError:
        line = _encode(_Line(*(writable(value) if isinstance(value, str) else value for value in values)))
    return printable_json(line)


def encode_masked(event: CancelEvent) -> bytes:
    """Encode an event for a file: as ``encode`` does, but with secrets masked as ``masked`` does."""
    return encode(masked(event))


def masked(event: CancelEvent) -> CancelEvent:
    """The same event with secrets masked in all texts except ids and symbols.

    A word that a venue or a program put in place of a status may be a key. An id stays as it is, whatever it looks
    like, because it is of no use otherwise.
    """
    texts = [text for text in _texts_of(event) if text]
    if event.extra is not None:
        try:
            texts.append(_encode(event.extra).decode())
        except UnicodeEncodeError:
            return _without_secrets(event)
    return _without_secrets(event) if may_show_secrets([event.endpoint], texts) else event


def may_show_secrets(few: Iterable[str], texts: Iterable[str]) -> bool:
    """Tell whether some texts that are masked may have a secret; False is certain.

    Of names of endpoints, and of faults, there are few, and many have a word that also names secrets: whether they
    have one is found out.
    """
    return may_show_secret("\n".join(texts)) or any(_masked_name(text) != text for text in few)


_masked_name: Final = cached(1_024)(without_secrets)


def _without_secrets(event: CancelEvent) -> CancelEvent:
    values = {name: getattr(event, name) for name in MASKED_FIELDS}
    return msgspec.structs.replace(event, **{name: _masked(value) for name, value in values.items()})


def _masked(value: Any) -> Any:
    """A value of JSON with secrets masked."""
    match value:
        case str():
            return without_secrets(value)
        case dict():
            secret = hidden_keys(value)
            return {
                without_secrets(key): MASK if key in secret and part else _masked(part)
                for key, part in value.items()
            }
        case list() | tuple():
            return [MASK if names_secret(name) else _masked(part) for name, part in pairwise([None, *value])]
        case _:
            return value


def decode(line: bytes | str) -> CancelEvent:
    """Decode a line that ``encode`` wrote; keys unknown to this version of the schema are ignored.

    Raises ``msgspec.DecodeError`` for anything else.
    """
    try:
        event = _decode(line)
    except ValueError as error:
        if is_no_utf8(error):
            raise msgspec.DecodeError("the line is not UTF-8") from error
        raise
    except RecursionError as error:
        raise msgspec.DecodeError("too many nested brackets") from error
    for name in _DECIMAL_NAMES:
        value = getattr(event, name)
        if value is not None and not _is_plain(value, len(line)):
            raise msgspec.DecodeError(f"Expected a decimal without an exponent - at `$.{name}`")
    return event


def _is_plain(value: Decimal, length: int) -> bool:
    """Whether a decimal was written without an exponent, which may stand for a billion digits."""
    exponent = value.as_tuple().exponent
    return isinstance(exponent, int) and -length <= exponent <= 0


def json_schema() -> dict[str, Any]:
    """JSON Schema of the lines that ``encode`` writes."""
    written = msgspec.defstruct(
        "CancelEvent",
        [(field.name, _written(field.type)) for field in _FIELDS],
        namespace={"__doc__": "A venue's verdict on a cancellation; null: the venue does not say."},
        kw_only=True,
        forbid_unknown_fields=True,
    )
    schema = msgspec.json.schema(written)
    for definition in schema["$defs"].values():
        if "enum" in definition:  # described for Python, and only where docstrings are kept
            definition.pop("description", None)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:cancelnorm:cancel-event:{SCHEMA_VERSION}",
        **schema,
    }


_FIELDS: Final = msgspec.structs.fields(CancelEvent)


def _members(annotation: Any) -> tuple[Any, ...]:
    """Members of a field's type, without the description."""
    inner = get_args(annotation)[0]
    return get_args(inner) or (inner,)


_DECIMALS: Final = tuple(i for i, field in enumerate(_FIELDS) if Decimal in _members(field.type))
_IDS: Final = frozenset(
    {
        *("symbol", "order_id", "client_order_id", "cancel_client_order_id", "list_id", "list_client_id"),
        *("replaced_by", "request_id", "account"),
    }
)
MASKED_FIELDS: Final = tuple(
    field.name
    for field in _FIELDS
    if field.name not in _IDS and (field.name == "extra" or str in _members(field.type))
)
"""Fields of an event in which secrets are masked."""

_texts_of: Final = attrgetter(*(name for name in MASKED_FIELDS if name not in ("endpoint", "extra")))
_DECIMAL_NAMES: Final = tuple(_FIELDS[i].name for i in _DECIMALS)
_Line: Final = msgspec.defstruct("_Line", [(field.name, Any) for field in _FIELDS], gc=False)
_encode: Final = msgspec.json.Encoder().encode
_decode: Final = msgspec.json.Decoder(CancelEvent).decode
_DecimalText = Annotated[str, Meta(pattern=r"^-?[0-9]+(\.[0-9]+)?$")]


def _written(annotation: Any) -> Any:
    """Type of an encoded field: decimals are text."""
    inner, description = get_args(annotation)
    if Decimal in _members(annotation):
        inner = _DecimalText | None
    return Annotated[inner, description]
