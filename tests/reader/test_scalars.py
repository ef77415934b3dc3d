"""Conversions of scalars, which remember nothing."""

from decimal import Decimal
from typing import Any

import msgspec
import pytest
from msgspec import Raw

from cancelnorm.reader.fast import Shape
from cancelnorm.reader.mismatch import Mismatch
from cancelnorm.reader.scalars import (
    ZEROS,
    AnyNumber,
    DecimalNumber,
    DecimalOrEmpty,
    DecimalText,
    NumberOrEmpty,
    NumberOrWord,
    Unreadable,
    any_number,
    are_plain,
    decimal_of,
    known_ns,
    ns_of,
    ns_of_text,
    number_or_word,
    number_text,
)

BAD = [
    "",
    "\n",
    "1\n",
    "1\n2",
    "1.",
    ".5",
    "+1",
    "01",
    "-",
    "1e3",
    "NaN",
    "1_0",
    "１",
    "0." + "0" * 39,
    "1" * 61,
]


@pytest.mark.parametrize("text", BAD)
def test_bad_decimals(text: str) -> None:
    """One bad text among many is found, also one with a line break."""
    assert not are_plain([text])
    assert not are_plain(["1.0", text, "2"])
    with pytest.raises(Unreadable):
        decimal_of(text)


def test_good_decimals() -> None:
    """The scale stays as it was sent."""
    texts = ["0", "-0.5", "1.50", "1" * 60 + "." + "2" * 38]
    assert are_plain(texts)
    assert are_plain([])
    assert [str(decimal_of(text)) for text in texts] == texts


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        (DecimalText, "a plain decimal"),
        (DecimalOrEmpty, "a plain decimal or nothing"),
        (DecimalNumber, "a plain decimal or a number"),
        (NumberOrEmpty, "a plain decimal, a number or nothing"),
        (NumberOrWord, "a plain decimal, a number or a word"),
        (AnyNumber, "a decimal, a number or nothing"),
    ],
)
@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("0." + "0" * 126 + "1", "1 before the point and 127 behind it"),
        ("-0." + "1" * 39, "1 before the point and 39 behind it"),
        ("9" * 10_000, "10,000 before the point and 0 behind it"),
        ("1" * 61 + ".5", "61 before the point and 1 behind it"),
        ("1_0", None),
        ("01", None),
    ],
)
def test_a_decimal_that_is_too_long(kind: Any, name: str, text: str, found: str | None) -> None:
    """The refusal says how long it may be; without its digits, which look like a key."""
    with pytest.raises(Mismatch) as caught:
        Shape(dict[str, kind]).explain(msgspec.json.encode({"a": text}), refuse=True)
    expected = f"{name}, of at most 60 digits before the point and 38 behind it" if found else name
    assert (caught.value.expected, caught.value.found) == (expected, found or f"'{text}'")


def test_the_integer_minus_zero() -> None:
    """It is 0, read as an amount or as any number, as JSON decoders give it."""
    assert [number_text(msgspec.Raw(text)) for text in (b"-0", b"0", b"-0.0", b'"-0"')] == [
        "0",
        "0",
        "-0.0",
        "-0",
    ]


def test_exponents_in_quotes() -> None:
    """They are read where a venue is known to send them; zeros keep their scale, and none is too long."""
    texts = {b'"0E-11"': "0.00000000000", b'"3.2e4"': "32000", b"3.2e4": "32000", b'"1.50"': "1.50"}
    assert [any_number(msgspec.Raw(text)) for text in texts] == [*texts.values()]
    assert [any_number(msgspec.Raw(text)) for text in (b'""', b"null")] == ["", ""]
    for text in (b'"1e400"', b'"1e"', b'"e5"', b'"NaN"', b'" 1e3"', b'"1"e', b"true"):
        with pytest.raises(Unreadable):
            any_number(msgspec.Raw(text))


def test_every_zero() -> None:
    """Each keeps its scale."""
    assert len(ZEROS) == 78
    assert all(are_plain([text]) and Decimal(text) == zero == 0 for text, zero in ZEROS.items())


def test_epochs() -> None:
    """Milliseconds and microseconds by their digits, in quotes or not."""
    assert ns_of(1_700_000_000_000) == ns_of(1_700_000_000_000_000) == 1_700_000_000 * 10**9
    assert (ns_of_text(""), ns_of_text("1700000000000")) == (None, 1_700_000_000 * 10**9)
    for epoch in (0, -1, 1_700_000_000, 10**13, 10**16):
        with pytest.raises(Unreadable):
            ns_of(epoch)
        with pytest.raises(Unreadable):
            ns_of_text(str(epoch))


def test_a_word_in_the_place_of_a_number() -> None:
    """A number is read as any other, a word is its text, and whatever is neither is refused."""
    sent = [b"3.2e4", b'"1.50"', b"-0", b'"market_price"', b'"unknown"']
    assert [number_or_word(Raw(raw)) for raw in sent] == ["32000", "1.50", "0", "market_price", "unknown"]
    for raw in (b'""', b"null", b'"market price"', b'"NaN"', b'"1e3"', b'"_"', b"[]", b"true"):
        with pytest.raises(Unreadable):
            number_or_word(Raw(raw))


@pytest.mark.parametrize(
    ("epoch", "ns"),
    [
        (10**12, 10**18),
        (10**13 - 1, (10**13 - 1) * 1_000_000),
        (10**15, 10**18),
        (10**16 - 1, (10**16 - 1) * 1_000),
        ("1770000000123", 1_770_000_000_123_000_000),
        ("1770000000123456", 1_770_000_000_123_456_000),
        *((epoch, None) for epoch in (0, 10**12 - 1, 10**13, 10**15 - 1, 10**16, -(10**12))),
        *((text, None) for text in ("", "0", "177000000012", "17700000001234", "1e12", " 1770000000123")),
        (None, None),
    ],
)
def test_an_epoch_that_nothing_depends_on(epoch: int | str | None, ns: int | None) -> None:
    """Milliseconds or microseconds, by the number of digits, as a number or in quotes; none for anything else."""
    assert known_ns(epoch) == ns
