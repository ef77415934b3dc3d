"""What each venue declares is as it was reviewed: endpoints, parameters of requests, statuses, tables."""

import pytest

from tests.strategies import VENUES
from tests.venues.declared import FOLDER, TEXTS


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("venue", VENUES)
def test_declared(venue: str, text: str) -> None:
    """An id under each declared parameter is told, each status and each code means what it did."""
    lines = "".join(f"{line}\n" for line in TEXTS[text](venue))
    assert lines == (FOLDER / venue / f"{text}.txt").read_text(encoding="utf-8")


def test_every_text_is_of_a_venue() -> None:
    """Nothing is left of a venue that was renamed or removed."""
    found = {path.relative_to(FOLDER).with_suffix("").as_posix() for path in FOLDER.rglob("*.txt")}
    assert found == {f"{venue}/{text}" for venue in VENUES for text in TEXTS}
