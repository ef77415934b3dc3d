"""Compressed logs that end in zeros, as a power cut leaves them: nothing is read of those."""

import bz2
import gzip
import lzma
from collections.abc import Callable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cancelnorm.logs.compression import Stream
from tests.logs.captured import Chunks

PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "bzip2": bz2.compress,
    "xz": lzma.compress,
}
LINES = b"".join(b'{"number":%d,"text":"order %d"}\n' % (number, number * 7919) for number in range(300))


def _pieces(data: bytes, size: int) -> Iterator[bytes]:
    return (data[start : start + size] for start in range(0, len(data), size))


@pytest.mark.parametrize("packer", PACKERS)
@given(
    st.floats(0, 1), st.integers(0, 40) | st.integers(41, 5_000), st.integers(1, 50) | st.integers(51, 5_000)
)
def test_zeros_are_no_data(packer: str, part: float, zeros: int, size: int) -> None:
    """What was written before them is read, and the damage is told if that was not all."""
    packed = PACKERS[packer](LINES)
    written = packed[: max(10, int(len(packed) * part))]
    stream = Stream(Chunks(_pieces(written + bytes(zeros), size)), "log")
    read = b"".join(stream)
    assert LINES.startswith(read)
    assert stream.damage is not None or read == LINES
    if written == packed:
        assert (read, stream.damage) == (LINES, None)
