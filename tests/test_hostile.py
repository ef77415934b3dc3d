"""Inputs that once did harm, and others like them: every reader refuses what it cannot read, and goes on.

``samples/hostile`` has a folder for each reader. What each file is read as stands in the snapshot beside this
module; ``pytest tests/test_hostile.py --snapshot-update`` writes it. ``python -m tests.fuzz`` adds files.
"""

import json
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion

from cancelnorm import Record
from cancelnorm.cli.jobs import UnreadFile
from cancelnorm.cli.reading import batches
from cancelnorm.logs import FORMAT_NAMES, Options, files
from tests.fuzz.probes import (
    batches_of,
    checked,
    checks_alike,
    explains,
    explains_each,
    identifies,
    masks,
    normalises,
    parses,
    requarantines,
)
from tests.samples import FOLDER

HOSTILE = sorted(path for path in (FOLDER / "hostile").rglob("*") if path.is_file())
LOGS = [path for path in HOSTILE if path.suffix != ".zip"]
ARCHIVES = [path for path in HOSTILE if path.suffix == ".zip"]
_MOST_BYTES = 10_000


def name_of(path: Path) -> str:
    """The name of a file in the folder."""
    return path.relative_to(FOLDER / "hostile").as_posix()


@pytest.mark.parametrize("path", LOGS, ids=name_of)
def test_logs(path: Path, snapshot: SnapshotAssertion) -> None:
    """A hostile log is read as the snapshot says."""
    assert checked(batches_of(path.read_bytes(), Options()), "concise").report == snapshot


@pytest.mark.parametrize("path", LOGS, ids=name_of)
def test_invariants(path: Path) -> None:
    """What holds of any log holds of a hostile one, whatever its format is taken for, and in whatever pieces."""
    data = path.read_bytes()
    folder = path.parent.name.partition("-")[0]
    piece = None if folder == "packed" else 1
    logs = [checks_alike(data, Options(), output_format="sarif", piece=piece)]
    for form in sorted({"jsonl", "text", folder} & {*FORMAT_NAMES}):
        options = Options(format=form, venue="binance")
        logs.append(checks_alike(data, options, output_format="jsonl", piece=None))
    for log in logs:
        requarantines(log)
    explains_each(logs[0])
    masks(data)


@pytest.mark.parametrize("path", LOGS, ids=name_of)
def test_payloads(path: Path) -> None:
    """What holds of any payload holds of those in a hostile log."""
    for item in checked(batches_of(path.read_bytes(), Options())).items:
        if isinstance(item, Record):
            for probe in (normalises, parses, identifies, explains):
                probe(item)


@pytest.mark.parametrize("path", ARCHIVES, ids=name_of)
def test_archives(path: Path, tmp_path: Path, snapshot: SnapshotAssertion) -> None:
    """A hostile archive is read as the snapshot says."""
    place = tmp_path / path.name
    place.write_bytes(path.read_bytes())
    told = []
    for name in files(place):
        found = list(batches([name], Options()))
        told.append(name.removeprefix(f"{tmp_path}/"))
        unread = [item.reason for item in found if isinstance(item, UnreadFile)]
        told += unread or [
            checked(iter(batch for batch in found if not isinstance(batch, UnreadFile)), "concise").report
        ]
    assert "\n".join(told).replace(f"{tmp_path}/", "") == snapshot


LARGE = {
    "brackets": b"[" * 100_000,
    "closed brackets": b"[" * 20_000 + b"]" * 20_000,
    "objects": b'{"a":' * 20_000,
    "digits": b"9" * 50_000,
    "fraction": b"0." + b"1" * 50_000,
    "text": b'"' + b"a" * 100_000 + b'"',
    "escapes": b'"' + b"\\u0041" * 20_000 + b'"',
    "backslashes": b'"' + b"\\" * 50_000,
    "quotes": b"'\"" * 20_000,
    "key": b'{"' + b"k" * 100_000 + b'":1}',
    "keys": b'{"a":1' + b',"a":1' * 10_000 + b"}",
}
"""What is too long for a file, by what there is so much of."""
PAYLOAD = b'{"code":-2011,"msg":"Unknown order sent."%b}'
URL = b"https://api.binance.com/api/v3/order?symbol=LTCBTC&orderId=4711"
LINES = {
    "records": (b"", b'{"venue":"binance","endpoint":"DELETE /api/v3/order","payload":%b}'),
    "jsonl": (b"", b'{"ts":1793700003,"method":"DELETE","url":"%b","status":400,"response":%%b}' % URL),
    "csv": (b"time,method,url,status,response_body\n", b'1793700003,DELETE,%b,400,"%%b"' % URL),
    "cryptofeed": (b"", b"1793700003.6: %b"),
    "timestamped": (b"", b"1793700003215 %b"),
    "bare": (b"", b"%b"),
    "ccxt": (b"", b"fetch Response: binance DELETE %b 400 ResponseHeaders: {} ResponseBody: %%b" % URL),
    "text": (b"started\n", b"INFO DELETE %b status=400 %%b" % URL),
}
"""A line of a format around a payload, and what the log begins with."""


@pytest.mark.parametrize("large", LARGE)
@pytest.mark.parametrize("form", LINES)
def test_large_values(form: str, large: str) -> None:
    """A value of enormous size costs its line and no other, on every Python."""
    head, line = LINES[form]
    payloads = [PAYLOAD % (b',"new":' + LARGE[large]), PAYLOAD % b""]
    if form == "csv":
        payloads = [payload.replace(b'"', b'""') for payload in payloads]
    data = head + b"".join(line % payload + b"\n" for payload in payloads)
    found = checked(batches_of(data, Options(format=form, venue="binance")))
    last = data.count(b"\n")
    assert [item for item in found.items if isinstance(item, Record) and item.source == f"hostile.log:{last}"]
    assert found.summary.understood >= 1


@pytest.mark.parametrize("large", LARGE)
def test_large_values_in_files(large: str) -> None:
    """In a file that is one object, too, as far as its brackets match."""
    text = (PAYLOAD % (b',"new":' + LARGE[large])).decode()
    entry = {"request": {"url": URL.decode(), "method": "DELETE"}, "response": {"content": {"text": text}}}
    said = {"string": text}
    cassette = {"request": {"uri": URL.decode(), "method": "DELETE"}, "response": {"body": said}}
    for data in (
        json.dumps({"log": {"creator": {}, "entries": [entry, entry]}}).encode(),
        json.dumps({"version": 1, "interactions": [cassette, cassette]}).encode(),
        b'{"log":{"creator":{},"entries":[%b,{}]}}' % LARGE[large],
        b'{"version":1,"interactions":[{"request":%b}]}' % LARGE[large],
        b"interactions:\n- request: {uri: %b, method: DELETE}\n  response: %b\n" % (URL, LARGE[large]),
        b'{"cancelnorm":"quarantine","source":"a","record":{"venue":"binance","request":{"a":%b}}}'
        % LARGE[large],
        b"[%b]" % LARGE[large],
    ):
        assert checked(batches_of(data, Options())).summary.records >= 1


def test_files_are_small() -> None:
    """A file that says what it is about is short; what has to be long is made by a test."""
    assert HOSTILE
    assert [name_of(path) for path in HOSTILE if path.stat().st_size > _MOST_BYTES] == []
