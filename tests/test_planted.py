"""Secrets are planted everywhere in logs; none of them comes out anywhere."""

import itertools
import json
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from cancelnorm.report import WRITERS
from tests.cli.conftest import CANCELED, Run
from tests.cli.inside import Ran, run_inside
from tests.samples import FOLDER

_NAMES = (
    "apiKey",
    "signature",
    "listenKey",
    "passphrase",
    "X-MBX-APIKEY",
    "secretKey",
    "Cookie",
    "authorization",
    "OK-ACCESS-SIGN",
    "OK-ACCESS-KEY",
    "OK-ACCESS-PASSPHRASE",
    "KC-API-SIGN",
    "API-Sign",
    "CB-ACCESS-SIGN",
    "X-GATE-SIGN",
)
URL = "https://api.binance.com/api/v3/order?symbol=LTCBTC&orderId=4711&signature={}&apiKey={}"
FILES = ("--events", "e", "--quarantine", "q", "--redact")
ANSWER = json.loads(CANCELED)["payload"]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Run ``cancelnorm`` in an empty folder."""
    return partial(run_inside, folder=tmp_path)


class Plant:
    """Gives secrets, each another, and knows which."""

    def __init__(self) -> None:
        self._numbers = itertools.count(1)
        self.planted: list[str] = []

    def __call__(self) -> str:
        """Give another secret."""
        self.planted.append(f"s3cr3t{next(self._numbers):04}")
        return self.planted[-1]

    def key(self) -> str:
        """Give one of the length that listen keys and signatures have."""
        return self().ljust(64, "x")


def records(plant: Plant) -> list[str]:
    """Lines of records with secrets in every place."""
    named = {name: plant() for name in _NAMES}
    deep = {"headers": {"X-BAPI-API-KEY": plant()}, "list": [{"signature": plant()}]}
    url = URL.format(plant(), plant())
    base = {"venue": "binance", "endpoint": "DELETE /api/v3/order", "status": 200, "payload": ANSWER}
    bybit = {"venue": "bybit", "endpoint": "POST /v5/order/cancel", "status": 200}
    sign_error = {
        "retCode": 10004,
        "retMsg": f"error sign! origin_string[{plant()}5000symbol=BTCUSDT]",
        "result": {},
        "retExtInfo": {},
        "time": 1672217377164,
    }
    stream = {"stream": plant(), "data": {"e": "balanceUpdate", "E": 1, "a": "BTC", "d": "1", "T": 1}}
    return [
        json.dumps(line)
        for line in (
            {**base, "request": {"symbol": "LTCBTC", **named}},
            {**base, "request": deep},
            {
                **base,
                "request": [{"symbol": "LTCBTC"}, {"apiKey": plant(), "inner": {"OK-ACCESS-KEY": plant()}}],
            },
            {**base, "request": {"headers": {"KEY": plant(), "Timestamp": "1", "SIGN": plant()}}},
            {**base, "venue": "BINANCE", "request": {"signature": plant()}},
            {**base, "account": f"apiKey={plant()}"},
            {**base, "payload": {**ANSWER, **{name: plant() for name in _NAMES}}},
            {**base, "payload": {**ANSWER, "new": {"listenKey": plant(), "text": f"signature={plant()}"}}},
            {**base, "payload": {**ANSWER, "price": f"signature={plant()}"}},
            {**base, "payload": {"code": -1022, "msg": f"signature={plant()} is not valid"}, "status": 400},
            {**base, "payload": f"<html>apiKey={plant()}</html>", "status": 502},
            {**base, "endpoint": f"DELETE {url}"},
            {**base, "endpoint": f"DELETE /api/v3/nope?signature={plant()}"},
            {**base, "venue": f"bitstamp?apiKey={plant()}"},
            {**base, "secretKey": plant()},
            {**base, "endpoint": f"/ws/{plant.key()}"},
            {**base, "venue": plant.key()},
            {**base, "payload": {**ANSWER, "price": json.dumps({"signature": plant()})}},
            {**base, "payload": {**ANSWER, "new": [["authorization", f"Bearer {plant()}"], ["a", "b"]]}},
            {**base, "payload": {**ANSWER, "new": [{"name": "cookie", "value": plant()}]}},
            {**base, "payload": {**ANSWER, "new": plant.key()}},
            {**base, "payload": {**ANSWER, f"x?signature={plant()}": 1}},
            {**base, "payload": f"<html>\nSet-Cookie: sid={plant()}; Path=/\n</html>", "status": 502},
            {**base, "payload": f"<input name='token' value='{plant()}'>", "status": 502},
            {**base, "payload": f"<apiKey>{plant()}</apiKey>"},
            {**base, "request": {"url": f"wss://x/ws/{plant.key()}", "body": f"passphrase={plant()}"}},
            {**bybit, "payload": sign_error},
            {"venue": "binance", "payload": stream},
        )
    ] + [
        json.dumps({**base, "request": {"apiKey": plant()}})[:-30],
        f'{{"apiKey": "{plant()}", "venue": "binance"',
    ]


def shaped(plant: Plant) -> list[str]:
    """Lines of another shape, with HTTP and WebSocket traffic."""
    asked = {"symbol": "LTCBTC", "apiKey": plant(), "signature": plant(), "timestamp": 1}
    return [
        json.dumps(line)
        for line in (
            {
                "ts": 1_700_000_000.5,
                "method": "DELETE",
                "url": URL.format(plant(), plant()),
                "headers": {name: plant() for name in (*_NAMES, "KEY", "SIGN")},
                "status": 200,
                "body": json.dumps(ANSWER),
            },
            {"ts": 1_700_000_001.5, "method": "DELETE", "url": URL.format(plant(), plant()), "body": "{oops"},
            {
                "ts": 2,
                "exchange": "binance",
                "direction": "out",
                "body": json.dumps({"id": "a", "method": "order.cancel", "params": asked}),
            },
            {
                "ts": 3,
                "exchange": "binance",
                "body": json.dumps({"id": "a", "status": 200, "result": ANSWER}),
            },
        )
    ]


def timed(plant: Plant) -> list[str]:
    """Frames with times, a login among them."""
    asked = {"symbol": "LTCBTC", "apiKey": plant(), "signature": plant()}
    return [
        "1700000000000 " + json.dumps({"id": 1, "method": "order.cancel", "params": asked}),
        "1700000000100 " + json.dumps({"id": 1, "status": 200, "result": ANSWER}),
        "1700000000200 " + json.dumps({"op": "auth", "args": [plant(), 1, plant()]}),
        "1700000000250 " + json.dumps({"args": [plant(), 1, plant()], "op": "auth"}),
        "1700000000300 " + json.dumps({"result": {"listenKey": plant()}, "id": 9, "status": 200}),
        "1700000000400 {" + f'"signature": "{plant()}"',
    ]


def texts(plant: Plant) -> list[str]:
    """Lines of text as programs log them, in every notation."""
    asked = {"symbol": "LTCBTC", "apiKey": plant(), "signature": plant()}
    sent = {"id": 1, "method": "order.cancel", "params": asked}
    headers = {name: plant() for name in _NAMES}
    body = {"category": "linear", "symbol": "BTCUSDT", "orderId": "7", "api_key": plant()}
    error = {"retCode": 110001, "retMsg": "gone", "result": {}, "retExtInfo": {}, "time": 1}
    refused = {"code": -2011, "msg": f"signature={plant()}"}
    bybit = "https://api.bybit.com/v5/order/cancel"
    return [
        f"apiKey={plant()} starting",
        f"2026-11-26 22:00:30,250 DEBUG bot: sent {json.dumps(sent)}",
        f"2026-11-26 22:00:30,300 DEBUG bot: recv { {'id': 1, 'status': 200, 'result': ANSWER}!r}",
        f"> TEXT {json.dumps({'op': 'auth', 'args': [plant(), 1, plant()]})!r}",
        f"< TEXT {json.dumps({'success': True, 'ret_msg': '', 'op': 'auth', 'conn_id': 'a'})!r}",
        f"Request -> POST {bybit}?sign={plant()}. Body: {json.dumps(body)}. Headers: {headers!r}",
        f"Slow down, apiKey={plant()} (ErrCode: 10006). Hit the limit on {bybit}?sign={plant()}. Sleeping.",
        f"DELETE {URL.format(plant(), plant())} 200 {headers!r} {json.dumps(ANSWER)}",
        f"Response: DELETE {URL.format(plant(), plant())} 400 {headers!r} {refused!r}",
        f"recv b'{json.dumps({'result': {'listenKey': plant()}, 'id': 9, 'status': 200})}'",
        "onMessage {",
        "  retCode: 110001,",
        f"  retMsg: 'error sign! origin_string[{plant()}5000symbol=BTCUSDT]',",
        "  result: {}, retExtInfo: {}, time: 1",
        "}",
        f"ExchangeError: bybit {json.dumps({**error, 'retMsg': f'signature={plant()}'})}",
        f"recv {{'canceled': 'signature={plant()}', ",
        f"via bot:{plant()}@proxy.example.com:3128 recv {refused!r}",
        f"{plant().ljust(43, 'Q')}= recv {refused!r}",
        f"recv {{'canceled': '{plant().ljust(42, 'Q')}==', ",
    ]


def logged(plant: Plant) -> list[str]:
    """Lines of text inside JSON, and payloads at depth."""
    lines = [{"level": "debug", "apiKey": plant(), "message": line} for line in texts(plant)]
    deep = {
        "level": "info",
        "http": {"headers": {"X-MBX-APIKEY": plant()}, "url": URL.format(plant(), plant())},
    }
    deep["http"]["response"] = {"data": ANSWER, "headers": {"set-cookie": plant()}}  # type: ignore[index]
    return [
        json.dumps(line)
        for line in (*lines, deep, {"level": "info", "apiKey": plant(), "wire": {"signature": plant()}})
    ]


def table(plant: Plant) -> list[str]:
    """A table, the rows of which have secrets."""
    body = json.dumps({**ANSWER, "signature": plant()}).replace('"', '""')
    return [
        "time,url,method,status,apiKey,body",
        f'1700000000,"{URL.format(plant(), plant())}",DELETE,200,{plant()},"{body}"',
        f'1700000000,"{URL.format(plant(), plant())}",DELETE,400,{plant()},signature={plant()}',
    ]


LOGS: dict[str, Callable[[Plant], list[str]]] = {
    "records": records,
    "shaped": shaped,
    "timed": timed,
    "texts": texts,
    "logged": logged,
    "table": table,
}


@pytest.fixture(params=LOGS)
def planted(request: pytest.FixtureRequest, tmp_path: Path) -> Plant:
    """A log with secrets in it."""
    plant = Plant()
    (tmp_path / "log.jsonl").write_text("\n".join(LOGS[request.param](plant)) + "\n", "utf-8")
    return plant


def test_no_secret_comes_out(run: Run, planted: Plant, tmp_path: Path) -> None:
    """Neither in a report, nor in events, messages or a redacted quarantine."""
    assert len(planted.planted) >= 6
    outputs: list[str] = []
    for form in WRITERS:
        ran = run(
            "check", "log.jsonl", "--output-format", form, "--events", "e", "--quarantine", "q", "--redact"
        )
        assert ran.code in (0, 1)
        outputs += [*told(ran), (tmp_path / "e").read_text(), (tmp_path / "q").read_text()]
    outputs += told(run("check", "log.jsonl", "--drift", "refuse", "--output-format", "full"))
    outputs += told(run("normalise", "log.jsonl", "--unreadable"))
    outputs += told(run("replay", "log.jsonl"))
    lines = (tmp_path / "log.jsonl").read_text().count("\n")
    for line in range(1, lines + 1):
        outputs += told(run("explain", f"log.jsonl:{line}"))
    assert [secret for secret in planted.planted if any(secret in output for output in outputs)] == []
    assert any("CN007" in output for output in outputs)


@pytest.mark.parametrize("form", WRITERS)
def test_an_unknown_word_is_masked_where_a_report_repeats_it(run: Run, tmp_path: Path, form: str) -> None:
    """Only the event keeps it as it was sent."""
    payload = {**ANSWER, "status": "apiKey=s3cr3t", "executedQty": "1"}
    line = {"venue": "binance", "endpoint": "DELETE /api/v3/order", "payload": payload}
    (tmp_path / "log.jsonl").write_text(json.dumps(line) + "\n", "utf-8")
    ran = run("check", "log.jsonl", "--output-format", form)
    assert "unknown-value" in ran.out + ran.err or "CN102" in ran.out + ran.err
    assert "s3cr3t" not in ran.out + ran.err


def told(ran: Ran) -> list[str]:
    """What a command said."""
    return [ran.out, ran.err]


@pytest.mark.parametrize(
    "name",
    [
        *("browser.har", "ccxt-python.log", "ccxt-js.log", "cryptofeed-http.log", "vcr/cancel.yaml"),
        *("formats/pybit.log", "formats/websockets.log", "formats/docker.jsonl", "formats/ccxt-pro-js.log"),
    ],
)
def test_captures(run: Run, name: str, tmp_path: Path) -> None:
    """What captures hold of keys and signatures does not come out either."""
    path = FOLDER / "logs" / name
    assert "FAKE" in path.read_text("utf-8")
    outputs: list[str] = []
    for form in WRITERS:
        ran = run(
            "check", str(path), "--output-format", form, "--events", "e", "--quarantine", "q", "--redact"
        )
        outputs += [*told(ran), (tmp_path / "e").read_text(), (tmp_path / "q").read_text()]
    outputs += told(run("normalise", str(path)))
    assert not [output for output in outputs if "FAKE" in output]
    assert any("CN007" in output for output in outputs)
