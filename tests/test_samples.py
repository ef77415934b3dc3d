"""The commands that write samples and their snapshots."""

import json
import shutil
from contextlib import suppress
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace

from cancelnorm import CancelNormError, Normalised, Record, logs, normalise
from tests.sample_logs import LOG_FILES
from tests.samples import FOLDER, Sample
from tests.samples.__main__ import main

NEEDS_MAP = ("odd-shape.jsonl",)
NEEDS_ENDPOINT = ("exceptions.log", "freqtrade-responses.log")  # they do not say what was asked
UNANSWERED = ("ccxt-timeout.log",)  # its request has no answer that a sample could hold
LOGS = sorted(path for path in LOG_FILES if path.name not in (*NEEDS_MAP, *NEEDS_ENDPOINT, *UNANSWERED))
DAY = FOLDER / "logs" / "day.jsonl"
ANSWER = {
    "symbol": "BTCUSDT",
    "orderId": 7,
    "origClientOrderId": "a",
    "clientOrderId": "b",
    "price": "1",
    "origQty": "2.50",
    "executedQty": "0",
    "cummulativeQuoteQty": "0",
    "status": "CANCELED",
    "timeInForce": "GTC",
    "type": "LIMIT",
    "side": "BUY",
}


def first_answer(log: Path) -> tuple[Record, Normalised]:
    """The first record of a log that is read."""
    for found in logs.read(log):
        if isinstance(found, Record):
            with suppress(CancelNormError):
                return found, normalise(found)
    raise AssertionError(f"nothing in {log} is read")


def added(folder: Path, place: str, name: str, *more: str) -> Sample:
    """The sample that the command makes."""
    assert main(["add", place, name, *more], folder) == 0
    [path] = folder.glob("*/*.json")
    return msgspec.json.decode(path.read_bytes(), type=Sample)


def a_log(folder: Path, **facts: object) -> str:
    """The place of an answer in a log of one line."""
    line = {"venue": "binance", "endpoint": "DELETE /api/v3/order", "status": 200, "payload": ANSWER, **facts}
    path = folder / "day.jsonl"
    path.write_text(json.dumps(line) + "\n", encoding="utf-8")
    return f"{path}:1"


@pytest.mark.parametrize("log", LOGS, ids=[path.name for path in LOGS])
def test_a_sample_says_what_the_log_says(log: Path, tmp_path: Path) -> None:
    """A line of a log of any format gives a sample that is read as the line is, without its secrets."""
    record, result = first_answer(log)
    assert record.source
    line = record.source.rpartition(":")[2]
    # A frame of a stream may come from several; the author says which one it is.
    named = (
        () if record.endpoint or log.parent.name != "formats" else ("--endpoint", result.events[0].endpoint)
    )
    sample = added(tmp_path, f"{log}:{line}", "an-answer", *named)
    assert normalise(sample.record()).events == tuple(replace(event, source=None) for event in result.events)
    text = (tmp_path / sample.venue / "an-answer.json").read_text(encoding="utf-8")
    assert not any(secret in text for secret in ("FAKEKEY", "FAKEFAKE", "5a5a5a5a", "d0d0cafe"))


def test_a_sample_is_exact_and_readable(tmp_path: Path) -> None:
    """Numbers keep their digits, each key has a line, and the author has something to fill in."""
    payload = msgspec.Raw(b'{"code":-2011,"msg":"Unknown order sent.","new":1.10000000000000000000000001}')
    log = tmp_path / "day.jsonl"
    log.write_bytes(
        msgspec.json.encode({"venue": "Binance", "endpoint": "delete /api/v3/order/", "payload": payload})
    )
    sample = added(tmp_path, f"{log}:1", "binance/with-a-fraction")
    assert (sample.venue, sample.endpoint, sample.about) == ("binance", "DELETE /api/v3/order", "")
    assert sample.docs.startswith("https://")
    text = (tmp_path / "binance" / "with-a-fraction.json").read_text(encoding="utf-8")
    assert '    "new": 1.10000000000000000000000001\n  }\n}\n' in text


def test_a_body_that_is_no_json_is_a_string(tmp_path: Path) -> None:
    """An HTML page is kept as it came."""
    sample = added(tmp_path, a_log(tmp_path, status=502, payload="<h1>502</h1>"), "html")
    assert sample.record().payload == b"<h1>502</h1>"


def test_secrets_of_requests_are_left_out(tmp_path: Path) -> None:
    """Parameters that are named like a secret are not in the sample, however deep."""
    request = {"orderId": 7, "signature": "d0d0", "args": [{"apiKey": "k", "symbol": "BTCUSDT"}]}
    sample = added(tmp_path, a_log(tmp_path, request=request), "signed")
    assert sample.request == {"orderId": 7, "args": [{"symbol": "BTCUSDT"}]}


def test_the_next_steps_are_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The command says how the answer is read and what is left to do."""
    added(tmp_path, a_log(tmp_path), "plain")
    said = capsys.readouterr().out
    assert "It is read as:\n  canceled final_report 7\n\nNext:\n  1. Fill in" in said
    assert "Write the snapshot: python -m tests.samples expect binance/plain\n" in said
    assert "Review tests/venues/expected/binance/plain.json" in said


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"venueFlag": True}, "note unknown-field at $.venueFlag"),
        ({"price": "1_000"}, "It cannot be read: "),
    ],
    ids=["new field", "wrong value"],
)
def test_an_answer_that_is_not_read_yet(
    change: dict[str, object], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is new is named, and the first step is to declare it."""
    added(tmp_path, a_log(tmp_path, payload=ANSWER | change), "new")
    printed = capsys.readouterr().out
    assert said in printed
    assert "Next:\n  1. Extend the structs of cancelnorm/venues/binance until" in printed


def test_an_endpoint_that_is_not_there_yet(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The first sample of an endpoint can be made before the endpoint."""
    sample = added(tmp_path, a_log(tmp_path, endpoint="DELETE /api/v9/order"), "new")
    assert (sample.endpoint, sample.docs) == ("DELETE /api/v9/order", "")
    assert "binance has no 'DELETE /api/v9/order'" in capsys.readouterr().out


def test_an_endpoint_is_asked_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A log that does not say its endpoint, and a payload that several answer, need ``--endpoint``."""
    log = tmp_path / "bare.jsonl"
    log.write_text('{"code":-2011,"msg":"Unknown order sent."}\n', encoding="utf-8")
    with pytest.raises(SystemExit):
        main(["add", f"{log}:1", "error", "--venue", "binance"], tmp_path)
    assert "--endpoint: it may be " in capsys.readouterr().err
    endpoint = ("--endpoint", "DELETE /api/v3/order")
    assert added(tmp_path, f"{log}:1", "error", "--venue", "binance", *endpoint).endpoint == endpoint[1]


def test_a_log_of_any_shape(tmp_path: Path) -> None:
    """``--map`` says where the payload stands, as on the command line."""
    log = tmp_path / "odd.jsonl"
    log.write_text(json.dumps({"wire": ANSWER, "odd": 1}) + "\n", encoding="utf-8")
    known = ("--venue", "binance", "--endpoint", "DELETE /api/v3/order", "--map", "payload=$.wire")
    assert normalise(added(tmp_path, f"{log}:1", "odd", *known).record()).events[0].order_id == "7"


@pytest.mark.parametrize(
    ("place", "name", "said"),
    [
        (f"{DAY}:2", "bybit/wrong", "bybit/wrong: call it binance/"),
        (f"{DAY}:2", "Wrong Name", "Wrong Name: call it binance/"),
        (f"{DAY}", "no-line", "no line is given; write LOG:LINE"),
        (f"{DAY}:4711", "late", "there is no record at this line"),
        (f"{DAY}:11", "cut-off", "day.jsonl:11: line: not JSON"),
        ("nowhere.jsonl:1", "nowhere", "nowhere.jsonl: No such file"),
        (f"{DAY}:10", "other", "not about a cancel: balanceUpdate; samples/README.md"),
    ],
    ids=["other venue", "bad name", "no line", "no record", "unreadable", "no file", "not a cancel"],
)
def test_what_is_no_sample(
    place: str, name: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing is written, and the message says why."""
    with pytest.raises(SystemExit) as stopped:
        main(["add", place, name], tmp_path)
    assert stopped.value.code == 2
    assert said in capsys.readouterr().err
    assert not list(tmp_path.rglob("*.json"))


def test_a_sample_is_never_overwritten(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A name that is taken is refused."""
    added(tmp_path, f"{DAY}:2", "taken")
    before = (tmp_path / "binance" / "taken.json").read_bytes()
    with pytest.raises(SystemExit):
        main(["add", f"{DAY}:1", "taken"], tmp_path)
    assert "taken.json exists; choose another name" in capsys.readouterr().err
    assert (tmp_path / "binance" / "taken.json").read_bytes() == before


def test_snapshots_are_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A snapshot says what its sample is read as; it goes with its sample, and is written once."""
    folder, expected = tmp_path / "samples", tmp_path / "expected"
    folder.mkdir()
    sample = added(folder, f"{DAY}:2", "unknown-order")
    stale = expected / "binance" / "gone.json"
    stale.parent.mkdir(parents=True)
    stale.write_text("{}", encoding="utf-8")
    main(["expect", "binance/unknown-order"], folder, expected)
    assert (expected / "binance" / "unknown-order.json").read_text(encoding="utf-8") == sample.snapshot()
    [event] = json.loads(sample.snapshot())["events"]
    assert (event["outcome"], event["order_id"]) == ("rejected", "49120033899")
    assert None not in event.values()
    assert stale.exists()
    main(["expect"], folder, expected)
    assert not stale.exists()
    capsys.readouterr()
    main(["expect"], folder, expected)
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (["binance/nothing"], "binance/nothing: there is no such sample"),
        ([], "binance/cut: $.price: expected"),
    ],
    ids=["no such sample", "unread"],
)
def test_snapshots_that_cannot_be_written(
    names: list[str], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The sample at fault is named, and does not keep the others from being written."""
    folder, expected = tmp_path / "samples", tmp_path / "expected"
    folder.mkdir()
    added(folder, a_log(tmp_path, payload=ANSWER | {"price": "1_0"}), "cut")
    shutil.copy(FOLDER / "binance" / "delete-order.json", folder / "binance" / "whole.json")
    with pytest.raises(SystemExit):
        main(["expect", *names], folder, expected)
    assert said in capsys.readouterr().err
    assert (expected / "binance" / "whole.json").exists() is (not names)
