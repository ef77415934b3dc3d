"""Every sample means what its snapshot says."""

import json
from contextlib import suppress
from functools import cache
from itertools import permutations

import msgspec
import pytest

from cancelnorm import (
    CancelEvent,
    EventKind,
    Evidence,
    NotACancel,
    Outcome,
    PayloadError,
    Record,
    identify,
    normalise,
    parse,
    recognition,
    venues,
)
from cancelnorm.answer import data_of
from cancelnorm.api import HttpFailure
from cancelnorm.endpoint import Endpoint
from cancelnorm.reader.types import fields_of, structs_in
from cancelnorm.schema import OrderType, Product
from tests.batches import each_sample
from tests.samples import EXPECTED, SAMPLES, Sample
from tests.strategies import ENDPOINTS, VENUES


@each_sample
def test_sample(name: str) -> None:
    """A sample's events, notes and extras are those that were reviewed: see ``samples/README.md``."""
    expected = (EXPECTED / f"{name}.json").read_text(encoding="utf-8")
    assert SAMPLES[name].snapshot() == expected


@each_sample
def test_sample_is_strict(name: str) -> None:
    """A sample has nothing that its struct does not name, and a struct encoded again says the same."""
    sample = SAMPLES[name]
    record = sample.record()
    assert normalise(record, drift="refuse") == normalise(record)
    if sample.dialect:
        return  # its struct has integers where the payload has text
    value = parse(record)
    if not isinstance(value, HttpFailure):
        again = msgspec.json.encode(value)
        assert json.loads(again) == sample.tree()


@each_sample
def test_sample_is_identified(name: str) -> None:
    """The endpoint of a sample is among those that answer such a payload, unless a dialect hides it."""
    sample = SAMPLES[name]
    if sample.dialect:
        return
    names = identify(sample.record().payload, venue=sample.venue, status=sample.status)
    assert (sample.venue, sample.endpoint) in names


def test_a_count_of_none() -> None:
    """All orders of a scope that has none are canceled, at every venue alike; one order that is not is refused."""
    events = [event for sample in SAMPLES.values() for event in _events(sample) if event.affected_orders == 0]
    scopes = [event for event in events if event.kind is EventKind.SCOPE]
    assert {"kraken", "kraken_futures", "deribit"} <= {event.venue for event in scopes}
    assert {(event.outcome, event.evidence) for event in scopes} == {(Outcome.CANCELED, Evidence.COUNTED)}
    assert {event.outcome for event in events if event.kind is EventKind.ORDER} == {Outcome.REJECTED}


def test_a_list_of_none() -> None:
    """So are all orders of a scope of which an answer lists none."""
    events = [event for sample in SAMPLES.values() for event in _events(sample)]
    scopes = [
        event for event in events if event.kind is EventKind.SCOPE and event.evidence is Evidence.LISTED
    ]
    assert {"binance", "bingx", "coinbase_exchange", "deribit", "gate", "mexc"} <= {
        event.venue for event in scopes
    }
    assert {(event.outcome, event.reason) for event in scopes} == {(Outcome.CANCELED, None)}


def test_what_is_left_has_not_filled() -> None:
    """What is left of an order is its quantity without what filled of it; only of a reduced one it is less."""
    events = [event for sample in SAMPLES.values() for event in _events(sample)]
    whole = [
        event
        for event in events
        if None not in (event.quantity, event.filled_quantity, event.remaining_quantity)
    ]
    assert {"bybit", "coinbase_international", "gate", "mexc", "okx"} <= {event.venue for event in whole}
    differ = [event for event in whole if event.remaining_quantity != event.unfilled_quantity]
    assert {event.outcome for event in differ} == {Outcome.REDUCED}


def test_an_order_that_only_adds_liquidity_says_so() -> None:
    """``post_only`` does, at every venue; the type of such an order is its venue's."""
    events = [event for sample in SAMPLES.values() for event in _events(sample)]
    assert {event.post_only for event in events if event.order_type is OrderType.LIMIT_MAKER} == {True}
    limits = [event for event in events if event.post_only and event.order_type is OrderType.LIMIT]
    venues_of_limits = {event.venue for event in limits}
    assert venues_of_limits == {"binance", "coinbase", "coinbase_exchange", "hyperliquid", "kraken"}
    assert Product.SPOT not in {event.product for event in limits if event.venue == "binance"}


def _events(sample: Sample) -> tuple[CancelEvent, ...]:
    return normalise(sample.record()).events


def alike() -> list[list[Endpoint]]:
    """The endpoints, those of a venue together that read alike: if one refuses a payload, each of them does."""
    found: dict[tuple[object, ...], list[Endpoint]] = {}
    for endpoint in ENDPOINTS:
        reading = (endpoint.venue, endpoint.shape.node, endpoint.skip, endpoint.unpack)
        found.setdefault(reading, []).append(endpoint)
    return [*found.values()]


ALIKE = alike()


def foreign(sample: Sample, venue: str) -> list[Endpoint]:
    """The endpoints of another venue that take a sample for their own."""
    groups = [group for group in ALIKE if group[0].venue == venue and takes(group[0], sample)]
    return [endpoint for group in groups for endpoint in group if takes(endpoint, sample)]


def takes(endpoint: Endpoint, sample: Sample) -> bool:
    """Whether an endpoint reads a sample as its own answer."""
    with suppress(PayloadError, NotACancel):
        record = sample.record()
        normalise(msgspec.structs.replace(record, venue=endpoint.venue, endpoint=endpoint.name, status=None))
        return True
    return False


def is_bare(sample: Sample) -> bool:
    """Whether a payload is nothing but a code, a text and a time, an error of a connection, or texts, or no rows."""
    value = sample.tree()
    if not isinstance(value, dict):
        return recognition.says_little(msgspec.json.encode(value))
    bare = {"code", "msg", "message", "event", "id", "connId", "timestamp"}
    return value.get("data") == [] or value.keys() <= bare


@cache
def is_acknowledged_barely(endpoint: Endpoint) -> bool:
    """Whether an endpoint answers with a success code and a text or a flag, and nothing else."""
    for said in (
        *(f'"code":{code},"msg":"success"' for code in ("0", '"0"', '"200"')),
        '"success":true,"code":0',
    ):
        payload = f"{{{said}}}".encode()
        with suppress(PayloadError, NotACancel):
            result = normalise(Record(payload, endpoint.venue, endpoint.name))
            if all(event.outcome is Outcome.PENDING for event in result.events):
                return True
    return False


@cache
def is_refused_barely(endpoint: Endpoint) -> bool:
    """Whether an endpoint refuses with a code and a text or a flag, whatever the code, and nothing else."""
    return any(
        all(is_refused(endpoint, f'{{"code":{code},{said}}}', code) for code in (-1, 1, 100_000))
        for said in ('"msg":"refused"', '"message":"refused"', '"success":false')
    )


def is_refused(endpoint: Endpoint, payload: str, code: int) -> bool:
    """Whether a payload is a refusal with a code at an endpoint."""
    try:
        result = normalise(Record(payload, endpoint.venue, endpoint.name))
    except (PayloadError, NotACancel):
        return False
    return all(event.code == str(code) for event in result.events)


def is_told_by_one_key(endpoint: Endpoint, sample: Sample) -> bool:
    """Whether what an endpoint takes a sample for needs one key alone, as an id or a text."""
    read, _ = endpoint.shape.explain(
        data_of(sample.record()), refuse=False, quoted=sample.dialect is not None
    )
    row = read[0] if isinstance(read, list) and read else read
    return isinstance(row, msgspec.Struct) and sum(each.required for each in fields_of(type(row))) == 1


def is_refusal(sample: Sample) -> bool:
    """Whether a payload has a code and a text."""
    value = sample.tree()
    return (
        isinstance(value, dict)
        and isinstance(value.get("code"), int)
        and isinstance(value.get("msg", value.get("message")), str)
    )


def is_copied(sample: Sample, endpoint: Endpoint) -> bool:
    """Whether another venue's endpoint needs just the keys that one of the sample's own venue needs, as a copy does.

    Or just those that the sample has.
    """
    value = sample.tree()
    row = value[0] if isinstance(value, list) and value else value
    keys = frozenset(row if isinstance(row, dict) else ())
    own = {
        struct.required
        for each in venues.every()[sample.venue].endpoints.values()
        for struct in structs_in(each.shape.node)
    }
    others = structs_in(endpoint.shape.node)
    return any(
        len(each.required) > _FEW and each.required <= keys and each.required in own | {keys}
        for each in others
    )


_FEW = 8  # keys that two venues may need without having copied anything


@pytest.mark.parametrize(("venue", "other"), [*permutations(VENUES, 2)])
def test_samples_are_of_their_venue_alone(venue: str, other: str) -> None:
    """No other venue reads an answer as its own, not even with additions.

    But for what is the same: ``{code, msg}``, also with ``message``, or with ``event`` and an id where it is an error
    of a connection; ``[]``, also as ``data``; an array of texts; and the futures events of BingX, a copy of Binance's.
    An endpoint that acknowledges or refuses with a code and a text alone takes whatever comes beside them for an
    addition, and where one venue has copied an object from another, key for key, each takes the other's. So does one
    that needs a single key.
    """
    taken = {
        name: [
            f"{endpoint.venue} {endpoint.name}"
            for endpoint in foreign(sample, other)
            if not is_acknowledged_barely(endpoint)
            and not (is_refusal(sample) and is_refused_barely(endpoint))
            and not is_copied(sample, endpoint)
            and not is_told_by_one_key(endpoint, sample)
        ]
        for name, sample in SAMPLES.items()
        if sample.venue == venue
    }
    found = {name: names for name, names in taken.items() if names}
    assert not {
        name: names
        for name, names in found.items()
        if b'"e"' not in bytes(SAMPLES[name].payload) and not is_bare(SAMPLES[name])
    }


def test_every_endpoint_has_a_sample_and_every_sample_an_endpoint() -> None:
    """No endpoint is declared that no sample shows, and no sample is of an endpoint that is not declared."""
    endpoints = {(endpoint.venue, endpoint.name) for endpoint in ENDPOINTS}
    assert {(sample.venue, sample.endpoint) for sample in SAMPLES.values()} == endpoints


def test_every_sample_has_a_snapshot_and_every_snapshot_a_sample() -> None:
    """Nothing is left of a sample that was renamed or removed."""
    found = {path.relative_to(EXPECTED).with_suffix("").as_posix() for path in EXPECTED.glob("*/*.json")}
    assert found == set(SAMPLES)


def test_samples_say_where_they_come_from() -> None:
    """A sample names the page or the recording it is from, and lies with its venue."""
    for name, sample in SAMPLES.items():
        assert sample.docs
        assert sample.about
        assert name.startswith(f"{sample.venue}/")


def test_samples_hold_no_secrets() -> None:
    """No sample has a field that a key or a signature would be in."""
    for sample in SAMPLES.values():
        text = msgspec.json.encode(sample).lower()
        assert not any(word in text for word in (b'"apikey"', b'"signature"', b'"listenkey"'))
