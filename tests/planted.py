"""Secrets and hidden characters, and logs with one of them somewhere."""

import json
from collections.abc import Callable, Iterator
from typing import Any, Final

from hypothesis import strategies as st

from tests.samples import FOLDER, SAMPLES

# --- What is planted ---

HIDDEN: Final = (
    *(
        "\x00",
        "\x07",
        "\x1b[31m",
        "\x1b]0;t\x07",
        "\x7f",
        "\x85",
        "\x9b2J",
        "\xad",
        "\u034f",
        "\u061c",
        "\u115f",
    ),
    *(
        "\u180e",
        "\u200b",
        "\u200f",
        "\u2028",
        "\u2029",
        "\u202e",
        "\u2066",
        "\u2800",
        "\u3164",
        "\ufe0f",
        "\ufeff",
    ),
    *("\uffa0", "\ufff9", "\U000e0041", "\U000e0101", "\n::error::x", "\r", "##[error]x", "##vso[x]"),
)
SECRET: Final = "zQ7planted7xK9"
LONG: Final = SECRET.ljust(64, "x")
FORMS: Final[dict[str, str]] = {
    "a query": f"apiKey={SECRET}&x=1",
    "a listen key": f"listenKey={SECRET}",
    "a word": LONG,
    "JSON": json.dumps({"signature": SECRET}),
    "JSON in JSON": json.dumps(json.dumps({"secretKey": SECRET})),
    "JSON in JSON in JSON": json.dumps(json.dumps(json.dumps({"apiKey": SECRET}))),
    "JSON with an escaped name": f'{{"api\\u004bey": "{SECRET}"}}',
    "JSON of Gson": f"a=1\\u0026signature\\u003d{SECRET}\\u0026b=2",
    "truncated JSON": f'{{"apiKey":"{SECRET}',
    "the end of JSON": f'apiKey":"{SECRET}"}}',
    "a header": f"X-MBX-APIKEY: {SECRET}",
    "a pair": f"[('X-BAPI-SIGN', '{SECRET}')]",
    "raw headers": f"rawHeaders: ['a', 'b', 'X-BX-APIKEY', '{SECRET}']",
    "a header in Postman": f'[{{"key": "X-BAPI-SIGN", "type": "text", "value": "{SECRET}"}}]',
    "cookies in Python": f"cookies={{'a': '{SECRET}'}}",
    "cookies": f"Cookie: a={SECRET}; b={SECRET}",
    "a percent-encoded query": f"signature%3D{SECRET}%26x%3D1",
    "a query encoded twice": f"signature%253D{SECRET}%2526",
    "percent-encoded JSON": f"%7B%22apiKey%22%3A%22{SECRET}%22%7D",
    "user info": f"https://me:{SECRET}@api.binance.com/x",
    "percent-encoded user info": f"https%3A%2F%2Fme%3A{SECRET}%40api.binance.com",
    "the query of a URL": f"https://h/p?x=1&sign={SECRET}",
    "basic authorization": f"Authorization: Basic {SECRET}==",
    "a scheme": f"Bearer {SECRET}",
    "a scheme with a login": "Basic " + "elE3cGxhbnRlZDd4Szk6cGFzcw==",
    "a web token": f"eyJhbGciOiJIUzI1NiJ9.eyJ{SECRET}.{SECRET}-_{SECRET}",
    "a private key": f"-----BEGIN PRIVATE KEY-----\nMIIE/{SECRET}+\n{SECRET}=\n-----END PRIVATE KEY-----",
    "a private key in JSON": f"-----BEGIN RSA PRIVATE KEY-----\\nMIIE/{SECRET}\\n-----END RSA PRIVATE KEY-----",
    "a truncated private key": f"-----BEGIN EC PRIVATE KEY-----\nMIIE/{SECRET}+",
    "PHP print_r": f"[apiKey] => {SECRET}",
    "PHP print_r of an object": f"[apiKey:protected] => {SECRET}",
    "PHP var_dump": f'["apiKey"]=>\n  string(14) "{SECRET}"',
    "PHP var_dump of an object": f'["apiKey":protected]=>\n  string(14) "{SECRET}"',
    "PHP serialize": f's:6:"apiKey";s:14:"{SECRET}";',
    "Python": f"{{'apiKey': '{SECRET}', b'secret': b'{SECRET}'}}",
    "a Python object": f"Config(api_key='{SECRET}', secret='{SECRET}')",
    "JavaScript": f"{{ apiKey: '{SECRET}',\n  secret: '{SECRET}' }}",
    "a Go map": f"map[X-Mbx-Apikey:[{SECRET}] A:[b]]",
    "a Go header": f'http.Header{{"X-Mbx-Apikey":[]string{{"{SECRET}"}}}}',
    "a Go struct": f"{{ApiKey:{SECRET} SecretKey:{SECRET} Token:{SECRET}}}",
    "XML": f"<apiKey>{SECRET}</apiKey><secretKey><![CDATA[{SECRET}]]></secretKey>",
    "escaped HTML": f"apiKey&#34;:&#34;{SECRET}&#34;",
    "a sentence": f"Invalid API-key {SECRET}a1b2c3",
    "an option": f"--api-key {SECRET}",
}


NAMES: Final = (
    *(
        "apiKey",
        "signature",
        "listenKey",
        "secretKey",
        "X-MBX-APIKEY",
        "sign",
        "Cookie",
        "authorization",
        "passphrase",
    ),
    *(
        "X-BAPI-SIGN",
        "X-BX-APIKEY",
        "privateKey",
        "token",
        "password",
        "OK-ACCESS-KEY",
        "credentials",
        "api_secret",
    ),
)


# --- Where it is planted ---


def lines() -> dict[str, Any]:
    """Samples as records of a log."""
    keys = (
        "venue",
        "endpoint",
        "status",
        "request",
        "sent_ns",
        "received_ns",
        "dialect",
        "account",
        "payload",
    )
    found = {name: json.loads((FOLDER / f"{name}.json").read_text("utf-8")) for name in SAMPLES}
    return {name: {key: sample[key] for key in keys if key in sample} for name, sample in found.items()}


LINES: Final = lines()


def positions(value: Any, at: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Positions of all values in a value."""
    yield at
    members = (
        value.items() if isinstance(value, dict) else enumerate(value if isinstance(value, list) else ())
    )
    for key, member in members:
        yield from positions(member, (*at, key))


def put(value: Any, at: tuple[str | int, ...], change: Callable[[Any], Any]) -> Any:
    """A copy of a value that is changed at a position."""
    if not at:
        return change(value)
    if isinstance(value, dict):
        return {**value, at[0]: put(value[at[0]], at[1:], change)}
    return [put(member, at[1:], change) if i == at[0] else member for i, member in enumerate(value)]


def planted(text: str, draw: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """A change of a value so that it contains a text: in its place, behind it, or as a key or a member."""

    def change(value: Any) -> Any:
        if isinstance(value, dict):
            return {**value, **draw(st.sampled_from([{text: 1}, {"new": text}, {text: {text: [text]}}]))}
        if isinstance(value, list):
            return [*value, text]
        return draw(st.sampled_from([text, f"{value} {text}"]))

    return change


@st.composite
def logs(draw: Callable[[Any], Any], text: st.SearchStrategy[str]) -> str:
    """A log of one line with a text somewhere in it."""
    line = LINES[draw(st.sampled_from(sorted(LINES)))]
    at = draw(st.sampled_from(list(positions(line))))
    return json.dumps(put(line, at, planted(draw(text), draw)), ensure_ascii=draw(st.booleans()))


@st.composite
def named_secrets(draw: Callable[[Any], Any]) -> str:
    """A log of one line with a secret at a key that names it."""
    line = LINES[draw(st.sampled_from(sorted(LINES)))]
    name = draw(st.sampled_from(NAMES))
    new = draw(
        st.sampled_from(
            [
                {name: SECRET},
                {name: [{"a": SECRET}]},
                {"h": [[name, SECRET]]},
                {"h": {"name": name, "value": SECRET}},
                {"h": {"key": name, "value": [SECRET], "type": "text"}},
                {"h": [name, [[SECRET]]]},
                {"h": {"name": name, "value": {"a": SECRET}}},
                {"h": {name: {"a": [SECRET]}}},
            ]
        )
    )
    objects = [at for at in positions(line) if isinstance(found(line, at), dict)]
    return json.dumps(put(line, draw(st.sampled_from(objects)), lambda value: {**value, **new}))


def found(value: Any, at: tuple[str | int, ...]) -> Any:
    """The value at a position."""
    for step in at:
        value = value[step]
    return value
