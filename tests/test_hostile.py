"""Inputs that once did harm, and others like them: every reader refuses what it cannot read, and goes on.

``samples/hostile`` has a folder for each reader. What each file is read as stands in the snapshot beside this
module; ``pytest tests/test_hostile.py --snapshot-update`` writes it. ``python -m tests.fuzz`` adds files.
"""

from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion

from cancelnorm import Record
from cancelnorm.cli.jobs import UnreadFile
from cancelnorm.cli.reading import batches
from cancelnorm.logs import FORMAT_NAMES, Options, files
from tests.fuzz.probes import (
    batches_of,
    checked,
    checks_alike,
    explains,
    identifies,
    masks,
    normalises,
    parses,
)
from tests.samples import FOLDER

HOSTILE = sorted(path for path in (FOLDER / "hostile").rglob("*") if path.is_file())
LOGS = [path for path in HOSTILE if path.suffix != ".zip"]
ARCHIVES = [path for path in HOSTILE if path.suffix == ".zip"]
_MOST_BYTES = 10_000


def name_of(path: Path) -> str:
    """The name of a file in the folder."""
    return path.relative_to(FOLDER / "hostile").as_posix()


@pytest.mark.parametrize("path", LOGS, ids=name_of)
def test_logs(path: Path, snapshot: SnapshotAssertion) -> None:
    """A hostile log is read as the snapshot says."""
    assert checked(batches_of(path.read_bytes(), Options()), "concise").report == snapshot


@pytest.mark.parametrize("path", LOGS, ids=name_of)
def test_invariants(path: Path) -> None:
    """What holds of any log holds of a hostile one, whatever its format is taken for, and in whatever pieces."""
    data = path.read_bytes()
    folder = path.parent.name.partition("-")[0]
    piece = None if folder == "packed" else 1
    checks_alike(data, Options(), output_format="sarif", piece=piece)
    for form in {"jsonl", "text", folder} & {*FORMAT_NAMES}:
        checks_alike(data, Options(format=form, venue="binance"), output_format="jsonl", piece=None)
    masks(data)


@pytest.mark.parametrize("path", LOGS, ids=name_of)
def test_payloads(path: Path) -> None:
    """What holds of any payload holds of those in a hostile log."""
    for item in checked(batches_of(path.read_bytes(), Options())).items:
        if isinstance(item, Record):
            for probe in (normalises, parses, identifies, explains):
                probe(item)


@pytest.mark.parametrize("path", ARCHIVES, ids=name_of)
def test_archives(path: Path, tmp_path: Path, snapshot: SnapshotAssertion) -> None:
    """A hostile archive is read as the snapshot says."""
    place = tmp_path / path.name
    place.write_bytes(path.read_bytes())
    told = []
    for name in files(place):
        found = list(batches([name], Options()))
        told.append(name.removeprefix(f"{tmp_path}/"))
        unread = [item.reason for item in found if isinstance(item, UnreadFile)]
        told += unread or [
            checked(iter(batch for batch in found if not isinstance(batch, UnreadFile)), "concise").report
        ]
    assert "\n".join(told).replace(f"{tmp_path}/", "") == snapshot


def test_files_are_small() -> None:
    """A file that says what it is about is short; what has to be long is made by a test."""
    assert HOSTILE
    assert [name_of(path) for path in HOSTILE if path.stat().st_size > _MOST_BYTES] == []
