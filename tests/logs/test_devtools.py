"""Events of Chrome's DevTools protocol: their frames are those of a WebSocket, and nothing else is read of them."""

import json
from typing import Any

from cancelnorm import Record, normalise
from cancelnorm.logs import Options
from cancelnorm.logs.formats import pick
from tests.logs.captured import records

ASKED = {"jsonrpc": "2.0", "id": 7, "method": "private/cancel", "params": {"order_id": "ETH-584"}}
SAID = {
    "jsonrpc": "2.0",
    "id": 7,
    "error": {"message": "order_not_found", "code": 10004},
    "usIn": 1795730430100000,
    "usOut": 1795730430100500,
    "usDiff": 500,
    "testnet": False,
}


def event(name: str, connection: str, **params: Any) -> str:
    """An event, as a program logs it."""
    told = {"method": f"Network.{name}", "params": {"requestId": connection, "timestamp": 8.1, **params}}
    return json.dumps(told) + "\n"


def frame(name: str, connection: str, data: object, opcode: int = 1) -> str:
    """An event of a frame."""
    held = {"opcode": opcode, "mask": False, "payloadData": json.dumps(data)}
    return event(f"webSocketFrame{name}", connection, response=held)


def test_frames_of_a_browser() -> None:
    """An answer belongs to the request on its own connection; other events are text."""
    log = event("webSocketCreated", "1.2", url="wss://www.deribit.com/ws/api/v2")
    log += frame("Sent", "1.2", ASKED) + frame("Sent", "1.3", {**ASKED, "params": {"order_id": "ETH-9"}})
    log += frame("Received", "1.2", "binary", opcode=2) + frame("Received", "1.2", SAID)
    data = (log + event("webSocketClosed", "1.2")).encode()
    found = records(pick(data, Options()), data)
    answered, unanswered = found
    assert isinstance(answered, Record)
    assert isinstance(unanswered, Record)
    assert (answered.venue, answered.request, answered.received_ns) == (
        "deribit",
        {"order_id": "ETH-584"},
        None,
    )
    assert [(each.order_id, each.code) for each in normalise(answered).events] == [("ETH-584", "10004")]
    assert unanswered.is_unanswered
    assert unanswered.request == {"order_id": "ETH-9"}
