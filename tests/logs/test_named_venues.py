"""Lines that name a venue: what is unlike its answers is not taken for another venue's."""

import json
from collections.abc import Callable

import pytest

from cancelnorm import Record, answering, venues
from cancelnorm.logs.formats import named
from cancelnorm.logs.text import TEXT
from cancelnorm.logs.text_words import venue_in
from tests.batches import each_sample
from tests.logs.captured import found
from tests.samples import SAMPLES
from tests.strategies import VENUES

JSON = named("jsonl")
FORMS: dict[str, Callable[[str, str], str]] = {
    "an exception": lambda venue, answer: f"ccxt.base.errors.ExchangeError: {venue} {answer}",
    "what a program says": lambda venue, answer: f"ERROR cancel on {venue} failed: {answer}",
    "a frame": lambda venue, answer: f"{venue} <- {answer}",
    "a logger": lambda venue, answer: json.dumps(
        {"level": "info", "logger": f"bot.{venue}", "message": f"recv {answer}"}
    ),
}


@each_sample
def test_an_answer_that_lacks_a_field(name: str) -> None:
    """It is of the venue that the words name, or of one that answers just so; at least where it has the same names."""
    sample = SAMPLES[name]
    try:
        whole = json.loads(bytes(sample.payload))
    except ValueError:
        return
    for key in list(whole)[:2] if isinstance(whole, dict) else ():
        cut = json.dumps({other: value for other, value in whole.items() if other != key}).encode()
        for form, line in FORMS.items():
            log = f"{line(sample.venue, cut.decode())}\n".encode()
            for item in found(JSON if form == "a logger" else TEXT, log):
                if isinstance(item, Record) and not item.payload:
                    continue  # a request, which several venues take alike
                venue = getattr(item, "venue", None) or sample.venue
                is_named = f"{venue}_".startswith(f"{sample.venue}_")
                assert is_named or answering.takes(venues.every()[venue], cut), log


@pytest.mark.parametrize(
    "line",
    [
        'Error: binance {"code":-2011}',
        'ccxt.base.errors.OrderNotFound: binance {"code":-2011}',
    ],
)
def test_an_error_without_its_message(line: str) -> None:
    """Another venue may have errors of a code alone, and did not send it."""
    [record] = found(TEXT, f"{line}\n".encode())
    assert getattr(record, "venue", None) == "binance"


def test_the_name_of_a_logger() -> None:
    """It tells which of several venues has sent an answer; and makes no answer of what the program says."""
    line = {"level": "info", "message": "cancel", "data": {"code": -2011, "msg": "Unknown order sent."}}
    for logger, venue in (("app.mexc", "mexc"), ("BinanceClient", "binance"), ("app", None)):
        [item] = found(JSON, json.dumps({**line, "logger": logger}).encode() + b"\n")
        assert getattr(item, "venue", None) == venue
    state = {**line, "logger": "GateClient", "data": {"orders": 5, "balance": 3}}
    [item] = found(JSON, json.dumps(state).encode() + b"\n")
    assert getattr(item, "path", None) == "venue"


@pytest.mark.parametrize("said", ["[binance-hedger] frame", "INFO kraken bot: task", "frame"])
def test_a_request_to_another_venue(said: str) -> None:
    """A program has the name of one venue, and trades at others, too."""
    asked = {"op": "order.cancel", "reqId": "r1", "args": [{"category": "linear", "orderId": "7a1b"}]}
    gone = {
        "reqId": "r1",
        "retCode": 110001,
        "retMsg": "gone",
        "op": "order.cancel",
        "data": {},
        "connId": "c",
    }
    log = "".join(f"{said} {json.dumps(frame)}\n" for frame in (asked, gone))
    [record] = found(TEXT, log.encode())
    assert isinstance(record, Record)
    assert (record.venue, record.request) == ("bybit", {"category": "linear", "orderId": "7a1b"})


@pytest.mark.parametrize("said", ["okx response:", "INFO price of kraken\nINFO response:"])
def test_an_answer_of_others_alone(said: str) -> None:
    """Words that name a venue count for nothing where the object is exactly an answer of others."""
    log = f'{said} {{"code":-2011,"msg":"Unknown order sent."}}\n'
    assert [getattr(each, "path", None) for each in found(TEXT, log.encode())] == ["venue"]


@pytest.mark.parametrize("form", FORMS)
def test_an_error_of_another_venue(form: str) -> None:
    """An error that is exactly of two venues, and listed there, is not made one of the venue that words name."""
    answer = '{"code": -2011, "msg": "Unknown order sent."}'
    log = f"{FORMS[form]('bybit', answer)}\n".encode()
    [item] = found(JSON if form == "a logger" else TEXT, log)
    is_quoted = form == "an exception"  # which names its own venue
    assert getattr(item, "venue", None) == ("bybit" if is_quoted else None)


@pytest.mark.parametrize("venue", VENUES)
def test_other_names_of_a_venue(venue: str) -> None:
    """Words name a venue by any name that is a word; one of three letters is too short, but for its own."""
    for name in (venue, *venues.every()[venue].aliases):
        if name.replace("_", "").isalnum():
            is_told = len(name) > 3 or name == venue
            for written in (name, name.upper(), name.title()):
                assert venue_in(f"sent to {written} now") == (venue if is_told else None), written
