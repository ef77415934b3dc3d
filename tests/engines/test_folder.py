"""The logs that engines read hold what is claimed of them."""

from collections import Counter
from pathlib import Path
from typing import Any

from cancelnorm.logs import Range
from tests.engines.folder import FILES, POISONED


def test_logs_are_plain_and_gzip(folder: Path, parts: list[Range]) -> None:
    """Plain ones are divided, the others are not."""
    assert len(list(folder.iterdir())) == FILES
    per_file = Counter(Path(part.path).name for part in parts)
    assert len(per_file) == FILES
    assert all((count > 1) == name.endswith(".jsonl") for name, count in per_file.items())


def test_every_poisoned_line_is_itself_alone(expected: list[dict[str, Any]]) -> None:
    """A line is refused by itself, and what only looks broken is not refused."""
    rows = [row for row in expected if f"/{POISONED}:" in row["source"]]
    found = [(int(row["source"].rpartition(":")[2]), row["fault"] is None) for row in rows]
    assert found == [
        (1, True),
        (2, False),
        (3, True),
        (4, True),
        (5, True),
        (6, False),
        (7, False),
        (8, False),
        (10, False),
        (11, False),
        (12, False),
        (13, False),
    ]
