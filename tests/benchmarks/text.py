"""How fast lines of text with one frame of Binance are read, beside ``orjson.loads`` of the same frames.

``python -m tests.benchmarks.text`` measures in one process and prints medians. Needs the extra ``bench``.
"""

import io
from functools import partial

import orjson

from cancelnorm.logs.compression import Stream
from cancelnorm.logs.options import Options
from cancelnorm.logs.source import Source
from cancelnorm.logs.text import TEXT
from tests.benchmarks import __main__ as benchmarks
from tests.samples import SAMPLES

LINES = 1_000


def read(data: bytes) -> None:
    """Read a log, and keep nothing of it."""
    for _ in TEXT.read(Source(Stream(io.BytesIO(data), "log"), "log"), Options()):
        pass


def main() -> None:
    """Print the figures."""
    for endpoint, words in (
        ("stream executionReport", "recv"),
        ("ws order.cancel", "<"),
        ("DELETE /api/v3/order", "response"),
    ):
        sample = next(s for s in SAMPLES.values() if (s.venue, s.endpoint) == ("binance", endpoint))
        frame = orjson.dumps(orjson.loads(bytes(sample.payload)))
        line = f"2026-11-26 22:00:30,%03d DEBUG bot: {words} "
        data = b"".join(b"%b%b\n" % ((line % (i % 1_000)).encode(), frame) for i in range(LINES))
        found = benchmarks.medians(
            {
                "orjson": benchmarks.each(orjson.loads, [frame] * LINES),
                "text": partial(read, data),
            },
            rounds=9,
        )
        ratio = found["text"] / found["orjson"]
        print(f"{endpoint:24} {len(data) / found['text']:6.1f} MB/s {ratio:6.2f} × orjson.loads", flush=True)


if __name__ == "__main__":
    main()
