"""What is read of files by their names, of parts of them, of lines alone, and of what a quarantine holds."""

import gzip
import json
from collections.abc import Iterator, Mapping
from contextlib import chdir
from pathlib import Path
from shutil import make_archive
from tempfile import TemporaryDirectory
from typing import Any, Final

from cancelnorm import CancelNormError, Record
from cancelnorm.logs import Unreadable, options_of, ranges, read, window
from cancelnorm.logs.formats import FORMAT_NAMES
from cancelnorm.logs.formats import named as format_named
from cancelnorm.logs.item import Item
from cancelnorm.logs.lines import line_reader
from cancelnorm.logs.open import files as logs_at
from cancelnorm.logs.open import passed_over
from cancelnorm.logs.opening import is_address, shown_name
from cancelnorm.logs.options import ReadOptions
from cancelnorm.logs.quarantine import quarantined, redacted
from tests.logs.neighbours import of_values, shown
from tests.logs.readings import read_log

__all__ = ["files"]

_GONE: Final = {"retCode": 110001, "retMsg": "gone", "result": {}, "retExtInfo": {}, "time": 1795730430200}
_LINE: Final = {"venue": "bybit", "endpoint": "POST /v5/order/cancel", "payload": _GONE}


def files() -> Iterator[str]:
    """What is said of each."""
    yield from _names()
    yield from _contents()
    yield from _shown()
    yield from _cut()
    yield from _arrays()
    yield from _options()
    yield from _parts()
    yield from _lines()
    yield from _quarantines()


# --- Folders and archives ---

_ENDS: Final = (
    "jsonl",
    "json",
    "ndjson",
    "har",
    "yaml",
    "yml",
    "log",
    "csv",
    "txt",
    "gz",
    "zst",
    "xz",
    "bz2",
    "tar",
)
_NAMES: Final = (
    *(f"a.{end}" for end in _ENDS),
    *(f"b.{end.upper()}.gz" for end in _ENDS),
    *(
        f"bot.log{turn}"
        for turn in ("", ".1", ".2", ".10", "-3", ".2026-11-25", ".2026-11-26.gz", ".20261127", ".old", ".1x")
    ),
    *(
        "c.d.gz",
        ".hidden.log",
        ".h/x.log",
        "sub/bot.log.1",
        "sub/bot.log",
        "sub/deep/a.log",
        "__MACOSX/a.log",
        "log",
    ),
)


def _names() -> Iterator[str]:
    """Which of many files in a folder, and in an archive, are logs, in which order, and which are others."""
    with TemporaryDirectory() as place:
        folder = Path(place, "day")
        for name in _NAMES:
            _write(folder / name, json.dumps(_LINE))
        yield from _listed("in a folder", folder)
        yield from _listed("in an archive", Path(make_archive(str(Path(place, "all")), "zip", folder)))
        for path in [*folder.rglob("*.har"), *folder.rglob("*.HAR*")]:
            path.unlink()
        yield from _listed("without a HAR", Path(make_archive(str(Path(place, "rest")), "zip", folder)))
        (folder / "inner.zip").write_bytes(Path(place, "rest.zip").read_bytes())
        (folder / "broken.zip").write_bytes(b"PK")
        yield from _listed("an archive in a folder", folder)
        other = Path(place, "other")
        _write(other / "x.txt", json.dumps(_LINE))
        yield from _listed("nothing with the name of a log", Path(make_archive(str(other), "zip", other)))


_CONTENTS: Final[Mapping[str, str]] = {
    "empty.csv": "",
    "blank.json": " \n",
    "settings.json": '{"a": 1}',
    "settings.yaml": "a: 1\n",
    "latin.json": '{"\xff": 1,\n"venue": 2}',
    "state.json": '{"orders": {"7": {"b": 2}}}',
    "table.csv": "a,b\n1,2\n",
    "answers.csv": 'venue,payload\nbybit,"{""retCode"":0}"\n',
    "lines.json": json.dumps(_LINE),
    "text.log": "nothing of it\n",
    "lines.txt": json.dumps(_LINE),
    "frames.txt": f"2026-11-26 22:00:30 recv {json.dumps(_GONE)}\n",
    "prose.txt": "nothing of it\n",
    "long.json": json.dumps({"a": "x" * 100_000}),
    "broken.gz.txt": "\x1f\x8b",
}


def _contents() -> Iterator[str]:
    """Which files in a folder are read by what is in them, and why others are not."""
    with TemporaryDirectory() as place:
        folder = Path(place, "day")
        for name, text in _CONTENTS.items():
            _write(folder / name, text)
        (folder / "broken.json.gz").write_bytes(gzip.compress(b'{"a": 1}')[:-9])
        yield from _listed("by what is in them", folder)
        yield f"a file: {[Path(name).name for name in logs_at(folder / 'prose.txt')]}"
        folder.rename(Path(place, "-"))
        with chdir(place):  # standard input has the name of a folder
            yield f"standard input: {logs_at('-')} {passed_over('-')}"
    yield f"an address: {logs_at('s3://a/b.txt')} {passed_over('s3://a/b.txt')}"


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(text.encode()) if path.suffix == ".gz" else text.encode("latin-1"))


def _listed(title: str, place: Path) -> Iterator[str]:
    yield f"{title}:"
    yield f"  read: {', '.join(name.removeprefix(f'{place}/') for name in logs_at(place))}"
    for name, reason in passed_over(place):
        yield f"  {name.removeprefix(f'{place}/')}: {reason}"


def _shown() -> Iterator[str]:
    names = (
        *(
            "-",
            "day.log",
            "s3://key:word@bucket/a.log?X-Amz-Signature=abc#top",
            "https://a/b?c",
            "file.log?signature=abc",
        ),
        *("http:/a", "a://b", "C:\\a.log", "S3://a", "://a"),
    )
    yield from (f"{name}: {shown_name(name)} {is_address(name)}" for name in names)


def _cut() -> Iterator[str]:
    """What is read of a compressed log that ends within a line, or between two."""
    lines = "\n".join(json.dumps({**_LINE, "sent_ns": at}, separators=(",", ":")) for at in range(3))
    text = "\n".join(f"22:00:3{at} bybit recv {json.dumps(_GONE)}" for at in range(3))
    for name, log in (("one.jsonl.gz", lines), ("one.log.gz", text)):
        data = gzip.compress(f"{log}\nrest".encode(), 0, mtime=0)
        for missing in (0, 1, 8, 9, 12, 13, 14, 100, 200, 300):
            found = read_log(data[: len(data) - missing], name)
            told = (
                line if line[:1] != "{" else json.JSONDecoder().raw_decode(line)[0]["source"]
                for line in found
            )
            yield f"{name}, of which {missing} bytes are missing: {' | '.join(told)}"


_ITEMS: Final = ("7", '{"a" 1}', '{"a": "\\x"}', '{"level": "info"}', "[1]", "{}", '{"a": 1')


def _arrays() -> Iterator[str]:
    """What is read of an array in which an item stands twice that is no line of a log."""
    line = json.dumps({"ts": 1795730430250, "venue": "bybit", "payload": _GONE})
    for item in _ITEMS:
        found = read_log(f"[{line}, {item}, {item}, {line}]".encode(), "one.json")
        yield f"{item}: {' | '.join(found)}"


# --- What a caller says of a log ---


def _options() -> Iterator[str]:
    """What the formats are, what options are, and what is said of paths at which a log has nothing."""
    event = dict.fromkeys(("venue", "kind", "outcome", "evidence", "index"), "x")
    for missing in (None, *event):
        line = {key: value for key, value in event.items() if key != missing}
        found = read_log(json.dumps(line).encode(), "one.jsonl")
        yield f"an event without {missing or 'nothing'}: {' | '.join(found)}"
    yield from (f"{name}: {format_named(name).about}" for name in FORMAT_NAMES)
    for given in _GIVEN:
        options = options_of(**given)
        yield f"{given}: {shown(options)} {options.zone}"
    log = b'{"a": 1}\n{"payload": {"retCode": 0}, "venue": "bybit", "x": {}}\n'
    for part in ("payload", "venue", "status", "account", "received"):
        for path in ("$.x.y", "$.a[0]"):
            found = read_log(log, "one.jsonl", paths={part: path})
            yield f"{part} at {path}: {' | '.join(found)}"


_GIVEN: Final[tuple[ReadOptions, ...]] = (
    {},
    {"venue": "bybit-linear", "tz": "+08:00"},
    {"hosts": {"Proxy.Example:8080": "bybit-linear", "b": "okx"}, "paths": {"payload": "$.a"}},
    {"hosts": None, "paths": None, "venue": None, "format": "text", "max_record_bytes": 7},
)

# --- Parts of a file, and lines alone ---


def _parts() -> Iterator[str]:
    """The ranges of a log by their size, and its windows by their times, with the sources of what is in each."""
    rows = [{**_LINE, "received_ns": at} for at in (10, 20, 20, 30, 50)]
    lines = [json.dumps(row, separators=(",", ":")) for row in rows]
    text = "\n".join([*lines[:2], "", "{", *lines[2:]])
    with TemporaryDirectory() as place:
        path = Path(place, "day.jsonl")
        path.write_bytes(text.encode() + b"\n")
        length = len(lines[0]) + 1
        for size in (1, length - 1, length, length + 1, 2 * length, 1_000_000):
            yield f"ranges of {size}: {[_part(each) for each in ranges(path, size)]}"
        for size in (0, -1):
            yield f"ranges of {size}: {_refusal(path, size)}"
        for start, end in (
            (None, None),
            (10, 20),
            (20, 21),
            (21, 30),
            (15, None),
            (None, 50),
            (51, 60),
            (30, 10),
        ):
            for margin in (0, 10):
                found = window(path, start, end, margin_ns=margin)
                yield f"windows from {start} to {end}, {margin} around: {[_part(each) for each in found]}"
        path.write_bytes("\n".join([*lines, lines[0]]).encode())
        for margin in (0, 39, 40):
            found = window(path, 20, 31, margin_ns=margin)
            yield f"a late line, {margin} around: {[_part(each) for each in found]}"


def _part(part: Any) -> Any:
    sources = [(found.source or "").rpartition(":")[2] for found in read(part)]
    return part.start, part.end, part.line, " ".join(sources)


def _refusal(path: Path, size: int) -> str:
    try:
        return str(list(ranges(path, size)))
    except ValueError as error:
        return str(error)


_ALONE: Final = (
    json.dumps(_LINE),
    json.dumps({"venue": "bybit", "payload": {}}),
    json.dumps(_GONE),
    json.dumps({"ts": 1795730430250, "exchange": "bybit", "msg": f"recv {json.dumps(_GONE)}"}),
    json.dumps(
        {"ts": 1795730430250, "dir": "out", "url": "https://api.bybit.com/v5/order/cancel", "method": "POST"}
    ),
    f"1795730430250 {json.dumps(_GONE)}",
    '1795730430250 {"id":1,"method":"order.cancel","params":{"symbol":"BTCUSDT","orderId":7}}',
    json.dumps({"venue": "okx", "payload": {}, "request": {"a": json.loads("[" * 110 + "]" * 110)}}),
    "",
    " ",
    "{",
    "x" * 301,
)


def _lines() -> Iterator[str]:
    """What is read of a line alone in each format."""
    options = options_of(max_record_bytes=300, dialect="quoted-numbers")
    for form in (*FORMAT_NAMES, "x"):
        try:
            reader = line_reader(form, options)
        except (ValueError, CancelNormError) as error:
            yield f"{form}: {error}"
            continue
        yield f"{form}:"
        for line in _ALONE:
            for source in ("a.log:7", ""):
                yield f"  {line[:40]} {source}: {[*map(shown, reader(line.encode(), source))]}"


# --- Quarantines ---

_RECORD: Final = Record(
    json.dumps(_GONE),
    "bybit",
    "POST /v5/order/cancel?signature=abcdef",
    200,
    {"symbol": "BTCUSDT", "apiKey": "k"},
    1,
    2,
    "a.jsonl:7",
    "quoted-numbers",
    ("headers.cookie",),
    "desk",
    "shared_id",
)
_FINDING: Final = {"code": "CN001", "path": "$.a", "message": "required field is missing"}


def _quarantines() -> Iterator[str]:
    """What stands in a quarantine, what is read of it again, and what of its header with another value of each part."""
    items = {
        "a record": Item(_RECORD, b'{"apiKey": "k"}\nmore'),
        "half of a pair": Item(Record("\ud83d", "bybit", source="a.jsonl:8")),
        "bytes that are no text": Item(Record(b"\xff", "bybit", source="a.jsonl:8"), b"\xff"),
        "of several rows": Item(
            Record("", "okx", request=[{"a": 1}, {"token": "t"}], source="day\udcff.log:1")
        ),
        "a line": Item(Unreadable("a.log:9", "line", "not JSON"), b"x&signature=abcdef&y"),
    }
    for title, item in items.items():
        for masked in (item, redacted(item)):
            data = quarantined(masked, _FINDING)
            yield f"{title}: {data!r}"
            yield from (f"  {line}" for line in read_log(data, "one.log"))
            yield from (
                f"  cut: {line}" for line in read_log(data.rpartition(b"\n{")[0][:-1] or data[:-2], "one.log")
            )
    long = quarantined(
        Item(Unreadable("a.log:9", "line", "not JSON"), b"x\n" + b"y" * 66_000 + b"\nz"), _FINDING
    )
    for most in (100, 1_000):
        found = read_log(long + b"rest\n", "one.log", max_record_bytes=most)
        yield f"a line below that is too long, with {most} bytes: {' | '.join(found)}"
    header = json.loads(quarantined(items["a record"], _FINDING).partition(b"\n")[0])
    yield from of_values("header", _again, (header,))


def _again(header: Any) -> Any:
    data = json.dumps(header, separators=(",", ":")).encode() + b"\nx\ny\nz\n"
    return read_log(data, "one.log")
