"""Requests over a WebSocket whose parameters are an array of ids, which have the name that the endpoint gives them."""

from pathlib import Path

import msgspec

from cancelnorm import Record, logs


def test_ids_of_a_request_that_has_no_answer(tmp_path: Path) -> None:
    """Each of them names an order."""
    frame = {
        "time": 1770000011,
        "channel": "futures.order_cancel_ids",
        "event": "api",
        "payload": {"req_id": "c-1", "req_param": ["58828270139450006", "t-f7"]},
    }
    line = {
        "ts": 1770000011200,
        "direction": "out",
        "url": "wss://fx-ws.gateio.ws/v4/ws/usdt",
        "data": frame,
    }
    log = tmp_path / "socket.jsonl"
    log.write_bytes(msgspec.json.encode(line) + b"\n")
    [record] = logs.read(log)
    assert isinstance(record, Record)
    assert record.request == {"ids": ["58828270139450006", "t-f7"]}
