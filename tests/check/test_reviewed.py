"""What a check says is as it was reviewed, word for word."""

import pytest

from tests.check.reviewed import FOLDER, TEXTS
from tests.texts import text_of


@pytest.mark.parametrize("text", TEXTS)
def test_reviewed(text: str) -> None:
    """Rules, findings with their excerpts, and counts are those that were reviewed."""
    assert text_of(TEXTS[text]()) == (FOLDER / f"{text}.txt").read_text(encoding="utf-8")


def test_every_text_is_made() -> None:
    """Nothing is left of a text that was renamed or removed."""
    found = {path.relative_to(FOLDER).with_suffix("").as_posix() for path in FOLDER.rglob("*.txt")}
    assert found == set(TEXTS)
