"""All samples and logs, read by threads that start together: ``python -m tests.threads FOLDER THREADS``.

Nothing in the package is imported before the threads start, so that its imports race, and whatever is made at
first use. Each does so in an order of its own, and then half of it once more. What each of them was told goes to
``FOLDER/<thread>.json``, and every sample and log is read by two of them.
"""

import random
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from pathlib import Path
from threading import Barrier
from typing import Any

import msgspec

import cancelnorm
from tests.sample_logs import LOG_FILES

ROOT = Path(__file__).parent.parent
SAMPLES = sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "samples").glob("*/*.json"))
LOGS = [path.relative_to(ROOT).as_posix() for path in LOG_FILES]
MODULES = ("check", "logs", "masking", "provenance", "report", "venues")
"""What a program imports, besides the names of the package itself."""
PUBLIC = (*MODULES, *cancelnorm.__all__)


def told(name: str) -> str:
    """All that the library says of a sample or a log."""
    said = _log(ROOT / name) if name in LOGS else _sample(name)
    return msgspec.json.encode(list(said), enc_hook=_plain).decode()


def _plain(value: Any) -> object:
    return bytes(value).decode() if isinstance(value, msgspec.Raw) else str(value)


def _sample(name: str) -> Iterator[Any]:
    from cancelnorm import encode, event_ids, identify, normalise, order_key, parse
    from tests.samples import SAMPLES

    record = SAMPLES[name.removeprefix("samples/").removesuffix(".json")].record(name)
    for each in (record, msgspec.structs.replace(record, endpoint=None)):
        yield _outcome(lambda: parse(each))  # noqa: B023  # called at once
        result = _outcome(lambda: normalise(each))  # noqa: B023
        yield result
        if not isinstance(result, str):
            yield [(encode(event), order_key(event)) for event in result.events]
            yield event_ids(each, result)
    yield _outcome(lambda: normalise(msgspec.structs.replace(record, endpoint="DELETE /nothing")))
    yield identify(record.payload)  # last, for it makes the readers of all venues


def _outcome(call: Callable[[], Any]) -> Any:
    """What a call gives, or the error that it raises, if it is one of ours."""
    from cancelnorm import CancelNormError

    try:
        return call()
    except CancelNormError as error:
        return f"{type(error).__name__}: {error}"


def _log(path: Path) -> Iterator[Any]:
    from cancelnorm import events
    from cancelnorm.check import check
    from cancelnorm.logs import Unreadable, read
    from cancelnorm.masking import without_secrets

    yield [item if isinstance(item, Unreadable) else msgspec.structs.astuple(item) for item in read(path)]
    yield list(events(path, venue="binance"))
    yield list(check(read(path), excerpts="all"))
    yield without_secrets(path.read_text("utf-8"))


def run(folder: Path, threads: int) -> None:
    """Let threads read everything, each its share."""
    together = Barrier(threads)

    def work(thread: int) -> None:
        order = random.Random(thread)
        shares = {thread, (thread + 1) % threads}
        names = [name for i, name in enumerate(SAMPLES + LOGS) if i % threads in shares]
        together.wait(60)
        for name in order.sample(PUBLIC, len(PUBLIC)):
            _ = import_module(f"cancelnorm.{name}") if name in MODULES else getattr(cancelnorm, name)
        import_module("tests.samples")
        together.wait(60)
        rounds = (order.sample(names, count) for count in (len(names), len(names) // 2))
        found = [{name: told(name) for name in each} for each in rounds]
        (folder / f"{thread}.json").write_bytes(msgspec.json.encode(found))

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(work, range(threads)))


if __name__ == "__main__":
    sys.setswitchinterval(1e-6)
    run(Path(sys.argv[1]), int(sys.argv[2]))
