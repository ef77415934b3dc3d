"""Batches of a log: as large as they may be of a file, and as small as what has come of standard input."""

import gzip
import zipfile
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


@pytest.mark.parametrize("name", ["bot.jsonl", "bot.jsonl.gz", "cut.jsonl.gz", "day.zip/bot.jsonl"])
def test_who_sees_the_bytes_sees_all_of_them(tmp_path: Path, name: str) -> None:
    """As they are stored, also behind a damage; those of a member as they are in it."""
    plain = (LOGS / "bot.jsonl").read_bytes()
    packed = gzip.compress(plain, mtime=0)
    stored = {
        "bot.jsonl": plain,
        "bot.jsonl.gz": packed,
        "cut.jsonl.gz": packed[:100] + b"\xff" * 300 + packed[400:],
    }
    path = tmp_path / name
    if path.parent == tmp_path:
        path.write_bytes(stored[name])
    else:
        with zipfile.ZipFile(path.parent, "w") as archive:
            archive.writestr(path.name, plain)
    seen: list[bytes] = []
    assert list(batches(str(path), options_of(), seen.append))
    assert b"".join(seen) == stored.get(name, plain)
