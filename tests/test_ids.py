"""Ids of records, events and orders."""

import json
import os
import subprocess
import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from cancelnorm import CancelEvent, EventKind, Record, event_ids, normalise, order_key, venues
from cancelnorm.endpoint import Endpoint
from cancelnorm.ids import _canonical, _plain, is_masked, record_digest
from cancelnorm.story import fold
from tests.batches import in_batches, venue_of

CANCEL = "DELETE /api/v3/order"
REFUSED = Record(
    b'{"code":-2011,"msg":"Unknown order sent."}',
    "binance",
    CANCEL,
    400,
    {"symbol": "LTCBTC", "orderId": 4},
    1684804350053796089,
    1684804350099377205,
    "day.jsonl:1",
)
ALL = "DELETE /api/v3/openOrders"


def test_event_ids() -> None:
    """An id is the digest of the record and the position of the event, and never changes."""
    [found] = event_ids(REFUSED, normalise(REFUSED))
    assert found.hex() == "c0983d2e0b981d7b8ea2082700000000"
    assert found == record_digest(REFUSED, CANCEL) + bytes(4)


def test_events_of_a_record_share_its_digest() -> None:
    """Their ids differ by position, and sort as the events do."""
    order = (
        b'{"symbol":"LTCBTC","origClientOrderId":"a","orderId":%d,"clientOrderId":"b","price":"2",'
        b'"origQty":"1","executedQty":"0","cummulativeQuoteQty":"0","status":"CANCELED","timeInForce":"GTC",'
        b'"type":"LIMIT","side":"BUY"}'
    )
    record = Record(b"[%b]" % b",".join(order % i for i in range(300)), "binance", ALL)
    ids = event_ids(record, normalise(record))
    assert {(found[:12], len(found)) for found in ids} == {(record_digest(record, ALL), 16)}
    assert list(ids) == sorted(set(ids))


@pytest.mark.parametrize(
    "facts",
    [
        {"payload": b'{"code":-2011,"msg":"Unknown order sent. "}'},
        {"status": 200},
        {"status": None},
        {"request": None},
        {"request": {"symbol": "LTCBTC", "orderId": 5}},
        {"request": [{"symbol": "LTCBTC", "orderId": 4}]},
        {"sent_ns": None},
        {"received_ns": None},
        {"sent_ns": REFUSED.received_ns, "received_ns": REFUSED.sent_ns},
        {"venue": "bybit"},
        {"account": "alpha"},
    ],
)
def test_what_tells_records_apart(facts: dict[str, Any]) -> None:
    """Each part of a record counts, and where it stands."""
    assert record_digest(replace(REFUSED, **facts), CANCEL) != record_digest(REFUSED, CANCEL)


def test_accounts_tell_records_apart() -> None:
    """Equal answers to two accounts are two answers, so that loading the second leaves no row out."""
    for record in (REFUSED, Record("[]", "binance", ALL)):
        records = [replace(record, account=account) for account in (None, "", "a", "b", "\ud800")]
        assert len({event_ids(one, normalise(one)) for one in records}) == len(records)


def test_endpoint_tells_records_apart() -> None:
    """The same answer means something else at another endpoint."""
    assert record_digest(REFUSED, ALL) != record_digest(REFUSED, CANCEL)


@pytest.mark.parametrize(
    "facts",
    [
        {"source": "other.jsonl:7"},
        {"venue": "Binance-Spot"},
        {"endpoint": None},
        {"payload": '{"code":-2011,"msg":"Unknown order sent."}'},
        {"request": {"orderId": 4, "symbol": "LTCBTC"}},
        {"secrets": ("request.signature",)},
    ],
)
def test_what_does_not_matter(facts: dict[str, Any]) -> None:
    """Where a record was read from, and how its parts are spelled, does not count."""
    assert record_digest(replace(REFUSED, **facts), CANCEL) == record_digest(REFUSED, CANCEL)


def test_parameters_in_a_url_are_those_of_the_request() -> None:
    """One request has one id, whether its parameters stand in the name of the endpoint or not; secrets do not count."""
    asked = replace(REFUSED, request={"symbol": "LTCBTC", "orderId": "4"})
    url = "DELETE https://api.binance.com/api/v3/order?symbol=LTCBTC&orderId=4"
    assert event_ids(replace(asked, endpoint=url, request=None), normalise(asked)) == event_ids(
        asked, normalise(asked)
    )
    signed = [
        replace(asked, endpoint=f"{url}&signature={sign * 32}", request=None)
        for sign in ("planted1", "planted2")
    ]
    assert record_digest(signed[0], CANCEL) == record_digest(signed[1], CANCEL)
    assert "planted" not in repr(venues.placed(signed[0]).request)


def test_ids_are_the_same_in_every_process() -> None:
    """Neither ids nor keys depend on the seed of Python's hashes."""
    code = "from tests.test_ids import *; print(record_digest(REFUSED, CANCEL).hex(), order_key(event()))"
    ran = [
        subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            text=True,
            check=True,
            env={**os.environ, "PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2")
    ]
    assert ran == [f"{record_digest(REFUSED, CANCEL).hex()} {order_key(event())}\n"] * 2


parameters = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(), st.decimals(allow_nan=False)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(), inner, max_size=3)),
    max_leaves=6,
)


@given(
    st.one_of(st.none(), st.dictionaries(st.text(), parameters, max_size=4)),
    st.one_of(st.binary(max_size=30), st.text(max_size=30)),
    st.text(max_size=5),
)
def test_any_record_has_a_digest(request: dict[str, Any] | None, payload: bytes | str, venue: str) -> None:
    """Whatever a record holds, it has a digest, also one that is refused."""
    record = Record(payload, venue, request=request)
    assert len(record_digest(record, "?")) == 12
    assert record_digest(record, "?") == record_digest(record, "?")


@given(
    st.dictionaries(
        st.text(max_size=5),
        st.one_of(
            st.none(),
            st.booleans(),
            st.integers(),
            st.text(max_size=8),
            st.sampled_from(["\x7f", "\\", '"', "/", "\n", "\ud800", "é"]),
        ),
        max_size=5,
    )
)
def test_parameters_are_written_as_the_standard_library_writes_them(request: dict[str, Any]) -> None:
    """The digest does not depend on who writes the JSON, as what was hashed once must not change."""
    expected = json.dumps(_plain(request), sort_keys=True, separators=(",", ":")).encode()
    assert _canonical(request) == expected


# --- Orders ---


def event(**facts: Any) -> CancelEvent:
    """An event about an order, with other facts."""
    base = CancelEvent("binance", None, CANCEL, EventKind.ORDER, symbol="LTCBTC", order_id="4")
    return replace(base, **facts)


def test_order_key() -> None:
    """An order is known by the space of its id, by symbol where ids are unique in one only."""
    assert order_key(event()) == "binance:spot|LTCBTC|4"
    assert order_key(event(symbol=None)) == "binance:spot||4"


def test_an_answer_and_a_stream_mean_the_same_order() -> None:
    """The key does not name the endpoint, nor the product, which a stream may not know."""
    reply = event(endpoint="ws order.cancel", product=None, source="a:1")
    assert order_key(reply) == order_key(event())


@pytest.mark.parametrize("facts", [{"order_id": None}, {"endpoint": "DELETE /nope"}, {"venue": "nowhere"}])
def test_no_order_key(facts: dict[str, Any]) -> None:
    """An event without order id, or from an endpoint that is not known here, has none."""
    assert order_key(event(**facts)) is None


@given(
    st.text("xX*-<>[]({}) redactfilhmvo12", min_size=1, max_size=12)
    | st.sampled_from(["[redacted]", "Masked", "2893****5104", "***"])
)
def test_an_id_is_a_key_where_it_is_one_of_a_story(order_id: str) -> None:
    """A masked id may be that of any order, so it joins no rows, and tells no story."""
    named = event(order_id=order_id)
    known = [key.order_id for key in fold([named])] == [order_id]
    assert known is not is_masked(order_id)
    assert order_key(named) == (f"binance:spot|LTCBTC|{order_id}" if known else None)


ENDPOINTS = [endpoint for venue in venues.every().values() for endpoint in venue.endpoints.values()]


@in_batches({f"{e.venue}/{e.name}": e for e in ENDPOINTS}, venue_of)
def test_every_endpoint_says_where_its_ids_are_unique(endpoint: Endpoint) -> None:
    """A space is named in one word, by which orders of several endpoints meet."""
    key = order_key(event(venue=endpoint.venue, endpoint=endpoint.name))
    assert key == f"{endpoint.ids.name}|{'LTCBTC' if endpoint.ids.by_symbol else ''}|4"
    assert "|" not in endpoint.ids.name
    assert endpoint.ids.name == endpoint.ids.name.strip().casefold()


@pytest.mark.parametrize(
    "request_",
    [{1: "a", "b": 2}, {"orderId": 10**5_000}, {"a": object}, [{"orderId": 1}, {"b": [None, 1.5]}]],
)
def test_any_request_has_a_digest(request_: Any) -> None:
    """Parameters that no venue would take do not stop an id from being made, and change it."""
    asked = replace(REFUSED, request=request_)
    assert len(record_digest(asked, CANCEL)) == 12
    assert record_digest(asked, CANCEL) != record_digest(REFUSED, CANCEL)
