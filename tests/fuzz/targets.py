"""The parts of the library that are fuzzed, each with its seeds."""

import bz2
import gzip
import io
import lzma
import zipfile
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any, Final, NamedTuple
from zlib import crc32

import msgspec
from msgspec.structs import replace

from cancelnorm import Record, venues
from cancelnorm.cli.reading import batches
from cancelnorm.logs import Options, files
from cancelnorm.reader.nesting import is_too_deep
from cancelnorm.report import WRITERS
from tests.fuzz import probes
from tests.fuzz.mutations import mutated, planted
from tests.fuzz.seeds import all_logs, bodies, bytes_of, events, logs, payloads, skipped

__all__ = ["TARGETS", "Attempt", "Target"]


class Attempt(NamedTuple):
    """One input: the bytes of a payload, which ``record`` is about, or of a log that is read as ``format``."""

    data: bytes
    record: Record | None = None
    format: str | None = None


class Target(NamedTuple):
    """A part of the library; ``run`` raises where something does not hold.

    ``suffix`` is that of a file with its input.
    """

    name: str
    make: Callable[[Random], Attempt]
    run: Callable[[Attempt], None]
    suffix: str


# --- Payloads ---


_STATUSES: Final = (None, 200, 400, 429, 500, 503, 0, -1, 999, 10**30)


def _make_payload(random: Random) -> Attempt:
    """Mutate the payload of a sample, and sometimes what else its record says."""
    record = random.choice(payloads() if random.random() < 0.9 else skipped())
    data = mutated(random, bytes_of(record.payload), bodies()[record.venue])
    changes: dict[str, Any] = {}
    if random.random() < 0.2:
        changes["endpoint"] = random.choice(tuple(venues.every()[record.venue].endpoints))
    elif random.random() < 0.04:  # each costs as much as a hundred others
        changes["endpoint"] = None
    if random.random() < 0.2:
        changes["status"] = random.choice(_STATUSES)
    if random.random() < 0.1:
        changes["dialect"] = "quoted-numbers"
    if record.request and random.random() < 0.3:
        changes["request"] = _mutated_request(random, record.request)
    if random.random() < 0.05:
        changes["pairing"] = random.choice(("no_answer", "timeout", "shared_id"))
    return Attempt(data, replace(record, payload=data, **changes))


def _mutated_request(random: Random, request: Any) -> Any:
    try:
        found = msgspec.json.decode(mutated(random, msgspec.json.encode(request), ()))
    except (ValueError, RecursionError):
        return request
    rows = found if isinstance(found, list) else [found]
    # A reader of logs gives none that is nested more deeply.
    return found if all(isinstance(row, dict) for row in rows) and not is_too_deep(found) else request


def _of_record(probe: Callable[[Record], None], attempt: Attempt) -> None:
    assert attempt.record is not None
    probe(replace(attempt.record, payload=attempt.data))
    if crc32(attempt.data) % 8 == 0:
        text = attempt.data.decode("utf-8", "surrogateescape")
        probe(replace(attempt.record, payload=text))


# --- Events and texts ---


def _make_event(random: Random) -> Attempt:
    return Attempt(mutated(random, random.choice(events()), ()))


def _make_text(random: Random) -> Attempt:
    seeds = all_logs()
    data = mutated(random, random.choice(seeds), ())
    return Attempt(planted(random, data, random.choice(probes.PLANTS)))


# --- Logs ---


def _make_log(name: str, random: Random) -> Attempt:
    seeds = logs(name)
    kin = random.random()
    others = seeds if kin < 0.5 else all_logs() if kin < 0.7 else bodies()[random.choice(tuple(bodies()))]
    data = mutated(random, random.choice(seeds), others)
    if random.random() < 0.15:
        data = planted(random, data, random.choice(probes.PLANTS))
    return Attempt(data, format=name if name != "events" and random.random() < 0.5 else None)


_FORMATS: Final = tuple(WRITERS)
_PIECES: Final = (1, 2, 3, 7, 64, 1_000)


def _run_log(attempt: Attempt) -> None:
    """Check a log once; one in some also in the ways that cost more than all of the check."""
    number = crc32(attempt.data)
    output_format = _FORMATS[number % len(_FORMATS)] if number % 4 == 0 else "jsonl"
    if output_format == "html" and number % 512:  # which takes a thousand times as long
        output_format = "text"
    piece = _PIECES[number % len(_PIECES)] if number % 13 == 0 and len(attempt.data) < 20_000 else None
    _probe_log(attempt, output_format, piece)


def _run_packed(attempt: Attempt) -> None:
    """How much of a damaged file is read depends on the pieces."""
    _probe_log(attempt, "jsonl", None)


def _probe_log(attempt: Attempt, output_format: str, piece: int | None) -> None:
    # A quarantine is detected, never named.
    options = Options(format=None if attempt.format == "quarantine" else attempt.format)
    log = probes.checks_alike(attempt.data, options, output_format=output_format, piece=piece)
    number = crc32(attempt.data)
    if number % 128 == 0:
        probes.explains_each(log)
    if number % 5 == 0:
        probes.requarantines(log)


# --- Compressed files and archives ---


def _make_packed(random: Random) -> Attempt:
    seed = random.choice(all_logs())[:4_000]
    if random.random() < 0.3:
        seed = mutated(random, seed, ())
    pack = random.choice((gzip.compress, bz2.compress, lzma.compress, _zstd))
    data = pack(seed)
    if random.random() < 0.2:
        data += pack(b"{}\n")
    return Attempt(_damaged(random, data))


def _zstd(data: bytes) -> bytes:
    import zstandard

    return zstandard.compress(data)


def _damaged(random: Random, data: bytes) -> bytes:
    for _ in range(random.randrange(1, 4)):
        at = random.randrange(len(data) + 1)
        match random.randrange(4):
            case 0:
                data = data[:at]
            case 1:
                data = data[:at] + random.randbytes(random.randrange(1, 4)) + data[at + random.randrange(4) :]
            case 2:
                data = data[:at] + data[at + random.randrange(30) :]
            case _:
                data = data[:at] + random.choice((b"\0", b"\xff")) * random.randrange(1, 5) + data[at + 1 :]
    return data


_MEMBERS: Final = (
    "bot.log",
    "a/b.jsonl",
    "../x.har",
    "day.jsonl.gz",
    "\u202e.log",
    "x" * 300 + ".log",
    "a:1.log",
    "",
    "//",
)


def _make_zip(random: Random) -> Attempt:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in random.sample(_MEMBERS, random.randrange(1, 4)):
            method = random.choice(
                (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)
            )
            info = zipfile.ZipInfo(name)
            info.compress_type = method
            archive.writestr(info, random.choice(all_logs())[:2_000])
    data = buffer.getvalue()
    return Attempt(_damaged(random, data) if random.random() < 0.9 else data)


def _run_zip(attempt: Attempt) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "hostile.zip"
        path.write_bytes(attempt.data)
        for found in (files(path), files(folder)):
            for batch in batches(found, Options()):
                list(getattr(batch, "items", list)())


_PAYLOADS: Final[Mapping[str, Callable[[Record], None]]] = {
    "normalise": probes.normalises,
    "parse": probes.parses,
    "identify": probes.identifies,
    "explain": probes.explains,
    "payload": probes.reads,
}
_SUFFIXES: Final = {
    "har": ".har",
    "csv": ".csv",
    "array": ".json",
    "jsonl": ".jsonl",
    "records": ".jsonl",
    "events": ".jsonl",
    "quarantine": ".jsonl",
}
_READERS: Final = (
    *("records", "har", "vcr", "ccxt", "cryptofeed", "timestamped", "array", "jsonl", "csv", "bare", "text"),
    *("quarantine", "events"),
)


def _targets() -> Sequence[Target]:
    payloads = [
        Target(name, _make_payload, partial(_of_record, probe), ".jsonl") for name, probe in _PAYLOADS.items()
    ]
    readers = [
        Target(name, partial(_make_log, name), _run_log, _SUFFIXES.get(name, ".log")) for name in _READERS
    ]
    return (
        *payloads,
        Target("decode", _make_event, lambda attempt: probes.decodes(attempt.data), ".jsonl"),
        Target("mask", _make_text, lambda attempt: probes.masks(attempt.data), ".log"),
        *readers,
        Target("packed", _make_packed, _run_packed, ".bin"),
        Target("zip", _make_zip, _run_zip, ".zip"),
    )


TARGETS: Final = {target.name: target for target in _targets()}
