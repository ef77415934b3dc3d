"""Answers and errors at URLs of a venue where nothing is canceled, and whose method the log does not tell."""

import json

import pytest

from cancelnorm import Record
from cancelnorm.check.judgement import Skipped, judge
from cancelnorm.logs.cancel_at import other_at
from cancelnorm.logs.jsonl import MAPPED
from cancelnorm.logs.source import Format
from cancelnorm.logs.text import TEXT
from tests.logs.captured import found, records

BYBIT = "https://api-demo.bybit.com/v5"
LEVERAGE = f"{BYBIT}/position/set-leverage"
OTHER = "HTTP /v5/position/set-leverage"
REFUSED = {"retCode": 10003, "retMsg": "API key is invalid.", "result": {}, "retExtInfo": {}, "time": 1}
BODY = json.dumps(REFUSED)
CHAINED = "\n\nDuring handling of the above exception, another exception occurred:\n\n"


@pytest.mark.parametrize(
    ("url", "name"),
    [
        (f"{LEVERAGE}?category=linear", OTHER),
        (f"{BYBIT}/order/cancel", None),
        ("https://proxy.bybit.com/relay/v5/order/cancel", None),
        ("https://api.exchange.coinbase.com/orders/17", None),
        ("https://api.example.com/v5/position/set-leverage", None),
        ("/v5/position/set-leverage", None),
        ("wss://stream.bybit.com/v5/private", None),
        ("https://api.bybit.com", None),
        ("https://[", None),
        (None, None),
    ],
)
def test_only_a_path_that_is_no_endpoint_of_the_host(url: str | None, name: str | None) -> None:
    """Nor that of a proxy, where it ends like one."""
    assert other_at(url, BODY) == name


@pytest.mark.parametrize(
    ("form", "log"),
    [
        (TEXT, f"[ERROR] bybit on {LEVERAGE}: {BODY}"),
        (
            TEXT,
            f"HTTPError: 400 Client Error: Bad Request for url: {LEVERAGE}{CHAINED}BadRequest: bybit {BODY}",
        ),
        (MAPPED, json.dumps({"level": "error", "url": LEVERAGE, "response": REFUSED})),
    ],
)
def test_answers_are_of_no_cancel(form: Format, log: str) -> None:
    """They are skipped, and not taken for the usual answer to a cancel."""
    [record] = [each for each in found(form, f"{log}\n".encode()) if isinstance(each, Record)]
    assert (record.venue, record.endpoint) == ("bybit", OTHER)
    assert isinstance(judge(record), Skipped)


@pytest.mark.parametrize(
    ("url", "code", "endpoint"),
    [
        (f"{BYBIT}/order/cancel-all", "10003", "POST /v5/order/cancel-all"),
        ("https://www.okx.com/api/v5/trade/cancel-order", "50113", "POST /api/v5/trade/cancel-order"),
        (LEVERAGE, "10003", OTHER),
        ("https://api.example.com/v5/order/cancel-all", "10003", None),
    ],
)
@pytest.mark.parametrize("end", [" | Code: {}", " (code={})", ", retCode: {}"])
def test_an_error_whose_code_stands_behind_its_message(
    url: str, code: str, endpoint: str | None, end: str
) -> None:
    """Behind the URL, whose host tells the venue."""
    log = f"08:03:18,979 [ERROR] API Error on {url}: API key is invalid.{end.format(code)}\n"
    assert [record.endpoint for record in records(TEXT, log.encode())] == ([endpoint] if endpoint else [])


def test_equal_errors_at_two_urls() -> None:
    """They are two errors."""
    said = [
        f"08:03:18,979 [ERROR] API Error on {url}: API key is invalid. | Code: 10003\n"
        for url in (LEVERAGE, f"{BYBIT}/order/cancel-all")
    ]
    told = [record.endpoint for record in records(TEXT, "".join(said).encode())]
    assert told == [OTHER, "POST /v5/order/cancel-all"]
