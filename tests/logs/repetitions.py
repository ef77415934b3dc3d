"""What of a log was told before: an answer, an error or a failure, by the words around each and the lines between."""

from collections.abc import Iterable, Iterator
from itertools import product
from typing import Any, Final

from cancelnorm.logs.ccxt_lines import Failed, Printed
from cancelnorm.logs.text_words import words
from cancelnorm.logs.told import Told
from cancelnorm.logs.waiting import key_of

__all__ = ["repetitions"]

_URL: Final = "https://api.bybit.com/v5/order/cancel"
_GONE: Final = '{"retCode":110001,"retMsg":"gone","result":{},"retExtInfo":{},"time":1795730430200}'


def repetitions() -> Iterator[str]:
    """What is taken for the same."""
    yield from _answers()
    yield from _lines()
    yield from _errors()
    yield from _failures()
    yield from _settled()
    yield from _held()


def _table(title: str, pairs: Iterable[tuple[str, str, bool]]) -> Iterator[str]:
    """Of each thing that was told, those that are taken for the same behind it."""
    found: dict[str, list[str]] = {}
    for one, other, is_same in pairs:
        found.setdefault(one, []).extend([other] * is_same)
    yield f"{title}:"
    yield from (f"  {one}: {', '.join(others) or 'none'}" for one, others in found.items())


def _printed(line: int, **more: Any) -> Printed:
    return Printed("POST", _URL, _GONE, False, line)._replace(**more)


_PHRASES: Final = (
    f"POST {_URL}",
    f"POST {_URL}-all",
    f"GET {_URL}?orderId=7",
    "POST https://api.bybit.com/v5/order/create",
    "POST https://api.bytick.com/v5/order/cancel",
    "DELETE https://api.binance.com/api/v3/order",
    "bybit cancel",
    "binance cancel",
    "GET https://proxy.example/x",
    "GET http://[::1/x",
    "cancel",
    "",
)


def _answers() -> Iterator[str]:
    """An exception with the body of an answer, by the words before both."""
    said = {phrase: words(phrase) if phrase else None for phrase in _PHRASES}
    for chain in (False, True):
        pairs = []
        for one, other in product(said, repeat=2):
            told = Told()
            told.add(_printed(1), said[one])
            if chain:
                told.chain(3)
            pairs.append((one, other, told.is_repeated(_GONE.encode(), said[other])))
        yield from _table(f"an answer in an exception{' of another one' * chain}", pairs)
    told = Told()
    told.add(_printed(1), None)
    yield f"another body: {told.is_repeated(_GONE.replace('gone', 'x').encode(), words('cancel'))}"


_TIMES: Final = (
    "2026-11-26 22:00:30,250 x",
    "2026-11-26 22:00:30,000 x",
    "2026-11-26 22:00:30 x",
    "1795730430.250 x",
    "1795730430250 x",
    "1795730430000 x",
    'x id=1795730430250 {"ts": 1795730430250}',
    '{"ts": 1795730430250}',
    '{"createdAt" : "1795730430250"}',
    '{"at": "22:00:30.250"}',
    '{"orderId": 1795730430250}',
    '{"t": 17957304302501}',
)


def _lines() -> Iterator[str]:
    """A line that equals the last one, as text and as JSON, right behind it or later."""
    for line in _TIMES:
        found = []
        for read, gap in product((Told.read, Told.read_object), (1, 2)):
            told = Told()
            read(told, 1, line.encode())
            read(told, 1 + gap, line.encode())
            found.append(told.is_again)
        yield f"{line}: {found}"


def _errors() -> Iterator[str]:
    """An error that is logged and an exception that is printed, by their lines and by the numbers in them."""
    raws = (b"ERROR cancel 7: gone", b"ERROR cancel 8: gone", b"raised: gone", None)
    for gap, chain in product((1, 3, 4, 10, 11), (False, True)):
        pairs = []
        for one, other in product(raws, repeat=2):
            told = Told()
            told.quote(_printed(1, raw=one))
            if chain:
                told.chain(1 + gap)
            pairs.append((repr(one), repr(other), told.is_quoted_again(_printed(1 + gap, raw=other))))
        yield from _table(f"an error {gap} lines later{', chained' * chain}", pairs)
    told = Told()
    told.quote(_printed(1, body="", raw=b"a"))
    yield f"without a body: {told.is_quoted_again(_printed(2, body='', raw=b'b'))}"
    for gap in (1, 100, 101):
        for body in (_GONE, '{"retCode":110001}', '{"retCode":7}', ""):
            told = Told()
            told.add_body(_GONE.encode(), 1)
            yield f"{body}, {gap} lines later: {told.has_body_of(_printed(1 + gap, body=body))}"


def _failures() -> Iterator[str]:
    """A failure behind another one, or behind an answer, at the same URL."""
    told_by = {
        "nothing": None,
        "an answer": (1, 503, None),
        "an answer without a status": (1, None, None),
        "a failure": (1, None, b"raised 7"),
        "a failure with a status": (1, 503, b"raised 7"),
        "no line": (None, None, None),
    }
    for url, gap in product((_URL, f"{_URL}?orderId=7"), (1, 100, 101)):
        pairs = []
        for name, settled in told_by.items():
            for status, raw in product((None, 503, 502), (b"raised 8", b"other 8")):
                told, key = Told(), key_of("POST", url)
                if settled is not None:
                    told.settle(key, *settled)
                failed = Failed("POST", url, "bybit", False, True, 1 + gap, raw, status)
                pairs.append((name, f"{status} {raw!r}", told.has_failed(key, failed)))
        yield from _table(f"a failure {gap} lines later{' with a query' * ('?' in url)}", pairs)


def _settled() -> Iterator[str]:
    """An answer that was told before a line, by the lines between and by its status."""
    pairs = []
    for line, status, gap, asked in product((1, None), (200, None), (0, 10, 11), (200, 400, None)):
        told, key = Told(), key_of("POST", _URL)
        told.settle(key, line, status)
        pairs.append((f"{line} {status}", f"{gap} {asked}", told.has_answered(key, 1 + gap, asked)))
    yield from _table("an answer by its line and its status", pairs)


_HELD: Final = (
    '{"orderId": "7"}',
    '{"orderId":"7"}',
    '{"orderId": "8"}',
    '{"ordId": [7]}',
    '{"txid": "7"}',
    '{"id": "7"}',
    '[{"orderId": "7"}]',
    "{",
)


def _held() -> Iterator[str]:
    """An answer that an object of the program holds, before or behind the answer itself; each once."""
    for gap in (0, 10, 11):
        pairs = []
        for one, other in product(_HELD, repeat=2):
            told = Told()
            told.add_body(one.encode(), 1)
            told.hold([one.encode()], 1)
            body, line = other.encode(), 1 + gap
            again = [told.is_held_again(body, line), told.is_held_again(body, line)]
            again += [told.was_held(body, line), told.was_held(body, line)]
            assert again[1] is again[3] is False
            pairs.append((one, other, any(again)))
        yield from _table(f"an object {gap} lines later", pairs)
    told = Told()
    with told.aside():
        told.add_body(_HELD[0].encode(), 1)
    yield f"aside: {told.is_held_again(_HELD[0].encode(), 1)}"
