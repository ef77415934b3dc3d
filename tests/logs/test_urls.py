"""Addresses and parameters of requests."""

import json
import re
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cancelnorm import venues
from cancelnorm.logs.options import Options
from cancelnorm.logs.url_paths import placed_at, venues_at, venues_behind
from cancelnorm.logs.urls import Address, Parameters, foreign, joined, locate, parameters, unknown_host
from cancelnorm.masking import without_secrets
from cancelnorm.secret_names import is_secret
from tests.samples import SAMPLES

NAMES = st.from_regex(r"[a-zA-Z]{1,12}", fullmatch=True).filter(lambda name: not is_secret(name))
VALUES = st.text(st.characters(codec="utf-8"), max_size=20).filter(lambda text: without_secrets(text) == text)


@pytest.mark.parametrize(
    ("url", "venue"),
    [
        ("https://api.binance.com/x", "binance"),
        ("https://api4.binance.com:443/x", "binance"),
        ("https://FAPI.binance.com/x", "binance"),
        ("https://testnet.binance.vision/x", "binance"),
        ("https://api.binance.us/x", "binance"),
        ("https://api.binance.info/x", "binance"),
        ("https://api.binance.th/x", "binance"),
        ("wss://stream.bybit.tr/x", "bybit"),
        ("wss://stream.bybit.id/x", "bybit"),
        ("https://api.bybit.com.hk/x", "bybit"),
        ("https://api.byhkbit.com/x", "bybit"),
        ("https://api.spark-fintech.com/x", "bybit"),
        ("https://api.manepa.jp/x", "bybit"),
        ("https://testnet.binancefuture.com/x", "binance"),
        ("wss://ws-fapi.binance.com/ws-fapi/v1", "binance"),
        ("https://api.bytick.com/x", "bybit"),
        ("https://api.bybit.eu/x", "bybit"),
        ("https://api-testnet.bybit.com/x", "bybit"),
        ("https://api.bybit-tr.com/x", "bybit"),
        ("https://open-api.bingx.com/x", "bingx"),
        ("https://open-api-vst.bingx.com/x", "bingx"),
        ("https://open-api.bingx.io/x", "bingx"),
    ],
)
def test_hosts(url: str, venue: str) -> None:
    """A host belongs to the venue whose domain it ends in."""
    address = locate("GET", url)
    assert address is not None
    assert address.venue == venue


@pytest.mark.parametrize(
    "url",
    [
        "https://notbinance.com/api/v3/order",
        "https://api.binance.com.example.org/api/v3/order",
        "https://example.org/?to=https://api.binance.com/api/v3/order",
        "https://[broken/api/v3/order",
        "/nobody/has/this",
        "order.cancel",
        "",
    ],
)
def test_addresses_of_no_venue(url: str) -> None:
    """What only looks like a venue's is none, and what is broken is none."""
    assert locate("DELETE", url) is None


def test_endpoint_and_request() -> None:
    """The endpoint has neither host nor query nor trailing slash; lists stay the text that readers expect."""
    url = "https://api1.binance.com/api/v3/order/?symbol=BTCUSDT&ids=%5B1%2C2%5D&signature=5a5a#top"
    assert locate("delete", url) == Address(
        "binance",
        "DELETE /api/v3/order",
        {"symbol": "BTCUSDT", "ids": "[1,2]", "signature": "[redacted]"},
        ("request.signature",),
    )


def test_paths_alone() -> None:
    """Without a host the path tells, where one venue alone has it; without a method likewise."""
    assert locate(None, "/v5/order/cancel") == Address("bybit", "POST /v5/order/cancel", None)
    assert locate("DELETE", "/fapi/v1/order") == Address("binance", "DELETE /fapi/v1/order", None)
    assert locate("GET", "/api/v3/account") is None
    assert locate("DELETE", "/orders/17") is None  # any service may have it
    assert locate(None, "/orders/17") is None
    assert foreign("DELETE", "https://shop.example/orders/17") is None
    named = locate("DELETE", "/orders/client:c-9", venue="coinbase_exchange")
    assert named == Address("coinbase_exchange", "DELETE /orders/client:{client_oid}", {"client_oid": "c-9"})
    assert locate("GET", "/api/v3/account", venue="binance") == Address(
        "binance", "GET /api/v3/account", None
    )


def test_a_host_overrules_the_venue_that_is_known_otherwise() -> None:
    """And a proxy's host does not."""
    assert (locate(None, "https://api.bybit.com/x", venue="binance") or [None])[0] == "bybit"
    assert (locate(None, "http://localhost:8080/x", venue="binance") or [None])[0] == "binance"


def test_every_endpoint_is_found_by_its_own_path() -> None:
    """For each codec over HTTP, beside one of the hosts of its venue."""
    tried = 0
    for domain, venue in venues.hosts().items():
        for endpoint in venues.every()[venue].endpoints:
            method, _, path = endpoint.partition(" ")
            if path.startswith("/"):
                tried += 1
                assert locate(method, f"https://{domain}{path}?a=1") == Address(venue, endpoint, {"a": "1"})
    assert tried


@pytest.mark.parametrize(
    "url",
    [
        f"wss://stream.binance.com:9443/ws/{'FAKE' * 16}",
        f"wss://stream.binance.com:9443/stream?streams={'FAKE' * 16}",
        "wss://open-api-ws.bingx.com/market?listenKey=FAKE",
    ],
)
def test_listen_keys_of_streams(url: str) -> None:
    """A listen key in the address of a stream is named as a place, and is in nothing that is given."""
    address = locate(None, url)
    assert address is not None
    assert (address.endpoint, address.request, address.secrets) == (None, None, ("url",))


def test_a_stream_without_a_key() -> None:
    """There is nothing secret in it."""
    assert locate("GET", "wss://stream.binance.com/stream?streams=btcusdt@trade/ethusdt@trade") == Address(
        "binance", None, None
    )


def test_bodies() -> None:
    """JSON, forms and mappings; masked at any depth, also inside text."""
    assert parameters(b'{"orderId": 1, "args": [{"apiKey": "FAKE"}]}') == Parameters(
        {"orderId": 1, "args": [{"apiKey": "[redacted]"}]}, ("request.args[0].apiKey",)
    )
    assert parameters("symbol=A%20B&signature=FAKE").request == {"symbol": "A B", "signature": "[redacted]"}
    assert parameters({"url": "https://x/?a=1&signature=FAKE"}) == Parameters(
        {"url": "https://x/?a=1&signature=[redacted]"}, ("request.url",)
    )


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("a=1&signature=FAKE0123", "a=1&signature=[redacted]"),
        ("apiKey: FAKE0123", "apiKey: [redacted]"),
        ("apiKey%3DFAKE0123", "apiKey%3D[redacted]"),
        ("Basic RkFLRTpGQUtF", "Basic [redacted]"),
        ("eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJGQUtFIn0.RkFLRQ", "[redacted]"),
        ("FAKE" * 16, "[redacted]"),
    ],
)
def test_secrets_under_other_names(value: str, shown: str) -> None:
    """A parameter may hold another request, a header or a token, whatever it is called."""
    expected = Parameters({"note": shown}, ("request.note",))
    assert parameters({"note": value}) == parameters(urlencode({"note": value})) == expected


def test_bodies_that_are_arrays() -> None:
    """Of objects; whatever their keys are, and also where they were read already."""
    rows: list[dict[str, Any]] = [
        {"ordId": "1", "new": [1]},
        {"sign": "FAKE", "inner": {"OK-ACCESS-KEY": "FAKE"}},
    ]
    masked: list[dict[str, Any]] = [
        {"ordId": "1", "new": [1]},
        {"sign": "[redacted]", "inner": {"OK-ACCESS-KEY": "[redacted]"}},
    ]
    expected = Parameters(masked, ("request[1].sign", "request[1].inner.OK-ACCESS-KEY"))
    assert parameters(json.dumps(rows)) == parameters(rows) == parameters(tuple(rows)) == expected
    assert parameters(b"[{}]") == Parameters([{}])


@pytest.mark.parametrize(
    ("query", "body", "request_"),
    [
        (None, None, None),
        ({}, {}, None),
        ({"a": 1}, None, {"a": 1}),
        ({"a": 1, "b": 2}, {"a": 3}, {"a": 3, "b": 2}),
        ({"a": 1, "b": 2}, [{"a": 3}, {}], [{"a": 3, "b": 2}, {"a": 1, "b": 2}]),
        (None, [{"a": 3}], [{"a": 3}]),
    ],
)
def test_query_and_body(query: Any, body: Any, request_: Any) -> None:
    """The body counts more, and the query holds for each of its rows."""
    assert joined(query, body) == request_


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"[1]", b'[{"a":1},2]', b'"text"', b"{broken", b"plain text", b"\xff\xfe", b"[" * 100_000],
)
def test_bodies_without_parameters(body: bytes) -> None:
    """What has none gives none."""
    assert parameters(body) == Parameters(None)


@given(st.dictionaries(NAMES, VALUES, min_size=1))
def test_parameters_round_trip(sent: dict[str, str]) -> None:
    """What is in a query is in the request, and in a form likewise."""
    address = locate("GET", f"https://api.binance.com/x?{urlencode(sent)}")
    assert address is not None
    assert address.request == sent
    assert parameters(urlencode(sent)).request == sent


@given(st.text(), st.none() | st.text(max_size=8))
def test_any_address(url: str, method: str | None) -> None:
    """No text raises; whatever is found is a venue's."""
    address = locate(method, url)
    assert address is None or address.venue in venues.names()


@given(st.binary() | st.binary().map(lambda body: b"{" + body))
def test_any_body(body: bytes) -> None:
    """No bytes raise."""
    assert parameters(body).secrets == () or parameters(body).request


@pytest.mark.parametrize(
    ("method", "url", "owners"),
    [
        ("DELETE", "https://api.binance.example/api/v3/order?symbol=A", "binance or mexc"),
        ("DELETE", "http://proxy.local:8080/binance/api/v3/openOrders", "binance or mexc"),
        (None, "https://gateway/v5/order/cancel", "bybit"),
        ("POST", "https://api.binance.example/api/v3/order", None),
        ("GET", "https://example.com/", None),
        ("DELETE", "https://[", None),
    ],
)
def test_an_endpoint_at_another_host(method: str | None, url: str, owners: str | None) -> None:
    """A proxy, or a host that is not known, is told by the path; nobody guesses that it is the venue's."""
    assert locate(method, url) is None
    reason = foreign(method, url)
    assert (reason is None) == (owners is None)
    assert reason is None or f"the path is an endpoint of {owners}, but" in reason


@pytest.mark.parametrize("name", ["sign:btc:17", "token:8", "secret:1", "grid:9"])
def test_a_client_order_id_is_no_secret(name: str) -> None:
    """It may begin with a word that names one."""
    address = locate("DELETE", f"https://api.binance.com/api/v3/order?origClientOrderId={name}")
    assert address is not None
    assert (address.request, address.secrets) == ({"origClientOrderId": name}, ())


IDS_OF_USERS = (
    *(
        "t-pin: 1234",
        "pin 1234",
        "otp 483920",
        "secret:1",
        "sid=7",
        "seed: 5",
        "sign->btc",
        "mnemonic:a1b2c3d4",
    ),
    *("my passcode is a1b2c3d4", "api key a1b2c3d4e5", "token | 7a8b9c0D", "--token 12", "jwt: 1"),
)


@pytest.mark.parametrize("venue", venues.names())
def test_what_a_user_calls_an_order_is_no_secret(venue: str) -> None:
    """Under any name that an endpoint has for an id, alone, in a list, in a row and in a form; elsewhere it is one."""
    endpoints = venues.every()[venue].endpoints.values()
    for name, at in {name: each.name for each in endpoints for name in each.request.ids}.items():
        address = Address(venue, at, None)
        for sent in ({name: [*IDS_OF_USERS]}, {"a": [{name.upper(): each} for each in IDS_OF_USERS]}):
            assert parameters(sent, address=address) == Parameters(sent)
            assert parameters(json.dumps([sent]), address=address) == Parameters([sent])
        for each in IDS_OF_USERS:
            assert parameters(urlencode({name: each}), address=address) == Parameters({name: each})
    for each in IDS_OF_USERS:
        assert parameters({"note": each}, address=Address(venue, None, None)).secrets
        assert parameters({"clientOrderId": each}).secrets


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("11,signature=FAKE0123", "11,signature=[redacted]"),
        ("11 apiKey: FAKE0123", "11 apiKey: [redacted]"),
        ("11&secret_key=FAKE0123", "11&secret_key=[redacted]"),
        ("11;token=FAKE0123", "11;token=[redacted]"),
        ('{"apiKey":"FAKE0123"}', '{"apiKey":"[redacted]"}'),
        ("eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJGQUtFIn0.RkFLRQ", "[redacted]"),
        ("FAKE" * 16, "[redacted]"),
    ],
)
def test_a_secret_in_the_place_of_an_id(value: str, shown: str) -> None:
    """What ends with a secret, or is one, is no id that anyone has chosen."""
    address = Address("bybit", "POST /v5/order/cancel", None)
    expected = Parameters({"orderLinkId": shown}, ("request.orderLinkId",))
    assert parameters({"orderLinkId": value}, address=address) == expected


def test_parameters_without_end() -> None:
    """What is nested deeper than anyone would send has none, and is no fault."""
    deep = '{"a":' * 900 + "1" + "}" * 900
    assert parameters(deep) == parameters(json.loads(deep)) == (None, ())


# --- Hosts that the caller names ---


@pytest.mark.parametrize(
    ("url", "endpoint"),
    [
        ("http://proxy.local:8080/api/v3/order?symbol=BTCUSDT", "DELETE /api/v3/order"),
        ("http://eu.proxy.local/api/v3/order", "DELETE /api/v3/order"),
        ("http://proxy.local/binance/api/v3/order", "DELETE /api/v3/order"),
        ("http://proxy.local/binance/api/v3/nope", "DELETE /binance/api/v3/nope"),
        ("wss://proxy.local/ws-api/v3", None),
    ],
)
def test_a_host_of_the_caller(url: str, endpoint: str | None) -> None:
    """It is of the venue that the caller names, whatever path a proxy puts before the venue's."""
    options = Options(hosts=(("Proxy.Local:8080", "Binance USDM"),))
    address = locate("DELETE" if endpoint else None, url, hosts=options.hosts)
    assert address is not None
    assert (address.venue, address.endpoint) == ("binance", endpoint)


def test_an_unknown_host_is_named() -> None:
    """So that the option to use can be copied."""
    assert unknown_host("wss://x.example:9443/stream") == (
        "x.example is not a known host; name its venue with --host x.example=VENUE"
    )
    assert unknown_host("") == "unknown venue; name it with --venue"


def test_what_a_path_says() -> None:
    """It counts more than the query, and each address has it for itself."""
    venue = next(v for v in venues.names() if any("{" in each for each in venues.every()[v].endpoints))
    name = next(each for each in venues.every()[venue].endpoints if each.count("{") == 1)
    method, _, path = name.partition(" ")
    key = path.partition("{")[2].partition("}")[0]
    url = f"https://{venues.every()[venue].hosts[0]}{path.replace(f'{{{key}}}', '17')}"
    found, again = locate(method, url), locate(method, url)
    assert found is not None
    assert again is not None
    assert (found.endpoint, found.request) == (name, {key: "17"})
    assert found.request is not again.request
    asked = locate(method, f"{url}?{key}=18&side=buy")
    assert asked is not None
    assert asked.request == {key: "17", "side": "buy"}


@pytest.mark.parametrize("name", ["binance/delete-order-2024", "mexc/spot-delete-order-2022"])
def test_a_path_of_several_venues_is_told_by_the_answer(name: str) -> None:
    """Without a host, the one of them that sends such an answer; where both do, the caller has to say which."""
    sample = SAMPLES[name]
    answer = bytes(sample.payload)
    path = "/api/v3/order?symbol=BTCUSDT&orderId=1"
    address = locate("DELETE", path, answer=answer)
    assert address is not None
    assert (address.venue, address.endpoint) == (sample.venue, "DELETE /api/v3/order")
    refused = b'{"code":-2011,"msg":"Unknown order sent."}'
    assert locate("DELETE", path, answer=refused) is None
    owners = "the path is an endpoint of binance or mexc, so name the venue with --venue"
    assert foreign("DELETE", path, refused) == owners
    named = locate("DELETE", path, venue="mexc", answer=refused)
    assert named is not None
    assert named.venue == "mexc"


def _asked_of_each(method: str, path: str) -> tuple[str, ...]:
    """The venues that a path tells, by asking every one."""
    found = ((name, placed_at(name, f"{method} {path}")) for name in venues.names())
    return tuple(
        name
        for name, placed in found
        if placed is not None and sum("{" not in part for part in placed.endpoint.split("/")[1:]) > 1
    )


@pytest.mark.parametrize("venue", venues.names())
def test_a_path_is_looked_for_where_it_may_be(venue: str) -> None:
    """A path is asked only of venues that have one like it, and found as if all were asked."""
    known = venues.every()[venue]
    for name in (each for each in known.endpoints if " /" in each):
        method, _, path = re.sub(r"\{\w+\}", "17", name).partition(" ")
        for other in (path, f"{path}/x", path.rpartition("/")[0], path.removeprefix(known.base_path or "")):
            assert venues_at(method, other) == _asked_of_each(method, other)
            assert set(venues_behind(method, f"/proxy{other}")) >= set(_asked_of_each(method, other))


@pytest.mark.parametrize(
    "url",
    [
        "https://hooks.slack.com/services/T0AAA/B0BBB/FAKEFAKEFAKEFAKE5a5a5a5a",
        "https://api.telegram.org/bot110212345:AAFAKEFAKEFAKEFAKEFAKEFAKEFAKE5a5a5a5a/sendMessage",
    ],
)
def test_a_webhook_at_a_host_of_no_venue(url: str) -> None:
    """The log is said to be of a venue, and the bot writes to its owner as well: the path holds a key."""
    address = locate("POST", url, venue="bybit")
    assert address is not None
    assert address.endpoint is not None
    assert "5a5a5a5a" not in address.endpoint
