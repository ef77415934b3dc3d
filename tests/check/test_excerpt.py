"""Excerpts: one short line with the value, its neighbours and no secrets."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Raw

from cancelnorm.check import Excerpt
from cancelnorm.check.excerpt import Excerpts, _is_plain
from cancelnorm.masking import MASK
from cancelnorm.reader.mismatch import member_path
from cancelnorm.report import printable
from tests.strategies import json_values

WIDTH = 160
SECRET = "xK9planted7Q"
SECRET_KEYS = ("apiKey", "signature", "X-MBX-APIKEY", "listenKey", "Authorization", "cookie", "passphrase")


def excerpt(payload: bytes | str, path: str) -> Excerpt:
    """Excerpt of a payload at one path."""
    return Excerpts(payload).at(path)


def rendered(payload: bytes | str, path: str) -> Excerpt:
    """The same, made of the text of each member."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("cancelnorm.check.excerpt._is_plain", lambda _: False)
        return Excerpts(payload).at(path)


def paths(value: Any, at: str = "$") -> Iterator[tuple[str, str | None, Any]]:
    """Every path in a value, with its key and value."""
    if isinstance(value, dict):
        for key, part in value.items():
            yield member_path(at, key), key, part
            yield from paths(part, member_path(at, key))
    elif isinstance(value, list):
        for i, part in enumerate(value):
            yield f"{at}[{i}]", None, part
            yield from paths(part, f"{at}[{i}]")


def compact(value: Any) -> str:
    """A value as compact JSON."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def text_of(shown: Excerpt) -> str:
    """Full text of an excerpt."""
    return shown.before + shown.marked + shown.after


@given(json_values, st.sampled_from([None, 2]))
def test_what_is_marked_stands_there(value: Any, indent: int | None) -> None:
    """The marked part at any path of any JSON value is the start of its key and value."""
    payload = json.dumps(value, ensure_ascii=False, indent=indent)
    for path, key, part in paths(value):
        shown = excerpt(payload, path)
        assert len(text_of(shown)) <= WIDTH
        assert text_of(shown).isprintable()
        if MASK in shown.marked:
            continue  # a key of the value names a secret
        stands = compact(part) if key is None else f"{compact(key)}:{compact(part)}"
        assert printable(stands).startswith(shown.marked.removesuffix("..."))
        assert shown.marked == printable(stands) or shown.marked.endswith("...")


@given(st.one_of(st.binary(max_size=60), st.text(max_size=60)), st.text(max_size=20).map("$".__add__))
def test_any_payload_and_any_path(payload: bytes | str, path: str) -> None:
    """Any payload and any path give a printable excerpt."""
    shown = text_of(excerpt(payload, path))
    assert shown.isprintable()
    assert len(shown) <= WIDTH


planted = st.recursive(
    st.one_of(json_values, st.just({"price": "1"})),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.text(max_size=5), inner, max_size=3),
        st.builds(
            lambda inside, key, secret: {"a": 1, key: secret, "b": inside},
            inner,
            st.sampled_from(SECRET_KEYS),
            st.sampled_from([SECRET, [SECRET], {"value": SECRET}, [{"a": [SECRET]}]]),
        ),
        st.builds(lambda inside: {"request": f"/x?a=1&signature={SECRET}&b=2", "b": inside}, inner),
        st.builds(lambda inside: {"body": compact({"apiKey": SECRET}), "b": inside}, inner),
    ),
    max_leaves=6,
)


@given(planted, st.integers(0, 300), st.sampled_from([None, 2]))
def test_secrets_do_not_show(value: Any, end: int, indent: int | None) -> None:
    """The value of a secret key never appears, in complete or truncated payloads."""
    payload = json.dumps(value, indent=indent)
    for path in ("$", "$.nowhere", "$[7]", *(path for path, _, _ in paths(value))):
        assert SECRET not in text_of(excerpt(payload, path))
        assert SECRET not in text_of(excerpt(payload[:end], path))
        assert SECRET not in text_of(excerpt(payload + "}", path))


@pytest.mark.parametrize(
    "payload",
    [
        f"<html><input name='token' value='{SECRET}'>",
        f"<apiKey>{SECRET}</apiKey>",
        f"Authorization: Bearer {SECRET}",
        f"GET /api?timestamp=1&apiKey={SECRET}&accessToken={SECRET}",
        f'{{"apiKey" : "{SECRET}',
        f"{{'signature': '{SECRET}', 'a': 1}}",
        f'sign="two words {SECRET}"',
        f'{{"retMsg":"error sign! origin_string[{SECRET}]"}}',
    ],
)
def test_secrets_in_what_is_no_json(payload: str) -> None:
    """Gateway pages, header lines and broken JSON show no secrets either."""
    shown = text_of(excerpt(payload, "$.price"))
    assert shown
    assert SECRET not in shown
    assert SECRET not in text_of(excerpt(json.dumps({"m": payload}), "$.m"))


ORDER = {"symbol": "LTCBTC", "orderId": 4, "price": "1_000", "apiKey": SECRET, "odd key": [1, {"a": 2}]}


@pytest.mark.parametrize(
    ("payload", "path", "expected"),
    [
        (ORDER, "$.symbol", Excerpt("{", '"symbol":"LTCBTC"', ',"orderId":4,"price":"1_000",…')),
        (
            ORDER,
            "$.price",
            Excerpt('{"symbol":"LTCBTC","orderId":4,', '"price":"1_000"', ',"apiKey":"[redacted]",…'),
        ),
        (
            ORDER,
            "$.apiKey",
            Excerpt('{..."orderId":4,"price":"1_000",', '"apiKey":"[redacted]"', ',"odd key":…'),
        ),
        (ORDER, '$["odd key"][1].a', Excerpt("{", '"a":2', "}")),
        (ORDER, '$["odd key"][0]', Excerpt("[", "1", ',{"a":2}]')),
        ([ORDER, ORDER], "$[1].nope", Excerpt("[...,", '{"symbol":"LTCBTC",…', "]")),
        (ORDER, "$.nope", Excerpt("", "", '{"symbol":"LTCBTC",…')),
        (ORDER, "$", Excerpt("", "", '{"symbol":"LTCBTC",…')),
        ({"é" * 70: 1}, member_path("$", "é" * 70), Excerpt("{", f'"{"é" * 70}":1', "}")),
        (
            {"url": f"/x?timestamp=1&signature={SECRET}&recvWindow=5"},
            "$.url",
            Excerpt("{", '"url":"/x?timestamp=1&signature=[redacted]&recvWindow=5"', "}"),
        ),
        ({"a": "x\u202ey"}, "$.a", Excerpt("{", '"a":"x\\u202ey"', "}")),
        ({"a": "😀\U000e0001"}, "$.a", Excerpt("{", '"a":"😀\\U000e0001"', "}")),
    ],
)
def test_examples(payload: Any, path: str, expected: Excerpt) -> None:
    """Excerpts of typical payloads; ``…`` stands for any remainder."""
    shown = excerpt(compact(payload), path)
    for part, start in zip((shown.before, shown.marked, shown.after), _parts(expected), strict=True):
        assert part == start or (start.endswith("…") and part.startswith(start[:-1]))


def _parts(shown: Excerpt) -> tuple[str, str, str]:
    return shown.before, shown.marked, shown.after


def test_deep_in_a_large_array() -> None:
    """The excerpt of the hundredth order shows that order, not its neighbours."""
    shown = excerpt(compact([{**ORDER, "orderId": i} for i in range(100)]).encode(), "$[99].orderId")
    assert _parts(shown)[:2] == ('{"symbol":"LTCBTC",', '"orderId":99')


def test_nesting_without_end() -> None:
    """The excerpt of a payload of brackets only is its start."""
    assert excerpt("[" * 100_000, "$[0]") == Excerpt("", "", "[" * (WIDTH - 3) + "...")


PLAIN = st.recursive(
    st.none() | st.integers() | st.text("abc,:[]{}", max_size=90),
    lambda inner: (
        st.lists(inner, max_size=9) | st.dictionaries(st.text("abc[", max_size=50), inner, max_size=9)
    ),
)


@given(PLAIN, st.data(), st.sampled_from([None, 2]))
def test_a_payload_without_secrets_is_cut_where_it_would_be_rendered(
    tree: Any, data: st.DataObject, indent: int | None
) -> None:
    """Cutting compact JSON gives the excerpts that rendering each member gives, for any path and any spaces."""
    path, node = "$", tree
    while isinstance(node, dict | list) and node and data.draw(st.booleans()):
        key = data.draw(st.sampled_from(sorted(node) if isinstance(node, dict) else range(len(node))))
        path += f"[{json.dumps(key)}]"
        node = node[key]
    path += data.draw(st.sampled_from(["", ".nope", "[99]"]))
    payload = json.dumps(tree, indent=indent)
    assert _is_plain(Raw(payload.encode()))
    assert excerpt(payload, path) == rendered(payload, path)


@pytest.mark.parametrize("key", SECRET_KEYS)
def test_secrets_under_escaped_keys_do_not_show(key: str) -> None:
    """All letters of a key may be escaped, or a single one, also in JSON that is a text."""
    for hidden in ("".join(map(escaped, key)), escaped(key[0]) + key[1:], key[:-1] + escaped(key[-1])):
        plain = f'{{"a":1,"{hidden}":"{SECRET}","b":2}}'
        for payload in (plain, f'{{"a":1,"body":{json.dumps(plain)},"b":2}}'):
            for path in ("$", "$.a", "$.b", f"$.{key}", "$.body"):
                assert SECRET not in text_of(excerpt(payload, path))


def escaped(letter: str) -> str:
    """A letter as JSON may write any."""
    return f"\\u{ord(letter):04x}"


@pytest.mark.parametrize(
    ("payload", "is_plain"),
    [
        ('{"a":1}', True),
        ('{"a":"\\u0062"}', False),
        ('{"a":"\\""}', False),
        ('{"a":"\x7f"}', False),
        ('{"a":"é"}', False),
        (f'{{"apiKey":"{SECRET}"}}', False),
        (f"[{'1,' * 2_046}12]", True),
        (f"[{'1,' * 2_046}123]", False),
    ],
)
def test_what_is_cut_as_it_is(payload: str, *, is_plain: bool) -> None:
    """Nothing with an escape, a secret or a character to escape, and nothing of more than 4,096 bytes."""
    assert _is_plain(Raw(payload.encode())) is is_plain


@pytest.mark.parametrize("payload", ["{}", "[]", " [ ] ", "1", '"a"', "null", '{"a": 1, "a": 22, "b": 3}'])
def test_small_payloads(payload: str) -> None:
    """Nothing, a scalar, and a key that is there twice, of which the last counts."""
    for path in ("$", "$.a", "$[0]", "$.b"):
        assert Excerpts(payload).at(path) == rendered(payload, path)
    assert Excerpts("{}").at("$.a").after == "{}"
