"""Errors of tickers, settings and placements, in whatever form programs print them: no cancel was refused."""

import pytest

from cancelnorm.logs.formats import named
from cancelnorm.logs.tried import tried_in
from tests.logs.captured import found

URL = "https://api.binance.com/api/v3/order?symbol=BTCUSDT&orderId=17"
FORMS = {
    "an error of a library": "binance ERROR {said}: APIError(code={code}): {text}",
    "an answer": 'binance ERROR {said}: {{"code":{code},"msg":"{text}"}}',
    "fields": 'level=ERROR msg="{said}" exchange=binance err="<APIError> code={code}, msg={text}"',
    "JSON": '{{"level":"error","logger":"binance","msg":"{said}","error":"<APIError> code={code}, msg={text}"}}',
    "an error in JSON": (
        '{{"level":50,"msg":"{said}","exchange":"binance","err":{{"code":{code},"message":"{text}"}}}}'
    ),
    "an answer in JSON": (
        '{{"level":50,"msg":"{said}","exchange":"binance",'
        '"err":{{"message":"binance {{\\"code\\":{code},\\"msg\\":\\"{text}\\"}}"}}}}'
    ),
}
FAILED = [
    ("get depth failed", -1121, "Invalid symbol."),
    ("failed to place order", -2010, "Account has insufficient balance for requested action."),
    ("set leverage failed", -4028, "Leverage 200 is not valid"),
    ("change margin type failed", -4046, "No need to change margin type."),
    ("keepalive listenKey failed", -1125, "This listenKey does not exist."),
    ("transfer failed", -5013, "Asset transfer failed"),
    ("open position failed", -2019, "Margin is insufficient."),
    ("load klines failed", -1003, "Too many requests."),
]


def records_of(form: str, log: str) -> int:
    """The number of records and faults in a log."""
    return len(found(named("jsonl" if FORMS[form][:1] == "{" else "text"), f"{log}\n".encode()))


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(("said", "code", "text"), FAILED)
def test_what_else_failed(form: str, said: str, code: int, text: str) -> None:
    """It is not told as a cancel; where words say that something was canceled, it is."""
    assert records_of(form, FORMS[form].format(said=said, code=code, text=text)) == 0
    assert records_of(form, FORMS[form].format(said="cancel failed", code=-1003, text=text)) == 1


@pytest.mark.parametrize("form", ["an error of a library", "an answer", "fields"])
def test_a_cancel_waits(form: str) -> None:
    """Then it may have been refused so, whatever the words are."""
    log = f"DELETE {URL}\n" + FORMS[form].format(
        said="update positions", code=-1003, text="Too many requests."
    )
    [record] = found(named("text"), f"{log}\n".encode())
    assert record.payload  # type: ignore[union-attr]


@pytest.mark.parametrize("form", FORMS)
def test_an_order_that_is_gone(form: str) -> None:
    """Only a cancel gets that."""
    said = FORMS[form].format(said="get order failed", code=-2011, text="Unknown order sent.")
    assert records_of(form, said) == 1


@pytest.mark.parametrize(
    ("text", "tried"),
    [
        ("could not fetch ticker", "other"),
        ("getOrder failed", "query"),
        ("set leverage, then cancel", None),
        ("update", None),
        ("transferring is done", None),
        ("bot.open_position", None),
        ("failed to void order, refreshing account", None),
        ("get rid of order 17", None),
        ("get open orders, then pull them", None),
        ("open position exit", None),
        ("opening a position failed", "other"),
    ],
)
def test_words(text: str, tried: str | None) -> None:
    """They have to say what was done, and to what; names of functions only where they ask or load."""
    assert tried_in(text) == tried
