"""Secrets are masked in texts of any kind, and nothing else is."""

import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cancelnorm.masking import MASK, without_secrets
from tests.strategies import json_values

SECRET = "xK9planted7Q"
NAMES = st.sampled_from(
    [
        "apiKey",
        "signature",
        "sign",
        "X-MBX-APIKEY",
        "listenKey",
        "Authorization",
        "set-cookie",
        "access_token",
    ]
)
HIDDEN = st.sampled_from([SECRET, f"Bearer {SECRET}", f'"{SECRET}', f"a}}]{SECRET}\\", f"'{SECRET}'"])
WRAPPED = st.recursive(HIDDEN, lambda inner: st.one_of(st.lists(inner, min_size=1), st.just({"a": SECRET})))


def _holding(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Objects and arrays with a secret somewhere beside or around other things."""
    return st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.text(max_size=4), inner, max_size=3),
        st.builds(lambda name, secret, more: {"a": 1, name: secret, "b": more}, NAMES, WRAPPED, inner),
        st.builds(lambda name, secret, more: [[name, secret], more], NAMES, HIDDEN, inner),
        st.builds(lambda name, secret: {"name": name, "value": secret}, NAMES, HIDDEN),
        st.builds(lambda name: f"/path?a=1&{name}={SECRET}&b=2", NAMES),
        st.builds(lambda name, more: json.dumps({name: SECRET, "c": more}), NAMES, inner),
        st.builds(lambda name, more: {"msg": f'bad {name}="{SECRET}', "c": more}, NAMES, inner),
        st.builds(lambda more: {"msg": f'sign! origin_string[1{SECRET}{{"a":1}}]', "c": more}, inner),
    )


PLANTED = st.recursive(st.one_of(json_values, st.just({"price": "1"})), _holding, max_leaves=6)


@given(PLANTED, st.sampled_from([None, 2]), st.integers(0, 200))
@example({"secret": {"a": '"}', "b": SECRET}}, None, 200)
@example({"body": json.dumps({"secret": {"a": '"}', "b": SECRET}})}, None, 200)
def test_nothing_that_is_named_a_secret_shows(value: Any, indent: int | None, end: int) -> None:
    """In JSON of any form, in JSON within its texts, and in what is left of it when it was cut off."""
    text = json.dumps(value, indent=indent)
    for shown in (without_secrets(text), without_secrets(text[:end])):
        assert SECRET not in shown
        assert without_secrets(shown) == shown


@given(PLANTED)
def test_json_stays_json(value: Any) -> None:
    """What is masked is a value, and a text stands in its place."""
    json.loads(without_secrets(json.dumps(value)))


@given(st.text(st.characters(exclude_characters="=:>[%,"), max_size=59))
def test_what_names_nothing_stays(text: str) -> None:
    """Prose about keys and signatures is no secret."""
    assert without_secrets(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ('{"apiKey":"a","price":"1"}', f'{{"apiKey":"{MASK}","price":"1"}}'),
        ('{"token":null,"sign":""}', '{"token":null,"sign":""}'),
        ('{"listenKey":7,"a":[1]}', f'{{"listenKey":"{MASK}","a":[1]}}'),
        ('{"design":"x","assigned":"y"}', '{"design":"x","assigned":"y"}'),
        ("error sign! origin_string[abc]", f"error sign! origin_string{MASK}"),
        ("Signature for this request is not valid.", "Signature for this request is not valid."),
        ("Set-Cookie: sid=a; Path=/\nnext", f"Set-Cookie: {MASK}\nnext"),
        ("wss://x/ws/" + "aZ9" * 20, f"wss://x/ws/{MASK}"),
        ("body: signature%3Dabc%26x", f"body: signature%3D{MASK}"),
        ("<token>abc</token>", f"<token>{MASK}</token>"),
        ("{'secret': 'a b', 'x': 1}", f"{{'secret': '{MASK}', 'x': 1}}"),
        ('"msg":"Illegal token=\\"abc"},{"a":1}', f'"msg":"Illegal token=\\"{MASK}"}},{{"a":1}}'),
        (
            '"retMsg":"error sign! origin_string[1k5]","a":1',
            f'"retMsg":"error sign! origin_string{MASK}","a":1',
        ),
        ("sign:btc:17", "sign:btc:17"),
        ("token:8", "token:8"),
        ("cookies are off; signing in > 5 times", "cookies are off; signing in > 5 times"),
    ],
)
def test_examples(text: str, shown: str) -> None:
    """A mask takes the place of the value, quoted as it was."""
    assert without_secrets(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        '{"secret":' * 50_000,
        '["cookie",' * 50_000,
        "\\" * 200_000 + '"token"',
        '"' * 200_000 + "token",
        "token" * 50_000,
        "x-" * 100_000,
        "sign " * 50_000,
        '{"a":{"token":{' * 30_000,
    ],
)
def test_any_text_is_looked_through_in_one_go(text: str) -> None:
    """Neither the depth nor the length of a text is too much."""
    assert isinstance(without_secrets(text), str)


@pytest.mark.parametrize(
    "text",
    [
        r'"...\r\nCookie: sid=§\r\nAuthorization: Bearer §"',
        "HTTP_COOKIE=sid=§",
        "Proxy_Authorization: §",
        "[(b'Set-Cookie', b'sid=§'), (b'a', b'b')]",
        "[('X-BAPI-API-KEY', '§')]",
        "    [X-BAPI-API-KEY] => §",
        ':api_key=>"§"',
        'authorization="Bearer §" cookie="sid=§"',
        "Authorization: 'Bearer §'",
        "map[apiKey:[§] signature:[§]]",
        "signature=[§]",
        "{&quot;apiKey&quot;:&quot;§&quot;}",
        "<td>apiKey</td><td>§</td>",
        '<apiKey type="x">§</apiKey>',
        "apiKey=b'§'",
        "secret=SecretStr('§')",
        r"signature=a\/§",
        'Cookie: p={"a":1}; session=§',
        '{"req_id":"1","op":"auth","args":["§",1,"§"]}',
        '{"op":"auth","req_id":"1","args":["§",1,"§"]}',
    ],
)
def test_forms_of_logs(text: str) -> None:
    """Logs of many languages and libraries hold secrets in forms of their own."""
    text = text.replace("§", SECRET)
    shown = without_secrets(text)
    assert SECRET in text
    assert SECRET not in shown
    assert without_secrets(shown) == shown
