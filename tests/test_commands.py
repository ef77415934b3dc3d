"""The environment does not matter: the commands write the same bytes under every option and setting of Python."""

import os
import subprocess
import sys
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from tests.commands import ROOT

OURS = ("PYTHON", "LC_", "LANG", "TZ", "COLUMNS", "NO_COLOR", "FORCE_COLOR", "TERM")
OPTIONS = (
    ["-OO", "-bb", "-u", "-W", "error"],
    ["-I"],
    ["-X", "dev", "-X", "warn_default_encoding", "-W", "error"],
)
SETTINGS = (
    {"LANG": "C", "TZ": "Asia/Kathmandu", "PYTHONHASHSEED": "0"},
    {"LC_ALL": "C", "PYTHONUTF8": "0", "TZ": "America/St_Johns", "PYTHONHASHSEED": "1"},
    {"PYTHONIOENCODING": "ascii", "PYTHONHASHSEED": "2"},
    {"PYTHONIOENCODING": "utf-16", "TERM": "xterm-256color", "PYTHONHASHSEED": "3"},
)


def written(
    folder: Path,
    options: Sequence[str] = (),
    settings: Mapping[str, str] | None = None,
    package: Path = ROOT,
) -> bytes:
    """What the commands write in an environment."""
    out = folder / "out"
    out.unlink(missing_ok=True)
    plain = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    done = subprocess.run(
        [sys.executable, *options, str(ROOT / "tests" / "commands.py"), str(package), str(out)],
        capture_output=True,
        check=False,
        env={**plain, **(settings or {})},
    )
    assert done.returncode == 0, done.stderr.decode()
    return out.read_bytes()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of its own."""
    return tmp_path_factory.mktemp("commands")


@pytest.fixture(scope="module")
def usual(folder: Path) -> bytes:
    """What they write where nothing is set."""
    found = written(folder)
    assert found.count(b"\n== ") > 20
    assert "日本".encode() in found
    assert b"Traceback" not in found
    return found


@pytest.mark.parametrize("options", OPTIONS, ids=" ".join)
def test_options(folder: Path, usual: bytes, options: Sequence[str]) -> None:
    """Options of the interpreter change nothing, and no warning is raised."""
    assert written(folder, options) == usual


@pytest.mark.parametrize("settings", SETTINGS, ids=lambda s: " ".join(map("=".join, s.items())))
def test_settings(folder: Path, usual: bytes, settings: Mapping[str, str]) -> None:
    """Nor do locale, encoding, time zone, hash seed and terminal."""
    assert written(folder, settings=settings) == usual


def test_an_archive(folder: Path, usual: bytes) -> None:
    """The package runs from a ZIP archive, where nothing can be written."""
    archive = folder / "cancelnorm.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        for path in (ROOT / "cancelnorm").rglob("*"):
            if path.is_file() and path.suffix != ".pyc":
                packed.write(path, path.relative_to(ROOT))
    assert written(folder, package=archive) == usual
