"""Every regex of the package works in linear time: no text makes it take more than a few steps for each character."""

import re
import sys
import threading
from collections.abc import Callable
from typing import Any

import pytest

from tests.patterns import Used, patterns, texts
from tests.regex_steps import Steps, TooMany

SIZE = 400
MOST_STEPS = 160
"""For each character. A pattern that looks at each pair of them takes half as many steps as there are characters."""
PATTERNS = patterns()


def deep(run: Callable[[], None]) -> None:
    """Run something that calls itself often, as the counting matcher does for each character of a text."""
    failures: list[BaseException] = []

    def work() -> None:
        limit = sys.getrecursionlimit()
        sys.setrecursionlimit(100_000)
        try:
            run()
        except AssertionError as failure:
            failures.append(failure)
        finally:
            sys.setrecursionlimit(limit)

    size = threading.stack_size(256 << 20)
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    threading.stack_size(size)
    if failures:
        raise failures[0]


def steps_of(used: Used, steps: Steps, text: Any) -> int:
    """The steps of one call; a greater number than any that is allowed, if there are more."""
    steps.count = 0
    try:
        found = getattr(steps, used.method)(text)
        if used.method == "finditer":
            list(found)
    except TooMany:
        pass
    return steps.count


@pytest.mark.parametrize("used", PATTERNS, ids=str)
def test_linear(used: Used) -> None:
    """The steps for each character have a bound, whatever the pattern can take again and again."""

    def run() -> None:
        steps = Steps(used.pattern, limit=MOST_STEPS * SIZE * 2)
        for text in texts(used.pattern, SIZE):
            taken = steps_of(used, steps, text)
            assert taken <= MOST_STEPS * max(len(text), SIZE // 2), (text[:80], taken / len(text))

    deep(run)


def test_all_are_found() -> None:
    """The patterns are those of the modules, those made of declarations, and those in calls."""
    names = {used.name for used in PATTERNS}
    assert len(PATTERNS) > 150
    assert {"cancelnorm.logs.notation._TOKEN", "masking.() member", "cancelnorm.masking._HEADER"} <= names
    assert any(".py:" in name for name in names)


@pytest.mark.parametrize(
    "pattern",
    [
        r"a*b",
        r"(a|b)*c",
        r"(?:x(?P<q>['\"])\w+?(?P=q))+",
        r"(?<![a-z])foo|\bbar\b",
        r"(?i:A)(?-i:b)+",
        r"(?>a+)b|a*+c",
        r"^(?:\s*[a-z]{2,4},?)*+$",
        r"(?=ab)a|(?!c).",
    ],
)
def test_matches_like_re(pattern: str) -> None:
    """The counting matcher finds what ``re`` finds."""
    compiled = re.compile(pattern)
    steps = Steps(compiled)
    for text in texts(compiled, 24):
        for method in ("match", "fullmatch", "search"):
            found = getattr(compiled, method)(text)
            assert getattr(steps, method)(text) == (found.span() if found else None), (text, method)


@pytest.mark.parametrize(
    ("pattern", "text"),
    [(r"\s*x", " "), (r"\s*+x", " "), (r"(?:a|b)+c", "ab"), (r"a[^b]*b", "ac")],
)
def test_counts_what_is_quadratic(pattern: str, text: str) -> None:
    """A pattern that scans the rest of a text from each of its places is told, possessive or not."""
    steps = Steps(re.compile(pattern), limit=10**6)
    few = steps_of(Used("", re.compile(pattern), "search"), steps, text * 50)
    many = steps_of(Used("", re.compile(pattern), "search"), steps, text * 200)
    assert many > 8 * few
