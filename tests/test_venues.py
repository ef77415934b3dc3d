"""Venues are found by every name that people have for them, and those of other distributions too."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from cancelnorm import NotACancel, Record, identify, normalise, parse, routing, venues
from cancelnorm.check.judgement import Skipped, judge
from cancelnorm.logs import Options
from cancelnorm.logs.ccxt import CCXT
from cancelnorm.logs.jsonl import MAPPED
from cancelnorm.logs.records import read_block
from cancelnorm.logs.source import Block
from cancelnorm.record import Request
from cancelnorm.routing import Placed
from cancelnorm.venue import SharedName, SocketKeys, Venue
from tests.logs.captured import records
from tests.samples import SAMPLES

NAMES = [(name, alias) for name, venue in venues.every().items() for alias in (name, *venue.aliases)]
SPELLINGS: dict[str, Callable[[str], str]] = {
    "upper": str.upper,
    "padded": "  {}\t".format,
    "dashes": lambda name: name.title().replace(" ", "-"),
    "underscores": lambda name: name.upper().replace(" ", "_"),
    "together": lambda name: name.replace(" ", ""),
    "dots": lambda name: name.replace(" ", "."),
}
OTHERS = [
    "binanceus",
    "Binance.US",
    "binance-us",
    "binance_us",
    "binance tr",
    "bitstamp",
    "",
    " ",
    "bin ance x",
]


# --- Endpoints by their paths ---


PATHS = Venue("paths", package="tests.paths", docs="")
"""A venue that does not exist."""
PATHS.__dict__["endpoints"] = dict.fromkeys(
    (
        "DELETE /orders/{order_id}",
        "DELETE /orders/client:{client_id}",
        "DELETE /orders/all",
        "GET /{market}/orders/{order_id}",
    )
)


@pytest.mark.parametrize(
    ("path", "endpoint", "said"),
    [
        ("/orders/17", "DELETE /orders/{order_id}", {"order_id": "17"}),
        ("/orders/all", "DELETE /orders/all", {}),
        ("/orders/client:17", "DELETE /orders/client:{client_id}", {"client_id": "17"}),
        ("/orders/client:a%2Fb%3Ac", "DELETE /orders/client:{client_id}", {"client_id": "a/b:c"}),
        ("/orders/client%3A17", "DELETE /orders/client:{client_id}", {"client_id": "17"}),
        ("/orders/client%3a17?product=X", "DELETE /orders/client:{client_id}", {"client_id": "17"}),
        ("/orders/client:", "DELETE /orders/{order_id}", {"order_id": "client:"}),
        ("/orders/clients:17", "DELETE /orders/{order_id}", {"order_id": "clients:17"}),
    ],
)
def test_a_path_with_parameters(path: str, endpoint: str, said: dict[str, str]) -> None:
    """Of several endpoints at a path, that counts which says most of it."""
    assert routing.placed(PATHS, f"DELETE {path}") == Placed(endpoint, said)


# --- Aliases ---


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_an_alias_finds_its_venue(spelling: str) -> None:
    """In any case and with any punctuation."""
    assert NAMES
    for name, alias in NAMES:
        found = venues.find(SPELLINGS[spelling](alias))
        assert found is venues.every()[name], alias
        assert venues.canonical(SPELLINGS[spelling](alias)) == name


@pytest.mark.parametrize("name", OTHERS)
def test_other_names_find_nothing(name: str) -> None:
    """Binance.US is another venue."""
    assert venues.find(name) is None
    assert venues.canonical(name) == name


def test_no_alias_is_of_two_venues() -> None:
    """Nor written down twice."""
    spelled = [(name, SPELLINGS["together"](alias)) for name, alias in NAMES]
    assert len({alias for _, alias in spelled}) == len(spelled)


@given(st.text())
def test_any_name(name: str) -> None:
    """No text raises."""
    assert (venues.find(name) is None) == (venues.canonical(name) not in venues.names())


# --- Wherever a venue is named ---

ONE_OF_EACH = {
    sample.venue: sample
    for sample in SAMPLES.values()
    if sample.endpoint in venues.every()[sample.venue].endpoints
}


@pytest.mark.parametrize("venue", ONE_OF_EACH)
def test_records_of_a_caller(venue: str) -> None:
    """``normalise``, ``parse`` and ``identify`` take an alias; events have the venue's own name."""
    record = ONE_OF_EACH[venue].record()
    named = Record(record.payload, f" {venue.upper()} ", record.endpoint, record.status, record.request)
    assert {event.venue for event in normalise(named).events} == {venue}
    assert parse(named) == parse(record)
    assert identify(record.payload, venue=venue.upper()) == identify(record.payload, venue=venue)


@pytest.mark.parametrize(("name", "alias"), NAMES)
def test_records_of_logs(name: str, alias: str) -> None:
    """The formats and ``--venue`` take an alias; records have the venue's own name."""
    alias = SPELLINGS["underscores"](alias)
    line = json.dumps({"venue": alias, "payload": {}}).encode()
    (record,) = read_block(Block("log", 1, line))
    assert isinstance(record, Record)
    assert record.venue == name
    line = json.dumps({"exchange": alias, "ts": 1, "response": {"a": 1}}).encode()
    assert [found.venue for found in records(MAPPED, line)] == [name]
    assert Options(venue=alias).venue == name
    exchange = SPELLINGS["together"](alias.lower().replace("_", " "))
    log = f"fetch Response: {exchange} POST http://localhost/x 200 ResponseHeaders: {{}} ResponseBody: {{}}\n"
    assert [found.venue for found in records(CCXT, log.encode())] == [name]


@pytest.mark.parametrize("name", ["binanceus", "bitstamp"])
def test_other_exchanges_of_ccxt(name: str) -> None:
    """What they answered is no venue's."""
    log = f"fetch Response: {name} POST http://localhost/x 200 ResponseHeaders: {{}} ResponseBody: {{}}\n"
    assert records(CCXT, log.encode()) == []


# --- Venues of other distributions ---

PLUG_IN = """
from cancelnorm.venue import SocketKeys, Venue

VENUE = Venue(
    "acme",
    package="acme",
    docs="https://acme.example",
    hosts=("acme.example",),
    aliases=("acme futures",),
    secrets=("X-Acme-Ticket", "vaultCode"),
    secret_texts={"signed as": r" .*"},
    socket=SocketKeys(
        request_id=("seq",),
        operation=("do",),
        parameters=("with",),
        answer=("done",),
        secret_operations=frozenset({"enter"}),
    ),
)
"""
SCRIPT = """
import sys
from cancelnorm import venues
from cancelnorm.logs import Options
from cancelnorm.logs.urls import locate
from cancelnorm.logs.websocket import Frames
from cancelnorm.masking import without_secrets
from cancelnorm.secret_names import is_secret

for text in (
    "X-ACME-TICKET: s3cr3t",
    "{'vault_code': 's3cr3t'}",
    "vault code=s3cr3t",
    '{"do":"enter","with":["s3cr3t"]}',
    '{"with":["s3cr3t"],"do":"enter"}',
    "wrong: signed as s3cr3t and more",
):
    assert "s3cr3t" not in without_secrets(text), text
assert is_secret("vaultcode") and is_secret("myVaultCode") and not is_secret("unvaultcode")
assert "acme" in venues.names() and "broken" not in venues.names()
assert venues.find("ACME-Futures").name == "acme"
assert locate("GET", "https://api.acme.example/x").venue == "acme"
frames = Frames(Options())
frames.send(b'{"seq":1,"do":"drop","with":{"id":7}}', 5, None, source="log:1")
record = frames.receive(b'{"seq":1,"done":true}', 6, "acme", "log:1")
assert (record.endpoint, record.request, record.sent_ns) == ("ws drop", {"id": 7}, 5)
"""


@pytest.fixture
def plugged_in(tmp_path: Path) -> Path:
    """A folder with a distribution that brings a venue, and with one that is broken."""
    (tmp_path / "acme").mkdir()
    (tmp_path / "acme" / "__init__.py").write_text(dedent(PLUG_IN))
    (tmp_path / "broken.py").write_text("raise OSError('no licence')")
    for name, target in (("acme", "acme:VENUE"), ("broken", "broken:VENUE")):
        info = tmp_path / f"{name}-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        (info / "entry_points.txt").write_text(f"[{venues.GROUP}]\n{name} = {target}\n")
    return tmp_path


def test_a_venue_of_another_distribution(plugged_in: Path) -> None:
    """Its declaration is all that is needed; one that is broken is named and costs no other anything."""
    program = f"import sys; sys.path.insert(0, {str(plugged_in)!r})\n{SCRIPT}"
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stdout) == (0, ""), ran.stderr
    assert "venue plug-in broken:VENUE cannot be used: OSError: no licence" in ran.stderr


# --- Plug-ins that do harm ---

_HARMFUL = """
import sys, warnings
from importlib import metadata
from cancelnorm.venue import Venue

class Entry:
    def __init__(self, venue):
        self.value, self._venue = "harmful:VENUE", venue
    def load(self):
        return self._venue

plug_ins = [
    Venue("zacme", package="harmful", docs="", hosts=("binance.com",), aliases=("binanceusdm",)),
    Venue("Binance", package="json", docs=""),
    Venue("zgood", package="json", docs=""),
]
metadata.entry_points = lambda *, group: [Entry(venue) for venue in plug_ins]
from cancelnorm import identify, venues
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    names = venues.names()
print(*names)
print(len(caught), *sorted(str(warning.message).split(":")[0] for warning in caught))
print(venues.find("binanceusdm").name, venues.hosts()["binance.com"], venues.find("BINANCE").name)
print(len(identify(b'{"code":-2011,"msg":"Unknown order sent."}')) > 1)
"""


def test_a_harmful_plug_in_costs_the_others_nothing(tmp_path: Path) -> None:
    """One whose modules fail is left out; none takes the name, the alias or the host of another venue."""
    package = tmp_path / "harmful"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "orders.py").write_text("raise RuntimeError('broken')")
    (tmp_path / "harmful.egg-info").mkdir()
    (tmp_path / "harmful.egg-info" / "entry_points.txt").write_text(f"[{venues.GROUP}]\n")
    found = subprocess.run(
        [sys.executable, "-c", _HARMFUL],
        check=True,
        capture_output=True,
        text=True,
        cwd=Path(__file__).parent.parent,
        env={"PYTHONPATH": f"{tmp_path}:."},
    )
    lines = found.stdout.splitlines()
    assert lines[0].split() == [*sorted([*(set(lines[0].split()) - {"zgood"})]), "zgood"]
    assert "zacme" not in lines[0]
    assert "Binance" not in lines[0].split()
    assert lines[1].startswith("2 ")
    assert lines[2] == "binance binance binance"
    assert lines[3] == "True"


@pytest.mark.parametrize(
    ("name", "endpoint"),
    [
        ("POST /cancelorder", "POST /derivatives/api/v3/cancelorder"),
        ("post https://futures.kraken.com/cancelorder?a=1", "POST /derivatives/api/v3/cancelorder"),
        ("POST /derivatives/api/v3/cancelorder", "POST /derivatives/api/v3/cancelorder"),
        ("POST /nothing", None),
    ],
)
def test_a_base_path_may_be_left_out(name: str, endpoint: str | None) -> None:
    """Where the documentation leaves it out."""
    found = routing.placed(venues.every()["kraken_futures"], name)
    assert found == (None if endpoint is None else Placed(endpoint, {}))


# --- One path of several endpoints ---


@pytest.mark.parametrize(
    ("endpoint", "request_", "wanted"),
    [
        ("POST /rpc", {"do": "cancel"}, "GET /rpc/cancel"),
        ("POST https://acme.example/rpc?a=1", {"do": "", "act": {"do": "cancel"}}, "GET /rpc/cancel"),
        ("POST /rpc/private/cancel", {"do": "cancel"}, "GET /rpc/cancel"),
        ("POST /rpc/public/cancel", {"do": "cancel"}, "POST /rpc/public/cancel"),
        ("POST /rpc", {"do": 7}, None),
        ("POST /rpc", [{"do": "cancel"}], None),
        ("POST /rpc", None, None),
        ("GET /rpc", {"do": "cancel"}, "GET /rpc"),
        (None, {"do": "cancel"}, "GET /rpc/cancel"),  # of which there is no endpoint
        (None, {"do": 7}, None),
    ],
)
def test_a_word_tells_the_endpoint_below_a_path(
    endpoint: str | None, request_: Any, wanted: str | None
) -> None:
    """At a path of several endpoints, and below one that ends in a slash; None where the request does not tell."""
    venue = Venue(
        "acme",
        package="tests.samples",
        docs="https://acme.example",
        shared_names={
            "POST /rpc": SharedName(("do", "act.do"), "GET /rpc/{word}"),
            "POST /rpc/private/": SharedName(("do",), "GET /rpc/{word}"),
        },
    )
    assert routing.asked(venue, endpoint, request_) == wanted


@pytest.mark.parametrize(
    ("venue", "request_", "payload"),
    [
        (
            "hyperliquid",
            {"action": {"type": "usdSend", "amount": "1"}},
            {"status": "ok", "response": {"type": "default"}},
        ),
        (
            "deribit",
            {"jsonrpc": "2.0", "id": 1, "method": "private/set_x", "params": {}},
            {"jsonrpc": "2.0", "id": 1, "result": "ok"},
        ),
        (
            "binance",
            {"id": 1, "method": "order.place", "params": {}},
            {"id": 1, "status": 400, "error": {"code": -2010, "msg": "Rejected."}},
        ),
    ],
)
def test_the_answer_to_a_request_for_something_else(
    venue: str, request_: dict[str, Any], payload: dict[str, Any]
) -> None:
    """It is no cancel's, although answers to cancels look like it."""
    record = Record(json.dumps(payload), venue, request=request_)
    assert normalise(replace(record, request=None)).events
    with pytest.raises(NotACancel):
        normalise(record)
    with pytest.raises(NotACancel):
        parse(record)
    assert isinstance(judge(record), Skipped)


@pytest.mark.parametrize("name", ["stream full", "stream user"])
def test_a_channel_of_several_endpoints_names_none(name: str) -> None:
    """Its frames are read as those that are recorded without an endpoint."""
    sample = {"type": "done", "time": "2026-02-02T02:40:00.028459Z", "product_id": "BTC-USD", "sequence": 1}
    order = {"order_id": "1f0a77c2-aa10", "reason": "canceled", "side": "sell"}
    record = Record(json.dumps(sample | order), "coinbase_exchange", name)
    assert normalise(record) == normalise(replace(record, endpoint=None))
    assert parse(record) == parse(replace(record, endpoint=None))
    assert venues.placed(record).endpoint is None


# --- Requests that may cancel ---


@pytest.mark.parametrize("venue", venues.every().values(), ids=str)
def test_every_endpoint_but_queries_may_cancel(venue: Venue) -> None:
    """A known endpoint cancels unless it is declared as a query, and a ``GET`` only if that is declared."""
    for name, endpoint in venue.endpoints.items():
        assert routing.may_cancel(venue, name) is not endpoint.is_query
        assert endpoint.is_query or endpoint.cancels or not name.startswith("GET ")
    assert not any(routing.may_cancel(venue, name) for name in venue.others)


@pytest.mark.parametrize(
    ("venue", "endpoint", "sent", "may"),
    [
        ("binance", "DELETE /api/v9/everything", None, True),
        ("binance", "POST /sapi/v1/dci/halt", {"orderId": "7"}, True),
        ("binance", "POST /sapi/v1/dci/halt", {"rows": [{"ORDERID": 7}]}, True),
        ("binance", "POST /sapi/v1/dci/halt", {"symbol": "BTCUSDT"}, False),
        ("binance", "GET /sapi/v1/dci/state", {"orderId": "7"}, False),
        ("binance", "DELETE /api/v3/userDataStream", None, False),
        ("binance", "ws myTrades", {"orderId": 7}, False),
        ("binance", "ws order.place", {"newClientOrderId": "7"}, False),
        ("binance", "ws order.vanish", {"orderId": 7}, True),
        ("binance", "POST /sapi/v1/mining/hash-transfer/config/cancel", None, False),
        ("binance", "DELETE /sapi/v1/margin/isolated/account", {"symbol": "BTCUSDT"}, False),
        ("bybit", "POST /v5/asset/withdraw/cancel", {"id": "10197"}, False),
        ("bybit", "POST /v5/order/amend", {"orderId": "7"}, False),
        ("bybit", "POST /v5/order/create", {"orderLinkId": "7"}, False),
        ("bybit", "POST /v5/strategy/terminate", None, True),
        ("bingx", "POST /openApi/swap/v9/trade/cancelSome", None, True),
        ("okx", "POST /api/v9/trade/revoke-some", None, True),
        ("okx", "POST /api/v9/trade/countdown", None, True),
        ("okx", "POST /api/v9/trade/kill-switch", None, True),
        ("okx", "POST /api/v9/tradingBot/stop", None, True),
        ("okx", "POST /api/v9/tradingBot/grid-stop", None, True),
        ("okx", "ws bot.stop", None, True),
        ("okx", "POST /api/v9/trade/stop-loss", None, False),
        ("okx", "POST /api/v9/trade/stop-loss", {"ordId": "7"}, True),
        ("okx", "HEAD /api/v9/trade/state", {"ordId": "7"}, False),
        ("okx", "OPTIONS /api/v9/trade/state", {"ordId": "7"}, False),
        ("okx", "PUT /api/v9/trade/state", {"ordId": "7"}, True),
    ],
)
def test_endpoints_that_are_not_known(venue: str, endpoint: str, sent: Request | None, *, may: bool) -> None:
    """They may cancel by their method, their name, or the order that is named."""
    assert routing.may_cancel(venues.every()[venue], endpoint, sent) is may


@pytest.mark.parametrize("venue", venues.every().values(), ids=str)
def test_a_request_that_names_orders_may_cancel(venue: Venue) -> None:
    """Whichever parameter names them, one or many, in either case, alone, in a row, or in rows of rows."""
    keys = [endpoint.request for endpoint in venue.endpoints.values()]
    names = {name for each in keys for name in (*each.order_id, *each.order_ids)}
    assert names
    for name in [*names, *map(str.upper, names)]:
        for sent in ({name: "7"}, {"a": 1, "rows": [{"b": 2}, {name: ["7"]}]}, {"rows": [[{name: "7"}]]}):
            assert routing.may_cancel(venue, "PATCH /nowhere", sent)
            assert not routing.may_cancel(venue, "GET /nowhere", sent)
    assert not routing.may_cancel(venue, "PATCH /nowhere", {"rows": [{"b": 2}], "c": [name]})


SHARED = MappingProxyType(
    {
        "POST /do": SharedName(("action.type", "type")),
        "POST /ask": SharedName(("type",)),
        "ws do": SharedName(("payload.type",)),
    }
)
SOCKET = SocketKeys(
    request_id=("id",),
    operation=("method",),
    detail=("args.topic",),
    parameters=("args",),
    request=("method",),
    prefixes={"linear": "ws-linear"},
)


@pytest.mark.parametrize(
    ("endpoint", "request_", "wanted"),
    [
        ("POST /do", {"action": {"type": "cancel"}}, "POST /do cancel"),
        ("POST https://api.acme.example/do/?x=1", {"type": "cancel"}, "POST /do cancel"),
        ("POST /do", {"action": {"type": "send"}, "type": "cancel"}, "POST /do send"),
        ("ws do", {"type": "x", "payload": {"type": "cancel"}}, "ws do cancel"),
        ("POST /do", {"action": "cancel"}, None),
        ("POST /do", {"action": {"type": ""}}, None),
        ("POST /do", [{"type": "cancel"}], None),
        ("POST /do", None, None),
        ("POST /do cancel", {"type": "state"}, "POST /do cancel"),
        ("POST /other", {"type": "cancel"}, "POST /other"),
        # Without a path.
        (None, {"action": {"type": "cancel"}}, "POST /do cancel"),
        (None, {"type": "state"}, "POST /ask state"),
        (None, {"type": "both"}, None),
        (None, {"type": "send"}, "POST /do send"),  # a word of nothing that cancels
        (None, {"other": "send"}, None),
        (None, None, None),
        # A whole frame of a socket.
        (None, {"id": 1, "method": "stop"}, "ws stop"),
        (None, {"id": 1, "method": "both"}, None),
        (None, {"id": 1, "method": "place"}, "ws place"),
        (None, {"method": "place"}, None),
        (None, {"id": 1}, None),
        (None, {"method": "push", "args": [{"topic": "order"}]}, "ws push order"),
        (None, {"id": 1, "method": "do", "args": {"payload": {"type": "cancel"}}}, "ws do cancel"),
    ],
)
def test_a_word_of_the_request_tells_the_endpoint(
    endpoint: str | None, request_: Any, wanted: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where one path has several endpoints; a request that does not tell which it is for leaves that open."""
    names = (
        *("POST /do cancel", "POST /do both", "POST /ask both", "POST /ask state", "ws do cancel"),
        *("ws stop", "ws both", "ws-linear both"),
    )
    monkeypatch.setattr(Venue, "endpoints", dict.fromkeys(names))
    venue = Venue("acme", package="acme", docs="", shared_names=SHARED, socket=SOCKET)
    assert routing.asked(venue, endpoint, request_) == wanted
    assert routing.asked(Venue("acme", package="acme", docs=""), endpoint, request_) == endpoint
