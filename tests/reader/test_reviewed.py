"""What the readers make of payloads is as it was reviewed, word for word."""

import pytest

from tests.reader.reviewed import FOLDER, TEXTS
from tests.texts import text_of


@pytest.mark.parametrize("text", TEXTS)
def test_reviewed(text: str) -> None:
    """Values, faults and notes are those that were reviewed, and so is what is decoded on the way."""
    assert text_of(TEXTS[text]()) == (FOLDER / f"{text}.txt").read_text(encoding="utf-8")


def test_every_text_is_made() -> None:
    """Nothing is left of a text that was renamed or removed."""
    assert {path.stem for path in FOLDER.glob("*.txt")} == set(TEXTS)
