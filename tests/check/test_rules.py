"""Every rule, with a record that violates it and one that does not."""

import json
from typing import Any

import pytest
from msgspec.structs import replace

from cancelnorm import CancelEvent, EventKind, Normalised, Note, Product, Record
from cancelnorm.check import RULES, Finding, Refused, Skipped, inspect, judge, unreadable
from cancelnorm.record import Request
from tests.check.cases import edited, found, names, sample

LIST = "binance/delete-orderlist"
ALL = "binance/delete-openorders-singles"
OTHER_LEGS = tuple((f"{key}.{i}.orderId", 700 + i) for key in ("orders", "orderReports") for i in (0, 1))
PART = (("executedQty", "0.50000000"), ("cummulativeQuoteQty", "1.00000000"))
ONE = "binance/delete-order"
SENT, RECEIVED = 1684804350053796089, 1684804350099377205
ASKED, REPORTED = "bybit/post-v5-order-cancel", "bybit/stream-order-2026"
BATCH = "bybit/post-v5-order-cancel-batch"
REJECTED = "binance/delete-order-unknown-order"


def raw(payload: bytes) -> Record:
    """Another answer to the cancel of one order."""
    return sample(ONE, payload=payload)


def twice_key(value: bytes) -> Record:
    """An answer with a duplicate key."""
    payload = sample(ONE).payload
    assert isinstance(payload, bytes)
    return raw(payload.replace(b"{", b'{"symbol":%b,' % value, 1))


def both_shapes() -> Record:
    """An order list with a field of a single order."""
    return edited("binance/delete-openorders-list", ("0.executedQty", "0.00000000"))


def asked(order_id: str = "c6f055d9-7f21-4079-913d-e6523a9cffff", source: str = "log:1") -> Record:
    """An answer that only acknowledges the request."""
    return edited(ASKED, ("result.orderId", order_id), source=source)


def pushed(order_id: str = "c6f055d9-7f21-4079-913d-e6523a9cffff", source: str = "log:2") -> Record:
    """A report from the order stream."""
    return edited(REPORTED, ("data.0.orderId", order_id), source=source)


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


CASES: dict[str, tuple[list[Record], list[Record]]] = {
    "payload-refused": ([raw(b"{}")], [sample(ONE)]),
    "unknown-endpoint": ([sample(ONE, endpoint="DELETE /nope")], [sample(ONE)]),
    "ambiguous-endpoint": (
        [sample("binance/delete-eapi-order-unknown-order", endpoint=None)],
        [sample("binance/delete-eapi-order-unknown-order")],
    ),
    "duplicate-key": ([twice_key(b'"BTCUSDT"')], [sample(ONE)]),
    "secret-in-log": (
        [sample(ONE, request={"symbol": "LTCBTC", "signature": "c0ffee"})],
        [sample(ONE, request={"symbol": "LTCBTC", "signature": "[redacted]"})],
    ),
    "documentation-example": ([sample(ONE)], [edited(ONE, ("origClientOrderId", "mine"))]),
    "endpoint-assumed": ([sample("binance/delete-orderlist", endpoint=None)], [sample(LIST)]),
    "shared-request-id": (
        [sample("binance/delete-order-unknown-order", pairing="shared_id")],
        [sample("binance/delete-order-unknown-order")],
    ),
    "unknown-field": ([one(("brandNew", 1))], [sample(ONE)]),
    "unknown-value": ([one(("side", "SIDEWAYS"))], [sample(ONE)]),
    "overfilled": (
        [one(("executedQty", "1.50000000"), ("cummulativeQuoteQty", "3.00000000"))],
        [one(*PART)],
    ),
    "quote-without-fill": ([one(("cummulativeQuoteQty", "3.00000000"))], [one(*PART)]),
    "fill-without-quote": ([one(PART[0])], [one(*PART)]),
    "status-against-quantities": (
        [one(("executedQty", "1.0"), ("cummulativeQuoteQty", "2.0"))],
        [one(*PART)],
    ),
    "stale-status": ([one(("status", "NEW"))], [sample(ONE)]),
    "contradiction": (
        [sample("binance/delete-fapi-order-quantities-differ")],
        [sample("binance/delete-fapi-order")],
    ),
    "id-looks-rounded": (
        [sample("binance/delete-margin-order-rounded-id")],
        [sample("binance/delete-margin-order")],
    ),
    "both-shapes": ([both_shapes()], [sample("binance/delete-openorders-list")]),
    "leg-without-report": ([sample("binance/delete-orderlist-leg-unreported")], [sample(LIST)]),
    "report-without-leg": ([edited(LIST, ("orders.0.orderId", 77))], [sample(LIST)]),
    "leg-mismatch": ([edited(LIST, ("orders.0.clientOrderId", "other"))], [sample(LIST)]),
    "list-id-mismatch": ([edited(LIST, ("orderReports.0.orderListId", 9))], [sample(LIST)]),
    "list-not-done": ([edited(LIST, *OTHER_LEGS, ("listOrderStatus", "EXECUTING"))], [sample(LIST)]),
    "phantom-row": (
        [sample("bingx/post-spot-v1-trade-cancelorders-phantom-row")],
        [sample("bingx/post-spot-v1-trade-cancelorders-2024")],
    ),
    "length-mismatch": (
        [sample("bybit/post-v5-order-cancel-batch-length-mismatch")],
        [sample("bybit/post-v5-order-cancel-batch")],
    ),
    "unreadable-row": (
        [edited(BATCH, ("result.list.0.orderId", None))],
        [sample(BATCH)],
    ),
    "unanswered-order": (
        [sample("bingx/post-spot-v1-trade-cancelorders")],
        [sample("bingx/post-spot-v1-trade-cancelorders-2024")],
    ),
    "success-and-failure": (
        [
            edited(
                "bingx/delete-swap-v2-trade-allopenorders-failed",
                ("data.failed.0.orderId", 1736013373487123457),
            )
        ],
        [sample("bingx/delete-swap-v2-trade-allopenorders-failed")],
    ),
    "empty-list": (
        [sample("bybit/get-v5-order-realtime-empty")],
        [sample("bybit/get-v5-order-realtime")],
    ),
    "not-a-cancel": ([sample("bybit/stream-order-mixed")], [sample("bybit/stream-order-2026")]),
    "partial-batch": (
        [sample("bybit/post-v5-order-cancel-batch-partial-failure")],
        [sample("bybit/post-v5-order-cancel-batch")],
    ),
    "filled-before-cancel": (
        [sample("bybit/post-v5-order-cancel-already-filled")],
        [sample("bybit/post-v5-order-cancel-already-canceled")],
    ),
    "rate-limited": (
        [sample("binance/delete-order-weight-429")],
        [sample("binance/delete-order-banned-418")],
    ),
    "banned": ([sample("binance/delete-order-banned-418")], [sample("binance/delete-order-weight-429")]),
    "unknown-fate": (
        [sample("binance/delete-order-timeout")],
        [sample("bybit/get-v5-order-history-final-status"), sample(REJECTED)],
    ),
    "unanswered-request": (
        [sample(ONE, payload=b"", request={"symbol": "LTCBTC", "orderId": 4}, pairing="timeout")],
        [sample(ONE, request={"symbol": "LTCBTC", "orderId": 4}), sample("binance/delete-order-timeout")],
    ),
    "wrong-clock-unit": (
        [sample(ONE, sent_ns=SENT // 10**6, received_ns=RECEIVED // 10**6)],
        [sample(ONE, sent_ns=SENT, received_ns=RECEIVED)],
    ),
    "time-outside-window": (
        [sample(ONE, sent_ns=SENT, received_ns=RECEIVED - 2 * 10**9)],
        [sample(ONE, sent_ns=SENT // 10**6, received_ns=RECEIVED), sample(ONE, sent_ns=None)],
    ),
    "canceled-twice": ([order(5), order(5, "log:2")], [order(5), order(6, "log:2")]),
    "canceled-after-rejection": (
        [refused(5, received_ns=SENT - 10**9), order(5, "log:2")],
        [order(5), refused(5, "log:2")],
    ),
    "never-confirmed": ([asked()], [pushed(), asked()]),
    "stop-triggered": (
        [sample(TRIGGERED), goes_on("MARKET", "NEW"), goes_on("MARKET", "TRADE")],
        [goes_on("STOP", "NEW"), sample(TRIGGERED), goes_on("MARKET", "TRADE", i=7)],
    ),
    "never-acknowledged": (
        [asked(), pushed(), pushed("c6f055d9-7f21-4079-913d-e6523a9cf001", "log:3")],
        [pushed(source="log:1"), asked(source="log:2")],
    ),
}
ALONE = {"unreadable-line", "damaged-file", "venue-note"}  # tested separately


def test_every_rule_is_tested() -> None:
    """Every rule has a case."""
    assert CASES.keys() | ALONE == {rule.name for rule in RULES.values()}


@pytest.mark.parametrize("name", CASES)
def test_rule_finds(name: str) -> None:
    """A rule reports its violation."""
    assert name in names(CASES[name][0])


@pytest.mark.parametrize("name", CASES)
def test_rule_is_silent(name: str) -> None:
    """A rule does not report a similar but valid record."""
    assert name not in names(CASES[name][1])


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


def test_accounts_are_kept_apart() -> None:
    """Recordings of different accounts are not compared."""
    mine, other = (replace(order(5, f"log:{who}"), account=who) for who in ("1", "2"))
    assert "canceled-twice" not in names([mine, other])
    assert "canceled-twice" in names([mine, other, replace(mine, source="log:3")])


@pytest.mark.parametrize(
    ("records", "message"),
    [
        (CASES["overfilled"][0], "filled quantity 1.50000000 exceeds order quantity 1.00000000"),
        (CASES["quote-without-fill"][0], "filled quantity is zero, but the quote amount is 3.00000000"),
        (CASES["status-against-quantities"][0], "status is CANCELED, but all of 1.0 filled"),
        ([one(("executedQty", "-0.5"))], "filled quantity -0.5 is negative"),
        (CASES["list-not-done"][0], "order list 0 is EXECUTING, and a leg of it is canceled"),
        (CASES["unknown-value"][0], "expected BUY or SELL, found 'SIDEWAYS'"),
        (CASES["secret-in-log"][0], "secret found at request.signature"),
        (CASES["wrong-clock-unit"][0], "sent_ns is 1684804350053, which is in milliseconds"),
        (CASES["unknown-fate"][0], "-1007 Timeout waiting for response from backend server."),
        (CASES["canceled-twice"][0], "order 5 was already canceled"),
    ],
)
def test_messages(records: list[Record], message: str) -> None:
    """Messages of typical findings."""
    assert any(finding.message.startswith(message) for finding in found(records))


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


def test_no_secret_reaches_a_finding() -> None:
    """Secrets in a request or in an added field do not appear in findings."""
    record = edited(ONE, ("apiKey", "pl4nted"), request={"symbol": "LTCBTC", "apiKey": "pl4nted"})
    findings = found([record])
    (secret,) = [f for f in findings if f.rule.name == "secret-in-log"]
    assert secret.message == "secret found at request.apiKey, $.apiKey"
    assert "pl4nted" not in repr(findings)


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
