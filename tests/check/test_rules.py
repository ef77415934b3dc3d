"""Every rule, with a record that violates it and one that does not."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from cancelnorm import CancelEvent, EventKind, Normalised, Note, Outcome, Product, Record, normalise, venues
from cancelnorm.check import (
    RULES,
    Finding,
    Refused,
    Skipped,
    check,
    inspect,
    judge,
    rule_example,
    rule_examples,
    unreadable,
)
from cancelnorm.check.judgement import shows_canceled
from cancelnorm.check.order_hashes import first_hash
from cancelnorm.endpoint import IdSpace
from cancelnorm.logs import read
from cancelnorm.record import Request
from tests.check.cases import edited, found, names, sample
from tests.venues.frames import FRAMES, Frame

ALL = "binance/delete-openorders-singles"
ONE = "binance/delete-order"
REJECTED = "binance/delete-order-unknown-order"
SENT, RECEIVED = 1684804350053796089, 1684804350099377205


def order(order_id: int, source: str = "log:1") -> Record:
    """Final report of an order."""
    return edited(ONE, ("orderId", order_id), source=source)


def refused(order_id: int, source: str = "log:1", **facts: Any) -> Record:
    """Rejection because there is no such order."""
    return sample(REJECTED, source, request={"symbol": "LTCBTC", "orderId": order_id}, **facts)


def one(*changes: tuple[str, Any]) -> Record:
    """Final report of an order that is not a documentation example."""
    return edited(ONE, ("orderId", 42710000001), *changes)


TRIGGERED = "binance/stream-order-trade-update-expired-8"


def goes_on(order_type: str, execution: str, **fields: Any) -> Record:
    """A later frame of the order that was triggered."""
    changes = {"o": order_type, "x": execution, "X": "NEW" if execution == "NEW" else "FILLED", **fields}
    return edited(TRIGGERED, *((f"o.{name}", value) for name, value in changes.items()), source="log:2")


EXAMPLES = {rule.name: example for rule in RULES.values() if (example := rule_example(rule.code))}
ALONE = {"venue-note"}  # has no example, tested separately


def bad(name: str) -> list[Finding]:
    """Findings on the bad example of a rule."""
    return list(check(read(str(EXAMPLES[name].bad))))


def test_every_rule_has_an_example() -> None:
    """Every rule has an example, and no file is left over."""
    assert EXAMPLES.keys() | ALONE == {rule.name for rule in RULES.values()}
    files = {Path(str(log)) for example in EXAMPLES.values() for log in example}
    assert files == set(Path(rule_examples.__file__).parent.glob("*.jsonl"))


@pytest.mark.parametrize("name", EXAMPLES)
def test_rule_finds(name: str) -> None:
    """A rule reports its violation."""
    assert name in {finding.rule.name for finding in bad(name)}


@pytest.mark.parametrize("name", EXAMPLES)
def test_rule_is_silent(name: str) -> None:
    """A rule does not report a similar but valid record."""
    good = list(read(str(EXAMPLES[name].good)))
    assert good
    assert name not in {finding.rule.name for finding in check(good)}


@pytest.mark.parametrize(("path", "name"), [("file", "damaged-file"), ("line", "unreadable-line")])
def test_unreadable(path: str, name: str) -> None:
    """An unreadable line or file is a finding without its secrets."""
    finding = unreadable("log:3", path, "cut off after signature=c0ffee")
    assert (finding.rule.name, finding.source, finding.path) == (name, "log:3", path)
    assert finding.message == "cut off after signature=[redacted]"


def test_a_note_that_no_rule_knows() -> None:
    """A note from another distribution's venue becomes a ``venue-note`` finding with its code."""
    record = sample(ONE, endpoint="DELETE /api/v3/order", payload=b"{}")
    event = CancelEvent("binance", Product.SPOT, "DELETE /api/v3/order", EventKind.ORDER, order_id="7")
    note = Note("moon-phase", "$.moon", "the moon is full", "signature=c0ffee")
    findings: list[Finding] = []
    inspect(Normalised((event,), (note,)), [], record, findings.append)
    [finding] = [f for f in findings if f.rule.name == "venue-note"]
    assert (finding.rule.code, finding.path, finding.order_id) == ("CN010", "$.moon", "7")
    assert finding.message == "moon-phase: the moon is full"


def test_ids_are_compared_where_they_are_unique() -> None:
    """Spot ids are unique within a symbol, so the same number under two symbols is two orders."""
    one, other = order(5), edited(ONE, ("orderId", 5), ("symbol", "ETHBTC"), source="log:2")
    assert "canceled-twice" not in names([one, other])
    assert "canceled-twice" in names([one, other, order(5, "log:3")])


@pytest.mark.parametrize(
    ("venue", "endpoint", "is_one"),
    [
        ("binance", "DELETE /api/v3/order", False),
        ("binance", "DELETE /nope", False),
        ("bybit", "POST /v5/order/cancel", True),
    ],
)
def test_verdicts_on_one_id_of_two_symbols(venue: str, endpoint: str, is_one: bool) -> None:
    """They contradict each other only where an id is that of one order, whatever its symbol."""
    gone, left = (
        CancelEvent(venue, None, endpoint, EventKind.ORDER, outcome=outcome, symbol=symbol, order_id="7")
        for outcome, symbol in ((Outcome.CANCELED, "BTCUSDT"), (Outcome.REJECTED, "ETHUSDT"))
    )
    for other, is_found in ((left, is_one), (replace(left, symbol="BTCUSDT"), True)):
        findings: list[Finding] = []
        inspect(Normalised((gone, other)), [gone, other], sample(ONE), findings.append)
        assert ("success-and-failure" in {each.rule.name for each in findings}) is is_found


@pytest.mark.parametrize("accounts", [("1", "2"), (None, "x")])
def test_accounts_are_kept_apart(accounts: tuple[str | None, str]) -> None:
    """Recordings of different accounts are not compared, nor those of an account with those of none."""
    mine, other = (replace(order(5, f"log:{who}"), account=who) for who in accounts)
    assert "canceled-twice" not in names([mine, other])
    assert "canceled-twice" in names([mine, other, replace(mine, source="log:3")])


def test_a_name_that_is_missing_is_like_no_other() -> None:
    """Neither an account nor a symbol."""
    space, names_of = IdSpace("one", by_symbol=True), (None, "x")
    assert len({first_hash(space, symbol, who) for symbol in names_of for who in names_of}) == 4


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("overfilled", "filled quantity 1.50000000 exceeds order quantity 1.00000000"),
        ("quote-without-fill", "filled quantity is zero, but the quote amount is 3.00000000"),
        ("status-against-quantities", "status is CANCELED, but all of 1.0 filled"),
        ("list-not-done", "order list 0 is EXECUTING, and a leg of it is canceled"),
        ("unknown-value", "expected BUY or SELL, found 'SIDEWAYS'"),
        ("secret-in-log", "secret found at request.signature"),
        ("wrong-clock-unit", "sent_ns is 1684804350053, which is in milliseconds"),
        ("unknown-fate", "-1007 Timeout waiting for response from backend server."),
        ("canceled-twice", "order 5 was already canceled"),
    ],
)
def test_messages(name: str, message: str) -> None:
    """Messages of typical findings."""
    assert any(finding.message.startswith(message) for finding in bad(name))


def test_a_negative_quantity() -> None:
    """A quantity below zero is named."""
    assert any(f.message == "filled quantity -0.5 is negative" for f in found([one(("executedQty", "-0.5"))]))


def test_epoch_of_another_unit_is_a_wrong_unit() -> None:
    """A payload refused for the length of a time has a wrong clock unit."""
    (finding,) = found([edited(ONE, ("transactTime", 1684804350))])
    assert (finding.rule.name, finding.path) == ("wrong-clock-unit", "$.transactTime")


def test_finding_of_two_records_names_both() -> None:
    """A finding on two records belongs to the later one and names the earlier one."""
    (finding,) = [f for f in found([order(5), order(5, "log:2")]) if f.rule.name == "canceled-twice"]
    assert (finding.source, finding.related, finding.order_id) == ("log:2", "log:1", "5")


def test_the_same_cancel_by_answer_and_by_stream_is_one() -> None:
    """An answer and a stream event about the same cancel are not duplicates."""
    answer = edited("binance/cancel-limit-trio-rest")
    stream = edited("binance/cancel-limit-trio-stream")
    assert "canceled-twice" not in names([answer, stream])
    assert "canceled-twice" in names([answer, stream, stream])


def test_rate_limit_is_no_rejection_of_the_order() -> None:
    """A cancel may succeed after a rate limit."""
    limited = sample("binance/delete-order-weight-429", request={"symbol": "LTCBTC", "orderId": 5})
    assert "canceled-after-rejection" not in names([limited, order(5)])


def test_a_cancel_that_lost_a_race_is_no_surprise() -> None:
    """A rejection later than the cancel, by the clocks, is correct."""
    assert "canceled-after-rejection" not in names([refused(5), order(5, "log:2")])


@pytest.mark.parametrize("client_id", ["t-pin: 1234", "pin 1234", "secret:1", "otp 483920", "seed: 5"])
def test_an_order_may_have_any_name(tmp_path: Path, client_id: str) -> None:
    """The request and the answer are about the same order, whose name is no secret."""
    url = "https://api.bybit.com/v5/order/cancel"
    asked = {"category": "linear", "symbol": "BTCUSDT", "orderLinkId": client_id}
    result = {"orderId": "X1-22", "orderLinkId": client_id}
    answer = {"retCode": 0, "retMsg": "OK", "result": result, "retExtInfo": {}, "time": 1700000000000}
    log = tmp_path / "bot.log"
    log.write_text(f"request POST {url} {json.dumps(asked)}\nresponse 200 {url} {json.dumps(answer)}\n")
    [record] = read(log)
    assert isinstance(record, Record)
    assert names([record]) == {"never-confirmed"}
    [event] = normalise(record).events
    assert (event.client_order_id, event.symbol, event.product) == (client_id, "BTCUSDT", Product.LINEAR)


def test_no_secret_reaches_a_finding() -> None:
    """Secrets in a request or in an added field do not appear in findings."""
    record = edited(ONE, ("apiKey", "pl4nted"), request={"symbol": "LTCBTC", "apiKey": "pl4nted"})
    findings = found([record])
    (secret,) = [f for f in findings if f.rule.name == "secret-in-log"]
    assert secret.message == "secret found at request.apiKey, $.apiKey"
    assert "pl4nted" not in repr(findings)


@pytest.mark.parametrize("wrap", [lambda inner: {"a": inner}, lambda inner: [inner]])
def test_a_request_of_any_depth(wrap: Callable[[object], Request]) -> None:
    """A secret is found however it is wrapped, and no depth ends the check."""
    request: Request = {"apiKey": "pl4nted"}
    for depth in range(100_000):
        if depth in (0, 5, 12, 99_999):
            assert ("secret-in-log" in names([sample(ONE, request=request)])) == (depth < 99_999)
        request = wrap(request)


@pytest.mark.parametrize("key", [1, None, True, 1.5, ("a",), b"a"])
def test_a_key_that_is_no_text(key: object) -> None:
    """Programs make requests of what they have: it is passed over, and a secret below it is found all the same."""
    record = sample(ONE, request={"a": {key: {"apiKey": "pl4nted"}}, key: "x"})
    (secret,) = [f for f in found([record]) if f.rule.name == "secret-in-log"]
    assert secret.message.startswith("secret found at request.a.")
    assert secret.message.endswith(".apiKey")


def test_plain_cancels_are_silent() -> None:
    """Plain cancels cause no findings, however many there are."""
    one = json.loads(edited(ONE, ("origClientOrderId", "mine")).payload)
    rows = [one | {"orderId": 42710000000 + i} for i in range(200)]
    payload = json.dumps(rows, separators=(",", ":")).encode()
    assert found([sample(ALL, payload=payload, sent_ns=SENT, received_ns=RECEIVED)]) == []


def test_one_overfilled_order_among_many_is_found() -> None:
    """An inconsistent order is found at any position."""
    one = json.loads(edited(ONE, ("origClientOrderId", "mine")).payload)
    rows = [one | {"orderId": 42710000000 + i} for i in range(100)]
    rows[57] |= {"executedQty": "2.00000000", "cummulativeQuoteQty": "4.00000000"}
    payload = json.dumps(rows, separators=(",", ":")).encode()
    (finding,) = found([sample(ALL, payload=payload, sent_ns=SENT, received_ns=RECEIVED)])
    assert (finding.rule.name, finding.order_id) == ("overfilled", "42710000057")


def test_one_wrong_clock_among_many_is_found() -> None:
    """An order with a wrong time is found at any position."""
    one = json.loads(edited(ONE, ("origClientOrderId", "mine")).payload)
    rows = [one | {"orderId": 42710000000 + i} for i in range(100)]
    rows[57] |= {"transactTime": one["transactTime"] + 86_400_000}
    payload = json.dumps(rows, separators=(",", ":")).encode()
    (finding,) = found([sample(ALL, payload=payload, sent_ns=SENT, received_ns=RECEIVED)])
    assert (finding.rule.name, finding.order_id) == ("time-outside-window", "42710000057")
    assert finding.message == "the engine's time is 23 hours after the answer was received"


@pytest.mark.parametrize(
    ("minutes", "zone"),
    [(9 * 60, "+09:00"), (-5 * 60, "-05:00"), (330, "+05:30"), (47, None), (-15 * 60, None)],
)
def test_a_clock_that_is_off_by_whole_hours(minutes: int, zone: str | None) -> None:
    """The time zone of the recorder is suggested, where there is one with such an offset."""
    shift = minutes * 60 * 10**9
    one = edited(ONE, ("origClientOrderId", "mine")).payload
    findings = found([sample(ONE, payload=one, sent_ns=SENT + shift, received_ns=RECEIVED + shift)])
    (finding,) = (each for each in findings if each.rule.name == "time-outside-window")
    hint = f"; if the recorder's times are those of a zone, read the log with --tz {zone}"
    assert finding.message.endswith(hint) is (zone is not None)
    assert ("--tz" in finding.message) is (zone is not None)


def test_terminal_status_may_be_older_than_the_request() -> None:
    """A query reports the time of the cancel, which was before the query."""
    record = sample("bybit/get-v5-order-history-2026", sent_ns=2 * 10**18, received_ns=2 * 10**18)
    assert not [f for f in found([record]) if f.message.startswith("the engine's time")]


@pytest.mark.parametrize(
    ("endpoint", "request_", "payload", "is_skipped"),
    [
        ("GET /api/v9/orders", None, b'[{"status":"NEW"}]', True),
        ("GET /api/v9/orders", None, b'[{"status":"PARTIALLY_CANCELED"}]', False),
        ("GET /api/v9/orders", None, b'[{"timeInForce":"good_til_cancelled"}]', True),
        ("GET /api/v9/rules", None, b'{"canceled":true,"cancelReplaceAllowed":true}', True),
        ("POST /api/v9/halt", {"symbol": "BTCUSDT"}, b"{}", True),
        ("POST /api/v9/halt", {"orderId": 7}, b"{}", False),
        ("ws order.place", {"symbol": "BTCUSDT"}, b'{"status":200}', True),
        ("ws everything.cancel", None, b"{}", False),
    ],
)
def test_an_unknown_endpoint_that_may_cancel(
    endpoint: str, request_: Request | None, payload: bytes, *, is_skipped: bool
) -> None:
    """It is a finding whatever its name; others are skipped by name."""
    result = judge(Record(payload, "binance", endpoint, request=request_))
    if is_skipped:
        assert result == Skipped(endpoint)
    else:
        assert isinstance(result, Refused)
        assert result.finding.rule.name == "unknown-endpoint"


def test_what_shows_something_canceled_at_an_unknown_endpoint() -> None:
    """It is skipped where the venue tells that it is about something else."""
    shown = [frame for frame in FRAMES.values() if shows_canceled(frame.body) and is_skipped(frame)]
    assert shown
    for frame in shown:
        assert judge(Record(frame.body, frame.venue, "GET /nowhere")) == Skipped("GET /nowhere")


def is_skipped(frame: Frame) -> bool:
    """Whether a venue tells what any frame is about that it is no cancel."""
    skip = venues.every()[frame.venue].skip
    return skip is not None and skip(frame.body) is not None


def test_a_triggered_stop_is_reported_once() -> None:
    """At the first frame that shows that the order goes on, with the frame that said that it expired."""
    findings = [
        finding
        for finding in found([sample(TRIGGERED), goes_on("MARKET", "NEW"), goes_on("MARKET", "TRADE")])
        if finding.rule.name == "stop-triggered"
    ]
    assert [(finding.source, finding.related, finding.order_id) for finding in findings] == [
        ("log:2", "log:1", "398110242008")
    ]


def accepted(source: str) -> Record:
    """A cancel that Bybit accepted."""
    return sample("bybit/post-v5-order-cancel", source)


def filled(source: str) -> Record:
    """A frame with two orders of Bybit, of which the second filled: the one whose cancel was accepted."""
    order_id = json.loads(accepted("").payload)["result"]["orderId"]
    rows = [
        {
            "orderId": name,
            "orderStatus": status,
            "symbol": "BTCUSDT",
            "cancelType": "UNKNOWN",
            "cumExecQty": "1",
        }
        for name, status in (("another", "PartiallyFilled"), (order_id, "Filled"))
    ]
    return Record(json.dumps({"topic": "order", "data": rows}).encode(), "bybit", source=source)


@pytest.mark.parametrize("is_filled_first", [True, False])
def test_an_order_that_filled_though_its_cancel_was_accepted(is_filled_first: bool) -> None:
    """The finding stands at the answer and names the frame, whichever came first; that is all that is said."""
    records = (
        [filled("log:1"), accepted("log:2")] if is_filled_first else [accepted("log:1"), filled("log:2")]
    )
    [finding] = [finding for finding in found(records) if finding.rule.code.startswith(("CN4", "CN6"))]
    assert finding.rule.name == "filled-before-cancel"
    assert (finding.source, finding.related) == (
        ("log:2", "log:1") if is_filled_first else ("log:1", "log:2")
    )
    assert finding.endpoint == "POST /v5/order/cancel"


def test_a_fill_of_another_order_confirms_nothing() -> None:
    """The accepted cancel is still open."""
    other = filled("log:2")
    frame = json.loads(other.payload)
    frame["data"][1]["orderStatus"] = "New"
    other = replace(other, payload=json.dumps(frame).encode())
    assert "never-confirmed" in names([accepted("log:1"), other])
