"""What the readers make of payloads: values, faults, notes, and what is decoded on the way.

One text each in ``tests/reader/reviewed``. ``python -m tests.reviewed`` writes them; read the difference
before it is committed.
"""

import json
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from functools import partial
from pathlib import Path
from typing import Annotated, Any, Final, Literal

import msgspec
from msgspec import Meta

from cancelnorm.reader.choice import are_apart, failure_fields, hint_of, needs_choice, own_key
from cancelnorm.reader.drift import Learned, learnable
from cancelnorm.reader.exact import walk
from cancelnorm.reader.fast import Shape, builtins_of, is_as_sent
from cancelnorm.reader.first_form import first_form
from cancelnorm.reader.flat import FlatTypes
from cancelnorm.reader.keys import KeyIndex, keys_of
from cancelnorm.reader.mismatch import Mismatch
from cancelnorm.reader.rows import raise_row_fault, untaken
from cancelnorm.reader.scalars import (
    AnyNumber,
    DecimalNumber,
    DecimalOrEmpty,
    DecimalText,
    Epoch,
    EpochText,
    Failed,
    Int,
    NamingText,
    NumberOrEmpty,
    NumberOrWord,
    Prose,
    Unreadable,
    any_number_or_word,
    are_plain,
    first_not_plain,
    identifier,
    known_amount,
    known_ns,
)
from cancelnorm.reader.types import (
    ListNode,
    Node,
    StructNode,
    class_of,
    is_struct,
    members_of,
    node_of,
    structs_in,
)
from cancelnorm.reader.unions import fits, known_keys, likeness
from tests.reader.structs import (
    Canceled,
    Doubted,
    Empty,
    Enveloped,
    Failing,
    Filled,
    Holding,
    Inner,
    Nameless,
    Naming,
    One,
    Order,
    OrderList,
    Refused,
    Several,
    Succeeded,
    Taken,
    Wrapped,
)
from tests.texts import Texts, write

__all__ = ["FOLDER", "TEXTS"]

FOLDER: Final = Path(__file__).with_name("reviewed")
_ORDER: Final = {"orderId": 1, "price": "1.50", "side": "BUY"}
_FULL: Final = _ORDER | {"size": 2.50, "note": "sent signature=k7", "tag": "A"}
_LIST: Final = {"listId": 2, "legs": [_ORDER]}
_ERROR: Final = {"code": 7, "msg": "no"}
_FRAME: Final = {"e": "CANCEL", "time": 10**12}
_HOLDING: Final = {"side": "BUY", "inner": {"list_id": 1}, "also": [{"list_id": 2}]}
_ROW, _OTHER = {"of": _ORDER}, {"of": _LIST}
_LONG: Final = {"note": "x" * 1_100}

_CASES: Final[tuple[tuple[Any, Any], ...]] = (
    (Order, _FULL),
    (OrderList, _LIST),
    (Inner, {"list_id": 1}),
    (Wrapped, _OTHER),
    (Refused, _ERROR),
    (Order | OrderList, _ORDER),
    (Order | OrderList, _LIST),
    (Order | OrderList | Refused, _ERROR),
    (Taken | Refused, {"code": 0, "msg": "", "data": [_ORDER]}),
    (Taken | Refused, _ERROR),
    (Refused | Taken, {"code": 0, "msg": "", "data": [_LIST, _ORDER]}),
    (Filled | Canceled, _FRAME),
    (Succeeded | Failing, {"code": "0", "msg": ""}),
    (Succeeded | Failing, {"code": "5", "msg": ""}),
    (Holding | Empty, _HOLDING),
    (Several | One, {"side": "BUY", "inner": {"list_id": 1}}),
    (Several | One, {"side": "BUY", "inner": [{"list_id": 1}]}),
    (list[Order], [_ORDER, _ORDER | {"size": 2}]),
    (list[Order | OrderList], [_ORDER, _LIST]),
    (list[Order | OrderList], [_LIST, _ORDER]),
    (list[Order | OrderList], [_LIST, _LIST]),
    (list[OrderList | Order | Refused], [_LIST, _ORDER, _ERROR]),
    (list[Order | Refused] | Refused, [_ORDER, _ERROR]),
    (list[Filled | Canceled], [_FRAME, _FRAME | {"e": "FILL"}]),
    (dict[str, Order | OrderList], {"a": _ORDER, "b": _LIST}),
    (Doubted, {"why": _ERROR}),
    (Doubted, {"why": {"code": 0, "msg": "", "data": [_ORDER]}}),
    (Naming | Nameless, {"id": "0"}),
    (Naming | Nameless, {"id": "7"}),
    (Enveloped, {"rows": [_ROW], "maybe": [_ERROR, _ROW], "named": {"a": _OTHER}, "single": "x"}),
    (Enveloped, {"rows": [_ROW, _OTHER], "maybe": None, "single": _ROW}),
    (str | list[str] | Refused, ["7"]),
    (bool | int | None, True),
)
"""Types, each with a payload of it."""

_OTHERS: Final[Sequence[Any]] = (None, 0, "7", [], {"a": 1})
"""What may stand in the place of a value."""

_FEW: Final[Sequence[Any]] = (None, "7")


def _deformed(value: Any, others: Sequence[Any]) -> Iterator[Any]:
    """A JSON value, and the same with one thing in it that is missing, new, or another."""
    yield value
    if isinstance(value, dict):
        for key in value:
            yield {k: v for k, v in value.items() if k != key}
        for key in value:
            yield from (
                value | {key: other} for other in _deformed(value[key], others) if other != value[key]
            )
        yield {}
        yield value | {"new": 1}
        yield value | {"a": [], "apiKey": "k", "z": {"secret": "k", "n": 1.5}}
        yield value | (_ORDER if "code" in value else _ERROR)
    elif isinstance(value, list):
        yield from ([], [*value, *value], [[], *value], value[::-1])
        for i in {0, len(value) - 1}:
            _, *parts = _deformed(value[i], others[:2])
            yield from ([*value[:i], other, *value[i + 1 :]] for other in parts)
    else:
        yield from (other for other in others if repr(other) != repr(value))


def _payloads(value: Any, others: Sequence[Any] = _FEW) -> Iterator[bytes]:
    """Payloads that are like a JSON value, each once."""
    forms = (_sent(each) for each in _deformed(value, others))
    plain = _sent(value)
    more = (msgspec.json.format(plain, indent=2), plain[:-1], b" \n" + plain)
    twice = (plain.replace(b":", b':1,"new":', 1), re.sub(rb'("\w+":[^,{}\[\]]+)', rb"\1,\1", plain, count=1))
    yield from dict.fromkeys((*forms, *more, *twice))


def _sent(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


def _told(make: Callable[[], Any]) -> str:
    """What a function gives or raises."""
    try:
        return _short(repr(make()))
    except Mismatch as fault:
        return f"✗ {fault.path}: expected {fault.expected}, found {fault.found}"
    except (ValueError, RecursionError):
        return "✗"
    except Exception as error:  # noqa: BLE001  # whatever a reader raises is told
        return f"✗ {type(error).__name__}: {error}"


def _short(text: str) -> str:
    """A text without modules and the middle of what is long."""
    text = re.sub(r"(?<![\w.'\"])(?:[a-z_]\w*\.)+(?=[A-Z])", "", text).replace("\n", "⏎")
    text = re.sub(r"<Raw object at \w+>", "Raw", re.sub(r", added_\d+=UNSET", "", text))
    return text if len(text) <= 300 else f"{text[:240]} … {text[-40:]} ({len(text)})"


def _named(kind: Any) -> str:
    """A type as it is written."""
    return kind.__name__ if isinstance(kind, type) else _short(str(kind))


def answers() -> Iterator[str]:
    """What both readers say of payloads: where additions are refused, where not, and of numbers in quotes."""
    for kind, value in _CASES:
        yield f"# {_named(kind)}"
        shape = Shape(kind)
        for data in _payloads(value, _OTHERS):
            yield _short(data.decode())
            strict = _told(partial(shape.strict, data))
            refused = _told(partial(_walked, kind, data, refuse=True))
            noted = _told(partial(_walked, kind, data))
            quoted = _told(partial(_walked, kind, data, quoted=True))
            yield f"  {strict}"
            yield from dict.fromkeys(f"  {said}" for said in (refused, noted, quoted) if said != strict)


def _walked(kind: Any, data: bytes, *, refuse: bool = False, quoted: bool = False) -> Any:
    value, notes, drift = walk(data, node_of(kind), refuse=refuse, quoted=quoted)
    return (
        (value, [(note.code, note.path, note.message, note.value) for note in notes], drift)
        if notes
        else value
    )


def looks() -> Iterator[str]:
    """What is decoded, in order, to read a payload the fast way; with a mark where it is in vain."""
    for kind, value in _CASES:
        yield f"# {_named(kind)}"
        shape = Shape(kind)
        for data in _payloads(value, (None,)):
            yield _short(data.decode())
            yield f"  {_looked(partial(shape.takes, data))}"
    yield "# long arrays"
    for kind, rows in (
        (list[Order | OrderList], [_ORDER | _LONG, _LIST]),
        (list[Order | OrderList], [_ORDER | _LONG, _LIST, _ORDER]),
        (list[Filled | Canceled], [_FRAME | {"why": "x" * 1_100}, _FRAME | {"e": "FILL"}]),
        (list[OrderList | Order | Refused], [_ORDER | _LONG, _LIST, _ERROR]),
        (Enveloped, {"rows": [{"of": _ORDER | _LONG}, _OTHER]}),
        (Enveloped, {"rows": [{"of": _LIST}, {"of": _ORDER | _LONG}]}),
        *((Order | Refused, {"code": 7, "msg": "x" * length}) for length in (237, 238)),
    ):
        data = _sent(rows)
        shape = Shape(kind)
        yield f"{_named(kind)} {_short(data.decode())}"
        yield f"  {_looked(partial(shape.takes, data))}"


def _looked(read: Callable[[], object]) -> str:
    """The types that msgspec decodes while something is read, and what else is asked of it."""
    read()  # what is made once is made now
    found: list[str] = []

    def note(_: Any, event: str, asked: Any) -> None:
        of = getattr(asked, "__self__", None)
        if event == "c_call" and isinstance(of, msgspec.json.Decoder):
            found.append(_named(of.type))
        elif event == "c_exception" and isinstance(of, msgspec.json.Decoder):
            found[-1] += " ✗"
        elif event == "c_call" and getattr(asked, "__module__", "") == "msgspec._core":
            found.append(asked.__name__)

    sys.setprofile(note)
    try:
        result = read()
    finally:
        sys.setprofile(None)
    return f"{', '.join(found)} → {result}"


def rows() -> Iterator[str]:
    """The first fault of an array, and the rows that the fast reader does not take."""
    for kind, good in (
        (list[Order], [_ORDER, _ORDER | {"size": 2.5}, _ORDER]),
        (list[Order | OrderList], [_ORDER, _LIST, _ORDER]),
        (list[Order] | Refused, [_ORDER, _ORDER]),
        (list[Inner | str], [{"list_id": 1}, "x"]),
    ):
        yield f"# {_named(kind)}"
        shape = Shape(kind)
        node = next(node for node in _members(shape.node) if isinstance(node, ListNode))
        for data in _faulty(good):
            yield _short(data.decode())
            faults = [
                _told(partial(raise_row_fault, data, shape.node, value, refuse=refuse, quoted=False))
                for value in (None, _decoded(shape.strict_reader.decode, data))
                for refuse in (False, True)
            ]
            yield f"  {' | '.join(faults if len(set(faults)) > 1 else faults[:1])}"
            raws = _told(partial(_untaken, data, node.item))
            yield f"  untaken {raws}"


def _faulty(good: list[Any]) -> Iterator[bytes]:
    """Arrays with faults in two rows."""
    yield _sent(good)
    for i in range(len(good)):
        for fault in (
            {"price": "1_0"},
            {"price": 5},
            {"price": "1\n2"},
            {"new": 1},
            {"size": "x"},
            {"side": "HOLD"},
            {"legs": 1},
        ):
            if isinstance(good[i], dict):
                yield _sent([*good[:i], good[i] | fault, *good[i + 1 :]])
    yield _sent([*good[:-1], {**good[0], "price": "x"} if isinstance(good[0], dict) else 5, 7])
    yield _sent(good).replace(b'"price":"1.50"', b'"price":"1.50","price":"1.50"', 1)
    yield _sent(good)[:-1]
    yield b" " + _sent([*good, 5])


def _decoded(decode: Callable[[bytes], Any], data: bytes) -> Any:
    try:
        return decode(data)
    except (ValueError, RecursionError):
        return None


def _untaken(data: bytes, item: Node) -> list[int]:
    return list(untaken(msgspec.json.decode(data, type=list[msgspec.Raw]), item))


def _members(node: Any) -> tuple[Any, ...]:
    return getattr(node, "members", (node,))


_EVERY: Final = list(dict.fromkeys(data for _, value in _CASES for data in _payloads(value, (None,))))
_ROWS: Final[Mapping[str, Any]] = {
    "order": Order,
    "order or list": Order | OrderList,
    "order or refused": Order | Refused,
    "reply": Taken | Refused,
    "refused": Refused,
    "filled": Filled,
    "frame": Filled | Canceled,
    "succeeded": Succeeded | Failing,
    "holding": Holding,
    "empty": Empty,
    "several": Several,
    "one": One,
    "several or one": Several | One,
    "names": dict[str, int],
    "orders": list[Order],
    "orders or lists": list[Order | OrderList],
    "orders or refused": list[Order | Refused] | Refused,
    "answers": list[Order | Refused],
    "frames": list[dict[str, Any] | str],
    "id": str,
    "ids": list[str] | Refused,
}


def keys() -> Iterator[str]:
    """The types that payloads may have, of all, and of those alone that take no object with any keys."""
    for left_out in ((), ("names", "frames")):
        named = {name: kind for name, kind in _ROWS.items() if name not in left_out}
        index = KeyIndex([(node_of(kind), name) for name, kind in named.items()])
        yield f"# {len(named)} types"
        for data in _EVERY[:: 1 + 7 * bool(left_out)]:
            yield _short(data.decode())
            taking = [name for name, kind in named.items() if Shape(kind).takes(data)]
            yield f"  {', '.join(taking) or '-'}"
            exact, near = index.exactly(data), index.near(data)
            if exact or near:
                yield f"  exactly {'; '.join(map(_alike, exact)) or '-'}"
                yield f"  near {'; '.join(map(_near, near)) or '-'}"
            if (possible := [*index.possibly(data)]) != [row for each in near for row in each.rows]:
                yield f"  possibly {', '.join(possible)}"


def _alike(each: Any) -> str:
    item = f" of {each.item.__name__}" if each.item else ""
    alone = f" as {each.alone[0].__name__}{'!' * each.alone[1]}" if each.alone else ""
    return f"{', '.join(each.rows)}{item}{alone}"


def _near(each: Any) -> str:
    return f"{', '.join(each.rows)} +{each.additions}"


def drift() -> Iterator[str]:
    """What is learned of additions, and read the fast way from then on."""
    for kind, value in _CASES:
        yield f"# {_named(kind)}"
        shape = Shape(kind)
        for struct, foreign in learnable(shape.node).items():
            yield f"  {struct.__name__} but {', '.join(sorted(foreign)) or 'nothing'}"
        for data in _payloads(value):
            known = shape.reader.learned
            told = _told(partial(shape.collect, data))
            again = _told(partial(shape.as_learned, data))
            if known != shape.reader.learned or again not in ("None", told):
                yield _short(data.decode())
                yield f"  {told}"
                yield f"  {'the same' if again == told else again} of {_known(shape.reader.learned)}"
            elif again == told:
                yield f"{_short(data.decode())} the same"


def _known(learned: Learned) -> str:
    fields = [f"{struct.__name__}: {', '.join(names)}" for struct, names in learned.fields.items()]
    words = sorted(f"{struct.__name__}.{key}" for struct, key in learned.words)
    return "; ".join((*fields, *words)) or "nothing"


def types() -> Iterator[str]:
    """What is known of each type before anything is read."""
    for kind in dict.fromkeys(_named_kinds()):
        form, rebuilt, hints = first_form(kind)
        yield f"# {_named(kind)}"
        yield f"  first form {_named(form)}{' rebuilt' * (rebuilt is not None)} {hints}"
        yield f"  choice {needs_choice(kind)}, as sent {is_as_sent(kind)}, class {class_of(kind).__name__}"
        members = members_of(kind)
        for member in members:
            yield f"  {_named(member)}: own {own_key(member, members)!r}, failures {list(failure_fields(member))}"
            for other in members:
                if is_struct(member) and other is not member:
                    yield f"    apart from {_named(other)}: {are_apart(member, other)}"
            if is_struct(member):
                yield f"    hint {hint_of(member, members)!r}"
        for node in structs_in(node_of(kind)):
            constants = {key: sorted(words) for key, words in node.constants.items()}
            yield (
                f"  {node.struct.__name__}: {constants}, failed {sorted(node.failed)}, bare {node.bare}, "
                f"required {sorted(node.required)}"
            )
            for other in structs_in(node_of(kind)):
                if other is not node and node.is_apart(other):
                    yield f"    apart from {other.struct.__name__}"


def _named_kinds() -> Iterator[Any]:
    yield from (kind for kind, _ in _CASES)
    yield from _ROWS.values()
    yield from (
        Literal["A"] | Order,
        list[Literal[1, 2]],
        dict[str, list[Order | OrderList]],
        Any,
        str | None,
    )


def likes() -> Iterator[str]:
    """How far each payload is like each type."""
    for data in _EVERY:
        try:
            sent = json.loads(data)
        except ValueError:
            continue
        found = [
            f"{name} {likeness(node, sent):+d} {known_keys(node, sent)}{' fits' * fits(node, sent)}"
            for name, kind in _ROWS.items()
            if likeness(node := node_of(kind), sent) or known_keys(node, sent) or fits(node, sent)
        ]
        if found:
            yield f"{_short(data.decode())}: {', '.join(found)}"


def flat() -> Iterator[str]:
    """The types that take an object of scalars, told at once."""
    kinds = {
        name: kind
        for name, kind in _ROWS.items()
        if name not in ("names", "frames", "holding", "empty", "several", "one", "several or one")
    }
    for data in _EVERY:
        try:
            members = msgspec.json.decode(data, type=dict[str, msgspec.Raw])
        except ValueError:
            continue
        types = [(node_of(kind), name) for name, kind in kinds.items() if _may_be(kind, members.keys())]
        if types:
            found = FlatTypes.of(tuple(members), types)
            told = "-" if found is None else found.taking(data, members)
            yield f"{_short(data.decode())}: {told} of {', '.join(name for _, name in types)}"


def _may_be(kind: Any, keys: Set[str]) -> bool:
    nodes = (node for node in _members(node_of(kind)) if isinstance(node, StructNode))
    return any(node.required <= keys <= node.keys for node in nodes)


_BROKEN: Final = (
    *(
        b"",
        b" ",
        b"<html>",
        b"{",
        b"[1",
        b'{"a":1}x',
        b"nul",
        b'{"a" 1}',
        b'{"a":1,}',
        b"[1,]",
        b"'a'",
        b"1 2",
        b"-",
    ),
    *(
        b"\xef\xbb\xbf{}",
        b"\xff\xfe{\x00",
        b"\xfe\xff\x00{",
        b"\xfe\xff\x4e\x2d\x65\x87",
        b"\xff\xfe\x2d\x4e",
        b"{\x00}\x00",
        b"\x00{\x00}",
        b'{"a":"\xff"}',
        b'"\\ud800"',
    ),
    *(
        b"9" * 400,
        b"9" * 5_000,
        b"1e400",
        b"NaN",
        b"[" * 100_000,
        b'{"a":' * 70 + b"1" + b"}" * 70,
        b"[" * 500 + b"]" * 500,
    ),
    *(
        b'{"a":[{"b":1,"b":1}]}',
        b'{"a":[{"b":1,"b":2}]}',
        b'{"a":1,"a":1.0}',
        b'[{"a":":"}]',
        b'{"a":1,"a":1,"b":[],"b":[]}',
    ),
    b'{"a":1,"a":' + b"[" * 500 + b"]" * 500 + b"}",
)


def broken() -> Iterator[str]:
    """What is said of bytes that are no JSON, or of such with a key twice, or with too many brackets."""
    for data in _BROKEN:
        yield _short(data.decode("latin-1"))
        said: dict[str, list[str]] = {}
        for kind in (Any, dict[str, Any], list[Any], str, int, Order, Refused):
            strict, walked = _told(partial(Shape(kind).strict, data)), _told(partial(_walked, kind, data))
            said.setdefault(f"{strict} and {walked}", []).append(_named(kind))
        yield from (f"  {', '.join(kinds)}: {text}" for text, kinds in said.items())
        yield f"  keys {keys_of(data)}"


_SCALARS: Final[Mapping[str, Any]] = {
    "Int": Int,
    "Failed": Failed,
    "NamingText": NamingText,
    "Prose": Prose,
    "DecimalText": DecimalText,
    "DecimalNumber": DecimalNumber,
    "NumberOrEmpty": NumberOrEmpty,
    "NumberOrWord": NumberOrWord,
    "AnyNumber": AnyNumber,
    "Epoch": Epoch,
    "DecimalOrEmpty": DecimalOrEmpty,
    "EpochText": EpochText,
}
_NUMBERS: Final = (
    *(
        "0",
        "-0",
        "00",
        "0.0",
        "-0.00",
        "1",
        "-1",
        "01",
        "1.",
        ".1",
        "+1",
        "1.5",
        "1e2",
        "1E-2",
        "0E-11",
        "1e100",
    ),
    *(
        "1_0",
        "1 0",
        " 1",
        "1\n",
        "NaN",
        "Infinity",
        "1.5.5",
        "--1",
        "\u0661",
        "x",
        "market_price",
        "Market",
        "_a",
    ),
    *(
        "9" * 60,
        "9" * 61,
        f"0.{'1' * 38}",
        f"0.{'1' * 39}",
        f"{2**63 - 1}",
        f"{2**63}",
        f"-{2**63}",
        f"-{2**63 + 1}",
    ),
    *(
        "999999999999",
        "1000000000000",
        "9999999999999",
        "10000000000000",
        "999999999999999",
        "1000000000000000",
    ),
    *(
        "9999999999999999",
        "10000000000000000",
        "0000000000000",
        "-1000000000000",
        "a" * 32,
        "a" * 33,
        "a_b_c_d_e",
        "a_b_c_d_e_f",
    ),
)


def scalars() -> Iterator[str]:
    """Which scalars take what, as a number and in quotes, and what is made of it."""
    for number in _NUMBERS:
        for data in (number.encode(), json.dumps(number).encode()):
            takes = [name for name, kind in _SCALARS.items() if Shape(kind).takes(data)]
            exact = [name for name, kind in _SCALARS.items() if _is_read(kind, data)]
            raw = msgspec.Raw(data)
            made = [_told(partial(make, raw)) for make in (any_number_or_word, known_amount)]
            yield f"{_short(data.decode())}: {', '.join(takes) or '-'}; {'; '.join(made)}"
            if exact != takes:
                yield f"  walked {', '.join(exact)}"
        is_whole = number.isascii() and number.isdecimal()
        yield f"  as a time {known_ns(number)}, {known_ns(int(number)) if is_whole else '-'}"
    for bounds in (Meta(ge=2, le=5), Meta(ge=2, lt=5)):
        node = node_of(Annotated[int, bounds])
        yield f"{bounds}: {[value for value in range(8) if fits(node, value)]}"
    node = node_of(Annotated[str, Meta(min_length=2, max_length=3)])
    yield f"of 2 to 3 characters: {[value for value in ('', 'a', 'ab', 'abc', 'abcd') if fits(node, value)]}"
    for texts in (
        [],
        ["1"],
        ["x"],
        ["x", "1"],
        ["1", "x"],
        ["1", "2", ""],
        ["1\n2", "3"],
        ["1", "2\n"],
        ["1\n2"],
    ):
        yield f"plain {texts}: {are_plain(texts)}, first {first_not_plain(texts)}"
    for value in ("", None, True, 5, 2**256, 2**256 - 1, -5, "a", 1.5):
        yield f"identifier {_short(repr(value))}: {_short(repr(identifier(value)))}"
    yield _told(partial(builtins_of, {"a": (1, msgspec.Raw(b"1.50")), "apiKey": "k"}))


def _is_read(kind: Any, data: bytes) -> bool:
    try:
        walk(data, node_of(kind), refuse=True)
    except (Mismatch, Unreadable):
        return False
    return True


TEXTS: Final[Texts] = {
    "answers": answers,
    "broken": broken,
    "drift": drift,
    "flat": flat,
    "keys": keys,
    "likes": likes,
    "looks": looks,
    "rows": rows,
    "scalars": scalars,
    "types": types,
}


def main() -> None:
    """Write all texts anew."""
    write(FOLDER, TEXTS)
