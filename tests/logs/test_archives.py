"""Archives: what is said of a member that is damaged, in each method of compression."""

import errno
import io
import struct
import zipfile
from pathlib import Path
from typing import Final

import pytest

from cancelnorm.logs import Unreadable, read

LINE: Final = b'{"venue":"okx","payload":{"code":"0"}}\n'
METHODS: Final = {
    "stored": zipfile.ZIP_STORED,
    "deflate": zipfile.ZIP_DEFLATED,
    "bzip2": zipfile.ZIP_BZIP2,
    "lzma": zipfile.ZIP_LZMA,
}
HEADER: Final = 30 + len("a.jsonl")
"""Bytes before the data of the first member."""


def archive(path: Path, method: str, content: bytes = LINE * 50) -> bytearray:
    """The bytes of an archive of two members."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", METHODS[method]) as file:
        file.writestr("a.jsonl", content)
        file.writestr("b.jsonl", LINE)
    path.write_bytes(packed.getvalue())
    return bytearray(packed.getvalue())


def told(path: Path) -> tuple[int, list[str]]:
    """How many lines of the first member are read, and what is said of the rest."""
    try:
        found = list(read(f"{path}/a.jsonl"))
    except OSError as error:
        return 0, [str(error.strerror)]
    faults = [each.reason for each in found if isinstance(each, Unreadable)]
    return len(found) - len(faults), faults


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("count", [0, 1, 50, 3_000])
def test_whole(tmp_path: Path, method: str, count: int) -> None:
    """All lines are read, an empty member too."""
    path = tmp_path / "day.zip"
    archive(path, method, LINE * count)
    assert told(path) == (count, [])
    assert len(list(read(f"{path}/b.jsonl"))) == 1


@pytest.mark.parametrize("method", METHODS)
def test_another_checksum(tmp_path: Path, method: str) -> None:
    """The last bytes of a member are not given then, which are all of a small one."""
    path = tmp_path / "day.zip"
    data = archive(path, method)
    at = data.rindex(b"PK\x01\x02", 0, data.rindex(b"PK\x01\x02"))  # the first in the list of members
    data[at + 16] ^= 1
    path.write_bytes(data)
    assert told(path) == (0, ["zip data is corrupt: bad crc-32"])


@pytest.mark.parametrize(("at", "said"), [(6, "encrypted"), (8, "method")])
@pytest.mark.parametrize("method", METHODS)
def test_a_member_that_cannot_be_read_at_all(tmp_path: Path, method: str, at: int, said: str) -> None:
    """The list of members says so."""
    path = tmp_path / "day.zip"
    data = archive(path, method)
    listed = data.rindex(b"PK\x01\x02", 0, data.rindex(b"PK\x01\x02"))
    data[listed + at + 2] = 1 if at == 6 else 97
    path.write_bytes(data)
    reasons = {"encrypted": "the file is encrypted", "method": "compression method 97 is not supported"}
    assert told(path) == (0, [reasons[said]])


@pytest.mark.parametrize(
    ("window", "is_read"), [(1 << 16, True), (1 << 27, True), ((1 << 27) + 1, False), (1 << 30, False)]
)
def test_memory_of_lzma(tmp_path: Path, window: int, is_read: bool) -> None:
    """A member that takes more memory than any tool makes it take is not read."""
    path = tmp_path / "day.zip"
    data = archive(path, "lzma")
    struct.pack_into("<I", data, HEADER + 5, window)
    path.write_bytes(data)
    assert told(path) == ((50, []) if is_read else (0, ["the file takes too much memory"]))


@pytest.mark.parametrize("size", [4, 6])
def test_properties_of_lzma(tmp_path: Path, size: int) -> None:
    """They have a size of their own, which never differs."""
    path = tmp_path / "day.zip"
    data = archive(path, "lzma")
    struct.pack_into("<H", data, HEADER + 2, size)
    path.write_bytes(data)
    assert told(path) == (0, ["the file takes too much memory"])


@pytest.mark.parametrize("method", METHODS)
def test_a_member_without_its_header(tmp_path: Path, method: str) -> None:
    """The place that the list names has to be that of a member."""
    path = tmp_path / "day.zip"
    data = archive(path, method)
    with zipfile.ZipFile(path) as file:
        at = file.infolist()[1].header_offset
    data[at : at + 4] = b"PK\x03\x05"
    path.write_bytes(data)
    with pytest.raises(OSError, match="bad magic number for file header"):
        list(read(f"{path}/b.jsonl"))
    assert told(path) == (50, [])


def test_a_member_that_is_missing(tmp_path: Path) -> None:
    """The system's own error names it."""
    path = tmp_path / "day.zip"
    archive(path, "stored")
    with pytest.raises(FileNotFoundError, match="no such file in the archive") as raised:
        list(read(f"{path}/c.jsonl"))
    assert (raised.value.errno, raised.value.filename) == (errno.ENOENT, f"{path}/c.jsonl")
