"""Mutations of a log or a payload: of its structure, its lines and its bytes."""

import json
from collections.abc import Callable, Sequence
from functools import lru_cache
from random import Random
from typing import Final, NamedTuple

from tests.fuzz.structure import Span, Structure, structure_of

__all__ = ["VALUES", "mutated", "planted"]

Edit = tuple[int, int, bytes]


class _Seed(NamedTuple):
    """A text that is mutated; ``others`` lend their values."""

    text: bytes
    structure: Structure
    others: Sequence[bytes]


_NUMBERS: Final = (
    *"0 -0 1 -1 1.0 1e2 1E+2 0.1e-1 1e400 -1e400 1e-400 1E999999999 -1e-999999999 1e99999999999999999999".split(),  # noqa: SIM905
    *"9007199254740993 9223372036854775807 9223372036854775808 -9223372036854775809 18446744073709551616".split(),  # noqa: SIM905
    *"01 +1 .5 1. 0x10 1_000 1e - -. NaN Infinity -Infinity nan inf 1d 1n 1L 0b1 ½ ٣ １".split(),  # noqa: SIM905
    *"1684804350 1684804350068 1684804350068000 1684804350068000000 253402300800000 -62135596800000".split(),  # noqa: SIM905
    "9" * 25,
    "9" * 400,
    "9" * 5_000,
    "-" + "1" * 4_400,
    "0." + "1" * 400,
    "1" + "0" * 5_000 + "e-5000",
)
_STRINGS: Final = (
    rb'""',
    rb'" "',
    rb'"\u0000"',
    rb'"\ud800"',
    rb'"\udc00\ud800"',
    rb'"\ud83d\ude00"',
    rb'"\ud83d"',
    rb'"\x41"',
    rb'"\u12"',
    rb'"\uZZZZ"',
    rb'"\"',
    rb'"\\"',
    b'"\xff"',
    b'"\xc0\x80"',
    b'"\xed\xa0\x80"',
    b'"\xf4\x90\x80\x80"',
    b'"\xe2\x82"',
    b'"\xef\xbb\xbf"',
    b'"\x00"',
    b'"\t"',
    b'"\r\n"',
    b'"\n"',
    b'"\x1b[31m\x9b"',
    b'"\xe2\x80\xa8\xe2\x80\xa9\xe2\x80\xae\xc2\x85"',
    b'"1e5"',
    b'"NaN"',
    b'"-0"',
    b'"Infinity"',
    b'"1E999999999"',
    b'"0x10"',
    b'"true"',
    b'"null"',
    b'"9999-99-99T99:99:99Z"',
    b'"0001-01-01T00:00:00+23:59"',
    b'"9999-12-31T23:59:59.999999999-23:59"',
    b'"1969-12-31 23:59:60"',
    b'"2026-02-29T24:00:00,5"',
    b'"http://["',
    b'"https://[::1/api/v3/order"',
    b'"https://api.binance.com:99999999/api/v3/order?symbol=%ff%00&orderId=%zz"',
    b'"https://\xe2\x84\x80.com/api/v3/order"',
    b'"wss://stream.binance.com:9443/ws/"',
    b'"//"',
    b'"DELETE"',
    b'"H4sIAAAAAAAA"',
    b'"////"',
    b'"e30="',
    b"b'\\xff'",
    b"b'\\x'",
    b"'\\ud800'",
    b"'\\N{DIGIT ONE}'",
    b"'\\U00110000'",
    b"'\\777'",
    b'"' + b"9" * 5_000 + b'"',
    b'"' + b"a" * 3_000 + b'"',
)
_BLOCKS: Final = (
    b"null",
    b"true",
    b"false",
    b"[]",
    b"{}",
    b"[[]]",
    b'{"":{}}',
    b'{"a":1,"a":2}',
    b"[null]",
    b"",
)
VALUES: Final = (*(number.encode() for number in _NUMBERS), *_STRINGS, *_BLOCKS)
"""What takes the place of a value; many are no JSON."""

_KEYS: Final = (
    *(b'""', b'"\\u0000"', b'"\\ud800"', b'"\xff"', b'"a.b[0]"', b'"$"', b'"["', b"1", b"null", b"'a'", b"a"),
    *(
        b'"__proto__"',
        b'"payload"',
        b'"venue"',
        b'"url"',
        b'"data"',
        b'"status"',
        b'"apiKey"',
        b'"key"',
        b'"sign"',
    ),
    b'"' + b"k" * 300 + b'"',
)
_BYTES: Final = (
    *(
        b"\0",
        b"\xff",
        b"\x80",
        b"\xc0",
        b"\xed\xa0\x80",
        b"\xef\xbb\xbf",
        b"\xff\xfe",
        b"\xe2",
        b"\x1b",
        b"\x85",
    ),
    *(
        b'"',
        b"'",
        b"`",
        b"\\",
        b"{",
        b"}",
        b"[",
        b"]",
        b",",
        b":",
        b"\n",
        b"\r",
        b"\r\n",
        b"\t",
        b" ",
        b"=",
        b"&",
    ),
    *(b"%", b"#", b"<", b"*", b"|", b"- ", b"!!", b"\\u", b"\\x", b"://", b"0", b"e", b"-", b"..."),
)
_DEPTHS: Final = (2, 3, 5, 10, 20, 40, 60, 100, 150, 200, 500, 990, 1_010, 3_000, 20_000)
_OPENINGS: Final = ((b"[", b"]"), (b'{"a":', b"}"), (b"(", b")"), (b"[{'a':", b"}]"), (b'{"payload":', b"}"))
_LONGEST: Final = 200_000


@lru_cache(maxsize=4_096)
def _structure(text: bytes) -> Structure:
    return structure_of(text)


def mutated(random: Random, text: bytes, others: Sequence[bytes]) -> bytes:
    """Mutate a text: its structure mostly, then its lines or bytes sometimes; ``others`` lend their values."""
    before = text
    if random.random() < 0.8:
        text = _restructured(random, text, others)
    if b"\n" in text[:-1] and random.random() < 0.3:
        text = _relined(random, text, others)
    if text == before or random.random() < 0.25:
        for _ in range(_few(random)):
            text = _overwritten(random, text)
    return text[:_LONGEST]


def planted(random: Random, text: bytes, plant: bytes) -> bytes:
    """Insert a member behind a brace, if there is one."""
    at = [start for start, _ in structure_of(text).values if text[start : start + 1] == b"{"]
    if not at:
        return text
    start = random.choice(at) + 1
    return b"%b%b,%b" % (text[:start], plant, text[start:])


def _few(random: Random) -> int:
    """One mostly, seldom many."""
    count = 1
    while count < 8 and random.random() < 0.35:
        count += 1
    return count


# --- Structure ---


def _restructured(random: Random, text: bytes, others: Sequence[bytes]) -> bytes:
    structure = _structure(text)
    if not structure.values:
        return text
    edits = [random.choice(_EDITS)(random, _Seed(text, structure, others)) for _ in range(_few(random))]
    end = len(text)
    for start, stop, new in sorted(edits, reverse=True):
        if stop <= end:  # not inside an edit behind it
            text = b"%b%b%b" % (text[:start], new, text[stop:])
            end = start
    return text


def _replace(random: Random, seed: _Seed) -> Edit:
    return *random.choice(seed.structure.values), random.choice(VALUES)


def _drop(random: Random, seed: _Seed) -> Edit:
    start, end = random.choice(seed.structure.members)
    return start, end + (seed.text[end : end + 1] == b","), b""


def _repeat(random: Random, seed: _Seed) -> Edit:
    """Repeat a member, perhaps with another value."""
    start, end = random.choice(seed.structure.members)
    again = seed.text[start:end]
    if random.random() < 0.5:
        again = again.rpartition(b":")[0] + b":" + random.choice(VALUES)
    return end, end, b"," + again


def _rename(random: Random, seed: _Seed) -> Edit:
    if not seed.structure.keys:
        return _replace(random, seed)
    start, end = random.choice(seed.structure.keys)
    match random.randrange(4):
        case 0:
            key = random.choice(_KEYS)
        case 1:
            other = random.choice(seed.structure.keys)
            key = seed.text[slice(*other)]
        case 2:
            key = seed.text[start:end].swapcase()
        case _:
            at = random.randrange(start, end)
            key = seed.text[start:at] + random.choice(_BYTES) + seed.text[at:end]
    return start, end, key


def _swap(random: Random, seed: _Seed) -> Edit:
    """Replace a value by another one, of this text or of another."""
    lender = random.choice(seed.others) if seed.others and random.random() < 0.5 else seed.text
    values = _structure(lender).values
    return *random.choice(seed.structure.values), lender[slice(*random.choice(values))] if values else b""


def _nest(random: Random, seed: _Seed) -> Edit:
    start, end = random.choice(seed.structure.values)
    depth, (opening, closing) = random.choice(_DEPTHS), random.choice(_OPENINGS)
    closed = depth if random.random() < 0.8 else random.randrange(depth)
    return start, end, opening * depth + seed.text[start:end] + closing * closed


def _wrap(random: Random, seed: _Seed) -> Edit:
    """Make a value a text, or an item of an array."""
    start, end = random.choice(seed.structure.values)
    value = seed.text[start:end]
    for _ in range(_few(random)):
        value = _quoted(value) if random.random() < 0.6 else b"[%b]" % value
    return start, end, value[:_LONGEST]


def _unwrap(random: Random, seed: _Seed) -> Edit:
    """Mutate the structure of a text within the text."""
    texts = [span for span in seed.structure.values if _is_nested(seed.text, span)]
    if not texts:
        return _swap(random, seed)
    start, end = random.choice(texts)
    try:
        inner = json.loads(seed.text[start:end], strict=False)
    except ValueError:
        return _replace(random, seed)
    inner = _restructured(random, inner.encode("utf-8", "surrogatepass"), seed.others)
    return start, end, _quoted(inner)


def _is_nested(text: bytes, span: Span) -> bool:
    start, end = span
    return text[start : start + 1] == b'"' and end - start > 10 and text.find(b"{", start, end) >= 0


def _quoted(value: bytes) -> bytes:
    """JSON of a text; bytes that are not UTF-8 stay as they are."""
    return json.dumps(value.decode("utf-8", "surrogateescape"), ensure_ascii=False).encode(
        "utf-8", "surrogateescape"
    )


def _digits(random: Random, seed: _Seed) -> Edit:
    """Change what is inside a number or a text."""
    start, end = random.choice(seed.structure.values)
    at = random.randrange(start, end)
    return at, at + random.randrange(2), random.choice((b"0", b"1", b"9", b"-", b".", b"e9", b"", *_BYTES))


_EDITS: Final[tuple[Callable[[Random, _Seed], Edit], ...]] = (
    *(_replace, _replace, _replace, _drop, _drop, _repeat, _rename, _rename, _swap, _swap),
    *(_nest, _wrap, _unwrap, _unwrap, _digits),
)


# --- Lines ---


def _relined(random: Random, text: bytes, others: Sequence[bytes]) -> bytes:
    lines = text.split(b"\n")
    for _ in range(_few(random)):
        at = random.randrange(len(lines))
        match random.randrange(9):
            case 0:
                lines[at] = lines[at][: random.randrange(len(lines[at]) + 1)]
            case 1 if at + 1 < len(lines):
                lines[at : at + 2] = [random.choice((b"", b" ", b",", b"\r", b"\t")).join(lines[at : at + 2])]
            case 2:
                random.shuffle(lines)
            case 3:
                lines.insert(random.randrange(len(lines) + 1), lines[at])
            case 4:
                del lines[at]
                lines = lines or [b""]
            case 5:
                theirs = random.choice(others).split(b"\n") if others else []
                lines = [line for pair in zip(lines, theirs, strict=False) for line in pair] or lines
            case 6:
                cut = random.randrange(len(lines[at]) + 1)
                lines[at : at + 1] = [lines[at][:cut], lines[at][cut:]]
            case 7:
                lines.insert(
                    at, random.choice((b"", b"\0", b"\xef\xbb\xbf", b"\xff", b"\r", b"{", b"}", b"null"))
                )
            case _:
                lines[at] += random.choice((b"\r", b"\r\r", b"\0", b" ", b",", b"\x1a"))
    return b"\n".join(lines)


# --- Bytes ---


def _overwritten(random: Random, text: bytes) -> bytes:
    at = random.randrange(len(text) + 1)
    match random.randrange(7):
        case 0:
            return text[:at] + random.choice(_BYTES) + text[at:]
        case 1:
            return text[:at] + random.choice(_BYTES) + text[at + 1 :]
        case 2:
            return text[:at] + text[at + random.randrange(1, 20) :]
        case 3:
            end = at + random.randrange(1, 200)
            return text[:end] + text[at:end] + text[end:]
        case 4:
            return text[:at]
        case 5:
            return text[:at] + random.randbytes(random.randrange(1, 4)) + text[at + 1 :]
        case _:
            bit = bytes([text[at] ^ 1 << random.randrange(8)]) if at < len(text) else b"\x80"
            return text[:at] + bit + text[at + 1 :]
