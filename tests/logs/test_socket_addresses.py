"""The address of a WebSocket, which tells for which products a request over it is."""

import json

import pytest

from cancelnorm import Record
from cancelnorm.logs.formats import named
from tests.logs.captured import records

ADDRESSES = {
    "wss://ws-api.binance.com/ws-api/v3": "ws order.cancel",
    "wss://ws-fapi.binance.com/ws-fapi/v1": "ws-fapi order.cancel",
    "wss://ws-dapi.binance.com/ws-dapi/v1": "ws-dapi order.cancel",
}
ASKED = {"id": "1", "method": "order.cancel", "params": {"symbol": "BTCUSDT", "orderId": 7}}
REFUSED = {"id": "1", "status": 400, "error": {"code": -2011, "msg": "Unknown order sent."}}
SENT, RECEIVED = f"sent {json.dumps(ASKED)}", f"recv {json.dumps(REFUSED)}"


def of_lines(*lines: object) -> list[Record]:
    """The records of lines of JSON."""
    return records(named("jsonl"), "".join(f"{json.dumps(line)}\n" for line in lines).encode())


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_frame_as_text_beside_an_address(address: str) -> None:
    """It is read as the same frame that is the payload of the line, whether it is answered or not."""
    logged = [{"url": address, "msg": SENT}, {"url": address, "msg": RECEIVED}]
    framed = [
        {"url": address, "dir": "out", "payload": ASKED},
        {"url": address, "dir": "in", "payload": REFUSED},
    ]
    for count in (1, 2):
        [record] = of_lines(*logged[:count])
        assert of_lines(*framed[:count]) == [record]
        assert record.endpoint == ADDRESSES[address]


@pytest.mark.parametrize("address", ADDRESSES)
def test_the_only_address_to_which_a_program_connected(address: str) -> None:
    """Frames without an address are of it; of several, however often, none is known."""
    frames = f"{SENT}\n{RECEIVED}\n"
    log = f"connected to {address}\n{frames}connecting to {address}?x=1\n{frames}"
    found = records(named("text"), log.encode())
    assert [record.endpoint for record in found] == [ADDRESSES[address]] * 2
    others = "".join(f"connected to {each}\n" for each in ADDRESSES)
    [record] = records(named("text"), (others + f"connected to {address}\n" + frames).encode())
    assert record.endpoint == "ws order.cancel"
