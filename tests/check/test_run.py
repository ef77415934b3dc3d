"""Runs of records: how a log is cut into them does not matter, whatever is selected of it."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import pytest

from cancelnorm import Record
from cancelnorm.check import (
    RULES,
    AlikeFindings,
    History,
    Selection,
    Settings,
    examine,
    in_sequence,
    rule_example,
)
from cancelnorm.logs import Unreadable, read
from cancelnorm.report import brief, briefs
from tests.check.cases import selections
from tests.sample_logs import LOG_FILES

EXAMPLES: Final = [Path(str(path)) for code in RULES for path in rule_example(code) or ()]


def checked(records: Sequence[Record | Unreadable], size: int, selection: Selection | None) -> list[Any]:
    """What is found in runs of some length, in its order; then what is counted."""
    settings, history, told = Settings(selection=selection), History(), list[Any]()
    left_out, untimed, refused = 0, 0, list[str]()
    for at in range(0, len(records), size):
        result = examine(records[at : at + size], settings)
        left_out, untimed = left_out + result.left_out, untimed + result.untimed
        for position, found in result.refused:
            # Findings that are alike have the position of the first of the run.
            refused += (
                briefs(found) if isinstance(found, AlikeFindings) else [f"{at + position} {brief(found)}"]
            )
        told += map(brief, in_sequence(result, history, settings))
    history.end(lambda finding: told.append(brief(finding)))
    return [*told, left_out, untimed, *sorted(refused)]


@pytest.mark.parametrize("path", [*LOG_FILES, *EXAMPLES], ids=lambda path: path.name)
def test_runs_do_not_matter(path: Path) -> None:
    """Findings and their order, what is left out, and where what is refused stands."""
    records = list(read(path))
    for selection in selections(records):
        one_by_one = checked(records, 1, selection)
        for size in (2, 7, len(records) + 1):
            assert checked(records, size, selection) == one_by_one
