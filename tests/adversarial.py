"""Inputs that make a careless reader slow: pieces repeated in places of each format, at any size.

A regex or a scanner that looks at the same text twice shows on these: its cost grows faster than the input.
"""

import json
from collections.abc import Iterator
from typing import Final, NamedTuple

from cancelnorm.logs import FORMAT_NAMES

__all__ = [
    "CONTEXTS",
    "NAMED",
    "NAMELESS",
    "OPEN",
    "PIECES",
    "READERS",
    "RECURRING",
    "REFUSED",
    "TINY",
    "Input",
    "inputs",
    "open_requests",
    "readers_of",
    "tiny_records",
]

PIECES: Final[dict[str, str]] = {
    "open braces": "{",
    "closing braces": "}",
    "open brackets": "[",
    "pairs of brackets": "[]",
    "parentheses": "(",
    "open objects": "{'",
    "open objects in JSON": '{"a":',
    "open objects with a key": "{'a': ",
    "open objects, bare keys": "{a:",
    "open arrays of objects": "[{",
    "objects": '{"a":1}',
    "objects in a list": '{"a":1},',
    "empty objects": "{}",
    "errors": '{"code":-2011,"msg":"Unknown order sent."} ',
    "arrays of objects": "[{}],",
    "members of Python": "'a': 'b', ",
    "members of JSON": '"a":"b",',
    "members with dots": '"a.b c":1,',
    "headers": "'Content-Type': 'application/json', ",
    "the same long key": '"clientOrderId":"1",',
    "single quotes": "'",
    "double quotes": '"',
    "backticks": "`",
    "escaped quotes": '\\"',
    "backslashes": "\\",
    "escapes of escapes": '\\\\\\"',
    "bytes literals": "b'",
    "adjacent literals": "'a' ",
    "names of the words of a wallet": "seed ",
    "hexadecimal escapes": "\\x",
    "Unicode escapes": "\\ud800",
    "octal escapes": "\\7",
    "colons": ":",
    "commas": ",",
    "commas and spaces": " ,",
    "equal signs": "=",
    "ampersands": "&a=1",
    "spaces": " ",
    "tabs": "\t",
    "carriage returns": "\r",
    "line separators": "\u2028",
    "hyphens": "-",
    "underscores": "_",
    "dots": ".",
    "slashes": "/",
    "asterisks": "*",
    "arrows": "<- ",
    "less than": "<",
    "greater than": ">",
    "tags": "<a>",
    "closing tags": "</a>",
    "tags and spaces": "<a> ",
    "elements": "<sign>x</sign>",
    "schemes": "://",
    "slashes of an address": "//",
    "addresses": "https://a.b/c ",
    "addresses of a venue": "https://api.binance.com/api/v3/order?symbol=A ",
    "users of addresses": "://a:b",
    "at signs": "@",
    "halves of a name": "sign",
    "names of keys": "apiKey",
    "names of keys, spaced": "apiKey ",
    "names of keys, assigned": "apiKey=",
    "names of keys, quoted": '"apiKey":',
    "beginnings of a header": "x-",
    "beginnings of a header, on": "x-a-",
    "headers of a venue": "X-MBX-APIKEY: a ",
    "names of headers": '["cookie",',
    "named values": '"name":"cookie","value":',
    "half named values": '"name":"',
    "logins": '"op":"auth","args":[',
    "logins backwards": '"args":[1],"op":"a",',
    "origin strings": "origin_string[",
    "percent-escapes": "%3D",
    "entities": "&quot;",
    "base64": "QUJD",
    "words": "word ",
    "capitals": "A",
    "camel case": "aB",
    "small letters": "a",
    "exchange names": "binance ",
    "words about orders": "cancel order ",
    "statuses": "200 ",
    "methods": "DELETE ",
    "methods and paths": "DELETE /api/v3/order ",
    "directions": "recv sent ",
    "requests": "Request: ",
    "responses": ", Response: 200 {",
    "fetches": "fetch Response: binance GET https://a 200 ResponseHeaders: ",
    "exceptions": "RequestTimeout: ",
    "time-outs": "timed out ",
    "parts in PHP": "    [0] => ",
    "digits": "1",
    "zeros": "0",
    "exponents": "1e9",
    "timestamps": "2026-11-26T22:00:30.123Z ",
    "dates": "2026-11-",
    "epochs": "1764194430123 ",
    "pipes": "|",
    "dashes between words": "a - ",
    "hashes": "#",
    "workflow commands": "::",
    "NULs": "\0",
    "controls": "\x1b[31m",
    "umlauts": "ä",
    "Chinese": "订单",
    "emoji": "😀",
    "line breaks": "\n",
    "short lines": "a\n",
    "lines of braces": "{\n",
    "lines of open objects": '{"a":\n',
    "lines of open arrays": '{"a":[\n',
    "lines of open objects of Python": "{'a': 1,\n",
    "lines of open texts": '{"a": "\n',
    "parts of lines": "2026-11-03T09:00:01.058123456Z stdout P x\n",
    "lines of members": "'a': 1,\n",
    "lines of objects": '{"a":1}\n',
    "lines of YAML": "- a: 1\n",
    "continuation bytes": "\udc80",
    "half surrogates": "\udced\udca0\udc80",
}
"""Texts that are repeated, by what they are; bytes that are not UTF-8 are as ``surrogateescape`` has them."""

_FETCH: Final = "fetch Response: binance DELETE https://api.binance.com/api/v3/order 200 "
CONTEXTS: Final[dict[str, tuple[str, str]]] = {
    "alone": ("", ""),
    "in quotes": ('"', '"'),
    "records: payload": ('{"venue":"binance","endpoint":"DELETE /api/v3/order","payload":', "}"),
    "records: text": ('{"venue":"binance","endpoint":"DELETE /api/v3/order","payload":"', '"}'),
    "records: request": ('{"venue":"bybit","payload":{},"request":{"a":"', '"}}'),
    "records: key": ('{"venue":"bybit","payload":{"', '":1}}'),
    "records: unknown key": ('{"venue":"bybit","payload":{},"', '":1}'),
    "jsonl: message": ('{"level":"INFO","message":"', '"}'),
    "jsonl: object": ('{"level":"INFO","message":{"a":', "}}"),
    "jsonl: url": ('{"method":"DELETE","status":200,"body":"{}","url":"https://api.binance.com/', '"}'),
    "array": ('[{"venue":"binance","payload":', "}]"),
    "text": ("2026-11-26 22:00:30 INFO recv ", ""),
    "text: request": ("DELETE https://api.binance.com/api/v3/order ", ""),
    "text: answer": ("DELETE https://api.binance.com/api/v3/order 200 {", "}"),
    "text: Python": ("recv {'a': '", "'}"),
    "text: JavaScript": ("recv { a: ", " }"),
    "ccxt: headers": (f"{_FETCH}ResponseHeaders: {{", "} ResponseBody: {}"),
    "ccxt: body": (f"{_FETCH}ResponseHeaders: {{}} ResponseBody: {{", "}"),
    "ccxt: logged": (
        "DELETE https://api.binance.com/api/v3/order, Request: {",
        "} None",
    ),
    "ccxt: answer logged": ("DELETE https://api.binance.com/api/v3/order, Response: 200 {", "} {}"),
    "ccxt: old": ("Response: DELETE https://api.binance.com/api/v3/order 200 {", "} {}"),
    "ccxt: JavaScript": ("fetch Response:\n binance DELETE https://a 200\nRequest:\n", "}\n"),
    "ccxt: PHP": ("Array\n(\n    [0] => fetch Response:\n    [1] => binance\n    [2] => ", "\n)"),
    "cryptofeed": ("1764194430.123: {", "}"),
    "cryptofeed: sent": ("https://api.binance.com/api/v3/order <- 1764194430.123: b'", "'"),
    "timestamped": ("1764194430123 {", "}"),
    "csv": ('time,payload\n1764194430123,"', '"'),
    "har: entries": ('{"log":{"entries":[', "]}}"),
    "har: entry": (
        '{"log":{"entries":[{"request":{"url":"https://api.binance.com/api/v3/order"},"response":{"content":{"text":"',
        '"}}}]}}',
    ),
    "har: before": ('{"log":{"pages":[', '],"entries":[]}}'),
    "vcr: JSON": ('{"version":1,"interactions":[{"request":{"uri":"', '"}}]}'),
    "vcr: YAML": ("interactions:\n- request:\n    uri: ", "\n"),
    "vcr: YAML body": ("interactions:\n- request:\n    body: '", "'\n"),
    "quarantine": ('{"cancelnorm":"quarantine","source":"a:1","record":{"venue":"binance","text":"', '"}}'),
    "before a header": ("", 'cookie: "'),
    "secret": ('"signature": ', ""),
    "secret in quotes": ("'apiSecret': '", ""),
    "secret object": ('"apiKey":{', ""),
}
"""Places of the formats: what stands before and behind a text."""

_SHORT: Final = 100  # characters of a short line


class Input(NamedTuple):
    """A kind of input: a piece that is repeated in a place of a format, on one line or on many."""

    context: str
    piece: str
    is_one_line: bool

    def data(self, size: int) -> bytes:
        """About as many bytes."""
        before, behind = CONTEXTS[self.context]
        piece = PIECES[self.piece]
        if self.is_one_line:
            text = f"{before}{piece * max(1, (size - len(before) - len(behind)) // _bytes_of(piece))}{behind}"
        else:
            line = f"{before}{piece * max(1, _SHORT // _bytes_of(piece))}{behind}\n"
            text = line * max(1, size // _bytes_of(line))
        return text.encode("utf-8", "surrogateescape")

    def __str__(self) -> str:
        return f"{self.piece}, {self.context}, {'one line' if self.is_one_line else 'short lines'}"


def _bytes_of(text: str) -> int:
    return len(text.encode("utf-8", "surrogateescape"))


def inputs() -> Iterator[Input]:
    """All kinds of inputs."""
    for context in CONTEXTS:
        for piece in PIECES:
            for is_one_line in (True, False):
                yield Input(context, piece, is_one_line)


READERS: Final = ("detected", *FORMAT_NAMES, "masker")


def readers_of(kind: Input) -> tuple[str, ...]:
    """What an input is for: the format that it looks like, the one that its place is of, and the masker."""
    if kind.context == "alone":
        return READERS
    own = kind.context.partition(":")[0]
    named = (own,) if own in FORMAT_NAMES else ()
    return ("detected", *named, "text", "masker") if own != "text" else ("detected", "text", "masker")


# --- Records of a few bytes, of which a megabyte has hundreds of thousands ---

NAMED: Final = '{"venue":"binance","endpoint":"DELETE /api/v3/order","payload":{"code":-#,"msg":"x"}}'
"""An error that is no trouble; ``#`` is another number in each line."""
NAMELESS: Final[dict[str, str]] = {
    "errors without endpoint": '{"venue":"binance","payload":{"code":-#,"msg":"x"}}',
    "errors without endpoint, with an answer around them": (
        '{"venue":"bybit","payload":{"retCode":#,"retMsg":"x","result":{},"retExtInfo":{},"time":1700000000000}}'
    ),
    "errors alone": '{"code":-#,"msg":"x"}',
}
"""Answers that many endpoints may have given."""
RECURRING: Final[dict[str, str]] = {
    "the same error without endpoint": '{"venue":"binance","payload":{"code":-2011,"msg":"Unknown order sent."}}',
    "the same error alone": '{"code":-2011,"msg":"Unknown order sent."}',
}
"""The same, with nothing new in any line."""
REFUSED: Final[dict[str, str]] = {
    "open braces": "{",
    "empty objects": "{}",
    "empty arrays": "[]",
    "arrays of a number": "[#]",
    "objects of a number": '{"a":#}',
    "errors of no venue": '{"venue":"","payload":{"code":-#,"msg":"x"}}',
    "errors of a wrong venue": '{"venue":"x#","payload":{"code":-#,"msg":"x"}}',
    "objects of a number, of a venue": '{"venue":"binance","payload":{"a":#}}',
    "texts of a venue": '{"venue":"binance","payload":"x#"}',
    "records without a payload": '{"venue":"binance","status":#}',
    "objects of a new key": '{"k#":1}',
    "objects of a key that names a secret": '{"apiKey=#":1}',
    "records of a new key": '{"venue":"binance","k#":1,"payload":{}}',
    "errors of a venue named like another": '{"venue":"binance#","payload":{"code":-1,"msg":"x"}}',
    "errors at an endpoint named like another": (
        '{"venue":"binance","endpoint":"DELETE /api/v3/order#","payload":{"code":-1,"msg":"x"}}'
    ),
    "requests to a host of no venue": "GET https://a.b/v3/order?a=#",
    "requests of paths that no venue has": "DELETE /api/v3/order#",
    "texts without a venue": '{"time":1764194430123,"payload":"x#"}',
    "words": "x#",
    "objects behind a word": 'x#{"a":1}',
    "objects that never end, behind a word": "x#{",
}
"""What no endpoint answers."""
TINY: Final[dict[str, str]] = {"errors": NAMED, **NAMELESS, **RECURRING, **REFUSED}


# --- Requests that wait at the same time, each followed or not by an answer that may be any one's ---

_REFUSAL: Final = '{"retCode":110001,"retMsg":"order not exists","result":{},"retExtInfo":{},"time":17}'
_OF_BINANCE: Final = '{"id":1,"status":400,"error":{"code":-2011,"msg":"Unknown order sent."}}'
OPEN: Final[dict[str, tuple[str, str]]] = {
    "requests at URLs of their own": (
        'DEBUG Request: POST https://api.bybit.com/v5/order/cancel?x=# {"orderId":"#"}',
        f"DEBUG Response: {_REFUSAL}",
    ),
    "requests of connections of their own": (
        '{"connection":"#","message":"Request: POST https://api.bybit.com/v5/order/cancel {\\"orderId\\":\\"#\\"}"}',
        f'{{"message":{json.dumps(f"Response: {_REFUSAL}")}}}',
    ),
    "requests at one URL of connections of their own": (
        '{"direction":"out","method":"POST","url":"https://api.bybit.com/v5/order/cancel","connection":"#","body":{"orderId":"#"}}',
        f'{{"direction":"in","method":"POST","url":"https://api.bybit.com/v5/order/cancel","status":200,"body":{_REFUSAL}}}',
    ),
    "requests without an answer": (
        "DEBUG Request: DELETE https://api.binance.com/api/v3/order?orderId=#",
        "ReadTimeoutError: HTTPSConnectionPool(host='api.binance.com', port=443): Read timed out.",
    ),
    "frames with one id": (
        '{"direction":"out","connection":"#","data":{"id":1,"method":"order.cancel","params":{"symbol":"A","orderId":#}}}',
        f'{{"direction":"in","data":{_OF_BINANCE}}}',
    ),
    "frames without an id": (
        '{"direction":"out","venue":"bybit","connection":"#","data":{"op":"order.cancel","args":[{"orderId":"#"}]}}',
        '{"direction":"in","venue":"bybit","connection":"#","data":{"retCode":1,"retMsg":"","op":"order.cancel","data":{}}}',
    ),
}
"""A line of a request, and one of an answer; ``#`` is another number in each."""


def open_requests(name: str, count: int, *, is_mixed: bool) -> bytes:
    """A log of some requests and as many answers, which come behind all requests or behind one each."""
    asked, answered = (
        [line.replace("#", str(n)) for n in range(10**6, 10**6 + count)] for line in OPEN[name]
    )
    lines = (
        [line for both in zip(asked, answered, strict=True) for line in both]
        if is_mixed
        else asked + answered
    )
    return "".join(f"{line}\n" for line in lines).encode()


def tiny_records(line: str, size: int, start: int = 100_000) -> bytes:
    """A log of about as many bytes with a kind of line; its numbers begin with ``start``."""
    count = max(1, size // (len(line.replace("#", str(start))) + 1))
    return "".join(f"{line.replace('#', str(n))}\n" for n in range(start, start + count)).encode()
