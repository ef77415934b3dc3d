"""E-mails whose text is encoded: what is read is what their reader sees."""

from base64 import encodebytes
from quopri import encodestring

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cancelnorm import Record, normalise
from cancelnorm.logs import Options
from cancelnorm.logs.formats import pick
from cancelnorm.logs.mail_lines import decoded, is_mail
from tests.logs.captured import records

TEXT = (
    b"2026-11-26 22:00:30,100 POST https://api.bybit.com/v5/order/cancel"
    b' body={"category": "linear", "symbol": "BTCUSDT", "orderId": "7a1b2c3d-4e5f"}\n'
    b"2026-11-26 22:00:30,350 200 POST https://api.bybit.com/v5/order/cancel"
    b' response: {"retCode": 110001, "retMsg": "gone", "result": {}, "retExtInfo": {}, "time": 1795730430200}\n'
)
CODINGS = {"quoted-printable": encodestring, "base64": encodebytes}


def mail(coding: str, text: bytes) -> bytes:
    """An e-mail with one text, between two others as it is."""
    head = b"From: a@example.com\nSubject: cancel\nContent-Type: multipart/mixed; boundary=x\n\n"
    part = b"--x\nContent-Transfer-Encoding: %b\n\n%b\n" % (coding.encode(), CODINGS[coding](text))
    return b"%b--x\n\nbefore\n%b--x\n\nbehind\n--x--\n" % (head, part)


@pytest.mark.parametrize("coding", CODINGS)
def test_encoded_mails(coding: str) -> None:
    """The answer belongs to the request, whose id no break of a line is in."""
    data = mail(coding, TEXT)
    [record] = records(pick(data, Options()), data)
    assert isinstance(record, Record)
    [event] = normalise(record).events
    assert (event.order_id, event.code) == ("7a1b2c3d-4e5f", "110001")


@given(
    lines=st.lists(
        st.binary(max_size=200).filter(lambda line: not set(b"\r\n\v\f\x1c\x1d\x1e\x85") & set(line))
    )
)
@pytest.mark.parametrize("coding", CODINGS)
def test_no_line_is_lost(coding: str, lines: list[bytes]) -> None:
    """Every line of the text is there as it was, in order, and the texts around it."""
    data = mail(coding, b"".join(line + b"\n" for line in lines))
    assert is_mail(data)
    found = [line for _, line in decoded(enumerate(data.split(b"\n"), 1))]
    start = found.index(b"before") + 4
    assert found[start : start + len(lines)] == lines
    assert b"behind" in found[start:]
