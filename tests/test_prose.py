"""The beginning of a long text shows no more than if all of it had been masked."""

import json
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cancelnorm import prose as prose_module
from cancelnorm.masking import without_secrets
from cancelnorm.prose import LONGEST_PROSE, beginning, cut, prose

SECRET = "xK9planted7Q"
START = SECRET[:3]
HOLDERS = (
    f'"apiKey":"{SECRET}"',
    f"https://me:{SECRET}@api.binance.com/",
    f"https://{SECRET * 30}@api.binance.com/",
    SECRET * 5,
    f'{{"args":["{SECRET}"],"op":"auth"}}',
    f'{{"args":["{SECRET}",{"1," * 250}1],"req_id":"a","op":"auth"}}',
    f'"key":"{SECRET}"{" " * 9_000}"sign":"a"',
    f"Cookie: sid={SECRET}; b=c",
    f"error sign! origin_string[a{SECRET}]",
)
FILLERS = st.sampled_from([".", " ", "a b ", '"x":1,', '"token":"a",', "-\n", "é "])


@given(st.sampled_from(HOLDERS), FILLERS, FILLERS, st.integers(0, 120), st.integers(4, 200))
def test_no_secret_shows_at_a_cut(holder: str, before: str, after: str, at: int, width: int) -> None:
    """Wherever the cut is, and whatever only the rest tells to be a secret."""
    text = f"{before * at} {holder} {after * 20_000}"
    for shown in (cut(text, width), beginning(text, width)):
        assert len(shown) <= width
        assert START not in shown


@given(st.text(), st.integers(4, 100))
def test_a_short_text_is_masked_whole(text: str, width: int) -> None:
    """It is cut only where it is longer than is wanted."""
    masked = without_secrets(text)
    assert cut(text, width) == masked[:width]
    assert beginning(text, width) == (masked if len(masked) <= width else f"{masked[: width - 3]}...")
    assert prose(text) == masked


@pytest.mark.parametrize("filler", ["a", "token ", "\\", '"', "key=", '{"sign":"'])
def test_little_is_searched(filler: str) -> None:
    """The cost of masking does not depend on the length of a text."""
    searched: list[int] = []

    def counted(text: str) -> str:
        searched.append(len(text))
        return without_secrets(text)

    with patch.object(prose_module, "without_secrets", counted):
        shown = prose(json.dumps({"msg": filler * 500_000}))
    assert len(shown) <= LONGEST_PROSE
    assert max(searched) < 3 * LONGEST_PROSE
    assert len(searched) == 1
