"""Events as lines of JSON: written and read back they are the same, to the last digit."""

import json
from collections.abc import Callable
from decimal import Decimal
from enum import StrEnum
from types import NoneType
from typing import Any, get_args, get_origin

import jsonschema
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from msgspec.structs import replace

from cancelnorm import CancelEvent, EventKind, decode, encode
from cancelnorm.event_json import json_schema
from cancelnorm.schema import SCHEMA_VERSION
from tests.strategies import decimal_texts, json_values, texts

EVENT = CancelEvent("binance", None, "DELETE /api/v3/order", EventKind.ORDER)
VALUES: dict[Any, Callable[[], SearchStrategy[Any]]] = {
    str: lambda: texts,
    int: lambda: st.integers(-(2**63), 2**64),
    bool: st.booleans,
    NoneType: st.none,
    Decimal: lambda: decimal_texts.map(Decimal),
    tuple[str, ...]: lambda: st.lists(texts, max_size=3).map(tuple),
    dict[str, Any]: lambda: st.dictionaries(texts, json_values, max_size=3),
}


def values_of(kind: Any) -> SearchStrategy[Any]:
    """Values of a field of the schema."""
    described = get_args(kind)[0]
    members = (described,) if described in VALUES else get_args(described) or (described,)
    return st.one_of(
        [
            st.sampled_from(list(member))
            if get_origin(member) is None and issubclass(member, StrEnum)
            else VALUES[member]()
            for member in members
        ]
    )


events = st.builds(
    CancelEvent, **{field.name: values_of(field.type) for field in msgspec.structs.fields(CancelEvent)}
)
VALIDATOR = jsonschema.Draft202012Validator(json_schema())


@given(events)
def test_what_is_written_is_read_back(event: CancelEvent) -> None:
    """Law 13: ``decode(encode(event))`` is the event, with the scale of every decimal."""
    line = encode(event)
    assert b"\n" not in line
    assert repr(decode(line)) == repr(event)
    assert decode(line.decode()) == event


@given(events)
def test_what_is_written_has_the_schema(event: CancelEvent) -> None:
    """The JSON Schema takes every line, which has every key, in order."""
    written = json.loads(encode(event))
    VALIDATOR.validate(written)
    assert list(written) == list(CancelEvent.__struct_fields__)


@given(st.decimals(-(10**40), 10**40, allow_nan=False, allow_infinity=False))
def test_any_decimal_keeps_its_value(price: Decimal) -> None:
    """An event of a caller's own may have a decimal with an exponent; it is written without."""
    line = encode(replace(EVENT, price=price))
    assert decode(line).price == price
    assert "E" not in json.loads(line)["price"]


def test_schema_names_its_version() -> None:
    """A tool can tell which version a line has by the schema that it was given."""
    assert json_schema()["$id"] == f"urn:cancelnorm:cancel-event:{SCHEMA_VERSION}"


@pytest.mark.parametrize("change", [("outcome", "gone"), ("price", 1.5), ("price", "1e5"), ("extra", [])])
def test_schema_refuses(change: tuple[str, object]) -> None:
    """The schema says what a value may be."""
    written = json.loads(encode(EVENT)) | dict([change])
    assert not VALIDATOR.is_valid(written)


def test_schema_refuses_other_keys() -> None:
    """What is missing, and what is unknown, is no event of this version."""
    written = json.loads(encode(EVENT))
    added, lacking = written | {"new": 1}, {key: value for key, value in written.items() if key != "price"}
    assert not any(map(VALIDATOR.is_valid, (added, lacking)))


@pytest.mark.parametrize(
    "line",
    [
        *(b"", b"{}", b"[]", b'{"venue":1}', encode(EVENT)[:-1], b"\xff"),
        *(b'{"venue":"\xff"}', '{"venue":"\ud800"}', b'{"new":' + b"[" * 100_000),
    ],
    ids=lambda line: repr(line)[:30],
)
def test_what_is_no_event_is_refused(line: bytes | str) -> None:
    """It is not taken for one."""
    with pytest.raises(msgspec.DecodeError):
        decode(line)


@pytest.mark.parametrize("value", ["1E999999999", "1e-999999999", "1E3", "NaN", "Infinity"])
def test_a_decimal_is_plain(value: str) -> None:
    """A decimal with an exponent was not written by ``encode``, and may have a billion digits."""
    line = json.dumps(json.loads(encode(EVENT)) | {"price": value})
    with pytest.raises(msgspec.DecodeError, match=r"\$\.price"):
        decode(line)


def test_a_later_version_may_have_more() -> None:
    """A key that this version does not know is no obstacle."""
    assert decode(encode(EVENT)[:-1] + b',"new":1}') == EVENT


def test_a_file_name_that_is_no_text() -> None:
    """Bytes that are not UTF-8 are shown as escapes; nothing else is changed."""
    line = encode(replace(EVENT, source="day\udcff.jsonl:1", symbol="币"))
    assert decode(line) == replace(EVENT, source="day\\udcff.jsonl:1", symbol="币")
    line = encode(replace(EVENT, account="\ud800"))
    assert decode(line) == replace(EVENT, account="\\ud800")
