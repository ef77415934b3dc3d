"""Which requests and answers belong together: by their ids, their times, their connections and what they ask for."""

import json
from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any, Final

from tests.logs.readings import alike, read_lines, read_log

__all__ = ["pairs"]

_URL: Final = "https://api.bybit.com/v5/order/cancel"
_GONE: Final = {"retCode": 110001, "retMsg": "gone", "result": {}, "retExtInfo": {}, "time": 1795730430200}
_SOCKET: Final = "wss://ws-api.binance.com:443/ws-api/v3"
_ASKED: Final = '{{"id":{},"method":"order.cancel","params":{{"symbol":"BTCUSDT","orderId":{}}}}}'
_REFUSED: Final = '{{"id":{},"status":400,"error":{{"code":-2011,"msg":"Unknown order sent."}}}}'
_CANCELED: Final = '{{"id":{},"status":200,"result":{{"symbol":"BTCUSDT","orderId":{},"status":"CANCELED"}}}}'
_IDS: Final = (
    *("7", '"7"', '"a1"', '"a\\u0031"', '"A1"', "null", '""', "7.0", "true", "[7]"),
    *("9007199254740993", "9007199254740992", "-9007199254740993", "9007199254740991", "1e400", '"\\ud800"'),
)


def pairs() -> Iterator[str]:
    """What is read of each."""
    yield from _ids()
    yield from _times()
    yield from _frames()
    yield from _requests()


def _ids() -> Iterator[str]:
    """What is read of a request and its answer by their id, and the ids with which an answer is to that request."""
    for asked in _IDS:
        found = {
            said: read_log(
                f"{_text('sent', _ASKED, asked)}{_text('recv', _REFUSED, said)}".encode(), "one.log"
            )
            for said in _IDS
        }
        yield f"{asked}: {' | '.join(found[asked])}"
        yield f"  answered by {[said for said, lines in found.items() if len(lines) == 1]}"


def _text(word: str, frame: str, name: str, order: int = 7, at: str = "22:00:30,250") -> str:
    return f"2026-11-26 {at} INFO binance: {word} {frame.format(name, order)}\n"


def _times() -> Iterator[str]:
    """An answer long after its request, or before it."""
    clocks = ("21:00:30,249", "21:00:30,250", "21:00:30,251", "22:00:30,249", "22:00:30,250", "22:00:30,251")
    said = json.dumps(_GONE)
    frames, texts = {}, {}
    for asked in clocks:
        data = f"{_text('sent', _ASKED, '7', at=asked)}{_text('recv', _REFUSED, '7')}"
        frames[asked] = read_log(data.encode(), "one.log")
        line = f'2026-11-26 {asked} INFO bot: POST {_URL} {{"orderId": "7a1"}}\n'
        data = f"{line}2026-11-26 22:00:30,250 INFO bot: POST {_URL} 200 {said}\n"
        texts[asked] = read_log(data.encode(), "one.log")
    yield from alike("a frame asked at", frames)
    yield from alike("a request asked at", texts)
    lines = {
        at: read_lines(
            {"sent": at, "method": "POST", "url": _URL, "request": {"orderId": "7a1"}, "direction": "out"},
            {"received": 1795730430250, "method": "POST", "url": _URL, "status": 200, "response": _GONE},
        )
        for at in (1795726830249, 1795726830250, 1795726830251, 1795730430250, 1795730430251, None)
    }
    yield from alike("a line asked at", lines)


def _frames() -> Iterator[str]:
    """Several requests and answers with one id, or with others, on one connection or on two."""
    orders: Mapping[str, tuple[tuple[str, str, int], ...]] = {
        "one": (("out", "1", 7), ("in", "1", 7)),
        "two in order": (("out", "1", 7), ("in", "1", 7), ("out", "2", 8), ("in", "2", 8)),
        "two at once": (("out", "1", 7), ("out", "2", 8), ("in", "1", 7), ("in", "2", 8)),
        "two crossed": (("out", "1", 7), ("out", "2", 8), ("in", "2", 8), ("in", "1", 7)),
        "one id for two": (("out", "1", 7), ("out", "1", 8), ("in", "1", 7), ("in", "1", 8)),
        "one id for two in turn": (("out", "1", 7), ("in", "1", 7), ("out", "1", 8), ("in", "1", 8)),
        "one id for two equal ones": (("out", "1", 7), ("out", "1", 7), ("in", "1", 7)),
        "one id for three": (
            ("out", "1", 7),
            ("out", "1", 8),
            ("in", "1", 7),
            ("out", "1", 9),
            ("in", "1", 9),
        ),
        "answered twice": (("out", "1", 7), ("in", "1", 7), ("in", "1", 7)),
        "another id": (("out", "1", 7), ("in", "2", 7)),
        "no request": (("in", "1", 7),),
        "no answer": (("out", "1", 7),),
        "the answer first": (("in", "1", 7), ("out", "1", 7)),
    }
    where: Mapping[str, tuple[dict[str, str], ...]] = {
        "one connection": ({"conn": "a"},),
        "two connections": ({"conn": "a"}, {"conn": "b"}),
        "two accounts": ({"account": "a"}, {"account": "b"}),
        "two addresses": ({"url": _SOCKET}, {"url": "wss://ws-fapi.binance.com/ws-fapi/v1"}),
        "no connection": ({},),
    }
    for title, frame in (("refused", _REFUSED), ("canceled", _CANCELED)):
        for place, around in where.items():
            found = {}
            for name, order in orders.items():
                lines: list[Any] = [
                    {"ts": 1795730430250 + n, "venue": "binance", "dir": way, **around[number % len(around)]}
                    | {"payload": json.loads((_ASKED if way == "out" else frame).format(f'"{key}"', number))}
                    for n, (way, key, number) in enumerate(order)
                ]
                found[name] = read_lines(*lines)
                words = {"out": "sent", "in": "recv"}
                found[f"{name}, as text"] = read_lines(
                    *(
                        {key: value for key, value in line.items() if key not in ("payload", "dir")}
                        | {"msg": f"{words[line['dir']]} {json.dumps(line['payload'])}"}
                        for line in lines
                    )
                )
            yield from alike(f"{title}, {place}", found)


def _requests() -> Iterator[str]:
    """Requests over HTTP in lines of their own: with the same URL or another, a body, an id, and an answer or none."""
    asked = {"ts": 1795730430250, "method": "POST", "url": _URL, "direction": "sent"}
    said = {"ts": 1795730430300, "method": "POST", "url": _URL, "status": 200, "response": _GONE}
    bodies: tuple[dict[str, Any], ...] = (
        *({"request": {"orderId": "7a1"}}, {"request": '{"orderId":"7a1"}'}, {"request": "orderId=7a1"}),
        *(
            {"body": {"orderId": "7a1"}},
            {"params": {"orderId": "7a1"}},
            {"request": [{"orderId": "7a1"}]},
            {},
        ),
    )
    found = {json.dumps(body): read_lines(asked | body, said) for body in bodies}
    yield from alike("a request with", found)
    urls: tuple[str, ...] = (
        _URL,
        f"{_URL}?a=1",
        f"{_URL}/",
        _URL.replace("https", "http"),
        _URL.upper(),
        f"{_URL}-all",
    )
    urls += (_URL.replace(".com", ".com:443"), _URL.replace("api.", "api2."), "/v5/order/cancel", "")
    for one, other in product(urls[:2], urls):
        lines = read_lines(asked | bodies[0] | {"url": one}, said | {"url": other})
        yield f"{one} and {other}: {' | '.join(lines)}"
    methods = {
        f"{one} {other}": read_lines(asked | bodies[0] | {"method": one}, said | {"method": other})
        for one, other in product(("POST", "post", "DELETE", "GET"), ("POST", "post", "", "GET"))
    }
    yield from alike("methods", methods)
    whole = asked | bodies[0]
    second = whole | {"request": {"orderId": "7a2"}}
    orders: Mapping[str, tuple[Any, ...]] = {
        "two asked": (whole, second, said),
        "two asked, two answered": (whole, second, said, said),
        "the same asked twice": (whole, whole, said),
        "asked, answered, asked": (whole, said, second),
        "a failure": (whole, whole | {"direction": "received", "error": "timeout of 5000ms exceeded"}),
        "a status": (whole, said | {"response": None, "status": 503}),
        "a status of another": (whole, said | {"response": None, "status": 503, "url": f"{_URL}-all"}),
        "an empty body": (whole, said | {"response": ""}),
        "a page": (whole, said | {"response": "<html>502 Bad Gateway</html>", "status": 502}),
    }
    yield from alike("lines", {name: read_lines(*lines) for name, lines in orders.items()})
