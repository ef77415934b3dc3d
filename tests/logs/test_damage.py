"""Logs that were cut, joined, reordered and damaged: nothing vanishes, nothing raises, nothing is invented."""

import pickle
import re
import zlib
from base64 import b64decode
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache, partial
from importlib import import_module
from typing import Final, NamedTuple
from unittest.mock import patch
from urllib.parse import unquote, unquote_plus

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cancelnorm import Record
from cancelnorm.check import BatchResult, Finding, History, Settings, examine_batch, in_sequence
from cancelnorm.check.statistics import Summary
from cancelnorm.cli import jobs
from cancelnorm.cli.event_lines import EventLines
from cancelnorm.cli.jobs import UnreadFile, done
from cancelnorm.cli.reading import batches
from cancelnorm.event_json import decode, encode
from cancelnorm.logs import Batch, Options
from cancelnorm.logs.compression import Stream
from cancelnorm.logs.formats import named, pick
from cancelnorm.logs.item import Item, Unreadable
from cancelnorm.logs.source import Block, Source
from cancelnorm.masking import MASK
from tests.logs.captured import LOGS, Chunks
from tests.sample_logs import LOG_FILES

SAMPLES = {str(path.relative_to(LOGS)): path.read_bytes() for path in LOG_FILES}
FORMAT = {name: pick(data, Options()).name for name, data in SAMPLES.items()}
# Formats in which a line is read by itself, or with its neighbours.
LINES = ("records", "timestamped", "jsonl", "cryptofeed", "bare", "text", "ccxt")
EXAMINE = Settings(events=partial(EventLines, encode))
open_module = import_module("cancelnorm.logs.open")
source_module = import_module("cancelnorm.logs.source")
# Each example reads a log several times, so there are fewer of them than of other laws.
slow = settings(
    max_examples=max(8, settings().max_examples // 40),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
line_formats = pytest.mark.parametrize("name", [name for name in SAMPLES if FORMAT[name] in LINES])
every_sample = pytest.mark.parametrize("name", SAMPLES)


def test_every_kind_of_log_is_drawn() -> None:
    """There are samples of most formats."""
    assert set(FORMAT.values()) >= {*LINES, "har", "vcr", "array", "csv"}


# --- Damage ---

JUNK = (
    bytes(9),
    *(
        b"\0",
        b"\xff",
        b"\xc3",
        b"\xed\xa0\x80",
        b"\\ud800",
        b"\\udc00",
        b"\xef\xbb\xbf",
        b"\r\n",
        b"\n",
        b"\r",
    ),
    *(b"{", b"}", b"[", b"]", b'"', b"'", b"\\", b",", b":", b"(", b")", b"`", b"<", b">", b"#", b"-", b" "),
    *(
        b"\t",
        b"null",
        b"NaN",
        b"1e999",
        b"-0",
        b"b'",
        b"Array",
        b"fetch Response:\n",
        b"\xe2\x80\xa8",
        b"&a",
        b"*a",
    ),
    *(b"---\n", b"...\n", b"!!binary ", b"|\n", b"[" * 300, b'{"a":' * 300, b"9" * 400),
)
junk = st.sampled_from(JUNK) | st.binary(max_size=6)


@st.composite
def rearranged(draw: st.DrawFn, lines: Sequence[bytes]) -> list[bytes]:
    """Lines of which some are dropped, repeated or swapped, or which are all in another order."""
    log = list(lines)
    if not draw(st.integers(0, 5)):
        log = list(draw(st.permutations(log)))
    for _ in range(draw(st.integers(0, 3))):
        if not log:
            break
        at, to = (draw(st.integers(0, len(log) - 1)) for _ in range(2))
        match draw(st.sampled_from(["drop", "repeat", "swap", "move"])):
            case "drop":
                del log[at : at + draw(st.integers(1, 3))]
            case "repeat":
                log.insert(to, log[at])
            case "swap":
                log[at], log[to] = log[to], log[at]
            case "move":
                log.insert(to, log.pop(at))
    return log


@st.composite
def damaged(draw: st.DrawFn, data: bytes) -> bytes:
    """A log of which bytes are missing, overwritten or inserted."""
    log = bytearray(data)
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.integers(0, len(log)))
        piece = draw(junk)
        log[at : at + draw(st.sampled_from([0, len(piece), 40]))] = piece
    begin = draw(st.just(0) | st.integers(0, len(log)))
    end = draw(st.just(len(log)) | st.integers(begin, len(log)))
    log = log[begin:end]
    if not draw(st.integers(0, 5)):
        log = log.replace(b"\n", b"\r\n")
    if not draw(st.integers(0, 7)):
        log[:0] = b"\xef\xbb\xbf"
    return bytes(log)


@st.composite
def broken(draw: st.DrawFn, name: str) -> bytes:
    """A sample that was rearranged, joined with another one, and damaged."""
    lines = draw(rearranged(SAMPLES[name].split(b"\n")))
    if not draw(st.integers(0, 2)):
        same = [other for other in SAMPLES if FORMAT[other] == FORMAT[name]]
        other = draw(st.sampled_from(same) | st.sampled_from(sorted(SAMPLES)))
        at = draw(st.sampled_from([0, len(lines)]) | st.integers(0, len(lines)))
        lines[at:at] = SAMPLES[other].split(b"\n")
    return draw(damaged(b"\n".join(lines)))


options = st.sampled_from(
    [Options(), Options(), Options(venue="binance"), Options(venue="bybit", tz="+02:00")]
)


# --- Reading ---


class Checked(NamedTuple):
    """All that a check says of a log."""

    results: list[BatchResult]
    findings: list[Finding]
    text_lines: int

    @property
    def summary(self) -> Summary:
        """The counts of all batches."""
        total = Summary()
        for result in self.results:
            total.merge(result.summary)
        return total

    @property
    def events(self) -> list[bytes]:
        """The events of all batches, encoded."""
        return [line for result in self.results for line in result.events]


def source_of(data: bytes, chunk: int | None = None) -> Source:
    """A log whose bytes come in chunks."""
    pieces = [data] if chunk is None else [data[at : at + chunk] for at in range(0, len(data), chunk)]
    return Source(Stream(Chunks(pieces), "log"), "log")


def items(data: bytes, options: Options) -> list[Item]:
    """All that a log holds in a format, with the lines."""
    form = named(options.format or "")
    parts: list[Item | Block] = list(form.read(source_of(data), options))
    return list(Batch(form.name, parts).items())


def checked(batches: Iterator[Batch]) -> Checked:
    """Check a log as the command line does, batch by batch, each as another process would have it."""
    sequence = History()
    results: list[BatchResult] = []
    findings: list[Finding] = []
    text_lines = 0
    for batch in batches:
        sent: Batch = pickle.loads(pickle.dumps(batch))
        result: BatchResult = pickle.loads(pickle.dumps(examine_batch(sent, EXAMINE)))
        results.append(result)
        findings += in_sequence(result, sequence, EXAMINE)
        text_lines += batch.text_lines
    sequence.end(findings.append)
    return Checked(results, findings, text_lines)


def in_one_piece(data: bytes, options: Options) -> Checked:
    """Check a log that comes at once, in one batch."""
    with patch.object(open_module, "_BATCH_LINES", 1 << 30):
        return checked(open_module._split(source_of(data), options))


def in_many_pieces(data: bytes, options: Options, chunk: int, items: int, size: int) -> Checked:
    """Check a log that comes in small chunks, in small batches."""
    with (
        patch.object(open_module, "_BATCH_LINES", items),
        patch.object(open_module, "_BATCH_BYTES", size),
        patch.object(source_module, "CHUNK_BYTES", chunk),
    ):
        return checked(open_module._split(source_of(data, chunk), options))


# --- What is in a log ---

_BASE64 = re.compile(r"[A-Za-z0-9+/]{16,}={0,2}")
_BUFFER = re.compile(r"\[([0-9]{1,3}(?:,\s*[0-9]{1,3})+)\]")  # of Node.js
_ROW = re.compile(r"\r?\n[0-9a-f]{4,8}: (?:(?:[0-9a-f]{2} ){1,16}(?:   ){0,15})?")  # of curl
_ESCAPE = re.compile(r"\\+u([0-9a-fA-F]{4})|\\+x([0-9a-fA-F]{2})|\\+([/n\n])")


def _unescaped(match: re.Match[str]) -> str:
    digits = match[1] or match[2]
    return chr(int(digits, 16)) if digits else match[3]


def text_of(data: bytes) -> str:
    """A log as text, without escapes and white space, as a plus in a query, and what it has in base64 or compressed."""
    text = data.decode("utf-8", "replace")
    parts = [
        text,
        unquote(text),
        unquote_plus(text),
        _ESCAPE.sub(_unescaped, text),
        unquote(_ROW.sub("", text)),
    ]
    numbers = (each.split(",") for each in _BUFFER.findall(text))
    parts += [bytes(int(one) & 255 for one in each).decode("utf-8", "replace") for each in numbers]
    for encoded in _BASE64.findall("".join(text.split())):
        try:
            body = b64decode(encoded + "=" * (-len(encoded) % 4))
            parts.append(body.decode("utf-8", "replace"))
            parts.append(zlib.decompressobj(47).decompress(body).decode("utf-8", "replace"))
        except (ValueError, zlib.error):
            continue
    return "".join("\n".join(parts).split())


def assert_nothing_is_invented(events: list[bytes], data: bytes) -> None:
    """An order that an event names is named in the log."""
    text = text_of(data)
    for line in events:
        event = decode(line)
        names = (
            *(event.order_id, event.client_order_id, event.cancel_client_order_id),
            *(event.list_id, event.list_client_id, event.replaced_by, event.symbol),
        )
        for name in names:
            for part in "".join((name or "").split()).split(MASK):
                assert part in text, event


def assert_whole(result: Checked, data: bytes) -> None:
    """Every record has been counted once, as what it is, and has a line of the log as its source."""
    summary = result.summary
    parts = (summary.understood, summary.skipped.total(), summary.refused, summary.unanswered)
    assert summary.records == sum(parts)
    refused = [found for each in result.results for _, found in each.refused]
    assert summary.refused == sum(1 if isinstance(each, Finding) else len(each.sources) for each in refused)
    lines = data.count(b"\n") + 1
    assert result.text_lines <= lines
    for finding in result.findings:
        assert finding.source is not None
        assert 1 <= int(finding.source.partition("#")[0].removeprefix("log:")) <= lines


# --- Laws ---


@every_sample
@slow
@given(data=st.data())
def test_any_damage(name: str, data: st.DataObject) -> None:
    """What is left of a log is counted, nothing raises, and no event names what the log does not."""
    log = data.draw(broken(name))
    given = data.draw(options)
    result = in_one_piece(log, given)
    assert_whole(result, log)
    assert_nothing_is_invented(result.events, log)
    chunk = data.draw(st.integers(1, 64) | st.integers(65, 9_000))
    pieces = in_many_pieces(log, given, chunk, data.draw(st.integers(1, 5)), data.draw(st.integers(1, 4_000)))
    assert pieces.summary == result.summary
    assert pieces.events == result.events
    assert list(map(str, pieces.findings)) == list(map(str, result.findings))
    assert pieces.text_lines == result.text_lines


# --- Lines that are whole ---


def looks_like_utf_16(log: bytes) -> bool:
    """Tell whether a log is refused as a whole."""
    return b"\0" in log[:2] and not log.startswith(bytes(4))


@cache
def answers_in(form: str) -> Mapping[bytes, bytes | str]:
    """The lines of all samples of a format that are an answer or a pushed frame by themselves, with the payload."""
    found: dict[bytes, bytes | str] = {}
    for data in (data for name, data in SAMPLES.items() if FORMAT[name] == form):
        lines = data.split(b"\n")
        for item in items(data, Options(form)):
            thing, raw = item.found, item.raw
            if isinstance(thing, Record) and not thing.is_unanswered and lines[line_of(thing) - 1] == raw:
                found[raw] = thing.payload
    return found


def line_of(thing: Record | Unreadable) -> int:
    """The number of the line of a record."""
    return int((thing.source or "").partition("#")[0].removeprefix("log:"))


@line_formats
@slow
@given(data=st.data())
def test_a_whole_line_keeps_its_say(name: str, data: st.DataObject) -> None:
    """Whatever happened to the lines around it, an answer is a record, or is refused in its own place.

    A program may print an answer twice, in different words.
    """
    log = data.draw(broken(name))
    if looks_like_utf_16(log):
        return
    found = items(log, Options(FORMAT[name]))
    heard = {line_of(item.found) for item in found}
    lines = log.split(b"\n")
    records = [item.found for item in found if isinstance(item.found, Record)]
    before = [(lines[line_of(each) - 1], each.payload) for each in records]
    answers = answers_in(FORMAT[name])
    for number, line in enumerate(lines, 1):
        payload = answers.get(line)
        is_twin = any(payload == other and line != words for words, other in before)
        assert payload is None or number in heard or is_twin, number


@cache
def requests_in(form: str) -> Mapping[bytes, object]:
    """The lines of all samples of a format that ask for a cancel by themselves, with what they ask."""
    found: dict[bytes, object] = {}
    for data in (data for name, data in SAMPLES.items() if FORMAT[name] == form):
        for line in data.split(b"\n"):
            match items(line, Options(form)):
                case [Item(Record(pairing="no_answer") as record, raw)] if raw == line and record.request:
                    found[line] = record.request
    return found


@lru_cache(10_000)
def request_of(form: str, line: bytes) -> object:
    """What a line asks for, also one that is damaged; None if it is read as no request."""
    match items(line, Options(form)):
        case [Item(Record(pairing="no_answer") as record)]:
            return record.request
        case _:
            return None


_SIGNATURE: Final = re.compile(rb"(?i)signature\W{1,4}([^&\"' ]*)")


@line_formats
@slow
@given(data=st.data())
def test_a_whole_request_is_answered_or_not(name: str, data: st.DataObject) -> None:
    """Whatever happened to the lines around it, a request is reported itself, or is that of an answer.

    Where there are several, an answer that names none may be to any of them.
    """
    log = data.draw(broken(name))
    if looks_like_utf_16(log):
        return
    found = [item.found for item in items(log, Options(FORMAT[name]))]
    told = [each.request for each in found if isinstance(each, Record)]
    refused = {line_of(each) for each in found if isinstance(each, Unreadable)}
    requests = requests_in(FORMAT[name])
    asked = [(number, requests[line]) for number, line in enumerate(log.split(b"\n"), 1) if line in requests]
    several = {
        (repr(request), *_SIGNATURE.findall(line))  # which no request shows
        for line in log.split(b"\n")
        if (request := request_of(FORMAT[name], line))
    }
    in_doubt = None in told and len(several) > 1
    for number, request in asked:
        assert number in refused or request in told or in_doubt, number


@line_formats
@slow
@given(data=st.data())
def test_what_follows_changes_nothing_before(name: str, data: st.DataObject) -> None:
    """Lines behind a log answer its open requests, and leave the rest of it as it is.

    A log that has the newest line first is read from its end, and a document is none with lines behind it.
    """
    if "newest-first" in name or name == "formats/sentry.json":
        return
    log = SAMPLES[name].rstrip(b"\n") + b"\n"
    more = data.draw(broken(name))
    given = Options(FORMAT[name])
    alone = [item.found for item in items(log, given)]
    joined = [item.found for item in items(log + more, given)]
    lines = log.count(b"\n")
    assert [each for each in joined if line_of(each) <= lines and not is_open(each)] == [
        each for each in alone if not is_open(each)
    ]


def is_open(thing: Record | Unreadable) -> bool:
    """Tell whether a record is a request without an answer."""
    return isinstance(thing, Record) and thing.is_unanswered


# --- Processes ---


def test_several_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    """The results do not depend on their number."""
    monkeypatch.setattr(open_module, "_BATCH_LINES", 2)
    monkeypatch.setattr(open_module, "_BATCH_BYTES", 1 << 9)
    monkeypatch.setattr(jobs, "_SINGLE_PROCESS_BYTES", 0)
    files = [str(LOGS / name) for name in SAMPLES]

    def results(count: int) -> list[BatchResult]:
        found = list(done(batches(files, Options()), partial(examine_batch, settings=EXAMINE), count))
        return [item[1] for item in found if not isinstance(item, UnreadFile)]

    alone = results(1)
    assert len(alone) > len(files)
    assert results(3) == alone
