"""Nothing that is printed is a command to a terminal or to a build server."""

import json
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cancelnorm.escapes import inert, printable, printable_json

# What the runners of GitHub Actions and Azure Pipelines take for a command, in a line of a job's log.
RUN = re.compile(r"\s*::|.*##(?:vso)?\[", re.DOTALL)
PIECES = st.lists(
    st.sampled_from(
        ["::", "##[", "#", "##vso[", "error", "]", " ", "\x1b", "\x9b", "\u202e", "\u2028", "é", "\\"]
    )
)


@given(st.text() | PIECES.map("".join))
@example("###[")
@example(" ::error::")
def test_texts(text: str) -> None:
    """A text is printable, begins no command, and is escaped once."""
    shown = printable(text)
    assert shown.isprintable()
    assert RUN.match(shown) is None
    assert printable(shown) == shown


@given(st.text() | PIECES.map("".join))
def test_json(text: str) -> None:
    """JSON means the same."""
    line = json.dumps({text: [text]}, ensure_ascii=False).encode("utf-8", "backslashreplace")
    shown = printable_json(line)
    assert json.loads(shown) == json.loads(line)
    assert shown.decode().isprintable()
    assert RUN.match(shown.decode()) is None


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a::b ##1 # [x]", "a::b ##1 # [x]"),
        ("::error::x", "\\u003a:error::x"),
        ("x ##[error]y", "x \\u0023#[error]y"),
        ("##vso[task.complete]", "\\u0023#vso[task.complete]"),
        ("a\nb\x7f\u202e\U000e0001", "a\\nb\\u007f\\u202e\\U000e0001"),
    ],
)
def test_examples(text: str, shown: str) -> None:
    """Other texts stay as they are."""
    assert printable(text) == shown


def test_lines_put_together() -> None:
    """A line may begin with the rest of a text."""
    assert inert("  ::error::x") == "  \\u003a:error::x"
    assert inert("a ::error::x") == "a ::error::x"
