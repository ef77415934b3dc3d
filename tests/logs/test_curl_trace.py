"""Traces of curl: their rows are put together to the messages that were sent and received."""

from collections.abc import Iterator
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cancelnorm import Record, normalise
from cancelnorm.logs import Options
from cancelnorm.logs.curl_trace import is_trace, joined
from cancelnorm.logs.formats import pick
from tests.logs.captured import records

WIDTHS = {"--trace-ascii": 64, "--trace": 16}


def rows(option: str, data: bytes) -> Iterator[bytes]:
    """The rows of a message: of bytes in hexadecimal, or of characters, which end with each line."""
    width, at = WIDTHS[option], 0
    while at < len(data):
        piece = data[at : at + width]
        if option == "--trace":
            shown = bytes(byte if 32 <= byte < 127 else ord(".") for byte in piece)
            yield b"%04x: %-48b%b\n" % (at, piece.hex(" ").encode() + b" ", shown)
            at += len(piece)
        else:
            line = piece.partition(b"\r\n")[0]
            is_end = data[at + len(line) : at + len(line) + 2] == b"\r\n"
            yield b"%04x: %b\n" % (at, line.replace(b"\n", b"."))
            at += len(line) + 2 * is_end


def trace(option: str, *messages: tuple[str, bytes]) -> bytes:
    """A trace of some messages."""
    return b"== Info: Trying\n" + b"".join(
        b"%b, %d bytes (0x%x)\n%b" % (way.encode(), len(data), len(data), b"".join(rows(option, data)))
        for way, data in messages
    )


@pytest.mark.parametrize("option", WIDTHS)
def test_a_cancel(option: str) -> None:
    """The id of the order is whole, and the answer is that to its request."""
    order, body = (
        "7a1b2c3d-4e5f-4000-8000-00000000000a",
        b'{"category":"linear","symbol":"BTCUSDT","orderId":"%b"}',
    )
    said = b'{"retCode":110001,"retMsg":"gone","result":{},"retExtInfo":{},"time":1795730430200}'
    data = trace(
        option,
        ("=> Send header", b"POST /v5/order/cancel HTTP/1.1\r\nHost: api.bybit.com\r\n\r\n"),
        ("=> Send data", body % order.encode()),
        ("<= Recv header", b"HTTP/1.1 200 OK\r\n"),
        ("<= Recv header", b"\r\n"),
        ("<= Recv data", said),
    )
    [record] = records(pick(data, Options()), data)
    assert isinstance(record, Record)
    assert (record.payload, record.status) == (said, 200)
    [event] = normalise(record).events
    assert (event.order_id, str(event.outcome)) == (order, "rejected")


texts = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=200).map(str.encode)


@given(lines=st.lists(texts, min_size=1, max_size=5))
@pytest.mark.parametrize("option", WIDTHS)
def test_no_line_is_lost(option: str, lines: list[bytes]) -> None:
    """The lines of a message are there as they were, whatever their lengths."""
    data = trace(option, ("<= Recv data", b"\r\n".join(lines)))
    assert is_trace(data)
    assert [line for _, line in joined(enumerate(data.split(b"\n"), 1)) if line][1:] == lines


COUNTED = b'{"error":[],"result":{"count":1}}'
PRETTY = b'{\n  "error": [],\n  "result": {"count": 1}\n}\n'
TLS = ("<= Recv SSL data", b"\x17\x03\x03\x00\x1a")


def exchange(option: str, pieces: list[bytes], between: bytes, *, is_printed: bool) -> bytes:
    """A cancel whose answer comes in some pieces, printed on standard output where the trace is."""
    data = trace(
        option,
        ("=> Send header", b"POST /0/private/CancelOrder HTTP/1.1\r\nHost: api.kraken.com\r\n\r\n"),
        ("=> Send data", b"nonce=1&txid=OYVGEW-AAAAA-111111"),
        TLS,
        ("<= Recv header", b"HTTP/1.1 200 OK\r\n"),
        ("<= Recv header", b"\r\n"),
    )
    for piece in pieces:
        data += between + trace(option, ("<= Recv data", piece)).partition(b"\n")[2]
        data += piece if is_printed else b""
    return data + b"== Info: Connection #0 to host api.kraken.com left intact\n"


@pytest.mark.parametrize("body", [COUNTED, PRETTY])
@pytest.mark.parametrize("option", WIDTHS)
@given(
    cuts=st.sets(st.integers(1, 30), max_size=3),
    between=st.sampled_from(
        [
            b"",
            b"== Info: TLSv1.3 (IN), TLS alert\n",
            trace("--trace", TLS).partition(b"\n")[2],
            trace("--trace-ascii", TLS, TLS),
        ]
    ),
    is_printed=st.booleans(),
)
def test_an_answer_in_pieces(
    option: str, body: bytes, cuts: set[int], between: bytes, is_printed: bool
) -> None:
    """It is one, whatever stands between them, and also where curl prints it behind its rows."""
    edges = [0, *sorted(cuts), len(body)]
    pieces = [body[start:stop] for start, stop in pairwise(edges)]
    if option == "--trace-ascii" and body == PRETTY:
        is_printed = True  # rows of characters do not show where its lines end
    data = exchange(option, pieces, between, is_printed=is_printed) * 2
    found = records(pick(data, Options()), data)
    assert [normalise(record).events[0].order_id for record in found] == ["OYVGEW-AAAAA-111111"] * 2
    assert [str(normalise(record).events[0].outcome) for record in found] == ["canceled"] * 2


def test_an_object_behind_a_message_is_no_part_of_it() -> None:
    """What a program prints there is read, though it may begin as the body does."""
    data = exchange("--trace", [COUNTED], b"", is_printed=False)
    data += b'{\n"retCode":110001,"retMsg":"gone","result":{},"retExtInfo":{},"time":1795730430200\n}\n'
    assert len(records(pick(data, Options()), data)) == 2
