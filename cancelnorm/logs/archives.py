"""Zip archives: their members are read as the files of a folder are, ``day.zip/bot.log``."""

import lzma
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from errno import ENOENT
from pathlib import Path
from typing import IO, Final, NamedTuple
from zipfile import BadZipFile, ZipFile

from cancelnorm.logs.compression import Damaged

__all__ = ["FAULTS", "Member", "archived", "is_archive", "members"]

_MAGIC: Final = b"PK\x03\x04"
FAULTS: Final = (
    BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    NotImplementedError,
    OverflowError,
    RuntimeError,
    ValueError,  # names that are not UTF-8, offsets before the file
)
"""What ``zipfile`` raises for an archive that is damaged, or encrypted, besides OSError."""


class _Content:
    """The content of a member; a fault of the archive is damage of the log."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def read1(self, size: int, /) -> bytes:
        try:
            return self._file.read(size)
        except FAULTS as error:
            raise Damaged(f"zip data is corrupt: {str(error).lower()}") from error


class Member(NamedTuple):
    """A file in an archive."""

    archive: Path
    name: str

    @contextmanager
    def opened(self) -> Iterator[tuple[_Content, ZipFile]]:
        """Open the member, and with it the archive."""
        with ZipFile(self.archive) as archive:
            try:
                file = archive.open(self.name)
            except KeyError as error:
                raise FileNotFoundError(
                    ENOENT, "no such file in the archive", f"{self.archive}/{self.name}"
                ) from error
            except FAULTS as error:
                raise OSError(None, str(error).lower(), f"{self.archive}/{self.name}") from error
            with file:
                yield _Content(file), archive


def archived(name: str) -> Member | None:
    """The member that a name like ``day.zip/bot.log`` means; None if it means none."""
    if Path(name).exists():
        return None
    end = name.find("/", 1)
    while end > 0:
        archive = Path(name[:end])
        if archive.is_file():
            return Member(archive, name[end + 1 :]) if is_archive(archive) else None
        end = name.find("/", end + 1)
    return None


def is_archive(path: Path) -> bool:
    """Tell whether a file is a zip archive whose list of members can be read."""
    if not path.is_file():
        return False  # what is read from a pipe here would be missing in the log
    try:
        with path.open("rb") as file:
            if file.read(len(_MAGIC)) != _MAGIC:
                return False
        with ZipFile(path):
            return True
    except (OSError, *FAULTS):
        return False


def members(path: Path) -> list[str]:
    """The names of the files in an archive, sorted; hidden ones are left out."""
    with ZipFile(path) as archive:
        names = [info.filename for info in archive.infolist() if info.filename and not info.is_dir()]
    return sorted(name for name in names if not any(map(_is_hidden, name.split("/"))))


def _is_hidden(part: str) -> bool:
    return part == "__MACOSX" or (part.startswith(".") and part not in (".", ".."))
