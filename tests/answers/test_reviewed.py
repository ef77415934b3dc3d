"""What answers are taken for is as it was reviewed, word for word."""

import pytest

from tests.answers.reviewed import FOLDER, TEXTS
from tests.texts import text_of


@pytest.mark.parametrize("text", TEXTS)
def test_reviewed(text: str) -> None:
    """Events, notes, refusals and endpoints are those that were reviewed."""
    assert text_of(TEXTS[text]()) == (FOLDER / f"{text}.txt").read_text(encoding="utf-8")


def test_every_text_is_made() -> None:
    """Nothing is left of a text that was renamed or removed."""
    assert {path.stem for path in FOLDER.glob("*.txt")} == set(TEXTS)
