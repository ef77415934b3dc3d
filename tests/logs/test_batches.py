"""Batches of a log: as large as they may be of a file, and as small as what has come of standard input."""

from pathlib import Path

import pytest

from cancelnorm.logs import batches, options_of
from cancelnorm.logs import open as opened_module
from tests.logs.captured import LOGS


@pytest.mark.parametrize("waits", [False, True])
def test_a_file_is_in_one_batch(monkeypatch: pytest.MonkeyPatch, waits: bool) -> None:
    """Whatever waits on standard input, which is another one's."""
    monkeypatch.setattr(opened_module, "_nothing_waits", lambda: not waits)
    [batch] = batches(str(LOGS / "bot.jsonl"), options_of())
    assert not batch.is_latest


@pytest.mark.parametrize("waits", [False, True])
def test_standard_input_is_in_as_many_as_there_are_pauses(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, waits: bool
) -> None:
    """Where nothing waits, what has come is told at once."""
    log = tmp_path / "bot.jsonl"
    log.write_bytes((LOGS / "bot.jsonl").read_bytes())
    monkeypatch.setattr(opened_module, "_nothing_waits", lambda: not waits)
    with log.open("rb") as file:
        monkeypatch.setattr("cancelnorm.logs.opening.STDIN", file.fileno())
        found = list(batches("-", options_of()))
    assert [batch.is_latest for batch in found] == ([False] if waits else [True] * len(found))
    assert (len(found) == 1) is waits
    [whole] = batches(str(log), options_of())
    assert sum(len(list(batch.found())) for batch in found) == len(list(whole.found())) > 0
