"""How fast hostile inputs are checked and masked: ``python -m tests.benchmarks.hostile [WORD …]``, slowest first.

Words select kinds of inputs by their names, ``--reader`` a format, or ``masker``. Each kind has two sizes, of which the
second, ``--size`` in KB, is four times the first: growth of much more than four times is superlinear. ``--command`` has
them normalised, or converted to a table, and not checked.
With ``--tiny``, commands are run on logs of tiny records, whose cost is that of the records: seconds of CPU for
a megabyte, start-up left out, and the memory of the process. ``convert`` needs the extra ``arrow``.
"""

import argparse
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Final, NamedTuple

from cancelnorm.arrow.log_rows import LogRows
from cancelnorm.check import Settings, examine_batch
from cancelnorm.cli.event_lines import EventLines
from cancelnorm.cli.normalise import convert, convert_by_column
from cancelnorm.event_json import encode_masked
from cancelnorm.logs import Options, batches
from cancelnorm.masking import without_secrets
from tests.adversarial import READERS, TINY, Input, inputs, readers_of, tiny_records
from tests.benchmarks.children import Cost, cost_of

_SETTINGS = Settings(excerpts="first", columns=True)


class Measured(NamedTuple):
    """Seconds that an input took at a quarter of its size, and at its whole size."""

    reader: str
    kind: Input
    quarter: float
    whole: float

    @property
    def growth(self) -> float:
        """How many times as long the whole took as a quarter of it."""
        return self.whole / max(self.quarter, 1e-6)


class OutOfTime(BaseException):
    """An input took longer than the limit."""


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """Raise OutOfTime after so many seconds of CPU."""

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise OutOfTime

    signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)


def check(reader: str, path: Path) -> None:
    """Read and check a log, as one format or as what it looks like."""
    options = Options(format=None if reader == "detected" else reader)
    for batch in batches(str(path), options):
        examine_batch(batch, _SETTINGS)


def normalised(reader: str, path: Path) -> None:
    """Read a log, and encode its events as JSON lines."""
    options = Options(format=None if reader == "detected" else reader)
    for batch in batches(str(path), options):
        convert(batch, "collect", partial(EventLines, encode_masked))


def converted(reader: str, path: Path) -> None:
    """Read a log, and make a table of its events."""
    options = Options(format=None if reader == "detected" else reader)
    for batch in batches(str(path), options):
        convert_by_column(batch, "collect", LogRows)


_RUNS: Final = {"check": check, "normalise": normalised, "convert": converted}


def seconds(run: Callable[[], object], limit: float) -> float:
    """Seconds of CPU that a call takes; infinite if it takes longer than the limit."""
    start = time.thread_time()
    try:
        with at_most(limit):
            run()
    except OutOfTime:
        return float("inf")
    return time.thread_time() - start


def measured(
    reader: str, kind: Input, size: int, limit: float, folder: Path, command: str = "check"
) -> Measured:
    """Measure one kind of input."""
    examined = _RUNS[command]
    times = []
    for n in (size // 4, size):
        data = kind.data(n)
        if reader == "masker":
            text = data.decode("utf-8", "surrogateescape")
            times.append(seconds(lambda text=text: without_secrets(text), limit))  # type: ignore[misc]
        else:
            path = folder / "input.log"
            path.write_bytes(data)
            times.append(seconds(lambda path=path: examined(reader, path), limit))  # type: ignore[misc]
        if times[-1] == float("inf"):
            break
    return Measured(reader, kind, times[0], times[-1])


# --- Tiny records ---

COMMANDS = ("check", "normalise", "convert")


def run(command: str, path: Path) -> Cost:
    """Run a command on a log."""
    output = path.with_suffix(".parquet" if command == "convert" else ".out")
    arguments = (sys.executable, "-m", "cancelnorm", command, str(path), "--output", str(output))
    return cost_of(*arguments, codes=(0, 1))


def tiny(words: list[str], size: int, folder: Path) -> None:
    """Print what tiny records cost."""
    path = folder / "input.jsonl"
    print(f"| records | {' | '.join(f'`{command}` s/MB | MB' for command in COMMANDS)} |")
    print(f"|---|{'---|---|' * len(COMMANDS)}", flush=True)
    for name, line in TINY.items():
        if not all(word in name for word in words):
            continue
        cells: list[str] = []
        for command in COMMANDS:
            path.write_bytes(tiny_records(line, 1_000))
            start = run(command, path)
            path.write_bytes(tiny_records(line, size))
            used = run(command, path)
            cells += [f"{(used.cpu - start.cpu) / size * 1e6:.1f}", f"{used.megabytes:.0f}"]
        print(f"| {name} | {' | '.join(cells)} |", flush=True)


def main() -> None:
    """Measure the kinds of inputs that the arguments select."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("words", nargs="*")
    parser.add_argument("--reader", choices=READERS, action="append")
    parser.add_argument("--command", choices=_RUNS, default="check")
    parser.add_argument("--size", type=int, default=64)
    parser.add_argument("--limit", type=float, default=10.0)
    parser.add_argument("--show", type=int, default=40)
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--tiny", action="store_true")
    asked = parser.parse_args()
    if asked.tiny:
        with tempfile.TemporaryDirectory() as folder:
            tiny(asked.words, asked.size << 10, Path(folder))
        return
    found = []
    with tempfile.TemporaryDirectory() as folder:
        for kind in [each for each in inputs() if all(word in str(each) for word in asked.words)][
            :: asked.every
        ]:
            for reader in readers_of(kind):
                if reader == "masker" and asked.command != "check":
                    continue
                if not asked.reader or reader in asked.reader:
                    size = asked.size << 10
                    found.append(measured(reader, kind, size, asked.limit, Path(folder), asked.command))
                    if (found[-1].growth > 8 and found[-1].whole > 0.05) or found[-1].whole > 0.3:
                        print(found[-1], flush=True)
    print(f"{len(found)} inputs of {asked.size} KB, slowest first\n\n  MB/s  growth  reader        input")
    for each in sorted(found, key=lambda each: -each.whole)[: asked.show]:
        speed = (asked.size << 10) / 1e6 / each.whole
        print(f"{speed:6.2f}  {each.growth:6.1f}  {each.reader:12}  {each.kind}")
    print("\ngrowth")
    for each in sorted(found, key=lambda each: -each.growth)[: asked.show]:
        speed = (asked.size << 10) / 1e6 / each.whole
        if each.whole > 0.02:
            print(f"{speed:6.2f}  {each.growth:6.1f}  {each.reader:12}  {each.kind}")


if __name__ == "__main__":
    main()
