"""Simulated bots: what several connections asked and were answered, and the logs that programs write of it."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from hypothesis import strategies as st

__all__ = ["AMENDED", "FORMS", "Bot", "Call", "bots", "written"]


class Call(NamedTuple):
    """A call of a bot over HTTP: a cancel of an order, or something else, which has no order."""

    connection: int
    venue: str
    order: str | None
    is_refused: bool
    method: str
    url: str
    body: str  # empty where there is none
    status: int
    answer: (
        Mapping[str, Any] | str | None
    )  # a page of a server on the way; None where the log has the status alone
    is_late: bool = False  # the program gave up waiting


class Line(NamedTuple):
    """What a program says in a line, or in several, of one connection."""

    connection: int
    texts: Sequence[str]
    members: Mapping[str, Any]  # the same as a logger in JSON has it


class Bot(NamedTuple):
    """Calls, and their order: the place of each stands where it was asked, and again where it was answered."""

    calls: Sequence[Call]
    steps: Sequence[int]
    lost: frozenset[int]  # calls whose answer is not in the log

    def answered(self) -> set[str]:
        """The orders whose answer the log has."""
        kept = (call for place, call in enumerate(self.calls) if place not in self.lost)
        whole = (call.order for call in kept if isinstance(call.answer, Mapping) and not call.is_late)
        return {order for order in whole if order is not None}


# --- Calls ---


def _of_binance(order: str, *, is_refused: bool) -> tuple[str, str, str, int, dict[str, Any]]:
    url = f"https://api.binance.com/api/v3/order?symbol=LTCBTC&orderId={order}&timestamp=1&signature=FAKE"
    gone = {"code": -2011, "msg": "Unknown order sent."}
    sizes = {"price": "2.0", "origQty": "1.0", "executedQty": "0.0", "cummulativeQuoteQty": "0.0"}
    ids = {"symbol": "LTCBTC", "origClientOrderId": f"c{order}", "orderId": int(order), "orderListId": -1}
    words = {"status": "CANCELED", "timeInForce": "GTC", "type": "LIMIT", "side": "BUY"}
    done = {
        **ids,
        "clientOrderId": f"x{order}",
        "transactTime": 1684804350068,
        **sizes,
        "origQuoteOrderQty": "0.0",
        **words,
        "selfTradePreventionMode": "NONE",
    }
    return "DELETE", url, "", 400 if is_refused else 200, gone if is_refused else done


def _of_bybit(order: str, *, is_refused: bool) -> tuple[str, str, str, int, dict[str, Any]]:
    asked = {"category": "linear", "symbol": "BTCUSDT", "orderId": order}
    code, said = (110001, "order not exists or too late to cancel") if is_refused else (0, "OK")
    result = {} if is_refused else {"orderId": order, "orderLinkId": ""}
    answer = {"retCode": code, "retMsg": said, "result": result, "retExtInfo": {}, "time": 1795730430200}
    return "POST", "https://api.bybit.com/v5/order/cancel", json.dumps(asked), 200, answer


def _of_okx(order: str, *, is_refused: bool) -> tuple[str, str, str, int, dict[str, Any]]:
    asked = {"instId": "BTC-USDT", "ordId": order}
    code, said = ("51400", "Cancellation failed as the order has been filled") if is_refused else ("0", "")
    row = {"clOrdId": "", "ordId": order, "sCode": code, "sMsg": said, "ts": "1695190491421"}
    times = {"inTime": "1695190491421339", "outTime": "1695190491423240"}
    answer = {"code": "1" if is_refused else "0", "data": [row], "msg": "", **times}
    return "POST", "https://www.okx.com/api/v5/trade/cancel-order", json.dumps(asked), 200, answer


def _of_bitget(order: str, *, is_refused: bool) -> tuple[str, str, str, int, dict[str, Any]]:
    asked = {"symbol": "BTCUSDT", "orderId": order}
    code, said = ("43001", "The order does not exist") if is_refused else ("00000", "success")
    data = None if is_refused else {"orderId": order, "clientOid": f"c{order}"}
    answer = {"code": code, "msg": said, "requestTime": 1695190491421, "data": data}
    url = "https://api.bitget.com/api/v2/spot/trade/cancel-order"
    return "POST", url, json.dumps(asked), 400 if is_refused else 200, answer


def _of_kraken(order: str, *, is_refused: bool) -> tuple[str, str, str, int, dict[str, Any]]:
    answer = {"error": ["EOrder:Unknown order"]} if is_refused else {"error": [], "result": {"count": 1}}
    url = "https://api.kraken.com/0/private/CancelOrder"
    return "POST", url, f"nonce=1&txid={order}", 200, answer


_CANCELS: Final = {
    "binance": _of_binance,
    "bybit": _of_bybit,
    "okx": _of_okx,
    "bitget": _of_bitget,
    "kraken": _of_kraken,
}
_REFUSED: Final = {"code": -2010, "msg": "Account has insufficient balance for requested action."}
_EMPTY: Final = {
    "retCode": 0,
    "retMsg": "OK",
    "result": {"list": []},
    "retExtInfo": {},
    "time": 1795730430200,
}
_PLACED: Final = json.dumps({"category": "linear", "symbol": "BTCUSDT", "side": "Buy", "qty": "1"})
_POOR: Final = {
    "retCode": 110007,
    "retMsg": "ab not enough for new order",
    "result": {},
    "retExtInfo": {},
    "time": 1795730430200,
}
AMENDED: Final = "901"
"""The order that amendments are for."""
_AMENDMENT: Final = {"category": "linear", "symbol": "BTCUSDT", "orderId": AMENDED, "qty": "2"}
_TOO_LATE: Final = {
    "retCode": 110001,
    "retMsg": "order not exists or too late to replace",
    "result": {},
    "retExtInfo": {},
    "time": 1795730430200,
}
_ACCEPTED: Final = {
    "retCode": 0,
    "retMsg": "OK",
    "result": {"orderId": AMENDED, "orderLinkId": ""},
    "retExtInfo": {},
    "time": 1795730430200,
}
_PAGE: Final = "<html><head><title>502 Bad Gateway</title></head></html>"
# Calls that cancel nothing: venue, method, URL, body, status and answer.
_OTHERS: Final[Sequence[tuple[str, str, str, str, int, Mapping[str, Any]]]] = (
    ("binance", "GET", "https://api.binance.com/api/v3/time", "", 200, {"serverTime": 1499827319559}),
    ("binance", "GET", "https://api.binance.com/api/v3/account?timestamp=1", "", 200, {"balances": []}),
    ("binance", "POST", "https://api.binance.com/api/v3/order?symbol=LTCBTC&side=BUY", "", 400, _REFUSED),
    ("bybit", "POST", "https://api.bybit.com/v5/order/create", _PLACED, 200, _POOR),
    ("bybit", "POST", "https://api.bybit.com/v5/order/amend", json.dumps(_AMENDMENT), 200, _TOO_LATE),
    ("bybit", "POST", "https://api.bybit.com/v5/order/amend", json.dumps(_AMENDMENT), 200, _ACCEPTED),
    (
        "kraken",
        "POST",
        "https://api.kraken.com/0/private/AmendOrder",
        "nonce=1&txid=OZZZZZ-ABCDE-FGHIJK&order_qty=1",
        200,
        {"error": ["EOrder:Unknown order"]},
    ),
    ("bybit", "GET", "https://api.bybit.com/v5/order/realtime?category=spot", "", 200, _EMPTY),
    ("bybit", "GET", "https://api.bybit.com/v5/market/time", "", 200, _EMPTY),
    (
        "okx",
        "GET",
        "https://www.okx.com/api/v5/account/balance",
        "",
        200,
        {"code": "0", "data": [], "msg": ""},
    ),
    (
        "kraken",
        "GET",
        "https://api.kraken.com/0/public/Time",
        "",
        200,
        {"error": [], "result": {"unixtime": 1}},
    ),
)


def _id_at(venue: str, place: int) -> str:
    return f"O{place:05}-ABCDE-FGHIJK" if venue == "kraken" else str(103_700 + 37 * place)


@st.composite
def bots(draw: st.DrawFn) -> Bot:
    """Some calls to one, two or three venues over one, two or three connections, overlapping or not."""
    venues = draw(st.lists(st.sampled_from(sorted(_CANCELS)), min_size=1, max_size=3, unique=True))
    others = [each for each in _OTHERS if each[0] in venues]
    calls = []
    for place in range(draw(st.integers(1, 5))):
        connection = draw(st.integers(1, 3))
        if others and draw(st.integers(0, 3)) == 0:
            venue, *call = draw(st.sampled_from(others))
            calls.append(Call(connection, venue, None, False, *call))
            continue
        venue, is_refused = draw(st.sampled_from(venues)), draw(st.booleans())
        order = _id_at(venue, place)
        calls.append(
            Call(connection, venue, order, is_refused, *_CANCELS[venue](order, is_refused=is_refused))
        )
    is_terse = draw(st.booleans())
    calls = [_ended(call, draw(st.integers(0, 7)), is_terse=is_terse) for call in calls]
    places = range(len(calls))
    steps = [*places, *places]
    if draw(st.booleans()):
        steps = draw(st.permutations(steps))
    else:
        steps.sort()  # each answer right behind its request
    lost = draw(st.frozensets(st.sampled_from(places), max_size=1)) if draw(st.booleans()) else frozenset()
    return Bot(calls, steps, lost)


def _ended(call: Call, end: int, *, is_terse: bool) -> Call:
    """A call that got a page, or no answer in time, or of whose success a program logs the status alone."""
    if end == 0:
        return call._replace(status=502, answer=_PAGE)
    if end == 1:
        return call._replace(is_late=True)
    is_done = call.status < 400 and not call.is_refused
    return call._replace(answer=None) if is_terse and is_done else call


# --- Logs ---

Said = Callable[[Call], tuple[Line, Line]]
"""The lines of a request, and those of its answer."""


def _with_body(said: str, call: Call) -> str:
    return f"{said} {call.body}" if call.body else said


def _texts(asked: Callable[[Call], Sequence[str]], answered: Callable[[Call], Sequence[str]]) -> Said:
    return lambda call: (Line(call.connection, asked(call), {}), Line(call.connection, answered(call), {}))


def _members(asked: Callable[[Call], dict[str, Any]], answered: Callable[[Call], dict[str, Any]]) -> Said:
    return lambda call: (Line(call.connection, (), asked(call)), Line(call.connection, (), answered(call)))


def _json_of(call: Call) -> str:
    if call.answer is None:
        return ""
    return call.answer if isinstance(call.answer, str) else json.dumps(call.answer)


def _line_of(call: Call) -> dict[str, Any]:
    return {"method": call.method, "url": call.url}


def _body_of(call: Call) -> dict[str, Any]:
    if not call.body:
        return {}
    return {"body": json.loads(call.body) if call.body[:1] == "{" else call.body}


def _messages(call: Call) -> Sequence[str]:
    host, path = call.url.removeprefix("https://").split("/", 1)
    headers = [f"{call.method} /{path} HTTP/1.1", f"Host: {host}", "X-API-KEY: FAKE", ""]
    return [*headers, call.body] if call.body else headers


_OF_TEXT: Final[Mapping[str, Said]] = {
    "one line": _texts(
        lambda call: [_with_body(f"{call.method} {call.url}", call)],
        lambda call: [f"{call.method} {call.url} {call.status} {_json_of(call)}"],
    ),
    "status": _texts(
        lambda call: [_with_body(f"{call.method} {call.url}", call)],
        lambda call: [f"status {call.status}", _json_of(call)],
    ),
    "status of a URL": _texts(
        lambda call: [_with_body(f"{call.method} {call.url}", call)],
        lambda call: [f"{call.method} {call.url} {call.status}", _json_of(call)],
    ),
    "received": _texts(
        lambda call: [_with_body(f"{call.method} {call.url}", call)],
        lambda call: [f"recv {_json_of(call)}"],
    ),
    "OkHttp": _texts(
        lambda call: [f"--> {call.method} {call.url}", *filter(None, (call.body,)), f"--> END {call.method}"],
        lambda call: [f"<-- {call.status} {call.url} (85ms)", _json_of(call), "<-- END HTTP"],
    ),
    "messages": _texts(
        _messages,
        lambda call: [f"HTTP/1.1 {call.status} OK", "Content-Type: application/json", "", _json_of(call)],
    ),
    "objects": _texts(
        lambda call: [f"request {json.dumps({**_line_of(call), **_body_of(call)})}"],
        lambda call: [f"response {json.dumps({'status': call.status, 'body': call.answer})}"],
    ),
}
_OF_JSON: Final[Mapping[str, Said]] = {
    "fields": _members(
        lambda call: {"dir": "out", **_line_of(call), **_body_of(call)},
        lambda call: {**_line_of(call), "status": call.status, "response": call.answer},
    ),
    "answers alone": _members(
        lambda call: {"dir": "out", **_line_of(call), **_body_of(call)},
        lambda call: {"dir": "in", "exchange": call.venue, "payload": call.answer},
    ),
    "status and answer": _members(
        lambda call: {"msg": "request", **_line_of(call), **_body_of(call)},
        lambda call: {"msg": "response", "status": call.status, "body": call.answer},
    ),
}
FORMS: Final = (
    *(("text", name) for name in _OF_TEXT),
    *(("jsonl", name) for name in (*_OF_JSON, *_OF_TEXT)),
)
"""The formats of logs, and the forms in which calls stand in each."""


def _lines(bot: Bot, said: Said) -> Iterator[Line]:
    asked: set[int] = set()
    for place in bot.steps:
        request, answer = said(bot.calls[place])
        if place not in asked:
            asked.add(place)
            yield request
        elif bot.calls[place].is_late:
            late = "requests.exceptions.ReadTimeout: Read timed out. (read timeout=10)"
            yield answer._replace(texts=[late] if answer.texts else (), members={"msg": late})
        elif place not in bot.lost:
            yield answer


def written(
    bot: Bot, form: tuple[str, str], *, swaps: Sequence[int] = (), is_labelled: bool, is_timed: bool
) -> str:
    """The log of a bot, with the connection and the time in each line, or without.

    ``swaps`` are lines that change places with those behind them, if these are of another connection.
    """
    kind, name = form
    said: list[tuple[int, str | Mapping[str, Any]]] = []
    for line in _lines(bot, _OF_JSON.get(name) or _OF_TEXT[name]):
        messages = [{"msg": text} for text in line.texts if text] if line.texts else [line.members]
        said += [(line.connection, each) for each in (line.texts if kind == "text" else messages)]
    for place in swaps:
        at = place % len(said)
        if said[at][0] != said[at - 1][0] and at:
            said[at - 1], said[at] = said[at], said[at - 1]
    lines = []
    for number, (connection, each) in enumerate(said):
        time = f"2026-11-26T22:00:{30 + number // 10}.{number * 37 % 1_000:03}Z"
        if isinstance(each, str):
            label = f"[conn-{connection}] " if is_labelled else ""
            lines.append(f"{time if is_timed else ''} {label}{each}".lstrip(" "))
        else:
            beside = {
                **({"ts": time} if is_timed else {}),
                **({"conn": str(connection)} if is_labelled else {}),
            }
            lines.append(json.dumps({**beside, **each}))
    return "\n".join([*lines, ""])
