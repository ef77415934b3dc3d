"""What functions say of answers over HTTP: whose they are, what was asked, and what their bodies are, packed or not."""

import bz2
import gzip
import json
import zlib
from collections.abc import Iterator
from importlib import import_module
from itertools import product
from typing import Any, Final

import zstandard
from msgspec.structs import replace

from cancelnorm import Record
from cancelnorm.logs.ccxt_lines import Printed
from cancelnorm.logs.http import (
    Answer,
    Undecodable,
    decompressed,
    from_base64,
    from_buffer,
    from_bytes_literal,
    header_secrets,
    record_of,
    unanswered,
)
from cancelnorm.logs.named_orders import named_by, naming
from cancelnorm.logs.options import Options
from cancelnorm.logs.printed import answer_in, without_answer
from cancelnorm.logs.request_place import names_orders
from cancelnorm.venues import every
from tests.logs.neighbours import of_texts, of_values, shown

__all__ = ["answers"]

_URL: Final = "https://api.bybit.com/v5/order/cancel"
_ORDER: Final = "https://api.binance.com/api/v3/order"
_REFUSED: Final = '{"code":-2011,"msg":"Unknown order sent."}'
_ANY: Final = Options()


def answers() -> Iterator[str]:
    """What is said of each."""
    yield from _records()
    yield from of_texts("printed", _printed, _PRINTED)
    yield from of_values("headers", lambda value: header_secrets(value.items()), _HEADERS)
    yield from of_texts("base64", _base64, _ENCODED)
    yield from of_values("buffer", lambda value: from_buffer(json.dumps(value).encode()), _BUFFERS)
    yield from of_texts("literal", from_bytes_literal, _LITERALS)
    yield from _bodies()
    yield from _orders()


def _records() -> Iterator[str]:
    """The record of an answer, and of a request without one, each with all for which it is the same."""
    for title, function, payloads in (
        ("answered", _answered, _PAYLOADS),
        ("unanswered", _unanswered, {"": ""}),
    ):
        said: dict[str, list[str]] = {}
        for tags in product(_METHODS, _URLS, payloads, _SENT, _OPTIONS):
            method, url, payload, sent, options = tags
            answer = _answer(_METHODS[method], _URLS[url], payloads[payload], _SENT[sent])
            said.setdefault(shown(function(answer, _OPTIONS[options])), []).append(
                " ".join(filter(None, tags))
            )
        yield f"{title}:"
        yield from (f"  {found}: {', '.join(names)}" for found, names in said.items())
    told = {
        "status": 400,
        "sent_ns": 1,
        "received_ns": 2,
        "venue": "mexc",
        "content_type": "application/json",
        "secrets": ("headers.cookie", "request.apiKey"),
    }
    for name, value in told.items():
        asked = _answer("DELETE", "/api/v3/order" if name == "venue" else _ORDER, _REFUSED, "a=1")
        found = record_of(replace(asked, **{name: value}), _ANY)
        yield f"with {name}: {shown(found)}"


def _answer(method: str | None, url: str, payload: str, sent: str | None) -> Answer:
    return Answer(source="a.log:1", method=method, url=url, payload=payload, sent=sent)


def _answered(answer: Answer, options: Options) -> Any:
    return _brief(record_of(answer, options))


def _unanswered(answer: Answer, options: Options) -> Any:
    return _brief(unanswered(answer, options, "timeout"))


def _brief(found: Any) -> Any:
    """A record without what is the same in all."""
    if not isinstance(found, Record):
        return found
    parts = (found.venue, found.endpoint, found.status, found.request, found.secrets, found.pairing)
    return [*(part for part in parts if part not in (None, ())), bool(found.sent_ns), bool(found.received_ns)]


def _printed(text: str) -> Any:
    """An answer and its request as text has them: the exchange, the URL, the body and the headers."""
    exchange, _, rest = text.partition(" ")
    url, _, rest = rest.partition(" ")
    body, _, headers = rest.partition(" ")
    asked = Printed("DELETE", url, body, False, 1, exchange or None, None, headers, 7)
    found = answer_in(
        Printed("DELETE", url, _REFUSED, False, 2, exchange or None, 400, headers, 8), asked, "a:2"
    )
    said = [getattr(found, name) for name in ("url", "sent", "secrets", "sent_ns", "received_ns", "venue")]
    return [*said, _brief(without_answer(asked, "a:1", _ANY)), names_orders(asked, body, _ANY)]


def _base64(text: str) -> Any:
    try:
        return from_base64(text)
    except Undecodable as error:
        return str(error)


_METHODS: Final = {"DELETE": "DELETE", "POST": "POST", "GET": "GET", "OPTIONS": "OPTIONS", "any": None}
_URLS: Final = {
    "order": f"{_ORDER}?orderId=7&signature=abc",
    "path": "/api/v3/order",
    "other": "https://other.example/api/v3/order",
    "proxy": "https://proxy.example/x",
    "bybit": _URL,
}
_PAYLOADS: Final = {"refused": _REFUSED, "empty": "{}", "unlike": '{"code":7,"msg":"m","orderId":1}'}
_SENT: Final = {"": None, "with a body": '{"orderId":"8","apiKey":"k"}'}
_OPTIONS: Final = {
    "": _ANY,
    "of okx": Options(venue="okx"),
    "of a proxy": Options(hosts=(("proxy.example", "okx"),), endpoint="POST /api/v5/trade/cancel-order"),
}
_PRINTED: Final = (
    f"binance {_ORDER}?orderId=7 None {{'X-MBX-APIKEY': 'k'}}",
    "nobody https://a.b/api/v3/order orderId=7",
    f" {_ORDER} undefined Cookie => a",
)
_HEADERS: Final[tuple[Any, ...]] = (
    {"X-MBX-APIKEY": "k", "Cookie": "<redacted>", "Authorization": "xxxx", "X-BAPI-SIGN": "xx", "Host": "k"},
)
_ENCODED: Final = ("eyJhIjox\nfQ==", "eyJ*")
_BUFFERS: Final[tuple[Any, ...]] = ({"type": "Buffer", "data": [123, 195, 169, 255, 125]},)
_LITERALS: Final = ('b\'{"a": "\\xc3\\xa9\\n\\\'"}\' ', 'b"{\\"a\\": 1}"', "b'a\\q'", "b'é'", "'a'")

# --- Bodies ---

_PLAIN: Final = b'{"a":1}' * 30


def _bodies() -> Iterator[str]:
    """Bodies in each compression, whole, cut and broken, of each length around the longest."""
    packed = {
        "gzip": gzip.compress(_PLAIN, mtime=0),
        "deflate": zlib.compress(_PLAIN),
        "raw deflate": zlib.compress(_PLAIN, wbits=-15),
        "br": import_module("brotli").compress(_PLAIN),
        "zstd": zstandard.compress(_PLAIN),
        "compress": b"\x1f\x9d\x90",
        "bzip2": bz2.compress(_PLAIN),
        "identity": _PLAIN,
    }
    for name, data in packed.items():
        coding = f" {name.split()[-1].upper()} "
        for most in (len(_PLAIN), len(_PLAIN) - 1):
            yield f"{name}, at most {most}: {_unpacked(data, coding, most)}"
        for title, other in (
            ("cut", data[:-1]),
            ("cut short", data[:3]),
            ("more behind it", data + b"x"),
            ("nothing", b""),
        ):
            yield f"{name}, {title}: {_unpacked(other, coding, 1_000)}"
        yield f"{name} that is called br: {_unpacked(data, 'br', 1_000)}"
        yield f"{name} that is called deflate: {_unpacked(data, 'deflate', 1_000)}"
        yield f"{name} that is called nothing: {_unpacked(data, '', 1_000)}"
    for body in (b"<html>", b"[1]", b"plain", b"\x1f\x8bplain"):
        for coding in ("deflate", "br", "zstd", "compress", "x"):
            yield f"{body!r} that is called {coding}: {_unpacked(body, coding, 1_000)}"


def _unpacked(body: bytes, coding: str, most: int) -> str:
    try:
        found = decompressed(body, coding, most)
    except Undecodable as error:
        return str(error)
    return "the body" if found == _PLAIN else "as it is" if found == body else repr(found)


# --- Orders ---

_IDS: Final[tuple[Any, ...]] = (
    "7",
    7,
    0,
    "0",
    -1,
    "-1",
    "",
    "ab",
    "AB",
    "7*8",
    "xxxx",
    "<id>",
    "…",
    "9007199254740992",
    "9007199254740993",
    "9007199254740995",
    9007199254740996,
    "x9007199254740992",
    "12345678",
    "1234567",
    "ab-1",
)


def _orders() -> Iterator[str]:
    """Of requests for an order each, those that an answer names: under a key of ids, of other ids, or another one."""
    endpoint = every()["binance"].endpoints["DELETE /api/v3/order"]
    asked = {
        str(each): named_by(endpoint, {"orderId": each}) for each in _IDS if isinstance(each, str) and each
    }
    asked["c1"] = named_by(endpoint, {"origClientOrderId": "C1"})
    for each in (*_IDS, "c1"):
        for beside in ({"orderId": each}, {"orderId": 5, "note": each}, {"orderId": 5, "a": [1, each]}):
            data = json.dumps({**beside, "clientOrderId": "x"}, ensure_ascii=False).encode()
            found = [(one, naming([one], data, asked.__getitem__) == [one]) for one in asked]
            yield f"{shown(beside)}: {' '.join(one for one, is_named in found if is_named) or 'none'}"
