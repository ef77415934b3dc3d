"""Law: lines that are taken many at a time give what each gives by itself, whatever else the log holds."""

import json
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cancelnorm.check import (
    BatchResult,
    Finding,
    History,
    Settings,
    examine_batch,
    history,
    in_sequence,
    place,
)
from cancelnorm.check.plain_lines import PlainLines, PlainLinesReader
from cancelnorm.check.statistics import Summary
from cancelnorm.logs import Batch, Block
from tests.samples import SAMPLES

MS = 1_763_000_000_000
NS = MS * 1_000_000
DRAWN: dict[str, list[Any]] = {
    "symbol": ["BTCUSDT", "ETHUSDT", ""],
    "orderId": [1, 2, 3, 4, 5, 28, 2**53 + 8, 9_007_199_254_741_100, 2**62 - 1, 2**62, 2**63 - 1, -1],
    "origClientOrderId": ["a", "b", "a:b", "", "é"],
    "orderListId": [-1, 0, 7],
    "transactTime": [MS, MS + 1, MS + 999, MS + 1_001, MS + 3_600_000, MS * 1_000],
    "price": ["0.10000000", "0.00", "1_000", "-1", "1e5", "1\n2"],
    "origQty": ["1.00000000", "0.00000000", "2"],
    "executedQty": ["0.00000000", "0.50000000", "1.00000000", "3", "-1", "0"],
    "cummulativeQuoteQty": ["0.00000000", "5.00000000", "-1.00000000", "0"],
    "origQuoteOrderQty": ["0.00000000", "7.5"],
    "status": ["CANCELED", "FILLED", "EXPIRED", "NEW", "PARTIALLY_FILLED", "ASTRAY"],
    "type": ["LIMIT", "STOP_LOSS_LIMIT", "NEW_TYPE"],
    "selfTradePreventionMode": ["NONE", "NEW_MODE"],
    "stopPrice": ["1.5", "0.00000000", "none"],
    "icebergQty": ["0.10000000"],
    "strategyId": [7],
    "expiryReason": ["OCO_TRIGGER"],
    "newField": [{"a": 1}],
}
PLAIN: dict[str, Any] = {
    "symbol": "BTCUSDT",
    "origClientOrderId": "a",
    "orderId": 1,
    "orderListId": -1,
    "clientOrderId": "c",
    "transactTime": MS,
    "price": "0.10000000",
    "origQty": "1.00000000",
    "executedQty": "0.00000000",
    "origQuoteOrderQty": "0.00000000",
    "cummulativeQuoteQty": "0.00000000",
    "status": "CANCELED",
    "timeInForce": "GTC",
    "type": "LIMIT",
    "side": "BUY",
    "selfTradePreventionMode": "NONE",
}
PARTIAL = {"executedQty": "0.50000000", "cummulativeQuoteQty": "5.00000000"}
STOP = {"type": "STOP_LOSS_LIMIT", "stopPrice": "1.5"}
USUAL: list[dict[str, Any]] = [{}, {}, PARTIAL, STOP, PARTIAL | STOP]
ERROR = {"code": -2011, "msg": "Unknown order sent."}
ONE, ALL = "DELETE /api/v3/order", "DELETE /api/v3/openOrders"


IDS = [1, 5, 6, 7, 8, 9, 10, 2]  # the last is an example of the documentation


@st.composite
def orders(draw: st.DrawFn) -> dict[str, Any]:
    """An order of an answer, mostly plain."""
    order = PLAIN | {"orderId": draw(st.sampled_from(IDS)), "transactTime": MS + draw(st.integers(0, 3))}
    order |= draw(st.sampled_from(USUAL))
    for name in draw(st.lists(st.sampled_from([*DRAWN]), max_size=1) if draw(st.booleans()) else st.just([])):
        order[name] = draw(st.sampled_from(DRAWN[name]))
    if not draw(st.integers(0, 15)):
        del order[draw(st.sampled_from([*order]))]
    return order


SIGNED: list[Any] = [
    {"symbol": "BTCUSDT", "timestamp": MS, "signature": "0123456789abcdef" * 4},
    {"symbol": "BTCUSDT", "signature": "[redacted]"},
    {"symbol": "BTCUSDT", "signature": ["0123456789abcdef"]},
    {"symbol": "BTCUSDT", "orderId": 1, "signature": "0123456789abcdef" * 4},
]
REQUESTS: list[Any] = [
    None,
    {},
    {"symbol": "BTCUSDT"},
    {"symbol": "BTCUSDT", "orderId": 1},
    {"symbol": "BTCUSDT", "orderId": "2", "recvWindow": 5_000},
    {"orderid": 3},
    {"orderId": 9_007_199_254_741_100},
    {"orderId": True, "origClientOrderId": "a"},
    {"origClientOrderId": "a"},
    {"origClientOrderId": "B"},
    {"symbol": "BTCUSDT", "signature": "0123456789abcdef"},
    {"symbol": "apiKey=0123456789abcdef0123456789abcdef"},
    {"symbol": ["BTCUSDT"], "limit": 1.5},
    [{"symbol": "BTCUSDT", "orderId": 1}],
]


@st.composite
def lines(draw: st.DrawFn) -> bytes:
    """A line of a log: mostly a plain answer, or any other."""
    line: dict[str, Any] = {"venue": "binance", "endpoint": draw(st.sampled_from([ONE, ALL])), "status": 200}
    answers = st.lists(orders(), min_size=1, max_size=4) if line["endpoint"] == ALL else orders()
    payload: Any = draw(answers)
    line["request"] = draw(st.sampled_from(draw(st.sampled_from([REQUESTS[:3], SIGNED, REQUESTS]))))
    line |= draw(st.sampled_from([{}, {"sent_ns": NS - 10**6, "received_ns": NS + 10**7}]))
    if not draw(st.integers(0, 5)):
        line |= draw(st.sampled_from(ODD_LINES))
        payload = draw(
            st.sampled_from([payload, payload, [], ERROR, [payload], json.dumps(payload), *SHAPES])
        )
    line["payload"] = payload
    separators = draw(st.sampled_from([(",", ":"), (",", ":"), (", ", ": ")]))
    return json.dumps(line, separators=separators, ensure_ascii=draw(st.booleans())).encode()


ODD_LINES: list[dict[str, Any]] = [
    {"venue": "BINANCE"},
    {"venue": "bybit"},
    {"endpoint": None},
    {"endpoint": "DELETE /papi/v1/margin/order"},
    {"endpoint": "DELETE /api/v3/openOrders/"},
    {"endpoint": "DELETE /nope"},
    {"status": None},
    {"status": 404},
    {"account": "desk"},
    {"account": "apiKey=0123456789abcdef0123456789abcdef"},
    {"pairing": "shared_id"},
    {"pairing": "timeout"},
    {"dialect": "quoted-numbers"},
    {"sent_ns": NS + 10**10, "received_ns": NS},
    {"sent_ns": NS - 10**10, "received_ns": NS - 5 * 10**9},
    {"sent_ns": MS},
    {"received_ns": NS + 10**6},
]
SHAPES = [
    json.loads(SAMPLES[name].record().payload)
    for name in ("binance/delete-openorders-mixed", "binance/delete-openorders-list")
]
RECORDED = [
    b'{"venue":"%b","endpoint":%b,"status":%d,"payload":%b}'
    % (
        s.venue.encode(),
        json.dumps(s.endpoint).encode(),
        s.status or 200,
        b"".join(bytes(s.payload).split(b"\n")),
    )
    for s in SAMPLES.values()
    if s.status is None or s.status < 300
][::7]
OTHERS = [b"", b"{}", b"not JSON", b'{"venue":"binance"}', b'{"venue":"binance","payload":[}', b"\xff"]


@st.composite
def failures(draw: st.DrawFn, among: list[dict[str, Any]]) -> bytes:
    """A line with an answer that another line may have too, mostly an error."""
    line = draw(st.sampled_from(among))
    if isinstance(line["payload"], dict) and "msg" in line["payload"] and draw(st.booleans()):
        line = line | {"payload": line["payload"] | {"msg": draw(st.sampled_from(TEXTS))}}
    request: dict[str, Any] = {"symbol": draw(st.sampled_from(["BTCUSDT", "BTCUSDT", "ETHUSDT"]))}
    if draw(st.booleans()):
        request["orderId"] = draw(st.sampled_from([1, 5, 6, 7, 28, "8", True, 9_007_199_254_741_100]))
    if not draw(st.integers(0, 3)):
        request |= draw(st.sampled_from(MORE_ASKED))
    if draw(st.integers(0, 3)):
        line = line | {"request": request}
    line = line | draw(st.sampled_from([{}, {}, {"sent_ns": NS}, {"sent_ns": NS, "received_ns": NS + 10**9}]))
    if not draw(st.integers(0, 7)):
        line = line | draw(st.sampled_from(ODD_LINES))
    return json.dumps({"venue": "binance", "endpoint": ONE, **line}).encode()


TEXTS = [
    "Unknown order 7 sent.",
    "Unknown order 8 sent.",
    "",
    "busy",
    "Timeout.",
    "You are banned.",
    "IP banned until 1727193814249",
    "signature=" + "0123456789abcdef" * 3,
    "Order was filled.",
    "x" * 3_000,
]
MORE_ASKED: list[dict[str, Any]] = [
    {"origClientOrderId": "a"},
    {"newClientOrderId": "x"},
    {"signature": "f" * 64},
    {"newClientOrderId": "apiKey=0123456789abcdef0123456789abcdef"},
]
FAILED: list[dict[str, Any]] = [
    {"payload": ERROR},
    {"payload": ERROR, "status": 400},
    {"payload": {"code": -2011, "msg": "Order was canceled or expired."}, "status": 400},
    {
        "payload": {"code": -1003, "msg": "Way too many requests; IP banned until 1763000000000."},
        "status": 418,
    },
    {"payload": {"code": -1007, "msg": "Timeout waiting for response from backend server."}},
    {"payload": ERROR, "endpoint": ALL},
    {"payload": ERROR, "endpoint": "DELETE /fapi/v1/order"},
    {"payload": ERROR, "endpoint": None},
    {"payload": {"code": -2011, "msg": "Order 17 timed out."}, "endpoint": None},
    {"payload": {"code": -2011, "msg": "Order 18 timed out."}, "status": 400},
    {"payload": {"code": -987_001, "msg": "secret=0123456789abcdef"}, "status": 400},
    {"payload": {"code": -1003, "msg": "Banned, too many requests."}, "endpoint": None, "status": 429},
    {"payload": {"code": -2011, "msg": "Unknown order."}, "venue": "nowhere"},
    {"payload": {"code": -2011, "msg": "Unknown order."}, "endpoint": "DELETE /api/v3/orderz"},
    {"payload": PLAIN, "endpoint": "DELETE /api/v3/orderz"},
    {"payload": PLAIN, "endpoint": "POST /api/v3/order/test"},
    {"payload": PLAIN | {"status": "NEW"}, "endpoint": "POST /api/v3/order/test"},
    {"payload": PLAIN | {"status": "FILLED", "orderId": 5}, "endpoint": "GET /api/v3/openOrders"},
    {"payload": ERROR, "venue": "nowhere"},
    {"payload": "<html>502 Bad Gateway</html>", "status": 502},
    {"payload": "", "pairing": "no_answer"},
    {"payload": {"id": "a", "status": 400, "error": ERROR}, "endpoint": "ws order.cancel"},
    {"payload": PLAIN, "endpoint": "DELETE /fapi/v1/order"},
    {"payload": PLAIN | {"executedQty": "3"}},
    {"payload": PLAIN | {"newField": 1}},
    {"payload": {"stream": "x@depth", "data": {"e": "depthUpdate"}}, "endpoint": "stream executionReport"},
]


def line(payload: Any, **more: Any) -> bytes:
    """A line with an answer."""
    endpoint = ALL if isinstance(payload, list) else ONE
    return json.dumps({"venue": "binance", "endpoint": endpoint, **more, "payload": payload}).encode()


FUTURES: dict[str, list[Any]] = {
    "orderId": [5, 6, 7, 28, 2**53 + 8, 9_007_199_254_741_100, 2**62, -1],
    "symbol": ["BTCUSDT", ""],
    "executedQty": ["0", "0.5", "1.000", "3", "-1", "x"],
    "cumQty": ["0", "0.0", "0.5", None],
    "origQty": ["1.000", "0", "2"],
    "status": ["CANCELED", "FILLED", "NEW", "EXPIRED", "ASTRAY"],
    "origType": ["LIMIT", "STOP", "NEW_TYPE"],
    "updateTime": [MS, MS + 1, MS + 3_600_000, MS * 1_000, 0],
    "timeInForce": ["GTC", "GTD", "RPI", "NEW"],
    "goodTillDate": [0, MS],
    "priceRate": ["0.3", "x"],
    "activatePrice": ["9020"],
    "reduceOnly": [True, "true"],
    "cumQuote": ["0", "5"],
    "newField": ["a:b"],
}
FUTURES_ORDERS = {
    name: json.loads(SAMPLES[f"binance/{sample}"].record().payload) | {"executedQty": "0", "cumQty": "0"}
    for name, sample in (
        ("DELETE /fapi/v1/order", "delete-fapi-order"),
        ("DELETE /fapi/v1/order", "delete-fapi-order-2024"),
        ("DELETE /dapi/v1/order", "delete-dapi-order"),
        ("DELETE /papi/v1/um/order", "delete-papi-um-order"),
        ("DELETE /papi/v1/cm/order", "delete-papi-cm-order"),
    )
}


@st.composite
def futures(draw: st.DrawFn) -> bytes:
    """A line of a canceled futures order, mostly plain."""
    name = draw(st.sampled_from([*FUTURES_ORDERS]))
    order = FUTURES_ORDERS[name] | {"orderId": draw(st.sampled_from(IDS)), "updateTime": MS}
    for key in draw(
        st.lists(st.sampled_from([*FUTURES]), max_size=2) if draw(st.booleans()) else st.just([])
    ):
        order[key] = draw(st.sampled_from(FUTURES[key]))
    if not draw(st.integers(0, 5)):
        del order[draw(st.sampled_from([*order]))]
    asks: list[dict[str, Any]] = [{}, {"request": {"symbol": "BTCUSDT"}}, {"request": {"orderId": 5}}]
    more = draw(st.sampled_from(asks))
    return line(order, endpoint=name, **more)


@st.composite
def nameless(draw: st.DrawFn) -> bytes:
    """A line without endpoint, mostly of a plain answer that several endpoints give."""
    found: dict[str, Any] = json.loads(draw(lines() | futures()))
    del found["endpoint"]
    if draw(st.integers(0, 3)):
        found.pop("request", None)
    if not draw(st.integers(0, 7)) and isinstance(found["payload"], dict):
        found["payload"] |= draw(st.sampled_from([{"isIsolated": True}, {"orderId": "5"}, {"code": 0}]))
    return json.dumps(found).encode()


few_failures = st.lists(st.sampled_from(FAILED), min_size=1, max_size=2).map(failures)
records = st.one_of(lines(), lines(), lines(), failures(FAILED), st.sampled_from(RECORDED))
logs = st.one_of(
    st.lists(lines(), min_size=1, max_size=12),
    few_failures.flatmap(lambda failure: st.lists(failure, min_size=3, max_size=12)),
    few_failures.flatmap(lambda failure: st.lists(lines() | failure, min_size=3, max_size=12)),
    st.lists(futures(), min_size=1, max_size=12),
    st.lists(nameless(), min_size=1, max_size=12),
    st.lists(records | futures() | nameless(), max_size=12),
    st.lists(records | st.sampled_from(OTHERS), max_size=12),  # none of whose lines are read together
)


def asked(order_id: Any, **more: Any) -> bytes:
    """A line with an error, and a request that names an order, or none."""
    clocks = {key: more.pop(key) for key in ("sent_ns", "received_ns") if key in more}
    request = {"symbol": "BTCUSDT", **({} if order_id is None else {"orderId": order_id}), **more}
    return line(ERROR, status=400, request=request, **clocks)


def found(
    log: list[bytes],
    cuts: list[int],
    size: int,
    examined: Callable[[Batch, Settings], BatchResult],
    settings: Settings,
) -> tuple[list[Finding], Summary]:
    """The findings on a log and its counts; each cut ends a batch, and a block has so many lines."""
    sequence, summary, findings = History(), Summary(), list[Finding]()
    bounds = [0, *sorted(min(cut, len(log)) for cut in cuts), len(log)]
    for start, end in pairwise(bounds):
        blocks = [
            Block(
                "day.jsonl", first + 1, b"".join(line + b"\n" for line in log[first : min(first + size, end)])
            )
            for first in range(start, end, size)
        ]
        result = examined(Batch("records", [*blocks]), settings)
        findings += in_sequence(result, sequence, settings)
        summary.merge(result.summary)
    sequence.end(findings.append)
    return findings, summary


SETTINGS = (Settings(), Settings(excerpts="first", columns=True))


def by_record(batch: Batch, settings: Settings) -> BatchResult:
    """Each record by itself."""
    return examine_batch(Batch(batch.format, [*batch.items()]), settings)


def by_line(batch: Batch, settings: Settings) -> BatchResult:
    """Plain lines many at a time, and the findings on lines that are alike together."""
    return examine_batch(batch, settings)


@given(
    logs,
    st.lists(st.integers(0, 12), max_size=1),
    st.sampled_from([1, 2, 3, 1_000]),
    st.sampled_from([1, 2, 3, 5, 8, 1_000]),
)
@example([b'{"venue":"binance","endpoint":"DELETE /api/v3/openOrders","payload":[]}'], [], 1_000, 1)
@example([asked(5), asked(6), asked(7), line(PLAIN | {"orderId": 6})], [], 1_000, 1_000)
@example([asked(5), asked(28), asked(9_007_199_254_741_100), asked(True), asked("6")], [], 1_000, 1_000)
@example(
    [asked(5), asked(6, symbol="apiKey=0123456789abcdef0123456789abcdef"), asked(6, signature="x")],
    [],
    1_000,
    9,
)
@example([asked(5), asked(6, sent_ns=MS), asked(6, sent_ns=NS, received_ns=NS - 1)], [], 1_000, 1_000)
@example([asked(5), asked(4_611_875_134_427_365_377)], [], 1_000, 1_000)
@example([line({"code": -1003, "msg": "Too many requests."}, status=429)] * 4, [], 1_000, 1_000)
@example([asked(None), asked(None), asked(None, sent_ns=MS), asked(None, received_ns=0)], [], 1_000, 1_000)
@example([line(PLAIN, request=SIGNED[3]), line(PLAIN, request=SIGNED[3]), line(PLAIN)], [], 1_000, 1_000)
@example([line(PLAIN), line(PLAIN, request=SIGNED[3]), line(PLAIN | {"orderId": 6})], [], 1_000, 1_000)
@example(
    [line(PLAIN), line(PLAIN, status=201), line(PLAIN), line([PLAIN | {"orderId": 6}])], [], 1_000, 1_000
)
@example([line(PLAIN), line(PLAIN), line(PLAIN, status=None), line(PLAIN | {"newField": 1})], [], 1, 1_000)
@example([line([PLAIN]), line([PLAIN]), line([]), line([PLAIN, PLAIN | {"orderId": 6}])], [], 1, 1_000)
@example([line(PLAIN | {"newField": 1})] * 4, [], 1_000, 1_000)
@example([line(PLAIN), line(PLAIN) * 2, line(PLAIN) + b" " + line(PLAIN)], [], 1, 1_000)
@example([line(PLAIN | {"orderId": i}) for i in (5, 6, 7, 8, 5)], [1], 1_000, 2)
@example([line(PLAIN | {"symbol": symbol}) for symbol in ("BTCUSDT", "ETHUSDT", "BTCUSDT")], [], 1_000, 1_000)
@example(
    [
        asked(6),
        asked(9),
        line([PLAIN, PLAIN | {"orderId": 5}]),
        line([PLAIN | {"orderId": 7}, PLAIN | {"orderId": 6}, PLAIN | {"orderId": 8}]),
        line([PLAIN | {"orderId": 10}, PLAIN | {"orderId": 9}]),
    ],
    [],
    1_000,
    1_000,
)
@example([line(PLAIN, endpoint=None), line(PLAIN | PARTIAL, endpoint=None)], [], 1_000, 1_000)
@example(
    [
        line(PLAIN, endpoint=None, sent_ns=NS, received_ns=NS),
        line(PLAIN | {"orderId": 5}, endpoint=None, request={"symbol": "BTCUSDT"}),
        line(PLAIN | {"orderId": 6, "executedQty": "3"}, endpoint=None),
        line(PLAIN | {"orderId": "7"}, endpoint=None),
        line(PLAIN | {"orderId": 8}, endpoint=None, sent_ns=NS + 10**10),
    ],
    [],
    1_000,
    1_000,
)
def test_both_ways_are_equal(log: list[bytes], cuts: list[int], size: int, most: int) -> None:
    """Findings, their order and texts, and all counts are the same, also where orders are forgotten."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(history, "_MOST_ORDERS", most)
        patch.setattr(place, "FIRST_OF_A_GROUP", 2)
        for settings in SETTINGS:
            assert found(log, cuts, size, by_line, settings) == found(log, cuts, size, by_record, settings)


def divided(*log: bytes) -> list[tuple[int, int] | int]:
    """The plain lines of a log, from the first with their number, and the positions of others."""
    return [
        (each.first, each.size) if isinstance(each, PlainLines) else each
        for each in parts_of(PlainLinesReader(), *log)
    ]


def parts_of(reader: PlainLinesReader, *log: bytes) -> list[PlainLines | int]:
    """What a block is divided into."""
    read = reader.read_block(Block("day.jsonl", 1, b"\n".join(log) + b"\n"))
    assert read is not None
    return [*read[1]]


def test_what_is_plain() -> None:
    """Orders that are partially filled or stop orders are plain, and requests that name the order of the answer."""
    asked = line(PLAIN, request={"symbol": "BTCUSDT", "orderId": 1}, sent_ns=NS, received_ns=NS)
    assert divided(line([PLAIN]), line([PLAIN | PARTIAL, PLAIN | STOP])) == [(0, 2)]
    assert divided(line(PLAIN), line(PLAIN | PARTIAL)) == [(0, 2)]
    assert divided(asked, asked) == [(0, 2)]
    assert divided(asked + b"\r", asked + b" ", asked) == [(0, 3)]
    many = line([PLAIN] * 20)  # a long line
    assert divided(many + b"\r", many + b"\r") == [(0, 2)]
    assert divided(line(PLAIN, request={"origClientOrderId": "a"})) == [(0, 1)]
    signed = line(PLAIN, request={"symbol": "BTCUSDT", "orderId": 1, "signature": "0123456789abcdef"})
    assert divided(signed, line(PLAIN), signed) == [(0, 3)]


def test_unusual_orders_stay_with_the_others() -> None:
    """Events are made of orders that are not plain alone, unless one of them is no cancel."""
    overfilled, filled = PLAIN | {"executedQty": "3"}, PLAIN | {"status": "FILLED"}
    [plain] = [
        each
        for each in parts_of(
            PlainLinesReader(), line([PLAIN, PLAIN]), line([PLAIN, overfilled]), line([PLAIN, filled])
        )
        if isinstance(each, PlainLines)
    ]
    assert plain.size == 3
    assert [(each.at, len(each.events), len(each.others)) for each in plain.unusual] == [(1, 1, 0), (2, 2, 1)]
    assert plain.seconds == {MS // 1_000: 5}


def test_what_is_not_plain_goes_alone() -> None:
    """The lines around one that needs to be inspected stay together."""
    alive = line([PLAIN, PLAIN | {"status": "NEW"}])
    assert divided(*[line([PLAIN])] * 3, alive, *[line([PLAIN])] * 2) == [(0, 3), 3, (4, 2)]
    added = line([PLAIN | {"newField": 1}])
    assert divided(*[line([PLAIN])] * 2, added, line([PLAIN])) == [(0, 2), 2, (3, 1)]
    assert divided(line(PLAIN), line([PLAIN]), line(PLAIN, status=404)) == [(0, 1), (1, 1), 2]


def test_requests_that_go_alone() -> None:
    """A text that may be a secret and what is no scalar go alone; requests with the same keys stay together."""
    plain, other = line(PLAIN, request={"symbol": "BTCUSDT"}), line(PLAIN, request={"symbol": ["BTCUSDT"]})
    secret = line(PLAIN, request={"symbol": "apiKey=0123456789abcdef0123456789abcdef"})
    assert divided(plain, secret, plain) == [(0, 1), 1, (2, 1)]
    assert divided(plain, other, plain) == [(0, 1), 1, (2, 1)]
    assert divided(plain, other, secret) == [(0, 1), 1, 2]
    signed = line(PLAIN, request={"symbol": "BTCUSDT", "signature": "0123456789abcdef" * 4})
    shown = line(PLAIN, request={"symbol": "apiKey=0123456789abcdef0123456789abcdef", "signature": "x"})
    assert divided(signed, shown, signed, signed) == [(0, 1), 1, (2, 2)]
    numbered = line(PLAIN, request={"symbol": "BTCUSDT", "orderId": 1})
    doubtful = line(PLAIN, request={"symbol": "apiKey=0123456789abcdef0123456789abcdef", "orderId": 1})
    assert divided(numbered, doubtful, numbered, numbered) == [(0, 1), 1, (2, 2)]
