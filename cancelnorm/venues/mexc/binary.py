"""MEXC's pushed frames since 2025-02-24: Protocol Buffers messages, as the JSON that the standard has for them.

A log has such a frame as it is, or as text: base64 or hexadecimal digits. Few fields are known here, those of an
order; of others there is the number as key, and what was sent. https://github.com/mexcdevelop/websocket-proto
"""

import re
from base64 import b64decode
from collections.abc import Iterator, Mapping
from enum import Enum
from types import MappingProxyType
from typing import Any, Final

import msgspec
from msgspec import Struct

from cancelnorm.reader.mismatch import Mismatch


class _As(Enum):
    """The type of a field."""

    TEXT = "text"
    INT32 = "number"
    INT64 = "number in quotes"
    BOOL = "true or false"
    ORDER = "message"


class _Field(Struct, frozen=True, gc=False):
    """The name of a field and its type."""

    name: str
    type: _As


_TEXTS: Final = {
    1: "id",
    2: "clientId",
    3: "price",
    4: "quantity",
    5: "amount",
    6: "avgPrice",
    10: "remainAmount",
    11: "remainQuantity",
    12: "lastDealQuantity",
    13: "cumulativeQuantity",
    14: "cumulativeAmount",
    17: "market",
    19: "triggerPrice",
    21: "ocoId",
    22: "routeFactor",
    23: "symbolId",
    24: "marketId",
    25: "marketCurrencyId",
    26: "currencyId",
}
_NUMBERS: Final = {7: "orderType", 8: "tradeType", 15: "status", 18: "triggerType", 20: "state"}
_ORDER: Final[Mapping[int, _Field]] = MappingProxyType(
    {
        **{number: _Field(name, _As.TEXT) for number, name in _TEXTS.items()},
        **{number: _Field(name, _As.INT32) for number, name in _NUMBERS.items()},
        9: _Field("isMaker", _As.BOOL),
        16: _Field("createTime", _As.INT64),
    }
)
_FRAME: Final[Mapping[int, _Field]] = MappingProxyType(
    {
        1: _Field("channel", _As.TEXT),
        3: _Field("symbol", _As.TEXT),
        4: _Field("symbolId", _As.TEXT),
        5: _Field("createTime", _As.INT64),
        6: _Field("sendTime", _As.INT64),
        304: _Field("privateOrders", _As.ORDER),
    }
)
_LONGEST: Final = 1 << 20  # characters of a text, or bytes; an order has some hundred
# The channel comes first, as encoders write fields in the order of their numbers.
_BEGINNING: Final = re.compile(rb"\n[\x05-\x7f]spot@")
_HEXADECIMAL: Final = re.compile(rb"(?:0[xX])?(0[aA](?:[0-9a-fA-F]{2})+)")
_BASE64: Final = re.compile(rb"C[A-Za-z0-9+/_-]+={0,2}")


def unpack(data: bytes) -> bytes:
    """Turn a frame into JSON, also where its text is given; what is no such frame is given back as it is.

    Raises ``Mismatch`` for a frame that is damaged.
    """
    if len(data) > _LONGEST:
        return data
    message = data if _BEGINNING.match(data) else _of_text(data.strip(b' \t\r\n"'))
    return data if message is None else msgspec.json.encode(_fields(message, _FRAME, "$"))


def _of_text(text: bytes) -> bytes | None:
    """The frame that a text stands for, in lines or in pieces as it may be; None if it stands for none."""
    if not text.startswith((b"0", b"C")):
        return None
    text = b"".join(text.split())
    if found := _HEXADECIMAL.fullmatch(text):
        message = bytes.fromhex(found[1].decode())
    elif _BASE64.fullmatch(text) and len(bare := text.rstrip(b"=")) % 4 != 1:
        message = b64decode(
            bare + b"=" * (-len(bare) % 4), altchars=b"-_" if b"-" in bare or b"_" in bare else None
        )
    else:
        return None
    return message if _BEGINNING.match(message) else None


def _fields(message: bytes, known: Mapping[int, _Field], at: str) -> dict[str, Any]:
    """The fields of a message by their names; the values of those without one are in a list, under the number."""
    found: dict[str, Any] = {}
    for number, value in _values(message, at):
        field = known.get(number)
        if field is None:
            found.setdefault(str(number), []).append(value if isinstance(value, int) else value.hex())
        elif field.name in found:
            raise Mismatch(at, "each field once", f"the field {field.name} twice")
        else:
            found[field.name] = _value(value, field, f"{at}.{field.name}")
    return found


def _value(value: int | bytes, field: _Field, at: str) -> Any:
    """A value as JSON has it."""
    match field.type, value:
        case _As.TEXT, bytes():
            try:
                return value.decode()
            except UnicodeDecodeError as error:
                raise Mismatch(at, "text that is UTF-8", "other bytes") from error
        case _As.ORDER, bytes():
            return _fields(value, _ORDER, at)
        case _As.BOOL, 0 | 1:
            return bool(value)
        case _As.INT32, int() if -(2**31) <= (signed := _signed(value)) < 2**31:
            return signed
        case _As.INT64, int():
            return str(_signed(value))
    raise Mismatch(
        at, f"a {field.type.value}" if field.type is not _As.BOOL else field.type.value, "another type"
    )


def _signed(value: int) -> int:
    """A number of 64 bits with its sign."""
    return value - 2**64 if value >= 2**63 else value


_VARINT, _FIXED64, _SIZED, _FIXED32 = 0, 1, 2, 5  # the wire types; groups are not used
_WIDTHS: Final = {_FIXED64: 8, _FIXED32: 4}


def _values(message: bytes, at: str) -> Iterator[tuple[int, int | bytes]]:
    """The numbers of the fields of a message, in its order, each with a number or the bytes that were sent."""
    place = 0
    while place < len(message):
        tag, place = _varint(message, place, at)
        number, wire = tag >> 3, tag & 7
        if not 0 < number < 2**29:
            raise Mismatch(at, "the number of a field", str(number))
        if wire == _VARINT:
            value, place = _varint(message, place, at)
            yield number, value
            continue
        if wire == _SIZED:
            size, place = _varint(message, place, at)
        elif wire in _WIDTHS:
            size = _WIDTHS[wire]
        else:
            raise Mismatch(at, "a known type of field", f"the type {wire}")
        if size > len(message) - place:
            raise Mismatch(
                at, f"{size} bytes of field {number}", f"{len(message) - place}: the message is truncated"
            )
        yield number, message[place : place + size]
        place += size


def _varint(message: bytes, place: int, at: str) -> tuple[int, int]:
    """A number of up to 64 bits, in groups of 7 with the lowest first, and the place after it."""
    value = 0
    for shift in range(0, 70, 7):
        if place >= len(message):
            raise Mismatch(at, "a number", "the end of the message: it is truncated")
        byte = message[place]
        place += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            if value >= 2**64:
                break
            return value, place
    raise Mismatch(at, "a number of 64 bits", "a longer one")
