"""Whether there may be plug-ins: told as ``importlib.metadata`` tells it, which is not asked where there are none."""

import sys
from importlib import metadata
from pathlib import Path
from zipfile import ZipFile

import pytest

from cancelnorm.plug_ins import may_be_installed

GROUP = "a.group.of.tests"
OURS = f"[{GROUP}]\nname = module:VALUE\n"
OTHERS = "[console_scripts]\nname = module:main\n"


def installed(place: Path, info: str, text: str) -> str:
    """A folder with a distribution that has entry points."""
    (place / info).mkdir(parents=True)
    (place / info / "METADATA").write_text("Metadata-Version: 2.1\nName: one\nVersion: 1.0\n")
    (place / info / "entry_points.txt").write_text(text)
    return str(place)


@pytest.mark.parametrize("info", ["one-1.0.dist-info", "one-1.0.DIST-INFO", "one-1.0.egg-info"])
@pytest.mark.parametrize(("text", "is_ours"), [(OURS, True), (OTHERS, False), ("", False)])
def test_a_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, info: str, text: str, is_ours: bool
) -> None:
    """One of the path, wherever it stands, as a wheel, an egg or an editable install has it."""
    monkeypatch.setattr(sys, "path", [*sys.path, str(tmp_path / "nothing"), installed(tmp_path, info, text)])
    assert may_be_installed(GROUP) is bool(metadata.entry_points(group=GROUP)) is is_ours


def test_an_egg(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It stands on the path itself."""
    monkeypatch.setattr(sys, "path", [*sys.path, installed(tmp_path / "one.egg", "EGG-INFO", OURS)])
    assert may_be_installed(GROUP)


def test_the_current_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Python has it on its path as an empty text."""
    monkeypatch.chdir(installed(tmp_path, "one-1.0.dist-info", OURS))
    monkeypatch.setattr(sys, "path", [""])
    assert may_be_installed(GROUP)
    assert metadata.entry_points(group=GROUP)


def test_an_archive_may_have_any(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is not opened."""
    with ZipFile(tmp_path / "one.zip", "w") as archive:
        archive.writestr("one.py", "")
    monkeypatch.setattr(sys, "path", [*sys.path, str(tmp_path / "one.zip")])
    assert may_be_installed(GROUP)


def test_another_finder_may_have_any(monkeypatch: pytest.MonkeyPatch) -> None:
    """Distributions need not be on the path."""

    class Finder(metadata.DistributionFinder):
        def find_spec(self, *_: object) -> None:
            return None

        def find_distributions(self, *_: object) -> list[metadata.Distribution]:
            return []

    monkeypatch.setattr(sys, "meta_path", [*sys.meta_path, Finder()])
    assert may_be_installed(GROUP)


def test_a_file_that_cannot_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It names nothing, nor does a distribution without entry points, or whose description is a file."""
    (tmp_path / "one-1.0.dist-info" / "entry_points.txt").mkdir(parents=True)
    (tmp_path / "two-1.0.dist-info").mkdir()
    (tmp_path / "three-1.0.egg-info").write_text("Name: three\n")
    monkeypatch.setattr(sys, "path", [*sys.path, str(tmp_path)])
    assert not may_be_installed(GROUP)
