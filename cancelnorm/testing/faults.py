"""Strategies for faults: bytes that are no payload, nearly payloads, and values that no scalar may have."""

from functools import cache
from typing import Any, Final

import msgspec
from hypothesis import strategies as st

from cancelnorm.endpoint import Endpoint
from cancelnorm.reader.scalars import Scalar
from cancelnorm.reader.types import Kind, scalar_of
from cancelnorm.testing.payloads import json_values, payloads
from cancelnorm.testing.places import changed, places

BAD_DECIMALS: Final = [
    "NaN",
    "Infinity",
    "-Infinity",
    "1_000",
    "１２.5",
    " 1",
    "1 ",
    "+5",
    "1.",
    ".5",
    "1e3",
    "0x10",
    "",
    "-",
    "1,5",
    "٣",
]
bad_decimal_texts = st.sampled_from(BAD_DECIMALS)


def is_marked(kind: Kind) -> bool:
    """Whether a type is a scalar with a form that msgspec does not check by itself."""
    return scalar_of(kind) in BAD_SCALARS


BAD_SCALARS: Final[dict[Scalar, list[Any]]] = {
    Scalar.DECIMAL: BAD_DECIMALS,
    Scalar.DECIMAL_OR_EMPTY: [text for text in BAD_DECIMALS if text],
    Scalar.NUMBER: [*BAD_DECIMALS, True, None, [], {}],
    Scalar.NUMBER_OR_WORD: [*BAD_DECIMALS, "market price", "Market", True, None, [], {}],
    Scalar.NUMBER_OR_EMPTY: [*(text for text in BAD_DECIMALS if text), True, [], {}],
    Scalar.ANY_NUMBER: [*(text for text in BAD_DECIMALS if text not in ("", "1e3")), "1e400", True, [], {}],
    Scalar.EPOCH: [0, -1, 1684804350, 10**13, 10**15 - 1, 10**16, 10**18, 10**30, "1684804350000", 1.5],
    Scalar.EPOCH_TEXT: [
        "0",
        "-1",
        "1684804350",
        "9" * 14,
        "9" * 17,
        "1684804350000.5",
        " 1684804350000",
        1684804350000,
    ],
    Scalar.FAILED: [0],
    Scalar.NAMING: ["0"],
}


STATUSES = st.sampled_from(
    [None, 200, 400, 401, 403, 404, 408, 409, 418, 429, 451, 500, 502, 503, 504, 302, 999]
)
NASTY = st.sampled_from(
    [
        b"",
        b" ",
        b"null",
        b"\xef\xbb\xbf{}",
        "{}".encode("utf-16"),
        b'{"code":"\xff"}',
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b'{"code":' + b"1" * 400 + b',"msg":"x"}',
        b'{"code":' + b"1" * 5_000 + b',"msg":"x"}',
        b'{"code":1e400,"msg":"x"}',
        b'{"code":NaN,"msg":"x"}',
        b'{"code":-0,"msg":"\\ud800"}',
        b'"text"',
        b"<html>502</html>",
        b"[[]]",
        b"[[[{}]]]",
        b"[1,2",
        b'{"code":0',
    ]
)


@cache
@st.composite
def nearly(draw: st.DrawFn, endpoint: Endpoint) -> bytes:
    """Bytes of any kind, many of them nearly right."""
    kind = draw(st.sampled_from(["nasty", "noise", "json", "cut", "flipped", "bent"]))
    if kind == "nasty":
        return draw(NASTY)
    if kind == "noise":
        return draw(st.binary(max_size=40))
    if kind == "json":
        return msgspec.json.encode(draw(json_values))
    tree = draw(payloads(endpoint))
    if kind == "bent":
        place = draw(st.sampled_from(list(places(tree, endpoint.shape.kind))))
        return msgspec.json.encode(changed(tree, place.steps, draw(json_values)))
    data = msgspec.json.encode(tree)
    at = draw(st.integers(0, len(data)))
    return data[:at] if kind == "cut" else data[:at] + draw(st.binary(max_size=2)) + data[at + 1 :]
