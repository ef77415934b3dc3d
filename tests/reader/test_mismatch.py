"""What a refusal says of a place and of a value."""

import pytest

from cancelnorm.reader.mismatch import Number, is_plain_key, path_of, redacted, shown

KEY = "0123456789abcdef" * 4


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "null"),
        (True, "true"),
        (0, "0"),
        (Number("1.50"), "1.50"),
        (2**200 - 1, "[redacted]"),  # it looks like a key
        (2**200, "a number of over 60 digits"),
        ({}, "an empty object"),
        ({"a": 1}, "an object"),
        ([], "an empty array"),
        ([1], "an array"),
        ("it's", '"it\'s"'),
        ("a" * 58, "'" + "a" * 58 + "'"),
        ("a" * 59, "'" + "a" * 56 + "..."),
        (f"signature={KEY}", "'signature=[redacted]'"),
    ],
)
def test_a_value_is_shown(value: object, text: str) -> None:
    """In at most 60 characters, without a secret."""
    assert shown(value) == text


@pytest.mark.parametrize(
    ("key", "is_plain"),
    [
        ("a", True),
        ("order_id-2", True),
        ("7", True),
        ("a-b" * 19 + "cd", True),
        ("a-b" * 20, False),
        ("", False),
        ("_", True),
        ("a b", False),
        ("a.b", False),
        ("é", False),
    ],
)
def test_plain_keys_follow_a_point(key: str, *, is_plain: bool) -> None:
    """All others are in brackets and quotes."""
    assert is_plain_key(key) is is_plain
    at = path_of(((None, 3), key))
    assert at == (f"$[3].{key}" if is_plain else f'$[3]["{key}"]')


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"apiKey": "k", "a": [1, 2.5, None]}, {"apiKey": "[redacted]", "a": [1, 2.5, None]}),
        ({"name": "signature", "value": "k"}, {"name": "signature", "value": "[redacted]"}),
        ({"name": "symbol", "value": "k"}, {"name": "symbol", "value": "k"}),
        (["signature", "k", "symbol", "l"], ["signature", "[redacted]", "symbol", "l"]),
        (
            [f"signature={KEY}", {f"apiKey={KEY}": 1}, {KEY[:8]: 1}],
            ["signature=[redacted]", {"apiKey=[redacted]": "[redacted]"}, {KEY[:8]: 1}],
        ),
        (2**64 - 1, 2**64 - 1),
        (2**64, str(2**64)),
        (Number("1.50"), "1.50"),
    ],
)
def test_a_json_value_without_secrets(value: object, expected: object) -> None:
    """Masked by key, by the name beside it, and in texts; what msgspec cannot write is a text."""
    assert redacted(value) == expected
