"""Answers at any depth of a document: exports of chats, consoles, queues, issue trackers and databases."""

import json
from collections.abc import Callable
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cancelnorm.logs.formats import pick
from cancelnorm.logs.item import Unreadable
from cancelnorm.logs.nested import lines_within
from cancelnorm.logs.options import Options
from tests.logs.captured import found, records

CANCELED: Final = {
    "symbol": "BTCUSDT",
    "origClientOrderId": "myOrder1",
    "orderId": 1001,
    "orderListId": -1,
    "clientOrderId": "cancelMy1",
    "transactTime": 1684804350068,
    "price": "2.00000000",
    "origQty": "1.00000000",
    "executedQty": "0.00000000",
    "origQuoteOrderQty": "0.000000",
    "cummulativeQuoteQty": "0.00000000",
    "status": "CANCELED",
    "timeInForce": "GTC",
    "type": "LIMIT",
    "side": "BUY",
    "selfTradePreventionMode": "NONE",
}
GONE: Final = {
    "code": "0",
    "data": [{"clOrdId": "", "ordId": "12345689", "sCode": "51400", "sMsg": "gone", "ts": "1695190491421"}],
    "inTime": "1695190491421339",
    "msg": "",
    "outTime": "1695190491423240",
}
ANSWERS: Final[list[tuple[str, dict[str, Any]]]] = [
    ("binance", CANCELED),
    ("okx", GONE),
    ("binance", {**CANCELED, "orderId": 1003}),
]
MOMENTS: Final = [1767607200123, 1767607201456, 1767607202789]
ISO: Final = ["2026-01-05T10:00:00.123Z", "2026-01-05T10:00:01.456Z", "2026-01-05T10:00:02.789Z"]
SECONDS: Final = [moment // 1000 * 1000 for moment in MOMENTS]
Each = Callable[[str, dict[str, Any], int], Any]


def _each(make: Each) -> list[Any]:
    return [make(venue, answer, place) for place, (venue, answer) in enumerate(ANSWERS)]


def _telegram(text: Callable[[dict[str, Any]], list[Any]]) -> dict[str, Any]:
    """A chat, which has each text twice: as it is, and in pieces."""

    def message(_: str, answer: dict[str, Any], place: int) -> dict[str, Any]:
        pieces = [{"type": "plain", "text": each} if isinstance(each, str) else each for each in text(answer)]
        date = {"date": ISO[place][:19], "date_unixtime": str(MOMENTS[place] // 1000)}
        return {"id": place, "type": "message", **date, "text": text(answer), "text_entities": pieces}

    return {"name": "Bot", "type": "private_channel", "id": 1234, "messages": _each(message)}


def _divided(answer: dict[str, Any]) -> list[Any]:
    """A text in which a number is taken for that of a telephone."""
    before, number, after = json.dumps(answer).partition("0000")
    return [f"Cancel: {before}", {"type": "phone", "text": number}, after]


def _discord(message: Callable[[dict[str, Any]], dict[str, Any]]) -> dict[str, Any]:
    messages = _each(lambda _, answer, place: {"id": "7", "timestamp": ISO[place], **message(answer)})
    return {"guild": {"id": "1"}, "channel": {"id": "2", "name": "bot"}, "messages": messages}


def _fenced(answer: dict[str, Any]) -> str:
    return f"It says:\n```json\n{json.dumps(answer, indent=2)}\n```"


DOCUMENTS: Final[dict[str, tuple[Any, list[int] | None]]] = {
    "Telegram, code": (
        _telegram(
            lambda answer: ["Cancel: ", {"type": "pre", "text": json.dumps(answer, indent=1), "language": ""}]
        ),
        SECONDS,
    ),
    "Telegram, divided": (_telegram(_divided), SECONDS),
    "Discord, fences": (_discord(lambda answer: {"content": _fenced(answer), "embeds": []}), MOMENTS),
    "Discord, embed": (
        _discord(lambda answer: {"content": "", "embeds": [{"description": _fenced(answer), "fields": []}]}),
        MOMENTS,
    ),
    "Slack": (
        {
            "ok": True,
            "messages": _each(
                lambda _, answer, place: {
                    "type": "message",
                    "text": f"```{json.dumps(answer)}```",
                    "ts": f"{MOMENTS[place] // 1000}.000100",
                }
            ),
        },
        SECONDS,
    ),
    "comments of GitHub": (
        _each(
            lambda _, answer, place: {
                "url": "https://api.github.com/repos/a/b/issues/comments/1",
                "created_at": ISO[place],
                "body": _fenced(answer),
            }
        ),
        None,
    ),
    "Graylog": (
        {
            "messages": _each(
                lambda _, answer, place: {
                    "index": "graylog_0",
                    "message": {
                        "timestamp": ISO[place],
                        "message": f"got {json.dumps(answer)}",
                        "source": "bot",
                    },
                }
            )
        },
        MOMENTS,
    ),
    "CloudWatch Insights": (
        {
            "results": _each(
                lambda _, answer, place: [
                    {"field": "@timestamp", "value": ISO[place].replace("T", " ")[:-1]},
                    {"field": "@message", "value": f"got {json.dumps(answer)}"},
                ]
            ),
            "status": "Complete",
        },
        MOMENTS,
    ),
    "Sumo Logic": (
        {
            "messages": _each(
                lambda _, answer, place: {
                    "map": {"_messagetime": str(MOMENTS[place]), "_raw": f"got {json.dumps(answer)}"}
                }
            )
        },
        MOMENTS,
    ),
    "Axiom": (
        {
            "matches": _each(
                lambda _, answer, place: {
                    "_time": ISO[place],
                    "data": {"message": f"got {json.dumps(answer)}"},
                }
            )
        },
        MOMENTS,
    ),
    "Splunk, rows": (
        {
            "fields": ["_time", "_raw"],
            "rows": _each(lambda _, answer, place: [ISO[place], f"got {json.dumps(answer)}"]),
        },
        MOMENTS,
    ),
    "rows": (_each(lambda venue, answer, place: [MOMENTS[place], venue, answer]), MOMENTS),
    "Redis": (
        _each(
            lambda venue, answer, place: [
                f"{MOMENTS[place]}-0",
                ["exchange", venue, "payload", json.dumps(answer)],
            ]
        ),
        None,
    ),
    "Kafka": (
        _each(
            lambda venue, answer, _: {
                "topic": "a",
                "partition": 0,
                "value": {"exchange": venue, "payload": answer},
            }
        ),
        None,
    ),
    "SQS": ({"Messages": _each(lambda _, answer, __: {"MessageId": "m", "Body": json.dumps(answer)})}, None),
}
LINES: Final[dict[str, Each]] = {
    "of a row": lambda venue, answer, place: [MOMENTS[place], venue, answer],
    "of a row, as text": lambda venue, answer, place: [ISO[place], venue, json.dumps(answer)],
    "of a bus": lambda venue, answer, place: {
        "detail-type": "cancel",
        "time": ISO[place],
        "detail": {"exchange": venue, "response": answer},
    },
    "under data": lambda venue, answer, place: {
        "ts": MOMENTS[place],
        "data": {"exchange": venue, "response": {"status": 200, "body": answer}},
    },
    "under event": lambda venue, answer, place: {
        "ts": MOMENTS[place],
        "event": {"exchange": venue, "response": json.dumps(answer)},
    },
    "of VictoriaLogs": lambda _, answer, place: {
        "_time": ISO[place],
        "_stream": "{}",
        "_msg": f"got {json.dumps(answer)}",
    },
}


def assert_told(data: bytes, moments: list[int] | None, options: Options) -> None:
    """All answers are told, once, in order."""
    told = records(pick(data, options), data, options)
    payloads = [json.loads(record.payload) for record in told]
    assert [(record.venue, payload) for record, payload in zip(told, payloads, strict=True)] == ANSWERS
    if moments is not None:
        assert [record.received_ns and record.received_ns // 10**6 for record in told] == moments


@pytest.mark.parametrize("indent", [None, 1])
@pytest.mark.parametrize("name", DOCUMENTS)
def test_documents(name: str, indent: int | None) -> None:
    """Each answer is told once, with the time that stands around it."""
    document, moments = DOCUMENTS[name]
    assert_told(json.dumps(document, indent=indent).encode(), moments, Options())


@pytest.mark.parametrize("name", LINES)
def test_lines(name: str) -> None:
    """Each line is a document."""
    data = b"".join(json.dumps(line).encode() + b"\n" for line in _each(LINES[name]))
    assert_told(data, MOMENTS, Options())


@pytest.mark.parametrize("name", ["Telegram, code", "Discord, embed", "CloudWatch Insights", "SQS"])
def test_a_venue_that_is_given(name: str) -> None:
    """A document is no answer of the venue that is given."""
    document, _ = DOCUMENTS[name]
    data, options = json.dumps(document).encode(), Options(venue="binance")
    told = found(pick(data, options), data, options)
    orders = [json.loads(each.payload).get("orderId") for each in told if not isinstance(each, Unreadable)]
    assert (orders[0], orders[-1]) == (1001, 1003)


@pytest.mark.parametrize(
    "payload",
    [
        {"code": 0, "message": "ok", "data": CANCELED, "ts": 1},
        {"topic": "orders", "data": [CANCELED]},
        {"jsonrpc": "2.0", "result": CANCELED},
    ],
)
def test_an_answer_of_another_exchange(payload: dict[str, Any]) -> None:
    """An exchange that names its fields as a known venue does is none."""
    assert lines_within(json.dumps(payload).encode(), None) == []
    assert all(
        isinstance(each, Unreadable) for each in found(pick(b"{", Options()), json.dumps(payload).encode())
    )


def test_errors_by_id_are_told_each() -> None:
    """Only what one message has twice is one; errors of several orders are equal."""
    by_id = {str(place): json.dumps(GONE) for place in range(3)}
    assert len(lines_within(json.dumps(by_id).encode(), None)) == 3


UNKNOWN: Final = {"code": -2011, "msg": "Unknown order sent."}


@pytest.mark.parametrize(
    ("document", "count"),
    [
        ([{"key": "binance", "value": CANCELED}, {"key": "binance", "value": CANCELED}], 2),
        ({"log": [{"key": "1", "value": CANCELED}, {"key": "1", "value": CANCELED}]}, 2),
        (
            [ISO[0], ["exchange", "binance", "payload", json.dumps(UNKNOWN), "payload", json.dumps(UNKNOWN)]],
            2,
        ),
        ({"timestamp": MOMENTS[0], "exchange": "binance", "a": {"x": UNKNOWN, "y": UNKNOWN}}, 2),
        (
            {
                "timestamp": MOMENTS[0],
                "exchange": "binance",
                "1": json.dumps(UNKNOWN),
                "2": json.dumps(UNKNOWN),
            },
            2,
        ),
        ({"timestamp": MOMENTS[0], "exchange": "binance", "a": [{"x": UNKNOWN}, {"x": UNKNOWN}]}, 2),
        ({"date": ISO[0], "a": {"_raw": json.dumps(CANCELED), "message": json.dumps(CANCELED)}}, 1),
    ],
)
def test_equal_answers_are_told_each(document: Any, count: int) -> None:
    """Of what is equal, only the text of one message is one."""
    data = json.dumps(document).encode()
    assert len(records(pick(b"{", Options()), data)) == count


@pytest.mark.parametrize(
    "inner",
    [
        {"id": "17", "text": "good morning"},
        {"id": "17", "text": "cancel the order"},
        {"message": "no such file", "error": "ENOENT"},
        {"result": "error", "error": "disk full"},
        {"id": 3, "code": 1, "msg": "x"},
        {"success": False, "code": 500, "message": "Internal error"},
        {"code": 0, "msg": "success", "data": 0},
    ],
)
@pytest.mark.parametrize(
    "around",
    [
        lambda inner: {"messages": [inner]},
        lambda inner: {"ctx": inner},
        lambda inner: {"ctx": json.dumps(inner)},
        lambda inner: {"items": [{"ts": MOMENTS[0], "data": inner}]},
    ],
)
def test_what_any_program_writes(around: Callable[[Any], Any], inner: dict[str, Any]) -> None:
    """An object of few keys is no answer where no venue is known."""
    data = json.dumps(around(inner)).encode()
    (only,) = found(pick(b"{", Options()), data)
    assert isinstance(only, Unreadable)


@pytest.mark.parametrize(
    ("venue", "answer"),
    [
        ("gate", {"label": "ORDER_NOT_FOUND", "message": "Order not found"}),
        ("kraken", {"event": "cancelOrderStatus", "status": "ok"}),
        ("okx", {"code": "0", "data": GONE["data"], "msg": ""}),
    ],
)
def test_answers_of_few_keys(venue: str, answer: dict[str, Any]) -> None:
    """An object of few keys is an answer if they, a code or its name are about orders."""
    (told,) = records(pick(b"{", Options()), json.dumps({"ctx": {"a": answer}}).encode())
    assert told.venue == venue


NEWER: Final = {**CANCELED, "orderId": 1002, "newField": "x"}
NEWER_GONE: Final = {**GONE, "newField": "x"}
EXPLAINED: Final = {**UNKNOWN, "detail": "x"}
ASKED: Final = {"symbol": "BTCUSDT", "orderId": 1001, "timestamp": 1, "signature": "5a5a5a5a"}


@pytest.mark.parametrize(
    ("document", "told"),
    [
        ([CANCELED, EXPLAINED], [CANCELED, EXPLAINED]),
        ([CANCELED, NEWER], [CANCELED, NEWER]),
        ({"a": [NEWER, CANCELED]}, [NEWER, CANCELED]),
        ({"a": [json.dumps(CANCELED), json.dumps(NEWER)]}, [CANCELED, NEWER]),
        ({"a": {"1": CANCELED, "2": NEWER}}, [CANCELED, NEWER]),
        ({"a": {"1": CANCELED, "2": UNKNOWN}}, [CANCELED, UNKNOWN]),
        ({"a": {"1": CANCELED, "2": json.dumps(NEWER)}}, [CANCELED, NEWER]),
        ({"exchange": "okx", "a": {"x": GONE, "y": NEWER_GONE}}, [GONE, NEWER_GONE]),
        ([[ISO[0], "binance", CANCELED], [ISO[1], "binance", NEWER]], [CANCELED, NEWER]),
        ([{"id": 1, "answer": CANCELED}, {"id": 2, "answer": NEWER}], [CANCELED, NEWER]),
        ([{"id": 1, "answer": CANCELED}, {"id": 2, "answer": UNKNOWN}], [CANCELED, UNKNOWN]),
        ([{"id": 1, "job": {"answer": CANCELED}}, {"id": 2, "job": UNKNOWN}], [CANCELED]),
        ([{"request": {"ordId": "1"}, "response": each} for each in (GONE, NEWER_GONE)], [GONE, NEWER_GONE]),
        ({"a": {"x": GONE}, "b": {"y": [{"z": NEWER_GONE}]}}, [GONE, NEWER_GONE]),
        ({"a": {"x": CANCELED}, "b": {"topic": "orders", "data": [CANCELED, NEWER]}}, [CANCELED]),
        ([{"ts": 1, "data": CANCELED}, {"ts": 2, "data": {"event": "beat"}}], [CANCELED]),
        ({"a": {"request": ASKED, "response": CANCELED}}, [CANCELED]),
        ({"a": {"1": ASKED, "2": CANCELED}}, [CANCELED]),
        ({"exchange": "okx", "a": {"request": {**GONE, "x": 1}, "response": GONE}}, [GONE]),
        ({"a": {"1": CANCELED, "2": {"host": "a", "pid": 1}}}, [CANCELED]),
    ],
)
def test_beside_an_answer(document: Any, told: list[Any]) -> None:
    """What is like an answer is told beside it, whether it is exactly one or not."""
    read = records(pick(b"{", Options()), json.dumps(document).encode())
    assert [json.loads(record.payload) for record in read] == told
    assert len({record.venue for record in read}) == 1


TREES: Final = st.recursive(
    st.none()
    | st.integers()
    | st.text(max_size=8)
    | st.sampled_from([CANCELED, NEWER, UNKNOWN, json.dumps(GONE), "binance", ISO[0]]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=12,
)


@given(TREES)
def test_any_document(tree: Any) -> None:
    """What is found is a line of a logger, with a payload or a text."""
    for line in lines_within(json.dumps(tree).encode(), None):
        assert {"payload", "message"} & line.keys()


DRIFTED: Final = st.recursive(
    st.none() | st.integers() | st.sampled_from([CANCELED, CANCELED, NEWER, json.dumps(CANCELED), "x"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=12,
)


def _held(tree: Any) -> list[Any]:
    """The answers in a document, in order."""
    if isinstance(tree, str):
        return _held(json.loads(tree)) if tree[:1] == "{" else []
    if tree in (CANCELED, NEWER):
        return [tree]
    if isinstance(tree, dict):
        texts = {key for key, part in tree.items() if part == json.dumps(CANCELED)}
        repeated = texts if CANCELED in tree.values() else set()
        return [answer for key, part in tree.items() if key not in repeated for answer in _held(part)]
    return [answer for each in tree for answer in _held(each)] if isinstance(tree, list) else []


@given(DRIFTED)
def test_each_answer_is_told_once(tree: Any) -> None:
    """No answer is lost or told twice, also if it has a new field and another one has not.

    A text beside what it is parsed to is that.
    """
    held = _held(tree)
    told = [json.loads(bytes(line["payload"])) for line in lines_within(json.dumps(tree).encode(), None)]
    assert [payload for payload in told if payload in (CANCELED, NEWER)] == (held if CANCELED in held else [])


def test_what_stands_around_an_answer() -> None:
    """A small number is no time, and a secret anywhere in the document is found."""
    [alone] = records(pick(b"[", Options()), json.dumps([17, "binance", CANCELED]).encode())
    assert (alone.venue, alone.received_ns) == ("binance", None)
    headers = {
        "headers": {"X-MBX-APIKEY": "FAKEFAKEFAKE"},
        "x": {"exchange": "binance", "y": {"r": CANCELED}},
    }
    data = json.dumps(headers).encode()
    [record] = records(pick(data, Options()), data)
    assert record.secrets == ("headers.X-MBX-APIKEY",)
