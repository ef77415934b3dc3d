"""Hyperliquid has one path for all actions, and one for all questions: the request tells which it was."""

import json
from pathlib import Path
from typing import Any

import pytest

from cancelnorm import NotACancel, PayloadError, Record, normalise
from cancelnorm.logs import Unreadable, read

HOST = "https://api.hyperliquid.xyz"
CANCEL = {"type": "cancel", "cancels": [{"a": 1, "o": 914909421}]}
DONE = {"status": "ok", "response": {"type": "cancel", "data": {"statuses": ["success"]}}}
TAKEN = {"status": "ok", "response": {"type": "default"}}


def line(url: str, body: Any, answer: Any) -> str:
    """A line of a text log."""
    return f"2026-11-20 10:00:00,123 DEBUG POST {url} {json.dumps(body)} -> 200 {json.dumps(answer)}\n"


def action(action: Any) -> dict[str, Any]:
    """The body of a request."""
    return {"action": action, "nonce": 1760000000123}


def endpoints_in(log: Path, text: str) -> list[str | None]:
    """The endpoints of the records of a log; None for what is no record."""
    log.write_text(text)
    return [None if isinstance(each, Unreadable) else each.endpoint or "none" for each in read(log)]


@pytest.mark.parametrize(
    ("url", "body", "answer", "found"),
    [
        (f"{HOST}/exchange", action(CANCEL), DONE, ["POST /exchange cancel"]),
        (f"{HOST}/exchange", action({"type": "usdSend"}), TAKEN, ["POST /exchange usdSend"]),
        (f"{HOST}/exchange", {"nonce": 1}, DONE, ["none"]),
        (f"{HOST}/info", {"type": "meta"}, {"universe": []}, ["POST /info meta"]),
        # Without a host, the answer has to be the venue's, too.
        ("/exchange", action(CANCEL), DONE, ["POST /exchange cancel"]),
        ("/info", {"type": "meta"}, {"universe": []}, []),
        # Paths that many have.
        ("https://some.example/info", {"type": "meta"}, {"universe": []}, []),
        ("https://proxy.example/exchange", action(CANCEL), DONE, [None]),
    ],
)
def test_a_line_of_a_log(url: str, body: Any, answer: Any, found: list[str | None], tmp_path: Path) -> None:
    """The endpoint has the word of the action; a path alone tells no venue."""
    assert endpoints_in(tmp_path / "bot.log", line(url, body, answer)) == found


@pytest.mark.parametrize("endpoint", ["POST /exchange", f"POST {HOST}/exchange", None])
def test_a_record_without_its_action(endpoint: str | None) -> None:
    """The request names the endpoint; without it, rows are told by their places alone, and nothing else is."""
    payload = json.dumps(DONE)
    [event] = normalise(Record(payload, "hyperliquid", endpoint, request=action(CANCEL))).events
    assert (event.endpoint, event.order_id, event.outcome) == (
        "POST /exchange cancel",
        "914909421",
        "canceled",
    )
    [event] = normalise(Record(payload, "hyperliquid", endpoint)).events
    assert (event.kind, event.index, event.order_id, event.outcome) == ("request", 0, None, "canceled")
    [event] = normalise(Record(json.dumps(TAKEN), "hyperliquid", endpoint)).events
    assert (event.kind, event.outcome, event.evidence) == ("request", "unknown", "none")


def test_frames_of_a_socket(tmp_path: Path) -> None:
    """Requests and answers have the id in different places; an answer that is missing is that of a cancel."""
    frames = [
        {"method": "post", "id": 7, "request": {"type": "action", "payload": action(CANCEL)}},
        {"method": "post", "id": 8, "request": {"type": "action", "payload": action({"type": "order"})}},
        {"channel": "post", "data": {"id": 7, "response": {"type": "action", "payload": DONE}}},
        {"method": "post", "id": 9, "request": {"type": "info", "payload": {"type": "l2Book"}}},
        {"method": "post", "id": 10, "request": {"type": "action", "payload": action(CANCEL)}},
    ]
    log = tmp_path / "frames.jsonl"
    log.write_text(
        "".join(json.dumps({"url": "wss://api.hyperliquid.xyz/ws", "data": f}) + "\n" for f in frames)
    )
    answered, open_ = read(log)
    assert isinstance(answered, Record)
    assert isinstance(open_, Record)
    assert (answered.endpoint, answered.pairing) == ("ws post cancel", None)
    assert (open_.endpoint, open_.pairing) == ("ws post cancel", "no_answer")
    for record in (answered, open_):
        [event] = normalise(record).events
        assert event.order_id == "914909421"


@pytest.mark.parametrize(
    ("status", "is_cancel"),
    [
        ("canceled", True),
        ("brandNewCanceled", True),
        ("internalCancel", True),
        ("iocCancelRejected", False),
        ("brandNewRejected", False),
        ("rejected", False),
        ("filled", False),
        ("open", False),
        ("triggered", False),
    ],
)
def test_words_of_the_stream(status: str, is_cancel: bool) -> None:
    """A word for a refused order may have a cancel in it."""
    order = {
        "coin": "SOL",
        "side": "B",
        "limitPx": "100.0",
        "sz": "2.0",
        "oid": 914909470,
        "timestamp": 1760000003000,
        "origSz": "2.0",
    }
    row = {"order": order, "status": status, "statusTimestamp": 1760000003000}
    record = Record(json.dumps({"channel": "orderUpdates", "data": [row]}), "hyperliquid")
    if is_cancel:
        [event] = normalise(record).events
        assert (event.outcome, event.raw_status) == ("canceled", status)
    else:
        with pytest.raises(NotACancel):
            normalise(record)


def test_the_answer_to_another_action() -> None:
    """An answer that does not fit its request says nothing of the order."""
    asked = action({"type": "modify", "oid": 914909425, "order": {}})
    answer = {"status": "ok", "response": {"type": "order", "data": {"statuses": [{"error": "No margin."}]}}}
    [event] = normalise(Record(json.dumps(answer), "hyperliquid", "POST /exchange", request=asked)).events
    assert (event.order_id, event.outcome, event.initiator) == ("914909425", "unknown", None)


def test_the_answer_to_a_placement() -> None:
    """Without its request, it is not taken for the replacement of an order."""
    answer = {"status": "ok", "response": {"type": "order", "data": {"statuses": [{"resting": {"oid": 4}}]}}}
    [event] = normalise(Record(json.dumps(answer), "hyperliquid")).events
    assert (event.outcome, event.initiator, event.replaced_by) == ("unknown", None, None)


def test_a_cancel_beside_other_events() -> None:
    """A frame has one key; should one have two some day, the cancel is not passed over."""
    data = {"fills": [], "nonUserCancel": [{"coin": "BTC", "oid": 914909471}]}
    [event] = normalise(Record(json.dumps({"channel": "user", "data": data}), "hyperliquid")).events
    assert (event.order_id, event.outcome) == ("914909471", "canceled")


@pytest.mark.parametrize(
    ("text", "outcome", "reason"),
    [
        ("Nonce 17 is a duplicate", "unknown", "duplicate_request"),
        ("Nonce 17 was already used", "unknown", "duplicate_request"),
        ("Nonce 17 is too old", "rejected", "clock_skew"),
        ("L1 error: User or API Wallet 0x00aa does not exist.", "rejected", "auth"),
        ("User is not the leader of the vault", "rejected", "permission"),
    ],
)
def test_texts_that_nobody_has_recorded(text: str, outcome: str, reason: str) -> None:
    """Their words are taken from what is known of them; a duplicate may have been executed before."""
    payload = json.dumps({"status": "err", "response": text})
    [event] = normalise(Record(payload, "hyperliquid", "POST /exchange", request=action(CANCEL))).events
    assert (event.outcome, event.reason) == (outcome, reason)


def test_the_name_of_the_subscription() -> None:
    """Under it, a cancel is read too; fills are passed over."""
    row = {"coin": "BTC", "oid": 914909472}
    frame = {"channel": "userEvents", "data": {"nonUserCancel": [row]}}
    found = normalise(Record(json.dumps(frame), "hyperliquid", "stream user"))
    assert [(event.order_id, event.outcome) for event in found.events] == [("914909472", "canceled")]
    assert not found.notes
    with pytest.raises(NotACancel):
        normalise(Record(json.dumps({"channel": "userEvents", "data": {"fills": []}}), "hyperliquid"))


@pytest.mark.parametrize(
    "answer",
    [
        {"coin": "BTC", "time": 1754450974231, "levels": [[], []]},
        [
            {
                "coin": "BTC",
                "limitPx": "29792.0",
                "oid": 91490942,
                "side": "A",
                "sz": "0.0",
                "timestamp": 1681247412573,
            }
        ],
        1,
    ],
)
def test_the_answer_to_a_question_that_is_not_told(answer: Any) -> None:
    """Without its body, a question is another one than of an order if its answer has none of the keys of that."""
    with pytest.raises(NotACancel):
        normalise(Record(json.dumps(answer), "hyperliquid", "POST /info"))


@pytest.mark.parametrize(
    ("payload", "status"), [("", None), ("null", 200), ('{"a":', None), ('{"error":"x"}', 200), ("{}", 504)]
)
def test_what_is_no_answer_to_a_question_that_is_not_told(payload: str, status: int | None) -> None:
    """It may be of an order: a failure, or an answer that is cut."""
    try:
        events = normalise(Record(payload, "hyperliquid", "POST /info", status)).events
    except PayloadError:
        return
    assert {event.outcome for event in events} == {"unknown"}


def test_the_answer_of_an_order_to_a_question_that_is_not_told() -> None:
    """It is read as that of one order."""
    shown = {
        "coin": "ETH",
        "side": "A",
        "limitPx": "2412.7",
        "sz": "0.0",
        "oid": 77738308,
        "timestamp": 1724361546645,
    }
    more = {
        "triggerCondition": "N/A",
        "isTrigger": False,
        "triggerPx": "0.0",
        "children": [],
        "isPositionTpsl": False,
    }
    rest = {
        "reduceOnly": True,
        "orderType": "Market",
        "origSz": "0.0076",
        "tif": "Gtc",
        "cloid": None,
    }
    state = {"order": {**shown, **more, **rest}, "status": "canceled", "statusTimestamp": 1724361546645}
    payload = json.dumps({"status": "order", "order": state})
    [event] = normalise(Record(payload, "hyperliquid", "POST /info")).events
    assert (event.order_id, event.outcome) == ("77738308", "canceled")
