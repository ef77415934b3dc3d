"""Objects as Python and JavaScript print them, and as JSON."""

import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cancelnorm.logs.notation import Conversion, NotAnObject, unquoted
from cancelnorm.logs.text_objects import objects_in

_CHARACTERS = st.characters(codec="utf-8")
_LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(_CHARACTERS)
)
_NAMES = st.from_regex(r"[A-Za-z_$][A-Za-z0-9_$]{0,8}", fullmatch=True)


def trees(keys: st.SearchStrategy[str]) -> st.SearchStrategy[Any]:
    """Objects and arrays of any shape."""
    values = st.recursive(
        _LEAVES,
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4),
        max_leaves=12,
    )
    return st.dictionaries(keys, values, min_size=1, max_size=4)


def converted(*lines: str) -> str:
    """The JSON of an object on one line or on many."""
    conversion = Conversion()
    for line in lines[:-1]:
        assert conversion.feed(line) is None
    assert conversion.feed(lines[-1]) is not None
    return conversion.json.decode()


def javascript(value: object) -> str:
    """A value as JavaScript prints it."""
    match value:
        case dict():
            members = ", ".join(f"{key}: {javascript(inner)}" for key, inner in value.items())
            return f"{{ {members} }}" if value else "{}"
        case list():
            return f"[ {', '.join(map(javascript, value))} ]" if value else "[]"
        case str():
            body = value.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n").replace("\r", "\\r")
            return f"'{body}'"
        case _:
            return json.dumps(value)


@given(trees(st.text(_CHARACTERS)), st.integers(1, 40))
def test_a_width_breaks_texts(tree: dict[str, Any], width: int) -> None:
    """JSON that was printed in lines of a fixed width is whole, if a line ends in a text, or between values."""
    shown, lines = json.dumps(tree), []
    while len(shown) > width and (at := _last_break(shown, width)):
        lines.append(shown[:at])
        shown = shown[at:]
    assert json.loads(converted(*lines, shown)) == tree


def _last_break(shown: str, most: int) -> int:
    """The last position up to one where a text or a gap may be broken; 0 if there is none."""
    return next((at for at in range(most, 0, -1) if shown[at - 1] not in "0123456789.-+eE\\tfnaulrs"), 0)


def test_a_text_that_goes_on_in_the_next_line() -> None:
    """Lines of a fixed width end within keys and values; a truncated line does not go on in the next one."""
    assert converted('{"categ', 'ory": "lin', 'ear", "qty":', "1}") == '{"category":"linear","qty":1}'
    conversion = Conversion()
    assert conversion.feed('{"topic": "or') is None
    with pytest.raises(NotAnObject):
        conversion.feed('{"topic": "order"}')


@given(trees(st.text(_CHARACTERS)))
def test_python_round_trips(tree: dict[str, Any]) -> None:
    """What Python prints is the value that it printed."""
    assert json.loads(converted(repr(tree))) == tree


@given(trees(_NAMES))
def test_javascript_round_trips(tree: dict[str, Any]) -> None:
    """What JavaScript prints is the value that it printed."""
    assert json.loads(converted(javascript(tree))) == tree


@given(trees(st.text(_CHARACTERS)), st.integers(0, 3))
def test_pretty_json_round_trips(tree: dict[str, Any], indent: int) -> None:
    """An object on many lines is the same as on one."""
    assert json.loads(converted(*json.dumps(tree, indent=indent).split("\n"))) == tree


@given(trees(st.text(_CHARACTERS)), st.sampled_from([repr, json.dumps, lambda tree: repr(json.dumps(tree))]))
def test_objects_are_found_in_lines(tree: dict[str, Any], shown: Any) -> None:
    """In whatever notation, and whatever stands before and behind."""
    for before, behind in (("", ""), ("12:00 INFO x: recv ", ""), ("a [b] ", " took 3 ms"), ("é ", " é")):
        [found], unfinished = objects_in(f"{before}{shown(tree)}{behind}".encode())
        assert unfinished is None
        assert json.loads(found.json) == tree
        assert found.start - len(before.encode()) in (0, 1)  # behind a quote, if there is one


@given(trees(st.text(_CHARACTERS)))
def test_bytes_of_python_are_found(tree: dict[str, Any]) -> None:
    """A literal of bytes is the text in it, to the byte."""
    data = json.dumps(tree, ensure_ascii=False).encode()
    [found], _ = objects_in(b"recv " + repr(data).encode())
    assert found.json == data


@pytest.mark.parametrize(
    ("shown", "as_json"),
    [
        (
            "{'id': 8389765519993911702, 'p': 1.10, 'e': 1e-05}",
            '{"id":8389765519993911702,"p":1.10,"e":1e-05}',
        ),
        ("{ id: 8389765519993911702n, x: undefined, }", '{"id":8389765519993911702,"x":null}'),
        ("{'a': Decimal('1.5000'), 'b': (1, 'x')}", '{"a":"1.5000","b":[1,"x"]}'),
        ('{"a"=>"x", "b"=>nil, :c=>{:d=>1}}', '{"a":"x","b":null,"c":{"d":1}}'),  # Ruby
        ('{"a" => "x", "b" => %{"c" => true}, d: nil}', '{"a":"x","b":{"c":true},"d":null}'),  # Elixir
        ("{\n  'a' => 'x',\n  'b' => undef\n}", '{"a":"x","b":null}'),  # Perl
        (
            '{"a": String("x \\"y\\""), "b": Array [Number(-1.50), Bool(true)], "c": Null}',
            '{"a":"x \\"y\\"","b":[-1.50,true],"c":null}',
        ),  # JSON in Rust
        (
            '{ _id: ObjectId("5f"), i: NumberLong("49120034550"), j: Long(7) }',
            '{"_id":"5f","i":49120034550,"j":7}',
        ),
        ("{ data: Order { ok: true }, list: [ { a: 1 }, {} ] }", '{"data":{"ok":true},"list":[{"a":1},{}]}'),
        ('{"a": "it\'s \\u00e9"}', '{"a":"it\'s \\u00e9"}'),
        ("{'a': 'say \"x\"\\x41'}", '{"a":"say \\"x\\"A"}'),
        ("{1: 'a'}", '{"1":"a"}'),
    ],
)
def test_values_stay_as_they_were_written(shown: str, as_json: str) -> None:
    """No number is rounded, and no text that is JSON already changes."""
    assert converted(shown) == as_json


@pytest.mark.parametrize(
    "text",
    [
        "{a [Object]}",
        "{'a' 1}",
        "{'a':}",
        "{,}",
        "[1,,2]",
        "{a: 1]",
        "{a}",
        "{'a': nan}",
        "{'a': <Order>}",
        "{1}",
        "{'a': '\\U00110000'}",
        "{'a': '\\Uffffffff'}",
        "{'a': '\\u{ffffff}'}",
        "{'a': b'\\u0100'}",
    ],
)
def test_what_is_no_object(text: str) -> None:
    """It is told where that shows."""
    with pytest.raises(NotAnObject):
        Conversion().feed(text)
    assert objects_in(f"order {text}".encode())[0] == []


@pytest.mark.parametrize(
    ("text", "as_json"),
    [
        ("{a: [Object]}", '{"a":null}'),
        ("{a: Array(3), b: 1}", '{"a":null,"b":1}'),
        ("{a: {…}, b: 1, …}", '{"a":null,"b":1}'),
        ("[1, 2, ... 12 more items]", "[1,2]"),
        ("[ [Object], [Array] ]", "[null,null]"),
        ("{f: [Function: x], g: [Function (anonymous)]}", '{"f":null,"g":null}'),
    ],
)
def test_what_console_log_leaves_out(text: str, as_json: str) -> None:
    """The rest of the object is known, and that it is not all."""
    conversion = Conversion()
    assert conversion.feed(text) == len(text)
    assert (conversion.json.decode(), conversion.is_abridged) == (as_json, True)


@given(st.text() | st.text(st.sampled_from("{}[]():,'\"`\\ aN1-.bn")))
def test_any_text(text: str) -> None:
    """No text raises anything else, and what is found is JSON."""
    found, _ = objects_in(text.encode("utf-8", "surrogatepass"))
    for one in found:
        json.loads(one.json)
    literal = unquoted(text, 0)
    assert literal is None or isinstance(literal[0], str)


@pytest.mark.parametrize(
    "piece", ["{", "[", "{'", "{'\\'", '{"a":', "{a:[", "b'{", "{a: 'x', ", "[{", 'a="b {\\"', "{'a': '\\\\"]
)
def test_hostile_lines_take_no_time(piece: str) -> None:
    """The time is linear in the line; a quadratic one would take hours."""
    for line in (piece * 300_000, f"{piece}{'x' * 1_000_000}"):
        found, _ = objects_in(line.encode())
        assert all(re.match(rb"[\[{]", one.json) for one in found)


def test_long_texts_as_pprint_divides_them() -> None:
    """The parts are one text, whatever their quotes; two texts elsewhere are no object."""
    conversion = Conversion()
    lines = [
        "{'sMsg': 'Cancellation failed as the order has been filled, '",
        '         "can\'t be "',
        "         'canceled.',",
        " 'a': 1}",
    ]
    ends = [conversion.feed(line) for line in lines]
    assert ends == [None, None, None, len(lines[-1])]
    text = "Cancellation failed as the order has been filled, can't be canceled."
    assert json.loads(conversion.json) == {"sMsg": text, "a": 1}
    for broken in ("{'a' 'b': 1}", "{'a': 1 'b'}", "['a': 'b']"):
        with pytest.raises(NotAnObject):
            Conversion().feed(broken)


def test_objects_of_python_beside_answers() -> None:
    """They are texts."""
    conversion = Conversion()
    conversion.feed("[{'a': datetime.datetime(2026, 1, 5)}, BinanceAPIException('a (b)'), TimeoutError()]")
    assert json.loads(conversion.json) == [
        {"a": "datetime.datetime(2026, 1, 5)"},
        "BinanceAPIException('a (b)')",
        "TimeoutError()",
    ]
