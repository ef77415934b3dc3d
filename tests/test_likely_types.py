"""The likeliest types of a JSON value: objects of scalars that are alike are looked at once."""

from typing import Any

import pytest

from cancelnorm import likely_types, venues
from cancelnorm.likely_types import has_other_words, likeliest
from cancelnorm.reader.unions import likeness

BINANCE = venues.every()["binance"]
ENDPOINTS = tuple(BINANCE.endpoints.values())[:3]
ERROR = {"code": -2011, "msg": "x"}


@pytest.mark.parametrize(
    ("value", "other", "are_alike"),
    [
        (ERROR, {"code": 7, "msg": "y"}, True),
        (ERROR, {"code": None, "msg": True}, True),
        (ERROR, {"msg": "y", "code": 7}, False),
        (ERROR, {"code": 7}, False),
        ({"e": "a", "E": 1}, {"e": "b", "E": 2}, True),
        ({"e": "a", "E": 1}, {"e": "executionReport", "E": 1}, False),
        ({"e": "a", "E": 1}, {"e": 5, "E": 1}, False),
        ({"code": {}, "msg": "x"}, {"code": {}, "msg": "x"}, False),
        ({"code": [], "msg": "x"}, {"code": [], "msg": "x"}, False),
        ([ERROR], [ERROR], False),
    ],
)
def test_objects_that_are_alike(value: Any, other: Any, *, are_alike: bool) -> None:
    """They have the same keys, in the same order, and the same words by which answers are told apart."""
    assert (likeliest(BINANCE, value) is likeliest(BINANCE, other)) is are_alike


def test_words_of_objects_that_are_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    """They are compared with those of answers once, and those of any other object each time."""
    looked: list[object] = []

    def counted(*of: Any) -> int:
        looked.append(of)
        return likeness(*of)

    monkeypatch.setattr(likely_types, "likeness", counted)
    has_other_words(BINANCE, ERROR, ENDPOINTS)
    looked.clear()
    assert not has_other_words(BINANCE, {"code": 7, "msg": "y"}, ENDPOINTS)
    assert not looked
    for _ in range(2):
        assert not has_other_words(BINANCE, [ERROR], ENDPOINTS)
    assert len(looked) == 2 * len({endpoint.shape.node for endpoint in ENDPOINTS})
