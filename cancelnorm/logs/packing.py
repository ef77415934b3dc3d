"""Compression of output files, as the end of their name tells: gzip, zstd, xz or bzip2."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO, Final, Protocol

from cancelnorm.logs.compression import MissingLibraryError

__all__ = ["Writable", "packed"]

_GZIP_LEVEL: Final = 6  # that of most tools


class Writable(Protocol):
    """A binary file, compressed or not, that is open for writing."""

    def write(self, data: bytes, /) -> object:
        """Write bytes."""

    def flush(self) -> object:
        """Pass on what has been written."""


@contextmanager
def packed(file: BinaryIO, name: str) -> Iterator[Writable]:
    """Compress what is written to a file if its name ends with ``.gz``, ``.zst``, ``.xz`` or ``.bz2``.

    The same content gives the same bytes. Raises MissingLibraryError if zstd is not installed.
    """
    match name.lower().rpartition(".")[2]:
        case "gz":
            import gzip  # here and below: most outputs are plain

            with gzip.GzipFile("", "wb", _GZIP_LEVEL, file, mtime=0) as gzip_file:
                yield gzip_file
        case "xz":
            import lzma

            with lzma.open(file, "wb") as xz_file:
                yield xz_file
        case "bz2":
            import bz2

            with bz2.open(file, "wb") as bz2_file:
                yield bz2_file
        case "zst":
            try:
                import zstandard  # an extra
            except ImportError as error:
                raise MissingLibraryError(name, "zstd", "zstd") from error
            with zstandard.ZstdCompressor().stream_writer(file, closefd=False) as zstd_file:
                yield zstd_file
        case _:
            yield file
