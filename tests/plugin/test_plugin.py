"""A venue of another distribution: found by its entry point, and a venue like any other."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.plugin.conftest import HERE, Python

CANCEL = "POST /api/v5/trade/cancel-order"
BATCH = "POST /api/v5/trade/cancel-batch-orders"


def row(order_id: str, code: str = "0", message: str = "", client_id: str = "") -> dict[str, str]:
    """A row of an answer."""
    return {
        "clOrdId": client_id,
        "ordId": order_id,
        "rowCode": code,
        "rowText": message,
        "ts": "1770000000401",
    }


def answer(code: str, *rows: dict[str, str], message: str = "") -> dict[str, Any]:
    """An answer, as the venue writes it."""
    times = {"inTime": "1770000000400000", "outTime": "1770000000402500"}
    return {"code": code, "data": list(rows), "msg": message, **times}


def line(payload: dict[str, Any], endpoint: str = CANCEL, **facts: Any) -> str:
    """A line of a log."""
    return json.dumps({"venue": "meridian", "endpoint": endpoint, **facts, "payload": payload})


def events(python: Python, folder: Path, *lines: str) -> list[dict[str, Any]]:
    """The events of a log; what they do not say is left out."""
    log = folder / "meridian.jsonl"
    log.write_text("".join(f"{text}\n" for text in lines), "utf-8")
    ran = python("-m", "cancelnorm", "normalise", str(log))
    assert ran.returncode == 0, ran.stderr
    found = [json.loads(text) for text in ran.stdout.splitlines()]
    return [{key: value for key, value in event.items() if value is not None} for event in found]


def test_venues(python: Python) -> None:
    """Its endpoints are listed among the others."""
    ran = python("-m", "cancelnorm", "venues")
    assert (ran.returncode, ran.stderr) == (0, "")
    listed = [text.split(maxsplit=1) for text in ran.stdout.splitlines()]
    assert [endpoint for venue, endpoint in listed if venue == "meridian"] == [CANCEL, BATCH]
    assert {"binance", "meridian"} <= {venue for venue, _ in listed}


def test_identify(python: Python) -> None:
    """A payload without a venue is known as its own."""
    payload = json.dumps(answer("0", row("902100710045001100")))
    ran = python("-c", f"import cancelnorm; print(cancelnorm.identify({payload!r}))")
    assert ran.stdout.strip() == str([("meridian", CANCEL), ("meridian", BATCH)]), ran.stderr


def test_the_code_of_a_row_wins(python: Python, tmp_path: Path) -> None:
    """A success as a whole with a failing row is the failure of that row; the contradiction is noted."""
    payload = answer("0", row("", "51603", "Order does not exist", "mk9"))
    [event] = events(python, tmp_path, line(payload))
    assert (event["outcome"], event["evidence"], event["reason"]) == ("rejected", "success_flag", "not_found")
    assert (event["client_order_id"], event["code"]) == ("mk9", "51603")
    assert event["response_ns"] == 1770000000402500000


def test_a_batch_of_which_some_failed(python: Python, tmp_path: Path) -> None:
    """Each row has its own verdict, and its symbol is that of the request at its place."""
    payload = answer(
        "2",
        row("902100710045001102"),
        row("902100710045001103", "51410", "already canceling"),
        message="Bulk operation partially succeeded.",
    )
    request = [
        {"instId": "SOL-USDT", "ordId": "902100710045001102"},
        {"instId": "SOL-USD-SWAP", "ordId": "902100710045001103"},
    ]
    first, second = events(python, tmp_path, line(payload, BATCH, request=request))
    assert (first["outcome"], first["symbol"], first["product"]) == ("pending", "SOL-USDT", "spot")
    assert (second["outcome"], second["reason"]) == ("unknown", "cancel_in_progress")
    assert (second["symbol"], second["product"], second["path"]) == ("SOL-USD-SWAP", "inverse", "$.data[1]")
    assert first["from_request"] == second["from_request"] == ["symbol"]


def test_a_refused_row_without_ids(python: Python, tmp_path: Path) -> None:
    """The request says which order it was."""
    payload = answer("1", row("", "51000", "Parameter ordId error"), message="All operations failed")
    [event] = events(
        python, tmp_path, line(payload, status=200, request={"instId": "SOL-USDT", "ordId": "77x"})
    )
    assert (event["kind"], event["order_id"], event["reason"]) == ("order", "77x", "invalid_request")
    assert event["from_request"] == ["symbol", "order_id"]


def test_a_refused_request(python: Python, tmp_path: Path) -> None:
    """Without rows the code of the whole decides, and the request says about what."""
    timeout = {"code": "50004", "data": [], "msg": "Endpoint request timeout"}
    limited = {"code": "50011", "data": [], "msg": "Too Many Requests"}
    lost, refused = events(
        python,
        tmp_path,
        line(timeout, status=400, request={"instId": "SOL-USDT", "ordId": "902100710045001104"}),
        line(limited, BATCH, status=429),
    )
    assert (lost["order_id"], lost["outcome"], lost["reason"]) == (
        "902100710045001104",
        "unknown",
        "timeout",
    )
    assert (refused["kind"], refused["outcome"], refused["reason"]) == ("request", "rejected", "rate_limited")


def test_explain(python: Python, tmp_path: Path) -> None:
    """A record is explained, and so are the fields of an endpoint."""
    log = tmp_path / "meridian.jsonl"
    log.write_text(
        line(answer("0", row("902100710045001100")), request=[{"instId": "SOL-USDT"}]) + "\n", "utf-8"
    )
    ran = python("-m", "cancelnorm", "explain", str(log))
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "events[0]  pending / acknowledged" in ran.stdout
    words = [text.split() for text in ran.stdout.splitlines()]
    assert ["ordId", '"902100710045001100"', "order_id", "902100710045001100"] in words
    assert ["instId", '"SOL-USDT"', "symbol", "SOL-USDT"] in words
    ran = python("-m", "cancelnorm", "explain", "--fields", "meridian", CANCEL)
    assert ["ordId", "order_id"] in [text.split() for text in ran.stdout.splitlines()], ran.stderr


# --- A browser's recording, whose request is an array ---

SECRETS = ("md-key-4f1", "md-sign-4f1", "md-passphrase-4f1")


def har(payload: object, request: object) -> str:
    """A recording of one call."""
    names = ("MD-ACCESS-KEY", "MD-ACCESS-SIGN", "MD-ACCESS-PASSPHRASE")
    headers = [{"name": name, "value": value} for name, value in zip(names, SECRETS, strict=True)]
    entry = {
        "startedDateTime": "2026-02-02T02:40:00.300Z",
        "time": 150,
        "request": {
            "method": "POST",
            "url": "https://api.meridian.example/api/v5/trade/cancel-batch-orders",
            "headers": headers,
            "postData": {"mimeType": "application/json", "text": json.dumps(request)},
        },
        "response": {
            "status": 200,
            "content": {"mimeType": "application/json", "text": json.dumps(payload)},
        },
    }
    return json.dumps(
        {"log": {"version": "1.2", "creator": {"name": "x", "version": "1"}, "entries": [entry]}}
    )


def findings(python: Python, log: Path, *args: str) -> list[dict[str, Any]]:
    """What a check finds."""
    ran = python("-m", "cancelnorm", "check", "--output-format", "jsonl", *args, str(log))
    assert ran.stderr == ""
    return [json.loads(text) for text in ran.stdout.splitlines()]


REQUEST = [{"instId": "SOL-USDT", "ordId": "1"}, {"instId": "SOL-USDT", "ordId": "2"}]


def test_check_of_a_browsers_recording(python: Python, tmp_path: Path) -> None:
    """The orders of an array are joined to the rows by position; headers with secrets are found by name."""
    log = tmp_path / "meridian.har"
    log.write_text(har(answer("2", row("1"), row("", "51000", "Parameter error")), REQUEST), "utf-8")
    found = {finding["name"]: finding for finding in findings(python, log)}
    assert found.keys() == {"secret-in-log", "partial-batch", "never-confirmed"}
    assert "md-access-passphrase" in found["secret-in-log"]["message"].casefold()
    assert found["partial-batch"]["symbol"] == "SOL-USDT"


def test_a_note_of_its_own(python: Python, tmp_path: Path) -> None:
    """A code that no rule knows is a finding of the general rule."""
    log = tmp_path / "meridian.har"
    log.write_text(har(answer("0", row("1"), row("2", "51400", "gone")), REQUEST), "utf-8")
    [finding] = [finding for finding in findings(python, log) if finding["name"] == "venue-note"]
    assert (finding["code"], finding["path"], finding["value"]) == ("CN010", "$.code", "0")
    assert finding["message"] == "meridian-top-code: the codes of the rows amount to 2"


def test_masking(python: Python, tmp_path: Path) -> None:
    """What is set apart of a refused record shows no secret, by the names that the venue declares."""
    log, apart = tmp_path / "meridian.har", tmp_path / "apart.jsonl"
    log.write_text(har({"code": 0}, REQUEST), "utf-8")
    found = findings(python, log, "--quarantine", str(apart), "--redact")
    assert "payload-refused" in {finding["name"] for finding in found}
    assert apart.read_text("utf-8")
    for secret in SECRETS:
        assert secret not in apart.read_text("utf-8") + repr(found)


# --- The laws, and neighbours ---


def test_laws(python: Python, tmp_path: Path) -> None:
    """A distribution tests its venue with one line, and finds every law there."""
    laws = tmp_path / "test_meridian.py"
    laws.write_text((HERE / "meridian_laws.py").read_text("utf-8"), "utf-8")
    ran = python("-m", "pytest", "-q", "-p", "no:cacheprovider", str(laws), cwd=tmp_path)
    assert ran.returncode == 0, ran.stdout
    assert " passed" in ran.stdout
    assert "skipped" not in ran.stdout


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    """A distribution that names a venue which cannot be imported."""
    info = tmp_path / "broken-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: broken\nVersion: 1.0\n", "utf-8")
    (info / "entry_points.txt").write_text("[cancelnorm.venues]\nbroken = broken_venue:VENUE\n", "utf-8")
    (tmp_path / "broken_venue.py").write_text("raise RuntimeError('out of order')\n", "utf-8")
    return tmp_path


def test_a_plug_in_that_cannot_be_imported(python: Python, broken: Path) -> None:
    """It is named once, and costs the others nothing."""
    log = broken / "meridian.jsonl"
    log.write_text(f"{line(answer('0', row('902100710045001100')))}\n" * 3, "utf-8")
    for args in (("venues",), ("normalise", str(log)), ("check", "--jobs", "2", str(log))):
        ran = python("-m", "cancelnorm", *args, path=(broken,))
        assert ran.returncode == 0, ran.stderr
        assert "meridian" in ran.stdout
        assert ran.stderr.count("broken_venue:VENUE cannot be used: RuntimeError: out of order") == 1
