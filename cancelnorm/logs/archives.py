"""Zip archives: their members are read as the files of a folder are, ``day.zip/bot.log``."""

import bz2
import lzma
import struct
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from errno import ENOENT
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType
from typing import BinaryIO, Final, NamedTuple
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZIP_LZMA, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from cancelnorm.logs.compression import MAX_WINDOW_BYTES, Damaged

__all__ = ["Member", "archived", "is_archive", "members"]

_MAGIC: Final = b"PK\x03\x04"
_LOCAL: Final = struct.Struct("<4s22xHH")  # the header before a member: its name and more follow
_LZMA: Final = struct.Struct("<2xHBI")  # version, size of the properties, and these
_READ_BYTES: Final = 1 << 14
_ENCRYPTED: Final = 1
_FAULTS: Final = (
    BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    OverflowError,
    RuntimeError,  # also a method of compression that is not known
    ValueError,  # names that are not UTF-8, offsets before the file
)  # of an archive that is damaged, or encrypted, besides OSError


class Member(NamedTuple):
    """A file in an archive."""

    archive: Path
    name: str

    @contextmanager
    def opened(self) -> Iterator["_Content"]:
        """Open the member."""
        info = _directory(self.archive).get(self.name)
        if info is None:
            raise FileNotFoundError(ENOENT, "no such file in the archive", f"{self.archive}/{self.name}")
        with self.archive.open("rb") as file:
            try:
                content = _Content(file, info)
            except _FAULTS as error:
                raise OSError(None, str(error).lower(), f"{self.archive}/{self.name}") from error
            yield content

    def beside(self, name: str) -> "Member":
        """The member of this name in the same folder of the archive."""
        folder, slash, _ = self.name.rpartition("/")
        return Member(self.archive, f"{folder}{slash}{name}")


class _Content:
    """The content of a member, a piece at a time; a fault of the archive is damage of the log.

    A decompressor is asked for no more than is wanted, which ``zipfile`` does for deflate alone.
    """

    def __init__(self, file: BinaryIO, info: ZipInfo) -> None:
        if info.flag_bits & _ENCRYPTED:
            raise BadZipFile("the file is encrypted")
        self._file = file
        self._info = info
        self._left = info.compress_size  # compressed bytes that are not read yet
        self._crc = 0
        self._is_over = False
        file.seek(info.header_offset)
        magic, *sizes = _LOCAL.unpack(self._file.read(_LOCAL.size).ljust(_LOCAL.size))
        if magic != _MAGIC:
            raise BadZipFile("bad magic number for file header")
        file.seek(sum(sizes), 1)
        self._unpack = self._unpacker()
        self._data = b""  # compressed bytes that the decompressor has not taken

    def read1(self, size: int, /) -> bytes:
        """Read at most ``size`` bytes; none only at the end."""
        try:
            piece = b""
            while not (piece or self._is_over):
                piece = self._piece(size)
            self._crc = zlib.crc32(piece, self._crc)
            if self._is_over and self._crc != self._info.CRC:
                raise BadZipFile("bad CRC-32")
        except (*_FAULTS, OSError) as error:
            raise Damaged(f"zip data is corrupt: {str(error).lower()}") from error
        return piece

    def _piece(self, size: int) -> bytes:
        unpack = self._unpack
        if unpack is None:
            piece = self._read(size)
            self._is_over = not self._left
            return piece
        if isinstance(unpack, bz2.BZ2Decompressor | lzma.LZMADecompressor):
            data = self._read(_READ_BYTES) if unpack.needs_input else b""
            piece = unpack.decompress(data, size)
            # The end of a member in LZMA may be told by its size alone.
            self._is_over = unpack.eof or (unpack.needs_input and not self._left)
            return piece
        piece = unpack.decompress(self._data or self._read(_READ_BYTES), size)
        self._data = unpack.unconsumed_tail
        self._is_over = unpack.eof or not (piece or self._data or self._left)
        return piece

    def _read(self, size: int) -> bytes:
        """Read compressed bytes of the member."""
        data = self._file.read(min(size, self._left))
        if not data and self._left:
            raise EOFError("it ends in the middle of a file")
        self._left -= len(data)
        return data

    def _unpacker(self) -> "zlib._Decompress | bz2.BZ2Decompressor | lzma.LZMADecompressor | None":
        match self._info.compress_type:
            case _ if not self._left:
                self._is_over = True
                return None
            case int(method) if method == ZIP_STORED:
                return None
            case int(method) if method == ZIP_DEFLATED:
                return zlib.decompressobj(-15)
            case int(method) if method == ZIP_BZIP2:
                return bz2.BZ2Decompressor()
            case int(method) if method == ZIP_LZMA:
                size, digits, window_bytes = _LZMA.unpack(self._read(_LZMA.size).ljust(_LZMA.size, b"\xff"))
                if size != _LZMA.size - 4 or window_bytes > MAX_WINDOW_BYTES:
                    raise BadZipFile("the file takes too much memory")
                lc, lp, pb = digits % 9, digits // 9 % 5, digits // 45
                chain = [{"id": lzma.FILTER_LZMA1, "dict_size": window_bytes, "lc": lc, "lp": lp, "pb": pb}]
                return lzma.LZMADecompressor(lzma.FORMAT_RAW, filters=chain)
            case method:
                raise NotImplementedError(f"compression method {method} is not supported")


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
        _directory(path)
    except (OSError, *_FAULTS):
        return False
    return True


def members(path: Path) -> list[str]:
    """The names of the files in an archive, sorted; hidden ones are left out."""
    names = [name for name, info in _directory(path).items() if name and not info.is_dir()]
    return sorted(name for name in names if not any(map(_is_hidden, name.split("/"))))


def _directory(path: Path) -> Mapping[str, ZipInfo]:
    """The members of an archive by name."""
    status = path.stat()
    return _read_directory(path, status.st_mtime_ns, status.st_size, status.st_ino)


@lru_cache(maxsize=1)
def _read_directory(path: Path, *_version: int) -> Mapping[str, ZipInfo]:
    """Read the list of members, once for all of them; BadZipFile if some lie in each other.

    The bytes of members that overlap could be read thousands of times.
    """
    with ZipFile(path) as archive:
        found = archive.infolist()
    for one, other in pairwise(sorted(found, key=lambda info: info.header_offset)):
        if one.header_offset + _LOCAL.size + one.compress_size > other.header_offset:
            raise BadZipFile("members overlap")
    return MappingProxyType({info.filename: info for info in found})


def _is_hidden(part: str) -> bool:
    return part == "__MACOSX" or (part.startswith(".") and part not in (".", ".."))
