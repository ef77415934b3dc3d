"""Connections that are interleaved in one log, in every format: no answer names an order of another connection."""

import csv
import io
import json
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, NamedTuple
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cancelnorm import Record, normalise
from cancelnorm.logs import Options, late, pairing, told, waiting
from cancelnorm.logs.formats import named
from tests.logs.captured import records

slow = settings(
    max_examples=max(20, settings().max_examples // 20), suppress_health_check=[HealthCheck.too_slow]
)
HOUR = 1_700_000_000


class Frame(NamedTuple):
    """A frame of a connection: a request to cancel an order, or its refusal, which does not name the order.

    ``number`` is that of the request in the log; it stands in the answer too, where it tells nothing. A subscription
    is a request that cancels nothing, and its answer has no number.
    """

    venue: str
    connection: int
    is_answer: bool
    request_id: int | str | None
    number: int
    is_subscription: bool = False

    @property
    def order(self) -> str:
        """The order of the request."""
        return str(49120030000 + self.number)

    @property
    def data(self) -> dict[str, Any]:
        """The frame as it was sent."""
        binance = self.venue == "binance"
        key = "id" if binance else "reqId"
        found = {} if self.request_id is None else {key: self.request_id}
        if self.is_subscription and self.is_answer:
            return {"result": None, "id": self.request_id}
        if self.is_subscription:
            return {**found, "method": "SUBSCRIBE", "params": ["btcusdt@trade"]}
        if binance and self.is_answer:
            limits = [
                {
                    "rateLimitType": "ORDERS",
                    "interval": "DAY",
                    "intervalNum": 1,
                    "limit": 9,
                    "count": self.number,
                }
            ]
            error = {"code": -2011, "msg": "Unknown order sent."}
            return {"id": self.request_id, "status": 400, "error": error, "rateLimits": limits}
        if binance:
            return {
                **found,
                "method": "order.cancel",
                "params": {"symbol": "BTCUSDT", "orderId": int(self.order)},
            }
        if self.is_answer:
            answer = {
                "retCode": 110001,
                "retMsg": "order not exists or too late to cancel",
                "op": "order.cancel",
            }
            return {
                **found,
                **answer,
                "data": {},
                "retExtInfo": {},
                "header": {"Traceid": str(self.number)},
                "connId": "c1",
            }
        asked = {"category": "linear", "symbol": "BTCUSDT", "orderId": self.order}
        return {**found, "op": "order.cancel", "args": [asked]}

    @property
    def rounded_id(self) -> tuple[bool, float | None]:
        """The id as a program shows it that rounds integers."""
        found = self.request_id
        return isinstance(found, str), None if found is None else float(found)

    @property
    def text(self) -> str:
        """The same as JSON."""
        return json.dumps(self.data)

    @property
    def url(self) -> str:
        """The address of the connection; one host may have several."""
        host = "ws-api.binance.com/ws-api" if self.venue == "binance" else "stream.bybit.com/v5/trade"
        return f"wss://{host}/{self.connection}"


def number_in(record: Record) -> int:
    """The number of the request that an answer is to."""
    data = json.loads(record.payload)
    found = data["rateLimits"][0]["count"] if "rateLimits" in data else data["header"]["Traceid"]
    return int(found)


@st.composite
def logs(draw: st.DrawFn, *, is_mixed: bool = False) -> list[Frame]:
    """Interleaved connections that count ids from the same number, integers or texts; answers come late, or never."""
    venues = draw(st.sampled_from([["binance"], ["bybit"], *([["binance", "bybit"]] if is_mixed else [])]))
    numbers = iter(range(1_000_000))
    unsent: list[list[Frame]] = []
    first = draw(st.sampled_from([1, 1, 2**53 - 2]))
    for connection in range(draw(st.integers(2, 4))):
        venue = draw(st.sampled_from(venues))
        # Bybit has texts only.
        kind: type[int | str] = str if venue == "bybit" else draw(st.sampled_from([int, str]))
        restarts_at = draw(st.integers(1, 6))  # ids are used again from there
        frames = []
        for count in range(draw(st.integers(1, 5))):
            number = count % restarts_at + first
            request_id = None if draw(st.integers(0, 9)) == 9 else kind(number)
            is_subscription = venue == "binance" and draw(st.integers(0, 4)) == 4
            frames.append(
                Frame(venue, connection, False, request_id, next(numbers), is_subscription=is_subscription)
            )
        unsent.append(frames)
    log: list[Frame] = []
    open_: list[Frame] = []
    while any(unsent) or open_:
        if open_ and (not any(unsent) or draw(st.booleans())):
            answered = open_.pop(draw(st.integers(0, len(open_) - 1)))
            if draw(st.integers(0, 4)) < 4:  # one in five is lost
                log.append(answered._replace(is_answer=True))
        else:
            frames = draw(st.sampled_from([frames for frames in unsent if frames]))
            log.append(frames.pop(0))
            open_.append(log[-1])
    return log


# --- Formats ---


def _direction(frame: Frame) -> str:
    return "in" if frame.is_answer else "out"


def _said(key: str, frame: Frame) -> Mapping[str, Any]:
    """What a line says of the connection."""
    return {key: frame.url if key == "url" else f"{key}-{frame.connection}"}


def _objects(log: list[Frame], key: str, *, as_text: bool = False) -> list[dict[str, Any]]:
    return [
        {
            "ts": HOUR + at,
            "direction": _direction(frame),
            "exchange": frame.venue,
            **_said(key, frame),
            "data": frame.text if as_text else frame.data,
        }
        for at, frame in enumerate(log)
    ]


def _lines(rows: list[dict[str, Any]]) -> str:
    return "".join(f"{json.dumps(row)}\n" for row in rows)


def _lines_of(log: list[Frame], key: str) -> str:
    return _lines(_objects(log, key))


def _array(log: list[Frame], key: str) -> str:
    return json.dumps(_objects(log, key))


def _logged(log: list[Frame], key: str) -> str:
    """Lines of a logger in JSON, whose text holds the frame."""
    return _lines(
        [
            {
                "ts": HOUR + at,
                "level": "DEBUG",
                **_said(key, frame),
                "message": f"{'received' if frame.is_answer else 'sending'} {frame.text}",
            }
            for at, frame in enumerate(log)
        ]
    )


def _table(log: list[Frame], key: str) -> str:
    file = io.StringIO()
    rows = _objects(log, key, as_text=True)
    writer = csv.DictWriter(file, rows[0])
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue()


def _har(log: list[Frame]) -> str:
    entries = []
    for connection in range(4):
        own = [(at, frame) for at, frame in enumerate(log) if frame.connection == connection]
        if own:
            messages = [
                {
                    "type": "receive" if each.is_answer else "send",
                    "time": HOUR + at,
                    "opcode": 1,
                    "data": each.text,
                }
                for at, each in own
            ]
            request = {"method": "GET", "url": own[0][1].url.rpartition("/")[0]}
            entries.append({"request": request, "response": {"status": 101}, "_webSocketMessages": messages})
    return json.dumps({"log": {"version": "1.2", "creator": {}, "entries": entries}}, indent=1)


def _with_urls(log: list[Frame]) -> str:
    """Lines of text that name the address."""
    return "".join(
        f"2026-11-26 22:00:{at:02} DEBUG bot {'recv' if frame.is_answer else 'send'} {frame.url} {frame.text}\n"
        for at, frame in enumerate(log)
    )


def _labelled(log: list[Frame], label: str) -> str:
    """Lines of text in which the logger names the connection."""
    return "".join(
        f"2026-11-26 22:00:{at:02},001 DEBUG {label.replace('#', str(frame.connection))} "
        f"{'received' if frame.is_answer else 'sending'} {frame.text}\n"
        for at, frame in enumerate(log)
    )


LABELS = (
    "[conn-#]",
    "ws#",
    "connection_id=c#:",
    "(conn 0x7f#)",
    "[account: desk#]",
    "account=desk#",
    "session #",
    "client-#",
    "account=desk conn=#",
    "[bot-#]",
    "strategy=s#",
    "bot[812#]:",
    "[req-#]",
    "trace_id=7f#",
)


def _in_messages(log: list[Frame]) -> str:
    """Lines of a logger in JSON, whose texts begin with the name of the connection."""
    return _lines(
        [
            {
                "level": "DEBUG",
                "message": f"[conn-{each.connection}] {'recv' if each.is_answer else 'send'} {each.text}",
            }
            for each in log
        ]
    )


def _timestamped(log: list[Frame]) -> str:
    return "".join(f"{HOUR + at} {frame.text}\n" for at, frame in enumerate(log))


def _bare(log: list[Frame]) -> str:
    return "".join(f"{frame.text}\n" for frame in log)


def _cryptofeed(log: list[Frame]) -> str:
    lines = [f"{url} <-> {HOUR}.5" for url in sorted({frame.url for frame in log})]
    for at, frame in enumerate(log):
        lines.append(
            f"{HOUR + at}.5: {frame.text}"
            if frame.is_answer
            else f"{frame.url} <- {HOUR + at}.5: {frame.text}"
        )
    return "\n".join(lines)


def _websockets(log: list[Frame]) -> str:
    return "".join(
        f"DEBUG:websockets.client:{'<' if frame.is_answer else '>'} TEXT {frame.text!r} [{len(frame.text)} bytes]\n"
        for frame in log
    )


def _ccxt(log: list[Frame]) -> str:
    """Frames of ccxt.pro in Python."""
    return "2026-11-26T22:03:35.032Z connecting to wss://x\n" + "".join(
        f"2026-11-26T22:04:{at:02}.000Z {f'message {frame.text}' if frame.is_answer else f'sending {frame.data}'}\n"
        for at, frame in enumerate(log)
    )


NAMES = (
    *("connection", "conn_id", "account", "subaccount", "url", "stream", "session_id"),
    *("pod", "hostname", "bot", "trace_id"),
)
# The name of a format, how a log is written in it, and whether the connections are told apart.
WRITTEN: dict[str, tuple[str, Callable[[list[Frame]], str], bool]] = {
    **{f"jsonl-{key}": ("jsonl", partial(_lines_of, key=key), True) for key in NAMES},
    **{f"array-{key}": ("array", partial(_array, key=key), True) for key in NAMES[:3]},
    **{f"csv-{key}": ("csv", partial(_table, key=key), True) for key in NAMES[:3]},
    **{f"logged-{key}": ("jsonl", partial(_logged, key=key), True) for key in NAMES},
    "har": ("har", _har, True),
    "text-url": ("text", _with_urls, True),
    "logged-labels": ("jsonl", _in_messages, True),
    **{f"text-{label}": ("text", partial(_labelled, label=label), True) for label in LABELS},
    "timestamped": ("timestamped", _timestamped, False),
    "bare": ("bare", _bare, False),
    "cryptofeed": ("cryptofeed", _cryptofeed, False),
    "websockets": ("text", _websockets, False),
    "ccxt": ("ccxt", _ccxt, False),
}
OF_CALLS = ("jsonl-trace_id", "logged-trace_id", "text-[req-#]", "text-trace_id=7f#")
"""Those that name the calls of frames, which tell no connections apart: they choose among the requests in the log."""


# --- Laws ---


@pytest.mark.parametrize("how", WRITTEN)
@slow
@given(log=logs(), window=st.integers(1, 20), remembered=st.integers(1, 20), lost=st.data())
def test_interleaved_connections(
    how: str, log: list[Frame], window: int, remembered: int, lost: st.DataObject
) -> None:
    """An answer names an order that its own connection asked for, or none, and then it has a note.

    Every request is answered or comes without an answer, every answer is a record.
    """
    form, write, is_told_apart = WRITTEN[how]
    is_whole = not is_told_apart or how in OF_CALLS or lost.draw(st.booleans())
    if not is_whole:
        log = log[lost.draw(st.integers(0, len(log) - 1)) :]
    with patch.multiple(pairing, WINDOW=window, _REMEMBERED=remembered, _SAME=remembered):
        found = records(named(form), write(log).encode(), Options(venue=log[0].venue))
    found = [record for record in found if not is_about_else(record)]
    window = min(window, remembered)
    asked = {frame.number: frame for frame in log if not frame.is_answer and not frame.is_subscription}
    answers = {frame.number: frame for frame in log if frame.is_answer and not frame.is_subscription}
    answered = [record for record in found if not record.is_unanswered]
    assert sorted(map(number_in, answered)) == sorted(answers)
    paired = set()
    for record in answered:
        answer = answers[number_in(record)]
        own = {frame.order: frame for frame in asked.values() if frame.connection == answer.connection}
        result = normalise(record)
        named_orders = {event.order_id for event in result.events} - {None}
        assert named_orders <= own.keys()
        paired |= named_orders
        assert (record.pairing == "shared_id") == (
            "shared-request-id" in [note.code for note in result.notes]
        )
        if is_told_apart and window > len(asked) and is_alone(answer, log):
            assert named_orders == {asked[answer.number].order}
        elif not named_orders and is_whole and window > len(asked):
            assert record.pairing == "shared_id"
    unanswered = [
        event.order_id for record in found if record.is_unanswered for event in normalise(record).events
    ]
    assert len(set(unanswered)) == len(unanswered)
    orders = {frame.order for frame in asked.values()}
    assert set(unanswered) <= orders
    assert orders <= set(unanswered) | paired
    if window > len(asked):
        assert not paired & set(unanswered)


MIXED = ("jsonl-connection", "jsonl-url", "array-account", "csv-conn_id", "har", "text-url")


@pytest.mark.parametrize("how", MIXED)
@slow
@given(log=logs(is_mixed=True))
def test_two_venues(how: str, log: list[Frame]) -> None:
    """Connections to two venues in one log, whose ids are the same."""
    form, write, _ = WRITTEN[how]
    found = [each for each in records(named(form), write(log).encode()) if not is_about_else(each)]
    asked = {frame.number: frame for frame in log if not frame.is_answer and not frame.is_subscription}
    for record in found:
        result = normalise(record)
        orders = {event.order_id for event in result.events} - {None}
        if record.is_unanswered:
            own = [frame for frame in asked.values() if frame.venue == record.venue]
        else:
            [answer] = [each for each in log if each.is_answer and each.number == number_in(record)]
            assert record.venue == answer.venue
            own = [frame for frame in asked.values() if frame.connection == answer.connection]
            assert not is_alone(answer, log) or orders == {asked[answer.number].order}
        assert orders <= {frame.order for frame in own}


def is_about_else(record: Record) -> bool:
    """Tell whether a record is the answer to a subscription."""
    return "result" in json.loads(record.payload or b"{}")


def is_alone(answer: Frame, log: list[Frame]) -> bool:
    """Tell whether its request is in the log, and nothing else on the connection has the id."""
    same = [
        each for each in log if (each.connection, each.rounded_id) == (answer.connection, answer.rounded_id)
    ]
    return [each.number for each in same] == [answer.number] * 2


# --- HTTP, with requests and answers in lines of their own ---

URL = "https://api.bybit.com/v5/order/cancel"


def _body(frame: Frame) -> str:
    """The body of a request to cancel an order, or of the refusal, which does not name the order."""
    if frame.is_answer:
        message = "order not exists or too late to cancel"
        return json.dumps(
            {
                "retCode": 110001,
                "retMsg": message,
                "result": {},
                "retExtInfo": {},
                "time": HOUR * 1_000 + frame.number,
            }
        )
    return json.dumps({"category": "linear", "symbol": "BTCUSDT", "orderId": frame.order})


def _calls(log: list[Frame], key: str) -> str:
    rows: list[dict[str, Any]] = []
    for at, frame in enumerate(log):
        row = {
            "ts": HOUR + at,
            "direction": _direction(frame),
            "method": "POST",
            "url": URL,
            **_said(key, frame),
        }
        rows.append(
            {**row, "status": 200, "body": _body(frame)} if frame.is_answer else {**row, "body": _body(frame)}
        )
    return _lines(rows)


def _http(frame: Frame) -> str:
    return (
        f"Response: 200 POST {URL} {_body(frame)}"
        if frame.is_answer
        else f"Request: POST {URL} {_body(frame)}"
    )


def _logged_calls(log: list[Frame], key: str) -> str:
    return _lines(
        [
            {"ts": HOUR + at, "level": "DEBUG", **_said(key, frame), "message": _http(frame)}
            for at, frame in enumerate(log)
        ]
    )


def _logged_answers(log: list[Frame], key: str) -> str:
    """The same with answers that do not repeat the request line."""
    rows = [
        {
            "level": "DEBUG",
            **_said(key, each),
            "message": f"Response: {_body(each)}" if each.is_answer else _http(each),
        }
        for each in log
    ]
    return _lines(rows)


def _text_calls(log: list[Frame]) -> str:
    return "".join(f"2026-11-26 22:00:{at:02},001 DEBUG bot {_http(frame)}\n" for at, frame in enumerate(log))


def _ccxt_calls(log: list[Frame]) -> str:
    lines = []
    for frame in log:
        way = "Response" if frame.is_answer else "Request"
        status = " 200" if frame.is_answer else ""
        lines.append(
            f"fetch {way}: bybit POST {URL}{status} {way}Headers: {{'Server': 'x'}} {way}Body: {_body(frame)}\n\n"
        )
    return "".join(lines)


CALLS: dict[str, tuple[str, Callable[[list[Frame]], str], bool]] = {
    **{f"jsonl-{key}": ("jsonl", partial(_calls, key=key), True) for key in NAMES if key != "url"},
    **{f"logged-{key}": ("jsonl", partial(_logged_calls, key=key), True) for key in NAMES if key != "url"},
    **{f"answers-{key}": ("jsonl", partial(_logged_answers, key=key), True) for key in NAMES if key != "url"},
    "text": ("text", _text_calls, False),
    "ccxt": ("ccxt", _ccxt_calls, False),
}


@pytest.mark.parametrize("how", CALLS)
@slow
@given(log=logs(), window=st.integers(1, 20), remembered=st.integers(1, 20), lost=st.data())
def test_interleaved_calls(
    how: str, log: list[Frame], window: int, remembered: int, lost: st.DataObject
) -> None:
    """Calls of several accounts to one URL, of which the answers have no id; some wait long."""
    form, write, is_told_apart = CALLS[how]
    log = [frame for frame in log if not frame.is_subscription]
    if log and is_told_apart and lost.draw(st.booleans()):
        log = log[lost.draw(st.integers(0, len(log) - 1)) :]
    with (
        patch.object(waiting, "_WAITING", window),
        patch.object(told, "_SETTLED", window),
        patch.object(late, "_REMEMBERED", remembered),
    ):
        found = records(named(form), write(log).encode(), Options(venue="bybit")) if log else []
    asked = {frame.number: frame for frame in log if not frame.is_answer}
    answers = {frame.number: frame for frame in log if frame.is_answer}
    answered = {
        json.loads(each.payload)["time"] - HOUR * 1_000: each for each in found if not each.is_unanswered
    }
    assert answered.keys() == answers.keys()
    paired: set[str | None] = set()
    for number, record in answered.items():
        own = {each.order for each in asked.values() if each.connection == answers[number].connection}
        named_orders = {event.order_id for event in normalise(record).events} - {None}
        assert named_orders <= own
        calls = [each.number for each in log if each.connection == answers[number].connection]
        is_kept = min(window, remembered) > 2 * len(log)
        if is_kept and is_told_apart and calls == [number] * 2:  # the only call of its account
            assert named_orders == own
        assert not named_orders & paired
        paired |= named_orders
    unanswered = [
        event.order_id for record in found if record.is_unanswered for event in normalise(record).events
    ]
    assert len(set(unanswered)) == len(unanswered)
    assert set(unanswered) <= {frame.order for frame in asked.values()} - paired


@pytest.mark.parametrize(
    ("asked", "answered"),
    [("account=main ws=1", "ws=1"), ("account=main ws=1", "ws=1 account=main"), ("ws=out", "ws=in")],
)
def test_which_label_is_the_connection(asked: str, answered: str) -> None:
    """That of a connection, wherever it stands; beside it, an account says nothing more. A direction is none."""
    request = '{"id":1,"method":"order.cancel","params":{"symbol":"BTCUSDT","orderId":7}}'
    refusal = '{"id":1,"status":400,"error":{"code":-2011,"msg":"Unknown order sent."},"rateLimits":[]}'
    log = f"DEBUG {asked} sent {request}\nDEBUG {answered} recv {refusal}\n".encode()
    [record] = records(named("text"), log, Options(venue="binance"))
    assert [event.order_id for event in normalise(record).events] == ["7"]
