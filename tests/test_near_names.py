"""Names near one that is unknown: those that someone meant, whatever letter is wrong."""

from hypothesis import given
from hypothesis import strategies as st

from cancelnorm import venues
from cancelnorm.near_names import NearNames

ENDPOINTS = {name: NearNames(venue.endpoints) for name, venue in venues.every().items()}


def test_a_name_without_a_letter_is_near_the_whole() -> None:
    """Nearly always among five names, wherever the letter is missing."""
    found = [
        name in near.to(name[:at] + name[at + 1 :], count=5, least=0.5)
        for venue, near in ENDPOINTS.items()
        for name in venues.every()[venue].endpoints
        for at in range(len(name))
    ]
    assert len(found) > 10_000
    assert sum(found) > 0.99 * len(found)


@given(st.sampled_from(sorted(ENDPOINTS)), st.text(max_size=300), st.integers(0, 5))
def test_names_are_near_or_none(venue: str, name: str, count: int) -> None:
    """Each is one of the names, once, and as much of both is common as was asked for."""
    names = venues.every()[venue].endpoints
    near = ENDPOINTS[venue].to(name, count=count, least=0.5)
    assert len(near) <= count
    assert len({*near}) == len(near)
    for each in near:
        assert each in names
        assert len(name.casefold()) <= 3 * len(each)


def test_case_and_nothing() -> None:
    """Case does not count; no name is near where there are none."""
    assert NearNames(["Binance", "okx"]).to("bINANCE", count=3, least=1) == ["Binance"]
    assert NearNames([]).to("okx", count=3, least=0.5) == []
    assert NearNames(["okx"]).to("", count=3, least=0.5) == []
