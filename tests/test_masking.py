"""Secrets are masked in texts of any kind, and nothing else is."""

import json
import string
import subprocess
import sys
from base64 import b64encode
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cancelnorm import venues
from cancelnorm.credentials import without_credentials
from cancelnorm.masking import MASK, may_show_secret, without_secrets
from cancelnorm.secret_names import is_secret, secret_keys
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
        "OK-ACCESS-SIGN",
        "API-Sign",
        "CB-ACCESS-KEY",
        "apiSign",
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


@pytest.mark.parametrize(
    "name",
    [
        *("api_key", "access-key", "apiSign", "private_key", "client_secret", "signature", "passphrase"),
        *("password", "passwd", "cookie", "authorization", "credential", "token", "sign", "sig", "auth"),
        *("pass", "pwd"),
    ],
)
@pytest.mark.parametrize(
    "form",
    [
        '{{"{0}": "{1}"}}',
        "{{'{0}': '{1}'}}",
        '{{\\"{0}\\":\\"{1}\\"}}',
        '["{0}", "{1}"]',
        '{{"name": "{0}", "value": "{1}"}}',
        "/path?a=1&{0}={1}&b=2",
        "{0}%3D{1}",
        "[{0}] => {1}",
        "<{0}>{1}</{0}>",
    ],
)
def test_each_word_that_names_a_secret(name: str, form: str) -> None:
    """Alone in a text, where no other word is a hint that a secret may be in it."""
    text = form.format(name, SECRET)
    assert may_show_secret(text)
    assert SECRET not in without_secrets(text)


@given(PLANTED)
def test_json_stays_json(value: Any) -> None:
    """What is masked is a value, and a text stands in its place; all else is as it was."""
    assert _is_same_but_for_texts(value, json.loads(without_secrets(json.dumps(value))))


def _is_same_but_for_texts(before: Any, after: Any) -> bool:
    """Whether two values are the same, but for texts that stand in the place of anything."""
    if isinstance(after, str):
        return True
    if isinstance(before, dict) and isinstance(after, dict):
        return [*before] == [*after] and all(
            _is_same_but_for_texts(before[key], after[key]) for key in before
        )
    if isinstance(before, list) and isinstance(after, list):
        return len(before) == len(after) and all(map(_is_same_but_for_texts, before, after))
    return type(before) is type(after) and before == after


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
        ("my-sign:btc:17", "my-sign:btc:17"),
        ("design=1&assign=2&significant:3", "design=1&assign=2&significant:3"),
        ('{"key":"BTCUSDT","value":1}', '{"key":"BTCUSDT","value":1}'),
        ('{"api_key_name":"desk","apiKeyLabel":"x"}', '{"api_key_name":"desk","apiKeyLabel":"x"}'),
        ('{"key":"BTCUSDT","msg":"error sign!"}', '{"key":"BTCUSDT","msg":"error sign!"}'),
        ("token:8", "token:8"),
        ("btcusdt@depth20@100ms, params:btcusdt@trade", "btcusdt@depth20@100ms, params:btcusdt@trade"),
        ("mailto:bob@example.com at 10:00:05@venue.com", "mailto:bob@example.com at 10:00:05@venue.com"),
        ("name: symbol\nvalue: BTC", "name: symbol\nvalue: BTC"),
        ("{name: sign, value: abc}", f"{{name: sign, value: {MASK}}}"),
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
        '"args":[' * 50_000,
        '"op":"auth"' * 20_000,
        '"sign":1,"key"' * 20_000,
        "Sign" * 50_000,
        "api-key " * 30_000,
        "name: token\n" * 30_000,
        "name: token, value: [" * 30_000,
        "a:b@" * 50_000,
        "a:b@c." * 40_000,
        "aB9+" * 50_000,
        "aB9=" * 50_000,
        ("aB9+" * 10 + "=") * 5_000,
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
        '{"args":["§",1,"§"],"op":"auth"}',
        "{'args': ['§', 1, '§'], 'req_id': '', 'op': 'auth'}",
        r"{\"args\":[\"§\",1,\"§\"],\"op\":\"auth\"}",
        "OK-ACCESS-KEY: §",
        "  - name: X-API-KEY\n    value: §\n  - name: Date",
        "name: 'X-MBX-APIKEY'\r\nvalue: 'a b §'",
        "- name: Cookie\n  value: sid=a; token=§\n",
        "- {name: signature, value: §}",
        "proxy=bot:§@proxy.example.com:3128",
        "redis bot:§@localhost:6379 connected",
        "connected as desk-1:§@10.0.0.1:5432/db",
        "OK-ACCESS-SIGN: §=",
        "ok-access-sign:§=",
        "OK-ACCESS-PASSPHRASE: two words §",
        "{'OK-ACCESS-SIGN': '§', 'OK-ACCESS-KEY': '§', 'OK-ACCESS-PASSPHRASE': '§'}",
        '{"KC-API-SIGN":"§","KC-API-KEY":"§","KC-API-PASSPHRASE":"§"}',
        "[('API-Key', '§'), ('API-Sign', '§==')]",
        'headers={"CB-ACCESS-SIGN": "§", "CB-ACCESS-KEY": "§"}',
        '{"ACCESS-KEY":"§","ACCESS-SIGN":"§"}',
        "X-GATE-SIGN: §",
        "KEY: §\nTimestamp: 1\nSIGN: §",
        "{'KEY': '§', 'Timestamp': '1', 'SIGN': '§'}",
        '{"headers":{"sign":"§","key":"§"}}',
        '{"type":"subscribe","signature":"§","key":"§","passphrase":"§"}',
        "map[Key:[§] Sign:[§]]",
        "?key=§&sign=§",
        '{"apiSign":"§","accessKey":"§"}',
        "AccessKeyId=§&SignatureMethod=HmacSHA256",
        '{"api_key":"§","sig":"§"}',
        '{"authSig":"§"}',
        "listen_key: §",
        '{"listen key":"§"}',
        '{"key":"X-BAPI-SIGN","value":"§"}',
        '{"key":"X-BAPI-SIGN","value":"§","type":"text"}',
        '{"key":"X-BAPI-SIGN","type":"text","enabled":true,"value":"§"}',
        '{"value":"§","name":"X-BAPI-SIGN"}',
        "{'Key': 'X-BAPI-SIGN', 'Value': '§'}",
        r"{\"k\":\"apiKey\",\"v\":\"§\"}",
        "socks5://bot:§@10.0.0.1:1080",
        "HTTPS://bot:§@10.0.0.1",
        "&{APIKey:§ APISecret:§ Passphrase:§}",
        "cookies={'sid': '§'}",
        "Cookie: {'sid': '§', 'b': {'c': '§'}}",
        "credentials: { key: '§', a: ['§'] }",
        "<SimpleCookie: sid='§'>",
        "<RequestsCookieJar[<Cookie sid=§ for api.binance.com/>]>",
        'Authorization: Digest username="u", realm="r", response="§"',
        "headers['X-BAPI-SIGN'] = '§'",
        "{'secret': ('§ '\n            '§'),\n 'x': 'y'}",
        "{'sign': b'§'\n         b'§', 'x': b'y'}",
        '{"key":"§","secret":"§"}',
        "Client(key='§', secret='§')",
        "hmac=§",
        '{"x-hmac":"§"}',
        "curl -u me:§ https://api.gate.com/",
        "curl --user 'me:§' https://api.gate.com/",
        "curl -b 'sid=§' https://api.gate.com/",
        "POST https://api.telegram.org/bot123456789:AAH§-xxxxxxxxxxxxxxxxxxxxxx/sendMessage",
        "https://hooks.slack.com/services/T0/B0/§",
        "POST /services/T0/B0/§",
        '{"key":"secret","value":"§"}',
        '{"key": "passphrase", "value": "§"}',
        "https://discord.com/api/webhooks/12345/§",
        *(
            f"apiKey{between}§0123456789"
            for between in ("\t", " | ", "   \u2502 ", " -> ", ",", "....: ", "\uff1a")
        ),
    ],
)
def test_forms_of_logs(text: str) -> None:
    """Logs of many languages and libraries hold secrets in forms of their own."""
    text = text.replace("§", SECRET)
    shown = without_secrets(text)
    assert SECRET in text
    assert SECRET not in shown
    assert without_secrets(shown) == shown


@given(
    st.binary(min_size=32, max_size=64), st.sampled_from(["%s", "> %s", "Digest: %s", "[%s] -", "x\n%s\ny"])
)
def test_a_key_in_base64(key: bytes, form: str) -> None:
    """As venues give and sign with them: its padding or a plus tells it, unless it has letters of one case alone."""
    text = b64encode(key).decode()
    is_told = text.endswith("=") or "+" in text[:60]
    is_mixed = all(any(map(test, text[:41])) for test in (str.isdigit, str.isupper, str.islower))
    if is_told and is_mixed and len(text) >= (40 if text.endswith("=") else 60):
        assert text not in without_secrets(form % text)


IDS = st.one_of(
    st.integers(0, 2**64).map(str),
    st.uuids().map(str),
    st.text(string.ascii_letters + string.digits + ".:/_-", min_size=1, max_size=36),  # Binance's client ids
    st.text(string.ascii_letters + string.digits + "-_", min_size=1, max_size=45),
)


@given(IDS, IDS)
def test_ids_are_no_credentials(order_id: str, client_id: str) -> None:
    """Whatever ids of orders look like, they are shown, unless they say themselves that they are a secret."""
    text = f"order {order_id} of {client_id}, btcusdt@trade"
    assert without_credentials(text, MASK) == text


# --- Names ---


@pytest.mark.parametrize(
    "name",
    [
        *(
            "OK-ACCESS-SIGN",
            "OK-ACCESS-KEY",
            "OK-ACCESS-PASSPHRASE",
            "KC-API-SIGN",
            "API-Sign",
            "CB-ACCESS-SIGN",
        ),
        *(
            "X-GATE-SIGN",
            "SIGN",
            "sign",
            "sig",
            "apiSign",
            "accessKey",
            "ACCESS-KEY",
            "x-mbx-apikey",
            "apiKeyNames",
        ),
        *("listenKey", "LISTEN_KEY", "spotListenKey", "secretKey", "http_authorization"),
    ],
)
def test_names_of_secrets(name: str) -> None:
    """Those that say so, and those that a venue declares, in any spelling."""
    assert is_secret(name)


@pytest.mark.parametrize(
    "name",
    ["key", "design", "assign", "signal", "sighted", "api_key_name", "apiKeyLabel", "listener", "symbol"],
)
def test_names_of_other_things(name: str) -> None:
    """The name of a key is none."""
    assert not is_secret(name)


def test_a_key_beside_a_signature() -> None:
    """Some venues call their headers no more than that; alone, a key is anything."""
    assert secret_keys(["KEY", "Timestamp", "SIGN"]) == {"KEY", "SIGN"}
    assert secret_keys(["key", "value", "passphrase"]) == {"key", "passphrase"}
    assert secret_keys(["key", "value", "x-sign"]) == {"x-sign"}
    assert secret_keys(["key", "value"]) == set()


# --- Declarations ---

_TEXTS = """
texts = ["error sign! origin_string[s3cr3t]", '{"listenKey":"s3cr3t"}', '{"op":"auth","args":["s3cr3t"]}']
"""
_SHOWN = _TEXTS + "print([without_secrets(text) for text in texts])"


def printed(program: str) -> str:
    """What a program prints in an interpreter of its own."""
    ran = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    return ran.stdout


def test_what_was_read_before_changes_nothing() -> None:
    """The declarations of all venues hold from the first text on, whichever venues were loaded."""
    alone = printed("from cancelnorm.masking import without_secrets" + _SHOWN)
    assert "s3cr3t" not in alone
    for venue in venues.names():
        load = (
            "from cancelnorm import Record, identify, venues; from cancelnorm.masking import without_secrets\n"
            f"identify(b'{{}}', venue={venue!r}); venues.find({venue!r}).endpoints"
        )
        assert printed(load + _SHOWN) == alone


@given(st.text(), st.integers(0, 200), st.text("aZ9", min_size=60, max_size=130), st.text())
def test_a_long_word_is_found_anywhere(before: str, at: int, word: str, after: str) -> None:
    """Wherever it begins, and whatever is around it."""
    text = f"{before}{'-' * at}{word}-{after}"
    assert may_show_secret(text)
    assert word not in without_secrets(text)


_NAMES = st.sampled_from(
    ["apiKey", "SIGNATURE", "listenKey", "\u017fecret", "\u212aEY", "API\u212aEY", "origin_string[", "pass"]
)


@given(
    st.lists(st.text(max_size=8) | _NAMES | st.sampled_from(["=", '":"', ": ", " "]), max_size=8), st.data()
)
def test_a_text_that_shows_no_secret_has_none_in_any_part(pieces: list[str], data: st.DataObject) -> None:
    """So that a report need not search its parts; and a name of a secret is seen in whatever letters it is written."""
    text = "".join(pieces)
    if not may_show_secret(text):
        start = data.draw(st.integers(0, len(text)))
        end = data.draw(st.integers(start, len(text)))
        assert without_secrets(text) == text
        assert without_secrets(text[start:end]) == text[start:end]
    assert may_show_secret(text) or not any(word in text.casefold() for word in ("apikey", "secret", "pass"))


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("auth: can't sign, secret='s3cretvalue9'", "auth: can't sign, secret='[redacted]'"),
        ('auth: don\'t log; token="s3cretvalue9"', 'auth: don\'t log; token="[redacted]"'),
        ('auth=\'abc token="s3cretvalue9"', 'auth=\'abc token="[redacted]"'),
        ("POST /auth: 200 {}", "POST /auth: 200 {}"),
        ("token: can't sign, secret='s3cretvalue9'", "token: '[redacted]'"),
        ("password='abc token=\"s3cretvalue9\"' orderId='7'", "password='[redacted]\"' orderId='7'"),
        ("auth=http://h/p?orderId=5", "auth=http://h/p?orderId=5"),
    ],
)
def test_a_name_that_may_be_of_no_secret_hides_no_other(text: str, masked: str) -> None:
    """The word has a value only where that is no text in quotes, which may have names in it, and no address."""
    assert without_secrets(text) == masked
