"""Every form in which a secret is named, in every place of a log, in every output; and what is none stays."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from cancelnorm.masking import without_secrets
from cancelnorm.report import WRITERS
from cancelnorm.secret_names import is_secret
from tests.cli.conftest import CANCELED, REFUSED
from tests.cli.inside import run_inside
from tests.planted import LINES
from tests.secret_grid import PLACED, SECRET, texts
from tests.test_outputs import without_ids

# --- Forms ---


def test_no_form_shows_a_secret() -> None:
    """Each name in each spelling, with each escape, each separator and each quote; and no mask is masked again."""
    found = list(texts())
    assert len(found) > 10_000
    assert all(SECRET in text for text in found)
    masked = [without_secrets(text) for text in found]
    assert [text for text, shown in zip(found, masked, strict=True) if SECRET in shown] == []
    assert [shown for shown in masked if without_secrets(shown) != shown] == []


@pytest.mark.parametrize(
    "text",
    [
        "mnemonic: legal winner thank year wave sausage worth useful legal winner thank yellow",
        'seed phrase="legal winner thank year wave sausage worth useful legal winner thank yellow"',
        "OTP 483920",
        "pin: 4839201",
        "| pin | 4839201 |",
        "wss://stream.binance.com/ws/pqia91ma19A5s61cv6a81va65",
        "AKIAIOSFODNN7EXAMPLE",
        "xoxb-17653672481-19874698323-pdFZKVeTuE8sk7oOcBrzbqgy",
        "POST /bot123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw-x/sendMessage",
    ],
)
def test_what_has_no_common_form(text: str) -> None:
    """Words and numbers that are kept in mind, and keys that say what they are."""
    secrets = re.findall(r"legal.*yellow|[0-9]{6,}|(?<=/ws/)\w+|AKIA\w+|xoxb[\w-]+|AAH[\w-]+", text)
    shown = without_secrets(text)
    assert secrets
    assert not [secret for secret in secrets if secret in shown and secret != "123456789"]
    assert without_secrets(shown) == shown


# --- What is no secret ---


@pytest.mark.parametrize(
    "text",
    [
        '{"side":"BUY","posSide":"long","tradeSide":"open","spin":"x","pinned":"y","opinion":"z","ping":1}',
        '{"seeded":"x","exceed":"1","session":"asia","sessions":2,"optional":"x","topic":"order","design":"x"}',
        '{"nonce":1700000000,"clientOid":"pin-7","orderId":"sid7","symbol":"SEEDUSDT","cl_ord_id":"otp1"}',
        '{"primaryKey":"a1b2c3d4","sortKey":"x","partition_key":"7","idempotencyKey":"1f2e3d4c","keyword":"x"}',
        "side=buy&outside=1&spin=3&exceed=5&seeding=9&sidecar=x",
        "side: BUY, positionSide -> LONG | spin | 7a8b9c0d |",
        "| symbol | side | token |\n| 1000PEPEUSDT | BUY | 1000PEPEUSDT |",
        "token 1000PEPEUSDT is not supported",
        "time,url,method,status,apiKey,body",
        "apiKey\tsymbol\torderId",
        "secret-in-log ccxt-js-2018.log:9: found",
        "The signature of POST requests has to be in the body, 2026-11-28T10:00:00Z.",
        "API key expired 2026-11-28T10:00:00Z",
        "orders exceed 200; session closed; opinion pinned at 12:00",
        "wss://stream.binance.com/ws/btcusdt@trade",
        "wss://fstream.binance.com/ws/BTCUSDT_260327@depth20",
        "/ws/BTC-USDT-SWAP",
        r"C:\1010\0610\x41.log",
        "100%25 of %41ll orders &#65; \\u0041",
        "order 1f2e3d4c5b6a -> 7a8b9c0d1e2f, client sign:btc:17",
        "{order: |\n  7\n}",
    ],
)
def test_what_is_no_secret_stays(text: str) -> None:
    """Names that end or begin like that of a secret, tables of other things, ids, symbols and streams."""
    assert without_secrets(text) == text


_SECRET_KEYS: Final = {"signatureChainId", "continuationToken", "security_key_authorization_required"}
_SECRET_TEXTS: Final = {
    *("error sign! ori", "Your IP 203.0.1", "empty value: ap", "K0crQkZRL0MyQVp", "/oIljKFOerbXfuW"),
    *("0a1d73706f7440", "pqia91ma19a5s61", "page_token%3D69", "page_token%3D39", "Ch1zcG90QHByaXZ"),
    "eyJPZmZzZXQiOjI",
}


def _keys_and_texts(value: Any) -> Iterator[tuple[str, str]]:
    """Keys and texts, each with what it is."""
    if isinstance(value, dict):
        for key, member in value.items():
            yield "key", key
            yield from _keys_and_texts(member)
    elif isinstance(value, list):
        for member in value:
            yield from _keys_and_texts(member)
    elif isinstance(value, str):
        yield "text", value


def test_samples_stay() -> None:
    """Of all keys and texts in all samples, no others are masked than these."""
    found = set(_keys_and_texts(list(LINES.values())))
    assert {text for what, text in found if what == "key" and is_secret(text)} == _SECRET_KEYS
    masked = {text for what, text in found if what == "text" and without_secrets(text) != text}
    assert [text for text in masked if not text.startswith(tuple(_SECRET_TEXTS))] == []
    assert len(found) > 5_000


# --- Places ---

ANSWER: Final = json.loads(CANCELED)
ERROR: Final = json.loads(REFUSED)
_URL: Final = "https://api.binance.com/api/v3/order?symbol=LTCBTC&orderId=4711"


def _member(**members: Any) -> Callable[[str, str], Any]:
    """A record with a member in its payload; ``name`` and ``secret`` stand for those in what is given."""

    def make(name: str, secret: str) -> Any:
        return {**ANSWER, "payload": {**ANSWER["payload"], **_filled(members, name, secret)}}

    return make


def _line(**members: Any) -> Callable[[str, str], Any]:
    """A line with a member beside its payload."""
    return lambda name, secret: {**ANSWER, **_filled(members, name, secret)}


def _message(text: str) -> Callable[[str, str], Any]:
    """An error with a message."""
    return lambda name, secret: {
        **ERROR,
        "payload": {**ERROR["payload"], "msg": _filled(text, name, secret)},
    }


def _http(**members: Any) -> Callable[[str, str], Any]:
    """A request and its answer, as many programs log them."""
    logged = {"ts": 1, "method": "DELETE", "url": _URL, "status": 400, "body": json.dumps(ERROR["payload"])}
    return lambda name, secret: {**logged, **_filled(members, name, secret)}


def _said(text: str) -> Callable[[str, str], str]:
    """A line of text."""
    error = repr(ERROR["payload"])
    return lambda name, secret: _filled(text.replace("ERROR", error), name, secret)


def _filled(value: Any, name: str, secret: str) -> Any:
    """A value with a name and a secret in the places of ``NAME`` and ``VALUE``."""
    if isinstance(value, dict):
        return {_filled(key, name, secret): _filled(member, name, secret) for key, member in value.items()}
    if isinstance(value, list):
        return [_filled(member, name, secret) for member in value]
    return value.replace("NAME", name).replace("VALUE", secret) if isinstance(value, str) else value


PLACES: Final[dict[str, Callable[[str, str], Any]]] = {
    "a member of a payload": _member(NAME="VALUE"),
    "a member at depth": _member(new={"NAME": {"a": [{"b": "VALUE"}]}}),
    "a pair": _member(new=[["NAME", "VALUE"]]),
    "a header in HAR": _member(new=[{"name": "NAME", "value": "VALUE"}]),
    "a header among the members": _member(name="NAME", value="VALUE"),
    "a key beside a signature": _member(key="VALUE", sign="x"),
    "a key": _member(**{"NAME=VALUE": 1}),
    "a word": _member(status="NAME=VALUE"),
    "an amount": _member(price='{"NAME":"VALUE"}'),
    "a message": _message("bad NAME: VALUE"),
    "a message with an arrow": _message("bad NAME -> VALUE"),
    "a message with a block": _message("NAME: |\n  VALUE\n  VALUE\n"),
    "a parameter": _line(request={"NAME": "VALUE", "symbol": "LTCBTC"}),
    "a URL": _line(request={"url": f"{_URL}&NAME=VALUE"}),
    "a member of a line": _line(meta={"headers": {"NAME": ["VALUE"]}}),
    "a venue": _line(venue="binance NAME=VALUE"),
    "an endpoint": _line(endpoint="DELETE /api/v3/order?NAME=VALUE"),
    "an account": _line(account="NAME=VALUE"),
    "a page": _line(payload="<html>NAME: VALUE</html>", status=502),
    "a table": _line(payload="NAME\tVALUE", status=502),
    "a header": _http(request_headers=[["NAME", "VALUE"]], headers={"NAME": "VALUE"}),
    "a form": _http(request_body="symbol=LTCBTC&orderId=4711&NAME=VALUE"),
    "a text in JSON": _line(message="NAME='VALUE' recv {}", payload=None),
}
SPOKEN: Final[dict[str, Callable[[str, str], str]]] = {
    "a member": _said("recv {'code': -2011, 'NAME': 'VALUE', 'msg': 'Unknown order sent.'}"),
    "a message": _said("recv {'code': -2011, 'msg': 'NAME=VALUE'}"),
    "beside an answer": _said("NAME := VALUE recv ERROR"),
    "a request": _said(f"Request: DELETE {_URL}&NAME=VALUE {{'NAME': 'VALUE'}}"),
    "an answer": _said("Response: 400 {'NAME': 'VALUE'} ERROR"),
    "a table": _said("NAME | VALUE"),
    "three quotes": _said('NAME="""VALUE"""'),
    "curl": _said("> NAME: VALUE"),
}
COMMANDS: Final = (
    *(
        ("check", "--output-format", form, "--events", "e", "--quarantine", "q", "--redact")
        for form in WRITERS
    ),
    ("check", "--drift", "refuse", "--output-format", "full"),
    ("normalise", "--unreadable"),
    ("convert", "-o", "e.csv"),
    ("story", "--output-format", "json"),
    ("replay",),
)


def _planted(places: dict[str, Callable[[str, str], Any]]) -> tuple[list[str], dict[str, str]]:
    """Lines with a secret of its own in each, and what each secret is."""
    lines: list[str] = []
    kinds: dict[str, str] = {}
    for i, (place, make) in enumerate(places.items()):
        for name in PLACED[i % 3 :: 3]:
            secret = f"zQ7plant{len(kinds):05}K9x"
            kinds[secret] = f"{place}: {name}"
            made = make(name, secret)
            lines.append(made if isinstance(made, str) else json.dumps(made))
    return lines, kinds


@pytest.mark.parametrize(("file", "places"), [("log.jsonl", PLACES), ("log.log", SPOKEN)])
def test_no_place_shows_a_secret(tmp_path: Path, file: str, places: dict[str, Any]) -> None:
    """Wherever in a log it stands, no command and no form of output repeats it, except for ids of events."""
    lines, kinds = _planted(places)
    (tmp_path / file).write_text("\n".join((*lines, "")), "utf-8")
    shown: list[str] = []
    for command in COMMANDS:
        ran = run_inside(*command, file, folder=tmp_path)
        assert ran.code in (0, 1)
        is_events = command[0] in ("normalise", "replay")
        shown += [without_ids("e", ran.out) if is_events else ran.out, ran.err]
        for name in ("e", "e.csv", "q"):
            if (path := tmp_path / name).exists():
                text = path.read_text("utf-8")
                shown.append(text if name == "q" else without_ids(name, text))
                path.unlink()
    for line in lines[::5]:
        (tmp_path / file).write_text(f"{line}\n", "utf-8")
        ran = run_inside("explain", f"{file}:1", folder=tmp_path)
        shown += [ran.out, ran.err]
    found = set(re.findall(r"zQ7plant[0-9]{5}K9x", "\n".join(shown)))
    leaked = sorted(kinds[secret] for secret in found)
    assert leaked == []
    assert any("[redacted]" in text for text in shown)
