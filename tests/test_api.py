"""What the laws cannot say: messages pinned whole, assumed endpoints, statuses."""

import bz2
import gzip
import json
import lzma
import zlib
from math import inf
from typing import Any

import msgspec
import pytest
from msgspec import Struct
from msgspec.structs import replace

from cancelnorm import (
    AmbiguousPayloadError,
    CancelNormError,
    EventKind,
    Evidence,
    NotACancel,
    Outcome,
    PayloadError,
    Reason,
    Record,
    UnknownEndpointError,
    identify,
    normalise,
    parse,
)
from cancelnorm.api import HttpFailure
from cancelnorm.check.refusals import refusal
from cancelnorm.fitting import Payload, other_answers
from cancelnorm.reader.fast import Shape
from cancelnorm.schema import Scope
from tests.batches import in_batches, venue_of
from tests.reader.structs import Inner
from tests.samples import SAMPLES
from tests.venues.frames import FRAMES, Frame

ORDER = "DELETE /api/v3/order"
ALL = "DELETE /api/v3/openOrders"


def refused(payload: bytes | str, endpoint: str | None = ORDER, **facts: Any) -> PayloadError:
    """The error that a payload of Binance is refused with."""
    with pytest.raises(PayloadError) as caught:
        normalise(Record(payload, "binance", endpoint, source="day.jsonl:17", **facts))
    return caught.value


def plain(**changes: Any) -> bytes:
    """A plain canceled order with some values changed."""
    report = json.loads(SAMPLES["binance/delete-order"].record().payload)
    return json.dumps(report | changes).encode()


@pytest.mark.parametrize(
    ("payload", "message"),
    [
        (b"", "$: expected JSON, found an empty body"),
        (b" \n", "$: expected JSON, found an empty body"),
        (b"null", "$: expected CanceledOrder or CanceledOrderList or CanceledIds or ApiError, found null"),
        (b'"{}"', "$: expected CanceledOrder or CanceledOrderList or CanceledIds or ApiError, found '{}'"),
        (
            b"[[]]",
            "$: expected CanceledOrder or CanceledOrderList or CanceledIds or ApiError, found an array",
        ),
        (b'\xef\xbb\xbf{"code":1}', "$: expected JSON, found a byte order mark before the payload"),
        (gzip.compress(b'{"code":1}'), "$: expected JSON, found gzip; decompress it first"),
        (zlib.compress(b'{"code":1}', 4), "$: expected JSON, found zlib; decompress it first"),
        (bz2.compress(b'{"code":1}'), "$: expected JSON, found bzip2; decompress it first"),
        (lzma.compress(b'{"code":1}'), "$: expected JSON, found xz; decompress it first"),
        (b"x^2", "$: expected JSON, found invalid character (byte 0)"),
        ('{"code":1}'.encode("utf-16"), "$: expected JSON, found UTF-16 or UTF-32"),
        ('{"code":1}'.encode("utf-16-le"), "$: expected JSON, found UTF-16 or UTF-32"),
        (b'{"code":1,"msg":"\xff"}', "$: expected JSON in UTF-8, found a byte that is no UTF-8"),
        (b"<html>", "$: expected JSON, found HTML or XML"),
        (b'{"code":1', "$: expected JSON, found JSON that ends after 9 bytes"),
        (b'{"code":NaN}', "$: expected JSON, found invalid character (byte 8)"),
        (b'{"code" 1}', "$: expected JSON, found no ':' (byte 8)"),
        (b"[" * 100_000, "$: expected JSON, found too many nested brackets"),
        (b'{"code":1e400,"msg":""}', "$.code: expected an integer, found 1e400"),
        (
            b'{"code":' + b"1" * 400 + b',"msg":""}',
            "$.code: expected an integer up to 0, found a number of over 60 digits",
        ),
        (b'{"code":"1","msg":""}', "$.code: expected an integer, found '1'"),
        (b'{"code":true,"msg":""}', "$.code: expected an integer, found true"),
        (b'{"code":1}', "$.msg: expected a value, found no such field"),
        (plain(price="1_000"), "$.price: expected a plain decimal, found '1_000'"),
        (plain(price=1.5), "$.price: expected a plain decimal, found 1.5"),
        (plain(price="NaN"), "$.price: expected a plain decimal, found 'NaN'"),
        (plain(preventedQuantity="1e3"), "$.preventedQuantity: expected a plain decimal, found '1e3'"),
        (
            plain(transactTime=1684804350),
            "$.transactTime: expected an epoch of 13 digits (ms) or 16 digits (µs), found 1684804350",
        ),
        (
            plain(orderReports=[]),
            (
                "$: expected either CanceledOrder or CanceledOrderList, found keys of both: "
                "cummulativeQuoteQty of CanceledOrder and orderReports of CanceledOrderList"
            ),
        ),
        (
            b'{"retCode":0,"retMsg":"OK","result":{},"retExtInfo":{},"time":1}',
            "$.code: expected a value, found no such field",
        ),
    ],
)
def test_bad_input(payload: bytes, message: str) -> None:
    """Bad input is refused with the path of the fault."""
    assert str(refused(payload)) == f"day.jsonl:17: {message}"


@pytest.mark.parametrize(
    ("payload", "message"),
    [
        (b'{"code.x":1}', "$.code: expected a value, found no such field"),
        (b'{"code.x":1,"data":{"a":{"b":1}}}', "$.stream: expected a value, found no such field"),
        (b'{"a[b[c\\"].d":1,"symbol":{"a":1}}', "$.orderId: expected a value, found no such field"),
    ],
)
def test_a_dot_or_a_bracket_in_a_key_leads_no_deeper(payload: bytes, message: str) -> None:
    """Without endpoint, the fault that is farthest from the root is told."""
    assert str(refused(payload, None)) == f"day.jsonl:17: {message}"


def test_refusal_keeps_the_news() -> None:
    """A refused payload comes with an event that says: something was answered, ask again."""
    error = refused(
        b"{}", sent_ns=5, received_ns=9, request={"symbol": "BTCUSDT", "orderId": 7, "apiKey": "k"}
    )
    event = error.event
    assert (event.kind, event.outcome, event.reason) == (
        EventKind.REQUEST,
        Outcome.UNKNOWN,
        Reason.UNREADABLE,
    )
    assert (event.symbol, event.order_id, event.sent_ns, event.received_ns, event.source) == (
        "BTCUSDT",
        "7",
        5,
        9,
        "day.jsonl:17",
    )


@pytest.mark.parametrize("endpoint", [ORDER, None])
@pytest.mark.parametrize(
    "payload", ['{"code":-2011,"msg":"\ud800"}', '{"code":-2011,"msg":"\ud800","new":1}']
)
def test_half_a_surrogate_is_refused(payload: str, endpoint: str | None) -> None:
    """Text that cannot be written in UTF-8 is refused, also of an answer that has something new."""
    expected = "expected text that is UTF-8, found half of a surrogate pair"
    assert str(refused(payload, endpoint)).endswith(expected)
    if "new" not in payload:
        with pytest.raises(PayloadError, match=expected):
            parse(Record(payload, "binance", endpoint))


def test_unknown_endpoint() -> None:
    """An unknown endpoint is answered with the nearest that exist, an unknown venue with the venues."""
    with pytest.raises(UnknownEndpointError) as caught:
        normalise(Record(b"{}", "binance", "DELETE /api/v3/openOrder"))
    assert str(caught.value).startswith(
        "binance has no 'DELETE /api/v3/openOrder'; it has DELETE /api/v3/openOrders, "
    )
    with pytest.raises(UnknownEndpointError, match=r"no venue 'binanse'; did you mean binance[,?]"):
        normalise(Record(b"{}", "binanse", ORDER))
    with pytest.raises(UnknownEndpointError, match="no venue 'bitstamp'"):
        identify(b"{}", venue="bitstamp")


@pytest.mark.parametrize(
    ("spelling", "name"),
    [
        ("delete https://api.binance.com/api/v3/order?symbol=BTCUSDT&signature=x", ORDER),
        ("DELETE /api/v3/order/", ORDER),
        ("ws v3/order.cancel", "ws order.cancel"),
    ],
)
def test_host_query_and_slash_are_no_part_of_an_endpoint(spelling: str, name: str) -> None:
    """An endpoint is found by a recorded address too."""
    payload = (
        SAMPLES["binance/ws-order-cancel" if name.startswith("ws") else "binance/delete-order"]
        .record()
        .payload
    )
    assert normalise(Record(payload, "binance", spelling)) == normalise(Record(payload, "binance", name))


@pytest.mark.parametrize(
    ("venue", "payload", "endpoint"),
    [
        ("binance", b'{"code":-2011,"msg":"Unknown order sent."}', ORDER),
        (
            "bybit",  # as spreads, and two older APIs, answer
            b'{"retCode":0,"retMsg":"OK","result":{"orderId":"7","orderLinkId":""},"retExtInfo":{},"time":1728312066050}',
            "POST /v5/order/cancel",
        ),
        (
            "okx",  # as spreads answer
            b'{"code":"0","msg":"","data":[{"clOrdId":"","ordId":"12345689","sCode":"0","sMsg":""}]}',
            "POST /api/v5/trade/cancel-order",
        ),
        (
            "gate",  # as all of its products answer
            b'{"label":"ORDER_NOT_FOUND","message":"Order not found"}',
            "DELETE /api/v4/spot/orders/{order_id}",
        ),
    ],
)
def test_assumed_endpoint(venue: str, payload: bytes, endpoint: str) -> None:
    """Without endpoint, a payload that means the same everywhere is taken as the usual answer, and a note says so."""
    result = normalise(Record(payload, venue))
    [note] = result.notes
    assert (note.code, note.path) == ("endpoint-assumed", "$")
    assert note.message == f"no endpoint given, taken as {endpoint}"
    assert len(note.value) > 1
    assert result.events[0].endpoint == endpoint


@pytest.mark.parametrize(
    "payload",
    [
        # What a placement, an amendment and a batch of amendments are answered, and refused.
        b'{"retCode":0,"retMsg":"OK","result":{"orderId":"7","orderLinkId":""},"retExtInfo":{},"time":1728312066050}',
        (
            b'{"retCode":0,"retMsg":"OK","result":{"list":[{"category":"linear","symbol":"BTCUSDT","orderId":"7",'
            b'"orderLinkId":""}]},"retExtInfo":{"list":[{"code":0,"msg":"OK"}]},"time":1728312066050}'
        ),
        b'{"retCode":110007,"retMsg":"ab not enough for new order","result":{},"retExtInfo":{},"time":1728312066050}',
        b'{"retCode":110001,"retMsg":"Order does not exist","result":{},"retExtInfo":{},"time":1728312066050}',
        # What a new request for quotes is answered.
        (
            b'{"retCode":0,"retMsg":"OK","result":{"rfqId":"1","rfqLinkId":"","status":"Active","expiresAt":"1",'
            b'"deskCode":"d"},"retExtInfo":{},"time":1728312066050}'
        ),
        # What a placement was answered before v3.
        (
            b'{"ret_code":130021,"ret_msg":"order cost not available","ext_code":"","ext_info":"","result":null,'
            b'"time_now":"1575112681.814760"}'
        ),
        # What a reset of market-maker protection is answered.
        b'{"retCode":0,"retMsg":"success"}',
    ],
)
def test_no_certainty_without_endpoint(payload: bytes) -> None:
    """Without endpoint, an answer that other requests get as well leaves open what became of a cancel."""
    events = normalise(Record(payload, "bybit")).events
    assert {(event.outcome, event.evidence) for event in events} == {(Outcome.UNKNOWN, Evidence.NONE)}


def test_text_about_a_cancel_without_endpoint() -> None:
    """A refusal whose text speaks of a cancel is one of a cancel, with endpoint or without."""
    payload = (
        b'{"retCode":110001,"retMsg":"order not exists or too late to cancel","result":{},"retExtInfo":{},'
        b'"time":1728312068050}'
    )
    [event] = normalise(Record(payload, "bybit")).events
    assert (event.outcome, event.reason) == (Outcome.REJECTED, Reason.NOT_FOUND_OR_CLOSED)


def test_ambiguous_payload() -> None:
    """Without endpoint, a payload that would give different events is refused, naming the candidates."""
    codes = {e.endpoint for e in normalise(Record(b"<html>", "binance", ORDER, 502)).events}
    assert codes == {ORDER}
    error = AmbiguousPayloadError([("a", "x"), ("b", "y")], source="f:1")
    assert str(error) == "f:1: could come from a x, b y"


def test_a_message_does_not_name_all_of_many_candidates() -> None:
    """Nor does the finding, which is one line; the error has them all."""
    record = Record(b"{}", "binance", source="f:1")
    names = [("binance", f"GET /{n}") for n in range(60)]
    error = AmbiguousPayloadError(names, source="f:1")
    assert str(error).endswith("binance GET /3, binance GET /4 and 55 more")
    assert refusal(error, record).message.endswith(
        "may come from GET /0, GET /1, GET /2, GET /3, GET /4 and 55 more"
    )
    few = AmbiguousPayloadError(names[:2], source="f:1")
    assert refusal(few, record).message == "missing; the payload may come from GET /0 or GET /1"
    assert len(error.candidates) == 60


@pytest.mark.parametrize(
    ("status", "outcome", "reason"),
    [
        (400, Outcome.REJECTED, Reason.INVALID_REQUEST),
        (401, Outcome.REJECTED, Reason.AUTH),
        (403, Outcome.REJECTED, Reason.RESTRICTED),
        (404, Outcome.REJECTED, Reason.INVALID_REQUEST),
        (408, Outcome.UNKNOWN, Reason.TIMEOUT),
        (418, Outcome.REJECTED, Reason.RATE_LIMITED),
        (422, Outcome.REJECTED, Reason.INVALID_REQUEST),
        (429, Outcome.REJECTED, Reason.RATE_LIMITED),
        (451, Outcome.REJECTED, Reason.PERMISSION),
        (409, Outcome.UNKNOWN, Reason.OTHER),
        (499, Outcome.UNKNOWN, Reason.TIMEOUT),
        (500, Outcome.UNKNOWN, Reason.VENUE_UNAVAILABLE),
        (504, Outcome.UNKNOWN, Reason.TIMEOUT),
    ],
)
def test_http_status_speaks_for_a_body_that_does_not(status: int, outcome: Outcome, reason: Reason) -> None:
    """HTML and empty bodies are events where the HTTP status says what happened; a 5xx leaves it open."""
    for body in (b"", b"<html><body>oops", b"null", b'""', b"{}", b" [ ]\n", b"[{}]"):
        record = Record(body, "binance", ORDER, status)
        assert parse(record) == HttpFailure(status, body.decode())
        [event] = normalise(record).events
        assert (event.kind, event.outcome, event.reason) == (EventKind.REQUEST, outcome, reason)


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        # Amazon CloudFront: by country, by rate (AWS WAF), and for a reason that it does not give.
        (
            "The Amazon CloudFront distribution is configured to block access from your\n country.",
            Reason.PERMISSION,
        ),
        ("<H1>403 ERROR</H1>Request blocked. We can't connect to the server for this app", Reason.RESTRICTED),
        ("<title>Access denied</title> You are being Rate Limited", Reason.RATE_LIMITED),
        # Cloudflare, Akamai, nginx, Bybit.
        ("has banned the country or region your IP address is in", Reason.PERMISSION),
        ("<H1>Access Denied</H1> You don't have permission to access this server", Reason.PERMISSION),
        ("<html><head><title>403 Forbidden</title></head></html>", Reason.RESTRICTED),
        ("403, access too frequent", Reason.RATE_LIMITED),
        ("Service unavailable from a restricted location", Reason.PERMISSION),
    ],
)
def test_the_page_of_a_firewall(page: str, reason: Reason) -> None:
    """It says why nothing was let through, or does not; no other status is read by such words."""
    [event] = normalise(Record(page, "binance", ORDER, 403)).events
    assert (event.outcome, event.reason) == (Outcome.REJECTED, reason)
    [event] = normalise(Record(page, "binance", ORDER, 502)).events
    assert (event.outcome, event.reason) == (Outcome.UNKNOWN, Reason.VENUE_UNAVAILABLE)


@pytest.mark.parametrize(
    "request_",
    [{"orderId": 8389765519993909000}, {"orderId": "8389765519993909000"}],
    ids=["integer", "text"],
)
def test_a_rounded_id_in_a_request(request_: dict[str, object]) -> None:
    """It is noted as one in an answer is, and once; one that ends in other digits is not."""
    payload = b'{"code":-2011,"msg":"Unknown order sent."}'
    result = normalise(Record(payload, "binance", ORDER, 400, request_))
    assert [(note.code, note.value) for note in result.notes] == [("id-looks-rounded", "8389765519993909000")]
    assert result.events[0].order_id == "8389765519993909000"
    exact = {"orderId": 8389765519993908929}
    assert not normalise(Record(payload, "binance", ORDER, 400, exact)).notes


def test_a_readable_status_does_not_excuse_an_unreadable_4xx() -> None:
    """JSON under a 409 may hold a cancel that happened: it has to be read."""
    assert refused(b'{"code":-2021}', "POST /api/v3/order/cancelReplace", status=409).path == "$.msg"
    assert refused(b"<html>", status=200).found == "HTML or XML"


def test_a_5xx_makes_every_code_uncertain() -> None:
    """A code that means "rejected" proves nothing under a 5xx."""
    body = b'{"code":-2011,"msg":"Unknown order sent."}'
    [sure] = normalise(Record(body, "binance", ORDER, 400)).events
    [unsure] = normalise(Record(body, "binance", ORDER, 503)).events
    assert (sure.outcome, unsure.outcome) == (Outcome.REJECTED, Outcome.UNKNOWN)


@pytest.mark.parametrize(
    ("payload", "noted"),
    [
        (b'{"code":-2011,"code":-2011,"msg":"x"}', "$.code"),
        (b' { "code" : -2011 , "msg" : "x" , "code" : -2011 } ', "$.code"),
    ],
)
def test_duplicate_key_that_says_the_same(payload: bytes, noted: str) -> None:
    """A key that is there twice with one value is noted."""
    [note] = normalise(Record(payload, "binance", ORDER)).notes
    assert (note.code, note.path) == ("duplicate-key", noted)


def test_duplicate_key_that_contradicts_itself() -> None:
    """A key that is there twice with two values is refused, at any depth and in any form."""
    twice = plain().replace(b'"orderId"', b'"orderId": 5, "orderId"', 1)
    assert str(refused(twice)) == (
        "day.jsonl:17: $.orderId: expected one value, found the same key with different values"
    )
    assert (
        refused(b"[" + twice.replace(b'"orderId": 5', b'"\\u006frderId": 5') + b"]", ALL).path
        == "$[0].orderId"
    )


def test_secrets_are_not_shown() -> None:
    """A key or a signature that was sent back is masked in notes and messages."""
    payload = plain(apiKey="SECRET", params={"signature": "SECRET", "a": 1})
    result = normalise(Record(payload, "binance", ORDER, request={"symbol": "BTCUSDT", "apiKey": "SECRET"}))
    assert "SECRET" not in repr(result)
    assert {note.path: note.value for note in result.notes} == {
        "$.apiKey": "[redacted]",
        "$.params": {"signature": "[redacted]", "a": 1},
    }
    with pytest.raises(PayloadError) as caught:
        normalise(Record(payload, "binance", ORDER), drift="refuse")
    assert "SECRET" not in str(caught.value)


def test_secrets_in_a_message_are_not_shown() -> None:
    """Bybit repeats the signed text, which holds the API key, in its message about a wrong signature."""
    payload = (
        b'{"retCode":10004,"retMsg":"error sign! origin_string[1682321990138KEY5000{\\"a\\":1}]",'
        b'"result":{},"retExtInfo":{},"time":1682321990138}'
    )
    [event] = normalise(Record(payload, "bybit", "POST /v5/order/cancel")).events
    assert event.message == "error sign! origin_string[redacted]"


def test_secrets_in_an_address_or_an_envelope_are_not_shown() -> None:
    """Neither an endpoint that is an address nor a text in an envelope shows a key."""
    with pytest.raises(UnknownEndpointError) as caught:
        normalise(Record(b"{}", "binance", "ws order.cancl apiKey=SECRET"))
    assert "SECRET" not in str(caught.value) + repr(caught.value)
    payload = (
        b'{"retCode":0,"retMsg":"OK","result":{"orderId":"a","orderLinkId":""},'
        b'"retExtInfo":"api_key=SECRET","time":1672217377164}'
    )
    assert "SECRET" not in repr(normalise(Record(payload, "bybit", "POST /v5/order/cancel")))


def test_a_secret_in_an_answer_that_carries_nothing_is_not_shown() -> None:
    """A field that is no addition is refused without its value, if its name says that it is a secret."""
    payload = b'{"retCode":0,"retMsg":"OK","result":{"apiKey":"SECRET"},"retExtInfo":{},"time":1672217377164}'
    with pytest.raises(PayloadError) as caught:
        normalise(Record(payload, "bybit", "POST /v5/order/disconnected-cancel-all"))
    assert str(caught.value) == "$.result.apiKey: expected no such field, found [redacted]"


def test_a_secret_in_an_object_with_any_keys_is_not_shown() -> None:
    """Keys that no struct lists are masked like those of an addition."""
    sample = json.loads(SAMPLES["bybit/get-v5-order-history-2026"].record().payload)
    for order in sample["result"]["list"]:
        order["cumFeeDetail"] = {"USDT": "0.1", "apiKey": "SECRET"}
    [event, *_] = normalise(Record(json.dumps(sample), "bybit", "GET /v5/order/history")).events
    assert event.extra is not None
    assert event.extra["cumFeeDetail"] == {"USDT": "0.1", "apiKey": "[redacted]"}


@pytest.mark.parametrize("product", ["api", "fapi", "dapi", "eapi"])
def test_the_end_of_a_ban_is_in_the_message_alone(product: str) -> None:
    """Over REST no field says it."""
    endpoint = f"DELETE /{product}/{'v3' if product == 'api' else 'v1'}/order"
    payload = b'{"code":-1003,"msg":"Way too many requests; IP banned until 1748592527333."}'
    [event] = normalise(Record(payload, "binance", endpoint, 418)).events
    assert event.retry_after_ns == 1_748_592_527_333_000_000


def test_identify_lists_every_candidate() -> None:
    """Nothing is guessed: an error of the venue's common shape fits every endpoint that has it."""
    names = identify(b'{"code":-2011,"msg":"Unknown order sent."}', venue="binance")
    assert names[0] == ("binance", ORDER)
    assert ("binance", "DELETE /fapi/v1/order") in names
    assert ("binance", "ws order.cancel") not in names
    order = SAMPLES["binance/delete-order"].record().payload
    assert identify(order)[:2] == [("binance", ORDER), ("binance", "DELETE /api/v3/orderList")]
    assert {venue for venue, _ in identify(order)} == {"binance"}
    assert identify(b"nothing") == []


@pytest.mark.parametrize(
    ("asked", "codes"),
    [
        ({"orderId": 4}, []),
        ({"orderId": "4", "origClientOrderId": "myOrder1"}, []),
        ({"orderId": 5}, ["unanswered-order"]),
        ({"origClientOrderId": "cancelMyOrder1"}, ["unanswered-order"]),
    ],
)
def test_an_answer_about_another_order(asked: dict[str, Any], codes: list[str]) -> None:
    """An answer that is not about the order of the request is noted, and changes nothing."""
    record = SAMPLES["binance/delete-order"].record()
    result = normalise(msgspec.structs.replace(record, request=asked))
    assert [note.code for note in result.notes] == codes
    assert result.events == normalise(record).events


def test_another_type_than_text_or_bytes() -> None:
    """A caller's mistake is told at once; anything like bytes is bytes."""
    assert Record(bytearray(b"{}"), "binance").payload == b"{}"  # type: ignore[arg-type]
    error = SAMPLES["binance/delete-order-2018"].record().payload
    assert isinstance(error, bytes)
    for venue in (None, "binance"):
        found = identify(error, venue=venue)
        assert found
        for alike in (bytearray(error), memoryview(error)):
            assert identify(alike, venue=venue) == found  # type: ignore[arg-type]
        with pytest.raises(TypeError, match=r"payload must be bytes or str, not NoneType$"):
            identify(None, venue=venue)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match=r"^Record.status must be int or None, not str$"):
        Record(b"{}", "binance", status="400")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match=r"^Record.sent_ns must be int or None, not float$"):
        Record(b"{}", "binance", sent_ns=1.7e18)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("asked", "scope"),
    [
        (None, None),
        ({"later": 1}, None),
        ({"category": "linear"}, Scope.PRODUCT),
        ({"category": "linear", "symbol": "BTCUSDT"}, Scope.SYMBOL),
        ({"category": "linear", "baseCoin": "BTC"}, Scope.UNDERLYING),
        ({"category": "linear", "settleCoin": "USDT"}, None),
    ],
)
def test_scope_is_what_the_request_says(asked: dict[str, Any] | None, scope: Scope | None) -> None:
    """A cancel of everything covers what its request names, and nothing is guessed where it names nothing."""
    payload = b'{"retCode":0,"retMsg":"OK","result":{"list":[]},"retExtInfo":{},"time":1672217377164}'
    [event] = normalise(Record(payload, "bybit", "POST /v5/order/cancel-all", request=asked)).events
    assert (event.kind, event.scope) == (EventKind.SCOPE, scope)


def test_nothing_is_known_where_no_order_is_about_a_cancel() -> None:
    """A frame under a new word of its channel is not known to be about something else, so it has an event."""
    frame = (
        b'{"channel":"NEW","client_id":"","timestamp":"","sequence_num":1,"events":'
        b'[{"type":"update","orders":[{"order_id":"a","status":"OPEN"}]}]}'
    )
    result = normalise(Record(frame, "coinbase", "stream user"))
    assert [(event.kind, event.outcome, event.evidence) for event in result.events] == [
        (EventKind.SCOPE, Outcome.UNKNOWN, Evidence.NONE)
    ]
    assert ("empty-list", "$.events") in [(note.code, note.path) for note in result.notes]


@in_batches(FRAMES, venue_of)
def test_parse_passes_over_what_normalise_does(frame: Frame) -> None:
    """Both say in the same words what a frame is about, with its endpoint and without."""
    for endpoint in {frame.endpoint, None}:
        said: list[str | None] = []
        for read in (parse, normalise):
            try:
                read(Record(frame.body, frame.venue, endpoint))
            except NotACancel as passed:
                said.append(str(passed))
            except CancelNormError:
                said.append(None)
        assert said[0] == said[1], endpoint


def test_a_key_that_is_there_twice_beside_one_that_was_added() -> None:
    """Both are noted, also once it is known what was added; two values of one key are refused."""
    record = SAMPLES["binance/delete-order"].record()
    whole = bytes(record.payload).rstrip()[:-1] if isinstance(record.payload, bytes) else b""
    symbol = json.loads(record.payload)["symbol"]
    for more, found in ((b"", set[str]()), (b',"symbol":"%b"' % symbol.encode(), {"duplicate-key"})) * 2:
        result = normalise(replace(record, payload=whole + b',"newField":1' + more + b"}"))
        assert {note.code for note in result.notes} == {"unknown-field"} | found
    with pytest.raises(PayloadError, match="the same key with different values"):
        normalise(replace(record, payload=whole + b',"newField":1,"symbol":"OTHER"}'))


class Answering:
    """What is asked of a venue about answers that are no cancels."""

    def __init__(self, others: dict[str, Shape]) -> None:
        self.others = others


class Outer(Struct, frozen=True, forbid_unknown_fields=True):
    """An answer that holds an object of which it knows one key."""

    side: str
    inner: Inner


class Loose(Struct, frozen=True, forbid_unknown_fields=True):
    """The same with any keys in that object."""

    side: str
    inner: dict[str, int]


@pytest.mark.parametrize(
    ("inner", "names"),
    [
        ({"list_id": 1}, ["outer", "loose"]),
        ({"list_id": 1, "x": 1}, ["loose"]),
        ({"list_id": 1, "x": 1, "y": 2}, ["loose"]),
    ],
)
def test_other_answers_are_those_with_fewest_additions(inner: dict[str, int], names: list[str]) -> None:
    """Also where one comes first that has more of them within than can be told from its keys."""
    venue: Any = Answering({"outer": Shape(Outer), "loose": Shape(Loose)})
    payload = Payload(Record(json.dumps({"side": "BUY", "inner": inner, "z": 1}), "binance"))
    assert other_answers(payload, venue, inf) == (names, False)
