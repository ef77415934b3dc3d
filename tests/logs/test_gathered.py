"""Whole answers in arrays and objects of a program, as it gathers those to requests that it sent at once."""

import json
from collections.abc import Callable
from typing import Any, Final

import pytest
from msgspec import Raw
from msgspec.json import decode

from cancelnorm import answering, venues
from cancelnorm.logs.formats import pick
from cancelnorm.logs.gathered import answers_in, answers_within
from cancelnorm.logs.options import Options
from tests.logs.captured import records
from tests.samples import SAMPLES

TAKEN: Final = (
    '{"retCode":0,"retMsg":"OK","result":{"orderId":"7a1","orderLinkId":""},"retExtInfo":{},'
    '"time":1672217377164}'
)
GONE: Final = (
    '{"retCode":110001,"retMsg":"order not exists or too late to cancel","result":{},"retExtInfo":{},'
    '"time":1672217377165}'
)
PAIR: Final = f"[{TAKEN}, {GONE}]"


def _settled(array: str) -> list[Any]:
    """What ``Promise.allSettled`` gives."""
    fulfilled = [{"status": "fulfilled", "value": each} for each in json.loads(array)]
    return [*fulfilled, {"status": "rejected", "reason": {"message": "timeout of 5000ms exceeded"}}]


def _by_name(array: str) -> dict[str, str]:
    """Each answer as text under a name of its own."""
    return {f"id{number}": json.dumps(answer) for number, answer in enumerate(json.loads(array))}


FORMS: Final[dict[str, Callable[[str], str]]] = {
    "a file": str,
    "many lines": lambda array: json.dumps(json.loads(array), indent=2),
    "a line of text": lambda array: f"2026-01-05 10:00:00,123 INFO bybit results: {array}\n",
    "as Python prints it": lambda array: f"2026-01-05 10:00:00,123 INFO bybit results: {json.loads(array)}\n",
    "Java's name of it": lambda array: f"2026-01-05 10:00:00.123  INFO 1 --- [main] Bot : payload={array}\n",
    "with an exception": lambda array: f"10:00:00 INFO bybit results: {json.loads(array)}\n".replace(
        "]\n", ", TimeoutError('timed out (read)'), Exception()]\n"
    ),
    "by name": lambda array: f"10:00:00 INFO bybit results: {dict(enumerate(json.loads(array)))}\n",
    "by name, as text": lambda array: (
        f"10:00:00\tINFO\tbybit/client.go:42\tresults\t{json.dumps(_by_name(array))}\n"
    ),
    "by name, in a file": lambda array: json.dumps({"venue": "bybit", **_by_name(array)}, indent=1),
    "under a name, in a file": lambda array: json.dumps(
        {"venue": "bybit", "all": json.loads(array)}, indent=1
    ),
    "promises": lambda array: f"bybit canceled {json.dumps(_settled(array))}\n",
    "promises of a logger": lambda array: (
        json.dumps({"level": 30, "time": 1767607200123, "results": _settled(array), "msg": "canceled"}) + "\n"
    ),
    "around each": lambda array: "".join(
        f"info: cancel response {json.dumps({'exchange': 'bybit', 'response': each, 'n': 1})}\n"
        for each in json.loads(array)
    ),
    "around each, with headers": lambda array: "".join(
        f"10:00:00 INFO got { ({'code': 200, 'headers': {}, 'body': json.dumps(each)})!r}\n"
        for each in json.loads(array)
    ),
    "around each, with what is no answer": lambda array: "".join(
        f"10:00:00 INFO bybit got {{'at': datetime.datetime(2026, 1, 5), 'response': {each}}}\n"
        for each in json.loads(array)
    ),
    "a payload": lambda array: f'{{"venue":"bybit","ts":1767607200123,"payload":{array}}}\n',
    "beside a message": lambda array: (
        f'{{"level":"info","msg":"canceled","ts":1767607200123,"all":{array}}}\n'
    ),
}


@pytest.mark.parametrize("form", FORMS)
def test_forms(form: str) -> None:
    """Each answer is one of its own, in order."""
    data = FORMS[form](PAIR).encode()
    found = records(pick(data, Options()), data)
    assert [json.loads(record.payload) for record in found] == json.loads(PAIR)
    assert {record.venue for record in found} == {"bybit"}


@pytest.mark.parametrize("form", FORMS)
def test_an_answer_alone(form: str) -> None:
    """Brackets around one answer change nothing."""
    data = FORMS[form](f"[{TAKEN}]").encode()
    [record] = records(pick(data, Options()), data)
    assert json.loads(record.payload) == json.loads(TAKEN)


def test_the_answer_to_a_named_request() -> None:
    """It is one, whatever is in it."""
    data = (
        b'{"method":"POST","url":"https://api.bybit.com/v5/order/cancel","status":200,"response":%b}\n'
        % PAIR.encode()
    )
    [record] = records(pick(data, Options()), data)
    assert json.loads(record.payload) == json.loads(PAIR)


def test_the_own_objects_of_a_program() -> None:
    """They have no answers, and an array in them that a venue sends is one answer."""
    orders = SAMPLES["binance/delete-openorders-mixed"].payload
    assert answers_within({"venue": Raw(b'"binance"'), "all": orders}, None) == [bytes(orders)]
    for own in (b"{}", b'{"a":{"b":1},"c":[],"d":"{","e":"{}","f":[1,{"g":2}]}', b'{"error":{"code":-2011}}'):
        assert answers_within(decode(own, type=dict[str, Raw]), None) == []


def test_arrays_that_venues_send() -> None:
    """They are answers themselves, also beside one another; nor is an array of other objects one of answers."""
    for array in (
        b'[{"code":-2011,"msg":"Unknown order sent."}]',
        b"[]",
        b'[1,{"a":2}]',
        b'[{"zz":1}]',
        b"[{",
    ):
        assert answers_in(array, None) == []


def test_every_answer() -> None:
    """The answers in an array of any two of a venue are those two, unless a venue sends such an array."""
    last: dict[str, bytes] = {}
    split = 0
    for sample in SAMPLES.values():
        payload, venue = bytes(sample.payload), sample.venue
        if payload[:1] != b"{" or len(json.loads(payload)) < 2:  # a key alone tells nothing
            continue
        other = last.get(venue, payload)
        last[venue] = payload
        array = b"[%b,%b]" % (other, payload)
        if answering.knows(venues.every()[venue], array):
            assert answers_in(array, venue) == []
        else:
            assert answers_in(array, venue) == [other, payload]
            split += 1
    assert split > 100


def test_answers_that_are_told_before() -> None:
    """A program that prints an answer, then its own object around it, tells of it once; a second one is another."""
    frame = f"10:00:00 INFO bybit received {TAKEN}\n"
    own = f"10:00:00 INFO bybit canceled { ({'ok': True, 'response': json.loads(TAKEN)})!r}\n"
    for text, count in ((frame + own, 1), (own + own, 2), (frame + own + own, 2), (frame + frame, 2)):
        found = records(pick(text.encode(), Options()), text.encode())
        assert len(found) == count, text


def test_what_a_promise_was_rejected_for() -> None:
    """An answer that says no is one, as an error of a library is."""
    rejected = json.dumps(
        [
            {"status": "fulfilled", "value": json.loads(TAKEN)},
            {"status": "rejected", "reason": json.loads(GONE)},
        ]
    )
    raised = f"[{TAKEN}, \"InvalidRequestError('gone (ErrCode: 110001) (ErrTime: 1).')\"]"
    for array in (rejected, raised):
        assert [decode(answer)["retCode"] for answer in answers_in(array.encode(), "bybit")] == [0, 110001]


def test_an_error_held_by_an_object_of_the_program_may_be_of_another_order() -> None:
    """Errors are equal for all orders, so that one is no repetition of another while a request waits."""
    error = '{"code":-2011,"msg":"Unknown order sent."}'
    url = "DELETE https://api.binance.com/api/v3/order?orderId="
    log = (
        f"{url}11\n400 {error}\n{url}12\n"
        + json.dumps({"id": 12, "status": 400, "response": json.loads(error)})
        + "\n"
    )
    told = records(pick(log.encode(), Options()), log.encode())
    assert [(each.request, each.pairing) for each in told] == [
        ({"orderId": "11"}, None),
        ({"orderId": "12"}, None),
    ]


def test_the_id_of_a_line_is_not_that_of_each_answer_in_its_array() -> None:
    """A line with a request has one answer, so an array of some is refused."""
    line = {"ts": 1, "venue": "bybit", "endpoint": "POST /v5/order/cancel", "request": {"orderId": "1"}}
    data = json.dumps({**line, "payload": json.loads(f"[{GONE},{GONE}]")}).encode()
    [record] = records(pick(data, Options()), data)
    assert decode(record.payload) == json.loads(f"[{GONE},{GONE}]")


HELD: Final = f'10:00:00 INFO result {{"id":1,"exchange":"bybit","response":{TAKEN}}}\n'
RAW: Final = f"10:00:00 DEBUG bybit recv {TAKEN}\n"


@pytest.mark.parametrize(
    ("log", "count"),
    [(HELD + RAW, 1), (RAW + HELD, 1), (HELD + RAW + RAW, 2), (HELD + HELD, 2), (HELD + "x\n" * 11 + RAW, 2)],
)
def test_an_object_of_the_program_beside_the_answer(log: str, count: int) -> None:
    """An answer that a program prints raw and in an object of its own is told once, whichever comes first."""
    data = log.encode()
    assert len(records(pick(data, Options()), data)) == count


def test_an_answer_that_an_object_of_the_program_has_beside_the_one_that_is_read() -> None:
    """Only what was read of it is told already."""
    other = TAKEN.replace("7a1", "7a2")
    held = HELD.replace('"response":', f'"raw":{other},"response":')
    data = f"{held}10:00:00 DEBUG bybit recv {other}\n".encode()
    ids = {decode(record.payload)["result"]["orderId"] for record in records(pick(data, Options()), data)}
    assert ids == {"7a1", "7a2"}
